//! Time stamps over whole signed files (PAdES B-LTA): what a verifier of the stamps so far needs goes in first, then the place for
//! the next one.

use mingbai_core::text::both;
use mingbai_desk::ports::{ArchivedFile, SignatureError, WaitingArchive};
use mingbai_evidence::Digest;
use mingbai_sign::{
    ClaimKind, FieldKind, Prepared, Reader, Report, TimeStamps as _, Validation, Verdict, add_validation,
    finish, missing_validation, prepare_time_stamp, verify_for,
};

use super::adapter::{STAMP_ROOM_BYTES, failing};
use super::authority::{BuiltIn, fault};
use super::lists::Wanted;
use super::stamps::{StampReader, token_of};

/// What a screen reader says at the field.
const LABEL: &str = "归档时间戳 Archive time stamp";
/// Names of the fields: `archive-1`, `archive-2` and so on.
const NAME: &str = "archive-";

/// Until when the newest stamp over the whole file is good.
pub fn vouched_until_ms(house: &BuiltIn, pdf: &[u8], now_ms: i64) -> Result<Option<i64>, SignatureError> {
    let report = judged(house, pdf, now_ms)?;
    let whole = |f: &&mingbai_sign::FieldReport| {
        f.kind == FieldKind::DocumentTimeStamp && f.revision == report.revisions
    };
    let newest = report.fields.iter().rev().find(whole).filter(|f| f.verdict() == Verdict::Holds);
    Ok(newest.and_then(|f| f.proven_until_ms))
}

/// The file with what is missing, and with the place for a stamp.
pub fn prepare(house: &BuiltIn, pdf: &[u8], now_ms: i64) -> Result<WaitingArchive, SignatureError> {
    let report = judged(house, pdf, now_ms)?;
    let mut needed = Validation::default();
    for field in &report.fields {
        let (Some(token), Some(stamped)) = (&field.time_stamp, &field.stamped) else { continue };
        if let Ok(stamp) = StampReader::open(token, stamped) {
            needed.certificates.extend(stamp.certificates().map(<[u8]>::to_vec));
        }
    }
    // The lists in the file may be older than a signature, or not be there at all; once a stamp proves its time they are enough.
    let alone = Reader {
        roots: std::slice::from_ref(&house.root),
        at_ms: now_ms,
        stamps: &StampReader(None),
        lists: &[],
    };
    let open = |f: &mingbai_sign::FieldReport| {
        f.kind == FieldKind::Signature && f.of(ClaimKind::Revocation) != Some(Verdict::Holds)
    };
    if verify_for(pdf, &alone).fields.iter().any(open) {
        let list = house.issuing_list(Wanted::OfNow, now_ms).map_err(failing)?;
        needed.certificates.extend([house.issuing.der().to_vec(), house.root.der().to_vec()]);
        needed.crls.extend([list.der().to_vec(), house.root_list().der().to_vec()]);
    }
    let missing = missing_validation(pdf, &needed).map_err(|e| fault(&e))?;
    let closed = match missing == Validation::default() {
        true => pdf.to_vec(),
        false => add_validation(pdf, &missing).map_err(|e| fault(&e))?,
    };
    let number = report.fields.iter().filter(|f| f.name.starts_with(NAME)).count() + 1;
    let waiting = prepare_time_stamp(&closed, &format!("{NAME}{number}"), LABEL, STAMP_ROOM_BYTES);
    let waiting = waiting.map_err(|e| fault(&e))?;
    Ok(WaitingArchive { imprint: Digest::new(waiting.digest()), pdf: waiting.bytes().to_vec() })
}

/// The file with the stamp in its place.
pub fn finished(
    house: &BuiltIn,
    waiting: WaitingArchive,
    answer: &[u8],
) -> Result<ArchivedFile, SignatureError> {
    let prepared = Prepared::open(waiting.pdf).map_err(|e| fault(&e))?;
    let token = token_of(answer);
    let refused = |(_, why): (_, mingbai_sign::Words)| SignatureError::Fault(both(why.zh, why.en));
    let proven = StampReader(house.plan.stamp_roots.as_ref()).proven(&token, &prepared.digest());
    let proven = proven.map_err(refused)?;
    let pdf = finish(prepared, &token).map_err(|e| fault(&e))?;
    Ok(ArchivedFile { pdf, proven_at_ms: proven.at_ms, vouched_until_ms: proven.until_ms })
}

/// What this house finds in a file; one that contradicts itself gets no stamp.
fn judged(house: &BuiltIn, pdf: &[u8], now_ms: i64) -> Result<Report, SignatureError> {
    let trusted = house.trusted(now_ms);
    let stamps = StampReader(trusted.stamp_roots.as_ref());
    let reader = Reader { roots: &trusted.roots, at_ms: now_ms, stamps: &stamps, lists: &trusted.lists };
    let report = verify_for(pdf, &reader);
    let wrong = report.doubts().into_iter().find(|c| c.verdict == Verdict::Contradicted).cloned();
    match wrong {
        None => Ok(report),
        Some(claim) => Err(SignatureError::Fault(both(
            format!("文件本身有问题,不加盖时间戳:{}", claim.reason.zh),
            format!("something is wrong with the file, so it gets no time stamp: {}", claim.reason.en),
        ))),
    }
}
