//! `mingbai verify`: does an evidence package hold, byte for byte and rule for rule? Needs no server and no network.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use mingbai_core::borrow::audit::{Checked, Holding, loans};
use mingbai_core::text::both;
use mingbai_cost::{Lang, Words};
use mingbai_evidence::Bilingual;
use mingbai_evidence::note::KeyTextError;
use mingbai_evidence::package::{Limits, read};
use mingbai_evidence::receipt::{RECEIPT_LIMIT, Receipt};
use mingbai_evidence::verify::{
    Claim, Outcome, Reader, Report, Trust, Verdict, verify_for, verify_receipt, verify_receipt_against,
};
use serde::Serialize;

use crate::args::VerifyArgs;
use crate::commands::{read_bytes, read_text};
use crate::fail::{Fail, Kind};
use crate::screen::{Screen, Tone};
use crate::tsa::roots;

/// A package is at most as large as its reader's limits, which are smaller; this guards the memory.
pub(super) const MAX_PACKAGE_BYTES: u64 = 512 * 1024 * 1024;
const MAX_KEY_BYTES: u64 = 4 * 1024;

/// Everything that was found about one package.
#[derive(Debug, Default, Serialize)]
pub struct Findings {
    /// The evidence itself: unchanged, complete, signed. Nothing when only a receipt was given.
    pub evidence: Report,
    /// Every loan in it, checked again under the rules.
    pub loans: BTreeMap<String, Vec<Checked>>,
    /// The borrower's receipt, alone or held against the package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Report>,
}

impl Findings {
    /// Whether everything is proven: the only case for exit code 0.
    pub fn hold(&self) -> bool {
        let proven = |c: &Checked| c.holding == Holding::Proven;
        self.outcome() == Outcome::Holds && self.loans.values().flatten().all(proven)
    }

    /// What package and receipt say together.
    fn outcome(&self) -> Outcome {
        let reports = self.reports().map(|(_, report)| report.outcome());
        let worst = |a: Outcome, b: Outcome| match (a, b) {
            (Outcome::Contradicted, _) | (_, Outcome::Contradicted) => Outcome::Contradicted,
            (Outcome::Holds, Outcome::Holds) => Outcome::Holds,
            _ => Outcome::NotProven,
        };
        reports.reduce(worst).unwrap_or(Outcome::NotProven)
    }

    /// What was looked at, with its heading.
    fn reports(&self) -> impl Iterator<Item = (Words, &Report)> {
        let package =
            both("一、文件本身:有没有被改动,谁签的", "1. the file itself: unchanged, and signed by whom");
        let receipt = both("凭证:它证明什么", "the receipt: what it proves");
        // A receipt alone comes without a package.
        let package = (!self.evidence.claims.is_empty()).then_some((package, &self.evidence));
        package.into_iter().chain(self.receipt.as_ref().map(|report| (receipt, report)))
    }

    /// How many claims the evidence speaks against.
    pub fn contradicted(&self) -> usize {
        let claims = self.reports().flat_map(|(_, report)| &report.claims);
        let evidence = claims.filter(|c| c.verdict == Verdict::Contradicted).count();
        evidence + self.loans.values().flatten().filter(|c| c.holding == Holding::Contradicted).count()
    }
}

/// Runs the command.
pub fn run(args: &VerifyArgs, screen: &mut Screen) -> Result<(), Fail> {
    let reader = Reader {
        tsa_roots: args.tsa_root.as_deref().map(roots).transpose()?,
        sm2_keys: keys(&args.sm2_key)?,
        witnesses: keys(&args.witness)?,
        ..Reader::new(trust(&args.key)?)
    };
    let bytes = read_bytes(&args.file, MAX_PACKAGE_BYTES)?;
    if bytes.starts_with(b"%PDF-") {
        return super::verify_pdf::run(args, &bytes, &reader, screen);
    }
    if args.evidence.is_some() {
        let what = both("--evidence 只用于 PDF", "--evidence is for a PDF");
        return Err(Fail::new(Kind::Input, what).next(
            "请写 mingbai verify 合同.pdf --evidence 证据包.zip;证据包本身直接核对即可。",
            "Write mingbai verify contract.pdf --evidence package.zip; a package by itself is verified as it is.",
        ));
    }
    let mut findings = if Receipt::is_one(&bytes) {
        Findings { receipt: Some(verify_receipt(&bytes, &reader)), ..Findings::default() }
    } else {
        examine_for(&bytes, &reader)
    };
    if let Some(path) = &args.receipt {
        let receipt = read_bytes(path, RECEIPT_LIMIT as u64)?;
        findings.receipt = Some(verify_receipt_against(&receipt, &bytes, &reader));
    }
    if args.json {
        let text = serde_json::to_string_pretty(&findings).map_err(|e| {
            Fail::new(Kind::Internal, both("结果写不出来", "the findings cannot be written")).caused_by(&e)
        })?;
        screen.line(text);
    } else {
        show(&args.file, &findings, screen);
    }
    conclude(&findings)
}

/// Verifies the package for a reader who knows the lender's key and nothing else, and checks every loan in it again.
pub fn examine(bytes: &[u8], trust: &Trust) -> Findings {
    examine_for(bytes, &Reader::new(trust.clone()))
}

/// Verifies the package and checks every loan in it again.
pub fn examine_for(bytes: &[u8], reader: &Reader) -> Findings {
    let evidence = verify_for(bytes, reader);
    // What the strict reader refuses, the report above has already named.
    let loans = read(bytes, &Limits::default()).map(loans).unwrap_or_default();
    Findings { evidence, loans, receipt: None }
}

/// Reads the keys: text as it is, or `@FILE`.
fn trust(keys: &[String]) -> Result<Trust, Fail> {
    if keys.is_empty() {
        return Ok(Trust::OnFirstUse);
    }
    self::keys(keys).map(Trust::Pinned)
}

/// Reads keys of one kind.
pub(super) fn keys<K: FromStr<Err = KeyTextError>>(keys: &[String]) -> Result<Vec<K>, Fail> {
    let one = |key: &String| {
        let text = match key.strip_prefix('@') {
            Some(path) => read_text(Path::new(path), MAX_KEY_BYTES)?,
            None => key.clone(),
        };
        text.trim().parse::<K>().map_err(|e| {
            let why = e.words();
            Fail::new(Kind::Input, both("这不是公钥", "this is not a public key"))
                .because(both(why.zh, why.en))
                .next("公钥写作 名字+8 位十六进制+base64。", "A key looks like name+8 hex digits+base64.")
        })
    };
    keys.iter().map(one).collect()
}

/// Writes the findings for a person: sign and word, never colour alone.
pub fn show(file: &Path, findings: &Findings, screen: &mut Screen) {
    let alone = findings.evidence.claims.is_empty();
    let kind =
        if alone { screen.pick("凭证", "receipt") } else { screen.pick("证据包", "evidence package") };
    let title = format!("{kind} {}", file.display());
    let title = screen.toned(Tone::Strong, &title);
    screen.line(title);
    for (heading, report) in findings.reports() {
        screen.say(&heading.zh, &heading.en);
        for claim in &report.claims {
            let words = both(subject(claim) + &claim.reason.zh, subject(claim) + &claim.reason.en);
            line(Mark::of(claim.verdict), &words, screen);
        }
        if let Some(key) = &report.facts.key {
            screen.line(format!("      {} {key}", screen.pick("公钥", "key")));
        }
    }
    if !alone {
        show_loans(findings, screen);
    }
    if findings.hold() {
        let text = screen.toned(Tone::Good, screen.pick("结论:全部成立。", "conclusion: everything holds."));
        screen.line(text);
    }
}

fn show_loans(findings: &Findings, screen: &mut Screen) {
    screen.say("二、业务:按规则重新核一遍", "2. the loan: checked again under the rules");
    for (name, checks) in &findings.loans {
        screen.line(format!("  {name}"));
        for check in checks {
            let words = both(
                format!("{}:{}", check.claim.zh, check.why.zh),
                format!("{}: {}", check.claim.en, check.why.en),
            );
            line(Mark::held(check.holding), &words, screen);
        }
    }
    if findings.loans.is_empty() {
        screen.say("  包里没有能复核的贷款。", "  there is no loan in it that can be checked.");
    }
}

fn subject(claim: &Claim) -> String {
    if claim.subject.is_empty() { String::new() } else { format!("[{}] ", claim.subject) }
}

/// A verdict as a sign and a word.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    Proven,
    NotProven,
    Contradicted,
}

impl Mark {
    fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Proven => Mark::Proven,
            Verdict::NotProven => Mark::NotProven,
            Verdict::Contradicted => Mark::Contradicted,
        }
    }

    pub(super) fn held(holding: Holding) -> Self {
        match holding {
            Holding::Proven => Mark::Proven,
            Holding::NotProven => Mark::NotProven,
            Holding::Contradicted => Mark::Contradicted,
        }
    }
}

pub(super) fn line(mark: Mark, words: &Words, screen: &mut Screen) {
    let (tone, zh, en) = match mark {
        Mark::Proven => (Tone::Good, "✓ 成立  ", "✓ proven      "),
        Mark::NotProven => (Tone::Quiet, "? 未证明", "? not proven  "),
        Mark::Contradicted => (Tone::Bad, "✗ 不成立", "✗ contradicted"),
    };
    let sign = screen.toned(tone, screen.pick(zh, en));
    let text = match screen.lang() {
        Lang::Zh => &words.zh,
        Lang::En => &words.en,
    };
    screen.line(format!("  {sign} {text}"));
}

fn conclude(findings: &Findings) -> Result<(), Fail> {
    if findings.hold() {
        return Ok(());
    }
    let against = findings.contradicted();
    let what = if against > 0 {
        both(format!("有 {against} 项与证据相反"), format!("the evidence speaks against {against} claims"))
    } else {
        both("没有发现改动,但不是每一项都有证明", "nothing speaks against it, but not everything is proven")
    };
    let fail = Fail::new(Kind::No, what);
    Err(match findings.outcome() {
        Outcome::NotProven => fail.next(
            "用 --key 给出贷款机构公布的公钥,签名人才能得到证明。",
            "Give the lender's published key with --key; only then is the signer proven.",
        ),
        Outcome::Contradicted => fail.next(
            "不要采信这个文件;请向出具机构索取原件,并保留这一份。",
            "Do not rely on this file; ask for the original and keep this copy.",
        ),
        Outcome::Holds => fail.next("见上面带 ? 或 ✗ 的各项。", "See the lines with ? or ✗ above."),
    })
}
