//! Standard errors of a calibration, from the information that the answers hold about the parameters.

use super::round::{Curves, gradient};
use super::spread::Spread;
use super::{Errors, Estimate, NotCalibrated};
use crate::irt::logistic;
use crate::matrix::Matrix;

/// Writes the errors into the estimates.
pub(super) fn fill(
    spread: &mut Spread<'_>,
    curves: &Curves,
    how: Errors,
    estimates: &mut [Estimate],
) -> Result<(), NotCalibrated> {
    let information = match how {
        Errors::None => return Ok(()),
        Errors::Observed => observed(spread, curves),
        Errors::CrossProducts => cross_products(spread, curves),
    };
    let covariance = information.inverse().ok_or(NotCalibrated::Undetermined)?;
    for (item, estimate) in estimates.iter_mut().enumerate() {
        let (a, d) = curves.places(item);
        let (va, vd, both) = (covariance.at(a, a), covariance.at(d, d), covariance.at(a, d));
        let (slope, intercept) = (estimate.slope, estimate.intercept);
        // b = −d / a: ∂b/∂a = d / a², ∂b/∂d = −1 / a.
        let (by_a, by_d) = (intercept / (slope * slope), -1.0 / slope);
        estimate.slope_error = Some(va.sqrt());
        estimate.intercept_error = Some(vd.sqrt());
        estimate.difficulty_error =
            Some((by_a * by_a * va + 2.0 * by_a * by_d * both + by_d * by_d * vd).max(0.0).sqrt());
    }
    Ok(())
}

fn observed(spread: &mut Spread<'_>, curves: &Curves) -> Matrix {
    let size = curves.free().len();
    let mut information = Matrix::zero(size);
    let mut at = |place: usize, by: f64| {
        let mut free = curves.free().to_vec();
        free[place] += by;
        let moved = curves.with(free);
        let (_, counts) = spread.look(&moved);
        gradient(&moved, &counts, spread.grid)
    };
    for column in 0..size {
        let step = 1e-4;
        let (up, down) = (at(column, step), at(column, -step));
        for row in 0..size {
            let value = -(up[row] - down[row]) / (2.0 * step);
            information.add(row, column, 0.5 * value);
            information.add(column, row, 0.5 * value);
        }
    }
    information
}

fn cross_products(spread: &mut Spread<'_>, curves: &Curves) -> Matrix {
    spread.tabulate(curves);
    let size = curves.free().len();
    let points = &spread.grid.points;
    let chances: Vec<Vec<f64>> =
        curves.pairs().map(|(a, d)| points.iter().map(|x| logistic(a * x + d)).collect()).collect();
    let mut information = Matrix::zero(size);
    let mut share = vec![0.0; points.len()];
    let mut own = vec![0.0; size];
    for row in 0..spread.responses.patterns() {
        spread.row(row, curves, &mut share);
        own.fill(0.0);
        let mean: f64 = share.iter().zip(points).map(|(s, x)| s * x).sum();
        for (item, chance) in chances.iter().enumerate() {
            let Some(right) = spread.responses.answer(row, item) else { continue };
            let (mut p, mut px) = (0.0, 0.0);
            for ((s, c), x) in share.iter().zip(chance).zip(points) {
                p += s * c;
                px += s * c * x;
            }
            let (at_slope, at_intercept) = curves.places(item);
            own[at_slope] += if right { mean } else { 0.0 } - px;
            own[at_intercept] += if right { 1.0 } else { 0.0 } - p;
        }
        information.add_square(&own, spread.responses.times(row));
    }
    information
}
