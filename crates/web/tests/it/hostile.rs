//! Whatever is thrown at the doors: an answer below 500, and nothing in the log. A fault of ours would be a 500.

use axum::body::Body;
use axum::http::{Request, header};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;

use crate::borrow::Visit;
use crate::browser::{BASE, Browser};

/// Pieces that real requests are made of, and pieces that break readers.
const PIECES: [&str; 26] = [
    "principal_fen",
    "{",
    "}",
    "\"",
    ":",
    "[",
    "]",
    "99999999999999999999",
    "-1",
    "1e999",
    "null",
    "\u{0}",
    "%00",
    "%",
    "&",
    "=",
    "csrf",
    "answer",
    "not_sure",
    "amount",
    "１２３",
    "三万亿",
    "🙂",
    "question",
    "net_payout.1.0000000000000000",
    "\u{202e}",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
        any::<String>().prop_map(|text| text.chars().take(20).collect()),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

const PAGES: [&str; 14] = [
    "income",
    "safety",
    "table",
    "read/money",
    "read/money/open",
    "teach",
    "teach/ask",
    "consents",
    "sign",
    "notice",
    "last",
    "callback",
    "late",
    "paper/plan",
];

#[test]
fn nothing_that_is_sent_is_answered_with_a_fault_of_ours() {
    let runtime = Runtime::new().unwrap();
    let mut visit = runtime.block_on(Visit::new());
    runtime.block_on(visit.enter());
    let key = {
        let login = mingbai_desk::core::actor::Login::new("core-h").unwrap();
        let system = mingbai_desk::Caller::system();
        runtime.block_on(visit.house.desk.add_core_key(&system, &login)).unwrap()
    };
    let router = mingbai_web::router(visit.house.desk.clone());
    let mut runner = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let visit = std::sync::Mutex::new(visit);
    let case = (text(), text(), 0..PAGES.len());
    let outcome = runner.run(&case, |(one, other, page)| {
        let mut visit = visit.lock().unwrap();
        let at = visit.at(PAGES[page]);
        runtime.block_on(async {
            let form = visit.her.post(&at, &[(&one, &other), ("answer", &other), ("income", &one)]).await;
            prop_assert!(form.status.as_u16() < 500, "{at}: {}", form.text());
            let raw = Request::post(&at).header("origin", BASE);
            let raw = raw.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let raw = visit.her.send(raw.body(Body::from(one.clone())).unwrap()).await;
            prop_assert!(raw.status.as_u16() < 500, "{at}: {}", raw.text());
            let mut core = Browser::new(&router);
            for path in ["/api/v1/journeys", "/api/v1/journeys/0/charges"] {
                let ask = Request::post(path).header(header::AUTHORIZATION, format!("Bearer {key}"));
                let ask = ask.header(header::CONTENT_TYPE, "application/json");
                let answer = core.send(ask.body(Body::from(other.clone())).unwrap()).await;
                prop_assert!(answer.status.as_u16() < 500, "{path}: {}", answer.html());
            }
            let query: String = serde_urlencoded::to_string([("code", &one), ("back", &other)]).unwrap();
            for path in ["/look", "/checkout/fragment", "/staff", "/b/x"] {
                let Ok(request) = Request::get(format!("{path}?{query}")).body(Body::empty()) else {
                    continue;
                };
                let answer = core.send(request).await;
                prop_assert!(answer.status.as_u16() < 500, "{path}: {}", answer.html());
            }
            Ok(())
        })
    });
    outcome.unwrap();
}
