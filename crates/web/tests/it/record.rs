//! The recording through the pages: consent, chunks, answers, the doubt, the look of compliance, the player; and who is turned away.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::recording::{Chain, Check, NodeFindings, Outcome, Side};
use mingbai_desk::core::borrow::script::{Expected, Script};
use mingbai_desk::core::text::both;
use mingbai_desk::evidence::Digest;
use mingbai_desk::ports::{InspectError, Inspection, InspectionWish, Pieces, RecordingInspector, WishedNode};
use mingbai_store::{MasterKey, Sqlite};

use crate::borrow::Visit;
use crate::browser::{BASE, Browser, Page};
use crate::house::{COMPLAINTS, HONEST, House, dearer, desk_of};
use crate::staff::{at, plain, seen, sign_in, whole};

const FEES: &str = include_str!("../../../../examples/scripts/fees-2026.toml");

/// A machine that hears nothing in one part, and cannot count faces.
struct Deaf;

#[async_trait]
impl RecordingInspector for Deaf {
    async fn inspect(
        &self,
        wish: InspectionWish,
        mut recording: Box<dyn Pieces>,
    ) -> Result<Inspection, InspectError> {
        while recording.next().await?.is_some() {}
        let outcome = |id: &str, check: Check| match (id, check) {
            ("annual", Check::Silence) => {
                Outcome::Failed { at_ms: 61_500, why: both("没有声音", "silent") }
            }
            (_, Check::Persons) => {
                Outcome::NotChecked { why: both("机器不数人脸", "no faces are counted") }
            }
            _ => Outcome::Passed,
        };
        let node = |node: WishedNode| NodeFindings {
            checks: Check::ALL.map(|check| (check, outcome(&node.id, check))).into(),
            id: node.id,
        };
        let nodes = wish.nodes.into_iter().map(node).collect();
        Ok(Inspection { engine: "deaf 1".to_owned(), duration_ms: None, nodes, transcript: Vec::new() })
    }
}

/// A house that records in the browser.
async fn house() -> House {
    let mut house = House::new().await;
    let path = house.path.join("chunks.db");
    let store = Sqlite::open(&path, MasterKey::new([3; 32]), house.world.clone()).await.unwrap();
    let desk = desk_of(house.ports.clone(), &[COMPLAINTS, &dearer(), HONEST]);
    house.desk = Arc::new(desk.with_recordings(Arc::new(store), vec![Script::parse(FEES).unwrap()]));
    house
}

struct Scene {
    visit: Visit,
    li: Browser,
    chen: Browser,
}

impl Scene {
    /// She has understood, the consultant is trained and has begun.
    async fn begun() -> Scene {
        Scene::begun_at(house().await).await
    }

    async fn begun_at(house: House) -> Scene {
        let mut visit = Visit::of(house, "R-1").await;
        visit.before_reading().await;
        visit.read().await;
        visit.understand().await;
        let mut li = sign_in(&visit.house, "li.na").await;
        let mut chen = sign_in(&visit.house, "chen").await;
        let day = [("login", "li.na"), ("training", "双录主持人培训"), ("valid_until", "2027-06-30")];
        assert_eq!(chen.post("/staff/training", &day).await.to(), "/staff/training");
        let here = at(visit.id, "record");
        assert_eq!(li.post(&format!("{here}/begin"), &[("mode", "on_site")]).await.to(), here);
        Scene { visit, li, chen }
    }

    async fn agreed() -> Scene {
        Scene::agreed_at(house().await).await
    }

    async fn agreed_at(house: House) -> Scene {
        let mut scene = Scene::begun_at(house).await;
        let to = scene.visit.at("record");
        assert_eq!(scene.her("agree", &[("choice", "agreed")]).await.to(), to);
        scene.visit.house.pass(600_000);
        scene
    }

    fn id(&self) -> JourneyId {
        self.visit.id
    }

    async fn recording(&self) -> String {
        self.visit.house.journey(self.id()).await.recording().unwrap().id().to_owned()
    }

    async fn her(&mut self, page: &str, fields: &[(&str, &str)]) -> Page {
        let path = self.visit.at(&format!("record/{page}"));
        self.visit.her.post(&path, fields).await
    }

    /// One chunk from her browser, with these headers instead of the right ones.
    async fn chunk(&mut self, place: u32, bytes: &[u8], other: &[(&str, &str)]) -> Page {
        let recording = self.recording().await;
        let csrf = mingbai_web::csrf_for(self.visit.her.cookie("mb_b").unwrap());
        let digest = Digest::of(bytes).to_string();
        let mut headers = vec![
            ("origin", BASE),
            ("x-csrf", csrf.as_str()),
            ("x-recording", recording.as_str()),
            ("x-sha256", digest.as_str()),
        ];
        headers.retain(|(name, _)| !other.iter().any(|(changed, _)| changed == name));
        headers.extend(other.iter().filter(|(_, value)| !value.is_empty()));
        let mut request = Request::post(self.visit.at(&format!("record/0/{place}")));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        self.visit.her.send(request.body(Body::from(bytes.to_vec())).unwrap()).await
    }

    async fn play(&mut self, node: &str, answer: &str) -> Page {
        let recording = self.recording().await;
        let fields = [
            ("recording", recording.as_str()),
            ("node", node),
            ("take", "0"),
            ("start_ms", "0"),
            ("end_ms", "3000"),
            ("first_chunk", "0"),
            ("last_chunk", "1"),
            ("answer", answer),
        ];
        self.her("play", &fields).await
    }

    async fn close(&mut self, head: Digest) -> Page {
        let recording = self.recording().await;
        let head = head.to_string();
        let fields = [
            ("recording", recording.as_str()),
            ("chunks", "2"),
            ("length_ms", "60000"),
            ("head", &head),
            ("media", "video/webm;codecs=vp8,opus"),
        ];
        self.her("0/close", &fields).await
    }

    /// Everything is played, sent and ended, and nobody could look by machine.
    async fn ended(&mut self) {
        for (place, bytes) in [(0, b"first"), (1, b"other")] {
            assert_eq!(self.chunk(place, bytes, &[]).await.status, StatusCode::OK);
        }
        let journey = self.visit.house.journey(self.id()).await;
        let nodes: Vec<_> = journey.recording().unwrap().to_play().into_iter().cloned().collect();
        for node in nodes {
            let answer = if node.expects == Expected::Yes { "yes" } else { "no" };
            let page = self.play(&node.id, answer).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.html());
        }
        let recording = self.recording().await;
        let chain = Chain::begin(&recording, Side::Borrower, 0);
        let head = chain.link(&Digest::of(b"first")).link(&Digest::of(b"other")).head();
        assert_eq!(self.close(head).await.status, StatusCode::OK);
        assert_eq!(self.her("end", &[("recording", &recording)]).await.status, StatusCode::OK);
        self.visit.house.run_outbox().await;
    }
}

/// The words of a small answer.
fn told(page: &Page) -> String {
    serde_json::from_slice::<serde_json::Value>(&page.bytes).unwrap()["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_recording_from_consent_to_the_look_of_compliance() {
    let mut scene = Scene::begun().await;
    let page = scene.visit.page("record").await;
    whole(&page, "record");
    insta::assert_snapshot!("record-ask", page.text());
    let nothing = scene.her("agree", &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing is chosen for her");
    scene.her("agree", &[("choice", "declined")]).await;
    let waits = scene.visit.page("wait").await.text();
    let page = scene.visit.page("record").await.text();
    assert!(page.contains("想改主意,随时可以"), "{page} {waits}");
    scene.her("agree", &[("choice", "agreed")]).await;
    scene.visit.house.pass(600_000);
    let page = scene.visit.page("record").await;
    whole(&page, "record");
    insta::assert_snapshot!("record-play", page.text());
    scene.visit.her.set_cookie("mb_look", "en.large.dark");
    let page = scene.visit.page("record").await;
    whole(&page, "record");
    insta::assert_snapshot!("record-play-en", page.text());

    // A doubt stops everything until a consultant explained.
    let doubt = scene.play("identity", "doubt").await;
    assert_eq!(doubt.status, StatusCode::OK, "{}", doubt.html());
    let page = scene.visit.page("record").await;
    whole(&page, "record");
    insta::assert_snapshot!("record-stopped-en", page.text());
    scene.visit.her.set_cookie("mb_look", "zh.normal.auto");
    let refused = scene.play("identity", "yes").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(told(&refused).contains("有疑问,已停下"), "{}", told(&refused));
    let state = scene.visit.page("record/state").await.html();
    assert_eq!(state, r#"{"stopped":true}"#);
    let here = at(scene.id(), "record");
    insta::assert_snapshot!("record-staff-doubt", plain(&seen(&mut scene.li, &here).await));
    let recording = scene.recording().await;
    let other = [("node", "identity"), ("recording", "0".repeat(recording.len()).leak() as &str)];
    let other = scene.li.post(&format!("{here}/explain"), &other).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "a form of another recording does nothing");
    let explained = [("node", "identity"), ("recording", recording.as_str())];
    assert_eq!(scene.li.post(&format!("{here}/explain"), &explained).await.to(), here);
    assert_eq!(scene.visit.page("record/state").await.html(), r#"{"stopped":false}"#);

    scene.ended().await;
    insta::assert_snapshot!("record-staff-review", plain(&seen(&mut scene.chen, &here).await));
    let none = scene.chen.post(&format!("{here}/review"), &[("reason", "逐段看过")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let short = [("node-identity", "accepted"), ("reason", "好"), ("recording", recording.as_str())];
    let short = scene.chen.post(&format!("{here}/review"), &short).await;
    assert!(short.text().contains("只有签名的意见不算意见"), "{}", short.text());
    let journey = scene.visit.house.journey(scene.id()).await;
    let names: Vec<String> =
        journey.recording().unwrap().nodes().iter().map(|node| format!("node-{}", node.id)).collect();
    let mut fields: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "accepted")).collect();
    fields.push(("reason", "逐段看过,人和话都对"));
    fields.push(("recording", recording.as_str()));
    assert_eq!(scene.chen.post(&format!("{here}/review"), &fields).await.to(), here);
    assert!(seen(&mut scene.chen, &here).await.text().contains("双录已完成"));
}

#[tokio::test]
async fn her_page_says_why_a_part_is_recorded_again_and_staff_is_led_to_the_moment() {
    let path_of = |house: &House| house.path.join("chunks.db");
    let mut house = House::new().await;
    let store = Sqlite::open(&path_of(&house), MasterKey::new([3; 32]), house.world.clone()).await.unwrap();
    let desk = desk_of(house.ports.clone(), &[COMPLAINTS, &dearer(), HONEST]);
    let desk = desk.with_recordings(Arc::new(store), vec![Script::parse(FEES).unwrap()]);
    house.desk = Arc::new(desk.with_inspector(Arc::new(Deaf), None));
    let mut scene = Scene::agreed_at(house).await;
    scene.ended().await;
    let page = scene.visit.page("record").await;
    whole(&page, "record");
    let text = page.text();
    assert!(text.contains("有 1 段没录好,只重录这1段"), "{text}");
    assert!(text.contains("几乎听不到声音。请把音量开大,读出声来再回答。"), "{text}");
    scene.visit.her.set_cookie("mb_look", "en.large.dark");
    let text = scene.visit.page("record").await.text();
    assert!(text.contains("Hardly anything can be heard."), "{text}");
    let here = at(scene.id(), "record");
    let page = seen(&mut scene.chen, &here).await;
    let text = plain(&page);
    assert!(text.contains("不合格:有人说话。没有声音 到播放页看 1:01"), "{text}");
    assert!(text.contains("没有检查:人数相符。机器不数人脸"), "{text}");
    assert!(text.contains("机器没有发现问题:画面和声音能播放 · 时长够读完"), "{text}");
    assert!(page.html().contains(&format!("href=\"{here}/play#part-4\"")), "{}", page.html());
    let player = seen(&mut scene.chen, &format!("{here}/play")).await.html();
    assert!(player.contains("id=\"part-4\"") && player.contains("data-at=\"61\""), "{player}");
}

#[tokio::test]
async fn the_player_leaves_a_record_and_serves_ranges() {
    let mut scene = Scene::agreed().await;
    scene.ended().await;
    let file = at(scene.id(), "record/file/borrower/0");
    let unseen = scene.chen.get(&file).await;
    assert_eq!(unseen.status, StatusCode::FORBIDDEN, "the player comes first");
    let player = at(scene.id(), "record/play");
    let page = seen(&mut scene.chen, &player).await;
    insta::assert_snapshot!("record-player", plain(&page));
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("media-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let all = scene.chen.get(&file).await;
    assert_eq!((all.status, all.bytes.as_slice()), (StatusCode::OK, &b"firstother"[..]));
    assert_eq!(all.headers[header::CONTENT_TYPE], "video/webm");
    assert_eq!(all.headers[header::ACCEPT_RANGES], "bytes");
    assert_eq!(all.headers[header::CACHE_CONTROL], "no-store");
    let part = Request::get(&file).header(header::RANGE, "bytes=3-6").body(Body::empty()).unwrap();
    let part = scene.chen.send(part).await;
    assert_eq!((part.status, part.bytes.as_slice()), (StatusCode::PARTIAL_CONTENT, &b"stot"[..]));
    assert_eq!(part.headers[header::CONTENT_RANGE], "bytes 3-6/10");
    let beyond = Request::get(&file).header(header::RANGE, "bytes=10-").body(Body::empty()).unwrap();
    let beyond = scene.chen.send(beyond).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    // Whoever has nothing to look for there gets nothing, and the borrower's own session is no staff.
    let mut root = sign_in(&scene.visit.house, "root").await;
    assert_eq!(root.get(&at(scene.id(), "record/play")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(root.get(&file).await.status, StatusCode::FORBIDDEN);
    assert_eq!(scene.visit.her.get(&file).await.status, StatusCode::UNAUTHORIZED);
    for odd in ["record/file/nobody/0", "record/file/borrower/7"] {
        assert_eq!(scene.chen.get(&at(scene.id(), odd)).await.status, StatusCode::NOT_FOUND, "{odd}");
    }
}

#[tokio::test]
async fn nobody_else_adds_to_her_recording() {
    let mut scene = Scene::agreed().await;
    let path = scene.visit.at("record/0/0");
    let recording = scene.recording().await;
    let digest = Digest::of(b"first").to_string();
    let sent = |browser: &Browser, cookie: &str| {
        let csrf = mingbai_web::csrf_for(browser.cookie(cookie).unwrap());
        let request = Request::post(&path).header("origin", BASE).header("x-csrf", csrf);
        let request = request.header("x-recording", &recording).header("x-sha256", &digest);
        request.body(Body::from("first")).unwrap()
    };
    let request = sent(&scene.li, "mb_s");
    assert_eq!(scene.li.send(request).await.status, StatusCode::FORBIDDEN, "a consultant");
    let fields = [("recording", recording.as_str())];
    let ended = scene.li.post(&scene.visit.at("record/end"), &fields).await;
    assert_eq!(ended.status, StatusCode::FORBIDDEN, "a consultant ends it for her");
    let agreed = scene.li.post(&scene.visit.at("record/agree"), &[("choice", "agreed")]).await;
    assert_eq!(agreed.status, StatusCode::FORBIDDEN, "a consultant agrees for her");
    let forged = scene.chunk(0, b"first", &[("x-csrf", "00")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN, "another token");
    let foreign = scene.chunk(0, b"first", &[("origin", "https://evil.example")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN, "another house's page");
    let mut nobody = Browser::new(&mingbai_web::router(scene.visit.house.desk.clone()));
    for page in ["record", "record/0?recording=x", "record/state"] {
        assert_eq!(nobody.get(&scene.visit.at(page)).await.status, StatusCode::UNAUTHORIZED, "{page}");
    }
    let journey = scene.visit.house.journey(scene.id()).await;
    assert!(journey.recording().unwrap().states.is_empty() && journey.recording().unwrap().takes.is_empty());
    assert_eq!(scene.visit.page(&format!("record/0?recording={recording}")).await.html(), r#"{"chunks":[]}"#);
}

#[tokio::test]
async fn another_borrower_reads_and_adds_nothing() {
    let scene = Scene::agreed().await;
    let recording = scene.recording().await;
    let house = &scene.visit.house;
    let opened = house.desk.open_journey(&house.core, house.request("R-2")).await.unwrap();
    let code = opened.link.code.clone().unwrap();
    let (inside, _) = house.desk.open_link(&opened.link.token, &code).await.unwrap();
    let mut other = Browser::new(&mingbai_web::router(house.desk.clone()));
    other.set_cookie("mb_b", &inside.token);
    for page in ["record".to_owned(), format!("record/0?recording={recording}"), "record/state".to_owned()] {
        assert_eq!(other.get(&scene.visit.at(&page)).await.status, StatusCode::UNAUTHORIZED, "{page}");
    }
    let csrf = mingbai_web::csrf_for(&inside.token);
    for journey in [scene.id(), opened.view.journey.id()] {
        let request = Request::post(format!("/b/{journey}/record/0/0")).header("origin", BASE);
        let request = request.header("x-csrf", &csrf).header("x-recording", &recording);
        let request = request.header("x-sha256", Digest::of(b"first").to_string());
        let answer = other.send(request.body(Body::from("first")).unwrap()).await;
        let wanted = if journey == scene.id() { StatusCode::UNAUTHORIZED } else { StatusCode::NOT_FOUND };
        assert_eq!(answer.status, wanted, "{}", answer.html());
    }
}

#[tokio::test]
async fn a_chunk_that_is_not_what_it_says_is_refused_in_plain_words() {
    let mut scene = Scene::agreed().await;
    assert_eq!(scene.chunk(1, b"other", &[]).await.status, StatusCode::OK, "order is not asked for");
    assert_eq!(scene.chunk(1, b"other", &[]).await.status, StatusCode::OK, "sent again after a lost answer");
    let replaced = scene.chunk(1, b"forged", &[]).await;
    assert_eq!(replaced.status, StatusCode::UNPROCESSABLE_ENTITY);
    let torn = Digest::of(b"something else").to_string();
    let torn = scene.chunk(2, b"torn", &[("x-sha256", &torn)]).await;
    assert_eq!(torn.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told(&torn).contains("请重发"), "{}", told(&torn));
    assert_eq!(scene.chunk(2, b"torn", &[("x-sha256", "")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(scene.chunk(2, b"", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(scene.chunk(18_000, b"beyond", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let large = scene.chunk(2, &vec![7; (4 << 20) + 2], &[]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(told(&large).contains("太大"), "{}", told(&large));
    let gap = scene.close(Digest::of(b"no head")).await;
    assert_eq!(gap.status, StatusCode::UNPROCESSABLE_ENTITY, "the first chunk is missing");
    assert!(told(&gap).contains("还没有传完"), "{}", told(&gap));
    assert_eq!(scene.chunk(0, b"first", &[]).await.status, StatusCode::OK);
    let wrong = scene.close(Digest::of(b"no head")).await;
    assert!(told(&wrong).contains("这个文件不算数"), "{}", told(&wrong));
    let other = scene.chunk(2, b"next", &[("x-recording", "another")]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    let recording = scene.recording().await;
    let chain = Chain::begin(&recording, Side::Borrower, 0);
    let head = chain.link(&Digest::of(b"first")).link(&Digest::of(b"other")).head();
    assert_eq!(scene.close(head).await.status, StatusCode::OK);
    assert_eq!(scene.close(head).await.status, StatusCode::OK, "asked again after a lost answer");
    let late = scene.chunk(2, b"late", &[]).await;
    assert!(told(&late).contains("已经完成"), "{}", told(&late));
    assert_eq!(scene.chunk(0, b"first", &[]).await.status, StatusCode::OK, "what is there stays there");
}

#[tokio::test]
async fn compliance_keeps_the_certificates_and_nobody_else() {
    let house = house().await;
    let mut chen = sign_in(&house, "chen").await;
    insta::assert_snapshot!("training", seen(&mut chen, "/staff/training").await.text());
    let good = [("login", "li.na"), ("training", "双录主持人培训"), ("valid_until", "2027-06-30")];
    for (field, value) in
        [("login", ""), ("training", "x"), ("valid_until", "soon"), ("valid_until", "2031-01-01")]
    {
        let fields = good.map(|(name, old)| (name, if name == field { value } else { old }));
        let back = chen.post("/staff/training", &fields).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", back.text());
        assert!(back.html().contains(&format!("href=\"#{field}\"")), "{field}");
    }
    let ghost = [("login", "ghost"), good[1], good[2]];
    assert_eq!(chen.post("/staff/training", &ghost).await.status, StatusCode::NOT_FOUND);
    for login in ["li.na", "root", "zhou"] {
        let mut other = sign_in(&house, login).await;
        assert_eq!(other.post("/staff/training", &good).await.status, StatusCode::FORBIDDEN, "{login}");
    }
    assert_eq!(chen.post("/staff/training", &good).await.to(), "/staff/training");
    let mut zhou = sign_in(&house, "zhou").await;
    let page = seen(&mut zhou, "/staff/training").await;
    assert!(page.text().contains("✓ 有效") && !page.html().contains("valid_until\""), "{}", page.text());
    house.world.now_ms.fetch_add(300 * crate::house::DAY_MS, Ordering::SeqCst);
    let mut chen = sign_in(&house, "chen").await;
    assert!(seen(&mut chen, "/staff/training").await.text().contains("✗ 已到期"));
}
