//! `mingbai verify contract.pdf`: every signature in a file, by what the reader trusts. Needs no server and no network.

use std::path::Path;

use mingbai_core::borrow::audit::{Checked, Holding, SignedFile, signed_file};
use mingbai_core::text::both;
use mingbai_desk::ports::{FileClaim, FileReport, FileVerdict};
use mingbai_evidence::Digest;
use mingbai_evidence::package::{Limits, read};
use mingbai_evidence::verify::{Outcome, Reader, verify_for};
use mingbai_sign::Certificate;
use serde_json::json;

use super::verify::{MAX_PACKAGE_BYTES, Mark, line};
use crate::args::VerifyArgs;
use crate::commands::read_bytes;
use crate::fail::{Fail, Kind};
use crate::house::signatures::report::{Trusted, inspect};
use crate::real;
use crate::screen::{Screen, Tone};
use crate::tsa;

/// A root certificate, or a revocation list.
const DER_LIMIT: u64 = 1024 * 1024;

/// Runs the command on a PDF. `reader` says whose evidence package is believed, where one is given.
pub fn run(args: &VerifyArgs, pdf: &[u8], reader: &Reader, screen: &mut Screen) -> Result<(), Fail> {
    let trusted = Trusted {
        roots: args.root.iter().map(|path| root(path)).collect::<Result<_, _>>()?,
        stamp_roots: args.tsa_root.as_deref().map(tsa::roots).transpose()?,
        lists: args.crl.iter().map(|path| read_bytes(path, DER_LIMIT)).collect::<Result<_, _>>()?,
    };
    let report = inspect(pdf, &trusted, real::now_ms());
    let logged = args.evidence.as_deref().map(|path| against(path, pdf, &report, reader)).transpose()?;
    let logged = logged.unwrap_or_default();
    if args.json {
        screen.line(as_json(&report, &logged).to_string());
    } else {
        show(args, &report, &logged, screen);
    }
    conclude(&report, &logged)
}

/// Holds the file against the loan's evidence package: first whether that package holds at all, then what its log says of this file.
fn against(path: &Path, pdf: &[u8], report: &FileReport, reader: &Reader) -> Result<Vec<Checked>, Fail> {
    let bytes = read_bytes(path, MAX_PACKAGE_BYTES)?;
    let (holding, why) = match verify_for(&bytes, reader).outcome() {
        Outcome::Holds => (Holding::Proven, both("证据包逐项成立。", "Every claim about the package holds.")),
        Outcome::NotProven => (
            Holding::NotProven,
            both(
                "没有发现改动,但不是每一项都有证明;请用 --key 给出贷款机构的公钥,或单独核对证据包。",
                "Nothing speaks against it, but not everything is proven; give the lender's key with --key, or verify the package by itself.",
            ),
        ),
        Outcome::Contradicted => (
            Holding::Contradicted,
            both(
                "证据包被改动过,下面各项不能采信;请单独核对证据包。",
                "The package was changed, and nothing below can be relied on; verify it by itself.",
            ),
        ),
    };
    let claim = both("证据包本身成立", "The evidence package itself holds");
    let mut checks = vec![Checked { key: "package", claim, holding, why }];
    let package = read(&bytes, &Limits::default()).map_err(|e| {
        Fail::new(Kind::Input, both("证据包读不出来", "the evidence package cannot be read"))
            .caused_by(&e)
            .next(
                "--evidence 后面应是从页面下载的证据包(.zip)。",
                "After --evidence comes the package (.zip) that the pages let you download.",
            )
    })?;
    let file = SignedFile {
        file: Digest::of(pdf),
        papers: report.paper.clone(),
        certificates: report.signers.iter().filter_map(|signer| signer.certificate).collect(),
    };
    checks.extend(signed_file(&package.records, &file));
    Ok(checks)
}

/// Reads a root in DER or PEM.
fn root(path: &Path) -> Result<Certificate, Fail> {
    let bytes = read_bytes(path, DER_LIMIT)?;
    Certificate::from_pem_or_der(&bytes).map_err(|e| {
        let (shown, words) = (path.display(), e.words());
        let what = both(format!("{shown} 不是证书"), format!("{shown} is no certificate"));
        Fail::new(Kind::Input, what).because(both(words.zh, words.en)).next(
            "根证书在贷款机构网站的 /ca/root.cer;请与它另行公布的指纹核对。",
            "The root is at /ca/root.cer of the lender's site; compare it with the fingerprint that is published elsewhere.",
        )
    })
}

fn show(args: &VerifyArgs, report: &FileReport, logged: &[Checked], screen: &mut Screen) {
    let title = format!("PDF {}", args.file.display());
    let title = screen.toned(Tone::Strong, &title);
    screen.line(title);
    for signer in &report.signers {
        let name = if signer.name.is_empty() { screen.pick("时间戳", "time stamp") } else { &signer.name };
        let when = |at: Option<i64>| at.map_or_else(|| "—".to_owned(), real::in_beijing);
        let (claimed, proven) = (screen.pick("自称时间", "claimed"), screen.pick("证明不晚于", "proven by"));
        let text = format!(
            "  [{}] {name} · {claimed} {} · {proven} {}",
            signer.field,
            when(signer.claimed_at_ms),
            when(signer.proven_at_ms)
        );
        screen.line(text);
    }
    for claim in &report.claims {
        let field = claim.field.as_ref().map(|f| format!("[{f}] ")).unwrap_or_default();
        let words = both(
            format!("{field}{}:{}", claim.claim.zh, claim.why.zh),
            format!("{field}{}: {}", claim.claim.en, claim.why.en),
        );
        line(mark(claim), &words, screen);
    }
    if let Some(digest) = report.paper.first() {
        let label = screen
            .pick("签名之前的文件指纹(SHA-256)", "fingerprint of the paper before it was signed (SHA-256)");
        let text = format!("      {label} {digest}");
        screen.line(text);
    }
    if !logged.is_empty() {
        screen.say("与证据日志核对", "held against the evidence log");
    }
    for check in logged {
        let words = both(
            format!("{}:{}", check.claim.zh, check.why.zh),
            format!("{}: {}", check.claim.en, check.why.en),
        );
        line(Mark::held(check.holding), &words, screen);
    }
    if holds(report, logged) {
        let text = screen.toned(Tone::Good, screen.pick("结论:全部成立。", "conclusion: everything holds."));
        screen.line(text);
    }
}

fn mark(claim: &FileClaim) -> Mark {
    match claim.verdict {
        FileVerdict::Holds => Mark::Proven,
        FileVerdict::NotKnown => Mark::NotProven,
        FileVerdict::Contradicted => Mark::Contradicted,
    }
}

fn holds(report: &FileReport, logged: &[Checked]) -> bool {
    !report.claims.is_empty()
        && report.claims.iter().all(|c| c.verdict == FileVerdict::Holds)
        && logged.iter().all(|c| c.holding == Holding::Proven)
}

fn as_json(report: &FileReport, logged: &[Checked]) -> serde_json::Value {
    let verdict = |v| match v {
        FileVerdict::Holds => "proven",
        FileVerdict::NotKnown => "not_proven",
        FileVerdict::Contradicted => "contradicted",
    };
    let claims = report.claims.iter().map(|c| {
        json!({"field": c.field, "claim": {"zh": c.claim.zh, "en": c.claim.en}, "verdict": verdict(c.verdict),
            "reason": {"zh": c.why.zh, "en": c.why.en}})
    });
    let signers = report.signers.iter().map(|s| {
        json!({"field": s.field, "name": s.name, "claimed_at_ms": s.claimed_at_ms, "proven_at_ms": s.proven_at_ms})
    });
    json!({"revisions": report.revisions, "holds": holds(report, logged), "log": logged, "signers": signers.collect::<Vec<_>>(),
        "claims": claims.collect::<Vec<_>>(), "paper_sha256": report.paper.first().map(ToString::to_string)})
}

fn conclude(report: &FileReport, logged: &[Checked]) -> Result<(), Fail> {
    if holds(report, logged) {
        return Ok(());
    }
    let against = report.claims.iter().filter(|c| c.verdict == FileVerdict::Contradicted).count()
        + logged.iter().filter(|c| c.holding == Holding::Contradicted).count();
    if against > 0 {
        let what =
            both(format!("有 {against} 项与文件相反"), format!("the file speaks against {against} claims"));
        return Err(Fail::new(Kind::No, what).next(
            "不要采信这个文件;请向出具机构索取原件,并保留这一份。",
            "Do not rely on this file; ask for the original and keep this copy.",
        ));
    }
    let what =
        both("没有发现改动,但不是每一项都有证明", "nothing speaks against it, but not everything is proven");
    Err(Fail::new(Kind::No, what).next(
        "用 --root 给出签名机构的根证书;有时间戳的,再用 --tsa-root 给出时间戳机构的根证书。",
        "Give the signing authority's root with --root, and with time stamps their authority's root with --tsa-root.",
    ))
}
