//! Signatures that anyone can check: PAdES over our PDFs, the built-in certificate authority, and a verifier that says in three
//! values what a signed file proves. Bytes in, bytes out; time and randomness are arguments. It must not know loans, journeys,
//! pages or stores.

mod ca;
mod cms;
mod container;
mod pdf;
mod read;
mod suite;
mod time;
mod verify;
mod words;

pub use ca::{
    Authority, CasePlan, Certificate, Crl, CrlPlan, KeyCustody, Profile, Reason, Revoked, SealPlan, Serial,
    SigningRequest, Sm2SoftwareKey, SoftwareKey, Subject, issue_crl, issue_for_case, issue_intermediate,
    issue_root, issue_seal,
};
pub use cms::{assemble, attributes_to_sign, raw_to_der};
pub use container::{
    BoxAt, Field, Handwriting, Point, Prepared, SignatureBox, Validation, add_validation, boxes,
    contents_capacity_bytes, finish, missing_validation, prepare, prepare_time_stamp,
};
pub use read::{Paper, read_paper};
pub use suite::Suite;
pub use verify::{
    Claim, ClaimKind, FieldKind, FieldReport, NoTimeStamps, Proven, Reader, Report, TimeStamps, Verdict,
    verify, verify_for, verify_with,
};
pub use words::{SignError, Words};
