//! The verifier's report in the desk's words, with what the paper itself says beside it.

use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_desk::ports::{FileClaim, FileReport, FileSigner, FileVerdict};
use mingbai_evidence::Digest;
use mingbai_evidence::timestamp::Roots;
use mingbai_sign::{
    Certificate, Claim, ClaimKind, FieldKind, Reader, Report, Verdict, read_paper, verify_for,
};

use super::figures;
use super::stamps::StampReader;

/// Whom a reader of files trusts.
#[derive(Clone, Debug, Default)]
pub struct Trusted {
    /// Roots of signing authorities.
    pub roots: Vec<Certificate>,
    /// Roots of time-stamping authorities.
    pub stamp_roots: Option<Roots>,
    /// Revocation lists in DER beside those in the file.
    pub lists: Vec<Vec<u8>>,
}

/// Judges a file. Never fails: a file that cannot be read is a verdict.
pub fn inspect(pdf: &[u8], trusted: &Trusted, at_ms: i64) -> FileReport {
    let stamps = StampReader(trusted.stamp_roots.as_ref());
    let reader = Reader { roots: &trusted.roots, at_ms, stamps: &stamps, lists: &trusted.lists };
    let mut report = told(&verify_for(pdf, &reader));
    if let Ok(paper) = read_paper(pdf) {
        let (verdict, why) = figures::compared(&paper);
        let claim = both(
            "页面上的数字与文件里附的数据一致",
            "the figures on the pages are those of the data in the file",
        );
        report.claims.push(FileClaim { field: None, claim, verdict, why });
        report.paper = paper.digests.map(Digest::new).to_vec();
    }
    report
}

/// Tells what was found.
fn told(report: &Report) -> FileReport {
    let signers = report.fields.iter().filter(|f| f.kind != FieldKind::Other).map(|f| FileSigner {
        field: f.name.clone(),
        name: f.signer_name.clone().unwrap_or_default(),
        certificate: f.certificate.map(Digest::new),
        claimed_at_ms: f.claimed_at_ms,
        proven_at_ms: f.proven_at_ms,
    });
    let document = report.document.iter().map(|c| claim(None, c));
    let fields = report.fields.iter().flat_map(|f| f.claims.iter().map(|c| claim(Some(f.name.clone()), c)));
    FileReport {
        revisions: report.revisions,
        signers: signers.collect(),
        claims: document.chain(fields).collect(),
        paper: Vec::new(),
    }
}

fn claim(field: Option<String>, claim: &Claim) -> FileClaim {
    let verdict = match claim.verdict {
        Verdict::Holds => FileVerdict::Holds,
        Verdict::NotKnown => FileVerdict::NotKnown,
        Verdict::Contradicted => FileVerdict::Contradicted,
    };
    let why = both(claim.reason.zh.clone(), claim.reason.en.clone());
    FileClaim { field, claim: about(claim.kind), verdict, why }
}

/// What a claim is about.
pub fn about(kind: ClaimKind) -> Words {
    let (zh, en) = match kind {
        ClaimKind::Structure => ("文件本身完好", "the file itself is whole"),
        ClaimKind::Changes => ("此后只追加了允许的内容", "nothing but what is allowed was added afterwards"),
        ClaimKind::Coverage => ("签名覆盖全部内容", "the signature covers everything"),
        ClaimKind::Digest => ("内容就是当时所签的内容", "the content is what was signed"),
        ClaimKind::Signature => ("签名出自证书里的密钥", "the key of the certificate made the signature"),
        ClaimKind::Chain => ("证书由可信的机构签发", "a trusted authority issued the certificate"),
        ClaimKind::KeyUsage => ("密钥是用来签文件的", "the key is for signing documents"),
        ClaimKind::Time => ("签名的时间有证明", "the time of the signature is proven"),
        ClaimKind::Revocation => ("证书没有被吊销", "the certificate was not revoked"),
    };
    both(zh, en)
}

/// The verifier itself broke: nothing is known.
pub fn broken() -> FileReport {
    let why = both("核对时程序出错,什么也没有证明", "the program broke while checking; nothing is proven");
    let claim =
        FileClaim { field: None, claim: about(ClaimKind::Structure), verdict: FileVerdict::NotKnown, why };
    FileReport { revisions: 0, signers: Vec::new(), claims: vec![claim], paper: Vec::new() }
}
