//! The evidence at the end: every journey's package is written down, verified with the very code of `mingbai verify`, and one
//! changed byte is found.

use std::path::Path;

use mingbai_core::borrow::audit::Holding;
use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_desk::Desk;
use mingbai_evidence::package::{Limits, read};
use mingbai_evidence::verify::{Trust, Verdict};

use super::cast::Cast;
use super::chapters::Outcome;
use super::folder::Folder;
use super::law::{broken, must_be};
use super::teller::Teller;
use crate::commands::verify::{Findings, examine};
use crate::commands::write_whole;
use crate::fail::Fail;
use crate::house::told;

const KEY: &str = "log-key.txt";
const FLIPPED: &str = "1-honest-one-byte-changed.zip";
const FORGED: &str = "1-honest-forged.zip";

/// Writes, verifies, and breaks one.
pub async fn prove(cast: &Cast, outcomes: &[Outcome], folder: &Folder, teller: &Teller) -> Result<(), Fail> {
    let trust = publish_key(&cast.desk, folder, teller)?;
    for outcome in outcomes {
        for (name, bytes) in &outcome.files {
            let part = if name.ends_with(".pdf") { folder.papers() } else { folder.evidence() };
            write_whole(&part.join(name), bytes)?;
        }
        let bytes = cast.core.package(&outcome.id).await?;
        let file = folder.evidence().join(format!("{}.zip", outcome.stem));
        write_whole(&file, &bytes)?;
        judge(outcome, &file, examine(&bytes, &trust), teller)?;
    }
    papers(outcomes, folder, teller)?;
    let Some(first) = outcomes.first() else { return Ok(()) };
    flip(first, folder, &trust, teller)
}

fn publish_key(desk: &Desk, folder: &Folder, teller: &Teller) -> Result<Trust, Fail> {
    let key = desk.log_key().map_err(told)?;
    write_whole(&folder.evidence().join(KEY), format!("{key}\n").as_bytes())?;
    teller.done(
        both(
            format!("机构公布存证公钥,指纹 {}。", key.fingerprint_text()),
            format!("The lender publishes its log key, fingerprint {}.", key.fingerprint_text()),
        ),
        both(
            "验证只需要这把公钥和证据包,不需要服务器,也不需要相信机构。",
            "Verification needs this key and the package; no server, and no trust in the lender.",
        ),
    );
    Ok(Trust::Pinned(vec![key]))
}

/// What the verifier must say about a journey of the story.
fn judge(outcome: &Outcome, file: &Path, findings: Findings, teller: &Teller) -> Result<(), Fail> {
    let changed = findings.evidence.claims.iter().filter(|c| c.verdict == Verdict::Contradicted).count();
    must_be(("证据包应未被改动", "the package must be unchanged"), &changed, &0)?;
    must_be(("证据应成立", "the evidence must hold"), &findings.evidence.holds(), &true)?;
    let against: Vec<_> =
        findings.loans.values().flatten().filter(|c| c.holding == Holding::Contradicted).collect();
    must_be(
        ("与故事相符的违规数", "as many violations as the story has"),
        &against.len(),
        &outcome.contradicted,
    )?;
    let shown = file.display();
    match against.first() {
        None if findings.hold() => teller.done(
            both(format!("{shown}:全部成立。"), format!("{shown}: everything holds.")),
            both("证据没有被改动,每一步都合规矩。", "Nothing was changed, and every step kept the rules."),
        ),
        None => teller.done(
            both(format!("{shown}:证据完整,没有放款。"), format!("{shown}: complete evidence, no payout.")),
            both("没做完的就是没做完:验证只说“未证明”。", "What was not done stays “not proven”."),
        ),
        Some(claim) => teller.done(
            both(
                format!("{shown}:证据完整,并且证明了违规。"),
                format!("{shown}: complete evidence, and it proves the violation."),
            ),
            both(
                format!("“{}”不成立:{}", claim.claim.zh, claim.why.zh),
                format!("Not so: “{}”. {}", claim.claim.en, claim.why.en),
            ),
        ),
    }
    Ok(())
}

fn papers(outcomes: &[Outcome], folder: &Folder, teller: &Teller) -> Result<(), Fail> {
    let pdfs = outcomes.iter().flat_map(|outcome| &outcome.files).filter(|(name, _)| name.ends_with(".pdf"));
    let good = pdfs.clone().filter(|(_, bytes)| bytes.starts_with(b"%PDF-")).count();
    let count = pdfs.count();
    must_be(("每份文件都应是 PDF", "every paper must be a PDF"), &good, &count)?;
    let shown = folder.papers();
    let shown = shown.display();
    teller.done(
        both(
            format!("{count} 份 PDF 写在 {shown}:成本表、还款计划、明白纸。"),
            format!("{count} PDFs in {shown}: cost table, plan, notice."),
        ),
        both(
            "页面、纸、合同、回访、对账都出自同一张表;PDF 里附着它的原文。",
            "Page, paper, call-back and reconciliation come from one table; each PDF carries it inside.",
        ),
    );
    Ok(())
}

/// Changes one digit of a record and shows that the verifier says where. Tried twice: as a slip of the disk would do it, and as
/// a forger would, who also sets the zip's own checksum right.
fn flip(outcome: &Outcome, folder: &Folder, trust: &Trust, teller: &Teller) -> Result<(), Fail> {
    let whole = folder.evidence().join(format!("{}.zip", outcome.stem));
    let mut bytes = crate::commands::read_bytes(&whole, u64::from(u32::MAX))?;
    let lost = || broken("证据包里找不到放款金额", "the payout's amount is not in the package");
    let records = read(&bytes, &Limits::default()).map(|package| package.records).unwrap_or_default();
    let paid = records.iter().find(|record| record.kind() == "disbursed").ok_or_else(lost)?;
    let before = paid.bytes().to_vec();
    let wanted: &[u8] = b"\"amount_fen\":5000000";
    let digit = position(&before, wanted).ok_or_else(lost)? + wanted.len() - 7;
    let mut after = before.clone();
    after[digit] = b'6';
    let at = position(&bytes, &before).ok_or_else(lost)?;
    bytes[at + digit] = b'6';
    let slip = found_out(&bytes, FLIPPED, folder, trust)?;
    replace_all(&mut bytes, &checksum(&before).to_le_bytes(), &checksum(&after).to_le_bytes());
    let forged = found_out(&bytes, FORGED, folder, trust)?;
    let shown = folder.evidence();
    let shown = shown.display();
    teller.refused(
        both(
            format!("只动一个字节:放款金额 50,000.00 改成 60,000.00({shown}/{FLIPPED})。"),
            format!("One byte: the payout of 50,000.00 made 60,000.00 ({shown}/{FLIPPED})."),
        ),
        both(
            format!("验证不通过,并说出哪里:{}", slip.zh),
            format!("It does not verify, and it is said where: {}", slip.en),
        ),
    );
    teller.refused(
        both(
            format!("手法高明些:连压缩包的校验和也一起改对({shown}/{FORGED})。"),
            format!("More skilled: the zip's own checksum is set right too ({shown}/{FORGED})."),
        ),
        both(format!("还是不通过:{}", forged.zh), format!("Still not: {}", forged.en)),
    );
    Ok(())
}

/// Writes a changed package down, and what the verifier has against it.
fn found_out(bytes: &[u8], name: &str, folder: &Folder, trust: &Trust) -> Result<Words, Fail> {
    write_whole(&folder.evidence().join(name), bytes)?;
    let findings = examine(bytes, trust);
    must_be(("改过的证据包不应成立", "a changed package must not hold"), &findings.hold(), &false)?;
    let against = findings.evidence.claims.iter().find(|c| c.verdict == Verdict::Contradicted);
    let first = against.ok_or_else(|| broken("没有说出哪里被改了", "it is not said what was changed"))?;
    let place = if first.subject.is_empty() { String::new() } else { format!("[{}] ", first.subject) };
    Ok(both(format!("{place}{}", first.reason.zh), format!("{place}{}", first.reason.en)))
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|part| part == wanted)
}

fn replace_all(bytes: &mut [u8], from: &[u8; 4], to: &[u8; 4]) {
    let places: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, part)| part == from).map(|(at, _)| at).collect();
    for at in places {
        bytes[at..at + 4].copy_from_slice(to);
    }
}

/// CRC-32 as zip files carry it.
fn checksum(bytes: &[u8]) -> u32 {
    let step =
        |crc: u32, byte: &u8| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
            })
        };
    !bytes.iter().fold(!0, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_published_one() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
    }
}
