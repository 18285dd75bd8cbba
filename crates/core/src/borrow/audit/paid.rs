//! The claims about the money: paid out once under a valid permit, in full, and every charge explained by a row. Computed again
//! from the reports; what the lender's own records say about violations is not asked.

use mingbai_cost::Words;

use super::{Answer, Checked, checked, contradicted, not_proven, proven};
use crate::borrow::event::Event;
use crate::borrow::fold::Stamped;
use crate::borrow::journey::Journey;
use crate::borrow::reconcile::{self, AcceptedCharge, Finding, ReportedCharge};
use crate::borrow::state::PermitFate;
use crate::text::both;

/// The claims; `before` gives the journey as it stood before a record.
pub(super) fn claims(
    journey: &Journey,
    story: &[Stamped],
    before: impl Fn(u64) -> Option<Journey>,
) -> [Checked; 3] {
    let [permit, full, charged] = all();
    [
        checked(permit.0, permit.1, permitted(story, before)),
        checked(full.0, full.1, in_full(journey)),
        checked(charged.0, charged.1, explained(journey)),
    ]
}

/// Every claim of [`claims`], without an answer.
pub(super) fn all() -> [(&'static str, Words); 3] {
    [
        (
            "permit_before_payout",
            both("凭有效许可放款,只放一次", "Paid out once, under a permit that was valid then"),
        ),
        ("payout_in_full", both("放款等于本金,足额到账", "The payout is the whole principal")),
        (
            "charges_explained",
            both("每一笔收费都在成本表上", "Every reported charge stands in the cost table"),
        ),
    ]
}

fn permitted(story: &[Stamped], before: impl Fn(u64) -> Option<Journey>) -> Answer {
    let paid: Vec<_> = story.iter().filter(|e| matches!(e.event, Event::Disbursed { .. })).collect();
    let [once] = paid[..] else {
        return if paid.is_empty() {
            not_proven("还没有放款。", "There is no payout yet.")
        } else {
            contradicted(both("放了不止一次。", "It was paid out more than once."))
        };
    };
    let Event::Disbursed { permit, .. } = &once.event else {
        return not_proven("还没有放款。", "There is no payout yet.");
    };
    let journey = before(once.mark.seq);
    let Some(known) = journey.as_ref().and_then(Journey::permit).filter(|known| known.id == *permit) else {
        return contradicted(both("放款没有有效的许可。", "The payout had no valid permit."));
    };
    if known.fate != PermitFate::Open {
        let why = both("放款时许可已失效或已用过。", "The permit was void or used at the payout.");
        return contradicted(why);
    }
    if known.expires_at_ms <= once.mark.at_ms {
        return contradicted(both("放款时许可已过期。", "The permit had expired at the payout."));
    }
    let (from, to) = (known.mark.seq, once.mark.seq);
    proven(both(
        format!("第 {from} 条的许可在第 {to} 条放款时有效。"),
        format!("The permit of record {from} was valid at the payout in record {to}."),
    ))
}

fn in_full(journey: &Journey) -> Answer {
    let Some(payout) = journey.payout() else {
        return not_proven("还没有放款。", "There is no payout yet.");
    };
    let Some(table) = journey.table() else {
        return contradicted(both("没有条款就放了款。", "It was paid out without terms."));
    };
    let (paid, principal, on) = (payout.amount_fen, table.principal_fen, &payout.on);
    if paid == principal {
        proven(both(
            format!("{on} 到账 {paid} 元,等于本金。"),
            format!("{paid} yuan on {on}, the principal."),
        ))
    } else {
        contradicted(both(
            format!("到账 {paid} 元,本金 {principal} 元。"),
            format!("{paid} yuan arrived and the principal is {principal}."),
        ))
    }
}

/// Reconciles every charge once more, from the first to the last.
fn explained(journey: &Journey) -> Answer {
    let charges: Vec<&ReportedCharge> = journey.charges().iter().map(|known| &known.charge).collect();
    let Some(table) = journey.table().filter(|_| !charges.is_empty()) else {
        return not_proven(
            "还没有收费记录,或没有条款。",
            "No charge has been reported yet, or there are no terms.",
        );
    };
    let mut accepted: Vec<AcceptedCharge> = Vec::new();
    for charge in &charges {
        match reconcile::check(table, &accepted, charge) {
            Finding::Violation { words, .. } => return contradicted(words),
            Finding::Explained { parts } => {
                accepted.push(AcceptedCharge { reference: charge.reference.clone(), on: charge.on, parts });
            }
        }
    }
    let count = charges.len();
    proven(both(format!("{count} 笔收费都有对应的行。"), format!("{count} charges, each with its row.")))
}
