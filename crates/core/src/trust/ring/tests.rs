//! Rings played record by record: two people to close, each customer decided, appeals, what is slipped in.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use mingbai_evidence::refs::SealedRef;
use mingbai_evidence::seal::{Salt, commit};
use mingbai_evidence::{Draft, Record};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::actor::{Actor, Login, StaffRole};
use crate::borrow::event::HumanDecision;
use crate::borrow::refusal::{Refusal, RefusalKind};

const START_MS: i64 = 1_796_083_200_000;
const A: Uuid = Uuid::from_u128(0xa);
const B: Uuid = Uuid::from_u128(0xb);

fn officer(name: &str) -> Actor {
    Actor::Staff(Login::new(name).unwrap(), StaffRole::Compliance)
}

fn sealed() -> SealedRef {
    SealedRef { sealed: commit("ring.note", b"x", &Salt::new([1; 32])), label: "ring.note".to_owned() }
}

fn picture(members: &[Uuid]) -> Picture {
    let places = (0..u32::try_from(members.len()).unwrap()).collect();
    Picture {
        care: Care::Review,
        members: members.to_vec(),
        shares: vec![Share { kind: ShareKind::Device, members: places, between_s: (10, 20) }],
        tested: vec![Tested { innocent: Innocent::Family, finding: Finding::LeavesOver }],
        listed: 0,
        window_days: 14,
    }
}

struct Case {
    id: RingId,
    records: Vec<Record>,
    waiting: Vec<Uuid>,
    pressed: Vec<Uuid>,
}

impl Case {
    fn new() -> Self {
        let id = RingId::new(Uuid::from_u128(0x018f_2f6e_0000_7000_8000_0000_0000_0001));
        let mut case = Case { id, records: Vec::new(), waiting: Vec::new(), pressed: Vec::new() };
        case.write(&Actor::System, &RingEvent::RingOpened(picture(&[A, B])));
        case
    }

    fn write(&mut self, actor: &Actor, event: &RingEvent) {
        let (kind, body) = event.to_parts();
        let head = self.records.last().map(Record::head);
        let record = Record::write(Draft {
            id: Uuid::from_u128(self.records.len() as u128 + 1),
            stream: self.id.stream(),
            seq: head.map_or(0, |head| head.seq + 1),
            prev: head.map(|head| head.leaf),
            at_ms: START_MS,
            actor: actor.to_string(),
            kind,
            terms: None,
            body,
        });
        self.records.push(record.unwrap());
    }

    fn now(&self) -> Ring {
        Ring::fold(self.id, &self.records).unwrap()
    }

    fn act(&mut self, actor: &Actor, command: Command) -> Result<(), Refusal> {
        let waiting = self.waiting.clone();
        for event in
            self.now().decide(actor, command, &Context { waiting: &waiting, pressed: &self.pressed })?
        {
            self.write(actor, &event);
        }
        Ok(())
    }

    fn propose(&mut self, by: &str, ending: Ending) -> u64 {
        self.act(&officer(by), Command::Propose { ending, why: "都打过电话了".to_owned() }).unwrap();
        self.records.last().unwrap().seq()
    }
}

fn review(journey: Uuid, decision: HumanDecision) -> Command {
    Command::Review { journey, decision, reason: "电话里说清楚了".to_owned() }
}

#[test]
fn closing_takes_two_people_and_a_decision_for_each_customer() {
    let mut case = Case::new();
    let call = Command::Call { journey: A, heard: Heard::Pressed, note: Some(sealed()) };
    case.act(&officer("chen"), call).unwrap();
    let proposal = case.propose("chen", Ending::Intermediary);
    let close = Command::Close { proposal };
    assert_eq!(case.act(&officer("chen"), close.clone()).unwrap_err().kind, RefusalKind::NotYours);
    case.waiting = vec![B];
    assert_eq!(case.act(&officer("wu"), close.clone()).unwrap_err().kind, RefusalKind::NotNow);
    case.waiting.clear();
    case.act(&officer("wu"), close).unwrap();
    assert!(case.now().is_closed());
    assert_eq!(case.act(&officer("wu"), Command::Note(sealed())).unwrap_err().kind, RefusalKind::NotNow);
}

#[test]
fn nobody_is_let_go_on_unheard() {
    let mut case = Case::new();
    let allow = || review(A, HumanDecision::Allowed);
    assert_eq!(case.act(&officer("chen"), allow()).unwrap_err().kind, RefusalKind::NotNow);
    let missed = Command::Call { journey: A, heard: Heard::NotReached, note: None };
    case.act(&officer("chen"), missed).unwrap();
    assert!(case.act(&officer("chen"), allow()).is_err());
    case.act(&officer("chen"), Command::Call { journey: A, heard: Heard::OwnWish, note: None }).unwrap();
    case.act(&officer("chen"), allow()).unwrap();
    // A pause needs no call: she may not pick up at all.
    case.act(&officer("chen"), review(B, HumanDecision::Upheld)).unwrap();
}

#[test]
fn an_innocent_ending_needs_no_decisions_but_still_two_people() {
    let mut case = Case::new();
    case.waiting = vec![A, B];
    let proposal = case.propose("chen", Ending::Shop);
    // Somebody who said herself that she is pressed is not let go on by it.
    case.pressed = vec![B];
    assert_eq!(case.act(&officer("wu"), Command::Close { proposal }).unwrap_err().kind, RefusalKind::NotNow);
    case.pressed.clear();
    case.act(&officer("wu"), Command::Close { proposal }).unwrap();
    let Stage::Closed(closed) = case.now().stage else { panic!("it is closed") };
    assert!(closed.proposal.ending.is_innocent() && closed.by == officer("wu"));
}

#[test]
fn whoever_joins_takes_the_wish_to_close_away() {
    let mut case = Case::new();
    let proposal = case.propose("chen", Ending::Family);
    let third = Uuid::from_u128(0xc);
    case.act(&Actor::System, Command::Grow(picture(&[A, B, third]))).unwrap();
    assert_eq!(case.now().members, [A, B, third]);
    assert!(case.act(&officer("wu"), Command::Close { proposal }).is_err());
    let before = case.records.len();
    case.act(&Actor::System, Command::Grow(picture(&[A, B, third]))).unwrap();
    assert_eq!(case.records.len(), before, "the same picture is not written again");
}

#[test]
fn an_appeal_is_answered_by_somebody_else_and_before_the_end() {
    let mut case = Case::new();
    case.act(&officer("chen"), review(A, HumanDecision::Upheld)).unwrap();
    case.act(&Actor::Borrower, Command::Appeal { journey: A, text: sealed() }).unwrap();
    let appeal = case.records.last().unwrap().seq();
    assert!(case.act(&Actor::Borrower, Command::Appeal { journey: A, text: sealed() }).is_err());
    let early = Command::Propose { ending: Ending::Unclear, why: "先结了再说".to_owned() };
    assert_eq!(case.act(&officer("chen"), early).unwrap_err().kind, RefusalKind::NotNow);
    let grant = Command::DecideAppeal { appeal, decision: Appealed::Granted, answer: sealed() };
    assert_eq!(case.act(&officer("chen"), grant.clone()).unwrap_err().kind, RefusalKind::NotYours);
    case.act(&officer("wu"), grant).unwrap();
    assert_eq!(case.now().open_appeals().count(), 0);
    let stranger = Command::Appeal { journey: Uuid::from_u128(9), text: sealed() };
    assert!(case.act(&Actor::Borrower, stranger).is_err());
}

#[test]
fn what_is_slipped_in_counts_for_nothing() {
    let mut case = Case::new();
    let before = case.now();
    let (consultant, core) = (
        Actor::Staff(Login::new("li").unwrap(), StaffRole::Consultant),
        Actor::Core(Login::new("core").unwrap()),
    );
    case.write(&consultant, &RingEvent::RingNoted { note: sealed() });
    case.write(&core, &RingEvent::RingGrew(picture(&[A])));
    case.write(&officer("chen"), &RingEvent::RingClosed { proposal: 0 });
    let after = case.now();
    let same = Ring { head: before.head, ..after };
    assert_eq!(same, before);
}

#[test]
fn a_stream_that_a_person_began_is_no_ring() {
    let mut case = Case::new();
    case.records.clear();
    case.write(&officer("chen"), &RingEvent::RingOpened(picture(&[A])));
    assert_eq!(Ring::fold(case.id, &case.records), Err(FoldError::NoBeginning(case.id)));
    assert_eq!(RingId::of_stream(&case.id.stream()), Some(case.id));
}

#[test]
fn the_call_asks_about_what_is_shared_and_names_nobody() {
    let all = questions(&picture(&[A, B]));
    assert!(all.iter().any(|words| words.zh.contains("替您操作")));
    assert!(!all.iter().any(|words| words.zh.contains("收过钱")));
    assert!(all.last().unwrap().zh.contains("96110"));
    let told = notice();
    assert!(
        told.reason.zh.contains("不是拒绝") && told.remedy.zh.contains("12378") && !told.papers.is_empty()
    );
}

proptest! {
    /// However commands come, a ring that is closed was closed by another person than the one who proposed it, and no appeal is open.
    #[test]
    fn no_order_of_commands_closes_it_alone(steps in prop::collection::vec((0_u8..6, 0_usize..2), 0..30)) {
        let mut case = Case::new();
        for (step, who) in steps {
            let by = officer(["chen", "wu"][who]);
            let last = case.records.last().unwrap().seq();
            let _ = match step {
                0 => case.act(&by, Command::Propose { ending: Ending::Dorm, why: "同住一个宿舍".to_owned() }),
                1 => case.act(&by, Command::Close { proposal: last }),
                2 => case.act(&Actor::Borrower, Command::Appeal { journey: A, text: sealed() }),
                3 => case.act(&by, Command::DecideAppeal { appeal: last, decision: Appealed::Kept, answer: sealed() }),
                4 => case.act(&by, review(A, HumanDecision::Upheld)),
                _ => case.act(&by, Command::Note(sealed())),
            };
            if let Stage::Closed(closed) = case.now().stage {
                prop_assert_ne!(closed.by, closed.proposal.by);
                break;
            }
        }
    }
}
