//! Papers that come back, from the pages: handing in, the split screen, the comparison and the second person's decision.

use axum::http::{StatusCode, header};
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::event::TypeSize;
use mingbai_desk::cost::Lang;
use mingbai_desk::ports::{PICTURE_BYTES, PaperKind};

use crate::browser::{Browser, Page};
use crate::house::{House, member, picture};
use crate::staff::{at, plain, seen, sign_in};

async fn handed(house: &House) -> (JourneyId, String) {
    let (opened, _) = house.open("A-1").await;
    let id = opened.view.journey.id();
    let (_, notice) = house.desk.hand_notice(&house.li, id, Lang::Zh, TypeSize::Normal).await.unwrap();
    (id, notice.code)
}

/// Hands a picture in and follows to its page.
async fn hand_in(browser: &mut Browser, id: JourneyId, bytes: &[u8]) -> Page {
    browser.get(&at(id, "returned")).await;
    let sent = browser.post_file(&at(id, "returned"), None, ("picture", bytes)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    seen(browser, &sent.to()).await
}

#[tokio::test]
async fn two_people_see_a_page_through() {
    let house = House::new().await;
    let (id, code) = handed(&house).await;
    member(&house.desk, "wang", StaffRole::Consultant, Some("east")).await;
    let mut li = sign_in(&house, "li.na").await;
    let journey = seen(&mut li, &at(id, "")).await;
    assert!(journey.html().contains(&format!("href=\"{}\"", at(id, "returned"))));
    insta::assert_snapshot!("returned-empty", plain(&seen(&mut li, &at(id, "returned")).await));
    let page = hand_in(&mut li, id, &picture(&code, "hhhh", "1")).await;
    insta::assert_snapshot!("returned-new", plain(&page));
    let here = at(id, "returned/1");
    for (side, media) in [("expected.png", "image/png"), ("laid.jpg", "image/jpeg"), ("picture", "image/png")]
    {
        let file = li.get(&format!("{here}/{side}")).await;
        assert_eq!(
            (file.status, &file.headers[header::CONTENT_TYPE]),
            (StatusCode::OK, &media.parse().unwrap())
        );
        assert!(side == "picture" || page.html().contains(&format!("src=\"{here}/{side}\"")));
    }
    assert_eq!(li.get(&format!("{here}/other")).await.status, StatusCode::NOT_FOUND);

    let nothing = li.post(&format!("{here}/compare"), &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.html().contains("href=\"#found\""));
    let wordless = li.post(&format!("{here}/compare"), &[("found", "different"), ("note", "")]).await;
    assert_eq!(wordless.status, StatusCode::CONFLICT);
    assert!(wordless.text().contains("请写明理由"), "{}", wordless.text());
    let same = li.post(&format!("{here}/compare"), &[("found", "same"), ("note", "")]).await;
    assert_eq!(same.status, StatusCode::SEE_OTHER);
    let own = seen(&mut li, &here).await;
    assert!(
        own.text().contains("要由同事")
            && !own.html().contains("action=\"/staff/journeys/{id}/returned/1/decide\"")
    );
    let forced = li.post(&format!("{here}/decide"), &[("decision", "confirmed"), ("reason", "")]).await;
    assert_eq!(forced.status, StatusCode::CONFLICT);

    let mut wang = sign_in(&house, "wang").await;
    insta::assert_snapshot!("returned-second", plain(&seen(&mut wang, &here).await));
    let done = wang.post(&format!("{here}/decide"), &[("decision", "confirmed"), ("reason", "")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let page = seen(&mut wang, &here).await;
    assert!(page.text().contains("✓ 第二个人已确认") && !page.html().contains("<textarea"));
    let again =
        wang.post(&format!("{here}/decide"), &[("decision", "refused"), ("reason", "改主意了不行")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    wang.get("/look?set=en&back=/staff").await;
    insta::assert_snapshot!("returned-done-en", plain(&seen(&mut wang, &here).await));
}

#[tokio::test]
async fn what_differs_is_shown_and_cannot_be_confirmed() {
    let house = House::new().await;
    let (id, code) = handed(&house).await;
    let mut li = sign_in(&house, "li.na").await;
    let page = hand_in(&mut li, id, &picture(&code, "hchh", "forged")).await;
    assert!(page.text().contains("✗ 和原件不同"), "{}", page.text());
    li.post(&at(id, "returned/1/compare"), &[("found", "different"), ("note", "框外多了一行字")]).await;
    let mut chen = sign_in(&house, "chen").await;
    let page = seen(&mut chen, &at(id, "returned/1")).await;
    assert!(!page.html().contains("value=\"confirmed\"") && page.text().contains("框外多了一行字"));
    let refused = [("decision", "refused"), ("reason", "框外多了一行字,不能用")];
    assert_eq!(chen.post(&at(id, "returned/1/decide"), &refused).await.status, StatusCode::SEE_OTHER);
    assert!(seen(&mut chen, &at(id, "returned")).await.text().contains("✗ 已退回"));
}

#[tokio::test]
async fn files_are_refused_in_plain_words_and_forms_from_elsewhere_at_all() {
    let house = House::new().await;
    let (id, code) = handed(&house).await;
    let mut li = sign_in(&house, "li.na").await;
    li.get(&at(id, "returned")).await;
    let large = vec![0xFF; PICTURE_BYTES + 1];
    for (bytes, word) in [
        (&large[..], "最多 16 MB"),
        (b"hello", "不是 JPEG"),
        (b"", "没有选择文件"),
        (b"\x89PNG", "没有读到二维码"),
    ] {
        let back = li.post_file(&at(id, "returned"), None, ("picture", bytes)).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{word}");
        assert!(back.text().contains(word) && back.html().contains("href=\"#picture\""), "{}", back.text());
    }
    let huge = vec![0xFF; PICTURE_BYTES + (6 << 20)];
    let back = li.post_file(&at(id, "returned"), None, ("picture", &huge)).await;
    assert_eq!(back.status, StatusCode::PAYLOAD_TOO_LARGE);
    let good = picture(&code, "hhhh", "");
    let odd = li.post_file(&at(id, "returned"), None, ("other", &good)).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    let foreign = li.post_file(&at(id, "returned"), Some("guess"), ("picture", &good)).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    let stranger = anyone.post_file(&at(id, "returned"), None, ("picture", &good)).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    assert!(house.desk.returned_papers(&house.li, id).await.unwrap().is_empty());
    let list = seen(&mut li, &at(id, "returned")).await;
    assert!(list.text().contains("没有收下的") && list.text().contains("没有读到二维码"), "{}", list.text());
    // An auditor looks and changes nothing.
    let mut zhou = sign_in(&house, "zhou").await;
    assert!(!seen(&mut zhou, &at(id, "returned")).await.html().contains("type=\"file\""));
    assert_eq!(
        zhou.post_file(&at(id, "returned"), None, ("picture", &good)).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_square_code_says_whether_its_figures_are_the_kept_ones() {
    let house = House::new().await;
    let (opened, _) = house.open("A-1").await;
    let id = opened.view.journey.id();
    let paper =
        house.desk.issue_paper(&house.li, id, PaperKind::Notice, Lang::Zh, TypeSize::Normal).await.unwrap();
    let (_, printed) = house.desk.paper_bytes(&house.li, id, paper.document.sha256).await.unwrap();
    let printed = String::from_utf8(printed).unwrap();
    let square = printed.split("qr_text: \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let path = square.strip_prefix("HTTPS://MINGBAI.EXAMPLE").unwrap();
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    let page = anyone.get(path).await;
    assert_eq!(page.status, StatusCode::OK);
    insta::assert_snapshot!("check-square", plain(&page));
    assert!(anyone.get(&path.to_lowercase()).await.text().contains("和我们留存的这份文件一致"));
    let turned: String = path.rsplit('/').next().unwrap().chars().rev().collect();
    let altered = anyone.get(&format!("{}/{turned}", path.rsplit_once('/').unwrap().0)).await.text();
    assert!(altered.contains("不要相信这张纸"), "{altered}");
    assert_eq!(anyone.get("/C/000000000000/X").await.status, StatusCode::NOT_FOUND);
    assert_eq!(anyone.get(path.rsplit_once('/').unwrap().0).await.status, StatusCode::OK, "without a digest");
}
