//! Which question next, and when to stop.
//!
//! The next question is one of the few that tell most at the score so far (*randomesque*, Kingsbury & Zara 1989), drawn with a seed that is an
//! argument: always the single best would show the same five questions to everybody, and they would be known in the village by noon. Topics take
//! turns, so that a score on fraud is not a score on borrowing costs.

use crate::irt::{Answer, Item, Prior, Score, score};

/// One question of the bank.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Its calibrated curve.
    pub item: Item,
    /// Its topic, any number; the topic with the fewest questions so far is asked next. Give all the same to switch this off.
    pub topic: u32,
}

/// How long the test is and how the next question is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// No score before so many questions (8).
    pub least: usize,
    /// No more than so many questions (12).
    pub most: usize,
    /// Standard error at which the test may stop, on the scale of θ (0.40).
    pub enough_error: f64,
    /// The next question is drawn among so many of the most telling ones (5); 1 switches exposure control off.
    pub among: usize,
    /// Who is asked.
    pub prior: Prior,
}

impl Rule {
    /// 8 to 12 questions, standard error 0.40, drawn among five.
    pub const USUAL: Self = Self { least: 8, most: 12, enough_error: 0.40, among: 5, prior: Prior::STANDARD };
}

/// Why a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The standard error is small enough.
    SureEnough,
    /// The longest test was reached; the score is what it is, with its larger error.
    LongEnough,
    /// The bank has no more questions.
    NoMoreQuestions,
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Ask the candidate at this index of the bank.
    Ask(usize),
    /// Show the score.
    Stop(End, Score),
}

/// The next step after `answers` (index into `bank`, and what was answered; indices outside the bank are not counted, a second answer to the
/// same question neither).
///
/// The same bank, answers, rule and seed always give the same step, so a half-finished test goes on where it was and can be checked afterwards.
#[must_use]
pub fn next(bank: &[Candidate], answers: &[(usize, Answer)], rule: &Rule, seed: u64) -> Step {
    let mut open = vec![true; bank.len()];
    let mut given: Vec<(Item, Answer)> = Vec::with_capacity(answers.len());
    let mut topics: Vec<u32> = Vec::with_capacity(answers.len());
    for (index, answer) in answers {
        let Some(candidate) = bank.get(*index) else { continue };
        if std::mem::replace(&mut open[*index], false) {
            given.push((candidate.item, *answer));
            topics.push(candidate.topic);
        }
    }
    let so_far = score(&given, rule.prior);
    if given.len() >= rule.least && so_far.error <= rule.enough_error {
        return Step::Stop(End::SureEnough, so_far);
    }
    if given.len() >= rule.most {
        return Step::Stop(End::LongEnough, so_far);
    }
    let asked = |topic| topics.iter().filter(|t| **t == topic).count();
    let left = || bank.iter().enumerate().filter(|(index, _)| open[*index]);
    let Some(fewest) = left().map(|(_, c)| asked(c.topic)).min() else {
        return Step::Stop(End::NoMoreQuestions, so_far);
    };
    let mut best: Vec<(f64, usize)> = left()
        .filter(|(_, c)| asked(c.topic) == fewest)
        .map(|(index, c)| (c.item.information(so_far.theta), index))
        .collect();
    best.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    best.truncate(rule.among.max(1));
    let drawn = (scatter(seed ^ scatter(given.len() as u64)) % best.len() as u64) as usize;
    Step::Ask(best[drawn].1)
}

/// SplitMix64's finaliser: neighbouring seeds give unrelated draws. Nothing secret hangs on it.
fn scatter(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
