//! The parts around a signature that keep the file accessible: the form, the page's annotations and the tags.
//!
//! PDF/UA-1 (ISO 14289-1, 7.18.4) wants each widget inside a `Form` structure element, 7.18.1 a description (`TU`), 7.18.3 the tab
//! order of the structure (`Tabs /S`). PDF/A-3 (ISO 19005-3, 6.3.2) wants annotations that print.

use crate::pdf::object::{Dict, Object};
use crate::pdf::{Update, View};
use crate::words::SignError;

fn damaged(why: &'static str) -> SignError {
    SignError::Pdf { at: 0, why }
}

/// Adds the field to the form of the catalog, making the form when there is none.
pub(crate) fn add_field(update: &mut Update, view: View<'_, '_>, field: u32) -> Result<(), SignError> {
    let root = view.root_number().ok_or(damaged("it has no catalog"))?;
    let mut catalog = update.dict(view, root).ok_or(damaged("it has no catalog"))?;
    let flags = Object::Integer(3); // SignaturesExist | AppendOnly (ISO 32000-1, table 219)
    match catalog.get("AcroForm").cloned() {
        None => {
            let fields = Object::Array(vec![Object::Ref(field)]);
            let form = Dict::default().with("Fields", fields).with("SigFlags", flags);
            let number = update.add(Object::Dict(form));
            catalog.set("AcroForm", Object::Ref(number));
            update.put(root, Object::Dict(catalog));
        }
        Some(Object::Ref(number)) => {
            let mut form = update.dict(view, number).ok_or(damaged("its form is damaged"))?;
            append(&mut form, "Fields", Object::Ref(field))?;
            form.set("SigFlags", flags);
            update.put(number, Object::Dict(form));
        }
        Some(_) => return Err(damaged("its form stands inside the catalog, which papers of ours do not do")),
    }
    Ok(())
}

fn append(dict: &mut Dict, key: &str, item: Object) -> Result<(), SignError> {
    let mut items = match dict.get(key) {
        None => Vec::new(),
        Some(Object::Array(items)) => items.clone(),
        Some(_) => return Err(damaged("a list to be extended stands apart from its owner")),
    };
    items.push(item);
    dict.set(key, Object::Array(items));
    Ok(())
}

/// Adds the widget to its page.
pub(crate) fn add_to_page(
    update: &mut Update,
    view: View<'_, '_>,
    page: u32,
    widget: u32,
) -> Result<(), SignError> {
    let mut dict = update.dict(view, page).ok_or(damaged("a page is damaged"))?;
    if dict.get("Rotate").is_some_and(|r| r.integer() != Some(0)) {
        return Err(damaged("the page of the signature is turned"));
    }
    append(&mut dict, "Annots", Object::Ref(widget))?;
    dict.set("Tabs", Object::name_of("S"));
    update.put(page, Object::Dict(dict));
    Ok(())
}

/// Adds a `Form` element for the widget and gives back the widget's key in the parent tree; `None` for an untagged file.
pub(crate) fn add_tag(
    update: &mut Update,
    view: View<'_, '_>,
    page: u32,
    widget: u32,
    label: &Object,
) -> Result<Option<i64>, SignError> {
    let catalog = view.catalog().ok_or(damaged("it has no catalog"))?;
    let Some(tree) = catalog.get("StructTreeRoot") else { return Ok(None) };
    let number = tree.reference().ok_or(damaged("its structure tree stands inside the catalog"))?;
    let mut root = update.dict(view, number).ok_or(damaged("its structure tree is damaged"))?;
    let parent = match root.get("K") {
        Some(Object::Ref(one)) => *one,
        Some(Object::Array(kids)) => {
            kids.first().and_then(Object::reference).ok_or(damaged("its tags are damaged"))?
        }
        _ => return Err(damaged("its structure tree has no document")),
    };
    let object = Dict::default()
        .with("Type", Object::name_of("OBJR"))
        .with("Obj", Object::Ref(widget))
        .with("Pg", Object::Ref(page));
    let element = Dict::default()
        .with("Type", Object::name_of("StructElem"))
        .with("S", Object::name_of("Form"))
        .with("P", Object::Ref(parent))
        .with("Alt", label.clone())
        .with("K", Object::Array(vec![Object::Dict(object)]));
    let element = update.add(Object::Dict(element));
    let mut document = update.dict(view, parent).ok_or(damaged("its tags are damaged"))?;
    append(&mut document, "K", Object::Ref(element))?;
    update.put(parent, Object::Dict(document));
    let key = add_to_parent_tree(&mut root, element)?;
    update.put(number, Object::Dict(root));
    Ok(Some(key))
}

fn add_to_parent_tree(root: &mut Dict, element: u32) -> Result<i64, SignError> {
    let key = root.get("ParentTreeNextKey").and_then(Object::integer).filter(|k| *k >= 0);
    let key = key.ok_or(damaged("its parent tree names no next key"))?;
    let mut tree = root
        .get("ParentTree")
        .and_then(Object::dict)
        .cloned()
        .ok_or(damaged("its parent tree stands apart"))?;
    if tree.get("Kids").is_some() {
        return Err(damaged("its parent tree has branches"));
    }
    append(&mut tree, "Nums", Object::Integer(key))?;
    append(&mut tree, "Nums", Object::Ref(element))?;
    root.set("ParentTree", Object::Dict(tree));
    root.set("ParentTreeNextKey", Object::Integer(key.saturating_add(1)));
    Ok(key)
}
