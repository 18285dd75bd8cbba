//! Everybody who tries to go around the gate.

use mingbai_desk::ErrorKind;
use mingbai_desk::borrow::{TermsRequest, permit};
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::{Judged, Surface, TypeSize, YesNo};
use mingbai_desk::core::borrow::refusal::RefusalKind;
use mingbai_desk::core::borrow::teachback::Answer;
use mingbai_desk::cost::{Fen, Lang};
use mingbai_desk::ports::{Clock as _, PaperKind};
use mingbai_desk::trust::PaperStanding;

use crate::house::{House, kind, member};

#[tokio::test(flavor = "multi_thread")]
async fn a_shut_gate_lists_what_is_missing_and_says_it_once() {
    let house = House::new().await;
    let (opened, _) = house.open("APP-1").await;
    let id = opened.view.journey.id();
    for _ in 0..3 {
        let error = house.desk.permit(&house.core, id).await.unwrap_err();
        let refusal = error.refusal().unwrap();
        assert_eq!(refusal.kind, RefusalKind::GateShut);
        assert_eq!(refusal.missing.len(), 11);
        assert!(refusal.missing.iter().all(|missing| !missing.next.zh.is_empty()));
    }
    assert_eq!(house.journey(id).await.gate_refusals(), 1);
    assert_eq!(kind(house.desk.permit(&house.li, id).await), ErrorKind::Forbidden);
}

/// The certificate tells the journey so far: it is made anew when something happened since, and it is kept otherwise.
#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_tells_everything_and_the_card_asks_what_the_call_asks() {
    let house = House::new().await;
    let desk = &house.desk;
    let (opened, borrower) = house.open("APP-1").await;
    let id = opened.view.journey.id();
    house.ceremony(&borrower, id).await;
    let issue = async |kind| desk.issue_paper(&house.li, id, kind, Lang::Zh, TypeSize::Normal).await.unwrap();
    let read = async |document| {
        let (_, bytes) = desk.paper_bytes(&house.li, id, document).await.unwrap();
        String::from_utf8(bytes).unwrap()
    };
    house.world.now_ms.fetch_add(1_000, std::sync::atomic::Ordering::SeqCst);
    let first = issue(PaperKind::Certificate).await;
    let again = issue(PaperKind::Certificate).await;
    assert_eq!(first.code, again.code);
    let told = read(first.document.sha256).await;
    let timeline = desk.timeline(&house.li, id).await.unwrap();
    for entry in &timeline.entries {
        assert!(told.contains(&entry.leaf.to_string()), "record {} is missing", entry.seq);
    }
    desk.permit(&house.core, id).await.unwrap();
    house.world.now_ms.fetch_add(1_000, std::sync::atomic::Ordering::SeqCst);
    let later = issue(PaperKind::Certificate).await;
    assert_ne!(first.code, later.code);
    assert!(
        read(later.document.sha256).await.contains(&first.code),
        "the first certificate is on the second"
    );

    let card = issue(PaperKind::CallbackCard).await;
    let told = read(card.document.sha256).await;
    assert!(told.contains(&card.code));
    for question in mingbai_desk::core::borrow::callback::FactKey::ALL {
        assert!(told.contains(&question.question().zh), "{question:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fee_that_comes_after_the_disclosure_starts_it_anew() {
    let house = House::new().await;
    let desk = &house.desk;
    let (opened, borrower) = house.open("APP-1").await;
    let id = opened.view.journey.id();
    house.ceremony(&borrower, id).await;
    let paper = desk.issue_paper(&house.li, id, PaperKind::Notice, Lang::Zh, TypeSize::Large).await.unwrap();
    let issued = desk.permit(&house.core, id).await.unwrap();

    let request = TermsRequest {
        product: Some(("honest-loan".to_owned(), "2026.2".to_owned())),
        principal_fen: Fen::new(5_000_000),
        periods: 12,
        payout_on: jiff::civil::date(2026, 12, 2),
        method: None,
    };
    let changed = desk.change_terms(&house.core, id, request.clone()).await.unwrap();
    let journey = &changed.view.journey;
    assert_eq!(house.missing(journey).len(), 11);
    assert_eq!(journey.earlier_offers().len(), 1);
    assert!(
        desk.change_terms(&house.core, id, request).await.unwrap().receipt.is_none(),
        "the same terms again"
    );
    let refusal = kind(desk.permit(&house.core, id).await);
    assert_eq!(refusal, ErrorKind::Refused(RefusalKind::GateShut));
    assert_eq!(desk.check_code(&paper.code).await.unwrap().standing, PaperStanding::Superseded);

    // Paid out on the old permit all the same: it is recorded, and it is a violation.
    let day = jiff::civil::date(2026, 12, 2);
    let amount = issued.claims.amount_fen;
    let acted =
        desk.report_payout(&house.core, id, &issued.claims.permit, amount, day, "PAY-1").await.unwrap();
    assert_eq!(acted.view.journey.violations().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consultant_cannot_confirm_for_the_customer() {
    let house = House::new().await;
    let (opened, _) = house.open("APP-1").await;
    let id = opened.view.journey.id();
    let size = house.ports.log.head().await.unwrap().size;
    let attempts = [
        Command::Confirm { own_wish: YesNo::Yes, being_told: YesNo::No },
        Command::ShowTable { surface: Surface::Screen, lang: Lang::Zh, size: TypeSize::Normal },
        Command::AskQuestion,
        Command::Decline { reason: String::new() },
    ];
    for attempt in attempts {
        let refused = kind(house.desk.act(&house.li, id, attempt).await);
        assert_eq!(refused, ErrorKind::Refused(RefusalKind::NotYours));
    }
    for other in [&house.auditor, &house.compliance, &house.core] {
        assert!(house.desk.act(other, id, Command::AskQuestion).await.is_err());
    }
    let journey = house.journey(id).await;
    assert_eq!(journey.denied_attempts().len(), 7);
    assert_eq!(journey.denied_attempts()[0].command, "confirm");
    assert_eq!(journey.denied_attempts()[0].mark.actor.to_string(), "staff:li.na:consultant");
    assert_eq!(house.ports.log.head().await.unwrap().size, size + 7, "the attempts and nothing else");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_what_is_not_theirs() {
    let house = House::new().await;
    let desk = &house.desk;
    let (opened, borrower) = house.open("APP-1").await;
    let (other, stranger) = house.open("APP-2").await;
    let id = opened.view.journey.id();
    let west = member(desk, "wu", StaffRole::Consultant, Some("west")).await;
    for caller in [&west, &stranger, &house.admin] {
        assert_eq!(kind(desk.journey(caller, id).await), ErrorKind::NotFound);
        assert_eq!(kind(desk.timeline(caller, id).await), ErrorKind::NotFound);
        assert_eq!(kind(desk.act(caller, id, Command::AskQuestion).await), ErrorKind::NotFound);
        assert_eq!(kind(desk.find_journey(caller, "APP-1").await), ErrorKind::NotFound);
    }
    assert!(house.journey(id).await.denied_attempts().is_empty(), "who cannot see it cannot fill it");
    for (caller, rows) in [(&house.li, 2), (&west, 0), (&house.auditor, 2), (&house.compliance, 2)] {
        assert_eq!(desk.list(caller, Default::default()).await.unwrap().len(), rows);
    }
    for caller in [&borrower, &house.core, &house.admin] {
        assert_eq!(kind(desk.list(caller, Default::default()).await), ErrorKind::Forbidden);
    }
    // Both were opened in the same millisecond, so neither is the first.
    let rows = desk.list(&house.li, Default::default()).await.unwrap();
    assert_eq!(rows.iter().find(|row| row.journey == id).map(|row| row.missing.len()), Some(11));
    assert_eq!(desk.find_journey(&house.li, &id.reference()).await.unwrap(), id);
    assert_eq!(desk.find_journey(&borrower, "APP-1").await.unwrap(), id);
    assert_eq!(desk.borrower_name(&house.li, id).await.unwrap().as_deref(), Some("王秀英"));
    assert_eq!(kind(desk.borrower_name(&house.core, id).await), ErrorKind::Forbidden);
    let everything = mingbai_desk::borrow::Disclose::Everything;
    assert_eq!(kind(desk.package(&house.auditor, id, everything.clone()).await), ErrorKind::Forbidden);
    assert!(desk.package(&stranger, other.view.journey.id(), everything).await.is_ok(), "her own");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_like_clear_show_nothing() {
    let house = House::new().await;
    let (opened, borrower) = house.open("APP-1").await;
    let id = opened.view.journey.id();
    house.read(&borrower, id).await;
    let journey = house.act(&borrower, id, Command::AskQuestion).await;
    let question = journey.open_question().unwrap().id.to_string();
    let acted = house
        .desk
        .act(
            &borrower,
            id,
            Command::AnswerQuestion { question, answer: Answer::Free("清楚,都清楚".to_owned()) },
        )
        .await
        .unwrap();
    let said = acted.events.iter().find_map(|event| match event {
        mingbai_desk::core::borrow::event::Event::QuestionAnswered { judged, .. } => Some(*judged),
        _ => None,
    });
    assert_eq!(said, Some(Judged::Empty));
    assert!(house.missing(&acted.view.journey).contains(&"understood"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permit_asked_for_again_is_the_same_and_dies_in_time() {
    let house = House::new().await;
    let desk = &house.desk;
    let (opened, borrower) = house.open("APP-1").await;
    let id = opened.view.journey.id();
    house.ceremony(&borrower, id).await;
    // Several at once: one permit is written, everybody gets its token.
    let mut work = Vec::new();
    for _ in 0..6 {
        let (desk, core) = (house.desk.clone(), house.core.clone());
        work.push(tokio::spawn(async move { desk.permit(&core, id).await.unwrap() }));
    }
    let mut tokens = std::collections::BTreeSet::new();
    for one in work {
        tokens.insert(one.await.unwrap().token);
    }
    assert_eq!(tokens.len(), 1);
    let token = tokens.into_iter().next().unwrap();
    let issued = desk.permit(&house.core, id).await.unwrap();
    assert_eq!(issued.token, token);

    let (key, now_ms) = (desk.permit_key().unwrap(), house.world.now_ms());
    assert!(permit::verify(&token, &key, "core", now_ms).is_ok());
    assert_eq!(permit::verify(&token, &key, "other", now_ms), Err(permit::TokenError::Audience));
    let late = issued.claims.exp * 1000;
    assert_eq!(permit::verify(&token, &key, "core", late), Err(permit::TokenError::Expired));
    assert_eq!(
        permit::verify(&token, &desk.log_key().unwrap(), "core", now_ms),
        Err(permit::TokenError::Signature)
    );
    for at in (0..token.len()).step_by(17) {
        let mut bad = token.clone().into_bytes();
        bad[at] = if bad[at] == b'A' { b'B' } else { b'A' };
        assert!(permit::verify(std::str::from_utf8(&bad).unwrap(), &key, "core", now_ms).is_err());
    }
    for text in ["", ".", "a.b", "mbp2.e30.e30", &"x".repeat(10_000)] {
        assert_eq!(permit::verify(text, &key, "core", now_ms), Err(permit::TokenError::Form), "{text:.20}");
    }
    house.pass(901_000);
    let anew = desk.permit(&house.core, id).await.unwrap();
    assert_ne!(anew.token, token, "the first has expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_act_at_once_are_both_heard() {
    let house = House::new().await;
    let (opened, borrower) = house.open("APP-1").await;
    let id = opened.view.journey.id();
    let show = |size| Command::ShowTable { surface: Surface::Screen, lang: Lang::Zh, size };
    let (a, b) = tokio::join!(
        house.desk.act(&borrower, id, show(TypeSize::Normal)),
        house.desk.act(&borrower, id, show(TypeSize::Large)),
    );
    assert!(a.is_ok() && b.is_ok());
    let shown = house.desk.timeline(&house.auditor, id).await.unwrap();
    assert_eq!(shown.entries.iter().filter(|entry| entry.kind == "table_shown").count(), 2);
}
