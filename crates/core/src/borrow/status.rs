//! Which duties are satisfied, by which evidence, and what is missing. The gate, the staff list and the borrower's next
//! page all read this one table.

use mingbai_cost::{Lang, Words};

use super::duty::{Duty, Who};
use super::event::{AffordOutcome, Choice, HumanDecision, Purpose, ScreenResult};
use super::journey::Journey;
use super::reading::{self, Section};
use super::recording::Recording;
use super::refusal::Missing;
use super::script::topics;
use super::state::{Mark, Stage};
use super::teachback;
use crate::policy::Pack;
use crate::text::both;

/// One duty as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyState {
    /// Duty.
    pub duty: Duty,
    /// The evidence that completed it, or what is missing.
    pub standing: Standing,
}

/// Satisfied or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Satisfied by this record (the last of those needed).
    Done(Mark),
    /// Not satisfied.
    Missing {
        /// Why.
        why: Words,
        /// What to do next.
        next: Words,
        /// Whose move.
        who: Who,
    },
}

/// The page or person that comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Terms have not been offered yet.
    AwaitTerms,
    /// This duty is the next that the borrower herself can do.
    Borrower(Duty),
    /// Everything that she can do now is done; these wait for the lender's people.
    AwaitLender(Vec<Duty>),
    /// All duties are done, the core system may ask for the permit.
    AwaitPayout,
    /// She declined.
    Declined,
    /// Paid out.
    PaidOut,
    /// Closed.
    Closed,
}

fn done(mark: &Mark) -> Result<Mark, Words> {
    Ok(mark.clone())
}

fn latest<'a>(marks: impl IntoIterator<Item = &'a Mark>) -> Option<&'a Mark> {
    marks.into_iter().max_by_key(|mark| mark.seq)
}

impl Journey {
    /// Every duty before the payout, in order.
    #[must_use]
    pub fn duties(&self, pack: &Pack) -> Vec<DutyState> {
        Duty::BEFORE_PAYOUT
            .into_iter()
            .map(|duty| DutyState { duty, standing: self.standing(duty, pack) })
            .collect()
    }

    /// Duties that are missing before disbursement.
    #[must_use]
    pub fn missing(&self, pack: &Pack) -> Vec<Missing> {
        self.duties(pack)
            .into_iter()
            .filter_map(|state| match state.standing {
                Standing::Done(_) => None,
                Standing::Missing { why, next, who } => Some(Missing { duty: state.duty, why, next, who }),
            })
            .collect()
    }

    /// How one duty stands.
    #[must_use]
    pub fn standing(&self, duty: Duty, pack: &Pack) -> Standing {
        match self.satisfied(duty, pack) {
            Ok(mark) => Standing::Done(mark),
            Err(why) => Standing::Missing { why, next: pack.duty(duty).next.clone(), who: duty.who() },
        }
    }

    /// The record that satisfied `duty`, or why it is not satisfied.
    pub(super) fn satisfied(&self, duty: Duty, pack: &Pack) -> Result<Mark, Words> {
        if self.offer.is_none() {
            return Err(both("还没有确定贷款条款。", "No terms have been offered yet."));
        }
        let proofs = &self.proofs;
        match duty {
            Duty::Reviewed => proofs
                .reviewed
                .as_ref()
                .ok_or_else(|| {
                    both("这个产品版本没有通过消保审查。", "This product version has no released review.")
                })
                .and_then(done),
            Duty::Afforded => self.afforded(),
            Duty::Screened => self.screened(),
            Duty::Disclosed => proofs
                .shown
                .as_ref()
                .ok_or_else(|| both("还没有看过综合融资成本明示表。", "The cost table has not been shown."))
                .and_then(done),
            Duty::Read => self.read(),
            Duty::Understood => self.understood(pack),
            Duty::Identified => proofs
                .identified
                .as_ref()
                .ok_or_else(|| both("还没有核验本人身份。", "The identity has not been established."))
                .and_then(done),
            Duty::Consented => self.consented(),
            Duty::Signed => self.signed(pack),
            Duty::Recorded => self.recorded(pack),
            Duty::Noticed => self.noticed(),
            Duty::Confirmed => self.finally_confirmed(pack),
        }
    }

    fn afforded(&self) -> Result<Mark, Words> {
        match (&self.proofs.afford, &self.proofs.afford_human) {
            (None, _) => Err(both("还没有填写收入和负债。", "Income and debts have not been declared.")),
            (Some((mark, AffordOutcome::Within, _)), None) => done(mark),
            (_, Some((mark, HumanDecision::Allowed))) => done(mark),
            (_, Some((_, HumanDecision::Upheld))) => Err(both(
                "人工复核认为这笔贷款还款压力过大。",
                "A person reviewed it: the instalments are too heavy.",
            )),
            (Some((_, AffordOutcome::Over, ratio)), None) => Err(match ratio {
                Some(ppm) => both(
                    format!("每月还款占收入的 {},超过产品规定。", mingbai_cost::words::pct2(*ppm)),
                    format!(
                        "Instalments take {} of the income, over the limit.",
                        mingbai_cost::words::pct2(*ppm)
                    ),
                ),
                None => both("没有收入可以用来还款。", "There is no income to repay from."),
            }),
        }
    }

    fn screened(&self) -> Result<Mark, Words> {
        if self.ring_waits() {
            return Err(both(
                "放款前要由专人先和您通一次电话,这不是拒绝。",
                "A person should call her before the payout; this is not a rejection.",
            ));
        }
        match (&self.proofs.screen, &self.proofs.screen_human) {
            (None, _) => Err(both("还没有回答防骗问题。", "The screening questions have not been answered.")),
            (Some((mark, ScreenResult::Clear, _)), None) => done(mark),
            (_, Some((mark, HumanDecision::Allowed))) => done(mark),
            (_, Some((_, HumanDecision::Upheld))) => {
                Err(both("为保护您,这笔业务已由专人暂停。", "A person paused this to protect the borrower."))
            }
            (Some((_, ScreenResult::Paused, _)), None) => Err(both(
                "有情况需要专人先和您谈一谈,这不是拒绝。",
                "A person should talk with her first; this is not a rejection.",
            )),
        }
    }

    fn read(&self) -> Result<Mark, Words> {
        if !reading::all_read(&self.proofs) {
            let left = Section::ALL
                .iter()
                .filter(|section| self.section(section.key()).is_none_or(|state| state.read.is_none()))
                .count();
            return Err(both(
                format!("还有 {left} 个部分没有读完。"),
                format!("{left} sections are still unread."),
            ));
        }
        latest(self.proofs.sections.values().filter_map(|state| state.read.as_ref()))
            .map_or_else(|| Err(both("还没有阅读。", "Nothing was read.")), done)
    }

    fn understood(&self, pack: &Pack) -> Result<Mark, Words> {
        let kinds = self.offer.as_ref().map_or(&[][..], |offer| &offer.questions);
        let state = |kind: &teachback::QuestionKind| self.proofs.teach.kinds.get(kind.key());
        let rights: Vec<&Mark> = kinds.iter().filter_map(|kind| state(kind)?.right.as_ref()).collect();
        if rights.len() == kinds.len()
            && let Some(mark) = latest(rights.iter().copied())
        {
            return done(mark);
        }
        if self.needs_human(pack) {
            return Err(both(
                "有的问题几次都没有答对,请咨询顾问当面讲解后再答。",
                "Some answers were wrong several times; a consultant explains in person, then it goes on.",
            ));
        }
        let left = kinds.len() - rights.len();
        Err(both(
            format!("还有 {left} 个问题没有答对。"),
            format!("{left} questions are not answered right yet."),
        ))
    }

    /// Whether somebody has to explain in person before the next question.
    #[must_use]
    pub fn needs_human(&self, pack: &Pack) -> bool {
        let limit = pack.teach_back().max_wrong.value;
        self.proofs.teach.kinds.values().any(|kind| kind.right.is_none() && kind.wrong >= limit)
    }

    /// Purposes that are asked for these terms, each with whether it is needed for the loan.
    #[must_use]
    pub fn purposes(&self) -> Vec<(Purpose, Need)> {
        let mut asked =
            vec![(Purpose::LoanProcessing, Need::Necessary), (Purpose::CreditReport, Need::Necessary)];
        let others = self.table().is_some_and(|t| t.items.iter().any(|item| item.payee != t.lender));
        if others {
            asked.push((Purpose::SharePayees, Need::Necessary));
        }
        asked.push((Purpose::Marketing, Need::Optional));
        asked
    }

    fn consented(&self) -> Result<Mark, Words> {
        let mut marks = Vec::new();
        for (purpose, need) in self.purposes() {
            match (self.proofs.consents.get(&purpose), need) {
                (None, _) => {
                    return Err(both("还有单独同意事项没有选择。", "Some consents have not been chosen."));
                }
                (Some((Choice::Declined, _)), Need::Necessary) => {
                    return Err(both(
                        "您没有同意办理贷款所必需的一项;可以改选,也可以不办这笔贷款。",
                        "A consent that the loan cannot do without was refused; choose again or decline the loan.",
                    ));
                }
                (Some((_, mark)), _) => marks.push(mark),
            }
        }
        latest(marks).map_or_else(|| Err(both("还没有选择。", "Nothing chosen.")), done)
    }

    /// Whether she may sign now: understood, identified and consented come first.
    pub(super) fn ready_to_sign(&self, pack: &Pack) -> Result<u64, Words> {
        let mut last = 0;
        for duty in [Duty::Disclosed, Duty::Read, Duty::Understood, Duty::Identified, Duty::Consented] {
            let mark = self.satisfied(duty, pack).map_err(|why| {
                both(
                    format!("签署之前要先完成“{}”:{}", duty.name().zh, why.zh),
                    format!("“{}” comes before signing: {}", duty.name().en, why.en),
                )
            })?;
            last = last.max(mark.seq);
        }
        Ok(last)
    }

    fn signed(&self, pack: &Pack) -> Result<Mark, Words> {
        match self.own_signature() {
            Some(own) if own.begun_seq > self.ready_to_sign(pack)? => done(&own.mark),
            Some(_) if self.proofs.signature.is_none() => Err(both(
                "签署早于明示、阅读、理解、核验或同意,不算数,需要重新签署。",
                "It was signed before it was disclosed, read, understood, identified or consented; it must be signed again.",
            )),
            _ => self.signed_in_ink(pack),
        }
    }

    fn signed_in_ink(&self, pack: &Pack) -> Result<Mark, Words> {
        let Some((attested, _)) = &self.proofs.signature else {
            return Err(both("还没有本人签署。", "It has not been signed."));
        };
        if attested.seq <= self.ready_to_sign(pack)? {
            return Err(both(
                "签署早于明示、阅读或理解,不算数,需要重新签署。",
                "It was signed before it was disclosed, read or understood; it must be signed again.",
            ));
        }
        match &self.proofs.signature_confirmed {
            Some(own) if own.seq > attested.seq => done(own),
            _ => Err(both(
                "顾问说您已签字,还需要您用自己的链接确认是本人签的。",
                "A consultant attests the signature; the borrower must confirm from her own link that it is hers.",
            )),
        }
    }

    /// By the recording in the browser; or, where the pack allows it and she has not agreed to one, by what a consultant attests.
    fn recorded(&self, pack: &Pack) -> Result<Mark, Words> {
        let proofs = &self.proofs;
        if proofs.records_in_browser
            && let (Some(recording), Some(table)) = (&proofs.recording, self.table())
        {
            return recording.complete(&topics(table), self.ready_to_record(pack)?);
        }
        let attestable = self.opening().is_some_and(|opening| pack.recording().allows(opening.channel));
        match (&proofs.recorded, &proofs.recording) {
            (Some(mark), _) if attestable => done(mark),
            (Some(_), None) => Err(both(
                "这个渠道不接受登记的录像编号,要在线双录。",
                "This channel does not take an attested recording number; record in the browser.",
            )),
            (_, Some(recording)) if recording.agreed.is_some() => Err(both(
                "借款人不同意在线录音录像;请按网点方式办理,或不办。",
                "The borrower does not agree to be recorded in the browser; go on at the branch, or not at all.",
            )),
            (_, Some(_)) => {
                Err(both("等借款人同意录音录像。", "The borrower has not agreed to be recorded yet."))
            }
            (None, None) => Err(both("还没有双录。", "There is no audio-video recording.")),
        }
    }

    fn noticed(&self) -> Result<Mark, Words> {
        match (&self.proofs.notice, &self.proofs.notice_acknowledged) {
            (None, _) => Err(both("还没有交付明白纸。", "The paper notice has not been handed over.")),
            (Some(_), None) => {
                Err(both("请确认已拿到明白纸。", "The borrower has not said that she has the notice."))
            }
            (Some(_), Some(mark)) => done(mark),
        }
    }

    /// The last duty before the last look, if everything else is done.
    pub(super) fn ready_to_confirm(&self, pack: &Pack) -> Result<u64, Words> {
        let mut last = 0;
        for duty in Duty::BEFORE_PAYOUT.into_iter().filter(|duty| *duty != Duty::Confirmed) {
            let mark = self.satisfied(duty, pack).map_err(|why| {
                both(
                    format!("最后确认之前要先完成“{}”:{}", duty.name().zh, why.zh),
                    format!("“{}” comes before the final confirmation: {}", duty.name().en, why.en),
                )
            })?;
            last = last.max(mark.seq);
        }
        Ok(last)
    }

    fn finally_confirmed(&self, pack: &Pack) -> Result<Mark, Words> {
        let last = self.ready_to_confirm(pack)?;
        if let Some(no) = &self.proofs.refused_to_confirm
            && self.proofs.confirmed.as_ref().is_none_or(|yes| yes.seq < no.seq)
        {
            return Err(both(
                "借款人说这不是自己的意愿,或有人在教她回答。请专人单独联系她。",
                "She said that it is not her own wish or that somebody tells her what to answer. Talk to her alone.",
            ));
        }
        match &self.proofs.confirmed {
            Some(mark) if mark.seq > last => done(mark),
            Some(_) => Err(both(
                "确认之后又有变化,请再确认一次。",
                "Something changed afterwards; please confirm again.",
            )),
            None => Err(both("还没有做最后确认。", "The final confirmation has not been made.")),
        }
    }

    /// What comes next for the borrower.
    #[must_use]
    pub fn next_step(&self, pack: &Pack) -> Step {
        match self.stage {
            Stage::Declined => return Step::Declined,
            Stage::PaidOut => return Step::PaidOut,
            Stage::Closed => return Step::Closed,
            Stage::Unopened | Stage::Ceremony if self.offer.is_none() => return Step::AwaitTerms,
            Stage::Unopened | Stage::Ceremony => {}
        }
        let missing: Vec<Duty> = self.missing(pack).into_iter().map(|m| m.duty).collect();
        if missing.is_empty() {
            return Step::AwaitPayout;
        }
        match missing.iter().find(|duty| self.hers_now(**duty, pack)) {
            Some(duty) => Step::Borrower(*duty),
            None => Step::AwaitLender(missing),
        }
    }

    /// Whether a missing duty can be moved on by the borrower right now.
    fn hers_now(&self, duty: Duty, pack: &Pack) -> bool {
        let has = |earlier: Duty| self.satisfied(earlier, pack).is_ok();
        match duty {
            Duty::Reviewed | Duty::Identified => false,
            Duty::Recorded => self.recording().is_some_and(Recording::is_hers),
            Duty::Afforded => self.proofs.afford.is_none(),
            Duty::Screened => self.proofs.screen.is_none(),
            Duty::Disclosed | Duty::Consented => true,
            Duty::Read => has(Duty::Disclosed),
            Duty::Understood => has(Duty::Read) && !self.needs_human(pack),
            Duty::Signed => self.ready_to_sign(pack).is_ok(),
            Duty::Noticed => self.proofs.notice.is_some(),
            Duty::Confirmed => self.ready_to_confirm(pack).is_ok(),
        }
    }

    /// Missing duties as one line, for the staff list.
    #[must_use]
    pub fn missing_line(&self, pack: &Pack, lang: Lang) -> String {
        let names: Vec<String> =
            self.missing(pack).into_iter().map(|m| m.duty.name().get(lang).to_owned()).collect();
        names.join(match lang {
            Lang::Zh => "、",
            Lang::En => ", ",
        })
    }
}

/// Whether the loan cannot do without a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Without it there is no loan.
    Necessary,
    /// Refusing it changes nothing.
    Optional,
}
