//! Reads from a page what a person fills in: hidden fields and the names of its choices. Our own pages only; it is no browser.

use std::collections::BTreeSet;

/// The value of the first hidden `<input>` with this name.
pub fn field(html: &str, name: &str) -> Option<String> {
    let hidden = |tag: &&str| attribute(tag, "type").as_deref() == Some("hidden");
    let named = |tag: &&str| attribute(tag, "name").as_deref() == Some(name);
    inputs(html).filter(hidden).find(named).and_then(|tag| attribute(tag, "value"))
}

/// The first word of the page that begins like this, up to a quote, a space or a tag.
pub fn word(html: &str, begin: &str) -> Option<String> {
    let (_, rest) = html.split_once(begin)?;
    let end = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '\'');
    Some(format!("{begin}{}", rest.split(end).next().unwrap_or_default()))
}

/// The names of the groups of radio buttons.
pub fn radios(html: &str) -> BTreeSet<String> {
    let radio = |tag: &&str| attribute(tag, "type").as_deref() == Some("radio");
    inputs(html).filter(radio).filter_map(|tag| attribute(tag, "name")).collect()
}

/// The names of every input that is shown.
pub fn shown(html: &str) -> BTreeSet<String> {
    let shown = |tag: &&str| attribute(tag, "type").as_deref() != Some("hidden");
    inputs(html).filter(shown).filter_map(|tag| attribute(tag, "name")).collect()
}

/// The text of the first heading, for error messages.
pub fn heading(html: &str) -> String {
    let inside = html.split_once("<h1").and_then(|(_, rest)| rest.split_once('>')).map(|(_, rest)| rest);
    let text = inside.and_then(|rest| rest.split_once("</h1>")).map_or("", |(text, _)| text);
    unescaped(text.trim())
}

/// Whether the page says this.
pub fn says(html: &str, text: &str) -> Saying {
    if unescaped(html).contains(text) { Saying::Said } else { Saying::Unsaid }
}

/// Whether something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saying {
    /// It is.
    Said,
    /// It is not.
    Unsaid,
}

fn inputs(html: &str) -> impl Iterator<Item = &str> {
    html.split("<input ").skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag)
}

/// The value of the first attribute with this name in a tag, or in a whole page.
pub fn attribute(tag: &str, name: &str) -> Option<String> {
    // The space keeps `name=` from being found inside `filename=`.
    let padded = format!(" {tag}");
    let (_, rest) = padded.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| unescaped(value))
}

fn unescaped(text: &str) -> String {
    // The ampersand comes last: what it uncovers is text.
    let pairs = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_choices_are_found() {
        let html = r#"<h1>您好 &#38; 欢迎</h1><input type="hidden" name="csrf" value="a&#34;b"><input type="radio" name="x"
 value="1" checked><input type="radio" name="x" value="2"><input name="amount" type="text">"#;
        assert_eq!(field(html, "csrf").as_deref(), Some("a\"b"));
        assert_eq!((field(html, "document"), field(html, "x")), (None, None));
        assert_eq!(word("<p class=\"mono\">mbk_a1-2</p>", "mbk_").as_deref(), Some("mbk_a1-2"));
        assert_eq!(radios(html).into_iter().collect::<Vec<_>>(), ["x"]);
        assert_eq!(shown(html).into_iter().collect::<Vec<_>>(), ["amount", "x"]);
        assert_eq!(heading(html), "您好 & 欢迎");
    }
}
