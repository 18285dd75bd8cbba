//! Terms that several tests share.

use jiff::civil::{Date, date};
use mingbai_cost::terms::{
    Base, Collected, CompoundInterest, DayCount, DefaultTerms, EarlyRule, FeeItem, FeeNature, Method,
    OnEarlyRepayment, Party, PartyRole, PlanSpec, ProductRef, Residue, Rounding, Timing,
};
use mingbai_cost::{Fen, TermsSpec, Words};

pub(crate) fn words(text: &str) -> Words {
    Words::new(text, text)
}

pub(crate) const PAYOUT: Date = date(2026, 9, 1);

/// A plain loan: no fee, equal instalments, by the month.
pub(crate) fn plain(principal_fen: i64, annual_rate_ppm: i64, periods: u32) -> TermsSpec {
    TermsSpec {
        v: 1,
        product: ProductRef { id: "test".to_owned(), version: "1".to_owned(), name: words("测试贷款") },
        lender: Party { role: PartyRole::Bank, name: words("测试银行") },
        principal_fen: Fen::new(principal_fen),
        payout_on: PAYOUT,
        plan: PlanSpec {
            method: Method::EqualInstalment,
            annual_rate_ppm,
            periods,
            day_count: DayCount::PerPeriod,
            first_due_on: None,
            grace_periods: 0,
            interest_free_periods: 0,
            rounding: Rounding::HalfUp,
            residue: Residue::Last,
        },
        fees: Vec::new(),
        default: DefaultTerms {
            overdue_rate_ppm: annual_rate_ppm * 3 / 2,
            compound_on_interest: CompoundInterest::Charged,
            misuse_rate_ppm: annual_rate_ppm * 2,
            grace_days: 0,
            late_fee_fen: Fen::ZERO,
        },
        early: EarlyRule::Free,
    }
}

/// A fee paid apart and not refunded.
pub(crate) fn fee(key: &str, timing: Timing, base: Base) -> FeeItem {
    FeeItem {
        key: key.to_owned(),
        name: words(key),
        nature: FeeNature::Fee,
        payee: Party { role: PartyRole::Guarantor, name: words("测试担保公司") },
        timing,
        base,
        collected: Collected::PaidApart,
        on_early_repayment: OnEarlyRepayment::NotRefundable,
        cap_fen: None,
    }
}

/// 100,000 yuan over 36 months at 6 % with a guarantee fee of 0.8 % a month on the original principal.
pub(crate) fn guaranteed() -> TermsSpec {
    let mut spec = plain(10_000_000, 60_000, 36);
    spec.fees.push(fee("guarantee", Timing::EachPeriod, Base::OriginalPrincipal(8_000)));
    spec
}
