//! Whoever keeps the master key: the contract of a custodian, a key service over HTTP (played here), and the rotation.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use mingbai_desk::ports::{KeepError, Vault};
use mingbai_evidence::seal::{Commitment, Salt};
use mingbai_store::{BothKeys, HttpCustody, KeyCustody, MasterKey, OpenError, PersonKey, Rotated, Sqlite};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::cluster::shared;
use crate::support::{Counter, folder, fresh, node, open};

async fn keeps_the_contract(custody: &dyn KeyCustody) {
    let (li, wang) = (fresh(), fresh());
    let key: PersonKey = Zeroizing::new([9; 32]);
    let wrapped = custody.wrap(li, [1; 12], &key).await.unwrap();
    assert!(!wrapped.windows(32).any(|part| part == key.as_slice()));
    assert_eq!(custody.unwrap(li, &wrapped).await.unwrap(), key);
    assert_ne!(custody.wrap(li, [2; 12], &key).await.unwrap(), wrapped);
    let damaged = |outcome: Result<PersonKey, KeepError>| matches!(outcome, Err(KeepError::Damaged { .. }));
    assert!(damaged(custody.unwrap(wang, &wrapped).await), "another person's");
    let mut changed = wrapped.clone();
    changed[5] ^= 1;
    assert!(damaged(custody.unwrap(li, &changed).await));
    assert!(damaged(custody.unwrap(li, b"").await));
}

#[tokio::test]
async fn a_master_key_in_this_process_keeps_the_contract() {
    keeps_the_contract(&MasterKey::new([7; 32])).await;
}

/// A key service: what it wrapped, by handle. Nothing but the handle leaves it.
#[derive(Default)]
struct Service {
    wrapped: Mutex<BTreeMap<String, (String, String)>>,
    down: AtomicBool,
}

impl Service {
    fn answer(&self, path: &str, question: &Value) -> (u16, Value) {
        let text = |name: &str| question[name].as_str().unwrap_or_default().to_owned();
        let mut all = self.wrapped.lock().unwrap();
        if self.down.load(Ordering::SeqCst) {
            return (503, json!({}));
        }
        match path {
            "/wrap" => {
                let handle = BASE64.encode(format!("handle-{}", all.len()));
                all.insert(handle.clone(), (text("subject"), text("key")));
                (200, json!({"wrapped": handle}))
            }
            "/unwrap" => match all.get(&text("wrapped")) {
                Some((subject, key)) if *subject == text("subject") => (200, json!({"key": key})),
                _ => (422, json!({})),
            },
            _ => (404, json!({})),
        }
    }
}

/// Plays the service on loopback; each connection one request.
async fn serve(service: Arc<Service>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let mut bytes = Vec::new();
                let (head, body) = loop {
                    stream.read_buf(&mut bytes).await.unwrap();
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                    let length = head.lines().find_map(|line| {
                        line.to_lowercase()
                            .strip_prefix("content-length: ")
                            .map(|n| n.parse::<usize>().unwrap())
                    });
                    if body.len() >= length.unwrap_or(0) {
                        break (head.to_owned(), body.to_owned());
                    }
                };
                let path = head.split(' ').nth(1).unwrap();
                let known = head.to_lowercase().contains("authorization: bearer sesame");
                let question = serde_json::from_str(&body).unwrap_or_default();
                let (status, answer) = if known { service.answer(path, &question) } else { (401, json!({})) };
                let body = answer.to_string();
                let answer = format!(
                    "HTTP/1.1 {status} .\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
            });
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_service_over_http_keeps_the_contract_and_carries_a_vault() {
    let service = Arc::new(Service::default());
    let url = serve(service.clone()).await;
    keeps_the_contract(&HttpCustody::new(&url, "sesame".to_owned()).unwrap()).await;
    let stranger = HttpCustody::new(&url, "guess".to_owned()).unwrap();
    let refused = stranger.wrap(fresh(), [0; 12], &Zeroizing::new([1; 32])).await;
    assert!(matches!(refused, Err(KeepError::Io(_))));

    let path = folder("kms").join("mingbai.db");
    let at = || HttpCustody::new(&url, "sesame".to_owned()).unwrap();
    let store = Sqlite::open(&path, at(), Arc::new(Counter::default())).await.unwrap();
    crate::vault_contract::keeps_the_contract(&store).await;
    drop(store);
    // A service that is down is not taken for a wrong key.
    service.down.store(true, Ordering::SeqCst);
    let closed = Sqlite::open(&path, at(), Arc::new(Counter::default())).await;
    assert!(matches!(closed.map(|_| ()), Err(OpenError::Engine(_))));
}

#[test]
fn a_key_does_not_travel_in_the_clear() {
    assert!(HttpCustody::new("http://keys.example.org", String::new()).is_err());
    assert!(HttpCustody::new("https://keys.example.org", String::new()).is_ok());
}

/// A custodian that fails after so many answers, as a process that is killed would.
struct Dying(MasterKey, std::sync::atomic::AtomicI64);

#[async_trait::async_trait]
impl KeyCustody for Dying {
    async fn wrap(&self, subject: Uuid, nonce: [u8; 12], key: &PersonKey) -> Result<Vec<u8>, KeepError> {
        if self.1.fetch_sub(1, Ordering::SeqCst) <= 0 {
            return Err(KeepError::Io("dead".to_owned()));
        }
        self.0.wrap(subject, nonce, key).await
    }
    async fn unwrap(&self, subject: Uuid, wrapped: &[u8]) -> Result<PersonKey, KeepError> {
        self.0.unwrap(subject, wrapped).await
    }
}

async fn filled(vault: &dyn Vault, count: usize) -> Vec<(Uuid, Commitment)> {
    let mut all = Vec::new();
    for _ in 0..count {
        let person = fresh();
        all.push((person, vault.seal(person, "borrower.name", b"x", Salt::new([1; 32])).await.unwrap()));
    }
    all
}

#[tokio::test]
async fn a_rotation_that_is_broken_off_goes_on_and_loses_nobody() {
    let path = folder("rotate");
    let new = || MasterKey::new([8; 32]);
    let file = path.join("mingbai.db");
    let both = async || {
        let keys = BothKeys { before: Arc::new(MasterKey::new([7; 32])), next: Arc::new(new()) };
        Sqlite::open(&file, keys, Arc::new(Counter::default())).await.unwrap()
    };
    let store = open(&path).await;
    let people = filled(&store, 450).await;
    store.forget(people[7].0).await.unwrap();
    drop(store);
    let store = both().await;
    let broken = store.rotate(&Dying(new(), 300.into()), |_| {}).await;
    assert_eq!(broken, Err(KeepError::Io("dead".to_owned())));
    drop(store);
    let store = both().await;
    let mut told = Vec::new();
    let done = store.rotate(&new(), |now| told.push(now)).await.unwrap();
    assert_eq!(done, Rotated { wrapped: 149, before: 300 });
    assert_eq!(told.len(), 3);
    drop(store);
    let old = Sqlite::open(&file, MasterKey::new([7; 32]), Arc::new(Counter::default())).await;
    assert!(matches!(old.map(|_| ()), Err(OpenError::MasterKey)), "the old master key opens nothing more");
    let store = Sqlite::open(&file, new(), Arc::new(Counter::default())).await.unwrap();
    for (place, (person, commitment)) in people.iter().enumerate() {
        let opened = store.open(*person, commitment).await.unwrap();
        assert_eq!(opened.map(|opened| opened.value), (place != 7).then(|| b"x".to_vec()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_rotates_too() {
    let Some(cluster) = shared("postgres_rotates_too") else { return };
    let url = cluster.database();
    let store = node(&url).await;
    filled(&store, 3).await;
    let done = store.rotate(&MasterKey::new([8; 32]), |_| {}).await.unwrap();
    assert_eq!(done, Rotated { wrapped: 3, before: 0 });
    assert_eq!(
        store.rotate(&MasterKey::new([8; 32]), |_| {}).await.unwrap(),
        Rotated { wrapped: 0, before: 3 }
    );
}
