//! The claims about the ceremony: each duty as it stands for the last terms, and whether evidence names terms that were offered.
//! A duty that is not done is "not proven"; one of which the records say the opposite is "contradicted".

use std::collections::{BTreeMap, BTreeSet};

use mingbai_cost::Words;

use super::{Answer, Checked, Holding, checked, contradicted, not_proven, proven};
use crate::actor::Actor;
use crate::borrow::duty::Duty;
use crate::borrow::event::{AffordOutcome, Choice, Event, HumanDecision, ScreenResult};
use crate::borrow::fold::Stamped;
use crate::borrow::journey::Journey;
use crate::borrow::status::{Need, Standing};
use crate::policy::Pack;
use crate::text::both;

/// One claim for each duty before the payout, in their order.
pub(super) fn claims(journey: &Journey, pack: &Pack, story: &[Stamped]) -> Vec<Checked> {
    let one = |duty: Duty| checked(duty.key(), claim(duty), answer(journey, pack, story, duty));
    Duty::BEFORE_PAYOUT.into_iter().map(one).collect()
}

/// Every claim of [`claims`], without an answer.
pub(super) fn all() -> impl Iterator<Item = (&'static str, Words)> {
    Duty::BEFORE_PAYOUT.into_iter().map(|duty| (duty.key(), claim(duty)))
}

fn claim(duty: Duty) -> Words {
    match duty {
        Duty::Reviewed => both("产品经过消保审查", "The product was reviewed and released"),
        Duty::Afforded => both("评估过还得起", "It was found affordable"),
        Duty::Screened => both("做过防骗筛查", "It was screened for fraud"),
        Duty::Disclosed => both(
            "成本表展示过,字节与条款所附的一致",
            "The cost table was shown, the very bytes that the terms name",
        ),
        Duty::Read => both("每一节都读够了时间", "Every section was read long enough"),
        Duty::Understood => both("该答对的问题都答对了", "Every required question was answered right"),
        Duty::Identified => both("核验过本人身份", "The identity was established"),
        Duty::Consented => both("逐项单独同意", "Consents were given one by one"),
        Duty::Signed => both(
            "在展示、读完、答对、核验、同意之后本人签署",
            "Signed by the borrower after disclosure, reading, understanding, identity and consent",
        ),
        Duty::Recorded => both("做过双录", "It was recorded"),
        Duty::Noticed => both("明白纸已交到手里", "The paper notice is in the borrower's hands"),
        Duty::Confirmed => both(
            "最后由本人独自确认是自己的意愿",
            "At the end the borrower confirmed alone that it is her own wish",
        ),
    }
}

fn answer(journey: &Journey, pack: &Pack, story: &[Stamped], duty: Duty) -> Answer {
    match journey.standing(duty, pack) {
        Standing::Done(mark) => {
            let seq = mark.seq;
            proven(both(format!("由第 {seq} 条记录证明。"), format!("Shown by record {seq}.")))
        }
        Standing::Missing { why, .. } if is_opposite(journey, pack, story, duty) => contradicted(why),
        Standing::Missing { why, .. } => (Holding::NotProven, why),
    }
}

/// Whether the records do not only fail to show the duty but show the opposite.
fn is_opposite(journey: &Journey, pack: &Pack, story: &[Stamped], duty: Duty) -> bool {
    let proofs = &journey.proofs;
    match duty {
        Duty::Afforded => match (&proofs.afford, &proofs.afford_human) {
            (_, Some((_, decision))) => *decision == HumanDecision::Upheld,
            (Some((_, outcome, _)), None) => *outcome == AffordOutcome::Over,
            (None, None) => false,
        },
        Duty::Screened if journey.ring_waits() => true,
        Duty::Screened => match (&proofs.screen, &proofs.screen_human) {
            (_, Some((_, decision))) => *decision == HumanDecision::Upheld,
            (Some((_, result, _)), None) => *result == ScreenResult::Paused,
            (None, None) => false,
        },
        Duty::Consented => journey.purposes().into_iter().any(|(purpose, need)| {
            let chosen = proofs.consents.get(&purpose).map(|(choice, _)| *choice);
            need == Need::Necessary && chosen == Some(Choice::Declined)
        }),
        Duty::Read => states_another_time(journey, story),
        Duty::Signed => {
            let last = journey.ready_to_sign(pack);
            let early = |seq: u64| last.as_ref().map_or(true, |last| seq <= *last);
            proofs.signature.as_ref().is_some_and(|(attested, _)| early(attested.seq))
                || journey.own_signature().is_some_and(|own| early(own.begun_seq))
        }
        Duty::Confirmed => proofs.refused_to_confirm.is_some(),
        _ => false,
    }
}

/// Whether a reading record of the borrower states another time than the server's clock shows in the two records.
fn states_another_time(journey: &Journey, story: &[Stamped]) -> bool {
    let Some(shown) = journey.shown() else { return false };
    let terms = journey.terms_digest();
    let mut opened: BTreeMap<&str, i64> = BTreeMap::new();
    story
        .iter()
        .filter(|e| e.mark.seq > shown.seq && e.terms == terms && e.mark.actor == Actor::Borrower)
        .any(|e| match &e.event {
            Event::SectionOpened { section } => {
                opened.insert(section, e.mark.at_ms);
                false
            }
            Event::SectionRead { section, dwell_ms } => {
                opened.get(section.as_str()).is_some_and(|since| e.mark.at_ms - since != *dwell_ms)
            }
            _ => false,
        })
}

pub(super) fn terms_are_bound() -> Words {
    both(
        "证据都写明是为哪份条款作的,旧条款的证据不算数",
        "Evidence names the terms it was given for; evidence for old terms does not count",
    )
}

/// Law 3, looked at from outside: no record may name terms that were not on the table before it.
pub(super) fn terms_bound(story: &[Stamped]) -> Checked {
    let claim = terms_are_bound();
    let mut known = BTreeSet::new();
    for entry in story {
        match (&entry.event, entry.terms) {
            (Event::TermsOffered { .. }, terms) => drop(known.insert(terms)),
            (_, Some(terms)) if !known.contains(&Some(terms)) => {
                let seq = entry.mark.seq;
                let why = both(
                    format!("第 {seq} 条记录写的条款从未提出过。"),
                    format!("Record {seq} names terms that were never offered before it."),
                );
                return checked("terms_bound", claim, contradicted(why));
            }
            _ => {}
        }
    }
    let count = known.len();
    let answer = if count == 0 {
        not_proven("没有条款。", "No terms were offered.")
    } else {
        proven(both(
            format!("提出过 {count} 份条款;只有为最后一份作的证据算数。"),
            format!("Terms offered: {count}; only evidence for the last of them counts."),
        ))
    };
    checked("terms_bound", claim, answer)
}
