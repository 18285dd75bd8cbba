//! The claims about the log: is the checkpoint well formed, who signed it, and is every record in its tree.

use std::collections::BTreeMap;

use super::report::{ClaimKey, Report};
use super::streams::Hidden;
use super::{Found, Reader, Trust, cosigned};
use crate::merkle::verify_inclusion;
use crate::note::cosignature::WitnessKey;
use crate::note::{Checkpoint, NoteError, SignedCheckpoint, VerifyingKeyText};
use crate::package::{Layout, parse_key, parse_proof, proof_for};
use crate::text::{Bilingual as _, Words};

const FILE: &str = "checkpoint";

/// The checkpoint of a package, and who signed it.
pub(super) struct Signed {
    pub checkpoint: Checkpoint,
    /// The keys whose signature holds.
    pub signers: Vec<VerifyingKeyText>,
}

/// Reads the checkpoint and judges its signatures. `None` when it cannot be read.
pub(super) fn checkpoint(
    report: &mut Report,
    layout: &Layout,
    reader: &Reader,
    found: &[Found],
) -> Option<Signed> {
    let Some(bytes) = &layout.checkpoint else {
        let words = Words::new(
            "缺少检查点,无法证明这些记录在日志里。",
            "The checkpoint is missing; nothing shows that these records are in a log.",
        );
        report.not_proven(ClaimKey::Checkpoint, FILE, words);
        return None;
    };
    let parsed =
        std::str::from_utf8(bytes).map_err(|_| NoteError::Malformed).and_then(SignedCheckpoint::parse);
    let signed = match parsed {
        Ok(signed) => signed,
        Err(error) => {
            report.contradicted(ClaimKey::Checkpoint, FILE, error.words());
            return None;
        }
    };
    let stated = signed.checkpoint();
    let (origin, size) = (stated.origin(), stated.size());
    let words = Words::new(
        format!("检查点:日志 {origin},共 {size} 条记录。"),
        format!("The checkpoint is of log {origin} with {size} records."),
    );
    report.proven(ClaimKey::Checkpoint, FILE, words);
    report.facts.origin = Some(origin.to_owned());
    report.facts.log_size = Some(size);
    report.facts.root = Some(stated.root());
    let enclosed = enclosed_key(report, layout);
    let trust = cosigned::followed(report, &reader.trust, found.iter().map(|found| &found.record));
    let signers = signed_by(report, enclosed.as_slice(), &trust, &signed, &reader.witnesses);
    cosigned::witnesses(report, &signed, &reader.witnesses);
    Some(Signed { checkpoint: stated.clone(), signers })
}

/// Judges who signed: `enclosed` is the key that came with the file, if one did. Returns the keys whose signature holds.
pub(super) fn signed_by(
    report: &mut Report,
    enclosed: &[VerifyingKeyText],
    trust: &Trust,
    signed: &SignedCheckpoint,
    witnesses: &[WitnessKey],
) -> Vec<VerifyingKeyText> {
    let by_enclosed = signed.verify(enclosed);
    if let (Some(key), Err(error)) = (enclosed.first(), &by_enclosed) {
        // Whatever else is trusted: a package whose own key did not sign its checkpoint was put together wrongly.
        report.contradicted(ClaimKey::Signature, key.name(), error.words());
    }
    let by_pinned = by_any(signed, trust);
    let signers = match (&by_pinned, &by_enclosed) {
        (Ok(signers), _) | (Err(NoteError::UnknownSigner), Ok(signers)) => signers.clone(),
        (Err(error @ NoteError::BadSignature { name }), _) => {
            report.contradicted(ClaimKey::Signature, name, error.words());
            Vec::new()
        }
        (Err(error), Err(_)) => {
            report.not_proven(ClaimKey::Signature, FILE, error.words());
            Vec::new()
        }
        (Err(error), Ok(_)) => {
            report.contradicted(ClaimKey::Signature, FILE, error.words());
            Vec::new()
        }
    };
    for key in &signers {
        let (name, fingerprint) = (key.name(), key.fingerprint_text());
        let words = Words::new(
            format!("自 {name} 签名以后没有改动(指纹 {fingerprint})。"),
            format!("It is unchanged since {name} signed it (fingerprint {fingerprint})."),
        );
        report.proven(ClaimKey::Signature, name, words);
        report.facts.key.get_or_insert_with(|| key.to_string());
        report.facts.fingerprint.get_or_insert(fingerprint);
    }
    signer(report, trust, by_pinned.is_ok(), &signers);
    let unchecked = signed.signatures().iter().filter(|line| !signers.iter().any(|key| line.claims(key)));
    for line in unchecked.filter(|line| !witnesses.iter().any(|witness| witness.made(line))) {
        let words = Words::new(
            "这个签名没有检查:没有给出它的公钥。",
            "This signature was not checked: its public key was not given.",
        );
        report.not_proven(ClaimKey::OtherSignatures, line.name(), words);
    }
    signers.into_iter().cloned().collect()
}

/// The pinned keys that signed.
fn by_any<'k>(signed: &SignedCheckpoint, trust: &'k Trust) -> Result<Vec<&'k VerifyingKeyText>, NoteError> {
    match trust {
        Trust::Pinned(keys) => signed.verify(keys),
        Trust::OnFirstUse => signed.verify(&[]),
    }
}

fn signer(report: &mut Report, trust: &Trust, is_pinned: bool, signers: &[&VerifyingKeyText]) {
    let Some(key) = signers.first() else {
        let words =
            Words::new("没有有效的签名,不知道是谁说的。", "No signature is valid: it is nobody's word.");
        report.not_proven(ClaimKey::Signer, FILE, words);
        return;
    };
    let name = key.name();
    if is_pinned {
        let words = Words::new("签名的公钥是您信任的公钥。", "The signing key is one that you trust.");
        report.proven(ClaimKey::Signer, name, words);
        return;
    }
    let fingerprint = key.fingerprint_text();
    let words = match trust {
        Trust::OnFirstUse => Words::new(
            format!("由文件自带的公钥签名,请与贷款机构公布的指纹核对:{fingerprint}。"),
            format!(
                "Signed by the key in the file; compare its fingerprint with the lender's published one: {fingerprint}."
            ),
        ),
        Trust::Pinned(_) => Words::new(
            format!("签名的不是您给出的公钥,而是文件自带的公钥(指纹 {fingerprint});请勿轻信。"),
            format!(
                "Not signed by a key that you gave, but by the key in the file (fingerprint {fingerprint}); be careful."
            ),
        ),
    };
    report.not_proven(ClaimKey::Signer, name, words);
}

fn enclosed_key(report: &mut Report, layout: &Layout) -> Option<VerifyingKeyText> {
    let Some(bytes) = &layout.key else {
        let words = Words::new("文件里没有公钥。", "There is no public key in the file.");
        report.not_proven(ClaimKey::Files, "key.txt", words);
        return None;
    };
    match parse_key(bytes) {
        Ok(key) => Some(key),
        Err(error) => {
            report.contradicted(ClaimKey::Files, "key.txt", error.words());
            None
        }
    }
}

/// Checks that every record is in the tree, each at its own place, and that streams were logged in their order. Returns the places.
pub(super) fn inclusions(
    report: &mut Report,
    layout: &Layout,
    found: &[Found],
    hidden: &[Hidden],
    checkpoint: &Checkpoint,
) -> Vec<u64> {
    let mut proofs: BTreeMap<&String, &Vec<u8>> = layout.proofs.iter().collect();
    let mut places = BTreeMap::new();
    let shown = found.iter().map(|one| (&one.name, one.record.stream(), one.record.seq(), one.record.leaf()));
    let withheld = hidden.iter().map(|one| (&one.name, &one.one.stream, one.one.seq, one.one.leaf));
    for (name, stream, seq, leaf) in shown.chain(withheld) {
        let proof_name = proof_for(name);
        let Some(bytes) = proofs.remove(&proof_name) else {
            let words = Words::new(
                "这条记录没有证明,不能说明它在日志里。",
                "This record has no proof; nothing shows that it is in the log.",
            );
            report.not_proven(ClaimKey::Inclusion, name, words);
            continue;
        };
        match parse_proof(bytes) {
            Err(why) => {
                let words =
                    Words::new(format!("证明格式不对({why})。"), format!("The proof is malformed ({why})."));
                report.contradicted(ClaimKey::Inclusion, &proof_name, words);
            }
            Ok(proof) => {
                let (size, root) = (checkpoint.size(), checkpoint.root());
                let checked = verify_inclusion(&leaf, proof.index, size, &proof.path, &root);
                if let Err(error) = checked {
                    report.contradicted(ClaimKey::Inclusion, name, error.words());
                }
                places.insert((stream, seq), proof.index);
            }
        }
    }
    for name in proofs.into_keys() {
        let words = Words::new("这份证明没有对应的记录。", "This proof has no record.");
        report.not_proven(ClaimKey::Inclusion, name, words);
    }
    logged_in_order(report, &places);
    let count = found.len() + hidden.len();
    if count > 0 && !report.failed(ClaimKey::Inclusion) {
        let words = Words::new(
            format!("记录 {count} 条,每条都在检查点所指的日志里。"),
            format!("Records: {count}, each in the log of the checkpoint."),
        );
        report.proven(ClaimKey::Inclusion, "", words);
    }
    places.into_values().collect()
}

fn logged_in_order(report: &mut Report, places: &BTreeMap<(&crate::stream::StreamId, u64), u64>) {
    let mut before: Option<((&crate::stream::StreamId, u64), u64)> = None;
    for (&(stream, seq), &index) in places {
        if let Some(((other, _), last)) = before
            && other == stream
            && index <= last
        {
            let words = Words::new(
                format!("第 {seq} 条在日志里排在它前一条之前。"),
                format!("Record {seq} stands in the log before its predecessor."),
            );
            report.contradicted(ClaimKey::Inclusion, stream.as_str(), words);
        }
        before = Some(((stream, seq), index));
    }
}
