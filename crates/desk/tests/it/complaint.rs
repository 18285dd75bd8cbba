//! Complaints from every way in to the end: who may do what, what she sees, what the house is warned of.

use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::trust::complaint::{Channel, ComplaintId, Level, Outcome, Party, Remedy, Right};
use mingbai_desk::cost::Fen;
use mingbai_desk::ports::{ComplaintFilter, Written};
use mingbai_desk::trust::{Complain, ComplaintReceipt, HerWish, HouseWish};
use mingbai_desk::{Caller, DeskError, ErrorKind};

use crate::house::{DAY_MS, House, member};

const STORY: &str = "合同上没有写的服务费被扣了两百元,问了没人解释。";
const ANSWER: &str = "经核实,您反映的服务费没有列入成本明示表,不应收取,全部退还并向您道歉。";

fn wish(channel: Channel) -> Complain {
    Complain {
        name: "王秀英".to_owned(),
        contact: "138 0000 0000".to_owned(),
        story: STORY.to_owned(),
        wish: "退钱".to_owned(),
        ..Complain::by(channel)
    }
}

fn categorise() -> HouseWish {
    HouseWish::Categorise { cause: "c07".to_owned(), business: "b03".to_owned(), right: Right::Fair }
}

fn answer(refund: i64) -> HouseWish {
    let remedies = if refund > 0 { vec![Remedy::Refund, Remedy::Apology] } else { vec![Remedy::Explanation] };
    let (outcome, refund_fen) = (Outcome::Upheld, Fen::new(refund));
    HouseWish::Answer { outcome, remedies, refund_fen, text: ANSWER.to_owned() }
}

async fn complain(house: &House) -> ComplaintReceipt {
    house.desk.complain(wish(Channel::Page)).await.unwrap()
}

async fn act(house: &House, caller: &Caller, id: ComplaintId, wish: HouseWish) -> Result<(), ErrorKind> {
    house.pass(1_000);
    house.desk.act_on_complaint(caller, id, wish).await.map(|_| ()).map_err(|error| error.kind())
}

fn posts(house: &House, event: &str) -> Vec<String> {
    let posts = house.world.posts.lock().unwrap();
    let bodies = posts.iter().map(|post| String::from_utf8(post.body.clone()).unwrap());
    bodies.filter(|body| body.contains(&format!("\"{event}\""))).collect()
}

#[tokio::test]
async fn from_the_page_to_the_money_and_the_end() {
    let house = House::new().await;
    let wu = member(&house.desk, "wu", StaffRole::Compliance, None).await;
    let made = complain(&house).await;
    act(&house, &house.compliance, made.id, categorise()).await.unwrap();
    act(&house, &house.compliance, made.id, answer(20_000)).await.unwrap();
    // She sees nothing of a draft, and its writer cannot give it.
    let hers = house.desk.her_complaint(&made.reference, &made.code).await.unwrap();
    let waits = hers.complaint.stage.proposal().unwrap().clone();
    assert_eq!(hers.texts.of(&waits.draft.text), None);
    let approve = || HouseWish::Approve { draft: waits.seq };
    assert!(act(&house, &house.compliance, made.id, approve()).await.is_err());
    act(&house, &wu, made.id, approve()).await.unwrap();
    let hers = house.desk.her_complaint(&made.reference, &made.code).await.unwrap();
    let given = hers.complaint.stage.answer().unwrap();
    assert_eq!(hers.texts.of(&given.proposal.draft.text), Some(ANSWER));

    let close = || HouseWish::Close {
        root_cause: "c07".to_owned(),
        lesson: "收费系统增加明示表核对".to_owned(),
    };
    assert!(act(&house, &wu, made.id, close()).await.is_err(), "the money is not paid yet");
    let pay = HouseWish::Pay { amount_fen: Fen::new(20_000), payment: "P-1".to_owned() };
    act(&house, &wu, made.id, pay).await.unwrap();
    act(&house, &wu, made.id, close()).await.unwrap();
    house.desk.run_outbox_once(house.desk.now_ms(), 50).await.unwrap();
    assert!(posts(&house, "complaint.received")[0].contains(&made.code));
    assert!(posts(&house, "complaint.answered")[0].contains("138 0000 0000"));
}

#[tokio::test]
async fn her_words_are_in_no_record_and_notes_are_not_hers() {
    let house = House::new().await;
    let made = complain(&house).await;
    let note = "查了流水,确有一笔服务费。";
    act(&house, &house.compliance, made.id, HouseWish::Note(note.to_owned())).await.unwrap();
    let file = house.desk.complaint_file(&house.auditor, made.id).await.unwrap();
    assert_eq!(file.texts.of(&file.complaint.notes[0].text), Some(note));
    let hers = house.desk.her_complaint(&made.reference, &made.code).await.unwrap();
    assert_eq!(hers.texts.of(&hers.complaint.notes[0].text), None);
    assert_eq!(hers.texts.of(&hers.complaint.received.story), Some(STORY));
    for item in house.ports.log.read(&made.id.stream()).await.unwrap() {
        let bytes = String::from_utf8_lossy(item.record.bytes()).into_owned();
        let secret = made.code.replace(' ', "");
        for personal in ["王秀英", "138", "服务费", &secret] {
            assert!(!bytes.contains(personal), "{personal} stands in {bytes}");
        }
    }
}

#[tokio::test]
async fn a_wrong_code_and_an_unknown_reference_say_the_same() {
    let house = House::new().await;
    let (one, two) = (complain(&house).await, complain(&house).await);
    let look = async |reference: &str, code: &str| house.desk.her_complaint(reference, code).await;
    let wrong = look(&one.reference, &two.code).await.unwrap_err().to_string();
    assert_eq!(look("ZZZZ ZZZZ ZZZZ", &one.code).await.unwrap_err().to_string(), wrong);
    assert_eq!(look(&one.reference, "").await.unwrap_err().to_string(), wrong);
    // However it is typed.
    assert!(look(&one.reference.to_lowercase(), &one.code.replace(' ', "-").to_lowercase()).await.is_ok());
}

#[tokio::test]
async fn the_borrower_types_neither_name_nor_loan() {
    let house = House::new().await;
    let (opened, borrower) = house.open("A-1").await;
    let only = Complain { story: STORY.to_owned(), ..Complain::by(Channel::Page) };
    let made = house.desk.complain_as_borrower(&borrower, only.clone()).await.unwrap();
    let file = house.desk.complaint_file(&house.compliance, made.id).await.unwrap();
    assert_eq!(file.complaint.journey, Some(opened.view.journey.id().uuid()));
    assert_eq!(file.complaint.product.as_ref().map(|p| p.0.as_str()), Some("honest-loan"));
    assert_eq!(file.texts.of(&file.complaint.received.name), Some("王秀英"));
    assert_eq!(file.texts.of(&file.complaint.received.contact), Some("138 0000 0000"));
    assert!(house.desk.complain_as_borrower(&house.li, only).await.is_err());
}

#[tokio::test]
async fn who_may_do_what() {
    let house = House::new().await;
    for (caller, channel, allowed) in [
        (&house.li, Channel::Phone, true),
        (&house.li, Channel::Branch, true),
        (&house.li, Channel::Letter, false),
        (&house.li, Channel::Nfra, false),
        (&house.compliance, Channel::Letter, true),
        (&house.compliance, Channel::Page, false),
        (&house.auditor, Channel::Phone, false),
        (&house.admin, Channel::Phone, false),
        (&house.core, Channel::Nfra, false),
    ] {
        let noted = house.desk.note_complaint(caller, wish(channel)).await;
        assert_eq!(noted.is_ok(), allowed, "{channel:?} {noted:?}");
    }
    let made = complain(&house).await;
    for caller in [&house.li, &house.auditor, &house.admin, &house.core] {
        assert_eq!(act(&house, caller, made.id, categorise()).await, Err(ErrorKind::Forbidden));
    }
    assert!(house.desk.complaints(&house.li, ComplaintFilter::default()).await.is_err());
    assert!(house.desk.complaint_file(&house.li, made.id).await.is_err());
    assert_eq!(house.desk.complaints(&house.auditor, ComplaintFilter::default()).await.unwrap().len(), 4);
}

#[tokio::test]
async fn whoever_acted_in_the_loan_does_not_judge_it() {
    let house = House::new().await;
    let wu = member(&house.desk, "wu", StaffRole::Compliance, None).await;
    let (opened, borrower) = house.open("A-2").await;
    // Compliance tries what is the borrower's: the attempt stands in the journey.
    let confirm = mingbai_desk::core::borrow::command::Command::AcknowledgeNotice {
        document: mingbai_desk::evidence::Digest::of(b"x"),
    };
    assert!(house.desk.act(&house.compliance, opened.view.journey.id(), confirm).await.is_err());
    let only = Complain { story: STORY.to_owned(), ..Complain::by(Channel::Page) };
    let made = house.desk.complain_as_borrower(&borrower, only).await.unwrap();
    assert!(act(&house, &house.compliance, made.id, categorise()).await.is_err());
    act(&house, &wu, made.id, categorise()).await.unwrap();
}

#[tokio::test]
async fn a_transfer_is_taken_once_and_an_agent_and_an_heir_are_heard() {
    let house = House::new().await;
    let transfer = |number: &str| Complain { transfer: Some(number.to_owned()), ..wish(Channel::Nfra) };
    let first = house.desk.note_complaint(&Caller::system(), transfer("2026-0001")).await.unwrap();
    let again = house.desk.note_complaint(&Caller::system(), transfer("2026-0001")).await.unwrap();
    assert_eq!((first.written, again.written), (Written::Now, Written::Before));
    assert_eq!((first.id, &first.code), (again.id, &again.code));
    assert!(house.desk.note_complaint(&Caller::system(), wish(Channel::Nfra)).await.is_err());
    for party in [Party::Agent, Party::Heir] {
        house.desk.complain(Complain { party, ..wish(Channel::Page) }).await.unwrap();
    }
    // A letter is acknowledged when its message has left the house.
    let file = house.desk.complaint_file(&house.compliance, first.id).await.unwrap();
    assert_eq!(file.complaint.acknowledged_at_ms, None);
    house.desk.run_outbox_once(house.desk.now_ms(), 50).await.unwrap();
    let file = house.desk.complaint_file(&house.compliance, first.id).await.unwrap();
    assert!(file.complaint.acknowledged_at_ms.is_some());
}

#[tokio::test]
async fn a_form_that_was_sent_twice_is_one_complaint() {
    let house = House::new().await;
    let form = "a".repeat(43);
    let twice = || Complain { form: form.clone(), ..wish(Channel::Page) };
    let (one, two) =
        (house.desk.complain(twice()).await.unwrap(), house.desk.complain(twice()).await.unwrap());
    assert_eq!((one.id, one.code), (two.id, two.code));
}

#[tokio::test]
async fn a_field_that_cannot_be_is_named() {
    let house = House::new().await;
    let cases: [(Complain, &str); 4] = [
        (Complain { story: " ".to_owned(), ..wish(Channel::Page) }, "story"),
        (Complain { story: "长".repeat(4_001), ..wish(Channel::Page) }, "story"),
        (Complain { name: String::new(), ..wish(Channel::Page) }, "name"),
        (Complain { contact: "1".repeat(101), ..wish(Channel::Page) }, "contact"),
    ];
    for (bad, wanted) in cases {
        match house.desk.complain(bad).await {
            Err(DeskError::Invalid { field, .. }) => assert_eq!(field, wanted),
            other => panic!("{wanted}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_house_is_warned_once_of_each_clock_and_of_many_alike() {
    let house = House::new().await;
    let mut made = Vec::new();
    for number in 0..5 {
        let (_, borrower) = house.open(&format!("C-{number}")).await;
        let only = Complain { story: STORY.to_owned(), ..Complain::by(Channel::Page) };
        made.push(house.desk.complain_as_borrower(&borrower, only).await.unwrap());
    }
    for one in &made {
        act(&house, &house.compliance, one.id, categorise()).await.unwrap();
    }
    let clusters = house.desk.complaint_clusters(&house.compliance).await.unwrap();
    assert_eq!((clusters.len(), clusters[0].count), (1, 5));
    assert_eq!(house.desk.raise_complaint_alarms().await.unwrap(), 0);
    house.pass(13 * DAY_MS);
    assert_eq!(house.desk.raise_complaint_alarms().await.unwrap(), 5);
    assert_eq!(house.desk.raise_complaint_alarms().await.unwrap(), 0);
    let extend = HouseWish::Extend(Level::Complex, "要向合作机构调取凭证".to_owned());
    act(&house, &house.compliance, made[0].id, extend).await.unwrap();
    house.pass(5 * DAY_MS);
    assert_eq!(house.desk.raise_complaint_alarms().await.unwrap(), 4, "the extended one has time");
    house.desk.run_outbox_once(house.desk.now_ms(), 100).await.unwrap();
    assert_eq!((posts(&house, "complaint.due_soon").len(), posts(&house, "complaint.overdue").len()), (5, 4));
    act(&house, &house.compliance, made[1].id, answer(0)).await.unwrap();
    let file = house.desk.complaint_file(&house.compliance, made[1].id).await.unwrap();
    assert!(file.complaint.stage.answer().unwrap().is_late());
    let causes = house.desk.complaint_causes(&house.compliance, "honest-loan", "2026.1").await.unwrap();
    assert_eq!((causes[0].cause.as_str(), causes[0].open, causes[0].found), ("c07", 5, 0));
}

#[tokio::test]
async fn she_goes_on_or_takes_it_back() {
    let house = House::new().await;
    let wu = member(&house.desk, "wu", StaffRole::Compliance, None).await;
    let made = complain(&house).await;
    let hers = async |wish: HerWish| {
        house.pass(1_000);
        house.desk.act_as_complainant(&made.reference, &made.code, wish).await
    };
    hers(HerWish::Add("还有一张短信截图。".to_owned())).await.unwrap();
    assert!(hers(HerWish::AskRecheck("没有说清楚".to_owned())).await.is_err());
    act(&house, &house.compliance, made.id, categorise()).await.unwrap();
    act(&house, &house.compliance, made.id, answer(0)).await.unwrap();
    hers(HerWish::AskRecheck("没有说清楚".to_owned())).await.unwrap();
    assert!(act(&house, &house.compliance, made.id, answer(0)).await.is_err(), "not the one who answered");
    act(&house, &wu, made.id, answer(0)).await.unwrap();
    hers(HerWish::AskMediation).await.unwrap();
    let over = hers(HerWish::Withdraw(String::new())).await.unwrap();
    assert_eq!(over.stage.key(), "withdrawn");
    assert!(hers(HerWish::Add("再说一句".to_owned())).await.is_err(), "nobody would read it any more");
}
