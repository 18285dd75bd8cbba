//! The scam check as an elderly person meets it, and as a program does: no login, no script, nothing kept, clear answers to odd input.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use mingbai_desk::core::borrow::event::TypeSize;
use mingbai_desk::cost::Lang;
use mingbai_desk::ports::PaperKind;

use crate::borrow::Visit;
use crate::browser::Browser;
use crate::house::House;

const POLICE: &str = "我是公安局的,您名下银行卡涉嫌洗钱,请把资金转到安全账户,不要告诉家人";

#[tokio::test]
async fn a_person_pastes_a_message_and_learns_what_to_do() {
    let house = House::new().await;
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    insta::assert_snapshot!("scam_form", anyone.get("/trust/check").await.text());
    let page = anyone.post("/trust/check", &[("text", POLICE)]).await;
    assert_eq!(page.status, StatusCode::OK);
    insta::assert_snapshot!("scam_known", page.text());
    assert!(
        page.html().contains("<mark>安全账户</mark>") || page.html().contains("安全账户</mark>"),
        "{}",
        page.html()
    );
    let page = anyone.post("/trust/check", &[("text", "您的取件码是1024,请到驿站领取,退订回T")]).await;
    insta::assert_snapshot!("scam_no_record", page.text());
    anyone.get("/look?set=en&back=/").await;
    let page = anyone.post("/trust/check", &[("text", "你好")]).await;
    insta::assert_snapshot!("scam_not_enough_en", page.text());
    for never in ["is safe", "安全的"] {
        assert!(!page.text().contains(never));
    }
}

#[tokio::test]
async fn odd_input_gets_a_clear_answer() {
    let house = House::new().await;
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    let empty = anyone.post("/trust/check", &[("text", "  ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("请先贴上"));
    for bytes in [250_000, 10 * 1024 * 1024] {
        let long = "a".repeat(bytes);
        let page = anyone.post("/trust/check", &[("text", &long)]).await;
        assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(page.text().contains("内容太长"), "{}", page.text());
    }
    let script = anyone.post("/trust/check", &[("text", "<script>alert(1)</script>转账到安全账户")]).await;
    assert!(!script.html().contains("<script>alert"), "what was pasted is text");
}

#[tokio::test]
async fn a_message_with_the_code_of_our_own_paper_is_told_apart() {
    let visit = Visit::new().await;
    let desk = &visit.house.desk;
    let core = &visit.house.core;
    let paper =
        desk.issue_paper(core, visit.id, PaperKind::Notice, Lang::Zh, TypeSize::Normal).await.unwrap();
    let mut anyone = Browser::new(&mingbai_web::router(desk.clone()));
    let text = format!("您的放款告知书编号{},请核对", paper.code);
    let page = anyone.post("/trust/check", &[("text", &text)]).await;
    assert!(
        page.text().contains("编号是真的,不等于消息是真的") && page.text().contains(&paper.code),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn a_program_gets_the_evidence_and_a_limit() {
    let house = House::new().await;
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    let ask = |text: &str| {
        let body = serde_json::json!({"text": text}).to_string();
        Request::post("/api/v1/trust/check")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .unwrap()
    };
    let page = anyone.send(ask(POLICE)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html());
    let answer: serde_json::Value = serde_json::from_slice(&page.bytes).unwrap();
    assert_eq!(answer["verdict"], "known-pattern");
    assert_eq!(answer["families"][0]["key"], "fake-police");
    let sum: f64 = answer["evidence"].as_array().unwrap().iter().filter_map(|e| e["weight"].as_f64()).sum();
    assert!((sum - answer["log_odds"].as_f64().unwrap()).abs() < 1e-9);
    let long = anyone.send(ask(&"转".repeat(20_000))).await;
    assert_eq!(long.status, StatusCode::PAYLOAD_TOO_LARGE);
    let mut last = StatusCode::OK;
    for _ in 0..31 {
        last = anyone.send(ask("你好")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "one address may not ask without end");
}
