//! The sections of a pack: what each rule of the house reads. Values only; the rules themselves live in
//! `borrow`.

use jiff::civil::Time;
use mingbai_cost::Words;
use serde::{Deserialize, Serialize};

use super::grade::{Grade, Graded};
use crate::borrow::duty::{Duty, Who};
use crate::borrow::event::Channel;
use crate::borrow::teachback::QuestionKind;

/// Whether a lender may leave a duty out. There is one answer; it is written so that the file says it aloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// Never.
    Never,
}

/// The row of one duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyRule {
    /// Which duty.
    pub duty: Duty,
    /// Keys of the clauses that it rests on; never empty.
    pub clauses: Vec<String>,
    /// May a lender leave it out.
    pub skip: Skip,
    /// Who has to act.
    pub who: Who,
    /// What satisfies it.
    pub satisfied_by: Words,
    /// What to do next when it is missing.
    pub next: Words,
}

/// Forced reading. The published text with the seconds was not obtained, so the numbers are ours and graded
/// so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingRule {
    /// Least seconds on any section.
    pub min_seconds: Graded<u32>,
    /// Characters that a slow reader takes in a second.
    pub chars_per_second: Graded<u32>,
    /// Least part of a section that must have been on screen, ppm.
    pub min_reach_ppm: Graded<i64>,
}

impl ReadingRule {
    /// Least seconds for a section of `chars` characters: the larger of the floor and chars ÷ speed, rounded
    /// up.
    #[must_use]
    pub fn seconds_for(&self, chars: u32) -> u32 {
        let speed = self.chars_per_second.value.max(1);
        self.min_seconds.value.max(chars.div_ceil(speed))
    }
}

/// Teach-back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeachBackRule {
    /// Kinds that are asked whenever the table has something to ask about.
    pub required: Graded<Vec<QuestionKind>>,
    /// After so many wrong answers a human explains in person.
    pub max_wrong: Graded<u32>,
}

/// Recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordingRule {
    /// Channels on which a recording that the branch made with its own device may be attested instead. Such an attestation proves who
    /// says so and nothing about what was recorded.
    pub attested_channels: Graded<Vec<Channel>>,
}

impl RecordingRule {
    /// Whether a consultant may attest a recording on this channel.
    #[must_use]
    pub fn allows(&self, channel: Channel) -> bool {
        self.attested_channels.value.contains(&channel)
    }
}

/// Permit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermitRule {
    /// Seconds from issue to end.
    pub lifetime_seconds: Graded<u32>,
}

/// Call-back after the payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallbackRule {
    /// Days after the payout within which the call-back must be tried.
    pub days_after_payout: Graded<u32>,
    /// How often one question is explained and asked again.
    pub re_ask: Graded<u32>,
    /// Days within which a mismatch must be put right and answered.
    pub remedy_days: Graded<u32>,
    /// No call before this time of day.
    pub not_before: Graded<Time>,
    /// No call at or after this time of day.
    pub not_after: Graded<Time>,
}

/// Days for complaints, counted from receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComplaintClocks {
    /// Clear and simple.
    pub simple_days: Graded<u32>,
    /// Complex.
    pub complex_days: Graded<u32>,
    /// Very complex, after approval.
    pub extended_days: Graded<u32>,
    /// Most people who speak for a group.
    pub group_speakers: Graded<u32>,
    /// After an answer, a re-check may be asked for within so many days …
    pub recheck_ask_days: Graded<u32>,
    /// … and is answered within so many.
    pub recheck_days: Graded<u32>,
    /// The house is warned so many days before a clock runs out.
    pub soon_days: Graded<u32>,
    /// So many complaints about one product for one cause …
    pub cluster_count: Graded<u32>,
    /// … within so many days are a matter of their own.
    pub cluster_days: Graded<u32>,
}

/// Contact for collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CollectionRule {
    /// Quiet from this time of day (inclusive) …
    pub quiet_from: Graded<Time>,
    /// … until this one (exclusive), unless the borrower agreed otherwise.
    pub quiet_until: Graded<Time>,
    /// Effective calls a day to one debtor.
    pub effective_calls_per_day: Graded<u32>,
    /// Unanswered dials a day to one number.
    pub dials_per_day: Graded<u32>,
}

impl CollectionRule {
    /// Whether `at` lies in the quiet hours, which span midnight.
    #[must_use]
    pub fn is_quiet(&self, at: Time) -> bool {
        let (from, until) = (self.quiet_from.value, self.quiet_until.value);
        if from <= until { at >= from && at < until } else { at >= from || at < until }
    }
}

/// Instalments offered while paying for something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckoutRule {
    /// What must happen on the payment page.
    pub text: Words,
    /// Key of the clause.
    pub clause: String,
    /// Grade.
    pub grade: Grade,
}

/// A row that the cost table must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisclosureRow {
    /// Contract principal.
    Principal,
    /// What reaches the borrower.
    NetPayout,
    /// Every item by name.
    ItemName,
    /// How and when each item is taken.
    ItemMethod,
    /// Fee standard of each item.
    ItemStandard,
    /// Annualised level of each item.
    ItemAnnualLevel,
    /// Who receives each item.
    ItemPayee,
    /// Yuan of each item over the whole loan.
    ItemTotal,
    /// All-in annual cost, compound, labelled.
    AnnualCompound,
    /// All-in annual cost, simple, labelled.
    AnnualSimple,
    /// Everything that is paid back.
    TotalRepayable,
    /// The plan.
    Instalments,
    /// Default-case costs, apart.
    DefaultCosts,
    /// Nothing else will be charged.
    NothingElse,
}

/// What the cost table must show. The published sample table was not obtained; the list is what reports of it
/// name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosureRule {
    /// Rows.
    pub required_rows: Graded<Vec<DisclosureRow>>,
}

/// How long one kind of record is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRule {
    /// Stable key.
    pub key: String,
    /// What it is.
    pub name: Words,
    /// Years after the loan has ended (or after the record was made when there is no loan).
    pub years: Graded<u32>,
}

/// A number that helps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpLine {
    /// Stable key.
    pub key: String,
    /// Telephone number; empty for an app.
    pub number: String,
    /// What it is for.
    pub text: Words,
    /// Grade.
    pub grade: Grade,
}
