//! A seeded simulator: plays random journeys with commands in any order, repeated, stale, early, hostile and forged, and
//! holds every answer of the gate against [`super::checker`], which was written separately from the gate and reads nothing but
//! the raw events. A failing journey is named by its seed, and the same seed plays it again.

mod dice;
mod hand;
mod player;
mod recorder;

use mingbai_cost::Terms;
use mingbai_evidence::Record;

use crate::policy::Pack;

/// What a run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Journeys played.
    pub journeys: u64,
    /// Commands tried.
    pub commands: u64,
    /// Commands that the rules refused.
    pub refused: u64,
    /// Records that were forged past the rules, straight into the stream.
    pub forged: u64,
    /// Times the gate was asked.
    pub gate_asked: u64,
    /// Permits.
    pub permits: u64,
    /// Payouts.
    pub payouts: u64,
    /// Changes of terms.
    pub terms_changed: u64,
}

impl Tally {
    /// Adds another tally.
    pub fn add(&mut self, other: &Tally) {
        self.journeys += other.journeys;
        self.commands += other.commands;
        self.refused += other.refused;
        self.forged += other.forged;
        self.gate_asked += other.gate_asked;
        self.permits += other.permits;
        self.payouts += other.payouts;
        self.terms_changed += other.terms_changed;
    }
}

/// The gate and the checker disagreed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("种子 {seed} 的第 {journey} 笔:{what} / seed {seed}, journey {journey}: {what}")]
pub struct Disagreement {
    /// Seed of the run.
    pub seed: u64,
    /// Journey's number in the run.
    pub journey: u64,
    /// What they disagreed about.
    pub what: String,
    /// The events, one a line, to be read by a person.
    pub story: Vec<String>,
}

/// Plays journey number `journey` of the run `seed`.
///
/// # Errors
/// [`Disagreement`] when the gate opened although the checker objects, stayed shut although it does not, or a rule
/// produced an event that the fold cannot take.
pub fn play(seed: u64, journey: u64, pack: &Pack, offers: &[Terms]) -> Result<Tally, Disagreement> {
    player::Player::new(seed, journey, pack, offers).play().map(|(tally, _)| tally)
}

/// The records of the same journey, as a log would hold them: what verifiers are tested with.
///
/// # Errors
/// As [`play`].
pub fn records(seed: u64, journey: u64, pack: &Pack, offers: &[Terms]) -> Result<Vec<Record>, Disagreement> {
    player::Player::new(seed, journey, pack, offers).play().map(|(_, records)| records)
}
