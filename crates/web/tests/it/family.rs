//! Somebody of her family looks along: the cost and nothing else, and nothing can be done with it.

use axum::http::StatusCode;
use mingbai_desk::core::borrow::command::Command;

use crate::borrow::Visit;
use crate::browser::Browser;

/// The link that her page shows and the digits that went to her telephone.
async fn made(visit: &mut Visit) -> (String, String) {
    let at = visit.at("family");
    let page = visit.her.post(&at, &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    let html = page.html();
    let path = html.split("/f/").nth(1).unwrap().split('<').next().unwrap().trim().to_owned();
    assert!(page.text().contains("正发到您自己的手机上") && !page.text().contains("要用的数字:"));
    visit.house.run_outbox().await;
    let told = visit.house.told("code.ready");
    // She tells these to her family and her own to nobody, so the message has to say which they are.
    assert_eq!(told.last().unwrap()["data"]["purpose"], "family");
    (format!("/f/{path}"), told.last().unwrap()["data"]["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn family_sees_the_cost_and_can_do_nothing() {
    let mut visit = Visit::new().await;
    visit.before_reading().await;
    insta::assert_snapshot!("family-ask", visit.page("family").await.text());
    let (link, code) = made(&mut visit).await;
    let at = visit.at("family");

    let mut son = Browser::new(&mingbai_web::router(visit.house.desk.clone()));
    insta::assert_snapshot!("family-code", son.get(&link).await.text());
    let wrong = son.post(&link, &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let inside = son.post(&link, &[("code", &code)]).await;
    assert_eq!((inside.status, inside.to()), (StatusCode::SEE_OTHER, format!("/f/{}", visit.id)));
    let look = son.get(&inside.to()).await;
    insta::assert_snapshot!("family-look", look.text());
    assert!(!look.html().contains("<form"), "there is nothing to press");
    let total = visit.house.journey(visit.id).await.table().unwrap().total_repayable_fen.to_string();
    assert!(look.text().contains(&total));
    // The same digits open nothing a second time, and none of her own pages.
    assert_eq!(
        Browser::new(&mingbai_web::router(visit.house.desk.clone()))
            .post(&link, &[("code", &code)])
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    for page in ["facts", "table", "package", "aside", "sign"] {
        assert_eq!(son.get(&visit.at(page)).await.status, StatusCode::UNAUTHORIZED, "{page}");
    }
    let last = visit.at("last");
    let yes = [("own_wish", "yes"), ("being_told", "no")];
    assert_eq!(son.post(&last, &yes).await.status, StatusCode::UNAUTHORIZED);

    // She ends it, and the look is over at once.
    assert_eq!(visit.her.post(&at, &[("end", "yes")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(son.get(&format!("/f/{}", visit.id)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(son.get(&link).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_family_link_and_a_borrowers_link_are_not_taken_for_each_other() {
    let mut visit = Visit::new().await;
    visit.before_reading().await;
    let at = visit.at("family");
    let (link, code) = made(&mut visit).await;
    let token = link.trim_start_matches("/f/").to_owned();
    let mut somebody = Browser::new(&mingbai_web::router(visit.house.desk.clone()));
    assert_eq!(somebody.post(&format!("/b/{token}"), &[("code", &code)]).await.status, StatusCode::NOT_FOUND);
    assert!(visit.house.desk.open_family(&visit.opened.link.token, "123456").await.is_err());
    // No try was used up at the wrong door.
    assert_eq!(somebody.post(&link, &[("code", &code)]).await.status, StatusCode::SEE_OTHER);
    // Nobody else invites her family.
    let id = visit.id;
    assert!(visit.house.desk.invite_family(&visit.house.li, id).await.is_err());
    assert!(visit.house.desk.act(&visit.house.li, id, Command::InviteFamily).await.is_err());
    // A new link ends the earlier look.
    visit.her.post(&at, &[]).await;
    assert_eq!(somebody.get(&format!("/f/{id}")).await.status, StatusCode::UNAUTHORIZED);
}
