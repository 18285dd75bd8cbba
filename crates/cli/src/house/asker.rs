//! The way to witnesses: HTTP, as C2SP tlog-witness has it.

use std::time::Duration;

use async_trait::async_trait;
use mingbai_core::text::both;
use mingbai_desk::ports::{WitnessAnswer, WitnessCalls, WitnessError};
use mingbai_evidence::note::NOTE_LIMIT;

use super::ports::reason;
use crate::fail::{Fail, Kind};

/// How long a witness may take. It is asked again later.
const SECONDS: u64 = 5;

/// A client for every witness.
pub struct Asker(reqwest::Client);

impl Asker {
    /// A client that follows no redirect.
    pub fn new() -> Result<Self, Fail> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(SECONDS))
            .user_agent(concat!("mingbai/", env!("CARGO_PKG_VERSION")))
            .build();
        client.map(Asker).map_err(|e| {
            let what = both("不能建立网络连接", "no network client can be made");
            Fail::new(Kind::Internal, what).caused_by(&e)
        })
    }
}

#[async_trait]
impl WitnessCalls for Asker {
    async fn add_checkpoint(&self, url: &str, body: String) -> Result<WitnessAnswer, WitnessError> {
        let failed = |e: reqwest::Error| WitnessError(reason(&e.without_url()));
        let request = self.0.post(format!("{url}/add-checkpoint"));
        let mut answer = request.body(body).send().await.map_err(failed)?;
        let status = answer.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(failed)? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > NOTE_LIMIT {
                return Err(WitnessError(format!("an answer of more than {NOTE_LIMIT} bytes")));
            }
        }
        let body =
            String::from_utf8(bytes).map_err(|_| WitnessError("an answer that is no text".to_owned()))?;
        Ok(WitnessAnswer { status, body })
    }
}
