//! One look at all answers under given curves: every row's chance, and how often each question is answered right at each ability.
//!
//! A row's chance at an ability is a product over questions. Questions are taken in groups (eight where everybody answered everything, else five
//! with a third value for "not asked"), and the products of all 256 or 243 ways to answer a group are tabulated once a look. So a row of forty
//! answers costs five multiplications a point instead of forty, and no exponential. The way back is the same: what a row adds is laid on its
//! groups' entries and shared out to the questions once at the end.

use super::responses::Responses;
use super::round::Curves;
use crate::irt::{logistic, softplus};

/// The ability scale: equally spaced points and the normal bell's share at each.
pub(crate) struct Grid {
    pub points: Vec<f64>,
    pub weights: Vec<f64>,
}

impl Grid {
    pub fn new(points: usize) -> Self {
        let step = 12.0 / (points - 1) as f64;
        let points: Vec<f64> = (0..points).map(|at| -6.0 + step * at as f64).collect();
        let bell: Vec<f64> = points.iter().map(|x| (-0.5 * x * x).exp()).collect();
        let total: f64 = bell.iter().sum();
        Self { points, weights: bell.iter().map(|w| w / total).collect() }
    }
}

/// Expected counts: people asked and answering right, by question and point.
#[derive(Clone)]
pub(crate) struct Counts {
    pub asked: Vec<f64>,
    pub right: Vec<f64>,
}

/// How questions are grouped, the rows' codes, and room to work in.
pub(crate) struct Spread<'a> {
    pub responses: &'a Responses,
    pub grid: &'a Grid,
    base: usize,
    width: usize,
    groups: usize,
    codes: Vec<u8>,
    table: Vec<f64>,
    scale: Vec<f64>,
    laid: Vec<f64>,
}

/// Below this a row's chance is computed again with logarithms: the groups contradict each other so much that the product underflows.
const TINY: f64 = 1e-200;

impl<'a> Spread<'a> {
    pub fn new(responses: &'a Responses, grid: &'a Grid) -> Self {
        let (base, width) = if responses.complete() { (2, 8) } else { (3, 5) };
        let groups = responses.items().div_ceil(width);
        let mut codes = Vec::with_capacity(responses.patterns() * groups);
        for row in 0..responses.patterns() {
            for group in 0..groups {
                let from = group * width;
                let items = from..(from + width).min(responses.items());
                let code = items.rev().fold(0_usize, |code, item| {
                    code * base + responses.answer(row, item).map_or(2, usize::from)
                });
                codes.push(code as u8);
            }
        }
        let entries = groups * base.pow(width as u32);
        let size = entries * grid.points.len();
        Self {
            responses,
            grid,
            base,
            width,
            groups,
            codes,
            table: vec![0.0; size],
            scale: vec![0.0; entries],
            laid: vec![0.0; size],
        }
    }

    fn entries(&self) -> usize {
        self.base.pow(self.width as u32)
    }

    /// Log likelihood under `curves`, and the expected counts.
    pub fn look(&mut self, curves: &Curves) -> (f64, Counts) {
        self.tabulate(curves);
        self.laid.fill(0.0);
        let mut loglik = 0.0;
        let mut share = vec![0.0; self.grid.points.len()];
        for row in 0..self.responses.patterns() {
            let (log, _) = self.row(row, curves, &mut share);
            let times = self.responses.times(row);
            loglik += times * log;
            let (groups, points, entries) = (self.groups, share.len(), self.entries());
            for group in 0..groups {
                let entry = group * entries + usize::from(self.codes[row * groups + group]);
                let laid = &mut self.laid[entry * points..][..points];
                for (to, from) in laid.iter_mut().zip(&share) {
                    *to += times * from;
                }
            }
        }
        (loglik, self.gather())
    }

    /// Where on the scale one row lies (`share`, adding to 1), and the log of its chance. Tables must be up to date.
    pub fn row(&self, row: usize, curves: &Curves, share: &mut [f64]) -> (f64, f64) {
        let (points, entries) = (share.len(), self.entries());
        share.copy_from_slice(&self.grid.weights);
        let mut log = 0.0;
        for group in 0..self.groups {
            let entry = group * entries + usize::from(self.codes[row * self.groups + group]);
            log += self.scale[entry];
            for (to, from) in share.iter_mut().zip(&self.table[entry * points..][..points]) {
                *to *= from;
            }
        }
        let mut total: f64 = share.iter().sum();
        if total < TINY {
            (log, total) = self.row_in_logs(row, curves, share);
        }
        let back = 1.0 / total;
        share.iter_mut().for_each(|s| *s *= back);
        (log + total.ln(), total)
    }

    fn row_in_logs(&self, row: usize, curves: &Curves, share: &mut [f64]) -> (f64, f64) {
        for (at, to) in share.iter_mut().enumerate() {
            let theta = self.grid.points[at];
            *to = self.grid.weights[at].ln();
            for (item, (slope, intercept)) in curves.pairs().enumerate() {
                let logit = slope * theta + intercept;
                match self.responses.answer(row, item) {
                    Some(true) => *to -= softplus(-logit),
                    Some(false) => *to -= softplus(logit),
                    None => {}
                }
            }
        }
        let top = share.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        share.iter_mut().for_each(|s| *s = (*s - top).exp());
        (top, share.iter().sum())
    }

    /// Fills the tables for `curves`: each entry scaled to a largest value of 1, the scale's logarithm kept.
    pub fn tabulate(&mut self, curves: &Curves) {
        let points = self.grid.points.len();
        let entries = self.entries();
        let pairs: Vec<(f64, f64)> = curves.pairs().collect();
        for group in 0..self.groups {
            let items = &pairs[group * self.width..((group + 1) * self.width).min(pairs.len())];
            let used = self.base.pow(items.len() as u32);
            let table = &mut self.table[group * entries * points..][..entries * points];
            table[..points].fill(1.0);
            let mut made = 1;
            // Digit by digit: the entries for one more question are those before it times its three factors.
            for (slope, intercept) in items {
                let right: Vec<f64> =
                    self.grid.points.iter().map(|x| logistic(slope * x + intercept)).collect();
                for code in (0..made).rev() {
                    for at in 0..points {
                        let before = table[code * points + at];
                        if self.base == 3 {
                            table[(2 * made + code) * points + at] = before;
                        }
                        table[(made + code) * points + at] = before * right[at];
                        table[code * points + at] = before * (1.0 - right[at]);
                    }
                }
                made *= self.base;
            }
            for code in 0..used {
                let entry = &mut table[code * points..][..points];
                let top = entry.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
                entry.iter_mut().for_each(|v| *v /= top);
                self.scale[group * entries + code] = top.ln();
            }
        }
    }

    /// Shares what was laid on the groups' entries out to the questions.
    fn gather(&self) -> Counts {
        let points = self.grid.points.len();
        let entries = self.entries();
        let items = self.responses.items();
        let mut counts = Counts { asked: vec![0.0; items * points], right: vec![0.0; items * points] };
        for item in 0..items {
            let (group, digit) = (item / self.width, item % self.width);
            let place = self.base.pow(digit as u32);
            let in_group = self.width.min(items - group * self.width);
            for code in 0..self.base.pow(in_group as u32) {
                let value = code / place % self.base;
                if value == 2 {
                    continue;
                }
                let laid = &self.laid[(group * entries + code) * points..][..points];
                for (at, amount) in laid.iter().enumerate() {
                    counts.asked[item * points + at] += amount;
                    if value == 1 {
                        counts.right[item * points + at] += amount;
                    }
                }
            }
        }
        counts
    }
}
