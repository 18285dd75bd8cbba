//! The 22 published annual rates (`tests/fixtures/README.md` names the sources).

use jiff::ToSpan;
use jiff::civil::date;
use mingbai_cost::solve::{Fraction, TimedFlow, monthly_rate, timed_rate};
use mingbai_cost::{Fen, Flow, annual_cost};
use serde_json::Value;

fn fen(yuan: &Value) -> i64 {
    (yuan.as_f64().unwrap() * 100.0).round() as i64
}

/// The flows of one entry; its times are `[amount, whole, fraction]` or `[amount, years]`.
fn flows(vector: &Value) -> Vec<TimedFlow> {
    let side = |key: &str, sign: i64| -> Vec<TimedFlow> {
        let timed = |row: &Value| {
            let time = row[1].as_f64().unwrap();
            let fraction = row[2].as_f64().unwrap_or(time - time.floor());
            TimedFlow { whole: time.floor() as u32, fraction, amount_fen: sign * fen(&row[0]) }
        };
        vector[key].as_array().unwrap().iter().map(timed).collect()
    };
    let mut all = side("advances", 1);
    if vector["upfront_fee"].is_number() {
        all.push(TimedFlow { whole: 0, fraction: 0.0, amount_fen: -fen(&vector["upfront_fee"]) });
    }
    all.extend(side("payments", -1));
    all
}

/// The entry's annual rate in per cent by its own convention.
fn annual_percent(vector: &Value) -> f64 {
    let (flows, convention) = (flows(vector), vector["convention"].as_str().unwrap());
    if convention.starts_with("US App J") {
        return 100.0 * vector["w"].as_f64().unwrap() * timed_rate(&flows, Fraction::Linear).unwrap();
    }
    if convention.starts_with("EU/UK") {
        return 100.0 * timed_rate(&flows, Fraction::Compound).unwrap();
    }
    let monthly = timed_rate(&flows, Fraction::Compound).unwrap();
    if convention.starts_with("单利") {
        1200.0 * monthly
    } else {
        assert!(convention.starts_with("复利"), "{convention}");
        100.0 * ((1.0 + monthly).powi(12) - 1.0)
    }
}

/// Half a unit of the last published place, two places at least.
fn published_tolerance(published: &Value) -> f64 {
    let text = published.to_string();
    let places = text.split_once('.').map_or(0, |(_, digits)| digits.len()).max(2);
    0.5 * 10_f64.powi(-(places as i32)) + 1e-12
}

#[test]
fn every_published_rate_is_met() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../fixtures/apr_vectors.json")).unwrap();
    assert_eq!(vectors.len(), 22);
    for vector in &vectors {
        let found = annual_percent(vector);
        let published = &vector["expected_apr_pct"];
        let miss = (found - published.as_f64().unwrap()).abs();
        assert!(miss <= published_tolerance(published), "{}: {found} for {published}", vector["id"]);
        let computed = vector["computed_apr_pct"].as_f64().unwrap();
        assert!((found - computed).abs() < 6e-7, "{}: {found} for {computed}", vector["id"]);
    }
}

#[test]
fn appendix_j_from_real_dates() {
    // (c)(1)(i): 5,000 on 10 January 1978, 24 of 230 from 10 February: 9.69 %.
    // (c)(1)(ii): 6,000 on 10 February 1978, 36 of 200 from 1 April (t = 1, f = 19/30): 11.82 %.
    let cases = [
        (date(1978, 1, 10), date(1978, 2, 10), 500_000, 23_000, 24, 96_857),
        (date(1978, 2, 10), date(1978, 4, 1), 600_000, 20_000, 36, 118_165),
    ];
    for (payout_on, first, principal, instalment, n, ppm) in cases {
        let mut flows = vec![Flow { period: 0, on: payout_on, amount_fen: Fen::new(principal) }];
        flows.extend((0..n).map(|k| Flow {
            period: k as u32 + 1,
            on: first.checked_add(k.months()).unwrap(),
            amount_fen: Fen::new(-instalment),
        }));
        assert_eq!(annual_cost(&flows, payout_on, 0).us_appendix_j.value.ppm(), Some(ppm));
    }
}

#[test]
fn the_dated_rate_uses_real_dates() {
    // Directive 98/7/EC annex III example 1 by today's interval rule: 1,000 on 1 January 1994, 1,200 on 1 July 1995
    // is exactly 18 months, so (1.2)^(12/18) − 1.
    let flows = [
        Flow { period: 0, on: date(1994, 1, 1), amount_fen: Fen::new(100_000) },
        Flow { period: 18, on: date(1995, 7, 1), amount_fen: Fen::new(-120_000) },
    ];
    let found = annual_cost(&flows, date(1994, 1, 1), 7);
    assert_eq!(found.dated_eu.value.ppm(), Some(((1.2_f64.powf(12.0 / 18.0) - 1.0) * 1e6).round() as i64));
    assert_eq!(found.dated_eu.value, found.compound.value);
    assert_eq!(found.additive.value.ppm(), Some(7));
    // Five days later: 18 months and 5 days of 365.
    let later = [flows[0], Flow { on: date(1995, 7, 6), ..flows[1] }];
    let years = 1.5 + 5.0 / 365.0;
    let expected = ((1.2_f64.powf(1.0 / years) - 1.0) * 1e6).round() as i64;
    assert_eq!(annual_cost(&later, date(1994, 1, 1), 0).dated_eu.value.ppm(), Some(expected));
}

#[test]
fn a_half_ppm_goes_up_exactly() {
    // One month, interest 1 fen on 24,000,000 fen: 12·r is exactly half a ppm. 3 fen: one and a half.
    for (interest, ppm) in [(1, 1), (3, 2), (2, 1), (4, 2), (99_999, 50_000)] {
        let found = monthly_rate(&[24_000_000, -24_000_000 - interest]).unwrap();
        assert_eq!(found.simple_ppm, ppm, "{interest}");
    }
}

#[test]
fn the_short_way_for_odd_first_periods_is_the_general_one() {
    for k in 0..400_i64 {
        let payout_on = date(2023, 1, 1).checked_add((k * 3).days()).unwrap();
        let first = date(2023, 2, 1 + (k % 27) as i8).checked_add((k * 3 / 30).months()).unwrap();
        let mut flows = vec![Flow { period: 0, on: payout_on, amount_fen: Fen::new(1_000_000) }];
        flows.extend((0..1 + k % 40).map(|n| Flow {
            period: n as u32 + 1,
            on: first.checked_add(n.months()).unwrap(),
            amount_fen: Fen::new(-(1_000_000 + k * 997) / (1 + k % 40)),
        }));
        let short = annual_cost(&flows, payout_on, 0).dated_eu.value;
        // An empty flow on another day hides the pattern.
        flows.push(Flow { period: 2, on: first.checked_add(9.days()).unwrap(), amount_fen: Fen::ZERO });
        assert_eq!(annual_cost(&flows, payout_on, 0).dated_eu.value, short, "{k}");
    }
}
