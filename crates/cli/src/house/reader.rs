//! The way to the reader of figures beside ours: crops out, text back, over HTTP (`docs/scan.md`). Nothing of what it says is believed
//! beyond the protocol's limits, and its silence is no failure: a person compares the figures then.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mingbai_core::text::both;
use mingbai_scan::figures::{
    CropAsked, FigureCrop, FigureReading, PROTOCOL, ReadAnswer, ReadRequest, compare_figures,
};
use zeroize::Zeroizing;

use super::ports::reason;
use crate::fail::{Fail, Kind};

/// How long a reader may take for one page: a slow processor needs some ten seconds.
const SECONDS: u64 = 60;
/// Most bytes of an answer.
const ANSWER_BYTES: usize = 4 << 20;

/// A reader behind an address.
pub struct Reader {
    client: reqwest::Client,
    url: String,
    token: Option<Zeroizing<String>>,
}

impl Reader {
    /// A client that follows no redirect: pieces of signed papers go where the operator said and nowhere else.
    pub fn new(url: String, token: Option<Zeroizing<String>>) -> Result<Self, Fail> {
        Self::patient(url, token, Duration::from_secs(SECONDS))
    }

    /// One that waits so long.
    pub(super) fn patient(
        url: String,
        token: Option<Zeroizing<String>>,
        patience: Duration,
    ) -> Result<Self, Fail> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(patience)
            .user_agent(concat!("mingbai/", env!("CARGO_PKG_VERSION")))
            .build();
        client.map(|client| Reader { client, url, token }).map_err(|e| {
            let what = both("不能建立网络连接", "no network client can be made");
            Fail::new(Kind::Internal, what).caused_by(&e)
        })
    }

    /// Has the crops read and holds them against what was printed. An error says why there is no answer.
    pub async fn read(&self, crops: &[FigureCrop]) -> Result<FigureReading, String> {
        let asked = |(id, crop): (usize, &FigureCrop)| CropAsked {
            id: id as u32,
            media_type: "image/jpeg".to_owned(),
            image_base64: STANDARD.encode(&crop.jpeg),
        };
        let request = ReadRequest { v: PROTOCOL, crops: crops.iter().enumerate().map(asked).collect() };
        // The address is left out of the reason: it goes on record.
        let failed = |e: reqwest::Error| reason(&e.without_url());
        let mut post = self.client.post(format!("{}/read", self.url)).json(&request);
        if let Some(token) = &self.token {
            post = post.bearer_auth(token.as_str());
        }
        let mut answer = post.send().await.map_err(failed)?;
        if answer.status().as_u16() != 200 {
            return Err(format!("status {}", answer.status().as_u16()));
        }
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(failed)? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > ANSWER_BYTES {
                return Err(format!("an answer of more than {ANSWER_BYTES} bytes"));
            }
        }
        let answer = ReadAnswer::from_json(&bytes).map_err(|e| e.to_string())?;
        Ok(compare_figures(crops, &answer))
    }
}
