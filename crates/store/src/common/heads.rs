//! Where streams stood when this process last wrote to them. What is remembered may be old: whoever uses it must be told so by the database.

use std::collections::HashMap;

use mingbai_evidence::{StreamHead, StreamId};

use super::group::plan::Plan;

/// Streams that are remembered; beyond it all are forgotten, which costs one look into the index for each.
const LIMIT: usize = 16_384;

/// Remembered heads.
#[derive(Default)]
pub(crate) struct Heads(HashMap<StreamId, StreamHead>);

impl Heads {
    /// The head of a stream, if it is remembered.
    pub(crate) fn get(&self, stream: &StreamId) -> Option<StreamHead> {
        self.0.get(stream).copied()
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes over what a plan has made true.
    pub(crate) fn learn(&mut self, plan: &Plan<'_>) {
        if self.0.len() + plan.appends.len() > LIMIT {
            self.0.clear();
        }
        for (_, append) in &plan.appends {
            let Some(head) = append.records.last().map(mingbai_evidence::Record::head) else { continue };
            match self.0.get_mut(&append.stream) {
                Some(old) => *old = head,
                None => drop(self.0.insert(append.stream.clone(), head)),
            }
        }
    }
}
