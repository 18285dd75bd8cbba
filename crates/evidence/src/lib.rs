//! Evidence that an outsider can check: records, their chain, the Merkle tree over them, the signed checkpoint,
//! sealed personal values, the package handed out and its verifier.
//!
//! Everything here is a function of its arguments: no clock, no randomness, no disk, no network (DESIGN law 9), and
//! nothing here knows what a loan is. Records are hashed as the bytes that were written (law 5), and personal values
//! appear in them only as salted commitments (law 6).
//!
//! The path of one piece of evidence: [`Draft`] → [`Record::write`] → [`Record::leaf`] →
//! [`merkle::Frontier::append`] → [`note::Checkpoint::sign`] → [`package::write`] → [`verify::verify`].

pub mod chain;
pub mod closing;
pub mod digest;
mod erasure;
mod json;
pub mod merkle;
pub mod national;
pub mod note;
pub mod package;
pub mod passkey;
pub mod receipt;
pub mod record;
pub mod refs;
pub mod seal;
pub mod stream;
pub mod succession;
pub mod text;
pub mod tiles;
pub mod timestamp;
pub mod verify;
pub mod witness;

pub use digest::{Digest, DigestTextError};
pub use record::{Draft, Record, RecordError, StreamHead};
pub use stream::{StreamId, StreamIdError};
pub use text::{Bilingual, Lang, Words};
