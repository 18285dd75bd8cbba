//! One linear view: a table of small integers, one row for each hashed n-gram, one lane for each class.

use super::grams::Gram;

/// Lanes of a row.
pub const LANES: usize = 16;

/// How finely the weights are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// One byte a weight: 2^16 rows are one mebibyte.
    Small(Vec<[i8; LANES]>),
    /// Two bytes a weight, for long texts: 2^15 rows are one mebibyte.
    Large(Vec<[i16; LANES]>),
}

/// A trained view.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The table has 2^bits rows.
    pub bits: u32,
    /// Weights.
    pub cells: Cells,
    /// What a stored one is worth, for each lane.
    pub scale: [f64; LANES],
    /// What each lane starts from.
    pub start: [f64; LANES],
}

impl View {
    /// A view that knows nothing.
    #[must_use]
    pub fn empty() -> View {
        View { bits: 1, cells: Cells::Small(vec![[0; LANES]; 2]), scale: [0.0; LANES], start: [0.0; LANES] }
    }

    /// Each n-gram counts the same, whatever the length of the text.
    pub(crate) fn share(count: usize) -> f64 {
        1.0 / (count.max(1) as f64).sqrt()
    }

    /// The margin of every lane.
    pub(crate) fn margins(&self, grams: &[Gram]) -> [f64; LANES] {
        let mut sums = [0_i32; LANES];
        match &self.cells {
            Cells::Small(rows) => {
                for gram in grams {
                    if let Some(row) = rows.get(gram.row as usize) {
                        for (sum, w) in sums.iter_mut().zip(row) {
                            *sum += i32::from(*w);
                        }
                    }
                }
            }
            Cells::Large(rows) => {
                for gram in grams {
                    if let Some(row) = rows.get(gram.row as usize) {
                        for (sum, w) in sums.iter_mut().zip(row) {
                            *sum += i32::from(*w);
                        }
                    }
                }
            }
        }
        let share = View::share(grams.len());
        let mut margins = self.start;
        for ((margin, sum), scale) in margins.iter_mut().zip(sums).zip(self.scale) {
            *margin += f64::from(sum) * scale * share;
        }
        margins
    }

    /// What one n-gram adds to the sum of a lane, before the share.
    pub(crate) fn weight(&self, row: u32, lane: usize) -> f64 {
        let stored = match &self.cells {
            Cells::Small(rows) => {
                rows.get(row as usize).and_then(|r| r.get(lane)).map_or(0, |w| i32::from(*w))
            }
            Cells::Large(rows) => {
                rows.get(row as usize).and_then(|r| r.get(lane)).map_or(0, |w| i32::from(*w))
            }
        };
        f64::from(stored) * self.scale.get(lane).copied().unwrap_or(0.0)
    }

    /// Bytes of the table.
    #[must_use]
    pub fn table_bytes(&self) -> usize {
        match &self.cells {
            Cells::Small(rows) => rows.len() * LANES,
            Cells::Large(rows) => rows.len() * LANES * 2,
        }
    }
}
