//! How well the checker does on labelled messages: `cargo run -p mingbai-scam --release --example measure -- FILE.jsonl`.
//!
//! Rows have `text`, `is_scam`, `type`, `kind`. Prints the curve, the verdicts by family and kind, and the speed on one core. The rows
//! themselves are never printed: who tunes words by them measures nothing any more.

use std::collections::BTreeMap;
use std::time::Instant;

use mingbai_scam::evidence::{Evidence, Source};
use mingbai_scam::verdict::{Verdict, ranked};
use mingbai_scam::{Answer, Checker, ScamType, Scratch};
use serde::Deserialize;

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

fn area(cases: &[Case], scores: &[f64]) -> f64 {
    let of = |scam: bool| cases.iter().zip(scores).filter(move |(c, _)| c.is_scam == scam).map(|(_, s)| *s);
    let mut sum = 0.0;
    for scam in of(true) {
        sum += of(false)
            .map(|other| {
                if scam > other {
                    1.0
                } else if scam == other {
                    0.5
                } else {
                    0.0
                }
            })
            .sum::<f64>();
    }
    sum / (of(true).count() * of(false).count()) as f64
}

fn curve(cases: &[Case], answers: &[Answer]) {
    let scores: Vec<f64> = answers.iter().map(|a| a.score.log_odds).collect();
    let scams = cases.iter().filter(|c| c.is_scam).count();
    let others = cases.len() - scams;
    println!("{scams} scams, {others} others; area under the curve {:.3}", area(cases, &scores));
    type Part = fn(&Evidence) -> bool;
    let parts: [(&str, Part); 4] = [
        ("lexicon, for", |e| matches!(e.source, Source::Entry(_) | Source::Together(_)) && e.weight > 0.0),
        ("lexicon, against", |e| matches!(e.source, Source::Entry(_)) && e.weight < 0.0),
        ("characters", |e| e.source == Source::Characters),
        ("sounds", |e| e.source == Source::Sounds),
    ];
    for (name, part) in parts {
        let own: Vec<f64> =
            answers.iter().map(|a| a.evidence.iter().filter(|e| part(e)).map(|e| e.weight).sum()).collect();
        println!("  {name} alone: {:.3}", area(cases, &own));
    }
    println!("log-odds  recall  false alarms");
    for step in -4..=10 {
        let at = f64::from(step) / 2.0;
        let share = |scam: bool, all: usize| {
            let over = cases.iter().zip(&scores).filter(|(c, s)| c.is_scam == scam && **s >= at).count();
            100.0 * over as f64 / all as f64
        };
        println!("{at:8.1} {:6.1}% {:6.1}%", share(true, scams), share(false, others));
    }
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
