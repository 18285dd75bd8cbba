//! The way in with a second proof, and sessions: an app's codes, recovery codes, passkeys of an authenticator made here, sessions that
//! are renewed, listed, ended and left alone.

use std::sync::Arc;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use axum::http::StatusCode;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::evidence::Digest;
use mingbai_desk::{SecondFactor, StaffRules};

use crate::browser::{BASE, Browser, Page};
use crate::house::{COMPLAINTS, HONEST, House, PASSWORD, desk_of, member};
use crate::staff::{seen, sign_in, whole};

const STEP_MS: i64 = 30_000;

/// A house as a real one: nobody works without a second proof.
async fn strict() -> House {
    let house = House::new().await;
    let desk = desk_of(house.ports.clone(), &[COMPLAINTS, HONEST]).with_staff_rules(StaffRules::default());
    House { desk: Arc::new(desk), ..house }
}

fn anyone(house: &House) -> Browser {
    Browser::new(&mingbai_web::router(house.desk.clone()))
}

async fn password(browser: &mut Browser, login: &str) -> Page {
    browser.post("/staff/sign-in", &[("login", login), ("password", PASSWORD)]).await
}

/// The key in base 32 as the page prints it, decoded.
fn secret_of(page: &Page) -> Vec<u8> {
    let text = page.text();
    let line = text.lines().find(|line| {
        line.len() > 32 && line.bytes().all(|b| b == b' ' || b.is_ascii_uppercase() || b.is_ascii_digit())
    });
    let letters = line.unwrap_or_else(|| panic!("{text}")).replace(' ', "");
    let mut bits = String::new();
    for letter in letters.bytes() {
        let value = if letter.is_ascii_uppercase() { letter - b'A' } else { letter - b'2' + 26 };
        bits.push_str(&format!("{value:05b}"));
    }
    bits.as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect()
}

/// The app, by another library than the house's.
fn code(secret: &[u8], now_ms: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &(now_ms / STEP_MS).to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let word = u32::from_be_bytes(tag.as_ref()[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

fn now(house: &House) -> i64 {
    house.desk.now_ms()
}

/// Sets an app up for somebody who has none; the secret and the recovery codes.
async fn enrol(house: &House, browser: &mut Browser, login: &str) -> (Vec<u8>, Vec<String>) {
    assert_eq!(password(browser, login).await.to(), "/staff/enrol");
    let page = seen(browser, "/staff/enrol").await;
    assert!(page.html().contains("class=\"qr\""));
    let secret = secret_of(&page);
    assert_eq!(secret.len(), 20);
    let done = browser.post("/staff/enrol/app", &[("code", &code(&secret, now(house)))]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    whole(&done, "codes");
    let text = done.text();
    let codes: Vec<String> = text
        .lines()
        .filter(|line| line.len() == 19 && line.matches('-').count() == 3)
        .map(str::to_owned)
        .collect();
    assert_eq!(codes.len(), 10, "{text}");
    (secret, codes)
}

#[tokio::test]
async fn nobody_works_without_a_second_proof_and_each_code_works_once() {
    let house = strict().await;
    let mut li = anyone(&house);
    assert_eq!(password(&mut li, "li.na").await.to(), "/staff/enrol");
    // Half in opens nothing else.
    for path in ["/staff", "/staff/me", "/staff/open", "/staff/products"] {
        assert_eq!(li.get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(li.get("/staff/sign-in").await.to(), "/staff/enrol");
    let page = seen(&mut li, "/staff/enrol").await;
    insta::assert_snapshot!("enrol", page.text().replace(&page_secret(&page), "…"));
    let wrong = li.post("/staff/enrol/app", &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html().contains("href=\"#code\"") && secret_of(&wrong) == secret_of(&page));
    let (secret, codes) = enrol(&house, &mut anyone(&house), "li.na").await;

    let mut again = anyone(&house);
    assert_eq!(password(&mut again, "li.na").await.to(), "/staff/proof");
    insta::assert_snapshot!("proof", seen(&mut again, "/staff/proof").await.text());
    assert_eq!(again.get("/staff/enrol").await.to(), "/staff/proof", "a known password adds no proof");
    assert_eq!(again.post("/staff/enrol/app", &[("code", "1")]).await.status, StatusCode::UNAUTHORIZED);
    // The code that set the app up is used up; so is every other after its use, also for somebody else at the same time.
    let used = again.post("/staff/proof", &[("code", &code(&secret, now(&house)))]).await;
    assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY);
    house.pass(STEP_MS);
    let next = code(&secret, now(&house));
    assert_eq!(again.post("/staff/proof", &[("code", &next)]).await.to(), "/staff");
    assert_eq!(again.get("/staff").await.status, StatusCode::OK);
    let mut thief = anyone(&house);
    password(&mut thief, "li.na").await;
    seen(&mut thief, "/staff/proof").await;
    assert_eq!(thief.post("/staff/proof", &[("code", &next)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let recovery = codes[3].to_lowercase().replace('-', " ");
    assert_eq!(thief.post("/staff/proof", &[("code", &recovery)]).await.to(), "/staff");
    let mut later = anyone(&house);
    password(&mut later, "li.na").await;
    seen(&mut later, "/staff/proof").await;
    assert_eq!(
        later.post("/staff/proof", &[("code", &recovery)]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

fn page_secret(page: &Page) -> String {
    let text = page.text();
    text.lines()
        .find(|line| {
            line.len() > 32 && line.bytes().all(|b| b == b' ' || b.is_ascii_uppercase() || b.is_ascii_digit())
        })
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn a_known_password_does_not_buy_tries_of_the_second_proof() {
    let house = strict().await;
    enrol(&house, &mut anyone(&house), "zhou").await;
    let mut thief = anyone(&house);
    password(&mut thief, "zhou").await;
    seen(&mut thief, "/staff/proof").await;
    for _ in 0..5 {
        assert_eq!(
            thief.post("/staff/proof", &[("code", "123456")]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    assert_eq!(thief.post("/staff/proof", &[("code", "123456")]).await.status, StatusCode::TOO_MANY_REQUESTS);
    let mut fresh = anyone(&house);
    assert_eq!(password(&mut fresh, "zhou").await.status, StatusCode::TOO_MANY_REQUESTS);
    // Half a sign-in ends by itself.
    house.pass(31 * 60_000);
    assert_eq!(thief.get("/staff/proof").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_gets_a_new_name_when_somebody_comes_in() {
    let house = strict().await;
    let mut li = anyone(&house);
    // Somebody planted a name in her browser before.
    li.set_cookie("mb_s", "planted-by-somebody-else-0123456789");
    password(&mut li, "li.na").await;
    let half = li.cookie("mb_s").unwrap().to_owned();
    assert_ne!(half, "planted-by-somebody-else-0123456789");
    enrol(&house, &mut li, "li.na").await;
    let whole = li.cookie("mb_s").unwrap().to_owned();
    assert_ne!(half, whole);
    let mut thief = anyone(&house);
    for known in [half.as_str(), "planted-by-somebody-else-0123456789"] {
        thief.set_cookie("mb_s", known);
        assert_eq!(thief.get("/staff").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(thief.get("/staff/enrol").await.status, StatusCode::UNAUTHORIZED);
    }
    // Signing in anew in the same browser ends the session that was there.
    let house = House::new().await;
    let mut zhou = sign_in(&house, "zhou").await;
    let before = zhou.cookie("mb_s").unwrap().to_owned();
    assert_eq!(password(&mut zhou, "zhou").await.to(), "/staff");
    let mut thief = anyone(&house);
    thief.set_cookie("mb_s", &before);
    assert_eq!(thief.get("/staff").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn sessions_are_listed_ended_and_over_when_left_alone() {
    let house = House::new().await;
    let mut here = sign_in(&house, "li.na").await;
    house.pass(60_000);
    let mut there = sign_in(&house, "li.na").await;
    let page = seen(&mut here, "/staff/me").await;
    insta::assert_snapshot!("me", page.text());
    let number = page.field("session");
    // Nobody ends another's session, and a number that is none does nothing.
    let mut zhou = sign_in(&house, "zhou").await;
    assert_eq!(zhou.post("/staff/me/sessions", &[("session", &number)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(zhou.post("/staff/me/sessions", &[("session", "x")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(there.get("/staff/me").await.status, StatusCode::OK);
    here.get("/staff/me").await;
    assert_eq!(here.post("/staff/me/sessions", &[("session", &number)]).await.to(), "/staff/me");
    assert_eq!(there.get("/staff/me").await.status, StatusCode::UNAUTHORIZED);
    let mut third = sign_in(&house, "li.na").await;
    assert_eq!(here.post("/staff/me/sessions", &[("session", "others")]).await.to(), "/staff/me");
    assert_eq!(third.get("/staff/me").await.status, StatusCode::UNAUTHORIZED);
    // A new password ends the others too, and the old one opens nothing.
    let mut fourth = sign_in(&house, "li.na").await;
    let change = |old, new| [("password", old), ("new_password", new)];
    for (old, new, field) in [
        ("wrong", "another long one", "password"),
        (PASSWORD, "short", "new_password"),
        (PASSWORD, PASSWORD, "new_password"),
    ] {
        let back = here.post("/staff/me/password", &change(old, new)).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", back.text());
        assert!(back.html().contains(&format!("href=\"#{field}\"")) && !back.html().contains(PASSWORD));
    }
    assert_eq!(
        here.post("/staff/me/password", &change(PASSWORD, "another long one")).await.to(),
        "/staff/me"
    );
    assert_eq!(fourth.get("/staff/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(password(&mut anyone(&house), "li.na").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Used every half hour it lives; left alone for more than an hour it is over, and after ten hours in any case.
    for _ in 0..3 {
        house.pass(30 * 60_000);
        assert_eq!(here.get("/staff/me").await.status, StatusCode::OK);
    }
    house.pass(61 * 60_000);
    assert_eq!(here.get("/staff/me").await.status, StatusCode::UNAUTHORIZED);
    for _ in 0..19 {
        house.pass(31 * 60_000);
        zhou.get("/staff/me").await;
    }
    assert_eq!(zhou.get("/staff/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_admin_ends_sessions_and_resets_proofs_of_others_only() {
    let house = strict().await;
    let mut root = anyone(&house);
    enrol(&house, &mut root, "root").await;
    root.get("/staff/accounts").await;
    let mut li = anyone(&house);
    enrol(&house, &mut li, "li.na").await;
    assert_eq!(root.post("/staff/accounts/out", &[("login", "li.na")]).await.to(), "/staff/accounts");
    assert_eq!(li.get("/staff").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(password(&mut li, "li.na").await.to(), "/staff/proof");
    assert_eq!(root.post("/staff/accounts/reset", &[("login", "li.na")]).await.to(), "/staff/accounts");
    assert_eq!(li.get("/staff/proof").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(password(&mut li, "li.na").await.to(), "/staff/enrol");
    assert_eq!(root.post("/staff/accounts/reset", &[("login", "root")]).await.status, StatusCode::FORBIDDEN);
    let mut zhou = anyone(&house);
    enrol(&house, &mut zhou, "zhou").await;
    zhou.get("/staff/me").await;
    for path in ["/staff/accounts/out", "/staff/accounts/reset"] {
        assert_eq!(zhou.post(path, &[("login", "root")]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(root.post(path, &[("login", "ghost")]).await.status, StatusCode::NOT_FOUND);
    }
}

/// An authenticator: one key, and what it says about it.
struct Device {
    pair: EcdsaKeyPair,
    count: u32,
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

impl Device {
    fn new() -> Device {
        Device { pair: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(), count: 0 }
    }

    fn id(&self) -> Vec<u8> {
        Digest::of(self.pair.public_key().as_ref()).as_bytes().to_vec()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let house = Digest::of(b"mingbai.example");
        [house.as_bytes().as_slice(), &[flags], &self.count.to_be_bytes()].concat()
    }

    fn client(kind: &str, challenge: &str, origin: &str) -> Vec<u8> {
        format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#)
            .into_bytes()
    }

    /// The fields of the form about a new key.
    fn make(&self, challenge: &str) -> Vec<(&'static str, String)> {
        let point = self.pair.public_key().as_ref();
        let cose = [
            &[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20][..],
            &point[1..33],
            &[0x22, 0x58, 0x20],
            &point[33..],
        ]
        .concat();
        let data = [self.data(0x45), vec![0; 16], vec![0, 32], self.id(), cose].concat();
        vec![
            ("challenge", challenge.to_owned()),
            ("client_data", base64(&Device::client("webauthn.create", challenge, BASE))),
            ("authenticator_data", base64(&data)),
            ("name", "我的钥匙".to_owned()),
        ]
    }

    /// The fields of the form that lets in.
    fn answer(&mut self, challenge: &str, flags: u8, origin: &str) -> Vec<(&'static str, String)> {
        self.count += 1;
        let (data, client) = (self.data(flags), Device::client("webauthn.get", challenge, origin));
        let message = [data.as_slice(), Digest::of(&client).as_bytes()].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &message).unwrap();
        vec![
            ("challenge", challenge.to_owned()),
            ("id", base64(&self.id())),
            ("client_data", base64(&client)),
            ("authenticator_data", base64(&data)),
            ("signature", base64(signature.as_ref())),
        ]
    }
}

async fn send(browser: &mut Browser, path: &str, fields: &[(&'static str, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(path, &fields).await
}

async fn challenge(browser: &mut Browser, path: &str, password: &str) -> String {
    let asked = browser.post(path, &[("password", password)]).await;
    let said: serde_json::Value = serde_json::from_slice(&asked.bytes).unwrap();
    said["challenge"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned()
}

#[tokio::test]
async fn a_passkey_lets_in_alone_and_nothing_like_it_does() {
    let house = strict().await;
    let mut li = anyone(&house);
    password(&mut li, "li.na").await;
    seen(&mut li, "/staff/enrol").await;
    let mut device = Device::new();
    let asked = challenge(&mut li, "/staff/enrol/passkey/ask", "").await;
    // Somebody else's challenge makes no key for her, and uses itself up.
    let mut zhou = anyone(&house);
    password(&mut zhou, "zhou").await;
    seen(&mut zhou, "/staff/enrol").await;
    assert_eq!(
        send(&mut zhou, "/staff/enrol/passkey", &device.make(&asked)).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        send(&mut li, "/staff/enrol/passkey", &device.make(&asked)).await.status,
        StatusCode::UNAUTHORIZED
    );
    let asked = challenge(&mut li, "/staff/enrol/passkey/ask", "").await;
    let made = send(&mut li, "/staff/enrol/passkey", &device.make(&asked)).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    assert!(seen(&mut li, "/staff/me").await.text().contains("我的钥匙"));

    let ask = "/staff/passkey/ask";
    let mut anew = anyone(&house);
    let asked = challenge(&mut anew, ask, "").await;
    let good = device.answer(&asked, 0x05, BASE);
    assert_eq!(send(&mut anew, "/staff/passkey", &good).await.to(), "/staff");
    assert_eq!(anew.get("/staff").await.status, StatusCode::OK);
    let mut thief = anyone(&house);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    assert_eq!(send(&mut thief, "/staff/passkey", &good).await.status, refused, "the same answer again");
    for (flags, origin) in [(0x01, BASE), (0x05, "https://mingbai.example.evil.net")] {
        let asked = challenge(&mut thief, ask, "").await;
        let answer = device.answer(&asked, flags, origin);
        assert_eq!(send(&mut thief, "/staff/passkey", &answer).await.status, refused, "{flags} {origin}");
    }
    let asked = challenge(&mut thief, ask, "").await;
    let unknown = Device::new().answer(&asked, 0x05, BASE);
    assert_eq!(send(&mut thief, "/staff/passkey", &unknown).await.status, refused, "nobody's key");
    let asked = challenge(&mut thief, ask, "").await;
    device.count = 0;
    let copy = device.answer(&asked, 0x05, BASE);
    let told = send(&mut thief, "/staff/passkey", &copy).await;
    assert!(told.status == refused && told.text().contains("可能被复制"), "{}", told.text());
    device.count = 90;
    let asked = challenge(&mut thief, ask, "").await;
    house.pass(6 * 60_000);
    let late = device.answer(&asked, 0x05, BASE);
    assert_eq!(send(&mut thief, "/staff/passkey", &late).await.status, refused, "too late");
    // Her only proof cannot be removed, and a second one asks for her password.
    let own = [("passkey", base64(&device.id())), ("password", PASSWORD.to_owned())];
    li.get("/staff/me").await;
    assert!(send(&mut li, "/staff/me/remove", &own).await.text().contains("唯一"));
    let denied = li.post("/staff/enrol/passkey/ask", &[("password", "guess")]).await;
    assert_eq!(denied.status, refused);
}

#[tokio::test]
async fn where_it_is_optional_a_proof_is_asked_for_once_it_is_there() {
    let house = House::new().await;
    assert_eq!(house.desk.staff_rules().second_factor, SecondFactor::Optional);
    member(&house.desk, "sun", StaffRole::Auditor, None).await;
    let mut sun = sign_in(&house, "sun").await;
    let page = seen(&mut sun, "/staff/enrol").await;
    let secret = secret_of(&page);
    let digits = code(&secret, now(&house));
    let without = sun.post("/staff/enrol/app", &[("code", &digits)]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.html().contains("href=\"#password\""), "{}", without.text());
    let done = sun.post("/staff/enrol/app", &[("code", &digits), ("password", PASSWORD)]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    let mut anew = anyone(&house);
    assert_eq!(password(&mut anew, "sun").await.to(), "/staff/proof");
    sun.get("/staff/me").await;
    let removed = sun.post("/staff/me/remove", &[("passkey", "app"), ("password", PASSWORD)]).await;
    assert_eq!(removed.to(), "/staff/me");
    assert_eq!(password(&mut anyone(&house), "sun").await.to(), "/staff");
    let nothing = sun.post("/staff/me/remove", &[("password", PASSWORD)]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let codes = sun.post("/staff/me/codes", &[("password", PASSWORD)]).await;
    assert_eq!(codes.text().lines().filter(|line| line.matches('-').count() == 3).count(), 10);
}
