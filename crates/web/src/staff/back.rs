//! What the desk refused, brought back to the form that asked for it.

use axum::http::StatusCode;
use mingbai_desk::core::borrow::refusal::RefusalKind;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::ports::StoreError;
use mingbai_desk::{DeskError, ErrorKind, ProductError};

use crate::door::Fail;
use crate::form::{Fields, FormState};
use crate::page::Frame;

/// A form on its way back, with the status of the answer.
pub(super) struct Back {
    pub(super) status: StatusCode,
    pub(super) form: FormState,
}

/// What was typed, with the desk's words at the field that they are about; `otherwise` is the field (which is also an anchor
/// of the page) for words about the whole. What no typing could put right becomes a page of its own.
pub(super) fn form(f: &Frame, fields: &Fields, otherwise: &str, error: DeskError) -> Result<Back, Fail> {
    let status = match error.kind() {
        ErrorKind::Refused(RefusalKind::NotYours) => StatusCode::FORBIDDEN,
        ErrorKind::Refused(_) => StatusCode::CONFLICT,
        ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::Busy => StatusCode::TOO_MANY_REQUESTS,
        _ => return Err(error.into()),
    };
    let field = field_of(&error).unwrap_or(otherwise);
    let mut form = FormState::typed(fields.clone());
    form.mark(field, error.words().get(f.lang()));
    Ok(Back { status, form })
}

fn field_of(error: &DeskError) -> Option<&'static str> {
    match error {
        DeskError::Invalid { field, .. } => Some(field),
        DeskError::Product(ProductError::Amount { .. }) => Some("principal"),
        DeskError::Product(ProductError::Periods { .. }) => Some("periods"),
        DeskError::Product(ProductError::Method { .. }) => Some("method"),
        DeskError::Store(StoreError::Exists(_)) => Some("login"),
        _ => None,
    }
}
