//! The rules of a campaign: two people for a plan, nothing before approval, nobody twice, and forged records that change nothing.

use mingbai_cost::Fen;
use mingbai_evidence::refs::SealedRef;
use mingbai_evidence::seal::{Salt, commit};
use mingbai_evidence::{Digest, Draft, Record, StreamId};
use uuid::Uuid;

use super::*;
use crate::actor::{Actor, Login, StaffRole};

const DAY: i64 = 86_400_000;

fn login(name: &str) -> Login {
    Login::new(name).unwrap_or_else(|_| unreachable!())
}

fn officer(name: &str) -> Actor {
    Actor::Staff(login(name), StaffRole::Compliance)
}

fn plan() -> Plan {
    Plan {
        name: "守护者行动·冬季".to_owned(),
        theme: "不轻信、不转账".to_owned(),
        topics: vec![Topic::Fraud],
        groups: vec![FocusGroup::Elderly],
        from_ms: 10 * DAY,
        to_ms: 40 * DAY,
        places: vec![Place { city: "甲市".to_owned(), place: "东街社区".to_owned() }],
        partners: vec![Partner { kind: PartnerKind::Police, name: "东街派出所".to_owned() }],
        roster: vec![login("li")],
        budget_fen: Fen::new(500_000),
        materials: vec![Material { title: "防骗手册".to_owned(), review: "2026-18".to_owned() }],
    }
}

fn session() -> SessionPlan {
    SessionPlan {
        number: 0,
        place: Some(0),
        starts_at_ms: 12 * DAY,
        ends_at_ms: 12 * DAY + 7_200_000,
        expected: 40,
        lead: login("li"),
        arm: Arm::Taught,
    }
}

/// A stream that is written record by record, past the rules if the test wants.
struct Pen {
    stream: StreamId,
    records: Vec<Record>,
}

impl Pen {
    fn write(&mut self, actor: &Actor, at_ms: i64, (kind, body): (String, serde_json::Value)) {
        let head = self.records.last().map(Record::head);
        let record = Record::write(Draft {
            id: Uuid::from_u128(self.records.len() as u128 + 1),
            stream: self.stream.clone(),
            seq: head.map_or(0, |head| head.seq + 1),
            prev: head.map(|head| head.leaf),
            at_ms,
            actor: actor.to_string(),
            kind,
            terms: None,
            body,
        });
        self.records.extend(record.ok());
    }
}

fn begun() -> (CampaignId, Pen) {
    let id = CampaignId::new(Uuid::from_u128(7));
    let mut pen = Pen { stream: id.stream(), records: Vec::new() };
    let key = SealedRef {
        sealed: commit("campaign.key", b"k", &Salt::new([0; 32])),
        label: "campaign.key".to_owned(),
    };
    let event = CampaignEvent::CampaignPlanned { plan: Box::new(plan()), key };
    pen.write(&officer("chen"), DAY, event.to_parts());
    (id, pen)
}

fn folded(id: CampaignId, pen: &Pen) -> Campaign {
    Campaign::fold(id, &pen.records).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_plan_needs_a_second_person_and_sessions_need_an_approved_plan() {
    let (id, mut pen) = begun();
    let campaign = folded(id, &pen);
    assert_eq!(campaign.stage(), "planned");
    assert!(campaign.decide(&officer("chen"), Command::Approve { plan: 0 }, DAY).is_err(), "her own plan");
    assert!(campaign.decide(&officer("wu"), Command::AddSession(session()), DAY).is_err(), "too early");
    let event =
        campaign.decide(&officer("wu"), Command::Approve { plan: 0 }, DAY).unwrap_or_else(|e| panic!("{e}"));
    pen.write(&officer("wu"), DAY, event.to_parts());
    let campaign = folded(id, &pen);
    let event = campaign
        .decide(&officer("wu"), Command::AddSession(session()), DAY)
        .unwrap_or_else(|e| panic!("{e}"));
    pen.write(&officer("wu"), DAY, event.to_parts());
    let campaign = folded(id, &pen);
    assert_eq!(campaign.session(1).map(|s| s.expected), Some(40));
    assert!(
        campaign
            .decide(&officer("wu"), Command::Close { lesson: "早一点通知".to_owned() }, 11 * DAY)
            .is_err()
    );
    assert!(
        campaign.decide(&officer("wu"), Command::Close { lesson: "早一点通知".to_owned() }, 13 * DAY).is_ok()
    );
    let consultant = Actor::Staff(login("li"), StaffRole::Consultant);
    assert!(
        campaign.decide(&consultant, Command::Cancel { number: 1, why: "停电".to_owned() }, DAY).is_err()
    );
    // A changed plan has to be approved again.
    let event = campaign
        .decide(&officer("wu"), Command::Change(Box::new(plan())), DAY)
        .unwrap_or_else(|e| panic!("{e}"));
    pen.write(&officer("wu"), DAY, event.to_parts());
    assert_eq!(folded(id, &pen).stage(), "planned");
}

#[test]
fn what_is_slipped_past_the_rules_changes_nothing() {
    let (id, mut pen) = begun();
    let before = folded(id, &pen);
    pen.write(&officer("chen"), DAY, CampaignEvent::CampaignApproved { plan: 0 }.to_parts());
    pen.write(&Actor::Visitor, DAY, CampaignEvent::CampaignClosed { lesson: "没有".to_owned() }.to_parts());
    let after = folded(id, &pen);
    assert_eq!((after.stage(), &after.plan), ("planned", &before.plan));
}

#[test]
fn plans_that_cannot_be_name_their_field() {
    type Change = fn(&mut Plan);
    let cases: [(Change, &str); 7] = [
        (|p| p.name.clear(), "name"),
        (|p| p.topics.clear(), "topics"),
        (|p| p.to_ms = p.from_ms, "to"),
        (|p| p.places.clear(), "places"),
        (|p| p.roster.clear(), "roster"),
        (|p| p.budget_fen = Fen::new(-1), "budget"),
        (|p| p.materials[0].review.clear(), "materials"),
    ];
    for (change, field) in cases {
        let mut plan = plan();
        change(&mut plan);
        assert_eq!(plan.check().map_err(|bad| bad.field), Err(field));
    }
    assert_eq!(session().check(&plan()), Ok(()));
    let far = SessionPlan { starts_at_ms: DAY, ends_at_ms: DAY + 1, ..session() };
    assert_eq!(far.check(&plan()).map_err(|bad| bad.field), Err("starts"));
    let other = SessionPlan { lead: login("zhao"), ..session() };
    assert_eq!(other.check(&plan()).map_err(|bad| bad.field), Err("lead"));
}

fn person(n: u8) -> Digest {
    Digest::new([n; 32])
}

#[test]
fn nobody_checks_in_twice_and_only_who_came_is_tested() {
    let mut here = Attendance::default();
    let code = |n| VisitEvent::CheckedIn { person: Some(person(n)), way: Arrived::Code {} };
    let line = |line, person| VisitEvent::CheckedIn { person, way: Arrived::Paper { line } };
    let staff = Actor::Staff(login("li"), StaffRole::Consultant);
    let mut go = |actor: &Actor, event: VisitEvent| {
        let outcome = here.admits(actor, &event).is_ok();
        if outcome {
            here.take(&event, 5);
        }
        outcome
    };
    assert!(go(&Actor::Visitor, code(1)) && !go(&Actor::Visitor, code(1)));
    assert!(!go(&Actor::Visitor, line(1, None)), "a paper list is somebody's word");
    assert!(!go(&staff, code(2)), "staff cannot scan for people");
    assert!(
        go(&staff, line(1, None))
            && !go(&staff, line(1, Some(person(3))))
            && !go(&staff, line(2, Some(person(1))))
    );
    let mark = Mark { theta_milli: 100, error_milli: 400, right: 6, wrong: 3, dont_know: 1 };
    let test = |n| VisitEvent::Tested { person: person(n), sitting: Sitting::Before, mark };
    assert!(go(&Actor::Visitor, test(1)) && !go(&Actor::Visitor, test(1)) && !go(&Actor::Visitor, test(9)));
    assert_eq!((here.arrivals.len(), here.tests.len()), (2, 1));
}

#[test]
fn events_read_back_as_written() {
    let event = VisitEvent::CheckedIn { person: None, way: Arrived::Paper { line: 3 } };
    let (kind, body) = event.to_parts();
    assert_eq!(kind, "checked_in");
    let whole = serde_json::json!({"kind": kind, "body": body});
    assert_eq!(serde_json::from_value::<VisitEvent>(whole).ok(), Some(event));
}
