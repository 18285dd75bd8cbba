//! Law is data: a dated policy pack with sources, clauses, duties, deadlines, caps and grades (DESIGN law 8).
//!
//! A pack says what a source says and how sure we are of it. It must not know any journey: rules read it, it
//! reads nothing.

mod caps;
mod error;
mod grade;
mod parse;
mod rules;

pub use caps::LprQuote;
pub use error::PackError;
pub use grade::{Clause, Grade, Graded, GradedEntry, Source};
pub use rules::{
    CallbackRule, CheckoutRule, CollectionRule, ComplaintClocks, DisclosureRow, DisclosureRule, DutyRule,
    HelpLine, PermitRule, ReadingRule, RecordingRule, RetentionRule, Skip, TeachBackRule,
};

use std::fmt;

use jiff::civil::Date;
use mingbai_cost::Words;
use mingbai_cost::cap::{CapRule, ReferenceRate};
use mingbai_cost::terms::PartyRole;
use serde::{Deserialize, Serialize};

use crate::borrow::duty::Duty;

/// The pack for loans in China that is in force from 2026-08-01, as shipped.
pub const CN_2026_08: &str = include_str!("../../../policies/cn-2026-08.toml");

/// SHA-256 of a pack's bytes. Every journey records it, so that a later change of the pack is visible.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackDigest([u8; 32]);

impl PackDigest {
    /// Wraps 32 digest bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        PackDigest(bytes)
    }

    /// The digest's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for PackDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PackDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PackDigest({self})")
    }
}

impl Serialize for PackDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PackDigest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse::digest_from_hex(&text).ok_or_else(|| {
            serde::de::Error::custom(
                "a pack digest has 64 lower-case hex digits / 规则包摘要是 64 位小写十六进制",
            )
        })
    }
}

/// A checked policy pack. It can only be made by [`Pack::parse`], so a pack in hand is whole: every duty
/// once, no
/// reference that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    text: String,
    digest: PackDigest,
    data: PackData,
    graded: Vec<GradedEntry>,
}

/// The file, as written. Unknown fields are refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackData {
    v: u32,
    id: String,
    title: Words,
    in_force_from: Date,
    roles: Vec<PartyRole>,
    notice: Words,
    reading: ReadingRule,
    teach_back: TeachBackRule,
    recording: RecordingRule,
    permit: PermitRule,
    callback: CallbackRule,
    complaints: ComplaintClocks,
    collection: CollectionRule,
    checkout: CheckoutRule,
    disclosure: DisclosureRule,
    #[serde(rename = "source")]
    sources: Vec<Source>,
    #[serde(rename = "clause")]
    clauses: Vec<Clause>,
    #[serde(rename = "duty")]
    duties: Vec<DutyRule>,
    #[serde(rename = "retention")]
    retention: Vec<RetentionRule>,
    #[serde(rename = "cap")]
    caps: Vec<CapRule>,
    #[serde(rename = "lpr", default)]
    lpr: Vec<LprQuote>,
    #[serde(rename = "help")]
    help: Vec<HelpLine>,
}

impl Pack {
    /// Reads and checks a pack.
    ///
    /// # Errors
    /// [`PackError`] names the line or the key, says why, and what to do next.
    pub fn parse(text: &str) -> Result<Self, PackError> {
        parse::parse(text)
    }

    /// The pack that is shipped in the binary.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the text is a constant and a test parses it.
    #[must_use]
    #[expect(
        clippy::panic,
        reason = "the text is compiled in; a test parses it, so no user or disk can reach this"
    )]
    pub fn embedded() -> Self {
        match Pack::parse(CN_2026_08) {
            Ok(pack) => pack,
            Err(error) => panic!("the pack compiled into this program is broken: {error}"),
        }
    }

    /// The very text that was parsed: what lies in every package, so that others can judge by the same rules.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its id, `[a-z0-9-]{1,48}`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.data.id
    }

    /// SHA-256 of the bytes that were parsed.
    #[must_use]
    pub fn digest(&self) -> PackDigest {
        self.digest
    }

    /// Its name.
    #[must_use]
    pub fn title(&self) -> &Words {
        &self.data.title
    }

    /// What staff must know about the pack as a whole.
    #[must_use]
    pub fn notice(&self) -> &Words {
        &self.data.notice
    }

    /// First day on which it applies.
    #[must_use]
    pub fn in_force_from(&self) -> Date {
        self.data.in_force_from
    }

    /// Whether firms with this role follow the pack.
    #[must_use]
    pub fn applies_to(&self, role: PartyRole) -> bool {
        self.data.roles.contains(&role)
    }

    /// The roles that follow the pack.
    #[must_use]
    pub fn roles(&self) -> &[PartyRole] {
        &self.data.roles
    }

    /// All sources.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.data.sources
    }

    /// One source.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.data.sources.iter().find(|source| source.id == id)
    }

    /// All clauses.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.data.clauses
    }

    /// One clause.
    #[must_use]
    pub fn clause(&self, key: &str) -> Option<&Clause> {
        self.data.clauses.iter().find(|clause| clause.key == key)
    }

    /// The row of one duty. Every pack has exactly one for each of [`Duty::BEFORE_PAYOUT`].
    #[must_use]
    #[expect(clippy::panic, reason = "Pack::parse refuses a pack without a row for every duty")]
    pub fn duty(&self, duty: Duty) -> &DutyRule {
        match self.data.duties.iter().find(|row| row.duty == duty) {
            Some(row) => row,
            None => panic!("a parsed pack has a row for {}", duty.key()),
        }
    }

    /// The clauses that one duty rests on.
    pub fn clauses_of(&self, duty: Duty) -> impl Iterator<Item = &Clause> {
        self.duty(duty).clauses.iter().filter_map(|key| self.clause(key))
    }

    /// Reading time and reach.
    #[must_use]
    pub fn reading(&self) -> &ReadingRule {
        &self.data.reading
    }

    /// What must be asked, and how often a person may err before a human helps.
    #[must_use]
    pub fn teach_back(&self) -> &TeachBackRule {
        &self.data.teach_back
    }

    /// When an attested recording may stand in for one in the browser.
    #[must_use]
    pub fn recording(&self) -> &RecordingRule {
        &self.data.recording
    }

    /// How long a permit lives.
    #[must_use]
    pub fn permit(&self) -> &PermitRule {
        &self.data.permit
    }

    /// When the call-back comes, and when a mismatch must be put right.
    #[must_use]
    pub fn callback(&self) -> &CallbackRule {
        &self.data.callback
    }

    /// Complaint clocks.
    #[must_use]
    pub fn complaints(&self) -> &ComplaintClocks {
        &self.data.complaints
    }

    /// Collection hours and limits.
    #[must_use]
    pub fn collection(&self) -> &CollectionRule {
        &self.data.collection
    }

    /// Instalments at a shop's checkout.
    #[must_use]
    pub fn checkout(&self) -> &CheckoutRule {
        &self.data.checkout
    }

    /// What the cost table must show.
    #[must_use]
    pub fn disclosure(&self) -> &DisclosureRule {
        &self.data.disclosure
    }

    /// How long each kind of record is kept.
    #[must_use]
    pub fn retention(&self) -> &[RetentionRule] {
        &self.data.retention
    }

    /// Caps on the all-in cost.
    #[must_use]
    pub fn caps(&self) -> &[CapRule] {
        &self.data.caps
    }

    /// Loan prime rates by date.
    #[must_use]
    pub fn lpr(&self) -> &[LprQuote] {
        &self.data.lpr
    }

    /// The same rates as the cap check takes them. An unverified rate is left out: it would bind somebody.
    #[must_use]
    pub fn reference_rates(&self) -> Vec<ReferenceRate> {
        let known = self.data.lpr.iter().filter(|row| row.one_year_ppm.grade != Grade::Unverified);
        known.map(|row| ReferenceRate { from: row.from, ppm: row.one_year_ppm.value }).collect()
    }

    /// Whom to call for help.
    #[must_use]
    pub fn help(&self) -> &[HelpLine] {
        &self.data.help
    }

    /// Every entry of the file that carries a grade, with its place.
    #[must_use]
    pub fn graded(&self) -> &[GradedEntry] {
        &self.graded
    }

    /// What no source has confirmed yet: staff see this list, and it binds nobody until it is confirmed.
    pub fn unverified(&self) -> impl Iterator<Item = &GradedEntry> {
        self.graded.iter().filter(|entry| entry.grade == Grade::Unverified)
    }
}

#[cfg(test)]
mod tests;
