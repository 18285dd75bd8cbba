//! Where on the paper a signature may stand. The paper says so itself, in its keywords, so that a verifier years later can tell
//! a signature in its box from a picture that was laid over the figures.

use crate::pdf::object::{Dict, Object, read_text_string};
use crate::pdf::{Pdf, View, pages};
use crate::words::SignError;

/// A rectangle on a page, in hundredths of a point from the lower left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoxAt {
    /// Page, 0-based.
    pub page_index: usize,
    /// Left edge.
    pub left_cpt: i64,
    /// Lower edge.
    pub bottom_cpt: i64,
    /// Width.
    pub width_cpt: i64,
    /// Height.
    pub height_cpt: i64,
}

/// A box with the name that the template gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureBox {
    /// Such as `sign-borrower`.
    pub name: String,
    /// Where.
    pub at: BoxAt,
}

const BOX_LIMIT: usize = 32;
/// No paper is larger: ten metres.
const EDGE_LIMIT_CPT: i64 = 2_900_000;

impl BoxAt {
    pub(crate) fn contains(&self, other: &BoxAt) -> bool {
        self.page_index == other.page_index
            && other.left_cpt >= self.left_cpt
            && other.bottom_cpt >= self.bottom_cpt
            && other.left_cpt + other.width_cpt <= self.left_cpt + self.width_cpt
            && other.bottom_cpt + other.height_cpt <= self.bottom_cpt + self.height_cpt
    }

    pub(crate) fn is_sane(&self) -> bool {
        let edge = |n: i64| (0..=EDGE_LIMIT_CPT).contains(&n);
        edge(self.left_cpt)
            && edge(self.bottom_cpt)
            && edge(self.width_cpt)
            && edge(self.height_cpt)
            && self.width_cpt > 0
            && self.height_cpt > 0
    }
}

/// The boxes that the paper declares in its first revision, as `name=page:left,bottom,width,height` (page 1-based, hundredths of a
/// point) among the keywords of its Info dictionary.
///
/// # Errors
/// When the PDF cannot be read.
pub fn boxes(pdf: &[u8]) -> Result<Vec<SignatureBox>, SignError> {
    let pdf = Pdf::open(pdf)?;
    Ok(boxes_of(pdf.view(0)))
}

pub(crate) fn boxes_of(first: View<'_, '_>) -> Vec<SignatureBox> {
    let info = first.trailer().and_then(|t| first.field(t, "Info")).and_then(Object::dict);
    let keywords = info.and_then(|i| first.field(i, "Keywords")).and_then(Object::text).unwrap_or_default();
    let text = read_text_string(keywords);
    let words = text.split(|c: char| c.is_whitespace() || c == ';');
    // The numbers are separated by commas, and so may the keywords be: a box is five parts in a row.
    let joined: Vec<&str> = words.filter(|w| !w.is_empty()).collect();
    joined.iter().filter_map(|word| read_box(word.trim_end_matches(','))).take(BOX_LIMIT).collect()
}

fn read_box(word: &str) -> Option<SignatureBox> {
    let (name, place) = word.split_once('=')?;
    let (page, numbers) = place.split_once(':')?;
    let page_index = page.parse::<usize>().ok()?.checked_sub(1)?;
    let numbers: Vec<i64> = numbers.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [left_cpt, bottom_cpt, width_cpt, height_cpt] = numbers[..] else { return None };
    let at = BoxAt { page_index, left_cpt, bottom_cpt, width_cpt, height_cpt };
    at.is_sane().then(|| SignatureBox { name: name.to_owned(), at })
}

/// A widget's rectangle: `Some(None)` for one without area, `None` for one that cannot be read.
pub(crate) fn rect_of(view: View<'_, '_>, widget: &Dict) -> Option<Option<BoxAt>> {
    let numbers: Vec<i64> =
        widget.get("Rect")?.array()?.iter().map(Object::hundredths).collect::<Option<_>>()?;
    let [x0, y0, x1, y1] = numbers[..] else { return None };
    if x0 == x1 && y0 == y1 {
        return Some(None);
    }
    let page = widget.get("P")?.reference()?;
    let page_index = pages(view)?.iter().position(|p| *p == page)?;
    let (width_cpt, height_cpt) = (x1.checked_sub(x0)?, y1.checked_sub(y0)?);
    let at = BoxAt { page_index, left_cpt: x0, bottom_cpt: y0, width_cpt, height_cpt };
    at.is_sane().then_some(Some(at))
}
