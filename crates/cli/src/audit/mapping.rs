//! What the columns of a loan book mean: a small TOML file, checked whole before the first line is read.

use jiff::civil::Date;
use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_cost::terms::{Collected, DayCount, Method, PartyRole, Residue, Rounding, Timing};
use serde::Deserialize;

use crate::fail::{Fail, Kind};

/// A mapping file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Format version, 1.
    pub v: u32,
    /// What the book is.
    pub name: Words,
    /// Which columns hold what.
    pub columns: Columns,
    /// What is the same for every loan.
    pub loan: Common,
    /// Fees, each with its own column or a fixed level.
    #[serde(default)]
    pub fees: Vec<FeeColumn>,
    /// Which cap to ask; left out = no cap check.
    #[serde(default)]
    pub cap: Option<CapQuestion>,
}

/// The columns of one loan.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The book's own number of a loan; left out = the line number.
    pub id: Option<String>,
    /// Contract principal.
    pub principal: MoneyColumn,
    /// Number of monthly periods.
    pub periods: String,
    /// Nominal annual rate.
    pub annual_rate: RateColumn,
    /// The instalment that the book states (principal + interest, without fees).
    pub instalment: MoneyColumn,
    /// Payout day, YYYY-MM-DD.
    pub payout_on: Option<String>,
}

/// A column of money.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneyColumn {
    /// Header.
    pub column: String,
    /// Unit of the figures.
    pub unit: MoneyUnit,
}

/// Unit of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoneyUnit {
    /// 元 (or another main unit with hundredths).
    Yuan,
    /// 分.
    Fen,
    /// 万元.
    Wan,
}

impl MoneyUnit {
    /// Decimal places down to a fen.
    pub const fn shift(self) -> u32 {
        match self {
            MoneyUnit::Fen => 0,
            MoneyUnit::Yuan => 2,
            MoneyUnit::Wan => 6,
        }
    }
}

/// A column of rates.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateColumn {
    /// Header.
    pub column: String,
    /// Unit of the figures.
    pub unit: RateUnit,
}

/// Unit of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateUnit {
    /// 8 = 8 %.
    Percent,
    /// 0.08 = 8 %.
    Fraction,
    /// 80000 = 8 %.
    Ppm,
}

impl RateUnit {
    /// Decimal places down to a millionth.
    pub const fn shift(self) -> u32 {
        match self {
            RateUnit::Ppm => 0,
            RateUnit::Percent => 4,
            RateUnit::Fraction => 6,
        }
    }
}

/// What is the same for every loan of the book.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Common {
    /// Repayment method.
    pub method: Method,
    /// Interest days.
    pub day_count: DayCount,
    /// Rounding.
    pub rounding: Rounding,
    /// Residue.
    pub residue: Residue,
    /// Payout day of every loan, when no column says it.
    pub payout_on: Option<Date>,
    /// Who lends.
    pub lender_role: PartyRole,
    /// The lender's name.
    pub lender: Words,
}

/// One fee of the book.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeColumn {
    /// Key, as in a fee standard.
    pub key: String,
    /// Name.
    pub name: Words,
    /// Who gets it.
    pub payee_role: PartyRole,
    /// The payee's name.
    pub payee: Words,
    /// When.
    pub timing: Timing,
    /// How.
    pub collected: Collected,
    /// What the column's figure is measured on.
    pub on: FeeOn,
    /// Header.
    pub column: String,
    /// Unit of a rate; money is in yuan.
    #[serde(default = "percent")]
    pub unit: RateUnit,
}

const fn percent() -> RateUnit {
    RateUnit::Percent
}

/// What a fee column's figure is measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeOn {
    /// An amount in yuan each time.
    FixedYuan,
    /// A rate on the original principal.
    OriginalPrincipal,
    /// A rate on the principal outstanding.
    Outstanding,
    /// A rate on the instalment.
    Payment,
}

/// Which cap applies to the book.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapQuestion {
    /// Product kind that the caps of the policy pack are asked for; `any` asks those that bind every kind.
    pub product_kind: String,
}

impl Mapping {
    /// Reads and checks a mapping.
    pub fn parse(text: &str) -> Result<Self, Fail> {
        let mapping: Mapping = toml::from_str(text).map_err(|e| {
            Fail::new(Kind::Input, both("列映射文件有误", "the column mapping is wrong"))
                .caused_by(&e)
                .next("照 examples/audit/ 里的例子改。", "Compare it with the examples in examples/audit/.")
        })?;
        mapping.checked()
    }

    fn checked(self) -> Result<Self, Fail> {
        let wrong = |zh: &str, en: &str| {
            Err(Fail::new(Kind::Input, both("列映射文件有误", "the column mapping is wrong"))
                .because(both(zh, en)))
        };
        if self.v != 1 {
            return wrong("只认识 v = 1", "only v = 1 is known");
        }
        if self.columns.payout_on.is_none() && self.loan.payout_on.is_none() {
            return wrong(
                "没有放款日:写 columns.payout_on(列名)或 loan.payout_on(同一天)",
                "there is no payout day: give columns.payout_on (a header) or loan.payout_on (one day for all)",
            );
        }
        if self.fees.len() > 32 {
            return wrong("费用项最多 32 个", "at most 32 fees");
        }
        Ok(self)
    }

    /// Every header that must be in the book.
    pub fn headers(&self) -> Vec<&str> {
        let c = &self.columns;
        let fixed = [&c.principal.column, &c.periods, &c.annual_rate.column, &c.instalment.column];
        let optional = c.id.iter().chain(c.payout_on.iter());
        fixed
            .into_iter()
            .chain(optional)
            .chain(self.fees.iter().map(|f| &f.column))
            .map(String::as_str)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = include_str!("../../../../examples/audit/lendingclub.toml");

    #[test]
    fn the_example_is_read() {
        let mapping = Mapping::parse(GOOD).unwrap_or_else(|_| unreachable!("the example is good"));
        assert_eq!(mapping.headers(), ["loan_amount", "term", "interest_rate", "installment"]);
        assert_eq!(mapping.loan.rounding, Rounding::Up);
    }

    #[test]
    fn a_typing_error_is_found_before_the_book_is_opened() {
        for (from, to) in
            [("v = 1", "v = 2"), ("loan_amount", "loan_amount\"\nspare = \""), ("payout_on", "paid_on")]
        {
            let text = GOOD.replacen(from, to, 1);
            assert_ne!(text, GOOD, "{from}");
            assert_eq!(Mapping::parse(&text).map(|_| ()).map_err(|f| f.code()), Err(2), "{from}");
        }
    }
}
