//! The cost table as the templates see it: finished strings in one language. The templates place them; they compute nothing,
//! so a figure on paper is the table's figure (DESIGN law 4).

use std::collections::HashMap;

use mingbai_cost::table::{Charge, CostItem, EarlyRow, Instalment, ItemKind};
use mingbai_cost::terms::{Collected, CompoundInterest, Party};
use mingbai_cost::words::{self, pct, pct2};
use mingbai_cost::{CostTable, Fen, Lang, RateFigure, Words};
use serde::Serialize;
use typst::text::Font;

use crate::facts::{self, Fact};

use crate::plain::printable;
use crate::view_sheet::{CallView, TrailView, sheet};
use crate::{DocContext, PaperError, TypeSize};

/// Most instalments on a paper, as many as terms may have.
const INSTALMENT_LIMIT: usize = 600;
/// Most cost items on a paper: 32 fees and the interest.
const ITEM_LIMIT: usize = 33;
/// Longest name in the table, in characters.
const NAME_LIMIT: usize = 400;

#[derive(Serialize)]
pub(crate) struct View {
    pub(crate) lang: &'static str,
    pub(crate) large: bool,
    pub(crate) reference: String,
    pub(crate) short_code: String,
    pub(crate) verify_url: String,
    pub(crate) prepared_at: String,
    pub(crate) table_digest: String,
    pub(crate) terms_digest: String,
    pub(crate) borrower: Option<String>,
    pub(crate) phone: String,
    pub(crate) complaint_phone: String,
    pub(crate) lender: String,
    pub(crate) lender_role: String,
    pub(crate) product: String,
    pub(crate) product_version: String,
    pub(crate) method: String,
    pub(crate) nominal_rate: String,
    pub(crate) payout_on: String,
    pub(crate) first_due_on: String,
    pub(crate) final_due_on: String,
    pub(crate) count: usize,
    pub(crate) facts: Vec<Fact>,
    pub(crate) money: HashMap<&'static str, Money>,
    pub(crate) deduction: Option<Deduction>,
    pub(crate) items: Vec<Item>,
    pub(crate) rates: Vec<Rate>,
    pub(crate) additive_explained: String,
    pub(crate) plan: Vec<[String; 7]>,
    pub(crate) plan_sum: [String; 4],
    pub(crate) default: Default_,
    pub(crate) early: Vec<Vec<String>>,
    pub(crate) early_short: Vec<Vec<String>>,
    pub(crate) early_accrues: bool,
    pub(crate) charges: Vec<Charges>,
    pub(crate) nothing_else: String,
    pub(crate) widest: usize,
    pub(crate) code_points: bool,
    pub(crate) trail: Option<TrailView>,
    pub(crate) call: Option<CallView>,
}

/// One amount in its three forms.
#[derive(Serialize)]
pub(crate) struct Money {
    pub(crate) digits: String,
    pub(crate) yuan: String,
    pub(crate) capital: String,
}

#[derive(Serialize)]
pub(crate) struct Deduction {
    pub(crate) amount: String,
    pub(crate) items: String,
}

#[derive(Serialize)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) payee: String,
    pub(crate) payee_role: String,
    pub(crate) how: String,
    pub(crate) kept_back: bool,
    pub(crate) standard: String,
    pub(crate) level: String,
    pub(crate) total: String,
}

#[derive(Serialize)]
pub(crate) struct Rate {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) basis: String,
}

#[derive(Serialize)]
pub(crate) struct Default_ {
    pub(crate) overdue_rate: String,
    pub(crate) misuse_rate: String,
    pub(crate) compound: bool,
    pub(crate) grace_days: u32,
    pub(crate) late_fee: String,
    pub(crate) n: u32,
    pub(crate) days: u32,
    pub(crate) overdue: String,
    pub(crate) on_interest: String,
    pub(crate) fixed: String,
    pub(crate) extra: String,
    pub(crate) due: String,
}

#[derive(Serialize)]
pub(crate) struct Charges {
    pub(crate) name: String,
    pub(crate) payee: String,
    pub(crate) runs: Vec<[String; 3]>,
    pub(crate) total: String,
}

/// Texts from outside pass through here and nowhere else.
struct Ink<'a> {
    fonts: &'a [Font],
    lang: Lang,
}

impl Ink<'_> {
    fn text(&self, text: &str) -> String {
        printable(self.fonts, text)
    }

    fn words(&self, words: &Words) -> String {
        self.text(words.get(self.lang))
    }

    fn party(&self, party: &Party) -> (String, String) {
        (self.words(&party.name), words::role(party.role).get(self.lang).to_owned())
    }

    fn yuan(&self, amount: Fen) -> String {
        words::yuan(amount).get(self.lang).to_owned()
    }
}

impl View {
    pub(crate) fn new(fonts: &[Font], doc: &DocContext, table: &CostTable) -> Result<View, PaperError> {
        check(table)?;
        let ink = Ink { fonts, lang: doc.lang };
        let (lender, lender_role) = ink.party(&table.lender);
        let (trail, call) = sheet(&doc.sheet, |text| ink.text(text));
        let name = doc.borrower_name.as_deref().map(|name| ink.text(name));
        let early_accrues = table.early.iter().any(|row| row.accrued_interest_fen != Fen::ZERO);
        Ok(View {
            lang: if doc.lang == Lang::Zh { "zh" } else { "en" },
            large: doc.size == TypeSize::Large,
            reference: ink.text(&doc.reference),
            short_code: ink.text(&doc.short_code),
            verify_url: ink.text(&doc.verify_url),
            prepared_at: ink.text(&doc.prepared_at),
            table_digest: ink.text(&doc.table_digest),
            terms_digest: grouped(&table.terms_digest.to_string()),
            code_points: name.as_ref().is_some_and(|name| name.contains("〔U+")),
            borrower: name,
            trail,
            call,
            phone: ink.text(&doc.lender_contact.phone),
            complaint_phone: ink.text(&doc.lender_contact.complaint_phone),
            lender,
            lender_role,
            product: ink.words(&table.product.name),
            product_version: ink.text(&format!("{} · {}", table.product.id, table.product.version)),
            method: words::method(&table.method).get(doc.lang).to_owned(),
            nominal_rate: pct(table.nominal_rate_ppm),
            payout_on: table.payout_on.to_string(),
            first_due_on: table.instalments.first().map_or(table.final_due_on, |row| row.due_on).to_string(),
            final_due_on: table.final_due_on.to_string(),
            count: table.instalments.len(),
            facts: facts::eight(doc.lang, table),
            money: sums(&ink, table),
            deduction: deduction(&ink, table),
            items: table.items.iter().map(|item| item_row(&ink, item)).collect(),
            rates: rates(&ink, table),
            additive_explained: ink.words(&words::additive_explained()),
            plan: table.instalments.iter().map(plan_row).collect(),
            plan_sum: plan_sum(table),
            default: default_costs(&ink, table),
            early_short: short(&table.early).into_iter().map(|row| early_row(row, early_accrues)).collect(),
            early: table.early.iter().map(|row| early_row(row, early_accrues)).collect(),
            early_accrues,
            charges: table
                .items
                .iter()
                .filter(|item| item.kind != ItemKind::Interest)
                .map(|item| charges(&ink, item))
                .collect(),
            nothing_else: ink.words(&table.nothing_else),
            widest: table.total_repayable_fen.yuan_grouped().len(),
        })
    }
}

/// A digest in groups of eight, as a person compares it.
pub(crate) fn grouped(digest: &str) -> String {
    let mut out = String::new();
    for (i, c) in digest.chars().enumerate() {
        if i > 0 && i.is_multiple_of(8) {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// Limits: the terms have them too, but a table may come from a file.
fn check(table: &CostTable) -> Result<(), PaperError> {
    let rows = [
        ("instalments", table.instalments.len(), INSTALMENT_LIMIT),
        ("early", table.early.len(), INSTALMENT_LIMIT),
        ("items", table.items.len(), ITEM_LIMIT),
    ];
    for (field, length, limit) in rows {
        if length > limit {
            return Err(PaperError::TooManyRows { field, length, limit });
        }
    }
    for item in &table.items {
        if item.charges.len() > INSTALMENT_LIMIT + 1 {
            let (field, length) = ("items.charges", item.charges.len());
            return Err(PaperError::TooManyRows { field, length, limit: INSTALMENT_LIMIT + 1 });
        }
    }
    let names = table.items.iter().flat_map(|item| [&item.name, &item.payee.name, &item.standard]).chain([
        &table.lender.name,
        &table.product.name,
        &table.nothing_else,
    ]);
    for name in names {
        let length = name.zh.chars().count().max(name.en.chars().count());
        if length > NAME_LIMIT {
            return Err(PaperError::TextTooLong {
                field: "a name in the cost table",
                length,
                limit: NAME_LIMIT,
            });
        }
    }
    Ok(())
}

fn sums(ink: &Ink<'_>, table: &CostTable) -> HashMap<&'static str, Money> {
    let first = table.instalments.first().map_or(Fen::ZERO, |row| row.total_fen);
    let highest = table.instalments.iter().map(|row| row.total_fen).max().unwrap_or_default();
    let last = table.instalments.last().map_or(Fen::ZERO, |row| row.total_fen);
    [
        ("principal", table.principal_fen),
        ("net", table.net_payout_fen),
        ("interest", table.total_interest_fen),
        ("fees", table.total_fees_fen),
        ("cost", table.total_cost_fen),
        ("repayable", table.total_repayable_fen),
        ("per10k", table.cost_per_10k_fen),
        ("first", first),
        ("highest", highest),
        ("last", last),
    ]
    .into_iter()
    .map(|(key, amount)| {
        (key, Money { digits: amount.yuan_grouped(), yuan: ink.yuan(amount), capital: amount.upper_zh() })
    })
    .collect()
}

fn deduction(ink: &Ink<'_>, table: &CostTable) -> Option<Deduction> {
    let upfront = table.upfront_deduction.as_ref()?;
    let name = |key: &String| {
        let item = table.items.iter().find(|item| item.key == *key);
        item.map_or_else(|| ink.text(key), |item| ink.words(&item.name))
    };
    let items = upfront.item_keys.iter().map(name).collect::<Vec<_>>();
    let comma = if ink.lang == Lang::Zh { "、" } else { ", " };
    Some(Deduction { amount: ink.yuan(upfront.amount_fen), items: items.join(comma) })
}

fn item_row(ink: &Ink<'_>, item: &CostItem) -> Item {
    let (payee, payee_role) = ink.party(&item.payee);
    Item {
        name: ink.words(&item.name),
        kind: match item.kind {
            ItemKind::Interest => "interest",
            ItemKind::Fee => "fee",
            ItemKind::Deposit => "deposit",
        },
        payee,
        payee_role,
        how: words::collected(item.collected).get(ink.lang).to_owned(),
        kept_back: item.collected == Collected::DeductedFromPayout,
        standard: ink.words(&item.standard),
        level: pct2(item.annual_level_ppm),
        total: item.total_fen.yuan_grouped(),
    }
}

fn rates(ink: &Ink<'_>, table: &CostTable) -> Vec<Rate> {
    let annual = &table.annual;
    let say = |words: Words| words.get(ink.lang).to_owned();
    let rate = |figure: &RateFigure| Rate {
        name: say(words::basis_short(figure.basis)),
        value: say(words::rate_value(figure.value)),
        basis: say(words::basis_label(figure.basis)),
    };
    [&annual.simple, &annual.compound, &annual.additive, &annual.dated_eu, &annual.us_appendix_j]
        .into_iter()
        .map(rate)
        .collect()
}

fn plan_row(row: &Instalment) -> [String; 7] {
    [
        row.n.to_string(),
        row.due_on.to_string(),
        row.total_fen.yuan_grouped(),
        row.principal_fen.yuan_grouped(),
        row.interest_fen.yuan_grouped(),
        row.fees_fen.yuan_grouped(),
        row.balance_fen.yuan_grouped(),
    ]
}

/// Column sums of the plan: they prove to the reader that the rows are all there.
fn plan_sum(table: &CostTable) -> [String; 4] {
    let sum = |part: fn(&Instalment) -> Fen| {
        let all: i64 = table.instalments.iter().fold(0, |sum, row| sum.saturating_add(part(row).get()));
        (Fen::new(all)).yuan_grouped()
    };
    [
        sum(|row| row.total_fen),
        sum(|row| row.principal_fen),
        sum(|row| row.interest_fen),
        sum(|row| row.fees_fen),
    ]
}

/// One row; the column of accrued interest is there only for loans that have any on a due date.
fn early_row(row: &EarlyRow, accrues: bool) -> Vec<String> {
    let mut cells = vec![row.n.to_string(), row.on.to_string(), row.balance_fen.yuan_grouped()];
    if accrues {
        cells.push(row.accrued_interest_fen.yuan_grouped());
    }
    cells.extend([row.fee_fen, row.refund_fen, row.payoff_fen, row.saved_fen].map(Fen::yuan_grouped));
    cells
}

/// A few rows that show how the cost of leaving early falls; the plan has them all.
fn short(rows: &[EarlyRow]) -> Vec<&EarlyRow> {
    let n = rows.len();
    let mut picks = vec![0, 2, 5, n / 2, n.saturating_sub(2)];
    picks.retain(|&i| i < n);
    picks.sort_unstable();
    picks.dedup();
    picks.into_iter().map(|i| &rows[i]).collect()
}

fn default_costs(ink: &Ink<'_>, table: &CostTable) -> Default_ {
    let costs = &table.default_costs;
    let late = &costs.late_example;
    Default_ {
        overdue_rate: pct(costs.overdue_rate_ppm),
        misuse_rate: pct(costs.misuse_rate_ppm),
        compound: costs.compound_on_interest == CompoundInterest::Charged,
        grace_days: costs.grace_days,
        late_fee: ink.yuan(costs.late_fee_fen),
        n: late.n,
        days: late.days,
        overdue: ink.yuan(late.overdue_interest_fen),
        on_interest: ink.yuan(late.compound_interest_fen),
        fixed: ink.yuan(late.late_fee_fen),
        extra: ink.yuan(late.extra_fen),
        due: ink.yuan(late.due_fen),
    }
}

/// Every single charge of one fee (the plan has a column for interest); neighbours of the same amount share a line.
fn charges(ink: &Ink<'_>, item: &CostItem) -> Charges {
    let runs = item.charges.chunk_by(|a, b| a.amount_fen == b.amount_fen && a.period + 1 == b.period);
    Charges {
        name: ink.words(&item.name),
        payee: ink.words(&item.payee.name),
        runs: runs.filter_map(|run| Some(charge_run(ink.lang, run.first()?, run.last()?))).collect(),
        total: item.total_fen.yuan_grouped(),
    }
}

fn charge_run(lang: Lang, first: &Charge, last: &Charge) -> [String; 3] {
    let amount = first.amount_fen.yuan_grouped();
    let period = match (lang, first.period, last.period) {
        (Lang::Zh, 0, 0) => "放款时".to_owned(),
        (Lang::En, 0, 0) => "at the payout".to_owned(),
        (Lang::Zh, from, to) if from == to => format!("第 {from} 期"),
        (Lang::Zh, from, to) => format!("第 {from}–{to} 期，每期"),
        (Lang::En, from, to) if from == to => format!("instalment {from}"),
        (Lang::En, from, to) => format!("instalments {from}–{to}, each"),
    };
    let on = if first.on == last.on { first.on.to_string() } else { format!("{} – {}", first.on, last.on) };
    [period, on, amount]
}
