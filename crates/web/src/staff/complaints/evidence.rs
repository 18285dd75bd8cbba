//! What the linked journey shows: what she was shown and what she said, read from its evidence, each line with its record.

use mingbai_desk::core::actor::Actor;
use mingbai_desk::core::borrow::JourneyId;

use super::super::money::{self, Cost};
use super::super::{at, say};
use crate::door::{Fail, Staff};
use crate::page::Frame;
use crate::when;

/// A record of the journey.
pub(super) struct Line {
    pub(super) at: String,
    pub(super) actor: String,
    pub(super) words: String,
    pub(super) record: String,
}

/// The journey as an officer needs it.
pub(super) struct Evidence {
    pub(super) address: String,
    pub(super) reference: String,
    /// Whether and when she looked at the cost.
    pub(super) shown: String,
    pub(super) cost: Option<Cost>,
    /// What she herself did and said.
    pub(super) hers: Vec<Line>,
    /// What was done by the lender and by Mingbai.
    pub(super) ours: Vec<Line>,
}

/// Reads it.
pub(super) async fn read(staff: &Staff, f: &Frame, id: JourneyId) -> Result<Evidence, Fail> {
    let timeline = staff.visit.site.desk.timeline(&staff.caller, id).await?;
    let line = |entry: &mingbai_desk::borrow::TimelineEntry| Line {
        at: when::exact(entry.at_ms),
        actor: say::actor(f, &entry.actor),
        words: f.w(&entry.words),
        record: format!("{}#r{}", at(id, "timeline"), entry.seq),
    };
    let by_her = |entry: &&mingbai_desk::borrow::TimelineEntry| entry.actor == Actor::Borrower;
    let view = &timeline.view;
    Ok(Evidence {
        address: at(id, ""),
        reference: id.reference(),
        shown: match view.journey.shown() {
            Some(mark) => f.t1("staff-complaint-shown", "at", when::exact(mark.at_ms)),
            None => f.t("staff-complaint-not-shown"),
        },
        cost: view.journey.table().map(|table| money::cost(f, table, &view.pack)),
        hers: timeline.entries.iter().filter(by_her).map(line).collect(),
        ours: timeline.entries.iter().filter(|entry| !by_her(entry)).map(line).collect(),
    })
}
