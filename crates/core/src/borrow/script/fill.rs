//! Filling a script in: every variable is a figure of the one cost table, in the same writing as on every other surface.

use std::collections::BTreeMap;

use mingbai_cost::table::CostItem;
use mingbai_cost::words::{pct2, rate_figure};
use mingbai_cost::{CostTable, Words};
use mingbai_evidence::Digest;
use serde::{Deserialize, Serialize};

use super::{Comes, Expected, NodeKind, Script, covered, item_topic};
use crate::text::both;

/// One node with its figures, as it is read out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoken {
    /// Id; `item.<key>` for an item of the table.
    pub id: String,
    /// What it is for.
    pub kind: NodeKind,
    /// The answer with which it goes on.
    pub expects: Expected,
    /// What it names.
    pub covers: Vec<String>,
    /// The text.
    pub text: Words,
}

/// Variables of any node.
const ONCE: [&str; 22] = [
    "principal",
    "principal_upper",
    "payout",
    "lender",
    "annual",
    "annual_simple",
    "nominal",
    "instalments",
    "first_amount",
    "first_on",
    "last_amount",
    "last_on",
    "total",
    "cost",
    "late_n",
    "late_days",
    "late_extra",
    "overdue_rate",
    "early_n",
    "early_payoff",
    "early_fee",
    "nothing_else",
];
/// Variables of a node that comes for each item.
const ITEM: [&str; 4] = ["item", "payee", "item_total", "item_standard"];

/// The first hole of `text` that is not a variable of such a node.
pub(super) fn unknown_variable(text: &str, comes: Comes) -> Option<String> {
    holes(text).into_iter().find(|name| {
        let item = comes == Comes::EachItem && ITEM.contains(&name.as_str());
        !item && !ONCE.contains(&name.as_str())
    })
}

fn holes(text: &str) -> Vec<String> {
    let inside = |part: &str| part.split_once('}').map_or(part, |(name, _)| name).to_owned();
    text.split('{').skip(1).map(inside).collect()
}

type Figures = BTreeMap<&'static str, Words>;

fn same(text: impl ToString) -> Words {
    let text = text.to_string();
    both(text.clone(), text)
}

fn figures(table: &CostTable) -> Figures {
    let late = &table.default_costs.late_example;
    let mut all: Figures = BTreeMap::from([
        ("principal", same(table.principal_fen)),
        ("principal_upper", both(table.principal_fen.upper_zh(), table.principal_fen.to_string())),
        ("payout", same(table.net_payout_fen)),
        ("lender", table.lender.name.clone()),
        ("annual", rate_figure(&table.annual.compound)),
        ("annual_simple", rate_figure(&table.annual.simple)),
        ("nominal", same(pct2(table.nominal_rate_ppm))),
        ("instalments", same(table.instalments.len())),
        ("total", same(table.total_repayable_fen)),
        ("cost", same(table.total_cost_fen)),
        ("late_n", same(late.n)),
        ("late_days", same(late.days)),
        ("late_extra", same(late.extra_fen)),
        ("overdue_rate", same(pct2(table.default_costs.overdue_rate_ppm))),
        ("nothing_else", table.nothing_else.clone()),
    ]);
    if let (Some(first), Some(last)) = (table.instalments.first(), table.instalments.last()) {
        all.insert("first_amount", same(first.total_fen));
        all.insert("first_on", same(first.due_on));
        all.insert("last_amount", same(last.total_fen));
        all.insert("last_on", same(last.due_on));
    }
    // The row in the middle of the plan, as in the reading.
    if let Some(row) = table.early.get(table.early.len().saturating_sub(1) / 2) {
        all.insert("early_n", same(row.n));
        all.insert("early_payoff", same(row.payoff_fen));
        all.insert("early_fee", same(row.fee_fen));
    }
    all
}

fn of_item(item: &CostItem, all: &Figures) -> Figures {
    let mut all = all.clone();
    all.insert("item", item.name.clone());
    all.insert("payee", item.payee.name.clone());
    all.insert("item_total", same(item.total_fen));
    all.insert("item_standard", item.standard.clone());
    all
}

/// `text` with its holes filled; `None` when the table has no such figure (a loan that cannot be repaid early).
fn filled(text: &Words, figures: &Figures) -> Option<Words> {
    let fill = |text: &str, pick: fn(&Words) -> &str| -> Option<String> {
        let mut out = String::new();
        for (at, part) in text.split('{').enumerate() {
            if at == 0 {
                out.push_str(part);
                continue;
            }
            let (name, rest) = part.split_once('}')?;
            out.push_str(pick(figures.get(name)?));
            out.push_str(rest);
        }
        Some(out)
    };
    Some(both(fill(&text.zh, |words| &words.zh)?, fill(&text.en, |words| &words.en)?))
}

impl Script {
    /// What is read out about this table, in order.
    #[must_use]
    pub fn fill(&self, table: &CostTable) -> Vec<Spoken> {
        let all = figures(table);
        let mut out = Vec::new();
        for node in self.nodes() {
            let spoken = |id: String, covers: Vec<String>, figures: &Figures| {
                let text = filled(&node.text, figures)?;
                Some(Spoken { id, kind: node.kind, expects: node.expects, covers, text })
            };
            let covers = || covered(node).into_iter().map(str::to_owned);
            match node.comes {
                Comes::Once => out.extend(spoken(node.id.clone(), covers().collect(), &all)),
                Comes::EachItem => out.extend(table.items.iter().filter_map(|item| {
                    let topic = item_topic(&item.key);
                    let covers = covers().map(|one| if one == "item" { topic.clone() } else { one });
                    spoken(topic.clone(), covers.collect(), &of_item(item, &all))
                })),
            }
        }
        out
    }
}

/// The bytes of a filled script, as they are kept and named by digest: anyone can compare what was spoken with the table.
#[must_use]
pub fn spoken_json(script: &Digest, terms: &Digest, nodes: &[Spoken]) -> Vec<u8> {
    let whole = serde_json::json!({ "v": 1, "script": script, "terms": terms, "nodes": nodes });
    whole.to_string().into_bytes()
}
