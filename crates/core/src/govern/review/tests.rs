//! The path of a material from the hand-in to a release, and everything that must not work on it.

use std::collections::BTreeMap;

use mingbai_cost::Words;
use mingbai_evidence::refs::AttachmentRef;
use mingbai_evidence::{Digest, Draft, Record};
use proptest::prelude::*;
use uuid::Uuid;

use super::checklist::{Checklist, SHIPPED};
use super::event::{MachinePlace, Weight};
use super::lookup::EVERYWHERE;
use super::*;
use crate::actor::{Actor, Login, StaffRole};
use crate::borrow::refusal::RefusalKind;

const DAY: i64 = 24 * 3_600_000;
const START: i64 = 1_790_000_000_000;

fn staff(name: &str, role: StaffRole) -> Actor {
    Actor::Staff(Login::new(name).unwrap(), role)
}
fn li() -> Actor {
    staff("li", StaffRole::Consultant)
}
fn chen() -> Actor {
    staff("chen", StaffRole::Compliance)
}
fn wu() -> Actor {
    staff("wu", StaffRole::Compliance)
}
fn root() -> Actor {
    staff("root", StaffRole::Admin)
}

fn file(name: &str, text: &str) -> MaterialFile {
    let file = AttachmentRef {
        sha256: Digest::of(text.as_bytes()),
        media: "text/plain".to_owned(),
        bytes: text.len() as u64,
    };
    MaterialFile { name: name.to_owned(), file }
}

fn words(text: &str) -> Words {
    Words { zh: text.to_owned(), en: text.to_owned() }
}

fn report(findings: &[(&str, Weight)]) -> MachineReport {
    let finding = |(said, weight): &(&str, Weight)| MachineFinding {
        file: 0,
        rule: "lure".to_owned(),
        weight: *weight,
        right: "R1".to_owned(),
        title: words("诱导"),
        detail: None,
        suggest: words("删去"),
        clause: words("办法"),
        place: Some(MachinePlace { line: 1, column: 1, words: (*said).to_owned() }),
    };
    MachineReport {
        rules: "r".to_owned(),
        readings: vec![MachineReading::Whole { rules: 1 }],
        findings: findings.iter().map(finding).collect(),
        left_out: 0,
    }
}

/// A stream that is written the way the desk writes it, but lets anything in.
struct House {
    id: ReviewId,
    records: Vec<Record>,
    now: i64,
}

impl House {
    fn new(findings: &[(&str, Weight)]) -> Self {
        let list = Checklist::shipped();
        let submission = Submission {
            kind: MaterialKind::Advertisement,
            title: "秋季海报".to_owned(),
            product: None,
            files: vec![file("poster.txt", "first")],
            note: "自评:价格与合同一致。".to_owned(),
            regions: vec!["宁波".to_owned()],
            channels: vec![Channel::Print],
            checklist: (list.id().to_owned(), list.digest()),
            items: vec!["C02".to_owned(), "C08".to_owned()],
            machine: report(findings),
        };
        submission.check().unwrap();
        let mut house = House { id: ReviewId::new(Uuid::from_u128(7)), records: Vec::new(), now: START };
        house.slip(&li(), &ReviewEvent::MaterialSubmitted(Box::new(submission)));
        house
    }

    fn slip(&mut self, actor: &Actor, event: &ReviewEvent) {
        let head = self.records.last().map(Record::head);
        let (kind, body) = event.to_parts();
        self.now += 1000;
        let draft = Draft {
            id: Uuid::from_u128(u128::from(self.now.unsigned_abs())),
            stream: self.id.stream(),
            seq: head.map_or(0, |head| head.seq + 1),
            prev: head.map(|head| head.leaf),
            at_ms: self.now,
            actor: actor.to_string(),
            kind,
            terms: None,
            body,
        };
        self.records.push(Record::write(draft).unwrap());
    }

    fn review(&self) -> Review {
        Review::fold(self.id, &self.records).unwrap()
    }

    fn act(&mut self, actor: &Actor, command: Command) -> Result<(), crate::borrow::refusal::Refusal> {
        let event = self.review().decide(actor, command, Context { now_ms: self.now })?;
        self.slip(actor, &event);
        Ok(())
    }

    /// Both questions answered: the second as given.
    fn judged(&mut self, second: Answer) {
        let items = BTreeMap::from([("C02".to_owned(), Answer::Met), ("C08".to_owned(), second)]);
        self.act(&chen(), Command::Judge { items, machine: BTreeMap::new() }).unwrap();
    }

    fn issued(&mut self, verdict: Verdict) -> Result<(), crate::borrow::refusal::Refusal> {
        let summary = "逐项看过材料和自评,结论和理由写在各项里。".to_owned();
        self.act(&chen(), Command::Issue { verdict, summary })
    }

    fn hand_in(
        &mut self,
        text: &str,
        findings: &[(&str, Weight)],
    ) -> Result<(), crate::borrow::refusal::Refusal> {
        let files = vec![file("poster.txt", text)];
        self.act(&li(), Command::HandIn { files, machine: report(findings) })
    }

    fn release(&mut self, actor: &Actor, compared: &str) -> Result<(), crate::borrow::refusal::Refusal> {
        let (from_ms, until_ms) = (self.now, self.now + 30 * DAY);
        let (regions, channels) = (vec!["宁波".to_owned()], vec![Channel::Print]);
        let compared = compared.to_owned();
        self.act(actor, Command::Release { from_ms, until_ms, regions, channels, compared })
    }

    fn may_use(&self, text: &str, region: &str, channel: Channel, after_ms: i64) -> &'static str {
        let place = Place { region: region.to_owned(), channel };
        usable([&self.review()], Digest::of(text.as_bytes()), &place, self.now + after_ms).key()
    }
}

fn not_met() -> Answer {
    let finding =
        Finding {
            risk: Risk::High, excerpt: "秒到账".to_owned(), suggestion: "删去这三个字".to_owned()
        };
    Answer::NotMet { finding }
}

#[test]
fn the_shipped_list_reads_and_asks_something_of_every_material() {
    let list = Checklist::parse(SHIPPED).unwrap();
    for kind in MaterialKind::ALL {
        assert!(list.items_for(*kind).count() >= 3, "{kind:?}");
    }
    for (from, to) in [("C02", "C01"), ("\"R2\"", "\"R9\""), ("[\"contract\"]", "[]"), ("grade", "grad")] {
        let broken = SHIPPED.replacen(from, to, 1);
        assert!(Checklist::parse(&broken).is_err(), "{from} → {to}");
    }
}

#[test]
fn what_was_reviewed_and_not_changed_is_released_for_its_place_and_time_only() {
    let mut house = House::new(&[]);
    assert_eq!(house.may_use("first", "宁波", Channel::Print, 0), "under_review");
    house.judged(Answer::Met);
    house.issued(Verdict::Passed).unwrap();
    house.hand_in("first", &[]).unwrap();
    assert_eq!(
        house.release(&chen(), "").unwrap_err().kind,
        RefusalKind::NotYours,
        "whoever gave the opinion"
    );
    assert_eq!(house.release(&li(), "").unwrap_err().kind, RefusalKind::NotYours, "not compliance");
    house.release(&wu(), "").unwrap();
    assert_eq!(house.may_use("first", "宁波", Channel::Print, 0), "released");
    assert_eq!(house.may_use("first ", "宁波", Channel::Print, 0), "unknown", "one more character");
    assert_eq!(house.may_use("first", "舟山", Channel::Print, 0), "other_region");
    assert_eq!(house.may_use("first", "宁波", Channel::Live, 0), "other_channel");
    assert_eq!(house.may_use("first", "宁波", Channel::Print, -10_000), "not_yet");
    assert_eq!(house.may_use("first", "宁波", Channel::Print, 31 * DAY), "expired");
    house.act(&chen(), Command::Recall("客户看错了价格。".to_owned())).unwrap();
    assert_eq!(house.may_use("first", "宁波", Channel::Print, 0), "recalled");
}

#[test]
fn a_signature_is_no_opinion() {
    let mut house = House::new(&[("秒到账", Weight::Change)]);
    assert!(house.issued(Verdict::Passed).unwrap_err().why.zh.contains("C02 C08"));
    house.judged(Answer::Met);
    assert!(house.issued(Verdict::Passed).unwrap_err().why.zh.contains("机器提示 1"));
    let short = Command::Issue { verdict: Verdict::Passed, summary: "同意".to_owned() };
    let machine = BTreeMap::from([(0, Judgement::Dismissed { reason: "引用的是警示语。".to_owned() })]);
    house.act(&chen(), Command::Judge { items: BTreeMap::new(), machine }).unwrap();
    assert!(house.act(&chen(), short).is_err());
    house.issued(Verdict::Passed).unwrap();
}

#[test]
fn points_are_adopted_or_set_aside_from_above() {
    let mut house = House::new(&[]);
    house.judged(not_met());
    assert!(house.issued(Verdict::Passed).is_err());
    house.issued(Verdict::Conditional).unwrap();
    assert!(house.hand_in("second", &[]).is_err(), "the point is open");
    let declined = Reply::Declined { reason: "这是品牌名的一部分。".to_owned() };
    house.act(&li(), Command::Reply { no: 1, reply: declined.clone() }).unwrap();
    assert!(house.hand_in("second", &[]).is_err(), "nobody above approved it");
    let waived = Ruling::Waived { reason: "商标注册在先。".to_owned() };
    assert!(
        house.act(&wu(), Command::Rule { no: 1, ruling: waived.clone() }).is_err(),
        "compliance is not above"
    );
    let stands = Ruling::Stands { reason: "容易误导客户。".to_owned() };
    house.act(&root(), Command::Rule { no: 1, ruling: stands }).unwrap();
    assert!(house.hand_in("second", &[]).is_err(), "it stands");
    let adopted = Reply::Adopted { how: "删去了这三个字".to_owned() };
    house.act(&li(), Command::Reply { no: 1, reply: adopted }).unwrap();
    house.hand_in("second", &[]).unwrap();
    assert!(house.release(&wu(), "").is_err(), "other bytes want a comparison");
    house.release(&wu(), "逐字比对:只删去了“秒到账”三个字,其余没有变化。").unwrap();
    assert_eq!(house.may_use("second", "宁波", Channel::Print, 0), "released");
    assert_eq!(
        house.may_use("first", "宁波", Channel::Print, 0),
        "unknown",
        "what was reviewed is not what was released"
    );
}

#[test]
fn what_the_machine_still_finds_in_the_final_stops_it() {
    let mut house = House::new(&[("秒到账", Weight::Change), ("低门槛", Weight::Change)]);
    house.judged(Answer::Met);
    let machine = BTreeMap::from([
        (0, Judgement::Upheld),
        (1, Judgement::Dismissed { reason: "这里是在提醒客户警惕。".to_owned() }),
    ]);
    house.act(&chen(), Command::Judge { items: BTreeMap::new(), machine }).unwrap();
    house.issued(Verdict::Conditional).unwrap();
    house
        .act(&li(), Command::Reply { no: 1, reply: Reply::Adopted { how: "已经删去了".to_owned() } })
        .unwrap();
    house.hand_in("b", &[("秒到账", Weight::Change), ("低门槛", Weight::Change)]).unwrap();
    let note = "逐字比对了两个文件,只在第一行有不同之处。";
    assert!(house.release(&wu(), note).unwrap_err().why.zh.contains("1 处"), "adopted in words only");
    house.hand_in("c", &[("低门槛", Weight::Change), ("零利息", Weight::Change)]).unwrap();
    assert!(house.release(&wu(), note).is_err(), "a new one");
    house.hand_in("d", &[("低门槛", Weight::Change), ("最快", Weight::Look)]).unwrap();
    house.release(&wu(), note).unwrap();
}

#[test]
fn nobody_reviews_what_he_handed_in_and_nothing_is_released_after_a_no() {
    let mut house = House::new(&[]);
    let own = staff("li", StaffRole::Compliance);
    let items = BTreeMap::from([("C02".to_owned(), Answer::Met)]);
    let judge = Command::Judge { items, machine: BTreeMap::new() };
    assert_eq!(house.act(&own, judge.clone()).unwrap_err().kind, RefusalKind::NotYours);
    assert_eq!(house.act(&li(), judge).unwrap_err().kind, RefusalKind::NotYours);
    house.judged(not_met());
    house.issued(Verdict::Failed).unwrap();
    assert!(house.hand_in("first", &[]).is_err());
    assert_eq!(house.may_use("first", "宁波", Channel::Print, 0), "under_review");
    assert_eq!(house.review().stage.key(), "failed");
}

#[test]
fn a_release_is_for_some_days_ahead_for_a_region_and_a_way() {
    let good = Release {
        from_ms: START,
        until_ms: START + DAY,
        regions: vec![EVERYWHERE.to_owned()],
        channels: vec![Channel::Branch],
        check: FinalCheck::SameBytes,
    };
    rules::release(&good, START).unwrap();
    for bad in [
        Release { until_ms: START, ..good.clone() },
        Release { until_ms: START + 400 * DAY, ..good.clone() },
        Release { from_ms: i64::MIN, until_ms: i64::MAX, ..good.clone() },
        Release { regions: Vec::new(), ..good.clone() },
        Release { regions: vec![" 宁波".to_owned()], ..good.clone() },
        Release { channels: Vec::new(), ..good.clone() },
    ] {
        assert!(rules::release(&bad, START).is_err(), "{bad:?}");
    }
    assert!(rules::release(&good, START + 2 * DAY).is_err(), "over before it begins");
}

fn any_event() -> impl Strategy<Value = (usize, ReviewEvent)> {
    let release = |compared: bool| {
        let check = if compared {
            FinalCheck::Compared {
                note: "比对过了,两个文件的每一行都看过一遍没有不同。".to_owned()
            }
        } else {
            FinalCheck::SameBytes
        };
        ReviewEvent::MaterialReleased(Release {
            from_ms: START,
            until_ms: START + 300 * DAY,
            regions: vec![EVERYWHERE.to_owned()],
            channels: vec![Channel::Print],
            check,
        })
    };
    let summary = || "一段足够长的、说明理由的、逐项的审查意见文字。".to_owned();
    let point = Opinion { no: 1, ground: Ground::Item("C08".to_owned()) };
    let event = prop_oneof![
        any::<bool>().prop_map(|met| ReviewEvent::MaterialJudged {
            items: BTreeMap::from([
                ("C02".to_owned(), Answer::Met),
                ("C08".to_owned(), if met { Answer::Met } else { not_met() }),
            ]),
            machine: Vec::new(),
        }),
        Just(ReviewEvent::OpinionIssued { verdict: Verdict::Passed, summary: summary(), points: Vec::new() }),
        Just(ReviewEvent::OpinionIssued {
            verdict: Verdict::Conditional,
            summary: summary(),
            points: vec![point]
        }),
        Just(ReviewEvent::OpinionAnswered {
            no: 1, reply: Reply::Adopted { how: "已经改好了".to_owned() }
        }),
        Just(ReviewEvent::OpinionAnswered {
            no: 1,
            reply: Reply::Declined { reason: "不用改动它".to_owned() }
        }),
        any::<bool>().prop_map(|same| ReviewEvent::FinalHandedIn {
            files: vec![file("poster.txt", if same { "first" } else { "other" })],
            machine: report(&[]),
        }),
        any::<bool>().prop_map(release),
        Just(ReviewEvent::MaterialRecalled { why: "有客户看错了".to_owned() }),
    ];
    (0_usize..4, event)
}

proptest! {
    /// Whatever is slipped into the log in whatever order: a release stands only behind an opinion by another person, and neither of them
    /// handed the material in.
    #[test]
    fn no_order_of_records_releases_without_two_other_persons(events in prop::collection::vec(any_event(), 1..14)) {
        let mut house = House::new(&[]);
        let people = [li(), chen(), wu(), root()];
        for (who, event) in &events {
            house.slip(&people[*who], event);
        }
        let review = house.review();
        if let Stage::Released(issued, released) = &review.stage {
            let last = review.last.as_ref().unwrap();
            prop_assert_ne!(&issued.stamp.by, &released.stamp.by);
            prop_assert_ne!(&review.submitted.by, &released.stamp.by);
            prop_assert_ne!(&review.submitted.by, &issued.stamp.by);
            prop_assert_ne!(&last.stamp.by, &released.stamp.by);
            prop_assert!(issued.points.iter().all(|p| issued.answers.get(&p.no).is_some_and(Answered::is_settled)));
            prop_assert!(review.unanswered().is_empty());
        }
    }
}
