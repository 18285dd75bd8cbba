//! Rings from outside: identifiers by the interface, the officer's pages with picture and table, and the customer who asks why she waits.

use axum::http::StatusCode;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::JourneyId;

use crate::api::{Core, json};
use crate::borrow::Visit;
use crate::browser::{Browser, Page};
use crate::house::{House, member};
use crate::staff::{plain, seen, sign_in};

/// What the core system sends for the application of this number.
fn body(number: u32) -> String {
    format!(
        r#"{{"links":[{{"kind":"device","value":"a1b2-c3d4-e5f6"}},{{"kind":"fee_account","value":"fee-account-01"}},
        {{"kind":"address","value":"河南省郑州市某区一路{number}号楼201"}}]}}"#
    )
}

async fn send(core: &mut Core, id: JourneyId, number: u32) {
    let sent = core.ask("POST", &format!("/api/v1/journeys/{id}/links"), &body(number)).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.html());
    assert_eq!(json(&sent), serde_json::json!({"taken": 3, "known": 0}));
}

/// The first ring's address.
async fn ring(officer: &mut Browser) -> String {
    let list = seen(officer, "/staff/rings").await;
    let at = list
        .html()
        .split("href=\"/staff/rings/")
        .nth(1)
        .and_then(|rest| rest.split('"').next().map(str::to_owned));
    format!("/staff/rings/{}", at.unwrap())
}

/// A page without the numbers that a run chose.
fn masked(page: &Page, journeys: &[JourneyId]) -> String {
    let mut text = plain(page);
    for (place, id) in journeys.iter().enumerate() {
        text = text.replace(&id.reference(), &format!("<{}>", place + 1));
    }
    let four =
        |word: &str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    let line = |line: &str| match line.split(' ').filter(|word| four(word)).count() {
        // The ring's own number, three times four letters.
        3.. => {
            line.split(' ').map(|word| if four(word) { "****" } else { word }).collect::<Vec<_>>().join(" ")
        }
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The drawing of a page, one element a line.
fn drawing(page: &Page) -> String {
    let html = page.html();
    let svg = html
        .split("<svg class=\"ring\"")
        .nth(1)
        .and_then(|rest| rest.split("</svg>").next())
        .unwrap()
        .to_owned();
    format!("<svg class=\"ring\"{svg}").replace("><", ">\n<")
}

#[tokio::test]
async fn an_officer_works_a_ring_and_a_second_one_closes_it() {
    let mut visit = Visit::new().await;
    let mut core = Core::new(&visit.house).await;
    let mut ids = vec![visit.id];
    for number in 2..=3 {
        ids.push(visit.house.open(&format!("A-{number}")).await.0.view.journey.id());
    }
    let mut chen = sign_in(&visit.house, "chen").await;
    insta::assert_snapshot!("rings-none", seen(&mut chen, "/staff/rings").await.text());
    for (id, number) in ids.iter().zip(1..) {
        send(&mut core, *id, number).await;
    }

    // Her page: friendly, without the reason; why and how to appeal stand one step further.
    visit.before_safety().await;
    assert_eq!(visit.send("safety", &crate::borrow::ALL_NO).await, "wait");
    insta::assert_snapshot!("ring-wait", visit.page("wait").await.text());
    insta::assert_snapshot!("ring-appeal", visit.page("appeal").await.text());
    let short = visit.post("appeal", &[("text", "不")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(visit.post("appeal", &[("text", "手机是我女儿的,她帮我填的")]).await.to(), visit.at("appeal"));
    assert!(visit.page("appeal").await.text().contains("正在核实"));

    let at = ring(&mut chen).await;
    let page = seen(&mut chen, &at).await;
    insta::assert_snapshot!("ring-page", masked(&page, &ids));
    insta::assert_snapshot!("ring-drawing", drawing(&page));
    for never in ["a1b2", "c3d4", "fee-account", "王秀英"] {
        assert!(!page.html().contains(never), "{never}");
    }
    assert!(seen(&mut chen, "/staff/rings").await.text().contains("客户申诉 1 件"));

    // An appeal first, then calls; each form that misses something comes back with what was typed.
    let empty = chen.post(&format!("{at}/call"), &[("journey", ""), ("heard", "own_wish")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.html().contains("href=\"#call\""));
    let early = chen.post(&format!("{at}/propose"), &[("ending", "family"), ("why", "一家人")]).await;
    assert!(early.status.is_client_error(), "{}", early.text());
    let seq = page.field("appeal");
    let answer =
        [("appeal", seq.as_str()), ("decision", "granted"), ("text", "核实了,手机是女儿的,可以继续办理")];
    assert_eq!(chen.post(&format!("{at}/appeal"), &answer).await.to(), at);
    assert_eq!(visit.next().await, "facts");
    assert!(visit.page("appeal").await.text().contains("可以继续办理"));
    for (act, fields) in [
        (
            "call",
            vec![
                ("journey", ids[1].to_string()),
                ("heard", "pressed".to_owned()),
                ("text", "有人收了她两千".to_owned()),
            ],
        ),
        (
            "decide",
            vec![
                ("journey", ids[1].to_string()),
                ("decision", "upheld".to_owned()),
                ("reason", "先保护,等她报警".to_owned()),
            ],
        ),
        ("call", vec![("journey", ids[2].to_string()), ("heard", "own_wish".to_owned())]),
        (
            "decide",
            vec![
                ("journey", ids[2].to_string()),
                ("decision", "allowed".to_owned()),
                ("reason", "本人意愿清楚".to_owned()),
            ],
        ),
        ("act", vec![("action", "police".to_owned()), ("reference", "某某派出所 2026-118".to_owned())]),
        ("note", vec![("text", "三人都由同一人带来".to_owned())]),
        ("propose", vec![("ending", "intermediary".to_owned()), ("why", "逐户处理完毕".to_owned())]),
    ] {
        visit.house.pass(1_000);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let done = chen.post(&format!("{at}/{act}"), &fields).await;
        assert_eq!(done.to(), at, "{act}: {}", done.text());
    }
    let proposed = seen(&mut chen, &at).await;
    assert!(
        proposed.text().contains("要由另一位消保岗同事查看并同意") && !proposed.html().contains("/close\"")
    );
    member(&visit.house.desk, "sun", StaffRole::Compliance, None).await;
    let mut sun = sign_in(&visit.house, "sun").await;
    let proposal = seen(&mut sun, &at).await.field("proposal");
    assert_eq!(sun.post(&format!("{at}/close"), &[("proposal", &proposal)]).await.to(), at);
    insta::assert_snapshot!("ring-closed", masked(&seen(&mut sun, &at).await, &ids));
    let mut english = sign_in(&visit.house, "sun").await;
    english.get("/look?set=en&back=/staff").await;
    for path in ["/staff/rings", &at] {
        seen(&mut english, path).await;
    }
}

#[tokio::test]
async fn the_branch_sees_no_ring_and_bad_identifiers_are_named_without_being_repeated() {
    let house = House::new().await;
    let mut core = Core::new(&house).await;
    let id = house.open("A-1").await.0.view.journey.id();
    let mut li = sign_in(&house, "li.na").await;
    assert_eq!(li.get("/staff/rings").await.status, StatusCode::FORBIDDEN);
    assert!(!li.get("/staff").await.html().contains("/staff/rings"));
    let to = format!("/api/v1/journeys/{id}/links");
    for (sent, status) in [
        (r#"{"links":[]}"#, 422),
        (r#"{"links":[{"kind":"device","value":"SECRET"}]}"#, 422),
        (r#"{"links":[{"kind":"colour","value":"SECRET"}]}"#, 422),
        (r#"{"links":[{"kind":"ip","value":"SECRET"}],"customer":""}"#, 422),
        (r#"{"links":[{"kind":"ip","value":"203.0.113.9"}],"customer":" "}"#, 422),
        (r#"{"links":"SECRET"}"#, 422),
    ] {
        let answer = core.ask("POST", &to, sent).await;
        assert_eq!(answer.status.as_u16(), status, "{sent}: {}", answer.html());
        assert!(!answer.html().contains("SECRET"), "{}", answer.html());
        assert!(!json(&answer)["detail"].as_str().unwrap().is_empty());
    }
    let many: Vec<String> = (0..33).map(|n| format!(r#"{{"kind":"ip","value":"203.0.113.{n}"}}"#)).collect();
    let many = core.ask("POST", &to, &format!(r#"{{"links":[{}]}}"#, many.join(","))).await;
    assert_eq!(many.status.as_u16(), 422);
    let nobody = "00000000-0000-7000-8000-000000000000";
    let lost = core.ask("POST", &format!("/api/v1/journeys/{nobody}/links"), &body(1)).await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    let mut chen = sign_in(&house, "chen").await;
    assert_eq!(chen.get(&format!("/staff/rings/{nobody}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(chen.get("/staff/rings/x").await.status, StatusCode::NOT_FOUND);
}
