//! Papers that a borrower takes home: the cost table (综合融资成本明示表), the repayment plan, the notice (明白纸),
//! the loan contract, the certificate of completion, the call-back card and the answer to a complaint, as bytes of tagged, archivable PDFs.
//! Knows the one cost table and nothing of journeys, stores, pages or clocks.
//!
//! ```no_run
//! # fn demo(doc: &mingbai_paper::DocContext, table: &mingbai_cost::CostTable) -> Result<(), mingbai_paper::PaperError> {
//! let paper = mingbai_paper::Paper::new()?; // once per process
//! let pdf: Vec<u8> = paper.cost_table(doc, table)?; // the same input always gives the same bytes
//! # Ok(())
//! # }
//! ```
//!
//! Every PDF is written as PDF/A-3a and PDF/UA-1 and carries the exact cost table as an embedded file, `data.json`. The
//! typesetter's own validator enforces both standards: a breach is an error here, not a worse file.

mod boxes;
mod context;
mod error;
mod facts;
mod fonts;
pub mod lint;
mod paper;
mod plain;
pub mod pool;
mod qr;
mod read;
mod sheet;
mod template;
mod view;
mod view_letter;
mod view_rows;
mod view_sheet;
mod world;

pub use boxes::SignaturePlace;
pub use context::{Contact, DocContext, TypeSize};
pub use error::PaperError;
pub use paper::{DocKind, Paper};
pub use sheet::{CallCard, DocumentLine, Letter, Sheet, SignatureLine, Trail, TrailLine, digest_code};
pub use template::{TEMPLATE_LIMIT, Template, Templates};
