//! The recording in the browser: what completes it, what stops it, and what does not stand in for it.

use std::collections::BTreeMap;

use mingbai_core::actor::{Actor, StaffRole};
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::duty::Duty;
use mingbai_core::borrow::event::{AttachmentRef, Choice};
use mingbai_core::borrow::recording::*;
use mingbai_core::borrow::refusal::{Refusal, RefusalKind};
use mingbai_core::borrow::script::{Script, spoken_json};
use mingbai_core::borrow::status::{Standing, Step};
use mingbai_core::evidence::Digest;

use crate::common::{Bench, TERMS, document, staff};

const FEES: &str = include_str!("../../../../examples/scripts/fees-2026.toml");

struct Scene {
    bench: Bench,
    consultant: Actor,
    compliance: Actor,
    script: Script,
}

impl Scene {
    /// Understood; nothing recorded yet.
    fn new() -> Self {
        let mut bench = Bench::new();
        bench.open();
        bench.offer(TERMS);
        bench.prepare();
        bench.read_all();
        bench.answer_all();
        let (consultant, compliance) = (staff(StaffRole::Consultant), staff(StaffRole::Compliance));
        Scene { bench, consultant, compliance, script: Script::parse(FEES).unwrap() }
    }

    fn wish(&mut self, actor: &Actor, wish: Wish) -> Result<usize, Refusal> {
        self.bench.act(actor, Command::Recording(Box::new(wish))).map(|events| events.len())
    }

    fn begin(&mut self, mode: Mode, valid_ms: Option<i64>) -> Result<usize, Refusal> {
        let journey = self.bench.journey();
        let filled = self.script.fill(journey.table().unwrap());
        let terms = journey.terms_digest().unwrap();
        let bytes = spoken_json(&self.script.digest(), &terms, &filled);
        let spoken = AttachmentRef {
            sha256: Digest::of(&bytes),
            media: "application/json".into(),
            bytes: u64::try_from(bytes.len()).unwrap(),
        };
        let mark = |node: &mingbai_core::borrow::script::Spoken| NodeMark {
            id: node.id.clone(),
            expects: node.expects,
            covers: node.covers.clone(),
        };
        let certificate = valid_ms.map(|life| Certificate {
            record: Digest::of(b"trained"),
            valid_until_ms: self.bench.now_ms + life,
        });
        let (script, nodes) = (self.script.digest(), filled.iter().map(mark).collect());
        let consultant = self.consultant.clone();
        self.wish(&consultant, Wish::Begin { script, spoken, mode, certificate, nodes })
    }

    fn id(&self) -> String {
        self.bench.journey().recording().unwrap().id().to_owned()
    }

    fn agree(&mut self, choice: Choice) {
        let agreed = Agreed { recording: self.id(), choice, text: Digest::of(b"text") };
        self.wish(&Actor::Borrower, Wish::Agree(agreed)).unwrap();
        self.bench.now_ms += 600_000;
    }

    fn play(&mut self, node: &str, take: u32, answer: Answer) -> Result<usize, Refusal> {
        let played = Played {
            recording: self.id(),
            node: node.to_owned(),
            take,
            start_ms: 0,
            end_ms: 4_000,
            first_chunk: 0,
            last_chunk: 3,
            answer,
        };
        self.wish(&Actor::Borrower, Wish::Play(played))
    }

    /// Plays what is to be played, with the expected answers.
    fn play_all(&mut self, take: u32) {
        let journey = self.bench.journey();
        for node in journey.recording().unwrap().to_play() {
            let answer = match node.expects {
                mingbai_core::borrow::script::Expected::Yes => Answer::Yes,
                mingbai_core::borrow::script::Expected::No => Answer::No,
            };
            self.play(&node.id, take, answer).unwrap();
        }
    }

    fn keep(&mut self, side: Side, take: u32) -> Result<usize, Refusal> {
        let actor = if side == Side::Borrower { Actor::Borrower } else { self.consultant.clone() };
        let take = Take {
            recording: self.id(),
            side,
            take,
            chunks: 60,
            bytes: 60_000,
            length_ms: 60_000,
            head: Digest::of(&take.to_be_bytes()),
            manifest: document("manifest"),
        };
        self.wish(&actor, Wish::Keep(take))
    }

    fn end(&mut self) -> Result<usize, Refusal> {
        let recording = self.id();
        self.wish(&Actor::Borrower, Wish::End(Ended { recording }))
    }

    fn inspect(&mut self, verdict_of: impl Fn(&str) -> Verdict) {
        let journey = self.bench.journey();
        let recording = journey.recording().unwrap();
        let nodes = recording.nodes().into_iter().map(|node| NodeVerdict {
            verdict: verdict_of(&node.id),
            take: recording.states[&node.id].played.as_ref().unwrap().1.take,
            node: node.id,
            failed: Vec::new(),
            not_checked: Vec::new(),
        });
        let inspection = Inspection {
            recording: self.id(),
            engine: "test".into(),
            files: Vec::new(),
            nodes: nodes.collect(),
            findings: document("findings"),
        };
        self.wish(&Actor::System, Wish::Inspect(inspection)).unwrap();
    }

    fn review(&mut self, decisions: &[(&str, NodeDecision)]) -> Result<usize, Refusal> {
        let nodes: BTreeMap<_, _> = decisions.iter().map(|(id, one)| ((*id).to_owned(), *one)).collect();
        let reviewed = Reviewed { recording: self.id(), nodes, reason: "逐段看过录像".into() };
        let compliance = self.compliance.clone();
        self.wish(&compliance, Wish::Review(reviewed))
    }

    fn is_done(&self) -> bool {
        let standing = self.bench.journey().standing(Duty::Recorded, self.bench.context().pack);
        matches!(standing, Standing::Done(_))
    }
}

#[test]
fn an_honest_recording_on_site_satisfies_the_duty_once_it_was_inspected() {
    let mut scene = Scene::new();
    scene.begin(Mode::OnSite, Some(1_000_000)).unwrap();
    scene.agree(Choice::Agreed);
    scene.play_all(0);
    assert!(scene.end().is_err(), "the file is not here yet");
    scene.keep(Side::Borrower, 0).unwrap();
    scene.end().unwrap();
    assert!(!scene.is_done());
    scene.inspect(|_| Verdict::Passed);
    assert!(scene.is_done());
    // New terms: everything starts again.
    scene.bench.offer(&TERMS.replace("8000", "9000"));
    assert!(!scene.is_done() && scene.bench.journey().recording().is_none());
}

#[test]
fn a_consultant_without_a_valid_certificate_cannot_lead() {
    let mut scene = Scene::new();
    for life in [None, Some(0), Some(-1)] {
        let refused = scene.begin(Mode::OnSite, life).unwrap_err();
        assert_eq!(refused.kind, RefusalKind::NotNow);
        assert!(refused.why.en.contains("certificate"), "{}", refused.why.en);
    }
    scene.begin(Mode::OnSite, Some(1)).unwrap();
}

#[test]
fn nothing_is_recorded_before_it_is_understood() {
    let mut scene = Scene::new();
    let mut early = Bench::new();
    early.open();
    early.offer(TERMS);
    early.prepare();
    scene.bench = early;
    assert_eq!(scene.begin(Mode::OnSite, Some(1_000)).unwrap_err().kind, RefusalKind::NotNow);
}

#[test]
fn a_doubt_stops_everything_until_it_was_explained_and_then_only_that_part_comes_again() {
    let mut scene = Scene::new();
    scene.begin(Mode::OnSite, Some(1_000_000)).unwrap();
    scene.agree(Choice::Agreed);
    scene.play("identity", 0, Answer::Yes).unwrap();
    assert!(scene.play("annual", 0, Answer::Yes).is_err(), "in order the first time");
    scene.play("alone", 0, Answer::No).unwrap();
    scene.play("principal", 0, Answer::Doubt).unwrap();
    assert!(scene.play("annual", 0, Answer::Yes).is_err());
    let step = scene.bench.journey().next_step(scene.bench.context().pack);
    assert_ne!(step, Step::Borrower(Duty::Recorded), "it is the consultant's move");
    let (recording, consultant) = (scene.id(), scene.consultant.clone());
    let explained = |node: &str| Explained { recording: recording.clone(), node: node.into() };
    assert!(scene.wish(&consultant, Wish::Explain(explained("annual"))).is_err());
    assert!(scene.wish(&Actor::Borrower, Wish::Explain(explained("principal"))).is_err());
    scene.wish(&consultant, Wish::Explain(explained("principal"))).unwrap();
    let journey = scene.bench.journey();
    assert_eq!(journey.recording().unwrap().to_play()[0].id, "principal");
    scene.play_all(0);
    scene.keep(Side::Borrower, 0).unwrap();
    scene.end().unwrap();
    scene.inspect(|_| Verdict::Passed);
    assert!(scene.is_done());
}

#[test]
fn what_a_machine_cannot_tell_goes_to_a_person_and_what_failed_is_recorded_alone_again() {
    let mut scene = Scene::new();
    scene.begin(Mode::OnSite, Some(1_000_000)).unwrap();
    scene.agree(Choice::Agreed);
    scene.play_all(0);
    scene.keep(Side::Borrower, 0).unwrap();
    scene.end().unwrap();
    scene.inspect(|id| match id {
        "late" => Verdict::Unclear,
        "early" => Verdict::Failed,
        _ => Verdict::Passed,
    });
    assert!(!scene.is_done());
    assert!(scene.review(&[("early", NodeDecision::Accepted)]).is_err(), "a failure needs an appeal first");
    scene.review(&[("late", NodeDecision::Accepted)]).unwrap();
    let journey = scene.bench.journey();
    let again: Vec<_> = journey.recording().unwrap().to_play().into_iter().map(|n| n.id.clone()).collect();
    assert_eq!(again, ["early"]);
    assert!(scene.play("early", 0, Answer::Yes).is_err(), "that file is closed");
    scene.play("early", 1, Answer::Yes).unwrap();
    scene.keep(Side::Borrower, 1).unwrap();
    scene.end().unwrap();
    scene.inspect(|id| if id == "early" { Verdict::Failed } else { Verdict::Passed });
    let appealed =
        Appealed {
            recording: scene.id(), node: "early".into(), reason: "灯光暗,但人在画面里".into()
        };
    scene.wish(&Actor::Borrower, Wish::Appeal(appealed)).unwrap();
    assert!(!scene.is_done());
    scene.review(&[("early", NodeDecision::Accepted)]).unwrap();
    assert!(scene.is_done());
}

#[test]
fn a_remote_recording_needs_both_sides_and_only_its_lead_records_the_other() {
    let mut scene = Scene::new();
    scene.begin(Mode::Remote, Some(1_000_000)).unwrap();
    scene.agree(Choice::Agreed);
    scene.play_all(0);
    scene.keep(Side::Borrower, 0).unwrap();
    scene.end().unwrap();
    assert!(!scene.is_done());
    let lead = std::mem::replace(&mut scene.consultant, Actor::Borrower);
    assert!(scene.keep(Side::Consultant, 0).is_err(), "nobody else's side");
    scene.consultant = lead;
    scene.keep(Side::Consultant, 0).unwrap();
    scene.inspect(|_| Verdict::Passed);
    assert!(scene.is_done());
}

#[test]
fn a_number_does_not_stand_in_for_a_recording_that_she_agreed_to() {
    let mut scene = Scene::new();
    let consultant = scene.consultant.clone();
    let attest = || Command::AttestRecording { recording_number: "R-1".into(), seconds: 60 };
    scene.begin(Mode::OnSite, Some(1_000_000)).unwrap();
    scene.bench.act(&consultant, attest()).unwrap();
    assert!(scene.is_done(), "she has agreed to nothing yet: the branch's own device");
    scene = Scene::new();
    scene.begin(Mode::OnSite, Some(1_000_000)).unwrap();
    scene.agree(Choice::Agreed);
    assert!(scene.bench.act(&consultant, attest()).is_err());
    scene.agree(Choice::Declined);
    scene.bench.act(&consultant, attest()).unwrap();
    assert!(scene.is_done());
}
