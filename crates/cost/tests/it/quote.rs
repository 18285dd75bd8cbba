//! The table of whole loans, against figures published or worked out elsewhere.

use jiff::civil::date;
use mingbai_cost::rate::RateValue;
use mingbai_cost::terms::{Base, Collected, Method, Timing};
use mingbai_cost::words::pct2;
use mingbai_cost::{CostTable, Fen, Terms, TermsSpec, quote};

use crate::common::{fee, guaranteed, plain};

pub(crate) fn table(spec: TermsSpec) -> CostTable {
    quote(&Terms::new(spec).unwrap()).unwrap()
}

fn shown(value: RateValue) -> String {
    match value {
        RateValue::Ppm(ppm) => pct2(ppm),
        RateValue::None(why) => format!("{why:?}"),
    }
}

/// REGULATION §8, first line: 22.45 % simple, 24.91 % compound.
#[test]
fn a_guarantee_fee_triples_the_headline() {
    let table = table(guaranteed());
    let first = table.instalments[0];
    assert_eq!(first.principal_fen + first.interest_fen, Fen::new(304_219));
    assert_eq!(first.fees_fen, Fen::new(80_000));
    assert_eq!(shown(table.annual.simple.value), "22.45%");
    assert_eq!(shown(table.annual.compound.value), "24.91%");
    assert_eq!(shown(table.annual.additive.value), "15.60%");
    assert_eq!(table.total_fees_fen, Fen::new(2_880_000));
    assert_eq!(table.items[0].annual_level_ppm, 60_000);
    assert_eq!(table.final_due_on, date(2029, 9, 1));
    assert_eq!(table.upfront_deduction, None);
}

/// REGULATION §8, second line: 12,000 in 12 × 1,060.
#[test]
fn a_flat_fee_loan() {
    let mut spec = plain(1_200_000, 0, 12);
    spec.plan.method = Method::CardInstalment { fee_per_period_ppm: 5_000 };
    let table = table(spec);
    assert!(table.instalments.iter().all(|row| row.total_fen == Fen::new(106_000)));
    assert_eq!(
        (shown(table.annual.simple.value).as_str(), shown(table.annual.compound.value).as_str()),
        ("10.90%", "11.46%")
    );
    assert_eq!(table.items[1].key, "instalment_fee");
    assert_eq!(table.items[1].total_fen, Fen::new(72_000));
    assert_eq!(table.cost_per_10k_fen, Fen::new(60_000));
}

/// REGULATION §8, third line: 10,000 at 12 %, 500 withheld.
#[test]
fn money_kept_back_is_counted_and_flagged() {
    let mut spec = plain(1_000_000, 120_000, 12);
    let mut service = fee("service", Timing::AtPayout, Base::Fixed(Fen::new(50_000)));
    service.collected = Collected::DeductedFromPayout;
    spec.fees.push(service);
    let table = table(spec);
    assert_eq!(table.instalments[0].total_fen, Fen::new(88_849));
    assert_eq!(table.net_payout_fen, Fen::new(950_000));
    let flag = table.upfront_deduction.unwrap();
    assert_eq!((flag.amount_fen, flag.item_keys), (Fen::new(50_000), vec!["service".to_owned()]));
    assert_eq!(
        (shown(table.annual.simple.value).as_str(), shown(table.annual.compound.value).as_str()),
        ("21.86%", "24.18%")
    );
}
