//! Does a question's curve describe what people answered? S-X² (Orlando & Thissen 2000): people are put together by their number of right
//! answers, and the share of right answers in each lot is held against what the curves expect there.

use crate::calibrate::{Calibration, Grid, Model, Responses, upper_tail};
use crate::irt::logistic;

/// A question's fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// S-X².
    pub chi2: f64,
    /// Lots less the question's parameters.
    pub degrees: usize,
    /// Chance of such a misfit or a larger one if the curve is true. With many questions some are small by luck: compare with α / questions.
    pub p: f64,
    /// People whom it is made from: those who were asked every question.
    pub people: u64,
}

/// Fewest people that a lot is expected to hold on each side, right and not right; smaller ones are put together.
const SMALLEST: f64 = 1.0;

/// S-X² of every question; `None` for one where too few lots are left, or if nobody was asked everything, or the calibration is of another form.
#[must_use]
pub fn fit(responses: &Responses, calibration: &Calibration) -> Vec<Option<Fit>> {
    let items = responses.items();
    if calibration.estimates.len() != items {
        return vec![None; items];
    }
    let grid = Grid::new(calibration.points);
    let chances: Vec<Vec<f64>> = calibration
        .estimates
        .iter()
        .map(|e| grid.points.iter().map(|x| logistic(e.slope * x + e.intercept)).collect())
        .collect();
    let mut people = vec![0.0; items + 1];
    let mut right = vec![vec![0.0; items + 1]; items];
    let mut counted = 0;
    for row in (0..responses.patterns()).filter(|row| responses.complete_row(*row)) {
        let sum = responses.sum(row);
        let times = responses.times(row);
        people[sum] += times;
        counted += times as u64;
        for (item, right) in right.iter_mut().enumerate() {
            right[sum] += if responses.answer(row, item) == Some(true) { times } else { 0.0 };
        }
    }
    let all = by_sum(&grid, &chances, None);
    let own = if calibration.model == Model::OwnSlopes { 2 } else { 1 };
    (0..items)
        .map(|item| {
            let rest = by_sum(&grid, &chances, Some(item));
            // Who has none or all right tells nothing: the share is 0 or 1 by definition.
            let lots = (1..items).map(|sum| {
                let shares = grid.weights.iter().enumerate();
                let (mut with, mut any) = (0.0, 0.0);
                for (at, weight) in shares {
                    with += weight * chances[item][at] * rest[sum - 1][at];
                    any += weight * all[sum][at];
                }
                (people[sum], right[item][sum], people[sum] * with / any.max(f64::MIN_POSITIVE))
            });
            judge(lots, own, counted)
        })
        .collect()
}

/// Puts lots together until each is large enough, and sums up.
fn judge(lots: impl Iterator<Item = (f64, f64, f64)>, own: usize, people: u64) -> Option<Fit> {
    let mut kept: Vec<(f64, f64, f64)> = Vec::new();
    let mut open = (0.0, 0.0, 0.0);
    let large = |lot: &(f64, f64, f64)| lot.2 >= SMALLEST && lot.0 - lot.2 >= SMALLEST;
    for lot in lots {
        open = (open.0 + lot.0, open.1 + lot.1, open.2 + lot.2);
        if large(&open) {
            kept.push(std::mem::take(&mut open));
        }
    }
    if let Some(last) = kept.last_mut() {
        *last = (last.0 + open.0, last.1 + open.1, last.2 + open.2);
    }
    let degrees = kept.len().checked_sub(own).filter(|d| *d > 0)?;
    let chi2 = kept.iter().map(|(n, seen, told)| (seen - told).powi(2) * n / (told * (n - told))).sum();
    Some(Fit { chi2, degrees, p: upper_tail(chi2, degrees as f64)?, people })
}

/// Chance of every number of right answers at every point, without one question if asked (Lord & Wingersky 1984).
fn by_sum(grid: &Grid, chances: &[Vec<f64>], without: Option<usize>) -> Vec<Vec<f64>> {
    let points = grid.points.len();
    let mut sums = vec![vec![1.0; points]];
    for (_, chance) in chances.iter().enumerate().filter(|(item, _)| Some(*item) != without) {
        let mut next = vec![vec![0.0; points]; sums.len() + 1];
        for (sum, before) in sums.iter().enumerate() {
            for at in 0..points {
                next[sum][at] += before[at] * (1.0 - chance[at]);
                next[sum + 1][at] += before[at] * chance[at];
            }
        }
        sums = next;
    }
    sums
}
