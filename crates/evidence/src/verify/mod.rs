//! The verifier: takes the bytes of a package and the keys that the reader trusts, and says claim by claim what is
//! proven, what is not and what is contradicted. Trusts nothing in the package and needs no server, clock or network.

mod contents;
mod cosigned;
mod log;
mod receipt;
mod report;
mod second;
mod stamped;
mod streams;

pub use receipt::{verify_receipt, verify_receipt_against};
pub use report::{Bearing, Claim, ClaimKey, Facts, Outcome, Report, Verdict};

use crate::erasure::erasures;
use crate::national::Sm2Key;
use crate::note::VerifyingKeyText;
use crate::note::cosignature::WitnessKey;
use crate::package::{Limits, PAGE, README, is_canonical, unpack};
use crate::record::Record;
use crate::text::{Bilingual as _, Words};
use crate::timestamp::Roots;

/// Whose signature the reader believes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// These keys, which the reader has from elsewhere: the lender's site, a paper notice, a regulator's list.
    Pinned(Vec<VerifyingKeyText>),
    /// No key yet. The key inside the package is used, and who holds it stays not proven.
    OnFirstUse,
}

/// What a reader brings to a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Whose signature is believed.
    pub trust: Trust,
    /// Roots of time-stamping authorities; `None` = the reader knows none.
    pub tsa_roots: Option<Roots>,
    /// SM2 keys of the lender; none = no second signature is asked for.
    pub sm2_keys: Vec<Sm2Key>,
    /// Witnesses whose cosignature the reader asks for; none = nobody's is.
    pub witnesses: Vec<WitnessKey>,
    /// What the reader is willing to take.
    pub limits: Limits,
}

impl Reader {
    /// A reader with this trust, no roots and the default limits.
    #[must_use]
    pub fn new(trust: Trust) -> Self {
        Reader {
            trust,
            tsa_roots: None,
            sm2_keys: Vec::new(),
            witnesses: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// A well-formed record with the names of its files.
pub(crate) struct Found {
    pub name: String,
    pub record: Record,
}

/// Verifies a package under the default [`Limits`]. Never panics and never fails: what cannot be read is a claim that
/// is contradicted.
#[must_use]
pub fn verify(bytes: &[u8], trust: &Trust) -> Report {
    verify_within(bytes, trust, &Limits::default())
}

/// [`verify`] under limits of the caller's choice.
#[must_use]
pub fn verify_within(bytes: &[u8], trust: &Trust, limits: &Limits) -> Report {
    verify_for(bytes, &Reader { limits: *limits, ..Reader::new(trust.clone()) })
}

/// [`verify`] for a reader who also brings roots of time-stamping authorities or SM2 keys.
#[must_use]
pub fn verify_for(bytes: &[u8], reader: &Reader) -> Report {
    let mut report = Report::default();
    let files = match unpack(bytes, &reader.limits) {
        Ok(files) => files,
        Err(error) => {
            report.contradicted(ClaimKey::Readable, "", error.words());
            return report;
        }
    };
    report.proven(
        ClaimKey::Readable,
        "",
        Words::new(
            format!("文件可读,含 {} 个文件。", files.len()),
            format!("The file can be read; it holds {} files.", files.len()),
        ),
    );
    if is_canonical(bytes, &files, &reader.limits) {
        let words =
            Words::new("包装与写出时逐字节一致。", "The packaging is byte for byte as it was written.");
        report.proven(ClaimKey::Container, "", words);
    } else {
        let words = Words::new(
            "包装的字节与写出时不同:可能被重新压缩,也可能被改动。内容仍逐项检查;请索取原文件。",
            "The packaging is not as it was written: it was zipped again, or changed. The contents are checked all \
             the same; ask for the original file.",
        );
        report.not_proven(ClaimKey::Container, "", words);
    }
    let layout = crate::package::Layout::of(files);
    check_frame(&mut report, &layout);
    let found = contents::records(&mut report, &layout);
    let hidden = streams::withheld(&mut report, &layout);
    let sorted = streams::sorted(&found, &hidden);
    let unbroken = streams::chains(&mut report, &sorted);
    let signed = log::checkpoint(&mut report, &layout, reader, &found);
    let checkpoint = signed.as_ref().map(|signed| &signed.checkpoint);
    let included = |checkpoint| log::inclusions(&mut report, &layout, &found, &hidden, checkpoint);
    let places = checkpoint.map(included).unwrap_or_default();
    streams::ends(&mut report, &layout, signed.as_ref(), &sorted, &unbroken);
    second::signature(&mut report, &layout, &reader.sm2_keys);
    stamped::time_stamp(&mut report, &layout, checkpoint, &places, reader.tsa_roots.as_ref());
    let erasures = erasures(found.iter().map(|found| &found.record));
    contents::attachments(&mut report, &layout, &found, &erasures);
    contents::disclosures(&mut report, &layout, &found, &erasures);
    report
}

/// The files around the evidence: nothing unknown, and a README that says what it should.
fn check_frame(report: &mut Report, layout: &crate::package::Layout) {
    if layout.unknown.is_empty() {
        let words = Words::new("没有多余的文件。", "There are no files that do not belong.");
        report.proven(ClaimKey::Files, "", words);
    }
    for name in &layout.unknown {
        let words = Words::new(
            "这个文件不属于证据包,没有任何证明,请勿采信。",
            "This file does not belong into a package; nothing vouches for it, do not rely on it.",
        );
        report.not_proven(ClaimKey::Files, name, words);
    }
    if layout.readme.as_deref() == Some(README.as_bytes()) {
        let words = Words::new("说明文字是标准文本。", "The README is the standard text.");
        report.proven(ClaimKey::Readme, "README.txt", words);
    } else {
        let words = Words::new(
            "说明文字缺失,或不是本版本的标准文本,其中的话没有证明。",
            "The README is missing or not the standard text of this version; nothing vouches for what it says.",
        );
        report.not_proven(ClaimKey::Readme, "README.txt", words);
    }
    check_page(report, layout);
}

/// The page in the package is code that a stranger handed over: only the very page of this version is vouched for.
fn check_page(report: &mut Report, layout: &crate::package::Layout) {
    if layout.page.as_deref() == Some(PAGE.as_bytes()) {
        let words = Words::new(
            "核验页面是本版本的标准页面;更稳妥的做法是从别处取得它。",
            "The verifying page is the standard one of this version; it is safer still to get it from elsewhere.",
        );
        report.proven(ClaimKey::Page, "verify.html", words);
        return;
    }
    let words = Words::new(
        "核验页面缺失,或不是本版本的标准页面:请不要打开,从别处取得。",
        "The verifying page is missing or not the standard one of this version: do not open it, get it from elsewhere.",
    );
    report.not_proven(ClaimKey::Page, "verify.html", words);
}
