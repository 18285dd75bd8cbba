//! Judges one signature field: coverage, digest, signature, certificate, time.

use cms::cert::CertificateChoices;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Decode, Encode};
use sha2::{Digest, Sha256};
use x509_cert::attr::{Attribute, Attributes};

use super::report::{Claim, ClaimKind, FieldKind, FieldReport};
use super::revocation::{self, Moment};
use super::{TimeStamps, chain};
use crate::ca::{Broken, Certificate};
use crate::cms::{
    CONTENT_TYPE, DATA, MESSAGE_DIGEST, SIGNED_DATA, SIGNING_CERTIFICATE_V2, names_certificate,
};
use crate::container::Validation;
use crate::pdf::object::{Object, read_text_string};
use crate::pdf::{Pdf, Signed};
use crate::suite::Suite;
use crate::time::{read_pdf_date, readable};

/// `signing-time`, which PAdES forbids beside `/M` (EN 319 142-1, table 1).
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const CERTIFICATE_LIMIT: usize = 16;

/// What all fields of one file share.
pub(crate) struct Case<'c, 'a> {
    pub(crate) pdf: &'c Pdf<'a>,
    pub(crate) roots: &'c [Certificate],
    pub(crate) at_ms: i64,
    pub(crate) stamps: &'c dyn TimeStamps,
    pub(crate) validation: &'c Validation,
}

/// What a sound byte range covers.
struct Covered {
    claim: Claim,
    /// SHA-256 of the covered bytes.
    digest: [u8; 32],
    /// The DER that stands in the gap.
    content: Vec<u8>,
}

/// A CMS that was read.
pub(super) struct Opened {
    suite: Suite,
    pub(super) info: SignerInfo,
    attributes: Attributes,
    certificates: Vec<Certificate>,
}

impl Case<'_, '_> {
    pub(crate) fn judge(&self, signed: &Signed<'_>, sealed_at_ms: Option<i64>) -> FieldReport {
        let value = signed.value;
        let kind = if value.is("SubFilter", "ETSI.CAdES.detached") {
            FieldKind::Signature
        } else if value.is("Type", "DocTimeStamp") && value.is("SubFilter", "ETSI.RFC3161") {
            FieldKind::DocumentTimeStamp
        } else {
            FieldKind::Other
        };
        let name = signed.widget.get("T").and_then(Object::text).map(read_text_string).unwrap_or_default();
        let mut report = FieldReport {
            name,
            kind,
            revision: signed.revision + 1,
            signed_by: None,
            signer_name: None,
            serial: None,
            certificate: None,
            claimed_at_ms: value.get("M").and_then(Object::text).and_then(read_pdf_date),
            proven_at_ms: None,
            proven_until_ms: None,
            time_stamp: None,
            stamped: None,
            digest: None,
            claims: Vec::new(),
        };
        let Covered { claim, digest, content } = match self.coverage(signed) {
            Ok(covered) => covered,
            Err(claim) => {
                report.claims.push(claim);
                return report;
            }
        };
        report.claims.push(claim);
        report.digest = Some(digest);
        match kind {
            FieldKind::Signature => self.signature(&mut report, signed, &digest, &content, sealed_at_ms),
            FieldKind::DocumentTimeStamp => self.document_time(&mut report, &digest, &content, sealed_at_ms),
            FieldKind::Other => report.claims.push(Claim::unknown(
                ClaimKind::Signature,
                "这种签名本程序不认识，没有核对。",
                "signatures of this kind are not known here and were not checked",
            )),
        }
        report
    }

    /// The byte range must be the whole revision but exactly the value of `Contents`, and that value one DER structure and zeros.
    fn coverage(&self, signed: &Signed<'_>) -> Result<Covered, Claim> {
        let wrong = |zh: &str, en: &str| Err(Claim::wrong(ClaimKind::Coverage, zh, en));
        let range: Option<Vec<usize>> = signed
            .value
            .get("ByteRange")
            .and_then(Object::array)
            .and_then(|items| items.iter().map(|n| usize::try_from(n.integer()?).ok()).collect());
        let (Some(range), Some(gap)) = (range, signed.contents.clone()) else {
            return wrong("签名没有写明覆盖哪些字节。", "the signature does not say which bytes it covers");
        };
        let revision = &self.pdf.revisions[signed.revision];
        let [0, first, second, length] = range[..] else {
            return wrong(
                "签名的覆盖范围不是从头到尾的两段。",
                "the covered range is not two pieces from the beginning on",
            );
        };
        if first != gap.start || second != gap.end {
            return wrong(
                "签名的覆盖范围留出了签名之外的空隙。",
                "the covered range leaves out more or less than the signature itself",
            );
        }
        let end = second.checked_add(length);
        if end != Some(revision.end) && end != Some(revision.marker_end) {
            return wrong(
                "签名没有覆盖到它那一版的末尾。",
                "the signature does not cover its revision to the end",
            );
        }
        let (Some(head), Some(tail), Some(hex)) = (
            self.pdf.bytes.get(..first),
            self.pdf.bytes.get(second..second + length),
            self.pdf.bytes.get(first + 1..second.saturating_sub(1)),
        ) else {
            return wrong("签名的覆盖范围超出文件。", "the covered range reaches outside the file");
        };
        let Some(content) = der_and_zeros(hex) else {
            return wrong(
                "签名的位置里还有别的内容。",
                "the place of the signature holds something else too",
            );
        };
        let mut hash = Sha256::new();
        hash.update(head);
        hash.update(tail);
        let claim = if signed.revision + 1 == self.pdf.revisions.len() {
            Claim::holds(ClaimKind::Coverage, "签名覆盖整个文件。", "the signature covers the whole file")
        } else {
            let (n, all) = (signed.revision + 1, self.pdf.revisions.len());
            Claim::holds(
                ClaimKind::Coverage,
                format!("签名完整覆盖第 {n} 版（共 {all} 版）。"),
                format!("the signature covers all of revision {n} of {all}"),
            )
        };
        Ok(Covered { claim, digest: hash.finalize().into(), content })
    }

    /// The digest of the covered bytes as this suite takes it.
    fn covered_by(&self, signed: &Signed<'_>, suite: Suite, sha256: &[u8; 32]) -> [u8; 32] {
        let (Suite::Sm2, Some(gap)) = (suite, &signed.contents) else { return *sha256 };
        // The range was checked to be the whole revision but this gap.
        let range = signed.value.get("ByteRange").and_then(Object::array);
        let length = range.and_then(|items| usize::try_from(items.get(3)?.integer()?).ok()).unwrap_or(0);
        let bytes = self.pdf.bytes;
        let head = bytes.get(..gap.start).unwrap_or_default();
        let tail = gap.end.checked_add(length).and_then(|end| bytes.get(gap.end..end)).unwrap_or_default();
        suite.digest(&[head, tail])
    }

    fn signature(
        &self,
        report: &mut FieldReport,
        signed: &Signed<'_>,
        digest: &[u8; 32],
        content: &[u8],
        sealed_at_ms: Option<i64>,
    ) {
        let opened = match open(content) {
            Ok(opened) => opened,
            Err(why) => {
                report.claims.push(Claim::wrong(
                    ClaimKind::Signature,
                    format!("签名数据读不出来（{why}）。"),
                    format!("the signature cannot be read: {why}"),
                ));
                return;
            }
        };
        report.claims.push(digest_claim(&opened, &self.covered_by(signed, opened.suite, digest)));
        let signer = opened.certificates.iter().find(|c| is_named(&opened.info, c));
        let Some(signer) = signer else {
            report.claims.push(Claim::wrong(
                ClaimKind::Signature,
                "签名里没有签名人的证书。",
                "the signature does not carry its signer's certificate",
            ));
            return;
        };
        report.signed_by = Some(signer.subject());
        report.signer_name = Some(signer.common_name());
        report.serial = Some(signer.serial().to_vec());
        report.certificate = Some(Sha256::digest(signer.der()).into());
        report.claims.push(signature_claim(&opened, signer));
        report.claims.push(usage_claim(signer));
        let moment = self.time(report, &opened, sealed_at_ms);
        self.certificate(report, &opened, signer, moment);
    }

    fn certificate(&self, report: &mut FieldReport, opened: &Opened, signer: &Certificate, moment: Moment) {
        let mut pool: Vec<Certificate> = opened.certificates.clone();
        pool.extend(self.validation.certificates.iter().filter_map(|der| Certificate::parse(der).ok()));
        let path = match chain::build(signer, &pool, self.roots) {
            Ok(path) => path,
            Err(broken) => {
                report.claims.push(chain_claim(broken));
                return;
            }
        };
        if !opened.certificates.iter().all(|c| path.0.contains(c)) {
            report.claims.push(Claim::unknown(
                ClaimKind::Chain,
                "签名里还带有与证书链无关的证书。",
                "the signature also carries a certificate that is no part of its chain",
            ));
        }
        report.claims.push(if path.valid_at(moment.at_ms) {
            Claim::holds(
                ClaimKind::Chain,
                format!("证书链通到受信任的根，在 {} 有效。", readable(moment.at_ms)),
                format!("the certificate leads to a trusted root and was valid at {}", readable(moment.at_ms)),
            )
        } else if path.ended_before(moment.at_ms) && report.claimed_at_ms.is_some_and(|m| path.valid_at(m)) {
            // A stamp of a later day shows that the signature is no younger, not that it is as old as it says.
            Claim::unknown(
                ClaimKind::Chain,
                "证书已过期；签名时它或许有效，但没有那时的时间戳为证。",
                "the certificate has expired; it may have been valid when signing, but no time stamp of that time proves it",
            )
        } else {
            Claim::wrong(
                ClaimKind::Chain,
                format!("证书在 {} 不在有效期内。", readable(moment.at_ms)),
                format!("the certificate was not valid at {}", readable(moment.at_ms)),
            )
        });
        // Without proof of the time, the list must cover the claimed moment of signing, not today.
        let asked = match (moment.proven, report.claimed_at_ms) {
            (false, Some(claimed)) => Moment { at_ms: claimed.min(moment.at_ms), proven: false },
            _ => moment,
        };
        report.claims.push(revocation::judge(&path, &self.validation.crls, asked, self.at_ms));
    }
}

/// The DER structure at the beginning of the hexadecimal text; `None` unless only zeros follow.
fn der_and_zeros(hex: &[u8]) -> Option<Vec<u8>> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    if !hex.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Vec<u8> =
        hex.chunks_exact(2).map(|p| Some(digit(p[0])? << 4 | digit(p[1])?)).collect::<Option<_>>()?;
    let (content, rest) = bytes.split_at_checked(der_length(&bytes)?)?;
    rest.iter().all(|b| *b == 0).then(|| content.to_vec())
}

/// Length of the first DER structure with its header.
fn der_length(bytes: &[u8]) -> Option<usize> {
    let mut reader = der::SliceReader::new(bytes).ok()?;
    let header = der::Header::decode(&mut reader).ok()?;
    let body = usize::try_from(u32::from(header.length)).ok()?;
    usize::try_from(u32::from(der::Reader::position(&reader))).ok()?.checked_add(body)
}

fn open(content: &[u8]) -> Result<Opened, String> {
    let info = ContentInfo::from_der(content).map_err(|why| why.to_string())?;
    if info.content_type != SIGNED_DATA {
        return Err("it is no signed data".to_owned());
    }
    let data: SignedData = info.content.decode_as().map_err(|why| why.to_string())?;
    let again =
        info.to_der().ok() == Some(content.to_vec()) && data.to_der().ok() == info.content.to_der().ok();
    if !again {
        return Err("it is not written in DER".to_owned());
    }
    let algorithms: Vec<_> = data.digest_algorithms.iter().collect();
    let [signer] = data.signer_infos.0.as_slice() else {
        return Err("it has not exactly one signer".to_owned());
    };
    let named = |suite: &Suite| {
        signer.digest_alg.oid == suite.digest_oid() && signer.signature_algorithm.oid == suite.signature_oid()
    };
    let Some(suite) = [Suite::P256, Suite::Sm2].into_iter().find(named) else {
        return Err("it uses other algorithms than ECDSA P-256 with SHA-256, or SM2 with SM3".to_owned());
    };
    let plain = data.version == CmsVersion::V1
        && data.encap_content_info.econtent_type == DATA
        && data.encap_content_info.econtent.is_none()
        && data.crls.is_none()
        && matches!(algorithms[..], [one] if one.oid == suite.digest_oid() && no_parameters(one));
    let known = signer.version == CmsVersion::V1
        && no_parameters(&signer.digest_alg)
        && signer.signature_algorithm.parameters.is_none();
    if !plain || !known {
        return Err("it is of another form than signatures in PDFs".to_owned());
    }
    let attributes = signer.signed_attrs.clone().ok_or("it has no signed attributes")?;
    let mut certificates = Vec::new();
    for choice in data.certificates.iter().flat_map(|set| set.0.iter()).take(CERTIFICATE_LIMIT) {
        let CertificateChoices::Certificate(certificate) = choice else {
            return Err("it carries something that is no certificate".to_owned());
        };
        let der = certificate.to_der().map_err(|why| why.to_string())?;
        certificates.push(Certificate::parse(&der).map_err(|why| why.to_string())?);
    }
    Ok(Opened { info: signer.clone(), suite, attributes, certificates })
}

/// Absent, or the NULL that older programs write (RFC 5754, section 2).
fn no_parameters(algorithm: &spki::AlgorithmIdentifierOwned) -> bool {
    algorithm.parameters.as_ref().is_none_or(der::Any::is_null)
}

fn is_named(info: &SignerInfo, certificate: &Certificate) -> bool {
    let tbs = &certificate.parsed().tbs_certificate;
    match &info.sid {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            id.issuer == tbs.issuer && id.serial_number == tbs.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(_) => false,
    }
}

/// The only attribute of its kind.
fn only(attributes: &Attributes, oid: ObjectIdentifier) -> Option<&Attribute> {
    let mut found = attributes.iter().filter(|a| a.oid == oid);
    found.next().filter(|_| found.next().is_none())
}

/// DER of the only value of the only attribute of its kind.
fn only_value(attributes: &Attributes, oid: ObjectIdentifier) -> Option<Vec<u8>> {
    let [value] = only(attributes, oid)?.values.as_slice() else { return None };
    value.to_der().ok()
}

fn digest_claim(opened: &Opened, digest: &[u8; 32]) -> Claim {
    let stated = only_value(&opened.attributes, MESSAGE_DIGEST);
    let stated = stated.and_then(|der| OctetString::from_der(&der).ok());
    match stated.is_some_and(|s| s.as_bytes() == digest) {
        true => Claim::holds(
            ClaimKind::Digest,
            "被签的字节就是现在文件里的字节。",
            "the signed bytes are the bytes of the file",
        ),
        false => Claim::wrong(
            ClaimKind::Digest,
            "文件内容在签名之后被改动过。",
            "the content of the file was changed after it was signed",
        ),
    }
}

fn signature_claim(opened: &Opened, signer: &Certificate) -> Claim {
    let kind = ClaimKind::Signature;
    let attributes = &opened.attributes;
    let content_type = only_value(attributes, CONTENT_TYPE);
    let wrong = |zh: &str, en: &str| Claim::wrong(kind, zh, en);
    if content_type.and_then(|der| ObjectIdentifier::from_der(&der).ok()) != Some(DATA) {
        return wrong("签名属性不对（content-type）。", "the signed attributes are wrong (content-type)");
    }
    if attributes.iter().any(|a| a.oid == SIGNING_TIME) {
        return wrong(
            "签名里另写了一个时间，标准不允许。",
            "the signature states a second time, which the standard forbids",
        );
    }
    let names = only(attributes, SIGNING_CERTIFICATE_V2).is_some_and(|a| names_certificate(a, signer.der()));
    if !names {
        return wrong("签名指定的不是这张证书。", "the signature names another certificate");
    }
    let signed = attributes.to_der().unwrap_or_default();
    match signer.verifies(&signed, opened.info.signature.as_bytes()) {
        Ok(()) => {
            Claim::holds(kind, "签名与证书里的公钥相符。", "the signature fits the key in the certificate")
        }
        Err(Broken::Wrong(_)) => {
            wrong("签名与证书里的公钥不符。", "the signature does not fit the key in the certificate")
        }
        Err(Broken::Unknown(why)) => Claim::unknown(
            kind,
            format!("证书的密钥种类本程序不认识（{why}）。"),
            format!("the certificate's key is of a kind not known here: {why}"),
        ),
    }
}

fn usage_claim(signer: &Certificate) -> Claim {
    match signer.is_for_documents() {
        Ok(()) => Claim::holds(
            ClaimKind::KeyUsage,
            "证书的用途是签署文件。",
            "the certificate is for signing documents",
        ),
        Err(why) => Claim::wrong(
            ClaimKind::KeyUsage,
            format!("证书的用途不是签署文件（{why}）。"),
            format!("the certificate is not for signing documents: {why}"),
        ),
    }
}

fn chain_claim(broken: Broken) -> Claim {
    match broken {
        Broken::Unknown(why) => Claim::unknown(
            ClaimKind::Chain,
            format!("不知道谁为这张证书担保（{why}）。"),
            format!("it is not known who vouches for the certificate: {why}"),
        ),
        Broken::Wrong(why) => Claim::wrong(
            ClaimKind::Chain,
            format!("证书链不成立（{why}）。"),
            format!("the chain of certificates does not hold: {why}"),
        ),
    }
}
