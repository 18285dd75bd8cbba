//! What every book of accounts, sessions, links and keys must keep.

use std::sync::Arc;

use mingbai_core::actor::{Login, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_desk::ports::{
    Account, Accounts, ApiKey, Link, LinkPurpose, LinkTry, Owner, Session, SignInState, Standing, StoreError,
};
use mingbai_evidence::Digest;

use crate::cluster::shared;
use crate::support::{folder, fresh, node, open};

pub async fn keeps_the_contract(people: Arc<dyn Accounts>) {
    accounts(&*people).await;
    sessions(&*people).await;
    links(people.clone()).await;
    keys(&*people).await;
}

async fn accounts(people: &dyn Accounts) {
    let login = Login::new("li.na").unwrap();
    let mut account = Account {
        login: login.clone(),
        role: StaffRole::Consultant,
        display_name: "李娜".to_owned(),
        branch: Some("east".to_owned()),
        password_hash: "$argon2id$…".to_owned(),
        standing: Standing::Active,
    };
    assert_eq!(people.account(&login).await.unwrap(), None);
    people.add_account(account.clone()).await.unwrap();
    assert!(matches!(people.add_account(account.clone()).await, Err(StoreError::Exists(_))));
    assert_eq!(people.account(&login).await.unwrap(), Some(account.clone()));
    account.standing = Standing::Closed;
    account.branch = None;
    people.change_account(account.clone()).await.unwrap();
    assert_eq!(people.accounts().await.unwrap(), [account]);

    assert_eq!(people.sign_in_state(&login).await.unwrap(), SignInState::default());
    people.sign_in_failed(&login, 5).await.unwrap();
    people.sign_in_failed(&login, 9).await.unwrap();
    assert_eq!(people.sign_in_state(&login).await.unwrap(), SignInState { failures: 2, last_at_ms: 9 });
    people.sign_in_succeeded(&login).await.unwrap();
    assert_eq!(people.sign_in_state(&login).await.unwrap(), SignInState::default());
}

async fn sessions(people: &dyn Accounts) {
    let borrower = Owner::Borrower(JourneyId::new(fresh()));
    let staff = Owner::Staff(Login::new("wang").unwrap());
    let session = |name: &str, owner: &Owner| Session {
        token: Digest::of(name.as_bytes()),
        owner: owner.clone(),
        created_at_ms: 0,
        expires_at_ms: 100,
    };
    for (name, owner) in [("a", &borrower), ("b", &staff), ("c", &staff)] {
        people.add_session(session(name, owner)).await.unwrap();
    }
    assert_eq!(people.session(Digest::of(b"a"), 99).await.unwrap(), Some(session("a", &borrower)));
    assert_eq!(people.session(Digest::of(b"a"), 100).await.unwrap(), None, "it is over");
    people.end_session(Digest::of(b"b")).await.unwrap();
    assert_eq!(people.session(Digest::of(b"b"), 1).await.unwrap(), None);
    people.end_sessions_of(&staff).await.unwrap();
    assert_eq!(people.session(Digest::of(b"c"), 1).await.unwrap(), None);
    assert!(people.session(Digest::of(b"a"), 1).await.unwrap().is_some());
}

async fn links(people: Arc<dyn Accounts>) {
    let journey = JourneyId::new(fresh());
    let (token, right, wrong) = (Digest::of(b"token"), Digest::of(b"right"), Digest::of(b"wrong"));
    let link = Link {
        token,
        journey,
        purpose: LinkPurpose::Ceremony,
        code: None,
        tries_left: 5,
        created_at_ms: 0,
        expires_at_ms: 100,
    };
    people.add_link(link.clone()).await.unwrap();
    assert_eq!(people.link(token).await.unwrap(), Some(link.clone()));
    assert_eq!(people.try_link(token, right, 1).await.unwrap(), LinkTry::Dead, "no code was sent yet");
    assert!(people.set_link_code(token, right, 5).await.unwrap());
    assert!(!people.set_link_code(Digest::of(b"unknown"), right, 5).await.unwrap());
    assert_eq!(people.try_link(token, right, 100).await.unwrap(), LinkTry::Dead, "too late");

    // Twenty guesses at once: exactly five are counted, the rest find a dead link.
    let mut work = Vec::new();
    for _ in 0..20 {
        let people = people.clone();
        work.push(tokio::spawn(async move { people.try_link(token, wrong, 1).await.unwrap() }));
    }
    let mut counted = 0;
    for guess in work {
        counted += usize::from(matches!(guess.await.unwrap(), LinkTry::Wrong { .. }));
    }
    assert_eq!(counted, 5);
    assert_eq!(people.try_link(token, right, 1).await.unwrap(), LinkTry::Dead);

    let second = Link { token: Digest::of(b"second"), code: Some(right), ..link };
    people.add_link(second.clone()).await.unwrap();
    assert_eq!(people.link(token).await.unwrap(), None, "a new link ends the one before");
    assert!(matches!(people.try_link(second.token, right, 1).await.unwrap(), LinkTry::Opened(_)));
    assert_eq!(people.try_link(second.token, right, 1).await.unwrap(), LinkTry::Dead, "once only");
}

async fn keys(people: &dyn Accounts) {
    let core = Login::new("core").unwrap();
    let key =
        ApiKey { key: Digest::of(b"k"), core: core.clone(), created_at_ms: 1, standing: Standing::Active };
    people.add_api_key(key.clone()).await.unwrap();
    assert_eq!(people.api_key(key.key).await.unwrap(), Some(key.clone()));
    people.close_api_keys(&core).await.unwrap();
    assert_eq!(people.api_key(key.key).await.unwrap().map(|key| key.standing), Some(Standing::Closed));
    assert_eq!(people.api_key(Digest::of(b"other")).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_the_contract_of_accounts() {
    keeps_the_contract(Arc::new(open(&folder("people")).await)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_keeps_the_contract_of_accounts() {
    let Some(cluster) = shared("postgres_keeps_the_contract_of_accounts") else { return };
    keeps_the_contract(Arc::new(node(&cluster.database()).await)).await;
}
