//! The claims about what is inside: records, their chains, attachments and opened values.

use std::collections::{BTreeMap, BTreeSet};

use super::Found;
use super::report::{ClaimKey, Report};
use crate::digest::Digest;
use crate::erasure::{Erasure, person_of};
use crate::package::{Layout, extension, parse_disclosure};
use crate::record::Record;
use crate::refs::{AttachmentRef, Reference, SealedRef, digests, references};
use crate::seal::{Commitment, opens};
use crate::text::{Bilingual as _, Words};

/// Reads every record. What is malformed is named; what is left is well formed.
pub(super) fn records(report: &mut Report, layout: &Layout) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut ids = BTreeSet::new();
    for (name, bytes) in &layout.records {
        match Record::parse(bytes.clone()) {
            Err(error) => report.contradicted(ClaimKey::Records, name, error.words()),
            Ok(record) => {
                if !ids.insert(record.id()) {
                    let words = Words::new("另一条记录用了同一个编号。", "Another record has the same id.");
                    report.contradicted(ClaimKey::Records, name, words);
                }
                found.push(Found { name: name.clone(), record });
            }
        }
    }
    report.facts.records = found.len();
    if layout.records.is_empty() {
        let words = Words::new("包里没有记录,什么也证明不了。", "There are no records; this proves nothing.");
        report.not_proven(ClaimKey::Records, "", words);
    } else if !report.failed(ClaimKey::Records) {
        let words = Words::new(
            format!("记录 {} 条,格式都正确。", found.len()),
            format!("Records: {}, each well formed.", found.len()),
        );
        report.proven(ClaimKey::Records, "", words);
    }
    found
}

/// References of all records, each with the file of the record that makes it.
fn all_references(found: &[Found]) -> Vec<(&str, Reference)> {
    let mut all = Vec::new();
    for Found { name, record } in found {
        all.extend(references(record.body()).into_iter().map(|reference| (name.as_str(), reference)));
    }
    all
}

/// Checks that every attachment is what its name says and what some record refers to, and names what was left out.
pub(super) fn attachments(report: &mut Report, layout: &Layout, found: &[Found], erasures: &[Erasure]) {
    let mut wanted: BTreeMap<Digest, Vec<AttachmentRef>> = BTreeMap::new();
    for (name, reference) in all_references(found) {
        match reference {
            Reference::Attachment(reference) => wanted.entry(reference.sha256).or_default().push(reference),
            Reference::Sealed(_) => {}
            Reference::Unreadable => {
                let words = Words::new(
                    "记录里有一处指向别处的内容无法辨认。",
                    "The record refers to something in a form that cannot be followed.",
                );
                report.not_proven(ClaimKey::References, name, words);
            }
        }
    }
    let cited: BTreeSet<Digest> = found.iter().flat_map(|found| digests(found.record.body())).collect();
    report.facts.attachments = layout.attachments.len();
    let mut present = BTreeSet::new();
    for (name, attachment) in &layout.attachments {
        present.insert(attachment.sha256);
        if Digest::of(&attachment.bytes) != attachment.sha256 {
            let words = Words::new(
                "附件的内容与它的名字(SHA-256)不符:附件被改动过。",
                "The content is not the one that its name (SHA-256) stands for: the attachment was changed.",
            );
            report.contradicted(ClaimKey::Attachments, name, words);
            continue;
        }
        let refs = wanted.get(&attachment.sha256).map_or(&[][..], Vec::as_slice);
        if refs.is_empty() && !cited.contains(&attachment.sha256) {
            let words = Words::new(
                "没有记录提到这份附件,它不属于证据。",
                "No record refers to this attachment; it is not part of the evidence.",
            );
            report.not_proven(ClaimKey::Attachments, name, words);
        }
        described(report, name, &attachment.media, attachment.bytes.len() as u64, refs);
    }
    for (sha256, refs) in wanted.iter().filter(|(sha256, _)| !present.contains(*sha256)) {
        let media = refs.first().map_or("", |r| r.media.as_str());
        if let Some(erasure) = erasures.iter().find(|one| one.documents.contains(sha256)) {
            erased(report, &sha256.to_string(), media, erasure);
            continue;
        }
        let words = Words::new(
            format!("记录提到这份附件({media}),但没有放进包里。"),
            format!("A record refers to this attachment ({media}); it was left out of the package."),
        );
        report.not_proven(ClaimKey::Withheld, &sha256.to_string(), words);
    }
    if !report.failed(ClaimKey::Attachments) {
        let count = layout.attachments.len();
        let words = Words::new(
            format!("附件 {count} 份,每份都与记录所指的内容一致。"),
            format!("Attachments: {count}, each the document to which a record refers."),
        );
        report.proven(ClaimKey::Attachments, "", words);
    }
}

/// Checks an unchanged attachment against what the records say of it.
fn described(report: &mut Report, name: &str, media: &str, bytes: u64, refs: &[AttachmentRef]) {
    if refs.iter().any(|r| r.bytes != bytes) {
        let words = Words::new(
            format!("附件有 {bytes} 字节,与记录所写的长度不符。"),
            format!("The attachment has {bytes} bytes, which is not the length in the record."),
        );
        report.contradicted(ClaimKey::Attachments, name, words);
    }
    let same_kind = |r: &AttachmentRef| extension(&r.media) == extension(media);
    if !refs.is_empty() && !refs.iter().any(same_kind) {
        let words = Words::new(
            "附件的类型(扩展名)与记录所写的不符。",
            "The type of the attachment (its extension) is not the one in the record.",
        );
        report.contradicted(ClaimKey::Attachments, name, words);
    }
}

/// Checks that every opened value opens a commitment of some record, and counts those that stay sealed.
pub(super) fn disclosures(report: &mut Report, layout: &Layout, found: &[Found], erasures: &[Erasure]) {
    let mut sealed: BTreeSet<SealedRef> = BTreeSet::new();
    let mut gone: BTreeMap<Commitment, &Erasure> = BTreeMap::new();
    for Found { record, .. } in found {
        let person = person_of(record.stream().as_str());
        let erasure = erasures.iter().find(|one| one.person == person);
        for reference in references(record.body()) {
            let Reference::Sealed(reference) = reference else { continue };
            if let Some(erasure) = erasure {
                gone.insert(reference.sealed, erasure);
            }
            sealed.insert(reference);
        }
    }
    let mut opened = BTreeSet::new();
    for (name, bytes) in &layout.disclosures {
        let disclosure = match parse_disclosure(bytes) {
            Ok(disclosure) => disclosure,
            Err(why) => {
                let words =
                    Words::new(format!("格式不对({why})。"), format!("It does not have its form ({why})."));
                report.contradicted(ClaimKey::Disclosures, name, words);
                continue;
            }
        };
        if !opens(&disclosure.commitment, &disclosure.label, &disclosure.value, &disclosure.salt) {
            let words = Words::new(
                "公开的内容与当初封存的不是同一个。",
                "The opened value is not the one that was sealed.",
            );
            report.contradicted(ClaimKey::Disclosures, name, words);
            continue;
        }
        let reference = SealedRef { sealed: disclosure.commitment, label: disclosure.label };
        if !sealed.contains(&reference) {
            let words = Words::new("没有记录提到这项封存的内容。", "No record refers to this sealed value.");
            report.not_proven(ClaimKey::Disclosures, name, words);
        }
        opened.insert(reference);
    }
    if !report.failed(ClaimKey::Disclosures) {
        let words = Words::new(
            format!("公开的内容 {} 项,每项都与当初封存的一致。", opened.len()),
            format!("Opened values: {}, each the one that was sealed.", opened.len()),
        );
        report.proven(ClaimKey::Disclosures, "", words);
    }
    for SealedRef { sealed, label } in sealed.difference(&opened) {
        if let Some(erasure) = gone.get(sealed) {
            erased(report, &sealed.to_string(), label, erasure);
            continue;
        }
        let words = Words::new(format!("{label}:已封存,没有公开。"), format!("{label}: sealed, not opened."));
        report.not_proven(ClaimKey::Sealed, &sealed.to_string(), words);
    }
}

/// What is gone is gone by a decision on record: not a failure, and not a vague unknown.
fn erased(report: &mut Report, subject: &str, what: &str, erasure: &Erasure) {
    let Erasure { stream, seq, basis, .. } = erasure;
    let words = Words::new(
        format!("{what}:已依法删除({};依据是 {stream} 的第 {seq} 条记录);证明不受影响。", basis.zh),
        format!(
            "{what}: erased on the legal basis of the {} (record {seq} of {stream}); the proof stands.",
            basis.en
        ),
    );
    report.proven(ClaimKey::Erased, subject, words);
}
