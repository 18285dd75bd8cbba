//! What one revision changed against the one before. The list is of what is allowed; everything else contradicts.
//!
//! Allowed is exactly what this crate writes: a new, filled signature field with its widget, strokes and tag; validation data; a
//! document time stamp. So text cannot be replaced, laid over or brought out of hiding (shadow attacks; Mladenov et al. 2019,
//! Mainka et al. 2021).

use std::collections::BTreeSet;

use crate::container::{BoxAt, boxes_of, is_strokes_only, rect_of};
use crate::pdf::object::{Dict, Object};
use crate::pdf::{Pdf, Stored, View, pages};
use crate::words::Words;

type Judged<T> = Result<T, Words>;

fn no<T>(zh: impl Into<String>, en: impl Into<String>) -> Judged<T> {
    Err(Words::new(zh, en))
}

/// One step from `old` to `new`.
struct Step<'p, 'a> {
    old: View<'p, 'a>,
    new: View<'p, 'a>,
    /// Objects of the revision that nothing has explained yet.
    unexplained: BTreeSet<u32>,
    /// Signature fields that the revision adds.
    fields: Vec<u32>,
}

/// Judges revision `index` (0-based, at least 1).
pub(crate) fn check(pdf: &Pdf<'_>, index: usize) -> Judged<()> {
    let objects = &pdf.revisions[index].objects;
    let mut step = Step {
        old: pdf.view(index - 1),
        new: pdf.view(index),
        unexplained: objects.keys().copied().collect(),
        fields: Vec::new(),
    };
    let same = |n: &u32| step.old.stored(*n).is_some_and(|old| same(old, &objects[n]));
    let repeated: Vec<u32> = objects.keys().copied().filter(same).collect();
    for number in repeated {
        step.unexplained.remove(&number);
    }
    step.trailer()?;
    step.catalog()?;
    step.form()?;
    for field in step.fields.clone() {
        step.field(field)?;
    }
    step.pages()?;
    step.tags()?;
    step.validation()?;
    match step.unexplained.first() {
        None => Ok(()),
        Some(number) => no(
            format!("增加或替换了与签名无关的对象（编号 {number}）。"),
            format!("it adds or replaces object {number}, which is no part of a signature"),
        ),
    }
}

fn same(old: &Stored, new: &Stored) -> bool {
    old.value == new.value && old.stream == new.stream
}

/// What `new` has after everything of `old`, when `old` is its beginning.
fn appended<'p>(old: &[Object], new: &'p [Object]) -> Option<&'p [Object]> {
    new.starts_with(old).then(|| &new[old.len()..])
}

fn list<'p>(dict: &'p Dict, key: &str) -> Option<&'p [Object]> {
    match dict.get(key) {
        None => Some(&[]),
        Some(value) => value.array(),
    }
}

fn only_keys(dict: &Dict, allowed: &[&str]) -> bool {
    dict.keys().all(|key| allowed.iter().any(|a| a.as_bytes() == key))
}

impl<'p> Step<'p, '_> {
    /// A dictionary that this revision changes; `None` when it leaves it alone.
    fn changed(&self, number: u32) -> Option<&'p Dict> {
        self.unexplained.contains(&number).then(|| self.new.stored(number)?.value.dict()).flatten()
    }

    fn explain(&mut self, number: u32) {
        self.unexplained.remove(&number);
    }

    /// A dictionary that this revision brings and that did not exist before; explained by the asking.
    fn brought(&mut self, value: Option<&Object>, what: &Words) -> Judged<(u32, &'p Stored)> {
        let number = value.and_then(Object::reference).filter(|n| self.unexplained.contains(n));
        let stored = number.filter(|n| self.old.stored(*n).is_none()).and_then(|n| self.new.stored(n));
        match (number, stored) {
            (Some(number), Some(stored)) => {
                self.explain(number);
                Ok((number, stored))
            }
            _ => Err(what.clone()),
        }
    }

    fn trailer(&self) -> Judged<()> {
        let (Some(old), Some(new)) = (self.old.trailer(), self.new.trailer()) else {
            return no("文件尾缺失。", "a trailer is missing");
        };
        // The first half names the document and stays, the second names the revision (ISO 32000-1, 14.4).
        let first = |t: &Dict| match t.get("ID").and_then(Object::array) {
            Some([first @ Object::Text(_), Object::Text(_)]) => Some(first.clone()),
            _ => None,
        };
        let known = only_keys(new, &["Size", "Root", "Info", "ID", "Prev"]) && self.size_is_right(new);
        match known && old.same_but(new, &["Size", "ID", "Prev"]) && first(old) == first(new) {
            true => Ok(()),
            false => no(
                "文件尾指向了别的目录或资料。",
                "the trailer points to another catalog or other information",
            ),
        }
    }

    /// One more than the largest number: a smaller one would hide objects from a reader that keeps to it.
    fn size_is_right(&self, trailer: &Dict) -> bool {
        let revisions = &self.new.pdf.revisions[..=self.new.revision];
        let largest =
            revisions.iter().filter_map(|r| r.objects.keys().next_back()).max().copied().unwrap_or(0);
        trailer.get("Size").and_then(Object::integer) == Some(i64::from(largest) + 1)
    }

    fn catalog(&mut self) -> Judged<()> {
        let root = self.new.root_number().unwrap_or(0);
        let (Some(old), Some(new)) = (self.old.catalog(), self.new.catalog()) else {
            return no("文件目录缺失。", "the catalog is missing");
        };
        if self.changed(root).is_none() {
            return Ok(());
        }
        let kept = |key| match (old.get(key), new.get(key)) {
            (None, None) => true,
            (None, Some(Object::Ref(_))) => true,
            (Some(a), Some(b)) => a == b,
            _ => false,
        };
        if !old.same_but(new, &["AcroForm", "DSS"]) || !kept("AcroForm") || !kept("DSS") {
            return no("改动了文件目录。", "it changes the document's catalog");
        }
        self.explain(root);
        Ok(())
    }

    fn form(&mut self) -> Judged<()> {
        let at =
            |view: View<'p, '_>| view.catalog().and_then(|c| c.get("AcroForm")).and_then(Object::reference);
        let Some(number) = at(self.new) else { return Ok(()) };
        let Some(new) = self.changed(number) else { return Ok(()) };
        let empty = Dict::default();
        let old =
            at(self.old).and_then(|n| self.old.stored(n)).and_then(|s| s.value.dict()).unwrap_or(&empty);
        let added = match (list(old, "Fields"), list(new, "Fields")) {
            (Some(old), Some(new)) => appended(old, new),
            _ => None,
        };
        let flags = new.get("SigFlags").and_then(Object::integer) == Some(3);
        let (Some(added), true, true) = (added, flags, old.same_but(new, &["Fields", "SigFlags"])) else {
            return no("改动了表单里原有的栏目。", "it changes fields that the form had already");
        };
        self.fields = added.iter().filter_map(Object::reference).collect();
        if self.fields.len() != added.len()
            || self.fields.iter().collect::<BTreeSet<_>>().len() != added.len()
        {
            return no("新增的栏目不合格式。", "a new field is not as it must be");
        }
        self.explain(number);
        Ok(())
    }

    fn field(&mut self, number: u32) -> Judged<()> {
        let odd = Words::new("新增的栏目不是已签署的签名栏。", "a new field is not a filled signature field");
        let (_, stored) = self.brought(Some(&Object::Ref(number)), &odd)?;
        let widget = stored.value.dict().ok_or(odd.clone())?;
        let keys = ["Type", "Subtype", "FT", "T", "TU", "F", "P", "Rect", "V", "AP", "StructParent"];
        let print = widget.get("F").and_then(Object::integer) == Some(132);
        if !only_keys(widget, &keys) || !widget.is("Subtype", "Widget") || !widget.is("FT", "Sig") || !print {
            return Err(odd);
        }
        if self.name_taken(number, widget) {
            return no("新增的栏目与已有栏目同名。", "a new field has the name of another");
        }
        let (_, value) = self.brought(widget.get("V"), &odd)?;
        let keys = [
            "Type",
            "Filter",
            "SubFilter",
            "ByteRange",
            "Contents",
            "Name",
            "Reason",
            "M",
            "Location",
            "ContactInfo",
        ];
        let value = value.value.dict().filter(|v| only_keys(v, &keys) && v.get("ByteRange").is_some());
        if value.is_none() {
            return Err(odd);
        }
        self.appearance(widget)
    }

    fn name_taken(&self, number: u32, widget: &Dict) -> bool {
        let form = self.new.catalog().and_then(|c| self.new.field(c, "AcroForm")).and_then(Object::dict);
        let fields = form.and_then(|f| list(f, "Fields")).unwrap_or_default();
        let others = fields.iter().filter_map(Object::reference).filter(|n| *n != number);
        let name = widget.get("T");
        name.is_none() || others.filter_map(|n| self.new.stored(n)?.value.dict()).any(|d| d.get("T") == name)
    }

    /// Something that can be seen may be drawn only in a box that the paper has for it, only as strokes, and not over another.
    fn appearance(&mut self, widget: &Dict) -> Judged<()> {
        let Some(rect) = rect_of(self.new, widget) else {
            return no("新增的签名栏没有位置。", "a new signature field has no place");
        };
        let Some(appearance) = widget.get("AP") else { return Ok(()) };
        let Some(at) = rect else {
            return no("看不见的签名栏却有图形。", "a signature field without area has a picture");
        };
        let declared = boxes_of(self.new.pdf.view(0));
        if !declared.iter().any(|b| b.at.contains(&at)) {
            return no(
                "签名画在了签名框之外，可能盖住正文。",
                "a signature is drawn outside the paper's signature boxes and may cover text",
            );
        }
        if self.covers_another(&at) {
            return no("签名盖住了另一个签名。", "a signature covers another one");
        }
        let odd = Words::new(
            "签名的图形不只是手写笔画。",
            "the picture of a signature is more than handwritten strokes",
        );
        let appearance = appearance.dict().filter(|a| only_keys(a, &["N"])).ok_or(odd.clone())?;
        let (_, stored) = self.brought(appearance.get("N"), &odd)?;
        let strokes = match (stored.value.dict(), &stored.stream) {
            (Some(dict), Some(content)) => is_strokes_only(dict, content, &at),
            _ => false,
        };
        if strokes { Ok(()) } else { Err(odd) }
    }

    fn covers_another(&self, at: &BoxAt) -> bool {
        let form = self.old.catalog().and_then(|c| self.old.field(c, "AcroForm")).and_then(Object::dict);
        let fields = form.and_then(|f| list(f, "Fields")).unwrap_or_default();
        let widgets = fields.iter().filter_map(|f| self.old.stored(f.reference()?)?.value.dict());
        let rects = widgets.filter_map(|w| rect_of(self.old, w).flatten());
        rects.into_iter().any(|other| {
            other.page_index == at.page_index
                && other.left_cpt < at.left_cpt + at.width_cpt
                && at.left_cpt < other.left_cpt + other.width_cpt
                && other.bottom_cpt < at.bottom_cpt + at.height_cpt
                && at.bottom_cpt < other.bottom_cpt + other.height_cpt
        })
    }

    fn pages(&mut self) -> Judged<()> {
        let (Some(old), Some(new)) = (pages(self.old), pages(self.new)) else {
            return no("页面目录损坏。", "the pages are damaged");
        };
        if old != new {
            return no("增减或调换了页面。", "it adds, removes or exchanges pages");
        }
        for page in new {
            let Some(after) = self.changed(page) else { continue };
            let Some(before) = self.old.stored(page).and_then(|s| s.value.dict()) else { continue };
            let added = match (list(before, "Annots"), list(after, "Annots")) {
                (Some(old), Some(new)) => appended(old, new),
                _ => None,
            };
            let ours = |item: &Object| {
                let field = item.reference().filter(|n| self.fields.contains(n));
                let on = field.and_then(|n| self.new.stored(n)?.value.dict()?.get("P")?.reference());
                on == Some(page)
            };
            let added_ok = added.is_some_and(|items| items.iter().all(ours));
            if !added_ok || !before.same_but(after, &["Annots", "Tabs"]) || !after.is("Tabs", "S") {
                return no(
                    "改动了页面，或在页面上加了别的东西。",
                    "it changes a page or lays something over it",
                );
            }
            self.explain(page);
        }
        Ok(())
    }

    fn tags(&mut self) -> Judged<()> {
        let Some(number) =
            self.new.catalog().and_then(|c| c.get("StructTreeRoot")).and_then(Object::reference)
        else {
            return Ok(());
        };
        let Some(new) = self.changed(number) else { return Ok(()) };
        let odd =
            Words::new("改动了供读屏软件使用的结构。", "it changes the structure that screen readers use");
        let old = self.old.stored(number).and_then(|s| s.value.dict()).ok_or(odd.clone())?;
        let tree = |d: &'p Dict| d.get("ParentTree").and_then(Object::dict);
        let (Some(old_tree), Some(new_tree)) = (tree(old), tree(new)) else { return Err(odd) };
        let kept =
            old.same_but(new, &["ParentTree", "ParentTreeNextKey"]) && old_tree.same_but(new_tree, &["Nums"]);
        let added =
            appended(list(old_tree, "Nums").unwrap_or_default(), list(new_tree, "Nums").unwrap_or_default());
        let (Some(added), true) = (added, kept) else { return Err(odd) };
        let parent = match old.get("K") {
            Some(Object::Ref(one)) => Some(*one),
            Some(Object::Array(kids)) => kids.first().and_then(Object::reference),
            _ => None,
        };
        let parent = parent.ok_or(odd.clone())?;
        let mut elements = Vec::new();
        for pair in added.chunks(2) {
            let [Object::Integer(_), element] = pair else { return Err(odd) };
            let (element, stored) = self.brought(Some(element), &odd)?;
            if !self.is_form_tag(stored, parent) {
                return Err(odd);
            }
            elements.push(Object::Ref(element));
        }
        self.explain(number);
        let (Some(after), Some(before)) =
            (self.changed(parent), self.old.stored(parent).and_then(|s| s.value.dict()))
        else {
            return Err(odd);
        };
        let added = appended(list(before, "K").unwrap_or_default(), list(after, "K").unwrap_or_default());
        if added != Some(&elements[..]) || !before.same_but(after, &["K"]) {
            return Err(odd);
        }
        self.explain(parent);
        Ok(())
    }

    fn is_form_tag(&self, stored: &Stored, parent: u32) -> bool {
        let Some(tag) = stored.value.dict() else { return false };
        let Some([Object::Dict(target)]) = tag.get("K").and_then(Object::array) else { return false };
        let field = target.get("Obj").and_then(Object::reference);
        only_keys(tag, &["Type", "S", "P", "Alt", "K"])
            && tag.is("S", "Form")
            && tag.get("P") == Some(&Object::Ref(parent))
            && only_keys(target, &["Type", "Obj", "Pg"])
            && field.is_some_and(|n| self.fields.contains(&n))
    }

    fn validation(&mut self) -> Judged<()> {
        let at = |view: View<'p, '_>| view.catalog().and_then(|c| c.get("DSS")).and_then(Object::reference);
        let Some(number) = at(self.new) else { return Ok(()) };
        let Some(new) = self.changed(number) else { return Ok(()) };
        let odd = Words::new("改动了原有的验证材料。", "it changes validation data that was there already");
        let empty = Dict::default();
        let old =
            at(self.old).and_then(|n| self.old.stored(n)).and_then(|s| s.value.dict()).unwrap_or(&empty);
        let is_store = new.get("Type").is_none() || new.is("Type", "DSS");
        if !is_store || !only_keys(new, &["Type", "Certs", "CRLs"]) {
            return Err(odd);
        }
        self.explain(number);
        for key in ["Certs", "CRLs"] {
            let added = match (list(old, key), list(new, key)) {
                (Some(old), Some(new)) => appended(old, new),
                _ => None,
            };
            for item in added.ok_or(odd.clone())? {
                let (_, stored) = self.brought(Some(item), &odd)?;
                let plain =
                    stored.stream.is_some() && stored.value.dict().is_some_and(|d| only_keys(d, &["Length"]));
                if !plain {
                    return Err(odd);
                }
            }
        }
        Ok(())
    }
}
