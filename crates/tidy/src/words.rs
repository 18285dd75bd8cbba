//! Both languages complete, glossary in pairs, and commands in documents that really exist.

use std::collections::BTreeSet;

use crate::{Breach, Source};

/// The folder names of the two languages.
const TWINS: (&str, &str) = ("zh-CN", "en");

/// Fluent files whose twin is missing, or whose keys differ from the twin's, or whose text is empty.
#[must_use]
pub fn languages(files: &[Source]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (here, there) in [(TWINS.0, TWINS.1), (TWINS.1, TWINS.0)] {
        for file in files.iter().filter(|f| in_language(&f.path, here)) {
            let twin_path = twin(&file.path, here, there);
            let Some(twin) = files.iter().find(|f| f.path == twin_path) else {
                breaches.push(Breach::at(&file.path, 0, format!("{twin_path} is missing")));
                continue;
            };
            let theirs: BTreeSet<String> = keys(&twin.text).into_iter().map(|(_, key, _)| key).collect();
            for (line, key, filled) in keys(&file.text) {
                if !theirs.contains(&key) {
                    breaches.push(Breach::at(&file.path, line, format!("{key} is missing in {twin_path}")));
                }
                if !filled {
                    breaches.push(Breach::at(&file.path, line, format!("{key} says nothing")));
                }
            }
        }
    }
    breaches
}

fn in_language(path: &str, language: &str) -> bool {
    path.ends_with(".ftl") && path.split(['/', '.']).any(|part| part == language)
}

fn twin(path: &str, here: &str, there: &str) -> String {
    path.replace(&format!("/{here}/"), &format!("/{there}/"))
        .replace(&format!("/{here}."), &format!("/{there}."))
}

/// Messages of a Fluent file: line, key, and whether there is any text or attribute.
fn keys(text: &str) -> Vec<(usize, String, bool)> {
    let lines: Vec<&str> = text.lines().collect();
    let starts = |line: &str| line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
    let message = |(i, line): (usize, &&str)| {
        let (key, value) = line.split_once('=').filter(|_| starts(line))?;
        let continued = lines.get(i + 1).is_some_and(|next| next.starts_with(' ') && !next.trim().is_empty());
        Some((i + 1, key.trim().to_owned(), !value.trim().is_empty() || continued))
    };
    lines.iter().enumerate().filter_map(message).collect()
}

/// Messages that no page asks for. A page asks by naming the whole key in quotes, or its beginning in a format string such as
/// `"consent-{key}"`.
#[must_use]
pub fn unused(files: &[Source], users: &[Source]) -> Vec<Breach> {
    let mut whole = BTreeSet::new();
    let mut beginnings = BTreeSet::new();
    for part in users.iter().flat_map(|user| user.text.split('"')) {
        match part.split_once('{') {
            Some((beginning, _)) if beginning.ends_with('-') => {
                beginnings.insert(beginning);
            }
            _ => {
                whole.insert(part);
            }
        }
    }
    let asked = |key: &str| whole.contains(key) || beginnings.iter().any(|b| key.starts_with(b));
    let mut breaches = Vec::new();
    for file in files {
        for (line, key, _) in keys(&file.text).into_iter().filter(|(_, key, _)| !asked(key)) {
            breaches.push(Breach::at(&file.path, line, format!("no page asks for {key}")));
        }
    }
    breaches
}

/// Rows of the glossary whose first two cells are not Chinese and English.
#[must_use]
pub fn glossary(file: &Source) -> Vec<Breach> {
    let han = |s: &str| s.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let latin = |s: &str| s.chars().any(|c| c.is_ascii_alphabetic());
    let mut breaches = Vec::new();
    let mut rows = 0;
    for (i, line) in file.text.lines().enumerate().filter(|(_, line)| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let rule = cells.iter().all(|cell| cell.chars().all(|c| "-: ".contains(c)));
        rows += usize::from(!rule);
        let paired = cells.len() >= 2 && han(cells[0]) && latin(cells[1]);
        if !rule && !paired {
            breaches.push(Breach::at(
                &file.path,
                i + 1,
                "a row needs the Chinese word first and the English word second",
            ));
        }
    }
    if rows < 2 {
        breaches.push(Breach::at(&file.path, 0, "the glossary has no table"));
    }
    breaches
}

/// Commands in fenced `sh` blocks.
#[must_use]
pub fn commands(document: &str) -> Vec<(usize, String)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (i, line) in document.lines().enumerate() {
        let trimmed = line.trim();
        if let Some(name) = trimmed.strip_prefix("```") {
            inside = !inside && ["sh", "bash", "console", "shell"].contains(&name.trim());
        } else if inside && !trimmed.is_empty() && !trimmed.starts_with('#') {
            found.push((i + 1, trimmed.trim_start_matches("$ ").to_owned()));
        }
    }
    found
}

/// Commands of a document that cannot be run: a script that is not there, a sub-command that the help does not list.
#[must_use]
pub fn runnable(file: &Source, scripts: &[String], help: &str) -> Vec<Breach> {
    let listed = |command: &str| help.lines().any(|line| line.split_whitespace().next() == Some(command));
    let mut breaches = Vec::new();
    for (line, command) in commands(&file.text) {
        let words: Vec<&str> = command.split_whitespace().collect();
        let script = words
            .iter()
            .find_map(|word| word.strip_prefix("./").or(word.strip_prefix("scripts/").map(|_| *word)));
        if let Some(script) = script.filter(|s| s.starts_with("scripts/") || s.starts_with(".ci/"))
            && !scripts.iter().any(|known| known == script)
        {
            breaches.push(Breach::at(&file.path, line, format!("{script} does not exist")));
        }
        let after = |name: &str| {
            words.iter().position(|w| *w == name || w.ends_with(&format!("/{name}"))).map(|i| i + 1)
        };
        let sub = after("--").filter(|_| words[0] == "cargo").or(after("mingbai").filter(|i| *i == 1));
        if let Some(sub) = sub.and_then(|i| words.get(i)).filter(|sub| !sub.starts_with('-'))
            && !listed(sub)
        {
            breaches.push(Breach::at(&file.path, line, format!("mingbai has no command {sub}")));
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
    fn a_missing_word_is_found_in_either_language() {
        let zh = file("w/zh-CN/a.ftl", "# c\none = 一\ntwo =\n    二\nempty =\n\nonly = 只\n");
        let en = file("w/en/a.ftl", "one = 1\ntwo = 2\nempty = e\n");
        let told: Vec<String> = languages(&[zh, en]).iter().map(Breach::to_string).collect();
        assert_eq!(
            told,
            ["w/zh-CN/a.ftl:5: empty says nothing", "w/zh-CN/a.ftl:7: only is missing in w/en/a.ftl"]
        );
        assert_eq!(languages(&[file("w/en.ftl", "a = b")]).len(), 1);
    }

    #[test]
    fn words_that_nobody_asks_for_are_found() {
        let words = file("w/en.ftl", "one = 1\nmany-a = a\nmany-b = b\nnone = n\n");
        let user = file("a.html", "{{ f.t(\"one\") }} format!(\"many-{key}\")");
        let told: Vec<String> = unused(&[words], &[user]).iter().map(Breach::to_string).collect();
        assert_eq!(told, ["w/en.ftl:4: no page asks for none"]);
    }

    #[test]
    fn the_glossary_stands_in_pairs() {
        let good = "| 中文 | English |\n| --- | --- |\n| 本金 | principal |\n";
        assert_eq!(glossary(&file("G.md", good)), []);
        assert_eq!(glossary(&file("G.md", &format!("{good}| principal | |\n"))).len(), 1);
        assert_eq!(glossary(&file("G.md", "nothing")).len(), 1);
    }

    #[test]
    fn commands_must_exist() {
        let text = "```sh\n# note\n./scripts/test\n./scripts/gone\ncargo run -p mingbai -- demo\nmingbai fly x\n```\nmingbai no\n";
        let told: Vec<String> =
            runnable(&file("README.md", text), &["scripts/test".to_owned()], "  demo  Demo\n")
                .iter()
                .map(Breach::to_string)
                .collect();
        assert_eq!(
            told,
            ["README.md:4: scripts/gone does not exist", "README.md:6: mingbai has no command fly"]
        );
    }
}
