//! Walks the trees that a signature touches: pages and form fields. Cycles and depth are bounded.

use std::collections::BTreeSet;
use std::ops::Range;

use super::file::View;
use super::object::{Dict, Object};

const PAGE_LIMIT: usize = 10_000;
const DEPTH_LIMIT: usize = 40;

/// Object numbers of the pages in reading order; `None` when the tree is damaged.
pub(crate) fn pages(view: View<'_, '_>) -> Option<Vec<u32>> {
    let root = view.catalog()?.get("Pages")?.reference()?;
    let mut pages = Vec::new();
    walk(view, root, 0, &mut BTreeSet::new(), &mut pages)?;
    Some(pages)
}

fn walk(
    view: View<'_, '_>,
    node: u32,
    depth: usize,
    seen: &mut BTreeSet<u32>,
    out: &mut Vec<u32>,
) -> Option<()> {
    if depth > DEPTH_LIMIT || out.len() > PAGE_LIMIT || !seen.insert(node) {
        return None;
    }
    let dict = view.stored(node)?.value.dict()?;
    if dict.is("Type", "Page") {
        out.push(node);
        return Some(());
    }
    for kid in view.field(dict, "Kids")?.array()? {
        walk(view, kid.reference()?, depth + 1, seen, out)?;
    }
    Some(())
}

/// A signature field that holds a value.
#[derive(Clone, Debug)]
pub(crate) struct Signed<'p> {
    /// The field, which is its own widget in every file of ours.
    pub(crate) widget: &'p Dict,
    /// The signature dictionary.
    pub(crate) value: &'p Dict,
    /// Place of `Contents` in the file.
    pub(crate) contents: Option<Range<usize>>,
    /// The revision whose bytes hold the signature dictionary.
    pub(crate) revision: usize,
}

/// Every field of the form with a signature in it, in the form's order. Fields inside other fields are not of our making and
/// are found too, so that none goes unmentioned.
pub(crate) fn signature_fields<'p>(view: View<'p, '_>) -> Vec<Signed<'p>> {
    let mut found = Vec::new();
    let form = view.catalog().and_then(|c| view.field(c, "AcroForm")).and_then(Object::dict);
    let fields = form.and_then(|f| view.field(f, "Fields")).and_then(Object::array).unwrap_or_default();
    let mut seen = BTreeSet::new();
    let mut open: Vec<u32> = fields.iter().rev().filter_map(Object::reference).collect();
    while let Some(number) = open.pop() {
        if !seen.insert(number) || found.len() >= PAGE_LIMIT {
            continue;
        }
        let Some(widget) = view.stored(number).and_then(|s| s.value.dict()) else { continue };
        let kids = view.field(widget, "Kids").and_then(Object::array).unwrap_or_default();
        open.extend(kids.iter().rev().filter_map(Object::reference));
        let Some(value_number) = widget.get("V").and_then(Object::reference) else { continue };
        let Some(stored) = view.stored(value_number) else { continue };
        let Some(value) = stored.value.dict().filter(|d| d.get("ByteRange").is_some()) else { continue };
        let newest = |r: &usize| view.pdf.revisions[*r].objects.contains_key(&value_number);
        let revision = (0..=view.revision).rev().find(newest).unwrap_or(0);
        let contents = stored.contents.clone();
        found.push(Signed { widget, value, contents, revision });
    }
    found
}
