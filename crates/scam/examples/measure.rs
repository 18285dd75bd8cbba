//! How well the checker does on labelled messages: `cargo run -p mingbai-scam --release --example measure -- FILE.jsonl`.
//!
//! Rows have `text`, `is_scam`, `type`, `kind`. Prints the curve, the verdicts by family and kind, and the speed on one core. The rows
//! themselves are never printed: who tunes words by them measures nothing any more.

use std::collections::BTreeMap;
use std::time::Instant;

#[path = "shared/mod.rs"]
mod shared;

use mingbai_scam::evidence::{Evidence, Source};
use mingbai_scam::model::Model;
use mingbai_scam::verdict::{Verdict, ranked};
use mingbai_scam::{Answer, Checker, ScamType, Scratch};
use serde::Deserialize;
use shared::{Scored, area, tell};

#[derive(Deserialize)]
struct Case {
    text: String,
    is_scam: bool,
    r#type: String,
    kind: String,
}

/// The families that a label of the cases means.
fn wanted(label: &str) -> &'static [ScamType] {
    use ScamType as T;
    match label {
        "网购退款/冒充客服" => &[T::FakeService, T::CreditScare],
        "非法贷款中介" => &[T::LoanBroker, T::AbLoan],
        "网络刷单" => &[T::BrushOrders],
        "征信修复" => &[T::CreditRepair],
        "虚假贷款" => &[T::FakeLoan],
        "养老投资/非法集资" => &[T::PensionInvestment],
        "代理维权/代理退保" => &[T::RightsAgent],
        "杀猪盘/虚假投资" => &[T::FakeInvestment, T::Romance],
        "冒充公检法" => &[T::FakePolice],
        "冒充领导熟人" => &[T::FakeAcquaintance],
        "钓鱼短信(社保/医保/ETC)" => &[T::Phishing],
        "网络游戏虚假交易" => &[T::GameTrade],
        _ => &[],
    }
}

fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| panic!("which file?"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let cases: Vec<Case> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{path}: {e}")))
        .collect();
    let mut scratch = Scratch::default();
    let checker = Checker::shipped();
    let answers: Vec<Answer> = cases
        .iter()
        .map(|case| checker.check(&case.text, &mut scratch).unwrap_or_else(|e| panic!("{e}")))
        .collect();
    curve(&cases, &answers);
    verdicts(&cases, &answers);
    speed(checker, &cases);
}

fn curve(cases: &[Case], answers: &[Answer]) {
    let with = |score: &dyn Fn(&Answer) -> f64| -> Vec<Scored> {
        cases.iter().zip(answers).map(|(case, answer)| (score(answer), case.is_scam)).collect()
    };
    let scored = with(&|answer| answer.score.log_odds);
    println!("{} scams of {} messages", cases.iter().filter(|c| c.is_scam).count(), cases.len());
    tell(&scored);
    type Part = fn(&Evidence) -> bool;
    let parts: [(&str, Part); 4] = [
        ("marks, for", |e| matches!(e.source, Source::Entry(_) | Source::Together(_)) && e.weight > 0.0),
        ("marks, against", |e| matches!(e.source, Source::Entry(_) | Source::Quotes) && e.weight < 0.0),
        ("characters", |e| e.source == Source::Characters),
        ("sounds", |e| e.source == Source::Sounds),
    ];
    for (name, part) in parts {
        let own = with(&|answer| answer.evidence.iter().filter(|e| part(e)).map(|e| e.weight).sum());
        println!("  {name} alone: {:.3}", area(&own));
    }
    for scam_kind in ["quote", "script"] {
        for other_kind in ["notice", "warning", "legit"] {
            let both = cases.iter().zip(&scored);
            let own: Vec<Scored> = both
                .filter(|(case, _)| case.kind == if case.is_scam { scam_kind } else { other_kind })
                .map(|(_, scored)| *scored)
                .collect();
            println!("  area of {scam_kind} against {other_kind}: {:.3}", area(&own));
        }
    }
    let share = |scam: bool| {
        let side: Vec<_> = cases.iter().zip(answers).filter(|(case, _)| case.is_scam == scam).collect();
        let known = side.iter().filter(|(_, a)| matches!(a.verdict, Verdict::KnownPattern { .. })).count();
        100.0 * known as f64 / side.len() as f64
    };
    let known = Model::shipped().fusion().known;
    println!(
        "known pattern (log-odds ≥ {known:.3} and a demand): {:.1} % of scams, {:.1} % of others",
        share(true),
        share(false)
    );
}

fn verdicts(cases: &[Case], answers: &[Answer]) {
    let mut rows: BTreeMap<String, [usize; 5]> = BTreeMap::new();
    for (case, answer) in cases.iter().zip(answers) {
        let name = if case.is_scam { case.r#type.clone() } else { format!("- {}", case.kind) };
        let verdict = match answer.verdict {
            Verdict::KnownPattern { .. } => 1,
            Verdict::NotEnough { .. } => 2,
            Verdict::NoRecord { .. } => 3,
        };
        let named = ranked(&answer.score).iter().take(2).any(|t| wanted(&case.r#type).contains(t));
        let total = if case.is_scam { "= all scams" } else { "= all others" };
        for key in [name, total.to_owned()] {
            let row = rows.entry(key).or_default();
            row[0] += 1;
            row[verdict] += 1;
            row[4] += usize::from(named);
        }
    }
    println!("family or kind: rows, known pattern, not enough, no record, family among the first two");
    for (name, [all, known, open, none, named]) in rows {
        println!("{name}: {all} {known} {open} {none} {named}");
    }
}

/// The best of several rounds over the cases, one core.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn speed(checker: Checker, cases: &[Case]) {
    let mut scratch = Scratch::default();
    let (mut score, mut explained) = (f64::MAX, f64::MAX);
    for _ in 0..30 {
        let start = Instant::now();
        for case in cases {
            let _ = std::hint::black_box(checker.score(&case.text, &mut scratch));
        }
        score = score.min(start.elapsed().as_secs_f64());
        let start = Instant::now();
        for case in cases {
            let _ = std::hint::black_box(checker.check(&case.text, &mut scratch));
        }
        explained = explained.min(start.elapsed().as_secs_f64());
    }
    let per_second = |seconds: f64| cases.len() as f64 / seconds;
    println!(
        "messages a second on one core: {:.0} scored, {:.0} explained",
        per_second(score),
        per_second(explained)
    );
}
