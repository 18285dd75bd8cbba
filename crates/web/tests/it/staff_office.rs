//! The staff pages of the office: products in four eyes, the policy pack, accounts, and both languages whole.

use axum::http::StatusCode;
use mingbai_desk::Caller;
use mingbai_desk::core::actor::StaffRole;

use crate::house::{House, OPINION, PASSWORD, member};
use crate::staff::{at, plain, seen, sign_in, troubled, whole};

#[tokio::test]
async fn a_product_is_released_by_somebody_else_and_with_an_opinion() {
    let house = House::new().await;
    let fresh = crate::house::HONEST.replace("\"2026.1\"", "\"2027.1\"");
    let desk =
        std::sync::Arc::new(crate::house::desk_of(house.ports.clone(), &[crate::house::COMPLAINTS, &fresh]));
    let house = House { desk, ..house };
    member(&house.desk, "sun", StaffRole::Compliance, None).await;
    let mut chen = sign_in(&house, "chen").await;
    let mut sun = sign_in(&house, "sun").await;
    let path = "/staff/products/honest-loan/2027.1";
    insta::assert_snapshot!("products", plain(&seen(&mut chen, "/staff/products").await));
    assert_eq!(
        chen.post(&format!("{path}/release"), &[("opinion", OPINION)]).await.status,
        StatusCode::CONFLICT,
        "nobody submitted it"
    );
    assert_eq!(chen.post(&format!("{path}/submit"), &[]).await.to(), path);
    let own = chen.post(&format!("{path}/release"), &[("opinion", OPINION)]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    whole(&own, "own release");
    assert!(own.text().contains("由另一位消保岗同事发布"), "{}", own.text());
    let short = sun.post(&format!("{path}/release"), &[("opinion", "同意")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.html().contains(">同意</textarea>") && short.html().contains("href=\"#opinion\""));
    let page = seen(&mut sun, path).await;
    insta::assert_snapshot!("product-waits", plain(&page));
    let mut li = sign_in(&house, "li.na").await;
    let by_li = li.post(&format!("{path}/release"), &[("opinion", OPINION)]).await;
    assert_eq!(by_li.status, StatusCode::FORBIDDEN);
    assert_eq!(sun.post(&format!("{path}/release"), &[("opinion", OPINION)]).await.to(), path);
    assert!(seen(&mut chen, path).await.text().contains(OPINION));
    let asked = seen(&mut chen, &format!("{path}?principal=10%E4%B8%87&periods=24")).await.text();
    assert!(asked.contains("100,000.00"), "{asked}");
    let odd = seen(&mut chen, &format!("{path}?principal=-1&periods=7")).await;
    assert!(odd.html().contains("principal-error"));
    assert_eq!(chen.get("/staff/products/nothing/1").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_pack_marks_what_nobody_has_confirmed() {
    let house = House::new().await;
    let mut zhou = sign_in(&house, "zhou").await;
    let page = seen(&mut zhou, "/staff/pack").await;
    let pack = house.desk.pack();
    let open = pack.unverified().count();
    assert!(open > 0 && page.text().contains(&format!("有 {open} 个未经核实")), "{}", page.text());
    assert_eq!(page.html().matches("state bad\">! ").count(), open);
    for entry in pack.graded() {
        assert!(page.html().contains(&entry.path), "{}", entry.path);
    }
}

#[tokio::test]
async fn an_admin_keeps_accounts_and_makes_keys_that_are_shown_once() {
    let house = House::new().await;
    let mut root = sign_in(&house, "root").await;
    insta::assert_snapshot!("accounts", seen(&mut root, "/staff/accounts").await.text());
    let good = [
        ("login", "sun"),
        ("display_name", "孙工"),
        ("role", "consultant"),
        ("branch", "west"),
        ("password", PASSWORD),
    ];
    for (field, value) in [
        ("login", "Sun!"),
        ("login", "li.na"),
        ("display_name", ""),
        ("role", "king"),
        ("branch", " "),
        ("password", "short"),
    ] {
        let fields = good.map(|(name, old)| (name, if name == field { value } else { old }));
        let back = root.post("/staff/accounts", &fields).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", back.text());
        assert!(back.html().contains(&format!("href=\"#{field}\"")), "{field}");
        assert!(!back.html().contains(PASSWORD), "a password never comes back");
    }
    assert_eq!(root.post("/staff/accounts", &good).await.to(), "/staff/accounts");
    let mut sun = sign_in(&house, "sun").await;
    let key = root.post("/staff/accounts/key", &[("core", "core-9")]).await;
    whole(&key, "key");
    let html = key.html();
    let secret = html.split("mbk_").nth(1).unwrap().split('<').next().unwrap();
    let caller = house.desk.caller_of_key(&format!("mbk_{secret}")).await.unwrap();
    assert!(caller.is_some_and(|caller: Caller| caller.is_core()));
    assert!(!root.get("/staff/accounts").await.html().contains("mbk_"));
    assert_eq!(
        root.post("/staff/accounts/key", &[("core", "Nö")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(sun.get("/staff/accounts").await.status, StatusCode::FORBIDDEN);
    assert_eq!(sun.post("/staff/accounts", &good).await.status, StatusCode::FORBIDDEN);
    assert_eq!(sun.post("/staff/accounts/key", &[("core", "x")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(sun.post("/staff/accounts/close", &[("login", "root")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(root.post("/staff/accounts/close", &[("login", "sun")]).await.to(), "/staff/accounts");
    assert_eq!(sun.get("/staff").await.status, StatusCode::UNAUTHORIZED, "a closed account is out at once");
    assert_eq!(root.post("/staff/accounts/close", &[("login", "ghost")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_page_speaks_both_languages() {
    let house = House::new().await;
    let id = troubled(&house).await;
    house.open("A-9").await;
    for login in ["li.na", "chen", "zhou", "root"] {
        let mut browser = sign_in(&house, login).await;
        browser.set_cookie("mb_look", "en.large.dark");
        let mut pages = vec!["/staff/products".to_owned(), "/staff/pack".to_owned()];
        pages.push("/staff/products/complaints-loan/2026.1".to_owned());
        match login {
            "root" => pages.push("/staff/accounts".to_owned()),
            _ => pages.extend(["/staff".to_owned(), at(id, ""), at(id, "timeline")]),
        }
        if login == "li.na" {
            pages.extend(["/staff/open".to_owned(), "/staff/open?product=honest-loan".to_owned()]);
        }
        for path in pages {
            let page = seen(&mut browser, &path).await;
            assert!(page.html().contains("<html lang=\"en\" class=\"large dark\">"), "{path}");
            if login == "chen" && path == at(id, "") {
                insta::assert_snapshot!("journey-troubled-en", plain(&page));
            }
        }
    }
}
