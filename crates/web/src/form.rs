//! Forms: fields as they were typed, and what is wrong with them, so that a page can come back with both.

use std::collections::BTreeMap;

/// Largest form, in bytes.
pub const FORM_BYTES: usize = 64 * 1024;
/// Largest form with handwriting, in bytes: some thousand points.
pub const INK_FORM_BYTES: usize = 256 * 1024;
/// The most fields a form may have.
const FIELDS: usize = 100;

/// The fields of a form by name. A name that was sent twice makes the whole form unreadable: no page of ours sends one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Puts pairs together; `None` when a name stands twice or there are too many.
    #[must_use]
    pub fn of(pairs: Vec<(String, String)>) -> Option<Self> {
        if pairs.len() > FIELDS {
            return None;
        }
        let count = pairs.len();
        let fields: BTreeMap<_, _> = pairs.into_iter().collect();
        (fields.len() == count).then_some(Fields(fields))
    }

    /// A field; empty when it was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// A form on its way back to the person: what was typed, and what is wrong with it in the order of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormState {
    fields: Fields,
    errors: Vec<FieldError>,
}

/// One field that has to be looked at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Its name, which is also its anchor on the page.
    pub field: String,
    /// What is wrong and what would be right, in the reader's language.
    pub text: String,
}

impl FormState {
    /// An empty form.
    #[must_use]
    pub fn empty() -> Self {
        FormState::default()
    }

    /// A form with what was typed.
    #[must_use]
    pub fn typed(fields: Fields) -> Self {
        FormState { fields, errors: Vec::new() }
    }

    /// Marks a field.
    pub fn mark(&mut self, field: impl Into<String>, text: impl Into<String>) {
        self.errors.push(FieldError { field: field.into(), text: text.into() });
    }

    /// What was typed.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    /// Whether this choice was made.
    #[must_use]
    pub fn chose(&self, name: &str, value: &str) -> bool {
        self.fields.get(name) == value
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == name).map(|error| error.text.as_str())
    }

    /// Everything that is wrong, for the summary.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.errors.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubled_field_is_refused() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert!(Fields::of(vec![pair("a", "1"), pair("a", "2")]).is_none());
        let fields = Fields::of(vec![pair("a", "1"), pair("b", "2")]).unwrap_or_default();
        let mut state = FormState::typed(fields);
        assert!(state.is_good() && state.chose("a", "1") && state.value("c").is_empty());
        state.mark("b", "wrong");
        assert_eq!((state.error("b"), state.error("a"), state.is_good()), (Some("wrong"), None, false));
    }
}
