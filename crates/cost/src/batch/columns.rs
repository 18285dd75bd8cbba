//! Columns in, columns out: the shape of a loan book in memory, checked once.
#![expect(clippy::needless_range_loop, reason = "one index runs through several arrays of the same length")]

use rayon::prelude::*;
use thiserror::Error;

use super::lanes::{self, Loans};
use super::{LevelCost, LevelLoan, LoanError};
use crate::Fen;
use crate::instalment::MAX_PRINCIPAL_FEN;
use crate::rate::NoRate;
use crate::solve::{MonthlyRate, monthly_rate};
use crate::terms::Rounding;

/// What a column of ppm holds where no figure exists; [`BookRates::get`] gives the reason.
pub const NO_FIGURE: i64 = i64::MIN;
/// Loans side by side.
const LANES: usize = 8;
/// Loans in one piece of parallel work.
const PIECE: usize = 16 * 1_024;

/// The fee of every month.
#[derive(Clone, Copy, Debug)]
pub enum PeriodFees<'a> {
    /// None in the whole book.
    None,
    /// An amount in fen for each loan.
    Fen(&'a [i64]),
    /// Parts per million of the original principal for each loan, rounded half-up to the fen.
    Ppm(&'a [i64]),
}

/// Why columns are no book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BookError {
    /// 各列长度不同.
    #[error("the columns have different lengths: read the file again with one value per column and row")]
    Lengths,
    /// 某一行的数值不在范围内.
    #[error("row {row} (counted from 0): {why}")]
    Row {
        /// Index of the loan.
        row: usize,
        /// What is wrong.
        why: LoanError,
    },
    /// 现金流分段不是递增的.
    #[error("the ends of the loans' flows do not rise from 0 to the number of amounts: rebuild the ends")]
    Ends,
}

/// A book of level loans in columns, all in range.
#[derive(Clone, Copy, Debug)]
pub struct BookColumns<'a> {
    principal_fen: &'a [i64],
    annual_rate_ppm: &'a [i64],
    periods: &'a [u32],
    upfront_fee_fen: &'a [i64],
    period_fees: PeriodFees<'a>,
}

impl<'a> BookColumns<'a> {
    /// Checks every row.
    ///
    /// # Errors
    /// [`BookError`] names the first row that is out of range.
    pub fn new(
        principal_fen: &'a [i64],
        annual_rate_ppm: &'a [i64],
        periods: &'a [u32],
        upfront_fee_fen: &'a [i64],
        period_fees: PeriodFees<'a>,
    ) -> Result<BookColumns<'a>, BookError> {
        let book = BookColumns { principal_fen, annual_rate_ppm, periods, upfront_fee_fen, period_fees };
        let rows = principal_fen.len();
        let fees = match period_fees {
            PeriodFees::None => rows,
            PeriodFees::Fen(column) | PeriodFees::Ppm(column) => column.len(),
        };
        if [annual_rate_ppm.len(), periods.len(), upfront_fee_fen.len(), fees] != [rows; 4] {
            return Err(BookError::Lengths);
        }
        match (0..rows).find_map(|row| book.loan_at(row).err().map(|why| BookError::Row { row, why })) {
            Some(error) => Err(error),
            None => Ok(book),
        }
    }

    /// Number of loans.
    #[must_use]
    pub fn len(&self) -> usize {
        self.principal_fen.len()
    }

    /// Whether there are no loans.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.principal_fen.is_empty()
    }

    /// One loan of the book, for the single path. `None` beyond the end.
    #[must_use]
    pub fn loan(&self, row: usize) -> Option<LevelLoan> {
        if row < self.len() { self.loan_at(row).ok() } else { None }
    }

    #[inline(always)]
    fn loan_at(&self, row: usize) -> Result<LevelLoan, LoanError> {
        let principal = self.principal_fen[row];
        let fee = match self.period_fees {
            PeriodFees::None => 0,
            PeriodFees::Fen(column) => column[row],
            PeriodFees::Ppm(column) => {
                // Half-up in whole numbers; a value out of range stays out of range.
                if !(0..=MAX_PRINCIPAL_FEN).contains(&principal) {
                    return Err(LoanError::Principal);
                }
                let Some(product) = column[row].checked_mul(principal) else { return Err(LoanError::Fee) };
                if product < 0 {
                    -1
                } else {
                    (product / 1_000_000) + i64::from(product % 1_000_000 >= 500_000)
                }
            }
        };
        LevelLoan::new(
            Fen::new(principal),
            self.annual_rate_ppm[row],
            self.periods[row],
            Fen::new(self.upfront_fee_fen[row]),
            Fen::new(fee),
        )
    }

    /// Instalments and rates of the whole book, on one thread.
    #[must_use]
    pub fn cost(&self, rounding: Rounding) -> BookCosts {
        let mut costs = BookCosts::default();
        self.cost_into(rounding, &mut costs);
        costs
    }

    /// As [`BookColumns::cost`], into columns that are used again.
    pub fn cost_into(&self, rounding: Rounding, costs: &mut BookCosts) {
        costs.resize(self.len());
        let piece = Piece {
            first: 0,
            instalment_fen: &mut costs.instalment_fen,
            monthly: &mut costs.rates.monthly,
            simple_ppm: &mut costs.rates.simple_ppm,
            compound_ppm: &mut costs.rates.compound_ppm,
        };
        costs.rates.no_rate = self.cost_piece(rounding, piece);
    }

    /// As [`BookColumns::cost`], on all threads of the pool: the same columns to the last bit.
    #[must_use]
    pub fn cost_parallel(&self, rounding: Rounding) -> BookCosts {
        let mut costs = BookCosts::default();
        costs.resize(self.len());
        let rates = &mut costs.rates;
        let pieces = costs
            .instalment_fen
            .par_chunks_mut(PIECE)
            .zip(rates.monthly.par_chunks_mut(PIECE))
            .zip(rates.simple_ppm.par_chunks_mut(PIECE))
            .zip(rates.compound_ppm.par_chunks_mut(PIECE))
            .enumerate();
        let no_rate: Vec<Vec<(usize, NoRate)>> = pieces
            .map(|(index, (((instalment_fen, monthly), simple_ppm), compound_ppm))| {
                let first = index * PIECE;
                self.cost_piece(rounding, Piece { first, instalment_fen, monthly, simple_ppm, compound_ppm })
            })
            .collect();
        rates.no_rate = no_rate.concat();
        costs
    }

    fn cost_piece(&self, rounding: Rounding, piece: Piece<'_>) -> Vec<(usize, NoRate)> {
        // One copy of the kernel per rounding, so that no lane asks which it is.
        match rounding {
            Rounding::HalfUp => self.cost_rows(|| Rounding::HalfUp, piece),
            Rounding::Up => self.cost_rows(|| Rounding::Up, piece),
            Rounding::HalfEven => self.cost_rows(|| Rounding::HalfEven, piece),
        }
    }

    #[inline(always)]
    fn cost_rows(&self, rounding: impl Fn() -> Rounding, mut piece: Piece<'_>) -> Vec<(usize, NoRate)> {
        let mut no_rate = Vec::new();
        let rows = piece.instalment_fen.len();
        let mut at = 0;
        while at + LANES <= rows {
            self.cost_block(rounding(), &mut piece, at, &mut no_rate);
            at += LANES;
        }
        for row in at..rows {
            self.cost_row(rounding(), &mut piece, row, &mut no_rate);
        }
        no_rate
    }

    /// Eight loans at once.
    #[inline(always)]
    fn cost_block(
        &self,
        rounding: Rounding,
        piece: &mut Piece<'_>,
        at: usize,
        no_rate: &mut Vec<(usize, NoRate)>,
    ) {
        let loans = self.block(piece.first + at);
        let (instalment, certain) = lanes::instalments(&loans, rounding);
        let found = lanes::rates(&loans, &instalment);
        for lane in 0..LANES {
            piece.instalment_fen[at + lane] = whole(instalment[lane]);
            piece.simple_ppm[at + lane] = whole(found.simple_ppm[lane]);
            piece.compound_ppm[at + lane] = whole(found.compound_ppm[lane]);
            piece.monthly[at + lane] = found.monthly[lane];
        }
        let mut all = true;
        for lane in 0..LANES {
            all &= certain[lane] & found.certain[lane];
        }
        if !all {
            for lane in 0..LANES {
                if !(certain[lane] && found.certain[lane]) {
                    self.cost_row(rounding, piece, at + lane, no_rate);
                }
            }
        }
    }

    /// One loan by the single path.
    #[cold]
    fn cost_row(
        &self,
        rounding: Rounding,
        piece: &mut Piece<'_>,
        at: usize,
        no_rate: &mut Vec<(usize, NoRate)>,
    ) {
        let row = piece.first + at;
        // The constructor has read this very row.
        let Ok(loan) = self.loan_at(row) else { return };
        let LevelCost { instalment_fen, rate } = loan.cost(rounding);
        piece.instalment_fen[at] = instalment_fen.get();
        match rate {
            Ok(rate) => {
                piece.monthly[at] = rate.rate;
                piece.simple_ppm[at] = rate.simple_ppm;
                piece.compound_ppm[at] = rate.compound_ppm;
            }
            Err(reason) => {
                piece.monthly[at] = 0.0;
                piece.simple_ppm[at] = NO_FIGURE;
                piece.compound_ppm[at] = NO_FIGURE;
                no_rate.push((row, reason));
            }
        }
    }

    #[inline(always)]
    fn block(&self, row: usize) -> Loans<LANES> {
        let mut loans = Loans {
            principal: floats(self.principal_fen, row),
            rate_ppm: floats(self.annual_rate_ppm, row),
            periods: [0; LANES],
            upfront_fee: floats(self.upfront_fee_fen, row),
            period_fee: [0.0; LANES],
        };
        loans.periods.copy_from_slice(&self.periods[row..row + LANES]);
        match self.period_fees {
            PeriodFees::None => {}
            PeriodFees::Fen(column) => loans.period_fee = floats(column, row),
            PeriodFees::Ppm(column) => {
                for lane in 0..LANES {
                    // Checked: the product fits, and both are non-negative.
                    let product = column[row + lane] * self.principal_fen[row + lane];
                    loans.period_fee[lane] = ((product.unsigned_abs() + 500_000) / 1_000_000) as f64;
                }
            }
        }
        loans
    }
}

/// Bits of 2⁵²: under them lies any whole number of 0 … 2⁵².
const WHOLE_BITS: u64 = 0x4330_0000_0000_0000;

/// Eight whole numbers of 0 … 2⁵² as floats, in a form that becomes vector instructions on any x86-64.
#[inline(always)]
fn floats(column: &[i64], row: usize) -> [f64; LANES] {
    let mut values = [0.0; LANES];
    let column = &column[row..row + LANES];
    for lane in 0..LANES {
        values[lane] = f64::from_bits(column[lane].cast_unsigned() | WHOLE_BITS) - f64::from_bits(WHOLE_BITS);
    }
    values
}

/// A whole float of 0 … 2⁵¹ as an integer. Anything else gives a number that is overwritten: its lane is not certain.
#[inline(always)]
fn whole(value: f64) -> i64 {
    ((value + f64::from_bits(WHOLE_BITS)).to_bits() & 0x000F_FFFF_FFFF_FFFF).cast_signed()
}

/// The output columns of some rows in a row.
struct Piece<'a> {
    first: usize,
    instalment_fen: &'a mut [i64],
    monthly: &'a mut [f64],
    simple_ppm: &'a mut [i64],
    compound_ppm: &'a mut [i64],
}

/// Instalments and rates of a book, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BookCosts {
    instalment_fen: Vec<i64>,
    rates: BookRates,
}

impl BookCosts {
    fn resize(&mut self, rows: usize) {
        self.instalment_fen.resize(rows, 0);
        self.rates.resize(rows);
    }

    /// Instalments of principal and interest, in fen.
    #[must_use]
    pub fn instalment_fen(&self) -> &[i64] {
        &self.instalment_fen
    }

    /// Rates.
    #[must_use]
    pub fn rates(&self) -> &BookRates {
        &self.rates
    }

    /// One loan. `None` beyond the end.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<LevelCost> {
        let instalment_fen = Fen::new(*self.instalment_fen.get(row)?);
        Some(LevelCost { instalment_fen, rate: self.rates.get(row)? })
    }
}

/// Rates of a book, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BookRates {
    monthly: Vec<f64>,
    simple_ppm: Vec<i64>,
    compound_ppm: Vec<i64>,
    no_rate: Vec<(usize, NoRate)>,
}

impl BookRates {
    fn resize(&mut self, rows: usize) {
        self.monthly.resize(rows, 0.0);
        self.simple_ppm.resize(rows, 0);
        self.compound_ppm.resize(rows, 0);
    }

    /// 12·r in ppm, [`NO_FIGURE`] where there is no rate.
    #[must_use]
    pub fn simple_ppm(&self) -> &[i64] {
        &self.simple_ppm
    }

    /// (1+r)^12 − 1 in ppm, [`NO_FIGURE`] where there is no rate.
    #[must_use]
    pub fn compound_ppm(&self) -> &[i64] {
        &self.compound_ppm
    }

    /// Rows without a rate, in order, with the reason.
    #[must_use]
    pub fn without_rate(&self) -> &[(usize, NoRate)] {
        &self.no_rate
    }

    /// One loan's rate or the reason why there is none. `None` beyond the end.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<Result<MonthlyRate, NoRate>> {
        if let Ok(at) = self.no_rate.binary_search_by_key(&row, |(row, _)| *row) {
            return Some(Err(self.no_rate[at].1));
        }
        let rate = *self.monthly.get(row)?;
        Some(Ok(MonthlyRate { rate, simple_ppm: self.simple_ppm[row], compound_ppm: self.compound_ppm[row] }))
    }
}

/// A book of loans whose monthly flows are written out one after the other: any plan, any fees.
#[derive(Clone, Copy, Debug)]
pub struct FlowColumns<'a> {
    ends: &'a [usize],
    amounts_fen: &'a [i64],
}

impl<'a> FlowColumns<'a> {
    /// Loan `k` has the amounts from the end of loan `k − 1` to `ends[k]`; the first of them is month 0, + is to the borrower.
    ///
    /// # Errors
    /// [`BookError::Ends`] when the ends do not rise to the number of amounts.
    pub fn new(ends: &'a [usize], amounts_fen: &'a [i64]) -> Result<FlowColumns<'a>, BookError> {
        if !ends.is_sorted() || ends.last().copied().unwrap_or(0) != amounts_fen.len() {
            return Err(BookError::Ends);
        }
        Ok(FlowColumns { ends, amounts_fen })
    }

    fn flows(&self, row: usize) -> &'a [i64] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.amounts_fen[start..self.ends[row]]
    }

    /// Rates of the whole book, on one thread: [`monthly_rate`] loan by loan, without allocation.
    #[must_use]
    pub fn rates(&self) -> BookRates {
        self.collect((0..self.ends.len()).map(|row| monthly_rate(self.flows(row))))
    }

    /// As [`FlowColumns::rates`], on all threads of the pool.
    #[must_use]
    pub fn rates_parallel(&self) -> BookRates {
        let found: Vec<Result<MonthlyRate, NoRate>> = (0..self.ends.len())
            .into_par_iter()
            .with_min_len(1_024)
            .map(|row| monthly_rate(self.flows(row)))
            .collect();
        self.collect(found.into_iter())
    }

    fn collect(&self, found: impl Iterator<Item = Result<MonthlyRate, NoRate>>) -> BookRates {
        let mut rates = BookRates::default();
        rates.resize(self.ends.len());
        for (row, found) in found.enumerate() {
            match found {
                Ok(found) => {
                    rates.monthly[row] = found.rate;
                    rates.simple_ppm[row] = found.simple_ppm;
                    rates.compound_ppm[row] = found.compound_ppm;
                }
                Err(reason) => {
                    rates.simple_ppm[row] = NO_FIGURE;
                    rates.compound_ppm[row] = NO_FIGURE;
                    rates.no_rate.push((row, reason));
                }
            }
        }
        rates
    }
}
