//! Many people's answers, packed: two bits a question, rows that are alike kept once with their number.

use thiserror::Error;

/// Questions at most; a form has a few dozen.
const MOST_ITEMS: usize = 1024;

/// Why answers cannot be calibrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BadResponses {
    /// 2 to 1,024.
    #[error("{0} questions: calibration needs 2 to {MOST_ITEMS}")]
    Items(usize),
    /// A row of another length.
    #[error("a row has {got} answers for {expected} questions: the file's columns do not fit the form")]
    Length {
        /// Questions.
        expected: usize,
        /// Answers of the row.
        got: usize,
    },
    /// Nobody answered anything.
    #[error("there are no answers")]
    Empty,
}

/// Takes rows one by one.
pub struct Builder {
    items: usize,
    words: usize,
    rows: Vec<u64>,
    times: Vec<u32>,
}

/// Answers, rows that are alike counted once.
#[derive(Debug, Clone, PartialEq)]
pub struct Responses {
    items: usize,
    words: usize,
    /// Per row: `words` words of "right", then `words` words of "asked".
    rows: Vec<u64>,
    times: Vec<u64>,
}

impl Responses {
    /// A builder for a form of so many questions.
    ///
    /// # Errors
    /// Fewer than 2 or more than 1,024.
    pub fn builder(items: usize) -> Result<Builder, BadResponses> {
        if !(2..=MOST_ITEMS).contains(&items) {
            return Err(BadResponses::Items(items));
        }
        Ok(Builder { items, words: items.div_ceil(64), rows: Vec::new(), times: Vec::new() })
    }

    /// Questions of the form.
    #[must_use]
    pub fn items(&self) -> usize {
        self.items
    }

    /// People.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.times.iter().sum()
    }

    /// Different rows.
    #[must_use]
    pub fn patterns(&self) -> usize {
        self.times.len()
    }

    /// How many people gave this row.
    pub(crate) fn times(&self, row: usize) -> f64 {
        self.times[row] as f64
    }

    /// `Some(right?)`, or `None` where the question was not asked.
    pub(crate) fn answer(&self, row: usize, item: usize) -> Option<bool> {
        let at = row * 2 * self.words + item / 64;
        let bit = 1 << (item % 64);
        (self.rows[at + self.words] & bit != 0).then(|| self.rows[at] & bit != 0)
    }

    /// Whether every row has every answer.
    pub(crate) fn complete(&self) -> bool {
        (0..self.patterns()).all(|row| self.complete_row(row))
    }

    pub(crate) fn complete_row(&self, row: usize) -> bool {
        let asked = &self.rows[row * 2 * self.words + self.words..][..self.words];
        asked.iter().map(|word| word.count_ones() as usize).sum::<usize>() == self.items
    }

    /// Right answers of a row.
    pub(crate) fn sum(&self, row: usize) -> usize {
        self.rows[row * 2 * self.words..][..self.words].iter().map(|w| w.count_ones() as usize).sum()
    }
}

impl Builder {
    /// One row, given by so many people: `Some(true)` right, `Some(false)` wrong or "I don't know", `None` not asked.
    ///
    /// # Errors
    /// A row of another length than the form.
    pub fn add(&mut self, row: &[Option<bool>], times: u32) -> Result<(), BadResponses> {
        if row.len() != self.items {
            return Err(BadResponses::Length { expected: self.items, got: row.len() });
        }
        let at = self.rows.len();
        self.rows.resize(at + 2 * self.words, 0);
        for (item, answer) in row.iter().enumerate() {
            let bit = 1 << (item % 64);
            if let Some(right) = answer {
                self.rows[at + self.words + item / 64] |= bit;
                if *right {
                    self.rows[at + item / 64] |= bit;
                }
            }
        }
        self.times.push(times);
        Ok(())
    }

    /// Counts rows that are alike once. Rows without any answer, and rows given by nobody, fall away.
    ///
    /// # Errors
    /// When nothing is left.
    pub fn finish(self) -> Result<Responses, BadResponses> {
        let stride = 2 * self.words;
        let row = |at: usize| &self.rows[at * stride..][..stride];
        let some = |at: &usize| self.times[*at] > 0 && row(*at)[self.words..].iter().any(|w| *w != 0);
        let mut order: Vec<usize> = (0..self.times.len()).filter(some).collect();
        order.sort_unstable_by(|a, b| row(*a).cmp(row(*b)));
        let mut rows: Vec<u64> = Vec::with_capacity(order.len() * stride);
        let mut times: Vec<u64> = Vec::with_capacity(order.len());
        for at in order {
            let same = rows.len() >= stride && rows[rows.len() - stride..] == *row(at);
            match times.last_mut().filter(|_| same) {
                Some(last) => *last += u64::from(self.times[at]),
                None => {
                    rows.extend_from_slice(row(at));
                    times.push(u64::from(self.times[at]));
                }
            }
        }
        if times.is_empty() {
            return Err(BadResponses::Empty);
        }
        Ok(Responses { items: self.items, words: self.words, rows, times })
    }
}
