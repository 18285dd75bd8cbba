//! Paper that comes back. A branch prints a paper, the borrower signs it by hand, a consultant photographs it: this crate reads the
//! square code, renders the page that was printed, lays the photograph on it and says whether it is that page, whether anything was
//! added outside the boxes, whether anything printed has changed, and whether the box holds ink — each true, false or *not known*.
//!
//! Bytes in, verdict out. It knows no loan, no clock, no disk and no network; it never passes what it could not see, and a
//! second person confirms even what holds. How well it does this is measured by `examples/corpus.rs`; the figures stand in
//! `docs/scan.md`.
//!
//! ```no_run
//! # fn main() -> Result<(), mingbai_scan::ScanError> {
//! # let (photograph, pdf) = (Vec::new(), Vec::new());
//! use mingbai_scan::{Original, Photo, Which, check, read_code};
//!
//! let photo = Photo::open(&photograph)?;
//! if let Ok((_, code)) = read_code(&photo) {
//!     println!("fetch the paper {}", code.short_code);
//! }
//! let verdict = check(&photo, &Original::open(&pdf)?, Which::Any, &[])?;
//! println!("{:?}", verdict.answer());
//! # Ok(())
//! # }
//! ```

mod align;
mod check;
pub mod code;
mod differ;
pub mod figures;
mod judge;
pub mod page;
pub mod payload;
pub mod photo;
pub mod plane;
mod power;
mod press;
mod side;
mod solve;
pub mod verdict;
mod words;

pub use check::{Prepared, Which, check, compare, read_code};
pub use judge::{BEYOND_BOX_MM, LEAST_DPI};
pub use page::{InkBox, Original, Page, PlaceMm};
pub use payload::PaperCode;
pub use photo::Photo;
pub use verdict::{Answer, BoxInk, Claim, ClaimKind, Finding, FindingKind, Sides, Verdict};
pub use words::{ScanError, Words};
