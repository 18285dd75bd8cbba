//! The numbers of a level loan's cost table, row by row, into buffers that are used again: for books of millions of loans.
//! [`crate::quote()`] makes the full table with names, standards and early repayment; a test holds both to the same fen.

use jiff::civil::Date;

use super::LevelLoan;
use crate::Fen;
use crate::instalment::MONTHLY_SCALE;
use crate::rate::NoRate;
use crate::solve::{MonthlyRate, monthly_rate};
use crate::table::Instalment;
use crate::terms::Rounding;

/// A level loan's plan with fees, totals and both rates. Keep one and fill it again and again.
#[derive(Clone, Debug)]
pub struct LevelTable {
    rows: Vec<Instalment>,
    flows: Vec<i64>,
    total_interest_fen: Fen,
    total_fees_fen: Fen,
    rate: Result<MonthlyRate, NoRate>,
}

impl Default for LevelTable {
    fn default() -> Self {
        LevelTable {
            rows: Vec::new(),
            flows: Vec::new(),
            total_interest_fen: Fen::ZERO,
            total_fees_fen: Fen::ZERO,
            rate: Err(NoRate::OneSided),
        }
    }
}

impl LevelTable {
    /// The plan, one row a month; the residue of rounding is in the last one.
    #[must_use]
    pub fn rows(&self) -> &[Instalment] {
        &self.rows
    }

    /// All interest.
    #[must_use]
    pub const fn total_interest_fen(&self) -> Fen {
        self.total_interest_fen
    }

    /// All fees, the up-front one included.
    #[must_use]
    pub const fn total_fees_fen(&self) -> Fen {
        self.total_fees_fen
    }

    /// The monthly rate of the plan's own flows with its annual readings, or why there is none.
    ///
    /// # Errors
    /// [`NoRate`] is the reason.
    pub const fn rate(&self) -> Result<MonthlyRate, NoRate> {
        self.rate
    }
}

impl LevelLoan {
    /// Fills `table` with the plan of this loan, paid out on `payout_on` and due each month on that day.
    pub fn table_into(&self, payout_on: Date, rounding: Rounding, table: &mut LevelTable) {
        let level = self.instalment(rounding).get();
        // The largest product is that of the first row; 64 bits divide several times faster than 128.
        let narrow = self.principal_fen.checked_mul(2 * self.annual_rate_ppm).is_some();
        match (narrow, rounding) {
            (true, Rounding::HalfUp) => self.fill(payout_on, level, table, |product| {
                (product.cast_unsigned() + MONTHLY_SCALE / 2) / MONTHLY_SCALE
            }),
            (true, Rounding::Up) => {
                self.fill(payout_on, level, table, |product| product.cast_unsigned().div_ceil(MONTHLY_SCALE));
            }
            _ => self.fill_wide(payout_on, level, rounding, table),
        }
        table.rate = monthly_rate(&table.flows);
    }

    fn fill_wide(&self, payout_on: Date, level: i64, rounding: Rounding, table: &mut LevelTable) {
        let rate = self.annual_rate_ppm;
        let scale = MONTHLY_SCALE.cast_signed();
        self.rows_into(payout_on, level, table, |balance| {
            Fen::new(balance).times_ratio(rate, scale, rounding).get()
        });
    }

    #[inline(always)]
    fn fill(&self, payout_on: Date, level: i64, table: &mut LevelTable, divide: impl Fn(i64) -> u64) {
        let rate = self.annual_rate_ppm;
        self.rows_into(payout_on, level, table, |balance| divide(balance * rate).cast_signed());
    }

    #[inline(always)]
    fn rows_into(
        &self,
        payout_on: Date,
        level: i64,
        table: &mut LevelTable,
        interest_on: impl Fn(i64) -> i64,
    ) {
        table.rows.clear();
        table.flows.clear();
        table.flows.push(self.principal_fen - self.upfront_fee_fen);
        let fee = self.period_fee_fen;
        let mut balance = self.principal_fen;
        let mut interest_sum = 0;
        let mut calendar = Monthly::after(payout_on);
        for n in 1..=self.periods {
            let interest = interest_on(balance);
            let wanted = (level - interest).clamp(0, balance);
            let principal = if n == self.periods { balance } else { wanted };
            balance -= principal;
            interest_sum += interest;
            let total = principal + interest + fee;
            table.flows.push(-total);
            table.rows.push(Instalment {
                n,
                due_on: calendar.next(),
                principal_fen: Fen::new(principal),
                interest_fen: Fen::new(interest),
                fees_fen: Fen::new(fee),
                total_fen: Fen::new(total),
                balance_fen: Fen::new(balance),
            });
        }
        table.total_interest_fen = Fen::new(interest_sum);
        table.total_fees_fen = Fen::new(self.upfront_fee_fen + fee * i64::from(self.periods));
    }
}

/// The same day of each following month, or the month's last.
struct Monthly {
    year: i16,
    month: i8,
    day: i8,
}

impl Monthly {
    fn after(start: Date) -> Monthly {
        Monthly { year: start.year(), month: start.month(), day: start.day() }
    }

    fn next(&mut self) -> Date {
        self.month += 1;
        if self.month > 12 {
            (self.year, self.month) = (self.year.saturating_add(1), 1);
        }
        let day = if self.day <= 28 {
            self.day
        } else {
            self.day.min(crate::interval::month_length(i32::from(self.year), i32::from(self.month)) as i8)
        };
        // Only the year can leave the calendar, after 9999.
        Date::new(self.year, self.month, day).unwrap_or(Date::MAX)
    }
}
