//! The eight key facts of the notice: the same rows, in the same words, as on the page and in the terminal.

use mingbai_cost::words::key_facts;
use mingbai_cost::{CostTable, Lang};
use serde::Serialize;

/// One row of the notice.
#[derive(Serialize)]
pub(crate) struct Fact {
    label: String,
    value: String,
    note: String,
    alarm: bool,
}

/// The eight rows. The first one raises an alarm when money is kept back from the principal.
pub(crate) fn eight(lang: Lang, table: &CostTable) -> Vec<Fact> {
    let short = table.upfront_deduction.is_some();
    key_facts(table)
        .into_iter()
        .map(|fact| Fact {
            label: fact.label.get(lang).to_owned(),
            value: fact.value.get(lang).to_owned(),
            note: fact.means.get(lang).to_owned(),
            alarm: short && fact.key == "in_hand",
        })
        .collect()
}
