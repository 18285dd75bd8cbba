//! The public portal as somebody without scripts meets it: lessons in both languages and both variants, their questions, and the test to its
//! end; sheets that were changed, kept too long, answered twice or finished.

use axum::http::StatusCode;
use mingbai_desk::core::learn::Library;
use mingbai_desk::core::learn::bank::{Form, Truth};
use mingbai_desk::cost::Lang;
use std::sync::atomic::Ordering;

use crate::browser::{Browser, Page};
use crate::house::House;

async fn anyone() -> (House, Browser) {
    let house = House::new().await;
    let browser = Browser::new(&mingbai_web::router(house.desk.clone()));
    (house, browser)
}

#[tokio::test]
async fn every_lesson_can_be_read_by_everybody() {
    let (_house, mut anyone) = anyone().await;
    assert!(anyone.get("/").await.html().contains("href=\"/learn\""));
    insta::assert_snapshot!("learn_front", anyone.get("/learn").await.text());
    for lang in ["zh", "en"] {
        anyone.get(&format!("/look?set={lang}&back=/learn")).await;
        for lesson in Library::shipped().lessons() {
            for tail in ["", "/easy"] {
                let page = anyone.get(&format!("/learn/{}{tail}", lesson.id)).await;
                assert_eq!(page.status, StatusCode::OK, "{}", lesson.id);
                let html = page.html();
                for wanted in
                    ["href=\"/trust/check\"", "tel:96110", "国家反诈中心", "data-listen", "<fieldset"]
                {
                    assert!(html.contains(wanted), "{} lacks {wanted}", lesson.id);
                }
                assert!(!html.contains("[?"), "{} has words without a text", lesson.id);
                assert!(!html.contains("**") && !html.contains("|---"), "{} shows Markdown", lesson.id);
            }
        }
    }
    anyone.get("/look?set=zh&back=/learn").await;
    insta::assert_snapshot!("learn_lesson", anyone.get("/learn/loan-cost").await.text());
    let gone = anyone.get("/learn/no-such-lesson").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_questions_of_a_lesson_are_answered_without_a_script() {
    let (_house, mut anyone) = anyone().await;
    let page = anyone.post("/learn/loan-cost", &[("q-flat-fee", "1"), ("q-withheld", "0")]).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(text.contains("✓ 对了") && text.contains("✗ 不对") && text.contains("还有题没有选"), "{text}");
    anyone.get("/look?set=en&back=/learn").await;
    let all = [("q-flat-fee", "0"), ("q-withheld", "1"), ("q-which-table", "0")];
    let page = anyone.post("/learn/loan-cost/easy", &all).await;
    insta::assert_snapshot!("learn_checked_en", page.text());
    // Odd answers are no answers.
    let odd = anyone.post("/learn/loan-cost", &[("q-flat-fee", "99"), ("q-withheld", "<b>")]).await;
    assert_eq!(odd.status, StatusCode::OK);
    assert!(!odd.text().contains("✓ Right") && !odd.html().contains("<b>"));
    let foreign = anyone.post_exactly("/learn/loan-cost", &[], &[("origin", "https://evil.example")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

/// Where the form of a page leads.
fn action(page: &Page) -> String {
    let html = page.html();
    let form = html.split("<form method=\"post\" action=\"").nth(1).unwrap_or_default();
    form.split('"').next().unwrap_or_default().to_owned()
}

async fn begin(anyone: &mut Browser, start: &str) -> Page {
    let to = anyone.get(start).await.to();
    anyone.get(&to).await
}

async fn say(anyone: &mut Browser, page: &Page, answer: &str) -> Page {
    let number = page.field("question");
    anyone.post(&action(page), &[("question", &number), ("answer", answer)]).await
}

/// Answers until there is no question any more; also says how many there were, and where the result stands.
async fn walk(anyone: &mut Browser, start: &str, answer: impl Fn(&Page) -> String) -> (Page, usize, String) {
    let mut page = begin(anyone, start).await;
    let (mut count, mut at) = (0, String::new());
    while !action(&page).is_empty() {
        count += 1;
        assert!(count <= 12, "the test does not end");
        let sent = say(anyone, &page, &answer(&page)).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        at = sent.to();
        page = anyone.get(&at).await;
    }
    (page, count, at)
}

/// Somebody who knows everything.
fn right(page: &Page) -> String {
    let html = page.html();
    let asked = html.split("<h1>").nth(1).and_then(|rest| rest.split("</h1>").next()).unwrap_or_default();
    let item = Library::shipped().items().iter().find(|item| {
        item.ask.zh.replace('"', "&#34;") == asked && {
            // Some questions ask the same about different messages.
            item.message.as_ref().is_none_or(|message| html.contains(&message.zh))
        }
    });
    match item.map(|item| &item.form) {
        Some(Form::Keyed { key, .. }) => key.to_string(),
        other => panic!("{asked}: {other:?}"),
    }
}

#[tokio::test]
async fn the_test_is_walked_to_its_end() {
    let (_house, mut anyone) = anyone().await;
    insta::assert_snapshot!("learn_test", anyone.get("/learn/test").await.text());
    insta::assert_snapshot!("learn_question", begin(&mut anyone, "/learn/test/start").await.text());
    let (page, count, _) = walk(&mut anyone, "/learn/test/start", right).await;
    assert!((8..=12).contains(&count));
    let text = page.text();
    assert!(text.contains("整个范围都在中点以上") && text.contains("暂定"), "{text}");
    let (page, _, _) = walk(&mut anyone, "/learn/test/start", |_| "dont-know".to_owned()).await;
    assert!(page.text().contains("整个范围都在中点以下") && !page.text().contains("✗ 不对"));
    anyone.get("/look?set=en&back=/learn").await;
    let (page, count, _) = walk(&mut anyone, "/learn/test/start", |_| "0".to_owned()).await;
    insta::assert_snapshot!("learn_result_en", page.text());
    assert!((8..=12).contains(&count));
}

#[tokio::test]
async fn whoever_calls_everything_a_trick_is_told_so() {
    let (_house, mut anyone) = anyone().await;
    insta::assert_snapshot!("learn_message", begin(&mut anyone, "/learn/test/messages").await.text());
    let (page, count, _) = walk(&mut anyone, "/learn/test/messages", |_| "0".to_owned()).await;
    assert_eq!(count, 12);
    let text = page.text();
    assert!(text.contains("还看不出分得开") && text.contains("比较容易说“是骗局”"), "{text}");
    assert!(text.contains("6 条骗局里,认出了 6 条") && text.contains("d′ = 0.0"), "{text}");
    let sharp = |page: &Page| {
        let html = page.html();
        let known = Library::shipped().messages().iter().find(|m| html.contains(m.text.get(Lang::Zh)));
        let trick = known.map(|message| message.truth) == Some(Truth::Scam);
        (if trick { "0" } else { "1" }).to_owned()
    };
    let (page, _, _) = walk(&mut anyone, "/learn/test/messages", sharp).await;
    insta::assert_snapshot!("learn_spotted", page.text());
    let (page, _, _) = walk(&mut anyone, "/learn/test/messages", |_| "dont-know".to_owned()).await;
    assert!(page.text().contains("算不出来"));
}

#[tokio::test]
async fn a_sheet_that_does_not_fit_gets_a_clear_answer_and_harms_nothing() {
    let (house, mut anyone) = anyone().await;
    let first = begin(&mut anyone, "/learn/test/start").await;
    // Nothing chosen, nonsense chosen: the same question comes back.
    for answer in ["", "7", "-1", "<script>"] {
        let page = say(&mut anyone, &first, answer).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains("请选一项") && page.field("question") == "1", "{}", page.text());
    }
    // The way back answers the same sheet again: it goes on, because nothing was kept.
    let once = say(&mut anyone, &first, "0").await.to();
    assert!(say(&mut anyone, &first, "1").await.status == StatusCode::SEE_OTHER);
    // An answer to another question than the open one.
    let page = anyone.post(&once, &[("question", "1"), ("answer", "0")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("另一道题") && page.field("question") == "2", "{}", page.text());
    // A changed sheet, and some that are no sheets.
    let flipped = once.replace("sheet=A", "sheet=B");
    for sheet in [flipped.as_str(), "/learn/test/on?sheet=abc", "/learn/test/on?sheet=%00", &"x".repeat(3000)]
    {
        let path =
            if sheet.starts_with('/') { sheet.to_owned() } else { format!("/learn/test/on?sheet={sheet}") };
        let page = anyone.get(&path).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(page.text().contains("请重新开始"), "{}", page.text());
    }
    assert_eq!(anyone.get("/learn/test/on").await.to(), "/learn/test");
    // A finished one, sent again.
    let (_, _, finished) = walk(&mut anyone, "/learn/test/messages", |_| "1".to_owned()).await;
    let page = anyone.post(&finished, &[("question", "12"), ("answer", "0")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("已经答完") && page.text().contains("d′"), "{}", page.text());
    // One that is too old.
    house.world.now_ms.fetch_add(13 * 3_600_000, Ordering::SeqCst);
    let page = anyone.get(&once).await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text().contains("放了太久"));
}
