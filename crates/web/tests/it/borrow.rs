//! The borrower's whole path through pages and forms, and every way in which it comes back to her.

use axum::http::StatusCode;
use axum::http::header;
use mingbai_desk::borrow::OpenedJourney;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::{DocumentKind, TypeSize};
use mingbai_desk::core::borrow::reading::Section;
use mingbai_desk::core::borrow::screen::ScreenKey;
use mingbai_desk::core::borrow::teachback::Answer;
use mingbai_desk::cost::Lang;
use mingbai_desk::cost::early::late_payment;

use crate::browser::{Browser, Page};
use crate::house::{DAY_MS, House, right};

pub const ALL_NO: [(&str, &str); 8] = [
    ("promised", "no"),
    ("charged", "no"),
    ("coached", "no"),
    ("held_phone", "no"),
    ("screen_shared", "no"),
    ("asked_code", "no"),
    ("for_other", "no"),
    ("forced", "no"),
];

/// A house, a journey in it, and the borrower's browser at the door of her link.
pub struct Visit {
    pub house: House,
    pub opened: OpenedJourney,
    pub id: JourneyId,
    pub her: Browser,
}

impl Visit {
    pub async fn new() -> Visit {
        Visit::of(House::new().await, "A-1").await
    }

    pub async fn of(house: House, external_ref: &str) -> Visit {
        let opened = house.desk.open_journey(&house.core, house.request(external_ref)).await.unwrap();
        let her = Browser::new(&mingbai_web::router(house.desk.clone()));
        let id = opened.view.journey.id();
        Visit { house, opened, id, her }
    }

    pub fn at(&self, page: &str) -> String {
        format!("/b/{}/{page}", self.id)
    }

    pub async fn enter(&mut self) -> Page {
        let link = format!("/b/{}", self.opened.link.token);
        assert_eq!(self.her.get(&link).await.status, StatusCode::OK);
        let code = self.opened.link.code.clone().unwrap();
        self.her.post(&link, &[("code", &code)]).await
    }

    pub async fn page(&mut self, page: &str) -> Page {
        let at = self.at(page);
        self.her.get(&at).await
    }

    /// Sends a form and expects to be led on; says where she is led by the house itself.
    pub async fn send(&mut self, page: &str, fields: &[(&str, &str)]) -> String {
        self.house.pass(1_000);
        let at = self.at(page);
        let answer = self.her.post(&at, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{page}: {}", answer.text());
        self.next().await
    }

    /// The page that comes next.
    pub async fn next(&mut self) -> String {
        let home = format!("/b/{}", self.id);
        let page = self.her.get(&home).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
        page.to().rsplit('/').next().unwrap().to_owned()
    }

    /// Sends a form and gives whatever comes back.
    pub async fn post(&mut self, page: &str, fields: &[(&str, &str)]) -> Page {
        self.house.pass(1_000);
        let at = self.at(page);
        self.her.post(&at, fields).await
    }

    pub async fn before_safety(&mut self) {
        assert_eq!(self.enter().await.to(), self.at("start"));
        assert_eq!(self.next().await, "income");
        assert_eq!(self.send("income", &[("income", "2万"), ("debts", "0")]).await, "safety");
    }

    pub async fn before_reading(&mut self) {
        self.before_safety().await;
        assert_eq!(self.send("safety", &ALL_NO).await, "facts");
        assert_eq!(self.send("table", &[]).await, "read");
    }

    pub async fn read(&mut self) {
        self.send("read/money/open", &[]).await;
        for section in Section::ALL {
            self.house.pass(120_000);
            self.send(&format!("read/{}", section.key()), &[]).await;
        }
        assert_eq!(self.next().await, "teach");
    }

    /// Answers every question as somebody does who has read her table.
    pub async fn understand(&mut self) {
        self.send("teach/ask", &[]).await;
        for _ in 0..20 {
            let journey = self.house.journey(self.id).await;
            let (Some(question), Some(table)) = (journey.open_question(), journey.table()) else { break };
            let id = question.id.to_string();
            match right(&question, table) {
                Answer::Choice(at) => {
                    self.send("teach", &[("question", &id), ("answer", &at.to_string())]).await;
                }
                Answer::Amount(text) => {
                    self.send("teach", &[("question", &id), ("amount", &text)]).await;
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(self.next().await, "consents");
    }

    pub async fn agree(&mut self) {
        let choices = [("loan_processing", "agreed"), ("credit_report", "agreed"), ("marketing", "declined")];
        assert_eq!(self.send("consents", &choices).await, "wait");
    }

    /// What the consultant does at the branch.
    pub async fn at_the_branch(&mut self) {
        let (desk, li) = (&self.house.desk, &self.house.li);
        let id = self.id;
        desk.attest_identity(li, id, DocumentKind::ResidentIdCard, "11010119500101001X").await.unwrap();
        desk.attest_signature(li, id, Lang::Zh, TypeSize::Large).await.unwrap();
        let recording = Command::AttestRecording { recording_number: "R-1".to_owned(), seconds: 90 };
        desk.act(li, id, recording).await.unwrap();
        desk.hand_notice(li, id, Lang::Zh, TypeSize::Large).await.unwrap();
    }

    pub async fn finish(&mut self) {
        assert_eq!(self.next().await, "sign");
        let document = self.page("sign").await.field("document");
        assert_eq!(self.send("sign", &[("document", &document)]).await, "notice");
        let document = self.page("notice").await.field("document");
        assert_eq!(self.send("notice", &[("document", &document)]).await, "last");
        assert_eq!(self.send("last", &[("own_wish", "yes"), ("being_told", "no")]).await, "done");
    }
}

#[tokio::test]
async fn the_whole_path_leads_to_the_permit_and_to_the_call_back() {
    let mut visit = Visit::new().await;
    visit.before_reading().await;
    visit.read().await;
    visit.understand().await;
    visit.agree().await;
    visit.at_the_branch().await;
    visit.finish().await;
    let house = &visit.house;
    let permit = house.desk.permit(&house.core, visit.id).await.unwrap();
    let day = jiff::civil::date(2026, 12, 2);
    let (id, amount) = (permit.claims.permit.clone(), permit.claims.amount_fen);
    house.desk.report_payout(&house.core, visit.id, &id, amount, day, "PAY-1").await.unwrap();
    insta::assert_snapshot!("done", visit.page("done").await.text());

    visit.house.pass(DAY_MS);
    let (_, link) = visit.house.desk.open_callback(&visit.house.core, visit.id).await.unwrap();
    let mut her = Browser::new(&mingbai_web::router(visit.house.desk.clone()));
    let path = format!("/b/callback/{}", link.token);
    assert!(her.get(&path).await.text().contains("6 位验证码"));
    let inside = her.post(&path, &[("code", link.code.as_deref().unwrap())]).await;
    assert_eq!(inside.to(), visit.at("callback"));
    let page = her.get(&visit.at("callback")).await;
    insta::assert_snapshot!("callback", page.text());
    let plan = visit.house.desk.callback_plan(&visit.house.core, visit.id).await.unwrap();
    let journey = visit.house.journey(visit.id).await;
    let mut fields: Vec<(String, String)> = [
        ("own_loan", "yes"),
        ("signed_yourself", "yes"),
        ("someone_took_money", "no"),
        ("unknown_fee", "no"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for question in &plan.numbers {
        let Answer::Choice(at) = right(question, journey.table().unwrap()) else { panic!("first wording") };
        fields.push((question.id.to_string(), at.to_string()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(her.post(&visit.at("callback"), &fields).await.status, StatusCode::SEE_OTHER);
    assert!(her.get(&visit.at("callback")).await.text().contains("您说的和记录一致"));
    let code = visit.house.journey(visit.id).await.callback().and_then(|call| call.code);
    assert_eq!(code.map(|code| code.key()), Some("CONFIRMED"));
}

#[tokio::test]
async fn every_page_says_the_same_figures_in_both_languages() {
    let mut visit = Visit::new().await;
    let link = format!("/b/{}", visit.opened.link.token);
    insta::assert_snapshot!("code", visit.her.get(&link).await.text());
    visit.before_reading().await;
    for page in ["start", "income", "safety", "facts", "table", "plan", "late", "read", "decline"] {
        let shown = visit.page(page).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}");
        insta::assert_snapshot!(format!("{page}-zh"), shown.text());
    }
    visit.her.set_cookie("mb_look", "en.large.dark");
    for page in ["start", "income", "safety", "facts", "table", "plan", "late", "read", "decline"] {
        insta::assert_snapshot!(format!("{page}-en"), visit.page(page).await.text());
    }
    let html = visit.page("facts").await.html();
    assert!(html.contains(r#"<html lang="en" class="large dark">"#));
    let journey = visit.house.journey(visit.id).await;
    let total = journey.table().unwrap().total_repayable_fen.to_string();
    for page in ["facts", "table", "plan"] {
        assert!(visit.page(page).await.html().contains(&total), "{page} does not say {total}");
    }
}

#[tokio::test]
async fn a_quiet_call_for_help_stops_the_payout_and_shows_nothing_on_her_screen() {
    let mut visit = Visit::new().await;
    visit.before_reading().await;
    let facts = visit.page("facts").await;
    assert!(facts.html().contains(&visit.at("aside")), "the way is on every page of hers");
    let before = facts.text();
    insta::assert_snapshot!("aside-zh", visit.page("aside").await.text());
    let at = visit.at("aside");
    let back = visit.her.post(&at, &[]).await;
    assert_eq!((back.status, back.to()), (StatusCode::SEE_OTHER, visit.at("facts")));
    assert_eq!(
        visit.page("facts").await.text(),
        before,
        "the page that she had seen before, letter by letter"
    );
    let waiting = visit.page("wait").await.text();
    for told in ["逼", "防骗", "悄悄求助 已", "消保"] {
        let outside = waiting.replace("悄悄求助", "");
        assert!(!outside.contains(told), "{told}: {waiting}");
    }
    let journey = visit.house.journey(visit.id).await;
    assert_eq!(journey.screening_hits(), [ScreenKey::Forced]);
    // Pressing "no" everywhere afterwards takes nothing back.
    let calm: Vec<(&str, &str)> = ScreenKey::ALL.iter().map(|key| (key.key(), "no")).collect();
    let at = visit.at("safety");
    assert_eq!(visit.her.post(&at, &calm).await.status, StatusCode::CONFLICT);
    assert_eq!(visit.house.journey(visit.id).await.screening_hits(), [ScreenKey::Forced]);
}

#[tokio::test]
async fn what_a_late_payment_costs_is_worked_out_for_what_she_typed() {
    let mut visit = Visit::new().await;
    visit.before_reading().await;
    let table = visit.house.journey(visit.id).await.table().unwrap().clone();
    let usual = visit.page("late").await.text();
    assert!(usual.contains(&table.default_costs.late_example.extra_fen.to_string()), "{usual}");
    let terms = visit.house.journey(visit.id).await.terms().unwrap().clone();
    let worked = late_payment(&terms, 3, 90).unwrap();
    let asked = visit.page("late?late_n=3&late_days=90&n=5").await;
    assert!(asked.text().contains(&worked.example.extra_fen.to_string()));
    assert!(asked.text().contains(&worked.paid_on.to_string()));
    assert!(asked.html().contains("name=\"n\" value=\"5\""), "the other question is kept");
    for odd in
        ["late_n=0", "late_n=999", "late_days=0", "late_days=99999", "late_n=x", "late_days=-3", "late_n="]
    {
        let page = visit.page(&format!("late?{odd}")).await;
        assert_eq!(page.status, StatusCode::OK, "{odd}");
        assert!(page.text().contains("不在还款计划里"), "{odd}");
    }
}

#[tokio::test]
async fn reading_faster_than_the_clock_is_sent_back_with_the_seconds() {
    let mut visit = Visit::new().await;
    visit.before_reading().await;
    visit.send("read/money/open", &[]).await;
    insta::assert_snapshot!("section", visit.page("read/money").await.text());
    let at = visit.at("read/money");
    let hurried = visit.her.post(&at, &[]).await;
    assert_eq!(hurried.status, StatusCode::CONFLICT);
    assert!(hurried.text().contains("还差约"), "{}", hurried.text());
    // A section that was never opened has no clock and cannot be finished.
    let at = visit.at("read/rights");
    assert_eq!(visit.her.post(&at, &[]).await.status, StatusCode::CONFLICT);
    let unopened = visit.page("read/rights").await;
    assert_eq!((unopened.status, unopened.to()), (StatusCode::SEE_OTHER, visit.at("read")));
    assert_eq!(visit.page("read/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn rote_and_wrong_answers_lead_to_an_explanation_and_then_to_a_person() {
    let mut visit = Visit::new().await;
    visit.before_reading().await;
    visit.read().await;
    insta::assert_snapshot!("teach-intro", visit.page("teach").await.text());
    visit.send("teach/ask", &[]).await;
    insta::assert_snapshot!("teach-question", visit.page("teach").await.text());
    let at = visit.at("teach");
    let question = visit.page("teach").await.field("question");
    let nothing = visit.her.post(&at, &[("question", &question)]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text().contains("请选一个答案"), "{}", nothing.text());
    visit.send("teach", &[("question", &question), ("answer", "not_sure")]).await;
    insta::assert_snapshot!("teach-explained", visit.page("teach").await.text());
    // The second wording asks for the amount itself.
    visit.send("teach/ask", &[]).await;
    let page = visit.page("teach").await;
    insta::assert_snapshot!("teach-amount", page.text());
    let question = page.field("question");
    let unread = visit.her.post(&at, &[("question", &question), ("amount", "大约几千吧")]).await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unread.html().contains("value=\"大约几千吧\""), "what was typed must come back");
    visit.send("teach", &[("question", &question), ("amount", "清楚")]).await;
    visit.send("teach/ask", &[]).await;
    let question = visit.page("teach").await.field("question");
    visit.send("teach", &[("question", &question), ("answer", "not_sure")]).await;
    insta::assert_snapshot!("teach-human", visit.page("teach").await.text());
    let at = visit.at("teach/ask");
    assert_eq!(visit.her.post(&at, &[]).await.status, StatusCode::CONFLICT);
    visit.house.desk.act(&visit.house.li, visit.id, Command::ExplainInPerson).await.unwrap();
    visit.understand().await;
}

#[tokio::test]
async fn an_answer_that_asks_for_help_pauses_and_helps() {
    let mut visit = Visit::new().await;
    visit.enter().await;
    visit.send("income", &[("income", "20000"), ("debts", "0")]).await;
    let at = visit.at("safety");
    let partly = visit.her.post(&at, &ALL_NO[..7]).await;
    assert_eq!(partly.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(partly.html().contains("href=\"#forced\""));
    let mut answers = ALL_NO;
    answers[1].1 = "yes";
    answers[7].1 = "not_sure";
    assert_eq!(visit.send("safety", &answers).await, "wait");
    insta::assert_snapshot!("paused", visit.page("wait").await.text());
}

#[tokio::test]
async fn too_heavy_instalments_are_explained_and_a_person_can_look() {
    let mut visit = Visit::new().await;
    visit.enter().await;
    let at = visit.at("income");
    for (income, debts) in [("", "0"), ("abc", "0"), ("5000", "-3"), ("99999999999", "0")] {
        let wrong = visit.her.post(&at, &[("income", income), ("debts", debts)]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{income} {debts}");
        assert!(wrong.html().contains("role=\"alert\""));
    }
    assert_eq!(visit.send("income", &[("income", "三千元"), ("debts", "1000")]).await, "wait");
    insta::assert_snapshot!("over", visit.page("wait").await.text());
}

#[tokio::test]
async fn changed_terms_are_shown_side_by_side_and_everything_is_asked_again() {
    let mut visit = Visit::new().await;
    visit.before_reading().await;
    visit.read().await;
    let dearer = mingbai_desk::borrow::TermsRequest {
        product: Some(("honest-loan".to_owned(), "2026.2".to_owned())),
        principal_fen: mingbai_desk::cost::Fen::new(5_000_000),
        periods: 12,
        payout_on: jiff::civil::date(2026, 12, 2),
        method: None,
    };
    visit.house.desk.change_terms(&visit.house.core, visit.id, dearer).await.unwrap();
    assert_eq!(visit.next().await, "changed");
    insta::assert_snapshot!("changed", visit.page("changed").await.text());
    assert_eq!(visit.send("income", &[("income", "2万"), ("debts", "0")]).await, "safety");
    assert_eq!(visit.send("safety", &ALL_NO).await, "facts");
}

#[tokio::test]
async fn she_may_say_no_at_any_time_and_that_is_a_right_used() {
    let mut visit = Visit::new().await;
    visit.before_reading().await;
    assert_eq!(visit.send("decline", &[("reason", "")]).await, "done");
    insta::assert_snapshot!("declined", visit.page("done").await.text());
    let at = visit.at("table");
    assert_eq!(visit.her.post(&at, &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(visit.page("decline").await.to(), visit.at("done"));
}

#[tokio::test]
async fn at_the_last_look_nobody_may_tell_her_what_to_answer() {
    let mut visit = Visit::new().await;
    visit.before_reading().await;
    visit.read().await;
    visit.understand().await;
    insta::assert_snapshot!("consents", visit.page("consents").await.text());
    let at = visit.at("consents");
    let partly = visit.her.post(&at, &[("loan_processing", "agreed")]).await;
    assert_eq!(partly.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = [("loan_processing", "agreed"), ("credit_report", "declined"), ("marketing", "agreed")];
    assert_eq!(visit.send("consents", &refused).await, "consents");
    assert!(visit.page("consents").await.text().contains("没有同意办理贷款所必需的一项"));
    visit.agree().await;
    insta::assert_snapshot!("wait", visit.page("wait").await.text());
    visit.at_the_branch().await;
    insta::assert_snapshot!("sign", without_digests(&visit.page("sign").await.text()));
    let document = visit.page("sign").await.field("document");
    visit.send("sign", &[("document", &document)]).await;
    insta::assert_snapshot!("notice", visit.page("notice").await.text());
    let document = visit.page("notice").await.field("document");
    visit.send("notice", &[("document", &document)]).await;
    insta::assert_snapshot!("last", visit.page("last").await.text());
    assert_eq!(visit.send("last", &[("own_wish", "yes"), ("being_told", "yes")]).await, "wait");
    insta::assert_snapshot!("stopped", visit.page("wait").await.text());
    let refused = visit.house.desk.permit(&visit.house.core, visit.id).await;
    assert!(refused.is_err(), "the gate must stay shut");
}

fn without_digests(text: &str) -> String {
    let hex = |word: &str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let words = |line: &str| {
        let shown = line.split(':').map(|word| if hex(word.trim()) { "…" } else { word });
        shown.collect::<Vec<_>>().join(":")
    };
    text.lines().map(words).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn her_files_come_as_files_and_only_hers() {
    let mut visit = Visit::new().await;
    visit.before_reading().await;
    for kind in ["cost_table", "plan", "notice", "contract"] {
        let file = visit.page(&format!("paper/{kind}")).await;
        assert_eq!(file.status, StatusCode::OK);
        assert_eq!(file.headers[header::CONTENT_TYPE], "application/pdf");
        assert!(file.bytes.starts_with(b"%PDF"));
    }
    assert_eq!(visit.page("paper/mortgage").await.status, StatusCode::NOT_FOUND);
    let foreign = "0".repeat(64);
    assert_eq!(visit.page(&format!("paper/{foreign}")).await.status, StatusCode::NOT_FOUND);
    let zip = visit.page("package").await;
    assert_eq!(zip.headers[header::CONTENT_TYPE], "application/zip");
    assert!(zip.bytes.starts_with(b"PK"));
    assert_eq!(ScreenKey::ALL.len(), ALL_NO.len());
}
