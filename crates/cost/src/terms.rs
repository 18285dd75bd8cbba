//! The exact terms of one loan: what is agreed, before anything is computed from it.
//!
//! A [`TermsSpec`] is plain data; a [`Terms`] is a spec that passed every check and carries the digest of the very bytes
//! it was written as. Evidence names that digest, so that evidence for other terms does not count.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::check::TermsError;
use crate::{Fen, Words};

/// SHA-256 of the terms' bytes, prefixed with a domain line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermsDigest([u8; 32]);

impl TermsDigest {
    /// Wraps 32 digest bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        TermsDigest(bytes)
    }

    /// The digest's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for TermsDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TermsDigest({self})")
    }
}

impl fmt::Display for TermsDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

/// The part a firm plays in a loan. Each role has its own rule pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyRole {
    /// 银行.
    Bank,
    /// 消费金融公司.
    ConsumerFinance,
    /// 汽车金融公司.
    AutoFinance,
    /// 信托公司.
    Trust,
    /// 小额贷款公司.
    SmallLoan,
    /// 融资担保公司.
    Guarantor,
    /// 保险公司.
    Insurer,
    /// 平台.
    Platform,
    /// 商户.
    Merchant,
    /// 其他.
    Other,
}

/// Who receives money, or lends it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Its part in the loan.
    pub role: PartyRole,
    /// Its full name.
    pub name: Words,
}

/// How the principal and the interest come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Method {
    /// 等额本息.
    EqualInstalment,
    /// 等额本金.
    EqualPrincipal,
    /// 等本等息: interest on the original principal every period.
    FlatInterest,
    /// 先息后本.
    InterestOnly,
    /// 一次性还本付息.
    Bullet,
    /// 信用卡分期: no interest, a fee per period on the original principal (parts per million a period).
    CardInstalment {
        /// Fee per period, ppm of the original principal.
        fee_per_period_ppm: i64,
    },
    /// 随借随还: interest by the day on what is used; the plan shown assumes full use to the end.
    Revolving,
    /// A plan of the lender's own: principal due on given dates; the rows must add up to the principal.
    Custom {
        /// Rows in order of date.
        rows: Vec<CustomRow>,
    },
}

/// One row of a custom plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomRow {
    /// Due date.
    pub due_on: Date,
    /// Principal due then.
    pub principal_fen: Fen,
}

/// How interest days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayCount {
    /// By the period: annual rate ÷ periods a year, whatever the days.
    PerPeriod,
    /// Actual days over 360.
    Actual360,
    /// Actual days over 365.
    Actual365,
    /// Actual days over the real length of the year.
    ActualActual,
    /// 30-day months over 360.
    Thirty360,
}

/// How a fraction of a fen becomes whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Half away from zero (四舍五入).
    HalfUp,
    /// Always up, in the lender's favour.
    Up,
    /// Half to even.
    HalfEven,
}

/// Where the rounding residue goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Residue {
    /// Into the last instalment.
    Last,
    /// Into the first instalment.
    First,
}

/// The repayment side of the terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanSpec {
    /// Method.
    pub method: Method,
    /// Nominal annual interest rate, ppm (8 % = 80000).
    pub annual_rate_ppm: i64,
    /// Number of periods (months), 1 … 600.
    pub periods: u32,
    /// Day counting.
    pub day_count: DayCount,
    /// First due date; `None` = one month after the payout. An odd first period follows from it.
    #[serde(default)]
    pub first_due_on: Option<Date>,
    /// Periods at the start without principal repayment (宽限期).
    #[serde(default)]
    pub grace_periods: u32,
    /// Periods at the start without interest (免息期).
    #[serde(default)]
    pub interest_free_periods: u32,
    /// Rounding of interest and instalments.
    pub rounding: Rounding,
    /// Where the residue goes.
    pub residue: Residue,
}

/// When a fee is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// At the payout.
    AtPayout,
    /// With every instalment.
    EachPeriod,
    /// With instalment n (1-based).
    WithPeriod(u32),
    /// With the last instalment.
    AtEnd,
}

/// What a fee is measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// A fixed amount in fen each time it is taken.
    Fixed(Fen),
    /// Parts per million of the original principal each time.
    OriginalPrincipal(i64),
    /// Parts per million of the principal outstanding before the instalment.
    Outstanding(i64),
    /// Parts per million of the instalment (principal + interest).
    Payment(i64),
}

/// How a fee reaches its payee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Collected {
    /// Kept back from the payout (砍头息 when it shortens the principal): flagged.
    DeductedFromPayout,
    /// Paid by the borrower apart from the payout.
    PaidApart,
}

/// What happens to a fee already taken when the loan is repaid early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnEarlyRepayment {
    /// Nothing comes back; fees of later periods are no longer taken.
    NotRefundable,
    /// The part for the unused time comes back, by days.
    RefundedByTime,
}

/// Whether the money is spent or comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeNature {
    /// Spent.
    Fee,
    /// Comes back with the last instalment (保证金).
    Deposit,
}

/// One item of the fee standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeItem {
    /// Stable key, `[a-z0-9_]{1,32}`, unique within the terms, never `interest` or `principal`.
    pub key: String,
    /// Name that the borrower sees.
    pub name: Words,
    /// Fee or deposit.
    pub nature: FeeNature,
    /// Who gets it.
    pub payee: Party,
    /// When.
    pub timing: Timing,
    /// On what.
    pub base: Base,
    /// How.
    pub collected: Collected,
    /// Early repayment.
    pub on_early_repayment: OnEarlyRepayment,
    /// Upper limit over the whole loan.
    #[serde(default)]
    pub cap_fen: Option<Fen>,
}

/// What it costs to break the agreement (违约情形), kept apart from the normal cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultTerms {
    /// 逾期罚息: annual rate on overdue principal, ppm.
    pub overdue_rate_ppm: i64,
    /// 复利: whether unpaid interest itself bears the overdue rate.
    pub compound_on_interest: CompoundInterest,
    /// 挪用罚息: annual rate when the money is used otherwise than agreed, ppm.
    pub misuse_rate_ppm: i64,
    /// Days after the due date without any overdue cost (宽限).
    #[serde(default)]
    pub grace_days: u32,
    /// Fixed costs in default, e.g. 催收费; usually none.
    #[serde(default)]
    pub late_fee_fen: Fen,
}

/// Whether unpaid interest bears interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompoundInterest {
    /// It does (计收复利).
    Charged,
    /// It does not.
    NotCharged,
}

/// The fee for repaying early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EarlyRule {
    /// No fee.
    Free,
    /// Parts per million of the principal repaid early, only up to period n (0 = always).
    PercentOfPrincipal {
        /// ppm of the principal repaid early.
        ppm: i64,
        /// Free from the instalment after this one; 0 = never free.
        until_period: u32,
    },
    /// Interest of this many months on the principal repaid early.
    MonthsOfInterest {
        /// Months.
        months: u32,
    },
}

/// Which product, and which version of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductRef {
    /// Stable id, `[a-z0-9-]{1,48}`.
    pub id: String,
    /// Version text.
    pub version: String,
    /// Name that the borrower sees.
    pub name: Words,
}

/// Everything that is agreed about one loan, as plain data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermsSpec {
    /// Format version, 1.
    pub v: u32,
    /// Product.
    pub product: ProductRef,
    /// Who lends.
    pub lender: Party,
    /// Principal of the contract, 1 … 10^13 fen.
    pub principal_fen: Fen,
    /// Day of the payout.
    pub payout_on: Date,
    /// Repayment.
    pub plan: PlanSpec,
    /// Fee standard, at most 32 items.
    pub fees: Vec<FeeItem>,
    /// Default-case costs.
    pub default: DefaultTerms,
    /// Early repayment.
    pub early: EarlyRule,
}

/// The line that keeps a terms digest apart from every other SHA-256 in the house.
const DIGEST_DOMAIN: &[u8] = b"mingbai/terms/v1\n";

fn digest_of(json: &str) -> TermsDigest {
    let mut hash = Sha256::new();
    hash.update(DIGEST_DOMAIN);
    hash.update(json.as_bytes());
    TermsDigest(hash.finalize().into())
}

/// Terms that passed every check, with their bytes and digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    spec: TermsSpec,
    json: String,
    digest: TermsDigest,
}

impl Terms {
    /// Checks a spec, writes it down once as JSON, and takes the digest of those bytes.
    ///
    /// # Errors
    /// [`TermsError`] names the first thing that is wrong.
    pub fn new(spec: TermsSpec) -> Result<Terms, TermsError> {
        crate::check::check(&spec)?;
        let json = serde_json::to_string(&spec).map_err(|error| TermsError::Json(error.to_string()))?;
        if json.len() > crate::check::MAX_JSON_BYTES {
            return Err(TermsError::TooLong(json.len()));
        }
        let digest = digest_of(&json);
        Ok(Terms { spec, json, digest })
    }

    /// Reads terms from their JSON text. The digest is taken over the text as it was given, never over a re-serialised
    /// copy (DESIGN law 5), so terms that were stored come back with the digest that the evidence names.
    ///
    /// # Errors
    /// [`TermsError`] when the text is not terms of format 1, or breaks a limit.
    pub fn from_json(json: &str) -> Result<Terms, TermsError> {
        if json.len() > crate::check::MAX_JSON_BYTES {
            return Err(TermsError::TooLong(json.len()));
        }
        let spec: TermsSpec =
            serde_json::from_str(json).map_err(|error| TermsError::Json(error.to_string()))?;
        crate::check::check(&spec)?;
        Ok(Terms { spec, json: json.to_owned(), digest: digest_of(json) })
    }

    /// The checked terms as data.
    #[must_use]
    pub fn spec(&self) -> &TermsSpec {
        &self.spec
    }

    /// The very bytes that the digest was made of.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Digest that evidence names.
    #[must_use]
    pub fn digest(&self) -> TermsDigest {
        self.digest
    }
}

impl Serialize for TermsDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TermsDigest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = text.as_bytes();
        let nibble = |b: u8| match b {
            b'0'..=b'9' => Some(b - b'0'),
            b'a'..=b'f' => Some(b - b'a' + 10),
            _ => None,
        };
        if bytes.len() != 64 {
            return Err(serde::de::Error::custom("a terms digest has 64 lower-case hex digits"));
        }
        let mut out = [0_u8; 32];
        for (slot, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
            match (nibble(pair[0]), nibble(pair[1])) {
                (Some(high), Some(low)) => *slot = high << 4 | low,
                _ => return Err(serde::de::Error::custom("a terms digest has only lower-case hex digits")),
            }
        }
        Ok(TermsDigest(out))
    }
}
