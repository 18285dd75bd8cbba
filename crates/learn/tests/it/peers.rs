//! Our estimators against statsmodels and girth, on figures that `scripts/learn_peers.py fixture` made (`fixtures/peers.json`).

use mingbai_learn::calibrate::{Effort, Model, Responses, calibrate};
use mingbai_learn::dif::{Class, Group, dif};
use mingbai_learn::power::{Plan, need};
use mingbai_learn::proportion::Share;
use mingbai_learn::uplift::{Arm, Design, Person, uplift};
use serde_json::Value;

use crate::lsat::{bits, numbers};

fn told() -> Value {
    serde_json::from_str(include_str!("fixtures/peers.json")).expect("the fixture is JSON")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn near(got: f64, told: &Value, by: f64, what: &str) {
    let told = number(told);
    assert!((got - told).abs() <= by * told.abs().max(1.0), "{what}: {got} for {told}");
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

#[test]
fn the_effect_and_its_errors_agree_with_statsmodels_and_with_the_definition() {
    let told = &told()["uplift"];
    let people: Vec<Person> = list(&told["rows"])
        .iter()
        .map(|row| Person {
            cluster: number(&row[0]) as u32,
            arm: if number(&row[1]) > 0.5 { Arm::Taught } else { Arm::Waiting },
            before: Some(number(&row[2])),
            after: Some(number(&row[3])),
        })
        .collect();
    let taught: Vec<Person> = people.iter().filter(|p| p.arm == Arm::Taught).copied().collect();
    for (key, people, design) in
        [("compared", people, Design::Compared), ("only", taught, Design::OnlyBeforeAndAfter)]
    {
        let got = uplift(&people).expect("a figure");
        assert_eq!(got.design, design);
        near(got.difference, &told[key]["difference"], 1e-9, key);
        near(got.cr1_error, &told[key]["cr1"], 1e-9, key);
        near(got.error, &told[key]["cr2"], 1e-9, key);
        near(got.degrees, &told[key]["degrees"], 1e-7, key);
    }
}

#[test]
fn unfair_questions_agree_with_statsmodels() {
    let told = &told()["dif"];
    let mut rows = Vec::new();
    for (key, group) in [("reference", Group::Reference), ("focal", Group::Focal)] {
        rows.extend(list(&told[key]).iter().map(|row| (group, bits(row.as_str().expect("text")))));
    }
    for (item, (got, told)) in dif(8, &rows).into_iter().zip(list(&told["items"])).enumerate() {
        let got = got.expect("a finding");
        near(got.odds, &told["odds"], 1e-9, "odds");
        near(got.delta_error, &Value::from(2.35 * number(&told["error"])), 1e-9, "error");
        near(got.chi2, &told["chi2"], 1e-9, "chi2");
        near(got.p, &told["p"], 1e-9, "p");
        assert_eq!(got.class == Class::C, item == 3, "{item}: {got:?}");
    }
}

#[test]
fn intervals_of_shares_agree_with_statsmodels() {
    for case in list(&told()["proportions"]) {
        let whole = |key: &str| case[key].as_u64().expect("a count");
        let share = Share::new(whole("count"), whole("of")).expect("a share");
        for (range, key) in [(share.wilson(), "wilson"), (share.clopper_pearson(), "exact")] {
            near(range.low, &case[key][0], 1e-8, key);
            near(range.high, &case[key][1], 1e-8, key);
        }
    }
}

#[test]
fn numbers_of_people_agree_with_statsmodels() {
    for case in list(&told()["power"]) {
        let plan = Plan {
            effect: number(&case["effect"]),
            power: number(&case["power"]),
            alpha: 0.05,
            session_size: 1.0,
            alikeness: 0.0,
            test_correlation: 0.0,
            loss: 0.0,
        };
        let need = need(&plan).expect("a plan");
        assert_eq!(need.alone as f64, number(&case["n"]).ceil(), "{case}");
        assert_eq!((need.invited, need.tested), (need.alone, need.alone));
    }
}

#[test]
fn calibration_agrees_with_girth() {
    let told = &told()["girth"];
    let mut builder = Responses::builder(10).expect("items");
    for row in list(&told["rows"]) {
        let row: Vec<_> = bits(row.as_str().expect("text")).into_iter().map(Some).collect();
        builder.add(&row, 1).expect("a row");
    }
    let got =
        calibrate(&builder.finish().expect("answers"), Model::OwnSlopes, &Effort::USUAL).expect("settles");
    let (slopes, difficulties) = (numbers(&told["slopes"]), numbers(&told["difficulties"]));
    for (at, e) in got.estimates.iter().enumerate() {
        // girth stops its rounds at 1e-4 to 1e-3; ours go on to 1e-6.
        assert!((e.slope - slopes[at]).abs() < 5e-3, "{at}: {} for {}", e.slope, slopes[at]);
        assert!((e.difficulty() - difficulties[at]).abs() < 5e-3, "{at}: {}", e.difficulty());
    }
}
