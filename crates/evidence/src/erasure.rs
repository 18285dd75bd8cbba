//! How a verifier recognises that a person's data was destroyed by decision and not merely left out: the record of it in the stream
//! `privacy/<person>`, with its legal basis (个人信息保护法 第四十七条). Who may decide and when is for the crates above.

use serde::Deserialize;

use crate::digest::Digest;
use crate::record::Record;
use crate::text::Words;

/// The room of the streams in which erasures stand.
const ROOM: &str = "privacy/";
/// The kind of the record.
const KIND: &str = "erased";

/// A decision that a person's data is destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Erasure {
    /// The stream of the decision.
    pub stream: String,
    /// Its place there.
    pub seq: u64,
    /// Whom it is about: what follows the room in the names of her streams.
    pub person: String,
    /// Its legal basis, in words.
    pub basis: Words,
    /// The documents that went with it.
    pub documents: Vec<Digest>,
}

/// The body of such a record.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    basis: Basis,
    #[serde(rename = "note")]
    _note: String,
    documents: Vec<Digest>,
}

/// The cases of article 47.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Basis {
    PurposeOver,
    PeriodOver,
    ConsentWithdrawn,
    Unlawful,
    OtherLaw,
}

impl Basis {
    fn words(self) -> Words {
        let (zh, en) = match self {
            Basis::PurposeOver => ("第(一)项:处理目的已实现或不再必要", "1: the purpose is over"),
            Basis::PeriodOver => ("第(二)项:保存期限已届满", "2: the period of keeping is over"),
            Basis::ConsentWithdrawn => ("第(三)项:个人撤回同意", "3: she withdrew her consent"),
            Basis::Unlawful => ("第(四)项:违反规定或约定处理", "4: it was handled unlawfully"),
            Basis::OtherLaw => ("第(五)项:法律、行政法规规定的其他情形", "5: another law says so"),
        };
        Words::new(
            format!("个人信息保护法第四十七条{zh}"),
            format!("Personal Information Protection Law, article 47 item {en}"),
        )
    }
}

/// What a stream is about: the part of its name after the room.
pub(crate) fn person_of(stream: &str) -> &str {
    stream.split_once('/').map_or("", |(_, person)| person)
}

/// The first erasure of each `privacy/` stream among `records`.
pub(crate) fn erasures<'r>(records: impl Iterator<Item = &'r Record>) -> Vec<Erasure> {
    let mut found: Vec<Erasure> = Vec::new();
    for erasure in records.filter_map(read) {
        match found.iter_mut().find(|one| one.stream == erasure.stream) {
            Some(known) if known.seq > erasure.seq => *known = erasure,
            Some(_) => {}
            None => found.push(erasure),
        }
    }
    found
}

fn read(record: &Record) -> Option<Erasure> {
    let stream = record.stream().as_str();
    let is_one = stream.starts_with(ROOM) && record.kind() == KIND && by_compliance(record.actor());
    let body = is_one.then(|| Body::deserialize(record.body()).ok()).flatten()?;
    Some(Erasure {
        stream: stream.to_owned(),
        seq: record.seq(),
        person: person_of(stream).to_owned(),
        basis: body.basis.words(),
        documents: body.documents,
    })
}

/// `staff:<login>:compliance`: nobody else may decide it.
fn by_compliance(actor: &str) -> bool {
    let login = actor.strip_prefix("staff:").and_then(|rest| rest.strip_suffix(":compliance"));
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    login.is_some_and(|login| (1..=40).contains(&login.len()) && login.bytes().all(allowed))
}
