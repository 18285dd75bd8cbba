//! A recording on the real store: chunks that arrive twice, late and wrong; the chain; the inspection from the outbox; who may look.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use mingbai_desk::borrow::recording::ClosedFile;
use mingbai_desk::core::actor::Login;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::duty::Duty;
use mingbai_desk::core::borrow::event::Choice;
use mingbai_desk::core::borrow::recording::{
    Agreed, Answer, Appealed, Chain, Check, Ended, Mode, NodeDecision, NodeFindings, NodeStanding, Outcome,
    Played, Reviewed, Side, Wish,
};
use mingbai_desk::core::borrow::script::{Expected, Script};
use mingbai_desk::core::borrow::status::Standing;
use mingbai_desk::core::text::both;
use mingbai_desk::evidence::Digest;
use mingbai_desk::ports::{
    FileOf, InspectError, Inspection, InspectionWish, Pieces, RecordingInspector, WishedNode,
};
use mingbai_desk::{Caller, Desk, ErrorKind};
use mingbai_store::{MasterKey, Sqlite};

use crate::house::{COMPLAINTS, DAY_MS, HONEST, House, dearer, desk_of, kind};

const FEES: &str = include_str!("../../../../examples/scripts/fees-2026.toml");

/// A machine that finds what it is told to find: everything fine, but for these checks of these nodes.
#[derive(Default)]
struct Eye {
    wrong: Mutex<Vec<(&'static str, Check)>>,
    asked: Mutex<Vec<InspectionWish>>,
}

#[async_trait]
impl RecordingInspector for Eye {
    async fn inspect(
        &self,
        wish: InspectionWish,
        mut recording: Box<dyn Pieces>,
    ) -> Result<Inspection, InspectError> {
        while recording.next().await?.is_some() {}
        let wrong = self.wrong.lock().unwrap();
        let outcome = |id: &str, check: Check| match wrong.contains(&(id, check)) {
            true => Outcome::Failed { at_ms: 1_500, why: both("听不到", "nothing is heard") },
            false => Outcome::Passed,
        };
        let node = |node: &WishedNode| NodeFindings {
            id: node.id.clone(),
            checks: Check::ALL.map(|check| (check, outcome(&node.id, check))).into(),
        };
        let nodes = wish.nodes.iter().map(node).collect();
        self.asked.lock().unwrap().push(wish);
        Ok(Inspection {
            engine: "eye 1".to_owned(),
            duration_ms: Some(60_000),
            nodes,
            transcript: Vec::new(),
        })
    }
}

/// A house that records in the browser, with a second way into its own store for the chunks.
async fn house() -> House {
    house_with(None, None).await
}

async fn house_with(eye: Option<Arc<Eye>>, sample: Option<NonZeroU32>) -> House {
    let mut house = House::new().await;
    let store = Sqlite::open(&house.path.join("chunks.db"), MasterKey::new([3; 32]), house.world.clone())
        .await
        .unwrap();
    let desk = desk_of(house.ports.clone(), &[COMPLAINTS, &dearer(), HONEST]);
    let scripts = vec![Script::parse(FEES).unwrap()];
    let mut desk = desk.with_recordings(Arc::new(store), scripts);
    if let Some(eye) = eye {
        desk = desk.with_inspector(eye, sample);
    }
    house.desk = Arc::new(desk);
    house
}

fn li() -> Login {
    Login::new("li.na").unwrap()
}

async fn train(desk: &Desk, house: &House) {
    let until = house.world.now_ms.load(std::sync::atomic::Ordering::SeqCst) + 100 * DAY_MS;
    desk.set_certificate(&house.compliance, &li(), until, "双录主持人培训 2026").await.unwrap();
}

fn chunk(index: u32) -> Vec<u8> {
    format!("chunk {index} of a picture").into_bytes()
}

struct Recorded {
    id: JourneyId,
    borrower: Caller,
    file: FileOf,
}

impl Recorded {
    async fn begun(house: &House, mode: Mode) -> Recorded {
        let (opened, borrower) = house.open("REC-1").await;
        let id = opened.view.journey.id();
        house.read(&borrower, id).await;
        house.understand(&borrower, id).await;
        train(&house.desk, house).await;
        house.desk.begin_recording(&house.li, id, mode).await.unwrap();
        let recording = house.journey(id).await.recording().unwrap().id().to_owned();
        let agreed =
            Agreed { recording: recording.clone(), choice: Choice::Agreed, text: Digest::of(b"text") };
        wish(house, &borrower, id, Wish::Agree(agreed)).await;
        house.pass(600_000);
        let file = FileOf { journey: id, recording, side: Side::Borrower, take: 0 };
        Recorded { id, borrower, file }
    }

    async fn send(&self, house: &House, index: u32) {
        let bytes = chunk(index);
        let digest = Digest::of(&bytes);
        house.desk.keep_chunk(&self.borrower, &self.file, (index, bytes, digest)).await.unwrap();
    }

    fn closed(&self, chunks: u32) -> ClosedFile {
        let begin = Chain::begin(&self.file.recording, self.file.side, self.file.take);
        let chain = (0..chunks).fold(begin, |chain, index| chain.link(&Digest::of(&chunk(index))));
        ClosedFile { chunks, length_ms: 60_000, head: chain.head(), media: "video/webm".to_owned() }
    }

    /// Plays what is to be played, sends one file and ends.
    async fn record(&self, house: &House) {
        for index in 0..4 {
            self.send(house, index).await;
        }
        self.play_all(house).await;
        house.desk.close_file(&self.borrower, &self.file, self.closed(4)).await.unwrap();
        let ended = Ended { recording: self.file.recording.clone() };
        wish(house, &self.borrower, self.id, Wish::End(ended)).await;
    }

    async fn standings(&self, house: &House) -> Vec<(String, NodeStanding)> {
        let journey = house.journey(self.id).await;
        let open = journey.recording().unwrap();
        open.nodes().into_iter().map(|node| (node.id.clone(), open.node_standing(&node))).collect()
    }

    async fn play_all(&self, house: &House) {
        let journey = house.journey(self.id).await;
        for node in journey.recording().unwrap().to_play() {
            let answer = if node.expects == Expected::Yes { Answer::Yes } else { Answer::No };
            let played = Played {
                recording: self.file.recording.clone(),
                node: node.id.clone(),
                take: self.file.take,
                start_ms: 0,
                end_ms: 3_000,
                first_chunk: 0,
                last_chunk: 2,
                answer,
            };
            wish(house, &self.borrower, self.id, Wish::Play(played)).await;
        }
    }
}

async fn wish(house: &House, caller: &Caller, id: JourneyId, wish: Wish) {
    house.act(caller, id, Command::Recording(Box::new(wish))).await;
}

#[tokio::test]
async fn who_is_not_trained_cannot_lead_and_only_compliance_says_who_is() {
    let house = house().await;
    let (opened, borrower) = house.open("REC-2").await;
    let id = opened.view.journey.id();
    house.read(&borrower, id).await;
    house.understand(&borrower, id).await;
    let begin = || house.desk.begin_recording(&house.li, id, Mode::OnSite);
    assert!(matches!(kind(begin().await), ErrorKind::Refused(_)), "no certificate");
    for caller in [&house.li, &house.admin, &house.auditor, &Caller::system()] {
        let set = house.desk.set_certificate(caller, &li(), i64::MAX, "培训").await;
        assert_eq!(kind(set), ErrorKind::Forbidden);
    }
    let soon = house.world.now_ms.load(std::sync::atomic::Ordering::SeqCst) + 1_000;
    house.desk.set_certificate(&house.compliance, &li(), soon, "双录主持人培训").await.unwrap();
    house.pass(1_000);
    assert!(matches!(kind(begin().await), ErrorKind::Refused(_)), "expired");
    train(&house.desk, &house).await;
    begin().await.unwrap();
    assert_eq!(kind(house.desk.begin_recording(&borrower, id, Mode::OnSite).await), ErrorKind::Forbidden);
}

#[tokio::test]
async fn a_recording_with_a_broken_connection_is_whole_in_the_end() {
    let house = house().await;
    let scene = Recorded::begun(&house, Mode::OnSite).await;
    let desk = &house.desk;
    for index in [0, 1, 3] {
        scene.send(&house, index).await;
    }
    scene.send(&house, 1).await;
    assert_eq!(desk.kept_chunks(&scene.borrower, &scene.file).await.unwrap(), [0, 1, 3]);
    let torn = desk.keep_chunk(&scene.borrower, &scene.file, (2, chunk(9), Digest::of(&chunk(2)))).await;
    assert_eq!(kind(torn), ErrorKind::Invalid, "other bytes than announced");
    let other = desk.keep_chunk(&scene.borrower, &scene.file, (1, chunk(9), Digest::of(&chunk(9)))).await;
    assert_eq!(kind(other), ErrorKind::Invalid, "a chunk is never replaced");
    let gap = desk.close_file(&scene.borrower, &scene.file, scene.closed(4)).await;
    assert_eq!(kind(gap), ErrorKind::Invalid, "a chunk is missing");
    scene.send(&house, 2).await;
    scene.play_all(&house).await;
    let false_head = ClosedFile { head: Digest::of(b"another"), ..scene.closed(4) };
    assert_eq!(kind(desk.close_file(&scene.borrower, &scene.file, false_head).await), ErrorKind::Invalid);
    desk.close_file(&scene.borrower, &scene.file, scene.closed(4)).await.unwrap();
    desk.close_file(&scene.borrower, &scene.file, scene.closed(4)).await.unwrap();
    let ended = Ended { recording: scene.file.recording.clone() };
    wish(&house, &scene.borrower, scene.id, Wish::End(ended)).await;
    house.run_outbox().await;

    // Nobody is there to look: every part waits for a person.
    let journey = house.journey(scene.id).await;
    let open = journey.recording().unwrap();
    let nodes = open.nodes();
    assert!(nodes.iter().all(|node| open.node_standing(node) == NodeStanding::AwaitsReview));
    let whole: Vec<u8> = (0..4).flat_map(chunk).collect();
    assert_eq!(open.inspection.as_ref().unwrap().1.files[0].sha256, Digest::of(&whole));
    let accepted = nodes.into_iter().map(|node| (node.id, NodeDecision::Accepted)).collect();
    let recording = scene.file.recording.clone();
    let reviewed = Reviewed { recording, nodes: accepted, reason: "逐段看过,人和话都对".to_owned() };
    wish(&house, &house.compliance, scene.id, Wish::Review(reviewed)).await;
    let done = house.journey(scene.id).await.standing(Duty::Recorded, desk.pack());
    assert!(matches!(done, Standing::Done(_)), "{done:?}");
}

#[tokio::test]
async fn what_the_machine_finds_wrong_is_recorded_again_alone() {
    let eye = Arc::new(Eye::default());
    eye.wrong.lock().unwrap().push(("annual", Check::Silence));
    let house = house_with(Some(eye.clone()), None).await;
    let mut scene = Recorded::begun(&house, Mode::OnSite).await;
    scene.record(&house).await;
    house.run_outbox().await;
    for (id, standing) in scene.standings(&house).await {
        match id.as_str() {
            "annual" => assert_eq!(standing, NodeStanding::Redo),
            _ => assert!(matches!(standing, NodeStanding::Fine(_)), "{id}: {standing:?}"),
        }
    }
    let asked = eye.asked.lock().unwrap().remove(0);
    let table = house.journey(scene.id).await.table().unwrap().clone();
    let item = &table.items[0];
    let of_item = asked.nodes.iter().find(|node| node.id == format!("item.{}", item.key)).unwrap();
    assert_eq!(of_item.names, [item.name.zh.clone(), item.payee.name.zh.clone()]);

    // Another inspection of what was looked at says nothing new: an appeal would be undone by it.
    let appealed = Appealed {
        recording: scene.file.recording.clone(),
        node: "annual".to_owned(),
        reason: "我听得清楚,机器错了".to_owned(),
    };
    wish(&house, &house.li, scene.id, Wish::Appeal(appealed)).await;
    let journey = house.journey(scene.id).await;
    let (_, before) = journey.recording().unwrap().inspection.clone().unwrap();
    wish(&house, &Caller::system(), scene.id, Wish::Inspect(before)).await;
    let standings = scene.standings(&house).await;
    assert_eq!(standings.iter().find(|(id, _)| id == "annual").unwrap().1, NodeStanding::AwaitsReview);

    // A person agrees with the machine; only this part is played, sent and looked at.
    let nodes = [("annual".to_owned(), NodeDecision::Redo)].into();
    let recording = scene.file.recording.clone();
    let reviewed = Reviewed { recording, nodes, reason: "确实听不到,请重录".to_owned() };
    wish(&house, &house.compliance, scene.id, Wish::Review(reviewed)).await;
    eye.wrong.lock().unwrap().clear();
    scene.file.take = 1;
    scene.record(&house).await;
    house.run_outbox().await;
    let asked = eye.asked.lock().unwrap().remove(0);
    assert_eq!(asked.nodes.iter().map(|node| node.id.as_str()).collect::<Vec<_>>(), ["annual"]);
    let done = house.journey(scene.id).await.standing(Duty::Recorded, house.desk.pack());
    assert!(matches!(done, Standing::Done(_)), "{done:?}");
}

#[tokio::test]
async fn the_dice_send_some_of_what_passed_to_a_person() {
    let eye = Arc::new(Eye::default());
    let house = house_with(Some(eye), NonZeroU32::new(1)).await;
    let scene = Recorded::begun(&house, Mode::OnSite).await;
    scene.record(&house).await;
    house.run_outbox().await;
    for (id, standing) in scene.standings(&house).await {
        assert_eq!(standing, NodeStanding::AwaitsReview, "{id}: one of one is drawn");
    }
    let journey = house.journey(scene.id).await;
    let (_, inspection) = journey.recording().unwrap().inspection.as_ref().unwrap();
    assert!(inspection.nodes.iter().all(|node| node.not_checked == [Check::Sample]));
    let found = house.desk.findings(&house.compliance, scene.id).await.unwrap();
    let drawn = found[0].nodes[0].checks.last().unwrap();
    assert!(
        matches!(drawn, (Check::Sample, Outcome::NotChecked { why }) if why.zh.contains("抽查")),
        "{drawn:?}"
    );
}

#[tokio::test]
async fn a_look_leaves_a_record_and_a_range_is_what_it_says() {
    let house = house().await;
    let scene = Recorded::begun(&house, Mode::OnSite).await;
    for index in 0..3 {
        scene.send(&house, index).await;
    }
    house.desk.close_file(&scene.borrower, &scene.file, scene.closed(3)).await.unwrap();
    let desk = &house.desk;
    let file = (Side::Borrower, 0);
    let unseen = desk.play_recording(&house.auditor, scene.id, file, None).await.map(|_| ());
    assert_eq!(kind(unseen), ErrorKind::Forbidden, "the player comes first, and leaves a record");
    assert_eq!(kind(desk.view_recording(&house.admin, scene.id).await), ErrorKind::Forbidden);
    assert_eq!(kind(desk.view_recording(&scene.borrower, scene.id).await), ErrorKind::Forbidden);
    let files = desk.view_recording(&house.auditor, scene.id).await.unwrap();
    assert_eq!(files.len(), 1);
    let whole: Vec<u8> = (0..3).flat_map(chunk).collect();
    assert_eq!(files[0].bytes, whole.len() as u64);
    for part in [0..whole.len(), 5..9, 20..50, 60..1_000] {
        let range = Some(part.start as u64..part.end as u64);
        let mut played = desk.play_recording(&house.auditor, scene.id, file, range).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(piece) = played.pieces.next().await.unwrap() {
            bytes.extend(piece);
        }
        assert_eq!(bytes, whole[part.start..part.end.min(whole.len())]);
    }
    let views = desk.recording_views(&house.compliance, scene.id).await.unwrap();
    assert_eq!(views.iter().map(|view| view.actor.as_str()).collect::<Vec<_>>(), ["staff:zhou:auditor"]);
}

#[tokio::test]
async fn nobody_records_anothers_side() {
    let house = house().await;
    let scene = Recorded::begun(&house, Mode::Remote).await;
    let bytes = chunk(0);
    let sent = (0, bytes.clone(), Digest::of(&bytes));
    let consultant = FileOf { side: Side::Consultant, ..scene.file.clone() };
    let stranger = house.open("REC-9").await.1;
    let desk = &house.desk;
    assert_eq!(kind(desk.keep_chunk(&house.li, &scene.file, sent.clone()).await), ErrorKind::Forbidden);
    assert_eq!(kind(desk.keep_chunk(&scene.borrower, &consultant, sent.clone()).await), ErrorKind::Forbidden);
    assert_eq!(kind(desk.keep_chunk(&stranger, &scene.file, sent.clone()).await), ErrorKind::NotFound);
    desk.keep_chunk(&house.li, &consultant, sent).await.unwrap();
}
