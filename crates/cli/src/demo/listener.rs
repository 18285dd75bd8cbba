//! The core system's ear: a real listener on this machine that takes signed messages and refuses any other.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use mingbai_core::text::both;
use mingbai_desk::{WebhookTarget, signature_holds};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::fail::{Fail, Kind};
use crate::real;

/// How old a message may be, in seconds.
const TOLERANCE_S: i64 = 300;
/// How long somebody waits for a message, in seconds. The outbox is looked at every second.
const WAIT_S: u64 = 60;
/// Bytes of the shared secret.
const SECRET: usize = 32;

/// What the listener has heard.
#[derive(Clone)]
pub struct Ear {
    heard: Arc<Heard>,
    secret: Arc<str>,
    /// Where it listens.
    pub url: String,
}

struct Heard {
    messages: Mutex<Vec<Value>>,
    deliveries: Mutex<BTreeSet<String>>,
    count: watch::Sender<usize>,
}

impl Ear {
    /// Opens the listener on a free port of this machine.
    pub async fn open() -> Result<Self, Fail> {
        let mut bytes = [0; SECRET];
        real::throw(&mut bytes);
        let deaf = |e: std::io::Error| {
            Fail::new(Kind::Io, both("核心系统的监听打不开", "the core system's listener cannot be opened"))
                .caused_by(&e)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(deaf)?;
        let url = format!("http://{}/hook", listener.local_addr().map_err(deaf)?);
        let heard = Heard {
            messages: Mutex::new(Vec::new()),
            deliveries: Mutex::new(BTreeSet::new()),
            count: watch::Sender::new(0),
        };
        let ear = Ear { heard: Arc::new(heard), secret: hex::encode(bytes).into(), url };
        let app = Router::new().route("/hook", post(take)).with_state(ear.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(ear)
    }

    /// What the house needs to know to talk to it.
    pub fn target(&self) -> WebhookTarget {
        WebhookTarget { url: self.url.clone(), secret: self.secret.as_bytes().to_vec() }
    }

    /// How many messages came with a good signature.
    pub fn count(&self) -> usize {
        *self.heard.count.borrow()
    }

    /// Waits for messages after the first `from`, and moves it past them.
    pub async fn after(&self, from: &mut usize) -> Vec<Value> {
        let mut count = self.heard.count.subscribe();
        // The sender lives in `self`, so waiting can only end with a message.
        let _ = count.wait_for(|count| *count > *from).await;
        let messages = self.heard.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh: Vec<Value> = messages.iter().skip(*from).cloned().collect();
        *from += fresh.len();
        fresh
    }

    /// Waits for the latest message of this kind about this journey.
    pub async fn wait_for(&self, event: &str, journey: &str) -> Result<Value, Fail> {
        let mut count = self.heard.count.subscribe();
        let found = async {
            loop {
                // Marked as seen first: a message that comes while we look makes `changed` return at once.
                count.borrow_and_update();
                let messages = self.heard.messages.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let fits = |m: &&Value| {
                    m.get("event").and_then(Value::as_str) == Some(event)
                        && m.get("journey").and_then(Value::as_str) == Some(journey)
                };
                if let Some(message) = messages.iter().rev().find(fits) {
                    return Some(message.clone());
                }
                count.changed().await.ok()?;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(WAIT_S), found).await;
        waited.ok().flatten().ok_or_else(|| {
            let what = both(
                format!("核心系统等了 {WAIT_S} 秒也没有收到 {event}"),
                format!("the core system waited {WAIT_S} s for {event} in vain"),
            );
            Fail::new(Kind::No, what)
        })
    }
}

async fn take(State(ear): State<Ear>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signature = header("Mingbai-Signature");
    if !signature_holds(ear.secret.as_bytes(), signature, &body, real::now_ms(), TOLERANCE_S) {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(message) = serde_json::from_slice::<Value>(&body) else { return StatusCode::BAD_REQUEST };
    let fresh = {
        let mut known = ear.heard.deliveries.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(header("Mingbai-Delivery").to_owned())
    };
    if fresh {
        ear.heard.messages.lock().unwrap_or_else(PoisonError::into_inner).push(message);
        ear.heard.count.send_modify(|count| *count += 1);
    }
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_message_without_a_good_signature_is_refused() {
        let ear = Ear::open().await.unwrap_or_else(|e| panic!("{e:?}"));
        let post = reqwest::Client::new().post(&ear.url).header("Mingbai-Signature", "t=1,v1=00").body("{}");
        let answer = post.send().await.map(|answer| answer.status().as_u16());
        assert_eq!(answer.ok(), Some(401));
        assert_eq!(ear.count(), 0);
    }
}
