//! The trainer: one support vector machine a lane, squared hinge loss, by dual coordinate descent (Hsieh et al., ICML 2008, algorithm 1).
//!
//! Some weights may have one sign only. The primal is then min ½‖w‖² + C Σ ξ² over a box, and its dual reads w as the *projection* of
//! Σ αᵢ yᵢ xᵢ onto the box: so the sum itself is kept, and clipped whenever a weight is read. A step by the curvature without the box is
//! never too long, so the descent still ends at the optimum.
//!
//! Only additions, multiplications, divisions and square roots, which IEEE 754 defines to the last bit, in one fixed order: the same data
//! give the same weights on every machine.

use super::view::{Cells, LANES, View};

/// A text as the trainer sees it: its features (each once) and the lanes it belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) features: Vec<(u32, f64)>,
    pub(crate) lanes: u32,
    /// How much it counts.
    pub(crate) weight: f64,
}

/// What values a feature's weight may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bound {
    /// Any.
    Free,
    /// At least this.
    Least(f64),
    /// At most this.
    Most(f64),
}

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// The table has 2^bits rows.
    pub bits: u32,
    /// Weights of two bytes.
    pub large: bool,
    /// Penalty of a mistake.
    pub penalty: f64,
    /// Passes over the data.
    pub passes: u32,
    /// Seed of the order of the samples.
    pub seed: u64,
}

/// A generator of small numbers that is the same everywhere (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next_u64()) * n as u128) >> 64) as usize
    }

    /// Shuffles.
    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for i in (1..all.len()).rev() {
            let j = self.below(i + 1);
            all.swap(i, j);
        }
    }
}

/// Every weight of every lane, and what each lane starts from.
pub(crate) struct Weights {
    pub(crate) rows: Vec<[f64; LANES]>,
    pub(crate) start: [f64; LANES],
}

/// Trains every lane that some sample belongs to and some does not. `bound` says what a feature's weight may be in a lane.
pub(crate) fn train(
    samples: &[Row],
    size: usize,
    recipe: Recipe,
    bound: &dyn Fn(u32, usize) -> Bound,
) -> Weights {
    let mut weights = Weights { rows: vec![[0.0; LANES]; size], start: [0.0; LANES] };
    for lane in 0..LANES {
        let positive = samples.iter().filter(|s| s.lanes >> lane & 1 == 1).count();
        if positive == 0 || positive == samples.len() {
            continue;
        }
        let bounds: Vec<Bound> = (0..size as u32).map(|row| bound(row, lane)).collect();
        let (own, bias) = one_lane(samples, lane, &bounds, recipe);
        for (row, w) in weights.rows.iter_mut().zip(own) {
            row[lane] = w;
        }
        weights.start[lane] = bias;
    }
    weights
}

#[inline]
fn clipped(sum: f64, bound: Bound) -> f64 {
    match bound {
        Bound::Free => sum,
        Bound::Least(least) => sum.max(least),
        Bound::Most(most) => sum.min(most),
    }
}

/// Dual coordinate descent for one lane. The bias is a feature of value one that every sample has.
fn one_lane(samples: &[Row], lane: usize, bounds: &[Bound], recipe: Recipe) -> (Vec<f64>, f64) {
    let mut sums = vec![0.0_f64; bounds.len()];
    let mut bias = 0.0_f64;
    let mut alpha = vec![0.0_f64; samples.len()];
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let mut dice = Dice(recipe.seed ^ (lane as u64) << 32);
    let read = |sums: &[f64], row: u32| match (sums.get(row as usize), bounds.get(row as usize)) {
        (Some(sum), Some(bound)) => clipped(*sum, *bound),
        _ => 0.0,
    };
    for _ in 0..recipe.passes {
        dice.shuffle(&mut order);
        for &i in &order {
            let Some((sample, alpha)) = samples.get(i).zip(alpha.get_mut(i)) else { continue };
            let y = if sample.lanes >> lane & 1 == 1 { 1.0 } else { -1.0 };
            let margin: f64 = sample.features.iter().map(|(row, x)| read(&sums, *row) * x).sum();
            let squares: f64 = sample.features.iter().map(|(_, x)| x * x).sum();
            let softness = 1.0 / (2.0 * recipe.penalty * sample.weight);
            let gradient = y * (margin + bias) - 1.0 + softness * *alpha;
            let next = (*alpha - gradient / (squares + 1.0 + softness)).max(0.0);
            let step = (next - *alpha) * y;
            if step != 0.0 {
                *alpha = next;
                for (row, x) in &sample.features {
                    if let Some(sum) = sums.get_mut(*row as usize) {
                        *sum += step * x;
                    }
                }
                bias += step;
            }
        }
    }
    let weights = sums.into_iter().zip(bounds).map(|(sum, bound)| clipped(sum, *bound)).collect();
    (weights, bias)
}

/// A table of small integers. A sign survives the rounding.
pub(crate) fn stored(weights: &[[f64; LANES]], start: [f64; LANES], bits: u32, large: bool) -> View {
    let most = if large { 32_767.0 } else { 127.0 };
    let mut scale = [0.0; LANES];
    for row in weights {
        for (scale, w) in scale.iter_mut().zip(row) {
            *scale = f64::max(*scale, w.abs() / most);
        }
    }
    let cell = |w: f64, scale: f64| if scale > 0.0 { (w / scale).round() } else { 0.0 };
    let cells = if large {
        Cells::Large(
            weights.iter().map(|row| std::array::from_fn(|l| cell(row[l], scale[l]) as i16)).collect(),
        )
    } else {
        Cells::Small(
            weights.iter().map(|row| std::array::from_fn(|l| cell(row[l], scale[l]) as i8)).collect(),
        )
    };
    View { bits, cells, scale, start }
}
