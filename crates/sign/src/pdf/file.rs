//! A PDF file as its chain of revisions, each of which must consist of nothing but its objects, its table and its trailer.
//!
//! ISO 32000-1, 7.5.6: an update is appended and names the table before it. Shadow attacks live in what lenient readers skip:
//! bytes between objects, objects that no table names, tables that point elsewhere. Here every byte belongs to something.

use std::collections::BTreeMap;
use std::ops::Range;

use super::object::{Dict, Object};
use super::parse::{Broken, Parser};

/// Largest file that is read.
pub const FILE_LIMIT_BYTES: usize = 32 * 1024 * 1024;
/// Most revisions.
const REVISION_LIMIT: usize = 40;
/// Most objects in one revision.
const OBJECT_LIMIT: u64 = 100_000;

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not as a revision must be: at this byte, for this reason.
    Broken(Broken),
    /// A kind of PDF that this reader does not know.
    Unsupported(&'static str),
}

impl From<Broken> for Fault {
    fn from(broken: Broken) -> Self {
        Fault::Broken(broken)
    }
}

/// An object as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) value: Object,
    /// The bytes between `stream` and `endstream`.
    pub(crate) stream: Option<Vec<u8>>,
    /// Place of the value of `Contents` in the file, with its delimiters.
    pub(crate) contents: Option<Range<usize>>,
}

/// One revision.
#[derive(Clone, Debug)]
pub(crate) struct Revision {
    /// After `%%EOF` and its line end, if it has one.
    pub(crate) end: usize,
    /// After `%%EOF` itself.
    pub(crate) marker_end: usize,
    pub(crate) table_at: usize,
    pub(crate) trailer: Dict,
    pub(crate) objects: BTreeMap<u32, Stored>,
    offsets: BTreeMap<u32, usize>,
}

/// The file: bytes and revisions, oldest first.
#[derive(Clone, Debug)]
pub(crate) struct Pdf<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) revisions: Vec<Revision>,
}

/// The document as it was after one revision.
#[derive(Clone, Copy)]
pub(crate) struct View<'p, 'a> {
    pub(crate) pdf: &'p Pdf<'a>,
    pub(crate) revision: usize,
}

fn broken<T>(at: usize, why: &'static str) -> Result<T, Fault> {
    Err(Fault::Broken(Broken { at, why }))
}

impl<'a> Pdf<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        if bytes.len() > FILE_LIMIT_BYTES {
            return Err(Fault::Unsupported("the file is larger than 32 MiB"));
        }
        let mut revisions = Vec::new();
        let mut next = Some(last_table(bytes)?);
        let mut end_limit = bytes.len();
        while let Some(table_at) = next {
            if revisions.len() == REVISION_LIMIT {
                return Err(Fault::Unsupported("the file has more than 40 revisions"));
            }
            let revision = read_table(bytes, table_at)?;
            if revision.end > end_limit {
                return broken(table_at, "the tables of two revisions overlap");
            }
            next = previous(&revision)?;
            end_limit = table_at;
            revisions.push(revision);
        }
        revisions.reverse();
        if revisions.last().map(|r| r.end) != Some(bytes.len()) {
            return broken(bytes.len(), "bytes stand after the last revision");
        }
        let mut pdf = Pdf { bytes, revisions };
        for index in 0..pdf.revisions.len() {
            let from = if index == 0 { header(bytes)? } else { pdf.revisions[index - 1].end };
            let objects = pdf.read_objects(index, from)?;
            pdf.revisions[index].objects = objects;
        }
        Ok(pdf)
    }

    pub(crate) fn latest(&self) -> View<'_, 'a> {
        View { pdf: self, revision: self.revisions.len().saturating_sub(1) }
    }

    pub(crate) fn view(&self, revision: usize) -> View<'_, 'a> {
        View { pdf: self, revision }
    }

    /// Reads the objects of a revision one after the other, and insists that they fill it.
    fn read_objects(&self, index: usize, from: usize) -> Result<BTreeMap<u32, Stored>, Fault> {
        let revision = &self.revisions[index];
        let mut objects = BTreeMap::new();
        let bytes = self.bytes.get(..revision.table_at).unwrap_or_default();
        let mut parser = Parser::new(bytes, from);
        loop {
            parser.space();
            if parser.at == revision.table_at {
                break;
            }
            let at = parser.at;
            let number = parser.number("bytes stand here that belong to no object")?;
            let number =
                u32::try_from(number).map_err(|_| Broken { at, why: "an object number is too large" })?;
            if revision.offsets.get(&number) != Some(&at) {
                return broken(at, "the table does not name the object that stands here");
            }
            let stored = self.read_object(&mut parser, index)?;
            if objects.insert(number, stored).is_some() {
                return broken(at, "one revision holds an object twice");
            }
        }
        match objects.len() == revision.offsets.len() {
            true => Ok(objects),
            false => broken(revision.table_at, "the table names objects that do not stand in its revision"),
        }
    }

    fn read_object(&self, parser: &mut Parser<'_>, index: usize) -> Result<Stored, Fault> {
        parser.space();
        parser.word(b"0", "generations other than 0 are not supported")?;
        parser.space();
        parser.expect(b"obj", "an object was expected")?;
        parser.contents = None;
        let value = parser.value(0)?;
        parser.space();
        let mut stream = None;
        if parser.eat(b"stream") {
            if !parser.eat(b"\r\n") {
                parser.expect(b"\n", "the line of the word stream does not end")?;
            }
            let length = self
                .stream_length(&value, index)
                .ok_or(Broken { at: parser.at, why: "a stream has no length" })?;
            let data = parser.rest().get(..length);
            stream = Some(
                data.ok_or(Broken { at: parser.at, why: "a stream is longer than its revision" })?.to_vec(),
            );
            parser.at += length;
            parser.line_end();
            parser.word(b"endstream", "a stream does not end where its length says")?;
            parser.space();
        }
        parser.word(b"endobj", "an object does not end")?;
        Ok(Stored { value, stream, contents: parser.contents.map(|(from, to)| from..to) })
    }

    /// The length, directly or as an object of its own that stands in this or an earlier revision.
    fn stream_length(&self, value: &Object, index: usize) -> Option<usize> {
        let length = match value.dict()?.get("Length")? {
            Object::Integer(n) => *n,
            Object::Ref(number) => {
                let at = self.revisions[..=index].iter().rev().find_map(|r| r.offsets.get(number))?;
                let mut parser = Parser::new(self.bytes, *at);
                parser.number("").ok()?;
                parser.space();
                parser.word(b"0", "").ok()?;
                parser.space();
                parser.expect(b"obj", "").ok()?;
                parser.value(0).ok()?.integer()?
            }
            _ => return None,
        };
        usize::try_from(length).ok()
    }
}

impl<'p> View<'p, '_> {
    pub(crate) fn stored(&self, number: u32) -> Option<&'p Stored> {
        self.pdf.revisions.get(..=self.revision)?.iter().rev().find_map(|r| r.objects.get(&number))
    }

    /// The value behind a reference, or the value itself. References to references are not followed: nobody needs them.
    pub(crate) fn resolve(&self, value: &'p Object) -> Option<&'p Object> {
        match value {
            Object::Ref(number) => self.stored(*number).map(|s| &s.value),
            other => Some(other),
        }
    }

    pub(crate) fn field(&self, dict: &'p Dict, key: &str) -> Option<&'p Object> {
        self.resolve(dict.get(key)?)
    }

    pub(crate) fn trailer(&self) -> Option<&'p Dict> {
        self.pdf.revisions.get(self.revision).map(|r| &r.trailer)
    }

    pub(crate) fn root_number(&self) -> Option<u32> {
        self.trailer()?.get("Root")?.reference()
    }

    pub(crate) fn catalog(&self) -> Option<&'p Dict> {
        self.stored(self.root_number()?)?.value.dict()
    }

    /// The smallest object number that no revision has used, by the trailer and by what really stands in the file.
    pub(crate) fn next_number(&self) -> u32 {
        let largest = self.pdf.revisions.iter().filter_map(|r| r.objects.keys().next_back()).max().copied();
        let size = self.trailer().and_then(|t| t.get("Size")).and_then(Object::integer).unwrap_or(0);
        u32::try_from(size).unwrap_or(0).max(largest.unwrap_or(0).saturating_add(1))
    }
}

/// `%PDF-1.x` and at most one comment line of bytes above 127, which marks the file as binary.
fn header(bytes: &[u8]) -> Result<usize, Fault> {
    let mut parser = Parser::new(bytes, 0);
    if !(parser.eat(b"%PDF-1.") && parser.peek().is_some_and(|b| b.is_ascii_digit())) {
        return broken(0, "the file does not begin with %PDF-1.");
    }
    parser.at += 1;
    if !parser.line_end() {
        return broken(parser.at, "the first line is longer than the version");
    }
    if parser.eat(b"%") {
        let marks = parser.rest().iter().take_while(|b| **b >= 0x80).count();
        if marks > 16 {
            return broken(parser.at, "the binary mark is too long");
        }
        parser.at += marks;
        if !parser.line_end() {
            return broken(parser.at, "the binary mark holds other characters");
        }
    }
    Ok(parser.at)
}

/// Where the last `startxref` points.
fn last_table(bytes: &[u8]) -> Result<usize, Fault> {
    let tail_from = bytes.len().saturating_sub(64);
    let tail = &bytes[tail_from..];
    let found = tail.windows(9).rposition(|w| w == b"startxref");
    let Some(found) = found else { return broken(tail_from, "the file does not end in startxref") };
    let mut parser = Parser::new(bytes, tail_from + found + 9);
    parser.space();
    let at = parser.number("startxref names no place")?;
    match usize::try_from(at).ok().filter(|at| *at < bytes.len()) {
        Some(at) => Ok(at),
        None => broken(parser.at, "startxref points outside the file"),
    }
}

fn previous(revision: &Revision) -> Result<Option<usize>, Fault> {
    let at = revision.table_at;
    if revision.trailer.get("XRefStm").is_some() {
        return Err(Fault::Unsupported("the file has a hybrid cross-reference table"));
    }
    if revision.trailer.get("Encrypt").is_some() {
        return Err(Fault::Unsupported("the file is encrypted"));
    }
    match revision.trailer.get("Prev") {
        None => Ok(None),
        Some(value) => match value.integer().and_then(|n| usize::try_from(n).ok()).filter(|n| *n < at) {
            Some(previous) => Ok(Some(previous)),
            None => broken(at, "the trailer points to a table that is not before it"),
        },
    }
}

/// Table, trailer and end marker of one revision; its objects are read later.
fn read_table(bytes: &[u8], table_at: usize) -> Result<Revision, Fault> {
    let mut parser = Parser::new(bytes, table_at);
    if !parser.eat(b"xref") {
        let mut object = Parser::new(bytes, table_at);
        let stream = object.number("").is_ok() && object.eat(b" 0 obj");
        return match stream {
            true => Err(Fault::Unsupported("the file has a cross-reference stream instead of a table")),
            false => broken(table_at, "no table stands where the file says"),
        };
    }
    let offsets = read_sections(&mut parser, table_at)?;
    parser.word(b"trailer", "the table is not followed by its trailer")?;
    parser.space();
    let trailer = parser.dict(0)?;
    parser.space();
    parser.word(b"startxref", "the trailer is not followed by startxref")?;
    parser.space();
    let said = parser.number("startxref names no place")?;
    if usize::try_from(said) != Ok(table_at) {
        return broken(parser.at, "a revision's startxref points to another table than its own");
    }
    parser.space();
    parser.expect(b"%%EOF", "a revision does not end in %%EOF")?;
    let marker_end = parser.at;
    parser.line_end();
    Ok(Revision { end: parser.at, marker_end, table_at, trailer, objects: BTreeMap::new(), offsets })
}

fn read_sections(parser: &mut Parser<'_>, table_at: usize) -> Result<BTreeMap<u32, usize>, Fault> {
    let mut offsets = BTreeMap::new();
    parser.space();
    while parser.peek().is_some_and(|b| b.is_ascii_digit()) {
        let first = parser.number("a section of the table has no beginning")?;
        parser.expect(b" ", "a section of the table is written wrongly")?;
        let count = parser.number("a section of the table has no count")?;
        if count > OBJECT_LIMIT || first > OBJECT_LIMIT * 10 {
            return Err(Fault::Unsupported("the file has more than 100,000 objects"));
        }
        parser.eat(b" ");
        if !parser.line_end() {
            return broken(parser.at, "a section of the table is written wrongly");
        }
        for number in first..first + count {
            let at = parser.at;
            let Some((offset, used)) = parser.rest().get(..20).and_then(entry) else {
                return broken(at, "an entry of the table is written wrongly");
            };
            parser.at += 20;
            if !used && number != 0 {
                return broken(at, "the table deletes an object");
            }
            if used {
                let number = u32::try_from(number).ok().filter(|n| *n > 0 && offset < table_at);
                let Some(number) = number else { return broken(at, "an entry of the table points nowhere") };
                if offsets.insert(number, offset).is_some() {
                    return broken(at, "the table names an object twice");
                }
            }
        }
        parser.space();
    }
    Ok(offsets)
}

/// `nnnnnnnnnn 00000 n` and two bytes of line end (ISO 32000-1, 7.5.4); generation 65535 only for the free list's head.
fn entry(line: &[u8]) -> Option<(usize, bool)> {
    let digits = |range: Range<usize>| -> Option<usize> {
        let text = line.get(range)?;
        let all = text.iter().all(u8::is_ascii_digit);
        std::str::from_utf8(text).ok().filter(|_| all)?.parse().ok()
    };
    let offset = digits(0..10)?;
    let generation = digits(11..16)?;
    let shape = line[10] == b' ' && line[16] == b' ' && matches!(&line[18..20], b"\r\n" | b" \n" | b" \r");
    match line[17] {
        b'n' if shape && generation == 0 => Some((offset, true)),
        b'f' if shape && offset == 0 && generation == 65535 => Some((offset, false)),
        _ => None,
    }
}
