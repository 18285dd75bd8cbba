//! Laws that hold for every loan: sums, flows, early repayment, fees, and terms that come back as they were stored.

use jiff::Span;
use mingbai_cost::early::{self, AfterPrepayment};
use mingbai_cost::terms::{
    Base, Collected, DayCount, EarlyRule, FeeItem, FeeNature, Method, OnEarlyRepayment, Residue, Rounding,
    Timing,
};
use mingbai_cost::{Fen, RateValue, Terms, TermsSpec, quote};
use proptest::prelude::*;

use crate::common::{fee, plain};

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![
        3 => Just(Method::EqualInstalment),
        1 => Just(Method::EqualPrincipal),
        1 => Just(Method::FlatInterest),
        1 => Just(Method::InterestOnly),
        1 => Just(Method::Bullet),
        1 => (0_i64..20_000).prop_map(|fee_per_period_ppm| Method::CardInstalment { fee_per_period_ppm }),
    ]
}

fn day_count() -> impl Strategy<Value = DayCount> {
    prop::sample::select(vec![
        DayCount::PerPeriod,
        DayCount::Actual360,
        DayCount::Actual365,
        DayCount::ActualActual,
        DayCount::Thirty360,
    ])
}

fn early_rule() -> impl Strategy<Value = EarlyRule> {
    prop_oneof![
        Just(EarlyRule::Free),
        (0_i64..50_000, 0_u32..24)
            .prop_map(|(ppm, until_period)| EarlyRule::PercentOfPrincipal { ppm, until_period }),
        (0_u32..4).prop_map(|months| EarlyRule::MonthsOfInterest { months }),
    ]
}

fn any_fee() -> impl Strategy<Value = FeeItem> {
    let timing = prop::sample::select(vec![
        Timing::AtPayout,
        Timing::EachPeriod,
        Timing::WithPeriod(1),
        Timing::AtEnd,
    ]);
    let base = (0_usize..4, 0_i64..30_000);
    let refund =
        prop::sample::select(vec![OnEarlyRepayment::NotRefundable, OnEarlyRepayment::RefundedByTime]);
    (timing, base, refund, any::<bool>(), any::<bool>(), prop::option::of(0_i64..100_000)).prop_map(
        |(timing, (kind, ppm), refund, deposit, deduct, cap)| {
            let base = match (kind, timing) {
                (0, _) => Base::Fixed(Fen::new(ppm)),
                (1, Timing::EachPeriod | Timing::WithPeriod(_) | Timing::AtEnd) => Base::Payment(ppm),
                (2, _) => Base::Outstanding(ppm),
                _ => Base::OriginalPrincipal(ppm),
            };
            let mut item = fee("x", timing, base);
            item.on_early_repayment = refund;
            item.cap_fen = cap.map(Fen::new);
            if deposit && timing == Timing::AtPayout {
                item.nature = FeeNature::Deposit;
            }
            if deduct && timing == Timing::AtPayout {
                item.collected = Collected::DeductedFromPayout;
            }
            item
        },
    )
}

prop_compose! {
    fn spec()(
        principal in prop_oneof![1_000_000_i64..100_000_000, 1_i64..10_000_000_000_000],
        rate in 0_i64..500_000,
        periods in 1_u32..61,
        method in method(),
        day_count in day_count(),
        rounding in prop::sample::select(vec![Rounding::HalfUp, Rounding::Up, Rounding::HalfEven]),
        residue in prop::sample::select(vec![Residue::Last, Residue::First]),
        shift in 0_i64..800,
        first in prop::option::of(1_i64..90),
        (grace, free) in (0_u32..4, 0_u32..4),
        fees in prop::collection::vec(any_fee(), 0..4),
        early in early_rule(),
    ) -> TermsSpec {
        let mut spec = plain(principal, rate, periods);
        spec.payout_on = spec.payout_on.checked_add(Span::new().days(shift)).unwrap();
        spec.plan.first_due_on = first.map(|days| spec.payout_on.checked_add(Span::new().days(days)).unwrap());
        spec.plan.day_count = day_count;
        spec.plan.rounding = rounding;
        spec.plan.residue = residue;
        spec.plan.interest_free_periods = free.min(periods);
        match method {
            Method::CardInstalment { .. } => {
                spec.plan.annual_rate_ppm = 0;
                spec.plan.interest_free_periods = 0;
            }
            Method::InterestOnly | Method::Bullet => {}
            _ => spec.plan.grace_periods = grace.min(periods - 1),
        }
        spec.plan.method = method;
        spec.early = early;
        spec.fees = fees;
        for (at, fee) in spec.fees.iter_mut().enumerate() {
            fee.key = format!("fee_{at}");
        }
        spec
    }
}

fn terms() -> impl Strategy<Value = Terms> {
    // Only a fixed fee that swallows a tiny principal is refused.
    spec().prop_filter_map("accepted terms", |spec| Terms::new(spec).ok())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_table_adds_up(terms in terms()) {
        let table = quote(&terms).unwrap();
        let sum = |part: fn(&mingbai_cost::table::Instalment) -> Fen| -> Fen { table.instalments.iter().map(part).sum() };
        prop_assert_eq!(sum(|row| row.principal_fen), table.principal_fen);
        prop_assert!(table.instalments.iter().all(|row| row.principal_fen >= Fen::ZERO && row.interest_fen >= Fen::ZERO));
        prop_assert_eq!(table.instalments.last().unwrap().balance_fen, Fen::ZERO);
        // What she pays at the payout and later, less what she gets, is principal and cost, whichever way it is counted.
        let apart: Fen = table.items.iter().filter(|item| item.collected == Collected::PaidApart)
            .flat_map(|item| &item.charges).filter(|charge| charge.period == 0).map(|charge| charge.amount_fen).sum();
        let paid = sum(|row| row.total_fen) + apart;
        prop_assert_eq!(paid - table.net_payout_fen, table.total_cost_fen);
        let charges: Fen = table.items.iter().flat_map(|item| &item.charges).map(|charge| charge.amount_fen).sum();
        prop_assert_eq!(charges, table.total_cost_fen);
        prop_assert_eq!(table.total_repayable_fen, table.principal_fen + table.total_cost_fen);
        for item in &table.items {
            let sum: Fen = item.charges.iter().map(|charge| charge.amount_fen).sum();
            prop_assert_eq!(sum, item.total_fen);
        }
    }

    #[test]
    fn prepaying_at_the_end_is_doing_nothing(terms in terms()) {
        let table = quote(&terms).unwrap();
        let (settlement, changed) = early::settle(&terms, table.final_due_on).unwrap();
        prop_assert_eq!(settlement.payoff_fen, Fen::ZERO);
        prop_assert_eq!(changed.table, table);
    }

    #[test]
    fn every_day_can_be_settled_and_adds_up(terms in terms(), share in 0_i64..1000) {
        let table = quote(&terms).unwrap();
        let days = mingbai_cost::calendar::days_between(table.payout_on, table.final_due_on);
        let on = table.payout_on.checked_add(Span::new().days(days * share / 1000)).unwrap();
        let (settlement, changed) = early::settle(&terms, on).unwrap();
        prop_assert_eq!(changed.difference.cost_fen, -settlement.saved_fen);
        let principal: Fen = changed.table.instalments.iter().map(|row| row.principal_fen).sum();
        prop_assert_eq!(principal, table.principal_fen);
        prop_assert!(settlement.accrued_interest_fen >= Fen::ZERO);
    }

    #[test]
    fn a_part_can_be_prepaid_on_any_day(terms in terms(), share in 0_i64..1000, part in 1_i64..1000) {
        let table = quote(&terms).unwrap();
        let days = mingbai_cost::calendar::days_between(table.payout_on, table.final_due_on);
        let on = table.payout_on.checked_add(Span::new().days(days * share / 1000)).unwrap();
        let balance = early::settlement(&terms, on).unwrap().balance_fen;
        let amount = Fen::new(i64::try_from(i128::from(balance.get()) * i128::from(part) / 1000).unwrap());
        for after in [AfterPrepayment::LessTime, AfterPrepayment::LessPayment] {
            if let Ok(changed) = early::prepay(&terms, on, amount, after) {
                let principal: Fen = changed.table.instalments.iter().map(|row| row.principal_fen).sum();
                prop_assert_eq!(principal, table.principal_fen);
                prop_assert!(changed.difference.final_due_after <= table.final_due_on);
            }
        }
    }

    #[test]
    fn a_dearer_fee_never_makes_a_loan_cheaper(terms in terms(), ppm in 0_i64..20_000, more in 1_i64..20_000) {
        let with = |ppm: i64| {
            let mut spec = terms.spec().clone();
            spec.fees.push(fee("extra", Timing::EachPeriod, Base::OriginalPrincipal(ppm)));
            quote(&Terms::new(spec).unwrap()).unwrap()
        };
        let (less, more) = (with(ppm), with(ppm + more));
        prop_assert!(more.total_cost_fen >= less.total_cost_fen);
        prop_assert!(more.cost_per_10k_fen >= less.cost_per_10k_fen);
        if let (RateValue::Ppm(less), RateValue::Ppm(more)) = (less.annual.simple.value, more.annual.simple.value) {
            prop_assert!(more >= less, "{less} {more}");
        }
    }

    #[test]
    fn stored_terms_come_back_with_their_digest(terms in terms()) {
        let back = Terms::from_json(terms.json()).unwrap();
        prop_assert_eq!(&back, &terms);
        let spaced = terms.json().replacen(':', ": ", 1);
        let other = Terms::from_json(&spaced).unwrap();
        prop_assert_eq!(other.spec(), terms.spec());
        prop_assert_ne!(other.digest(), terms.digest());
    }

    #[test]
    fn any_text_is_refused_without_a_panic(text in ".{0,200}") {
        prop_assert!(Terms::from_json(&text).is_err());
        let _ = Fen::parse_yuan(&text);
    }

    /// A real document with one number or word replaced: read or refused, and what is read can be quoted.
    #[test]
    fn damaged_terms_never_panic(terms in terms(), at in any::<prop::sample::Index>(), with in damage()) {
        let json = terms.json();
        let cuts: Vec<usize> = json.char_indices().map(|(at, _)| at).collect();
        let at = *at.get(&cuts);
        let end = json[at..].find([',', '}', ']']).map_or(json.len(), |length| at + length);
        let damaged = format!("{}{with}{}", &json[..at], &json[end..]);
        if let Ok(terms) = Terms::from_json(&damaged) {
            prop_assert!(quote(&terms).is_ok(), "{damaged}");
        }
    }
}

fn damage() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<u32>().prop_map(|number| number.to_string()),
        prop::sample::select(vec![
            "",
            "null",
            "\"\"",
            "-1",
            "1e400",
            "[]",
            "{}",
            "9999-12-31",
            "\"9999-12-31\"",
            "600"
        ])
        .prop_map(str::to_owned),
    ]
}

#[test]
fn the_largest_terms_stay_inside_64_bits() {
    let mut spec = plain(10_000_000_000_000, 10_000_000, 600);
    (spec.default.overdue_rate_ppm, spec.default.misuse_rate_ppm) = (10_000_000, 10_000_000);
    for at in 0..32 {
        let mut item = fee("x", Timing::EachPeriod, Base::OriginalPrincipal(10_000_000));
        item.key = format!("fee_{at}");
        spec.fees.push(item);
    }
    let table = quote(&Terms::new(spec).unwrap()).unwrap();
    assert_eq!(table.total_fees_fen, Fen::new(10_000_000_000_000 * 10 * 600 * 32));
}

#[test]
fn limits_are_told() {
    let mut spec = plain(1_000_000, 60_000, 12);
    spec.plan.periods = 601;
    assert!(Terms::new(spec).unwrap_err().words().zh.contains("601"));
    let mut spec = plain(1_000_000, 60_000, 12);
    let mut service = fee("service", Timing::AtPayout, Base::Fixed(Fen::new(1_000_000)));
    service.collected = Collected::DeductedFromPayout;
    spec.fees.push(service);
    assert!(Terms::new(spec).unwrap_err().to_string().contains("nothing would be paid out"));
    let mut spec = plain(1_000_000, 60_000, 12);
    spec.fees = vec![fee("same", Timing::AtEnd, Base::Fixed(Fen::new(1))); 2];
    assert!(Terms::new(spec.clone()).unwrap_err().to_string().contains("same"));
    spec.fees = vec![fee("interest", Timing::AtEnd, Base::Fixed(Fen::new(1)))];
    assert!(Terms::new(spec).unwrap_err().to_string().contains("used by the table"));
}
