//! Skill at telling fraud, apart from mere suspicion (signal detection; Green & Swets 1966, Stanislaw & Todorov 1999).
//!
//! People see real and fake messages mixed. Who calls everything fake finds every fraud and has learnt nothing; counting found frauds alone
//! would praise the campaign for it. d′ is how far apart she holds the two kinds, the criterion is how readily she says "fake".

use thiserror::Error;

use crate::proportion::z;
use crate::uplift::{Finding, Uplift};

/// One person's answers to a mixed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sorted {
    /// Fakes that she called fake.
    pub hits: u32,
    /// Fakes shown.
    pub fakes: u32,
    /// Real ones that she called fake.
    pub false_alarms: u32,
    /// Real ones shown.
    pub reals: u32,
}

/// Why there is no skill to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BadSet {
    /// Only one kind of message was shown.
    #[error("real and fake messages must both be shown: with one kind alone, suspicion looks like skill")]
    OneKind,
    /// More called fake than shown.
    #[error("more messages were called fake than were shown")]
    Counts,
}

/// Skill and leaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Skill {
    /// d′, in standard deviations; 0 is guessing.
    pub d_prime: f64,
    /// Criterion c; below 0 she says "fake" readily, above 0 she believes readily.
    pub criterion: f64,
}

/// Skill of one person, with the log-linear correction (Hautus 1995: half a case more in each cell), so that perfect rows stay finite.
///
/// # Errors
/// Only one kind of message, or impossible counts.
pub fn skill(set: Sorted) -> Result<Skill, BadSet> {
    if set.fakes == 0 || set.reals == 0 {
        return Err(BadSet::OneKind);
    }
    if set.hits > set.fakes || set.false_alarms > set.reals {
        return Err(BadSet::Counts);
    }
    let rate = |count: u32, of: u32| z((f64::from(count) + 0.5) / (f64::from(of) + 1.0));
    let (hit, alarm) = (rate(set.hits, set.fakes), rate(set.false_alarms, set.reals));
    Ok(Skill { d_prime: hit - alarm, criterion: -(hit + alarm) / 2.0 })
}

/// What a campaign did to people's judgement of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// They tell the two kinds apart better.
    Sharper,
    /// They call more of everything fake and tell the kinds apart no better: suspicion, not skill. They may refuse the bank's own messages too.
    OnlyMoreSuspicious,
    /// They believe more of everything and tell the kinds apart no better.
    OnlyMoreTrusting,
    /// They tell the two kinds apart less well.
    Blunter,
    /// Neither is shown.
    NotEnough,
}

/// From the two effects: of d′ and of the criterion (as estimated by [`crate::uplift::uplift`] on the two outcomes).
#[must_use]
pub fn judge(d_prime: &Uplift, criterion: &Uplift) -> Judgement {
    match (d_prime.finding, criterion.finding) {
        (Finding::Gain, _) => Judgement::Sharper,
        (Finding::Loss, _) => Judgement::Blunter,
        (Finding::NotEnough(_), Finding::Loss) => Judgement::OnlyMoreSuspicious,
        (Finding::NotEnough(_), Finding::Gain) => Judgement::OnlyMoreTrusting,
        (Finding::NotEnough(_), Finding::NotEnough(_)) => Judgement::NotEnough,
    }
}
