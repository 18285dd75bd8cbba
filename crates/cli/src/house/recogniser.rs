//! The way to a recogniser of words: `POST …/v1/audio/transcriptions`, as FunASR, whisper.cpp and vLLM serve it.

use std::time::Duration;

use async_trait::async_trait;
use mingbai_core::text::both;
use mingbai_cost::Lang;
use mingbai_desk::ports::{Asr, AsrError, SpokenLine};
use mingbai_media::asr::{self, Form, Request};
use zeroize::Zeroizing;

use super::ports::reason;
use crate::fail::{Fail, Kind};

/// How long the words of one part may take.
const SECONDS: u64 = 90;

/// A recogniser behind an address.
pub struct Recogniser {
    client: reqwest::Client,
    url: String,
    model: String,
    token: Option<Zeroizing<String>>,
}

impl Recogniser {
    /// A client that follows no redirect: a person's voice goes to the address that was set, or nowhere.
    pub fn new(url: String, model: String, token: Option<Zeroizing<String>>) -> Result<Self, Fail> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(SECONDS))
            .user_agent(concat!("mingbai/", env!("CARGO_PKG_VERSION")))
            .build();
        client.map(|client| Recogniser { client, url, model, token }).map_err(|e| {
            let what = both("不能建立网络连接", "no network client can be made");
            Fail::new(Kind::Internal, what).caused_by(&e)
        })
    }

    /// Asks in one form. `None` = the server does not know this form.
    async fn ask(&self, wav: &[u8], lang: Lang, form: Form) -> Result<Option<Vec<u8>>, AsrError> {
        let key = match lang {
            Lang::Zh => "zh",
            Lang::En => "en",
        };
        let Request { media, body } = Request::new(wav, &self.model, key, form);
        let mut request = self.client.post(&self.url).header("Content-Type", media);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.trim());
        }
        let failed = |e: reqwest::Error| AsrError(reason(&e.without_url()));
        let mut answer = request.body(body).send().await.map_err(failed)?;
        match answer.status().as_u16() {
            200 => {}
            400 | 422 if form == Form::Lines => return Ok(None),
            status => return Err(AsrError(format!("status {status}"))),
        }
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(failed)? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > asr::ANSWER_LIMIT {
                return Err(AsrError(format!("an answer of more than {} bytes", asr::ANSWER_LIMIT)));
            }
        }
        Ok(Some(bytes))
    }
}

#[async_trait]
impl Asr for Recogniser {
    async fn words(&self, wav: &[u8], lang: Lang, length_ms: i64) -> Result<Vec<SpokenLine>, AsrError> {
        let answer = match self.ask(wav, lang, Form::Lines).await? {
            Some(answer) => answer,
            None => self.ask(wav, lang, Form::Text).await?.unwrap_or_default(),
        };
        let lines = asr::lines(&answer, (0, length_ms)).map_err(|e| AsrError(e.to_string()))?;
        let line = |line: mingbai_media::Spoken| SpokenLine {
            start_ms: line.start_ms,
            end_ms: line.end_ms,
            text: line.text,
        };
        Ok(lines.into_iter().map(line).collect())
    }
}
