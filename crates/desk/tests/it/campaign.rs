//! A campaign from plan to figures on the real store: two people for a plan, nobody counted twice, codes that change, lists typed twice, and an
//! effect that is found, or honestly not.

use mingbai_desk::core::actor::{Login, StaffRole};
use mingbai_desk::core::learn::campaign::{
    Arm, CampaignId, Command, FocusGroup, Mark, Material, Place, Plan, SessionPlan, Sitting, Topic,
};
use mingbai_desk::cost::Fen;
use mingbai_desk::learn::{CheckIn, Did, ListLine, ListOutcome, ResultLine};
use mingbai_desk::measuring::uplift::{Design, Finding, Why};
use mingbai_desk::{Caller, ErrorKind};

use crate::house::{DAY_MS, House, START_MS, kind, member};

const HOUR_MS: i64 = 3_600_000;

fn plan() -> Plan {
    Plan {
        name: "守护者行动·冬季".to_owned(),
        theme: "不轻信、不转账".to_owned(),
        topics: vec![Topic::Fraud, Topic::Borrowing],
        groups: vec![FocusGroup::Elderly],
        from_ms: START_MS,
        to_ms: START_MS + 30 * DAY_MS,
        places: vec![
            Place { city: "甲市".to_owned(), place: "东街社区".to_owned() },
            Place { city: "乙市".to_owned(), place: "西村".to_owned() },
        ],
        partners: Vec::new(),
        roster: vec![Login::new("li.na").unwrap()],
        budget_fen: Fen::new(2_000_000),
        materials: vec![Material { title: "防骗手册".to_owned(), review: "2026-18".to_owned() }],
    }
}

fn session(place: u32, day: i64, arm: Arm) -> SessionPlan {
    SessionPlan {
        number: 0,
        place: Some(place),
        starts_at_ms: START_MS + day * DAY_MS,
        ends_at_ms: START_MS + day * DAY_MS + 2 * HOUR_MS,
        expected: 40,
        lead: Login::new("li.na").unwrap(),
        arm,
    }
}

/// An approved campaign with these sessions.
async fn campaign(house: &House, sessions: &[SessionPlan]) -> (CampaignId, Caller) {
    let wu = member(&house.desk, "wu", StaffRole::Compliance, None).await;
    let id = house.desk.plan_campaign(&house.compliance, plan()).await.unwrap();
    house.desk.act_on_campaign(&wu, id, Command::Approve { plan: 0 }).await.unwrap();
    for one in sessions {
        house.desk.act_on_campaign(&wu, id, Command::AddSession(one.clone())).await.unwrap();
    }
    (id, wu)
}

#[tokio::test]
async fn a_plan_is_approved_by_another_person_and_the_list_names_it() {
    let house = House::new().await;
    assert_eq!(kind(house.desk.plan_campaign(&house.li, plan()).await), ErrorKind::Forbidden);
    let nobody = Plan { roster: vec![Login::new("nobody").unwrap()], ..plan() };
    assert_eq!(kind(house.desk.plan_campaign(&house.compliance, nobody).await), ErrorKind::Invalid);
    let id = house.desk.plan_campaign(&house.compliance, plan()).await.unwrap();
    let own = house.desk.act_on_campaign(&house.compliance, id, Command::Approve { plan: 0 }).await;
    assert!(matches!(kind(own), ErrorKind::Refused(_)));
    let rows = house.desk.campaigns(&house.auditor).await.unwrap();
    assert_eq!(rows.iter().map(|row| (row.id, row.campaign.stage())).collect::<Vec<_>>(), [(id, "planned")]);
    assert_eq!(kind(house.desk.campaigns(&house.admin).await), ErrorKind::Forbidden);
}

#[tokio::test]
async fn people_check_in_once_whatever_they_send() {
    let house = House::new().await;
    let (id, _) = campaign(&house, &[session(0, 1, Arm::Taught)]).await;
    let desk = &house.desk;
    assert_eq!(desk.hall_code(&house.li, id, 1).await.unwrap().code, None, "the door is shut a day before");
    house.pass(DAY_MS + 10 * 60_000);
    let code = desk.hall_code(&house.li, id, 1).await.unwrap().code.unwrap();
    let enter = |code: String, phone: &'static str, held| async move {
        desk.check_in((id, 1), &code, phone, held).await
    };
    assert_eq!(enter(code.clone(), "138 0000 0001", None).await.unwrap(), CheckIn::Here);
    assert_eq!(enter(code.clone(), "+86 13800000001", None).await.unwrap(), CheckIn::Again);
    assert_eq!(kind(enter(code.clone(), "12345", None).await), ErrorKind::Invalid);
    assert_eq!(kind(enter("0000-AAAAAAAA".to_owned(), "13800000002", None).await), ErrorKind::Invalid);
    house.pass(10 * 60_000);
    assert_eq!(kind(enter(code.clone(), "13800000002", None).await), ErrorKind::Invalid, "a replayed code");
    // A phone without reception, whose clock is a year behind: the house's window counts.
    let behind = Some(house.desk.now_ms() - 365 * DAY_MS);
    assert_eq!(enter(code.clone(), "13800000002", behind).await.unwrap(), CheckIn::HereLate);
    assert_eq!(enter(code.clone(), "13800000002", behind).await.unwrap(), CheckIn::Again);

    let line = |line, phone: &str| ListLine { line, phone: phone.to_owned() };
    let list = [line(1, "13800000001"), line(2, ""), line(3, "13800000003")];
    let told = |counted, again| ListOutcome { counted, again, unknown: 0 };
    assert_eq!(desk.enter_list(&house.li, (id, 1), &list).await.unwrap(), told(2, 1));
    assert_eq!(desk.enter_list(&house.li, (id, 1), &list).await.unwrap(), told(0, 3));
    let broken = [line(4, "13800000004"), line(5, "错")];
    assert_eq!(kind(desk.enter_list(&house.li, (id, 1), &broken).await), ErrorKind::Invalid);
    assert_eq!(kind(desk.enter_list(&house.auditor, (id, 1), &list).await), ErrorKind::Forbidden);

    let figures = desk.campaign_figures(&house.auditor, id).await.unwrap();
    let all = figures.all;
    assert_eq!((all.scheduled, all.person_times, all.persons, all.late, all.paper), (40, 4, 3, 1, 2));
    assert_eq!(all.keyed.map(|s| (s.count(), s.of())), Some((3, 4)));
    assert_eq!((all.retained, figures.strange), (None, 0));
    // No record names a number.
    let logged = house.ports.log.read(&id.session_stream(1).unwrap()).await.unwrap();
    let text = format!("{logged:?}");
    assert!(logged.len() == 4 && !text.contains("13800000001") && !text.contains("138 0000"));
}

#[tokio::test]
async fn an_overcrowded_door_loses_nobody() {
    let house = House::new().await;
    let (id, _) = campaign(&house, &[session(0, 1, Arm::Taught)]).await;
    house.pass(DAY_MS);
    let code = house.desk.hall_code(&house.li, id, 1).await.unwrap().code.unwrap();
    let mut going = Vec::new();
    for person in 0..12_u32 {
        let (desk, code) = (house.desk.clone(), code.clone());
        going.push(tokio::spawn(async move {
            desk.check_in((id, 1), &code, &format!("1390000{person:04}"), None).await
        }));
    }
    for one in going {
        assert_eq!(one.await.unwrap().unwrap(), CheckIn::Here);
    }
    assert_eq!(house.desk.campaign_figures(&house.li, id).await.unwrap().all.persons, 12);
}

/// Eight sessions of ten people; taught people gain `gain` thousandths.
async fn taught(house: &House, sessions: u32, gain: i64) -> CampaignId {
    let arm = |n: u32| if n.is_multiple_of(2) { Arm::Taught } else { Arm::Waiting };
    let all: Vec<SessionPlan> = (0..sessions).map(|n| session(n % 2, 1, arm(n))).collect();
    let (id, _) = campaign(house, &all).await;
    for n in 0..sessions {
        let phone = |person: u32| format!("137{:08}", n * 100 + person);
        let list: Vec<ListLine> = (1..=10).map(|p| ListLine { line: p, phone: phone(p) }).collect();
        house.desk.enter_list(&house.li, (id, n + 1), &list).await.unwrap();
        let mut results = Vec::new();
        for person in 1..=10_u32 {
            // Spread that is the same in every run: people and sessions differ, and nobody is perfectly repeatable.
            let wave = |x: u32| i64::from(x * 7919 % 1001) - 500;
            let before = wave(n * 31 + person * 17);
            let after = before * 7 / 10 + wave(n * 13 + person * 29) / 3 + wave(n * 101 + 5) / 8;
            let gain = if arm(n) == Arm::Taught { gain } else { 0 };
            for (sitting, theta_milli) in [(Sitting::Before, before), (Sitting::After, after + gain)] {
                let mark = Mark { theta_milli, error_milli: 400, right: 6, wrong: 3, dont_know: 1 };
                results.push(ResultLine { phone: phone(person), did: Did::Tested(sitting, mark) });
            }
        }
        let told = house.desk.enter_results(&house.li, (id, n + 1), &results).await.unwrap();
        assert_eq!((told.counted, told.again, told.unknown), (20, 0, 0));
    }
    id
}

#[tokio::test]
async fn an_effect_is_found_where_there_is_one_and_not_claimed_where_sessions_are_few() {
    let house = House::new().await;
    let id = taught(&house, 12, 600).await;
    let figures = house.desk.campaign_figures(&house.compliance, id).await.unwrap();
    let found = figures.effect.knowledge.unwrap();
    assert_eq!((found.finding, found.design), (Finding::Gain, Design::Compared), "{found:?}");
    assert_eq!((found.taught, found.waiting, found.clusters), (60, 60, 12));
    assert_eq!(figures.all.linked.map(|s| (s.count(), s.of())), Some((120, 120)));
    assert_eq!(figures.cities.len(), 2);

    let house = House::new().await;
    let id = taught(&house, 4, 600).await;
    let few = house.desk.campaign_figures(&house.compliance, id).await.unwrap().effect.knowledge.unwrap();
    assert_eq!(few.finding, Finding::NotEnough(Why::FewClusters), "{few:?}");
    // Who never checked in has no results.
    let mark = Mark { theta_milli: 0, error_milli: 400, right: 1, wrong: 0, dont_know: 0 };
    let stranger = [ResultLine { phone: "13600000000".to_owned(), did: Did::Tested(Sitting::Before, mark) }];
    let told = house.desk.enter_results(&house.li, (id, 1), &stranger).await.unwrap();
    assert_eq!((told.counted, told.unknown), (0, 1));
    let line = |did| [ResultLine { phone: "13700000001".to_owned(), did }];
    for did in [Did::Completed, Did::Sorted(Sitting::Before, [5, 10, 2, 10])] {
        let told = house.desk.enter_results(&house.li, (id, 1), &line(did)).await.unwrap();
        assert_eq!((told.counted, told.again), (1, 0));
    }
    let odd = house
        .desk
        .enter_results(&house.li, (id, 1), &line(Did::Sorted(Sitting::After, [11, 10, 2, 10])))
        .await;
    assert_eq!(kind(odd), ErrorKind::Invalid, "more called fake than there were");
}
