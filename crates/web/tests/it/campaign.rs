//! A campaign in the browser: planned, approved, a hall that checks in by the screen, a list typed in, and the report.

use axum::http::StatusCode;
use mingbai_desk::core::actor::StaffRole;

use crate::browser::Browser;
use crate::house::{House, member};
use crate::staff::{plain, seen, sign_in};

const PLAN: [(&str, &str); 13] = [
    ("name", "守护者行动·冬季"),
    ("theme", "不轻信、不转账"),
    ("topic-fraud", "yes"),
    ("topic-borrowing", "yes"),
    ("group-elderly", "yes"),
    ("from", "2026-12-01"),
    ("to", "2026-12-31"),
    ("places", "甲市,东街社区\n乙市,西村"),
    ("partners", "公安,东街派出所"),
    ("roster", "li.na"),
    ("budget", "20,000"),
    ("materials", "防骗手册,2026-18"),
    ("unknown", ""),
];

const SESSION: [(&str, &str); 6] = [
    ("place", "0"),
    ("starts", "2026-12-01T08:00"),
    ("ends", "2026-12-01T10:00"),
    ("expected", "40"),
    ("lead", "li.na"),
    ("arm", "taught"),
];

/// Plan, approval and one session that is on right now; the address of the campaign.
async fn planned(house: &House) -> (Browser, String) {
    member(&house.desk, "wu", StaffRole::Compliance, None).await;
    let mut chen = sign_in(house, "chen").await;
    seen(&mut chen, "/staff/campaigns").await;
    let form = seen(&mut chen, "/staff/campaigns/new").await;
    insta::assert_snapshot!("campaign-form", form.text());
    let sent = chen.post("/staff/campaigns/new", &PLAN).await;
    let at = sent.to();
    assert!(at.starts_with("/staff/campaigns/"), "{}", sent.text());
    let mut wu = sign_in(house, "wu").await;
    seen(&mut wu, &at).await;
    assert_eq!(chen.post(&format!("{at}/do/approve"), &[("plan", "0")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(wu.post(&format!("{at}/do/approve"), &[("plan", "0")]).await.to(), at);
    let sent = wu.post(&format!("{at}/do/session"), &SESSION).await;
    assert_eq!(sent.to(), at, "{}", sent.text());
    (wu, at)
}

#[tokio::test]
async fn from_the_plan_to_the_report() {
    let house = House::new().await;
    let (mut wu, at) = planned(&house).await;
    insta::assert_snapshot!("campaign", plain(&seen(&mut wu, &at).await));

    let mut li = sign_in(&house, "li.na").await;
    let screen = seen(&mut li, &format!("{at}/1/screen")).await;
    let html = screen.html();
    assert!(html.contains("http-equiv=\"refresh\"") && html.contains("class=\"qr wall\""));
    let code =
        html.split("class=\"ref\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap().to_owned();
    let door = format!("{}/1", at.replace("/staff/campaigns/", "/learn/in/"));

    let mut phone = Browser::new(&mingbai_web::router(house.desk.clone()));
    let scanned = format!("{door}/{code}");
    insta::assert_snapshot!("check-in", plain(&seen(&mut phone, &scanned).await));
    let wrong = phone.post(&scanned, &[("phone", "12")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = phone.post(&scanned, &[("phone", "13800000001")]).await;
    assert!(done.status == StatusCode::OK && done.text().contains("签到成功"), "{}", done.text());
    let again = phone.post(&door, &[("code", &code), ("phone", "138 0000 0001")]).await;
    assert!(again.text().contains("没有重复计数"), "{}", again.text());
    let other = phone.post(&door, &[("code", "0000-AAAAAAAA"), ("phone", "13800000002")]).await;
    assert!(other.status == StatusCode::UNPROCESSABLE_ENTITY && other.text().contains("不是这一场"));

    let list = format!("{at}/1/list");
    let typed = li.post(&list, &[("list", "1,13800000001\n2\n3,13800000003")]).await;
    assert!(typed.text().contains("新计入 2 条,原来就有 1 条"), "{}", typed.text());
    let garbled = li.post(&list, &[("list", "\u{fffd}\u{fffd},1")]).await;
    assert!(garbled.status == StatusCode::UNPROCESSABLE_ENTITY && garbled.text().contains("UTF-8"));
    let results = "13800000001,前测,-0.35,0.40,5,4,1\n13800000001,后测,0.2,0.38,7,2,1";
    let typed = li.post(&format!("{at}/1/results"), &[("results", results)]).await;
    assert!(typed.text().contains("新计入 2 条"), "{}", typed.text());

    for (platform, figure) in [("某视频平台", "620,000"), ("某直播平台", "410000")] {
        let said = [("platform", platform), ("figure", figure), ("source", "后台截图")];
        let sent = wu.post(&format!("{at}/do/report"), &said).await;
        assert_eq!(sent.to(), at, "{}", sent.text());
    }
    let report = seen(&mut wu, &format!("{at}/report")).await;
    assert!(report.text().contains("620,000 至 1,030,000"), "a range, never a sum");
    insta::assert_snapshot!("campaign-report", plain(&report));
}

#[tokio::test]
async fn strangers_and_other_roles_are_kept_out() {
    let house = House::new().await;
    let (_, at) = planned(&house).await;
    let mut zhou = sign_in(&house, "zhou").await;
    seen(&mut zhou, &format!("{at}/report")).await;
    assert_eq!(zhou.get(&format!("{at}/1/screen")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(zhou.get("/staff/campaigns/new").await.status, StatusCode::FORBIDDEN);
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    assert_ne!(anyone.get(&at).await.status, StatusCode::OK);
    for nowhere in ["/learn/in/x/1", "/learn/in/00000000-0000-0000-0000-000000000000/1/A", "/learn/in/x/y/z"]
    {
        assert_eq!(anyone.get(nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
}
