//! The 19 date intervals (`tests/fixtures/README.md` names the source).

use jiff::civil::{Date, date};
use mingbai_cost::interval::{Unit, app_j_months, eu_interval};

#[test]
fn every_interval_is_met() {
    let rows: Vec<&str> = include_str!("../fixtures/eu_interval_factors.csv").lines().skip(1).collect();
    assert_eq!(rows.len(), 19);
    for row in rows {
        let [unit, from, to, factor] = row.split(',').collect::<Vec<_>>()[..] else { panic!("{row}") };
        let unit = match unit {
            "month" => Unit::Month,
            "year" => Unit::Year,
            "week" => Unit::Week,
            other => panic!("{other}"),
        };
        let (from, to): (Date, Date) = (from.parse().unwrap(), to.parse().unwrap());
        let found = eu_interval(from, to, unit).years(unit);
        assert!((found - factor.parse::<f64>().unwrap()).abs() < 1e-15, "{row}: {found}");
        assert!((eu_interval(to, from, unit).years(unit) - found).abs() == 0.0, "{row}: backwards");
    }
}

#[test]
fn appendix_j_counts_odd_days_before_the_whole_months() {
    // 12 CFR 1026 appendix J (c)(1)(ii).
    assert_eq!(app_j_months(date(1978, 2, 10), date(1978, 4, 1)), (1, 19));
    assert_eq!(app_j_months(date(2024, 1, 31), date(2024, 2, 29)), (1, 0));
    assert_eq!(app_j_months(date(2024, 12, 29), date(2025, 2, 28)), (2, 0));
}
