//! The claims about streams: is each one unbroken from its first record, what of it is withheld, and is it all that the log had at the
//! checkpoint.

use std::collections::{BTreeMap, BTreeSet};

use super::Found;
use super::log::Signed;
use super::report::{ClaimKey, Report};
use crate::chain::{self, BACKWARD_TOLERANCE_MS, ChainError};
use crate::closing::{Going, Statement, StreamEnd};
use crate::digest::Digest;
use crate::note::NoteError;
use crate::package::{Inclusion, Layout, Withheld, parse_withheld};
use crate::record::{Record, StreamHead};
use crate::stream::StreamId;
use crate::text::{Bilingual as _, Words};

/// A withheld record with the name of its file.
pub(super) struct Hidden {
    pub name: String,
    pub one: Withheld,
}

/// One place of a stream.
pub(super) enum Place<'f> {
    Shown(&'f Record),
    Hidden(&'f Hidden),
}

impl Place<'_> {
    fn seq(&self) -> u64 {
        match self {
            Place::Shown(record) => record.seq(),
            Place::Hidden(hidden) => hidden.one.seq,
        }
    }

    fn leaf(&self) -> Digest {
        match self {
            Place::Shown(record) => record.leaf(),
            Place::Hidden(hidden) => hidden.one.leaf,
        }
    }
}

/// Every stream's places in the order of their numbers.
pub(super) type Streams<'f> = BTreeMap<&'f StreamId, Vec<Place<'f>>>;

/// Reads the files of withheld records. What is malformed is named; what is left is well formed.
pub(super) fn withheld(report: &mut Report, layout: &Layout) -> Vec<Hidden> {
    let mut found = Vec::new();
    for (name, bytes) in &layout.withheld {
        // The proof is judged with all others.
        match parse_withheld(bytes, Inclusion { index: 0, path: Vec::new() }) {
            Ok(one) => found.push(Hidden { name: name.clone(), one }),
            Err(why) => {
                let words =
                    Words::new(format!("格式不对({why})。"), format!("It does not have its form ({why})."));
                report.contradicted(ClaimKey::WithheldRecord, name, words);
            }
        }
    }
    found
}

/// Sorts shown and withheld records by stream and place.
pub(super) fn sorted<'f>(found: &'f [Found], hidden: &'f [Hidden]) -> Streams<'f> {
    let mut streams = Streams::new();
    for Found { record, .. } in found {
        streams.entry(record.stream()).or_default().push(Place::Shown(record));
    }
    for one in hidden {
        streams.entry(&one.one.stream).or_default().push(Place::Hidden(one));
    }
    for places in streams.values_mut() {
        places.sort_by_key(Place::seq);
    }
    streams
}

/// Checks each stream from its first record, in the order of its numbers. Returns those that are unbroken.
pub(super) fn chains<'f>(report: &mut Report, streams: &Streams<'f>) -> BTreeSet<&'f StreamId> {
    let mut unbroken = BTreeSet::new();
    for (stream, places) in streams {
        report.facts.streams.push(stream.to_string());
        if let Err(error) = follow(places) {
            report.contradicted(ClaimKey::Chain, stream.as_str(), error.words());
            continue;
        }
        unbroken.insert(*stream);
        chain_words(report, stream, places);
        for (at, place) in places.iter().enumerate() {
            if let Place::Hidden(hidden) = place {
                let is_named = matches!(places.get(at + 1), Some(Place::Shown(_)));
                report.not_proven(
                    ClaimKey::WithheldRecord,
                    &hidden.name,
                    hidden_words(hidden.one.seq, is_named),
                );
            }
        }
    }
    unbroken
}

/// [`chain::check`], where a withheld record counts and what it names is not seen.
fn follow(places: &[Place<'_>]) -> Result<(), ChainError> {
    let mut head: Option<StreamHead> = None;
    let mut latest_ms: Option<i64> = None;
    for place in places {
        match place {
            Place::Shown(record) => {
                chain::follows(head.as_ref(), record)?;
                let back_ms = latest_ms.map_or(0, |latest| latest - record.at_ms());
                if back_ms > BACKWARD_TOLERANCE_MS {
                    return Err(ChainError::TimeRunsBack { seq: record.seq(), back_ms });
                }
                latest_ms = Some(latest_ms.map_or(record.at_ms(), |latest| latest.max(record.at_ms())));
            }
            Place::Hidden(hidden) => {
                let (expected, found) = (head.map_or(0, |head| head.seq + 1), hidden.one.seq);
                if found != expected {
                    return Err(ChainError::Gap { expected, found });
                }
            }
        }
        head = Some(StreamHead { seq: place.seq(), leaf: place.leaf() });
    }
    Ok(())
}

fn chain_words(report: &mut Report, stream: &StreamId, places: &[Place<'_>]) {
    let Some(last) = places.iter().rposition(|place| matches!(place, Place::Shown(_))) else {
        let words = Words::new(
            "这一流的记录全部没有公开,它们是否相接看不出来。",
            "Every record of this stream is withheld; whether they follow each other cannot be seen.",
        );
        report.not_proven(ClaimKey::Chain, stream.as_str(), words);
        return;
    };
    let hidden = places.iter().take(last).filter(|place| matches!(place, Place::Hidden(_))).count();
    let words = if hidden == 0 {
        Words::new(
            format!("从第 0 条到第 {last} 条环环相扣,没有缺失、替换或调换。"),
            format!("Records 0 to {last} follow each other without gap, replacement or swap."),
        )
    } else {
        Words::new(
            format!("从第 0 条到第 {last} 条没有缺失,其中 {hidden} 条没有公开内容。"),
            format!("Records 0 to {last} are all accounted for; withheld among them: {hidden}."),
        )
    };
    report.proven(ClaimKey::Chain, stream.as_str(), words);
}

fn hidden_words(seq: u64, is_named: bool) -> Words {
    let next = seq.saturating_add(1);
    if is_named {
        return Words::new(
            format!("第 {seq} 条记录没有公开内容;它的位置是确定的:第 {next} 条写着它的叶子摘要。"),
            format!("Record {seq} is withheld; its place is certain: record {next} names its leaf."),
        );
    }
    Words::new(
        format!("第 {seq} 条记录没有公开内容;这个叶子在日志里,但它就是第 {seq} 条,只有本包的说法。"),
        format!(
            "Record {seq} is withheld; its leaf is in the log, but that it is record {seq} is only the package's word."
        ),
    )
}

/// Says for every stream whether it is complete up to the checkpoint.
pub(super) fn ends(
    report: &mut Report,
    layout: &Layout,
    signed: Option<&Signed>,
    streams: &Streams<'_>,
    unbroken: &BTreeSet<&StreamId>,
) {
    let stated = layout.streams.as_deref().and_then(|bytes| stated(report, bytes, signed));
    for (stream, places) in streams.iter().filter(|(stream, _)| unbroken.contains(*stream)) {
        let row = stated.as_ref().and_then(|stated| Some((stated, stated.end(stream)?)));
        let Some((stated, row)) = row else {
            let last = places.len().saturating_sub(1);
            let words = Words::new(
                format!("第 {last} 条之后是否还有记录,仅凭本文件看不出来。"),
                format!("Whether more records followed number {last} cannot be seen from this file."),
            );
            report.not_proven(ClaimKey::StreamEnd, stream.as_str(), words);
            continue;
        };
        match end(row, places, stated.checkpoint.size()) {
            Ok(words) => report.proven(ClaimKey::StreamEnd, stream.as_str(), words),
            Err(words) => report.contradicted(ClaimKey::StreamEnd, stream.as_str(), words),
        }
    }
    for row in stated.iter().flat_map(|stated| &stated.ends).filter(|row| !streams.contains_key(&row.stream))
    {
        let words = Words::new(
            "日志签名声明有这一流,而包里一条也没有。",
            "The log states this stream under its signature, and the package holds none of it.",
        );
        report.contradicted(ClaimKey::StreamEnd, row.stream.as_str(), words);
    }
}

/// Holds one stream against what the log states of it.
fn end(row: &StreamEnd, places: &[Place<'_>], size: u64) -> Result<Words, Words> {
    let (length, here) = (row.length, places.len());
    if length != here as u64 {
        return Err(Words::new(
            format!("日志签名声明此流有 {length} 条,这里有 {here} 条:不完整或被添加过。"),
            format!(
                "The log states under its signature that this stream has {length} records, and here are {here}: some are missing or were added."
            ),
        ));
    }
    if places.last().map(Place::leaf) != Some(row.head) {
        return Err(Words::new(
            "最后一条记录不是日志签名声明的那一条。",
            "The last record is not the one that the log states under its signature.",
        ));
    }
    Ok(match row.going {
        Going::Ended => Words::new(
            format!("此流已经结束,共 {length} 条:截至第 {size} 条记录的检查点,日志签名声明其后没有别的。"),
            format!(
                "The stream has ended with {length} records: the log states under its signature that nothing came after, up to the checkpoint of {size} records."
            ),
        ),
        Going::Open => Words::new(
            format!("此流还在继续;截至第 {size} 条记录的检查点完整,共 {length} 条。"),
            format!(
                "The stream is still open; it is complete up to the checkpoint of {size} records, with {length}."
            ),
        ),
    })
}

/// The statement, if it can be held against the records.
fn stated(report: &mut Report, bytes: &[u8], signed: Option<&Signed>) -> Option<Statement> {
    const FILE: &str = "streams";
    let text = std::str::from_utf8(bytes).map_err(|_| NoteError::Malformed);
    let Ok(stated) = text.and_then(Statement::parse) else {
        let words = Words::new(
            "这不是关于各流长度的声明;可能已损坏。",
            "This is not a statement of the streams' lengths; it was damaged.",
        );
        report.contradicted(ClaimKey::StreamEnd, FILE, words);
        return None;
    };
    let Some(signed) = signed else {
        let words = Words::new(
            "没有可读的检查点,声明无从对照。",
            "There is no readable checkpoint to compare the statement with.",
        );
        report.not_proven(ClaimKey::StreamEnd, FILE, words);
        return None;
    };
    if stated.checkpoint != signed.checkpoint {
        let words = Words::new(
            "声明说的是另一个检查点;请勿采信。",
            "The statement is about another checkpoint; do not rely on it.",
        );
        report.contradicted(ClaimKey::StreamEnd, FILE, words);
        return None;
    }
    match stated.verify(&signed.signers) {
        Ok(()) => Some(stated),
        Err(error @ NoteError::BadSignature { .. }) => {
            report.contradicted(ClaimKey::StreamEnd, FILE, error.words());
            None
        }
        Err(_) => {
            let words = Words::new(
                "声明不是由检查点的签名者签的,不作数。",
                "The statement is not signed by who signed the checkpoint; it does not count.",
            );
            report.not_proven(ClaimKey::StreamEnd, FILE, words);
            None
        }
    }
}
