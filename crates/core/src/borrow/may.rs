//! Who may do what. Least privilege: every command belongs to as few actors as possible, and the borrower's commands
//! belong to the borrower alone.

use mingbai_cost::Words;

use super::command::Command;
use super::event::Surface;
use crate::actor::{Actor, StaffRole};
use crate::text::both;

/// The actors to whom a command belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// To the borrower alone.
    Borrower,
    /// To a consultant who was there.
    Consultant,
    /// To compliance.
    Compliance,
    /// To the core banking system.
    Core,
    /// To Mingbai itself.
    System,
    /// To the core system or a consultant (opening, offering terms).
    Lender,
    /// To a consultant or Mingbai itself (handing the notice).
    ConsultantOrSystem,
    /// To the core system or Mingbai itself (opening the call-back).
    CoreOrSystem,
    /// To either of the two who were there (an appeal).
    BorrowerOrConsultant,
}

impl Belongs {
    /// Whether `actor` is one of them.
    #[must_use]
    pub fn includes(self, actor: &Actor) -> bool {
        let consultant = matches!(actor, Actor::Staff(_, StaffRole::Consultant));
        let system = matches!(actor, Actor::System);
        let core = matches!(actor, Actor::Core(_));
        match self {
            Belongs::Borrower => matches!(actor, Actor::Borrower),
            Belongs::Consultant => consultant,
            Belongs::Compliance => matches!(actor, Actor::Staff(_, StaffRole::Compliance)),
            Belongs::Core => core,
            Belongs::System => system,
            Belongs::Lender => core || consultant,
            Belongs::ConsultantOrSystem => consultant || system,
            Belongs::CoreOrSystem => core || system,
            Belongs::BorrowerOrConsultant => consultant || matches!(actor, Actor::Borrower),
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Belongs::Borrower => both("借款人", "borrower"),
            Belongs::Consultant | Belongs::ConsultantOrSystem => {
                both("在场的咨询顾问", "consultant who was there")
            }
            Belongs::Compliance => both("消保岗", "compliance officer"),
            Belongs::Core | Belongs::CoreOrSystem => both("核心系统", "core banking system"),
            Belongs::System => both("明白系统", "Mingbai system"),
            Belongs::BorrowerOrConsultant => both("借款人或在场顾问", "borrower or the consultant"),
            Belongs::Lender => both("核心系统或咨询顾问", "core banking system or a consultant"),
        }
    }

    /// Key in evidence.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Belongs::Borrower => "borrower",
            Belongs::Consultant | Belongs::ConsultantOrSystem => "consultant",
            Belongs::Compliance => "compliance",
            Belongs::Core | Belongs::CoreOrSystem => "core",
            Belongs::System => "system",
            Belongs::BorrowerOrConsultant => "borrower_or_consultant",
            Belongs::Lender => "lender",
        }
    }
}

impl Command {
    /// To whom it belongs.
    #[must_use]
    pub fn belongs_to(&self) -> Belongs {
        match self {
            Command::Open { .. } | Command::OfferTerms { .. } => Belongs::Lender,
            Command::CiteReview { .. }
            | Command::SealContract { .. }
            | Command::AlertSigning { .. }
            | Command::AlertRing { .. }
            | Command::Close => Belongs::System,
            Command::ReviewAffordability { .. }
            | Command::ReviewScreening { .. }
            | Command::CloseRemedy { .. } => Belongs::Compliance,
            Command::ShowTable { surface: Surface::Paper, .. }
            | Command::ExplainInPerson
            | Command::AttestIdentity { .. }
            | Command::AttestSignature { .. }
            | Command::AttestRecording { .. } => Belongs::Consultant,
            Command::Recording(wish) => wish.belongs_to(),
            Command::HandNotice { .. } => Belongs::ConsultantOrSystem,
            Command::ReportPayout { .. } | Command::ReportCharge(_) | Command::ReportRefund { .. } => {
                Belongs::Core
            }
            Command::OpenCallback { .. } => Belongs::CoreOrSystem,
            Command::DeclareIncome { .. }
            | Command::AnswerScreening { .. }
            | Command::AskForHelp
            | Command::InviteFamily
            | Command::EndFamily
            | Command::ShowTable { .. }
            | Command::OpenSection { .. }
            | Command::FinishSection { .. }
            | Command::AskQuestion
            | Command::AnswerQuestion { .. }
            | Command::Consent { .. }
            | Command::ConfirmSignature { .. }
            | Command::ShowContract { .. }
            | Command::BeginSigning { .. }
            | Command::ApproveSigning { .. }
            | Command::PrepareSignature { .. }
            | Command::SignWithKey { .. }
            | Command::DropKey { .. }
            | Command::NoteTrouble { .. }
            | Command::AcknowledgeNotice { .. }
            | Command::Confirm { .. }
            | Command::AnswerCallback { .. }
            | Command::Decline { .. } => Belongs::Borrower,
        }
    }

    /// Short stable name, for the evidence of a denied attempt.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Command::Open { .. } => "open",
            Command::OfferTerms { .. } => "offer_terms",
            Command::CiteReview { .. } => "cite_review",
            Command::DeclareIncome { .. } => "declare_income",
            Command::ReviewAffordability { .. } => "review_affordability",
            Command::AnswerScreening { .. } => "answer_screening",
            Command::AskForHelp => "ask_for_help",
            Command::InviteFamily => "invite_family",
            Command::EndFamily => "end_family",
            Command::ReviewScreening { .. } => "review_screening",
            Command::AlertRing { .. } => "alert_ring",
            Command::ShowTable { .. } => "show_table",
            Command::OpenSection { .. } => "open_section",
            Command::FinishSection { .. } => "finish_section",
            Command::AskQuestion => "ask_question",
            Command::AnswerQuestion { .. } => "answer_question",
            Command::ExplainInPerson => "explain_in_person",
            Command::AttestIdentity { .. } => "attest_identity",
            Command::Consent { .. } => "consent",
            Command::AttestSignature { .. } => "attest_signature",
            Command::ConfirmSignature { .. } => "confirm_signature",
            Command::ShowContract { .. } => "show_contract",
            Command::BeginSigning { .. } => "begin_signing",
            Command::ApproveSigning { .. } => "approve_signing",
            Command::PrepareSignature { .. } => "prepare_signature",
            Command::SignWithKey { .. } => "sign_with_key",
            Command::DropKey { .. } => "drop_key",
            Command::NoteTrouble { .. } => "note_trouble",
            Command::SealContract { .. } => "seal_contract",
            Command::AlertSigning { .. } => "alert_signing",
            Command::AttestRecording { .. } => "attest_recording",
            Command::Recording(wish) => wish.name(),
            Command::HandNotice { .. } => "hand_notice",
            Command::AcknowledgeNotice { .. } => "acknowledge_notice",
            Command::Confirm { .. } => "confirm",
            Command::ReportPayout { .. } => "report_payout",
            Command::ReportCharge(_) => "report_charge",
            Command::ReportRefund { .. } => "report_refund",
            Command::OpenCallback { .. } => "open_callback",
            Command::AnswerCallback { .. } => "answer_callback",
            Command::CloseRemedy { .. } => "close_remedy",
            Command::Decline { .. } => "decline",
            Command::Close => "close",
        }
    }
}
