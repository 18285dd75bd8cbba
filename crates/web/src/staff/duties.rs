//! The twelve duties of a journey as the staff read them: done with the record that says so, or why not and whose move it is.

use mingbai_desk::borrow::JourneyView;
use mingbai_desk::core::borrow::duty::{Duty, Who};
use mingbai_desk::core::borrow::state::Stage;
use mingbai_desk::core::borrow::status::{DutyState, Standing, Step};

use super::Eyes;
use super::{at, say};
use crate::page::Frame;

/// One duty.
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) state: State,
    /// What would satisfy it, and the clauses that ask for it.
    pub(super) satisfied_by: String,
    pub(super) clauses: Vec<String>,
}

/// How it stands.
pub(super) enum State {
    /// Done; every tick leads to its record.
    Done { record: String, stamp: String, seq: u64 },
    /// Missing.
    Missing { why: String, next: String, who: String },
}

/// All of them, in order.
pub(super) fn lines(f: &Frame, view: &JourneyView, eyes: Eyes) -> Vec<Line> {
    let duties = view.journey.duties(&view.pack);
    duties.iter().enumerate().map(|(at, state)| line(f, view, at + 1, state, eyes)).collect()
}

fn line(f: &Frame, view: &JourneyView, number: usize, state: &DutyState, eyes: Eyes) -> Line {
    let pack = &view.pack;
    let clause = |clause: &mingbai_desk::core::policy::Clause| {
        let source = pack.source(&clause.source).map_or_else(String::new, |source| f.w(&source.title));
        let known = f.w(clause.grade.name());
        f.two(
            "staff-duty-clause",
            ("text", &f.w(&clause.text)),
            ("source", &format!("{source} {}", clause.article)),
        ) + &f.t1("staff-in-brackets", "text", known)
    };
    Line {
        number,
        name: f.w(state.duty.name()),
        state: standing(f, view, state, eyes),
        satisfied_by: f.w(&pack.duty(state.duty).satisfied_by),
        clauses: pack.clauses_of(state.duty).map(clause).collect(),
    }
}

fn standing(f: &Frame, view: &JourneyView, state: &DutyState, eyes: Eyes) -> State {
    match &state.standing {
        Standing::Done(mark) => State::Done {
            record: format!("{}#r{}", at(view.journey.id(), "timeline"), mark.seq),
            stamp: say::stamp(f, &mark.actor, mark.at_ms),
            seq: mark.seq,
        },
        Standing::Missing { why, next, who } => {
            let who = say::who(f, moving(view, state.duty, *who));
            if eyes == Eyes::Branch && is_about_pressure(view, state.duty) {
                return State::Missing { why: f.t("staff-covered"), next: f.t("staff-covered-next"), who };
            }
            State::Missing { why: f.w(why), next: f.w(next), who }
        }
    }
}

/// Whether why a duty is missing is what she said about somebody who presses or coaches her.
fn is_about_pressure(view: &JourneyView, duty: Duty) -> bool {
    match duty {
        Duty::Screened => !view.journey.screening_hits().is_empty() || view.journey.ring_waits(),
        Duty::Confirmed => view.journey.refused_to_confirm().is_some(),
        _ => false,
    }
}

/// Whose move it really is: what has to be prepared or decided by a person of the lender does not wait for the borrower.
fn moving(view: &JourneyView, duty: Duty, who: Who) -> Who {
    let (journey, pack) = (&view.journey, &view.pack);
    if journey.stage() != Stage::Ceremony {
        return who;
    }
    match duty {
        Duty::Signed if journey.signature_attested().is_none() => Who::Consultant,
        Duty::Noticed if journey.notice().is_none() => Who::Consultant,
        Duty::Understood if journey.needs_human(pack) => Who::Consultant,
        Duty::Screened if !journey.screening_hits().is_empty() || journey.ring_waits() => Who::Compliance,
        // Once it was assessed she has nothing more to declare.
        Duty::Afforded if journey.next_step(pack) != Step::Borrower(duty) => Who::Compliance,
        _ => who,
    }
}

/// Which of the forms have something to do now.
pub(super) struct Todo {
    missing: Vec<Duty>,
}

impl Todo {
    pub(super) fn of(view: &JourneyView) -> Self {
        Todo { missing: view.journey.missing(&view.pack).iter().map(|missing| missing.duty).collect() }
    }

    /// Whether a duty is missing.
    pub(super) fn lacks(&self, duty: Duty) -> bool {
        self.missing.contains(&duty)
    }

    /// Whether everything that comes before a signature is there. Only a hint for the page: the rules decide when it is sent.
    pub(super) fn before_signing(&self) -> bool {
        let before = [Duty::Disclosed, Duty::Read, Duty::Understood, Duty::Identified, Duty::Consented];
        !before.iter().any(|duty| self.lacks(*duty))
    }
}
