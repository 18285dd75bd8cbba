//! One certificate: parsed once, with the bytes that its issuer signed, and the questions that a time stamp asks of it.

use der::Tag;
use der::asn1::ObjectIdentifier;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};

use super::StampError;
use super::asn1::{malformed, one};
use super::signature;

const WHAT: &str = "certificate";
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
const ANY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
/// Extensions whose meaning is checked here. Certificate policies are known too: every policy is acceptable to us.
const KNOWN: [ObjectIdentifier; 4] = [
    ObjectIdentifier::new_unwrap("2.5.29.19"),
    ObjectIdentifier::new_unwrap("2.5.29.15"),
    ObjectIdentifier::new_unwrap("2.5.29.37"),
    ObjectIdentifier::new_unwrap("2.5.29.32"),
];

/// A certificate with its bytes.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Cert {
    raw: Vec<u8>,
    signed: Vec<u8>,
    pub parsed: Certificate,
}

impl Cert {
    /// Reads exactly one certificate.
    pub fn parse(raw: &[u8]) -> Result<Self, StampError> {
        let element = one(raw, WHAT)?;
        let parsed: Certificate = element.read(WHAT)?;
        let signed = match element.inside(Tag::Sequence, WHAT)?.first() {
            Some(signed) => signed.raw.to_vec(),
            None => return Err(super::asn1::wrong_tag(WHAT)),
        };
        if parsed.signature_algorithm != parsed.tbs_certificate.signature {
            let why = "it names two signature algorithms".to_owned();
            return Err(StampError::Malformed { what: WHAT, why });
        }
        Ok(Cert { raw: raw.to_vec(), signed, parsed })
    }

    /// The whole certificate's bytes.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The subject as text.
    pub fn subject(&self) -> String {
        self.parsed.tbs_certificate.subject.to_string()
    }

    /// The issuer as text.
    pub fn issuer(&self) -> String {
        self.parsed.tbs_certificate.issuer.to_string()
    }

    /// The last second of its validity, unix.
    pub fn until_s(&self) -> u64 {
        self.parsed.tbs_certificate.validity.not_after.to_unix_duration().as_secs()
    }

    /// Whether `other` carries the name of this one's issuer.
    pub fn names_as_issuer(&self, other: &Cert) -> bool {
        self.parsed.tbs_certificate.issuer == other.parsed.tbs_certificate.subject
    }

    /// Whether the key of `issuer` signed this one.
    pub fn signed_by(&self, issuer: &Cert) -> Result<(), StampError> {
        let key = &issuer.parsed.tbs_certificate.subject_public_key_info;
        let signature = self.parsed.signature.as_bytes().ok_or(StampError::Signature)?;
        let checked = signature::check(key, &self.parsed.signature_algorithm, None, &self.signed, signature);
        checked.map_err(|error| match error {
            StampError::Signature => StampError::ChainSignature { subject: self.subject() },
            other => other,
        })
    }

    /// Valid at `at_s` (unix seconds), and without a critical extension that is not understood.
    pub fn stands_at(&self, at_s: u64) -> Result<(), StampError> {
        let validity = &self.parsed.tbs_certificate.validity;
        let from = validity.not_before.to_unix_duration().as_secs();
        if !(from..=self.until_s()).contains(&at_s) {
            return Err(StampError::Expired { subject: self.subject() });
        }
        let extensions = self.parsed.tbs_certificate.extensions.as_deref().unwrap_or(&[]);
        match extensions.iter().find(|e| e.critical && !KNOWN.contains(&e.extn_id)) {
            Some(e) => {
                Err(StampError::CriticalExtension { oid: e.extn_id.to_string(), subject: self.subject() })
            }
            None => Ok(()),
        }
    }

    /// For time stamping and for nothing else, said in a critical extension (RFC 3161 §2.3), and allowed to sign.
    pub fn is_for_time_stamps(&self) -> Result<(), StampError> {
        let tbs = &self.parsed.tbs_certificate;
        let usage: Option<(bool, ExtendedKeyUsage)> = tbs.get().map_err(|e| malformed(WHAT, &e))?;
        let alone = usage.is_some_and(|(critical, usage)| critical && usage.0 == [TIME_STAMPING]);
        let key: Option<(bool, KeyUsage)> = tbs.get().map_err(|e| malformed(WHAT, &e))?;
        let signs = key.is_none_or(|(_, usage)| usage.digital_signature() || usage.non_repudiation());
        if alone && signs { Ok(()) } else { Err(StampError::Usage { subject: self.subject() }) }
    }

    /// May issue certificates with `below` intermediate authorities under it, for time stamping.
    pub fn is_authority(&self, below: usize) -> Result<(), StampError> {
        let tbs = &self.parsed.tbs_certificate;
        let basic: Option<(bool, BasicConstraints)> = tbs.get().map_err(|e| malformed(WHAT, &e))?;
        let deep_enough = basic.is_some_and(|(_, basic)| {
            basic.ca && basic.path_len_constraint.is_none_or(|most| below <= usize::from(most))
        });
        let key: Option<(bool, KeyUsage)> = tbs.get().map_err(|e| malformed(WHAT, &e))?;
        let signs = key.is_none_or(|(_, usage)| usage.key_cert_sign());
        let usage: Option<(bool, ExtendedKeyUsage)> = tbs.get().map_err(|e| malformed(WHAT, &e))?;
        let fits = usage
            .is_none_or(|(_, usage)| usage.0.iter().any(|oid| *oid == TIME_STAMPING || *oid == ANY_USAGE));
        if deep_enough && signs && fits {
            Ok(())
        } else {
            Err(StampError::NotAuthority { subject: self.subject() })
        }
    }
}

impl std::fmt::Debug for Cert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Cert").field(&self.subject()).finish()
    }
}
