//! Time stamps through the desk, given by a real `openssl ts`: when one is due, while the authority is down, and when it lies.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use mingbai_desk::borrow::Disclose;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::evidence::Digest;
use mingbai_desk::evidence::national::{self, Seal, Sm2Key};
use mingbai_desk::evidence::note::SignedCheckpoint;
use mingbai_desk::evidence::timestamp::{Roots, query};
use mingbai_desk::evidence::verify::{ClaimKey, Outcome, Reader, Trust, Verdict, verify_for};
use mingbai_desk::ports::{Clock as _, Stamps, TimeStampError, TimeStamps};
use mingbai_desk::{Authority, Desk};
use mingbai_store::{MasterKey, Sqlite};

use crate::house::{HONEST, House, desk_of};
use crate::tsa::{PLAIN, Tsa, openssl_is_here};

const EVERY: u32 = 60;
const MINUTE_MS: i64 = 60_000;

/// What the authority does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Honest,
    Down,
    /// Stamps other data.
    Lies,
    /// Gives the answer that it gave before.
    Repeats,
    /// Sends a page instead of a stamp.
    Babbles,
}

struct Peer {
    tsa: Mutex<Tsa>,
    mood: Mutex<Mood>,
    asked: AtomicU32,
    last: Mutex<Vec<u8>>,
}

#[async_trait]
impl TimeStamps for Peer {
    async fn stamp(&self, asked: Vec<u8>) -> Result<Vec<u8>, TimeStampError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let tsa = self.tsa.lock().unwrap();
        match *self.mood.lock().unwrap() {
            Mood::Honest => {
                let answer = tsa.reply(&asked);
                self.last.lock().unwrap().clone_from(&answer);
                Ok(answer)
            }
            Mood::Down => Err(TimeStampError("connection refused".to_owned())),
            Mood::Lies => Ok(tsa.reply(&query(&Digest::of(b"other data"), 1).unwrap())),
            Mood::Repeats => Ok(self.last.lock().unwrap().clone()),
            Mood::Babbles => Ok(b"<html>busy</html>".to_vec()),
        }
    }
}

struct Scene {
    house: House,
    desk: Desk,
    drawer: Arc<Sqlite>,
    peer: Arc<Peer>,
    roots: Roots,
}

impl Scene {
    async fn new() -> Scene {
        let house = House::new().await;
        let file = house.path.join("mingbai.db");
        let drawer =
            Arc::new(Sqlite::open(&file, MasterKey::new([3; 32]), house.world.clone()).await.unwrap());
        let tsa = Tsa::new(&PLAIN);
        let roots = Roots::from_pem(&tsa.root()).unwrap();
        let peer = Arc::new(Peer {
            tsa: Mutex::new(tsa),
            mood: Mutex::new(Mood::Honest),
            asked: AtomicU32::new(0),
            last: Mutex::new(Vec::new()),
        });
        let authority =
            Authority { way: peer.clone(), roots: roots.clone(), every_minutes: EVERY, renew_days: 90 };
        let desk = desk_of(house.ports.clone(), &[HONEST]).with_time_stamps(drawer.clone(), Some(authority));
        Scene { house, desk, drawer, peer, roots }
    }

    /// Lets time pass and does what is due then.
    async fn after(&self, minutes: i64) {
        self.house.pass(minutes * MINUTE_MS);
        self.desk.run_outbox_once(self.house.world.now_ms(), 100).await.unwrap();
    }

    fn mood(&self, mood: Mood) {
        *self.peer.mood.lock().unwrap() = mood;
    }

    fn asked(&self) -> u32 {
        self.peer.asked.load(Ordering::SeqCst)
    }

    async fn stamped_size(&self) -> Option<u64> {
        self.drawer.newest().await.unwrap().map(|stamp| stamp.size)
    }

    async fn size(&self) -> u64 {
        self.house.ports.log.head().await.unwrap().size
    }

    async fn verdicts(&self, id: JourneyId) -> (Outcome, Vec<Verdict>) {
        let bytes = self.desk.package(&self.house.compliance, id, Disclose::Nothing).await.unwrap();
        let reader = Reader {
            tsa_roots: Some(self.roots.clone()),
            ..Reader::new(Trust::Pinned(vec![self.desk.log_key().unwrap()]))
        };
        let report = verify_for(&bytes, &reader);
        let of = report.claims.iter().filter(|c| c.key == ClaimKey::TimeStamp).map(|c| c.verdict);
        (report.outcome(), of.collect())
    }
}

#[tokio::test]
async fn the_log_is_stamped_when_it_grew_and_long_enough_ago() {
    if !openssl_is_here("time stamps of the log") {
        return;
    }
    let scene = Scene::new().await;
    let (opened, _) = scene.house.open("A-1").await;
    let id = opened.view.journey.id();
    assert_eq!(
        scene.verdicts(id).await,
        (Outcome::NotProven, vec![Verdict::NotProven]),
        "asked for, not there"
    );

    scene.after(1).await;
    let first = scene.drawer.newest().await.unwrap().unwrap();
    assert_eq!(first.size, scene.size().await);
    // What lies in the drawer is enough for the peer, without any software of ours.
    assert_eq!(scene.peer.tsa.lock().unwrap().judged(&first.query, &first.response), None);
    assert_eq!(scene.verdicts(id).await, (Outcome::Holds, vec![Verdict::Proven]));

    scene.after(2 * i64::from(EVERY)).await;
    assert_eq!(scene.asked(), 1, "nothing was added, so nothing is stamped");

    let (later, _) = scene.house.open("A-2").await;
    let later = later.view.journey.id();
    // The first loan keeps its earlier, stronger stamp; the second has only the one that does not reach it.
    assert_eq!(scene.verdicts(id).await.1, [Verdict::Proven]);
    assert_eq!(scene.verdicts(later).await.1, [Verdict::Proven, Verdict::NotProven]);
    scene.after(1).await;
    assert_eq!(scene.asked(), 2);
    assert_eq!(scene.stamped_size().await, Some(scene.size().await));
    assert_eq!(scene.verdicts(later).await, (Outcome::Holds, vec![Verdict::Proven]));

    scene.house.open("A-3").await;
    scene.after(i64::from(EVERY) - 2).await;
    assert_eq!(scene.asked(), 2, "too soon");
    scene.after(3).await;
    assert_eq!(scene.asked(), 3);
}

#[tokio::test]
async fn while_the_authority_is_down_one_request_waits() {
    if !openssl_is_here("an authority that is down") {
        return;
    }
    let scene = Scene::new().await;
    scene.mood(Mood::Down);
    scene.after(1).await;
    assert_eq!(scene.asked(), 1);
    for _ in 0..50 {
        scene.house.pass(100);
        scene.desk.run_outbox_once(scene.house.world.now_ms(), 100).await.unwrap();
    }
    assert_eq!(scene.asked(), 1, "it backs off");
    scene.after(1).await;
    scene.after(5).await;
    assert_eq!(scene.asked(), 3, "and comes back, one request only");
    assert_eq!(scene.stamped_size().await, None);

    scene.mood(Mood::Honest);
    scene.after(30).await;
    assert_eq!(scene.asked(), 4);
    assert_eq!(scene.stamped_size().await, Some(scene.size().await));
    let left = scene.house.ports.outbox.given_up(10).await.unwrap();
    assert_eq!(left, []);
}

#[tokio::test]
async fn an_authority_that_was_down_for_a_week_is_asked_again() {
    if !openssl_is_here("an authority that is down for a week") {
        return;
    }
    let scene = Scene::new().await;
    scene.mood(Mood::Down);
    for _ in 0..7 * 24 {
        scene.after(60).await;
    }
    assert_eq!(scene.stamped_size().await, None);
    assert!(scene.asked() < 150, "{} requests in a week", scene.asked());
    scene.mood(Mood::Honest);
    for _ in 0..24 {
        scene.after(60).await;
    }
    assert_eq!(scene.stamped_size().await, Some(scene.size().await));
}

#[tokio::test]
async fn a_lying_authority_is_refused_and_nothing_is_kept() {
    if !openssl_is_here("an authority that lies") {
        return;
    }
    let scene = Scene::new().await;
    scene.after(1).await;
    let kept = scene.drawer.newest().await.unwrap();
    assert!(kept.is_some(), "the control");
    scene.house.open("A-1").await;
    scene.house.pass(2 * i64::from(EVERY) * MINUTE_MS);
    for (number, mood) in (2..).zip([Mood::Lies, Mood::Repeats, Mood::Babbles]) {
        scene.mood(mood);
        scene.after(20).await;
        assert_eq!(scene.asked(), number);
        assert_eq!(scene.drawer.newest().await.unwrap(), kept);
    }
    scene.mood(Mood::Honest);
    scene.after(60).await;
    assert_eq!(scene.stamped_size().await, Some(scene.size().await));
}

#[tokio::test]
async fn nothing_is_asked_for_unless_an_authority_is_named() {
    let house = House::new().await;
    house.pass(365 * 24 * 60 * MINUTE_MS);
    house.run_outbox().await;
    let due = house.ports.outbox.take_due(mingbai_desk::ports::Lane::Quick, i64::MAX, 1, 100).await.unwrap();
    assert!(due.iter().all(|item| item.task != mingbai_desk::ports::Task::TimeStamp));
}

/// A seal that answers with what the test gives it.
struct Chop([u8; 65]);

impl Seal for Chop {
    fn name(&self) -> &str {
        "mingbai.example/log"
    }
    fn public_key(&self) -> [u8; 65] {
        self.0
    }
    fn sign(&self, _: &[u8]) -> Option<[u8; 64]> {
        None
    }
}

#[tokio::test]
async fn a_seal_that_does_not_sign_stops_the_package_and_says_so() {
    // The base point of the curve: a key that is well formed and whose owner nobody is.
    let x = "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7";
    let y = "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0";
    let mut point = [4; 65];
    hex::decode_to_slice(format!("{x}{y}"), &mut point[1..]).unwrap();
    let house = House::new().await;
    let (opened, _) = house.open("A-1").await;
    let id = opened.view.journey.id();
    let plain = desk_of(house.ports.clone(), &[HONEST]);
    assert_eq!(plain.second_checkpoint().await.unwrap(), None, "off unless a seal is given");
    let desk = plain.with_seal(Arc::new(Chop(point)));
    assert!(desk.package(&house.compliance, id, Disclose::Nothing).await.is_err());
    assert!(desk.second_checkpoint().await.is_err());
    // The first note is not touched by it.
    let note = SignedCheckpoint::parse(&desk.checkpoint().await.unwrap()).unwrap();
    assert!(national::verify(&note, &[Sm2Key::new("x", point).unwrap()]).is_err());
}
