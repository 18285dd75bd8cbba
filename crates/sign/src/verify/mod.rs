//! Judges a signed PDF: claim by claim, in three values, with reasons that a person can read. It never panics, trusts nothing in
//! the file, and counts whatever it does not understand as not proven.
//!
//! The model is stricter than ETSI EN 319 102-1: only files of one signer per field, ECDSA P-256 with SHA-256, classic tables and
//! the updates that this crate makes itself can hold. Anything else is not known or contradicted, never passed.

mod chain;
mod changes;
mod field;
mod moment;
mod report;
mod revocation;

pub use report::{Claim, ClaimKind, FieldKind, FieldReport, Report, Verdict};

use crate::ca::Certificate;
use crate::container::read_validation;
use crate::pdf::object::{Dict, Object};
use crate::pdf::{Fault, Pdf, signature_fields};
use crate::words::Words;

/// Most signature fields that are judged.
const FIELD_LIMIT: usize = 32;

/// What a token proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The token's `genTime`, Unix milliseconds.
    pub at_ms: i64,
    /// When the authority's certificate, or one above it, ends. Afterwards only a later stamp over this one keeps its word good.
    pub until_ms: i64,
}

/// Checks RFC 3161 tokens. Another crate does; this one only finds them.
///
/// A provider promises: it answers only when the token is over exactly this SHA-256 digest and signed by a time-stamping authority
/// that the provider trusts, whose certificate was valid at the stated moment.
pub trait TimeStamps {
    /// The moment that the token proves.
    ///
    /// # Errors
    /// Why it proves none, and whether that is a contradiction or only not known.
    fn proven(&self, token: &[u8], digest: &[u8; 32]) -> Result<Proven, (Verdict, Words)>;
}

/// Checks no token: every time stamp stays not known.
#[derive(Clone, Copy, Debug)]
pub struct NoTimeStamps;

impl TimeStamps for NoTimeStamps {
    fn proven(&self, _token: &[u8], _digest: &[u8; 32]) -> Result<Proven, (Verdict, Words)> {
        let why = Words::new(
            "文件带有时间戳，但这次没有核对时间戳。",
            "the file carries a time stamp, but time stamps were not checked this time",
        );
        Err((Verdict::NotKnown, why))
    }
}

/// Judges a file at a moment, trusting these roots and no time-stamping authority.
#[must_use]
pub fn verify(pdf: &[u8], roots: &[Certificate], at_ms: i64) -> Report {
    verify_with(pdf, roots, at_ms, &NoTimeStamps)
}

/// Judges a file at a moment, trusting these roots and the authorities that `stamps` trusts.
#[must_use]
pub fn verify_with(bytes: &[u8], roots: &[Certificate], at_ms: i64, stamps: &dyn TimeStamps) -> Report {
    verify_for(bytes, &Reader { roots, at_ms, stamps, lists: &[] })
}

/// Who reads a file: what is trusted, when, and which revocation lists are known beside those in the file.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// Trusted roots.
    pub roots: &'a [Certificate],
    /// The moment, Unix milliseconds.
    pub at_ms: i64,
    /// Who checks time stamps.
    pub stamps: &'a dyn TimeStamps,
    /// Lists in DER from elsewhere: newer ones know of revocations that the file cannot know.
    pub lists: &'a [Vec<u8>],
}

/// Judges a file for this reader.
#[must_use]
pub fn verify_for(bytes: &[u8], reader: &Reader<'_>) -> Report {
    let Reader { roots, at_ms, stamps, lists } = *reader;
    let pdf = match Pdf::open(bytes) {
        Ok(pdf) => pdf,
        Err(fault) => return unreadable(&fault),
    };
    let changes: Vec<Result<(), Words>> =
        (1..pdf.revisions.len()).map(|index| changes::check(&pdf, index)).collect();
    let mut document = vec![
        Claim::holds(
            ClaimKind::Structure,
            "文件结构完整：每个字节都属于某一版的内容，没有隐藏部分。",
            "the file is whole: every byte belongs to one of its revisions, nothing is hidden between them",
        ),
        active_content(&pdf),
        dangling(&pdf),
        changed(&changes, 0),
    ];
    let mut validation = read_validation(pdf.latest());
    validation.crls.extend(lists.iter().cloned());
    let case = field::Case { pdf: &pdf, roots, at_ms, stamps, validation: &validation };
    let signed = signature_fields(pdf.latest());
    let mut fields: Vec<FieldReport> = Vec::new();
    // From the last to the first, because a later document time stamp proves that the earlier signatures existed.
    for one in signed.iter().rev().take(FIELD_LIMIT) {
        let sealed_at_ms =
            fields.iter().filter(|f| f.proves_time_of(one.revision)).filter_map(|f| f.proven_at_ms).min();
        let mut report = case.judge(one, sealed_at_ms);
        report.claims.push(changed(&changes, one.revision));
        fields.push(report);
    }
    fields.reverse();
    document.extend(count_claim(signed.len()));
    Report { revisions: pdf.revisions.len(), document, fields }
}

fn count_claim(count: usize) -> Option<Claim> {
    if count > FIELD_LIMIT {
        return Some(Claim::unknown(
            ClaimKind::Structure,
            "签名超过 32 个，没有全部核对。",
            "more than 32 signatures: not all were checked",
        ));
    }
    (count == 0)
        .then(|| Claim::unknown(ClaimKind::Structure, "文件里没有签名。", "the file holds no signature"))
}

fn unreadable(fault: &Fault) -> Report {
    let claim = match fault {
        Fault::Broken(broken) => Claim::wrong(
            ClaimKind::Structure,
            format!("文件第 {} 字节处不合格式，可能被改动或截断过（{}）。", broken.at, broken.why),
            format!("the file is damaged or was altered at byte {}: {}", broken.at, broken.why),
        ),
        Fault::Unsupported(why) => Claim::unknown(
            ClaimKind::Structure,
            format!("这种 PDF 本程序不认识，无法核对（{why}）。"),
            format!("this kind of PDF cannot be checked here: {why}"),
        ),
    };
    Report { revisions: 0, document: vec![claim], fields: Vec::new() }
}

/// What happened after revision `from` (0-based).
fn changed(changes: &[Result<(), Words>], from: usize) -> Claim {
    let later = changes.get(from..).unwrap_or_default();
    if let Some((index, why)) =
        later.iter().enumerate().find_map(|(i, r)| r.as_ref().err().map(|why| (i, why)))
    {
        let revision = from + index + 2;
        return Claim::wrong(
            ClaimKind::Changes,
            format!("第 {revision} 版改动了不该改的内容：{}", why.zh),
            format!("revision {revision} changed what may not be changed: {}", why.en),
        );
    }
    match later.len() {
        0 => Claim::holds(ClaimKind::Changes, "此后文件没有任何改动。", "nothing was changed afterwards"),
        n => Claim::holds(
            ClaimKind::Changes,
            format!("此后追加了 {n} 版，只有签名、时间戳和验证材料，正文没有改动。"),
            format!(
                "{n} later revisions added only signatures, time stamps and validation data; the text is unchanged"
            ),
        ),
    }
}

/// A reference to nothing is a hole that a later revision could fill with content.
fn dangling(pdf: &Pdf<'_>) -> Claim {
    let hole = (0..pdf.revisions.len()).find_map(|index| {
        let revision = &pdf.revisions[index];
        let values = revision.objects.values().map(|stored| &stored.value);
        let lost = |n: u32| pdf.view(index).stored(n).is_none();
        let in_objects = values.filter_map(|value| find_reference(value, &lost)).next();
        in_objects.or_else(|| revision.trailer.0.iter().find_map(|(_, value)| find_reference(value, &lost)))
    });
    match hole {
        None => Claim::holds(
            ClaimKind::Structure,
            "文件里没有指向空处的引用。",
            "nothing in the file refers to something that is not there",
        ),
        Some(number) => Claim::unknown(
            ClaimKind::Structure,
            format!("文件引用了不存在的对象（编号 {number}），以后可能被填上内容。"),
            format!("the file refers to object {number}, which does not exist and could be filled in later"),
        ),
    }
}

fn find_reference(value: &Object, wanted: &impl Fn(u32) -> bool) -> Option<u32> {
    match value {
        Object::Ref(number) => wanted(*number).then_some(*number),
        Object::Array(items) => items.iter().find_map(|item| find_reference(item, wanted)),
        Object::Dict(dict) => dict.0.iter().find_map(|(_, item)| find_reference(item, wanted)),
        _ => None,
    }
}

/// Keys that make a reader act, fetch or hide: a paper that can look different tomorrow is not one to sign.
const ACTIVE: [&str; 9] =
    ["JS", "JavaScript", "AA", "OpenAction", "XFA", "Launch", "RichMediaContent", "OCProperties", "OC"];

fn active_content(pdf: &Pdf<'_>) -> Claim {
    let objects = pdf.revisions.iter().flat_map(|r| r.objects.values());
    match objects.map(|o| &o.value).any(is_active) {
        false => Claim::holds(
            ClaimKind::Structure,
            "文件里没有脚本、自动动作和可隐藏的图层。",
            "the file holds no script, no automatic action and no layer that can be hidden",
        ),
        true => Claim::unknown(
            ClaimKind::Structure,
            "文件里有脚本、自动动作或可隐藏的图层，显示内容可能会变。",
            "the file holds a script, an automatic action or a layer that can be hidden: it may look different at another time",
        ),
    }
}

fn is_active(value: &Object) -> bool {
    let in_dict = |dict: &Dict| {
        let named = dict.keys().any(|key| ACTIVE.iter().any(|a| a.as_bytes() == key));
        named || dict.0.iter().any(|(_, v)| is_active(v))
    };
    match value {
        Object::Dict(dict) => in_dict(dict),
        Object::Array(items) => items.iter().any(is_active),
        _ => false,
    }
}
