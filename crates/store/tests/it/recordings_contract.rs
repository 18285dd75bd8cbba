//! What every keeper of chunk lists must keep.

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::recording::{ManifestChunk, Side};
use mingbai_desk::ports::{FileOf, Recordings};
use mingbai_evidence::Digest;

use crate::cluster::shared;
use crate::support::{folder, fresh, node, open};

fn chunk(text: &str) -> ManifestChunk {
    ManifestChunk { sha256: Digest::of(text.as_bytes()), bytes: text.len() as u64 }
}

pub async fn keeps_the_contract(recordings: &dyn Recordings) {
    let file = FileOf {
        journey: JourneyId::new(fresh()),
        recording: "r1".to_owned(),
        side: Side::Borrower,
        take: 0,
    };
    for (index, text) in [(2, "c"), (0, "a"), (10, "k"), (0, "another")] {
        recordings.keep_chunk(&file, index, chunk(text)).await.unwrap();
    }
    let kept = recordings.chunks(&file).await.unwrap();
    assert_eq!(kept, [(0, chunk("a")), (2, chunk("c")), (10, chunk("k"))], "in order, the first one stays");
    for other in [
        FileOf { take: 1, ..file.clone() },
        FileOf { side: Side::Consultant, ..file.clone() },
        FileOf { recording: "r2".to_owned(), ..file.clone() },
        FileOf { journey: JourneyId::new(fresh()), ..file.clone() },
    ] {
        assert!(recordings.chunks(&other).await.unwrap().is_empty());
    }
    recordings.forget_chunks(file.journey).await.unwrap();
    assert!(recordings.chunks(&file).await.unwrap().is_empty());
}

#[tokio::test]
async fn sqlite_keeps_the_contract_of_recordings() {
    keeps_the_contract(&open(&folder("recordings")).await).await;
}

#[tokio::test]
async fn postgres_keeps_the_contract_of_recordings() {
    let Some(cluster) = shared("postgres_keeps_the_contract_of_recordings") else { return };
    keeps_the_contract(&node(&cluster.database()).await).await;
}
