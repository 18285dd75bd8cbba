//! Steps of the ceremony that need more than a command: a personal value for the vault, a document, a text that must be kept.

use mingbai_core::borrow::afford::Declared;
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::event::{Choice, DocumentKind, Purpose, TypeSize};
use mingbai_core::borrow::{Journey, JourneyId};
use mingbai_core::text::both;
use mingbai_cost::Lang;
use mingbai_evidence::Digest;

use super::holder;
use super::paper::IssuedPaper;
use super::write::Acted;
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::PaperKind;

/// Longest consent text, in bytes.
const TEXT_LIMIT: usize = 64 * 1024;

impl Desk {
    /// Borrower: income and other debts. The amounts go to the vault; the evidence carries their commitments and the ratio.
    ///
    /// # Errors
    /// As [`Desk::act`].
    pub async fn declare_income(
        &self,
        caller: &Caller,
        id: JourneyId,
        declared: Declared,
    ) -> Result<Acted, DeskError> {
        self.load_for(caller, id).await?;
        let income = declared.monthly_income_fen().get().to_string();
        let debts = declared.monthly_debt_fen().get().to_string();
        let income = self.seal(id, "borrower.monthly_income_fen", &income).await?;
        let debts = self.seal(id, "borrower.monthly_debt_fen", &debts).await?;
        self.act(caller, id, Command::DeclareIncome { declared, income, debts }).await
    }

    /// Consultant: compared the person with her document, face to face. The number goes to the vault.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] for a number that cannot be one; as [`Desk::act`].
    pub async fn attest_identity(
        &self,
        caller: &Caller,
        id: JourneyId,
        document: DocumentKind,
        number: &str,
    ) -> Result<Acted, DeskError> {
        let number = number.trim();
        let good = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if !(4..=40).contains(&number.len()) || !number.chars().all(good) {
            let words = both(
                "请填写证件号码:4 到 40 个数字、字母或 -。",
                "Give the document's number: 4 to 40 digits, letters or -.",
            );
            return Err(DeskError::invalid("number", words));
        }
        self.load_for(caller, id).await?;
        let number = self.seal(id, "borrower.document_number", number).await?;
        self.act(caller, id, Command::AttestIdentity { document, number }).await
    }

    /// Borrower: one consent, given or refused, to exactly the text that she saw. The text is kept under its digest.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] for an empty text; as [`Desk::act`].
    pub async fn consent(
        &self,
        caller: &Caller,
        id: JourneyId,
        purpose: Purpose,
        choice: Choice,
        text: &str,
    ) -> Result<Acted, DeskError> {
        self.load_for(caller, id).await?;
        let text = self.keep_consent_text(id, text).await?;
        self.act(caller, id, Command::Consent { purpose, choice, text }).await
    }

    /// Keeps the exact text that she was asked to agree to; returns its digest. Whether the caller may, was asked before.
    pub(super) async fn keep_consent_text(&self, id: JourneyId, text: &str) -> Result<Digest, DeskError> {
        if text.trim().is_empty() || text.len() > TEXT_LIMIT {
            let words = both("同意事项的文字缺失或过长。", "The text of the consent is missing or too long.");
            return Err(DeskError::invalid("text", words));
        }
        let kept = self.ports.attachments.put(holder(id), text.as_bytes().to_vec(), "text/plain").await?;
        Ok(kept.sha256)
    }

    /// Consultant: saw her sign the printed contract of the present terms in ink. The paper is made when it was not yet.
    ///
    /// # Errors
    /// As [`Desk::act`] and [`Desk::issue_paper`].
    pub async fn attest_signature(
        &self,
        caller: &Caller,
        id: JourneyId,
        lang: Lang,
        size: TypeSize,
    ) -> Result<(Acted, IssuedPaper), DeskError> {
        let paper = self.issue_paper(caller, id, PaperKind::Contract, lang, size).await?;
        let document = paper.document.clone();
        Ok((self.act(caller, id, Command::AttestSignature { document }).await?, paper))
    }

    /// Consultant: handed over the paper notice of the present terms. It is made when it was not yet.
    ///
    /// # Errors
    /// As [`Desk::act`] and [`Desk::issue_paper`].
    pub async fn hand_notice(
        &self,
        caller: &Caller,
        id: JourneyId,
        lang: Lang,
        size: TypeSize,
    ) -> Result<(Acted, IssuedPaper), DeskError> {
        let paper = self.issue_paper(caller, id, PaperKind::Notice, lang, size).await?;
        let document = paper.document.clone();
        Ok((self.act(caller, id, Command::HandNotice { document }).await?, paper))
    }

    pub(crate) async fn opened_name(&self, journey: &Journey) -> Result<Option<String>, DeskError> {
        let Some(opening) = journey.opening() else { return Ok(None) };
        let commitment = opening.borrower.sealed;
        let opened = self.ports.vault.open(journey.id().uuid(), &commitment).await?;
        Ok(opened.and_then(|opened| String::from_utf8(opened.value).ok()))
    }
}
