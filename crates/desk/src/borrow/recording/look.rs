//! The inspection, from the outbox: every complete file that holds a part nobody has looked at is handed to the inspector, and what it
//! says becomes a record.

use std::sync::Arc;

use async_trait::async_trait;
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::recording::{
    CONSULTANT_NODE, Check, Inspected, Inspection, NodeMark, NodeVerdict, Outcome, Recording, Side, Verdict,
    Wish,
};
use mingbai_core::borrow::script::{Expected, NodeKind, Spoken, item_topic};
use mingbai_core::borrow::{Journey, JourneyId};
use mingbai_core::text::both;
use mingbai_cost::Lang;
use mingbai_evidence::Digest;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::gone;
use crate::borrow::holder;
use crate::borrow::write::Loaded;
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{
    AnswerExpected, InspectError, InspectionWish, KeepError, NobodyLooks, NodeFindings, Pieces, WishedNode,
};

/// Findings as they are kept: one list for each file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// Whose file.
    pub side: Side,
    /// Number.
    pub take: u32,
    /// Node by node.
    pub nodes: Vec<NodeFindings>,
    /// What was said: begin, end in milliseconds, words.
    pub transcript: Vec<(i64, i64, String)>,
}

/// Runs the whole file's hash along while somebody else reads it.
struct Hashing {
    inner: Box<dyn Pieces>,
    hash: Sha256,
    done: tokio::sync::oneshot::Sender<Digest>,
}

/// The channel is used up by the end of the file.
struct Reading(Option<Hashing>, u64);

#[async_trait]
impl Pieces for Reading {
    fn total(&self) -> u64 {
        self.1
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, KeepError> {
        let Some(reading) = &mut self.0 else { return Ok(None) };
        match reading.inner.next().await? {
            Some(piece) => {
                reading.hash.update(&piece);
                Ok(Some(piece))
            }
            None => {
                if let Some(Hashing { hash, done, .. }) = self.0.take() {
                    // Nobody waits any more when the inspection was given up.
                    let _gone = done.send(Digest::new(hash.finalize().into()));
                }
                Ok(None)
            }
        }
    }
}

impl Desk {
    /// Looks at what nobody has looked at. Doing it again after it was done changes nothing.
    pub(crate) async fn inspect_recording(&self, id: JourneyId, recording: &str) -> Result<(), DeskError> {
        let Loaded { journey, .. } = self.load(id).await?;
        let Some(open) = journey.recording().filter(|open| open.id() == recording && open.ended.is_some())
        else {
            // New terms, or a node that is played again: the next end asks anew.
            return Ok(());
        };
        let spoken = self.spoken(&Caller::system(), id).await?;
        let mut inspection = Inspection {
            recording: recording.to_owned(),
            engine: String::new(),
            files: Vec::new(),
            nodes: Vec::new(),
            findings: open.begun.spoken.clone(),
        };
        let mut kept = Vec::new();
        for ((side, take), (_, file)) in &open.takes {
            let nodes = wished(&journey, open, &spoken, (*side, *take), file.length_ms);
            if nodes.is_empty() {
                continue;
            }
            let found = self.look(id, open, (*side, *take), nodes).await?;
            let (sha256, mut report) = found;
            report.nodes.iter_mut().for_each(|node| self.draw(node));
            inspection.engine.clone_from(&report.engine);
            let duration_ms = report.duration_ms;
            inspection.files.push(Inspected { side: *side, take: *take, sha256, duration_ms });
            inspection.nodes.extend(report.nodes.iter().map(|node| verdict(node, *take)));
            let line = |line: crate::ports::SpokenLine| (line.start_ms, line.end_ms, line.text);
            let transcript = report.transcript.into_iter().map(line).collect();
            kept.push(Findings { side: *side, take: *take, nodes: report.nodes, transcript });
        }
        if inspection.nodes.is_empty() {
            return Ok(());
        }
        let bytes = serde_json::to_vec(&kept).map_err(|e| DeskError::Fault(e.to_string()))?;
        inspection.findings = self.ports.attachments.put(holder(id), bytes, "application/json").await?;
        let wish = Command::Recording(Box::new(Wish::Inspect(inspection)));
        Box::pin(self.act(&Caller::system(), id, wish)).await.map(|_| ())
    }

    async fn look(
        &self,
        id: JourneyId,
        open: &Recording,
        (side, take): (Side, u32),
        nodes: Vec<WishedNode>,
    ) -> Result<(Digest, crate::ports::Inspection), DeskError> {
        let manifest = self.manifest(id, open, side, take).await?;
        let total = manifest.bytes();
        let media = manifest.media.clone();
        let inner = self.file_pieces(id, manifest, None);
        let (done, whole) = tokio::sync::oneshot::channel();
        let reading = Reading(Some(Hashing { inner, hash: Sha256::new(), done }), total);
        let wish =
            InspectionWish { lang: Lang::Zh, media, nodes, persons_expected: open.begun.mode.persons() };
        let inspector = self.inspector.clone().unwrap_or_else(|| Arc::new(NobodyLooks));
        let report = inspector.inspect(wish, Box::new(reading)).await.map_err(|error| match error {
            InspectError::Unreadable(error) => DeskError::Keep(error),
            InspectError::Unavailable(why) => DeskError::Fault(why),
        })?;
        let sha256 = whole.await.map_err(|_| {
            DeskError::Fault("the inspector did not read the recording to its end".to_owned())
        })?;
        Ok((sha256, report))
    }
}

impl Desk {
    /// A person sees some of what passed as well. The dice say which: whoever records cannot know before.
    fn draw(&self, node: &mut NodeFindings) {
        let Some(every) = self.recording_sample.filter(|_| node.verdict() == Verdict::Passed) else { return };
        let drawn = u64::from_be_bytes(self.random()).is_multiple_of(u64::from(every.get()));
        if drawn {
            let why = both(
                format!("抽查:机器没有发现问题的段落,每 {every} 段约有 1 段由人看。"),
                format!(
                    "Sample: of every {every} parts in which the machine found nothing, a person looks at about one."
                ),
            );
            node.checks.push((Check::Sample, Outcome::NotChecked { why }));
        }
    }
}

/// Names that must be heard in a node: of the item that it covers, and of who collects it.
fn names(journey: &Journey, node: &NodeMark) -> Vec<String> {
    let items = journey.table().map(|table| table.items.as_slice()).unwrap_or_default();
    let covered = items.iter().filter(|item| node.covers.contains(&item_topic(&item.key)));
    covered.flat_map(|item| [item.name.zh.clone(), item.payee.name.zh.clone()]).collect()
}

/// The parts of one file that nobody has looked at.
fn wished(
    journey: &Journey,
    open: &Recording,
    spoken: &[Spoken],
    (side, take): (Side, u32),
    length_ms: i64,
) -> Vec<WishedNode> {
    let mut nodes = Vec::new();
    for node in open.nodes() {
        let Some(state) = open.states.get(&node.id) else { continue };
        let Some((_, played)) = state.played.as_ref().filter(|_| state.verdict.is_none()) else { continue };
        if Recording::side_of(&node.id) != side || played.take != take {
            continue;
        }
        let text = spoken.iter().find(|one| one.id == node.id);
        let answer_expected = match text {
            Some(one) if one.kind == NodeKind::Identity => AnswerExpected::Anything,
            Some(one) if one.expects == Expected::Yes => AnswerExpected::Affirmative,
            Some(_) => AnswerExpected::Anything,
            None => AnswerExpected::Nothing,
        };
        let whole = node.id == CONSULTANT_NODE;
        nodes.push(WishedNode {
            start_ms: if whole { 0 } else { played.start_ms },
            end_ms: if whole { length_ms } else { played.end_ms },
            expected_text: text.map(|one| one.text.zh.clone()).unwrap_or_default(),
            names: names(journey, &node),
            answer_expected,
            id: node.id,
        });
    }
    nodes.sort_by_key(|node| node.start_ms);
    nodes
}

fn verdict(found: &NodeFindings, take: u32) -> NodeVerdict {
    let mut failed = Vec::new();
    let mut not_checked = Vec::new();
    for (check, outcome) in &found.checks {
        match outcome {
            Outcome::Passed => {}
            Outcome::Failed { at_ms, .. } => failed.push((*check, *at_ms)),
            Outcome::NotChecked { .. } => not_checked.push(*check),
        }
    }
    let verdict: Verdict = found.verdict();
    NodeVerdict { node: found.id.clone(), take, verdict, failed, not_checked }
}

impl Desk {
    /// Every finding of the last inspection, for the player.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when nobody has looked yet.
    pub async fn findings(&self, caller: &Caller, id: JourneyId) -> Result<Vec<Findings>, DeskError> {
        let Loaded { journey, .. } = self.load_for(caller, id).await?;
        let document = journey.recording_findings().ok_or_else(gone)?;
        let bytes = self.ports.attachments.get(holder(id), document.sha256).await?.ok_or_else(gone)?;
        serde_json::from_slice(&bytes).map_err(|e| DeskError::Fault(format!("the findings: {e}")))
    }
}
