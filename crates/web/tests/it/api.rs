//! The interface for core systems: its description is a golden file, and its problems are told in both languages.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use mingbai_desk::Caller;
use mingbai_desk::core::actor::Login;

use crate::browser::{Browser, Page};
use crate::house::House;

pub struct Core {
    browser: Browser,
    key: String,
}

impl Core {
    pub async fn new(house: &House) -> Core {
        let login = Login::new("core-2").unwrap();
        let key = house.desk.add_core_key(&Caller::system(), &login).await.unwrap();
        Core { browser: Browser::new(&mingbai_web::router(house.desk.clone())), key }
    }

    pub async fn ask(&mut self, method: &str, path: &str, body: &str) -> Page {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.key));
        let request = request.header(header::CONTENT_TYPE, "application/json");
        self.browser.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }
}

pub fn json(page: &Page) -> serde_json::Value {
    serde_json::from_slice(&page.bytes).unwrap()
}

#[tokio::test]
async fn the_description_is_what_we_agreed_on() {
    let house = House::new().await;
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    let page = anyone.get("/api/v1/openapi.json").await;
    assert_eq!(page.status, StatusCode::OK);
    insta::assert_snapshot!("openapi", serde_json::to_string_pretty(&json(&page)).unwrap());
}

const OPEN: &str = r#"{"product":"honest-loan","principal_fen":5000000,"periods":12,"payout_on":"2026-12-02",
"channel":"online","borrower_name":"王秀英","borrower_phone":"138 0000 0000","external_ref":"API-1"}"#;

#[tokio::test]
async fn a_journey_is_opened_once_and_the_permit_says_what_is_missing() {
    let house = House::new().await;
    let mut core = Core::new(&house).await;
    let opened = core.ask("POST", "/api/v1/journeys", OPEN).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.html());
    let journey = json(&opened)["journey"].as_str().unwrap().to_owned();
    let again = core.ask("POST", "/api/v1/journeys", OPEN).await;
    assert!(again.status.is_success());
    assert_eq!(json(&again)["journey"], journey.as_str());
    let shut = core.ask("POST", &format!("/api/v1/journeys/{journey}/permit"), "").await;
    assert_eq!(shut.status, StatusCode::CONFLICT);
    let problem = json(&shut);
    assert_eq!(problem["type"], "urn:mingbai:problem:gate-shut");
    let missing: Vec<&str> =
        problem["missing"].as_array().unwrap().iter().map(|m| m["duty"].as_str().unwrap()).collect();
    assert_eq!(missing.len(), 11, "all but the review: {missing:?}");
    let status = core.ask("GET", &format!("/api/v1/journeys/{journey}"), "").await;
    assert_eq!(json(&status)["stage"], "ceremony");
    let table = core.ask("GET", &format!("/api/v1/journeys/{journey}/table"), "").await;
    assert_eq!(json(&table)["principal_fen"], 5_000_000);
}

#[tokio::test]
async fn bad_input_is_named_and_opens_nothing() {
    let house = House::new().await;
    let mut core = Core::new(&house).await;
    let cases = [
        ("", StatusCode::BAD_REQUEST),
        ("{", StatusCode::BAD_REQUEST),
        ("[]", StatusCode::UNPROCESSABLE_ENTITY),
        (r#"{"product":"nothing"}"#, StatusCode::UNPROCESSABLE_ENTITY),
    ];
    for (body, status) in cases {
        let answer = core.ask("POST", "/api/v1/journeys", body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.html());
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
        let problem = json(&answer);
        assert!(!problem["detail"].as_str().unwrap().is_empty(), "{problem}");
        assert!(!problem["next_en"].as_str().unwrap().is_empty(), "{problem}");
    }
    for (from, to) in [
        ("5000000", "0"),
        ("5000000", "99999999999999"),
        ("5000000", "-1"),
        ("5000000", "1e3"),
        (":12,", ":13,"),
        ("2026-12-02", "2026-13-02"),
        ("online", "pigeon"),
        ("王秀英", ""),
        ("API-1", "有空 格"),
    ] {
        let answer = core.ask("POST", "/api/v1/journeys", &OPEN.replace(from, to)).await;
        assert!(answer.status.is_client_error(), "{from} -> {to}: {}", answer.html());
    }
    core.key = "mbk_wrong".to_owned();
    assert_eq!(core.ask("POST", "/api/v1/journeys", OPEN).await.status, StatusCode::UNAUTHORIZED);
    assert!(house.desk.find_journey(&house.compliance, "API-1").await.is_err());
}

#[tokio::test]
async fn a_shop_gets_the_table_without_script() {
    let house = House::new().await;
    let mut shop = Browser::new(&mingbai_web::router(house.desk.clone()));
    let wish = "product=honest-loan&principal_fen=5000000&periods=12&payout_on=2026-12-02";
    let page = shop.get(&format!("/checkout/fragment?{wish}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html());
    insta::assert_snapshot!("fragment", crate::browser::as_text(&page.html()));
    assert!(!page.html().contains("<script") && !page.html().contains("style="));
    let table = json(&shop.get(&format!("/checkout/fragment.json?{wish}")).await);
    assert_eq!(table["table"]["principal_fen"], 5_000_000);
    assert_eq!(table["key_facts"].as_array().unwrap().len(), 8);
    for bad in ["product=nothing&principal_fen=1&periods=1", "principal_fen=1", "product=honest-loan&x=1", ""]
    {
        let answer = shop.get(&format!("/checkout/fragment?{bad}")).await;
        assert!(answer.status.is_client_error(), "{bad}");
    }
}
