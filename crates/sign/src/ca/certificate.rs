//! A certificate that was read: its bytes, its fields, and the few questions that a signature asks of it.

use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use spki::SubjectPublicKeyInfoOwned;
use x509_cert::ext::pkix::crl::CrlDistributionPoints;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages};

use super::DER_LIMIT_BYTES;
use super::name::{COMMON_NAME, ORGANIZATION};
use crate::suite::Suite;
use crate::time::time_ms;
use crate::words::SignError;

pub(crate) const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// RFC 9336.
pub(crate) const DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");

/// Extensions whose meaning is checked here; a critical one beyond these ends the check (RFC 5280, 4.2).
const KNOWN: [&str; 6] = ["2.5.29.14", "2.5.29.15", "2.5.29.19", "2.5.29.31", "2.5.29.32", "2.5.29.35"];
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";

/// Why a certificate cannot vouch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The bytes say so: no circumstance could make it right.
    Wrong(&'static str),
    /// An algorithm or extension that this verifier does not know.
    Unknown(&'static str),
}

/// An X.509 certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    signed: Vec<u8>,
    parsed: x509_cert::Certificate,
}

impl Certificate {
    /// Reads exactly one certificate in DER.
    ///
    /// # Errors
    /// When the bytes are none, or are not in the one form that DER allows: then signed and read bytes could differ.
    pub fn parse(der: &[u8]) -> Result<Self, SignError> {
        let bad = |why: &dyn std::fmt::Display| SignError::encoding("certificate", why);
        if der.len() > DER_LIMIT_BYTES {
            return Err(bad(&"it is larger than 1 MiB"));
        }
        let parsed = x509_cert::Certificate::from_der(der).map_err(|why| bad(&why))?;
        if parsed.to_der().map_err(|why| bad(&why))? != der {
            return Err(bad(&"it is not written in DER"));
        }
        if parsed.signature_algorithm != parsed.tbs_certificate.signature {
            return Err(bad(&"it names two signature algorithms"));
        }
        let signed = parsed.tbs_certificate.to_der().map_err(|why| bad(&why))?;
        Ok(Certificate { der: der.to_vec(), signed, parsed })
    }

    /// Reads exactly one certificate in DER, or in PEM (RFC 7468).
    ///
    /// # Errors
    /// As [`Certificate::parse`].
    pub fn from_pem_or_der(bytes: &[u8]) -> Result<Self, SignError> {
        if bytes.first() == Some(&0x30) {
            return Certificate::parse(bytes);
        }
        let bad = |why: &str| SignError::encoding("certificate", why);
        let text = std::str::from_utf8(bytes).map_err(|_| bad("it is neither DER nor PEM"))?;
        let from =
            text.find("-----BEGIN CERTIFICATE-----").ok_or_else(|| bad("it is neither DER nor PEM"))?;
        let end = "-----END CERTIFICATE-----";
        let to = text.find(end).ok_or_else(|| bad("its PEM does not end"))?;
        let pem = text.get(from..to + end.len()).ok_or_else(|| bad("its PEM ends before it begins"))?;
        let (label, der) = der::pem::decode_vec(pem.as_bytes()).map_err(|_| bad("its PEM is damaged"))?;
        match label {
            "CERTIFICATE" => Certificate::parse(&der),
            _ => Err(bad("its PEM is of something else")),
        }
    }

    /// The bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    pub(crate) fn parsed(&self) -> &x509_cert::Certificate {
        &self.parsed
    }

    /// The subject as RFC 4514 text.
    #[must_use]
    pub fn subject(&self) -> String {
        self.parsed.tbs_certificate.subject.to_string()
    }

    /// The subject's common name, as a person reads it; empty when there is none.
    #[must_use]
    pub fn common_name(&self) -> String {
        self.subject_part(COMMON_NAME)
    }

    /// The subject's organization; empty when there is none.
    #[must_use]
    pub fn organization(&self) -> String {
        self.subject_part(ORGANIZATION)
    }

    fn subject_part(&self, oid: ObjectIdentifier) -> String {
        let parts = self.parsed.tbs_certificate.subject.0.iter().flat_map(|rdn| rdn.0.iter());
        let text = parts.filter(|part| part.oid == oid).map(|part| part.value.value()).next();
        text.map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
    }

    /// The public key as an uncompressed SEC 1 point, when it is of a kind that is known here.
    #[must_use]
    pub fn public_key(&self) -> Option<[u8; 65]> {
        let key = &self.parsed.tbs_certificate.subject_public_key_info;
        let suite = Suite::of_key(key).ok()?;
        let point = key.subject_public_key.as_bytes().filter(|point| suite.is_point(point))?;
        point.try_into().ok()
    }

    /// The algorithms of its key.
    pub(crate) fn suite(&self) -> Result<Suite, Broken> {
        Suite::of_key(&self.parsed.tbs_certificate.subject_public_key_info)
    }

    /// Where its issuer's revocation list is served, when the certificate says so by one address.
    #[must_use]
    pub fn crl_url(&self) -> Option<String> {
        let (_, points) = self.parsed.tbs_certificate.get::<CrlDistributionPoints>().ok().flatten()?;
        let [point] = points.0.as_slice() else { return None };
        let Some(DistributionPointName::FullName(names)) = &point.distribution_point else { return None };
        match names.as_slice() {
            [GeneralName::UniformResourceIdentifier(url)] => Some(url.to_string()),
            _ => None,
        }
    }

    /// Checks that this authority issued the certificate and may have.
    ///
    /// # Errors
    /// [`SignError::Encoding`] with the reason.
    pub fn check_issuer(&self, issuer: &Certificate) -> Result<(), SignError> {
        match self.issued_by(issuer, 0) {
            Ok(()) => Ok(()),
            Err(Broken::Wrong(why) | Broken::Unknown(why)) => Err(SignError::encoding("certificate", why)),
        }
    }

    /// The serial number's bytes, as in the certificate.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        self.parsed.tbs_certificate.serial_number.as_bytes()
    }

    /// First moment of validity, Unix milliseconds.
    #[must_use]
    pub fn not_before_ms(&self) -> i64 {
        time_ms(&self.parsed.tbs_certificate.validity.not_before)
    }

    /// Last moment of validity, Unix milliseconds; its whole second counts.
    #[must_use]
    pub fn not_after_ms(&self) -> i64 {
        time_ms(&self.parsed.tbs_certificate.validity.not_after).saturating_add(999)
    }

    pub(crate) fn valid_at(&self, at_ms: i64) -> bool {
        (self.not_before_ms()..=self.not_after_ms()).contains(&at_ms)
    }

    /// Checks a signature by this certificate's key.
    ///
    /// # Errors
    /// [`SignError::BadSignature`], also for a key of another kind.
    pub fn check_signature(
        &self,
        what: &'static str,
        bytes: &[u8],
        signature_der: &[u8],
    ) -> Result<(), SignError> {
        self.verifies(bytes, signature_der).map_err(|_| SignError::BadSignature { what })
    }

    pub(crate) fn verifies(&self, bytes: &[u8], signature_der: &[u8]) -> Result<(), Broken> {
        verify_by(&self.parsed.tbs_certificate.subject_public_key_info, bytes, signature_der)
    }

    pub(crate) fn names_as_issuer(&self, other: &Certificate) -> bool {
        self.parsed.tbs_certificate.issuer == other.parsed.tbs_certificate.subject
    }

    /// Whether `issuer` signed this certificate and was allowed to, with `below` further authorities between it and the signer.
    pub(crate) fn issued_by(&self, issuer: &Certificate, below: usize) -> Result<(), Broken> {
        let (mine, theirs) = (&self.parsed, &issuer.parsed);
        if !self.names_as_issuer(issuer) {
            return Err(Broken::Wrong("another authority is named as its issuer"));
        }
        if mine.signature_algorithm.oid != issuer.suite()?.signature_oid() {
            return Err(Broken::Unknown("it is signed with another algorithm than its issuer's key is for"));
        }
        let signature = mine.signature.as_bytes().ok_or(Broken::Wrong("its signature is no byte string"))?;
        issuer.verifies(&self.signed, signature)?;
        match theirs.tbs_certificate.get::<BasicConstraints>() {
            Ok(Some((_, limits))) if limits.ca => {
                if limits.path_len_constraint.is_some_and(|most| usize::from(most) < below) {
                    return Err(Broken::Wrong("its issuer may not stand so far above"));
                }
            }
            _ => return Err(Broken::Wrong("its issuer is no authority")),
        }
        match issuer.key_usage() {
            Some(usage) if usage.0.contains(KeyUsages::KeyCertSign) => Ok(()),
            _ => Err(Broken::Wrong("its issuer's key is not for signing certificates")),
        }
    }

    /// Refuses critical extensions that nobody here understands, and extensions that stand twice.
    pub(crate) fn extensions_known(&self) -> Result<(), Broken> {
        let extensions = self.parsed.tbs_certificate.extensions.as_deref().unwrap_or_default();
        let mut seen: Vec<_> = extensions.iter().map(|e| e.extn_id).collect();
        seen.sort_unstable();
        if seen.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Broken::Wrong("an extension stands in it twice"));
        }
        let known = |id: &ObjectIdentifier| {
            let id = id.to_string();
            id == EXTENDED_KEY_USAGE || KNOWN.contains(&id.as_str())
        };
        match extensions.iter().all(|e| !e.critical || known(&e.extn_id)) {
            true => Ok(()),
            false => Err(Broken::Unknown("it has a critical extension that is not known here")),
        }
    }

    pub(crate) fn key_usage(&self) -> Option<KeyUsage> {
        self.parsed.tbs_certificate.get::<KeyUsage>().ok().flatten().map(|(_, usage)| usage)
    }

    /// Whether the key is for signing declarations of will: non-repudiation only, purpose document signing or none named.
    pub(crate) fn is_for_documents(&self) -> Result<(), &'static str> {
        let usage = self.key_usage().ok_or("it does not say what its key is for")?;
        if !usage.0.contains(KeyUsages::NonRepudiation) {
            return Err("its key is not for signing documents (non-repudiation)");
        }
        if usage.0.contains(KeyUsages::KeyCertSign) || usage.0.contains(KeyUsages::CRLSign) {
            return Err("its key is also an authority's");
        }
        match self.parsed.tbs_certificate.get::<ExtendedKeyUsage>() {
            Ok(None) => Ok(()),
            Ok(Some((_, purposes))) if purposes.0.contains(&DOCUMENT_SIGNING) => Ok(()),
            _ => Err("its purpose is another one than signing documents"),
        }
    }
}

/// Checks a signature by a key of a kind that is known here.
pub(crate) fn verify_by(
    key: &SubjectPublicKeyInfoOwned,
    bytes: &[u8],
    signature_der: &[u8],
) -> Result<(), Broken> {
    let suite = Suite::of_key(key)?;
    let point = key.subject_public_key.as_bytes().ok_or(Broken::Wrong("its key is no byte string"))?;
    suite.verify(point, bytes, signature_der)
}
