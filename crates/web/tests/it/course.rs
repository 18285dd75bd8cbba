//! The course of consultants: read, answered, put on record, and turned into a certificate by somebody else.

use axum::http::StatusCode;
use mingbai_desk::core::actor::Login;
use mingbai_desk::cost::Lang;

use crate::browser::Browser;
use crate::house::{DAY_MS, House};
use crate::staff::{seen, sign_in};

/// The answers, `wrong` of them wrong.
fn answers(house: &House, wrong: usize) -> Vec<(String, String)> {
    let all = house.desk.course().flat_map(|lesson| {
        let asked = lesson.told(Lang::Zh).questions.iter();
        asked.map(|q| (format!("{}.{}", lesson.id, q.id), q.right(), q.choices.len()))
    });
    let told = all.enumerate().map(|(place, (name, right, count))| {
        let answer = if place < wrong { (right + 1) % count } else { right };
        (name, answer.to_string())
    });
    told.collect()
}

async fn hand_in(who: &mut Browser, house: &House, wrong: usize) -> StatusCode {
    let fields = answers(house, wrong);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    who.post("/staff/course", &fields).await.status
}

#[tokio::test]
async fn a_consultant_passes_and_compliance_grants() {
    let house = House::new().await;
    let mut li = sign_in(&house, "li.na").await;
    assert!(seen(&mut li, "/staff/me").await.html().contains("href=\"/staff/course\""));
    insta::assert_snapshot!("course", seen(&mut li, "/staff/course").await.text());
    let half = li.post("/staff/course", &[("staff-care.complains", "1")]).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(half.text().contains("每一题都要选一项") && half.text().contains("(x) "), "{}", half.text());
    assert_eq!(hand_in(&mut li, &house, 2).await, StatusCode::SEE_OTHER);
    let page = seen(&mut li, "/staff/course").await.text();
    assert!(page.contains("7 / 9 题答对,没有通过") && page.contains("请再读一遍"), "{page}");
    let mut chen = sign_in(&house, "chen").await;
    assert!(!seen(&mut chen, "/staff/training").await.text().contains("按课程登记一年"));
    // One slip passes.
    assert_eq!(hand_in(&mut li, &house, 1).await, StatusCode::SEE_OTHER);
    assert!(seen(&mut li, "/staff/course").await.text().contains("8 / 9 题答对,通过"));
    let page = seen(&mut chen, "/staff/training").await;
    insta::assert_snapshot!("training_passed", page.text());
    let field = |name: &str| page.field(name);
    let (training, until) = (field("training"), field("valid_until"));
    let grant = [("login", "li.na"), ("training", training.as_str()), ("valid_until", until.as_str())];
    assert_eq!(chen.post("/staff/training", &grant).await.to(), "/staff/training");
    let page = seen(&mut chen, "/staff/training").await.text();
    assert!(page.contains("✓ 有效") && page.contains(&training), "{page}");
    assert!(house.desk.trained(&Login::new("li.na").unwrap()).await.unwrap().is_some());
}

#[tokio::test]
async fn guessing_through_ends_and_others_have_no_course() {
    let house = House::new().await;
    let mut li = sign_in(&house, "li.na").await;
    for _ in 0..5 {
        assert_eq!(hand_in(&mut li, &house, 9).await, StatusCode::SEE_OTHER);
    }
    assert_eq!(hand_in(&mut li, &house, 0).await, StatusCode::TOO_MANY_REQUESTS);
    house.pass(DAY_MS);
    let mut li = sign_in(&house, "li.na").await;
    assert_eq!(hand_in(&mut li, &house, 0).await, StatusCode::SEE_OTHER);
    for login in ["chen", "zhou", "root"] {
        let mut other = sign_in(&house, login).await;
        assert_eq!(other.get("/staff/course").await.status, StatusCode::FORBIDDEN, "{login}");
        assert_eq!(hand_in(&mut other, &house, 0).await, StatusCode::FORBIDDEN, "{login}");
    }
}
