//! A text as a reader sees it: folded characters, each with its place in the file and the size of its print.

use std::ops::Range;

use mingbai_core::text::both;
use mingbai_cost::Words;

use crate::{html, markdown};

/// Most bytes of one material: a long contract has a tenth of it.
pub const MATERIAL_MAX: usize = 2 * 1024 * 1024;
/// Size of the running text, in percent of itself.
pub(crate) const BODY: u16 = 100;
/// What ends a sentence in the folded text.
pub(crate) const SENTENCE_ENDS: [char; 5] = ['。', ';', '!', '?', '\n'];

/// How a material is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Text of one size.
    Plain,
    /// Markdown: headings and bold are larger, footnotes smaller.
    Markdown,
    /// HTML: headings, `font-size` of inline styles, hidden parts and ticked boxes are seen; style sheets are not.
    Html,
}

impl Form {
    /// How a file is written, by its name; nothing for forms that hold no plain text, such as PDF, Office files and pictures.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        match ending.as_str() {
            "md" | "markdown" => Some(Form::Markdown),
            "html" | "htm" | "xhtml" => Some(Form::Html),
            "pdf" | "doc" | "docx" | "xls" | "xlsx" | "ppt" | "pptx" | "png" | "jpg" | "jpeg" | "gif"
            | "webp" | "mp3" | "mp4" => None,
            _ => Some(Form::Plain),
        }
    }
}

/// Why a material cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// More than [`MATERIAL_MAX`] bytes.
    #[error("the material has {bytes} bytes, the limit is {MATERIAL_MAX}")]
    TooLong {
        /// How many.
        bytes: usize,
    },
    /// Nothing to read in it: a picture, or nothing at all.
    #[error("there is no text in the material")]
    Empty,
}

impl Unreadable {
    /// For people, in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let (zh, en) = match self {
            Unreadable::TooLong { bytes } => (
                format!("材料有 {bytes} 字节,上限 {MATERIAL_MAX} 字节;请拆开检查"),
                format!("the material has {bytes} bytes, the limit is {MATERIAL_MAX}; check it in parts"),
            ),
            Unreadable::Empty => (
                "材料里没有文字;图片请先转成文字".to_owned(),
                "there is no text in the material; turn pictures into text first".to_owned(),
            ),
        };
        both(zh, en)
    }
}

/// One character that a reader sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Glyph {
    pub(crate) char: char,
    /// Bytes of the file that it stands for.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Percent of the running text; 0 is hidden.
    pub(crate) size: u16,
}

/// A box that is ticked before the reader did anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ticked {
    pub(crate) bytes: Range<usize>,
}

/// A material that can be checked.
#[derive(Clone, Debug)]
pub struct Material {
    source: String,
    glyphs: Vec<Glyph>,
    /// The folded text, and where each glyph begins in it.
    folded: String,
    starts: Vec<usize>,
    ticked: Vec<Ticked>,
}

impl Material {
    /// Reads a material.
    ///
    /// # Errors
    /// [`Unreadable`] when it is too long or has no text.
    pub fn read(form: Form, source: &str) -> Result<Self, Unreadable> {
        if source.len() > MATERIAL_MAX {
            return Err(Unreadable::TooLong { bytes: source.len() });
        }
        let (seen, ticked) = match form {
            Form::Plain => (plain(source), Vec::new()),
            Form::Markdown => (markdown::seen(source), Vec::new()),
            Form::Html => html::seen(source),
        };
        let glyphs = tightened(seen);
        if !glyphs.iter().any(|g| g.char.is_alphanumeric()) {
            return Err(Unreadable::Empty);
        }
        let mut folded = String::with_capacity(glyphs.len() * 3);
        let mut starts = Vec::with_capacity(glyphs.len());
        for glyph in &glyphs {
            starts.push(folded.len());
            folded.push(glyph.char);
        }
        Ok(Material { source: source.to_owned(), glyphs, folded, starts, ticked })
    }

    /// The folded text: narrow digits and letters, lower case, no invisible characters, no blanks between Chinese characters.
    pub(crate) fn folded(&self) -> &str {
        &self.folded
    }

    pub(crate) fn ticked(&self) -> &[Ticked] {
        &self.ticked
    }

    /// The glyphs of a range of the folded text.
    pub(crate) fn glyphs(&self, folded: &Range<usize>) -> &[Glyph] {
        let from = self.starts.partition_point(|start| *start < folded.start);
        let to = self.starts.partition_point(|start| *start < folded.end);
        &self.glyphs[from..to]
    }

    /// The bytes of the file that a range of the folded text stands for.
    pub(crate) fn bytes(&self, folded: &Range<usize>) -> Range<usize> {
        match self.glyphs(folded) {
            [] => 0..0,
            [one] => one.from..one.to,
            [first, .., last] => first.from..last.to.max(first.from),
        }
    }

    /// The smallest print in a range of the folded text.
    pub(crate) fn size(&self, folded: &Range<usize>) -> u16 {
        self.glyphs(folded).iter().map(|g| g.size).min().unwrap_or(BODY)
    }

    /// Every glyph with its range of the folded text.
    pub(crate) fn placed(&self) -> impl Iterator<Item = (Range<usize>, &Glyph)> {
        self.starts
            .iter()
            .zip(&self.glyphs)
            .map(|(start, glyph)| (*start..start + glyph.char.len_utf8(), glyph))
    }

    /// Line and column of a byte of the file, counted from one, the column in characters.
    pub(crate) fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let before = self.source.get(..byte).unwrap_or(&self.source);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// The file's own words in this range.
    pub(crate) fn words(&self, bytes: &Range<usize>) -> &str {
        self.source.get(bytes.clone()).unwrap_or_default()
    }
}

fn plain(source: &str) -> Vec<Glyph> {
    let mut seen = Vec::with_capacity(source.len());
    push(&mut seen, source, 0, BODY);
    seen
}

/// Adds text that stands at this byte of the file, as it is written there.
pub(crate) fn push(seen: &mut Vec<Glyph>, text: &str, at: usize, size: u16) {
    for (offset, char) in text.char_indices() {
        if let Some(folded) = fold(char) {
            let from = at + offset;
            seen.push(Glyph { char: folded, from, to: from + char.len_utf8(), size });
        }
    }
}

/// One form for every way of writing a character; nothing for those that cannot be seen.
pub(crate) fn fold(char: char) -> Option<char> {
    match char {
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{ad}'
        | '\r' => None,
        '\u{3000}' | '\u{a0}' | '\t' | '\u{2000}'..='\u{200a}' | '\u{202f}' => Some(' '),
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(char) - 0xfee0).map(|narrow| narrow.to_ascii_lowercase())
        }
        other => Some(other.to_ascii_lowercase()),
    }
}

/// Takes out blanks between Chinese characters: "零 利 息" is "零利息".
fn tightened(seen: Vec<Glyph>) -> Vec<Glyph> {
    let mut kept: Vec<Glyph> = Vec::with_capacity(seen.len());
    for (at, glyph) in seen.iter().enumerate() {
        if glyph.char == ' ' {
            let before = kept.last().map(|g| g.char);
            let after = seen[at + 1..].iter().map(|g| g.char).find(|c| *c != ' ');
            if before.is_none_or(is_han) || after.is_none_or(is_han) {
                continue;
            }
        }
        kept.push(*glyph);
    }
    kept
}

fn is_han(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(form: Form, source: &str) -> String {
        Material::read(form, source).unwrap().folded().to_owned()
    }

    #[test]
    fn ways_of_writing_come_out_the_same() {
        assert_eq!(folded(Form::Plain, "零 利\u{200b} 息 0.05%"), "零利息0.05%");
        assert_eq!(folded(Form::Plain, "APR 7.2 % only"), "apr 7.2 % only");
    }

    #[test]
    fn a_place_in_the_folded_text_is_found_in_the_file() {
        let source = "第一行\n日 利 率 0.05%起";
        let material = Material::read(Form::Plain, source).unwrap();
        let at = material.folded().find("日利率").unwrap();
        let bytes = material.bytes(&(at..at + "日利率".len()));
        assert_eq!(material.words(&bytes), "日 利 率");
        assert_eq!(material.line_and_column(bytes.start), (2, 1));
    }

    #[test]
    fn nothing_to_read_is_said() {
        for source in ["", " \n ", "\u{200b}", "……"] {
            assert_eq!(Material::read(Form::Plain, source).unwrap_err(), Unreadable::Empty);
        }
        let long = "利".repeat(MATERIAL_MAX);
        assert!(matches!(Material::read(Form::Plain, &long), Err(Unreadable::TooLong { .. })));
    }
}
