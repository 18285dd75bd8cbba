//! The trainer: one support vector machine a lane, squared hinge loss, by dual coordinate descent (Hsieh et al., ICML 2008, algorithm 1).
//!
//! Only additions, multiplications, divisions and square roots, which IEEE 754 defines to the last bit, in one fixed order: the same data
//! give the same weights on every machine.

use super::view::{Cells, LANES, View};

/// A text as the trainer sees it: its rows (each once) and the lanes it belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) rows: Vec<u32>,
    pub(crate) lanes: u32,
    /// How much it counts.
    pub(crate) weight: f64,
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

/// Trains every lane that some sample belongs to and some does not.
pub(crate) fn train(samples: &[Row], recipe: Recipe) -> View {
    let size = 1_usize << recipe.bits;
    let mut weights = vec![[0.0_f64; LANES]; size];
    let mut start = [0.0; LANES];
    for lane in 0..LANES {
        let positive = samples.iter().filter(|s| s.lanes >> lane & 1 == 1).count();
        if positive == 0 || positive == samples.len() {
            continue;
        }
        let (own, bias) = one_lane(samples, lane, size, recipe);
        for (row, w) in weights.iter_mut().zip(own) {
            row[lane] = w;
        }
        start[lane] = bias;
    }
    stored(&weights, start, recipe)
}

/// Dual coordinate descent for one lane. The bias is a feature of value one that every sample has.
fn one_lane(samples: &[Row], lane: usize, size: usize, recipe: Recipe) -> (Vec<f64>, f64) {
    let mut w = vec![0.0_f64; size];
    let mut bias = 0.0_f64;
    let mut alpha = vec![0.0_f64; samples.len()];
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let mut dice = Dice(recipe.seed ^ (lane as u64) << 32);
    for _ in 0..recipe.passes {
        dice.shuffle(&mut order);
        for &i in &order {
            let Some((sample, alpha)) = samples.get(i).zip(alpha.get_mut(i)) else { continue };
            let y = if sample.lanes >> lane & 1 == 1 { 1.0 } else { -1.0 };
            let x = View::share(sample.rows.len());
            let sum: f64 = sample.rows.iter().map(|r| w.get(*r as usize).copied().unwrap_or(0.0)).sum();
            let softness = 1.0 / (2.0 * recipe.penalty * sample.weight);
            let gradient = y * (sum * x + bias) - 1.0 + softness * *alpha;
            // The rows' squares add up to one, the bias' to one more.
            let length = 2.0 + softness;
            let next = (*alpha - gradient / length).max(0.0);
            let step = (next - *alpha) * y;
            if step != 0.0 {
                *alpha = next;
                for r in &sample.rows {
                    if let Some(w) = w.get_mut(*r as usize) {
                        *w += step * x;
                    }
                }
                bias += step;
            }
        }
    }
    (w, bias)
}

fn stored(weights: &[[f64; LANES]], start: [f64; LANES], recipe: Recipe) -> View {
    let most = if recipe.large { 32_767.0 } else { 127.0 };
    let mut scale = [0.0; LANES];
    for row in weights {
        for (scale, w) in scale.iter_mut().zip(row) {
            *scale = f64::max(*scale, w.abs() / most);
        }
    }
    let cell = |w: f64, scale: f64| if scale > 0.0 { (w / scale).round() } else { 0.0 };
    let cells = if recipe.large {
        Cells::Large(
            weights.iter().map(|row| std::array::from_fn(|l| cell(row[l], scale[l]) as i16)).collect(),
        )
    } else {
        Cells::Small(
            weights.iter().map(|row| std::array::from_fn(|l| cell(row[l], scale[l]) as i8)).collect(),
        )
    };
    View { bits: recipe.bits, cells, scale, start }
}
