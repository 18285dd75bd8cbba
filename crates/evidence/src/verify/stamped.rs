//! The claims about the time stamp: does it fit the log of this package, how much does it cover, and is the authority one that
//! the reader trusts. No time stamp is "not proven", a wrong one is "contradicted".

use super::report::{ClaimKey, Report};
use crate::digest::Digest;
use crate::merkle::verify_consistency;
use crate::note::{Checkpoint, SignedCheckpoint};
use crate::package::{Layout, STAMP_NAME, STAMPED_NOTE_NAME, STAMPED_PATH_NAME, parse_path};
use crate::text::{Bilingual as _, Words};
use crate::timestamp::{Roots, Stamp, StampError, Stated, time_text};

/// Judges the time stamp. `places` are the positions in the log of the records in the package.
pub(super) fn time_stamp(
    report: &mut Report,
    layout: &Layout,
    checkpoint: Option<&Checkpoint>,
    places: &[u64],
    roots: Option<&Roots>,
) {
    let Some(response) = layout.stamped.get(STAMP_NAME) else {
        absent(report, layout, roots);
        return;
    };
    let Some(own) = checkpoint else {
        let words = Words::new(
            "没有可读的检查点,时间戳无从对照。",
            "There is no readable checkpoint to compare the time stamp with.",
        );
        report.not_proven(ClaimKey::TimeStamp, STAMP_NAME, words);
        return;
    };
    let stamped = match stamped_checkpoint(report, layout, own) {
        Some(stamped) => stamped,
        None => return,
    };
    match Stamp::open(response, &stamped.imprint) {
        Ok(stamp) => judged(report, &stamp, stamped.size, places, roots),
        Err(error) => failed(report, ClaimKey::TimeStamp, &error),
    }
}

fn absent(report: &mut Report, layout: &Layout, roots: Option<&Roots>) {
    let words = Words::new(
        "没有时间戳:这些记录什么时候就有了,只有贷款机构自己的说法。",
        "There is no time stamp: since when these records exist is only the lender's own word.",
    );
    report.not_proven(ClaimKey::TimeStamp, "", words);
    if roots.is_some() {
        let words = Words::new(
            "您给出了时间戳机构的根证书,但文件里没有时间戳。",
            "You gave the root of a time-stamping authority, but there is no time stamp in the file.",
        );
        report.not_proven(ClaimKey::TimeAuthority, "", words);
    }
    for name in layout.stamped.keys() {
        let words = Words::new(
            "这个文件属于一个不在包里的时间戳。",
            "This file belongs to a time stamp that is not in the package.",
        );
        report.not_proven(ClaimKey::Files, name, words);
    }
}

/// The checkpoint under the stamp.
struct Under {
    imprint: Digest,
    size: u64,
}

/// The bytes that should be stamped: the package's own checkpoint, or another one that is proven to be of the same log.
fn stamped_checkpoint(report: &mut Report, layout: &Layout, own: &Checkpoint) -> Option<Under> {
    let note = layout.stamped.get(STAMPED_NOTE_NAME);
    let path = layout.stamped.get(STAMPED_PATH_NAME);
    let (note, path) = match (note, path) {
        (None, None) => {
            let bytes = layout.checkpoint.as_deref().unwrap_or_default();
            return Some(Under { imprint: Digest::of(bytes), size: own.size() });
        }
        (Some(note), Some(path)) => (note, path),
        _ => {
            let words = Words::new(
                "盖了时间戳的检查点和它的一致性证明应当同时在包里。",
                "The stamped checkpoint and its consistency proof must both be in the package.",
            );
            report.contradicted(ClaimKey::TimeStamp, STAMP_NAME, words);
            return None;
        }
    };
    match same_log(note, path, own) {
        Ok(size) => Some(Under { imprint: Digest::of(note), size }),
        Err(words) => {
            report.contradicted(ClaimKey::TimeStamp, STAMPED_NOTE_NAME, words);
            None
        }
    }
}

/// Whether the stamped checkpoint and the package's own are of one log, the smaller a prefix of the larger; the stamped size.
fn same_log(note: &[u8], path: &[u8], own: &Checkpoint) -> Result<u64, Words> {
    let unreadable = |why: Words| {
        Words::new(
            format!("盖了时间戳的检查点读不懂:{}", why.zh),
            format!("The stamped checkpoint cannot be read: {}", why.en),
        )
    };
    let text = std::str::from_utf8(note).map_err(|_| crate::note::NoteError::Malformed);
    let other = text.and_then(SignedCheckpoint::parse).map_err(|e| unreadable(e.words()))?;
    let other = other.checkpoint();
    if other.origin() != own.origin() {
        return Err(Words::new(
            format!("时间戳盖的是另一个日志({})的检查点;请勿采信。", other.origin()),
            format!(
                "The time stamp is over a checkpoint of another log ({}); do not rely on it.",
                other.origin()
            ),
        ));
    }
    let path = parse_path(path).map_err(|why| {
        Words::new(
            format!("一致性证明格式不对({why})。"),
            format!("The consistency proof is malformed ({why})."),
        )
    })?;
    let (small, large) = if other.size() <= own.size() { (other, own) } else { (own, other) };
    verify_consistency(small.size(), large.size(), &small.root(), &large.root(), &path).map_err(|error| {
        let why = error.words();
        Words::new(
            format!("盖了时间戳的检查点与本包的检查点不是同一个日志:日志可能被改写过。{}", why.zh),
            format!("The stamped checkpoint and that of the package are not of one log: it may have been rewritten. {}", why.en),
        )
    })?;
    Ok(other.size())
}

fn failed(report: &mut Report, key: ClaimKey, error: &StampError) {
    if error.leaves_open() {
        report.not_proven(key, STAMP_NAME, error.words());
    } else {
        report.contradicted(key, STAMP_NAME, error.words());
    }
}

/// A stamp whose own signature holds: who stamped, when, and which of the records it covers.
fn judged(report: &mut Report, stamp: &Stamp, size: u64, places: &[u64], roots: Option<&Roots>) {
    let (told_zh, told_en) = told(stamp, size);
    let Some(roots) = roots else {
        let words = Words::new(
            format!("{told_zh}没有给出时间戳机构的根证书,不知道是谁盖的;请用 --tsa-root 给出。"),
            format!(
                "{told_en} No root of the authority was given, so it is not known who stamped; give it with --tsa-root."
            ),
        );
        report.not_proven(ClaimKey::TimeStamp, STAMP_NAME, words);
        return;
    };
    match stamp.trusted_by(roots) {
        Err(error) => {
            failed(report, ClaimKey::TimeAuthority, &error);
            let words = Words::new(
                format!("{told_zh}但盖戳的机构没有得到您的根证书的证明。"),
                format!("{told_en} But your roots do not vouch for who stamped."),
            );
            report.not_proven(ClaimKey::TimeStamp, STAMP_NAME, words);
        }
        Ok(root) => {
            let words = Words::new(
                format!(
                    "时间戳机构的证书链到达您信任的根证书 {root},盖戳时都在有效期内(吊销与否无法离线得知)。"
                ),
                format!(
                    "The authority's chain reaches {root}, which you trust; all were valid then (revocation cannot be known offline)."
                ),
            );
            report.proven(ClaimKey::TimeAuthority, STAMP_NAME, words);
            report.proven(ClaimKey::TimeStamp, STAMP_NAME, Words::new(told_zh, told_en));
            covered(report, size, places);
        }
    }
}

/// Which records of the package lie under the stamp.
fn covered(report: &mut Report, size: u64, places: &[u64]) {
    let after = places.iter().filter(|place| **place >= size).count();
    if after > 0 {
        let words = Words::new(
            format!("其中 {after} 条记录在盖戳之后才写入,时间戳管不到它们。"),
            format!("Records that were written after the stamp and are not covered by it: {after}."),
        );
        report.not_proven(ClaimKey::TimeStamp, STAMP_NAME, words);
    }
}

fn told(stamp: &Stamp, size: u64) -> (String, String) {
    let Stated { at_ms, accuracy_us, policy, serial } = stamp.stated();
    let authority = stamp.authority();
    let utc = time_text(*at_ms).unwrap_or_else(|| at_ms.to_string());
    let beijing = time_text(at_ms.saturating_add(8 * 3_600_000)).unwrap_or_else(|| at_ms.to_string());
    let (off_zh, off_en) = match accuracy_us {
        Some(us) => {
            let text = format!("{}.{:06}", us / 1_000_000, us % 1_000_000);
            let seconds = text.trim_end_matches('0').trim_end_matches('.');
            (format!("误差不超过 {seconds} 秒"), format!("within {seconds} s"))
        }
        None => ("误差未说明".to_owned(), "accuracy not stated".to_owned()),
    };
    (
        format!(
            "日志的前 {size} 条记录在北京时间 {beijing} 就已存在({off_zh});时间戳机构 {authority},策略 {policy},编号 {serial}。"
        ),
        format!(
            "The first {size} records of the log existed at {utc} UTC ({off_en}), says {authority} under policy {policy}, serial {serial}."
        ),
    )
}
