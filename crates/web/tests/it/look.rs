//! How pages look: language, size, colours; styles that browsers may keep; the public check.

use axum::http::{StatusCode, header};
use mingbai_desk::core::borrow::event::TypeSize;
use mingbai_desk::cost::Lang;
use mingbai_desk::ports::PaperKind;

use crate::borrow::Visit;
use crate::browser::Browser;
use crate::house::House;

#[tokio::test]
async fn a_choice_of_the_look_comes_back_to_the_same_page() {
    let house = House::new().await;
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    insta::assert_snapshot!("front", anyone.get("/").await.text());
    let chosen = anyone.get("/look?set=large&back=%2Fcheck").await;
    assert_eq!((chosen.status, chosen.to().as_str()), (StatusCode::SEE_OTHER, "/check"));
    assert!(anyone.get("/check").await.html().contains("class=\"large\""));
    anyone.get("/look?set=en&back=/").await;
    let page = anyone.get("/").await.html();
    assert!(page.contains("lang=\"en\" class=\"large\""), "both choices are kept");
    assert_eq!(anyone.get("/look?set=zh&back=//evil.example").await.to(), "/");
    assert!(!page.contains('['), "a page has words without a text: {page}");
}

#[tokio::test]
async fn the_verifying_page_is_the_one_in_every_package_and_can_reach_nothing() {
    let house = House::new().await;
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    assert!(anyone.get("/").await.html().contains("href=\"/audit\""));
    let page = anyone.get("/audit").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.html(), mingbai_desk::evidence::package::PAGE, "the same bytes, to be compared");
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    for forbidden in ["unsafe", "connect-src", "self", "http", "*"] {
        assert!(!policy.contains(forbidden), "{forbidden}: {policy}");
    }
    assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
}

#[tokio::test]
async fn styles_are_kept_under_the_digest_of_their_content() {
    let house = House::new().await;
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    let html = anyone.get("/").await.html();
    let address = html.split("href=\"").find(|part| part.contains("base.css")).unwrap();
    let address = address.split('"').next().unwrap().to_owned();
    let style = anyone.get(&address).await;
    assert_eq!(style.status, StatusCode::OK);
    assert!(style.headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    let old = anyone.get("/assets/0000000000000000/base.css").await;
    assert_eq!(old.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn anyone_may_check_a_paper_and_learns_nothing_about_a_person() {
    let visit = Visit::new().await;
    let desk = &visit.house.desk;
    let core = &visit.house.core;
    let paper =
        desk.issue_paper(core, visit.id, PaperKind::Notice, Lang::Zh, TypeSize::Normal).await.unwrap();
    let mut anyone = Browser::new(&mingbai_web::router(desk.clone()));
    let plain: String = paper.code.chars().filter(|c| *c != ' ').collect();
    let page = anyone.get(&format!("/c/{}", plain.to_lowercase())).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(text.contains("这份文件是我们发出的") && text.contains("现在仍然有效"), "{text}");
    assert!(text.contains(&paper.document.sha256.to_string()));
    assert!(!text.contains("王秀英") && !text.contains("50,000"));
    let unknown = anyone.get("/check?code=1234-5678-9ABC").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.text().contains("96110"));
    let odd = anyone.get("/check?code=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!odd.html().contains("<script>alert"));
}
