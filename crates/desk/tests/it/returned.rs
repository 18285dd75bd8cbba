//! Papers that come back: what is taken, what is turned away, and who decides. The eyes are the test's; the real ones are tested with the
//! command line, which owns them.

use mingbai_desk::borrow::{Disclose, Side, TermsRequest};
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::TypeSize;
use mingbai_desk::core::borrow::refusal::RefusalKind;
use mingbai_desk::core::borrow::returned::{Answer, Fault, Found, PaperClaim, PaperDecision};
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::cost::{Fen, Lang};
use mingbai_desk::evidence::Digest;
use mingbai_desk::evidence::verify::{Outcome, Trust, verify};
use mingbai_desk::ports::{PICTURE_BYTES, PaperKind};
use mingbai_desk::{Caller, ErrorKind};

use crate::house::{House, kind, member, picture};

/// A journey whose notice was handed over, and the notice's code.
async fn handed(house: &House, external_ref: &str) -> (JourneyId, Caller, String) {
    let (opened, her) = house.open(external_ref).await;
    let id = opened.view.journey.id();
    let (_, notice) = house.desk.hand_notice(&house.li, id, Lang::Zh, TypeSize::Normal).await.unwrap();
    (id, her, notice.code)
}

const SAME: (Found, &str) = (Found::Same, "");
const CONFIRM: (PaperDecision, &str) = (PaperDecision::Confirmed, "");

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_holds_is_compared_and_confirmed_by_two_people() {
    let house = House::new().await;
    let desk = &house.desk;
    let (id, her, code) = handed(&house, "APP-1").await;
    let wang = member(desk, "wang", StaffRole::Consultant, Some("east")).await;
    let sent = picture(&code, "hhhh", "1");
    let seq = desk.return_paper(&house.li, id, sent.clone()).await.unwrap();
    let view = desk.returned_paper(&house.li, id, seq).await.unwrap();
    assert_eq!((view.kind, view.code.as_str(), view.current), (PaperKind::Notice, code.as_str(), true));
    let what = &view.paper.returned.what;
    assert_eq!((what.picture.sha256, what.answer()), (Digest::of(&sent), Answer::Holds));
    assert_eq!(what.document, house.journey(id).await.notice().unwrap().sha256);
    for (side, begins) in
        [(Side::Picture, &sent[..]), (Side::Expected, b"\x89PNG"), (Side::Laid, b"\xFF\xD8")]
    {
        let (_, bytes) = desk.returned_picture(&house.auditor, id, seq, side).await.unwrap();
        assert!(bytes.starts_with(begins), "{side:?}");
    }

    let early = desk.decide_paper(&wang, id, seq, CONFIRM).await;
    assert_eq!(kind(early), ErrorKind::Refused(RefusalKind::NotNow), "nobody compared yet");
    desk.compare_paper(&house.li, id, seq, SAME).await.unwrap();
    let again = desk.compare_paper(&wang, id, seq, SAME).await;
    assert_eq!(kind(again), ErrorKind::Refused(RefusalKind::DoesNotFit));
    let own = desk.decide_paper(&house.li, id, seq, CONFIRM).await;
    assert_eq!(kind(own), ErrorKind::Refused(RefusalKind::NotNow), "not her own");
    desk.decide_paper(&wang, id, seq, CONFIRM).await.unwrap();
    let view = desk.returned_paper(&house.auditor, id, seq).await.unwrap();
    assert!(view.paper.is_confirmed());

    // It fulfils no duty: the notice counts by the borrower's own word.
    let journey = house.journey(id).await;
    assert!(house.missing(&journey).contains(&"noticed"));
    let document = journey.notice().unwrap().sha256;
    let journey = house.act(&her, id, Command::AcknowledgeNotice { document }).await;
    assert!(!house.missing(&journey).contains(&"noticed"));
    // The package carries it, and an outsider's check still holds.
    let package = desk.package(&house.compliance, id, Disclose::Nothing).await.unwrap();
    let report = verify(&package, &Trust::Pinned(vec![desk.log_key().unwrap()]));
    assert_eq!(report.outcome(), Outcome::Holds, "{:?}", report.claims);
    let read = mingbai_desk::evidence::package::read(&package, &Default::default()).unwrap();
    assert!(read.attachments.iter().any(|file| file.bytes == sent), "the picture goes along");
    // Printing goes on behind the new records, and the codes stand.
    desk.issue_paper(&house.li, id, PaperKind::Plan, Lang::En, TypeSize::Normal).await.unwrap();
    assert!(desk.check_code(&code).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_on_record_and_can_only_be_refused() {
    let house = House::new().await;
    let desk = &house.desk;
    let (id, _, code) = handed(&house, "APP-1").await;
    let wang = member(desk, "wang", StaffRole::Consultant, Some("east")).await;
    let seq = desk.return_paper(&house.li, id, picture(&code, "hhch", "forged")).await.unwrap();
    desk.compare_paper(&house.li, id, seq, SAME).await.unwrap();
    let confirmed = desk.decide_paper(&wang, id, seq, (PaperDecision::Confirmed, "我看着没问题")).await;
    assert_eq!(kind(confirmed), ErrorKind::Refused(RefusalKind::NotNow));
    let wordless = desk.decide_paper(&wang, id, seq, (PaperDecision::Refused, " ")).await;
    assert_eq!(kind(wordless), ErrorKind::Refused(RefusalKind::DoesNotFit));
    desk.decide_paper(&wang, id, seq, (PaperDecision::Refused, "第三行金额被改过")).await.unwrap();
    let unclear = desk.return_paper(&house.li, id, picture(&code, "hhnh", "unclear")).await.unwrap();
    desk.compare_paper(&house.li, id, unclear, SAME).await.unwrap();
    assert!(desk.decide_paper(&wang, id, unclear, CONFIRM).await.is_err(), "not known needs a reason");
    let reason = (PaperDecision::Confirmed, "原纸放在灯下逐字看过");
    desk.decide_paper(&wang, id, unclear, reason).await.unwrap();
    let all = desk.returned_papers(&house.compliance, id).await.unwrap();
    assert_eq!(all.iter().map(|view| view.paper.is_confirmed()).collect::<Vec<_>>(), [false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_with_the_fingerprint_of_other_figures_is_a_contradiction() {
    let house = House::new().await;
    let (id, _, code) = handed(&house, "APP-1").await;
    let sent = picture(&code, "hhhh", "/OTHER");
    let seq = house.desk.return_paper(&house.li, id, sent).await.unwrap();
    let what = house.desk.returned_paper(&house.li, id, seq).await.unwrap().paper.returned.what;
    assert_eq!(what.of(PaperClaim::ExpectedPage), Answer::Contradicted);
    assert!(what.claims[0].reason.zh.contains("不是从我们这里打印的"), "{:?}", what.claims);
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_say_nothing_about_this_loan_are_turned_away() {
    let house = House::new().await;
    let desk = &house.desk;
    let (id, _, code) = handed(&house, "APP-1").await;
    let (_, _, other) = handed(&house, "APP-2").await;
    let foreign =
        String::from_utf8_lossy(&picture(&code, "hhhh", ""))[3..].replace("mingbai.example", "evil.example");
    let with_magic = [b"\x89PNG", foreign.trim_start_matches("PNG").as_bytes()].concat();
    for (sent, word) in [
        (Vec::new(), "没有选择文件"),
        (b"GIF89a".to_vec(), "JPEG"),
        (b"\x89PNG".to_vec(), "没有读到二维码"),
        (vec![0xFF; PICTURE_BYTES + 1], "16 MB"),
        (picture(&other, "hhhh", ""), "不是这笔业务"),
        (picture("0000 0000 0000", "hhhh", ""), "不是这笔业务"),
        (with_magic, "evil.example"),
    ] {
        let error = desk.return_paper(&house.li, id, sent).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{word}: {error}");
        assert!(error.words().zh.contains(word), "{word}: {}", error.words().zh);
    }
    assert!(desk.returned_papers(&house.li, id).await.unwrap().is_empty());
    // Each file is on record once, with the reason and without its bytes; nothing was chosen is no file.
    assert!(desk.return_paper(&house.li, id, b"GIF89a".to_vec()).await.is_err());
    let turned = desk.turned_away(&house.auditor, id).await.unwrap();
    let faults: Vec<Fault> = turned.iter().map(|said| said.what.fault).collect();
    let (other, none) = (Fault::OtherPaper, Fault::NotAPicture);
    assert_eq!(faults, [none, Fault::Unreadable, Fault::TooLarge, other, other, Fault::ForeignHost]);
    assert_eq!(turned[0].what.file_sha256, Digest::of(b"GIF89a"));
    assert_eq!((turned[0].what.file_bytes, turned[0].by.as_str()), (6, "li.na"));
    assert!(turned[5].what.words.en.contains("evil.example"));
    desk.return_paper(&house.li, id, picture(&code, "hhhh", "")).await.unwrap();
    let again = desk.return_paper(&house.li, id, picture(&code, "hhhh", "")).await.unwrap_err();
    assert!(again.words().zh.contains("已经上传过"), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_hands_in_or_looks() {
    let house = House::new().await;
    let desk = &house.desk;
    let (id, her, code) = handed(&house, "APP-1").await;
    let sent = || picture(&code, "hhhh", "");
    for caller in [&her, &house.core, &house.auditor, &house.admin, &Caller::system()] {
        assert_eq!(kind(desk.return_paper(caller, id, sent()).await), ErrorKind::Forbidden, "{caller:?}");
    }
    let west = member(desk, "west", StaffRole::Consultant, Some("west")).await;
    assert_eq!(kind(desk.return_paper(&west, id, sent()).await), ErrorKind::NotFound);
    assert_eq!(kind(desk.returned_papers(&west, id).await), ErrorKind::NotFound);
    assert_eq!(kind(desk.returned_papers(&her, id).await), ErrorKind::Forbidden);
    let seq = desk.return_paper(&house.li, id, sent()).await.unwrap();
    assert!(desk.compare_paper(&house.auditor, id, seq, SAME).await.is_err());
    assert_eq!(kind(desk.compare_paper(&west, id, seq, SAME).await), ErrorKind::NotFound);
    assert_eq!(kind(desk.compare_paper(&house.li, id, 99, SAME).await), ErrorKind::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_of_earlier_terms_is_not_taken() {
    let house = House::new().await;
    let (id, _, code) = handed(&house, "APP-1").await;
    let request = TermsRequest {
        product: Some(("honest-loan".to_owned(), "2026.2".to_owned())),
        principal_fen: Fen::new(5_000_000),
        periods: 12,
        payout_on: jiff::civil::date(2026, 12, 2),
        method: None,
    };
    let before = house.desk.return_paper(&house.li, id, picture(&code, "hhhh", "before")).await.unwrap();
    house.desk.change_terms(&house.core, id, request).await.unwrap();
    let stale = house.desk.return_paper(&house.li, id, picture(&code, "hhhh", "after")).await;
    assert_eq!(kind(stale), ErrorKind::Refused(RefusalKind::NotNow));
    let turned = house.desk.turned_away(&house.li, id).await.unwrap();
    assert_eq!(turned.iter().map(|said| said.what.fault).collect::<Vec<_>>(), [Fault::EarlierTerms]);
    assert!(!house.desk.returned_paper(&house.li, id, before).await.unwrap().current);
}
