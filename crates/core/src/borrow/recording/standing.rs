//! How far a recording has come, as the fold builds it, and what is still missing.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_cost::Words;
use mingbai_evidence::Digest;

use super::{
    Answer, Begun, CONSULTANT_NODE, Inspection, Mode, NodeDecision, NodeMark, NodeVerdict, Played, Side,
    Take, Verdict,
};
use crate::borrow::event::{AttachmentRef, Choice};
use crate::borrow::journey::Journey;
use crate::borrow::script::Expected;
use crate::borrow::state::Mark;
use crate::text::both;

/// One node as far as it has come. Playing it again forgets what was found out before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeState {
    /// Played last.
    pub played: Option<(Mark, Played)>,
    /// What the machine found about exactly that.
    pub verdict: Option<(Mark, NodeVerdict)>,
    /// Somebody says that the machine is wrong.
    pub appealed: Option<(Mark, String)>,
    /// What a person decided.
    pub human: Option<(Mark, NodeDecision)>,
}

/// A recording, for the current terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// How it began.
    pub begun: Begun,
    /// Who leads, when.
    pub mark: Mark,
    /// Her choice.
    pub agreed: Option<(Mark, Choice)>,
    /// Every complete file.
    pub takes: BTreeMap<(Side, u32), (Mark, Take)>,
    /// By node.
    pub states: BTreeMap<String, NodeState>,
    /// The node at which she doubts: nothing goes on until a consultant has explained.
    pub doubt: Option<String>,
    /// Everything was played, since the last node.
    pub ended: Option<Mark>,
    /// The last inspection, with its findings.
    pub inspection: Option<(Mark, Inspection)>,
}

/// What is to be done about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeStanding {
    /// Not played yet, or doubted and explained.
    ToPlay,
    /// Played; its file is not complete, or it waits for the inspection.
    Waits,
    /// A person has to look.
    AwaitsReview,
    /// It has to be recorded again.
    Redo,
    /// It shows what it should; the record that completed it.
    Fine(u64),
}

impl Recording {
    pub(super) fn new(mark: Mark, begun: Begun) -> Self {
        Recording {
            begun,
            mark,
            agreed: None,
            takes: BTreeMap::new(),
            states: BTreeMap::new(),
            doubt: None,
            ended: None,
            inspection: None,
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.begun.recording
    }

    /// Every node that has to be fine, the consultant's side included.
    #[must_use]
    pub fn nodes(&self) -> Vec<NodeMark> {
        let mut nodes = self.begun.nodes.clone();
        if self.begun.mode == Mode::Remote {
            nodes.push(NodeMark {
                id: CONSULTANT_NODE.to_owned(),
                expects: Expected::Yes,
                covers: Vec::new(),
            });
        }
        nodes
    }

    /// Whether she agreed.
    #[must_use]
    pub fn is_agreed(&self) -> bool {
        matches!(self.agreed, Some((_, Choice::Agreed)))
    }

    /// The side whose file a node lies in.
    #[must_use]
    pub fn side_of(node: &str) -> Side {
        if node == CONSULTANT_NODE { Side::Consultant } else { Side::Borrower }
    }

    /// What is to be done about a node.
    #[must_use]
    pub fn node_standing(&self, node: &NodeMark) -> NodeStanding {
        let Some(state) = self.states.get(&node.id) else { return NodeStanding::ToPlay };
        let Some((_, played)) = &state.played else { return NodeStanding::ToPlay };
        if !played.answer.fits(node.expects) {
            return NodeStanding::ToPlay;
        }
        let kept = self.takes.get(&(Self::side_of(&node.id), played.take));
        if kept.is_none_or(|(_, take)| played.last_chunk >= take.chunks) {
            return NodeStanding::Waits;
        }
        match (&state.verdict, &state.human) {
            (None, _) => NodeStanding::Waits,
            (Some(_), Some((mark, NodeDecision::Accepted))) => NodeStanding::Fine(mark.seq),
            (Some(_), Some((_, NodeDecision::Redo))) => NodeStanding::Redo,
            (Some((mark, found)), None) => match found.verdict {
                Verdict::Passed => NodeStanding::Fine(mark.seq),
                Verdict::Unclear => NodeStanding::AwaitsReview,
                Verdict::Failed if state.appealed.is_some() => NodeStanding::AwaitsReview,
                Verdict::Failed => NodeStanding::Redo,
            },
        }
    }

    /// The nodes that the borrower has to play, in order.
    #[must_use]
    pub fn to_play(&self) -> Vec<&NodeMark> {
        let open =
            |node: &&NodeMark| matches!(self.node_standing(node), NodeStanding::ToPlay | NodeStanding::Redo);
        self.begun.nodes.iter().filter(open).collect()
    }

    /// Whether the consultant's own side has to be recorded (again).
    #[must_use]
    pub fn needs_consultant_side(&self) -> bool {
        let own = |node: &NodeMark| node.id == CONSULTANT_NODE;
        let open =
            |node: &NodeMark| matches!(self.node_standing(node), NodeStanding::ToPlay | NodeStanding::Redo);
        self.nodes().iter().any(|node| own(node) && open(node))
    }

    /// Whether it is the borrower's move.
    pub(in crate::borrow) fn is_hers(&self) -> bool {
        match self.agreed {
            None => true,
            Some((_, Choice::Declined)) => false,
            Some((_, Choice::Agreed)) => {
                self.doubt.is_none() && (!self.to_play().is_empty() || self.ended.is_none())
            }
        }
    }

    /// The record that completed it, or what is missing. `topics` is what has to be named about these terms, and `ready` the last
    /// record of what has to be understood before anybody records that it was.
    pub(in crate::borrow) fn complete(&self, topics: &[String], ready: u64) -> Result<Mark, Words> {
        if self.mark.seq <= ready {
            return Err(both(
                "双录早于明示、阅读或理解,不算数,需要重新录制。",
                "It was recorded before it was disclosed, read or understood; it has to be recorded again.",
            ));
        }
        if !self.is_agreed() {
            return Err(both("借款人还没有同意录音录像。", "The borrower has not agreed to be recorded."));
        }
        if self.doubt.is_some() {
            return Err(both(
                "借款人有疑问,已停下;请顾问讲解后只重录这一段。",
                "The borrower doubts and everything stopped; a consultant explains, then only this part is recorded again.",
            ));
        }
        let nodes = self.nodes();
        let standings: Vec<_> = nodes.iter().map(|node| self.node_standing(node)).collect();
        let count = |wanted: &[NodeStanding]| standings.iter().filter(|one| wanted.contains(one)).count();
        let open = count(&[NodeStanding::ToPlay, NodeStanding::Redo]);
        if open > 0 {
            return Err(both(
                format!("双录还有 {open} 段要录。"),
                format!("{open} parts have to be recorded."),
            ));
        }
        let Some(ended) = &self.ended else {
            return Err(both("双录还没有录完。", "The recording is not finished."));
        };
        if count(&[NodeStanding::Waits]) > 0 {
            return Err(both("双录正在机器质检。", "A machine is looking at the recording."));
        }
        let review = count(&[NodeStanding::AwaitsReview]);
        if review > 0 {
            return Err(both(
                format!("双录有 {review} 段机器看不出,等消保岗查看。"),
                format!("{review} parts could not be told by a machine; compliance looks at them."),
            ));
        }
        let covered: BTreeSet<&String> = nodes.iter().flat_map(|node| &node.covers).collect();
        if let Some(topic) = topics.iter().find(|topic| !covered.contains(topic)) {
            return Err(both(
                format!("双录没有说到“{topic}”。"),
                format!("The recording does not name {topic:?}."),
            ));
        }
        let marks = self.states.values().filter_map(NodeState::settled).chain([ended]);
        Ok(marks.max_by_key(|mark| mark.seq).unwrap_or(ended).clone())
    }
}

impl NodeState {
    /// The record that settled it: what a person decided, else what the machine found.
    fn settled(&self) -> Option<&Mark> {
        let human = self.human.as_ref().map(|(mark, _)| mark);
        human.or(self.verdict.as_ref().map(|(mark, _)| mark))
    }

    /// Her answer, if the node was played.
    #[must_use]
    pub fn answer(&self) -> Option<Answer> {
        self.played.as_ref().map(|(_, played)| played.answer)
    }
}

impl Journey {
    /// The recording for the current terms.
    #[must_use]
    pub fn recording(&self) -> Option<&Recording> {
        self.proofs.recording.as_ref()
    }

    /// The findings of the last inspection.
    #[must_use]
    pub fn recording_findings(&self) -> Option<&AttachmentRef> {
        self.recording()?.inspection.as_ref().map(|(_, inspection)| &inspection.findings)
    }

    /// Every recording that was begun, whatever became of it: its id and the record that began it. Files of an earlier one are kept
    /// and can be looked at, though they prove nothing about the current terms.
    #[must_use]
    pub fn recordings(&self) -> &BTreeMap<String, Digest> {
        &self.recordings
    }
}
