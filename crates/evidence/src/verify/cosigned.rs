//! The claims about witnesses and about changes of the log's key: who outside the lender saw this checkpoint, and whether the key
//! that signed follows from one that the reader pinned.

use super::Trust;
use super::report::{ClaimKey, Report};
use crate::note::cosignature::{WitnessKey, cosigners};
use crate::note::{NoteError, SignedCheckpoint};
use crate::record::Record;
use crate::succession;
use crate::text::{Bilingual as _, Words};
use crate::timestamp::time_text;

/// Judges the cosignatures of the witnesses that the reader named. Silent when none was named.
pub(super) fn witnesses(report: &mut Report, note: &SignedCheckpoint, keys: &[WitnessKey]) {
    for key in keys {
        match cosigners(note, std::slice::from_ref(key)) {
            Err(error @ NoteError::BadSignature { .. }) => {
                report.contradicted(ClaimKey::Witness, key.name(), error.words());
            }
            Err(error) => report.not_proven(ClaimKey::Witness, key.name(), error.words()),
            Ok(found) => match found.first() {
                Some(one) => report.proven(ClaimKey::Witness, key.name(), seen(key.name(), one.at_s)),
                None => {
                    let words = Words::new(
                        "您给出的见证方没有联署这个检查点;请过一会儿重新索取文件,见证方可能刚才连不上。",
                        "The witness that you named did not cosign this checkpoint; ask for the file again later, it may have been out of reach.",
                    );
                    report.not_proven(ClaimKey::Witness, key.name(), words);
                }
            },
        }
    }
}

fn seen(name: &str, at_s: u64) -> Words {
    let at_ms = i64::try_from(at_s).ok().and_then(|s| s.checked_mul(1_000));
    let text = |shift: i64| {
        let at = at_ms.and_then(|ms| ms.checked_add(shift)).and_then(time_text);
        at.unwrap_or_else(|| at_s.to_string())
    };
    let (beijing, utc) = (text(8 * 3_600_000), text(0));
    Words::new(
        format!("见证方 {name} 于北京时间 {beijing} 联署:它此前见过的记录都还在这个日志里,没有被改写。"),
        format!(
            "Cosigned by {name} at {utc} UTC: all that it saw of the log before is still in it, unchanged."
        ),
    )
}

/// The reader's trust, with the keys that follow from the pinned ones by introductions in the records; each is a claim of its own.
pub(super) fn followed<'r>(
    report: &mut Report,
    trust: &Trust,
    records: impl Iterator<Item = &'r Record>,
) -> Trust {
    let Trust::Pinned(pinned) = trust else { return trust.clone() };
    let mut keys = pinned.clone();
    for key in succession::successors(pinned, records) {
        let fingerprint = key.fingerprint_text();
        let words = Words::new(
            format!("日志换过密钥:现行公钥(指纹 {fingerprint})由您信任的旧公钥签名引入。"),
            format!(
                "The log changed its key: the key with fingerprint {fingerprint} was introduced by one that you trust."
            ),
        );
        report.proven(ClaimKey::KeyChange, key.name(), words);
        keys.push(key);
    }
    Trust::Pinned(keys)
}
