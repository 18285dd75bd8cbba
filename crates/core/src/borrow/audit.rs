//! Checking a loan's evidence again, without the lender: fold it, compute the table from the terms' bytes, ask the gate
//! once more at the moment of every permit, and let the independent checker object. Used by `mingbai verify` and the
//! audit page; it trusts nothing but the records.

use mingbai_cost::Words;
use mingbai_evidence::Record;

use super::decide::Context;
use super::event::{Event, ViolationKind};
use super::fold::Stamped;
use super::journey::{Journey, JourneyId};
use super::{checker, gate};
use crate::policy::Pack;
use crate::text::both;

/// What a re-check found about one claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holding {
    /// The records prove it.
    Proven,
    /// The records do not prove it (yet).
    NotProven,
    /// The records prove the opposite.
    Contradicted,
}

/// One claim, with its answer and the reason.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Checked {
    /// What is claimed.
    pub claim: Words,
    /// Whether it holds.
    pub holding: Holding,
    /// Why.
    pub why: Words,
}

fn checked(claim: Words, holding: Holding, why: Words) -> Checked {
    Checked { claim, holding, why }
}

/// Checks the records of one journey.
#[must_use]
pub fn recheck(id: JourneyId, pack: &Pack, records: &[Record]) -> Vec<Checked> {
    let folds = both("记录能按规则复原为一笔业务", "The records fold into one journey under the policy pack");
    let journey = match Journey::fold(id, pack, records) {
        Ok(journey) => journey,
        Err(e) => return vec![checked(folds, Holding::Contradicted, both(e.to_string(), e.to_string()))],
    };
    let mut out = vec![checked(
        folds,
        Holding::Proven,
        both(format!("共 {} 条记录。", records.len()), format!("{} records.", records.len())),
    )];
    out.push(table_claim(&journey));
    out.extend(permit_claims(id, pack, records));
    out.push(payout_claim(&journey));
    out.push(charges_claim(&journey));
    out
}

fn table_claim(journey: &Journey) -> Checked {
    let claim = both(
        "成本表由条款重新计算,与当时展示的一致",
        "The cost table, computed again from the terms, is the one that was shown",
    );
    match (journey.table(), journey.shown()) {
        (Some(table), Some(_)) => checked(
            claim,
            Holding::Proven,
            both(
                format!("合计应还 {} 元,摘要一致。", table.total_repayable_fen),
                format!("{} yuan in all; the digests agree.", table.total_repayable_fen),
            ),
        ),
        (Some(_), None) => checked(
            claim,
            Holding::NotProven,
            both("当前条款的成本表没有展示记录。", "There is no record that the current table was shown."),
        ),
        (None, _) => checked(claim, Holding::NotProven, both("没有条款。", "No terms were offered.")),
    }
}

/// Every permit in the records, asked again.
fn permit_claims(id: JourneyId, pack: &Pack, records: &[Record]) -> Vec<Checked> {
    let claim = || {
        both(
            "发出许可时,每一项义务都已有证据",
            "When the permit was issued, every duty was satisfied by evidence",
        )
    };
    let mut out = Vec::new();
    for (at, record) in records.iter().enumerate() {
        let Ok(Event::PermitIssued { permit, head, amount_fen, .. }) =
            Event::from_parts(record.kind(), record.body())
        else {
            continue;
        };
        let before = &records[..at];
        let story: Vec<Stamped> = before.iter().filter_map(|r| Stamped::read(r).ok()).collect();
        let objections = checker::objections(&story, pack, record.at_ms());
        let asked = Journey::fold(id, pack, before).map_err(|e| both(e.to_string(), e.to_string())).and_then(
            |journey| {
                let bound = journey.head().map(|known| known.leaf) == Some(head)
                    && journey.table().map(|table| table.principal_fen) == Some(amount_fen);
                let context = Context { pack, now_ms: record.at_ms(), seed: 0 };
                match gate::open(&journey, &context) {
                    Ok(_) if bound => Ok(()),
                    Ok(_) => Err(both(
                        "许可没有绑定当时的记录和本金。",
                        "The permit is not bound to the records and the principal of that moment.",
                    )),
                    Err(refusal) => Err(refusal.why),
                }
            },
        );
        out.push(match (asked, objections.is_empty()) {
            (Ok(()), true) => checked(
                claim(),
                Holding::Proven,
                both(
                    format!("许可 {permit}:闸门与独立检查一致。"),
                    format!("Permit {permit}: the gate and the independent checker agree."),
                ),
            ),
            (Err(why), _) => checked(claim(), Holding::Contradicted, why),
            (Ok(()), false) => checked(
                claim(),
                Holding::Contradicted,
                both(
                    format!("独立检查不同意:{objections:?}"),
                    format!("The independent checker objects: {objections:?}"),
                ),
            ),
        });
    }
    if out.is_empty() {
        let why = both("没有发出过许可。", "No permit was issued.");
        out.push(checked(claim(), Holding::NotProven, why));
    }
    out
}

fn payout_claim(journey: &Journey) -> Checked {
    let claim = both("凭有效许可、足额放款", "Paid out in full under a valid permit");
    let fault = journey.violations().iter().find(|violation| {
        matches!(
            violation.kind,
            ViolationKind::ShortPayout | ViolationKind::OverPayout | ViolationKind::NoPermit
        )
    });
    match (journey.payout(), fault) {
        (None, _) => checked(claim, Holding::NotProven, both("还没有放款。", "There is no payout yet.")),
        (Some(_), Some(fault)) => checked(claim, Holding::Contradicted, fault.words.clone()),
        (Some(payout), None) => checked(
            claim,
            Holding::Proven,
            both(
                format!("{} 到账 {} 元。", payout.on, payout.amount_fen),
                format!("{} yuan on {}.", payout.amount_fen, payout.on),
            ),
        ),
    }
}

fn charges_claim(journey: &Journey) -> Checked {
    let claim = both("每一笔收费都在成本表上", "Every reported charge stands in the cost table");
    let wrong: Vec<_> = journey
        .violations()
        .iter()
        .filter(|v| journey.charges().iter().any(|known| known.charge.reference == v.reference))
        .collect();
    match (wrong.first(), journey.charges().len()) {
        (Some(first), _) => checked(claim, Holding::Contradicted, first.words.clone()),
        (None, 0) => {
            checked(claim, Holding::NotProven, both("还没有收费记录。", "No charge has been reported yet."))
        }
        (None, count) => checked(
            claim,
            Holding::Proven,
            both(format!("{count} 笔收费都有对应的行。"), format!("{count} charges, each with its row.")),
        ),
    }
}
