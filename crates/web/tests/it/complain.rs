//! Complaints from outside: somebody without a login, a borrower from her own pages, and the officers who answer and may be late.

use axum::http::StatusCode;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::trust::Complain;

use crate::borrow::Visit;
use crate::browser::{BASE, Browser, Page};
use crate::house::{DAY_MS, House, member};
use crate::staff::{plain, seen, sign_in, whole};

const STORY: &str = "合同上没有写的服务费被扣了两百元,问了没人解释。";
const ANSWER: &str = "经核实,您反映的服务费没有列入成本明示表,不应收取,全部退还并向您道歉。";

fn form() -> Vec<(&'static str, &'static str)> {
    vec![
        ("party", "heir"),
        ("name", "王秀英"),
        ("contact", "138 0000 0000"),
        ("story", STORY),
        ("wish", "退钱"),
    ]
}

/// A page with reference, code and days that a run chose left out.
fn masked(page: &Page, secrets: &[&str]) -> String {
    secrets.iter().fold(plain(page), |text, secret| text.replace(secret, "…"))
}

/// Reference and code as the page after a complaint shows them.
fn taken(page: &Page) -> (String, String) {
    let html = page.html();
    let mut refs =
        html.split("class=\"ref\">").skip(1).map(|part| part.split('<').next().unwrap().to_owned());
    (refs.next().unwrap(), refs.next().unwrap())
}

async fn complained(house: &House) -> (Browser, String, String) {
    let mut her = Browser::new(&mingbai_web::router(house.desk.clone()));
    her.get("/trust/complain").await;
    let sent = her.post("/trust/complain", &form()).await;
    assert_eq!(sent.to(), "/trust/complaint/received", "{}", sent.text());
    let page = seen(&mut her, "/trust/complaint/received").await;
    let (reference, code) = taken(&page);
    (her, reference, code)
}

/// The address of a complaint for staff.
async fn address(house: &House, reference: &str) -> String {
    let id = house.desk.find_complaint(&house.compliance, reference).await.unwrap();
    format!("/staff/complaints/{id}")
}

const SORT: [(&str, &str); 3] = [("cause", "c07"), ("business", "b03"), ("right", "fair")];
const EXPLAIN: [(&str, &str); 4] =
    [("outcome", "upheld"), ("remedy-explanation", "yes"), ("remedy-apology", "yes"), ("text", ANSWER)];

async fn does(browser: &mut Browser, at: &str, act: &str, fields: &[(&str, &str)]) {
    let answer = browser.post(&format!("{at}/{act}"), fields).await;
    assert_eq!(answer.to(), at, "{act}: {}", answer.text());
}

#[tokio::test]
async fn anybody_complains_follows_and_is_answered() {
    let house = House::new().await;
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    let page = seen(&mut anyone, "/trust/complain").await;
    insta::assert_snapshot!("complain-form", page.text());
    for never in ["type=\"file\"", "身份证"] {
        assert!(!page.html().contains(never), "nobody is asked for a paper here: {never}");
    }
    let (mut her, reference, code) = complained(&house).await;
    let received = seen(&mut her, "/trust/complaint/received").await;
    insta::assert_snapshot!("complained", masked(&received, &[&reference, &code]));
    insta::assert_snapshot!(
        "complaint-open",
        masked(&seen(&mut her, "/trust/complaint").await, &[&reference])
    );

    let mut chen = sign_in(&house, "chen").await;
    let at = address(&house, &reference).await;
    does(&mut chen, &at, "categorise", &SORT).await;
    does(&mut chen, &at, "note", &[("text", "查了流水,确有一笔。")]).await;
    does(&mut chen, &at, "answer", &EXPLAIN).await;
    let page = seen(&mut her, "/trust/complaint").await;
    insta::assert_snapshot!("complaint-answered", masked(&page, &[&reference]));
    assert!(!page.text().contains("查了流水,确有一笔"), "notes of the house are not hers");
    let letter = her.get("/trust/complaint/letter/1").await;
    assert_eq!(letter.headers["content-type"], "application/pdf");
    assert!(letter.html().contains(ANSWER) && letter.html().contains("投诉成立"));
    assert_eq!(her.get("/trust/complaint/letter/2").await.status, StatusCode::NOT_FOUND);
    assert_eq!(chen.get(&format!("{at}/letter/1")).await.bytes, letter.bytes, "the very same letter");

    // Not satisfied: somebody else looks, and whoever answered cannot.
    her.get("/trust/complaint").await;
    let empty = her.post("/trust/complaint/recheck", &[("text", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.html().contains("href=\"#recheck\"") && empty.html().contains("id=\"recheck-error\""));
    assert_eq!(her.post("/trust/complaint/recheck", &[("text", "只退一半")]).await.to(), "/trust/complaint");
    assert!(seen(&mut her, "/trust/complaint").await.text().contains("正在核查"));
    assert!(seen(&mut chen, &at).await.text().contains("核查要由另一位消保岗同事做"));
    assert_eq!(chen.post(&format!("{at}/answer"), &EXPLAIN).await.status, StatusCode::FORBIDDEN);
    member(&house.desk, "sun", StaffRole::Compliance, None).await;
    let mut sun = sign_in(&house, "sun").await;
    seen(&mut sun, &at).await;
    does(&mut sun, &at, "answer", &EXPLAIN).await;
    assert_eq!(her.get("/trust/complaint/letter/2").await.status, StatusCode::OK);
    her.get("/trust/complaint").await;
    assert_eq!(her.post("/trust/complaint/mediation", &[]).await.to(), "/trust/complaint");
    assert!(seen(&mut her, "/trust/complaint").await.text().contains("第三方调解正在进行"));
}

#[tokio::test]
async fn what_she_typed_comes_back_with_what_is_missing() {
    let house = House::new().await;
    let mut her = Browser::new(&mingbai_web::router(house.desk.clone()));
    her.get("/trust/complain").await;
    for (field, value) in [("party", ""), ("name", " "), ("contact", ""), ("story", "短")] {
        let fields: Vec<_> =
            form().into_iter().map(|(name, old)| (name, if name == field { value } else { old })).collect();
        let back = her.post("/trust/complain", &fields).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        whole(&back, field);
        assert!(back.html().contains(&format!("href=\"#{field}\"")), "{field}: {}", back.text());
        assert!(field == "story" || back.html().contains(STORY));
    }
    // The longest story with the longest wish fits; more is said to be too long and not cut.
    let long = "长".repeat(4_000);
    let fields = [("party", "herself"), ("name", "王"), ("contact", "1"), ("story", &long), ("wish", &long)];
    assert_eq!(her.post("/trust/complain", &fields).await.to(), "/trust/complaint/received");
    let longer = "长".repeat(4_001);
    let fields = [("party", "herself"), ("name", "王"), ("contact", "1"), ("story", longer.as_str())];
    assert_eq!(her.post("/trust/complain", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let script = [("party", "herself"), ("name", "<script>x"), ("contact", "1"), ("story", "")];
    assert!(!her.post("/trust/complain", &script).await.html().contains("<script>x"));
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_one_complaint() {
    let house = House::new().await;
    let mut her = Browser::new(&mingbai_web::router(house.desk.clone()));
    let once = her.get("/trust/complain").await.field("form");
    assert_eq!(once.len(), 43);
    let mut fields = form();
    fields.push(("form", &once));
    let mut both = Vec::new();
    for _ in 0..2 {
        her.post("/trust/complain", &fields).await;
        both.push(taken(&her.get("/trust/complaint/received").await));
    }
    assert_eq!(both[0], both[1]);
}

#[tokio::test]
async fn a_stranger_with_a_wrong_code_sees_nothing_and_has_to_stop() {
    let house = House::new().await;
    let (mut her, reference, code) = complained(&house).await;
    let mut stranger = Browser::new(&mingbai_web::router(house.desk.clone()));
    insta::assert_snapshot!("complaint-ask", seen(&mut stranger, "/trust/complaint").await.text());
    for path in ["/trust/complaint/received", "/trust/complaint/letter/1"] {
        assert_eq!(stranger.get(path).await.to(), "/trust/complaint", "{path}");
    }
    let open = [("reference", reference.as_str()), ("code", "0000 0000")];
    for _ in 0..10 {
        let wrong = stranger.post("/trust/complaint", &open).await;
        assert_eq!(wrong.status, StatusCode::NOT_FOUND);
        assert!(!wrong.html().contains("0000 0000"), "a code never comes back");
        assert!(!wrong.text().contains("两百元"));
    }
    // From another address too: the complaint is counted, not only who asks. A made-up cookie is a try like any other.
    let mut other = Browser::new(&mingbai_web::router(house.desk.clone()));
    other.set_cookie("mb_c", &format!("{}.00000000", reference.replace(' ', "")));
    let cookie = other.get("/trust/complaint").await;
    assert_eq!(cookie.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(cookie.text().contains("查询码错了太多次"), "{}", cookie.text());
    let right = [("reference", reference.as_str()), ("code", code.as_str())];
    assert_eq!(stranger.post("/trust/complaint", &right).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(her.get("/trust/complaint").await.status, StatusCode::TOO_MANY_REQUESTS);
    house.pass(3_600_000);
    assert_eq!(her.get("/trust/complaint").await.status, StatusCode::OK);
    let typed = [("reference", reference.to_lowercase()), ("code", code.replace(' ', "-").to_lowercase())];
    let typed: Vec<_> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let opened = stranger.post("/trust/complaint", &typed).await;
    assert_eq!(opened.to(), "/trust/complaint", "{}", opened.text());
    // Done on a shared device: closed is closed.
    stranger.get("/trust/complaint").await;
    stranger.post("/trust/complaint/leave", &[]).await;
    assert!(stranger.get("/trust/complaint").await.html().contains("name=\"reference\""));
}

#[tokio::test]
async fn a_form_from_elsewhere_neither_complains_nor_takes_one_back() {
    let house = House::new().await;
    let mut anyone = Browser::new(&mingbai_web::router(house.desk.clone()));
    for headers in [vec![], vec![("origin", "https://evil.example")], vec![("sec-fetch-site", "cross-site")]]
    {
        let answer = anyone.post_exactly("/trust/complain", &form(), &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let (mut her, reference, _) = complained(&house).await;
    for headers in [vec![("origin", BASE)], vec![("origin", "https://evil.example")]] {
        let answer = her.post_exactly("/trust/complaint/withdraw", &[("text", "")], &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    assert!(seen(&mut her, "/trust/complaint").await.text().contains("正在办理"));
    assert_eq!(her.post("/trust/complaint/eat", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(her.post("/trust/complaint/withdraw", &[("text", "")]).await.to(), "/trust/complaint");
    assert!(seen(&mut her, "/trust/complaint").await.text().contains("您已经撤回"));
    let late = her.post("/trust/complaint/add", &[("text", "再说一句")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text().contains("这件投诉已经结束"), "{}", late.text());
    let mut chen = sign_in(&house, "chen").await;
    assert!(seen(&mut chen, &address(&house, &reference).await).await.text().contains("已撤回"));
}

#[tokio::test]
async fn the_borrower_complains_from_her_own_pages_and_her_loan_does_not_know() {
    let mut visit = Visit::new().await;
    visit.enter().await;
    assert!(visit.page("aside").await.html().contains(&format!("href=\"{}\"", visit.at("complain"))));
    let page = visit.page("complain").await;
    insta::assert_snapshot!("complain-borrower", page.text());
    for known in ["name=\"name\"", "name=\"contact\"", "name=\"loan\""] {
        assert!(!page.html().contains(known), "she is not asked what we know: {known}");
    }
    let before = visit.house.journey(visit.id).await;
    let at = visit.at("complain");
    let short = visit.her.post(&at, &[("story", "短")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = visit.her.post(&at, &[("story", STORY), ("wish", "")]).await;
    assert_eq!(sent.to(), "/trust/complaint/received", "{}", sent.text());
    let (reference, _) = taken(&visit.her.get("/trust/complaint/received").await);
    let after = visit.house.journey(visit.id).await;
    assert_eq!((before.last_at_ms(), before.head()), (after.last_at_ms(), after.head()));

    let mut chen = sign_in(&visit.house, "chen").await;
    let page = seen(&mut chen, &address(&visit.house, &reference).await).await;
    for wanted in ["王秀英", "138 0000 0000", &visit.id.reference(), "给出的费用(借款人还没有看过)"]
    {
        assert!(page.text().contains(wanted), "{wanted}: {}", page.text());
    }
    // Staff who try it in her name reach nothing.
    let mut li = sign_in(&visit.house, "li.na").await;
    let forged = li.post(&at, &[("story", STORY)]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN, "{}", forged.text());
}

#[tokio::test]
async fn the_desk_shows_what_is_late_first_and_warns_of_many_alike() {
    let house = House::new().await;
    let mut chen = sign_in(&house, "chen").await;
    insta::assert_snapshot!("complaints-none", plain(&seen(&mut chen, "/staff/complaints").await));
    let (_, old, _) = complained(&house).await;
    house.pass(13 * DAY_MS);
    let mut marks = Vec::new();
    for number in 0..5 {
        let (_, borrower) = house.open(&format!("C-{number}")).await;
        let only = Complain {
            story: STORY.to_owned(),
            ..Complain::by(mingbai_desk::core::trust::complaint::Channel::Page)
        };
        marks.push(house.desk.complain_as_borrower(&borrower, only).await.unwrap());
    }
    let mut chen = sign_in(&house, "chen").await;
    for one in &marks {
        does(&mut chen, &format!("/staff/complaints/{}", one.id), "categorise", &SORT).await;
    }
    let soon = seen(&mut chen, "/staff/complaints").await.text();
    assert!(soon.contains("○ 还有 2 天") && soon.contains("没有超期的投诉"), "{soon}");
    house.pass(5 * DAY_MS);
    let mut chen = sign_in(&house, "chen").await;
    let page = seen(&mut chen, "/staff/complaints").await;
    assert!(
        page.text().contains("! 有 1 件已超期") && page.text().contains("! 超期第 3 天"),
        "{}",
        page.text()
    );
    assert!(page.html().find(&old) < page.html().find(&marks[0].reference), "what is late comes first");
    let alarms = seen(&mut chen, "/staff/complaints/alarms").await.text();
    assert!(alarms.contains("! 5") && alarms.contains("因定价收费引起") && alarms.contains(&old), "{alarms}");
    let only = seen(&mut chen, "/staff/complaints?product=honest-loan&cause=c07").await;
    assert!(only.html().contains(&marks[4].reference) && !only.html().contains(&old));
    assert_eq!(
        chen.get(&format!("/staff/complaints?q={}", old.replace(' ', "+"))).await.to(),
        address(&house, &old).await
    );
    assert_eq!(chen.get("/staff/complaints?q=ZZZZ").await.status, StatusCode::NOT_FOUND);
    // The cause stands beside the next review of the product.
    let product = seen(&mut chen, "/staff/products/honest-loan/2026.1").await.text();
    assert!(product.contains("这个产品的投诉原因") && product.contains("因定价收费引起"), "{product}");
}

#[tokio::test]
async fn money_waits_for_a_second_person_and_the_end_for_the_money() {
    let house = House::new().await;
    member(&house.desk, "sun", StaffRole::Compliance, None).await;
    let (mut her, reference, _) = complained(&house).await;
    let at = address(&house, &reference).await;
    let mut chen = sign_in(&house, "chen").await;
    let mut sun = sign_in(&house, "sun").await;
    does(&mut chen, &at, "categorise", &SORT).await;
    let money = [("outcome", "upheld"), ("remedy-refund", "yes"), ("refund", "200"), ("text", ANSWER)];
    let none = [("outcome", "upheld"), ("refund", "200"), ("text", ANSWER)];
    let odd = [("outcome", "upheld"), ("remedy-refund", "yes"), ("refund", "-5"), ("text", ANSWER)];
    let short = [("outcome", "upheld"), ("remedy-apology", "yes"), ("text", "已处理")];
    for (fields, says) in [(&none[..], "请至少选一项"), (&odd[..], "有误"), (&short[..], "请写 20 到")]
    {
        let back = chen.post(&format!("{at}/answer"), fields).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", back.text());
        whole(&back, "answer");
        assert!(back.text().contains(says) && back.html().contains("href=\"#answer\""), "{says}");
        assert!(back.html().contains(&fields.last().unwrap().1.replace('"', "&#34;")));
    }
    does(&mut chen, &at, "answer", &money).await;
    assert!(!seen(&mut her, "/trust/complaint").await.text().contains("不应收取"), "a draft is not hers");
    let waits = seen(&mut chen, &at).await;
    assert!(waits.text().contains("等另一位消保岗同事看过再发出") && !waits.html().contains("/approve\""));
    let draft = seen(&mut sun, &at).await;
    insta::assert_snapshot!("complaint-staff", masked(&draft, &[&reference]));
    let seq = draft.field("draft");
    assert_eq!(chen.post(&format!("{at}/approve"), &[("draft", &seq)]).await.status, StatusCode::FORBIDDEN);
    does(&mut sun, &at, "approve", &[("draft", &seq)]).await;
    assert!(seen(&mut her, "/trust/complaint").await.text().contains("答应退 200.00 元,已经退 0.00 元"));
    let close = [("root_cause", "c07"), ("lesson", "收费系统增加核对")];
    assert_eq!(chen.post(&format!("{at}/close"), &close).await.status, StatusCode::CONFLICT);
    does(&mut chen, &at, "pay", &[("amount", "200"), ("payment", "P-1")]).await;
    does(&mut chen, &at, "close", &close).await;
    let closed = seen(&mut chen, &at).await.text();
    assert!(closed.contains("✓ 已结案") && closed.contains("收费系统增加核对"), "{closed}");
}

#[tokio::test]
async fn a_transfer_comes_with_its_number_and_its_day() {
    let house = House::new().await;
    let mut chen = sign_in(&house, "chen").await;
    insta::assert_snapshot!("complaint-note", {
        let page = seen(&mut chen, "/staff/complaints/new").await;
        let today = page.field("received");
        masked(&page, &[&today])
    });
    let now_ms = house.desk.now_ms();
    let day = |ago: i64| {
        let at = jiff::Timestamp::from_millisecond(now_ms - ago * DAY_MS).unwrap();
        jiff::tz::Offset::constant(8).to_datetime(at).date().to_string()
    };
    let (week, tomorrow, old) = (day(7), day(-1), day(4 * 366));
    let fields = |received: &str, transfer: &str| -> Vec<(&'static str, String)> {
        let mut all: Vec<(&'static str, String)> =
            form().into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        all.extend([("channel", "12378".to_owned()), ("received", received.to_owned())]);
        all.push(("transfer", transfer.to_owned()));
        all
    };
    for (received, transfer, field) in [
        (tomorrow.as_str(), "2026-1", "received"),
        (old.as_str(), "2026-1", "received"),
        ("2026-02-30", "2026-1", "received"),
        ("", "2026-1", "received"),
        (week.as_str(), "", "transfer"),
        (week.as_str(), "编号一", "transfer"),
    ] {
        let all = fields(received, transfer);
        let all: Vec<_> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let back = chen.post("/staff/complaints/new", &all).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{received} {transfer}: {}", back.text());
        assert!(back.html().contains(&format!("href=\"#{field}\"")), "{received} {transfer}");
    }
    let all = fields(&week, "2026-1");
    let all: Vec<_> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = chen.post("/staff/complaints/new", &all).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    whole(&done, "noted");
    let (reference, _) = taken(&done);
    let again = chen.post("/staff/complaints/new", &all).await;
    assert!(again.text().contains("以前登记过") && again.text().contains(&reference));
    // Seven of fifteen days are over already.
    let page = seen(&mut chen, &address(&house, &reference).await).await.text();
    assert!(page.contains("还有 8 天") && page.contains("2026-1"), "{page}");
}

#[tokio::test]
async fn both_languages_are_whole_and_a_long_list_goes_on() {
    let house = House::new().await;
    let (mut her, reference, _) = complained(&house).await;
    let at = address(&house, &reference).await;
    let mut chen = sign_in(&house, "chen").await;
    does(&mut chen, &at, "categorise", &SORT).await;
    does(&mut chen, &at, "ask", &[("paper", "heirship"), ("why", "核对继承关系")]).await;
    let twice = chen.post(&format!("{at}/ask"), &[("paper", "heirship"), ("why", "核对继承关系")]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "no document is asked for twice");
    does(&mut chen, &at, "extend", &[("level", "complex"), ("reason", "要向合作机构调取凭证")]).await;
    does(&mut chen, &at, "extend", &[("level", "very_complex"), ("reason", "合作机构在外地核查")]).await;
    let own = chen.post(&format!("{at}/approve-extension"), &[]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    let hers = seen(&mut her, "/trust/complaint").await.text();
    assert!(hers.contains("要向合作机构调取凭证") && hers.contains("核对继承关系"), "{hers}");
    for _ in 0..50 {
        complained(&house).await;
    }
    let first = seen(&mut chen, "/staff/complaints?channel=page").await.html();
    assert!(first.contains("/staff/complaints?channel=page&#38;skip=50"), "{first}");
    assert!(seen(&mut chen, "/staff/complaints?channel=page&skip=50").await.html().contains("<tbody>"));
    for browser in [&mut her, &mut chen] {
        browser.get("/look?set=en&back=/").await;
    }
    for path in ["/trust/complain", "/trust/complaint", "/trust/complaint/received", "/"] {
        let text = seen(&mut her, path).await.text();
        assert!(text.contains("complain") || text.contains("Complain"), "{path}");
    }
    for path in ["/staff/complaints", "/staff/complaints/new", "/staff/complaints/alarms", &at] {
        let text = seen(&mut chen, path).await.text();
        assert!(text.contains("omplaint") && !text.contains("投诉原因"), "{path}: {text}");
    }
}

#[tokio::test]
async fn each_role_has_its_own_part_and_no_more() {
    let house = House::new().await;
    let (_, reference, _) = complained(&house).await;
    let at = address(&house, &reference).await;
    let noted = |channel: &'static str| {
        let mut all = form();
        all.extend([("channel", channel), ("received", "2026-12-01")]);
        all
    };
    for login in ["li.na", "root"] {
        let mut browser = sign_in(&house, login).await;
        for path in ["/staff/complaints", "/staff/complaints/alarms", &at, &format!("{at}/letter/1")] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{login} {path}");
        }
        for act in ["acknowledge", "categorise", "note", "answer", "approve", "pay", "close"] {
            let mut fields = SORT.to_vec();
            fields.extend([
                ("outcome", "upheld"),
                ("remedy-apology", "yes"),
                ("text", ANSWER),
                ("draft", "1"),
            ]);
            fields.extend([
                ("amount", "1"),
                ("payment", "x"),
                ("root_cause", "c07"),
                ("lesson", "改进改进改"),
            ]);
            let tried = browser.post(&format!("{at}/{act}"), &fields).await;
            assert_eq!(tried.status, StatusCode::FORBIDDEN, "{login} {act}: {}", tried.text());
        }
    }
    let mut zhou = sign_in(&house, "zhou").await;
    let page = seen(&mut zhou, &at).await;
    assert!(page.text().contains(STORY) && !page.html().contains("<button class=\"button small\""));
    assert_eq!(zhou.post(&format!("{at}/note"), &[("text", "看过了")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(zhou.get("/staff/complaints/new").await.status, StatusCode::FORBIDDEN);
    let mut root = sign_in(&house, "root").await;
    assert_eq!(root.get("/staff/complaints/new").await.status, StatusCode::FORBIDDEN);
    let mut li = sign_in(&house, "li.na").await;
    let page = seen(&mut li, "/staff/complaints/new").await;
    assert!(!page.html().contains("value=\"12378\"") && !page.html().contains("name=\"transfer\""));
    let transfer = li.post("/staff/complaints/new", &noted("12378")).await;
    assert_eq!(transfer.status, StatusCode::UNPROCESSABLE_ENTITY, "not hers to bring in");
    let today = page.field("received");
    let mut all = noted("phone");
    all.retain(|(name, _)| *name != "received");
    all.push(("received", &today));
    let told = li.post("/staff/complaints/new", &all).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text());
    assert!(!told.html().contains("/staff/complaints/0"), "she notes it and does not handle it");
    let mut nobody = Browser::new(&mingbai_web::router(house.desk.clone()));
    assert_eq!(nobody.get("/staff/complaints").await.status, StatusCode::UNAUTHORIZED);
    for bad in ["/staff/complaints/x", "/staff/complaints/00000000-0000-7000-8000-000000000000"] {
        let mut chen = sign_in(&house, "chen").await;
        assert_eq!(chen.get(bad).await.status, StatusCode::NOT_FOUND, "{bad}");
    }
}
