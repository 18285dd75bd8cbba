//! What compliance does to a ring. Texts are sealed only after the rules have said yes to the wish.

use mingbai_core::actor::StaffRole;
use mingbai_core::borrow::event::HumanDecision;
use mingbai_core::borrow::refusal::Refusal;
use mingbai_core::text::both;
use mingbai_core::trust::ring::{
    Action, Appealed, Command, Context, Ending, Heard, NOTE_MAX, Ring, RingId, Stage,
};
use mingbai_cost::Lang;
use mingbai_evidence::refs::SealedRef;
use mingbai_evidence::seal::{Salt, commit};
use uuid::Uuid;

use super::members::Waiting;
use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;

/// What compliance wishes.
#[derive(Clone, PartialEq, Eq)]
pub enum RingWish {
    /// A note.
    Note(String),
    /// A customer was called; the note may be empty.
    Call {
        /// Journey.
        journey: Uuid,
        /// What was found.
        heard: Heard,
        /// What was said.
        note: String,
    },
    /// Something else was done.
    Act {
        /// What.
        action: Action,
        /// With whom, under which number.
        reference: String,
    },
    /// Decide whether a customer's loan goes on.
    Review {
        /// Journey.
        journey: Uuid,
        /// Decision.
        decision: HumanDecision,
        /// Why.
        reason: String,
    },
    /// Decide an appeal.
    DecideAppeal {
        /// Record of the appeal.
        appeal: u64,
        /// How.
        decision: Appealed,
        /// What she is told.
        answer: String,
    },
    /// Wish to close it.
    Propose {
        /// How it ends.
        ending: Ending,
        /// Why.
        why: String,
    },
    /// Agree, as a second person.
    Close {
        /// Record of the proposal.
        proposal: u64,
    },
}

impl std::fmt::Debug for RingWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What customers said must not reach a log file.
        f.write_str(match self {
            RingWish::Note(_) => "Note(…)",
            RingWish::Call { .. } => "Call(…)",
            RingWish::Act { .. } => "Act(…)",
            RingWish::Review { .. } => "Review(…)",
            RingWish::DecideAppeal { .. } => "DecideAppeal(…)",
            RingWish::Propose { .. } => "Propose(…)",
            RingWish::Close { .. } => "Close(…)",
        })
    }
}

/// Shortest note, in characters.
const SHORT_MIN: usize = 2;
/// Shortest answer to an appeal, in characters: "no" is no reason.
const ANSWER_MIN: usize = 10;
/// Why a loan goes on when an appeal is granted.
const GRANTED: &str = "客户申诉,核实后解除";

impl Desk {
    /// Compliance works on a ring.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for everybody else; [`DeskError::Refused`] with why and what next; [`DeskError::NotFound`];
    /// [`DeskError::Invalid`] for a text that is too short or too long.
    pub async fn act_on_ring(&self, caller: &Caller, id: RingId, wish: RingWish) -> Result<Ring, DeskError> {
        if caller.role() != Some(StaffRole::Compliance) {
            return Err(forbidden());
        }
        let (sealing, make) = read(wish)?;
        let ring = self.load_ring(id).await?.ring;
        let Waiting { waiting, pressed } = self.waiting(&ring).await?;
        let context = Context { waiting: &waiting, pressed: &pressed };
        let actor = caller.actor();
        // A text is kept only when the rules have said yes; until then a seal that opens nothing stands for it.
        let blank = SealedRef { sealed: commit(LABEL, b"", &Salt::new([0; 32])), label: LABEL.to_owned() };
        ring.decide(&actor, make(blank.clone()), &context)?;
        // What the gate reads is written first: a crash in between leaves a line missing here, never a loan that nobody decided on.
        for (journey, decision, reason) in before(&ring, &make(blank.clone())) {
            if self.standing(&ring, journey).await?.is_waiting() {
                self.decide_member(caller, journey, decision, &reason).await?;
            } else if matches!(make(blank.clone()), Command::Review { .. }) {
                return Err(nothing_waits().into());
            }
        }
        let text = match sealing {
            Some(text) => self.seal_for_ring(id, LABEL, &text).await?,
            None => blank,
        };
        let who = actor.to_string();
        let decide = |ring: &Ring| ring.decide(&actor, make(text.clone()), &context);
        let mut ring = self.decide_ring(id, &who, decide).await?;
        for (journey, decision, reason) in after(&ring, &make(text.clone()), &waiting) {
            if matches!(make(text.clone()), Command::Close { .. }) {
                self.decide_member(caller, journey, decision, &reason).await?;
            }
            let review = |ring: &Ring| {
                ring.decide(&actor, Command::Review { journey, decision, reason: reason.clone() }, &context)
            };
            ring = self.decide_ring(id, &who, review).await?;
        }
        Ok(ring)
    }
}

const LABEL: &str = "ring.note";

fn nothing_waits() -> Refusal {
    Refusal::not_now(
        both("这笔业务现在没有等待结论。", "This loan does not wait for a decision now."),
        both("请刷新页面,看看它到哪一步了。", "Reload the page and see where it stands."),
    )
}

type Make = Box<dyn Fn(SealedRef) -> Command + Send + Sync>;

/// The wish as the rules read it, and the text that is sealed first.
fn read(wish: RingWish) -> Result<(Option<String>, Make), DeskError> {
    Ok(match wish {
        RingWish::Note(text) => (Some(long_enough(&text, SHORT_MIN)?), Box::new(Command::Note)),
        RingWish::Call { journey, heard, note } if note.trim().is_empty() => {
            (None, Box::new(move |_| Command::Call { journey, heard, note: None }))
        }
        RingWish::Call { journey, heard, note } => (
            Some(long_enough(&note, SHORT_MIN)?),
            Box::new(move |note| Command::Call { journey, heard, note: Some(note) }),
        ),
        RingWish::DecideAppeal { appeal, decision, answer } => (
            Some(long_enough(&answer, ANSWER_MIN)?),
            Box::new(move |answer| Command::DecideAppeal { appeal, decision, answer }),
        ),
        RingWish::Act { action, reference } => plain(Command::Act { action, reference }),
        RingWish::Review { journey, decision, reason } => {
            plain(Command::Review { journey, decision, reason })
        }
        RingWish::Propose { ending, why } => plain(Command::Propose { ending, why }),
        RingWish::Close { proposal } => plain(Command::Close { proposal }),
    })
}

fn plain(command: Command) -> (Option<String>, Make) {
    (None, Box::new(move |_| command.clone()))
}

/// What must stand in journeys before the ring says it.
fn before(ring: &Ring, command: &Command) -> Vec<(Uuid, HumanDecision, String)> {
    match command {
        Command::Review { journey, decision, reason } => vec![(*journey, *decision, reason.clone())],
        Command::DecideAppeal { appeal, decision: Appealed::Granted, .. } => ring
            .open_appeals()
            .filter(|one| one.seq == *appeal)
            .map(|one| (one.journey, HumanDecision::Allowed, GRANTED.to_owned()))
            .collect(),
        _ => Vec::new(),
    }
}

/// What follows once the ring says it: a granted appeal and an innocent end let loans go on at once.
fn after(ring: &Ring, command: &Command, waiting: &[Uuid]) -> Vec<(Uuid, HumanDecision, String)> {
    match (command, &ring.stage) {
        (Command::DecideAppeal { appeal, decision: Appealed::Granted, .. }, _) => ring
            .appeals
            .iter()
            .filter(|one| one.seq == *appeal)
            .map(|one| (one.journey, HumanDecision::Allowed, GRANTED.to_owned()))
            .collect(),
        (Command::Close { .. }, Stage::Closed(closed)) if closed.proposal.ending.is_innocent() => {
            let reason = format!("{}:{}", closed.proposal.ending.name().get(Lang::Zh), closed.proposal.why);
            let reason: String = reason.chars().take(mingbai_core::trust::ring::REASON_MAX).collect();
            waiting.iter().map(|journey| (*journey, HumanDecision::Allowed, reason.clone())).collect()
        }
        _ => Vec::new(),
    }
}

/// A text of several lines without spaces around, of the right length.
pub(super) fn long_enough(text: &str, least: usize) -> Result<String, DeskError> {
    let text = text.replace("\r\n", "\n");
    let text: String = text.trim().chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    let length = text.chars().count();
    match (least..=NOTE_MAX).contains(&length) {
        true => Ok(text),
        false => Err(DeskError::invalid(
            "text",
            both(
                format!("请写 {least} 到 {NOTE_MAX} 字,现在是 {length} 字。"),
                format!("Write {least} to {NOTE_MAX} characters; now it is {length}."),
            ),
        )),
    }
}
