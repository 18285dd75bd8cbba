//! The witness over HTTP: one address to post to, one line in the log for every answer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use mingbai_evidence::witness::{REQUEST_LIMIT, Refusal};

use super::memory::{Memory, Unsigned};
use crate::real;

/// What every request shares.
struct Booth {
    /// Held from reading what was seen until the new is on the disk: two requests never look at the same memory.
    memory: Mutex<Memory>,
    cosigned: AtomicU64,
    refused: AtomicU64,
}

/// The witness's only route.
pub fn router(memory: Memory) -> Router {
    let booth = Booth { memory: Mutex::new(memory), cosigned: AtomicU64::new(0), refused: AtomicU64::new(0) };
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .layer(DefaultBodyLimit::max(REQUEST_LIMIT))
        .with_state(Arc::new(booth))
}

/// `POST /add-checkpoint`.
async fn add_checkpoint(State(booth): State<Arc<Booth>>, body: String) -> Response {
    // The disk is waited for on a thread that may wait.
    let work = tokio::task::spawn_blocking(move || booth.answer(&body));
    work.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

impl Booth {
    fn answer(&self, body: &str) -> Response {
        let at_s = u64::try_from(real::now_ms().div_euclid(1_000)).unwrap_or(0);
        let outcome = self.memory.lock().unwrap_or_else(PoisonError::into_inner).answer(body, at_s);
        match outcome {
            Ok((line, seen)) => {
                self.cosigned.fetch_add(1, Ordering::Relaxed);
                self.tell("cosigned", seen.size);
                (StatusCode::OK, line).into_response()
            }
            Err(Unsigned::Failed(why)) => {
                tracing::error!(%why, "nothing was signed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
            Err(Unsigned::Refused(refusal)) => {
                self.refused.fetch_add(1, Ordering::Relaxed);
                if refusal.accuses() {
                    tracing::error!(%refusal, "a log speaks against itself; its checkpoint is kept as proof");
                }
                self.tell("refused", u64::from(refusal.status()));
                refused(refusal)
            }
        }
    }

    /// The line that a monitor counts.
    fn tell(&self, what: &str, detail: u64) {
        let (cosigned, refused) =
            (self.cosigned.load(Ordering::Relaxed), self.refused.load(Ordering::Relaxed));
        tracing::info!(what, detail, cosigned, refused, "witness");
    }
}

fn refused(refusal: Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    match refusal {
        Refusal::Stale { size } | Refusal::Forked { size } => {
            let media = [(header::CONTENT_TYPE, HeaderValue::from_static("text/x.tlog.size"))];
            (status, media, format!("{size}\n")).into_response()
        }
        other => (status, format!("{other}\n")).into_response(),
    }
}
