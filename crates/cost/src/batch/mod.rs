//! Whole books: many loans of one simple shape, in columns, with the same answers to the last bit as one loan at a time.
//! Knows numbers only; which column of whose file they came from is the audit's business.
//!
//! [`LevelLoan::cost`] is the single path, [`BookColumns::cost`] the batch: both run the arithmetic of `lanes`, one on a
//! single lane, one on eight. Lanes that the kernel cannot vouch for (near a rounding boundary, no rate, extreme figures) go, on both
//! paths, through [`crate::solve::monthly_rate`] on the written-out flows.

mod columns;
mod lanes;
mod table;

pub use columns::{BookColumns, BookCosts, BookError, BookRates, FlowColumns, NO_FIGURE, PeriodFees};
pub use table::LevelTable;

use thiserror::Error;

use crate::Fen;
use crate::instalment::{MAX_ANNUAL_RATE_PPM, MAX_PERIODS, MAX_PRINCIPAL_FEN, level_instalment};
use crate::rate::NoRate;
use crate::solve::{MonthlyRate, monthly_rate};
use crate::terms::Rounding;

/// A loan of equal monthly instalments (等额本息) with an up-front fee and a fee each month: the shape of most books.
///
/// Every instalment is taken as equal; the few fen of residue that a real plan puts into one of them are left out, except at
/// rate 0, where the last instalment takes them. A plan with its residue goes through [`FlowColumns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelLoan {
    principal_fen: i64,
    annual_rate_ppm: i64,
    periods: u32,
    upfront_fee_fen: i64,
    period_fee_fen: i64,
}

/// Why a loan cannot be read as a level loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LoanError {
    /// 本金不在 1 分到 1000 亿元之间.
    #[error(
        "the principal is not between 1 and {MAX_PRINCIPAL_FEN} fen: check the column and its unit (fen, not yuan)"
    )]
    Principal,
    /// 年利率不在 0 到 10000% 之间.
    #[error(
        "the annual rate is not between 0 and {MAX_ANNUAL_RATE_PPM} ppm: check the column and its unit (8 % is 80000)"
    )]
    Rate,
    /// 期数不在 1 到 600 之间.
    #[error("the number of months is not between 1 and {MAX_PERIODS}: check the column")]
    Periods,
    /// 费用为负或超过 1000 亿元.
    #[error(
        "a fee is negative or above {MAX_PRINCIPAL_FEN} fen: check the column and its unit (fen, not yuan)"
    )]
    Fee,
}

/// What a level loan costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelCost {
    /// Instalment of principal and interest, without the fee of the month.
    pub instalment_fen: Fen,
    /// Monthly internal rate of all flows with the fees, and its annual readings.
    pub rate: Result<MonthlyRate, NoRate>,
}

impl LevelLoan {
    /// Checks the figures. Fees are amounts in fen: one at the payout, one with every instalment.
    ///
    /// # Errors
    /// [`LoanError`] names the figure that is out of range.
    pub fn new(
        principal_fen: Fen,
        annual_rate_ppm: i64,
        periods: u32,
        upfront_fee_fen: Fen,
        period_fee_fen: Fen,
    ) -> Result<LevelLoan, LoanError> {
        let fees = 0..=MAX_PRINCIPAL_FEN;
        if !(1..=MAX_PRINCIPAL_FEN).contains(&principal_fen.get()) {
            return Err(LoanError::Principal);
        }
        if !(0..=MAX_ANNUAL_RATE_PPM).contains(&annual_rate_ppm) {
            return Err(LoanError::Rate);
        }
        if !(1..=MAX_PERIODS).contains(&periods) {
            return Err(LoanError::Periods);
        }
        if !fees.contains(&upfront_fee_fen.get()) || !fees.contains(&period_fee_fen.get()) {
            return Err(LoanError::Fee);
        }
        Ok(LevelLoan {
            principal_fen: principal_fen.get(),
            annual_rate_ppm,
            periods,
            upfront_fee_fen: upfront_fee_fen.get(),
            period_fee_fen: period_fee_fen.get(),
        })
    }

    /// Instalment and rates of this one loan.
    ///
    /// ```
    /// use mingbai_cost::{Fen, batch::LevelLoan, terms::Rounding};
    /// // 10,000 yuan at 8 %, 12 months, 300 yuan up front and 0.8 % a month for a guarantee.
    /// let loan = LevelLoan::new(Fen::new(1_000_000), 80_000, 12, Fen::new(30_000), Fen::new(8_000))?;
    /// let cost = loan.cost(Rounding::HalfUp);
    /// assert_eq!(cost.instalment_fen, Fen::new(86_988));
    /// assert_eq!(cost.rate.map(|rate| rate.compound_ppm), Ok(356_622));
    /// # Ok::<(), mingbai_cost::batch::LoanError>(())
    /// ```
    #[must_use]
    pub fn cost(&self, rounding: Rounding) -> LevelCost {
        let loans = self.lane();
        let instalment_fen = self.instalment_of(&loans, rounding);
        let found = lanes::rates(&loans, &[instalment_fen.get() as f64]);
        let rate = if found.certain[0] {
            Ok(MonthlyRate {
                rate: found.monthly[0],
                simple_ppm: found.simple_ppm[0] as i64,
                compound_ppm: found.compound_ppm[0] as i64,
            })
        } else {
            self.rate_of_flows(instalment_fen)
        };
        LevelCost { instalment_fen, rate }
    }

    /// The level instalment, as [`level_instalment`] gives it.
    #[must_use]
    pub fn instalment(&self, rounding: Rounding) -> Fen {
        self.instalment_of(&self.lane(), rounding)
    }

    fn lane(&self) -> lanes::Loans<1> {
        lanes::Loans {
            principal: [self.principal_fen as f64],
            rate_ppm: [self.annual_rate_ppm as f64],
            periods: [self.periods],
            upfront_fee: [self.upfront_fee_fen as f64],
            period_fee: [self.period_fee_fen as f64],
        }
    }

    fn instalment_of(&self, lane: &lanes::Loans<1>, rounding: Rounding) -> Fen {
        let (instalment, certain) = lanes::instalments(lane, rounding);
        if certain[0] { Fen::new(instalment[0] as i64) } else { self.exact_instalment(rounding) }
    }

    fn exact_instalment(&self, rounding: Rounding) -> Fen {
        level_instalment(Fen::new(self.principal_fen), self.annual_rate_ppm, self.periods, rounding)
    }

    /// The rate from the flows written out: slower, and right everywhere.
    fn rate_of_flows(&self, instalment_fen: Fen) -> Result<MonthlyRate, NoRate> {
        let mut flows = [0_i64; MAX_PERIODS as usize + 1];
        let last = self.periods as usize;
        let payment = instalment_fen.get() + self.period_fee_fen;
        flows[0] = self.principal_fen - self.upfront_fee_fen;
        flows[1..=last].fill(-payment);
        if self.annual_rate_ppm == 0 {
            // Nothing but principal: what the rounding took too much or too little is known and comes last.
            flows[last] += i64::from(self.periods) * instalment_fen.get() - self.principal_fen;
        }
        monthly_rate(&flows[..=last])
    }
}
