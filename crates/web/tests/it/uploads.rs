//! Large documents from the core system: a whole upload with a broken line, and everything that a confused or hostile sender can do.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use mingbai_desk::Caller;
use mingbai_desk::core::actor::Login;
use mingbai_desk::evidence::Digest;
use mingbai_desk::ports::{Holder, PIECE};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::browser::{Browser, Page};
use crate::house::House;

struct Sender {
    browser: Browser,
    key: String,
    journey: String,
}

fn digest(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", BASE64.encode(Digest::of(bytes).as_bytes()))
}

fn json_of(page: &Page) -> Value {
    serde_json::from_slice(&page.bytes).unwrap_or_else(|_| panic!("no JSON: {}", page.html()))
}

impl Sender {
    async fn new(house: &House, reference: &str) -> Sender {
        let login = Login::new("core-up").unwrap();
        let key = house.desk.add_core_key(&Caller::system(), &login).await.unwrap();
        let (opened, _) = house.open(reference).await;
        let journey = opened.view.journey.id().to_string();
        Sender { browser: Browser::new(&mingbai_web::router(house.desk.clone())), key, journey }
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/v1/journeys/{}/uploads{rest}", self.journey)
    }

    async fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Page {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.key));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.browser.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn begin(&mut self) -> String {
        let headers = [("content-type", "application/json")];
        let body = json!({"media": "video/mp4"}).to_string().into_bytes();
        let page = self.ask("POST", &self.path(""), &headers, body).await;
        assert_eq!(page.status, StatusCode::CREATED, "{}", page.html());
        let begun = json_of(&page);
        assert_eq!((begun["offset"].as_u64(), begun["piece_bytes"].as_u64()), (Some(0), Some(PIECE as u64)));
        begun["upload"].as_str().unwrap().to_owned()
    }

    async fn send(&mut self, upload: &str, offset: u64, bytes: &[u8]) -> Page {
        self.send_as(upload, &offset.to_string(), bytes, &digest(bytes)).await
    }

    async fn send_as(&mut self, upload: &str, offset: &str, bytes: &[u8], digest: &str) -> Page {
        let headers = [("content-type", "application/octet-stream"), ("content-digest", digest)];
        let path = self.path(&format!("/{upload}?offset={offset}"));
        self.ask("PUT", &path, &headers, bytes.to_vec()).await
    }

    async fn offset(&mut self, upload: &str) -> Option<u64> {
        let page = self.ask("GET", &self.path(&format!("/{upload}")), &[], Vec::new()).await;
        (page.status == StatusCode::OK).then(|| json_of(&page)["offset"].as_u64().unwrap())
    }

    async fn finish(&mut self, upload: &str) -> Page {
        self.ask("POST", &self.path(&format!("/{upload}/finish")), &[], Vec::new()).await
    }
}

/// A problem of this kind, told in both languages.
fn problem(page: &Page, status: StatusCode, kind: &str) -> Value {
    assert_eq!(page.status, status, "{}", page.html());
    assert_eq!(page.headers[header::CONTENT_TYPE], "application/problem+json");
    let problem = json_of(page);
    assert_eq!(problem["type"], format!("urn:mingbai:problem:{kind}"));
    for field in ["detail", "detail_en", "next", "next_en"] {
        assert!(!problem[field].as_str().unwrap().is_empty(), "{field}: {problem}");
    }
    problem
}

/// Bytes that are not all the same.
fn noise(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from((at * 31 + at / 251) % 256).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_document_arrives_although_the_line_breaks() {
    let house = House::new().await;
    let mut sender = Sender::new(&house, "UP-1").await;
    let whole = noise(2 * PIECE + 1_000);
    let upload = sender.begin().await;
    let first = sender.send(&upload, 0, &whole[..PIECE]).await;
    assert_eq!((first.status, json_of(&first)["offset"].as_u64()), (StatusCode::OK, Some(PIECE as u64)));
    // The answer was lost: the same piece again changes nothing and says where it goes on.
    let again = sender.send(&upload, 0, &whole[..PIECE]).await;
    let told = problem(&again, StatusCode::CONFLICT, "upload-offset");
    assert!(told["detail_en"].as_str().unwrap().contains(&PIECE.to_string()), "{told}");
    assert_eq!(sender.offset(&upload).await, Some(PIECE as u64));
    for from in [PIECE, 2 * PIECE] {
        let to = whole.len().min(from + PIECE);
        let sent = sender.send(&upload, from as u64, &whole[from..to]).await;
        assert_eq!(json_of(&sent)["offset"].as_u64(), Some(to as u64), "{}", sent.html());
    }
    let done = sender.finish(&upload).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.html());
    assert_eq!(
        json_of(&done),
        json!({"sha256": Digest::of(&whole).to_string(), "media": "video/mp4", "bytes": whole.len()})
    );
    assert_eq!(json_of(&sender.finish(&upload).await), json_of(&done), "ending again says the same");
    let person = Uuid::try_parse(&sender.journey).unwrap();
    let kept = house.ports.attachments.get(Holder::Person(person), Digest::of(&whole)).await.unwrap();
    assert!(kept.is_some_and(|kept| kept == whole));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_that_does_not_belong_there_is_not_kept() {
    let house = House::new().await;
    let mut sender = Sender::new(&house, "UP-2").await;
    let upload = sender.begin().await;
    for offset in [1, 5, PIECE as u64, 10 * PIECE as u64, u64::MAX] {
        problem(&sender.send(&upload, offset, b"x").await, StatusCode::CONFLICT, "upload-offset");
    }
    for offset in ["", "-1", "1.5", "x", "18446744073709551616"] {
        let sent = sender.send_as(&upload, offset, b"x", &digest(b"x")).await;
        problem(&sent, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    }
    // Another digest, none that can be read, and the digest of something else in its place.
    let truncated = digest(b"x")[..20].to_owned();
    for wrong in [digest(b"y").as_str(), "sha-256=::", "sha-512=:AAAA:", "", truncated.as_str()] {
        let told = sender.send_as(&upload, "0", b"x", wrong).await;
        let told = problem(&told, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["field"], "Content-Digest");
    }
    let large = vec![7; PIECE + 1];
    problem(&sender.send(&upload, 0, &large).await, StatusCode::PAYLOAD_TOO_LARGE, "too-large");
    let larger = vec![7; PIECE + 2];
    problem(&sender.send(&upload, 0, &larger).await, StatusCode::PAYLOAD_TOO_LARGE, "too-large");
    let path = sender.path(&format!("/{upload}?offset=0"));
    let text = sender.ask("PUT", &path, &[("content-digest", &digest(b"x"))], b"x".to_vec()).await;
    problem(&text, StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type");
    assert_eq!(sender.offset(&upload).await, Some(0), "nothing of it was kept");
    // After a short piece there is nothing more to come.
    assert_eq!(sender.send(&upload, 0, b"end").await.status, StatusCode::OK);
    problem(&sender.send(&upload, 3, b"more").await, StatusCode::CONFLICT, "upload-offset");
    assert_eq!(json_of(&sender.finish(&upload).await)["bytes"], 3);
    problem(&sender.send(&upload, 0, b"new").await, StatusCode::CONFLICT, "upload-offset");
    // Everything else of the API still takes small bodies only.
    let headers = [("content-type", "application/json")];
    let path = sender.path("");
    let body = format!("{{\"media\":\"{}\"}}", "x".repeat(40_000)).into_bytes();
    problem(&sender.ask("POST", &path, &headers, body).await, StatusCode::PAYLOAD_TOO_LARGE, "too-large");
    for media in ["", "video", "video/", "/mp4", "video/mp4; x", "视频/mp4", &"a/b".repeat(60)] {
        let body = json!({ "media": media }).to_string().into_bytes();
        problem(
            &sender.ask("POST", &path, &headers, body).await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_its_own_journeys_and_a_core_systems_alone() {
    let house = House::new().await;
    let mut sender = Sender::new(&house, "UP-3").await;
    let mut other = Sender::new(&house, "UP-4").await;
    let upload = sender.begin().await;
    let nobody = Uuid::from_u128(7).to_string();
    for (who, number) in [(&mut other, upload.as_str()), (&mut sender, nobody.as_str())] {
        assert_eq!(who.offset(number).await, None);
        problem(&who.send(number, 0, b"x").await, StatusCode::NOT_FOUND, "not-found");
        problem(&who.send(number, PIECE as u64, b"x").await, StatusCode::NOT_FOUND, "not-found");
        problem(&who.finish(number).await, StatusCode::NOT_FOUND, "not-found");
    }
    assert_eq!(sender.offset("no-number").await, None);
    problem(&sender.send("..%2f..", 0, b"x").await, StatusCode::NOT_FOUND, "not-found");
    let journey = std::mem::replace(&mut sender.journey, nobody.clone());
    problem(&sender.send(&upload, 0, b"x").await, StatusCode::NOT_FOUND, "not-found");
    sender.journey = journey;
    let key = std::mem::replace(&mut sender.key, "mbk_wrong".to_owned());
    problem(&sender.send(&upload, 0, b"x").await, StatusCode::UNAUTHORIZED, "unauthenticated");
    sender.key = key;
    let id = mingbai_desk::core::borrow::JourneyId::parse(&sender.journey).unwrap();
    assert!(house.desk.begin_upload(&house.compliance, id, "video/mp4").await.is_err(), "staff");
    assert!(house.desk.begin_upload(&Caller::system(), id, "video/mp4").await.is_err());
    // It was not disturbed by any of this.
    assert_eq!(sender.offset(&upload).await, Some(0));
    assert_eq!(sender.send(&upload, 0, b"whole").await.status, StatusCode::OK);
    assert_eq!(json_of(&sender.finish(&upload).await)["sha256"], Digest::of(b"whole").to_string());
    // After she was forgotten nothing more is kept under her number.
    house.ports.vault.forget(id.uuid()).await.unwrap();
    let headers = [("content-type", "application/json")];
    let body = json!({"media": "video/mp4"}).to_string().into_bytes();
    let path = sender.path("");
    let gone = sender.ask("POST", &path, &headers, body).await;
    problem(&gone, StatusCode::NOT_FOUND, "not-found");
}
