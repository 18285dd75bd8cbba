//! What every book of accounts, sessions, links and keys must keep.

use std::sync::Arc;

use mingbai_core::actor::{Login, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_desk::ports::{
    Account, Accounts, ApiKey, AppSecret, AskedFor, KeptPasskey, Link, LinkPurpose, LinkTry, Means, Owner,
    Place, Question, Session, SignInState, Standing, StoreError,
};
use mingbai_evidence::Digest;
use mingbai_evidence::seal::Commitment;

use crate::cluster::shared;
use crate::support::{folder, fresh, node, open};

pub async fn keeps_the_contract(people: Arc<dyn Accounts>) {
    accounts(&*people).await;
    sessions(&*people).await;
    links(people.clone()).await;
    keys(&*people).await;
    factors(people).await;
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
        seen_at_ms: 3,
        means: Means::Passkey,
        place: Place { device: "Firefox".to_owned(), address: "198.51.100.7".to_owned() },
    };
    for (name, owner) in [("a", &borrower), ("b", &staff), ("c", &staff)] {
        people.add_session(session(name, owner)).await.unwrap();
    }
    assert_eq!(people.session(Digest::of(b"a"), 99).await.unwrap(), Some(session("a", &borrower)));
    assert_eq!(people.session(Digest::of(b"a"), 100).await.unwrap(), None, "it is over");
    let ours: Vec<Digest> = people.sessions_of(&staff, 50).await.unwrap().iter().map(|s| s.token).collect();
    assert!(ours.len() == 2 && !ours.contains(&Digest::of(b"a")));
    people.session_seen(Digest::of(b"c"), 40).await.unwrap();
    people.session_seen(Digest::of(b"c"), 30).await.unwrap();
    assert_eq!(people.session(Digest::of(b"c"), 50).await.unwrap().map(|s| s.seen_at_ms), Some(40));
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

async fn factors(people: Arc<dyn Accounts>) {
    let login = Login::new("fang").unwrap();
    let passkey = |id: &[u8]| KeptPasskey {
        id: id.to_vec(),
        login: login.clone(),
        key: vec![1, 2],
        name: "phone".to_owned(),
        count: 0,
        added_at_ms: 4,
        used_at_ms: None,
    };
    people.add_passkey(passkey(b"one")).await.unwrap();
    assert!(matches!(people.add_passkey(passkey(b"one")).await, Err(StoreError::Exists(_))));
    assert_eq!(people.passkeys_of(&login).await.unwrap(), [passkey(b"one")]);
    assert!(people.use_passkey(b"one", 0, 5).await.unwrap(), "it does not count");
    assert!(people.use_passkey(b"one", 7, 6).await.unwrap());
    assert!(!people.use_passkey(b"one", 7, 7).await.unwrap(), "a copy counts what was counted");
    assert!(!people.use_passkey(b"one", 0, 7).await.unwrap());
    let used = people.passkey(b"one").await.unwrap().map(|kept| (kept.count, kept.used_at_ms));
    assert_eq!(used, Some((7, Some(6))));
    people.remove_passkey(&Login::new("other").unwrap(), b"one").await.unwrap();
    assert!(people.passkey(b"one").await.unwrap().is_some(), "nobody removes another's");
    people.remove_passkey(&login, b"one").await.unwrap();
    assert_eq!(people.passkey(b"one").await.unwrap(), None);

    let secret = Commitment::from_digest(Digest::of(b"secret"));
    let app = AppSecret { login: login.clone(), subject: fresh(), secret, last_step: 10, added_at_ms: 1 };
    people.set_app(app.clone()).await.unwrap();
    assert_eq!(people.app(&login).await.unwrap(), Some(app));
    let mut work = Vec::new();
    for _ in 0..10 {
        let (people, login) = (people.clone(), login.clone());
        work.push(tokio::spawn(async move { people.use_step(&login, 11).await.unwrap() }));
    }
    let mut used = 0;
    for try_once in work {
        used += usize::from(try_once.await.unwrap());
    }
    assert_eq!(used, 1, "ten at once, one gets in");
    assert!(!people.use_step(&login, 10).await.unwrap());
    people.remove_app(&login).await.unwrap();
    assert_eq!(people.app(&login).await.unwrap(), None);

    let (a, b) = (Digest::of(b"a"), Digest::of(b"b"));
    people.set_recovery(&login, &[a]).await.unwrap();
    people.set_recovery(&login, &[b]).await.unwrap();
    assert!(!people.use_recovery(&login, a).await.unwrap(), "a new set ends the old one");
    assert_eq!(people.recovery_left(&login).await.unwrap(), 1);
    assert!(people.use_recovery(&login, b).await.unwrap());
    assert!(!people.use_recovery(&login, b).await.unwrap());

    let question = Question {
        token: Digest::of(b"q"),
        purpose: AskedFor::Entry,
        owner: String::new(),
        data: "x".to_owned(),
        expires_at_ms: 100,
    };
    people.ask(question.clone(), 1).await.unwrap();
    assert_eq!(people.take_question(question.token, 99).await.unwrap(), Some(question.clone()));
    assert_eq!(people.take_question(question.token, 99).await.unwrap(), None, "once");
    people.ask(question.clone(), 1).await.unwrap();
    assert_eq!(people.take_question(question.token, 100).await.unwrap(), None, "too late");
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
