//! A key service over HTTP. The protocol is small enough to put in front of any KMS or HSM:
//!
//! ```text
//! POST {url}/wrap    {"subject": "<uuid>", "key": "<base64, 32 bytes>"}       → 200 {"wrapped": "<base64>"}
//! POST {url}/unwrap  {"subject": "<uuid>", "wrapped": "<base64>"}             → 200 {"key": "<base64, 32 bytes>"}
//! Authorization: Bearer <token>
//! ```
//!
//! The service binds what it wraps to `subject` (as associated data). It answers 422 when it did not wrap this for this subject;
//! every other status, and no answer, count as "not now". The address must be `https://`, or on this machine.

use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use mingbai_desk::ports::KeepError;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::KeyCustody;
use crate::error::OpenError;
use crate::keyring::PersonKey;
use crate::on_this_machine;

/// How long the service may take. A borrower waits behind it.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most bytes that a wrapped key may have.
const WRAPPED_LIMIT: usize = 4096;
/// The answer that says "not wrapped by me for this subject".
const NOT_MINE: u16 = 422;

/// A key service over HTTP.
pub struct HttpCustody {
    url: String,
    token: Zeroizing<String>,
    client: reqwest::Client,
}

impl std::fmt::Debug for HttpCustody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpCustody").field("url", &self.url).finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Wrap<'a> {
    subject: Uuid,
    key: &'a str,
}

#[derive(Deserialize)]
struct Wrapped {
    wrapped: String,
}

#[derive(Serialize)]
struct Unwrap<'a> {
    subject: Uuid,
    wrapped: &'a str,
}

#[derive(Deserialize)]
struct Unwrapped {
    key: String,
}

impl HttpCustody {
    /// The service at `url`, which lets us in with `token`.
    ///
    /// # Errors
    /// [`OpenError::Path`] for an address over which a key must not travel.
    pub fn new(url: &str, token: String) -> Result<Self, OpenError> {
        let wrong = |why: String| OpenError::Path { path: url.to_owned(), why };
        if !url.starts_with("https://") && !on_this_machine(url) {
            return Err(wrong("a key service must be at https://, or on this machine".to_owned()));
        }
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .map_err(|e| wrong(e.to_string()))?;
        Ok(HttpCustody { url: url.trim_end_matches('/').to_owned(), token: Zeroizing::new(token), client })
    }

    async fn ask<Q, A>(&self, what: &str, subject: Uuid, question: &Q) -> Result<A, KeepError>
    where
        Q: Serialize + Sync,
        A: for<'de> Deserialize<'de>,
    {
        let failed =
            |e: reqwest::Error| KeepError::Io(format!("the key service failed: {}", e.without_url()));
        let request = self.client.post(format!("{}/{what}", self.url)).bearer_auth(self.token.as_str());
        let answer = request.json(question).send().await.map_err(failed)?;
        match answer.status().as_u16() {
            200 => answer.json().await.map_err(failed),
            NOT_MINE => Err(KeepError::Damaged { what: format!("the key of subject {subject}") }),
            status => Err(KeepError::Io(format!("the key service answered {status}"))),
        }
    }
}

#[async_trait]
impl KeyCustody for HttpCustody {
    async fn wrap(&self, subject: Uuid, _: [u8; 12], key: &PersonKey) -> Result<Vec<u8>, KeepError> {
        let key = Zeroizing::new(BASE64.encode(key.as_slice()));
        let answer: Wrapped = self.ask("wrap", subject, &Wrap { subject, key: &key }).await?;
        let bytes = BASE64.decode(&answer.wrapped).ok();
        bytes.filter(|bytes| (1..=WRAPPED_LIMIT).contains(&bytes.len())).ok_or_else(nonsense)
    }

    async fn unwrap(&self, subject: Uuid, wrapped: &[u8]) -> Result<PersonKey, KeepError> {
        let wrapped = BASE64.encode(wrapped);
        let answer: Unwrapped = self.ask("unwrap", subject, &Unwrap { subject, wrapped: &wrapped }).await?;
        let text = Zeroizing::new(answer.key);
        let bytes = Zeroizing::new(BASE64.decode(text.as_bytes()).map_err(|_| nonsense())?);
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| nonsense())?;
        Ok(Zeroizing::new(key))
    }
}

fn nonsense() -> KeepError {
    KeepError::Io("the key service answered with something that is no key".to_owned())
}
