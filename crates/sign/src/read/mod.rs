//! What a paper says: the text on its pages and the data that it carries, so that both can be compared. Only papers as our
//! typesetter makes them are read; of others it is said that they cannot be, never guessed.

mod cmap;
mod text;

use sha2::{Digest, Sha256};

use crate::pdf::object::{Dict, Object};
use crate::pdf::{Pdf, View, pages};
use crate::words::SignError;

/// Most bytes that a packed stream may hold, so that a small file cannot fill the memory.
const UNPACKED_LIMIT_BYTES: usize = 16 * 1024 * 1024;
const FILE_LIMIT: usize = 32;

/// A paper as it was before anybody signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// SHA-256 of the first revision, without and with the line end that an update may put behind it.
    pub digests: [[u8; 32]; 2],
    /// The text of each page; `None` when it is written in a way that is not known here. Pieces stand on lines of their own.
    pub pages: Option<Vec<String>>,
    /// The embedded files by name.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Reads the first revision of a PDF.
///
/// # Errors
/// When the PDF cannot be read at all.
pub fn read_paper(pdf: &[u8]) -> Result<Paper, SignError> {
    let pdf = Pdf::open(pdf)?;
    let digest = |end: usize| Sha256::digest(pdf.bytes.get(..end).unwrap_or_default()).into();
    let digests = pdf.revisions.first().map_or([[0; 32]; 2], |r| [digest(r.marker_end), digest(r.end)]);
    let first = pdf.view(0);
    Ok(Paper { digests, pages: all_text(first), files: embedded(first) })
}

fn all_text(view: View<'_, '_>) -> Option<Vec<String>> {
    pages(view)?.into_iter().map(|page| text::of_page(view, page)).collect()
}

/// The files of `Names /EmbeddedFiles`, when they stand in one list, as our papers write them.
fn embedded(view: View<'_, '_>) -> Vec<(String, Vec<u8>)> {
    let names = || {
        let names = view.field(view.catalog()?, "Names")?.dict()?;
        view.field(view.field(names, "EmbeddedFiles")?.dict()?, "Names")?.array()
    };
    let pairs = names().unwrap_or_default().chunks_exact(2).take(FILE_LIMIT);
    let read = |pair: &[Object]| {
        let name = crate::pdf::object::read_text_string(pair[0].text()?);
        let spec = view.stored(pair[1].reference()?)?.value.dict()?;
        let file = view.field(spec, "EF")?.dict()?.get("F")?.reference()?;
        Some((name, unpacked(view, file)?))
    };
    pairs.filter_map(read).collect()
}

/// The bytes of a stream, unpacked when it is packed in the one way that our papers use.
fn unpacked(view: View<'_, '_>, number: u32) -> Option<Vec<u8>> {
    let stored = view.stored(number)?;
    let (dict, data): (&Dict, &[u8]) = (stored.value.dict()?, stored.stream.as_deref()?);
    if dict.get("DecodeParms").is_some() {
        return None;
    }
    match dict.get("Filter") {
        None => Some(data.to_vec()),
        Some(Object::Name(name)) if name == b"FlateDecode" => {
            miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(data, UNPACKED_LIMIT_BYTES).ok()
        }
        Some(_) => None,
    }
}
