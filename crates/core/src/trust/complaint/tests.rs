//! Complaints played record by record: clocks, two people for money, papers, what only she may do, what is slipped in.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use mingbai_cost::Fen;
use mingbai_evidence::refs::SealedRef;
use mingbai_evidence::seal::{Salt, commit};
use mingbai_evidence::{Digest, Draft as RecordDraft, Record};
use uuid::Uuid;

use super::taxonomy::Taxonomy;
use super::*;
use crate::actor::{Actor, Login, StaffRole};
use crate::borrow::refusal::{Refusal, RefusalKind};
use crate::policy::Pack;

/// 2026-12-01 08:00 in China.
const START_MS: i64 = 1_796_083_200_000;

fn staff(name: &str, role: StaffRole) -> Actor {
    Actor::Staff(Login::new(name).unwrap(), role)
}

fn officer() -> Actor {
    staff("chen", StaffRole::Compliance)
}

fn second() -> Actor {
    staff("wu", StaffRole::Compliance)
}

fn sealed(label: &str) -> SealedRef {
    SealedRef { sealed: commit(label, b"x", &Salt::new([1; 32])), label: label.to_owned() }
}

fn received(channel: Channel) -> Received {
    Received {
        channel,
        party: Party::Herself,
        received_at_ms: START_MS,
        transfer: None,
        journey: None,
        product: None,
        pack_id: "cn-2026-08".to_owned(),
        pack_digest: Digest::of(b"pack"),
        clocks: Clocks::of(&Pack::embedded()),
        name: sealed("complaint.name"),
        contact: sealed("complaint.contact"),
        story: sealed("complaint.story"),
        wish: None,
        code: sealed("complaint.code"),
        papers: Vec::new(),
    }
}

fn draft(refund_fen: i64) -> Draft {
    let remedy = if refund_fen > 0 { Remedy::Refund } else { Remedy::Explanation };
    Draft {
        outcome: Outcome::Upheld,
        remedies: vec![remedy],
        refund_fen: Fen::new(refund_fen),
        text: sealed("complaint.answer"),
        ways: Way::ALL.to_vec(),
    }
}

/// A stream that is written record by record.
struct Case {
    id: ComplaintId,
    records: Vec<Record>,
    now_ms: i64,
    list: Taxonomy,
    involved: Vec<Login>,
}

impl Case {
    fn new() -> Self {
        let id = ComplaintId::new(Uuid::from_u128(0x018f_2f6e_0000_7000_8000_0000_0000_0001));
        let (now_ms, list) = (START_MS, Taxonomy::shipped());
        let mut case = Case { id, records: Vec::new(), now_ms, list, involved: Vec::new() };
        case.write(
            &Actor::Complainant,
            &ComplaintEvent::ComplaintReceived(Box::new(received(Channel::Page))),
        );
        case
    }

    fn write(&mut self, actor: &Actor, event: &ComplaintEvent) {
        let (kind, body) = event.to_parts();
        let head = self.records.last().map(Record::head);
        let record = Record::write(RecordDraft {
            id: Uuid::from_u128(self.records.len() as u128 + 1),
            stream: self.id.stream(),
            seq: head.map_or(0, |head| head.seq + 1),
            prev: head.map(|head| head.leaf),
            at_ms: self.now_ms,
            actor: actor.to_string(),
            kind,
            terms: None,
            body,
        });
        self.records.push(record.unwrap());
    }

    fn now(&self) -> Complaint {
        Complaint::fold(self.id, &self.records).unwrap()
    }

    fn act(&mut self, actor: &Actor, command: Command) -> Result<(), Refusal> {
        let context = Context { now_ms: self.now_ms, taxonomy: &self.list, involved: &self.involved };
        for event in self.now().decide(actor, command, &context)? {
            self.write(actor, &event);
        }
        Ok(())
    }

    fn categorised() -> Self {
        let mut case = Case::new();
        case.act(&officer(), categorise()).unwrap();
        case
    }

    fn answered(refund_fen: i64) -> Self {
        let mut case = Case::categorised();
        case.act(&officer(), Command::Answer(draft(refund_fen))).unwrap();
        if refund_fen > 0 {
            let seq = case.now().stage.proposal().unwrap().seq;
            case.act(&second(), Command::Approve { draft: seq }).unwrap();
        }
        case
    }

    fn pass_days(&mut self, days: i64) {
        self.now_ms += days * DAY_MS;
    }
}

fn categorise() -> Command {
    Command::Categorise { cause: "c05".to_owned(), business: "b03".to_owned(), right: Right::Know }
}

fn close() -> Command {
    Command::Close { root_cause: "c05".to_owned(), lesson: "产品页补充手续费说明".to_owned() }
}

fn not_yours(outcome: Result<(), Refusal>) -> bool {
    outcome.is_err_and(|refusal| refusal.kind == RefusalKind::NotYours)
}

#[test]
fn an_answer_is_in_time_until_the_last_moment_of_the_day_in_china() {
    let case = Case::new();
    // Received on 2026-12-01; the day of receipt is not counted, so 2026-12-16 is the fifteenth day.
    let due_ms = case.now().due_ms().unwrap();
    assert_eq!(due_ms, START_MS - 8 * 3_600_000 + 16 * DAY_MS - 1);
    assert_eq!(alarm::of_clock(Some(due_ms), START_MS, 3), None);
    assert_eq!(alarm::of_clock(Some(due_ms), due_ms - 3 * DAY_MS, 3), Some(AlarmKind::Soon));
    assert_eq!(alarm::of_clock(Some(due_ms), due_ms, 3), Some(AlarmKind::Soon));
    assert_eq!(alarm::of_clock(Some(due_ms), due_ms + 1, 3), Some(AlarmKind::Overdue));
    assert_eq!(alarm::of_clock(None, due_ms + 1, 3), None);
}

#[test]
fn a_late_answer_stays_late() {
    let mut case = Case::categorised();
    case.pass_days(20);
    case.act(&officer(), Command::Answer(draft(0))).unwrap();
    assert!(case.now().stage.answer().unwrap().is_late());
    let mut fresh = Case::categorised();
    fresh.act(&officer(), Command::Answer(draft(0))).unwrap();
    assert!(!fresh.now().stage.answer().unwrap().is_late());
}

#[test]
fn time_is_taken_with_a_reason_before_it_is_over_and_sixty_days_by_two_people() {
    let extend =
        |level| Command::Extend { level, reason: "需要向合作机构调取收费凭证".to_owned() };
    let mut case = Case::new();
    assert!(
        case.act(&officer(), Command::Extend { level: Level::Complex, reason: "忙".to_owned() }).is_err()
    );
    case.act(&officer(), extend(Level::Complex)).unwrap();
    assert!(case.act(&officer(), extend(Level::Complex)).is_err());
    case.act(&officer(), extend(Level::VeryComplex)).unwrap();
    let thirty = case.now().due_ms().unwrap();
    assert!(not_yours(case.act(&officer(), Command::ApproveExtension)));
    case.act(&second(), Command::ApproveExtension).unwrap();
    assert_eq!(case.now().due_ms().unwrap() - thirty, 30 * DAY_MS);
    assert_eq!(case.now().extensions.len(), 2);

    let mut late = Case::new();
    late.pass_days(16);
    assert!(late.act(&officer(), extend(Level::Complex)).is_err());
}

#[test]
fn money_needs_a_second_person_and_is_paid_before_the_end() {
    let mut case = Case::categorised();
    case.act(&officer(), Command::Answer(draft(12_000))).unwrap();
    let seq = case.now().stage.proposal().unwrap().seq;
    assert!(case.now().stage.answer().is_none());
    assert!(not_yours(case.act(&officer(), Command::Approve { draft: seq })));
    case.act(&second(), Command::Approve { draft: seq }).unwrap();
    assert_eq!(case.now().owed_fen(), Fen::new(12_000));
    assert!(case.act(&officer(), close()).is_err());
    assert!(case.act(&Actor::Complainant, Command::Withdraw(None)).is_err(), "the money would be lost");
    let pay = |fen| Command::Pay { amount_fen: Fen::new(fen), payment: "P-1".to_owned() };
    assert!(case.act(&officer(), pay(12_001)).is_err());
    case.act(&officer(), pay(12_000)).unwrap();
    case.act(&officer(), close()).unwrap();
    assert_eq!(case.now().stage.key(), "closed");
}

#[test]
fn a_record_past_the_rules_changes_nothing() {
    let mut case = Case::categorised();
    case.act(&officer(), Command::Answer(draft(500))).unwrap();
    let seq = case.now().stage.proposal().unwrap().seq;
    // The writer himself, a consultant, and the house in her name.
    case.write(&officer(), &ComplaintEvent::AnswerGiven { draft: seq });
    case.write(&staff("li.na", StaffRole::Consultant), &ComplaintEvent::AnswerGiven { draft: seq });
    case.write(&officer(), &ComplaintEvent::ComplaintWithdrawn { why: None });
    case.write(
        &officer(),
        &ComplaintEvent::ComplaintExtended { level: Level::VeryComplex, reason: "x".to_owned() },
    );
    let now = case.now();
    assert_eq!((now.stage.key(), now.extensions.len()), ("open", 0));
    assert!(now.stage.answer().is_none());
}

#[test]
fn nobody_is_asked_for_a_paper_twice() {
    let paper = |kind| Paper { kind, about: String::new() };
    let ask = |kind| Command::Ask { paper: paper(kind), why: "核对代理权限".to_owned() };
    let mut case = Case::new();
    case.act(&officer(), ask(PaperKind::Authority)).unwrap();
    assert!(case.act(&officer(), ask(PaperKind::Authority)).is_err());
    case.act(&officer(), Command::Hold(paper(PaperKind::Authority))).unwrap();
    assert!(case.now().asked.is_empty());
    assert!(case.act(&officer(), ask(PaperKind::Authority)).is_err());
    // The house finds the contract of a journey that it knows itself.
    case.act(&officer(), ask(PaperKind::Contract)).unwrap();
    let mut linked = Case::new();
    let product = ("honest-loan".to_owned(), "2026.1".to_owned());
    linked.act(&officer(), Command::Link { journey: Uuid::nil(), product }).unwrap();
    assert!(linked.act(&officer(), ask(PaperKind::Contract)).is_err());
}

#[test]
fn only_she_takes_it_back_and_that_ends_it() {
    let mut case = Case::new();
    assert!(not_yours(case.act(&officer(), Command::Withdraw(None))));
    case.act(&Actor::Complainant, Command::Withdraw(None)).unwrap();
    assert_eq!((case.now().stage.key(), case.now().due_ms()), ("withdrawn", None));
    assert!(case.act(&officer(), categorise()).is_err());
    assert!(case.act(&Actor::Complainant, Command::Withdraw(None)).is_err());
}

#[test]
fn a_recheck_is_somebody_elses_and_once_and_possible_after_the_end() {
    let why = || Command::AskRecheck(sealed("complaint.recheck"));
    let mut case = Case::answered(0);
    case.act(&officer(), close()).unwrap();
    case.act(&Actor::Complainant, why()).unwrap();
    assert_eq!(case.now().stage.key(), "recheck");
    assert!(case.now().due_ms().is_some());
    assert!(not_yours(case.act(&officer(), Command::Answer(draft(0)))));
    case.act(&second(), Command::Answer(draft(0))).unwrap();
    assert_eq!(case.now().stage.key(), "answered");
    assert!(case.act(&Actor::Complainant, why()).is_err());

    let mut late = Case::answered(0);
    late.pass_days(31);
    assert!(late.act(&Actor::Complainant, why()).is_err());
}

#[test]
fn a_mediation_holds_the_end_up() {
    let mut case = Case::new();
    assert!(case.act(&Actor::Complainant, Command::AskMediation).is_err());
    let mut case = Case::answered(0);
    case.act(&Actor::Complainant, Command::AskMediation).unwrap();
    assert_eq!(case.now().stage.key(), "mediation");
    assert!(case.act(&officer(), close()).is_err());
    case.act(&officer(), Command::EndMediation(MediationEnd::Agreed)).unwrap();
    case.act(&officer(), close()).unwrap();
}

#[test]
fn an_answer_needs_a_cause_every_way_on_and_somebody_without_a_part_in_it() {
    let mut case = Case::new();
    assert!(case.act(&officer(), Command::Answer(draft(0))).is_err());
    case.act(&officer(), categorise()).unwrap();
    let silent = Draft { ways: vec![Way::Court], ..draft(0) };
    assert!(case.act(&officer(), Command::Answer(silent)).is_err());
    let unsaid = Draft { remedies: vec![Remedy::Apology], ..draft(100) };
    assert!(case.act(&officer(), Command::Answer(unsaid)).is_err());
    case.involved = vec![Login::new("chen").unwrap()];
    assert!(not_yours(case.act(&officer(), Command::Answer(draft(0)))));
    case.act(&second(), Command::Answer(draft(0))).unwrap();
}

#[test]
fn an_alarm_is_raised_once_for_one_clock() {
    let mut case = Case::new();
    case.pass_days(20);
    case.act(&Actor::System, Command::Raise(AlarmKind::Overdue)).unwrap();
    assert!(case.act(&Actor::System, Command::Raise(AlarmKind::Overdue)).is_err());
    assert!(case.act(&officer(), Command::Raise(AlarmKind::Soon)).is_err());
}

#[test]
fn many_about_one_thing_in_one_window_are_a_cluster() {
    let seen = |product: &str, cause: &str, day: i64| alarm::Seen {
        product: product.to_owned(),
        cause: cause.to_owned(),
        received_at_ms: START_MS + day * DAY_MS,
    };
    let mut all: Vec<_> = (0..4).map(|i| seen("a", "c05", i)).collect();
    // The fifth comes after the window: thirty days have passed since the first.
    all.push(seen("a", "c05", 30));
    all.extend((0..6).map(|i| seen("b", &format!("c0{i}"), i)));
    assert_eq!(alarm::clusters(&all, &Pack::embedded()), []);
    all.push(seen("a", "c05", 29));
    let found = alarm::clusters(&all, &Pack::embedded());
    assert_eq!(found.len(), 1);
    // Six in all, but no thirty days hold more than five: the days 0 to 29 and the days 1 to 30 do. Of equal windows the newest counts.
    assert_eq!((found[0].count, found[0].cause.as_str()), (5, "c05"));
    assert_eq!((found[0].from_ms, found[0].until_ms), (START_MS + DAY_MS, START_MS + 30 * DAY_MS));
}

#[test]
fn the_shipped_list_reads_and_others_are_checked() {
    let list = Taxonomy::shipped();
    assert_eq!((list.causes.len(), list.businesses.len()), (12, 14));
    assert!(list.cause("c05").is_some() && list.cause("c99").is_none());
    for (from, to) in
        [("code = \"c02\"", "code = \"c01\""), ("code = \"c02\"", "code = \"C02\""), ("[source]", "[sauce]")]
    {
        assert!(Taxonomy::parse(&taxonomy::SHIPPED.replacen(from, to, 1)).is_err(), "{to}");
    }
}

#[test]
fn a_reference_is_twelve_letters_of_the_number() {
    let id = ComplaintId::new(Uuid::from_u128(0x018f_2f6e_0000_7000_8000_0000_0000_0021));
    assert_eq!((id.reference().as_str(), id.shown().as_str()), ("000000000011", "0000 0000 0011"));
}

#[test]
fn what_is_no_complaint_is_refused() {
    let mut case = Case::new();
    case.records.clear();
    assert_eq!(Complaint::fold(case.id, &case.records), Err(FoldError::NoBeginning(case.id)));
    case.write(&officer(), &ComplaintEvent::ComplaintAcknowledged {});
    assert_eq!(Complaint::fold(case.id, &case.records), Err(FoldError::NoBeginning(case.id)));
}

#[test]
fn letters_stay_hers_after_she_takes_it_back() {
    let mut case = Case::categorised();
    case.act(&officer(), Command::Answer(draft(0))).unwrap();
    case.act(&Actor::Complainant, Command::AskRecheck(sealed("complaint.recheck"))).unwrap();
    case.act(&Actor::Complainant, Command::Withdraw(None)).unwrap();
    let now = case.now();
    assert_eq!((now.stage.key(), now.stage.answers().len()), ("withdrawn", 1));
    // It is no answer that counts: nothing can be asked on it any more.
    assert_eq!((now.stage.answer(), now.recheck_until_ms()), (None, None));
}

#[test]
fn only_what_was_handed_over_is_taken_over_and_only_at_once() {
    let over =
        |elsewhere| ComplaintEvent::ComplaintTakenOver { original: sealed("complaint.original"), elsewhere };
    let begun = |channel| {
        let mut case = Case::new();
        case.records.clear();
        case.write(&officer(), &ComplaintEvent::ComplaintReceived(Box::new(received(channel))));
        case
    };
    let mut case = begun(Channel::Other);
    case.write(&officer(), &over(Elsewhere::Late));
    assert_eq!((case.now().stage.key(), case.now().due_ms()), ("elsewhere", None));
    assert!(case.act(&officer(), categorise()).is_err(), "there is nothing left to do");

    let mut case = begun(Channel::Nfra);
    case.write(&officer(), &over(Elsewhere::Open));
    assert_eq!(case.now().stage.key(), "open");
    // A second time, by somebody else, or for a complaint that came here first, it would end a complaint without an answer.
    case.write(&officer(), &over(Elsewhere::InTime));
    assert_eq!(case.now().stage.key(), "open");
    let mut case = begun(Channel::Nfra);
    case.write(&Actor::Complainant, &over(Elsewhere::InTime));
    assert_eq!(case.now().stage.key(), "open");
    let mut case = begun(Channel::Letter);
    case.write(&officer(), &over(Elsewhere::InTime));
    assert_eq!(case.now().stage.key(), "open");
}
