//! What every keeper of links must keep.

use mingbai_core::borrow::JourneyId;
use mingbai_desk::ports::{LinkRow, Links};

use crate::cluster::shared;
use crate::support::{folder, fresh, node, open};

fn case() -> JourneyId {
    JourneyId::new(fresh())
}

async fn all(links: &dyn Links) -> Vec<LinkRow> {
    links.after(0).await.unwrap()
}

pub async fn keeps_the_contract(links: &dyn Links) {
    let (a, b) = (case(), case());
    let wide: Vec<u64> = (0..32).map(|n| u64::MAX - n).collect();
    let first = links.append(a, 7, 10, &[1, u64::MAX]).await.unwrap();
    let second = links.append(b, u64::MAX, 20, &wide).await.unwrap();
    let third = links.append(a, 7, 30, &[]).await.unwrap();
    assert!(first < second && second < third);
    let kept = LinkRow { seq: second, journey: b, applicant: u64::MAX, at_ms: 20, identifiers: wide.clone() };
    assert_eq!(links.after(first).await.unwrap().first(), Some(&kept), "in the order of coming");
    assert_eq!(links.of_journey(b).await.unwrap(), std::slice::from_ref(&kept));
    let places = |rows: Vec<LinkRow>| rows.into_iter().map(|row| row.seq).collect::<Vec<_>>();
    assert_eq!(places(links.of_applicant(7).await.unwrap()), [first, third]);
    assert!(links.append(a, 7, 40, &[0; 33]).await.is_err(), "more than an application can have");

    links.forget(a).await.unwrap();
    assert!(links.of_journey(a).await.unwrap().is_empty());
    let fourth = links.append(a, 7, 50, &[9]).await.unwrap();
    assert!(fourth > third, "a place is never given twice");
    assert_eq!(links.prune(50).await.unwrap(), 1);
    assert_eq!(places(all(links).await), [fourth]);

    // Whoever reads while others write sees every place before the last one that she saw.
    let many = futures_of(links, b).await;
    let seen = places(links.after(fourth).await.unwrap());
    assert_eq!(seen, many);
    assert!(seen.windows(2).all(|pair| pair[1] == pair[0] + 1), "{seen:?}");
}

/// Eight writers at once, four rows each.
async fn futures_of(links: &dyn Links, journey: JourneyId) -> Vec<i64> {
    let one = |writer: u64| async move {
        let mut places = Vec::new();
        for n in 0..4 {
            places.push(links.append(journey, writer, 60, &[n]).await.unwrap());
        }
        places
    };
    let (a, b, c, d) = tokio::join!(one(1), one(2), one(3), one(4));
    let (e, f, g, h) = tokio::join!(one(5), one(6), one(7), one(8));
    let mut places = [a, b, c, d, e, f, g, h].concat();
    places.sort_unstable();
    places
}

#[tokio::test]
async fn sqlite_keeps_the_contract_of_links() {
    let path = folder("links");
    keeps_the_contract(&open(&path).await).await;
}

#[tokio::test]
async fn the_log_of_links_is_the_same_after_a_restart() {
    let path = folder("links-again");
    let journey = case();
    let before = {
        let store = open(&path).await;
        store.append(journey, 1, 10, &[5]).await.unwrap();
        all(&store).await
    };
    let store = open(&path).await;
    assert_eq!(all(&store).await, before);
    assert_eq!(store.append(journey, 1, 20, &[6]).await.unwrap(), 2);
}

#[tokio::test]
async fn postgres_keeps_the_contract_of_links() {
    let Some(cluster) = shared("postgres_keeps_the_contract_of_links") else { return };
    keeps_the_contract(&node(&cluster.database()).await).await;
}
