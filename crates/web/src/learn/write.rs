//! A lesson's text as HTML. What is written is only what stands here: every word is escaped, and the text holds nothing but words, because whoever
//! read it refused everything else.

use mingbai_desk::core::learn::text::{Block, Inline, Order, Section, plain};

/// The blocks of a part, without its heading.
pub(super) fn blocks(section: &Section) -> String {
    let mut out = String::new();
    many(&mut out, &section.blocks);
    out
}

/// Words in a line.
pub(super) fn inlines(words: &[Inline]) -> String {
    let mut out = String::new();
    line(&mut out, words);
    out
}

fn many(out: &mut String, blocks: &[Block]) {
    for one in blocks {
        block(out, one);
    }
}

fn around(out: &mut String, tag: &str, inner: impl FnOnce(&mut String)) {
    out.push_str(&format!("<{tag}>"));
    inner(out);
    out.push_str(&format!("</{tag}>"));
}

fn block(out: &mut String, block: &Block) {
    match block {
        Block::Heading(words) => around(out, "h3", |out| line(out, words)),
        Block::Paragraph(words) => around(out, "p", |out| line(out, words)),
        Block::Quote(inner) => around(out, "blockquote", |out| many(out, inner)),
        Block::List(order, entries) => {
            let tag = if *order == Order::Numbers { "ol" } else { "ul" };
            around(out, tag, |out| {
                entries.iter().for_each(|entry| around(out, "li", |out| item(out, entry)))
            });
        }
        Block::Table(head, rows) => table(out, head, rows),
    }
}

/// An entry of a list: a single line stands in it without a paragraph around.
fn item(out: &mut String, entry: &[Block]) {
    match entry {
        [Block::Paragraph(words)] => line(out, words),
        [Block::Paragraph(words), rest @ ..] => {
            around(out, "p", |out| line(out, words));
            many(out, rest);
        }
        other => many(out, other),
    }
}

/// On a narrow screen every row stands by itself, so each cell carries the name of its column.
fn table(out: &mut String, head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>]) {
    out.push_str("<table class=\"stack\"><thead><tr>");
    for cell in head {
        out.push_str("<th scope=\"col\">");
        line(out, cell);
        out.push_str("</th>");
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            let label = head.get(at).map(|words| plain(words)).unwrap_or_default();
            out.push_str(&format!("<td data-label=\"{}\">", escaped(&label)));
            line(out, cell);
            out.push_str("</td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
}

fn line(out: &mut String, words: &[Inline]) {
    for word in words {
        match word {
            Inline::Plain(text) => out.push_str(&escaped(text)),
            Inline::Strong(inner) => around(out, "strong", |out| line(out, inner)),
            Inline::Stressed(inner) => around(out, "em", |out| line(out, inner)),
            Inline::Break => out.push_str("<br>"),
            Inline::Link(to, inner) => {
                let away = if to.starts_with("https://") { " rel=\"noopener noreferrer\"" } else { "" };
                out.push_str(&format!("<a href=\"{}\"{away}>", escaped(to)));
                line(out, inner);
                out.push_str("</a>");
            }
        }
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&#38;"),
            '<' => out.push_str("&#60;"),
            '>' => out.push_str("&#62;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingbai_desk::core::learn::text::Text;

    #[test]
    fn words_stay_words() {
        let Ok(text) = Text::parse("a < b & \"c\" **d** [e](https://x.example/?a=1&b=2)\n\n- f\n- g\n", 1)
        else {
            panic!("it is good Markdown")
        };
        let html = blocks(&text.sections[0]);
        assert_eq!(
            html,
            "<p>a &#60; b &#38; &#34;c&#34; <strong>d</strong> <a href=\"https://x.example/?a=1&#38;b=2\" rel=\"noopener noreferrer\">e</a></p>\
             <ul><li>f</li><li>g</li></ul>"
        );
    }
}
