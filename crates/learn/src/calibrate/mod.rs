//! The questions' curves from many people's answers: marginal maximum likelihood by expectation and maximisation (Bock & Aitkin 1981).
//!
//! Each round spreads every row of answers over the ability scale under the present curves, then fits each curve to the spread. Rounds are
//! extrapolated (SQUAREM, Varadhan & Roland 2008), because plain rounds creep near the end. Rows that are alike are counted once; what is left
//! is looked up by eight questions at a time (see `spread`), which is what makes a hundred thousand people a matter of seconds.

mod errors;
mod responses;
mod round;
mod spread;

pub use responses::{BadResponses, Builder, Responses};

use statrs::distribution::{ChiSquared, ContinuousCDF};
use thiserror::Error;

use crate::irt::{BadItem, Item};
pub(crate) use spread::Grid;

/// One slope for all questions, or one each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// 1PL: the same slope everywhere.
    OneSlope,
    /// 2PL: every question its own.
    OwnSlopes,
}

/// How the standard errors are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errors {
    /// Not at all.
    None,
    /// From the curvature of the likelihood (observed information), by central differences of its exact gradient: two looks at the data for
    /// every parameter.
    Observed,
    /// From the cross products of the people's gradients: one look. Agrees with the former where there are many people.
    CrossProducts,
}

/// How much work a calibration may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// Points of the ability scale, equally spaced from −6 to 6 (61; at least 15).
    pub points: usize,
    /// Rounds at most (500).
    pub rounds: usize,
    /// Settled when no parameter moves more than this in a round (1e-6).
    pub tolerance: f64,
    /// Standard errors.
    pub errors: Errors,
}

impl Effort {
    /// 61 points, 500 rounds, 1e-6, observed information.
    pub const USUAL: Self = Self { points: 61, rounds: 500, tolerance: 1e-6, errors: Errors::Observed };
}

/// One question's estimate. Unlike an [`Item`] it may be bad; [`Estimate::item`] says so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// `a`, per standard deviation of θ.
    pub slope: f64,
    /// `d`, logits at θ = 0.
    pub intercept: f64,
    /// Standard error of the slope, where asked for.
    pub slope_error: Option<f64>,
    /// Standard error of the intercept, where asked for.
    pub intercept_error: Option<f64>,
    /// Standard error of the difficulty −d / a (delta method), where asked for.
    pub difficulty_error: Option<f64>,
}

impl Estimate {
    /// `b` = −d / a.
    #[must_use]
    pub fn difficulty(&self) -> f64 {
        -self.intercept / self.slope
    }

    /// As a curve that people may be scored with.
    ///
    /// # Errors
    /// When the question measures backwards or tells nothing.
    pub fn item(&self) -> Result<Item, BadItem> {
        Item::new(self.slope, self.intercept)
    }
}

/// A calibration.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Which model.
    pub model: Model,
    /// One estimate a question, in their order.
    pub estimates: Vec<Estimate>,
    /// Natural log of the marginal likelihood at the estimates.
    pub loglik: f64,
    /// Free parameters.
    pub free: usize,
    /// People.
    pub people: u64,
    /// Rounds that it took.
    pub rounds: usize,
    /// Points of the scale.
    pub(crate) points: usize,
}

/// Why there is no calibration.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum NotCalibrated {
    /// Nobody, or everybody, answered this question right: it has no curve.
    #[error("question {0} was answered alike by everybody who was asked: leave it out")]
    Constant(usize),
    /// It went on moving.
    #[error(
        "not settled after {rounds} rounds, the last moved by {moved}: allow more rounds, or ask more people"
    )]
    NotSettled {
        /// Rounds done.
        rounds: usize,
        /// Largest move of the last one.
        moved: f64,
    },
    /// The curvature cannot be inverted.
    #[error("the answers do not determine the parameters: too few people for so many questions")]
    Undetermined,
    /// Fewer than 15 points.
    #[error("{0} points are too few for the ability scale: take at least 15")]
    TooCoarse(usize),
}

/// Calibrates.
///
/// # Errors
/// A question that everybody answers alike, no settling within the effort, or parameters that the data do not determine.
pub fn calibrate(responses: &Responses, model: Model, effort: &Effort) -> Result<Calibration, NotCalibrated> {
    if effort.points < 15 {
        return Err(NotCalibrated::TooCoarse(effort.points));
    }
    let grid = Grid::new(effort.points);
    let start = round::start(responses, model)?;
    let mut spread = spread::Spread::new(responses, &grid);
    let settled = round::settle(&mut spread, start, effort)?;
    let (loglik, _) = spread.look(&settled.curves);
    let mut estimates: Vec<Estimate> = settled
        .curves
        .pairs()
        .map(|(slope, intercept)| Estimate {
            slope,
            intercept,
            slope_error: None,
            intercept_error: None,
            difficulty_error: None,
        })
        .collect();
    if effort.errors != Errors::None {
        errors::fill(&mut spread, &settled.curves, effort.errors, &mut estimates)?;
    }
    Ok(Calibration {
        model,
        estimates,
        loglik,
        free: settled.curves.free().len(),
        people: responses.people(),
        rounds: settled.rounds,
        points: effort.points,
    })
}

/// A likelihood-ratio test of a simpler model within a richer one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Twice the difference of the log likelihoods, not below 0.
    pub chi2: f64,
    /// Difference of free parameters.
    pub degrees: usize,
    /// Chance of such a difference or a larger one if the simpler model is true.
    pub p: f64,
}

/// Is one slope for all questions good enough? `None` if the two are not the two models of one set of answers.
#[must_use]
pub fn compare(one: &Calibration, own: &Calibration) -> Option<Comparison> {
    let alike = one.model == Model::OneSlope
        && own.model == Model::OwnSlopes
        && one.people == own.people
        && one.estimates.len() == own.estimates.len();
    let degrees = own.free.checked_sub(one.free).filter(|d| alike && *d > 0)?;
    let chi2 = (2.0 * (own.loglik - one.loglik)).max(0.0);
    Some(Comparison { chi2, degrees, p: upper_tail(chi2, degrees as f64)? })
}

/// P(X ≥ `chi2`) for a chi-squared X.
pub(crate) fn upper_tail(chi2: f64, degrees: f64) -> Option<f64> {
    Some(ChiSquared::new(degrees).ok()?.sf(chi2))
}
