//! The public log from outside: another implementation reads the tiles and finds the signed root; records are for auditors only; and
//! the borrower's own proof file.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::http::{StatusCode, header};
use mingbai_desk::evidence::national::{self, SM2_ID, Seal, Sm2Key};
use mingbai_desk::evidence::note::SignedCheckpoint;
use mingbai_desk::evidence::tiles::TileName;
use mingbai_desk::evidence::verify::{Outcome, Reader, Trust, verify_receipt};
use mingbai_desk::ports::{HighWater, HighWaterError, TreeHead, WitnessAnswer, WitnessCalls, WitnessError};
use mingbai_desk::{Desk, PublicLog};
use mingbai_store::{MasterKey, Sqlite};
use sm2::dsa::signature::Signer as _;
use sm2::elliptic_curve::sec1::ToSec1Point as _;
use tlog_tiles::{Error, Hash, Tile, TileHashReader, TileReader, check_record, prove_record, record_hash};

use crate::borrow::Visit;
use crate::browser::{Browser, Page};
use crate::house::{COMPLAINTS, HONEST, House, PASSWORD, dearer, desk_of};

struct Outside(Mutex<Option<TreeHead>>);

#[async_trait]
impl HighWater for Outside {
    async fn read(&self) -> Result<Option<TreeHead>, HighWaterError> {
        Ok(*self.0.lock().unwrap())
    }

    async fn raise(&self, to: TreeHead) -> Result<(), HighWaterError> {
        *self.0.lock().unwrap() = Some(to);
        Ok(())
    }
}

#[async_trait]
impl WitnessCalls for Outside {
    async fn add_checkpoint(&self, _: &str, _: String) -> Result<WitnessAnswer, WitnessError> {
        Err(WitnessError("there is no witness".to_owned()))
    }
}

/// The house's desk with a public log.
async fn public(house: &House) -> Arc<Desk> {
    let file = house.path.join("mingbai.db");
    let kept = Sqlite::open(&file, MasterKey::new([3; 32]), house.world.clone()).await.unwrap();
    let outside = Arc::new(Outside(Mutex::new(None)));
    let log = PublicLog {
        kept: Arc::new(kept),
        high_water: outside.clone(),
        witnesses: Vec::new(),
        calls: outside,
    };
    Arc::new(desk_of(house.ports.clone(), &[COMPLAINTS, &dearer(), HONEST]).with_public_log(log))
}

/// Tiles that were fetched before, as the other implementation asks for them.
struct Fetched(Vec<(String, Vec<u8>)>);

impl TileReader for Fetched {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let one =
            |tile: &Tile| self.0.iter().find(|(path, _)| *path == tile.path()).map(|(_, data)| data.clone());
        Ok(tiles.iter().map(|tile| one(tile).unwrap()).collect())
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

async fn signed_in(desk: &Arc<Desk>, login: &str) -> Browser {
    let mut browser = Browser::new(&mingbai_web::router(desk.clone()));
    let answer = browser.post("/staff/sign-in", &[("login", login), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    browser
}

fn cached(page: &Page) -> &str {
    page.headers.get(header::CACHE_CONTROL).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn another_implementation_reads_the_tiles_and_proves_every_record() {
    let house = House::new().await;
    for number in 0..90 {
        house.open(&format!("T-{number}")).await;
    }
    let desk = public(&house).await;
    let mut anyone = Browser::new(&mingbai_web::router(desk.clone()));
    let page = anyone.get("/log/checkpoint").await;
    assert_eq!(page.headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(cached(&page), "public, max-age=1");
    let note = SignedCheckpoint::parse(&page.html()).unwrap();
    assert!(note.verify(&[anyone.get("/log/key").await.html().trim().parse().unwrap()]).is_ok());
    let (size, root) = (note.checkpoint().size(), note.checkpoint().root());
    assert!(size > 256, "{size} records: a full tile, a partial one and one above");

    let mut fetched = Vec::new();
    for tile in Tile::new_tiles(8, 0, size) {
        let path = tile.path();
        let page = anyone.get(&format!("/log/{}", path.replacen("tile/8/", "tile/", 1))).await;
        assert_eq!((page.status, page.bytes.len()), (StatusCode::OK, 32 * tile.width() as usize), "{path}");
        assert!(cached(&page).contains("immutable"));
        fetched.push((path, page.bytes));
    }
    // A partial tile keeps its content after its tile grew.
    let early = anyone.get("/log/tile/0/000.p/7").await;
    assert_eq!(early.bytes, fetched[0].1[..7 * 32]);

    let root = Hash(*root.as_bytes());
    let fetched = Fetched(fetched);
    let reader = TileHashReader::new(size, root, &fetched);
    let mut auditor = signed_in(&desk, "zhou").await;
    let mut index = 0;
    for bundle in ["entries/000".to_owned(), format!("entries/001.p/{}", size - 256)] {
        let page = auditor.get(&format!("/log/tile/{bundle}")).await;
        assert_eq!((page.status, cached(&page)), (StatusCode::OK, "private, no-store"));
        let mut rest = page.bytes.as_slice();
        while let Some((length, after)) = rest.split_first_chunk::<2>() {
            let (entry, after) = after.split_at(usize::from(u16::from_be_bytes(*length)));
            let proof = prove_record(size, index, &reader).unwrap();
            check_record(&proof, size, root, index, record_hash(entry)).unwrap();
            (index, rest) = (index + 1, after);
        }
    }
    assert_eq!(index, size);
}

#[tokio::test]
async fn nobody_but_an_auditor_gets_records_and_nothing_is_there_that_was_not_published() {
    let house = House::new().await;
    house.open("N-1").await;
    let desk = public(&house).await;
    let mut anyone = Browser::new(&mingbai_web::router(desk.clone()));
    assert_eq!(
        anyone.get("/log/tile/0/000.p/1").await.status,
        StatusCode::NOT_FOUND,
        "nothing was published yet"
    );
    let note = SignedCheckpoint::parse(&anyone.get("/log/checkpoint").await.html()).unwrap();
    let size = note.checkpoint().size();
    house.open("N-2").await;
    assert_eq!(anyone.get(&format!("/log/tile/0/000.p/{size}")).await.status, StatusCode::OK);
    for absent in [
        format!("0/000.p/{}", size + 1),
        "0/000".to_owned(),
        "1/000.p/1".to_owned(),
        "0/001.p/1".to_owned(),
        "0/0".to_owned(),
        "8/0/000".to_owned(),
        "63/000.p/1".to_owned(),
        "0/000.p/0".to_owned(),
        "0/..%2f000".to_owned(),
    ] {
        let page = anyone.get(&format!("/log/tile/{absent}")).await;
        assert_eq!((page.status, cached(&page)), (StatusCode::NOT_FOUND, "no-store"), "{absent}");
    }
    let bundle = "/log/tile/entries/000.p/1";
    assert!(TileName::parse("entries/000.p/1").is_some_and(|name| name.exists_in(size)));
    let refused = anyone.get(bundle).await;
    assert!(refused.status != StatusCode::OK && !refused.html().contains("\"stream\""));
    for (login, status) in
        [("li.na", StatusCode::FORBIDDEN), ("root", StatusCode::FORBIDDEN), ("chen", StatusCode::OK)]
    {
        assert_eq!(signed_in(&desk, login).await.get(bundle).await.status, status, "{login}");
    }
    for (query, status) in [
        ("old=1&new=1".to_owned(), StatusCode::NOT_FOUND),
        (format!("old={size}&new={size}"), StatusCode::OK),
        (format!("old={}&new={size}", size + 1), StatusCode::UNPROCESSABLE_ENTITY),
        ("old=x&new=1".to_owned(), StatusCode::BAD_REQUEST),
        (String::new(), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(anyone.get(&format!("/log/consistency?{query}")).await.status, status, "{query}");
    }
    let mut without = Browser::new(&mingbai_web::router(house.desk.clone()));
    assert_eq!(
        without.get("/log/checkpoint").await.status,
        StatusCode::NOT_FOUND,
        "a house without a public log"
    );
}

/// A seal with RustCrypto's arithmetic, as the program has it.
struct Chop(sm2::dsa::SigningKey);

impl Seal for Chop {
    fn name(&self) -> &str {
        "mingbai.example/log"
    }
    fn public_key(&self) -> [u8; 65] {
        self.0.verifying_key().to_sec1_point(false).as_bytes().try_into().unwrap()
    }
    fn sign(&self, message: &[u8]) -> Option<[u8; 64]> {
        let signature: sm2::dsa::Signature = self.0.try_sign(message).ok()?;
        signature.to_bytes().as_slice().try_into().ok()
    }
}

#[tokio::test]
async fn a_second_checkpoint_is_there_for_whoever_asks_and_only_with_a_key() {
    let house = House::new().await;
    house.open("S-1").await;
    let desk = public(&house).await;
    let mut anyone = Browser::new(&mingbai_web::router(desk.clone()));
    let none = anyone.get("/log/checkpoint.sm2").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    assert!(none.html().contains("国密密钥") && none.html().contains("/log/checkpoint"), "{}", none.text());

    let chop = Chop(sm2::dsa::SigningKey::from_slice(SM2_ID, &[7; 32]).unwrap());
    let key = Sm2Key::new("mingbai.example/log", chop.public_key()).unwrap();
    let outside = Arc::new(Outside(Mutex::new(None)));
    let sealed = |mark: Option<TreeHead>| {
        *outside.0.lock().unwrap() = mark;
        let desk = desk_of(house.ports.clone(), &[COMPLAINTS, &dearer(), HONEST]);
        let chop = sm2::dsa::SigningKey::from_slice(SM2_ID, &[7; 32]).unwrap();
        let (outside, path) = (outside.clone(), house.path.join("mingbai.db"));
        let world = house.world.clone();
        async move {
            let kept = Sqlite::open(&path, MasterKey::new([3; 32]), world).await.unwrap();
            let (high_water, calls) = (outside.clone(), outside);
            let log = PublicLog { kept: Arc::new(kept), high_water, witnesses: Vec::new(), calls };
            let desk = desk.with_public_log(log).with_seal(Arc::new(Chop(chop)));
            Browser::new(&mingbai_web::router(Arc::new(desk)))
        }
    };
    let mut anyone = sealed(None).await;
    let page = anyone.get("/log/checkpoint.sm2").await;
    assert_eq!((page.status, cached(&page)), (StatusCode::OK, "public, max-age=1"), "{}", page.text());
    let note = SignedCheckpoint::parse(&page.html()).unwrap();
    assert!(national::verify(&note, std::slice::from_ref(&key)).is_ok());
    let first = SignedCheckpoint::parse(&anyone.get("/log/checkpoint").await.html()).unwrap();
    assert_eq!(first.checkpoint(), note.checkpoint(), "both say the same");
    // A house that once signed more signs neither.
    let root = first.checkpoint().root();
    let mut rolled_back = sealed(Some(TreeHead { size: 1_000_000, root })).await;
    let page = rolled_back.get("/log/checkpoint.sm2").await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!page.html().contains("\u{2014} mingbai.example/log"));
}

#[tokio::test]
async fn a_borrower_takes_her_own_receipt_along() {
    let mut visit = Visit::new().await;
    let stranger = Visit::of(House::new().await, "S-1").await;
    visit.enter().await;
    let page = visit.page("proof").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.headers[header::CONTENT_DISPOSITION].to_str().unwrap().ends_with(".tlog-proof\""));
    let trust = Trust::Pinned(vec![visit.house.desk.log_key().unwrap()]);
    assert_eq!(verify_receipt(&page.bytes, &Reader::new(trust)).outcome(), Outcome::Holds);
    assert!(page.html().contains("c2sp.org/tlog-proof@v1"));
    let hers = visit.at("proof");
    let mut other = stranger.her;
    assert_ne!(other.get(&hers).await.status, StatusCode::OK);
}
