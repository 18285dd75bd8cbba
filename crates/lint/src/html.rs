//! What a reader of an HTML page sees: how large, what is hidden, and which boxes are ticked for her. Style sheets and scripts are not
//! run; sizes come from the tags and from inline styles.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

use crate::material::{BODY, Glyph, Ticked, fold, push};

/// Pixels of the running text, when a style says pixels.
const BODY_PX: f32 = 16.0;
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
const INLINE: [&str; 18] = [
    "a", "abbr", "b", "big", "code", "em", "font", "i", "label", "mark", "s", "small", "span", "strong",
    "sub", "sup", "u", "input",
];

struct Open {
    name: String,
    size: u16,
    hidden: bool,
}

pub(crate) fn seen(source: &str) -> (Vec<Glyph>, Vec<Ticked>) {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let (mut glyphs, mut ticked, mut open) = (Vec::new(), Vec::new(), Vec::<Open>::new());
    for token in Tokenizer::new_with_emitter(source, emitter) {
        let Ok(token) = token;
        let now = open.last().map_or((BODY, false), |o| (o.size, o.hidden));
        match token {
            Token::StartTag(tag) => {
                let name = text(&tag.name);
                if is_ticked(&name, &tag) {
                    ticked.push(Ticked { bytes: tag.span.start..tag.span.end });
                }
                if !INLINE.contains(&name.as_str()) {
                    gap(&mut glyphs, tag.span.start);
                }
                if !VOID.contains(&name.as_str()) && !tag.self_closing {
                    let (size, hidden) = look(&name, &tag, now);
                    open.push(Open { name, size, hidden });
                }
            }
            Token::EndTag(tag) => {
                let name = text(&tag.name);
                if let Some(at) = open.iter().rposition(|o| o.name == name) {
                    open.truncate(at);
                }
                if !INLINE.contains(&name.as_str()) {
                    gap(&mut glyphs, tag.span.start);
                }
            }
            Token::String(string) => {
                let written = source.get(string.span.start..string.span.end).unwrap_or_default();
                let shown = text(&string.value);
                let size = if now.1 { 0 } else { now.0 };
                if shown == written {
                    push(&mut glyphs, written, string.span.start, size);
                } else {
                    decoded(&mut glyphs, &shown, (string.span.start, string.span.end), size);
                }
            }
            _ => {}
        }
    }
    (glyphs, ticked)
}

/// Text with character references: each character points at the whole piece, which is as near as can be said.
fn decoded(glyphs: &mut Vec<Glyph>, shown: &str, (from, to): (usize, usize), size: u16) {
    glyphs.extend(shown.chars().filter_map(fold).map(|char| Glyph { char, from, to, size }));
}

fn gap(glyphs: &mut Vec<Glyph>, at: usize) {
    if glyphs.last().is_some_and(|g| g.char != '\n') {
        glyphs.push(Glyph { char: '\n', from: at, to: at, size: BODY });
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn attribute(tag: &StartTag<usize>, name: &str) -> Option<String> {
    tag.attributes
        .iter()
        .find(|(key, _)| key.as_slice() == name.as_bytes())
        .map(|(_, value)| text(&value.value))
}

fn is_ticked(name: &str, tag: &StartTag<usize>) -> bool {
    let kind = attribute(tag, "type").map(|kind| kind.to_ascii_lowercase());
    name == "input" && kind.as_deref() == Some("checkbox") && attribute(tag, "checked").is_some()
}

fn look(name: &str, tag: &StartTag<usize>, (size, hidden): (u16, bool)) -> (u16, bool) {
    let by_name = match name {
        "h1" => 200,
        "h2" => 150,
        "h3" => 120,
        "strong" | "b" | "big" => size.saturating_mul(6) / 5,
        "small" | "sub" | "sup" | "footer" => size.saturating_mul(7) / 10,
        _ => size,
    };
    let style = attribute(tag, "style").unwrap_or_default().to_ascii_lowercase();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    let unseen = matches!(name, "script" | "style" | "template" | "head")
        || attribute(tag, "hidden").is_some()
        || ["display:none", "visibility:hidden", "opacity:0;"]
            .iter()
            .any(|s| format!("{style};").contains(s));
    (styled(&style, size).unwrap_or(by_name), hidden || unseen)
}

fn styled(style: &str, parent: u16) -> Option<u16> {
    let value = style.split(';').find_map(|rule| rule.strip_prefix("font-size:"))?;
    let split = value.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let number: f32 = value[..split].parse().ok()?;
    let percent = match &value[split..] {
        "px" => number / BODY_PX * 100.0,
        "pt" => number * 4.0 / 3.0 / BODY_PX * 100.0,
        "rem" => number * 100.0,
        "em" => number * f32::from(parent),
        "%" => number * f32::from(parent) / 100.0,
        _ => return None,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the range of the type"
    )]
    Some(percent.clamp(0.0, 60_000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_hidden_parts_and_ticked_boxes_are_seen() {
        let page = "<h1>大</h1><p style='font-size: 8px'>小<b>粗</b></p><div style=\"display:none\">藏</div>\
                    <script>var 码 = 1;</script><input type=checkbox checked> 同意 <input type=checkbox> 不同意 &amp;";
        let (glyphs, ticked) = seen(page);
        let size = |c: char| glyphs.iter().find(|g| g.char == c).map(|g| g.size);
        assert_eq!((size('大'), size('小'), size('粗')), (Some(200), Some(50), Some(60)));
        assert_eq!(size('藏'), Some(0));
        assert_eq!(size('码'), Some(0), "a script is not read");
        assert_eq!(ticked.len(), 1);
        assert_eq!(&page[ticked[0].bytes.clone()], "<input type=checkbox checked>");
        assert_eq!(size('&'), Some(100));
    }
}
