//! What of the view must stand on a paper: read by the linter, so that a template which leaves a row out is found.

use crate::DocKind;
use crate::view::View;

impl View {
    /// Every text of the cost table, in its order.
    pub(crate) fn cost_rows(&self) -> Vec<String> {
        let mut rows: Vec<String> = Vec::new();
        for key in ["principal", "net", "cost", "repayable", "interest", "fees", "per10k"] {
            rows.extend(self.money.get(key).map(|money| money.digits.clone()));
        }
        rows.extend(
            ["principal", "repayable"].iter().filter_map(|k| Some(self.money.get(k)?.capital.clone())),
        );
        for item in &self.items {
            rows.extend(
                [&item.name, &item.payee, &item.standard, &item.level, &item.total].map(String::clone),
            );
        }
        for rate in &self.rates {
            rows.push(rate.value.clone());
        }
        if let Some(kept) = &self.deduction {
            rows.extend([kept.amount.clone(), kept.items.clone()]);
        }
        let late = &self.default;
        rows.extend(
            [&late.overdue_rate, &late.misuse_rate, &late.late_fee, &late.extra, &late.due]
                .map(String::clone),
        );
        rows.extend(self.early_short.iter().flatten().cloned());
        rows.push(self.nothing_else.clone());
        rows
    }

    /// Every figure of the plan.
    pub(crate) fn plan_rows(&self) -> Vec<String> {
        let mut rows: Vec<String> = self.plan.iter().flatten().cloned().collect();
        rows.extend(self.plan_sum.iter().cloned());
        for item in &self.charges {
            rows.push(item.name.clone());
            rows.push(item.total.clone());
            rows.extend(item.runs.iter().flatten().cloned());
        }
        rows.extend(self.early.iter().flatten().cloned());
        rows
    }

    /// Every text of a certificate's trail or of a call-back card.
    pub(crate) fn sheet_rows(&self) -> Vec<String> {
        let mut rows = Vec::new();
        if let Some(trail) = &self.trail {
            rows.extend(trail.texts());
        }
        if let Some(call) = &self.call {
            rows.extend(call.texts());
        }
        rows
    }

    /// The figures that must be large: what is borrowed, received, paid more and paid in all; on the cost table and the contract
    /// the annual all-in cost as well.
    pub(crate) fn key_figures(&self, kind: DocKind) -> Vec<String> {
        let money = |keys: &[&str]| -> Vec<String> {
            keys.iter().filter_map(|key| Some(self.money.get(key)?.digits.clone())).collect()
        };
        match kind {
            DocKind::CostTable | DocKind::Contract => {
                let mut figures = money(&["principal", "net", "cost", "repayable"]);
                figures.extend(self.rates.iter().take(2).map(|rate| rate.value.clone()));
                figures
            }
            DocKind::Plan => money(&["principal", "net", "repayable"]),
            DocKind::Notice | DocKind::CallbackCard => money(&["net", "repayable"]),
            DocKind::Certificate => money(&["principal", "repayable"]),
            DocKind::Letter => Vec::new(),
        }
    }
}
