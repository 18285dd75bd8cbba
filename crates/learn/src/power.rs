//! How many people would it take? Asked before the event, when there is still something to do about it.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};
use statrs::function::gamma::ln_gamma;
use thiserror::Error;

use crate::uplift::quantile;

/// What is planned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Smallest difference worth finding, in standard deviations of the outcome (0.2 is small, 0.5 middling).
    pub effect: f64,
    /// Chance to find it if it is there (0.8).
    pub power: f64,
    /// Chance to claim one that is not there, both sides together (0.05).
    pub alpha: f64,
    /// People who come together to one session and were taught together; 1 if everybody is taught alone.
    pub session_size: f64,
    /// How alike people of one session are (intraclass correlation, 0 to 1; 0.02 to 0.10 is usual).
    pub alikeness: f64,
    /// Correlation of the two tests: adjusting for the first saves its square (0 if there is no first test).
    pub test_correlation: f64,
    /// Share of people who will not take the second test (0 to below 1).
    pub loss: f64,
}

/// What it takes, in each of the two groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Need {
    /// People to invite in each group, loss included.
    pub invited: u64,
    /// People who must take both tests in each group.
    pub tested: u64,
    /// Sessions in each group.
    pub sessions: u64,
    /// By how much teaching in sessions raises the number: 1 + (m − 1)·ρ.
    pub design_effect: f64,
    /// People in each group if everybody were taught alone and nobody lost.
    pub alone: u64,
}

/// A plan that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BadPlan {
    /// Effect must be above 0.
    #[error("the difference to be found must be above 0 and at most 5 standard deviations")]
    Effect,
    /// Power and alpha.
    #[error("power must lie between 0.5 and 0.999, and the chance of a false claim between 0.0001 and 0.2")]
    Chances,
    /// The rest.
    #[error("session size must be at least 1; alikeness, correlation and loss at least 0 and below 1")]
    Shares,
    /// Nobody has so many.
    #[error("this takes more than ten million people: such a difference cannot be found this way")]
    TooMany,
}

/// Two groups of equal size, compared by a two-sided t test of means.
///
/// # Errors
/// A plan out of range.
pub fn need(plan: &Plan) -> Result<Need, BadPlan> {
    if !(plan.effect > 0.0 && plan.effect <= 5.0) {
        return Err(BadPlan::Effect);
    }
    if !((0.5..=0.999).contains(&plan.power) && (0.0001..=0.2).contains(&plan.alpha)) {
        return Err(BadPlan::Chances);
    }
    let share = |x: f64| (0.0..1.0).contains(&x);
    let sized = plan.session_size >= 1.0 && plan.session_size.is_finite();
    if !(sized && share(plan.alikeness) && share(plan.test_correlation) && share(plan.loss)) {
        return Err(BadPlan::Shares);
    }
    // The first test explains r² of the outcome's variance, so the same difference is larger against what is left.
    let bare = smallest(plan.effect, plan.alpha, plan.power)?;
    let left = (1.0 - plan.test_correlation.powi(2)).sqrt();
    let adjusted = smallest(plan.effect / left, plan.alpha, plan.power)?;
    // What is tested together is what counts together; who is lost does not make the rest more alike.
    let staying = (plan.session_size * (1.0 - plan.loss)).max(1.0);
    let design_effect = 1.0 + (staying - 1.0) * plan.alikeness;
    let whole = |x: f64| x.ceil() as u64;
    let tested = whole(adjusted as f64 * design_effect - 1e-9);
    let sessions = whole(tested as f64 / staying - 1e-9).max(if plan.session_size > 1.0 { 2 } else { 1 });
    let invited = whole(tested as f64 / (1.0 - plan.loss) - 1e-9);
    (invited < 10_000_000)
        .then_some(Need { invited, tested, sessions, design_effect, alone: bare })
        .ok_or(BadPlan::TooMany)
}

/// Smallest number a group, by the t test's own distribution (noncentral t).
fn smallest(effect: f64, alpha: f64, power: f64) -> Result<u64, BadPlan> {
    let reaches = |n: u64| chance(effect, alpha, n) >= power;
    let mut high = 2;
    while !reaches(high) {
        high *= 2;
        if high > 20_000_000 {
            return Err(BadPlan::TooMany);
        }
    }
    let mut low = high / 2;
    while low + 1 < high {
        let middle = u64::midpoint(low, high);
        if reaches(middle) { high = middle } else { low = middle }
    }
    Ok(high)
}

/// Chance that a two-sided t test of two groups of `n` finds a difference of `effect` standard deviations.
#[must_use]
pub fn chance(effect: f64, alpha: f64, n: u64) -> f64 {
    let degrees = 2.0 * n as f64 - 2.0;
    let Some(t) = StudentsT::new(0.0, 1.0, degrees).ok().and_then(|t| quantile(&t, 1.0 - alpha / 2.0)) else {
        return 0.0;
    };
    let shift = effect * (n as f64 / 2.0).sqrt();
    above(t, degrees, shift) + above(t, degrees, -shift)
}

/// P(T > t) of a noncentral t: the mean of a normal tail over the chi distribution of the estimated deviation, by Simpson's rule.
fn above(t: f64, degrees: f64, shift: f64) -> f64 {
    let normal = Normal::standard();
    // s = chi / √ν; its log density. Twelve deviations of about 1/√(2ν) on each side hold everything.
    let log = |s: f64| {
        (degrees / 2.0) * degrees.ln() - (degrees / 2.0 - 1.0) * 2.0_f64.ln() - ln_gamma(degrees / 2.0)
            + (degrees - 1.0) * s.ln()
            - degrees * s * s / 2.0
    };
    let reach = 12.0 / (2.0 * degrees).sqrt();
    let (from, to) = ((1.0 - reach).max(1e-9), 1.0 + reach);
    let steps = 400;
    let width = (to - from) / f64::from(steps);
    let mut sum = 0.0;
    for at in 0..=steps {
        let s = from + width * f64::from(at);
        let weight = if at == 0 || at == steps {
            1.0
        } else if at % 2 == 1 {
            4.0
        } else {
            2.0
        };
        sum += weight * log(s).exp() * normal.sf(t * s - shift);
    }
    sum * width / 3.0
}
