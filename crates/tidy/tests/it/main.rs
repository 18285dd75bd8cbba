//! The checks of this crate on the repository itself. Only this file reads it.

use std::path::{Path, PathBuf};
use std::process::Command;

use mingbai_tidy::lines::{self, Exception};
use mingbai_tidy::{Breach, Source, apart, layers, pages, words};

/// What is too long today. This list may only shrink.
const TOO_LONG: &[Exception] = &[];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output();
    let output = output.unwrap_or_else(|e| panic!("{program} cannot be started: {e}"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Files of the working tree that end in one of `endings`; build output and installed packages are left out.
fn files(endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root(), "", endings, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no file ends in {endings:?}: the check would check nothing");
    found
}

fn collect(folder: &Path, shown: &str, endings: &[&str], found: &mut Vec<Source>) {
    const SKIPPED: [&str; 5] = ["target", ".git", "node_modules", "vendor", "mingbai-demo"];
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if shown.is_empty() { name.clone() } else { format!("{shown}/{name}") };
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            if !SKIPPED.contains(&name.as_str()) {
                collect(&entry.path(), &path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending))
            && let Ok(text) = std::fs::read_to_string(entry.path())
        {
            found.push(Source { path, text });
        }
    }
}

fn one(path: &str) -> Source {
    let text = std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    Source { path: path.to_owned(), text }
}

fn none(breaches: Vec<Breach>) {
    let told: Vec<String> = breaches.iter().map(Breach::to_string).collect();
    assert!(told.is_empty(), "{} breaches:\n{}", told.len(), told.join("\n"));
}

#[test]
fn layers_hold() {
    let cargo =
        std::env::var_os("CARGO").map_or_else(|| "cargo".into(), |path| path.to_string_lossy().into_owned());
    // Only this machine's platform: the crates of other platforms need not have been downloaded.
    let version = run(&cargo, &["--version", "--verbose"]);
    let host =
        version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or("x86_64-unknown-linux-gnu");
    let metadata = run(&cargo, &["metadata", "--format-version", "1", "--locked", "--filter-platform", host]);
    none(layers::check(&metadata, layers::TABLE).unwrap_or_else(|e| panic!("cargo metadata: {e}")));
}

/// Law 11: nobody is punished for complaining.
#[test]
fn complaints_cannot_be_reached_from_what_decides_about_a_loan() {
    let all: Vec<Source> = files(&[".rs"]).into_iter().filter(|f| !lines::is_test_path(&f.path)).collect();
    none(apart::complaints(&all));
    // What is guarded must exist: a folder that was renamed would be guarded no more, and nobody would notice.
    for guarded in apart::GUARDED {
        assert!(all.iter().any(|f| f.path.starts_with(guarded)), "no file begins with {guarded}");
    }
    // And the check must be able to fail: one file of pricing that looks at complaints is found, each way in which it can.
    for line in [
        "use crate::trust::complaint::Complaint;",
        "fn price(log: &dyn Log) { log.complaints(filter); }",
        "fn price(log: &dyn Log) { log.streams(\"complaint/\", 9); }",
    ] {
        let mut poisoned = all.clone();
        let price = poisoned.iter_mut().find(|f| f.path == "crates/core/src/borrow/afford.rs");
        price.unwrap_or_else(|| panic!("afford.rs is gone")).text.push_str(line);
        assert_eq!(apart::complaints(&poisoned).len(), 1, "{line}");
        let mut poisoned = all.clone();
        let judge = poisoned.iter_mut().find(|f| f.path == "crates/desk/src/trust/ring/judge.rs");
        judge.unwrap_or_else(|| panic!("judge.rs is gone")).text.push_str(line);
        assert_eq!(apart::complaints(&poisoned).len(), 1, "rings: {line}");
    }
}

#[test]
fn files_and_functions_are_small() {
    none(lines::sizes(&files(&[".rs"]), TOO_LONG));
}

#[test]
fn every_file_says_what_it_is_for() {
    none(lines::first_sentence(&files(&[".rs"])));
}

#[test]
fn forbidden_calls_are_absent() {
    none(lines::forbidden_calls(&files(&[".rs"])));
}

#[test]
fn nothing_points_to_one_machine() {
    none(lines::private_paths(&files(&[
        ".rs", ".md", ".toml", ".html", ".css", ".js", ".mjs", ".typ", ".sql", ".json",
    ])));
}

#[test]
fn colours_live_in_the_tokens() {
    let own = |f: &Source| f.path.starts_with("crates/web/");
    none(pages::colours(&files(&[".css", ".html", ".js"]).into_iter().filter(own).collect::<Vec<_>>()));
}

#[test]
fn both_languages_are_complete() {
    none(words::languages(&files(&[".ftl"])));
}

#[test]
fn every_word_is_asked_for_by_a_page() {
    let own = |f: &Source| f.path.starts_with("crates/web/") && !f.path.contains("/tests/");
    let users: Vec<Source> = files(&[".rs", ".html"]).into_iter().filter(own).collect();
    none(words::unused(&files(&[".ftl"]), &users));
}

#[test]
fn the_glossary_is_paired() {
    none(words::glossary(&one("GLOSSARY.md")));
}

#[test]
fn the_commands_of_the_readme_exist_and_ci_runs_the_test_command() {
    let readme = one("README.md");
    let help = one("crates/cli/tests/it/snapshots/it__frame__help.snap").text;
    let scripts =
        ["scripts/test", ".ci/run"].into_iter().filter(|s| root().join(s).is_file()).map(str::to_owned);
    none(words::runnable(&readme, &scripts.collect::<Vec<_>>(), &help));
    let tests = words::commands(&readme.text).into_iter().any(|(_, command)| command == "./scripts/test");
    assert!(tests, "README.md does not name ./scripts/test");
    assert!(one(".ci/run").text.contains("scripts/test"), ".ci/run does not run the README's test command");
}
