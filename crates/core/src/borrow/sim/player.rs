//! One simulated journey: mostly a person who goes on step by step, often enough somebody who does not.

use std::collections::BTreeMap;

use mingbai_cost::{CostTable, Fen, Lang, Terms, quote};
use mingbai_evidence::{Digest, Draft, Record};

use super::dice::Dice;
use super::{Disagreement, Tally};
use crate::actor::{Actor, Login, StaffRole};
use crate::borrow::afford::Declared;
use crate::borrow::checker::objections;
use crate::borrow::command::Command;
use crate::borrow::decide::Context;
use crate::borrow::duty::Duty;
use crate::borrow::event::{
    AttachmentRef, Channel, Choice, DocumentKind, Event, HumanDecision, Judged, Purpose, Sealed,
    SignaturePath, Surface, TypeSize, YesNo,
};
use crate::borrow::fold::Stamped;
use crate::borrow::gate;
use crate::borrow::journey::{Journey, JourneyId};
use crate::borrow::reading::Section;
use crate::borrow::reconcile::ReportedCharge;
use crate::borrow::screen::ScreenKey;
use crate::borrow::state::{Mark, Stage};
use crate::borrow::status::Step;
use crate::borrow::teachback::{self, Answer, Form, Question};
use crate::policy::Pack;

const MAX_STEPS: usize = 160;

pub(super) struct Player<'a> {
    seed: u64,
    number: u64,
    pub(super) dice: Dice,
    pack: &'a Pack,
    offers: &'a [Terms],
    pub(super) journey: Journey,
    story: Vec<Stamped>,
    records: Vec<Record>,
    pub(super) now_ms: i64,
    tally: Tally,
    /// How badly this journey is treated, in percent of its steps.
    chaos: u64,
}

pub(super) fn staff(role: StaffRole) -> Actor {
    // The name is fixed and valid; a borrower instead would only make the play milder.
    Login::new("sim").map_or(Actor::Borrower, |login| Actor::Staff(login, role))
}

fn core() -> Actor {
    Login::new("core").map_or(Actor::System, Actor::Core)
}

impl<'a> Player<'a> {
    pub(super) fn new(seed: u64, number: u64, pack: &'a Pack, offers: &'a [Terms]) -> Self {
        let mut dice = Dice::new(seed, number);
        let id = JourneyId::new(uuid::Uuid::from_u64_pair(seed, number));
        let chaos = [0, 3, 10, 40][dice.below(4)];
        Player {
            seed,
            number,
            dice,
            pack,
            offers,
            journey: Journey::unopened(id),
            story: Vec::new(),
            records: Vec::new(),
            now_ms: 1_780_000_000_000,
            tally: Tally { journeys: 1, ..Tally::default() },
            chaos,
        }
    }

    /// Plays to the end; the tally, and the records as a log would hold them.
    pub(super) fn play(mut self) -> Result<(Tally, Vec<Record>), Disagreement> {
        let open = Command::Open {
            product_id: "sim".into(),
            product_version: "1".into(),
            channel: Channel::Branch,
            borrower: sealed("borrower.name"),
            phone: sealed("borrower.phone"),
            external_ref: format!("A{}", self.number),
            afford_limit_ppm: 500_000,
        };
        self.attempt(&core(), open)?;
        self.offer()?;
        let steps = 20 + self.dice.below(MAX_STEPS - 20);
        for _ in 0..steps {
            self.now_ms += i64::try_from(self.dice.below(60_000)).unwrap_or(0);
            if self.dice.chance(self.chaos) {
                self.misbehave()?;
            } else {
                self.behave()?;
            }
            if self.dice.chance(5) {
                self.ask_gate()?;
            }
            if self.journey.stage() == Stage::Closed {
                break;
            }
        }
        self.ask_gate()?;
        Ok((self.tally, self.records))
    }

    fn fail(&self, what: String) -> Disagreement {
        let story = self
            .story
            .iter()
            .map(|e| format!("{} {} {} {:?}", e.mark.seq, e.mark.at_ms, e.mark.actor, e.event))
            .collect();
        Disagreement { seed: self.seed, journey: self.number, what, story }
    }

    fn push(&mut self, actor: &Actor, event: Event, terms: Option<Digest>) -> Result<(), Disagreement> {
        let seq = u64::try_from(self.story.len()).unwrap_or(u64::MAX);
        let (kind, body) = event.to_parts();
        let id = uuid::Uuid::from_u64_pair(self.seed ^ self.number.rotate_left(32), seq);
        let (stream, prev) = (self.journey.id().stream(), self.records.last().map(Record::leaf));
        let (at_ms, actor_text) = (self.now_ms, actor.to_string());
        let draft = Draft { id, stream, seq, prev, at_ms, actor: actor_text, kind, terms, body };
        let record = Record::write(draft).map_err(|e| self.fail(format!("no record can be written: {e}")))?;
        let mark = Mark { actor: actor.clone(), at_ms, seq, leaf: record.leaf() };
        let stamped = Stamped { mark, terms, event };
        let folded = self.journey.apply(self.pack, &stamped);
        self.story.push(stamped);
        self.records.push(record);
        folded.map_err(|e| self.fail(format!("the fold refused an event of the rules: {e}")))
    }

    /// Tries a command; whatever the rules answer goes into the story.
    pub(super) fn attempt(&mut self, actor: &Actor, command: Command) -> Result<bool, Disagreement> {
        self.tally.commands += 1;
        let context = Context { pack: self.pack, now_ms: self.now_ms, seed: self.dice.next() };
        let Ok(events) = self.journey.decide(actor, command, &context) else {
            self.tally.refused += 1;
            return Ok(false);
        };
        for event in events {
            let terms = match &event {
                Event::TermsOffered { terms_json, .. } => {
                    Terms::from_json(terms_json).ok().map(|terms| Digest::new(*terms.digest().as_bytes()))
                }
                _ => self.journey.terms_digest(),
            };
            self.push(actor, event, terms)?;
        }
        Ok(true)
    }

    fn offer(&mut self) -> Result<(), Disagreement> {
        let Some(terms) = self.dice.pick(self.offers).cloned() else { return Ok(()) };
        let Ok(table) = quote(&terms) else { return Ok(()) };
        let bytes = table.to_json_bytes();
        let table = AttachmentRef {
            sha256: Digest::of(&bytes),
            media: "application/json".into(),
            bytes: u64::try_from(bytes.len()).unwrap_or(0),
        };
        if self.journey.offer().is_some() {
            self.tally.terms_changed += 1;
        }
        self.attempt(&core(), Command::OfferTerms { terms: Box::new(terms), table }).map(|_| ())
    }

    /// Asks the gate and the checker, and holds one against the other.
    fn ask_gate(&mut self) -> Result<(), Disagreement> {
        self.tally.gate_asked += 1;
        let context = Context { pack: self.pack, now_ms: self.now_ms, seed: self.dice.next() };
        let against = objections(&self.story, self.pack, self.now_ms);
        match gate::open(&self.journey, &context) {
            Ok(permit) if against.is_empty() => {
                self.tally.permits += 1;
                let claims = permit.claims();
                if Some(claims.amount_fen) != self.journey.table().map(|t| t.principal_fen)
                    || Some(claims.head) != self.journey.head().map(|head| head.leaf)
                {
                    return Err(self.fail("the permit is not bound to this head and principal".into()));
                }
                let event = permit.issue(Digest::of(b"token"));
                let terms = self.journey.terms_digest();
                self.push(&Actor::System, event, terms)
            }
            Ok(_) => Err(self.fail(format!("the gate opened, but the checker objects: {against:?}"))),
            Err(refusal) if against.is_empty() => {
                Err(self.fail(format!("the checker has no objection, but the gate says: {}", refusal.why.en)))
            }
            Err(refusal) => {
                let terms = self.journey.terms_digest();
                self.push(&Actor::System, gate::refused(&refusal), terms)
            }
        }
    }

    /// One sensible step.
    fn behave(&mut self) -> Result<(), Disagreement> {
        match self.journey.next_step(self.pack) {
            Step::AwaitTerms => self.offer(),
            Step::Borrower(duty) => self.borrower_step(duty),
            Step::AwaitLender(duties) => match self.dice.pick(&duties).copied() {
                Some(duty) => self.lender_step(duty),
                None => Ok(()),
            },
            Step::AwaitPayout => {
                self.ask_gate()?;
                self.pay_out()
            }
            Step::PaidOut => self.after_payout(),
            Step::Declined | Step::Closed => Ok(()),
        }
    }

    fn pay_out(&mut self) -> Result<(), Disagreement> {
        let (Some(permit), Some(table)) = (self.journey.permit(), self.journey.table()) else {
            return Ok(());
        };
        let command = Command::ReportPayout {
            permit: permit.id.clone(),
            amount_fen: table.principal_fen,
            on: table.payout_on,
            reference: "P1".into(),
        };
        if self.attempt(&core(), command)? {
            self.tally.payouts += 1;
        }
        Ok(())
    }

    fn after_payout(&mut self) -> Result<(), Disagreement> {
        match self.dice.below(4) {
            0 => {
                let expires_at_ms = self.now_ms + 86_400_000;
                self.attempt(&Actor::System, Command::OpenCallback { expires_at_ms })?;
            }
            1 => {
                let charge = self.some_charge();
                self.attempt(&core(), Command::ReportCharge(charge))?;
            }
            2 => {
                self.attempt(
                    &staff(StaffRole::Compliance),
                    Command::CloseRemedy { outcome: "已经退款并说明".into() },
                )?;
            }
            _ => {
                self.attempt(&Actor::System, Command::Close)?;
            }
        }
        Ok(())
    }

    fn some_charge(&mut self) -> ReportedCharge {
        let reference = format!("C{}", self.dice.below(6));
        let row = self.journey.table().and_then(|table| {
            let item = table.items.first()?;
            let charge = item.charges.first()?;
            Some((item.key.clone(), charge.amount_fen, charge.on))
        });
        let (item_key, amount_fen, on) =
            row.unwrap_or(("none".into(), Fen::new(100), jiff::civil::Date::constant(2026, 12, 1)));
        let amount_fen = if self.dice.chance(30) { amount_fen + Fen::new(1) } else { amount_fen };
        ReportedCharge { reference, item_key, name_text: String::new(), amount_fen, on, payee: String::new() }
    }

    fn borrower_step(&mut self, duty: Duty) -> Result<(), Disagreement> {
        let command = match duty {
            Duty::Afforded => {
                let income = if self.dice.chance(90) { 5_000_000 } else { 100_000 };
                let Ok(declared) = Declared::new(Fen::new(income), Fen::ZERO) else { return Ok(()) };
                Command::DeclareIncome { declared, income: sealed("income"), debts: sealed("debts") }
            }
            Duty::Screened if self.dice.chance(4) => Command::AskForHelp,
            Duty::Screened => {
                let calm = self.dice.chance(85);
                Command::AnswerScreening { answers: self.screening(calm) }
            }
            Duty::Disclosed => {
                Command::ShowTable { surface: Surface::Screen, lang: Lang::Zh, size: TypeSize::Normal }
            }
            Duty::Read => return self.read_on(),
            Duty::Understood => return self.teach(),
            Duty::Consented => return self.consent(),
            Duty::Signed => match self.journey.signed_document() {
                Some(document) if self.dice.chance(70) => {
                    Command::ConfirmSignature { document: document.sha256 }
                }
                None if self.dice.chance(40) => return self.lender_step(Duty::Signed),
                _ => return self.sign(),
            },
            Duty::Recorded => return self.record(),
            Duty::Noticed => match self.journey.notice() {
                Some(document) => Command::AcknowledgeNotice { document: document.sha256 },
                None => return Ok(()),
            },
            _ => {
                let own_wish = if self.dice.chance(92) { YesNo::Yes } else { YesNo::No };
                Command::Confirm { own_wish, being_told: YesNo::No }
            }
        };
        self.attempt(&Actor::Borrower, command).map(|_| ())
    }

    fn screening(&mut self, calm: bool) -> BTreeMap<ScreenKey, YesNo> {
        ScreenKey::ALL
            .into_iter()
            .map(|key| (key, if calm || self.dice.chance(70) { YesNo::No } else { YesNo::Yes }))
            .collect()
    }

    fn read_on(&mut self) -> Result<(), Disagreement> {
        let Some(section) = self.journey.next_section() else { return Ok(()) };
        let section = section.key().to_owned();
        self.attempt(&Actor::Borrower, Command::OpenSection { section: section.clone() })?;
        self.now_ms += i64::try_from(self.dice.below(240_000)).unwrap_or(0);
        self.attempt(&Actor::Borrower, Command::FinishSection { section }).map(|_| ())
    }

    fn teach(&mut self) -> Result<(), Disagreement> {
        self.attempt(&Actor::Borrower, Command::AskQuestion)?;
        let (Some(question), Some(table)) = (self.journey.open_question(), self.journey.table()) else {
            return Ok(());
        };
        let right = self.dice.chance(88);
        let answer = if right { right_answer(&question, table) } else { Answer::Free("清楚".into()) };
        let question = question.id.to_string();
        self.attempt(&Actor::Borrower, Command::AnswerQuestion { question, answer }).map(|_| ())
    }

    fn consent(&mut self) -> Result<(), Disagreement> {
        for (purpose, _) in self.journey.purposes() {
            let choice = if self.dice.chance(90) { Choice::Agreed } else { Choice::Declined };
            self.attempt(&Actor::Borrower, Command::Consent { purpose, choice, text: Digest::of(b"text") })?;
        }
        Ok(())
    }

    fn lender_step(&mut self, duty: Duty) -> Result<(), Disagreement> {
        let consultant = staff(StaffRole::Consultant);
        let compliance = staff(StaffRole::Compliance);
        let allowed = HumanDecision::Allowed;
        let (actor, command) = match duty {
            Duty::Reviewed => (
                Actor::System,
                Command::CiteReview {
                    release_stream: "product/sim@1".into(),
                    release: Digest::of(b"release"),
                    material: Digest::of(b"material"),
                },
            ),
            Duty::Afforded => (
                compliance,
                Command::ReviewAffordability { decision: allowed, reason: "已核实其他收入".into() },
            ),
            Duty::Screened => {
                (compliance, Command::ReviewScreening { decision: allowed, reason: "已单独通话核实".into() })
            }
            Duty::Understood => (consultant, Command::ExplainInPerson),
            Duty::Identified => (
                consultant,
                Command::AttestIdentity { document: DocumentKind::ResidentIdCard, number: sealed("id") },
            ),
            Duty::Signed => (consultant, Command::AttestSignature { document: self.document("contract") }),
            Duty::Recorded if self.dice.chance(50) => return self.record(),
            Duty::Recorded => {
                (consultant, Command::AttestRecording { recording_number: "R1".into(), seconds: 60 })
            }
            Duty::Noticed => (consultant, Command::HandNotice { document: self.document("notice") }),
            _ => return Ok(()),
        };
        self.attempt(&actor, command).map(|_| ())
    }

    pub(super) fn document(&mut self, what: &str) -> AttachmentRef {
        let which = self.dice.below(2);
        let sha256 = Digest::of(format!("{what}{which}").as_bytes());
        AttachmentRef { sha256, media: "application/pdf".into(), bytes: 1000 }
    }

    /// Something out of order, stale, repeated, by the wrong person, or forged.
    fn misbehave(&mut self) -> Result<(), Disagreement> {
        match self.dice.below(10) {
            0 => self.offer(),
            1 => self.forge(),
            2 => self.attempt(&Actor::Borrower, Command::Decline { reason: "不借了".into() }).map(|_| ()),
            3 => self.replay(),
            4 => self.ask_gate(),
            5 => self.pay_out(),
            6 if self.dice.chance(40) => {
                let ring = uuid::Uuid::from_u128(u128::from(self.number));
                self.attempt(&Actor::System, Command::AlertRing { ring }).map(|_| ())
            }
            _ => {
                let duty = Duty::BEFORE_PAYOUT[self.dice.below(Duty::BEFORE_PAYOUT.len())];
                if self.dice.chance(50) { self.borrower_step(duty) } else { self.lender_step(duty) }
            }
        }
    }

    fn some_actor(&mut self) -> Actor {
        match self.dice.below(6) {
            0 => Actor::Borrower,
            1 => Actor::System,
            2 => core(),
            3 => staff(StaffRole::Compliance),
            4 => staff(StaffRole::Auditor),
            _ => staff(StaffRole::Consultant),
        }
    }

    /// Copies an earlier event to the end of the stream, past the rules, perhaps under another name or digest.
    fn replay(&mut self) -> Result<(), Disagreement> {
        let Some(old) = self.dice.pick(&self.story).cloned() else { return Ok(()) };
        if matches!(old.event, Event::Opened { .. } | Event::TermsOffered { .. }) {
            return Ok(());
        }
        self.tally.forged += 1;
        let actor = if self.dice.chance(50) { old.mark.actor } else { self.some_actor() };
        let terms = if self.dice.chance(70) { self.journey.terms_digest() } else { old.terms };
        self.push(&actor, old.event, terms)
    }

    /// Puts an event into the stream that no rule produced.
    fn forge(&mut self) -> Result<(), Disagreement> {
        self.tally.forged += 1;
        let actor = self.some_actor();
        let table = self.journey.table_ref().map_or(Digest::of(b"none"), |table| table.sha256);
        let document = self.document("contract");
        let section = Section::ALL[self.dice.below(Section::ALL.len())].key().to_owned();
        let open = self.journey.teach().open.as_ref().map(|open| (open.id.clone(), open.kind.clone()));
        let (question, question_kind) = open.unwrap_or(("none".into(), "monthly_amount".into()));
        let choices = [
            Event::Confirmed { own_wish: YesNo::Yes, being_told: YesNo::No, table },
            Event::SectionRead { section, dwell_ms: 600_000 },
            Event::QuestionAnswered {
                question, question_kind, answer: "清楚".into(), judged: Judged::Right
            },
            Event::SignatureConfirmed { document: document.sha256 },
            Event::Signed(SignaturePath::InkInPerson { document: document.clone() }),
            self.forged_signature(document),
            self.forged_recording(),
            Event::ConsentRecorded {
                purpose: Purpose::SharePayees,
                choice: Choice::Agreed,
                text: Digest::of(b"text"),
            },
            Event::TableShown { surface: Surface::Paper, table, lang: Lang::Zh, size: TypeSize::Normal },
            Event::RingAlerted { ring: uuid::Uuid::from_u128(1) },
        ];
        let Some(event) = self.dice.pick(&choices).cloned() else { return Ok(()) };
        let terms = if self.dice.chance(80) { self.journey.terms_digest() } else { None };
        self.push(&actor, event, terms)
    }
}

fn sealed(label: &str) -> Sealed {
    Sealed {
        label: label.to_owned(),
        sealed: mingbai_evidence::seal::commit(label, b"value", &mingbai_evidence::seal::Salt::new([7; 32])),
    }
}

/// Finds the right answer as a person would: by trying what the table says.
fn right_answer(question: &Question, table: &CostTable) -> Answer {
    let right = |answer: &Answer| teachback::grade(question, answer).verdict == teachback::Verdict::Correct;
    if let Form::Choices(choices) = &question.form {
        let count = u32::try_from(choices.len()).unwrap_or(0);
        return (0..count).map(Answer::Choice).find(right).unwrap_or(Answer::NotSure);
    }
    let plan = table.instalments.iter().map(|row| row.total_fen);
    let totals = [
        table.net_payout_fen,
        table.principal_fen,
        table.total_repayable_fen,
        table.total_cost_fen,
        table.default_costs.late_example.extra_fen,
        table.default_costs.late_example.due_fen,
    ];
    let charges = table.items.iter().flat_map(|item| item.charges.iter().map(|charge| charge.amount_fen));
    let early = table.early.iter().flat_map(|row| [row.payoff_fen, row.fee_fen, row.saved_fen]);
    totals
        .into_iter()
        .chain(plan.take(2))
        .chain(charges)
        .chain(early)
        .map(|fen| Answer::Amount(fen.to_string()))
        .find(right)
        .unwrap_or(Answer::NotSure)
}
