//! The report about complaints: counts, and nothing that could be about one person. What is counted under what is decided here once, so that
//! page, command and file cannot differ.

use std::collections::BTreeMap;

use mingbai_cost::Words;

use super::Elsewhere;
use crate::text::both;

/// How a complaint stands with its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kept {
    /// No answer yet, and there is time.
    Running,
    /// No answer, and the clock has run out.
    Overdue,
    /// Answered in time.
    Met,
    /// Answered too late.
    Late,
    /// Nothing to measure: taken back, or another system does not say.
    Unmeasured,
}

impl Kept {
    /// Every one, in the order of a report.
    pub const ALL: [Kept; 5] = [Kept::Running, Kept::Overdue, Kept::Met, Kept::Late, Kept::Unmeasured];

    /// Key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Kept::Running => "running",
            Kept::Overdue => "overdue",
            Kept::Met => "met",
            Kept::Late => "late",
            Kept::Unmeasured => "unmeasured",
        }
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> Words {
        match self {
            Kept::Running => both("办理中,期限内", "being worked on, in time"),
            Kept::Overdue => both("办理中,已超期", "being worked on, overdue"),
            Kept::Met => both("按时答复", "answered in time"),
            Kept::Late => both("超期答复", "answered too late"),
            Kept::Unmeasured => both(
                "无法衡量(撤回,或来源没有说明)",
                "not measurable (taken back, or the source does not say)",
            ),
        }
    }

    /// From the moments of a complaint, unix ms: when its answer is due (`None` when none is owed), and when the answer that counts was
    /// given and was due.
    #[must_use]
    pub fn of(due_ms: Option<i64>, answered: Option<(i64, i64)>, now_ms: i64) -> Self {
        match (due_ms, answered) {
            (Some(due_ms), _) if now_ms > due_ms => Kept::Overdue,
            (Some(_), _) => Kept::Running,
            (None, Some((at_ms, due_ms))) if at_ms > due_ms => Kept::Late,
            (None, Some(_)) => Kept::Met,
            (None, None) => Kept::Unmeasured,
        }
    }

    /// As another system says it; `None` when it is answered here.
    #[must_use]
    pub const fn elsewhere(said: Elsewhere) -> Option<Self> {
        match said {
            Elsewhere::Open => None,
            Elsewhere::InTime => Some(Kept::Met),
            Elsewhere::Late => Some(Kept::Late),
            Elsewhere::Untold => Some(Kept::Unmeasured),
        }
    }
}

/// One complaint as a report counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Cause, found or else categorised; for one that was never sorted here, the words of the system that it came from.
    pub cause: Option<String>,
    /// Way in, by key.
    pub channel: String,
    /// Product.
    pub product: Option<String>,
    /// Stage, by key.
    pub stage: String,
    /// Its clock.
    pub kept: Kept,
}

/// A name and how often it occurs; no name for what was not sorted.
pub type Count = (Option<String>, u32);

/// The counts. Every table adds up to `total`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Complaints.
    pub total: u32,
    /// By cause, most first.
    pub causes: Vec<Count>,
    /// By way in, most first.
    pub channels: Vec<Count>,
    /// By product, most first.
    pub products: Vec<Count>,
    /// By stage, most first.
    pub stages: Vec<Count>,
    /// By clock, in the order of [`Kept::ALL`], zeros and all.
    pub clocks: Vec<(Kept, u32)>,
}

impl Report {
    /// Counts.
    #[must_use]
    pub fn of(all: &[Counted]) -> Self {
        let table = |name: &dyn Fn(&Counted) -> Option<String>| {
            let mut counts: BTreeMap<Option<String>, u32> = BTreeMap::new();
            for one in all {
                *counts.entry(name(one)).or_default() += 1;
            }
            let mut table: Vec<Count> = counts.into_iter().collect();
            table.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            table
        };
        let clock = |kept: Kept| (kept, tally(all.iter().filter(|one| one.kept == kept).count()));
        Report {
            total: tally(all.len()),
            causes: table(&|one| one.cause.clone()),
            channels: table(&|one| Some(one.channel.clone())),
            products: table(&|one| one.product.clone()),
            stages: table(&|one| Some(one.stage.clone())),
            clocks: Kept::ALL.into_iter().map(clock).collect(),
        }
    }

    /// Of those that were answered and can be measured, how many in time: (in time, all).
    #[must_use]
    pub fn in_time(&self) -> (u32, u32) {
        let of = |kept| self.clocks.iter().find(|(one, _)| *one == kept).map_or(0, |(_, count)| *count);
        (of(Kept::Met), of(Kept::Met) + of(Kept::Late))
    }
}

fn tally(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_measured_by_the_answer_and_not_by_today() {
        assert_eq!(Kept::of(Some(10), None, 10), Kept::Running);
        assert_eq!(Kept::of(Some(10), None, 11), Kept::Overdue);
        assert_eq!(Kept::of(None, Some((10, 10)), 99), Kept::Met);
        assert_eq!(Kept::of(None, Some((11, 10)), 99), Kept::Late);
        // A re-check runs again, whatever the first answer was.
        assert_eq!(Kept::of(Some(20), Some((11, 10)), 15), Kept::Running);
        assert_eq!(Kept::of(None, None, 0), Kept::Unmeasured);
    }

    #[test]
    fn every_table_adds_up() {
        let one = |cause: Option<&str>, kept| Counted {
            cause: cause.map(str::to_owned),
            channel: "page".to_owned(),
            product: None,
            stage: "open".to_owned(),
            kept,
        };
        let all = [one(Some("c05"), Kept::Met), one(None, Kept::Late), one(Some("c05"), Kept::Met)];
        let report = Report::of(&all);
        assert_eq!(report.causes, [(Some("c05".to_owned()), 2), (None, 1)]);
        for table in [&report.causes, &report.channels, &report.products, &report.stages] {
            assert_eq!(table.iter().map(|(_, count)| count).sum::<u32>(), report.total);
        }
        assert_eq!((report.in_time(), report.clocks.len()), ((2, 3), 5));
    }
}
