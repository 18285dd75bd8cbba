//! The document security store (EN 319 142-1, 5.4.2): certificates and revocation lists inside the file, so that it can still be
//! checked when their publisher is gone (level B-LT).

use crate::pdf::object::{Dict, Object};
use crate::pdf::{Pdf, Update, View};
use crate::words::SignError;

/// What a verifier years later needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validation {
    /// Certificates in DER.
    pub certificates: Vec<Vec<u8>>,
    /// Revocation lists in DER.
    pub crls: Vec<Vec<u8>>,
}

const ITEM_LIMIT: usize = 64;

/// Appends a revision with these, behind those that are there already.
///
/// # Errors
/// When the PDF cannot be read, or holds or gets too many of them.
pub fn add_validation(pdf: &[u8], validation: &Validation) -> Result<Vec<u8>, SignError> {
    let pdf = Pdf::open(pdf)?;
    let view = pdf.latest();
    let damaged = |why| SignError::Pdf { at: 0, why };
    let root = view.root_number().ok_or(damaged("it has no catalog"))?;
    let mut catalog = view.catalog().cloned().ok_or(damaged("it has no catalog"))?;
    let mut update = Update::new(view);
    let before = store_dict(view).cloned();
    let mut store = before.clone().unwrap_or_default();
    if before.is_none() {
        store.set("Type", Object::name_of("DSS"));
    }
    for (key, items) in [("Certs", &validation.certificates), ("CRLs", &validation.crls)] {
        let have = streams(view, before.as_ref(), key);
        let mut list = store.get(key).and_then(Object::array).unwrap_or_default().to_vec();
        for item in items.iter().filter(|item| !have.contains(&item.as_slice())) {
            list.push(Object::Ref(update.add_stream(Dict::default(), item.clone())));
        }
        if list.len() > ITEM_LIMIT {
            return Err(SignError::Field { what: "validation", why: "more than 64 certificates or lists" });
        }
        if !list.is_empty() {
            store.set(key, Object::Array(list));
        }
    }
    match catalog.get("DSS") {
        Some(Object::Ref(number)) => update.put(*number, Object::Dict(store)),
        Some(_) => return Err(damaged("its validation data stands inside the catalog")),
        None => {
            let number = update.add(Object::Dict(store));
            catalog.set("DSS", Object::Ref(number));
            update.put(root, Object::Dict(catalog));
        }
    }
    Ok(update.write(view).bytes)
}

/// What of these the file does not carry yet, each once.
///
/// # Errors
/// When the PDF cannot be read.
pub fn missing_validation(pdf: &[u8], validation: &Validation) -> Result<Validation, SignError> {
    let pdf = Pdf::open(pdf)?;
    let have = read_validation(pdf.latest());
    let new = |wanted: &[Vec<u8>], have: &[Vec<u8>]| {
        let mut out: Vec<Vec<u8>> = Vec::new();
        for item in wanted {
            if !have.contains(item) && !out.contains(item) {
                out.push(item.clone());
            }
        }
        out
    };
    Ok(Validation {
        certificates: new(&validation.certificates, &have.certificates),
        crls: new(&validation.crls, &have.crls),
    })
}

fn store_dict<'p>(view: View<'p, '_>) -> Option<&'p Dict> {
    view.field(view.catalog()?, "DSS")?.dict()
}

fn streams<'p>(view: View<'p, '_>, store: Option<&Dict>, key: &str) -> Vec<&'p [u8]> {
    let list = store.and_then(|s| s.get(key)).and_then(Object::array).unwrap_or_default();
    let read = |item: &Object| view.stored(item.reference()?)?.stream.as_deref();
    list.iter().take(ITEM_LIMIT).filter_map(read).collect()
}

/// What the file carries.
pub(crate) fn read_validation(view: View<'_, '_>) -> Validation {
    let store = store_dict(view);
    let all = |key| streams(view, store, key).into_iter().map(<[u8]>::to_vec).collect();
    Validation { certificates: all("Certs"), crls: all("CRLs") }
}
