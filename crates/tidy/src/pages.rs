//! Rules about pages and styles: colours live in the tokens file and nowhere else.

use crate::{Breach, Source};

/// Colour literals outside files named `tokens.*`.
#[must_use]
pub fn colours(files: &[Source]) -> Vec<Breach> {
    const FUNCTIONS: [&str; 6] = ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab("];
    let mut breaches = Vec::new();
    let tokens = |path: &str| path.rsplit('/').next().is_some_and(|name| name.starts_with("tokens."));
    for file in files.iter().filter(|f| !tokens(&f.path)) {
        for (i, line) in file.text.lines().enumerate() {
            if FUNCTIONS.iter().any(|f| line.contains(f)) || has_hex_colour(line) {
                breaches.push(Breach::at(
                    &file.path,
                    i + 1,
                    "a colour: name it in the tokens file and use the name",
                ));
            }
        }
    }
    breaches
}

/// `#` and 3, 4, 6 or 8 hex digits, standing where a value stands (after `:`, `"`, `'`, space, `(` or `,`).
fn has_hex_colour(line: &str) -> bool {
    line.match_indices('#').any(|(at, _)| {
        let digits = line[at + 1..].chars().take_while(char::is_ascii_hexdigit).count();
        let after = line[at + 1 + digits..].chars().next();
        let ends = after.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '_');
        let before = line[..at].chars().next_back();
        let value = before.is_some_and(|c| ":\"' (,".contains(c));
        // `href="#add"` is an anchor, `&#123;` a character.
        let anchor = line[..at].ends_with("href=\"") || line[..at].ends_with('&');
        value && ends && !anchor && [3, 4, 6, 8].contains(&digits)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_found_outside_the_tokens() {
        let file = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
        assert_eq!(colours(&[file("a/base.css", "a { color: #c00; }")]).len(), 1);
        assert_eq!(colours(&[file("a/base.css", "a { color: rgb(1 2 3); }")]).len(), 1);
        assert_eq!(colours(&[file("a/tokens.css", "a { color: #c00; }")]), []);
        assert_eq!(colours(&[file("a/x.html", "<a href=\"#add\">&#123; #main-part</a>")]), []);
    }
}
