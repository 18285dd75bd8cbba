//! Journeys as text, one event a line, so that a fuzzer can cut, repeat and exchange events without having to forge hashes:
//! `<ms later> <actor> <kind> <body as JSON>`. Numbers, links and the digest of the current terms are filled in.

use mingbai_core::borrow::JourneyId;
use mingbai_evidence::{Digest, Draft, Record};
use serde_json::Value;
use uuid::Uuid;

/// The most events that are played.
const EVENTS: usize = 200;

/// The journey that all stories are of.
pub fn id() -> JourneyId {
    JourneyId::new(Uuid::from_u128(7))
}

/// Writes a story down; lines that are none are left out.
pub fn records(text: &str) -> Vec<Record> {
    let (mut records, mut at_ms, mut terms) = (Vec::<Record>::new(), 1_780_000_000_000_i64, None);
    for line in text.lines().take(EVENTS) {
        let mut parts = line.splitn(4, ' ');
        let (Some(later), Some(actor), Some(kind), Some(body)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let (Ok(later_ms), Ok(body)) = (later.parse::<i32>(), serde_json::from_str::<Value>(body)) else {
            continue;
        };
        at_ms += i64::from(later_ms);
        if let Some(offered) = body.get("terms_json").and_then(Value::as_str) {
            terms = Some(Digest::of(offered.as_bytes()));
        }
        let draft = Draft {
            id: Uuid::from_u128(records.len() as u128),
            stream: id().stream(),
            seq: records.len() as u64,
            prev: records.last().map(Record::leaf),
            at_ms,
            actor: actor.to_owned(),
            kind: kind.to_owned(),
            terms,
            body,
        };
        records.extend(Record::write(draft).ok());
    }
    records
}

/// The story of records.
pub fn text(records: &[Record]) -> String {
    let (mut out, mut at_ms) = (String::new(), 1_780_000_000_000);
    for record in records {
        let later_ms = record.at_ms() - at_ms;
        at_ms = record.at_ms();
        out.push_str(&format!("{later_ms} {} {} {}\n", record.actor(), record.kind(), record.body()));
    }
    out
}
