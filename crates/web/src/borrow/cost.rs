//! What it costs: the eight key facts, the one table, the plan, a late month and early repayment; and what changed when terms
//! were changed. Every figure is read from the table; nothing is computed here.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use mingbai_desk::borrow::JourneyView;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::Surface;
use mingbai_desk::core::text::both;
use mingbai_desk::cost::diff::{Change, Effect};
use mingbai_desk::cost::early::late_payment;
use mingbai_desk::cost::facts::{Fact, key_facts};
use mingbai_desk::cost::table::{CostItem, EarlyRow, ItemKind, LateExample};
use mingbai_desk::cost::terms::{Collected, CompoundInterest};
use mingbai_desk::cost::{CostTable, Fen, RateFigure, Words, words};
use serde::Deserialize;

use super::chart::{Chart, Unit, draw};
use super::{Steps, at};
use crate::door::{Borrower, Fail, Move};
use crate::page::{Frame, see_other, show};

/// The table of the journey, or why there is none yet.
pub(super) fn table_of(view: &JourneyView) -> Result<&CostTable, Fail> {
    view.journey.table().ok_or_else(|| {
        Fail::of(crate::door::Kind::Refused)
            .because(both("还没有确定贷款条款。", "No terms have been offered yet."))
    })
}

#[derive(Template)]
#[template(path = "borrow/facts.html")]
struct FactsPage {
    f: Frame,
    step: Steps,
    facts: [Fact; 8],
    kept: bool,
    next: String,
    decline: String,
}

/// `GET facts`.
pub(super) async fn facts(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    let table = table_of(&view)?;
    let (facts, kept) = (key_facts(table), table.upfront_deduction.is_some());
    let f = borrower.frame("facts-title");
    let (next, decline) = (borrower.at("table"), borrower.at("decline"));
    show(&FactsPage { f, step: Steps::Cost, facts, kept, next, decline })
}

/// One row of the table.
pub(super) struct Item {
    pub(super) name: String,
    pub(super) payee: String,
    pub(super) standard: String,
    pub(super) level: String,
    pub(super) total: String,
    pub(super) note: Option<String>,
}

#[derive(Template)]
#[template(path = "borrow/table.html")]
struct TablePage<'a> {
    f: Frame,
    step: Steps,
    t: &'a CostTable,
    items: Vec<Item>,
    seen: bool,
    paper: String,
    next: String,
    decline: String,
}

pub(super) fn item(f: &Frame, item: &CostItem) -> Item {
    let payee = item.payee.name.get(f.lang());
    let role = words::role(item.payee.role);
    let note = match (item.kind, item.collected) {
        (ItemKind::Deposit, _) => Some(f.t("table-row-deposit")),
        (_, Collected::DeductedFromPayout) => Some(f.t("table-row-kept")),
        _ => None,
    };
    Item {
        name: item.name.get(f.lang()).to_owned(),
        payee: f.ab("table-payee", payee, role.get(f.lang())),
        standard: item.standard.get(f.lang()).to_owned(),
        level: f.t1("table-level", "rate", words::pct2(item.annual_level_ppm)),
        total: f.yuan(&item.total_fen),
        note,
    }
}

impl TablePage<'_> {
    fn method(&self) -> Words {
        words::method(&self.t.method)
    }

    fn capitals(&self, amount: &Fen) -> String {
        amount.upper_zh()
    }

    /// The two figures that the rule asks for, then those for comparison.
    fn annual(&self) -> Vec<(Words, Words)> {
        let a = &self.t.annual;
        [a.simple, a.compound].iter().map(figure).collect()
    }

    fn others(&self) -> Vec<(Words, Words)> {
        let a = &self.t.annual;
        [a.additive, a.dated_eu, a.us_appendix_j].iter().map(figure).collect()
    }

    fn additive_explained(&self) -> Words {
        words::additive_explained()
    }

    fn nominal(&self) -> String {
        words::pct2(self.t.nominal_rate_ppm)
    }

    fn a_year(&self, ppm: &i64) -> String {
        self.f.t1("table-a-year", "rate", words::pct2(*ppm))
    }

    fn compound(&self) -> &'static str {
        match self.t.default_costs.compound_on_interest {
            CompoundInterest::Charged => "table-compound-yes",
            CompoundInterest::NotCharged => "table-compound-no",
        }
    }
}

fn figure(figure: &RateFigure) -> (Words, Words) {
    (words::basis_label(figure.basis), words::rate_value(figure.value))
}

/// `GET table`.
pub(super) async fn table(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    let t = table_of(&view)?;
    let f = borrower.frame("table-title");
    let page = TablePage {
        step: Steps::Cost,
        items: t.items.iter().map(|i| item(&f, i)).collect(),
        t,
        seen: view.journey.shown().is_some(),
        paper: borrower.at("paper/cost_table"),
        next: borrower.at("plan"),
        decline: borrower.at("decline"),
        f,
    };
    show(&page)
}

/// `POST table`: it was shown to her, on this device, in this language and size.
pub(super) async fn shown(wish: Move) -> Result<Response, Fail> {
    let look = wish.visit.look;
    let command = Command::ShowTable { surface: Surface::Screen, lang: look.lang, size: look.size };
    wish.act(command).await?;
    Ok(see_other(&at(wish.id, "plan")))
}

#[derive(Template)]
#[template(path = "borrow/plan.html")]
struct PlanPage<'a> {
    f: Frame,
    step: Steps,
    t: &'a CostTable,
    chart: Chart,
    chart_says: String,
    at_payout: Option<String>,
    paper: String,
    next: String,
    decline: String,
}

/// `GET plan`.
pub(super) async fn plan(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    let t = table_of(&view)?;
    let f = borrower.frame("plan-title");
    let chart = draw(&t.instalments);
    let key = match chart.unit {
        Unit::Payment => "chart-says",
        Unit::Year => "chart-says-years",
    };
    let chart_says = f.ab(key, chart.count, f.yuan(&chart.most_fen));
    let first: Fen =
        t.items.iter().flat_map(|i| &i.charges).filter(|c| c.period == 0).map(|c| c.amount_fen).sum();
    let at_payout = (!first.is_zero()).then(|| f.t1("plan-at-payout", "amount", f.yuan(&first)));
    let (paper, next, decline) = (borrower.at("paper/plan"), borrower.at("late"), borrower.at("decline"));
    show(&PlanPage { f, step: Steps::Cost, t, chart, chart_says, at_payout, paper, next, decline })
}

/// What she tries out: which instalment she wants to be free after, and which one she might pay late by how many days.
#[derive(Deserialize)]
pub(super) struct Tried {
    n: Option<String>,
    late_n: Option<String>,
    late_days: Option<String>,
}

/// A late payment as she asked for it, worked out by the engine that made the table.
struct Late {
    n: u32,
    days: u32,
    paid_on: String,
    example: LateExample,
    /// Why the table's own example is shown instead of hers.
    instead: bool,
}

/// Longest delay that the page works out; a longer one is a matter for a talk, not for a calculator.
const MOST_DAYS_LATE: u32 = 366;

impl Late {
    fn of(view: &JourneyView, table: &CostTable, tried: &Tried) -> Late {
        let number = |text: &Option<String>| text.as_deref().map(str::trim).map(str::parse::<u32>);
        let shown = &table.default_costs.late_example;
        let n = number(&tried.late_n).unwrap_or(Ok(shown.n));
        let days = number(&tried.late_days).unwrap_or(Ok(shown.days));
        let asked = match (n, days, view.journey.terms()) {
            (Ok(n), Ok(days), Some(terms)) if (1..=MOST_DAYS_LATE).contains(&days) => {
                late_payment(terms, n, days).ok().map(|late| (n, days, late))
            }
            _ => None,
        };
        match asked {
            Some((n, days, late)) => {
                Late { n, days, paid_on: late.paid_on.to_string(), example: late.example, instead: false }
            }
            None => {
                let due_on = table.instalments.iter().find(|row| row.n == shown.n).map(|row| row.due_on);
                let paid_on =
                    due_on.and_then(|on| on.checked_add(jiff::Span::new().days(i64::from(shown.days))).ok());
                let paid_on = paid_on.map_or_else(String::new, |on| on.to_string());
                Late { n: shown.n, days: shown.days, paid_on, example: *shown, instead: true }
            }
        }
    }
}

#[derive(Template)]
#[template(path = "borrow/late.html")]
struct LatePage<'a> {
    f: Frame,
    step: Steps,
    t: &'a CostTable,
    late: Late,
    most_days: u32,
    row: Option<&'a EarlyRow>,
    next: String,
    decline: String,
}

/// `GET late`.
pub(super) async fn late(borrower: Borrower, Query(tried): Query<Tried>) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    let t = table_of(&view)?;
    let late = Late::of(&view, t, &tried);
    let wanted = tried.n.and_then(|n| n.trim().parse::<u32>().ok());
    let middle = t.early.get(t.early.len().saturating_sub(1) / 2);
    // A number outside the plan shows the middle of it, and the field says which.
    let row = wanted.and_then(|n| t.early.iter().find(|row| row.n == n)).or(middle);
    let f = borrower.frame("late-title");
    let next = if view.journey.shown().is_some() { "read" } else { "table" };
    let (next, decline) = (borrower.at(next), borrower.at("decline"));
    show(&LatePage { f, step: Steps::Cost, t, late, most_days: MOST_DAYS_LATE, row, next, decline })
}

#[derive(Template)]
#[template(path = "borrow/changed.html")]
struct ChangedPage {
    f: Frame,
    changes: Vec<Change>,
    next: String,
    decline: String,
}

impl ChangedPage {
    fn effect(&self, effect: &Effect) -> Words {
        effect.words()
    }

    fn is_worse(&self, effect: &Effect) -> bool {
        *effect == Effect::Worse
    }
}

/// `GET changed`: old and new, row by row.
pub(super) async fn changed(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    let changes = view.journey.changes();
    if changes.is_empty() {
        return Ok(see_other(&format!("/b/{}", borrower.id)));
    }
    let next = match super::next_page(&view, borrower.own_device()) {
        "changed" => "income",
        page => page,
    };
    let (next, decline) = (borrower.at(next), borrower.at("decline"));
    show(&ChangedPage { f: borrower.frame("changed-title"), changes, next, decline })
}
