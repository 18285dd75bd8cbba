//! Issues certificates: the root's own, the issuing authority's, and one for one signing case.

use der::Encode;
use der::asn1::{Any, BitString, Ia5String, OctetString};
use der::oid::AssociatedOid;
use sha2::{Digest, Sha256};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::certificate::{TbsCertificate, Version};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::CrlDistributionPoints;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Validity;

use super::certificate::{Certificate, DOCUMENT_SIGNING, EC_PUBLIC_KEY};
use super::custody::KeyCustody;
use super::name::Subject;
use super::request::SigningRequest;
use crate::suite::Suite;
use crate::time::x509_time;
use crate::words::SignError;

const DAY_MS: i64 = 86_400_000;
/// A root that lives longer than ten years outlives its algorithm.
const ROOT_LIFE_MS: i64 = 3653 * DAY_MS;
/// A clock of the verifying side may be this much behind.
const CLOCK_SLACK_MS: i64 = 5 * 60_000;

/// Sixteen random bytes from the caller: nobody can guess the next number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serial(pub [u8; 16]);

/// What all certificates of one institution share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Object identifier of the policy "reliable by agreement, art. 13". Arcs may have 128 bits (UUIDs below 2.25, ITU-T X.667).
    pub policy: String,
    /// Where the revocation list of the issuer is served.
    pub crl_url: String,
}

/// An authority: its certificate and who holds its key.
pub struct Authority<'a> {
    /// Its certificate.
    pub certificate: &'a Certificate,
    /// Its key.
    pub key: &'a dyn KeyCustody,
}

/// The certificate of one signing case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePlan {
    /// Who signs: chosen by the institution after it has identified the person.
    pub subject: Subject,
    /// Number.
    pub serial: Serial,
    /// Now, Unix milliseconds; it is valid from five minutes before to one day after.
    pub now_ms: i64,
}

/// The certificate of the institution's seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealPlan {
    /// The institution.
    pub subject: Subject,
    /// Number.
    pub serial: Serial,
    /// First and last moment, Unix milliseconds.
    pub life_ms: (i64, i64),
}

fn bad(why: impl std::fmt::Display) -> SignError {
    SignError::encoding("certificate", why)
}

/// The self-signed root: ten years, one authority below it.
///
/// # Errors
/// When the name, moment or key cannot be used.
pub fn issue_root(
    subject: &Subject,
    serial: Serial,
    now_ms: i64,
    key: &dyn KeyCustody,
) -> Result<Certificate, SignError> {
    let info = key_info(key.suite(), &key.public_key())?;
    let extensions = vec![
        extension(true, &BasicConstraints { ca: true, path_len_constraint: Some(1) })?,
        extension(true, &KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign))?,
        extension(false, &key_identifier(&info)?)?,
    ];
    let name = subject.to_name()?;
    let life = (now_ms, now_ms.saturating_add(ROOT_LIFE_MS));
    seal(tbs(serial, name.clone(), name, life, info, extensions)?, key)
}

/// The issuing authority's certificate: none below it but end entities.
///
/// # Errors
/// As [`issue_root`]; also when it would outlive the root.
pub fn issue_intermediate(
    root: &Authority<'_>,
    subject: &Subject,
    serial: Serial,
    (from_ms, until_ms): (i64, i64),
    public_key: &[u8; 65],
    profile: &Profile,
) -> Result<Certificate, SignError> {
    if until_ms > root.certificate.not_after_ms() {
        return Err(bad("it would outlive its root"));
    }
    let info = key_info(root.key.suite(), public_key)?;
    let mut extensions = vec![
        extension(true, &BasicConstraints { ca: true, path_len_constraint: Some(0) })?,
        extension(true, &KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign))?,
        extension(false, &key_identifier(&info)?)?,
    ];
    extensions.extend(from_issuer(root, profile)?);
    let issuer = root.certificate.parsed().tbs_certificate.subject.clone();
    seal(tbs(serial, issuer, subject.to_name()?, (from_ms, until_ms), info, extensions)?, root.key)
}

/// The certificate for one signing case, for the key of the request and nothing else of it.
///
/// # Errors
/// When the name or moment cannot be used, or the key store fails.
pub fn issue_for_case(
    issuing: &Authority<'_>,
    request: &SigningRequest,
    plan: &CasePlan,
    profile: &Profile,
) -> Result<Certificate, SignError> {
    let life = (plan.now_ms.saturating_sub(CLOCK_SLACK_MS), plan.now_ms.saturating_add(DAY_MS));
    let end = End { subject: &plan.subject, serial: plan.serial, life };
    end_entity(issuing, request.key().clone(), &end, profile)
}

/// The certificate of the institution's own seal: an end entity's like a borrower's, but for the months that [`SealPlan`] says.
///
/// # Errors
/// As [`issue_for_case`].
pub fn issue_seal(
    issuing: &Authority<'_>,
    public_key: &[u8; 65],
    plan: &SealPlan,
    profile: &Profile,
) -> Result<Certificate, SignError> {
    let plan = End { subject: &plan.subject, serial: plan.serial, life: plan.life_ms };
    end_entity(issuing, key_info(issuing.key.suite(), public_key)?, &plan, profile)
}

/// What an end entity's certificate is made from, whoever holds its key.
struct End<'a> {
    subject: &'a Subject,
    serial: Serial,
    life: (i64, i64),
}

fn end_entity(
    issuing: &Authority<'_>,
    info: SubjectPublicKeyInfoOwned,
    plan: &End<'_>,
    profile: &Profile,
) -> Result<Certificate, SignError> {
    let mut extensions = vec![
        extension(true, &KeyUsage(KeyUsages::NonRepudiation.into()))?,
        extension(false, &ExtendedKeyUsage(vec![DOCUMENT_SIGNING]))?,
        extension(false, &key_identifier(&info)?)?,
    ];
    extensions.extend(from_issuer(issuing, profile)?);
    if plan.life.1 > issuing.certificate.not_after_ms() {
        return Err(bad("it would outlive its issuer; renew the issuing authority first"));
    }
    let issuer = issuing.certificate.parsed().tbs_certificate.subject.clone();
    seal(tbs(plan.serial, issuer, plan.subject.to_name()?, plan.life, info, extensions)?, issuing.key)
}

/// Who issued it, where its list is served, and under which policy.
fn from_issuer(issuer: &Authority<'_>, profile: &Profile) -> Result<Vec<Extension>, SignError> {
    let url = Ia5String::new(&profile.crl_url).map_err(bad)?;
    let name = DistributionPointName::FullName(vec![GeneralName::UniformResourceIdentifier(url)]);
    let point = DistributionPoint { distribution_point: Some(name), reasons: None, crl_issuer: None };
    Ok(vec![
        authority_identifier(issuer.certificate)?,
        extension(false, &CrlDistributionPoints(vec![point]))?,
        super::policy::extension(&profile.policy)?,
    ])
}

pub(super) fn authority_identifier(issuer: &Certificate) -> Result<Extension, SignError> {
    let id = key_identifier(&issuer.parsed().tbs_certificate.subject_public_key_info)?;
    extension(
        false,
        &AuthorityKeyIdentifier {
            key_identifier: Some(id.0),
            authority_cert_issuer: None,
            authority_cert_serial_number: None,
        },
    )
}

/// RFC 7093, method 1: the leftmost 160 bits of SHA-256 of the key, because SHA-1 is not wanted anywhere.
fn key_identifier(info: &SubjectPublicKeyInfoOwned) -> Result<SubjectKeyIdentifier, SignError> {
    let digest = Sha256::digest(info.subject_public_key.raw_bytes());
    Ok(SubjectKeyIdentifier(OctetString::new(&digest[..20]).map_err(bad)?))
}

pub(super) fn extension<T: Encode + AssociatedOid>(
    critical: bool,
    value: &T,
) -> Result<Extension, SignError> {
    let extn_value = OctetString::new(value.to_der().map_err(bad)?).map_err(bad)?;
    Ok(Extension { extn_id: T::OID, critical, extn_value })
}

fn key_info(suite: Suite, point: &[u8; 65]) -> Result<SubjectPublicKeyInfoOwned, SignError> {
    let algorithm =
        AlgorithmIdentifierOwned { oid: EC_PUBLIC_KEY, parameters: Some(Any::from(suite.curve_oid())) };
    let info = SubjectPublicKeyInfoOwned {
        algorithm,
        subject_public_key: BitString::from_bytes(point).map_err(bad)?,
    };
    match suite.is_point(point) {
        true => Ok(info),
        false => Err(SignError::encoding("public key", "it is no point of its curve")),
    }
}

pub(super) fn algorithm(suite: Suite) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: suite.signature_oid(), parameters: None }
}

pub(super) fn serial_number(serial: Serial) -> Result<SerialNumber, SignError> {
    // Positive and always sixteen bytes long (RFC 5280, 4.1.2.2): 126 random bits remain.
    let mut bytes = serial.0;
    bytes[0] = bytes[0] & 0x7F | 0x40;
    SerialNumber::new(&bytes).map_err(bad)
}

fn tbs(
    serial: Serial,
    issuer: x509_cert::name::Name,
    subject: x509_cert::name::Name,
    (from_ms, until_ms): (i64, i64),
    info: SubjectPublicKeyInfoOwned,
    extensions: Vec<Extension>,
) -> Result<TbsCertificate, SignError> {
    if from_ms >= until_ms {
        return Err(bad("it would end before it begins"));
    }
    Ok(TbsCertificate {
        version: Version::V3,
        serial_number: serial_number(serial)?,
        // The key that seals it says which algorithm that is.
        signature: algorithm(Suite::P256),
        issuer,
        validity: Validity { not_before: x509_time(from_ms)?, not_after: x509_time(until_ms)? },
        subject,
        subject_public_key_info: info,
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(extensions),
    })
}

fn seal(mut body: TbsCertificate, key: &dyn KeyCustody) -> Result<Certificate, SignError> {
    let signature_algorithm = algorithm(key.suite());
    body.signature = signature_algorithm.clone();
    let signature = key.sign(&body.to_der().map_err(bad)?)?;
    let signature = BitString::from_bytes(&signature).map_err(bad)?;
    let certificate = x509_cert::Certificate { tbs_certificate: body, signature_algorithm, signature };
    Certificate::parse(&certificate.to_der().map_err(bad)?)
}
