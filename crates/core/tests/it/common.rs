//! A small bench for journeys: records really written, chained and folded.

use std::collections::BTreeMap;

use mingbai_core::actor::{Actor, Login, StaffRole};
use mingbai_core::borrow::afford::Declared;
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::event::*;
use mingbai_core::borrow::reading::Section;
use mingbai_core::borrow::refusal::Refusal;
use mingbai_core::borrow::screen::ScreenKey;
use mingbai_core::borrow::teachback::{Answer, Form, Question, Verdict, grade};
use mingbai_core::borrow::{Context, Journey, JourneyId};
use mingbai_core::cost::{CostTable, Fen, Lang, Terms, quote};
use mingbai_core::evidence::seal::{Salt, commit};
use mingbai_core::evidence::{Digest, Draft, Record};
use mingbai_core::policy::Pack;

/// The terms of the regulation note's example: 100,000 over 36 months at 6 %, guarantee fee 0.8 % a month.
pub const TERMS: &str = include_str!("terms.json");

pub fn staff(role: StaffRole) -> Actor {
    Actor::Staff(Login::new("li.na").unwrap(), role)
}

pub fn core() -> Actor {
    Actor::Core(Login::new("core").unwrap())
}

pub fn sealed(label: &str) -> Sealed {
    Sealed { label: label.into(), sealed: commit(label, b"value", &Salt::new([7; 32])) }
}

pub fn document(text: &str) -> AttachmentRef {
    AttachmentRef { sha256: Digest::of(text.as_bytes()), media: "application/pdf".into(), bytes: 7 }
}

/// A journey with its records and a clock that only tests move.
pub struct Bench {
    pub id: JourneyId,
    pub pack: Pack,
    pub records: Vec<Record>,
    pub now_ms: i64,
    pub seed: u64,
}

impl Bench {
    pub fn new() -> Self {
        Bench {
            id: JourneyId::new(uuid::Uuid::from_u128(7)),
            pack: Pack::embedded(),
            records: Vec::new(),
            now_ms: 1_780_000_000_000,
            seed: 1,
        }
    }

    pub fn journey(&self) -> Journey {
        Journey::fold(self.id, &self.pack, &self.records).unwrap()
    }

    pub fn context(&self) -> Context<'_> {
        Context { pack: &self.pack, now_ms: self.now_ms, seed: self.seed }
    }

    pub fn write(&mut self, actor: &Actor, event: &Event) {
        let journey = self.journey();
        let (kind, body) = event.to_parts();
        let terms = match event {
            Event::TermsOffered { terms_json, .. } => {
                Some(Digest::new(*Terms::from_json(terms_json).unwrap().digest().as_bytes()))
            }
            _ => journey.terms_digest(),
        };
        let seq = journey.head().map_or(0, |head| head.seq + 1);
        let record = Record::write(Draft {
            id: uuid::Uuid::from_u64_pair(9, seq),
            stream: self.id.stream(),
            seq,
            prev: journey.head().map(|head| head.leaf),
            at_ms: self.now_ms,
            actor: actor.to_string(),
            kind,
            terms,
            body,
        })
        .unwrap();
        self.records.push(record);
    }

    pub fn act(&mut self, actor: &Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        self.seed += 1;
        let events = self.journey().decide(actor, command, &self.context())?;
        for event in &events {
            self.write(actor, event);
        }
        Ok(events)
    }

    pub fn borrower(&mut self, command: Command) {
        self.act(&Actor::Borrower, command).unwrap();
    }

    pub fn open(&mut self) {
        let open = Command::Open {
            product_id: "honest".into(),
            product_version: "1".into(),
            channel: Channel::Branch,
            borrower: sealed("borrower.name"),
            phone: sealed("borrower.phone"),
            external_ref: "APP-1".into(),
            afford_limit_ppm: 500_000,
        };
        self.act(&core(), open).unwrap();
    }

    pub fn offer(&mut self, json: &str) {
        let terms = Terms::from_json(json).unwrap();
        let bytes = quote(&terms).unwrap().to_json_bytes();
        let table = AttachmentRef {
            sha256: Digest::of(&bytes),
            media: "application/json".into(),
            bytes: u64::try_from(bytes.len()).unwrap(),
        };
        self.act(&core(), Command::OfferTerms { terms: Box::new(terms), table }).unwrap();
    }

    pub fn prepare(&mut self) {
        let cite = Command::CiteReview {
            release_stream: "product/honest@1".into(),
            release: Digest::of(b"release"),
            material: Digest::of(b"material"),
        };
        self.act(&Actor::System, cite).unwrap();
        self.borrower(Command::DeclareIncome {
            declared: Declared::new(Fen::new(2_000_000), Fen::ZERO).unwrap(),
            income: sealed("income"),
            debts: sealed("debts"),
        });
        let answers: BTreeMap<ScreenKey, YesNo> =
            ScreenKey::ALL.into_iter().map(|key| (key, YesNo::No)).collect();
        self.borrower(Command::AnswerScreening { answers });
        self.borrower(Command::ShowTable {
            surface: Surface::Screen,
            lang: Lang::Zh,
            size: TypeSize::Normal,
        });
    }

    pub fn read_all(&mut self) {
        for section in Section::ALL {
            self.borrower(Command::OpenSection { section: section.key().into() });
            self.now_ms += 300_000;
            self.borrower(Command::FinishSection { section: section.key().into() });
        }
    }

    pub fn answer_all(&mut self) {
        for _ in 0..40 {
            self.borrower(Command::AskQuestion);
            let journey = self.journey();
            let Some(question) = journey.open_question() else { return };
            let answer = right(&question, journey.table().unwrap());
            self.borrower(Command::AnswerQuestion { question: question.id.to_string(), answer });
        }
        panic!("the questions never end");
    }

    pub fn sign_and_rest(&mut self) {
        let consultant = staff(StaffRole::Consultant);
        self.act(
            &consultant,
            Command::AttestIdentity { document: DocumentKind::ResidentIdCard, number: sealed("id") },
        )
        .unwrap();
        for (purpose, _) in self.journey().purposes() {
            self.borrower(Command::Consent { purpose, choice: Choice::Agreed, text: Digest::of(b"text") });
        }
        self.act(&consultant, Command::AttestSignature { document: document("contract") }).unwrap();
        self.borrower(Command::ConfirmSignature { document: document("contract").sha256 });
        self.act(&consultant, Command::AttestRecording { recording_number: "R-1".into(), seconds: 90 })
            .unwrap();
        self.act(&consultant, Command::HandNotice { document: document("notice") }).unwrap();
        self.borrower(Command::AcknowledgeNotice { document: document("notice").sha256 });
    }

    pub fn whole_rest_without_confirmation(&mut self) {
        self.prepare();
        self.read_all();
        self.answer_all();
        self.sign_and_rest();
    }

    pub fn whole_ceremony(&mut self) {
        self.open();
        self.offer(TERMS);
        self.whole_rest_without_confirmation();
        self.borrower(Command::Confirm { own_wish: YesNo::Yes, being_told: YesNo::No });
    }
}

/// The right answer, found by trying what the table says.
pub fn right(question: &Question, table: &CostTable) -> Answer {
    let fits = |answer: &Answer| grade(question, answer).verdict == Verdict::Correct;
    match &question.form {
        Form::Choices(choices) => (0..u32::try_from(choices.len()).unwrap())
            .map(Answer::Choice)
            .find(|answer| fits(answer))
            .unwrap(),
        Form::Amount { .. } => {
            let early = table.early.iter().flat_map(|row| [row.payoff_fen, row.fee_fen, row.saved_fen]);
            let plan = table.instalments.iter().map(|row| row.total_fen);
            let charges = table.items.iter().flat_map(|item| item.charges.iter().map(|c| c.amount_fen));
            let late = table.default_costs.late_example;
            [
                table.net_payout_fen,
                table.total_repayable_fen,
                table.total_cost_fen,
                late.extra_fen,
                late.due_fen,
            ]
            .into_iter()
            .chain(plan)
            .chain(charges)
            .chain(early)
            .map(|fen| Answer::Amount(fen.to_string()))
            .find(fits)
            .unwrap()
        }
    }
}
