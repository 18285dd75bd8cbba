//! Complaints that come as a file: transfers of the regulators' lines, or a list with the public column names. First a plan that writes
//! nothing and says everything; then one confirmed run of exactly that file. A file with one bad row is not imported at all. A run that is
//! cut off is run again: what was written is known by its number and is not written twice.

mod export;
mod row;
mod table;
mod text;

pub use export::{Period, ReportFile};
pub use table::{COLUMNS, LineFault, Shape};
pub use text::Encoding;

use std::collections::BTreeMap;

use mingbai_core::actor::StaffRole;
use mingbai_core::text::both;
use mingbai_core::trust::complaint::{Channel, Elsewhere};
use mingbai_cost::Words;
use mingbai_evidence::Digest;

use self::row::Candidate;
use super::receive::Complain;
use crate::caller::Caller;
use crate::desk::{DAY_MS, Desk};
use crate::error::DeskError;
use crate::ports::Written;
use crate::token;

/// Largest file, in bytes.
pub const FILE_BYTES: usize = 16 << 20;
/// The most rows of one file.
pub const ROWS_MAX: usize = 20_000;
/// Faults that a plan tells apart; the rest are counted.
const FAULTS_TOLD: usize = 50;
/// Letters of the confirmation: enough that another file does not pass for this one by accident.
const CONFIRM_LETTERS: usize = 12;

/// What importing a file would do. Nothing was written to make it.
pub struct ImportPlan {
    /// What kind of table it is.
    pub shape: Shape,
    /// How it was written.
    pub encoding: Encoding,
    /// Rows that are new and would be opened here, with their clocks.
    pub opens: u32,
    /// Rows that are new and that another system has answered.
    pub answered: u32,
    /// Rows that are here already, by their number.
    pub before: u32,
    /// Rows whose number stands in the file already; the first one counts.
    pub twice: u32,
    /// Rows with a cell that a spreadsheet program would take for a formula. They are kept as text.
    pub formulas: u32,
    /// Of those that would be opened here: rows whose clock has run out already.
    pub overdue: u32,
    /// Columns that could be there and are not.
    pub absent: Vec<&'static str>,
    /// What is wrong, the first lines of it. Any fault stops the whole file.
    pub faults: Vec<LineFault>,
    /// All faults.
    pub faults_count: u32,
    /// What a person repeats to have exactly this file imported.
    pub confirm: String,
    new: Vec<Candidate>,
}

impl std::fmt::Debug for ImportPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Their words must not reach a log file.
        f.debug_struct("ImportPlan")
            .field("opens", &self.opens)
            .field("faults", &self.faults_count)
            .finish_non_exhaustive()
    }
}

impl ImportPlan {
    /// Whether it can be confirmed: nothing is wrong, and something is new.
    #[must_use]
    pub fn can_run(&self) -> bool {
        self.faults_count == 0 && !self.new.is_empty()
    }

    /// Rows that would be written.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.new.len()
    }
}

/// What a run wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Written now.
    pub written: u32,
    /// Somebody else wrote them in the meantime.
    pub before: u32,
}

/// The confirmation of a file.
fn confirmation(bytes: &[u8]) -> String {
    let letters = Digest::of(bytes).to_string();
    letters.chars().take(CONFIRM_LETTERS).collect()
}

fn invalid(words: Words) -> DeskError {
    DeskError::invalid("file", words)
}

impl Desk {
    /// What importing this file would do.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless compliance; [`DeskError::Invalid`] when it is no table that is known here, with what it is instead.
    pub async fn plan_import(&self, caller: &Caller, bytes: &[u8]) -> Result<ImportPlan, DeskError> {
        caller.needs(&[StaffRole::Compliance])?;
        let (text, encoding) = text::read(bytes).map_err(invalid)?;
        let table = table::read(&text).map_err(invalid)?;
        let now_ms = self.now_ms();
        let mut plan = ImportPlan {
            shape: table.shape,
            encoding,
            opens: 0,
            answered: 0,
            before: 0,
            twice: 0,
            formulas: 0,
            overdue: 0,
            absent: table.absent,
            faults: table.faults,
            faults_count: 0,
            confirm: confirmation(bytes),
            new: Vec::new(),
        };
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        let overdue_days = i64::from(self.pack().complaints().simple_days.value);
        for cells in &table.rows {
            let candidate = match row::candidate(table.shape, cells, now_ms) {
                Ok(candidate) => candidate,
                Err(words) => {
                    plan.faults.push(LineFault { line: cells.line, words });
                    continue;
                }
            };
            plan.formulas += u32::from(candidate.formula);
            let key = candidate.key().unwrap_or_default();
            if seen.insert(key.clone(), cells.line).is_some() {
                plan.twice += 1;
            } else if self.is_here(&candidate, &key).await? {
                plan.before += 1;
            } else {
                let open = candidate.elsewhere == Elsewhere::Open;
                let since_ms = candidate.wish.received_at_ms.unwrap_or(now_ms);
                plan.opens += u32::from(open);
                plan.answered += u32::from(!open);
                plan.overdue += u32::from(open && now_ms - since_ms > (overdue_days + 1) * DAY_MS);
                plan.new.push(candidate);
            }
        }
        plan.faults.sort_by_key(|fault| fault.line);
        plan.faults_count = u32::try_from(plan.faults.len()).unwrap_or(u32::MAX);
        plan.faults.truncate(FAULTS_TOLD);
        Ok(plan)
    }

    /// Imports the file that a plan was made of. `done` hears of every row, so that somebody can see it go on.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] when the confirmation is of another file or the plan has faults, before anything is written; else as
    /// [`Desk::note_complaint`]. After a failure in the middle the same call goes on where it stopped.
    pub async fn run_import(
        &self,
        caller: &Caller,
        (bytes, confirm): (&[u8], &str),
        done: &(dyn Fn(usize, usize) + Send + Sync),
    ) -> Result<Imported, DeskError> {
        let plan = self.plan_import(caller, bytes).await?;
        if confirm.trim().to_lowercase() != plan.confirm {
            return Err(DeskError::invalid(
                "confirm",
                both(
                    "确认码不是这个文件的:文件在预检之后变了,或者选错了文件。请重新预检。",
                    "The confirmation is of another file: it changed after the dry run, or it is the wrong one. Do the dry run again.",
                ),
            ));
        }
        if plan.faults_count > 0 {
            let count = plan.faults_count;
            return Err(invalid(both(
                format!("有 {count} 处错误,什么也没有导入。请改好文件再来。"),
                format!("{count} faults; nothing was imported. Put the file right and come again."),
            )));
        }
        let mut outcome = Imported::default();
        let total = plan.new.len();
        for (place, candidate) in plan.new.into_iter().enumerate() {
            match self.take_over(caller, candidate).await? {
                Written::Now => outcome.written += 1,
                Written::Before => outcome.before += 1,
            }
            done(place + 1, total);
        }
        Ok(outcome)
    }

    /// Whether it came in before. A row of a list may also be a complaint of this desk that was exported, or one that a line handed over.
    async fn is_here(&self, candidate: &Candidate, key: &str) -> Result<bool, DeskError> {
        if self.ports.log.before(key).await?.is_some() {
            return Ok(true);
        }
        if candidate.wish.channel != Channel::Other {
            return Ok(false);
        }
        for channel in [Channel::Nfra, Channel::Pboc] {
            let wish = Complain { transfer: candidate.wish.transfer.clone(), ..Complain::by(channel) };
            if let Some(key) = super::receive::once(&wish)
                && self.ports.log.before(&key).await?.is_some()
            {
                return Ok(true);
            }
        }
        match token::read_short_code(candidate.number()) {
            Some(reference) => Ok(self.ports.log.complaint(&reference).await?.is_some()),
            None => Ok(false),
        }
    }

    async fn take_over(&self, caller: &Caller, candidate: Candidate) -> Result<Written, DeskError> {
        let Candidate { wish, original, elsewhere, .. } = candidate;
        let over = original.map(|original| (original, elsewhere));
        Ok(Box::pin(self.receive_checked(caller.actor(), wish, (None, over))).await?.written)
    }
}
