//! The recording, judged a second time from the raw events: one plain walk from the beginning, with nothing of the fold in it.

use std::collections::BTreeMap;

use mingbai_cost::CostTable;

use super::{is_borrower, is_compliance, is_consultant};
use crate::actor::Actor;
use crate::borrow::event::{Channel, Choice, Event};
use crate::borrow::fold::Stamped;
use crate::borrow::recording::{
    Answer, Begun, Inspection, Mode, NodeDecision, Played, Reviewed, Side, Take, Verdict,
};
use crate::borrow::script::Expected;
use crate::policy::Pack;

/// A part that was played last.
struct Part {
    take: u32,
    last_chunk: u32,
    right: bool,
    found: Option<(usize, Verdict)>,
    appealed: bool,
    human: Option<(usize, NodeDecision)>,
}

/// What the walk knows.
#[derive(Default)]
struct Walk<'a> {
    begun: Option<(usize, &'a Begun, &'a Actor)>,
    agreed: bool,
    ever: bool,
    parts: BTreeMap<&'a str, Part>,
    files: BTreeMap<(Side, u32), u32>,
    stopped_at: Option<&'a str>,
    ended: Option<usize>,
}

/// Where the recording was complete. `before` = disclosed, read, understood.
pub(super) fn recorded(
    valid: &[&Stamped],
    table: &CostTable,
    (channel, pack): (Option<Channel>, &Pack),
    before: [Option<usize>; 3],
) -> Option<usize> {
    let mut walk = Walk::default();
    for (at, entry) in valid.iter().enumerate() {
        walk.step(at, entry);
    }
    if walk.ever {
        return walk.complete(table, before);
    }
    let attested = valid.iter().rposition(|e| is_consultant(e) && matches!(e.event, Event::Recorded(_)));
    attested.filter(|_| {
        channel.is_some_and(|channel| pack.recording().attested_channels.value.contains(&channel))
    })
}

impl<'a> Walk<'a> {
    fn step(&mut self, at: usize, entry: &'a Stamped) {
        if let Event::RecordingBegun(begun) = &entry.event {
            if is_consultant(entry) && entry.mark.at_ms < begun.certificate.valid_until_ms {
                let ever = self.ever;
                *self = Walk { begun: Some((at, begun, &entry.mark.actor)), ever, ..Walk::default() };
            }
            return;
        }
        let Some((_, begun, lead)) = self.begun else { return };
        if let Event::RecordingAgreed(agreed) = &entry.event {
            if is_borrower(entry) && agreed.recording == begun.recording {
                self.agreed = agreed.choice == Choice::Agreed;
                self.ever = self.agreed;
            }
            return;
        }
        if !self.agreed {
            return;
        }
        match &entry.event {
            Event::RecordingNode(one) if is_borrower(entry) && one.recording == begun.recording => {
                self.play(begun, one);
            }
            Event::RecordingTake(take) if take.recording == begun.recording => {
                let hers = take.side == Side::Borrower && is_borrower(entry);
                let leads =
                    take.side == Side::Consultant && entry.mark.actor == *lead && begun.mode == Mode::Remote;
                if hers || leads {
                    self.file(take);
                }
            }
            Event::RecordingExplained(one)
                if is_consultant(entry)
                    && one.recording == begun.recording
                    && self.stopped_at == Some(one.node.as_str()) =>
            {
                self.stopped_at = None;
            }
            Event::RecordingEnded(one) if is_borrower(entry) && one.recording == begun.recording => {
                self.ended = Some(at);
            }
            Event::RecordingInspected(one)
                if entry.mark.actor == Actor::System && one.recording == begun.recording =>
            {
                self.inspected(at, one);
            }
            Event::RecordingReviewed(one) if is_compliance(entry) && one.recording == begun.recording => {
                self.reviewed(at, one);
            }
            Event::RecordingAppealed(one)
                if (is_borrower(entry) || is_consultant(entry)) && one.recording == begun.recording =>
            {
                if let Some(part) = self.parts.get_mut(one.node.as_str())
                    && part.found.is_some_and(|(_, verdict)| verdict == Verdict::Failed)
                {
                    part.appealed = true;
                }
            }
            _ => {}
        }
    }

    fn play(&mut self, begun: &'a Begun, one: &'a Played) {
        let Some(node) = begun.nodes.iter().find(|node| node.id == one.node) else { return };
        let ordered = 0 <= one.start_ms && one.start_ms < one.end_ms && one.first_chunk <= one.last_chunk;
        if self.stopped_at.is_some() || !ordered {
            return;
        }
        let right = match node.expects {
            Expected::Yes => one.answer == Answer::Yes,
            Expected::No => one.answer == Answer::No,
        };
        if !right {
            self.stopped_at = Some(&one.node);
        }
        self.ended = None;
        let part = Part {
            take: one.take,
            last_chunk: one.last_chunk,
            right,
            found: None,
            appealed: false,
            human: None,
        };
        self.parts.insert(&one.node, part);
    }

    fn file(&mut self, take: &'a Take) {
        if take.chunks == 0 || self.files.contains_key(&(take.side, take.take)) {
            return;
        }
        self.files.insert((take.side, take.take), take.chunks);
        if take.side == Side::Consultant {
            let part = Part {
                take: take.take,
                last_chunk: take.chunks - 1,
                right: true,
                found: None,
                appealed: false,
                human: None,
            };
            self.parts.insert("consultant", part);
        }
    }

    fn inspected(&mut self, at: usize, one: &Inspection) {
        for found in &one.nodes {
            if let Some(part) = self.parts.get_mut(found.node.as_str())
                && part.take == found.take
            {
                (part.found, part.appealed, part.human) = (Some((at, found.verdict)), false, None);
            }
        }
    }

    fn reviewed(&mut self, at: usize, one: &Reviewed) {
        for (node, decision) in &one.nodes {
            if let Some(part) = self.parts.get_mut(node.as_str())
                && let Some((_, verdict)) = part.found
                && (verdict != Verdict::Failed || part.appealed)
            {
                part.human = Some((at, *decision));
            }
        }
    }

    fn complete(&self, table: &CostTable, before: [Option<usize>; 3]) -> Option<usize> {
        let (begun_at, begun, _) = self.begun?;
        for step in before {
            if step? >= begun_at {
                return None;
            }
        }
        if !self.agreed || self.stopped_at.is_some() {
            return None;
        }
        let mut latest = self.ended?;
        let mut ids: Vec<&str> = begun.nodes.iter().map(|node| node.id.as_str()).collect();
        if begun.mode == Mode::Remote {
            ids.push("consultant");
        }
        for id in ids {
            let part = self.parts.get(id)?;
            let side = if id == "consultant" { Side::Consultant } else { Side::Borrower };
            let chunks = *self.files.get(&(side, part.take))?;
            let (found_at, verdict) = part.found?;
            let settled = match part.human {
                Some((by, NodeDecision::Accepted)) => by,
                Some((_, NodeDecision::Redo)) => return None,
                None if verdict == Verdict::Passed => found_at,
                None => return None,
            };
            if !part.right || part.last_chunk >= chunks {
                return None;
            }
            latest = latest.max(settled);
        }
        let says = |topic: &str| begun.nodes.iter().any(|node| node.covers.iter().any(|one| one == topic));
        let fixed = ["identity", "principal", "annual", "instalment", "late", "nothing_else", "wish"];
        let items = table.items.iter().all(|item| says(&format!("item.{}", item.key)));
        let early = table.early.is_empty() || says("early");
        (fixed.into_iter().all(says) && items && early).then_some(latest)
    }
}
