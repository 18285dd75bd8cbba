//! The lender's core banking system, as it talks to the house: REST with its own key, and nothing else.

use mingbai_core::text::both;
use mingbai_cost::{CostTable, Fen};
use serde_json::{Value, json};

use super::browser::lost;
use crate::fail::{Fail, Kind};
use crate::real;

/// What the core system sends to open a journey.
pub struct Application {
    /// Product and version.
    pub product: (&'static str, &'static str),
    /// Principal.
    pub principal_fen: Fen,
    /// Periods.
    pub periods: u32,
    /// Name of the borrower; invented.
    pub name: &'static str,
    /// Application number.
    pub reference: &'static str,
}

/// A journey as the core system knows it after opening.
#[derive(Clone)]
pub struct Opened {
    /// Number.
    pub id: String,
    /// Reference in groups of four.
    pub reference: String,
    /// The borrower's link.
    pub link: String,
    /// Her six digits.
    pub code: String,
}

/// An answer of the API.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Value,
}

impl Answer {
    /// The body, when the status is one of success.
    pub fn good(self) -> Result<Value, Fail> {
        if (200..300).contains(&self.status) {
            return Ok(self.body);
        }
        let (zh, en) = (text(&self.body, "/detail"), text(&self.body, "/detail_en"));
        let what = both(
            format!("接口的答复是 {}:{zh}", self.status),
            format!("the API answered {}: {en}", self.status),
        );
        Err(Fail::new(Kind::No, what))
    }
}

/// A text inside an answer; empty when it is not there.
pub fn text(body: &Value, pointer: &str) -> String {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A list inside an answer; empty when it is not there.
pub fn list<'a>(body: &'a Value, pointer: &str) -> &'a [Value] {
    body.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// An amount inside an answer; zero when it is not there.
pub fn fen(body: &Value, pointer: &str) -> Fen {
    Fen::new(body.pointer(pointer).and_then(Value::as_i64).unwrap_or(0))
}

/// The core system.
#[derive(Clone)]
pub struct CoreSystem {
    client: reqwest::Client,
    api: String,
    key: String,
}

impl CoreSystem {
    /// A core system with its key.
    pub fn new(url: &str, key: String) -> Result<Self, Fail> {
        let client = reqwest::Client::builder().build().map_err(|e| lost(url, &e))?;
        Ok(CoreSystem { client, api: format!("{url}/api/v1"), key })
    }

    /// Sends a request and takes whatever comes back.
    pub async fn post(&self, path: &str, body: Option<Value>) -> Result<Answer, Fail> {
        let mut request = self.client.post(format!("{}{path}", self.api)).bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.map_err(|e| lost(path, &e))?;
        let status = answer.status().as_u16();
        let body = answer.json().await.map_err(|e| lost(path, &e))?;
        Ok(Answer { status, body })
    }

    async fn bytes(&self, path: &str) -> Result<Vec<u8>, Fail> {
        let request = self.client.get(format!("{}{path}", self.api)).bearer_auth(&self.key);
        let answer = request.send().await.and_then(reqwest::Response::error_for_status);
        let bytes = answer.map_err(|e| lost(path, &e))?.bytes().await;
        Ok(bytes.map_err(|e| lost(path, &e))?.to_vec())
    }

    fn read<T: serde::de::DeserializeOwned>(path: &str, bytes: &[u8]) -> Result<T, Fail> {
        serde_json::from_slice(bytes).map_err(|e| {
            let what = both(format!("{path} 的答复读不懂"), format!("the answer of {path} cannot be read"));
            Fail::new(Kind::No, what).caused_by(&e)
        })
    }

    /// Opens a journey.
    pub async fn open(&self, application: &Application) -> Result<Opened, Fail> {
        let (product, version) = application.product;
        let body = json!({
            "product": product, "version": version, "principal_fen": application.principal_fen.get(),
            "periods": application.periods, "payout_on": real::today().to_string(), "channel": "branch",
            "borrower_name": application.name, "borrower_phone": "138 0000 0000",
            "external_ref": application.reference, "branch": super::cast::BRANCH,
        });
        let opened = self.post("/journeys", Some(body)).await?.good()?;
        Ok(Opened {
            id: text(&opened, "/journey"),
            reference: text(&opened, "/reference"),
            link: text(&opened, "/borrower_link/url"),
            code: text(&opened, "/borrower_link/code"),
        })
    }

    /// The journey as it stands.
    pub async fn status(&self, id: &str) -> Result<Value, Fail> {
        let path = format!("/journeys/{id}");
        Self::read(&path, &self.bytes(&path).await?)
    }

    /// The one table.
    pub async fn table(&self, id: &str) -> Result<CostTable, Fail> {
        let path = format!("/journeys/{id}/table");
        Self::read(&path, &self.bytes(&path).await?)
    }

    /// The evidence, without a personal value.
    pub async fn package(&self, id: &str) -> Result<Vec<u8>, Fail> {
        self.bytes(&format!("/journeys/{id}/package")).await
    }

    /// Asks for the permit.
    pub async fn permit(&self, id: &str) -> Result<Answer, Fail> {
        self.post(&format!("/journeys/{id}/permit"), None).await
    }

    /// Reports the payout.
    pub async fn payout(&self, id: &str, permit: &str, amount_fen: Fen, number: &str) -> Result<Value, Fail> {
        let body = json!({
            "permit": permit, "amount_fen": amount_fen.get(), "on": real::today().to_string(), "reference": number,
        });
        self.post(&format!("/journeys/{id}/payout"), Some(body)).await?.good()
    }

    /// Reports one charge.
    pub async fn charge(&self, id: &str, charge: Value) -> Result<Value, Fail> {
        self.post(&format!("/journeys/{id}/charges"), Some(charge)).await?.good()
    }
}
