//! The doors: links, codes, sessions, forged forms, and staff who try to act for a borrower.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::borrow::Visit;
use crate::browser::{BASE, Browser};
use crate::house::{DAY_MS, House};

#[tokio::test]
async fn a_link_opens_with_its_digits_once_and_five_wrong_ones_end_it() {
    let mut visit = Visit::new().await;
    let link = format!("/b/{}", visit.opened.link.token);
    let slip = visit.her.post(&link, &[("code", "12 34")]).await;
    assert_eq!(slip.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(slip.text().contains("验证码是 6 位数字"));
    let code = visit.opened.link.code.clone().unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for left in (1..5).rev() {
        let again = visit.her.post(&link, &[("code", wrong)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text().contains(&format!("还可以试 {left} 次")), "{}", again.text());
    }
    visit.her.post(&link, &[("code", wrong)]).await;
    let dead = visit.her.post(&link, &[("code", &code)]).await;
    assert_eq!(dead.status, StatusCode::NOT_FOUND);
    insta::assert_snapshot!("dead-link", without_number(&dead.text()));
    let unknown = visit.her.get(&format!("/b/{}", "x".repeat(43))).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

fn without_number(text: &str) -> String {
    text.lines().filter(|line| !line.contains("请报这个编号")).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_used_link_asks_for_new_digits_and_an_expired_one_is_dead() {
    let mut visit = Visit::new().await;
    visit.enter().await;
    let link = format!("/b/{}", visit.opened.link.token);
    let mut other = Browser::new(&mingbai_web::router(visit.house.desk.clone()));
    // A used link asks for new digits, which go to her own phone only.
    insta::assert_snapshot!("used-link", other.get(&link).await.text());
    let asked = other.post(&format!("{link}/again"), &[]).await;
    assert_eq!(asked.to(), format!("{link}?asked"));
    assert!(other.get(&asked.to()).await.text().contains("验证码正在发往"));
    visit.house.run_outbox().await;
    let told = visit.house.told("code.ready");
    assert_eq!(told[0]["data"]["purpose"], "ceremony");
    let code = told[0]["data"]["code"].as_str().unwrap().to_owned();
    assert_eq!(other.post(&link, &[("code", &code)]).await.to(), visit.at("start"));
    let late = Visit::of(House::new().await, "B-1").await;
    late.house.pass(8 * DAY_MS);
    let mut her = late.her;
    assert_eq!(her.get(&format!("/b/{}", late.opened.link.token)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_sees_another_borrowers_pages() {
    let mut visit = Visit::new().await;
    visit.enter().await;
    let house = &visit.house;
    let foreign = house.desk.open_journey(&house.core, house.request("A-2")).await.unwrap();
    for page in ["facts", "table", "package", "paper/plan", "done", "callback"] {
        let path = format!("/b/{}/{page}", foreign.view.journey.id());
        assert_eq!(visit.her.get(&path).await.status, StatusCode::UNAUTHORIZED, "{page}");
        let mut nobody = Browser::new(&mingbai_web::router(visit.house.desk.clone()));
        assert_eq!(nobody.get(&visit.at(page)).await.status, StatusCode::UNAUTHORIZED, "{page}");
    }
    let path = format!("/b/{}/decline", foreign.view.journey.id());
    assert_eq!(visit.her.post(&path, &[]).await.status, StatusCode::UNAUTHORIZED);
    // A session is over after half a day, whatever she does.
    visit.house.pass(13 * 3_600_000);
    assert_eq!(visit.page("facts").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_form_from_elsewhere_changes_nothing() {
    let mut visit = Visit::new().await;
    visit.before_reading().await;
    let at = visit.at("decline");
    let csrf = visit.page("decline").await.field("csrf");
    let forged = [
        (csrf.as_str(), vec![("origin", "https://evil.example")]),
        (csrf.as_str(), vec![("origin", BASE), ("sec-fetch-site", "cross-site")]),
        (csrf.as_str(), vec![]),
        ("", vec![("origin", BASE)]),
        ("0000000000000000000000000000000000000000000000000000000000000000", vec![("origin", BASE)]),
    ];
    for (token, headers) in forged {
        let answer = visit.her.post_exactly(&at, &[("csrf", token), ("reason", "")], &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{token} {headers:?}");
    }
    assert!(visit.house.journey(visit.id).await.declined().is_none());
    let doubled = [("csrf", csrf.as_str()), ("reason", "a"), ("reason", "b")];
    let answer = visit.her.post_exactly(&at, &doubled, &[("origin", BASE)]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let long = "x".repeat(80 * 1024);
    let answer =
        visit.her.post_exactly(&at, &[("csrf", &csrf), ("reason", &long)], &[("origin", BASE)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(visit.house.journey(visit.id).await.declined().is_none());
}

#[tokio::test]
async fn a_consultant_cannot_act_for_the_borrower_and_the_attempt_is_on_record() {
    let visit = Visit::new().await;
    let inside = crate::house::enter(&visit.house.desk, "li.na").await.unwrap();
    let mut li = Browser::new(&mingbai_web::router(visit.house.desk.clone()));
    li.set_cookie("mb_s", &inside.token);
    assert_eq!(li.get(&visit.at("last")).await.status, StatusCode::FORBIDDEN);
    let answer = li.post(&visit.at("last"), &[("own_wish", "yes"), ("being_told", "no")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text().contains("任何人不得代办"), "{}", answer.text());
    let journey = visit.house.journey(visit.id).await;
    let tried: Vec<_> =
        journey.denied_attempts().iter().map(|a| (a.command.as_str(), a.mark.actor.to_string())).collect();
    assert_eq!(tried, [("confirm", "staff:li.na:consultant".to_owned())]);
    // Her link does not open in the consultant's browser either, even with the right digits.
    let link = format!("/b/{}", visit.opened.link.token);
    let answer = li.post(&link, &[("code", visit.opened.link.code.as_deref().unwrap())]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text().contains("这台设备上有工作人员登录着"), "{}", answer.text());
}

#[tokio::test]
async fn secrets_cannot_be_tried_without_end_from_one_address() {
    let visit = Visit::new().await;
    let mut thief = Browser::new(&mingbai_web::router(visit.house.desk.clone()));
    let mut last = StatusCode::OK;
    for _ in 0..40 {
        last = thief.get("/c/0000-0000-0000").await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn every_page_carries_its_guards() {
    let house = House::new().await;
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    for path in ["/", "/check", "/b/nothing", "/nowhere", "/assets/x/nothing.js", "/staff"] {
        let page = anyone.get(path).await;
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(page.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(page.headers.contains_key("x-request-id"));
        let html = page.html();
        assert!(
            !html.contains("<script>") && !html.contains("style=\"") && !html.contains(" onclick"),
            "{path}"
        );
    }
    let odd = Request::get("/b/%00%ff/facts").body(Body::empty()).unwrap();
    assert!(anyone.send(odd).await.status.is_client_error());
    let put = Request::put("/check").body(Body::empty()).unwrap();
    assert_eq!(anyone.send(put).await.status, StatusCode::NOT_FOUND);
}
