//! The eight key facts of the notice, in the order in which every surface shows them.

use mingbai_cost::words::{self, pct};
use mingbai_cost::{CostTable, Fen, Lang};
use serde::Serialize;

/// One row of the notice.
#[derive(Serialize)]
pub(crate) struct Fact {
    label: &'static str,
    value: String,
    note: String,
    alarm: bool,
}

fn yuan(amount: Fen, lang: Lang) -> String {
    words::yuan(amount).get(lang).to_owned()
}

/// The eight rows.
pub(crate) fn eight(lang: Lang, table: &CostTable) -> Vec<Fact> {
    let say = |zh: String, en: String| if lang == Lang::Zh { zh } else { en };
    let fact = |(zh, en): (&'static str, &'static str), value: String, note: String| Fact {
        label: if lang == Lang::Zh { zh } else { en },
        value,
        note,
        alarm: false,
    };
    let money = |amount: Fen| yuan(amount, lang);
    let kept = table.upfront_deduction.as_ref().map(|upfront| money(upfront.amount_fen));
    let short = kept.is_some();
    let net_note = match kept {
        Some(kept) => {
            say(format!("注意：从贷款里先扣了 {kept}"), format!("Warning: {kept} is kept back from the loan"))
        }
        None => say("一分不少，全部到手".into(), "the full amount, nothing kept back".into()),
    };
    let late = &table.default_costs.late_example;
    vec![
        fact(("借多少", "You borrow"), money(table.principal_fen), table.principal_fen.upper_zh()),
        Fact { alarm: short, ..fact(("到手多少", "You receive"), money(table.net_payout_fen), net_note) },
        each_time(lang, table),
        fact(
            ("一共还多少", "You pay in all"),
            money(table.total_repayable_fen),
            table.total_repayable_fen.upper_zh(),
        ),
        fact(
            ("其中利息和费用", "Of it interest and fees"),
            money(table.total_cost_fen),
            say(
                format!("每借一万元，要多还 {}", money(table.cost_per_10k_fen)),
                format!("for every 10,000 yuan borrowed: {}", money(table.cost_per_10k_fen)),
            ),
        ),
        yearly(lang, table),
        fact(
            ("晚还一个月", "One month late"),
            say(format!("多付 {}", money(late.extra_fen)), format!("{} more", money(late.extra_fen))),
            say(
                format!("第 {} 期晚 {} 天，那天一共要还 {}", late.n, late.days, money(late.due_fen)),
                format!(
                    "instalment {}, {} days late: {} due that day",
                    late.n,
                    late.days,
                    money(late.due_fen)
                ),
            ),
        ),
        early(lang, table),
    ]
}

fn each_time(lang: Lang, table: &CostTable) -> Fact {
    let totals = || table.instalments.iter().map(|row| row.total_fen);
    let (least, most) = (totals().min().unwrap_or_default(), totals().max().unwrap_or_default());
    let n = table.instalments.len();
    let (zh, en, label) = match n {
        1 => (yuan(most, Lang::Zh), yuan(most, Lang::En), ("到期还多少", "You pay once")),
        _ if least == most => (
            format!("每月 {}，共 {n} 次", yuan(most, Lang::Zh)),
            format!("{} a month, {n} times", yuan(most, Lang::En)),
            ("每次还多少", "You pay each time"),
        ),
        _ => (
            format!("最多一次 {}，共 {n} 次", yuan(most, Lang::Zh)),
            format!("at most {}, {n} times", yuan(most, Lang::En)),
            ("每次还多少", "You pay each time"),
        ),
    };
    let first = table.instalments.first().map(|row| row.due_on.to_string()).unwrap_or_default();
    let last = table.final_due_on;
    match lang {
        Lang::Zh => {
            Fact {
                label: label.0, value: zh, note: format!("第一次 {first}，最后一次 {last}"), alarm: false
            }
        }
        Lang::En => Fact {
            label: label.1,
            value: en,
            note: format!("first on {first}, last on {last}"),
            alarm: false,
        },
    }
}

fn yearly(lang: Lang, table: &CostTable) -> Fact {
    let value = |value| words::rate_value(value).get(lang).to_owned();
    let (simple, compound) = (value(table.annual.simple.value), value(table.annual.compound.value));
    let nominal = pct(table.nominal_rate_ppm);
    match lang {
        Lang::Zh => Fact {
            label: "一年的全部成本",
            value: format!("单利 {simple}"),
            note: format!("复利 {compound}；只算利息的名义年利率是 {nominal}"),
            alarm: false,
        },
        Lang::En => Fact {
            label: "All-in cost a year",
            value: format!("{simple} simple"),
            note: format!("{compound} compound; the nominal interest rate alone is {nominal}"),
            alarm: false,
        },
    }
}

fn early(lang: Lang, table: &CostTable) -> Fact {
    let highest = table.early.iter().map(|row| row.fee_fen).max().unwrap_or_default();
    let free = highest == Fen::ZERO;
    let example = table.early.get(table.early.len() / 2);
    let (label, value) = match (lang, free) {
        (Lang::Zh, true) => ("提前还清", "可以，不收违约金".to_owned()),
        (Lang::Zh, false) => ("提前还清", format!("可以，违约金最多 {}", yuan(highest, lang))),
        (Lang::En, true) => ("Repay early", "possible, no fee".to_owned()),
        (Lang::En, false) => ("Repay early", format!("possible, fee at most {}", yuan(highest, lang))),
    };
    let note = example.map_or_else(String::new, |row| match lang {
        Lang::Zh => format!(
            "还完第 {} 期后再付 {} 就两清，能省 {}",
            row.n,
            yuan(row.payoff_fen, lang),
            yuan(row.saved_fen, lang)
        ),
        Lang::En => format!(
            "after instalment {}: pay {} and be free, saving {}",
            row.n,
            yuan(row.payoff_fen, lang),
            yuan(row.saved_fen, lang)
        ),
    });
    Fact { label, value, note, alarm: false }
}
