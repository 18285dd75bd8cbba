//! A signed file held against the log: was this paper shown to her, did she ask to sign exactly it, is the certificate the one that was
//! made for this case, and does the log know these very bytes? A signature alone answers none of this.

use mingbai_cost::Words;
use mingbai_evidence::{Digest, Record};

use super::{Answer, Checked, LOANS, checked, contradicted, not_proven, proven};
use crate::borrow::event::{Event, SignaturePath};
use crate::borrow::fold::Stamped;
use crate::text::both;

/// Streams that keep what became of a sealed file later.
const ARCHIVES: &str = "archive/";

/// What was read from a signed file. Everything is a SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedFile {
    /// The file.
    pub file: Digest,
    /// The paper before anybody signed it: the ways in which its end can be counted.
    pub papers: Vec<Digest>,
    /// The certificates of those who signed.
    pub certificates: Vec<Digest>,
}

/// Holds a signed file against the records of loans and their archives. Always the same four claims.
#[must_use]
pub fn signed_file(records: &[Record], file: &SignedFile) -> Vec<Checked> {
    let story = |one: &Record| {
        let of_loan = one.stream().as_str().starts_with(LOANS);
        of_loan.then(|| Stamped::read(one).ok()).flatten()
    };
    let mut records: Vec<&Record> = records.iter().collect();
    records.sort_by_key(|one| (one.stream().as_str(), one.seq()));
    let story: Vec<Stamped> = records.iter().filter_map(|one| story(one)).collect();
    let wish = wish(&story, file);
    vec![
        checked(
            "paper_shown",
            both("签之前给她看过的就是这份文件", "It is the paper that she was shown before she signed"),
            shown(&story, file),
        ),
        checked(
            "paper_wished",
            both(
                "她要签的就是这份文件,验证码也只为它而发",
                "She asked to sign exactly this paper, and the digits were for it alone",
            ),
            wished(&story, wish),
        ),
        checked(
            "certificate_logged",
            both(
                "签名的证书就是为本次签署签发的那一张",
                "The certificate in it is the one that was made for this signing",
            ),
            certificate(&story, file, wish),
        ),
        checked(
            "file_logged",
            both("日志里记有这个文件本身", "The log names this very file"),
            logged(&story, &records, file),
        ),
    ]
}

fn at(seq: u64) -> Words {
    both(format!("由第 {seq} 条记录证明。"), format!("Shown by record {seq}."))
}

fn shown(story: &[Stamped], file: &SignedFile) -> Answer {
    let is_it = |one: &&Stamped| matches!(&one.event, Event::ContractShown { document } if file.papers.contains(&document.sha256));
    match story.iter().find(is_it) {
        Some(one) => proven(at(one.mark.seq)),
        None if story.iter().any(|one| matches!(one.event, Event::ContractShown { .. })) => contradicted(
            both("日志里展示过的是别的文件。", "The log names other papers that were shown, not this one."),
        ),
        None => {
            not_proven("证据包里没有展示合同的记录。", "The package has no record of a contract being shown.")
        }
    }
}

/// A wish to sign this paper that was followed by the digits: its challenge and its record.
fn wish(story: &[Stamped], file: &SignedFile) -> Option<(Digest, u64)> {
    let approved = |wanted: Digest| {
        story
            .iter()
            .any(|one| matches!(&one.event, Event::SigningApproved { challenge, .. } if *challenge == wanted))
    };
    story.iter().rev().find_map(|one| match &one.event {
        Event::SigningBegun { document, challenge, .. }
            if file.papers.contains(document) && approved(*challenge) =>
        {
            Some((*challenge, one.mark.seq))
        }
        _ => None,
    })
}

fn wished(story: &[Stamped], wish: Option<(Digest, u64)>) -> Answer {
    match wish {
        Some((_, seq)) => proven(at(seq)),
        None if story.iter().any(|one| matches!(one.event, Event::SigningBegun { .. })) => {
            contradicted(both(
                "日志里她要签的是别的文件,或没有确认。",
                "By the log she asked to sign another paper, or did not confirm the wish.",
            ))
        }
        None => {
            not_proven("证据包里没有她要签署的记录。", "The package has no record of her asking to sign.")
        }
    }
}

fn certificate(story: &[Stamped], file: &SignedFile, wish: Option<(Digest, u64)>) -> Answer {
    let Some((wanted, _)) = wish else {
        return not_proven(
            "没有找到对应的签署意愿,无从核对。",
            "There is no such wish in the log to compare it with.",
        );
    };
    let made = story.iter().rev().find_map(|one| match &one.event {
        Event::SignaturePrepared { challenge, certificate, .. } if *challenge == wanted => {
            Some((certificate.sha256, one.mark.seq))
        }
        _ => None,
    });
    match made {
        Some((made, seq)) if file.certificates.contains(&made) => proven(at(seq)),
        Some(_) => contradicted(both(
            "为本次签署签发的是另一张证书。",
            "Another certificate was made for this signing.",
        )),
        None => not_proven("日志里没有签发证书的记录。", "The log has no record of a certificate for it."),
    }
}

fn logged(story: &[Stamped], records: &[&Record], file: &SignedFile) -> Answer {
    let is_it = |one: &&Stamped| match &one.event {
        Event::Signed(SignaturePath::OwnKey { document, .. }) | Event::ContractSealed { document, .. } => {
            document.sha256 == file.file
        }
        _ => false,
    };
    if let Some(one) = story.iter().find(is_it) {
        return proven(at(one.mark.seq));
    }
    let later = records.iter().find(|one| {
        let document = one.body().get("document").and_then(|document| document.get("sha256"));
        let named = document.and_then(|text| text.as_str()).and_then(|text| text.parse().ok());
        one.stream().as_str().starts_with(ARCHIVES) && named == Some(file.file)
    });
    match later {
        Some(one) => proven(both(
            format!("由归档的第 {} 条记录证明:签后加盖了时间戳。", one.seq()),
            format!("Shown by record {} of the archive: a time stamp was put over it later.", one.seq()),
        )),
        None => not_proven(
            "日志里没有这个文件的指纹;它可能是更晚的版本,也可能被改动。请看上面对文件本身的核对。",
            "The log does not name this file's fingerprint: it may be a later revision, or changed. See the checks of the file itself.",
        ),
    }
}

#[cfg(test)]
#[path = "contract_tests.rs"]
mod tests;
