//! The desk's port over the built-in authority. Each call runs on a thread of its own kind: one signature takes milliseconds, and
//! a large PDF more.

use std::sync::Arc;

use async_trait::async_trait;
use mingbai_core::text::both;
use mingbai_desk::ports::{
    ArchivedFile, AuthorityFiles, FileReport, Ink, NationalFiles, SealWish, SignatureError, SignatureWish,
    Signatures, WaitingArchive, WaitingFile,
};
use mingbai_sign::{
    BoxAt, Certificate, Field, Handwriting, KeyCustody, Point, Prepared, SignError, Suite, TimeStamps as _,
    Validation, add_validation, assemble, attributes_to_sign, boxes, contents_capacity_bytes, finish,
    prepare, raw_to_der,
};

use super::archive;
use super::authority::{BuiltIn, fault, refused};
use super::lists::Wanted;
use super::report;
use super::stamps::{StampReader, token_of};
use crate::fail::Fail;

/// The box that the paper keeps for the borrower, and the name of her field.
const BORROWER: (&str, &str) = ("sign-borrower", "borrower");
/// The box for the lender's seal, where the paper has one, and the name of its field.
const LENDER: (&str, &str) = ("sign-lender", "lender");
/// The field of the lender's second seal.
const LENDER_SM2: &str = "lender-sm2";
/// Room for a time stamp: authorities send two to seven kilobytes with their certificates.
pub(super) const STAMP_ROOM_BYTES: usize = 10_240;

/// The house's pen.
#[derive(Clone)]
pub struct Pen(Arc<BuiltIn>);

impl Pen {
    /// The pen of an authority.
    pub fn new(house: BuiltIn) -> Self {
        Pen(Arc::new(house))
    }

    async fn work<T: Send + 'static>(
        &self,
        what: impl FnOnce(&BuiltIn) -> Result<T, SignatureError> + Send + 'static,
    ) -> Result<T, SignatureError> {
        let house = self.0.clone();
        match tokio::task::spawn_blocking(move || what(&house)).await {
            Ok(done) => done,
            Err(_) => Err(SignatureError::Fault(both(
                "签署时程序出错;请重试,仍不行请告诉技术人员。",
                "The program broke while signing; try again, then tell the engineers.",
            ))),
        }
    }
}

#[async_trait]
impl Signatures for Pen {
    async fn prepare(&self, wish: SignatureWish) -> Result<WaitingFile, SignatureError> {
        self.work(move |house| prepared(house, &wish)).await
    }

    async fn finish(
        &self,
        waiting: WaitingFile,
        signature: Vec<u8>,
        time_stamp: Option<Vec<u8>>,
    ) -> Result<Vec<u8>, SignatureError> {
        self.work(move |house| filled(house, waiting, &signature, time_stamp)).await
    }

    async fn reopen(&self, pdf: Vec<u8>, certificate: Vec<u8>) -> Result<WaitingFile, SignatureError> {
        self.work(move |_| {
            let certificate = Certificate::parse(&certificate).map_err(|e| fault(&e))?;
            waiting(&Prepared::open(pdf).map_err(|e| fault(&e))?, &certificate)
        })
        .await
    }

    fn signature_value(&self, signature: &[u8]) -> Result<Vec<u8>, SignatureError> {
        raw_to_der(signature).map_err(|e| refused(&e))
    }

    async fn seal(&self, wish: SealWish) -> Result<Vec<u8>, SignatureError> {
        self.work(move |house| sealed(house, &wish)).await
    }

    async fn close(&self, pdf: Vec<u8>, now_ms: i64) -> Result<Vec<u8>, SignatureError> {
        self.work(move |house| closed(house, &pdf, now_ms)).await
    }

    async fn vouched_until_ms(&self, pdf: Vec<u8>, now_ms: i64) -> Result<Option<i64>, SignatureError> {
        self.work(move |house| archive::vouched_until_ms(house, &pdf, now_ms)).await
    }

    async fn prepare_archive(&self, pdf: Vec<u8>, now_ms: i64) -> Result<WaitingArchive, SignatureError> {
        self.work(move |house| archive::prepare(house, &pdf, now_ms)).await
    }

    async fn finish_archive(
        &self,
        waiting: WaitingArchive,
        answer: Vec<u8>,
    ) -> Result<ArchivedFile, SignatureError> {
        self.work(move |house| archive::finished(house, waiting, &answer)).await
    }

    async fn authority(&self, now_ms: i64) -> Result<AuthorityFiles, SignatureError> {
        self.work(move |house| {
            let list = house.issuing_list(Wanted::Newest, now_ms).map_err(failing)?;
            Ok(AuthorityFiles {
                root: house.root.der().to_vec(),
                issuing: house.issuing.der().to_vec(),
                seal: house.seal_certificate(now_ms).map_err(failing)?.der().to_vec(),
                revocations: list.der().to_vec(),
                root_revocations: house.root_list().der().to_vec(),
                national: national_files(house, now_ms)?,
            })
        })
        .await
    }

    async fn inspect(&self, pdf: Vec<u8>, at_ms: i64) -> FileReport {
        let looked = self.work(move |house| Ok(report::inspect(&pdf, &house.trusted(at_ms), at_ms)));
        looked.await.unwrap_or_else(|_| report::broken())
    }
}

pub(super) fn failing(fail: Fail) -> SignatureError {
    SignatureError::Fault(fail.in_short())
}

fn prepared(house: &BuiltIn, wish: &SignatureWish) -> Result<WaitingFile, SignatureError> {
    let ink = wish.ink.as_ref().map(handwriting);
    let at = match &ink {
        Some(_) => Some(box_named(&wish.pdf, BORROWER.0)?.ok_or_else(no_box)?),
        None => None,
    };
    let certificate = house.certify(&wish.request, &wish.signer, &wish.case, (wish.serial, wish.now_ms))?;
    let field = Field {
        name: BORROWER.1.to_owned(),
        label: wish.label.clone(),
        signer: wish.signer.clone(),
        reason: wish.reason.clone(),
        signed_at_ms: wish.now_ms,
        at,
        handwriting: ink,
        capacity_bytes: contents_capacity_bytes(&house.chain(&certificate), STAMP_ROOM_BYTES),
    };
    let prepared = prepare(&wish.pdf, &field).map_err(|e| match e {
        SignError::Field { what: "handwriting", .. } => refused(&e),
        _ => fault(&e),
    })?;
    waiting(&prepared, &certificate)
}

fn waiting(prepared: &Prepared, certificate: &Certificate) -> Result<WaitingFile, SignatureError> {
    let digest = prepared.digest();
    let attributes = attributes_to_sign(&digest, certificate.der()).map_err(|e| fault(&e))?;
    let gap = prepared.gap();
    Ok(WaitingFile {
        pdf: prepared.bytes().to_vec(),
        certificate: certificate.der().to_vec(),
        digest,
        gap: (gap.start, gap.end),
        attributes,
    })
}

fn filled(
    house: &BuiltIn,
    waiting: WaitingFile,
    signature: &[u8],
    time_stamp: Option<Vec<u8>>,
) -> Result<Vec<u8>, SignatureError> {
    let signature = raw_to_der(signature).map_err(|e| refused(&e))?;
    let certificate = Certificate::parse(&waiting.certificate).map_err(|e| fault(&e))?;
    certificate.check_issuer(&house.issuing).map_err(|e| fault(&e))?;
    let prepared = Prepared::open(waiting.pdf).map_err(|e| fault(&e))?;
    // What was put away is checked against the file itself: a digest, gap or attribute of another file must not come back here.
    let digest = prepared.digest();
    let attributes = attributes_to_sign(&digest, certificate.der()).map_err(|e| fault(&e))?;
    let gap = prepared.gap();
    if digest != waiting.digest || (gap.start, gap.end) != waiting.gap || attributes != waiting.attributes {
        return Err(SignatureError::Fault(both(
            "待签的文件与准备时不一致,没有签成;请重新开始签署。",
            "The file that waits is not the one that was prepared; nothing was signed. Begin the signing again.",
        )));
    }
    let token = time_stamp.as_deref().map(token_of);
    if let Some(token) = &token {
        check_stamp(house, token, &signature)?;
    }
    let chain = house.chain(&certificate);
    let cms = assemble(&attributes, &signature, &chain, token.as_deref()).map_err(|e| match e {
        SignError::BadSignature { .. } => refused(&e),
        _ => fault(&e),
    })?;
    finish(prepared, &cms).map_err(|e| fault(&e))
}

/// A time stamp goes in only when it is over this signature; by whom it is, is checked when this house knows an authority.
fn check_stamp(house: &BuiltIn, token: &[u8], signature_der: &[u8]) -> Result<(), SignatureError> {
    let digest = mingbai_evidence::Digest::of(signature_der);
    let refused = |(_, why): (_, mingbai_sign::Words)| SignatureError::Fault(both(why.zh, why.en));
    StampReader::open(token, digest.as_bytes()).map_err(refused)?;
    if let Some(roots) = &house.plan.stamp_roots {
        StampReader(Some(roots)).proven(token, digest.as_bytes()).map_err(refused)?;
    }
    Ok(())
}

/// One of the lender's seals.
struct Seal<'a> {
    field: &'static str,
    label: String,
    certificate: Certificate,
    chain: Vec<Vec<u8>>,
    key: &'a dyn KeyCustody,
    suite: Suite,
}

fn sealed(house: &BuiltIn, wish: &SealWish) -> Result<Vec<u8>, SignatureError> {
    let certificate = house.seal_certificate(wish.now_ms).map_err(failing)?;
    let seal = Seal {
        field: LENDER.1,
        label: wish.label.clone(),
        chain: house.chain(&certificate),
        certificate,
        key: house.seal_key(),
        suite: Suite::P256,
    };
    let once = put_on(&wish.pdf, wish, &seal)?;
    let Some(national) = &house.national else { return Ok(once) };
    let sealing = national.sealing(&house.plan, house.files(), wish.now_ms).map_err(failing)?;
    let Some((key, certificate)) = sealing else { return Ok(once) };
    let second = Seal {
        field: LENDER_SM2,
        label: format!("{} (SM2)", wish.label),
        chain: vec![certificate.der().to_vec()],
        certificate,
        key,
        suite: Suite::Sm2,
    };
    put_on(&once, wish, &second)
}

/// Puts a seal behind what stands in the file.
fn put_on(pdf: &[u8], wish: &SealWish, seal: &Seal<'_>) -> Result<Vec<u8>, SignatureError> {
    let field = Field {
        name: seal.field.to_owned(),
        label: seal.label.clone(),
        signer: seal.certificate.common_name(),
        reason: wish.reason.clone(),
        signed_at_ms: wish.now_ms,
        at: None,
        handwriting: None,
        capacity_bytes: contents_capacity_bytes(&seal.chain, STAMP_ROOM_BYTES),
    };
    let waiting = prepare(pdf, &field).map_err(|e| fault(&e))?;
    let digest = waiting.digest_by(seal.suite);
    let attributes = attributes_to_sign(&digest, seal.certificate.der()).map_err(|e| fault(&e))?;
    let signature = seal.key.sign(&attributes).map_err(|e| fault(&e))?;
    let cms = assemble(&attributes, &signature, &seal.chain, None).map_err(|e| fault(&e))?;
    finish(waiting, &cms).map_err(|e| fault(&e))
}

/// What a reader of the second seal needs.
fn national_files(house: &BuiltIn, now_ms: i64) -> Result<Option<NationalFiles>, SignatureError> {
    let Some(national) = &house.national else { return Ok(None) };
    let list = national.list(house.files(), Wanted::Newest, now_ms).map_err(failing)?;
    Ok(Some(NationalFiles { root: national.root().der().to_vec(), revocations: list.der().to_vec() }))
}

fn closed(house: &BuiltIn, pdf: &[u8], now_ms: i64) -> Result<Vec<u8>, SignatureError> {
    let list = house.issuing_list(Wanted::OfNow, now_ms).map_err(failing)?;
    let mut validation = Validation {
        certificates: vec![house.issuing.der().to_vec(), house.root.der().to_vec()],
        crls: vec![list.der().to_vec(), house.root_list().der().to_vec()],
    };
    if let Some(national) = &house.national {
        let list = national.list(house.files(), Wanted::OfNow, now_ms).map_err(failing)?;
        validation.certificates.push(national.root().der().to_vec());
        validation.crls.push(list.der().to_vec());
    }
    add_validation(pdf, &validation).map_err(|e| fault(&e))
}

fn box_named(pdf: &[u8], name: &str) -> Result<Option<BoxAt>, SignatureError> {
    let found = boxes(pdf).map_err(|e| fault(&e))?;
    Ok(found.into_iter().find(|b| b.name == name).map(|b| b.at))
}

fn no_box() -> SignatureError {
    SignatureError::Fault(both(
        "这份文件没有借款人签名栏,手写签名无处可放;请换用有签名栏的文件。",
        "This paper has no box for the borrower's signature; use one that has.",
    ))
}

fn handwriting(ink: &Ink) -> Handwriting {
    let point = |p: &mingbai_desk::ports::InkPoint| Point {
        x_cpx: p.x_cpx,
        y_cpx: p.y_cpx,
        at_ms: p.at_ms,
        pressure_permille: p.pressure_permille,
    };
    let strokes = ink.strokes.iter().map(|stroke| stroke.iter().map(point).collect()).collect();
    Handwriting { width_cpx: ink.width_cpx, height_cpx: ink.height_cpx, strokes }
}
