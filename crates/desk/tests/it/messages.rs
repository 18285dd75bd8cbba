//! Messages to the core system: signed, repeated, given up.

use std::sync::atomic::Ordering;

use mingbai_desk::ports::Clock as _;
use mingbai_desk::{Round, TRIES, signature_holds};

use crate::house::{DAY_MS, House, SECRET};

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_signed_and_carry_no_personal_data() {
    let house = House::new().await;
    house.open("APP-1").await;
    let round = house.run_outbox().await;
    assert_eq!(round, Round { done: 1, waiting: 0, given_up: 0 });
    let post = house.world.posts.lock().unwrap()[0].clone();
    let header = post.headers.iter().find(|(name, _)| name == "Mingbai-Signature").unwrap().1.clone();
    assert!(signature_holds(SECRET, &header, &post.body, house.world.now_ms(), 300));
    let body = String::from_utf8(post.body).unwrap();
    assert!(body.contains("terms.offered") && body.contains("APP-1"));
    assert!(!body.contains("王秀英") && !body.contains("138"));
    assert_eq!(house.run_outbox().await, Round::default(), "told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_is_down_is_tried_again_and_in_the_end_given_up() {
    let house = House::new().await;
    house.open("APP-1").await;
    house.world.status.store(0, Ordering::SeqCst);
    assert_eq!(house.run_outbox().await, Round { done: 0, waiting: 1, given_up: 0 });
    assert_eq!(house.run_outbox().await, Round::default(), "not before its time");
    house.pass(10_000);
    house.world.status.store(503, Ordering::SeqCst);
    assert_eq!(house.run_outbox().await.waiting, 1);
    let ids: Vec<String> =
        house.world.posts.lock().unwrap().iter().map(|post| post.headers[1].1.clone()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "a repetition can be recognised");
    for _ in 2..TRIES {
        house.pass(DAY_MS);
        house.run_outbox().await;
    }
    house.pass(DAY_MS);
    assert_eq!(house.run_outbox().await, Round::default());
    assert_eq!(house.world.posts.lock().unwrap().len(), usize::try_from(TRIES).unwrap());
    let lost = house.ports.outbox.given_up(10).await.unwrap();
    assert!(lost[0].1.contains("503"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_is_gone_is_not_tried_again() {
    let house = House::new().await;
    house.open("APP-1").await;
    house.world.status.store(410, Ordering::SeqCst);
    assert_eq!(house.run_outbox().await, Round { done: 0, waiting: 0, given_up: 1 });
}
