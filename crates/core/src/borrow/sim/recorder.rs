//! The simulated recording: begun with good and bad certificates, agreed to or not, doubted, cut short, inspected by a machine of every
//! mood, reviewed, appealed, played again; and forged.

use std::collections::BTreeMap;

use mingbai_evidence::Digest;

use super::Disagreement;
use super::player::{Player, staff};
use crate::actor::{Actor, StaffRole};
use crate::borrow::command::Command;
use crate::borrow::event::{Choice, Event};
use crate::borrow::recording::{
    Agreed, Answer, Appealed, Begun, CONSULTANT_NODE, Certificate, Ended, Explained, Inspection, Mode,
    NodeDecision, NodeMark, NodeStanding, NodeVerdict, Played, Reviewed, Side, Take, Verdict, Wish,
};
use crate::borrow::script::{Expected, topics};

impl Player<'_> {
    fn wish(&mut self, actor: &Actor, wish: Wish) -> Result<bool, Disagreement> {
        self.attempt(actor, Command::Recording(Box::new(wish)))
    }

    /// One node for each topic; sometimes one is missing.
    fn nodes(&mut self) -> Vec<NodeMark> {
        let mut topics = self.journey.table().map(topics).unwrap_or_default();
        if self.dice.chance(8) {
            topics.pop();
        }
        let mark = |topic: String| NodeMark {
            id: format!("n-{topic}"),
            expects: if topic == "late" { Expected::No } else { Expected::Yes },
            covers: vec![topic],
        };
        topics.into_iter().map(mark).collect()
    }

    fn begin(&mut self) -> Result<(), Disagreement> {
        let life = if self.dice.chance(90) { 86_400_000 } else { -1 };
        let certificate = Certificate { record: Digest::of(b"trained"), valid_until_ms: self.now_ms + life };
        let mode = if self.dice.chance(60) { Mode::OnSite } else { Mode::Remote };
        let (nodes, spoken, script) = (self.nodes(), self.document("spoken"), Digest::of(b"script"));
        let certificate = Some(certificate);
        self.wish(&staff(StaffRole::Consultant), Wish::Begin { script, spoken, mode, certificate, nodes })?;
        Ok(())
    }

    /// Some more of the recording, or all of it.
    pub(super) fn record(&mut self) -> Result<(), Disagreement> {
        let me = Actor::Borrower;
        if self.journey.recording().is_none() || self.dice.chance(4) {
            self.begin()?;
        }
        let Some(open) = self.journey.recording().cloned() else { return Ok(()) };
        let recording = open.id().to_owned();
        if !open.is_agreed() {
            let choice = if self.dice.chance(85) { Choice::Agreed } else { Choice::Declined };
            let agreed = Agreed { recording: recording.clone(), choice, text: Digest::of(b"text") };
            self.wish(&me, Wish::Agree(agreed))?;
        }
        if let Some(node) = open.doubt.clone() {
            let explained = Explained { recording: recording.clone(), node };
            self.wish(&staff(StaffRole::Consultant), Wish::Explain(explained))?;
        }
        self.now_ms += 120_000;
        let take = u32::try_from(open.takes.len()).unwrap_or(0);
        let mut at_ms = 0;
        for node in open.to_play() {
            if self.dice.chance(3) {
                break;
            }
            let answer = match (self.dice.chance(96), node.expects) {
                (false, _) => Answer::Doubt,
                (true, Expected::Yes) => Answer::Yes,
                (true, Expected::No) => Answer::No,
            };
            let (node, start_ms) = (node.id.clone(), at_ms);
            at_ms += 2_000;
            let last_chunk = u32::try_from(at_ms / 1_000).unwrap_or(0);
            let played = Played {
                recording: recording.clone(),
                node,
                take,
                start_ms,
                end_ms: at_ms,
                first_chunk: 0,
                last_chunk,
                answer,
            };
            self.wish(&me, Wish::Play(played))?;
        }
        self.keep(&me, Side::Borrower, take)?;
        if open.needs_consultant_side() {
            self.keep(&staff(StaffRole::Consultant), Side::Consultant, take)?;
        }
        self.wish(&me, Wish::End(Ended { recording: recording.clone() }))?;
        self.look(recording)
    }

    fn keep(&mut self, actor: &Actor, side: Side, take: u32) -> Result<(), Disagreement> {
        let chunks = if self.dice.chance(96) { 600 } else { 3 };
        let Some(recording) = self.journey.recording().map(|open| open.id().to_owned()) else {
            return Ok(());
        };
        let manifest = self.document("manifest");
        let head = Digest::of(&self.dice.next().to_be_bytes());
        let take = Take { recording, side, take, chunks, bytes: 9, length_ms: 90_000, head, manifest };
        self.wish(actor, Wish::Keep(take)).map(|_| ())
    }

    /// The machine, and the people behind it.
    fn look(&mut self, recording: String) -> Result<(), Disagreement> {
        let Some(open) = self.journey.recording().cloned() else { return Ok(()) };
        let nodes = open.nodes();
        let mut found = Vec::new();
        for node in &nodes {
            let Some((_, played)) = open.states.get(&node.id).and_then(|state| state.played.clone()) else {
                continue;
            };
            let verdict = match self.dice.below(20) {
                0 => Verdict::Failed,
                1..=3 => Verdict::Unclear,
                _ => Verdict::Passed,
            };
            let take = if self.dice.chance(97) { played.take } else { played.take + 1 };
            let (node, failed, not_checked) = (node.id.clone(), Vec::new(), Vec::new());
            found.push(NodeVerdict { node, take, verdict, failed, not_checked });
        }
        let inspection = Inspection {
            recording: recording.clone(),
            engine: "sim".into(),
            files: Vec::new(),
            nodes: found,
            findings: self.document("findings"),
        };
        self.wish(&Actor::System, Wish::Inspect(inspection))?;
        self.judge(recording)
    }

    fn judge(&mut self, recording: String) -> Result<(), Disagreement> {
        let Some(open) = self.journey.recording().cloned() else { return Ok(()) };
        let mut decisions = BTreeMap::new();
        for node in open.nodes() {
            match open.node_standing(&node) {
                NodeStanding::Redo if self.dice.chance(40) => {
                    let (node, reason) = (node.id.clone(), "当时画面是好的".to_owned());
                    let appealed = Appealed { recording: recording.clone(), node: node.clone(), reason };
                    if self.wish(&Actor::Borrower, Wish::Appeal(appealed))? {
                        decisions.insert(node, NodeDecision::Accepted);
                    }
                }
                NodeStanding::AwaitsReview => {
                    let fine = self.dice.chance(90);
                    let decision = if fine { NodeDecision::Accepted } else { NodeDecision::Redo };
                    decisions.insert(node.id, decision);
                }
                _ => {}
            }
        }
        if decisions.is_empty() {
            return Ok(());
        }
        let reviewed = Reviewed { recording, nodes: decisions, reason: "逐段看过录像".into() };
        self.wish(&staff(StaffRole::Compliance), Wish::Review(reviewed)).map(|_| ())
    }

    /// An event of a recording, as somebody would write it who may write records but not lead, answer or look.
    pub(super) fn forged_recording(&mut self) -> Event {
        let open = self.journey.recording().cloned();
        let recording = open.as_ref().map_or("none".to_owned(), |open| open.id().to_owned());
        let nodes = open.as_ref().map(|open| open.nodes()).unwrap_or_default();
        let node = self.dice.pick(&nodes).map_or(CONSULTANT_NODE.to_owned(), |node| node.id.clone());
        let passed = |node: String| NodeVerdict {
            node,
            take: 0,
            verdict: Verdict::Passed,
            failed: Vec::new(),
            not_checked: Vec::new(),
        };
        match self.dice.below(8) {
            0 => Event::RecordingExplained(Explained { recording, node }),
            1 => Event::RecordingEnded(Ended { recording }),
            2 => Event::RecordingInspected(Inspection {
                recording,
                engine: "forged".into(),
                files: Vec::new(),
                nodes: nodes.into_iter().map(|node| passed(node.id)).collect(),
                findings: self.document("findings"),
            }),
            3 => Event::RecordingReviewed(Reviewed {
                recording,
                nodes: BTreeMap::from([(node, NodeDecision::Accepted)]),
                reason: "看过".into(),
            }),
            4 => Event::RecordingNode(Played {
                recording,
                node,
                take: 0,
                start_ms: if self.dice.chance(50) { 0 } else { 9_000 },
                end_ms: 4_000,
                first_chunk: 0,
                last_chunk: 2,
                answer: Answer::Yes,
            }),
            5 => Event::RecordingTake(Take {
                recording,
                side: if self.dice.chance(50) { Side::Borrower } else { Side::Consultant },
                take: 0,
                chunks: u32::try_from(self.dice.below(5)).unwrap_or(0),
                bytes: 9,
                length_ms: 9_000,
                head: Digest::of(b"head"),
                manifest: self.document("manifest"),
            }),
            6 => Event::RecordingAgreed(Agreed {
                recording,
                choice: if self.dice.chance(50) { Choice::Agreed } else { Choice::Declined },
                text: Digest::of(b"text"),
            }),
            _ => Event::RecordingBegun(Begun {
                recording: "forged".into(),
                script: Digest::of(b"script"),
                spoken: self.document("spoken"),
                mode: Mode::OnSite,
                certificate: Certificate { record: Digest::of(b"trained"), valid_until_ms: self.now_ms + 1 },
                nodes: Vec::new(),
            }),
        }
    }
}
