//! One package and what its reader knows, and what the verifier in Rust says of it in the form in which the page says it.

use std::collections::BTreeMap;

use mingbai_core::borrow::audit::loans;
use mingbai_core::evidence::national::Sm2Key;
use mingbai_core::evidence::note::VerifyingKeyText;
use mingbai_core::evidence::note::cosignature::WitnessKey;
use mingbai_core::evidence::package::{Limits, read};
use mingbai_core::evidence::receipt::Receipt;
use mingbai_core::evidence::timestamp::Roots;
use mingbai_core::evidence::verify::{
    Reader, Report, Trust, verify_for, verify_receipt, verify_receipt_against,
};
use serde_json::{Value, json};

#[derive(Clone, Default)]
pub struct Case {
    /// What was done to it.
    pub kind: &'static str,
    /// A package or a receipt.
    pub bytes: Vec<u8>,
    /// Keys that the reader pinned; none = first use.
    pub keys: Vec<VerifyingKeyText>,
    pub witnesses: Vec<WitnessKey>,
    pub sm2: Vec<Sm2Key>,
    /// PEM.
    pub roots: Option<String>,
    /// A receipt that is held against the package.
    pub receipt: Option<Vec<u8>>,
    /// Whether an attachment may be missing or changed, so that the page may lack what it needs.
    pub lacks_documents: bool,
}

impl Case {
    pub fn new(kind: &'static str, bytes: Vec<u8>) -> Self {
        Case { kind, bytes, ..Case::default() }
    }

    fn reader(&self) -> Reader {
        let trust = if self.keys.is_empty() { Trust::OnFirstUse } else { Trust::Pinned(self.keys.clone()) };
        Reader {
            tsa_roots: self.roots.as_deref().map(|pem| Roots::from_pem(pem).unwrap()),
            sm2_keys: self.sm2.clone(),
            witnesses: self.witnesses.clone(),
            ..Reader::new(trust)
        }
    }

    /// What the page is told about its reader.
    pub fn brought(&self) -> Value {
        let keys = self.keys.iter().map(ToString::to_string);
        let witnesses = self.witnesses.iter().map(ToString::to_string);
        let keys: Vec<String> =
            keys.chain(witnesses).chain(self.sm2.iter().map(ToString::to_string)).collect();
        let receipt = self.receipt.as_deref().map(hex::encode);
        json!({ "keys": keys, "roots": self.roots.clone().unwrap_or_default(), "receipt": receipt })
    }

    /// What the verifier in Rust says.
    pub fn ours(&self) -> Value {
        let reader = self.reader();
        if Receipt::is_one(&self.bytes) {
            let receipt = said(&verify_receipt(&self.bytes, &reader));
            return json!({ "evidence": [], "loans": {}, "receipt": receipt });
        }
        let checked = read(&self.bytes, &Limits::default()).map(loans).unwrap_or_default();
        let loans: BTreeMap<String, Vec<Value>> = checked
            .into_iter()
            .map(|(name, checks)| (name, checks.iter().map(|c| json!([c.key, c.holding])).collect()))
            .collect();
        let against = |receipt: &Vec<u8>| said(&verify_receipt_against(receipt, &self.bytes, &reader));
        let receipt = self.receipt.as_ref().map(against).unwrap_or_default();
        json!({ "evidence": said(&verify_for(&self.bytes, &reader)), "loans": loans, "receipt": receipt })
    }
}

fn said(report: &Report) -> Vec<Value> {
    report.claims.iter().map(|c| json!([c.key, c.subject, c.verdict])).collect()
}
