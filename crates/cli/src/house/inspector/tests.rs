//! The machine on real files, with a real server on loopback that plays the recogniser of words.

use std::process::{Command, Stdio};
use std::sync::Mutex;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use mingbai_core::borrow::recording::Verdict;
use mingbai_cost::Lang;
use zeroize::Zeroizing;

use super::*;
use crate::house::recogniser::Recogniser;

/// The machine; `None` where ffmpeg is not installed, and the test is passed over.
fn machine(test: &str) -> Option<Inspector> {
    let tool = crate::real::on_path("ffmpeg").first().and_then(|place| Tool::at(place).ok());
    if tool.is_none() {
        assert!(
            std::env::var_os("MINGBAI_REQUIRE_FFMPEG").is_none(),
            "{test}: no ffmpeg, and MINGBAI_REQUIRE_FFMPEG is set"
        );
        eprintln!("SKIPPED {test}: ffmpeg is not installed");
    }
    tool.map(Inspector::new)
}

/// Six seconds of a moving picture with a tone, silent from the third second on.
fn film(machine: &Inspector) -> Vec<u8> {
    let arguments = "-v error -nostdin -f lavfi -i testsrc2=s=320x240:r=10:d=6 -f lavfi -i sine=440:d=6 -af \
                     volume='if(lt(t,3),1,0)':eval=frame -threads 1 -c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus \
                     -f webm pipe:1";
    let made = Command::new(machine.tool.path())
        .args(arguments.split_whitespace())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    made.stdout
}

/// Chunks as they come from the store; the last answer may be that the store is down.
struct Chunks(Vec<Result<Vec<u8>, KeepError>>);

#[async_trait]
impl Pieces for Chunks {
    fn total(&self) -> u64 {
        0
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, KeepError> {
        match self.0.is_empty() {
            true => Ok(None),
            false => self.0.remove(0).map(Some),
        }
    }
}

fn chunks(bytes: &[u8]) -> Box<Chunks> {
    Box::new(Chunks(bytes.chunks(5_000).map(|one| Ok(one.to_vec())).collect()))
}

fn wish() -> InspectionWish {
    let node = |id: &str, start_ms: i64, text: &str| WishedNode {
        id: id.to_owned(),
        start_ms,
        end_ms: start_ms + 2_900,
        expected_text: text.to_owned(),
        names: vec!["担保费".to_owned()],
        answer_expected: AnswerExpected::Affirmative,
    };
    InspectionWish {
        lang: Lang::Zh,
        media: "video/webm".to_owned(),
        nodes: vec![
            node("heard", 0, "有一项叫“担保费”,一共 1200.50 元,您知道吗?"),
            node("silent", 3_100, "担保费"),
        ],
        persons_expected: 2,
    }
}

fn of(found: &Inspection, node: usize, wanted: Check) -> &Outcome {
    &found.nodes[node].checks.iter().find(|(check, _)| *check == wanted).unwrap().1
}

#[tokio::test]
async fn a_silent_part_fails_where_it_is_silent_and_faces_and_words_go_to_a_person() {
    let Some(machine) = machine("a_silent_part_fails_where_it_is_silent") else { return };
    let found = machine.inspect(wish(), chunks(&film(&machine))).await.unwrap();
    assert!(
        found.engine.starts_with("mingbai-media ") && found.engine.contains("ffmpeg "),
        "{}",
        found.engine
    );
    assert!((5_800..6_300).contains(&found.duration_ms.unwrap()));
    assert_eq!(
        found.nodes.iter().map(NodeFindings::verdict).collect::<Vec<_>>(),
        [Verdict::Unclear, Verdict::Failed]
    );
    let Outcome::Failed { at_ms, why } = of(&found, 1, Check::Silence) else {
        panic!("{:?}", found.nodes[1])
    };
    assert!((3_000..3_300).contains(at_ms), "{at_ms}");
    assert!(why.zh.contains("0.0 秒"), "{}", why.zh);
    for check in [Check::Persons, Check::SamePerson, Check::Words, Check::Answer] {
        assert!(matches!(of(&found, 0, check), Outcome::NotChecked { .. }), "{check:?}");
    }
    for check in [Check::Decodes, Check::Length, Check::Black, Check::Freeze, Check::Blur, Check::Loudness] {
        assert_eq!(*of(&found, 0, check), Outcome::Passed, "{check:?}");
    }
    let checks: Vec<Check> = found.nodes[0].checks.iter().map(|(check, _)| *check).collect();
    assert_eq!(checks, Check::ALL, "every check is answered, once");
}

#[tokio::test]
async fn rubbish_is_a_finding_and_a_broken_store_is_not() {
    let Some(machine) = machine("rubbish_is_a_finding_and_a_broken_store_is_not") else { return };
    let found = machine.inspect(wish(), chunks(b"no film at all")).await.unwrap();
    assert!(matches!(of(&found, 0, Check::Decodes), Outcome::Failed { at_ms: 0, .. }));
    assert_eq!(found.duration_ms, None);
    let down = Chunks(vec![Ok(vec![0x1a, 0x45, 0xdf, 0xa3]), Err(KeepError::Io("down".to_owned()))]);
    let error = machine.inspect(wish(), Box::new(down)).await.unwrap_err();
    assert_eq!(error, InspectError::Unreadable(KeepError::Io("down".to_owned())));
}

/// What the played recogniser was asked, and what it says.
#[derive(Clone)]
struct Played {
    asked: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    answers: Arc<Mutex<Vec<(u16, &'static str)>>>,
}

async fn answer(State(played): State<Played>, headers: HeaderMap, body: Bytes) -> (StatusCode, &'static str) {
    played.asked.lock().unwrap().push((headers, body));
    let (status, text) = played.answers.lock().unwrap().pop().unwrap_or((500, "nothing left to say"));
    (StatusCode::from_u16(status).unwrap(), text)
}

/// A recogniser on loopback that gives these answers, the last one first.
async fn recogniser(answers: &[(u16, &'static str)]) -> (Played, String) {
    let played = Played { asked: Arc::default(), answers: Arc::new(Mutex::new(answers.to_vec())) };
    let app = Router::new().route("/v1/audio/transcriptions", post(answer)).with_state(played.clone());
    let app = app.layer(axum::extract::DefaultBodyLimit::max(64 << 20));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1/audio/transcriptions", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (played, url)
}

const SAID: &str = r#"{"task":"transcribe","text":"有一项叫担保费,一共一千二百块五毛,您知道吗","segments":
    [{"id":0,"start":0.2,"end":1.4,"text":"有一项叫担保费,"},{"id":1,"start":1.4,"end":2.8,"text":"一共一千二百块五毛,您知道吗"}]}"#;

#[tokio::test]
async fn words_are_heard_by_a_server_on_loopback() {
    let Some(machine) = machine("words_are_heard_by_a_server_on_loopback") else { return };
    let bytes = film(&machine);
    let token = Some(Zeroizing::new("a-token-of-the-house".to_owned()));
    let (played, url) = recogniser(&[(200, r#"{"text":""}"#), (200, SAID)]).await;
    let asr = Recogniser::new(url, "paraformer-zh".to_owned(), token).unwrap();
    let machine = machine.with_words(Arc::new(asr), "paraformer-zh".to_owned());
    let found = machine.inspect(wish(), chunks(&bytes)).await.unwrap();
    assert!(found.engine.ends_with("words: paraformer-zh"));
    assert_eq!(*of(&found, 0, Check::Words), Outcome::Passed, "said in other writing is said");
    assert!(
        matches!(of(&found, 0, Check::Answer), Outcome::NotChecked { .. }),
        "a machine never answers for her"
    );
    let Outcome::NotChecked { why } = of(&found, 1, Check::Words) else { panic!("{:?}", found.nodes[1]) };
    assert!(why.zh.contains("没有识别出任何话"), "{}", why.zh);
    let lines: Vec<_> = found.transcript.iter().map(|line| (line.start_ms, line.end_ms)).collect();
    assert_eq!(lines, [(200, 1_400), (1_400, 2_800)]);
    let asked = played.asked.lock().unwrap();
    assert_eq!(asked.len(), 2, "part by part");
    assert_eq!(asked[0].0.get("authorization").unwrap(), "Bearer a-token-of-the-house");
    assert!(
        asked[0]
            .0
            .get("content-type")
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("multipart/form-data; boundary=")
    );
    let text = String::from_utf8_lossy(&asked[0].1).into_owned();
    for part in
        ["name=\"model\"\r\n\r\nparaformer-zh\r\n", "name=\"language\"\r\n\r\nzh\r\n", "RIFF", "WAVEfmt "]
    {
        assert!(text.contains(part), "{part:?}");
    }
    // 2.9 s of 16 bit at 16 kHz, and little around it.
    assert!((92_800..94_500).contains(&asked[0].1.len()), "{}", asked[0].1.len());
}

#[tokio::test]
async fn a_server_without_moments_is_asked_again_and_one_that_is_down_only_once() {
    let Some(machine) = machine("a_server_without_moments_is_asked_again") else { return };
    let bytes = film(&machine);
    let (played, url) =
        recogniser(&[(503, "busy"), (200, r#"{"text":"有一项叫担保费一共1200.5元您知道吗"}"#), (422, "no")])
            .await;
    let asr = Recogniser::new(url, "m".to_owned(), None).unwrap();
    let machine = machine.with_words(Arc::new(asr), "m".to_owned());
    let found = machine.inspect(wish(), chunks(&bytes)).await.unwrap();
    assert_eq!(*of(&found, 0, Check::Words), Outcome::Passed);
    assert_eq!((found.transcript[0].start_ms, found.transcript[0].end_ms), (0, 2_900));
    let Outcome::NotChecked { why } = of(&found, 1, Check::Words) else { panic!("{:?}", found.nodes[1]) };
    assert!(why.en.contains("status 503"), "{}", why.en);
    assert_eq!(played.asked.lock().unwrap().len(), 3);

    // Nobody listens any more: every part says so after one try.
    let asr = Recogniser::new("http://127.0.0.1:9/x".to_owned(), "m".to_owned(), None).unwrap();
    let machine = Inspector::new(machine.tool.clone()).with_words(Arc::new(asr), "m".to_owned());
    let found = machine.inspect(wish(), chunks(&bytes)).await.unwrap();
    for node in [0, 1] {
        let Outcome::NotChecked { why } = of(&found, node, Check::Words) else { panic!("{:?}", found.nodes) };
        assert!(why.zh.contains("语音识别没有回答"), "{}", why.zh);
    }
}
