//! The way out: the report as counts, and rows under the public column names. Neither names a person. A narrative leaves the house only where
//! the list that it came from says that its author agreed; nobody is asked here for such a consent, so no other one does.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use mingbai_core::actor::StaffRole;
use mingbai_core::trust::complaint::report::{Counted, Kept, Report};
use mingbai_core::trust::complaint::{Channel, Complaint, Elsewhere, Party, Stage};
use mingbai_cost::Lang;
use serde_json::Value;

use super::table::{COLUMNS, guarded};
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{ComplaintFilter, ComplaintRow};

/// From when to when complaints were received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// First day in China; `None` = from the beginning.
    pub from: Option<Date>,
    /// Last day in China, counted in; `None` = until now.
    pub until: Option<Date>,
}

impl Period {
    fn holds(&self, at_ms: i64) -> bool {
        let day = day(at_ms);
        self.from.is_none_or(|from| day >= from) && self.until.is_none_or(|until| day <= until)
    }

    fn start_ms(&self) -> Option<i64> {
        let from = self.from?;
        let start = Offset::constant(8).to_timestamp(from.at(0, 0, 0, 0)).ok()?;
        Some(start.as_millisecond())
    }
}

/// The rows as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFile {
    /// CSV in UTF-8 with the mark that spreadsheet programs look for.
    pub csv: String,
    /// Rows without the headings.
    pub rows: usize,
}

impl Desk {
    /// The counts of a period.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn complaint_report(&self, caller: &Caller, period: Period) -> Result<Report, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        let now_ms = self.now_ms();
        let mut all = Vec::new();
        for row in self.in_period(period).await? {
            let other = row.channel == Channel::Other.key();
            // Only another system's rows have labels and answers that the list does not show.
            let over = if other { self.elsewhere(&row).await? } else { None };
            let said = over.as_ref().and_then(|(said, _)| Kept::elsewhere(*said));
            let answered = row.answered_at_ms.zip(row.answer_due_at_ms);
            let label = |name: &str| over.as_ref().and_then(|(_, cells)| cells.get(name).cloned());
            all.push(Counted {
                cause: row.root_cause.or(row.cause).or_else(|| label("Issue")),
                product: row.product_id.or_else(|| label("Product")),
                channel: row.channel,
                kept: said.unwrap_or_else(|| Kept::of(row.due_at_ms, answered, now_ms)),
                stage: row.stage,
            });
        }
        Ok(Report::of(&all))
    }

    /// The rows of a period under the public column names, oldest first.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn complaint_rows_file(
        &self,
        caller: &Caller,
        period: Period,
        lang: Lang,
    ) -> Result<ReportFile, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        let mut rows = self.in_period(period).await?;
        rows.sort_by_key(|row| (row.received_at_ms, row.complaint));
        let mut writer = csv::Writer::from_writer(Vec::new());
        let fault = |error: csv::Error| DeskError::Fault(error.to_string());
        writer.write_record(COLUMNS).map_err(fault)?;
        for row in &rows {
            let over = if row.channel == Channel::Other.key() { self.elsewhere(row).await? } else { None };
            let cells = match over {
                Some((said, cells)) if said != Elsewhere::Open => {
                    COLUMNS.iter().map(|name| cells.get(*name).cloned().unwrap_or_default()).collect()
                }
                over => {
                    let complaint = self.load_complaint(row.complaint).await?.complaint;
                    self.cells(row, &complaint, over.map(|(_, cells)| cells), lang)
                }
            };
            writer.write_record(disclosed(cells).iter().map(|cell| guarded(cell))).map_err(fault)?;
        }
        let bytes = writer.into_inner().map_err(|error| DeskError::Fault(error.to_string()))?;
        let csv = format!("\u{feff}{}", String::from_utf8_lossy(&bytes));
        Ok(ReportFile { csv, rows: rows.len() })
    }

    async fn in_period(&self, period: Period) -> Result<Vec<ComplaintRow>, DeskError> {
        let filter = ComplaintFilter { received_from_ms: period.start_ms(), ..ComplaintFilter::default() };
        let rows = self.every_complaint(filter).await?;
        Ok(rows.into_iter().filter(|row| period.holds(row.received_at_ms)).collect())
    }

    /// What another system says, and its row; the row is empty when it was erased.
    async fn elsewhere(
        &self,
        row: &ComplaintRow,
    ) -> Result<Option<(Elsewhere, HashMap<String, String>)>, DeskError> {
        let complaint = self.load_complaint(row.complaint).await?.complaint;
        let Some(over) = complaint.taken_over else { return Ok(None) };
        let text = self.open_sealed(row.complaint, &over.original).await?.unwrap_or_default();
        let whole: Value = serde_json::from_str(&text).unwrap_or_default();
        let cells = whole.as_object().into_iter().flatten();
        let cells = cells.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        Ok(Some((over.elsewhere, cells.collect())))
    }

    /// A complaint of this desk under the public column names. What there is no word for here stays empty.
    fn cells(
        &self,
        row: &ComplaintRow,
        complaint: &Complaint,
        came: Option<HashMap<String, String>>,
        lang: Lang,
    ) -> Vec<String> {
        let label = |name: &str| came.as_ref().and_then(|cells| cells.get(name).cloned()).unwrap_or_default();
        let category = complaint.category.as_ref();
        let cause = |code: &str| {
            self.causes.cause(code).map_or_else(|| code.to_owned(), |line| line.name.get(lang).to_owned())
        };
        let business = category.map(|category| {
            let line = self.causes.business(&category.business);
            line.map_or_else(|| category.business.clone(), |line| line.name.get(lang).to_owned())
        });
        let product = complaint.product.as_ref().map(|(id, version)| format!("{id} {version}"));
        let response = match (&complaint.stage, complaint.stage.answer()) {
            (_, Some(answer)) => answer.proposal.draft.outcome.name().get(lang).to_owned(),
            (Stage::Closed(_), None) => "Withdrawn".to_owned(),
            (_, None) => "In progress".to_owned(),
        };
        let answered = row.answered_at_ms.zip(row.answer_due_at_ms);
        let timely = match Kept::of(None, answered, 0) {
            Kept::Met => "Yes",
            Kept::Late => "No",
            _ => "",
        };
        let party = complaint.received.party;
        let disputed = match (complaint.recheck_why.is_some(), answered.is_some()) {
            (true, _) => "Yes",
            (false, true) => "No",
            (false, false) => "N/A",
        };
        let channel = complaint.received.channel.name();
        let handed_on = complaint.received.transfer.as_ref().map(|_| day(complaint.received.received_at_ms));
        vec![
            day(complaint.received.received_at_ms).to_string(),
            business.unwrap_or_else(|| label("Product")),
            product.unwrap_or_else(|| label("Sub-product")),
            row.cause.as_deref().map_or_else(|| label("Issue"), cause),
            row.root_cause.as_deref().map_or_else(|| label("Sub-issue"), cause),
            label("Consumer complaint narrative"),
            String::new(),
            self.settings.lender.name.get(lang).to_owned(),
            label("State"),
            label("ZIP code"),
            if party == Party::Herself { label("Tags") } else { party.name().get(lang).to_owned() },
            match label("Consumer consent provided?") {
                said if said.is_empty() => "Consent not provided".to_owned(),
                said => said,
            },
            channel.get(lang).to_owned(),
            handed_on.map(|day| day.to_string()).unwrap_or_default(),
            response,
            timely.to_owned(),
            disputed.to_owned(),
            complaint.received.transfer.clone().unwrap_or_else(|| row.complaint.reference()),
        ]
    }
}

/// Without the narrative, unless its author agreed to that.
fn disclosed(mut cells: Vec<String>) -> Vec<String> {
    let agreed = cells.get(11).is_some_and(|said| said == "Consent provided");
    if let (false, Some(narrative)) = (agreed, cells.get_mut(5)) {
        narrative.clear();
    }
    cells
}

/// The day of a moment in China.
fn day(at_ms: i64) -> Date {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    Offset::constant(8).to_datetime(at).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::DAY_MS;

    #[test]
    fn a_period_has_both_its_days() {
        let on = |text: &str| text.parse::<Date>().ok();
        let period = Period { from: on("2026-12-01"), until: on("2026-12-31") };
        let start = period.start_ms().unwrap_or_default();
        assert!(period.holds(start) && !period.holds(start - 1));
        assert!(period.holds(start + 31 * DAY_MS - 1) && !period.holds(start + 31 * DAY_MS));
    }

    #[test]
    fn a_narrative_leaves_with_its_authors_consent_only() {
        let row = |consent: &str| {
            let mut cells = vec!["x".to_owned(); COLUMNS.len()];
            cells[11] = consent.to_owned();
            disclosed(cells)[5].clone()
        };
        assert_eq!(
            (row("Consent provided"), row("Consent not provided"), row("")),
            ("x".into(), "".into(), "".into())
        );
    }
}
