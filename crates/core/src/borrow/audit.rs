//! Checking a loan's evidence again, without the lender: fold it, compute the table from the terms' bytes, ask the gate
//! once more at the moment of every permit, and let the independent checker object. Used by `mingbai verify` and the
//! audit page; it trusts nothing but the records.

mod contract;
mod duties;
mod paid;

use std::collections::BTreeMap;

use mingbai_cost::{CostTable, Fen, Words};
use mingbai_evidence::package::{Attachment, Package};
use mingbai_evidence::{Digest, Record};

pub use contract::{SignedFile, signed_file};

use super::decide::Context;
use super::event::Event;
use super::fold::{FoldError, Stamped};
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
    /// What it is about, in one word that stays the same: `folds`, `read`, `permit` …, shared with `verify.html`.
    pub key: &'static str,
    /// What is claimed.
    pub claim: Words,
    /// Whether it holds.
    pub holding: Holding,
    /// Why.
    pub why: Words,
}

/// An answer to a claim: whether it holds, and why.
type Answer = (Holding, Words);

fn proven(why: Words) -> Answer {
    (Holding::Proven, why)
}

fn not_proven(zh: &str, en: &str) -> Answer {
    (Holding::NotProven, both(zh, en))
}

fn contradicted(why: Words) -> Answer {
    (Holding::Contradicted, why)
}

fn checked(key: &'static str, claim: Words, (holding, why): Answer) -> Checked {
    Checked { key, claim, holding, why }
}

/// The answer when the policy pack of a journey is not at hand: without its rules nothing more can be judged.
#[must_use]
pub fn pack_unknown() -> Vec<Checked> {
    let why = not_proven(
        "手头没有这笔业务适用的规则包,包里也没有,无法判断。",
        "The policy pack that this journey names is neither in this program nor in the package; nothing can be judged.",
    );
    vec![checked("folds", folds(), why)]
}

fn folds() -> Words {
    both("记录能按规则复原为一笔业务", "The records fold into one journey under the policy pack")
}

fn recomputed() -> Words {
    both("成本表由条款重新计算,结果一致", "The cost table, computed again from the terms, is the same")
}

fn sums() -> Words {
    both("成本表各项相加无误", "The sums of the cost table agree")
}

fn permits() -> Words {
    both(
        "发出许可时,每一项义务都已有证据",
        "When the permit was issued, every duty was satisfied by evidence",
    )
}

/// The name of the room of streams that are loans.
const LOANS: &str = "borrow/";

/// Checks every loan in a package, by the name of its stream. The rules are those that the journey names: the pack in this program,
/// or one that lies in the package under its digest.
#[must_use]
pub fn loans(package: Package) -> BTreeMap<String, Vec<Checked>> {
    let mut streams: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for record in package.records {
        streams.entry(record.stream().to_string()).or_default().push(record);
    }
    let embedded = Pack::embedded();
    let mut missing: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for one in &package.withheld {
        streams.entry(one.stream.to_string()).or_default();
        missing.entry(one.stream.to_string()).or_default().push(one.seq);
    }
    let loan = |(name, mut records): (String, Vec<Record>)| {
        let id = JourneyId::parse(name.strip_prefix(LOANS)?)?;
        if let Some(missing) = missing.get(&name) {
            return Some((name, withheld(missing)));
        }
        records.sort_by_key(Record::seq);
        let checks = match named_pack(&records) {
            Some(digest) if digest.as_bytes() != embedded.digest().as_bytes() => {
                match carried(&package.attachments, digest) {
                    Some(pack) => recheck(id, &pack, &records),
                    None => pack_unknown(),
                }
            }
            _ => recheck(id, &embedded, &records),
        };
        Some((name, checks))
    };
    streams.into_iter().filter_map(loan).collect()
}

/// The answers for a loan of which some records are withheld: any of them could be new terms or a refusal, so nothing can be judged.
fn withheld(missing: &[u64]) -> Vec<Checked> {
    let mut missing = missing.to_vec();
    missing.sort_unstable();
    let list: Vec<String> = missing.iter().map(ToString::to_string).collect();
    let list = list.join(", ");
    let why = both(
        format!("无法判断:第 {list} 条记录没有公开。"),
        format!("It cannot be judged because records are withheld: {list}."),
    );
    let one = |(key, claim)| checked(key, claim, (Holding::NotProven, why.clone()));
    let mut all = vec![("folds", folds()), ("terms_bound", duties::terms_are_bound())];
    all.extend([("table_recomputed", recomputed()), ("table_sums", sums())]);
    all.extend(duties::all());
    all.push(("permit", permits()));
    all.extend(paid::all());
    all.into_iter().map(one).collect()
}

/// The digest of the pack that the opening record names, whatever else may be wrong with that record.
fn named_pack(records: &[Record]) -> Option<Digest> {
    let opening = records.iter().find(|record| record.kind() == "opened")?;
    opening.body().get("pack_digest")?.as_str()?.parse().ok()
}

fn carried(attachments: &[Attachment], digest: Digest) -> Option<Pack> {
    let found = attachments.iter().find(|one| one.sha256 == digest && Digest::of(&one.bytes) == digest)?;
    Pack::parse(std::str::from_utf8(&found.bytes).ok()?).ok()
}

/// Checks the records of one journey.
#[must_use]
pub fn recheck(id: JourneyId, pack: &Pack, records: &[Record]) -> Vec<Checked> {
    let journey = match Journey::fold(id, pack, records) {
        Ok(journey) => journey,
        Err(e @ FoldError::TableDiffers { .. }) => {
            let stops = not_proven(
                "记录只能读到成本表与条款不符的那一条。",
                "They can be read only up to the record whose cost table is not that of its terms.",
            );
            let differs = contradicted(both(e.to_string(), e.to_string()));
            return vec![
                checked("folds", folds(), stops),
                checked("table_recomputed", recomputed(), differs),
            ];
        }
        Err(e) => {
            return vec![checked("folds", folds(), contradicted(both(e.to_string(), e.to_string())))];
        }
    };
    let story: Vec<Stamped> = records.iter().filter_map(|r| Stamped::read(r).ok()).collect();
    let count = both(format!("共 {} 条记录。", records.len()), format!("{} records.", records.len()));
    let mut out = vec![checked("folds", folds(), proven(count)), duties::terms_bound(&story)];
    out.extend(table_claims(&journey));
    out.extend(duties::claims(&journey, pack, &story));
    out.extend(permit_claims(id, pack, records));
    out.extend(paid::claims(&journey, &story, |seq| fold_before(id, pack, records, seq)));
    out
}

/// The journey as it stood before record `seq`.
fn fold_before(id: JourneyId, pack: &Pack, records: &[Record], seq: u64) -> Option<Journey> {
    let before = records.iter().filter(|record| record.seq() < seq);
    Journey::fold(id, pack, before).ok()
}

/// The table: the fold has computed it from the terms; its sums are added up once more, as anyone can do by hand.
fn table_claims(journey: &Journey) -> [Checked; 2] {
    let Some(table) = journey.table() else {
        let none = || not_proven("没有条款。", "No terms were offered.");
        return [checked("table_recomputed", recomputed(), none()), checked("table_sums", sums(), none())];
    };
    let total = table.total_repayable_fen;
    let same =
        both(format!("合计应还 {total} 元,摘要一致。"), format!("{total} yuan in all; the digests agree."));
    let added = if adds_up(table) {
        proven(both(format!("合计应还 {total} 元。"), format!("{total} yuan in all.")))
    } else {
        contradicted(both(
            "成本表的合计与各行对不上。",
            "The totals of the table are not the sums of its rows.",
        ))
    };
    [checked("table_recomputed", recomputed(), proven(same)), checked("table_sums", sums(), added)]
}

/// Whether the totals of a table are the sums of its rows.
#[must_use]
pub fn adds_up(table: &CostTable) -> bool {
    let kept = table.upfront_deduction.as_ref().map_or(Fen::ZERO, |kept| kept.amount_fen);
    let principal: Fen = table.instalments.iter().map(|row| row.principal_fen).sum();
    let interest: Fen = table.instalments.iter().map(|row| row.interest_fen).sum();
    let mut owed = table.principal_fen;
    let rows = table.instalments.iter().all(|row| {
        owed -= row.principal_fen;
        row.total_fen == row.principal_fen + row.interest_fen + row.fees_fen && row.balance_fen == owed
    });
    rows && table.net_payout_fen == table.principal_fen - kept
        && principal == table.principal_fen
        && interest == table.total_interest_fen
        && table.total_cost_fen == table.total_interest_fen + table.total_fees_fen
        && table.total_repayable_fen == table.principal_fen + table.total_cost_fen
}

/// Every permit in the records, asked again.
fn permit_claims(id: JourneyId, pack: &Pack, records: &[Record]) -> Vec<Checked> {
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
        let answer = match (asked, objections.is_empty()) {
            (Ok(()), true) => proven(both(
                format!("许可 {permit}:闸门与独立检查一致。"),
                format!("Permit {permit}: the gate and the independent checker agree."),
            )),
            (Err(why), _) => contradicted(why),
            (Ok(()), false) => contradicted(both(
                format!("独立检查不同意:{objections:?}"),
                format!("The independent checker objects: {objections:?}"),
            )),
        };
        out.push(checked("permit", permits(), answer));
    }
    if out.is_empty() {
        out.push(checked("permit", permits(), not_proven("没有发出过许可。", "No permit was issued.")));
    }
    out
}
