//! Revocation lists (RFC 5280, section 5): which certificates no longer count, and since when.

use der::asn1::{BitString, OctetString, Uint};
use der::{Decode, Encode};
use x509_cert::Version;
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::ext::Extension;
use x509_cert::serial_number::SerialNumber;

use super::DER_LIMIT_BYTES;
use super::certificate::{Broken, Certificate};
use super::issue::{Authority, algorithm, authority_identifier};
use crate::time::{time_ms, x509_time};
use crate::words::SignError;
use x509_cert::ext::pkix::KeyUsages;

const CRL_NUMBER: der::asn1::ObjectIdentifier = der::asn1::ObjectIdentifier::new_unwrap("2.5.29.20");
const CRL_REASON: der::asn1::ObjectIdentifier = der::asn1::ObjectIdentifier::new_unwrap("2.5.29.21");
/// Extensions of a list that change nothing for us: its number and its issuer's key.
const HARMLESS: [&str; 2] = ["2.5.29.20", "2.5.29.35"];

/// One certificate that no longer counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Its serial number as in the certificate ([`Certificate::serial`]).
    pub serial: Vec<u8>,
    /// Since when, Unix milliseconds.
    pub at_ms: i64,
    /// Why.
    pub reason: Reason,
}

/// Why a certificate no longer counts (RFC 5280, 5.3.1), as far as it can happen here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reason {
    /// It is not said; then the list does not say it either.
    #[default]
    Unspecified,
    /// Somebody else has the key, or may have it.
    KeyCompromise,
    /// There is a newer one.
    Superseded,
    /// The holder no longer acts.
    Cessation,
    /// It should not have been issued.
    Withdrawn,
}

impl Reason {
    /// The number in the list; `None` for what a list leaves out.
    const fn code(self) -> Option<u8> {
        match self {
            Reason::Unspecified => None,
            Reason::KeyCompromise => Some(1),
            Reason::Superseded => Some(4),
            Reason::Cessation => Some(5),
            Reason::Withdrawn => Some(9),
        }
    }
}

/// A list to be issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlPlan {
    /// Counts up from list to list.
    pub number: u64,
    /// Issued at, Unix milliseconds.
    pub this_update_ms: i64,
    /// The next one comes no later, Unix milliseconds.
    pub next_update_ms: i64,
    /// Every certificate of this issuer that no longer counts.
    pub revoked: Vec<Revoked>,
}

/// A list that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crl {
    der: Vec<u8>,
    signed: Vec<u8>,
    parsed: CertificateList,
}

fn bad(why: impl std::fmt::Display) -> SignError {
    SignError::encoding("revocation list", why)
}

/// The extension of an entry that says why: an ENUMERATED.
fn reason(reason: Reason) -> Result<Option<Vec<Extension>>, SignError> {
    let Some(code) = reason.code() else { return Ok(None) };
    let extn_value = OctetString::new([0x0A, 0x01, code]).map_err(bad)?;
    Ok(Some(vec![Extension { extn_id: CRL_REASON, critical: false, extn_value }]))
}

/// Issues a list.
///
/// # Errors
/// When a moment or number cannot be used, or the key store fails.
pub fn issue_crl(issuer: &Authority<'_>, plan: &CrlPlan) -> Result<Crl, SignError> {
    if plan.next_update_ms <= plan.this_update_ms {
        return Err(bad("the next list would come before this one"));
    }
    let entry = |r: &Revoked| {
        Ok(RevokedCert {
            serial_number: SerialNumber::new(&r.serial).map_err(bad)?,
            revocation_date: x509_time(r.at_ms)?,
            crl_entry_extensions: reason(r.reason)?,
        })
    };
    let revoked = plan.revoked.iter().map(entry).collect::<Result<Vec<_>, SignError>>()?;
    let number = Uint::new(&plan.number.to_be_bytes()).and_then(|n| n.to_der()).map_err(bad)?;
    let number = Extension {
        extn_id: CRL_NUMBER,
        critical: false,
        extn_value: OctetString::new(number).map_err(bad)?,
    };
    let body = TbsCertList {
        version: Version::V2,
        signature: algorithm(issuer.key.suite()),
        issuer: issuer.certificate.parsed().tbs_certificate.subject.clone(),
        this_update: x509_time(plan.this_update_ms)?,
        next_update: Some(x509_time(plan.next_update_ms)?),
        // RFC 5280, 5.1.2.6: an empty list must be left out.
        revoked_certificates: (!revoked.is_empty()).then_some(revoked),
        crl_extensions: Some(vec![authority_identifier(issuer.certificate)?, number]),
    };
    let signature = issuer.key.sign(&body.to_der().map_err(bad)?)?;
    let signature = BitString::from_bytes(&signature).map_err(bad)?;
    let list = CertificateList {
        tbs_cert_list: body,
        signature_algorithm: algorithm(issuer.key.suite()),
        signature,
    };
    Crl::parse(&list.to_der().map_err(bad)?)
}

impl Crl {
    /// Reads one list in DER.
    ///
    /// # Errors
    /// When the bytes are none, or not in the one form that DER allows.
    pub fn parse(der: &[u8]) -> Result<Self, SignError> {
        if der.len() > DER_LIMIT_BYTES {
            return Err(bad("it is larger than 1 MiB"));
        }
        let parsed = CertificateList::from_der(der).map_err(bad)?;
        if parsed.to_der().map_err(bad)? != der
            || parsed.signature_algorithm != parsed.tbs_cert_list.signature
        {
            return Err(bad("it is not written in DER"));
        }
        let signed = parsed.tbs_cert_list.to_der().map_err(bad)?;
        Ok(Crl { der: der.to_vec(), signed, parsed })
    }

    /// The bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Issued at, Unix milliseconds.
    #[must_use]
    pub fn this_update_ms(&self) -> i64 {
        time_ms(&self.parsed.tbs_cert_list.this_update)
    }

    /// Superseded at, Unix milliseconds; `None` when it does not say.
    #[must_use]
    pub fn next_update_ms(&self) -> Option<i64> {
        self.parsed.tbs_cert_list.next_update.as_ref().map(time_ms)
    }

    pub(crate) fn is_for(&self, issuer: &Certificate) -> bool {
        self.parsed.tbs_cert_list.issuer == issuer.parsed().tbs_certificate.subject
    }

    /// Whether `issuer` signed this list and it says what a whole list says.
    pub(crate) fn signed_by(&self, issuer: &Certificate) -> Result<(), Broken> {
        if self.parsed.signature_algorithm.oid != issuer.suite()?.signature_oid() {
            return Err(Broken::Unknown("the list is signed with another algorithm"));
        }
        if !issuer.key_usage().is_some_and(|usage| usage.0.contains(KeyUsages::CRLSign)) {
            return Err(Broken::Wrong("the issuer's key is not for signing lists"));
        }
        let extensions = self.parsed.tbs_cert_list.crl_extensions.as_deref().unwrap_or_default();
        // A partial list (delta, one reason only) would not name every revoked certificate.
        if extensions.iter().any(|e| !HARMLESS.contains(&e.extn_id.to_string().as_str())) {
            return Err(Broken::Unknown("the list has an extension that is not known here"));
        }
        let signature =
            self.parsed.signature.as_bytes().ok_or(Broken::Wrong("its signature is no byte string"))?;
        issuer.verifies(&self.signed, signature)
    }

    /// Since when this serial number does not count, if the list names it.
    #[must_use]
    pub fn revoked_at_ms(&self, serial: &[u8]) -> Option<i64> {
        let entries = self.parsed.tbs_cert_list.revoked_certificates.as_deref().unwrap_or_default();
        entries.iter().find(|e| e.serial_number.as_bytes() == serial).map(|e| time_ms(&e.revocation_date))
    }
}
