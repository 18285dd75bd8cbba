//! What every drawer of time stamps must keep.

use mingbai_desk::ports::{KeptStamp, Stamps};

use crate::cluster::shared;
use crate::support::{folder, node, open};

fn stamp(size: u64, stamped_at_ms: i64) -> KeptStamp {
    KeptStamp {
        size,
        checkpoint: format!("lender.example/log\n{size}\nroot\n"),
        query: vec![1, 2, 3],
        // Larger than an index page of either engine.
        response: vec![size.to_le_bytes()[0]; 12_000],
        stamped_at_ms,
        kept_at_ms: stamped_at_ms + 5,
    }
}

pub async fn keeps_the_contract(stamps: &dyn Stamps) {
    assert_eq!(stamps.newest().await.unwrap(), None);
    assert_eq!(stamps.covering(0).await.unwrap(), None);
    let (small, again, large) = (stamp(5, 1_000), stamp(5, 3_000), stamp(9, 2_000));
    for one in [&large, &again, &small, &small] {
        stamps.keep(one.clone()).await.unwrap();
    }
    assert_eq!(stamps.newest().await.unwrap(), Some(large.clone()));
    assert_eq!(stamps.covering(1).await.unwrap(), Some(small.clone()), "the earliest that covers");
    assert_eq!(stamps.covering(5).await.unwrap(), Some(small));
    assert_eq!(stamps.covering(6).await.unwrap(), Some(large.clone()));
    assert_eq!(stamps.covering(10).await.unwrap(), None);
    stamps.keep(stamp(9, 4_000)).await.unwrap();
    assert_eq!(stamps.newest().await.unwrap(), Some(stamp(9, 4_000)));
    assert_eq!(stamps.covering(6).await.unwrap(), Some(large), "an earlier proof is the stronger one");
}

#[tokio::test]
async fn sqlite_keeps_the_contract_of_a_drawer_of_stamps() {
    let path = folder("stamps");
    let store = open(&path).await;
    keeps_the_contract(&store).await;
    let newest = store.newest().await.unwrap();
    drop(store);
    assert_eq!(open(&path).await.newest().await.unwrap(), newest, "after a restart");
}

#[tokio::test]
async fn postgres_keeps_the_contract_of_a_drawer_of_stamps() {
    let Some(cluster) = shared("postgres_keeps_the_contract_of_a_drawer_of_stamps") else { return };
    keeps_the_contract(&node(&cluster.database()).await).await;
}
