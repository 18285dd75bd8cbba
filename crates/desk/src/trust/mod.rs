//! 信 trust: what anyone may check without a login, and complaints.

pub(crate) mod bulletins;
pub(crate) mod complaint;
mod file;
mod message;
mod reports;
pub(crate) mod ring;
mod sent;
mod stream;

pub use bulletins::{PublicBulletin, signs_of};
pub use complaint::handover;
pub use complaint::{
    Causes, Complain, ComplaintFile, ComplaintLine, ComplaintReceipt, HerComplaint, HerWish, HouseWish, News,
    answers, complaint_row_again, told,
};
pub use message::MessageAnswer;
pub use reports::{ReportFile, ReportReceipt, ReportWish, report_reference};
pub use ring::{
    HerAppeal, HerRing, Known, Link, LinksTaken, MemberFace, RETENTION_DAYS, RingFile, RingKey, RingLine,
    RingRecord, RingWish, Rings, Standing,
};
pub use sent::{SENT_DAYS, SentMatch, SentMessage, SentText, sent_kind};

use mingbai_core::text::both;
use mingbai_cost::{Lang, Words};
use mingbai_evidence::Digest;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::PaperKind;
use crate::{square, token};

/// What the public learns about a paper: that it is real, what it is, and its digest. Never anything about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicPaper {
    /// Short code in groups of four.
    pub code: String,
    /// What it is.
    pub paper: PaperKind,
    /// Its language.
    pub lang: Lang,
    /// Issued, unix ms.
    pub issued_at_ms: i64,
    /// SHA-256 of the file.
    pub digest: Digest,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Who issued it.
    pub lender: Words,
    /// Whether its terms are still those on the table.
    pub standing: PaperStanding,
}

/// Whether a paper still says what is agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperStanding {
    /// It does.
    Current,
    /// The terms were changed afterwards; there is a newer paper.
    Superseded,
    /// The borrower decided not to borrow.
    Declined,
}

/// Whether the square code of a paper names the figures that we keep for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SquareFigures {
    /// It does.
    Kept,
    /// It names others: the code was altered, or belongs to something that we did not print.
    Other,
}

impl Desk {
    /// Looks up what a scanned square code says: the paper, and whether the digest in the code is that of the kept figures.
    ///
    /// # Errors
    /// As [`Desk::check_code`].
    pub async fn check_square(
        &self,
        code: &str,
        mark: &str,
    ) -> Result<(PublicPaper, SquareFigures), DeskError> {
        let paper = self.check_code(code).await?;
        let plain = token::read_short_code(&paper.code).unwrap_or_default();
        let row = self.ports.log.code(&plain).await?;
        let issued = match row {
            Some(row) => self.issued_under(row.journey, &plain).await?,
            None => None,
        };
        let kept = issued.is_some_and(|issued| square::says(mark, &issued.table));
        Ok((paper, if kept { SquareFigures::Kept } else { SquareFigures::Other }))
    }

    /// Looks a short code up, however it was typed.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]: then the paper is not ours, or it was mistyped.
    pub async fn check_code(&self, code: &str) -> Result<PublicPaper, DeskError> {
        let unknown = || {
            DeskError::NotFound(both(
                "我们没有发出过这个编号的文件。请核对编号;如果有人拿它让您转账,请拨打 96110。",
                "We never issued a paper with this code. Check the code; if somebody asks for money with it, call 96110.",
            ))
        };
        let code = token::read_short_code(code).ok_or_else(unknown)?;
        let row = self.ports.log.code(&code).await?.ok_or_else(unknown)?;
        let journey = self.load(row.journey).await?.journey;
        let standing = match (journey.declined(), journey.terms_digest() == Some(row.terms)) {
            (Some(_), _) => PaperStanding::Declined,
            (None, true) => PaperStanding::Current,
            (None, false) => PaperStanding::Superseded,
        };
        Ok(PublicPaper {
            code: token::grouped(&row.code),
            paper: row.paper,
            lang: row.lang,
            issued_at_ms: row.issued_at_ms,
            digest: row.document.sha256,
            bytes: row.document.bytes,
            lender: journey
                .table()
                .map_or_else(|| self.settings.lender.name.clone(), |t| t.lender.name.clone()),
            standing,
        })
    }
}
