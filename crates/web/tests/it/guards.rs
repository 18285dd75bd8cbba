//! Tricks of the trade against the doors: headers from outside, addresses that lead to files, packed bodies, invented addresses of
//! clients.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use mingbai_web::TrustedProxies;

use crate::borrow::Visit;
use crate::browser::Browser;
use crate::house::House;

#[tokio::test]
async fn nothing_from_outside_gets_into_a_header() {
    let house = House::new().await;
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    for back in [
        "/%0d%0aSet-Cookie:%20mb_s=evil",
        "//evil.example",
        "https://evil.example",
        "/%5c%5cevil.example",
        "%09//evil.example",
    ] {
        let page = anyone.get(&format!("/look?set=en&back={back}")).await;
        let to = page.to();
        assert!(
            to.starts_with('/')
                && !to.starts_with("//")
                && !to.contains('\\')
                && !to.contains("evil.example:"),
            "{back}: {to}"
        );
        assert!(!to.contains('\r') && !to.contains('\n'));
        let set: Vec<_> = page.headers.get_all(header::SET_COOKIE).iter().collect();
        assert!(
            set.len() <= 1 && set.iter().all(|line| line.to_str().unwrap().starts_with("mb_look=")),
            "{back}: {set:?}"
        );
    }
    for set in ["en%0d%0aX-Evil:%201", "%3Cscript%3E"] {
        let page = anyone.get(&format!("/look?set={set}&back=/")).await;
        assert!(page.headers.get("x-evil").is_none() && page.status.as_u16() < 500);
    }
}

#[tokio::test]
async fn an_address_reaches_no_file_of_the_machine() {
    let mut visit = Visit::new().await;
    visit.enter().await;
    for path in [
        "/assets/../../../etc/passwd",
        "/assets/x/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/x/%2e%2e/%2e%2e/Cargo.toml",
        "/log/tile/..%2f..%2fkeys%2fmaster.key",
        "/log/tile/0/x001/..%2f..",
        "/ca/..%2fkeys%2fmaster.key",
    ] {
        let page = visit.her.get(path).await;
        assert!(page.status.is_client_error(), "{path}: {}", page.status);
        assert!(!page.html().contains("root:") && !page.html().contains("[package]"), "{path}");
    }
    for page in ["paper/..%2f..%2fkeys", "contract/..%2fx", "read/..%2f/open"] {
        let at = visit.at(page);
        assert!(visit.her.get(&at).await.status.is_client_error(), "{page}");
    }
}

#[tokio::test]
async fn packed_and_oversized_bodies_are_not_unpacked() {
    let mut visit = Visit::new().await;
    visit.enter().await;
    let at = visit.at("decline");
    let page = visit.her.get(&at).await;
    let csrf = page.field("csrf");
    // A gzip stream is bytes like any other: nothing here unpacks what was not asked for.
    let packed = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0x4c, 4, 0];
    let request = Request::post(&at)
        .header("origin", crate::browser::BASE)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONTENT_ENCODING, "gzip");
    let answer = visit.her.send(request.body(Body::from(packed.to_vec())).unwrap()).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
    let many: Vec<(String, String)> = (0..500).map(|i| (format!("f{i}"), String::new())).collect();
    let mut fields: Vec<(&str, &str)> =
        many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("csrf", &csrf));
    let answer = visit.her.post_exactly(&at, &fields, &[("origin", crate::browser::BASE)]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "five hundred fields");
    assert!(visit.house.journey(visit.id).await.declined().is_none());
}

#[tokio::test]
async fn an_invented_client_address_buys_no_tries() {
    let house = House::new().await;
    let proxies = TrustedProxies::parse("10.0.0.0/8").unwrap();
    let mut thief = Browser::new(&mingbai_web::router_behind(house.desk.clone(), proxies));
    let peer: SocketAddr = "203.0.113.9:5000".parse().unwrap();
    let proxy: SocketAddr = "10.0.0.2:5000".parse().unwrap();
    let ask = |from: SocketAddr, said: String| {
        let mut request =
            Request::get("/c/0000-0000-0000").header("x-forwarded-for", said).body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(from));
        request
    };
    let mut last = StatusCode::OK;
    for i in 0..40 {
        last = thief.send(ask(peer, format!("198.51.100.{i}"))).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "a stranger's header is nothing");
    // Through a listed proxy each client has its own limit, whatever it wrote in front.
    for i in 0..40 {
        last = thief.send(ask(proxy, format!("1.1.1.{i}, 198.51.100.1"))).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let other = thief.send(ask(proxy, "198.51.100.2".to_owned())).await.status;
    assert_ne!(other, StatusCode::TOO_MANY_REQUESTS);
    // The public API counts by the same address.
    let check = |said: &str| {
        let request = Request::post("/api/v1/trust/check").header("content-type", "application/json");
        let body = Body::from(r#"{"text": "你好"}"#);
        let mut request = request.header("x-forwarded-for", said).body(body).unwrap();
        request.extensions_mut().insert(ConnectInfo(proxy));
        request
    };
    for _ in 0..31 {
        last = thief.send(check("198.51.100.1")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(thief.send(check("198.51.100.2")).await.status, StatusCode::OK);
}
