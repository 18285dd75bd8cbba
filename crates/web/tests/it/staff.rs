//! The staff pages from outside: sign-in, the list, what each role may do, review in four eyes, the time line, and both
//! languages whole.

use axum::http::StatusCode;
use mingbai_desk::borrow::TermsRequest;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::afford::Declared;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::{Choice, YesNo};
use mingbai_desk::core::borrow::reconcile::ReportedCharge;
use mingbai_desk::core::borrow::screen::ScreenKey;
use mingbai_desk::core::borrow::teachback::Answer;
use mingbai_desk::cost::Fen;
use mingbai_desk::evidence::package::{self, Limits};

use crate::browser::{BASE, Browser, Page};
use crate::house::{DAY_MS, House, PASSWORD, member};

/// A browser in which this account has signed in through the page.
pub async fn sign_in(house: &House, login: &str) -> Browser {
    let mut browser = Browser::new(&mingbai_web::router(house.desk.clone()));
    assert_eq!(browser.get("/staff/sign-in").await.status, StatusCode::OK);
    let inside = browser.post("/staff/sign-in", &[("login", login), ("password", PASSWORD)]).await;
    assert_eq!((inside.status, inside.to().as_str()), (StatusCode::SEE_OTHER, "/staff"), "{}", inside.text());
    // The page that is seen first carries the session's token.
    browser.get("/staff/products").await;
    browser
}

pub fn at(id: JourneyId, page: &str) -> String {
    format!("/staff/journeys/{id}/{page}").trim_end_matches('/').to_owned()
}

/// The text of a page with everything that differs from run to run left out.
pub fn plain(page: &Page) -> String {
    let odd = |word: &str| word.len() >= 12 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let word = |word: &str| if odd(word) { "…".to_owned() } else { word.to_owned() };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    page.text().lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The page must be there and say everything in words.
pub async fn seen(browser: &mut Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
    whole(&page, path);
    page
}

/// No key without words, and nothing that the policy for pages forbids.
pub fn whole(page: &Page, path: &str) {
    let html = page.html();
    for (at, _) in html.match_indices('[') {
        let key = html[at + 1..].split(']').next().unwrap_or_default();
        let lost = key.contains('-') && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'_');
        let inside = html[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        assert!(!lost || inside, "{path} has no words for [{key}]");
    }
    let inline = html.replace("<script src=\"/assets/", "");
    assert!(!html.contains(" style=") && !inline.contains("<script") && !html.contains("onclick"), "{path}");
    assert_eq!(html.matches("<h1").count(), 1, "{path} needs one h1");
}

#[tokio::test]
async fn signing_in_needs_the_password_and_too_many_wrong_ones_must_wait() {
    let house = House::new().await;
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    assert_eq!(anyone.get("/staff").await.status, StatusCode::UNAUTHORIZED);
    insta::assert_snapshot!("sign-in", seen(&mut anyone, "/staff/sign-in").await.text());
    for _ in 0..5 {
        let wrong = anyone.post("/staff/sign-in", &[("login", "li.na"), ("password", "guess<1>")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.html().contains("value=\"li.na\"") && !wrong.html().contains("guess"));
        assert!(wrong.html().contains("role=\"alert\""));
    }
    let locked = anyone.post("/staff/sign-in", &[("login", "li.na"), ("password", PASSWORD)]).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(locked.text().contains("密码错误次数过多"), "{}", locked.text());
    house.pass(3_600_000);
    let mut li = sign_in(&house, "li.na").await;
    assert_eq!(li.get("/staff/sign-in").await.to(), "/staff");
    // Out is out, also for the cookie that somebody kept.
    let kept = li.cookie("mb_s").unwrap().to_owned();
    assert_eq!(li.post("/staff/sign-out", &[]).await.to(), "/staff/sign-in");
    li.set_cookie("mb_s", &kept);
    assert_eq!(li.get("/staff").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_form_from_elsewhere_does_nothing() {
    let house = House::new().await;
    let (opened, _) = house.open("A-1").await;
    let id = opened.view.journey.id();
    let mut li = sign_in(&house, "li.na").await;
    let fields = [("document", "passport"), ("number", "G1234567")];
    let bare = li.post_exactly(&at(id, "identity"), &fields, &[("origin", BASE)]).await;
    assert_eq!(bare.status, StatusCode::FORBIDDEN);
    let foreign = li.post_exactly("/staff/sign-in", &[], &[("origin", "https://evil.example")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let out = li.post_exactly("/staff/sign-out", &[], &[("origin", BASE)]).await;
    assert_eq!(out.status, StatusCode::FORBIDDEN);
    let before = house.journey(id).await;
    assert!(house.missing(&before).contains(&"identified") && before.denied_attempts().is_empty());
}

#[tokio::test]
async fn the_list_says_first_what_is_missing_and_finds_journeys() {
    let house = House::new().await;
    let (opened, her) = house.open("A-1").await;
    let id = opened.view.journey.id();
    house.pass(1_000);
    let (paid, _) = house.paid_out("A-2").await;
    house.pass(1_000);
    house
        .desk
        .act(&house.li, id, Command::Confirm { own_wish: YesNo::Yes, being_told: YesNo::No })
        .await
        .ok();
    let mut li = sign_in(&house, "li.na").await;
    let page = seen(&mut li, "/staff").await;
    insta::assert_snapshot!("list", plain(&page));
    let html = page.html();
    let first = html.find("还缺 11 项").expect("the first column says what is missing");
    assert!(first < html.find(&id.reference()).unwrap(), "the missing duties stand before the number");
    assert!(html.contains("越权尝试 1 次"));
    for asked in ["A-1", &id.reference().replace(' ', "%20"), &id.to_string()] {
        assert_eq!(li.get(&format!("/staff?q={asked}")).await.to(), at(id, ""), "{asked}");
    }
    let none = li.get("/staff?q=%3Cscript%3E").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    assert!(none.html().contains("href=\"#q\"") && !none.html().contains("<script>"));
    let only = seen(&mut li, "/staff?stage=paid_out").await.html();
    assert!(only.contains(&paid.reference()) && !only.contains(&id.reference()));
    seen(&mut li, "/staff?stage=nonsense&before=never").await;
    house.desk.act(&her, id, Command::Decline { reason: String::new() }).await.unwrap();
    assert!(seen(&mut li, "/staff?stage=declined").await.text().contains("— 不借了"));
}

#[tokio::test]
async fn a_page_of_the_list_ends_and_leads_on() {
    let house = House::new().await;
    for n in 0..51 {
        house.pass(1_000);
        house.desk.open_journey(&house.core, house.request(&format!("N-{n}"))).await.unwrap();
    }
    let mut li = sign_in(&house, "li.na").await;
    let page = seen(&mut li, "/staff").await.html();
    assert!(page.contains("N-50<") && page.contains("N-1<") && !page.contains("N-0<"));
    let next = page.split("href=\"").find(|part| part.contains("before=")).unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    let page = seen(&mut li, &next).await.html();
    assert!(page.contains("N-0<") && !page.contains("N-1<") && !page.contains("before="));
}

#[tokio::test]
async fn a_consultant_opens_a_journey_and_gets_the_link_but_not_the_digits() {
    let house = House::new().await;
    let mut li = sign_in(&house, "li.na").await;
    insta::assert_snapshot!("open-which", seen(&mut li, "/staff/open").await.text());
    insta::assert_snapshot!("open-form", seen(&mut li, "/staff/open?product=honest-loan").await.text());
    let good = [
        ("product", "honest-loan"),
        ("principal", "5万"),
        ("periods", "12"),
        ("method", "0"),
        ("payout_on", "2026-12-02"),
        ("channel", "branch"),
        ("borrower_name", "王秀英"),
        ("borrower_phone", "138 0000 0000"),
        ("external_ref", "B-1"),
    ];
    for (field, value, status) in [
        ("principal", "很多钱", 422),
        ("principal", "90万", 422),
        ("periods", "", 422),
        ("periods", "13", 422),
        ("payout_on", "明天", 422),
        ("borrower_name", " ", 422),
        ("borrower_phone", "找我", 422),
        ("external_ref", "有 空格", 422),
        ("channel", "pigeon", 422),
    ] {
        let fields = good.map(|(name, old)| (name, if name == field { value } else { old }));
        let back = li.post("/staff/open", &fields).await;
        assert_eq!(back.status.as_u16(), status, "{field}={value}: {}", back.text());
        whole(&back, field);
        assert!(back.html().contains(&format!("href=\"#{field}\"")), "{field}: {}", back.html());
        assert!(back.html().contains("value=\"138 0000 0000\"") || field == "borrower_phone");
    }
    let opened = li.post("/staff/open", &good).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text());
    whole(&opened, "link");
    let html = opened.html();
    // It leads to a signature: where it can be sent, nobody of the lender sees it.
    assert!(!html.contains("mingbai.example/b/") && !html.contains("class=\"qr\""));
    house.run_outbox().await;
    assert!(house.told("link.ready")[0]["data"]["url"].as_str().unwrap().contains("/b/"));
    assert!(opened.text().contains("工作人员看不到"));
    let id = house.desk.find_journey(&house.li, "B-1").await.unwrap();
    assert_eq!(house.journey(id).await.table().unwrap().principal_fen, Fen::new(5_000_000));
    let again = li.post("/staff/open", &good).await;
    assert!(again.text().contains("没有重复建立"), "{}", again.text());
    let renewed = li.post(&at(id, "link"), &[("purpose", "ceremony")]).await;
    whole(&renewed, "link again");
    assert!(renewed.text().contains("旧链接作废"));
    assert_eq!(li.post(&at(id, "link"), &[("purpose", "fun")]).await.status, StatusCode::BAD_REQUEST);
    let mut auditor = sign_in(&house, "zhou").await;
    assert_eq!(auditor.get("/staff/open").await.status, StatusCode::FORBIDDEN);
    assert_eq!(auditor.post("/staff/open", &good).await.status, StatusCode::FORBIDDEN);
    assert_eq!(auditor.post(&at(id, "link"), &[("purpose", "ceremony")]).await.status, StatusCode::FORBIDDEN);
}

/// The forms that a page offers, by the last part of their address.
fn forms(page: &Page) -> Vec<String> {
    let html = page.html();
    let addresses = html.split("action=\"").skip(1).filter_map(|part| part.split('"').next());
    let names = addresses.filter(|address| address.contains("/journeys/"));
    names.map(|address| address.rsplit('/').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_role_sees_only_its_own_forms() {
    let house = House::new().await;
    let (opened, her) = house.open("A-1").await;
    let id = opened.view.journey.id();
    let mut li = sign_in(&house, "li.na").await;
    let mut chen = sign_in(&house, "chen").await;
    let mut zhou = sign_in(&house, "zhou").await;
    let page = seen(&mut li, &at(id, "")).await;
    assert_eq!(forms(&page), ["identity", "recording", "notice", "link"]);
    insta::assert_snapshot!("journey-begun", plain(&page));
    assert!(forms(&seen(&mut chen, &at(id, "")).await).is_empty());
    assert!(forms(&seen(&mut zhou, &at(id, "")).await).is_empty());

    // Too heavy instalments and a forced borrower: both wait for compliance.
    let poor = Declared::new(Fen::new(300_000), Fen::new(100_000)).unwrap();
    house.desk.declare_income(&her, id, poor).await.unwrap();
    let answers = ScreenKey::ALL.into_iter().map(|key| (key, YesNo::Yes)).collect();
    house.act(&her, id, Command::AnswerScreening { answers }).await;
    let page = seen(&mut chen, &at(id, "")).await;
    assert_eq!(forms(&page), ["afford", "screening"]);
    insta::assert_snapshot!("journey-paused", plain(&page));
    assert!(forms(&seen(&mut zhou, &at(id, "")).await).is_empty());
    let nothing = chen.post(&at(id, "afford"), &[("reason", "她有别的收入")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.html().contains("href=\"#afford-decision\"") && nothing.html().contains("她有别的收入"));
    let bare = chen.post(&at(id, "screening"), &[("decision", "allowed"), ("reason", "行")]).await;
    assert_eq!(bare.status, StatusCode::CONFLICT);
    assert!(bare.html().contains("id=\"screening-reason-error\"") && bare.html().contains("checked"));
    for form in ["afford", "screening"] {
        let fields = [("decision", "allowed"), ("reason", "单独谈过,情况属实,是她自己的意愿")];
        let done = chen.post(&at(id, form), &fields).await;
        assert_eq!((done.status, done.to()), (StatusCode::SEE_OTHER, at(id, "")), "{}", done.text());
    }
    assert!(forms(&seen(&mut chen, &at(id, "")).await).is_empty());

    // What belongs to somebody else is refused and put on record.
    let fields = [("document", "passport"), ("number", "G1234567")];
    assert_eq!(chen.post(&at(id, "identity"), &fields).await.status, StatusCode::FORBIDDEN);
    let page = seen(&mut zhou, &at(id, "")).await;
    assert!(page.text().contains("越权尝试被拒绝:核对本人"), "{}", page.text());
}

#[tokio::test]
async fn a_consultant_leads_the_ceremony_to_its_end() {
    let house = House::new().await;
    let (opened, her) = house.open("A-1").await;
    let id = opened.view.journey.id();
    let mut li = sign_in(&house, "li.na").await;
    house.read(&her, id).await;
    for _ in 0..house.desk.pack().teach_back().max_wrong.value {
        let journey = house.act(&her, id, Command::AskQuestion).await;
        let question = journey.open_question().unwrap().id.to_string();
        house.act(&her, id, Command::AnswerQuestion { question, answer: Answer::NotSure }).await;
    }
    let page = seen(&mut li, &at(id, "")).await;
    assert_eq!(forms(&page), ["explain", "identity", "recording", "notice", "link"]);
    assert_eq!(li.post(&at(id, "explain"), &[]).await.status, StatusCode::SEE_OTHER);
    let early = li.post(&at(id, "explain"), &[]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    house.understand(&her, id).await;

    let wrong = li.post(&at(id, "identity"), &[("document", "passport"), ("number", "<b>")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html().contains("href=\"#number\"") && !wrong.html().contains("<b>"));
    let none = li.post(&at(id, "identity"), &[("number", "G1234567")]).await;
    assert!(none.html().contains("href=\"#document\"") && none.html().contains("value=\"G1234567\""));
    let card = [("document", "resident_id_card"), ("number", "11010119500101001X")];
    assert_eq!(li.post(&at(id, "identity"), &card).await.status, StatusCode::SEE_OTHER);
    let soon = li.post(&at(id, "signature"), &[("edition", "zh-large")]).await;
    assert_eq!(soon.status, StatusCode::CONFLICT, "she has not consented yet");
    whole(&soon, "signature");
    for (purpose, _) in house.journey(id).await.purposes() {
        house.desk.consent(&her, id, purpose, Choice::Agreed, "同意事项全文").await.unwrap();
    }
    let page = seen(&mut li, &at(id, "")).await;
    assert_eq!(forms(&page), ["signature", "recording", "notice", "link"]);
    insta::assert_snapshot!("journey-signing", plain(&page));
    let which = li.post(&at(id, "signature"), &[]).await;
    assert_eq!(which.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(which.html().contains("href=\"#signature\""));
    let table = li.get(&at(id, "paper/cost_table?edition=zh-large")).await;
    assert!(table.bytes.starts_with(b"%PDF") && table.html().contains("lang: Zh, size: Large"));
    assert_eq!(li.post(&at(id, "signature"), &[("edition", "zh-large")]).await.status, StatusCode::SEE_OTHER);
    for (number, seconds) in [("", "90"), ("R-1", ""), ("R-1", "0"), ("R-1", "-5"), ("R-1", "很久")] {
        let back = li.post(&at(id, "recording"), &[("recording_number", number), ("seconds", seconds)]).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{number} {seconds}");
    }
    let fields = [("recording_number", "R-1"), ("seconds", "90")];
    assert_eq!(li.post(&at(id, "recording"), &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(li.post(&at(id, "notice"), &[("edition", "zh-large")]).await.status, StatusCode::SEE_OTHER);
    let page = seen(&mut li, &at(id, "")).await.text();
    assert!(page.contains("等借款人用自己的链接确认") && page.contains("等借款人确认"), "{page}");

    let journey = house.journey(id).await;
    let document = journey.signed_document().unwrap().sha256;
    house.act(&her, id, Command::ConfirmSignature { document }).await;
    let document = journey.notice().unwrap().sha256;
    house.act(&her, id, Command::AcknowledgeNotice { document }).await;
    house.act(&her, id, Command::Confirm { own_wish: YesNo::Yes, being_told: YesNo::No }).await;
    let page = seen(&mut li, &at(id, "")).await;
    assert!(page.text().contains("✓ 十二项齐全"), "{}", page.text());
    assert_eq!(page.html().matches("state done\">✓ 已完成").count(), 12);
    // Every tick leads to a record that is there.
    let line = seen(&mut li, &at(id, "timeline")).await.html();
    for link in page.html().split("timeline#").skip(1) {
        let anchor = link.split('"').next().unwrap();
        assert!(line.contains(&format!("id=\"{anchor}\"")), "{anchor} leads nowhere");
    }
}

/// A journey that is paid out and in which everything that can go wrong afterwards went wrong.
pub async fn troubled(house: &House) -> JourneyId {
    let (id, _) = house.paid_out("A-1").await;
    let charge = |reference: &str, item_key: &str, name: &str, fen: i64, day: i8| ReportedCharge {
        reference: reference.to_owned(),
        item_key: item_key.to_owned(),
        name_text: name.to_owned(),
        amount_fen: Fen::new(fen),
        on: jiff::civil::date(2027, 1, day),
        payee: "示例平台".to_owned(),
    };
    let first = house.journey(id).await.table().unwrap().instalments[0].total_fen.get();
    house.pass(40 * DAY_MS);
    for charge in
        [charge("C-1", "instalment", "第一期", first, 2), charge("C-2", "", "增值服务费", 19_900, 3)]
    {
        house.desk.report_charge(&house.core, id, charge).await.unwrap();
    }
    let (_, link) = house.desk.open_callback(&house.core, id).await.unwrap();
    let (inside, _) = house.desk.open_link(&link.token, link.code.as_deref().unwrap()).await.unwrap();
    let her = house.desk.caller_of_session(&inside.token).await.unwrap().unwrap();
    use mingbai_desk::core::borrow::callback::FactKey;
    let facts = FactKey::ALL.into_iter().map(|key| (key, YesNo::Yes)).collect();
    let plan = house.desk.callback_plan(&house.core, id).await.unwrap();
    let numbers = plan.numbers.into_iter().map(|question| (question.id, Answer::NotSure)).collect();
    house.act(&her, id, Command::AnswerCallback { facts, numbers }).await;
    id
}

#[tokio::test]
async fn after_the_payout_every_charge_is_explained_or_to_be_given_back() {
    let house = House::new().await;
    let id = troubled(&house).await;
    let mut chen = sign_in(&house, "chen").await;
    let page = seen(&mut chen, &at(id, "")).await;
    insta::assert_snapshot!("journey-troubled", plain(&page));
    let text = page.text();
    assert!(text.contains("应退 199.00 元") && text.contains("表外收费"), "{text}");
    assert_eq!(forms(&page), ["remedy"]);
    let empty = chen.post(&at(id, "remedy"), &[("outcome", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let outcome = [("outcome", "已退还增值服务费,并向借款人道歉")];
    assert_eq!(chen.post(&at(id, "remedy"), &outcome).await.status, StatusCode::SEE_OTHER);
    assert!(seen(&mut chen, &at(id, "")).await.text().contains("已结案:已退还增值服务费"));
    let list = seen(&mut chen, "/staff").await.text();
    assert!(list.contains("违规未退 1 笔"), "{list}");
}

#[tokio::test]
async fn nobody_sees_the_journeys_of_another_branch() {
    let house = House::new().await;
    let (opened, _) = house.open("A-1").await;
    let id = opened.view.journey.id();
    member(&house.desk, "wu", StaffRole::Consultant, Some("west")).await;
    let mut wu = sign_in(&house, "wu").await;
    assert!(!wu.get("/staff").await.html().contains(&id.reference()));
    assert_eq!(wu.get("/staff?q=A-1").await.status, StatusCode::NOT_FOUND);
    for page in ["", "timeline", "package", "paper/plan"] {
        assert_eq!(wu.get(&at(id, page)).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    let card = [("document", "resident_id_card"), ("number", "11010119500101001X")];
    assert_eq!(wu.post(&at(id, "identity"), &card).await.status, StatusCode::NOT_FOUND);
    let edition = [("edition", "zh-large")];
    for form in ["signature", "notice"] {
        assert_eq!(wu.post(&at(id, form), &edition).await.status, StatusCode::NOT_FOUND, "{form}");
    }
    assert_eq!(wu.post(&at(id, "link"), &[("purpose", "ceremony")]).await.status, StatusCode::NOT_FOUND);
    // An admin has accounts and no journeys.
    let mut root = sign_in(&house, "root").await;
    assert_eq!(root.get(&at(id, "")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(root.get("/staff").await.to(), "/staff/accounts");
    let mut li = sign_in(&house, "li.na").await;
    for odd in [
        "/staff/journeys/x",
        "/staff/journeys/%00",
        &format!("/staff/journeys/{}", id.reference().replace(' ', "")),
    ] {
        assert_eq!(li.get(odd).await.status, StatusCode::NOT_FOUND, "{odd}");
    }
}

#[tokio::test]
async fn the_time_line_shows_every_record_with_its_proof() {
    let house = House::new().await;
    let (opened, her) = house.open("A-1").await;
    let id = opened.view.journey.id();
    house.read(&her, id).await;
    let dearer = TermsRequest {
        product: Some(("honest-loan".to_owned(), "2026.2".to_owned())),
        principal_fen: Fen::new(5_000_000),
        periods: 12,
        payout_on: jiff::civil::date(2026, 12, 2),
        method: None,
    };
    house.desk.change_terms(&house.core, id, dearer).await.unwrap();
    let mut zhou = sign_in(&house, "zhou").await;
    let timeline = house.desk.timeline(&house.auditor, id).await.unwrap();
    let page = seen(&mut zhou, &at(id, "timeline")).await;
    let html = page.html();
    assert_eq!(html.matches("<tr id=\"r").count(), timeline.entries.len());
    for entry in &timeline.entries {
        assert!(html.contains(&entry.leaf.to_string()), "leaf of {}", entry.seq);
        assert!(page.text().contains(&entry.words.zh), "{}", entry.words.zh);
        let json = entry.json.replace('&', "&#38;").replace('"', "&#34;").replace('<', "&#60;");
        assert!(html.contains(&json.replace('>', "&#62;").replace('\'', "&#39;")), "bytes of {}", entry.seq);
        for node in &entry.proof {
            assert!(html.contains(&node.to_string()), "proof of {}", entry.seq);
        }
    }
    assert!(html.contains("✗ 旧条款,不算数") && html.contains("✓ 算数"));
    assert!(html.contains(timeline.checkpoint.lines().next().unwrap()));
    let page = seen(&mut zhou, &at(id, "")).await;
    assert!(page.text().contains("对借款人不利"), "{}", page.text());
    let zip = zhou.get(&at(id, "package")).await;
    assert!(zip.bytes.starts_with(b"PK"));
    assert_eq!(zhou.get(&at(id, "package?values=open")).await.status, StatusCode::FORBIDDEN);
    let mut chen = sign_in(&house, "chen").await;
    assert!(chen.get(&at(id, "package?values=open")).await.bytes.starts_with(b"PK"));
}

#[tokio::test]
async fn an_auditor_makes_a_redacted_copy_and_not_one_that_hides_nothing() {
    let house = House::new().await;
    let (opened, her) = house.open("A-1").await;
    let id = opened.view.journey.id();
    house.read(&her, id).await;
    let mut zhou = sign_in(&house, "zhou").await;
    let page = seen(&mut zhou, &at(id, "timeline")).await.html();
    for needed in ["name=\"hide\" value=\"section_read\"", "name=\"documents\" value=\"withheld\""] {
        assert!(page.contains(needed), "{needed}");
    }
    let copy = zhou.get(&at(id, "copy?hide=section_read&hide=section_opened&documents=withheld")).await;
    assert_eq!(copy.status, StatusCode::OK);
    let shown = package::read(&copy.bytes, &Limits::default()).unwrap();
    assert!(shown.records.iter().all(|record| !record.kind().starts_with("section_")));
    assert!(shown.withheld.len() > 2 && shown.disclosures.is_empty());
    for nothing in ["copy", "copy?hide=", "copy?documents=shown"] {
        let back = zhou.get(&at(id, nothing)).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{nothing}");
        assert!(back.text().contains("没有选择要隐去的内容"));
    }
}
