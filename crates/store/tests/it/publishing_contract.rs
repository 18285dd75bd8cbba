//! What every drawer of checkpoints must keep, and that tiles read from every store are those of another implementation.

use mingbai_desk::ports::{Checkpoints, KeptCheckpoint, KeptCosignature, Log, LogError};
use mingbai_evidence::Digest;
use mingbai_evidence::merkle::hash_children;
use tlog_tiles::{Hash, HashReader, Tile, stored_hashes_for_record_hash};

use crate::cluster::shared;
use crate::support::{after, folder, node, open, stream};

fn checkpoint(size: u64, at_ms: i64) -> KeptCheckpoint {
    let root = Digest::of(&size.to_be_bytes());
    KeptCheckpoint { size, root, note: format!("lender.example/log\n{size}\n{at_ms}\n"), at_ms }
}

fn cosignature(size: u64, witness: &str, at_s: u64) -> KeptCosignature {
    KeptCosignature { size, witness: witness.to_owned(), line: format!("— {witness} {at_s}\n"), at_s }
}

async fn keeps_the_contract(drawer: &dyn Checkpoints) {
    assert_eq!(drawer.latest().await.unwrap(), None);
    assert_eq!(drawer.cosigned_since(0).await.unwrap(), None);
    for one in [checkpoint(5, 1_000), checkpoint(9, 2_000), checkpoint(7, 3_000), checkpoint(5, 9_000)] {
        drawer.publish(one).await.unwrap();
    }
    assert_eq!(drawer.latest().await.unwrap(), Some(checkpoint(9, 2_000)));
    assert_eq!(drawer.of_size(5).await.unwrap(), Some(checkpoint(5, 1_000)), "the first one stays");
    assert_eq!(drawer.of_size(6).await.unwrap(), None);

    assert!(drawer.cosign(cosignature(6, "w1+a", 1)).await.is_err(), "only what was published is cosigned");
    for (size, witness, at_s) in [(5, "w1+a", 1), (7, "w1+a", 2), (5, "w2+b", 3), (7, "w1+a", 4)] {
        drawer.cosign(cosignature(size, witness, at_s)).await.unwrap();
    }
    assert_eq!(drawer.cosignatures(5).await.unwrap(), [cosignature(5, "w1+a", 1), cosignature(5, "w2+b", 3)]);
    assert_eq!(drawer.cosignatures(7).await.unwrap(), [cosignature(7, "w1+a", 4)]);
    assert_eq!(drawer.cosignatures(9).await.unwrap(), []);
    assert_eq!(drawer.last_cosigned("w1+a").await.unwrap(), Some(7));
    assert_eq!(drawer.last_cosigned("w2+b").await.unwrap(), Some(5));
    assert_eq!(drawer.last_cosigned("w3+c").await.unwrap(), None);
    assert_eq!(drawer.cosigned_since(6).await.unwrap(), Some(checkpoint(7, 3_000)));
    assert_eq!(drawer.cosigned_since(8).await.unwrap(), None);
}

#[tokio::test]
async fn sqlite_keeps_the_contract_of_a_drawer_of_checkpoints() {
    let path = folder("checkpoints");
    let store = open(&path).await;
    keeps_the_contract(&store).await;
    drop(store);
    let latest = Checkpoints::latest(&open(&path).await).await.unwrap();
    assert_eq!(latest, Some(checkpoint(9, 2_000)), "after a restart");
}

#[tokio::test]
async fn postgres_keeps_the_contract_of_a_drawer_of_checkpoints() {
    let Some(cluster) = shared("postgres_keeps_the_contract_of_a_drawer_of_checkpoints") else { return };
    keeps_the_contract(&node(&cluster.database()).await).await;
}

/// The other implementation's storage, made from our leaves.
struct Stored(Vec<Hash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|i| self.0[usize::try_from(*i).unwrap()]).collect())
    }
}

/// Compares every tile of a log that grew to 600 records.
async fn serves_the_tiles(log: &dyn Log) {
    const SIZE: u64 = 600;
    let name = stream("contract/tiles");
    let mut head = None;
    for _ in 0..10 {
        let (append, next) = after(&name, head, 60);
        log.append(append).await.unwrap();
        head = next;
    }
    assert_eq!(log.head().await.unwrap().size, SIZE);
    let mut other = Stored(Vec::new());
    for (index, item) in (0..).zip(log.span(0, 600).await.unwrap()) {
        assert_eq!(item.index, index);
        let new = stored_hashes_for_record_hash(index, Hash(*item.record.leaf().as_bytes()), &other).unwrap();
        other.0.extend(new);
    }
    let tiles = Tile::new_tiles(8, 0, SIZE);
    assert_eq!(tiles.len(), 4, "three of leaves and one above");
    for tile in tiles {
        let first = tile.level_index() * 256;
        let ours = log.hashes(tile.level() * 8, first, u16::try_from(tile.width()).unwrap()).await.unwrap();
        let ours: Vec<u8> = ours.iter().flat_map(|hash| *hash.as_bytes()).collect();
        assert_eq!(ours, tile.read_data(&other).unwrap(), "{}", tile.path());
    }
    let leaves = log.hashes(0, 0, 2).await.unwrap();
    assert_eq!(log.hashes(1, 0, 1).await.unwrap(), [hash_children(&leaves[0], &leaves[1])]);
    for (level, first, count) in [(0, 599, 2), (8, 0, 3), (16, 0, 1), (0, u64::MAX - 5, 256)] {
        assert!(matches!(log.hashes(level, first, count).await, Err(LogError::Limits(_))), "{level} {first}");
    }
    assert_eq!(log.span(598, 256).await.unwrap().len(), 2, "the end of the log");
    assert_eq!(log.span(600, 1).await.unwrap(), []);
}

#[tokio::test]
async fn sqlite_serves_the_tiles_of_another_implementation() {
    serves_the_tiles(&open(&folder("tiles")).await).await;
}

#[tokio::test]
async fn postgres_serves_the_tiles_of_another_implementation() {
    let Some(cluster) = shared("postgres_serves_the_tiles_of_another_implementation") else { return };
    serves_the_tiles(&node(&cluster.database()).await).await;
}
