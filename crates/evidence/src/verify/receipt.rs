//! What a receipt proves alone, and what it says about a package: whether the record that the borrower has a receipt for is in it,
//! unchanged.

use super::report::{ClaimKey, Report};
use super::{Reader, cosigned, log};
use crate::digest::Digest;
use crate::merkle::verify_inclusion;
use crate::note::SignedCheckpoint;
use crate::package::{Inclusion, Layout, parse_key, parse_withheld, unpack};
use crate::receipt::Receipt;
use crate::record::Record;
use crate::stream::StreamId;
use crate::text::{Bilingual as _, Words};

/// Verifies a receipt by itself. Never panics and never fails, as [`super::verify`].
#[must_use]
pub fn verify_receipt(bytes: &[u8], reader: &Reader) -> Report {
    let mut report = Report::default();
    let receipt = match Receipt::parse(bytes) {
        Ok(receipt) => receipt,
        Err(error) => {
            report.contradicted(ClaimKey::Receipt, "", error.words());
            return report;
        }
    };
    judged(&mut report, &receipt, reader);
    report
}

/// Verifies a receipt and holds a package against it: the package must contain the receipt's record, unchanged. The package's own
/// claims are made by [`super::verify_for`].
#[must_use]
pub fn verify_receipt_against(bytes: &[u8], package: &[u8], reader: &Reader) -> Report {
    let mut report = verify_receipt(bytes, reader);
    let Ok(receipt) = Receipt::parse(bytes) else { return report };
    let layout = match unpack(package, &reader.limits) {
        Ok(files) => Layout::of(files),
        Err(error) => {
            report.not_proven(ClaimKey::Receipt, receipt.record.stream().as_str(), error.words());
            return report;
        }
    };
    // A receipt signed with a key of somebody's own making must not speak against anybody's package.
    let own = layout.key.as_deref().and_then(|bytes| parse_key(bytes).ok());
    let is_known = report.any_proven(ClaimKey::Signer) || own.as_ref() == Some(&receipt.key);
    let stands = report.intact() && is_known;
    let hers = places_of(&layout, receipt.record.stream());
    compared(&mut report, &receipt.record, &hers, stands);
    report
}

/// Place and leaf of every record of a stream in the package, withheld ones too.
fn places_of(layout: &Layout, stream: &StreamId) -> Vec<(u64, Digest)> {
    let shown = layout.records.values().filter_map(|bytes| Record::parse(bytes.clone()).ok());
    let shown = shown.filter(|record| record.stream() == stream).map(|record| (record.seq(), record.leaf()));
    let none = || Inclusion { index: 0, path: Vec::new() };
    let hidden = layout.withheld.values().filter_map(|bytes| parse_withheld(bytes, none()).ok());
    let hidden = hidden.filter(|one| one.stream == *stream).map(|one| (one.seq, one.leaf));
    shown.chain(hidden).collect()
}

/// Looks for the receipt's record among those of the package. `stands`: whether the receipt itself is proven.
fn compared(report: &mut Report, record: &Record, hers: &[(u64, Digest)], stands: bool) {
    let (stream, seq) = (record.stream(), record.seq());
    let subject = format!("{stream} {seq}");
    let leaves: Vec<Digest> = hers.iter().filter(|(at, _)| *at == seq).map(|(_, leaf)| *leaf).collect();
    if leaves == [record.leaf()] {
        let words = Words::new(
            format!("凭证所指的第 {seq} 条记录在包里,没有改动。"),
            format!("Record {seq}, for which this receipt was given, is in the package, unchanged."),
        );
        report.proven(ClaimKey::Receipt, &subject, words);
        return;
    }
    let (what_zh, what_en) = match (leaves.is_empty(), hers.is_empty()) {
        (true, true) => ("包里完全没有这笔业务的记录", "the package has none of this journey's records"),
        (true, false) => ("包里缺了这条记录", "the package lacks this record"),
        (false, _) => ("包里的这条记录是另一个内容", "the package has another content for this record"),
    };
    if stands {
        let words = Words::new(
            format!(
                "与凭证相反:日志曾经含有第 {seq} 条记录,而{what_zh}。请保留凭证和包,两者都有日志的签名。"
            ),
            format!(
                "Against the receipt: the log held record {seq}, yet {what_en}. Keep receipt and package; the log signed both."
            ),
        );
        report.contradicted(ClaimKey::Receipt, &subject, words);
    } else {
        let words = Words::new(
            format!("{what_zh};但这份凭证自己也没有得到证明,不能据此断定。"),
            format!(
                "As to record {seq}: {what_en}; but the receipt itself is not proven, so this shows nothing."
            ),
        );
        report.not_proven(ClaimKey::Receipt, &subject, words);
    }
}

fn judged(report: &mut Report, receipt: &Receipt, reader: &Reader) {
    let signed = match SignedCheckpoint::parse(&receipt.checkpoint) {
        Ok(signed) => signed,
        Err(error) => {
            report.contradicted(ClaimKey::Checkpoint, "", error.words());
            return;
        }
    };
    let stated = signed.checkpoint();
    let (origin, size, root) = (stated.origin(), stated.size(), stated.root());
    let words = Words::new(
        format!("检查点:日志 {origin},共 {size} 条记录。"),
        format!("The checkpoint is of log {origin} with {size} records."),
    );
    report.proven(ClaimKey::Checkpoint, "", words);
    report.facts.origin = Some(origin.to_owned());
    report.facts.log_size = Some(size);
    report.facts.root = Some(root);
    log::signed_by(report, std::slice::from_ref(&receipt.key), &reader.trust, &signed, &reader.witnesses);
    cosigned::witnesses(report, &signed, &reader.witnesses);
    let (stream, seq) = (receipt.record.stream(), receipt.record.seq());
    match verify_inclusion(&receipt.record.leaf(), receipt.index, size, &receipt.path, &root) {
        Ok(()) => {
            let index = receipt.index;
            let words = Words::new(
                format!(
                    "{stream} 的第 {seq} 条记录就是凭证里的这一条,在日志的第 {index} 位;它锁定了该业务此前的全部记录。"
                ),
                format!(
                    "Record {seq} of {stream} is the one in the receipt, at position {index} of the log; it fixes all before it."
                ),
            );
            report.proven(ClaimKey::Inclusion, "", words);
        }
        Err(error) => report.contradicted(ClaimKey::Inclusion, "", error.words()),
    }
}
