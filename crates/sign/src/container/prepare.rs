//! Two steps to a signed PDF: `prepare` makes the file with a gap and says which digest is to be signed, `finish` fills the gap.
//! Between the two the key is somewhere else, in the borrower's browser or in a device.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::appearance::{Handwriting, cpt};
use super::boxes::BoxAt;
use super::form;
use crate::pdf::object::{Dict, Object, text_string};
use crate::pdf::{Pdf, Update, View, pages, signature_fields};
use crate::suite::Suite;
use crate::time::pdf_date;
use crate::words::SignError;

/// What stands in the new signature field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Unique name in the form, such as `borrower`.
    pub name: String,
    /// What a screen reader says (`TU`), in the language of the paper.
    pub label: String,
    /// Who signs (`Name`).
    pub signer: String,
    /// Why (`Reason`).
    pub reason: String,
    /// When, by the server's clock, in Unix milliseconds (`M`): a claim, not a proof. A CMS signing-time is forbidden beside it
    /// (EN 319 142-1, table 1).
    pub signed_at_ms: i64,
    /// Where it is drawn; `None` = nowhere.
    pub at: Option<BoxAt>,
    /// What is drawn.
    pub handwriting: Option<Handwriting>,
    /// Room for the signature, from [`contents_capacity_bytes`].
    pub capacity_bytes: usize,
}

/// A file that waits for its signature. [`Prepared::bytes`] can be stored and opened again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    bytes: Vec<u8>,
    gap: Range<usize>,
}

/// Longest text in a field, in characters.
const TEXT_LIMIT: usize = 200;
/// Room for signatures: more than any chain of ours with a time stamp.
const CAPACITY_RANGE_BYTES: std::ops::RangeInclusive<usize> = 512..=65_536;
/// Enough for `[0 33554432 33554432 33554432]`.
const BYTE_RANGE_WIDTH: usize = 40;

/// Room that a signature with these certificates needs: them, the attributes, and the time stamp if one will be put in.
#[must_use]
pub fn contents_capacity_bytes(chain: &[Vec<u8>], time_stamp_bytes: usize) -> usize {
    let certificates: usize = chain.iter().map(Vec::len).sum();
    // Attributes, algorithm names, issuer's name and signature come to about 500 bytes; names may be long.
    let total = certificates + time_stamp_bytes + 1024;
    total.next_multiple_of(256).clamp(*CAPACITY_RANGE_BYTES.start(), *CAPACITY_RANGE_BYTES.end())
}

impl Prepared {
    /// The whole file with its gap.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 over everything but the gap: what the signature's message-digest must be.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(&self.bytes[..self.gap.start]);
        hash.update(&self.bytes[self.gap.end..]);
        hash.finalize().into()
    }

    /// The digest that a signature of this suite is over; of P-256 the same as [`Prepared::digest`].
    #[must_use]
    pub fn digest_by(&self, suite: Suite) -> [u8; 32] {
        suite.digest(&[&self.bytes[..self.gap.start], &self.bytes[self.gap.end..]])
    }

    /// Where the gap is, with its `<` and `>`.
    #[must_use]
    pub fn gap(&self) -> Range<usize> {
        self.gap.clone()
    }

    /// Bytes of signature that the gap holds.
    #[must_use]
    pub fn capacity_bytes(&self) -> usize {
        (self.gap.len() - 2) / 2
    }

    /// Finds the gap again in stored bytes.
    ///
    /// # Errors
    /// When the file is not one that waits for a signature.
    pub fn open(bytes: Vec<u8>) -> Result<Self, SignError> {
        let pdf = Pdf::open(&bytes)?;
        let last = pdf.revisions.len().saturating_sub(1);
        let waiting = |why| SignError::Pdf { at: 0, why };
        let found = signature_fields(pdf.latest()).into_iter().find(|s| s.revision == last);
        let gap = found.and_then(|s| s.contents).ok_or(waiting("no signature field waits in it"))?;
        let empty = bytes.get(gap.start + 1..gap.end.saturating_sub(1)).unwrap_or_default();
        if empty.is_empty() || !empty.iter().all(|b| *b == b'0') {
            return Err(waiting("its last signature field is filled already"));
        }
        Ok(Prepared { bytes, gap })
    }
}

/// Appends a revision with an empty signature field.
///
/// # Errors
/// When the PDF cannot be read or extended, or a parameter of the field cannot be used.
pub fn prepare(pdf: &[u8], field: &Field) -> Result<Prepared, SignError> {
    check(field)?;
    let value = Dict::default()
        .with("Type", Object::name_of("Sig"))
        .with("Filter", Object::name_of("Adobe.PPKLite"))
        .with("SubFilter", Object::name_of("ETSI.CAdES.detached"))
        .with("Name", text_string(&field.signer))
        .with("Reason", text_string(&field.reason))
        .with("M", Object::Text(pdf_date(field.signed_at_ms)?.into_bytes()));
    append(pdf, field, value)
}

/// Appends a revision with an empty document time stamp (EN 319 142-1, 5.4.3), invisible.
///
/// # Errors
/// As [`prepare`].
pub fn prepare_time_stamp(
    pdf: &[u8],
    name: &str,
    label: &str,
    capacity_bytes: usize,
) -> Result<Prepared, SignError> {
    let field = Field {
        name: name.to_owned(),
        label: label.to_owned(),
        signer: String::new(),
        reason: String::new(),
        signed_at_ms: 0,
        at: None,
        handwriting: None,
        capacity_bytes,
    };
    check(&field)?;
    let value = Dict::default()
        .with("Type", Object::name_of("DocTimeStamp"))
        .with("Filter", Object::name_of("Adobe.PPKLite"))
        .with("SubFilter", Object::name_of("ETSI.RFC3161"));
    append(pdf, &field, value)
}

/// Fills the gap with the CMS signature, or the time-stamp token.
///
/// # Errors
/// [`SignError::GapTooSmall`].
pub fn finish(prepared: Prepared, cms_der: &[u8]) -> Result<Vec<u8>, SignError> {
    let kept = prepared.capacity_bytes();
    if cms_der.len() > kept {
        return Err(SignError::GapTooSmall { needed: cms_der.len(), kept });
    }
    let Prepared { mut bytes, gap } = prepared;
    let hex: Vec<u8> = cms_der.iter().flat_map(|b| format!("{b:02x}").into_bytes()).collect();
    bytes[gap.start + 1..gap.start + 1 + hex.len()].copy_from_slice(&hex);
    Ok(bytes)
}

fn check(field: &Field) -> Result<(), SignError> {
    let refuse = |what, why| Err(SignError::Field { what, why });
    let names = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if field.name.is_empty() || field.name.len() > 60 || !field.name.chars().all(names) {
        return refuse("name", "it must be 1 to 60 letters, digits, - or _");
    }
    if field.label.is_empty() {
        return refuse("label", "a screen reader would have nothing to say");
    }
    for (what, text) in [("label", &field.label), ("signer", &field.signer), ("reason", &field.reason)] {
        if text.chars().count() > TEXT_LIMIT {
            return refuse(what, "it has more than 200 characters");
        }
    }
    if !CAPACITY_RANGE_BYTES.contains(&field.capacity_bytes) {
        return refuse("capacity_bytes", "it must be between 512 and 65536");
    }
    match (&field.at, &field.handwriting) {
        (None, Some(_)) => refuse("handwriting", "it has no box to stand in"),
        (Some(at), _) if !at.is_sane() => refuse("box", "it lies outside any page"),
        _ => Ok(()),
    }
}

fn append(bytes: &[u8], field: &Field, mut value: Dict) -> Result<Prepared, SignError> {
    let pdf = Pdf::open(bytes)?;
    let view = pdf.latest();
    let damaged = |why| SignError::Pdf { at: 0, why };
    let taken = signature_fields(view)
        .iter()
        .any(|s| s.widget.get("T").and_then(Object::text) == Some(field.name.as_bytes()));
    if taken {
        return Err(SignError::Field { what: "name", why: "the form has a field of this name already" });
    }
    let pages = pages(view).ok_or(damaged("its pages are damaged"))?;
    let page_index = field.at.map_or(0, |at| at.page_index);
    let page =
        *pages.get(page_index).ok_or(SignError::Field { what: "box", why: "there is no such page" })?;

    let mut update = Update::new(view);
    let signature = update.reserve();
    let blank = " ".repeat(BYTE_RANGE_WIDTH - 2);
    let gap = format!("<{}>", "0".repeat(field.capacity_bytes * 2));
    // In front of every text, so that no text can be taken for them when the places are looked up.
    value.0.insert(0, (b"ByteRange".to_vec(), Object::Verbatim(format!("[{blank}]").into_bytes())));
    value.0.insert(1, (b"Contents".to_vec(), Object::Verbatim(gap.into_bytes())));
    update.put(signature, Object::Dict(value));

    let widget = update.reserve();
    let dict = widget_dict(&mut update, view, field, page, signature, widget)?;
    update.put(widget, Object::Dict(dict));
    form::add_field(&mut update, view, widget)?;
    form::add_to_page(&mut update, view, page, widget)?;

    let written = update.write(view);
    let at = written.offsets.get(&signature).copied().unwrap_or(0);
    patch(written.bytes, at)
}

fn widget_dict(
    update: &mut Update,
    view: View<'_, '_>,
    field: &Field,
    page: u32,
    signature: u32,
    widget: u32,
) -> Result<Dict, SignError> {
    let label = text_string(&field.label);
    // Nowhere is a point outside the page: PDF/UA-1 (7.18.1) asks for a tag only inside the crop box, PDF/A-3 (6.3.3) for a picture
    // only where there is an area. So a seal without a picture leaves the tags alone, which pyHanko's rules of change ask for too.
    let rect = field.at.map_or([-100; 4], |at| {
        [at.left_cpt, at.bottom_cpt, at.left_cpt + at.width_cpt, at.bottom_cpt + at.height_cpt]
    });
    let mut dict = Dict::default()
        .with("Type", Object::name_of("Annot"))
        .with("Subtype", Object::name_of("Widget"))
        .with("FT", Object::name_of("Sig"))
        .with("T", text_string(&field.name))
        .with("TU", label.clone())
        .with("F", Object::Integer(132)) // Print | Locked (ISO 32000-1, table 165)
        .with("P", Object::Ref(page))
        .with("Rect", Object::Array(rect.map(cpt).to_vec()))
        .with("V", Object::Ref(signature));
    if let (Some(at), Some(handwriting)) = (&field.at, &field.handwriting) {
        let (form, content) = handwriting.draw(at)?;
        let normal = update.add_stream(form, content);
        dict.set("AP", Object::Dict(Dict::default().with("N", Object::Ref(normal))));
    }
    if field.at.is_some()
        && let Some(key) = form::add_tag(update, view, page, widget, &label)?
    {
        dict.set("StructParent", Object::Integer(key));
    }
    Ok(dict)
}

/// Writes the byte range once the places are known.
fn patch(mut bytes: Vec<u8>, object_at: usize) -> Result<Prepared, SignError> {
    let lost = SignError::Pdf { at: object_at, why: "the place for the signature was not found" };
    let find = |text: &[u8]| {
        let found = bytes.get(object_at..)?.windows(text.len()).position(|w| w == text)?;
        Some(object_at + found + text.len())
    };
    let (Some(range_at), Some(contents_at)) = (find(b"/ByteRange ["), find(b"/Contents <")) else {
        return Err(lost);
    };
    let gap_start = contents_at - 1;
    let Some(digits) = bytes[contents_at..].iter().position(|b| *b == b'>') else { return Err(lost) };
    let gap = gap_start..contents_at + digits + 1;
    let range = format!("0 {} {} {}", gap.start, gap.end, bytes.len() - gap.end);
    let padded = format!("{range:<width$}", width = BYTE_RANGE_WIDTH - 2);
    bytes[range_at..range_at + BYTE_RANGE_WIDTH - 2].copy_from_slice(padded.as_bytes());
    Prepared { bytes, gap }.checked()
}

impl Prepared {
    /// Reads back what was written: the gap found by the reader must be the gap that was left by the writer.
    fn checked(self) -> Result<Self, SignError> {
        let again = Prepared::open(self.bytes)?;
        match again.gap == self.gap {
            true => Ok(again),
            false => Err(SignError::Pdf { at: self.gap.start, why: "its own gap was not found again" }),
        }
    }
}
