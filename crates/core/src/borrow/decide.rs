//! From a wish to evidence: `decide` answers with the events that the wish leads to, or with a refusal that says why and
//! what next. Pure: the clock's reading and the seed are in the [`Context`].

use mingbai_evidence::Digest;

use super::command::Command;
use super::duty::Duty;
use super::event::{
    AffordOutcome, Event, HumanDecision, IdentityPath, Judged, ScreenResult, SignaturePath, YesNo,
};
use super::journey::Journey;
use super::reading::{self, Section};
use super::refusal::{Refusal, RefusalKind};
use super::state::Stage;
use super::status::Step;
use super::teachback::{self, Answer, QuestionKind};
use super::{afford, after_payout, pressure, recording, signing};
use crate::actor::Actor;
use crate::policy::Pack;
use crate::text::both;

/// What a rule may know besides the journey.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The policy pack that the journey was opened under.
    pub pack: &'a Pack,
    /// Now, unix milliseconds.
    pub now_ms: i64,
    /// Randomness for this one decision.
    pub seed: u64,
}

/// A short id that nobody can guess before the head is known and that can be made again from evidence.
pub(super) fn token_id(domain: &str, head: Digest, seed: u64) -> String {
    let mut input = format!("mingbai/{domain}/v1\n").into_bytes();
    input.extend_from_slice(head.as_bytes());
    input.extend_from_slice(&seed.to_be_bytes());
    Digest::of(&input).to_string()[..32].to_owned()
}

/// Longest free text that anybody may leave in the evidence, in characters.
pub const MAX_TEXT: usize = 500;

type Decision = Result<Vec<Event>, Refusal>;

impl Journey {
    /// Decides a command.
    ///
    /// # Errors
    /// A [`Refusal`]: not the actor's to do, not now, ended, does not fit, or paused.
    pub fn decide(&self, actor: &Actor, command: Command, context: &Context<'_>) -> Decision {
        let belongs = command.belongs_to();
        if !belongs.includes(actor) {
            return Err(Refusal::not_yours(&belongs.words()));
        }
        if context.now_ms < self.last_at_ms {
            return Err(Refusal::not_now(
                both("服务器时钟早于最近一条记录。", "The clock is behind the last record."),
                both("请稍后再试,或检查服务器时间。", "Try again later, or check the server's clock."),
            ));
        }
        match command {
            Command::Open { .. } => self.decide_open(command, context),
            _ if self.stage == Stage::Unopened => {
                Err(Refusal::ended(both("没有这笔业务。", "There is no such journey.")))
            }
            Command::ReportPayout { .. }
            | Command::ReportCharge(_)
            | Command::ReportRefund { .. }
            | Command::OpenCallback { .. }
            | Command::AnswerCallback { .. }
            | Command::CloseRemedy { .. }
            | Command::Close => after_payout::decide(self, command, context),
            // The seal, an alert and a dropped key may come a moment after the loan was paid out.
            Command::SealContract { .. } | Command::AlertSigning { .. } | Command::DropKey { .. }
                if self.stage != Stage::Declined =>
            {
                signing::decide(self, command, context)
            }
            _ if self.stage != Stage::Ceremony => Err(self.over()),
            Command::OfferTerms { terms, table } => {
                if self.terms_digest() == Some(Digest::new(*terms.digest().as_bytes())) {
                    return Ok(Vec::new());
                }
                Ok(vec![Event::TermsOffered { terms_json: terms.json().to_owned(), table }])
            }
            Command::Decline { reason } => Ok(vec![Event::Declined { reason: clip(&reason) }]),
            _ if self.offer.is_none() => Err(Refusal::not_now(
                both("还没有确定贷款条款。", "No terms have been offered yet."),
                both("请等机构给出条款。", "Wait until the lender offers terms."),
            )),
            command => self.decide_ceremony(actor, command, context),
        }
    }

    fn over(&self) -> Refusal {
        match self.stage {
            Stage::Declined => {
                Refusal::ended(both("借款人已决定不借。", "The borrower decided not to borrow."))
            }
            _ => Refusal::ended(both(
                "这笔贷款已经放款,这一步已结束。",
                "The loan is paid out; this step is over.",
            )),
        }
    }

    fn decide_open(&self, command: Command, context: &Context<'_>) -> Decision {
        if self.stage != Stage::Unopened {
            return Err(Refusal::does_not_fit(both("这笔业务已经建立。", "This journey is already open.")));
        }
        let Command::Open {
            product_id,
            product_version,
            channel,
            borrower,
            phone,
            external_ref,
            afford_limit_ppm,
        } = command
        else {
            return Ok(Vec::new());
        };
        Ok(vec![Event::Opened {
            product_id,
            product_version,
            pack_id: context.pack.id().to_owned(),
            pack_digest: Digest::new(*context.pack.digest().as_bytes()),
            channel,
            borrower,
            phone,
            external_ref: clip(&external_ref),
            afford_limit_ppm,
        }])
    }

    fn decide_ceremony(&self, actor: &Actor, command: Command, context: &Context<'_>) -> Decision {
        match command {
            Command::CiteReview { release_stream, release, material } => {
                Ok(vec![Event::ReviewCited { release_stream, release, material }])
            }
            Command::DeclareIncome { declared, income, debts } => {
                let (Some(table), Some(opening)) = (self.table(), self.opening()) else {
                    return Err(self.over());
                };
                let rule = afford::AffordRule { max_ratio_ppm: opening.afford_limit_ppm };
                let assessed = afford::assess(rule, declared, table);
                Ok(vec![Event::AffordAssessed {
                    income,
                    debts,
                    ratio_ppm: assessed.ratio_ppm,
                    limit_ppm: opening.afford_limit_ppm,
                    outcome: assessed.outcome,
                }])
            }
            Command::ReviewAffordability { decision, reason } => {
                self.review(Duty::Afforded, decision, &reason)
            }
            Command::ReviewScreening { decision, reason } => self.review(Duty::Screened, decision, &reason),
            Command::AnswerScreening { answers } => self.decide_screening(answers),
            Command::AskForHelp => Ok(vec![pressure::call_for_help()]),
            Command::AlertRing { ring } => Ok(self.decide_ring_alert(ring)),
            Command::InviteFamily => Ok(vec![Event::FamilyInvited {}]),
            Command::EndFamily => Ok(vec![Event::FamilyEnded {}]),
            Command::ShowTable { surface, lang, size } => {
                let Some(table) = self.table_ref() else { return Err(self.over()) };
                Ok(vec![Event::TableShown { surface, table: table.sha256, lang, size }])
            }
            Command::OpenSection { section } => self.open_section(&section),
            Command::FinishSection { section } => self.finish_section(&section, context),
            Command::AskQuestion => self.ask(context),
            Command::AnswerQuestion { question, answer } => self.answer(&question, &answer),
            Command::ExplainInPerson => self.explain(context),
            Command::AttestIdentity { document, number } => {
                Ok(vec![Event::Identified(IdentityPath::InPerson { document, number })])
            }
            Command::Consent { purpose, choice, text } => {
                if !self.purposes().iter().any(|(asked, _)| *asked == purpose) {
                    return Err(Refusal::does_not_fit(both(
                        "这笔贷款不需要这一项同意。",
                        "This loan does not ask for that consent.",
                    )));
                }
                Ok(vec![Event::ConsentRecorded { purpose, choice, text }])
            }
            Command::ShowContract { .. }
            | Command::BeginSigning { .. }
            | Command::ApproveSigning { .. }
            | Command::PrepareSignature { .. }
            | Command::SignWithKey { .. }
            | Command::DropKey { .. }
            | Command::NoteTrouble { .. }
            | Command::SealContract { .. }
            | Command::AlertSigning { .. } => signing::decide(self, command, context),
            Command::Recording(wish) => recording::decide(self, actor, *wish, context),
            command => self.decide_papers(command, context),
        }
    }

    fn decide_papers(&self, command: Command, context: &Context<'_>) -> Decision {
        match command {
            Command::AttestSignature { document } => {
                self.ready_to_sign(context.pack).map_err(first_this)?;
                Ok(vec![Event::Signed(SignaturePath::InkInPerson { document })])
            }
            Command::ConfirmSignature { document } => match self.signed_document() {
                Some(signed) if signed.sha256 == document => Ok(vec![Event::SignatureConfirmed { document }]),
                Some(_) => Err(Refusal::does_not_fit(both(
                    "这不是顾问所说您签过的那份文件。",
                    "This is not the document that the consultant says was signed.",
                ))),
                None => Err(Refusal::not_now(
                    both("顾问还没有登记您的签字。", "The consultant has not attested a signature yet."),
                    both("请先当面签字。", "Sign in person first."),
                )),
            },
            Command::AttestRecording { recording_number, seconds } => {
                recording::attest(self, &recording_number, seconds, context)
            }
            Command::HandNotice { document } => Ok(vec![Event::NoticeHanded { document }]),
            Command::AcknowledgeNotice { document } => match self.notice() {
                Some(handed) if handed.sha256 == document => Ok(vec![Event::NoticeAcknowledged { document }]),
                _ => Err(Refusal::does_not_fit(both(
                    "这不是交给您的那份明白纸。",
                    "This is not the notice that was handed over.",
                ))),
            },
            Command::Confirm { own_wish, being_told } => self.confirm(own_wish, being_told, context),
            _ => Err(self.over()),
        }
    }

    fn review(&self, duty: Duty, decision: HumanDecision, reason: &str) -> Decision {
        let waiting = match duty {
            Duty::Afforded => self.proofs.afford.as_ref().is_some_and(|(_, o, _)| *o == AffordOutcome::Over),
            _ => {
                let hers = self.proofs.screen.as_ref().is_some_and(|(_, r, _)| *r == ScreenResult::Paused);
                hers || self.ring_waits()
            }
        };
        if !waiting {
            return Err(Refusal::not_now(
                both("没有等待人工复核的事项。", "Nothing waits for a human review."),
                both("请刷新页面。", "Reload the page."),
            ));
        }
        if reason.trim().chars().count() < 5 {
            return Err(Refusal::does_not_fit(both(
                "请写明理由(至少 5 个字)。只有签名的意见不算意见。",
                "Give the reason (at least 5 characters). A bare signature is not an opinion.",
            )));
        }
        let reason = clip(reason);
        Ok(vec![match duty {
            Duty::Afforded => Event::AffordReviewed { decision, reason },
            _ => Event::ScreenReviewed { decision, reason },
        }])
    }

    fn open_section(&self, section: &str) -> Decision {
        let section = parse_section(section)?;
        if self.shown().is_none() {
            return Err(Refusal::not_now(
                both("请先看综合融资成本明示表。", "Look at the cost table first."),
                both("打开“费用总表”这一页。", "Open the page with the cost table."),
            ));
        }
        if self.section(section.key()).is_some_and(|state| state.read.is_some()) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::SectionOpened { section: section.key().to_owned() }])
    }

    fn finish_section(&self, section: &str, context: &Context<'_>) -> Decision {
        let section = parse_section(section)?;
        let state = self.section(section.key());
        if state.is_some_and(|state| state.read.is_some()) {
            return Ok(Vec::new());
        }
        let (Some(opened), Some(table)) = (state.and_then(|state| state.opened_at_ms), self.table()) else {
            return Err(Refusal::not_now(
                both("请先打开这一部分。", "Open this section first."),
                both("返回阅读页。", "Go back to the reading page."),
            ));
        };
        let dwell_ms = context.now_ms - opened;
        let left_ms = reading::required_ms(section, table, context.pack) - dwell_ms;
        if left_ms > 0 {
            let seconds = (left_ms + 999) / 1000;
            return Err(Refusal::not_now(
                both(
                    format!("请再看一看,还差约 {seconds} 秒。"),
                    format!("Please read on, about {seconds} more seconds."),
                ),
                both("不用着急,看完再点。也可以改天再来。", "No hurry. You may also come back another day."),
            ));
        }
        Ok(vec![Event::SectionRead { section: section.key().to_owned(), dwell_ms }])
    }

    /// The kind to ask next: the first required one that is not right yet, unless a person must explain first.
    #[must_use]
    pub fn next_question_kind(&self) -> Option<QuestionKind> {
        self.offer()?
            .questions
            .iter()
            .copied()
            .find(|kind| self.proofs.teach.kinds.get(kind.key()).is_none_or(|state| state.right.is_none()))
    }

    fn ask(&self, context: &Context<'_>) -> Decision {
        if !reading::all_read(&self.proofs) {
            return Err(Refusal::not_now(
                both("请先读完各部分内容。", "Read all sections first."),
                both("回到阅读页继续。", "Go back to the reading page."),
            ));
        }
        if self.proofs.teach.open.is_some() {
            return Ok(Vec::new());
        }
        if self.needs_human(context.pack) {
            return Err(Refusal::new(
                RefusalKind::Paused,
                both(
                    "这个问题已经答错几次了,没关系。",
                    "This one went wrong several times; that is all right.",
                ),
                both(
                    "请咨询顾问当面讲解,之后再继续回答。",
                    "A consultant explains it in person; then it goes on.",
                ),
            ));
        }
        let (Some(table), Some(kind)) = (self.table(), self.next_question_kind()) else {
            return Ok(Vec::new());
        };
        let asked = self.proofs.teach.kinds.get(kind.key()).map_or(0, |state| state.asked);
        let variant = asked + 1;
        let Some(question) = teachback::generate(table, kind, variant, context.seed) else {
            return Err(Refusal::does_not_fit(both(
                "这张表上没有这类内容可问。",
                "The table has nothing to ask about here.",
            )));
        };
        Ok(vec![Event::QuestionAsked {
            question: question.id.to_string(),
            question_kind: kind.key().to_owned(),
            variant,
            seed: context.seed,
        }])
    }

    /// The question that waits for an answer, made again from the evidence.
    #[must_use]
    pub fn open_question(&self) -> Option<teachback::Question> {
        self.remake(self.proofs.teach.open.as_ref()?)
    }

    /// The question that was just not answered right; the page shows its explanation.
    #[must_use]
    pub fn question_to_explain(&self) -> Option<teachback::Question> {
        self.remake(self.proofs.teach.explain.as_ref()?)
    }

    fn remake(&self, open: &super::state::OpenQuestion) -> Option<teachback::Question> {
        teachback::generate(self.table()?, QuestionKind::from_key(&open.kind)?, open.variant, open.seed)
    }

    fn answer(&self, id: &str, answer: &Answer) -> Decision {
        let Some(open) = self.proofs.teach.open.as_ref().filter(|open| open.id == id) else {
            return Err(Refusal::does_not_fit(both(
                "这个问题已经不在页面上了。",
                "This question is no longer open.",
            )));
        };
        let Some(question) = self.remake(open) else {
            return Err(Refusal::does_not_fit(both(
                "这个问题无法还原。",
                "This question cannot be made again.",
            )));
        };
        let Some(judged) = judged(&question, answer) else {
            return Err(Refusal::does_not_fit(both(
                "没有看懂您填的内容。请填一个金额,例如 3842.19、3.8万,或“三千八百元”。",
                "This could not be read. Write an amount such as 3842.19, 3.8万 or 三千八百元.",
            )));
        };
        Ok(vec![Event::QuestionAnswered {
            question: open.id.clone(),
            question_kind: open.kind.clone(),
            answer: clip(&answer_text(&question, answer)),
            judged,
        }])
    }

    fn explain(&self, context: &Context<'_>) -> Decision {
        if !self.needs_human(context.pack) {
            return Err(Refusal::not_now(
                both("现在没有需要当面讲解的问题。", "No question waits for an explanation in person."),
                both("请刷新页面。", "Reload the page."),
            ));
        }
        let limit = context.pack.teach_back().max_wrong.value;
        let question_kinds = self
            .proofs
            .teach
            .kinds
            .iter()
            .filter(|(_, state)| state.right.is_none() && state.wrong >= limit)
            .map(|(kind, _)| kind.clone())
            .collect();
        Ok(vec![Event::ExplainedInPerson { question_kinds }])
    }

    fn confirm(&self, own_wish: YesNo, being_told: YesNo, context: &Context<'_>) -> Decision {
        let Some(table) = self.table_ref() else { return Err(self.over()) };
        let free = own_wish == YesNo::Yes && being_told == YesNo::No;
        if free {
            self.ready_to_confirm(context.pack).map_err(first_this)?;
        }
        // "No" may be said at any time: it is help, not a failure.
        Ok(vec![Event::Confirmed { own_wish, being_told, table: table.sha256 }])
    }

    /// What the borrower may do next, or who else has to act, in words.
    #[must_use]
    pub fn next_words(&self, pack: &Pack) -> mingbai_cost::Words {
        match self.next_step(pack) {
            Step::AwaitTerms => both("等机构给出条款。", "Waiting for terms."),
            Step::Borrower(duty) => pack.duty(duty).next.clone(),
            Step::AwaitLender(duties) => {
                let zh: Vec<String> = duties.iter().map(|d| d.name().zh).collect();
                let en: Vec<String> = duties.iter().map(|d| d.name().en).collect();
                both(format!("等待:{}", zh.join("、")), format!("Waiting for: {}", en.join(", ")))
            }
            Step::AwaitPayout => both("全部完成,等待放款。", "All done, waiting for the payout."),
            Step::Declined => both("到此为止,不用再做什么。", "It ends here; nothing more is to be done."),
            Step::PaidOut => both("已放款。", "Paid out."),
            Step::Closed => both("已结清。", "Closed."),
        }
    }
}

/// How an answer is judged against its question; `None` when it could not be read at all.
pub(super) fn judged(question: &teachback::Question, answer: &Answer) -> Option<Judged> {
    match teachback::grade(question, answer).verdict {
        teachback::Verdict::Correct => Some(Judged::Right),
        teachback::Verdict::Wrong => Some(Judged::Wrong),
        teachback::Verdict::NotSure => Some(Judged::NotSure),
        teachback::Verdict::Rote => Some(Judged::Empty),
        teachback::Verdict::Unreadable => None,
    }
}

/// An answer as the evidence keeps it: the words that were chosen, or what was typed.
fn answer_text(question: &teachback::Question, answer: &Answer) -> String {
    match (answer, &question.form) {
        (Answer::Choice(index), teachback::Form::Choices(choices)) => usize::try_from(*index)
            .ok()
            .and_then(|index| choices.get(index))
            .map_or_else(|| format!("#{index}"), |choice| choice.words.zh.clone()),
        (Answer::Choice(index), _) => format!("#{index}"),
        (Answer::Amount(text) | Answer::Free(text), _) => text.clone(),
        (Answer::NotSure, _) => teachback::not_sure().zh,
    }
}

fn parse_section(key: &str) -> Result<Section, Refusal> {
    Section::from_key(key)
        .ok_or_else(|| Refusal::does_not_fit(both("没有这一部分内容。", "There is no such section.")))
}

pub(super) fn first_this(why: mingbai_cost::Words) -> Refusal {
    Refusal::not_now(why, both("请先完成前面的步骤。", "Complete the earlier step first."))
}

/// Cuts free text to [`MAX_TEXT`] characters and drops control characters.
pub(super) fn clip(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect()
}
