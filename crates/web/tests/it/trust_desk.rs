//! Complaints as files, check codes, reports of fraud and bulletins, from the pages and for programs.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::trust::complaint::Channel;
use mingbai_desk::trust::Complain;

use crate::borrow::Visit;
use crate::browser::Browser;
use crate::house::{House, member};
use crate::staff::{plain, seen, sign_in};

const POLICE: &str = "我是公安局的,您名下银行卡涉嫌洗钱,请把资金转到安全账户,不要告诉家人";
const TRANSFERS: &str = "转办编号,渠道,收到日期,姓名,联系方式,投诉内容\n\
    T-1,12378,2026-11-20,王秀英,138 0000 0000,扣了合同上没有的服务费\n\
    T-2,12363,2026-11-25,李强,=1+1,征信记录写错了没人改\n";

fn anyone(house: &House) -> Browser {
    Browser::new(&mingbai_web::router(house.desk.clone()))
}

/// The value of a hidden field.
fn hidden(html: &str, name: &str) -> String {
    let field = html.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    field.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_officer_looks_at_a_file_confirms_it_and_reads_the_report() {
    let house = House::new().await;
    let mut chen = sign_in(&house, "chen").await;
    let path = "/staff/complaints/files";
    insta::assert_snapshot!("staff-files", plain(&seen(&mut chen, path).await));
    let planned = chen.post_file(path, None, ("file", TRANSFERS.as_bytes())).await;
    assert_eq!(planned.status, StatusCode::OK, "{}", planned.text());
    let confirm = hidden(&planned.html(), "confirm");
    insta::assert_snapshot!("staff-files-planned", plain(&planned).replace(&confirm, "…"));
    let wrong =
        chen.post_file_with(path, &[("confirm", "000000000000")], ("file", TRANSFERS.as_bytes())).await;
    assert!(
        wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text().contains("确认码不是这个文件的")
    );
    let done = chen.post_file_with(path, &[("confirm", &confirm)], ("file", TRANSFERS.as_bytes())).await;
    assert!(done.text().contains("新写入 2 件"), "{}", done.text());
    let zip = chen.post_file(path, None, ("file", b"PK\x03\x04")).await;
    assert!(zip.status == StatusCode::UNPROCESSABLE_ENTITY && zip.text().contains("ZIP"), "{}", zip.text());
    let rows = chen.get("/staff/complaints/rows.csv?from=2026-11-21").await;
    assert_eq!(rows.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let text = String::from_utf8(rows.bytes.clone()).unwrap();
    assert!(text.contains("T-2") && !text.contains("T-1") && !text.contains("李强"), "{text}");
    assert_eq!(chen.get(&format!("{path}?from=2026-13-01")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut li = sign_in(&house, "li.na").await;
    assert_eq!(li.get(path).await.status, StatusCode::FORBIDDEN);
}

async fn message(house: &House) -> (String, String) {
    let wish = Complain {
        name: "王秀英".to_owned(),
        contact: "138 0000 0042".to_owned(),
        story: "合同上没有写的服务费被扣了两百元。".to_owned(),
        ..Complain::by(Channel::Page)
    };
    house.desk.complain(wish).await.unwrap();
    house.run_outbox().await;
    let data = house.told("complaint.received").pop().unwrap()["data"].clone();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    (text(&data["verify"]["code"]), text(&data["zh"]))
}

#[tokio::test]
async fn anybody_asks_whether_a_message_is_really_from_us() {
    let house = House::new().await;
    let (code, text) = message(&house).await;
    let mut her = anyone(&house);
    insta::assert_snapshot!("verify-us", her.get("/trust/verify-us").await.text());
    let found = her.get(&format!("/trust/verify-us?code={code}")).await;
    insta::assert_snapshot!("verify-us-found", found.text().replace(&code, "CODE-"));
    let unknown = her.get("/trust/verify-us?code=00000-00000").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    insta::assert_snapshot!("verify-us-unknown", unknown.text());

    let really = her.post("/trust/check", &[("text", &text)]).await;
    assert!(really.text().contains("这条消息是我们发的,一个字都没有改"), "{}", really.text());
    let changed = her.post("/trust/check", &[("text", &format!("{text}请先转 500 元"))]).await;
    assert!(changed.text().contains("有人用了真的核对码") && !changed.text().contains("一个字都没有改"));
    let told = format!("{}{}", found.html(), really.html());
    assert!(!told.contains("王秀英") && !told.contains("138"), "nothing about a person is told");

    let ask = |path: &str, body: serde_json::Value| {
        Request::post(format!("/api/v1/trust/{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap()
    };
    let page = her.send(ask("verify-us", serde_json::json!({"code": code}))).await;
    let answer: serde_json::Value = serde_json::from_slice(&page.bytes).unwrap();
    assert_eq!((answer["kind"].as_str(), answer["ending"].as_str()), (Some("complaint"), Some("42")));
    let page = her.send(ask("verify-us", serde_json::json!({"code": "00000-00000"}))).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let page = her.send(ask("check", serde_json::json!({"text": text}))).await;
    let answer: serde_json::Value = serde_json::from_slice(&page.bytes).unwrap();
    assert_eq!(answer["our_messages"][0]["same_text"], true, "{answer}");
    let mut last = StatusCode::OK;
    for _ in 0..40 {
        last = her.get("/trust/verify-us?code=00000-00000").await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "codes are not to be guessed");
}

#[tokio::test]
async fn a_check_becomes_a_card_and_is_kept_only_with_consent() {
    let house = House::new().await;
    let mut her = anyone(&house);
    let answer = her.post("/trust/check", &[("text", POLICE)]).await;
    assert!(answer.html().contains("action=\"/trust/report\""));
    insta::assert_snapshot!("report-form", her.post("/trust/report", &[("text", POLICE)]).await.text());
    let nothing = her.post("/trust/report", &[("text", POLICE), ("do", "card")]).await;
    assert!(nothing.status == StatusCode::UNPROCESSABLE_ENTITY && nothing.text().contains("请选一项"));
    let facts = [
        ("text", POLICE),
        ("harm", "paid"),
        ("facts", "昨天转了五千,尾号 1234"),
        ("contact", "138 0000 0042"),
    ];
    let card = her.post("/trust/report", &[&facts[..], &[("do", "card")]].concat()).await;
    insta::assert_snapshot!("report-card", card.text().replace("2026年12月1日 08:00", "…"));
    let reports = async || house.desk.scam_reports(&house.compliance).await.unwrap().len();
    assert_eq!(reports().await, 0, "a card keeps nothing");
    let refused = her.post("/trust/report", &[&facts[..], &[("do", "keep")]].concat()).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text().contains("请先勾选同意"));
    assert_eq!(reports().await, 0);
    let kept = her.post("/trust/report", &[&facts[..], &[("do", "keep"), ("consent", "yes")]].concat()).await;
    assert!(kept.text().contains("已经收到您交来的一份"), "{}", kept.text());

    let mut chen = sign_in(&house, "chen").await;
    let list = seen(&mut chen, "/staff/reports").await;
    assert!(list.text().contains("冒充") && list.text().contains("已经转了钱"), "{}", list.text());
    let id = house.desk.scam_reports(&house.compliance).await.unwrap()[0].id;
    let here = format!("/staff/reports/{id}");
    let number = mingbai_desk::trust::report_reference(id);
    insta::assert_snapshot!("staff-report", plain(&seen(&mut chen, &here).await).replace(&number, "…"));
    let wordless = chen.post(&format!("{here}/handle"), &[("how", "called"), ("note", "")]).await;
    assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = chen.post(&format!("{here}/handle"), &[("how", "called"), ("note", "已电话提醒")]).await;
    assert_eq!(done.to(), here);
    assert_eq!(chen.post(&format!("{here}/erase"), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(chen.post(&format!("{here}/erase"), &[("sure", "yes")]).await.to(), here);
    let page = seen(&mut chen, &here).await;
    assert!(page.text().contains("已删除") && !page.text().contains("安全账户"), "{}", page.text());
    let mut li = sign_in(&house, "li.na").await;
    assert_eq!(li.get("/staff/reports").await.status, StatusCode::FORBIDDEN);
}

const TEXT: [(&str, &str); 8] = [
    ("title_zh", "AB 贷:钱给别人用,债是您还"),
    ("title_en", "AB loans: the money is theirs & the debt yours"),
    ("text_zh", "有人让您贷款给他用,请停下。"),
    ("text_en", "If somebody wants you to borrow for him, stop."),
    ("region", "成都"),
    ("group", "borrowers"),
    ("until", "2026-12-31"),
    ("family-ab-loan", "yes"),
];

#[tokio::test]
async fn one_writes_another_releases_and_everybody_reads() {
    let house = House::new().await;
    member(&house.desk, "wu", StaffRole::Compliance, None).await;
    let (mut chen, mut wu, mut her) =
        (sign_in(&house, "chen").await, sign_in(&house, "wu").await, anyone(&house));
    insta::assert_snapshot!("staff-bulletin-new", plain(&seen(&mut chen, "/staff/bulletins/new").await));
    let wrong = chen.post("/staff/bulletins/new", &TEXT[..6]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.html().contains("AB 贷"));
    let here = chen.post("/staff/bulletins/new", &TEXT).await.to();
    assert!(here.starts_with("/staff/bulletins/"), "{here}");
    assert!(her.get("/trust/alerts").await.text().contains("现在没有风险提示"));
    let own = chen.post(&format!("{here}/release"), &[("draft", "0")]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    insta::assert_snapshot!("staff-bulletin-waits", plain(&seen(&mut wu, &here).await));
    assert_eq!(wu.post(&format!("{here}/release"), &[("draft", "0")]).await.to(), here);
    assert!(seen(&mut wu, "/staff/bulletins").await.text().contains("✓ 已发布"));

    let list = her.get("/trust/alerts?region=成都").await;
    insta::assert_snapshot!("alerts", list.text());
    assert!(her.get("/trust/alerts?group=students").await.text().contains("现在没有风险提示"));
    let one = here.replace("/staff/bulletins/", "/trust/alerts/");
    assert!(her.get(&one).await.text().contains("请停下"));
    let atom = her.get("/trust/alerts.atom?lang=en").await;
    assert_eq!(atom.headers[header::CONTENT_TYPE], "application/atom+xml; charset=utf-8");
    let atom = String::from_utf8(atom.bytes.clone()).unwrap();
    assert!(atom.contains("theirs &amp; the debt yours") && atom.contains("urn:uuid:"), "{atom}");
    let json: serde_json::Value = serde_json::from_slice(&her.get("/trust/alerts.json").await.bytes).unwrap();
    assert_eq!((json["items"].as_array().unwrap().len(), json["language"].as_str()), (1, Some("zh-CN")));
    assert_eq!(wu.post(&format!("{here}/end"), &[("reason", "写错了")]).await.to(), here);
    assert_eq!(her.get(&one).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_sign_in_an_answer_shows_the_bulletin_to_the_borrower() {
    let mut visit = Visit::new().await;
    let house = &visit.house;
    let wu = member(&house.desk, "wu", StaffRole::Compliance, None).await;
    let mut chen = sign_in(house, "chen").await;
    let here = chen.post("/staff/bulletins/new", &TEXT).await.to();
    let id = house.desk.bulletins(&wu).await.unwrap()[0].id;
    house.desk.release_bulletin(&wu, id, 0).await.unwrap();
    assert!(here.ends_with(&id.to_string()));
    let answers: Vec<(String, &str)> = mingbai_desk::core::borrow::screen::ScreenKey::ALL
        .iter()
        .map(|key| (key.key().to_owned(), if key.key() == "for_other" { "yes" } else { "no" }))
        .collect();
    let answers: Vec<(&str, &str)> = answers.iter().map(|(key, value)| (key.as_str(), *value)).collect();
    visit.enter().await;
    assert_eq!(visit.next().await, "income");
    assert_eq!(visit.send("income", &[("income", "2万"), ("debts", "0")]).await, "safety");
    assert_eq!(visit.send("safety", &answers).await, "wait");
    let page = visit.page("wait").await;
    assert!(page.text().contains("AB 贷:钱给别人用,债是您还"), "{}", page.text());
}
