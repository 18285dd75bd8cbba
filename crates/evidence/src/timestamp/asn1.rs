//! DER as it lies in the input. Signatures are over the bytes that were sent, so elements are cut out, never written again.

use der::{AnyRef, Decode as _, Reader as _, SliceReader, Tag};

use super::StampError;

/// The most elements that one set or sequence of a time stamp may have.
const ELEMENT_LIMIT: usize = 64;

/// One element: all of its bytes, its tag and its content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    /// Tag, length and content.
    pub raw: &'a [u8],
    /// Tag.
    pub tag: Tag,
    /// Content.
    pub value: &'a [u8],
}

impl<'a> Element<'a> {
    /// Reads `T` from exactly this element.
    pub fn read<T: der::Decode<'a>>(&self, what: &'static str) -> Result<T, StampError> {
        T::from_der(self.raw).map_err(|e| malformed(what, &e))
    }

    /// The elements inside, when this has the tag `tag`.
    pub fn inside(&self, tag: Tag, what: &'static str) -> Result<Vec<Element<'a>>, StampError> {
        if self.tag == tag { elements(self.value, what) } else { Err(wrong_tag(what)) }
    }
}

/// All elements of `bytes`, with nothing between or behind them.
pub(super) fn elements<'a>(bytes: &'a [u8], what: &'static str) -> Result<Vec<Element<'a>>, StampError> {
    let broken = |e: der::Error| malformed(what, &e);
    let mut reader = SliceReader::new(bytes).map_err(broken)?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        if found.len() == ELEMENT_LIMIT {
            return Err(StampError::Malformed { what, why: "too many parts".to_owned() });
        }
        let tag = reader.peek_tag().map_err(broken)?;
        let raw = reader.tlv_bytes().map_err(broken)?;
        let value = AnyRef::from_der(raw).map_err(broken)?.value();
        found.push(Element { raw, tag, value });
    }
    Ok(found)
}

/// Exactly one element with nothing behind it.
pub(super) fn one<'a>(bytes: &'a [u8], what: &'static str) -> Result<Element<'a>, StampError> {
    match elements(bytes, what)?.as_slice() {
        [element] => Ok(*element),
        _ => Err(wrong_tag(what)),
    }
}

/// The tag `[number]` of an element that holds elements.
pub(super) fn context(number: u8) -> Tag {
    Tag::ContextSpecific { constructed: true, number: der::TagNumber::new(number) }
}

pub(super) fn malformed(what: &'static str, error: &der::Error) -> StampError {
    StampError::Malformed { what, why: error.to_string() }
}

pub(super) fn wrong_tag(what: &'static str) -> StampError {
    StampError::Malformed { what, why: "another element was expected".to_owned() }
}
