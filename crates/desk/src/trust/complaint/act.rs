//! What compliance and she herself do to a complaint. Texts are sealed only after the rules have said yes to the wish.

use mingbai_core::actor::{Actor, Login, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_core::text::both;
use mingbai_core::trust::complaint::{
    Command, Complaint, ComplaintId, Context, Draft, Level, MediationEnd, NOTE_MAX, Outcome, Paper, Remedy,
    Right, TEXT_MIN, Way,
};
use mingbai_cost::Fen;
use mingbai_evidence::refs::SealedRef;
use mingbai_evidence::seal::{Salt, commit};

use super::receive::block;
use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;

/// What compliance wishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HouseWish {
    /// She was told that it is here.
    Acknowledge,
    /// Cause, business, right.
    Categorise {
        /// Cause code.
        cause: String,
        /// Business code.
        business: String,
        /// Right.
        right: Right,
    },
    /// The journey that it is about: its number, its reference or the application's number.
    Link(String),
    /// What was looked at and found.
    Note(String),
    /// A paper is here.
    Hold(Paper),
    /// Ask her for a paper, with the reason.
    Ask(Paper, String),
    /// More time, with the reason that she is told.
    Extend(Level, String),
    /// Approve more time.
    ApproveExtension,
    /// The written answer.
    Answer {
        /// How it finds.
        outcome: Outcome,
        /// What is done.
        remedies: Vec<Remedy>,
        /// Promised money; zero for none.
        refund_fen: Fen,
        /// The text.
        text: String,
    },
    /// Give an answer that promises money and that somebody else wrote.
    Approve {
        /// Record of the draft.
        draft: u64,
    },
    /// Promised money was paid.
    Pay {
        /// How much.
        amount_fen: Fen,
        /// Number of the payment.
        payment: String,
    },
    /// A mediation ended.
    EndMediation(MediationEnd),
    /// Close it.
    Close {
        /// Cause that was found.
        root_cause: String,
        /// What is changed because of it.
        lesson: String,
    },
}

/// What she wishes.
#[derive(Clone, PartialEq, Eq)]
pub enum HerWish {
    /// Add something.
    Add(String),
    /// Have it looked at again, with the reason.
    AskRecheck(String),
    /// Have a third party look.
    AskMediation,
    /// Take it back; she may say why.
    Withdraw(String),
}

impl std::fmt::Debug for HerWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Her words must not reach a log file.
        f.write_str(match self {
            HerWish::Add(_) => "Add(…)",
            HerWish::AskRecheck(_) => "AskRecheck(…)",
            HerWish::AskMediation => "AskMediation",
            HerWish::Withdraw(_) => "Withdraw(…)",
        })
    }
}

/// A text that is sealed: what it is, the text, and whether it may be left out.
struct Sealing {
    label: &'static str,
    text: String,
}

/// A wish as the rules read it, waiting for the seal of its text.
struct Pending {
    sealing: Option<Sealing>,
    make: Box<dyn Fn(SealedRef) -> Command + Send + Sync>,
}

impl Pending {
    fn plain(command: Command) -> Self {
        Pending { sealing: None, make: Box::new(move |_| command.clone()) }
    }

    fn sealed(
        label: &'static str,
        text: &str,
        least: usize,
        make: impl Fn(SealedRef) -> Command + Send + Sync + 'static,
    ) -> Result<Self, DeskError> {
        let text = block(text);
        let length = text.chars().count();
        if !(least..=NOTE_MAX).contains(&length) {
            return Err(DeskError::invalid(
                "text",
                both(
                    format!("请写 {least} 到 {NOTE_MAX} 字,现在是 {length} 字。"),
                    format!("Write {least} to {NOTE_MAX} characters; now it is {length}."),
                ),
            ));
        }
        Ok(Pending { sealing: Some(Sealing { label, text }), make: Box::new(make) })
    }
}

/// Shortest note or reason of hers, in characters.
const SHORT_MIN: usize = 2;

impl Desk {
    /// Compliance works on a complaint.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for everybody else; [`DeskError::Refused`] with why and what next; [`DeskError::NotFound`];
    /// [`DeskError::Invalid`] for a text that is too short or too long.
    pub async fn act_on_complaint(
        &self,
        caller: &Caller,
        id: ComplaintId,
        wish: HouseWish,
    ) -> Result<Complaint, DeskError> {
        if caller.role() != Some(StaffRole::Compliance) {
            return Err(forbidden());
        }
        let pending = self.house_wish(caller, wish).await?;
        let complaint = self.load_complaint(id).await?.complaint;
        let involved = self.involved(&complaint).await?;
        Box::pin(self.carry_out(id, caller.actor(), &involved, pending)).await
    }

    /// She acts herself, on the page that her reference and code opened.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when reference or code is wrong; else as [`Desk::act_on_complaint`].
    pub async fn act_as_complainant(
        &self,
        reference: &str,
        code: &str,
        wish: HerWish,
    ) -> Result<Complaint, DeskError> {
        let id = self.open_complaint(reference, code).await?;
        let pending = match wish {
            HerWish::Add(text) => Pending::sealed("complaint.addition", &text, SHORT_MIN, Command::Add)?,
            HerWish::AskRecheck(text) => {
                Pending::sealed("complaint.recheck", &text, SHORT_MIN, Command::AskRecheck)?
            }
            HerWish::AskMediation => Pending::plain(Command::AskMediation),
            HerWish::Withdraw(text) if text.trim().is_empty() => Pending::plain(Command::Withdraw(None)),
            HerWish::Withdraw(text) => {
                Pending::sealed("complaint.withdrawal", &text, 1, |why| Command::Withdraw(Some(why)))?
            }
        };
        Box::pin(self.carry_out(id, Actor::Complainant, &[], pending)).await
    }

    async fn house_wish(&self, caller: &Caller, wish: HouseWish) -> Result<Pending, DeskError> {
        Ok(match wish {
            HouseWish::Acknowledge => Pending::plain(Command::Acknowledge),
            HouseWish::Categorise { cause, business, right } => {
                Pending::plain(Command::Categorise { cause, business, right })
            }
            HouseWish::Link(text) => {
                let journey = self.find_journey(caller, &text).await?;
                let product = self.product_of(caller, journey).await?;
                Pending::plain(Command::Link { journey: journey.uuid(), product })
            }
            HouseWish::Note(text) => Pending::sealed("complaint.note", &text, SHORT_MIN, Command::Note)?,
            HouseWish::Hold(paper) => Pending::plain(Command::Hold(paper)),
            HouseWish::Ask(paper, why) => Pending::plain(Command::Ask { paper, why }),
            HouseWish::Extend(level, reason) => Pending::plain(Command::Extend { level, reason }),
            HouseWish::ApproveExtension => Pending::plain(Command::ApproveExtension),
            HouseWish::Answer { outcome, remedies, refund_fen, text } => {
                let make = move |text| {
                    let (remedies, ways) = (remedies.clone(), Way::ALL.to_vec());
                    Command::Answer(Draft { outcome, remedies, refund_fen, text, ways })
                };
                Pending::sealed("complaint.answer", &text, TEXT_MIN, make)?
            }
            HouseWish::Approve { draft } => Pending::plain(Command::Approve { draft }),
            HouseWish::Pay { amount_fen, payment } => Pending::plain(Command::Pay { amount_fen, payment }),
            HouseWish::EndMediation(end) => Pending::plain(Command::EndMediation(end)),
            HouseWish::Close { root_cause, lesson } => Pending::plain(Command::Close { root_cause, lesson }),
        })
    }

    /// Asks the rules, seals the text, and writes.
    async fn carry_out(
        &self,
        id: ComplaintId,
        actor: Actor,
        involved: &[Login],
        pending: Pending,
    ) -> Result<Complaint, DeskError> {
        let decide = |complaint: &Complaint, now_ms: i64, sealed: &SealedRef| {
            let context = Context { now_ms, taxonomy: &self.causes, involved };
            complaint.decide(&actor, (pending.make)(sealed.clone()), &context)
        };
        let complaint = self.load_complaint(id).await?.complaint;
        // A text is kept only when the rules have said yes; until then a seal that opens nothing stands for it.
        let label = pending.sealing.as_ref().map_or("", |sealing| sealing.label);
        let blank = SealedRef { sealed: commit(label, b"", &Salt::new([0; 32])), label: label.to_owned() };
        let now_ms = self.now_ms().max(complaint.last_at_ms());
        decide(&complaint, now_ms, &blank)?;
        let sealed = match &pending.sealing {
            Some(sealing) => self.seal_for(id, sealing.label, &sealing.text).await?,
            None => blank,
        };
        self.decide_complaint(id, &actor.to_string(), |complaint, now_ms| decide(complaint, now_ms, &sealed))
            .await
    }

    /// Staff who acted in the journey that it is about.
    pub(super) async fn involved(&self, complaint: &Complaint) -> Result<Vec<Login>, DeskError> {
        let Some(journey) = complaint.journey.map(JourneyId::new) else { return Ok(Vec::new()) };
        let logged = self.ports.log.read(&journey.stream()).await?;
        let mut found: Vec<Login> = logged
            .iter()
            .filter_map(|item| match Actor::from_text(item.record.actor()) {
                Some(Actor::Staff(login, _)) => Some(login),
                _ => None,
            })
            .collect();
        found.sort();
        found.dedup();
        Ok(found)
    }
}
