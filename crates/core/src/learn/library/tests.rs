//! What is shipped is whole, and what is not whole is refused with words.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;
use crate::learn::bank::{Dimension, Standing};
use crate::learn::lesson::Topic;
use crate::text::Tell as _;

fn shipped(name: &str) -> String {
    shipped::files().into_iter().find(|file| file.name == name).map(|file| file.text).unwrap_or_default()
}

fn own(name: &str, text: &str) -> Result<Library, String> {
    let file = File { name: name.to_owned(), text: text.to_owned() };
    Library::with(&[file]).map_err(|error| error.words().en)
}

#[test]
fn every_lesson_is_there_in_both_languages_with_an_easy_variant_and_sources() {
    let library = Library::shipped();
    let ids: BTreeSet<&str> = library.lessons().iter().map(|lesson| lesson.id.as_str()).collect();
    for wanted in [
        "loan-cost",
        "eight-rights",
        "credit-repair",
        "pension-investment",
        "click-farming",
        "shopping-refund",
        "ten-scams",
        "illegal-intermediary",
        "complain",
    ] {
        assert!(ids.contains(wanted), "{wanted}");
    }
    for lesson in library.lessons() {
        assert!(lesson.sources.iter().all(|source| library.source(source).is_some()), "{}", lesson.id);
        for lang in [Lang::Zh, Lang::En] {
            let told = lesson.told(lang);
            assert!(!told.full.sections.is_empty() && !told.easy.sections.is_empty());
            let size = |text: &crate::learn::text::Text| format!("{text:?}").len();
            assert!(size(&told.easy) < size(&told.full), "the easy text of {} is no shorter", lesson.id);
        }
    }
}

#[test]
fn the_bank_has_enough_of_everything_and_every_curve_is_marked_as_a_guess() {
    let library = Library::shipped();
    let keyed: Vec<&Item> =
        library.items().iter().filter(|item| matches!(item.form, Form::Keyed { .. })).collect();
    assert!(keyed.len() >= 30, "{}", keyed.len());
    // The course of consultants has questions of its own, in its lessons.
    for topic in Topic::ALL.into_iter().filter(|topic| *topic != Topic::Staff) {
        let count = keyed.iter().filter(|item| item.topic == topic).count();
        assert!(count >= 8, "{topic:?}: {count} questions; three of twelve are drawn among five");
    }
    for item in &keyed {
        let Form::Keyed { curve, .. } = &item.form else { continue };
        assert_eq!(curve.standing, Standing::Provisional, "{}: nobody has answered it yet", item.id);
    }
    let dimensions: BTreeSet<Dimension> = library.items().iter().map(|item| item.dimension).collect();
    assert_eq!(dimensions.len(), 4);
}

#[test]
fn the_list_of_files_is_the_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let mut found = BTreeSet::new();
    for folder in ["", "lessons", "items"] {
        for entry in std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type().is_ok_and(|kind| kind.is_file()) {
                found.insert(if folder.is_empty() { name } else { format!("{folder}/{name}") });
            }
        }
    }
    let listed: BTreeSet<String> = shipped::CONTENT.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(found, listed, "shipped.rs lists another set of files than content/ holds");
}

#[test]
fn an_own_file_replaces_and_the_bank_is_then_another() {
    let text =
        shipped("complain.zh-CN.md").replace("title = \"怎样投诉,多久有答复\"", "title = \"投诉指南\"");
    let library = own("complain.zh-CN.md", &text);
    let title =
        library.as_ref().ok().and_then(|l| l.lesson("complain")).map(|l| l.told(Lang::Zh).title.clone());
    assert_eq!(title.as_deref(), Some("投诉指南"), "{library:?}");
    assert_eq!(library.map(|l| l.digest()), Ok(Library::shipped().digest()));
    let items = shipped("saving.toml").replace("a = 1.2, b = 0.5", "a = 1.2, b = 0.6");
    assert!(own("saving.toml", &items).is_ok_and(|l| l.digest() != Library::shipped().digest()));
}

#[test]
fn what_does_not_fit_is_refused_with_the_file_and_the_reason() {
    let lesson = shipped("complain.zh-CN.md");
    let items = shipped("saving.toml");
    for (name, text, says) in [
        ("x.md", "nothing".to_owned(), "begins with +++"),
        ("x.md", lesson.replace("+++ easy", "+++ other"), "easy text"),
        ("x.md", lesson.replace("id = \"complain\"", "id = \"test\""), "another page"),
        ("x.md", lesson.replace("id = \"complain\"", "id = \"Com plain\""), "a-z 0-9"),
        ("x.md", lesson.replace("id = \"complain\"", "id = \"alone\""), "other language"),
        ("x.md", lesson.replace("minutes = 5", "minutes = 6"), "same in both languages"),
        ("x.md", lesson.replacen(", right = true", "", 1), "exactly one with right = true"),
        ("x.md", lesson.replace("投诉是您的权利", "<img src=x onerror=alert(1)>"), "no HTML"),
        ("x.md", lesson.replace("minutes = 5", "minutes = 5\nauthor = \"x\""), "The head cannot be read"),
        ("x.md", "x".repeat(100_000), "too large"),
        ("saving.toml", items.replace("key = 1\n", "key = 7\n"), "key is the place"),
        ("saving.toml", items.replace("a = 1.2", "a = -1.2"), "a is 0 to 10"),
        (
            "saving.toml",
            items.replace("sources = [\"gflec\"]", "sources = [\"nobody\"]"),
            "not in sources.toml",
        ),
        ("saving.toml", items.replace("dimension = \"attitude\"", "dimension = \"skill\""), "use scale"),
        ("saving.toml", items.replace("id = \"s-bond\"", "id = \"s-term\""), "stands twice"),
        (
            "saving.toml",
            items.replace("lesson = \"pension-investment\"", "lesson = \"gone\""),
            "does not exist",
        ),
        ("saving.toml", "items = 3".to_owned(), "cannot be read"),
    ] {
        let said = own(name, &text).err().unwrap_or_default();
        assert!(said.contains(says), "{says}: {said}");
    }
    let twice = File { name: "a.md".to_owned(), text: lesson };
    let both = [twice.clone(), File { name: "b.md".to_owned(), ..twice }];
    assert!(Library::with(&both).is_err_and(|error| error.file == "b.md" && error.what.en.contains("a.md")));
}
