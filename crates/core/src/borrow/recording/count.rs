//! What counts of a recording: right actor, right recording, right order. What does not is in the log and counts for nothing.

use super::standing::Recording;
use super::{CONSULTANT_NODE, Mode, Played, Side, Verdict, is_consultant};
use crate::actor::{Actor, StaffRole};
use crate::borrow::event::{Choice, Event};
use crate::borrow::state::{Mark, Proofs};

/// Counts an event about a recording.
pub(in crate::borrow) fn count(proofs: &mut Proofs, mark: &Mark, event: &Event) {
    match (&mark.actor, event) {
        (actor, Event::RecordingBegun(begun)) if is_consultant(actor) => {
            if mark.at_ms < begun.certificate.valid_until_ms {
                proofs.recording = Some(Recording::new(mark.clone(), begun.clone()));
            }
        }
        (Actor::Borrower, Event::RecordingAgreed(agreed)) => {
            if let Some(recording) = open(proofs, &agreed.recording) {
                recording.agreed = Some((mark.clone(), agreed.choice));
                proofs.records_in_browser = agreed.choice == Choice::Agreed;
            }
        }
        (Actor::Borrower, Event::RecordingNode(played)) => {
            if let Some(recording) = running(proofs, &played.recording) {
                play(recording, mark, played);
            }
        }
        (actor, Event::RecordingTake(take)) => {
            if let Some(recording) = running(proofs, &take.recording) {
                let whose = match take.side {
                    Side::Borrower => *actor == Actor::Borrower,
                    Side::Consultant => {
                        *actor == recording.mark.actor && recording.begun.mode == Mode::Remote
                    }
                };
                let key = (take.side, take.take);
                if whose && take.chunks > 0 && !recording.takes.contains_key(&key) {
                    recording.takes.insert(key, (mark.clone(), take.clone()));
                    if take.side == Side::Consultant {
                        consultant_side(recording, mark, take);
                    }
                }
            }
        }
        (actor, Event::RecordingExplained(explained)) if is_consultant(actor) => {
            if let Some(recording) = running(proofs, &explained.recording) {
                recording.doubt.take_if(|node| *node == explained.node);
            }
        }
        (Actor::Borrower, Event::RecordingEnded(ended)) => {
            if let Some(recording) = running(proofs, &ended.recording) {
                recording.ended = Some(mark.clone());
            }
        }
        (_, event) => after(proofs, mark, event),
    }
}

/// The inspection, and what people say about it.
fn after(proofs: &mut Proofs, mark: &Mark, event: &Event) {
    match (&mark.actor, event) {
        (Actor::System, Event::RecordingInspected(inspection)) => {
            let Some(recording) = running(proofs, &inspection.recording) else { return };
            for found in &inspection.nodes {
                let Some(state) = recording.states.get_mut(&found.node) else { continue };
                if state.played.as_ref().is_some_and(|(_, played)| played.take == found.take) {
                    state.verdict = Some((mark.clone(), found.clone()));
                    state.human = None;
                    state.appealed = None;
                }
            }
            recording.inspection = Some((mark.clone(), inspection.clone()));
        }
        (Actor::Staff(_, StaffRole::Compliance), Event::RecordingReviewed(reviewed)) => {
            let Some(recording) = running(proofs, &reviewed.recording) else { return };
            for (node, decision) in &reviewed.nodes {
                let Some(state) = recording.states.get_mut(node) else { continue };
                let Some((_, found)) = &state.verdict else { continue };
                let waits = match found.verdict {
                    Verdict::Unclear => true,
                    Verdict::Failed => state.appealed.is_some(),
                    // A sample of what passed may be looked at too.
                    Verdict::Passed => true,
                };
                if waits {
                    state.human = Some((mark.clone(), *decision));
                }
            }
        }
        (actor, Event::RecordingAppealed(appealed)) if is_consultant(actor) || *actor == Actor::Borrower => {
            let Some(recording) = running(proofs, &appealed.recording) else { return };
            if let Some(state) = recording.states.get_mut(&appealed.node)
                && state.verdict.as_ref().is_some_and(|(_, found)| found.verdict == Verdict::Failed)
            {
                state.appealed.get_or_insert_with(|| (mark.clone(), appealed.reason.clone()));
            }
        }
        _ => {}
    }
}

fn open<'a>(proofs: &'a mut Proofs, id: &str) -> Option<&'a mut Recording> {
    proofs.recording.as_mut().filter(|recording| recording.id() == id)
}

fn running<'a>(proofs: &'a mut Proofs, id: &str) -> Option<&'a mut Recording> {
    open(proofs, id).filter(|recording| recording.is_agreed())
}

fn play(recording: &mut Recording, mark: &Mark, played: &Played) {
    let Some(node) = recording.begun.nodes.iter().find(|node| node.id == played.node) else { return };
    let fits =
        played.start_ms >= 0 && played.start_ms < played.end_ms && played.first_chunk <= played.last_chunk;
    if recording.doubt.is_some() || !fits {
        return;
    }
    if !played.answer.fits(node.expects) {
        recording.doubt = Some(played.node.clone());
    }
    recording.ended = None;
    let state = recording.states.entry(played.node.clone()).or_default();
    *state = super::NodeState { played: Some((mark.clone(), played.clone())), ..Default::default() };
}

/// Her file is one stretch, from its beginning to its end.
fn consultant_side(recording: &mut Recording, mark: &Mark, take: &super::Take) {
    let played = Played {
        recording: take.recording.clone(),
        node: CONSULTANT_NODE.to_owned(),
        take: take.take,
        start_ms: 0,
        end_ms: take.length_ms,
        first_chunk: 0,
        last_chunk: take.chunks - 1,
        answer: super::Answer::Yes,
    };
    let state = super::NodeState { played: Some((mark.clone(), played)), ..Default::default() };
    recording.states.insert(CONSULTANT_NODE.to_owned(), state);
}
