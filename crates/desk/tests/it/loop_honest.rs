//! One honest loan through the whole loop, and its evidence checked by outsiders' means.

use std::collections::BTreeMap;

use mingbai_desk::borrow::{Disclose, permit};
use mingbai_desk::core::borrow::callback::{FactAnswer, FactKey, ResultCode};
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::TypeSize;
use mingbai_desk::core::borrow::reconcile::ReportedCharge;
use mingbai_desk::core::borrow::state::Stage;
use mingbai_desk::cost::Lang;
use mingbai_desk::evidence::Bilingual as _;
use mingbai_desk::evidence::merkle::{hash_leaf, verify_inclusion};
use mingbai_desk::evidence::note::Checkpoint;
use mingbai_desk::evidence::verify::{Outcome, Trust, verify};
use mingbai_desk::ports::{Clock as _, PaperKind};
use mingbai_desk::trust::{PaperStanding, SquareFigures};

use crate::house::{DAY_MS, House, right};

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_loan_goes_through_the_whole_loop() {
    let house = House::new().await;
    let desk = &house.desk;
    let (opened, borrower) = house.open("APP-1").await;
    let id = opened.view.journey.id();
    assert_eq!(house.missing(&opened.view.journey).len(), 11, "only the review is done");
    house.ceremony(&borrower, id).await;
    assert_eq!(house.missing(&house.journey(id).await), Vec::<&str>::new());

    let issued = desk.permit(&house.core, id).await.unwrap();
    let key = desk.permit_key().unwrap();
    let claims = permit::verify(&issued.token, &key, "core", house.world.now_ms()).unwrap();
    assert_eq!(claims, issued.claims);
    let day = jiff::civil::date(2026, 12, 2);
    desk.report_payout(&house.core, id, &claims.permit, claims.amount_fen, day, "PAY-1").await.unwrap();
    let journey = house.journey(id).await;
    assert_eq!((journey.stage(), journey.violations().len()), (Stage::PaidOut, 0));

    // The call-back opens by itself after the pack's days, and its link reaches the borrower through the core system.
    house.pass(DAY_MS);
    house.run_outbox().await;
    assert!(house.told("link.ready").is_empty());
    house.pass(2 * DAY_MS + 1);
    house.run_outbox().await;
    house.run_outbox().await;
    let told = house.told("link.ready");
    let data = &told[0]["data"];
    assert_eq!(data["to"], "138 0000 0000");
    let link = data["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let (inside, _) = desk.open_link(&link, data["code"].as_str().unwrap()).await.unwrap();
    let plan = desk.callback_plan(&inside.caller, id).await.unwrap();
    let journey = house.journey(id).await;
    let numbers = plan.numbers.iter().map(|q| (q.id, right(q, journey.table().unwrap()))).collect();
    let facts: BTreeMap<FactKey, FactAnswer> = plan
        .facts
        .iter()
        .map(|fact| match fact {
            FactKey::OwnLoan | FactKey::SignedYourself => (*fact, FactAnswer::Yes),
            FactKey::SomeoneTookMoney | FactKey::UnknownFee => (*fact, FactAnswer::No),
        })
        .collect();
    let journey = house.act(&inside.caller, id, Command::AnswerCallback { facts, numbers }).await;
    assert_eq!(journey.callback().and_then(|callback| callback.code), Some(ResultCode::Confirmed));

    let first = journey.table().unwrap().instalments[0];
    let charge = ReportedCharge {
        reference: "C-1".to_owned(),
        item_key: "instalment".to_owned(),
        name_text: "第1期".to_owned(),
        amount_fen: first.total_fen,
        on: first.due_on,
        payee: journey.table().unwrap().lender.name.zh.clone(),
    };
    let acted = desk.report_charge(&house.core, id, charge).await.unwrap();
    assert_eq!(acted.view.journey.violations().len(), 0);
    assert!(desk.close_journey(&inside.caller, id).await.is_err());

    outsiders_agree(&house, id).await;
    the_public_may_check_the_paper(&house, id).await;
}

async fn outsiders_agree(house: &House, id: mingbai_desk::core::borrow::JourneyId) {
    let desk = &house.desk;
    let line = desk.timeline(&house.auditor, id).await.unwrap();
    let signed = Checkpoint::open(&line.checkpoint, &[desk.log_key().unwrap()]).unwrap();
    assert_eq!((signed.size(), signed.root()), (line.size, line.root));
    for entry in &line.entries {
        let leaf = hash_leaf(entry.json.as_bytes());
        assert_eq!(leaf, entry.leaf);
        verify_inclusion(&leaf, entry.index, line.size, &entry.proof, &line.root).unwrap();
        assert!(!entry.words.zh.is_empty() && !entry.words.en.is_empty(), "{} has no words", entry.kind);
        assert!(
            !entry.json.contains("王秀英") && !entry.json.contains("138 0000"),
            "personal data in the evidence"
        );
    }
    let trust = Trust::Pinned(vec![desk.log_key().unwrap()]);
    for disclose in [Disclose::Nothing, Disclose::Everything] {
        let bytes = desk.package(&house.compliance, id, disclose).await.unwrap();
        let report = verify(&bytes, &trust);
        let bad: Vec<_> =
            report.claims.iter().filter(|claim| format!("{claim:?}").contains("Contradicted")).collect();
        assert_eq!(report.outcome(), Outcome::Holds, "{bad:?} {:?}", report.claims);
        let at = bytes.windows(4).position(|part| part == b"kind").unwrap();
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        assert_eq!(verify(&flipped, &trust).outcome(), Outcome::Contradicted);
    }
    let open = desk
        .package(&house.compliance, id, Disclose::Labels(vec!["borrower.name".to_owned()]))
        .await
        .unwrap();
    let read = mingbai_desk::evidence::package::read(&open, &Default::default()).unwrap();
    assert_eq!(read.disclosures.len(), 1);
    assert_eq!(read.disclosures[0].value, "王秀英".as_bytes());
}

async fn the_public_may_check_the_paper(house: &House, id: mingbai_desk::core::borrow::JourneyId) {
    let desk = &house.desk;
    let paper = desk.issue_paper(&house.li, id, PaperKind::Notice, Lang::Zh, TypeSize::Large).await.unwrap();
    let again =
        desk.issue_paper(&house.auditor, id, PaperKind::Notice, Lang::Zh, TypeSize::Large).await.unwrap();
    assert_eq!(paper, again, "one paper for one kind, language, size and terms");
    let found = desk.check_code(&paper.code.to_lowercase().replace(' ', "-")).await.unwrap();
    assert_eq!((found.digest, found.standing), (paper.document.sha256, PaperStanding::Current));
    assert!(!format!("{found:?}").contains("王秀英"));
    let (_, bytes) = desk.paper_bytes(&house.li, id, paper.document.sha256).await.unwrap();
    assert_eq!(bytes.len() as u64, paper.document.bytes);
    let (_, printed) = desk.paper_bytes(&house.li, id, paper.document.sha256).await.unwrap();
    let printed = String::from_utf8(printed).unwrap();
    let square = printed.split("qr_text: \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let (address, mark) = square.rsplit_once('/').unwrap();
    assert_eq!(address, format!("HTTPS://MINGBAI.EXAMPLE/C/{}", paper.code.replace(' ', "")));
    let (same, figures) = desk.check_square(&paper.code, mark).await.unwrap();
    assert_eq!((same, figures), (found, SquareFigures::Kept));
    let turned: String = mark.chars().rev().collect();
    for altered in [&turned, ""] {
        assert_eq!(desk.check_square(&paper.code, altered).await.unwrap().1, SquareFigures::Other);
    }
    let unknown = desk.check_code("0000 0000 0000").await.unwrap_err();
    assert!(mingbai_desk::core::text::Tell::words(&unknown).zh.contains("96110"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verifier_speaks_two_languages() {
    let house = House::new().await;
    let (opened, _) = house.open("APP-2").await;
    let bytes =
        house.desk.package(&house.auditor, opened.view.journey.id(), Disclose::Nothing).await.unwrap();
    let report = verify(&bytes, &Trust::OnFirstUse);
    assert_eq!(report.outcome(), Outcome::NotProven);
    assert!(report.claims.iter().all(|claim| !claim.reason.zh().is_empty() && !claim.reason.en().is_empty()));
}
