//! Warnings: clocks that run out, many complaints about one thing, and what was behind those that are over.

use std::collections::BTreeMap;

use mingbai_core::actor::{Actor, StaffRole};
use mingbai_core::trust::complaint::alarm::{Cluster, Seen, clusters, of_clock};
use mingbai_core::trust::complaint::{Command, Complaint, Context};

use crate::caller::Caller;
use crate::desk::{DAY_MS, Desk};
use crate::error::{DeskError, ErrorKind};
use crate::ports::{ComplaintFilter, ComplaintRow};

/// Rows that are read at once.
const PAGE: u32 = 500;
/// The most rows that one look reads.
const LOOK: u32 = 20_000;

/// How many complaints one cause led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Causes {
    /// Cause code.
    pub cause: String,
    /// Those that were closed with this cause.
    pub found: u32,
    /// Those that were sorted under it and are not over.
    pub open: u32,
}

impl Desk {
    /// Puts every clock that is about to run out or has on record, once, and queues the message. Returns how many. Called by a timer.
    ///
    /// # Errors
    /// [`DeskError`] when the log cannot be read or written.
    pub async fn raise_complaint_alarms(&self) -> Result<u32, DeskError> {
        let now_ms = self.now_ms();
        let soon_days = self.pack().complaints().soon_days.value;
        let mut raised = 0;
        for row in self.every_complaint(ComplaintFilter::default()).await? {
            let Some(alarm) = of_clock(row.due_at_ms, now_ms, soon_days) else { continue };
            let decide = |complaint: &Complaint, now_ms: i64| {
                let context = Context { now_ms, taxonomy: &self.causes, involved: &[] };
                complaint.decide(&Actor::System, Command::Raise(alarm), &context)
            };
            match self.decide_complaint(row.complaint, &Actor::System.to_string(), decide).await {
                Ok(_) => raised += 1,
                // It was raised before, or she was answered in this moment.
                Err(error) if matches!(error.kind(), ErrorKind::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(raised)
    }

    /// Many complaints about one product for one cause, within twice the pack's window until now.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn complaint_clusters(&self, caller: &Caller) -> Result<Vec<Cluster>, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        let days = i64::from(self.pack().complaints().cluster_days.value);
        let from_ms = self.now_ms() - 2 * days * DAY_MS;
        let filter = ComplaintFilter { received_from_ms: Some(from_ms), ..ComplaintFilter::default() };
        let seen: Vec<Seen> = self.every_complaint(filter).await?.into_iter().filter_map(seen).collect();
        Ok(clusters(&seen, self.pack()))
    }

    /// What complaints about a product came from: the way back from a complaint to the review of the product.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless staff who may see products.
    pub async fn complaint_causes(
        &self,
        caller: &Caller,
        product: &str,
        version: &str,
    ) -> Result<Vec<Causes>, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        let filter = ComplaintFilter { product_id: Some(product.to_owned()), ..ComplaintFilter::default() };
        let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
        for row in self.every_complaint(filter).await? {
            if row.product_version.as_deref() != Some(version) {
                continue;
            }
            match (row.root_cause, row.cause, row.stage.as_str()) {
                (Some(cause), ..) => counts.entry(cause).or_default().0 += 1,
                (None, _, "withdrawn") => {}
                (None, Some(cause), _) => counts.entry(cause).or_default().1 += 1,
                (None, None, _) => {}
            }
        }
        let mut all: Vec<Causes> =
            counts.into_iter().map(|(cause, (found, open))| Causes { cause, found, open }).collect();
        all.sort_by_key(|one| std::cmp::Reverse((one.found, one.open)));
        Ok(all)
    }

    /// Every row of a filter, page by page, at most [`LOOK`].
    pub(super) async fn every_complaint(
        &self,
        filter: ComplaintFilter,
    ) -> Result<Vec<ComplaintRow>, DeskError> {
        let mut all = Vec::new();
        let mut skip = 0;
        loop {
            let page = ComplaintFilter { skip, limit: PAGE, ..filter.clone() };
            let rows = self.ports.log.complaints(page).await?;
            let full = u32::try_from(rows.len()).is_ok_and(|count| count == PAGE);
            all.extend(rows);
            skip += PAGE;
            if !full || skip >= LOOK {
                return Ok(all);
            }
        }
    }
}

fn seen(row: ComplaintRow) -> Option<Seen> {
    let cause = row.root_cause.or(row.cause)?;
    Some(Seen { product: row.product_id?, cause, received_at_ms: row.received_at_ms })
}
