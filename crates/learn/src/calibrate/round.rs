//! One round after the other until nothing moves: fit the curves to the spread, extrapolate, check that the likelihood did not fall.

use super::responses::Responses;
use super::spread::{Counts, Grid, Spread};
use super::{Effort, Model, NotCalibrated};
use crate::irt::logistic;

/// Slopes and intercepts beyond this are held: a question that would go there has no estimate, and [`crate::irt::Item`] refuses it.
const STEEPEST: f64 = 12.0;
const FARTHEST: f64 = 25.0;

/// The curves under estimation.
#[derive(Clone)]
pub(crate) struct Curves {
    model: Model,
    items: usize,
    /// One slope: [a, d…]; own slopes: [a, d, a, d, …].
    free: Vec<f64>,
}

impl Curves {
    pub fn free(&self) -> &[f64] {
        &self.free
    }

    pub fn with(&self, free: Vec<f64>) -> Self {
        Self { model: self.model, items: self.items, free }
    }

    pub fn pairs(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        (0..self.items).map(|item| {
            let (slope, intercept) = self.places(item);
            (self.free[slope], self.free[intercept])
        })
    }

    /// Where a question's slope and intercept stand among the free parameters.
    pub fn places(&self, item: usize) -> (usize, usize) {
        match self.model {
            Model::OneSlope => (0, 1 + item),
            Model::OwnSlopes => (2 * item, 2 * item + 1),
        }
    }
}

/// Slope 1, and the intercept that the share of right answers asks for.
pub(crate) fn start(responses: &Responses, model: Model) -> Result<Curves, NotCalibrated> {
    let items = responses.items();
    let mut free = Vec::with_capacity(2 * items);
    if model == Model::OneSlope {
        free.push(1.0);
    }
    for item in 0..items {
        let (mut right, mut asked) = (0.0, 0.0);
        for row in 0..responses.patterns() {
            if let Some(yes) = responses.answer(row, item) {
                asked += responses.times(row);
                right += if yes { responses.times(row) } else { 0.0 };
            }
        }
        if right <= 0.0 || right >= asked {
            return Err(NotCalibrated::Constant(item));
        }
        if model == Model::OwnSlopes {
            free.push(1.0);
        }
        // A slope of 1 over a normal population flattens the curve by about this much.
        free.push((right / (asked - right)).ln() * 1.16);
    }
    Ok(Curves { model, items, free })
}

/// Where it settled.
pub(crate) struct Settled {
    pub curves: Curves,
    pub rounds: usize,
}

/// Rounds until no parameter moves more than the tolerance.
pub(crate) fn settle(
    spread: &mut Spread<'_>,
    start: Curves,
    effort: &Effort,
) -> Result<Settled, NotCalibrated> {
    let mut curves = start;
    let mut rounds = 0;
    let mut moved = f64::INFINITY;
    let mut best = f64::NEG_INFINITY;
    while rounds < effort.rounds {
        let (loglik, counts) = spread.look(&curves);
        best = best.max(loglik);
        let once = fit(&curves, &counts, spread.grid);
        moved = distance(&curves, &once);
        let (_, counts) = spread.look(&once);
        let twice = fit(&once, &counts, spread.grid);
        rounds += 2;
        let last = distance(&once, &twice);
        if last <= effort.tolerance {
            return Ok(Settled { curves: twice, rounds });
        }
        moved = moved.min(last);
        let far = extrapolate(&curves, &once, &twice);
        let (loglik, counts) = spread.look(&far);
        rounds += 1;
        // A leap that loses likelihood is not taken.
        curves = if loglik >= best { fit(&far, &counts, spread.grid) } else { twice };
    }
    Err(NotCalibrated::NotSettled { rounds, moved })
}

fn distance(one: &Curves, two: &Curves) -> f64 {
    one.free.iter().zip(&two.free).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// SQUAREM's third scheme: a step whose length follows from two moves and the change between them.
fn extrapolate(curves: &Curves, once: &Curves, twice: &Curves) -> Curves {
    let first: Vec<f64> = once.free.iter().zip(&curves.free).map(|(b, a)| b - a).collect();
    let change: Vec<f64> =
        twice.free.iter().zip(&once.free).zip(&first).map(|((c, b), r)| c - b - r).collect();
    let length = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
    let step = -(length(&first) / length(&change).max(f64::MIN_POSITIVE)).clamp(1.0, 64.0);
    let free = (0..first.len())
        .map(|at| curves.free[at] - 2.0 * step * first[at] + step * step * change[at])
        .map(|x| x.clamp(-FARTHEST, FARTHEST))
        .collect();
    curves.with(free)
}

/// Fits every curve to the expected counts: weighted logistic regression on the points, by Newton's method.
fn fit(curves: &Curves, counts: &Counts, grid: &Grid) -> Curves {
    let mut next = curves.clone();
    match curves.model {
        Model::OwnSlopes => {
            for item in 0..curves.items {
                let (slope, intercept) =
                    fit_one(curves.free[2 * item], curves.free[2 * item + 1], item, counts, grid);
                next.free[2 * item] = slope;
                next.free[2 * item + 1] = intercept;
            }
        }
        Model::OneSlope => fit_together(&mut next, counts, grid),
    }
    next
}

/// Gradient and curvature of one question's expected log likelihood.
#[derive(Default)]
struct Slope {
    g_slope: f64,
    g_intercept: f64,
    h_slope: f64,
    h_both: f64,
    h_intercept: f64,
}

fn bend(slope: f64, intercept: f64, item: usize, counts: &Counts, grid: &Grid) -> Slope {
    let points = grid.points.len();
    let mut sum = Slope::default();
    for (at, x) in grid.points.iter().enumerate() {
        let asked = counts.asked[item * points + at];
        let p = logistic(slope * x + intercept);
        let off = counts.right[item * points + at] - asked * p;
        let weight = asked * p * (1.0 - p);
        sum.g_slope += off * x;
        sum.g_intercept += off;
        sum.h_slope += weight * x * x;
        sum.h_both += weight * x;
        sum.h_intercept += weight;
    }
    sum
}

fn fit_one(mut slope: f64, mut intercept: f64, item: usize, counts: &Counts, grid: &Grid) -> (f64, f64) {
    for _ in 0..20 {
        let b = bend(slope, intercept, item, counts, grid);
        let det = b.h_slope * b.h_intercept - b.h_both * b.h_both;
        if det <= 1e-12 {
            break;
        }
        let by_slope = (b.h_intercept * b.g_slope - b.h_both * b.g_intercept) / det;
        let by_intercept = (b.h_slope * b.g_intercept - b.h_both * b.g_slope) / det;
        slope = (slope + by_slope.clamp(-1.0, 1.0)).clamp(-STEEPEST, STEEPEST);
        intercept = (intercept + by_intercept.clamp(-2.0, 2.0)).clamp(-FARTHEST, FARTHEST);
        if by_slope.abs().max(by_intercept.abs()) < 1e-9 {
            break;
        }
    }
    (slope, intercept)
}

/// One slope for all: the curvature is an arrow, so the slope's step comes from its Schur complement.
fn fit_together(curves: &mut Curves, counts: &Counts, grid: &Grid) {
    for _ in 0..20 {
        let slope = curves.free[0];
        let bends: Vec<Slope> =
            (0..curves.items).map(|item| bend(slope, curves.free[1 + item], item, counts, grid)).collect();
        let mut gradient = 0.0;
        let mut curvature = 0.0;
        for b in &bends {
            let h = b.h_intercept.max(1e-12);
            gradient += b.g_slope - b.h_both / h * b.g_intercept;
            curvature += b.h_slope - b.h_both * b.h_both / h;
        }
        let by_slope = (gradient / curvature.max(1e-12)).clamp(-1.0, 1.0);
        let mut most = by_slope.abs();
        curves.free[0] = (slope + by_slope).clamp(-STEEPEST, STEEPEST);
        for (item, b) in bends.iter().enumerate() {
            let by = ((b.g_intercept - b.h_both * by_slope) / b.h_intercept.max(1e-12)).clamp(-2.0, 2.0);
            curves.free[1 + item] = (curves.free[1 + item] + by).clamp(-FARTHEST, FARTHEST);
            most = most.max(by.abs());
        }
        if most < 1e-9 {
            break;
        }
    }
}

/// The exact gradient of the marginal log likelihood at `curves` (Fisher's identity), from the counts of a look at them.
pub(crate) fn gradient(curves: &Curves, counts: &Counts, grid: &Grid) -> Vec<f64> {
    let mut gradient = vec![0.0; curves.free.len()];
    for (item, (slope, intercept)) in curves.pairs().enumerate() {
        let b = bend(slope, intercept, item, counts, grid);
        let (at_slope, at_intercept) = curves.places(item);
        gradient[at_slope] += b.g_slope;
        gradient[at_intercept] += b.g_intercept;
    }
    gradient
}
