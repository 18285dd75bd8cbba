//! Where a hand may write: the marked corners of the templates' lines for signatures and dates, after typesetting, so that nobody has
//! to measure a page. The places also go into the file's keywords, inside what the borrower signs.

use typst::foundations::{Label, Selector, Value};
use typst::introspection::{Introspector, MetadataElem, PagedPosition};
use typst::layout::Abs;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

/// A rectangle on a page, in hundredths of a point from the lower left corner, as PDF counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignaturePlace {
    /// The template's name for it, such as `sign-borrower`.
    pub name: String,
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

impl SignaturePlace {
    /// `sign-borrower=2:5102,12045,21030,2834`: page from 1, then left, lower edge, width, height.
    pub(crate) fn keyword(&self) -> String {
        let SignaturePlace { name, page_index, left_cpt, bottom_cpt, width_cpt, height_cpt } = self;
        format!("{name}={}:{left_cpt},{bottom_cpt},{width_cpt},{height_cpt}", page_index + 1)
    }
}

/// Every place, in the order of the paper.
pub(crate) fn find(document: &PagedDocument) -> Vec<SignaturePlace> {
    let ends = marks(document, "box-to");
    let end_of =
        |name: &str, page| ends.iter().find(|(n, at)| n == name && at.page == page).map(|(_, at)| *at);
    let place = |(name, from): (String, PagedPosition)| {
        let to = end_of(&name, from.page)?;
        let page_index = from.page.get() - 1;
        let page_height = document.pages().get(page_index)?.frame.height();
        Some(SignaturePlace {
            name,
            page_index,
            left_cpt: cpt(from.point.x),
            bottom_cpt: cpt(page_height - to.point.y),
            width_cpt: cpt(to.point.x - from.point.x),
            height_cpt: cpt(to.point.y - from.point.y),
        })
    };
    marks(document, "box-from")
        .into_iter()
        .filter_map(place)
        .filter(|p| p.width_cpt > 0 && p.height_cpt > 0)
        .collect()
}

fn marks(document: &PagedDocument, label: &str) -> Vec<(String, PagedPosition)> {
    let Some(label) = Label::new(PicoStr::intern(label)) else { return Vec::new() };
    let introspector = document.introspector();
    let read = |mark: &typst::foundations::Content| {
        let at = introspector.position(mark.location()?)?;
        match &mark.to_packed::<MetadataElem>()?.value {
            Value::Str(name) => Some((name.to_string(), at)),
            _ => None,
        }
    };
    introspector.query(&Selector::Label(label)).iter().filter_map(read).collect()
}

/// The only place where a length of the typesetter becomes a number of ours.
fn cpt(length: Abs) -> i64 {
    (length.to_pt() * 100.0).round() as i64
}
