//! Law 11: what decides about a loan – price, affordability, screening, rings, the journey itself – cannot see that somebody
//! complained. Rules of the pure crates must not reach the modules of complaints by any path of `use`; use cases about loans must not
//! name anything of complaints, nor read their streams.

use std::collections::{BTreeMap, BTreeSet};

use crate::lexer::code_only;
use crate::{Breach, Source};

/// What may not know complaints. The cost engine, rings and scam texts are crates of their own and use nothing of the house above.
pub const GUARDED: [&str; 8] = [
    "crates/cost/src/",
    "crates/rings/src/",
    "crates/scam/src/",
    "crates/core/src/borrow/",
    "crates/core/src/trust/ring/",
    "crates/desk/src/borrow/",
    "crates/desk/src/product",
    "crates/desk/src/trust/ring/",
];

/// The pure rules, where paths are followed to the end.
const RULES: &str = "crates/core/src/";
/// Their module that nothing guarded may reach.
const FORBIDDEN: &str = "trust";
/// The name of a telephone number, which says nothing about anybody.
const HARMLESS: [&str; 1] = ["complaint_phone"];

/// Every place where something guarded names or reaches complaints.
#[must_use]
pub fn complaints(files: &[Source]) -> Vec<Breach> {
    let guarded = |file: &&Source| GUARDED.iter().any(|start| file.path.starts_with(start));
    let mut breaches: Vec<Breach> = files.iter().filter(guarded).flat_map(named).collect();
    let uses = modules(files);
    let mut open: Vec<(String, String)> = uses
        .keys()
        .filter(|name| name.as_str() == "borrow" || name.starts_with("borrow::"))
        .map(|name| (name.clone(), name.clone()))
        .collect();
    let mut seen: BTreeSet<String> = open.iter().map(|(name, _)| name.clone()).collect();
    while let Some((name, way)) = open.pop() {
        for next in uses.get(&name).into_iter().flatten() {
            let way = format!("{way} → {next}");
            if next.split("::").next() == Some(FORBIDDEN) {
                // A guarded file that names it directly was found above.
                if next == FORBIDDEN && !name.starts_with("borrow") {
                    breaches.push(Breach::at(
                        RULES,
                        0,
                        format!("a rule about loans reaches complaints: {way}"),
                    ));
                }
            } else if seen.insert(next.clone()) {
                open.push((next.clone(), way));
            }
        }
    }
    breaches
}

/// Names of complaints in code, and their streams in texts; one breach for each line.
fn named(file: &Source) -> Vec<Breach> {
    let code = code_only(&file.text);
    let lines = code.lines().zip(file.text.lines()).enumerate();
    let bad = lines.filter(|(_, (code, whole))| {
        let names = code.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let named = names
            .filter(|name| !HARMLESS.contains(name))
            .any(|name| name.to_ascii_lowercase().contains("complaint"));
        named || whole.contains("\"complaint/") || whole.contains("complaint_row")
    });
    bad.map(|(line, _)| {
        Breach::at(&file.path, line + 1, "what decides about a loan must not know complaints (law 11)")
    })
    .collect()
}

/// Which module of the rules names which other, by `crate::` and `super::`.
fn modules(files: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.starts_with(RULES)) {
        let name = module_of(&file.path);
        // The crate's root declares every module and uses none.
        if name.is_empty() {
            continue;
        }
        let code = code_only(&file.text);
        let found: &mut BTreeSet<String> = all.entry(name.clone()).or_default();
        for (start, _) in code.match_indices("crate::") {
            found.extend(paths(&code[start + 7..], ""));
        }
        let parent = name.rsplit_once("::").map_or("", |(parent, _)| parent);
        for (start, _) in code.match_indices("super::") {
            found.extend(paths(&code[start + 7..], parent));
        }
    }
    all
}

fn module_of(path: &str) -> String {
    let inner = path.trim_start_matches(RULES).trim_end_matches(".rs").trim_end_matches("/mod");
    if inner == "lib" { String::new() } else { inner.replace('/', "::") }
}

/// Every beginning of the path that stands here: `a::b::C` may mean the module `a`, `a::b` or something in it.
fn paths(code: &str, before: &str) -> Vec<String> {
    let path: String = code.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
    let mut whole = before.to_owned();
    let mut found = Vec::new();
    for part in path.split("::").filter(|part| !part.is_empty()) {
        if !whole.is_empty() {
            whole.push_str("::");
        }
        whole.push_str(part);
        found.push(whole.clone());
    }
    // `use crate::{a, b};` names several; each is looked at by itself.
    if let Some(list) = code.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        found.extend(list.0.split(',').flat_map(|one| paths(one.trim(), before)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_way_around_over_another_module_is_found() {
        let files = [
            file("crates/core/src/lib.rs", "pub mod borrow; pub mod helper; pub mod trust;"),
            file("crates/core/src/borrow/afford.rs", "use crate::{text, helper};"),
            file("crates/core/src/helper.rs", "use crate::trust::history;"),
        ];
        let told: Vec<String> = complaints(&files).iter().map(Breach::to_string).collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("borrow::afford → helper → trust"), "{told:?}");
        assert!(complaints(&files[..2]).is_empty());
    }

    #[test]
    fn comments_and_the_telephone_are_free_and_streams_are_not() {
        let good = file("crates/desk/src/borrow/a.rs", "// complaints\nlet a = s.complaint_phone;");
        assert!(complaints(&[good]).is_empty());
        let bad =
            file("crates/desk/src/borrow/a.rs", "let id = \"complaint/x\";\nlet ComplaintRow { .. } = r;");
        assert_eq!(complaints(&[bad]).len(), 2);
    }
}
