//! The two-parameter logistic model: how likely a right answer is, what a question tells, and what a row of answers says about a person.
//!
//! P(right | θ) = 1 / (1 + exp(−(a·θ + d))), θ ~ N(0, 1) in the population that calibrated the questions, no scaling constant (D = 1).
//! The one-parameter model is the same with one slope for all. Source: Birnbaum 1968; Bock & Mislevy 1982 for the expected a posteriori score.

use thiserror::Error;

/// Points at which the prior is laid down, from −6 to +6 standard deviations. The sum over equally spaced points of a smooth bell is exact
/// to many digits, and the same points serve every question, which those of Gauss and Hermite do not once the answers narrow the bell.
const POINTS: usize = 81;
const REACH: f64 = 6.0;

/// Why a question cannot be used for scoring.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum BadItem {
    /// Not positive: able people would answer it wrong more often, so it measures something else or its key is wrong.
    #[error("slope {0} is not between 0 and 10: check the answer key, or take the question out")]
    Slope(f64),
    /// Everybody or nobody answers it.
    #[error(
        "intercept {0} is not between -20 and 20: everybody or nobody answers this question, it tells nothing"
    )]
    Intercept(f64),
}

/// One question's calibrated curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    slope: f64,
    intercept: f64,
}

impl Item {
    /// From slope `a` (0 < a ≤ 10, per standard deviation of θ) and intercept `d` (logits at θ = 0, |d| ≤ 20).
    ///
    /// # Errors
    /// Outside these ranges, or not a number.
    pub fn new(slope: f64, intercept: f64) -> Result<Self, BadItem> {
        if !(slope > 0.0 && slope <= 10.0) {
            return Err(BadItem::Slope(slope));
        }
        if !(intercept.is_finite() && intercept.abs() <= 20.0) {
            return Err(BadItem::Intercept(intercept));
        }
        Ok(Self { slope, intercept })
    }

    /// From slope and difficulty `b`, the θ at which half answer right; d = −a·b.
    ///
    /// # Errors
    /// As [`Item::new`].
    pub fn at_difficulty(slope: f64, difficulty: f64) -> Result<Self, BadItem> {
        Self::new(slope, -slope * difficulty)
    }

    /// `a`, per standard deviation of θ.
    #[must_use]
    pub fn slope(self) -> f64 {
        self.slope
    }

    /// `d`, logits at θ = 0.
    #[must_use]
    pub fn intercept(self) -> f64 {
        self.intercept
    }

    /// `b` = −d / a, on the scale of θ.
    #[must_use]
    pub fn difficulty(self) -> f64 {
        -self.intercept / self.slope
    }

    /// Chance of a right answer at `theta`.
    #[must_use]
    pub fn chance(self, theta: f64) -> f64 {
        logistic(self.slope * theta + self.intercept)
    }

    /// Fisher information at `theta`, a²·P·(1 − P); the inverse of the variance that this question alone would give.
    #[must_use]
    pub fn information(self, theta: f64) -> f64 {
        let p = self.chance(theta);
        self.slope * self.slope * p * (1.0 - p)
    }
}

/// What somebody answered. "I don't know" counts as not right in the score, because knowing is what is measured, but it is never reported as
/// wrong: who knows that she does not know asks, who is wrong acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// As keyed.
    Right,
    /// Another choice.
    Wrong,
    /// "I don't know" was chosen.
    DontKnow,
}

/// The bell that a person's θ is drawn from before anything is known about her.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    mean: f64,
    deviation: f64,
}

impl Prior {
    /// N(0, 1): the population that calibrated the questions.
    pub const STANDARD: Self = Self { mean: 0.0, deviation: 1.0 };

    /// Another population. `None` unless both are finite and the deviation is positive.
    #[must_use]
    pub fn new(mean: f64, deviation: f64) -> Option<Self> {
        (mean.is_finite() && deviation.is_finite() && deviation > 0.0).then_some(Self { mean, deviation })
    }
}

/// A person's score with its uncertainty, and what it was made from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Mean of θ given the answers.
    pub theta: f64,
    /// Standard deviation of θ given the answers: the score's standard error.
    pub error: f64,
    /// Answers as keyed.
    pub right: u32,
    /// Other choices.
    pub wrong: u32,
    /// "I don't know".
    pub dont_know: u32,
}

impl Score {
    /// All answers, whatever they were.
    #[must_use]
    pub fn asked(&self) -> u32 {
        self.right + self.wrong + self.dont_know
    }
}

/// Expected a posteriori score of `answers` under `prior`. Without an answer it is the prior itself.
#[must_use]
pub fn score(answers: &[(Item, Answer)], prior: Prior) -> Score {
    let step = 2.0 * REACH / (POINTS - 1) as f64;
    let mut logs = [0.0_f64; POINTS];
    for (at, log) in logs.iter_mut().enumerate() {
        let z = -REACH + step * at as f64;
        let theta = prior.mean + prior.deviation * z;
        *log = -0.5 * z * z;
        for (item, answer) in answers {
            let logit = item.slope * theta + item.intercept;
            *log -= softplus(if *answer == Answer::Right { -logit } else { logit });
        }
    }
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (mut mass, mut first, mut second) = (0.0, 0.0, 0.0);
    for (at, log) in logs.iter().enumerate() {
        let z = -REACH + step * at as f64;
        let weight = (log - top).exp();
        mass += weight;
        first += weight * z;
        second += weight * z * z;
    }
    let mean = first / mass;
    let variance = (second / mass - mean * mean).max(0.0);
    let count = |kind| answers.iter().filter(|(_, answer)| *answer == kind).count() as u32;
    Score {
        theta: prior.mean + prior.deviation * mean,
        error: prior.deviation * variance.sqrt(),
        right: count(Answer::Right),
        wrong: count(Answer::Wrong),
        dont_know: count(Answer::DontKnow),
    }
}

/// 1 / (1 + exp(−x)), without overflow.
#[must_use]
pub fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

/// ln(1 + exp(x)), without overflow: minus the log of the chance of the other answer.
pub(crate) fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() }
}
