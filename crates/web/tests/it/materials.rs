//! The review of materials from the pages: an advertisement with a lure from the hand-in to its release, and what may not be done.

use axum::http::StatusCode;
use mingbai_desk::core::actor::StaffRole;

use crate::browser::{Browser, Page};
use crate::house::{House, member};
use crate::staff::{plain, seen, sign_in, whole};

const LURE: &str = "秋收贷,低门槛,秒到账!日利率 0.03%,随借随还。\n";
const GOOD: &str = "秋收贷:年化利率 10.95%(单利)。贷款有风险,借款需谨慎。\n";
const SUMMARY: &str = "逐项看过材料,价格和合同一致,理由写在各项里。";

async fn handed_in(browser: &mut Browser, text: &str) -> String {
    seen(browser, "/staff/reviews/new").await;
    let fields = [
        ("title", "秋收贷海报"),
        ("kind", "advertisement"),
        ("product", "honest-loan@2026.1"),
        ("note", "价格已和合同核对。"),
        ("regions", "宁波、舟山"),
        ("channel-print", "yes"),
        ("text", ""),
    ];
    let sent = browser.post_files("/staff/reviews/new", &fields, &[("poster.md", text.as_bytes())]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    sent.to()
}

/// The codes of the questions on a page.
fn codes(page: &Page) -> Vec<String> {
    let html = page.html();
    let mut all: Vec<String> = html
        .split("name=\"answer-")
        .skip(1)
        .filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .collect();
    all.dedup();
    all
}

/// Numbers of the machine's findings that wait.
fn findings(page: &Page) -> usize {
    page.html().matches("value=\"upheld\"").count()
}

async fn all_met(browser: &mut Browser, at: &str) {
    let page = seen(browser, at).await;
    let names: Vec<String> = codes(&page).iter().map(|code| format!("answer-{code}")).collect();
    let fields: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "met")).collect();
    let sent = browser.post(&format!("{at}/judge"), &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
}

async fn check(browser: &mut Browser, text: &str, region: &str) -> String {
    seen(browser, "/staff/reviews/check").await;
    let fields = [("channel", "print"), ("region", region), ("text", "")];
    let page = browser.post_files("/staff/reviews/check", &fields, &[("poster.md", text.as_bytes())]).await;
    whole(&page, "check");
    page.text()
}

#[tokio::test]
async fn a_lure_is_found_answered_changed_and_the_changed_one_released() {
    let house = House::new().await;
    member(&house.desk, "sun", StaffRole::Compliance, None).await;
    let (mut li, mut chen) = (sign_in(&house, "li.na").await, sign_in(&house, "chen").await);
    let mut sun = sign_in(&house, "sun").await;
    let at = handed_in(&mut li, LURE).await;
    let own = seen(&mut li, &at).await;
    assert!(own.text().contains("低门槛") && !own.html().contains("value=\"upheld\""), "{}", own.text());
    assert_eq!(li.post(&format!("{at}/judge"), &[("answer-C08", "met")]).await.status, StatusCode::FORBIDDEN);

    let page = seen(&mut chen, &at).await;
    insta::assert_snapshot!("review-judging", plain(&page));
    let count = findings(&page);
    assert!(count >= 3, "lure, promise and the missing yearly rate: {count}");
    all_met(&mut chen, &at).await;
    let early = chen.post(&format!("{at}/issue"), &[("verdict", "passed"), ("summary", SUMMARY)]).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "the machine's findings are not judged");
    whole(&early, "early");
    let names: Vec<String> = (0..count).map(|no| format!("finding-{no}")).collect();
    let upheld: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "upheld")).collect();
    assert_eq!(chen.post(&format!("{at}/machine"), &upheld).await.status, StatusCode::SEE_OTHER);
    let passed = chen.post(&format!("{at}/issue"), &[("verdict", "passed"), ("summary", SUMMARY)]).await;
    assert_eq!(passed.status, StatusCode::CONFLICT);
    assert!(passed.html().contains(SUMMARY), "what was typed comes back");
    let given = chen.post(&format!("{at}/issue"), &[("verdict", "conditional"), ("summary", SUMMARY)]).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text());

    insta::assert_snapshot!("review-answering", plain(&seen(&mut li, &at).await));
    for no in 1..=count {
        let no = no.to_string();
        let fields = [("no", no.as_str()), ("reply", "adopted"), ("words", "已经改掉这一处")];
        assert_eq!(li.post(&format!("{at}/reply"), &fields).await.status, StatusCode::SEE_OTHER);
    }
    // Adopted in words only: the machine finds it again, and nobody can release it.
    li.post_files(&format!("{at}/final"), &[("text", "")], &[("poster.md", LURE.as_bytes())]).await;
    let page = seen(&mut sun, &at).await;
    assert!(page.text().contains("最终材料里还有必须改"), "{}", page.text());
    let days = [
        ("from", "2026-12-02"),
        ("until", "2026-12-31"),
        ("regions", "宁波、舟山"),
        ("channel-print", "yes"),
    ];
    let compared = ("compared", "逐字比对了两份材料,广告语换成了年化利率和提示。");
    let refused = sun.post(&format!("{at}/release"), &[&days[..], &[compared]].concat()).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let again =
        li.post_files(&format!("{at}/final"), &[("text", "")], &[("poster.md", GOOD.as_bytes())]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text());
    let wordless = sun.post(&format!("{at}/release"), &days).await;
    assert_eq!(wordless.status, StatusCode::CONFLICT, "other bytes want a comparison");
    let own = chen.post(&format!("{at}/release"), &[&days[..], &[compared]].concat()).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "whoever gave the opinion");
    let done = sun.post(&format!("{at}/release"), &[&days[..], &[compared]].concat()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    insta::assert_snapshot!("review-released", plain(&seen(&mut sun, &at).await));
    insta::assert_snapshot!("review-list", plain(&seen(&mut li, "/staff/reviews").await));
    assert!(
        check(&mut li, GOOD, "宁波").await.contains("可以用,有效到")
            || check(&mut li, GOOD, "宁波").await.contains("还没到放行的日子")
    );
    assert!(check(&mut li, &GOOD.replace('。', "!"), "宁波").await.contains("没有放行过这一份"));
    sun.get("/look?set=en&back=/staff").await;
    whole(&seen(&mut sun, &at).await, "english");
    let recall = sun.post(&format!("{at}/recall"), &[("words", "客户看错了价格")]).await;
    assert_eq!(recall.status, StatusCode::SEE_OTHER);
    assert!(check(&mut li, GOOD, "宁波").await.contains("已停止使用"));
}

#[tokio::test]
async fn bad_hand_ins_come_back_with_words_and_nothing_is_written() {
    let house = House::new().await;
    let mut li = sign_in(&house, "li.na").await;
    seen(&mut li, "/staff/reviews/new").await;
    let good = [
        ("title", "海报"),
        ("kind", "page"),
        ("product", ""),
        ("note", "已经自己核对"),
        ("regions", "全国"),
        ("channel-online", "yes"),
        ("text", "年化利率 10.95%"),
    ];
    for (field, value, word) in [
        ("kind", "", "请选一项"),
        ("title", "海", "2 到 100 字"),
        ("note", "好", "请写 5 到"),
        ("regions", "、", "地区"),
        ("channel-online", "", "渠道"),
        ("text", " ", "1 到 10 个文件"),
    ] {
        let fields = good.map(|(name, old)| (name, if name == field { value } else { old }));
        let back = li.post_files("/staff/reviews/new", &fields, &[]).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", back.text());
        assert!(back.text().contains(word), "{field}: {}", back.text());
    }
    let none: [(&str, &str); 7] = good.map(|(name, old)| (name, if name == "text" { "" } else { old }));
    for (name, bytes) in [("../x.md", &b"a"[..]), (".env", b"a"), ("empty.md", b"")] {
        let back = li.post_files("/staff/reviews/new", &none, &[(name, bytes)]).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    let twice = li.post_files("/staff/reviews/new", &none, &[("a.md", b"a"), ("a.md", b"b")]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(seen(&mut li, "/staff/reviews").await.text().contains("没有材料在这里"));
    let mut zhou = sign_in(&house, "zhou").await;
    assert_eq!(zhou.get("/staff/reviews/new").await.status, StatusCode::FORBIDDEN, "auditors only look");
    // Bytes that are no text are kept and said to be unread.
    let sent = li
        .post_files("/staff/reviews/new", &none, &[("poster.png", b"\x89PNG\r\n"), ("odd.txt", b"\xff\xfe")])
        .await;
    let page = seen(&mut zhou, &sent.to()).await;
    assert_eq!(
        page.text().matches("全部由人来看").count() + page.text().matches("全部由人").count(),
        3,
        "{}",
        page.text()
    );
}
