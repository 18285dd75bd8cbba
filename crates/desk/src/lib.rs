//! Use cases: who may do what, in which order things are read, decided and written (DESIGN §3, "a request's way").
//! Async, but without IO of its own: everything outside comes through the traits in [`ports`].
//!
//! A [`Desk`] is put together once. A door (page, API, command line) gets a [`Caller`] from it for a session or a key, and
//! calls one method for each use case.

mod authority;
pub mod borrow;
mod caller;
pub mod certificate;
mod chain;
mod desk;
mod error;
pub mod govern;
pub mod learn;
mod link;
mod outbox;
pub mod ports;
mod privacy;
pub mod product;
mod publishing;
mod review;
mod rotation;
mod square;
mod staff;
mod stamping;
mod token;
pub mod trust;

pub use authority::{RootOf, named_authority};
pub use caller::Caller;
pub use desk::{
    BORROWER_SESSION_MINUTES, CALLBACK_LINK_DAYS, Desk, LINK_DAYS, LenderContact, Settings, WebhookTarget,
};
pub use error::{DeskError, ErrorKind};
pub use link::{CodeState, LinkFace};
pub use outbox::{Round, TRIES, signature_holds};
pub use product::{Ask, Product, ProductError};
pub use publishing::{Asked, Consistency, PublicLog, Witness};
pub use review::{OPINION_MAX, OPINION_MIN, Release, ReviewStanding};
pub use staff::{
    AppSetup, Enrolled, Entry, Halfway, Here, NewAccount, NewKey, OpenSession, Owes, PASSWORD_MAX,
    PASSWORD_MIN, Proofs, SecondFactor, SignedIn, StaffRules, Threshold,
};
pub use stamping::Authority;

pub use mingbai_core as core;
pub use mingbai_cost as cost;
pub use mingbai_evidence as evidence;
pub use mingbai_learn as measuring;
pub use mingbai_scam as scam;
