//! A page that could not be given: what happened, why, and what to do next, in the reader's language. The cause of a failure
//! of our own goes to the log under the request's number, never onto the page.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mingbai_desk::core::borrow::refusal::RefusalKind;
use mingbai_desk::core::text::Tell;
use mingbai_desk::cost::Words;
use mingbai_desk::{DeskError, ErrorKind};

/// Every way in which a page can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be read.
    Unreadable,
    /// A borrower's session is over, or never began.
    LinkNeeded,
    /// A member of staff has to sign in.
    SignInNeeded,
    /// Let in, but not theirs.
    Forbidden,
    /// The form does not come from our own page, or is too old.
    Csrf,
    /// A borrower's link in a browser in which staff is signed in.
    StaffDevice,
    /// Nothing there.
    NotFound,
    /// A borrower's link that no longer works.
    DeadLink,
    /// Too large.
    TooLarge,
    /// It was read, and a value is wrong.
    Invalid,
    /// The rules say no.
    Refused,
    /// Too many tries.
    TooFast,
    /// Our own failure.
    Fault,
}

impl Kind {
    /// HTTP status.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Kind::Unreadable => StatusCode::BAD_REQUEST,
            Kind::LinkNeeded | Kind::SignInNeeded => StatusCode::UNAUTHORIZED,
            Kind::Forbidden | Kind::Csrf | Kind::StaffDevice => StatusCode::FORBIDDEN,
            Kind::NotFound | Kind::DeadLink => StatusCode::NOT_FOUND,
            Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::Refused => StatusCode::CONFLICT,
            Kind::TooFast => StatusCode::TOO_MANY_REQUESTS,
            Kind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Key of its heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Kind::Unreadable | Kind::Invalid => "error-title-400",
            Kind::LinkNeeded => "error-title-link",
            Kind::SignInNeeded => "error-title-sign-in",
            Kind::Forbidden | Kind::Csrf | Kind::StaffDevice => "error-title-403",
            Kind::NotFound => "error-title-404",
            Kind::DeadLink => "dead-title",
            Kind::TooLarge => "error-title-413",
            Kind::Refused => "refused-title",
            Kind::TooFast => "error-title-429",
            Kind::Fault => "error-title-500",
        }
    }

    /// Key of the reason when there is no better one.
    #[must_use]
    pub const fn why(self) -> Option<&'static str> {
        match self {
            Kind::Unreadable | Kind::Invalid => Some("error-why-400"),
            Kind::LinkNeeded => Some("error-why-link"),
            Kind::SignInNeeded => Some("error-why-sign-in"),
            Kind::Forbidden => Some("error-why-403"),
            Kind::Csrf => Some("error-why-403-csrf"),
            Kind::StaffDevice => Some("error-why-staff-device"),
            Kind::NotFound => Some("error-why-404"),
            Kind::DeadLink => Some("dead-lead"),
            Kind::TooLarge => Some("error-why-413"),
            Kind::TooFast => Some("error-why-429"),
            Kind::Fault => Some("error-why-500"),
            Kind::Refused => None,
        }
    }

    /// Key of what to do next when there is nothing better.
    #[must_use]
    pub const fn next(self) -> &'static str {
        match self {
            Kind::LinkNeeded => "error-next-link",
            Kind::SignInNeeded => "error-next-sign-in",
            Kind::StaffDevice => "error-next-staff-device",
            Kind::DeadLink => "dead-next",
            _ => "error-next",
        }
    }
}

/// Why a page was not given.
#[derive(Clone, Debug)]
pub struct Fail {
    /// Kind.
    pub kind: Kind,
    /// Why, when it is known better than by the kind.
    pub why: Option<Words>,
    /// What to do next, likewise.
    pub next: Option<Words>,
    /// For the log only.
    pub cause: Option<Arc<str>>,
}

impl Fail {
    /// A failure of this kind.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        Fail { kind, why: None, next: None, cause: None }
    }

    /// With its own reason.
    #[must_use]
    pub fn because(mut self, why: Words) -> Self {
        self.why = Some(why);
        self
    }

    /// Our own failure, with its cause for the log.
    #[must_use]
    pub fn fault(cause: impl ToString) -> Self {
        Fail { cause: Some(Arc::from(cause.to_string())), ..Fail::of(Kind::Fault) }
    }
}

impl From<DeskError> for Fail {
    fn from(error: DeskError) -> Self {
        let kind = match error.kind() {
            ErrorKind::Unauthenticated => Kind::LinkNeeded,
            ErrorKind::Forbidden | ErrorKind::Refused(RefusalKind::NotYours) => Kind::Forbidden,
            ErrorKind::NotFound => Kind::NotFound,
            ErrorKind::Invalid => Kind::Invalid,
            ErrorKind::Refused(_) => Kind::Refused,
            ErrorKind::Busy => Kind::TooFast,
            ErrorKind::Fault => Kind::Fault,
        };
        if kind == Kind::Fault {
            return Fail { why: Some(error.words()), ..Fail::fault(error) };
        }
        match error.refusal() {
            Some(refusal) => {
                Fail { kind, why: Some(refusal.why.clone()), next: Some(refusal.next.clone()), cause: None }
            }
            None => Fail::of(kind).because(error.words()),
        }
    }
}

impl IntoResponse for Fail {
    /// An empty answer that carries the failure; [`super::finish`] makes the page, because only it knows how the page should
    /// look.
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
