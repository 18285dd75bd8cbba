//! The signature itself: CMS signed attributes as CAdES wants them for PAdES (EN 319 142-1, table 1; RFC 5652; RFC 5035).
//!
//! Two steps, because the key is elsewhere: [`attributes_to_sign`] gives the bytes that the borrower's browser signs with
//! ECDSA P-256 over SHA-256 (or a lender's module with SM2 over SM3), [`assemble`] makes the CMS of them. No signing-time attribute: the PDF's `/M` says when.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence};
use p256::ecdsa::Signature;
use sha2::{Digest, Sha256};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::{Attribute, Attributes};

use crate::ca::{Broken, Certificate};
use crate::words::SignError;

pub(crate) const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
pub(crate) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
pub(crate) const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
pub(crate) const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
pub(crate) const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
pub(crate) const TIME_STAMP_TOKEN: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// `ESSCertIDv2` (RFC 5035): the hash algorithm is left out because SHA-256 is its default, and DER forbids to write defaults.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct EssCertIdV2 {
    pub(crate) cert_hash: OctetString,
    #[asn1(optional = "true")]
    pub(crate) issuer_serial: Option<Any>,
}

/// `SigningCertificateV2`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct SigningCertificateV2 {
    pub(crate) certs: Vec<EssCertIdV2>,
    #[asn1(optional = "true")]
    pub(crate) policies: Option<Any>,
}

fn bad(why: impl std::fmt::Display) -> SignError {
    SignError::encoding("CMS", why)
}

fn attribute(oid: ObjectIdentifier, value: &impl Encode) -> Result<Attribute, SignError> {
    let value = Any::from_der(&value.to_der().map_err(bad)?).map_err(bad)?;
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value]).map_err(bad)? })
}

/// The bytes to sign: the DER of the SET of content-type, message-digest and signing-certificate-v2. `digest` by the suite of the
/// certificate's key; the certificate itself is named by SHA-256 either way (RFC 5035).
///
/// # Errors
/// When `certificate_der` is no certificate.
pub fn attributes_to_sign(digest: &[u8; 32], certificate_der: &[u8]) -> Result<Vec<u8>, SignError> {
    let certificate = Certificate::parse(certificate_der)?;
    let octets = |bytes: &[u8]| OctetString::new(bytes).map_err(bad);
    let id = EssCertIdV2 { cert_hash: octets(&Sha256::digest(certificate.der()))?, issuer_serial: None };
    let attributes = vec![
        attribute(CONTENT_TYPE, &DATA)?,
        attribute(MESSAGE_DIGEST, &octets(digest)?)?,
        attribute(SIGNING_CERTIFICATE_V2, &SigningCertificateV2 { certs: vec![id], policies: None })?,
    ];
    SetOfVec::try_from(attributes).map_err(bad)?.to_der().map_err(bad)
}

/// Turns the 64 bytes r ‖ s that WebCrypto returns into the DER that CMS and X.509 want.
///
/// # Errors
/// When they are not two numbers of the group.
pub fn raw_to_der(raw: &[u8]) -> Result<Vec<u8>, SignError> {
    let signature = Signature::from_slice(raw).map_err(|why| SignError::encoding("ECDSA signature", why))?;
    Ok(signature.to_der().as_bytes().to_vec())
}

/// Makes the CMS. `attributes` as given by [`attributes_to_sign`], `signature_der` over them, `chain` = the signer's certificate
/// first, then those above it (the root may be left out), `time_stamp` = an RFC 3161 token over the signature value.
///
/// # Errors
/// [`SignError::BadSignature`] when the signature is not the certificate's over these attributes: such a CMS is never made.
pub fn assemble(
    attributes: &[u8],
    signature_der: &[u8],
    chain: &[Vec<u8>],
    time_stamp: Option<&[u8]>,
) -> Result<Vec<u8>, SignError> {
    let signed_attrs = Attributes::from_der(attributes).map_err(bad)?;
    let chain = chain.iter().map(|der| Certificate::parse(der)).collect::<Result<Vec<_>, _>>()?;
    let signer = chain.first().ok_or(bad("there is no certificate"))?;
    signer.check_signature("the document", attributes, signature_der)?;
    let names = |a: &Attribute| a.oid == SIGNING_CERTIFICATE_V2 && names_certificate(a, signer.der());
    if !signed_attrs.iter().any(names) {
        return Err(SignError::BadSignature { what: "the signing certificate's name" });
    }
    let suite = signer.suite().map_err(|(Broken::Wrong(why) | Broken::Unknown(why))| bad(why))?;
    let digest_alg = AlgorithmIdentifierOwned { oid: suite.digest_oid(), parameters: None };
    let tbs = &signer.parsed().tbs_certificate;
    let unsigned_attrs = match time_stamp {
        None => None,
        Some(token) => {
            let token = Any::from_der(token).map_err(|why| SignError::encoding("time-stamp token", why))?;
            let values = SetOfVec::try_from(vec![token]).map_err(bad)?;
            Some(SetOfVec::try_from(vec![Attribute { oid: TIME_STAMP_TOKEN, values }]).map_err(bad)?)
        }
    };
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: tbs.issuer.clone(),
            serial_number: tbs.serial_number.clone(),
        }),
        digest_alg: digest_alg.clone(),
        signed_attrs: Some(signed_attrs),
        signature_algorithm: AlgorithmIdentifierOwned { oid: suite.signature_oid(), parameters: None },
        signature: OctetString::new(signature_der).map_err(bad)?,
        unsigned_attrs,
    };
    let certificates =
        chain.iter().map(|c| CertificateChoices::Certificate(c.parsed().clone())).collect::<Vec<_>>();
    let data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![digest_alg]).map_err(bad)?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
        certificates: Some(CertificateSet(SetOfVec::try_from(certificates).map_err(bad)?)),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![info]).map_err(bad)?),
    };
    let content = Any::encode_from(&data).map_err(bad)?;
    ContentInfo { content_type: SIGNED_DATA, content }.to_der().map_err(bad)
}

/// Whether a signing-certificate-v2 attribute names exactly this certificate, first.
pub(crate) fn names_certificate(attribute: &Attribute, certificate_der: &[u8]) -> bool {
    let [value] = attribute.values.as_slice() else { return false };
    let Ok(named) = value.to_der().and_then(|der| SigningCertificateV2::from_der(&der)) else { return false };
    let hash = Sha256::digest(certificate_der);
    named.certs.first().is_some_and(|id| id.cert_hash.as_bytes() == hash.as_slice())
}
