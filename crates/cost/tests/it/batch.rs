//! The batch path against the single path and against written-out flows.

use mingbai_cost::batch::{
    BookColumns, BookError, FlowColumns, LevelLoan, LevelTable, LoanError, NO_FIGURE, PeriodFees,
};
use mingbai_cost::solve::{MonthlyRate, monthly_rate};
use mingbai_cost::terms::{Base, Rounding, Timing};
use mingbai_cost::{Fen, NoRate, RateValue};
use proptest::prelude::*;

type Row = (i64, i64, u32, i64, i64);

fn rows(count: usize) -> impl Strategy<Value = Vec<Row>> {
    let principal =
        prop_oneof![6 => 10_000_i64..100_000_000, 1 => 1_i64..1_000, 1 => 1_i64..=10_000_000_000_000];
    let rate = prop_oneof![6 => 10_000_i64..400_000, 1 => 0_i64..2_000, 1 => 0_i64..=100_000_000];
    let periods = prop_oneof![4 => prop::sample::select(vec![12_u32, 24, 36]), 1 => 1_u32..=600];
    let fee = prop_oneof![2 => Just(0_i64), 3 => 0_i64..40_000, 1 => 0_i64..=10_000_000_000_000];
    let month = prop_oneof![2 => Just(0_i64), 3 => 0_i64..12_000, 1 => 0_i64..=900_000];
    prop::collection::vec((principal, rate, periods, fee, month), count)
}

struct Columns {
    principal: Vec<i64>,
    rate: Vec<i64>,
    periods: Vec<u32>,
    upfront: Vec<i64>,
    month: Vec<i64>,
}

fn columns(rows: &[Row]) -> Columns {
    Columns {
        principal: rows.iter().map(|row| row.0).collect(),
        rate: rows.iter().map(|row| row.1).collect(),
        periods: rows.iter().map(|row| row.2).collect(),
        upfront: rows.iter().map(|row| row.3).collect(),
        month: rows.iter().map(|row| row.4).collect(),
    }
}

impl Columns {
    fn book<'a>(&'a self, fees: fn(&'a [i64]) -> PeriodFees<'a>) -> BookColumns<'a> {
        BookColumns::new(&self.principal, &self.rate, &self.periods, &self.upfront, fees(&self.month))
            .unwrap()
    }
}

proptest! {
    // 128 × 3 roundings × 331 loans: more than 100,000 comparisons of every bit.
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn batch_and_single_path_agree_to_the_bit(rows in rows(331)) {
        let columns = columns(&rows);
        for (rounding, book) in [
            (Rounding::HalfUp, columns.book(PeriodFees::Fen)),
            (Rounding::Up, columns.book(PeriodFees::Ppm)),
            (Rounding::HalfEven, columns.book(|_| PeriodFees::None)),
        ] {
            let costs = book.cost(rounding);
            for row in 0..book.len() {
                let single = book.loan(row).unwrap().cost(rounding);
                let batch = costs.get(row).unwrap();
                prop_assert_eq!(batch, single);
                let bits = |rate: Result<MonthlyRate, NoRate>| rate.map(|r| r.rate.to_bits());
                prop_assert_eq!(bits(batch.rate), bits(single.rate));
            }
        }
    }

    #[test]
    fn the_kernel_agrees_with_written_out_flows(rows in rows(100)) {
        for (principal, rate, periods, upfront, month) in rows {
            let loan = LevelLoan::new(Fen::new(principal), rate, periods, Fen::new(upfront), Fen::new(month)).unwrap();
            let cost = loan.cost(Rounding::HalfUp);
            prop_assert_eq!(
                cost.instalment_fen,
                mingbai_cost::level_instalment(Fen::new(principal), rate, periods, Rounding::HalfUp)
            );
            let mut flows = vec![-cost.instalment_fen.get() - month; periods as usize + 1];
            flows[0] = principal - upfront;
            if rate == 0 {
                flows[periods as usize] += i64::from(periods) * cost.instalment_fen.get() - principal;
            }
            let found = monthly_rate(&flows);
            prop_assert_eq!(
                cost.rate.map(|r| (r.simple_ppm, r.compound_ppm)),
                found.map(|r| (r.simple_ppm, r.compound_ppm))
            );
        }
    }
}

#[test]
fn threads_change_nothing() {
    let rows: Vec<Row> = (0..50_001_i64)
        .map(|k| {
            (
                10_000 + k * 7_919 % 9_999_991,
                k * 104_729 % 360_000,
                1 + (k * 31 % 60) as u32,
                if k % 997 == 0 { 10_000_000 } else { k % 5_000 },
                k % 700,
            )
        })
        .collect();
    let columns = columns(&rows);
    let book = columns.book(PeriodFees::Fen);
    let (one, many) = (book.cost(Rounding::HalfUp), book.cost_parallel(Rounding::HalfUp));
    assert_eq!(one, many);
    assert!(!one.rates().without_rate().is_empty(), "the book has loans without a rate");
    for (row, reason) in one.rates().without_rate() {
        assert_eq!(one.rates().simple_ppm()[*row], NO_FIGURE);
        assert_eq!(one.rates().get(*row), Some(Err(*reason)));
    }
    assert_eq!(one.get(rows.len()), None);
}

#[test]
fn written_out_books_use_the_single_path() {
    let amounts = [100_000_i64, -50_000, -60_000, 5, 6, 100, -100];
    let book = FlowColumns::new(&[3, 5, 7], &amounts).unwrap();
    let rates = book.rates();
    assert_eq!(rates, book.rates_parallel());
    assert_eq!(rates.get(0), Some(monthly_rate(&amounts[..3])));
    assert_eq!(rates.get(1), Some(Err(NoRate::OneSided)));
    assert_eq!(rates.get(2).unwrap().unwrap().simple_ppm, 0);
    assert_eq!(rates.get(3), None);
    assert!(matches!(FlowColumns::new(&[3, 2, 7], &amounts), Err(BookError::Ends)));
    assert!(matches!(FlowColumns::new(&[3], &amounts), Err(BookError::Ends)));
}

#[test]
fn a_row_out_of_range_is_named() {
    let book = |principal: i64, rate: i64, periods: u32, fee: i64, ppm: i64| {
        BookColumns::new(
            &[1_000, principal],
            &[1, rate],
            &[1, periods],
            &[0, fee],
            PeriodFees::Ppm(&[0, ppm]),
        )
        .map(|_| ())
    };
    let error = |why| Err(BookError::Row { row: 1, why });
    assert_eq!(book(1, 1, 1, 1, 1), Ok(()));
    assert_eq!(book(0, 1, 1, 1, 1), error(LoanError::Principal));
    assert_eq!(book(i64::MAX, 1, 1, 1, i64::MAX), error(LoanError::Principal));
    assert_eq!(book(1, -1, 1, 1, 1), error(LoanError::Rate));
    assert_eq!(book(1, 1, 601, 1, 1), error(LoanError::Periods));
    assert_eq!(book(1, 1, 1, -1, 1), error(LoanError::Fee));
    assert_eq!(book(2, 1, 1, 1, i64::MAX), error(LoanError::Fee));
    let short = BookColumns::new(&[1], &[1], &[1, 2], &[0], PeriodFees::None);
    assert!(matches!(short, Err(BookError::Lengths)));
}

#[test]
fn the_lean_table_is_the_full_table() {
    let mut lean = LevelTable::default();
    for (k, rounding) in
        (0..300_i64).zip([Rounding::HalfUp, Rounding::Up, Rounding::HalfEven].into_iter().cycle())
    {
        let (principal, rate) = (1_000 + k * 7_919_003 % 90_000_000, k * 10_473 % 360_000);
        let (periods, upfront, month) = (1 + (k * 7 % 48) as u32, k * 31 % 800, k * 17 % 900);
        let mut spec = crate::common::plain(principal, rate, periods);
        spec.plan.rounding = rounding;
        spec.payout_on = spec.payout_on.checked_add(jiff::Span::new().days(k)).unwrap();
        let fixed = |fen| Base::Fixed(Fen::new(fen));
        spec.fees.push(crate::common::fee("service", Timing::AtPayout, fixed(upfront)));
        spec.fees.push(crate::common::fee("guarantee", Timing::EachPeriod, fixed(month)));
        let full = mingbai_cost::quote(&mingbai_cost::Terms::new(spec.clone()).unwrap()).unwrap();
        let loan =
            LevelLoan::new(Fen::new(principal), rate, periods, Fen::new(upfront), Fen::new(month)).unwrap();
        loan.table_into(spec.payout_on, rounding, &mut lean);
        assert_eq!(lean.rows(), full.instalments);
        assert_eq!(lean.total_interest_fen(), full.total_interest_fen);
        assert_eq!(lean.total_fees_fen(), full.total_fees_fen);
        let figure = |ppm: fn(MonthlyRate) -> i64| {
            lean.rate().map_or_else(RateValue::None, |rate| RateValue::Ppm(ppm(rate)))
        };
        assert_eq!(figure(|rate| rate.simple_ppm), full.annual.simple.value);
        assert_eq!(figure(|rate| rate.compound_ppm), full.annual.compound.value);
    }
}
