//! One loan through every duty, and the ways in which it must not go.

use std::collections::BTreeMap;

use mingbai_core::actor::{Actor, StaffRole};
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::duty::Duty;
use mingbai_core::borrow::event::*;
use mingbai_core::borrow::gate;
use mingbai_core::borrow::reconcile::ReportedCharge;
use mingbai_core::borrow::refusal::RefusalKind;
use mingbai_core::borrow::screen::ScreenKey;
use mingbai_core::borrow::state::Stage;
use mingbai_core::borrow::status::Step;
use mingbai_core::borrow::teachback::Answer;
use mingbai_core::cost::Fen;
use mingbai_core::evidence::Digest;

use crate::common::{Bench, TERMS, core, staff};

fn missing(bench: &Bench) -> Vec<Duty> {
    match gate::open(&bench.journey(), &bench.context()) {
        Ok(_) => Vec::new(),
        Err(refusal) => refusal.missing.iter().map(|m| m.duty).collect(),
    }
}

fn issue(bench: &mut Bench) -> String {
    let permit = gate::open(&bench.journey(), &bench.context()).unwrap();
    let id = permit.claims().permit;
    let event = permit.issue(Digest::of(b"token"));
    bench.write(&Actor::System, &event);
    id
}

#[test]
fn the_whole_ceremony_opens_the_gate_and_nothing_less_does() {
    let mut bench = Bench::new();
    bench.open();
    bench.offer(TERMS);
    assert_eq!(missing(&bench), Duty::BEFORE_PAYOUT.to_vec());
    bench.prepare();
    bench.read_all();
    assert!(missing(&bench).contains(&Duty::Understood));
    bench.answer_all();
    bench.sign_and_rest();
    assert_eq!(missing(&bench), vec![Duty::Confirmed]);
    bench.borrower(Command::Confirm { own_wish: YesNo::Yes, being_told: YesNo::No });
    assert_eq!(missing(&bench), vec![]);
    let permit = issue(&mut bench);
    let table = bench.journey().table().unwrap().clone();
    let payout = Command::ReportPayout {
        permit,
        amount_fen: table.principal_fen,
        on: table.payout_on,
        reference: "P-1".into(),
    };
    bench.act(&core(), payout.clone()).unwrap();
    assert_eq!(bench.journey().stage(), Stage::PaidOut);
    assert!(bench.journey().violations().is_empty());
    assert!(bench.act(&core(), payout).unwrap().is_empty(), "a retry adds nothing");
}

#[test]
fn changed_terms_make_all_old_evidence_stop_counting() {
    let mut bench = Bench::new();
    bench.whole_ceremony();
    assert_eq!(missing(&bench), vec![]);
    let dearer = TERMS.replace("8000", "9000");
    bench.offer(&dearer);
    assert_eq!(missing(&bench), Duty::BEFORE_PAYOUT.to_vec());
    assert!(!bench.journey().changes().is_empty());
    // Going back to the first terms does not bring the old evidence back either.
    bench.offer(TERMS);
    assert_eq!(missing(&bench), Duty::BEFORE_PAYOUT.to_vec());
}

#[test]
fn a_consultant_cannot_act_for_the_borrower() {
    let mut bench = Bench::new();
    bench.open();
    bench.offer(TERMS);
    let consultant = staff(StaffRole::Consultant);
    for command in [
        Command::Confirm { own_wish: YesNo::Yes, being_told: YesNo::No },
        Command::AskQuestion,
        Command::FinishSection { section: "money".into() },
        Command::ConfirmSignature { document: Digest::of(b"contract") },
    ] {
        let refusal = bench.act(&consultant, command).unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::NotYours);
    }
    // Even a record that was slipped into the log under her name counts for nothing.
    bench.whole_rest_without_confirmation();
    let table = bench.journey().table_ref().unwrap().sha256;
    bench.write(&consultant, &Event::Confirmed { own_wish: YesNo::Yes, being_told: YesNo::No, table });
    assert_eq!(missing(&bench), vec![Duty::Confirmed]);
}

#[test]
fn only_a_person_lifts_a_pause_and_no_second_answer_does() {
    let mut bench = Bench::new();
    bench.whole_ceremony();
    bench.borrower(Command::AskForHelp);
    assert!(missing(&bench).contains(&Duty::Screened));
    assert_eq!(bench.journey().screening_hits(), [ScreenKey::Forced]);
    // Whoever stands over her goes back and presses "no" everywhere.
    let calm: BTreeMap<_, _> = ScreenKey::ALL.into_iter().map(|key| (key, YesNo::No)).collect();
    let again = Command::AnswerScreening { answers: calm.clone() };
    let refusal = bench.act(&Actor::Borrower, again.clone()).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotNow);
    // Nor does a record that was slipped past the rules.
    let answered = Event::ScreenAnswered { answers: calm, result: ScreenResult::Clear, hits: Vec::new() };
    bench.write(&Actor::Borrower, &answered);
    assert!(missing(&bench).contains(&Duty::Screened));
    let review = |decision| Command::ReviewScreening { decision, reason: "已单独通话核实".into() };
    bench.act(&staff(StaffRole::Compliance), review(HumanDecision::Upheld)).unwrap();
    assert!(bench.act(&Actor::Borrower, again.clone()).is_ok(), "she may say so; it opens nothing");
    assert!(missing(&bench).contains(&Duty::Screened));
    bench.act(&staff(StaffRole::Compliance), review(HumanDecision::Allowed)).unwrap();
    assert!(!missing(&bench).contains(&Duty::Screened));
    // And a new call for help pauses again.
    bench.borrower(Command::AskForHelp);
    assert!(missing(&bench).contains(&Duty::Screened));
}

#[test]
fn a_rings_pause_outlives_new_terms_and_a_person_lifts_it_for_good() {
    let mut bench = Bench::new();
    bench.whole_ceremony();
    let ring = uuid::Uuid::from_u128(7);
    let alert = || Command::AlertRing { ring };
    for actor in [Actor::Borrower, core(), staff(StaffRole::Consultant), staff(StaffRole::Compliance)] {
        assert_eq!(bench.act(&actor, alert()).unwrap_err().kind, RefusalKind::NotYours);
    }
    bench.act(&Actor::System, alert()).unwrap();
    assert!(bench.journey().ring_waits() && missing(&bench).contains(&Duty::Screened));
    bench.offer(&TERMS.replace("8000", "9000"));
    assert!(bench.journey().ring_waits(), "what she shares is about her and not about the terms");
    // Neither her own answers nor a record that was slipped in take it away.
    let calm: BTreeMap<_, _> = ScreenKey::ALL.into_iter().map(|key| (key, YesNo::No)).collect();
    bench.borrower(Command::AnswerScreening { answers: calm });
    let forged = Event::ScreenReviewed { decision: HumanDecision::Allowed, reason: "已核实".into() };
    bench.write(&staff(StaffRole::Consultant), &forged);
    bench.write(&core(), &Event::RingAlerted { ring: uuid::Uuid::from_u128(8) });
    assert!(missing(&bench).contains(&Duty::Screened) && bench.journey().ring() == Some(ring));
    let review = |decision| Command::ReviewScreening { decision, reason: "已单独通话核实".into() };
    bench.act(&staff(StaffRole::Compliance), review(HumanDecision::Upheld)).unwrap();
    assert!(bench.journey().ring_waits());
    bench.act(&staff(StaffRole::Compliance), review(HumanDecision::Allowed)).unwrap();
    assert!(!missing(&bench).contains(&Duty::Screened));
    // Whoever was let go on is not stopped again because another one joined, nor because the terms change.
    assert_eq!(bench.act(&Actor::System, alert()), Ok(Vec::new()));
    bench.offer(TERMS);
    assert!(!bench.journey().ring_waits());
}

#[test]
fn clear_by_rote_is_not_understood_and_leads_to_a_person() {
    let mut bench = Bench::new();
    bench.open();
    bench.offer(TERMS);
    bench.prepare();
    bench.read_all();
    while !bench.journey().needs_human(&bench.pack) {
        bench.borrower(Command::AskQuestion);
        let question = bench.journey().open_question().unwrap().id.to_string();
        bench.borrower(Command::AnswerQuestion { question, answer: Answer::Free("清楚".into()) });
    }
    let refusal = bench.act(&Actor::Borrower, Command::AskQuestion).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Paused);
    assert!(missing(&bench).contains(&Duty::Understood));
    bench.act(&staff(StaffRole::Consultant), Command::ExplainInPerson).unwrap();
    bench.answer_all();
    assert!(!missing(&bench).contains(&Duty::Understood));
}

#[test]
fn reading_too_fast_is_refused_with_the_time_that_is_left() {
    let mut bench = Bench::new();
    bench.open();
    bench.offer(TERMS);
    bench.prepare();
    bench.borrower(Command::OpenSection { section: "money".into() });
    bench.now_ms += 1_000;
    let refusal =
        bench.act(&Actor::Borrower, Command::FinishSection { section: "money".into() }).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotNow);
    assert!(refusal.why.zh.contains('秒'), "{}", refusal.why.zh);
}

#[test]
fn saying_that_somebody_tells_her_what_to_answer_voids_the_permit() {
    let mut bench = Bench::new();
    bench.whole_ceremony();
    let permit = issue(&mut bench);
    bench.borrower(Command::Confirm { own_wish: YesNo::Yes, being_told: YesNo::Yes });
    assert_eq!(missing(&bench), vec![Duty::Confirmed]);
    let table = bench.journey().table().unwrap().clone();
    let payout = Command::ReportPayout {
        permit,
        amount_fen: table.principal_fen,
        on: table.payout_on,
        reference: "P-1".into(),
    };
    bench.act(&core(), payout).unwrap();
    let journey = bench.journey();
    assert_eq!(journey.violations()[0].kind, ViolationKind::NoPermit);
    assert_eq!(journey.remedies().len(), 1);
}

#[test]
fn a_short_payout_and_an_unlisted_charge_are_violations_with_the_amount() {
    let mut bench = Bench::new();
    bench.whole_ceremony();
    let permit = issue(&mut bench);
    let table = bench.journey().table().unwrap().clone();
    let short = Fen::new(table.principal_fen.get() - 300_000);
    bench
        .act(
            &core(),
            Command::ReportPayout { permit, amount_fen: short, on: table.payout_on, reference: "P-1".into() },
        )
        .unwrap();
    let charge = ReportedCharge {
        reference: "C-1".into(),
        item_key: "consulting".into(),
        name_text: "咨询服务费".into(),
        amount_fen: Fen::new(66_600),
        on: table.instalments[0].due_on,
        payee: "某咨询公司".into(),
    };
    bench.act(&core(), Command::ReportCharge(charge)).unwrap();
    let journey = bench.journey();
    let found: Vec<_> = journey.violations().iter().map(|v| (v.kind, v.refund_fen.get())).collect();
    assert_eq!(found, vec![(ViolationKind::ShortPayout, 300_000), (ViolationKind::Unlisted, 66_600)]);
    let refund = Command::ReportRefund { reference: "C-1".into(), amount_fen: Fen::new(66_600) };
    bench.act(&core(), refund).unwrap();
    assert_eq!(bench.journey().violations()[1].refunded_fen, Fen::new(66_600));
}

#[test]
fn declining_ends_the_journey_and_is_no_failure() {
    let mut bench = Bench::new();
    bench.open();
    bench.offer(TERMS);
    bench.borrower(Command::Decline { reason: "利息太高".into() });
    assert_eq!(bench.journey().next_step(&bench.pack), Step::Declined);
    assert_eq!(bench.act(&Actor::Borrower, Command::AskQuestion).unwrap_err().kind, RefusalKind::Ended);
}
