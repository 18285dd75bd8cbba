//! Tables for the tests of this folder, quoted from real terms: one honest loan and one like those in the
//! complaints.

use jiff::civil::date;
use mingbai_cost::quote::quote;
use mingbai_cost::terms::{
    Base, Collected, CompoundInterest, DayCount, DefaultTerms, EarlyRule, FeeItem, FeeNature, Method,
    OnEarlyRepayment, Party, PartyRole, PlanSpec, ProductRef, Residue, Rounding, Timing,
};
use mingbai_cost::{CostTable, Fen, Terms, TermsSpec};

use crate::text::both;

/// 120,000 yuan, 12 months, 6 %, nothing else.
pub(crate) fn honest_spec() -> TermsSpec {
    TermsSpec {
        v: 1,
        product: ProductRef {
            id: "honest".to_owned(),
            version: "1".to_owned(),
            name: both("安心贷", "Steady loan"),
        },
        lender: Party { role: PartyRole::Bank, name: both("城南银行", "Chengnan Bank") },
        principal_fen: Fen::new(12_000_000),
        payout_on: date(2026, 11, 23),
        plan: PlanSpec {
            method: Method::EqualInstalment,
            annual_rate_ppm: 60_000,
            periods: 12,
            day_count: DayCount::PerPeriod,
            first_due_on: None,
            grace_periods: 0,
            interest_free_periods: 0,
            rounding: Rounding::HalfUp,
            residue: Residue::Last,
        },
        fees: Vec::new(),
        default: DefaultTerms {
            overdue_rate_ppm: 90_000,
            compound_on_interest: CompoundInterest::Charged,
            misuse_rate_ppm: 120_000,
            grace_days: 3,
            late_fee_fen: Fen::ZERO,
        },
        early: EarlyRule::PercentOfPrincipal { ppm: 10_000, until_period: 6 },
    }
}

fn fee(
    key: &str,
    zh: &str,
    en: &str,
    role: PartyRole,
    payee: (&str, &str),
    timing: Timing,
    base: Base,
) -> FeeItem {
    let collected =
        if timing == Timing::AtPayout { Collected::DeductedFromPayout } else { Collected::PaidApart };
    FeeItem {
        key: key.to_owned(),
        name: both(zh, en),
        nature: FeeNature::Fee,
        payee: Party { role, name: both(payee.0, payee.1) },
        timing,
        base,
        collected,
        on_early_repayment: OnEarlyRepayment::NotRefundable,
        cap_fen: None,
    }
}

/// 8 % headline, 0.8 % a month to a guarantor, 2 % kept back at the payout, an insurance with the first
/// instalment.
pub(crate) fn loaded_spec() -> TermsSpec {
    let mut spec = honest_spec();
    spec.product =
        ProductRef { id: "loaded".to_owned(), version: "1".to_owned(), name: both("轻松贷", "Easy loan") };
    spec.plan.annual_rate_ppm = 80_000;
    spec.fees = vec![
        fee(
            "guarantee",
            "担保费",
            "Guarantee fee",
            PartyRole::Guarantor,
            ("城东融资担保公司", "Chengdong Guarantee"),
            Timing::EachPeriod,
            Base::OriginalPrincipal(8_000),
        ),
        fee(
            "service",
            "服务费",
            "Service fee",
            PartyRole::Platform,
            ("快帮信息服务公司", "Kuaibang Services"),
            Timing::AtPayout,
            Base::OriginalPrincipal(20_000),
        ),
        fee(
            "insurance",
            "意外险保费",
            "Accident insurance",
            PartyRole::Insurer,
            ("平民保险公司", "Pingmin Insurance"),
            Timing::WithPeriod(1),
            Base::Fixed(Fen::new(36_000)),
        ),
    ];
    spec
}

pub(crate) fn table(spec: TermsSpec) -> CostTable {
    let table = Terms::new(spec).ok().and_then(|terms| quote(&terms).ok());
    table.unwrap_or_else(|| unreachable!("the terms of a fixture are valid"))
}

pub(crate) fn honest() -> CostTable {
    table(honest_spec())
}

pub(crate) fn loaded() -> CostTable {
    table(loaded_spec())
}
