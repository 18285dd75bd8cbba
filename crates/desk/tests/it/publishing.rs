//! The public log through the desk: never more than a second behind, never smaller than it was, cosigned by a witness that is down,
//! lies, or knows better; and the borrower's receipt.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use mingbai_desk::borrow::Disclose;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::evidence::Digest;
use mingbai_desk::evidence::note::cosignature::{WitnessKey, cosign, cosigners};
use mingbai_desk::evidence::note::{NoteSigner, SignedCheckpoint};
use mingbai_desk::evidence::verify::{
    Outcome, Reader, Trust, verify_for, verify_receipt, verify_receipt_against,
};
use mingbai_desk::evidence::witness::{AddCheckpoint, Refusal, Seen, Watched, decide};
use mingbai_desk::ports::{
    Clock as _, HighWater, HighWaterError, TreeHead, WitnessAnswer, WitnessCalls, WitnessError,
};
use mingbai_desk::{Asked, Caller, Desk, DeskError, ErrorKind, PublicLog, Witness};
use mingbai_store::{MasterKey, Sqlite};

use crate::house::{HONEST, House, desk_of, kind};

/// The mark, in memory.
#[derive(Default)]
struct Mark(Mutex<Option<TreeHead>>);

#[async_trait]
impl HighWater for Mark {
    async fn read(&self) -> Result<Option<TreeHead>, HighWaterError> {
        Ok(*self.0.lock().unwrap())
    }

    async fn raise(&self, to: TreeHead) -> Result<(), HighWaterError> {
        *self.0.lock().unwrap() = Some(to);
        Ok(())
    }
}

struct Key(Ed25519KeyPair);

impl Key {
    fn new(seed: u8) -> Self {
        Key(Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap())
    }

    fn witness(&self) -> WitnessKey {
        WitnessKey::new(self.name(), self.public_key()).unwrap()
    }
}

impl NoteSigner for Key {
    fn name(&self) -> &str {
        "witness.example/1"
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.public_key().as_ref().try_into().unwrap()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).as_ref().try_into().unwrap()
    }
}

/// What the witness does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Honest,
    Down,
    /// Signs with another key.
    Forges,
    /// Signs another checkpoint.
    Mixes,
    /// Claims to have seen this many records.
    Claims(u64),
    /// Says that the log was rewritten.
    Accuses,
    /// Sends a page.
    Babbles,
}

struct Peer {
    key: Key,
    logs: Vec<Watched>,
    seen: Mutex<Option<Seen>>,
    mood: Mutex<Mood>,
    asked: Mutex<u32>,
}

#[async_trait]
impl WitnessCalls for Peer {
    async fn add_checkpoint(&self, url: &str, body: String) -> Result<WitnessAnswer, WitnessError> {
        assert_eq!(url, "https://witness.example");
        *self.asked.lock().unwrap() += 1;
        let answer = |status: u16, body: String| Ok(WitnessAnswer { status, body });
        let request = AddCheckpoint::parse(&body).unwrap();
        match *self.mood.lock().unwrap() {
            Mood::Down => return Err(WitnessError("connection refused".to_owned())),
            Mood::Forges => return answer(200, cosign(request.note(), &Key::new(8), 5).unwrap()),
            Mood::Mixes => {
                let size = request.note().checkpoint().size();
                let note = request.text().replacen(&format!("\n{size}\n"), &format!("\n{}\n", size + 1), 1);
                let other = SignedCheckpoint::parse(&note).unwrap();
                return answer(200, cosign(&other, &self.key, 5).unwrap());
            }
            Mood::Claims(size) => return answer(409, format!("{size}\n")),
            Mood::Accuses => return answer(422, String::new()),
            Mood::Babbles => return answer(200, "<html>busy</html>\n".to_owned()),
            Mood::Honest => {}
        }
        let mut seen = self.seen.lock().unwrap();
        match decide(&self.logs, *seen, &request) {
            Ok(new) => {
                *seen = Some(new);
                answer(200, cosign(request.note(), &self.key, 1_800_000_000).unwrap())
            }
            Err(Refusal::Stale { size } | Refusal::Forked { size }) => answer(409, format!("{size}\n")),
            Err(refusal) => answer(refusal.status(), String::new()),
        }
    }
}

struct Scene {
    house: House,
    desk: Desk,
    peer: Arc<Peer>,
    mark: Arc<Mark>,
}

impl Scene {
    async fn new() -> Scene {
        let house = House::new().await;
        let key = house.desk.log_key().unwrap();
        let logs = vec![Watched { origin: key.name().to_owned(), keys: vec![key] }];
        let peer = Peer {
            key: Key::new(7),
            logs,
            seen: Mutex::new(None),
            mood: Mutex::new(Mood::Honest),
            asked: Mutex::new(0),
        };
        Scene::with(house, Arc::new(peer), Arc::new(Mark::default())).await
    }

    /// As after a restart: the desk forgets, drawer, mark and witness do not.
    async fn with(house: House, peer: Arc<Peer>, mark: Arc<Mark>) -> Scene {
        let file = house.path.join("mingbai.db");
        let drawer = Sqlite::open(&file, MasterKey::new([3; 32]), house.world.clone()).await.unwrap();
        let witness = Witness { key: peer.key.witness(), url: "https://witness.example".to_owned() };
        let public = PublicLog {
            kept: Arc::new(drawer),
            high_water: mark.clone(),
            witnesses: vec![witness],
            calls: peer.clone(),
        };
        let desk = desk_of(house.ports.clone(), &[HONEST]).with_public_log(public);
        Scene { house, desk, peer, mark }
    }

    async fn restarted(self) -> Scene {
        let Scene { house, peer, mark, .. } = self;
        Scene::with(house, peer, mark).await
    }

    fn mood(&self, mood: Mood) {
        *self.peer.mood.lock().unwrap() = mood;
    }

    async fn ask(&self) -> Asked {
        self.desk.ask_witness(0, self.house.world.now_ms()).await.unwrap()
    }

    async fn publish(&self) {
        self.desk.publish_checkpoint(self.house.world.now_ms()).await.unwrap();
    }

    async fn size(&self) -> u64 {
        self.house.ports.log.head().await.unwrap().size
    }

    async fn published(&self) -> SignedCheckpoint {
        SignedCheckpoint::parse(&self.desk.public_checkpoint().await.unwrap()).unwrap()
    }

    fn reader(&self) -> Reader {
        let witnesses = vec![self.peer.key.witness()];
        Reader { witnesses, ..Reader::new(Trust::Pinned(vec![self.desk.log_key().unwrap()])) }
    }
}

#[tokio::test]
async fn a_published_checkpoint_is_a_second_behind_at_most_and_stays_provable() {
    let scene = Scene::new().await;
    let first = scene.published().await.checkpoint().size();
    assert_eq!(first, scene.size().await);
    scene.house.open("P-1").await;
    assert_eq!(scene.published().await.checkpoint().size(), first, "a second has not passed");
    scene.house.pass(1_000);
    let second = scene.published().await.checkpoint().size();
    assert_eq!(second, scene.size().await);
    let proof = scene.desk.consistency(first, second).await.unwrap();
    assert_eq!((proof.old.size, proof.new.size), (first, second));
    assert!(
        mingbai_desk::evidence::merkle::verify_consistency(
            first,
            second,
            &proof.old.root,
            &proof.new.root,
            &proof.path
        )
        .is_ok()
    );
    assert_eq!(kind(scene.desk.consistency(1, second).await), ErrorKind::NotFound);
    assert_eq!(kind(scene.desk.consistency(second, first).await), ErrorKind::Invalid);
    // A clock that was set back by a year does not freeze it.
    scene.house.open("P-2").await;
    scene.house.pass(-365 * 86_400_000);
    assert_eq!(scene.published().await.checkpoint().size(), scene.size().await);
    let none = desk_of(scene.house.ports.clone(), &[HONEST]);
    assert_eq!(kind(none.public_checkpoint().await), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_witness_that_was_down_is_asked_again_and_its_word_goes_into_package_and_receipt() {
    let scene = Scene::new().await;
    let (id, borrower) = scene.house.paid_out("W-1").await;
    scene.publish().await;
    scene.mood(Mood::Down);
    assert!(matches!(scene.ask().await, Asked::Later(_)));
    assert_eq!(scene.ask().await, Asked::NotNow, "left alone for a while");
    let report = verify_receipt(scene.desk.receipt(&borrower, id).await.unwrap().as_bytes(), &scene.reader());
    assert_eq!(report.outcome(), Outcome::NotProven, "signed by the log, cosigned by nobody yet");
    // However long it is away, it is asked again within five minutes.
    for _ in 0..12 {
        scene.house.pass(5 * 60_000);
        assert!(matches!(scene.ask().await, Asked::Later(_)));
    }
    scene.mood(Mood::Honest);
    scene.house.pass(5 * 60_000);
    let size = scene.size().await;
    assert_eq!(scene.ask().await, Asked::Cosigned(size));
    assert_eq!(scene.ask().await, Asked::NotNow);
    let keys = [scene.peer.key.witness()];
    assert_eq!(cosigners(&scene.published().await, &keys).unwrap().len(), 1);

    // The log grows on; what is handed out is the cosigned tree, which covers the records.
    scene.house.open("W-2").await;
    let receipt = scene.desk.receipt(&borrower, id).await.unwrap();
    let package = scene.desk.package(&scene.house.compliance, id, Disclose::Nothing).await.unwrap();
    assert_eq!(verify_for(&package, &scene.reader()).outcome(), Outcome::Holds);
    assert_eq!(verify_receipt(receipt.as_bytes(), &scene.reader()).outcome(), Outcome::Holds);
    let both = verify_receipt_against(receipt.as_bytes(), &package, &scene.reader());
    assert_eq!(both.outcome(), Outcome::Holds);
    let (_, stranger) = scene.house.open("W-3").await;
    assert_eq!(kind(scene.desk.receipt(&stranger, id).await), ErrorKind::NotFound, "hers alone");
}

#[tokio::test]
async fn what_a_witness_says_is_not_believed_before_it_is_checked() {
    let scene = Scene::new().await;
    scene.house.open("L-1").await;
    scene.publish().await;
    let size = scene.size().await;
    for mood in [Mood::Forges, Mood::Mixes, Mood::Babbles] {
        scene.mood(mood);
        assert!(matches!(scene.ask().await, Asked::Later(_)));
        scene.house.pass(5 * 60_000);
    }
    scene.mood(Mood::Accuses);
    assert!(matches!(scene.ask().await, Asked::Accuses(_)));
    scene.house.pass(5 * 60_000);
    scene.mood(Mood::Claims(size + 1));
    assert_eq!(scene.ask().await, Asked::Ahead(size + 1));
    scene.house.pass(5 * 60_000);
    scene.mood(Mood::Claims(0));
    assert!(matches!(scene.ask().await, Asked::Accuses(_)), "it names what was offered");
    let keys = [scene.peer.key.witness()];
    assert_eq!(cosigners(&scene.published().await, &keys).unwrap(), [], "nothing of it was kept");
    // While it runs, a witness alone cannot stop the house.
    assert!(scene.desk.checkpoint().await.is_ok());
    // A witness that lost its memory of us, or that we lost our memory of, is brought up to date in one go.
    scene.mood(Mood::Honest);
    let asked = *scene.peer.asked.lock().unwrap();
    *scene.peer.seen.lock().unwrap() =
        Some(Seen { size: 3, root: scene.house.ports.log.root_at(3).await.unwrap() });
    scene.house.pass(5 * 60_000);
    assert_eq!(scene.ask().await, Asked::Cosigned(size));
    assert_eq!(*scene.peer.asked.lock().unwrap(), asked + 2);
}

/// Everything that signs is refused, and says what, why and what next.
async fn refuses_to_sign(scene: &Scene, why: &str) {
    let (id, _) = {
        let opened = scene.house.open("R-9").await;
        (opened.0.view.journey.id(), opened.1)
    };
    scene.house.pass(1_000);
    let error = scene.desk.checkpoint().await.unwrap_err();
    assert!(matches!(error, DeskError::Stopped(_)) && error.kind() == ErrorKind::Fault);
    assert!(error.words().en.contains(why), "{}", error.words().en);
    assert!(error.words().zh.contains("停止签名"));
    let caller = &scene.house.compliance;
    assert!(scene.desk.public_checkpoint().await.is_err());
    assert!(scene.desk.package(caller, id, Disclose::Nothing).await.is_err());
    assert!(scene.desk.timeline(caller, id).await.is_err());
    assert!(scene.desk.receipt(caller, id).await.is_err());
    let round = scene.desk.run_outbox_once(scene.house.world.now_ms(), 10).await;
    assert!(round.is_ok(), "other work goes on");
}

#[tokio::test]
async fn a_smaller_or_another_log_than_was_signed_is_not_signed() {
    let scene = Scene::new().await;
    let size = scene.size().await;
    let ahead = TreeHead { size: size + 1_000, root: Digest::of(b"lost") };
    *scene.mark.0.lock().unwrap() = Some(ahead);
    let stopped = scene.desk.check_public_log().await.unwrap_err();
    assert!(stopped.words().en.contains("this machine's mark"), "{}", stopped.words().en);
    refuses_to_sign(&scene, "Restore the newest backup").await;
    assert_eq!(*scene.mark.0.lock().unwrap(), Some(ahead), "the mark is not lowered");

    let scene = Scene::new().await;
    scene.publish().await;
    let scene = scene.restarted().await;
    assert!(scene.desk.check_public_log().await.is_ok(), "the same log is welcome");
    let size = scene.size().await;
    *scene.mark.0.lock().unwrap() = Some(TreeHead { size: size - 1, root: Digest::of(b"another") });
    let scene = scene.restarted().await;
    refuses_to_sign(&scene, "the database was rewritten").await;
}

#[tokio::test]
async fn a_witness_that_knows_more_stops_the_start() {
    let scene = Scene::new().await;
    scene.mood(Mood::Claims(1_000_000));
    let stopped = scene.desk.check_public_log().await.unwrap_err();
    assert!(stopped.words().en.contains("the witness witness.example/1"), "{}", stopped.words().en);
    refuses_to_sign(&scene, "Restore the newest backup").await;
    let scene = scene.restarted().await;
    scene.mood(Mood::Down);
    assert!(scene.desk.check_public_log().await.is_ok(), "one that is down is no hindrance");
    scene.mood(Mood::Honest);
    assert!(scene.restarted().await.desk.check_public_log().await.is_ok());
}

#[tokio::test]
async fn a_key_is_introduced_once_and_by_nobody_but_the_house() {
    let scene = Scene::new().await;
    let mut new = Key::new(9);
    let before = scene.size().await;
    assert_eq!(
        kind(scene.desk.introduce_log_key(&Caller::system(), &new).await),
        ErrorKind::Fault,
        "another name"
    );
    assert_eq!(scene.size().await, before);
    new = Key::new(9);
    let named = Named(new, scene.desk.log_key().unwrap().name().to_owned());
    assert_eq!(kind(scene.desk.introduce_log_key(&scene.house.admin, &named).await), ErrorKind::Forbidden);
    for _ in 0..2 {
        scene.desk.introduce_log_key(&Caller::system(), &named).await.unwrap();
        assert_eq!(scene.size().await, before + 1);
    }
    assert_eq!(
        kind(scene.desk.retire_log_key(&Caller::system()).await),
        ErrorKind::Invalid,
        "nothing to retire"
    );
}

/// A key under the log's own name.
struct Named(Key, String);

impl NoteSigner for Named {
    fn name(&self) -> &str {
        &self.1
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.public_key()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message)
    }
}
