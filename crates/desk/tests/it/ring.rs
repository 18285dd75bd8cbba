//! What applications share: from identifiers to the second person who closes a ring, and everybody who tries to go around it.

use std::path::Path;

use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::{HumanDecision, YesNo};
use mingbai_desk::core::borrow::refusal::RefusalKind;
use mingbai_desk::core::borrow::screen::ScreenKey;
use mingbai_desk::core::trust::ring::{Action, Appealed, Care, Ending, Heard, RingId, ShareKind, Stage};
use mingbai_desk::ports::Links as _;
use mingbai_desk::trust::{Link, RingLine, RingWish, Rings, Standing};
use mingbai_desk::{Caller, ErrorKind};

use crate::house::{
    COMPLAINTS, DAY_MS, HONEST, House, KNOWN_DEVICE, RING_KEY, dearer, desk_of, kind, known, member,
};

const DEVICE: &str = "a1b2-c3d4-e5f6";
const FEES: &str = "fee-account-01";
const REASON: &str = "电话里说清楚了";

fn link(kind: ShareKind, value: &str) -> Link {
    Link { kind, value: value.to_owned() }
}

/// Sends what an application was seen with.
async fn send(house: &House, id: JourneyId, links: &[(ShareKind, &str)]) {
    house.pass(60_000);
    let links: Vec<Link> = links.iter().map(|(kind, value)| link(*kind, value)).collect();
    house.desk.take_links(&house.core, id, None, &links).await.unwrap();
}

/// Three applications from one device that pay one stranger.
async fn three(house: &House) -> [(JourneyId, Caller); 3] {
    let mut all = Vec::new();
    for number in 1..=3 {
        let (opened, borrower) = house.open(&format!("R-{number}")).await;
        let id = opened.view.journey.id();
        let card = format!("62220212345678{number:05}");
        send(
            house,
            id,
            &[(ShareKind::Device, DEVICE), (ShareKind::FeeAccount, FEES), (ShareKind::Card, &card)],
        )
        .await;
        all.push((id, borrower));
    }
    all.try_into().unwrap_or_else(|_| panic!("three"))
}

async fn only(house: &House) -> RingLine {
    let rings = house.desk.rings(&house.compliance).await.unwrap();
    assert_eq!(rings.len(), 1, "{rings:?}");
    rings.into_iter().next().unwrap()
}

async fn act(house: &House, caller: &Caller, id: RingId, wish: RingWish) -> Result<(), ErrorKind> {
    house.pass(1_000);
    house.desk.act_on_ring(caller, id, wish).await.map(|_| ()).map_err(|error| error.kind())
}

async fn waits(house: &House, id: JourneyId) -> bool {
    house.journey(id).await.ring_waits()
}

fn review(id: JourneyId, decision: HumanDecision) -> RingWish {
    RingWish::Review { journey: id.uuid(), decision, reason: REASON.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn three_that_share_a_device_and_a_fee_are_called_and_not_refused() {
    let house = House::new().await;
    let wu = member(&house.desk, "wu", StaffRole::Compliance, None).await;
    let [(a, first), (b, _), (c, _)] = three(&house).await;
    let line = only(&house).await;
    assert_eq!((line.members, line.waiting, line.care), (3, 3, Care::Review));
    let file = house.desk.ring_file(&house.auditor, line.id).await.unwrap();
    let kinds: Vec<ShareKind> = file.ring.picture.shares.iter().map(|share| share.kind).collect();
    assert_eq!(kinds, [ShareKind::Device, ShareKind::FeeAccount], "the cards are everybody's own");
    assert!(file.ring.picture.shares.iter().all(|share| share.members == [0, 1, 2]));
    assert_eq!(file.ring.picture.tested.len(), 4);

    // The gate is shut, in words that accuse nobody; the branch does not learn why.
    house.read(&first, a).await;
    let refusal = house.desk.permit(&house.core, a).await.unwrap_err();
    assert!(refusal.refusal().unwrap().missing.iter().any(|missing| missing.why.zh.contains("这不是拒绝")));
    let seen = house.desk.timeline(&house.li, a).await.unwrap();
    let alerted = seen.entries.iter().find(|entry| entry.kind == "ring_alerted");
    assert!(alerted.is_none_or(|entry| entry.json == "—" && !entry.words.zh.contains("共")));
    assert_eq!(kind(house.desk.rings(&house.li).await), ErrorKind::Forbidden);
    house.run_outbox().await;
    assert_eq!(house.told("journey.needs_person").len(), 3);

    // Called one by one; a person decides; the end takes another person and a decision for each.
    let call =
        |id: JourneyId, heard| RingWish::Call { journey: id.uuid(), heard, note: "说清楚了".to_owned() };
    act(&house, &house.compliance, line.id, call(a, Heard::OwnWish)).await.unwrap();
    act(&house, &house.compliance, line.id, call(b, Heard::Pressed)).await.unwrap();
    act(&house, &house.compliance, line.id, review(a, HumanDecision::Allowed)).await.unwrap();
    act(&house, &house.compliance, line.id, review(b, HumanDecision::Upheld)).await.unwrap();
    let police = RingWish::Act { action: Action::Police, reference: "接警编号 2026-118".to_owned() };
    act(&house, &house.compliance, line.id, police).await.unwrap();
    let propose = RingWish::Propose { ending: Ending::Intermediary, why: REASON.to_owned() };
    act(&house, &house.compliance, line.id, propose).await.unwrap();
    let Stage::Open(Some(proposal)) = house.desk.ring_file(&wu, line.id).await.unwrap().ring.stage else {
        panic!("it is proposed")
    };
    let close = RingWish::Close { proposal: proposal.seq };
    let own = act(&house, &house.compliance, line.id, close.clone()).await;
    assert_eq!(own, Err(ErrorKind::Refused(RefusalKind::NotYours)));
    let early = act(&house, &wu, line.id, close.clone()).await;
    assert_eq!(early, Err(ErrorKind::Refused(RefusalKind::NotNow)), "one customer has no decision");
    let unheard = act(&house, &house.compliance, line.id, review(c, HumanDecision::Allowed)).await;
    assert_eq!(unheard, Err(ErrorKind::Refused(RefusalKind::NotNow)));
    assert!(waits(&house, c).await, "what the ring refuses does not reach the loan");
    act(&house, &house.compliance, line.id, call(c, Heard::OwnWish)).await.unwrap();
    act(&house, &house.compliance, line.id, review(c, HumanDecision::Allowed)).await.unwrap();
    act(&house, &wu, line.id, close).await.unwrap();
    assert_eq!(only(&house).await.stage, "closed");
    let standings: Vec<Standing> =
        house.desk.ring_file(&wu, line.id).await.unwrap().members.iter().map(|one| one.standing).collect();
    assert_eq!(standings, [Standing::LetGo, Standing::Kept, Standing::LetGo]);

    // Whoever was let go on reads on, signs and is paid; nothing of it is a second pause.
    house.understand(&first, a).await;
    house.sign(&first, a).await;
    house.desk.permit(&house.core, a).await.unwrap();
    send(&house, a, &[(ShareKind::Ip, "203.0.113.9")]).await;
    assert!(!waits(&house, a).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn families_shops_and_the_same_customer_are_left_in_peace() {
    let house = House::new().await;
    let open = async |number: u32| house.open(&format!("I-{number}")).await.0.view.journey.id();
    // A family: one address, one contact.
    for number in 0..3 {
        let id = open(number).await;
        let home =
            [(ShareKind::Address, "河南省郑州市某区一路3号楼201"), (ShareKind::Contact, "13800000009")];
        send(&house, id, &home).await;
    }
    // A shop's terminal that is on the list.
    for number in 10..14 {
        send(
            &house,
            open(number).await,
            &[(ShareKind::Device, KNOWN_DEVICE), (ShareKind::FeeAccount, &format!("own-{number}"))],
        )
        .await;
    }
    // One customer who applies again and again.
    for number in 20..24 {
        let id = open(number).await;
        let links = [link(ShareKind::Device, DEVICE), link(ShareKind::Phone, "13900000001")];
        house.desk.take_links(&house.core, id, Some("C-1"), &links).await.unwrap();
    }
    assert!(house.desk.rings(&house.compliance).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_was_killed_knows_the_same_again() {
    let house = House::new().await;
    three(&house).await;
    house.desk.load_rings().await.unwrap();
    let before = house.desk.ring_state().await.unwrap();
    assert!(before.iter().any(|line| line.contains("others: 2")), "{before:?}");
    // Another process on the same store, started from nothing.
    let again = || {
        let rings = Rings::new(house.links.clone(), RING_KEY, &known()).unwrap();
        desk_of(house.ports.clone(), &[COMPLAINTS, &dearer(), HONEST]).with_rings(rings)
    };
    let other = again();
    assert_eq!(other.load_rings().await.unwrap(), 9);
    assert_eq!(other.ring_state().await.unwrap(), before);
    // What one of two nodes takes in, the other sees at its next look; both agree to the last bit.
    let (fourth, _) = house.open("R-4").await;
    let links = [link(ShareKind::Device, DEVICE), link(ShareKind::FeeAccount, FEES)];
    let core = house.core.clone();
    house.pass(1_000);
    other.take_links(&core, fourth.view.journey.id(), None, &links).await.unwrap();
    house.desk.load_rings().await.unwrap();
    assert_eq!(house.desk.ring_state().await.unwrap(), other.ring_state().await.unwrap());
    assert_eq!(only(&house).await.members, 4, "it joined the ring instead of making another one");
    assert_eq!(again().load_rings().await.unwrap(), 11);
    // Time takes all of it away again.
    house.pass(61 * DAY_MS);
    assert_eq!(house.desk.load_rings().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_told_why_and_her_appeal_releases_at_once() {
    let house = House::new().await;
    let wu = member(&house.desk, "wu", StaffRole::Compliance, None).await;
    let [(a, hers), (b, pressed), (c, third)] = three(&house).await;
    let ring = only(&house).await.id;
    let told = house.desk.her_ring(&hers).await.unwrap().unwrap();
    assert!(told.may_appeal() && told.notice.reason.zh.contains("不是拒绝"));
    act(&house, &house.compliance, ring, review(a, HumanDecision::Upheld)).await.unwrap();
    house.desk.appeal_against_ring(&hers, "手机是女儿的,她们姐妹也用它申请过").await.unwrap();
    assert!(!house.desk.her_ring(&hers).await.unwrap().unwrap().may_appeal());
    let (appeal, _, text) = house.desk.ring_file(&wu, ring).await.unwrap().appeals[0].clone();
    assert!(text.contains("女儿"));
    let grant = |answer: &str| RingWish::DecideAppeal {
        appeal,
        decision: Appealed::Granted,
        answer: answer.to_owned(),
    };
    let own = act(&house, &house.compliance, ring, grant("核实了,手机是家里共用的")).await;
    assert_eq!(own, Err(ErrorKind::Refused(RefusalKind::NotYours)), "nobody judges her own decision");
    act(&house, &wu, ring, grant("核实了,手机是家里共用的")).await.unwrap();
    assert!(!waits(&house, a).await);
    let told = house.desk.her_ring(&hers).await.unwrap().unwrap();
    assert_eq!(
        told.appeals[0].answer.as_ref().map(|(how, _, text)| (*how, text.contains("共用"))),
        Some((Appealed::Granted, true))
    );

    // An innocent end lets everybody go on, but not whoever said herself that she is forced.
    let forced = Command::AskForHelp;
    house.act(&pressed, b, forced).await;
    let propose = RingWish::Propose { ending: Ending::Family, why: "一家人共用手机".to_owned() };
    act(&house, &house.compliance, ring, propose).await.unwrap();
    let proposal = match house.desk.ring_file(&wu, ring).await.unwrap().ring.stage {
        Stage::Open(Some(proposal)) => proposal.seq,
        other => panic!("{other:?}"),
    };
    let close = RingWish::Close { proposal };
    assert_eq!(act(&house, &wu, ring, close.clone()).await, Err(ErrorKind::Refused(RefusalKind::NotNow)));
    act(&house, &wu, ring, review(b, HumanDecision::Upheld)).await.unwrap();
    act(&house, &wu, ring, close).await.unwrap();
    assert!(!waits(&house, c).await && waits(&house, b).await);
    let answers = ScreenKey::ALL.into_iter().map(|key| (key, YesNo::No)).collect();
    house.act(&third, c, Command::AnswerScreening { answers }).await;
    assert!(!house.missing(&house.journey(c).await).contains(&"screened"));
    // After the end she may still appeal.
    house.desk.appeal_against_ring(&pressed, "是我自己要借的").await.unwrap();
    assert_eq!(only(&house).await.appeals, 1);
}

fn lies_open(path: &Path, needle: &[u8]) -> bool {
    std::fs::read_dir(path).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => lies_open(&path, needle),
            false => std::fs::read(&path).unwrap().windows(needle.len()).any(|part| part == needle),
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_in_the_clear_and_only_the_core_system_sends() {
    let house = House::new().await;
    let [(a, hers), ..] = three(&house).await;
    let plain = ["c3d4", "feeaccount01", "fee-account-01", "6222021234567800001"];
    assert!(plain.iter().all(|text| !lies_open(&house.path, text.as_bytes())));
    for caller in [&house.li, &house.compliance, &house.auditor, &hers] {
        let sent = house.desk.take_links(caller, a, None, &[link(ShareKind::Device, DEVICE)]).await;
        assert_eq!(kind(sent), ErrorKind::Forbidden);
    }
    let refused = |links: Vec<Link>| {
        let (desk, core) = (house.desk.clone(), house.core.clone());
        async move { desk.take_links(&core, a, None, &links).await.unwrap_err() }
    };
    for (bad, value) in
        [(ShareKind::Device, "000000000"), (ShareKind::Card, "x"), (ShareKind::Ip, "10.0.0.1")]
    {
        let error = refused(vec![link(bad, value)]).await;
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(!format!("{error} {error:?}").contains(value), "what was sent is not repeated");
    }
    assert_eq!(refused(Vec::new()).await.kind(), ErrorKind::Invalid);
    let again =
        house.desk.take_links(&house.core, a, None, &[link(ShareKind::Device, DEVICE)]).await.unwrap();
    assert_eq!((again.taken, again.known), (0, 1));
    assert_eq!(house.links.after(0).await.unwrap().len(), 3, "a repetition writes nothing");
    assert_eq!(only(&house).await.members, 3);
    house.links.forget(a).await.unwrap();
    assert!(house.links.of_journey(a).await.unwrap().is_empty());
}
