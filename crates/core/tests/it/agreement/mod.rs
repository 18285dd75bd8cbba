//! Two verifiers that share no code, the one in Rust and the script of `verify.html` under node, must give the same verdict on every
//! claim about every package: valid ones from simulated journeys, and the same ones damaged, forged and rebuilt.

mod case;
mod cases;
mod features;
mod house;
mod mutants;

mod node;
mod signed;
mod stamps;
mod targeted;

use std::collections::BTreeMap;

use mingbai_core::borrow::reading::{Section, required_ms};
use mingbai_core::borrow::teachback::required_kinds;
use mingbai_core::cost::quote;
use mingbai_core::policy::Pack;
use serde_json::{Value, json};

use case::Case;

/// Journeys of the simulator; each gives one valid package and two mutated ones.
const JOURNEYS: u64 = 420;

/// What was compared, for the report of the run.
#[derive(Debug, Default)]
struct Tally {
    packages: usize,
    evidence_claims: usize,
    loan_claims: usize,
    by_verdict: BTreeMap<String, usize>,
    /// Claims on which the page says that it cannot judge.
    unable: BTreeMap<String, usize>,
    /// Loans whose table is a lie that only the cost engine can see.
    engine_only: usize,
    /// Packages by what was done to them.
    by_kind: BTreeMap<&'static str, usize>,
}

impl Tally {
    /// Compares; every difference in words.
    fn compare(&mut self, case: &Case, ours: &Value, theirs: &Value) -> Vec<String> {
        self.packages += 1;
        *self.by_kind.entry(case.kind).or_default() += 1;
        let mut wrong = self.evidence(&ours["evidence"], &theirs["evidence"]);
        wrong.extend(self.evidence(&ours["receipt"], &theirs["receipt"]));
        let (our_loans, their_loans) =
            (ours["loans"].as_object().unwrap(), theirs["loans"].as_object().unwrap());
        if our_loans.keys().ne(their_loans.keys()) {
            wrong.push(format!("loans {:?} / {:?}", our_loans.keys(), their_loans.keys()));
            return wrong;
        }
        for (name, checks) in our_loans {
            self.loan(case, checks, &their_loans[name], &mut wrong);
        }
        wrong
    }

    fn evidence(&mut self, ours: &Value, theirs: &Value) -> Vec<String> {
        // The page cannot vouch for itself; everything else must be the same, in whatever order.
        let sorted = |value: &Value| {
            let mut all: Vec<String> = value.as_array().into_iter().flatten().map(Value::to_string).collect();
            all.retain(|claim| !claim.starts_with("[\"page\""));
            all.sort();
            all
        };
        let (ours, theirs) = (sorted(ours), sorted(theirs));
        self.evidence_claims += ours.len();
        for claim in &ours {
            let verdict = claim.rsplit('"').nth(1).unwrap_or_default();
            *self.by_verdict.entry(verdict.to_owned()).or_default() += 1;
        }
        let only = |a: &[String], b: &[String], who: &str| -> Vec<String> {
            a.iter().filter(|claim| !b.contains(claim)).map(|claim| format!("only {who}: {claim}")).collect()
        };
        let mut wrong = only(&ours, &theirs, "Rust");
        wrong.extend(only(&theirs, &ours, "page"));
        if wrong.is_empty() && ours.len() != theirs.len() {
            wrong.push(format!("{} claims / {}", ours.len(), theirs.len()));
        }
        wrong
    }

    fn loan(&mut self, case: &Case, ours: &Value, theirs: &Value, wrong: &mut Vec<String>) {
        let (ours, theirs) = (ours.as_array().unwrap(), theirs.as_array().unwrap());
        let recomputed = |checks: &[Value]| checks.iter().find(|c| c[0] == "table_recomputed").cloned();
        if recomputed(ours).is_some_and(|claim| claim[1] == "contradicted") {
            self.engine_only += 1;
            if recomputed(theirs).is_some_and(|claim| claim[1] == "proven") {
                wrong.push("the page vouches for a table that it did not compute".to_owned());
            }
            return;
        }
        let stops = theirs.len() == 1 && theirs[0][2] == true;
        if ours.len() != theirs.len() && !(stops && case.lacks_documents) {
            wrong.push(format!("loan claims {ours:?} / {theirs:?}"));
            return;
        }
        for (our, their) in ours.iter().zip(theirs) {
            let key = our[0].as_str().unwrap_or_default();
            self.loan_claims += 1;
            *self.by_verdict.entry(format!("loan {}", our[1].as_str().unwrap_or_default())).or_default() += 1;
            if their[2] == true && our[0] == their[0] {
                *self.unable.entry(key.to_owned()).or_default() += 1;
                let may = key == "table_recomputed" || case.lacks_documents;
                if !may || their[1] != "not_proven" {
                    wrong.push(format!("the page cannot judge {key} although it has what it needs"));
                }
            } else if our[0] != their[0] || our[1] != their[1] {
                wrong.push(format!("{our} / {their}"));
            }
        }
    }
}

#[test]
fn both_verifiers_agree_on_every_claim_of_every_package() {
    if !node::is_there() {
        return;
    }
    let (pack, offers) = (Pack::embedded(), house::offers());
    let mut cases: Vec<Case> = (0..JOURNEYS).flat_map(|number| cases::of(number, &pack, &offers)).collect();
    cases.extend(features::cases(&pack, &offers));
    cases.extend(targeted::cases(&pack, &offers));
    cases.extend(signed::cases(&pack, &offers));
    assert!(cases.len() >= 1_000, "{}", cases.len());
    let theirs = node::judge(&cases, "webcrypto");
    let mut tally = Tally::default();
    let mut wrong = Vec::new();
    for (at, (case, their)) in cases.iter().zip(&theirs).enumerate() {
        let found = tally.compare(case, &case.ours(), their);
        wrong.extend(found.into_iter().map(|what| format!("package {at} ({}): {what}", case.kind)));
    }
    println!("{tally:#?}");
    assert!(wrong.is_empty(), "{} disagreements:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
    // A comparison in which nothing is ever refused would prove nothing.
    for verdict in ["proven", "contradicted", "loan proven", "loan not_proven", "loan contradicted"] {
        assert!(tally.by_verdict.get(verdict).is_some_and(|count| *count > 500), "{verdict}: {tally:?}");
    }
    assert!(tally.engine_only > 5, "{tally:?}");
}

#[test]
fn the_pages_own_arithmetic_says_the_same_as_the_browsers() {
    if !node::is_there() {
        return;
    }
    let (pack, offers) = (Pack::embedded(), house::offers());
    let cases: Vec<Case> = (0..12).flat_map(|number| cases::of(number, &pack, &offers)).collect();
    assert_eq!(node::judge(&cases, "own"), node::judge(&cases, "webcrypto"));
}

#[test]
fn a_changed_verdict_does_not_go_unnoticed() {
    let case = Case::new("control", Vec::new());
    let good =
        json!({"evidence": [["files", "", "proven"]], "loans": {"borrow/1": [["read", "proven", false]]}});
    let compare = |theirs: &Value| Tally::default().compare(&case, &good, theirs).len();
    assert_eq!(compare(&good), 0);
    for (path, value) in [
        ("/evidence/0/2", json!("contradicted")),
        ("/evidence/0/1", json!("x")),
        ("/loans/borrow~11/0/1", json!("not_proven")),
        ("/loans/borrow~11/0/2", json!(true)),
        ("/loans", json!({})),
        ("/evidence", json!([])),
    ] {
        let mut other = good.clone();
        *other.pointer_mut(path).unwrap() = value;
        assert!(compare(&other) > 0, "{path}");
    }
}

#[test]
fn both_ask_for_the_same_reading_time_and_the_same_questions() {
    if !node::is_there() {
        return;
    }
    let pack = Pack::embedded();
    for terms in house::offers() {
        let table = quote(&terms).unwrap();
        let their = node::seconds(&table.to_json_bytes(), pack.text().as_bytes());
        for section in Section::ALL {
            assert_eq!(
                their["seconds"][section.key()],
                required_ms(section, &table, &pack) / 1000,
                "{section:?}"
            );
        }
        let kinds: Vec<&str> = required_kinds(&table, &pack).into_iter().map(|kind| kind.key()).collect();
        assert_eq!(their["kinds"], json!(kinds));
    }
}

#[test]
fn the_pages_sm3_and_sm2_give_the_standards_own_examples() {
    if !node::is_there() {
        return;
    }
    // GB/T 32905-2016, A.1 and A.2; GB/T 32918.5-2017, A.2, with the id 1234567812345678.
    let key = "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
               ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
    let r = "0xf5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3";
    let s = "0xb1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
    let abc = node::sm2(key, r, s, b"abc");
    assert_eq!(abc["sm3"], "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    let long = node::sm2(key, r, s, "abcd".repeat(16).as_bytes());
    assert_eq!(long["sm3"], "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    assert_eq!(node::sm2(key, r, s, b"message digest")["holds"], true);
    assert_eq!(node::sm2(key, r, s, b"message digesu")["holds"], false);
    assert_eq!(node::sm2(key, s, r, b"message digest")["holds"], false);
}
