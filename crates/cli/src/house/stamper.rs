//! The way to a time-stamping authority: HTTP, as RFC 3161 §3.4 has it.

use std::time::Duration;

use async_trait::async_trait;
use mingbai_core::text::both;
use mingbai_desk::ports::{TimeStampError, TimeStamps};
use mingbai_evidence::timestamp::STAMP_LIMIT;

use super::ports::reason;
use crate::fail::{Fail, Kind};

/// How long an authority may take. The request comes again later.
const SECONDS: u64 = 20;

/// An authority behind an address.
pub struct Stamper {
    client: reqwest::Client,
    url: String,
}

impl Stamper {
    /// A client that follows no redirect: the answer is verified anyway, and the address that was set is the one that is asked.
    pub fn new(url: String) -> Result<Self, Fail> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(SECONDS))
            .user_agent(concat!("mingbai/", env!("CARGO_PKG_VERSION")))
            .build();
        client.map(|client| Stamper { client, url }).map_err(|e| {
            let what = both("不能建立网络连接", "no network client can be made");
            Fail::new(Kind::Internal, what).caused_by(&e)
        })
    }
}

#[async_trait]
impl TimeStamps for Stamper {
    async fn stamp(&self, query: Vec<u8>) -> Result<Vec<u8>, TimeStampError> {
        // The address is left out of the reason: it may carry a key of the customer's.
        let failed = |e: reqwest::Error| TimeStampError(reason(&e.without_url()));
        let request = self.client.post(&self.url).header("Content-Type", "application/timestamp-query");
        let mut answer = request.body(query).send().await.map_err(failed)?;
        if answer.status().as_u16() != 200 {
            return Err(TimeStampError(format!("status {}", answer.status().as_u16())));
        }
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(failed)? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > STAMP_LIMIT {
                return Err(TimeStampError(format!("an answer of more than {STAMP_LIMIT} bytes")));
            }
        }
        Ok(bytes)
    }
}
