//! What is said about a message. Never "safe": the best answer is that nothing is on record.

use crate::checker::Score;
use crate::kind::ScamType;

/// How far below a known pattern nothing is on record any more; between the two there is not enough to tell.
pub const OPEN: f64 = 2.0;
/// Fewest letters, digits and characters that say anything.
pub const LETTERS_MIN: usize = 5;
/// Families that are named, at most.
const NAMED: usize = 3;

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It follows a known pattern; the likeliest family first. There is a demand.
    KnownPattern {
        /// Families, likeliest first; at least one.
        families: Vec<ScamType>,
    },
    /// Nothing on record. Still be careful.
    NoRecord {
        /// What it reads like.
        reads_as: Option<ReadsAs>,
    },
    /// Not enough to tell.
    NotEnough {
        /// What is missing.
        missing: Missing,
        /// Families that it might become.
        families: Vec<ScamType>,
    },
}

/// What a message without a scam reads like. It is still no proof of where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadsAs {
    /// A warning against a scam.
    Warning,
    /// A notice of a bank, shop or office.
    Notice,
}

/// Why there is not enough to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Too few words.
    Words,
    /// There are signs, but nothing is demanded yet.
    Demand,
    /// The signs are weak.
    Signs,
}

impl Missing {
    /// The name on the wire.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Missing::Words => "words",
            Missing::Demand => "demand",
            Missing::Signs => "signs",
        }
    }
}

impl ReadsAs {
    /// The name on the wire.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            ReadsAs::Warning => "warning",
            ReadsAs::Notice => "notice",
        }
    }
}

impl Verdict {
    /// Families that are named, likeliest first.
    #[must_use]
    pub fn families(&self) -> &[ScamType] {
        match self {
            Verdict::KnownPattern { families } | Verdict::NotEnough { families, .. } => families,
            Verdict::NoRecord { .. } => &[],
        }
    }

    /// Why there is not enough to tell.
    #[must_use]
    pub const fn missing(&self) -> Option<Missing> {
        match self {
            Verdict::NotEnough { missing, .. } => Some(*missing),
            _ => None,
        }
    }

    /// What a message without a scam reads like.
    #[must_use]
    pub const fn reads_as(&self) -> Option<ReadsAs> {
        match self {
            Verdict::NoRecord { reads_as } => *reads_as,
            _ => None,
        }
    }

    /// The name on the wire.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Verdict::KnownPattern { .. } => "known-pattern",
            Verdict::NoRecord { .. } => "no-record",
            Verdict::NotEnough { .. } => "not-enough",
        }
    }
}

/// Families with weight, likeliest first.
#[must_use]
pub fn ranked(score: &Score) -> Vec<ScamType> {
    let mut all: Vec<(ScamType, f64)> = ScamType::ALL.into_iter().zip(score.families).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    all.into_iter().map(|(t, _)| t).collect()
}

pub(crate) fn judge(score: &Score, known: f64) -> Verdict {
    let mut families = ranked(score);
    let weights = |t: &ScamType| score.families.get(t.index()).copied().unwrap_or(0.0);
    let best = families.first().map_or(0.0, weights);
    let mut rank = 0;
    families.retain(|t| {
        rank += 1;
        rank == 1 || (rank <= NAMED && weights(t) > 0.0 && weights(t) * 3.0 >= best)
    });
    if score.letters < LETTERS_MIN {
        return Verdict::NotEnough { missing: Missing::Words, families: Vec::new() };
    }
    if score.log_odds >= known && score.demand {
        return Verdict::KnownPattern { families };
    }
    if best <= 0.0 {
        families.clear();
    }
    if score.log_odds >= known {
        return Verdict::NotEnough { missing: Missing::Demand, families };
    }
    if score.log_odds >= known - OPEN {
        return Verdict::NotEnough { missing: Missing::Signs, families };
    }
    Verdict::NoRecord { reads_as: score.reads_as }
}
