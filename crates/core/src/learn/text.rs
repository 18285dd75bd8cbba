//! The text of a lesson: Markdown, of which only what a page needs is understood. Everything else – raw HTML above all – is refused with its
//! line, so a lesson that was read holds nothing but words: there is no place in it for a script.

use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, OffsetIter, Options, Parser, Tag, TagEnd};

use super::error::LearnError;

/// How deep lists and quotations may stand in each other.
const DEPTH: usize = 4;

/// A lesson's text, in parts that can be listened to one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// In order; at least one.
    pub sections: Vec<Section>,
}

/// A part under its heading; the part before the first heading has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Heading (`##`).
    pub title: Option<Vec<Inline>>,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A small heading (`###`).
    Heading(Vec<Inline>),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list; each entry is a row of blocks.
    List(Order, Vec<Vec<Block>>),
    /// A quotation.
    Quote(Vec<Block>),
    /// A table: heads of columns and rows of cells.
    Table(Vec<Vec<Inline>>, Vec<Vec<Vec<Inline>>>),
}

/// Whether a list is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// With points.
    Points,
    /// With numbers from one.
    Numbers,
}

/// Words in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain words.
    Plain(String),
    /// Important words.
    Strong(Vec<Inline>),
    /// Stressed words.
    Stressed(Vec<Inline>),
    /// Words that lead somewhere: a page of this house, a telephone number or an https address.
    Link(String, Vec<Inline>),
    /// A new line.
    Break,
}

impl Text {
    /// Reads Markdown; `first_line` is the line of the file on which it begins, for what is said about mistakes.
    ///
    /// # Errors
    /// [`LearnError`] with the line: raw HTML, pictures, code, foreign addresses, headings other than `##` and `###`, or nothing at all.
    pub fn parse(source: &str, first_line: usize) -> Result<Self, LearnError> {
        let events = Parser::new_ext(source, Options::ENABLE_TABLES).into_offset_iter().peekable();
        let mut reader = Reader { source, first_line, events };
        let mut sections = vec![Section::default()];
        while let Some((event, at)) = reader.events.next() {
            match event {
                Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                    let title = reader.inlines(&TagEnd::Heading(HeadingLevel::H2))?;
                    sections.push(Section { title: Some(title), blocks: Vec::new() });
                }
                event => {
                    let block = reader.block(event, &at, 0)?;
                    if let Some(section) = sections.last_mut() {
                        section.blocks.push(block);
                    }
                }
            }
        }
        sections.retain(|section| section.title.is_some() || !section.blocks.is_empty());
        if sections.iter().all(|section| section.blocks.is_empty()) {
            return Err(reader.refused(&(0..0), "没有正文", "there is no text"));
        }
        if let Some(empty) = sections.iter().find(|section| section.blocks.is_empty()) {
            let title = empty.title.as_deref().map(plain).unwrap_or_default();
            let en = format!("the part {title:?} has a heading and no text");
            return Err(reader.refused(&(0..0), &format!("“{title}”只有标题,没有内容"), &en));
        }
        Ok(Text { sections })
    }
}

/// The words alone.
#[must_use]
pub fn plain(words: &[Inline]) -> String {
    let one = |inline: &Inline| match inline {
        Inline::Plain(text) => text.clone(),
        Inline::Strong(inner) | Inline::Stressed(inner) | Inline::Link(_, inner) => plain(inner),
        Inline::Break => " ".to_owned(),
    };
    words.iter().map(one).collect()
}

struct Reader<'a> {
    source: &'a str,
    first_line: usize,
    events: Peekable<OffsetIter<'a>>,
}

impl<'a> Reader<'a> {
    fn refused(&self, at: &Range<usize>, zh: &str, en: &str) -> LearnError {
        let before = self.source.get(..at.start).unwrap_or_default();
        let line = self.first_line + before.matches('\n').count();
        LearnError::new(format!("第 {line} 行:{zh}。"), format!("Line {line}: {en}."))
    }

    fn block(&mut self, event: Event<'a>, at: &Range<usize>, depth: usize) -> Result<Block, LearnError> {
        if depth > DEPTH {
            return Err(self.refused(at, "列表套得太深", "lists stand too deep in each other"));
        }
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H3, .. }) => {
                Ok(Block::Heading(self.inlines(&TagEnd::Heading(HeadingLevel::H3))?))
            }
            Event::Start(Tag::Heading { .. }) => Err(self.refused(
                at,
                "标题只用 ##(一部分)和 ###(小标题);课程名写在文件头里",
                "headings are ## (a part) and ### only; the lesson's title stands in the head of the file",
            )),
            Event::Start(Tag::Paragraph) => Ok(Block::Paragraph(self.inlines(&TagEnd::Paragraph)?)),
            Event::Start(Tag::BlockQuote(kind)) => {
                Ok(Block::Quote(self.blocks(&TagEnd::BlockQuote(kind), depth)?))
            }
            Event::Start(Tag::List(first)) => self.list(first.is_some(), depth),
            Event::Start(Tag::Table(_)) => self.table(),
            other => Err(self.unknown(&other, at)),
        }
    }

    fn unknown(&self, event: &Event<'_>, at: &Range<usize>) -> LearnError {
        match event {
            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock) => {
                self.refused(at, "课程里不能写 HTML", "a lesson has no HTML")
            }
            Event::Start(Tag::Image { .. }) => self.refused(at, "课程里不能放图片", "a lesson has no pictures"),
            Event::Start(Tag::CodeBlock(_)) | Event::Code(_) => {
                self.refused(at, "课程里没有代码", "a lesson has no code")
            }
            _ => self.refused(
                at,
                "只能用段落、列表、引用、表格、加粗、强调和链接",
                "only paragraphs, lists, quotations, tables, strong and stressed words and links are understood",
            ),
        }
    }

    fn blocks(&mut self, end: &TagEnd, depth: usize) -> Result<Vec<Block>, LearnError> {
        let mut blocks = Vec::new();
        while let Some((event, at)) = self.events.next() {
            match event {
                Event::End(found) if found == *end => return Ok(blocks),
                // The entries of a tight list hold words without a paragraph around them.
                Event::Text(_) | Event::Start(Tag::Strong | Tag::Emphasis | Tag::Link { .. }) => {
                    let words = self.words(event, &at)?;
                    blocks.push(Block::Paragraph(words));
                }
                event => blocks.push(self.block(event, &at, depth + 1)?),
            }
        }
        Ok(blocks)
    }

    fn list(&mut self, numbered: bool, depth: usize) -> Result<Block, LearnError> {
        let order = if numbered { Order::Numbers } else { Order::Points };
        let mut entries = Vec::new();
        while let Some((event, at)) = self.events.next() {
            match event {
                Event::Start(Tag::Item) => entries.push(self.blocks(&TagEnd::Item, depth)?),
                Event::End(TagEnd::List(_)) => break,
                other => return Err(self.unknown(&other, &at)),
            }
        }
        Ok(Block::List(order, entries))
    }

    fn table(&mut self) -> Result<Block, LearnError> {
        let (mut head, mut rows, mut row) = (Vec::new(), Vec::new(), Vec::new());
        while let Some((event, at)) = self.events.next() {
            match event {
                Event::Start(Tag::TableHead | Tag::TableRow) => row.clear(),
                Event::Start(Tag::TableCell) => row.push(self.inlines(&TagEnd::TableCell)?),
                Event::End(TagEnd::TableHead) => head = std::mem::take(&mut row),
                Event::End(TagEnd::TableRow) => rows.push(std::mem::take(&mut row)),
                Event::End(TagEnd::Table) => break,
                other => return Err(self.unknown(&other, &at)),
            }
        }
        Ok(Block::Table(head, rows))
    }

    /// Words up to the end of what holds them.
    fn inlines(&mut self, end: &TagEnd) -> Result<Vec<Inline>, LearnError> {
        let mut words = Vec::new();
        let mut last = 0..0;
        while let Some((event, at)) = self.events.next() {
            match event {
                Event::End(found) if found == *end => break,
                event => {
                    last = at.clone();
                    words.push(self.inline(event, &at)?);
                }
            }
        }
        self.paired(joined(words), &last)
    }

    /// Words that begin with `first` and go on until a block begins or ends.
    fn words(&mut self, first: Event<'a>, at: &Range<usize>) -> Result<Vec<Inline>, LearnError> {
        let mut words = vec![self.inline(first, at)?];
        while let Some((event, at)) = self.events.next_if(|(event, _)| {
            matches!(
                event,
                Event::Text(_)
                    | Event::SoftBreak
                    | Event::HardBreak
                    | Event::Start(Tag::Strong | Tag::Emphasis | Tag::Link { .. })
            )
        }) {
            words.push(self.inline(event, &at)?);
        }
        self.paired(joined(words), at)
    }

    /// Marks that found no partner would stand on the page: in Chinese they find none beside a quotation mark or a full stop.
    fn paired(&self, words: Vec<Inline>, at: &Range<usize>) -> Result<Vec<Inline>, LearnError> {
        if words.iter().any(|word| matches!(word, Inline::Plain(text) if text.contains("**"))) {
            return Err(self.refused(
                at,
                "这里的 ** 没有配成对;把它移到字的旁边,不要挨着标点",
                "these ** are no pair; put them beside a letter and not beside a mark",
            ));
        }
        Ok(words)
    }

    fn inline(&mut self, event: Event<'a>, at: &Range<usize>) -> Result<Inline, LearnError> {
        match event {
            Event::Text(text) => Ok(Inline::Plain(text.into_string())),
            Event::SoftBreak => Ok(Inline::Plain("\n".to_owned())),
            Event::HardBreak => Ok(Inline::Break),
            Event::Start(Tag::Strong) => Ok(Inline::Strong(self.inlines(&TagEnd::Strong)?)),
            Event::Start(Tag::Emphasis) => Ok(Inline::Stressed(self.inlines(&TagEnd::Emphasis)?)),
            Event::Start(Tag::Link { dest_url, .. }) => {
                let to = dest_url.into_string();
                if !leads_well(&to) {
                    return Err(self.refused(
                        at,
                        "链接只能指向本站页面(/…)、电话(tel:)或 https 地址",
                        "a link leads to a page of this house (/…), a telephone (tel:) or an https address",
                    ));
                }
                Ok(Inline::Link(to, self.inlines(&TagEnd::Link)?))
            }
            other => Err(self.unknown(&other, at)),
        }
    }
}

/// Pieces of plain words put together; the end of a line between two Chinese characters is no space.
fn joined(words: Vec<Inline>) -> Vec<Inline> {
    let mut all: Vec<Inline> = Vec::with_capacity(words.len());
    for word in words {
        match (all.last_mut(), word) {
            (Some(Inline::Plain(before)), Inline::Plain(text)) => before.push_str(&text),
            (_, word) => all.push(word),
        }
    }
    for word in &mut all {
        if let Inline::Plain(text) = word {
            *text = unwrapped(text);
        }
    }
    all
}

fn unwrapped(text: &str) -> String {
    let wide = |c: Option<char>| c.is_some_and(|c| c >= '\u{2e80}');
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' if wide(out.chars().next_back()) || wide(chars.peek().copied()) => {}
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn leads_well(to: &str) -> bool {
    let graphic = to.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'"');
    let ours = to.starts_with('/') && !to.starts_with("//");
    let phone =
        to.strip_prefix("tel:").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    graphic && to.len() <= 300 && (ours || phone || to.starts_with("https://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Result<Text, String> {
        Text::parse(source, 1).map_err(|error| error.what.en)
    }

    #[test]
    fn a_lesson_becomes_parts_of_words() {
        let text = read(
            "先看。\n再签。\n\n## 一\n\n1. 看**总额**\n2. [打电话](tel:96110)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        );
        let Ok(Text { sections }) = text else { panic!("{text:?}") };
        assert_eq!(sections.len(), 2);
        assert_eq!(sections[0].blocks, [Block::Paragraph(vec![Inline::Plain("先看。再签。".to_owned())])]);
        let Block::List(Order::Numbers, entries) = &sections[1].blocks[0] else { panic!("{sections:?}") };
        assert_eq!(entries.len(), 2);
        assert!(
            matches!(&entries[1][0], Block::Paragraph(words) if matches!(&words[0], Inline::Link(to, _) if to == "tel:96110"))
        );
        assert!(
            matches!(&sections[1].blocks[1], Block::Table(head, rows) if head.len() == 2 && rows.len() == 1)
        );
    }

    #[test]
    fn what_is_no_plain_text_is_refused_with_its_line() {
        for (source, says) in [
            ("好\n\n<script>alert(1)</script>\n", "Line 3: a lesson has no HTML."),
            ("好 <b>x</b>", "Line 1: a lesson has no HTML."),
            ("![x](/a.png)", "Line 1: a lesson has no pictures."),
            ("# 大", "Line 1: headings are"),
            ("a\n\n```\nx\n```", "Line 3: a lesson has no code."),
            ("[x](javascript:alert(1))", "Line 1: a link leads"),
            ("[x](//evil.example)", "Line 1: a link leads"),
            ("- a\n  - b\n    - c\n      - d\n        - e\n          - f\n            - g", "too deep"),
            ("看**“谁”是**", "are no pair"),
            ("## 只有标题", "there is no text"),
            ("", "there is no text"),
        ] {
            let said = read(source).err().unwrap_or_default();
            assert!(said.contains(says), "{source:?}: {said}");
        }
    }
}
