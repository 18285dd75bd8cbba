//! What a reader of Markdown sees, and how large.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::material::{BODY, Glyph, push};

/// Footnotes and small print.
const SMALL: u16 = 70;

pub(crate) fn seen(source: &str) -> Vec<Glyph> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut glyphs = Vec::with_capacity(source.len());
    let mut sizes = vec![BODY];
    for (event, bytes) in Parser::new_ext(source, options).into_offset_iter() {
        let size = sizes.last().copied().unwrap_or(BODY);
        match event {
            Event::Start(tag) => sizes.push(match tag {
                Tag::Heading { level, .. } => of_heading(level),
                Tag::Strong => size.saturating_mul(6) / 5,
                Tag::FootnoteDefinition(_) => SMALL,
                _ => size,
            }),
            Event::End(tag) => {
                sizes.pop();
                if !matches!(tag, TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Link) {
                    let gap = if tag == TagEnd::TableCell { ' ' } else { '\n' };
                    glyphs.push(Glyph { char: gap, from: bytes.end, to: bytes.end, size: BODY });
                }
            }
            Event::Text(_) | Event::Code(_) => {
                push(&mut glyphs, source.get(bytes.clone()).unwrap_or_default(), bytes.start, size);
            }
            Event::InlineHtml(html) => match html.trim().to_ascii_lowercase().as_str() {
                "<small>" | "<sub>" | "<sup>" => sizes.push(SMALL),
                "</small>" | "</sub>" | "</sup>" if sizes.len() > 1 => {
                    sizes.pop();
                }
                _ => {}
            },
            Event::SoftBreak | Event::HardBreak => {
                glyphs.push(Glyph { char: '\n', from: bytes.start, to: bytes.end, size });
            }
            _ => {}
        }
    }
    glyphs
}

fn of_heading(level: HeadingLevel) -> u16 {
    match level {
        HeadingLevel::H1 => 200,
        HeadingLevel::H2 => 150,
        HeadingLevel::H3 => 120,
        _ => 110,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_large_and_footnotes_small() {
        let glyphs = seen("# 大字\n\n正文**粗体**[^1] <small>小</small>\n\n[^1]: 脚注\n");
        let size = |c: char| glyphs.iter().find(|g| g.char == c).unwrap().size;
        assert_eq!((size('大'), size('正'), size('粗'), size('小'), size('脚')), (200, 100, 120, 70, 70));
    }
}
