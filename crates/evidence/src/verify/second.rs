//! The claim about the second, national signature of the checkpoint.

use super::report::{ClaimKey, Report};
use crate::national::{self, Sm2Key};
use crate::note::{NoteError, SignedCheckpoint};
use crate::package::Layout;
use crate::text::{Bilingual as _, Words};

const FILE: &str = "checkpoint.sm2";

/// Judges `checkpoint.sm2`. Silent when there is none and nobody asked for one: most packages need none.
pub(super) fn signature(report: &mut Report, layout: &Layout, keys: &[Sm2Key]) {
    let Some(bytes) = &layout.sm2 else {
        if !keys.is_empty() {
            let words = Words::new(
                "您给出了国密公钥,但文件里没有国密签名。",
                "You gave an SM2 key, but there is no SM2 signature in the file.",
            );
            report.not_proven(ClaimKey::SecondSignature, "", words);
        }
        return;
    };
    let text = std::str::from_utf8(bytes).map_err(|_| NoteError::Malformed);
    let note = match text.and_then(SignedCheckpoint::parse) {
        Ok(note) => note,
        Err(error) => {
            report.contradicted(ClaimKey::SecondSignature, FILE, error.words());
            return;
        }
    };
    let own = layout.checkpoint.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok());
    let own = own.and_then(|text| SignedCheckpoint::parse(text).ok());
    if own.is_none_or(|own| own.body() != note.body()) {
        let words = Words::new(
            "国密签名签的不是本包的检查点;请勿采信。",
            "The SM2 signature is not over the checkpoint of this package; do not rely on it.",
        );
        report.contradicted(ClaimKey::SecondSignature, FILE, words);
        return;
    }
    if keys.is_empty() {
        let words = Words::new(
            "国密签名没有检查:没有给出国密公钥;请用 --sm2-key 给出。",
            "The SM2 signature was not checked: no SM2 key was given; give it with --sm2-key.",
        );
        report.not_proven(ClaimKey::OtherSignatures, FILE, words);
        return;
    }
    match national::verify(&note, keys) {
        Ok(key) => {
            let words = Words::new(
                format!("检查点另有您信任的国密公钥 {} 的 SM2/SM3 签名。", key.name()),
                format!(
                    "The checkpoint is also signed with SM2/SM3 by {}, a key that you trust.",
                    key.name()
                ),
            );
            report.proven(ClaimKey::SecondSignature, FILE, words);
        }
        Err(error @ NoteError::UnknownSigner) => {
            report.not_proven(ClaimKey::SecondSignature, FILE, error.words());
        }
        Err(error) => report.contradicted(ClaimKey::SecondSignature, FILE, error.words()),
    }
}
