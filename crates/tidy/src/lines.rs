//! Rules about single Rust files: sizes, the first sentence, forbidden calls.

use crate::lexer::{code_only, functions};
use crate::{Breach, Source};

/// Most lines of a source file.
pub const FILE_LINES: usize = 500;
/// Most lines of a function.
pub const FUNCTION_LINES: usize = 70;

/// A file or function that is larger than allowed, with the size that it may not exceed. The list may only shrink.
pub struct Exception {
    /// Path, or `path::function`.
    pub place: &'static str,
    /// Most lines.
    pub lines: usize,
}

/// Files and functions longer than the limits, and exceptions that are no longer needed.
#[must_use]
pub fn sizes(files: &[Source], exceptions: &[Exception]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut needed = vec![false; exceptions.len()];
    let mut judge = |place: String, line: usize, lines: usize, limit: usize| {
        if lines <= limit {
            return;
        }
        match exceptions.iter().position(|e| e.place == place) {
            Some(i) if lines <= exceptions[i].lines => needed[i] = true,
            _ => breaches.push(Breach::at(
                &place,
                line,
                format!("{lines} lines, at most {limit}: split it, one idea each"),
            )),
        }
    };
    for file in files {
        judge(file.path.clone(), 0, file.text.lines().count(), FILE_LINES);
        for function in functions(&file.text) {
            judge(
                format!("{}::{}", file.path, function.name),
                function.line,
                function.length,
                FUNCTION_LINES,
            );
        }
    }
    let spare = exceptions.iter().zip(&needed).filter(|(_, needed)| !**needed);
    breaches.extend(
        spare.map(|(e, _)| Breach::at(e.place, 0, "the exception is no longer needed: take it off the list")),
    );
    breaches
}

/// Files that do not start with `//!`.
#[must_use]
pub fn first_sentence(files: &[Source]) -> Vec<Breach> {
    let silent = |file: &&Source| !file.text.trim_start().starts_with("//!");
    let told = |file: &Source| Breach::at(&file.path, 1, "must start with //! and say what it is for");
    files.iter().filter(silent).map(told).collect()
}

/// Whether a path holds only tests, benches or examples.
#[must_use]
pub fn is_test_path(path: &str) -> bool {
    ["/tests/", "/benches/", "/examples/"].iter().any(|part| path.contains(part))
        || path.ends_with("_tests.rs")
        || path.ends_with("/tests.rs")
        || path.starts_with("fuzz/")
}

/// Code of a file without its `#[cfg(test)]` module, which stands last.
fn shipped(file: &Source) -> String {
    let code = code_only(&file.text);
    match code.find("#[cfg(test)]") {
        Some(end) => code[..end].to_owned(),
        None => code,
    }
}

/// Calls that shipped code must not contain.
#[must_use]
pub fn forbidden_calls(files: &[Source]) -> Vec<Breach> {
    const CALLS: [(&str, &str); 6] = [
        (".unwrap()", "handle the case, or return an error that says what to do"),
        ("AssertSqlSafe", "SQL is static text: write the statement out"),
        ("todo!(", "a stub is not done"),
        ("unimplemented!(", "a stub is not done"),
        ("dbg!(", "left over from debugging"),
        ("#[allow(", "use #[expect(…, reason = …)]"),
    ];
    let mut breaches = Vec::new();
    for file in files.iter().filter(|f| !is_test_path(&f.path)) {
        for (i, line) in shipped(file).lines().enumerate() {
            let hits = CALLS.iter().filter(|(call, _)| line.contains(call));
            breaches
                .extend(hits.map(|(call, why)| Breach::at(&file.path, i + 1, format!("{call} … : {why}"))));
        }
    }
    breaches
}

/// Paths of somebody's own machine, which no other machine has.
#[must_use]
pub fn private_paths(files: &[Source]) -> Vec<Breach> {
    let own = [concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/Use", "rs/"), concat!("/ro", "ot/")];
    let mut breaches = Vec::new();
    for file in files {
        for (i, line) in file.text.lines().enumerate() {
            let alone =
                |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-/{}".contains(c));
            let hit = own.iter().find(|path| line.match_indices(**path).any(|(at, _)| alone(at)));
            breaches.extend(
                hit.map(|path| Breach::at(&file.path, i + 1, format!("{path}… exists on one machine only"))),
            );
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn long_things_are_found_and_exceptions_shrink() {
        let long = file("a.rs", &"//\n".repeat(501));
        let tall = file("b.rs", &format!("fn tall() {{\n{}}}\n", "x;\n".repeat(70)));
        let exception = |lines| [Exception { place: "b.rs::tall", lines }];
        assert_eq!(sizes(std::slice::from_ref(&long), &[]).len(), 1);
        assert_eq!(sizes(std::slice::from_ref(&tall), &[]).len(), 1);
        assert_eq!(sizes(std::slice::from_ref(&tall), &exception(72)), []);
        assert_eq!(sizes(std::slice::from_ref(&tall), &exception(71)).len(), 2);
        assert_eq!(sizes(&[], &exception(72)).len(), 1);
    }

    #[test]
    fn calls_are_forbidden_in_shipped_code_only() {
        let text =
            "//! x\nfn a() { b.unwrap() } // .unwrap()\n#[cfg(test)]\nmod tests { fn c() { d.unwrap() } }\n";
        assert_eq!(forbidden_calls(&[file("crates/x/src/a.rs", text)]).len(), 1);
        assert_eq!(forbidden_calls(&[file("crates/x/tests/it/a.rs", text)]), []);
    }

    #[test]
    fn a_machine_of_ones_own_is_found() {
        let path = concat!("see /ho", "me/me/x");
        assert_eq!(private_paths(&[file("a.md", path)]).len(), 1);
        assert_eq!(private_paths(&[file("a.md", concat!("https://example.org/ho", "me/x"))]), []);
    }

    #[test]
    fn a_file_says_what_it_is_for() {
        assert_eq!(first_sentence(&[file("a.rs", "use x;"), file("b.rs", "//! b")]).len(), 1);
    }
}
