//! The signed answer of an authority: CMS SignedData (RFC 5652) with exactly one signer, whose attributes name content, digest
//! and certificate. What `cms` cannot give back byte for byte is cut out of the input.

use cms::content_info::CmsVersion;
use cms::signed_data::{EncapsulatedContentInfo, SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode as _, Encode as _, Tag, Tagged as _};
use sha1::Sha1;
use sha2::Digest as _;
use x509_cert::attr::Attribute;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_cert::ext::pkix::name::{GeneralName, GeneralNames};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_tsp::TimeStampResp;

use super::StampError;
use super::asn1::{Element, context, elements, malformed, one, wrong_tag};
use super::cert::Cert;
use super::signature::{self, Hash};

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const WHAT: &str = "SignedData";
const ATTRIBUTE: &str = "signing-certificate";
/// The most certificates that an answer may carry.
const CERTIFICATE_LIMIT: usize = 16;

/// An answer, taken apart. Nothing is verified yet.
pub(super) struct Token {
    /// The DER of TSTInfo, as it was signed.
    pub info: Vec<u8>,
    /// The certificates that came with it.
    pub certificates: Vec<Cert>,
    signer: SignerInfo,
}

impl Token {
    /// Takes a TimeStampResp apart.
    pub fn parse(response: &[u8]) -> Result<Self, StampError> {
        let answer = TimeStampResp::from_der(response).map_err(|e| malformed("TimeStampResp", &e))?;
        let status = answer.status.status as u32;
        let (0, Some(token)) = (status, answer.time_stamp_token) else {
            return Err(StampError::NotGranted { status });
        };
        if token.content_type != SIGNED_DATA || token.content.tag() != Tag::Sequence {
            return Err(wrong_tag(WHAT));
        }
        Token::of(&elements(token.content.value(), WHAT)?)
    }

    fn of(parts: &[Element<'_>]) -> Result<Self, StampError> {
        let [version, digests, content, rest @ ..] = parts else { return Err(wrong_tag(WHAT)) };
        let (certificates, rest) = optional(rest, context(0));
        let (_, rest) = optional(rest, context(1));
        let [signers] = rest else { return Err(wrong_tag(WHAT)) };
        let signers = signers.inside(Tag::Set, WHAT)?;
        let [signer] = signers.as_slice() else {
            return Err(StampError::Signers { found: signers.len() });
        };
        let signer: SignerInfo = signer.read("SignerInfo")?;
        let digests = digests.inside(Tag::Set, WHAT)?;
        let hash = |e: &Element<'_>| Hash::of(&e.read::<AlgorithmIdentifierOwned>(WHAT)?);
        let announced = digests.iter().map(hash).collect::<Result<Vec<_>, _>>()?;
        let by_name = matches!(signer.sid, SignerIdentifier::IssuerAndSerialNumber(_));
        let fits = signer.version == if by_name { CmsVersion::V1 } else { CmsVersion::V3 };
        // The content is no plain data, so the version of the whole is 3.
        if version.read::<u8>(WHAT)? != 3 || !fits || !announced.contains(&Hash::of(&signer.digest_alg)?) {
            return Err(wrong_tag(WHAT));
        }
        let content: EncapsulatedContentInfo = content.read(WHAT)?;
        let info = match content.econtent {
            Some(bytes) if content.econtent_type == TST_INFO && bytes.tag() == Tag::OctetString => {
                bytes.value().to_vec()
            }
            _ => return Err(StampError::Attribute { name: "content-type" }),
        };
        let found = match certificates {
            Some(set) => elements(set.value, "certificates")?,
            None => Vec::new(),
        };
        if found.len() > CERTIFICATE_LIMIT {
            return Err(StampError::TooLarge);
        }
        // Other kinds of certificates than X.509 have a context tag; they are no help here.
        let plain = found.iter().filter(|c| c.tag == Tag::Sequence);
        let certificates = plain.map(|c| Cert::parse(c.raw)).collect::<Result<_, _>>()?;
        Ok(Token { info, certificates, signer })
    }

    /// Checks attributes and signature, and returns the certificate whose key signed.
    pub fn signer(&self) -> Result<&Cert, StampError> {
        let cert = self.certificates.iter().find(|cert| self.is_by(cert)).ok_or(StampError::NoCertificate)?;
        let hash = Hash::of(&self.signer.digest_alg)?;
        let attributes =
            self.signer.signed_attrs.as_ref().ok_or(StampError::Attribute { name: "content-type" })?;
        let signed = attributes.to_der().map_err(|e| malformed("signed attributes", &e))?;
        let attributes: Vec<&Attribute> = attributes.iter().collect();

        let kind: ObjectIdentifier = only(&attributes, CONTENT_TYPE, "content-type")?;
        if kind != TST_INFO {
            return Err(StampError::Attribute { name: "content-type" });
        }
        let digest: OctetStringRef<'_> = only(&attributes, MESSAGE_DIGEST, "message-digest")?;
        if digest.as_bytes() != hash.digest(&self.info) {
            return Err(StampError::MessageDigest);
        }
        let key = &cert.parsed.tbs_certificate.subject_public_key_info;
        let signature = self.signer.signature.as_bytes();
        signature::check(key, &self.signer.signature_algorithm, Some(hash), &signed, signature)?;
        bound(&attributes, cert)?;
        Ok(cert)
    }

    fn is_by(&self, cert: &Cert) -> bool {
        let tbs = &cert.parsed.tbs_certificate;
        match &self.signer.sid {
            SignerIdentifier::IssuerAndSerialNumber(id) => {
                id.issuer == tbs.issuer && id.serial_number == tbs.serial_number
            }
            SignerIdentifier::SubjectKeyIdentifier(id) => {
                matches!(tbs.get::<SubjectKeyIdentifier>(), Ok(Some((_, own))) if own == *id)
            }
        }
    }
}

/// The first element, if it has this tag, and the rest.
fn optional<'a, 'e>(parts: &'e [Element<'a>], tag: Tag) -> (Option<Element<'a>>, &'e [Element<'a>]) {
    match parts {
        [first, rest @ ..] if first.tag == tag => (Some(*first), rest),
        _ => (None, parts),
    }
}

/// The only value of the only attribute of this type.
fn only<'a, T>(
    attributes: &[&'a Attribute],
    oid: ObjectIdentifier,
    name: &'static str,
) -> Result<T, StampError>
where
    T: der::Choice<'a> + der::DecodeValue<'a>,
{
    let mut found = attributes.iter().filter(|a| a.oid == oid);
    match (found.next(), found.next()) {
        (Some(attribute), None) if attribute.values.len() == 1 => {
            let value = attribute.values.get(0).ok_or(StampError::Attribute { name })?;
            value.decode_as().map_err(|_| StampError::Attribute { name })
        }
        _ => Err(StampError::Attribute { name }),
    }
}

/// Whether the signed attributes name `cert` (RFC 2634 and 5035). Without this, another certificate for the same key could be put
/// in its place.
fn bound(attributes: &[&Attribute], cert: &Cert) -> Result<(), StampError> {
    let of = |oid| attributes.iter().filter(move |a| a.oid == oid).collect::<Vec<_>>();
    let (first, second) = (of(SIGNING_CERTIFICATE), of(SIGNING_CERTIFICATE_V2));
    if first.len() > 1 || second.len() > 1 || first.len() + second.len() == 0 {
        return Err(StampError::Attribute { name: ATTRIBUTE });
    }
    for (attribute, edition) in
        first.into_iter().map(|a| (a, Edition::One)).chain(second.into_iter().map(|a| (a, Edition::Two)))
    {
        let value = match attribute.values.as_slice() {
            [value] => value.to_der().map_err(|e| malformed(ATTRIBUTE, &e))?,
            _ => return Err(StampError::Attribute { name: ATTRIBUTE }),
        };
        names(&value, edition, cert)?;
    }
    Ok(())
}

/// SigningCertificate (SHA-1) or SigningCertificateV2 (any hash).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edition {
    One,
    Two,
}

/// Whether the first certificate that the attribute names is `cert`.
fn names(value: &[u8], edition: Edition, cert: &Cert) -> Result<(), StampError> {
    let parts = one(value, ATTRIBUTE)?.inside(Tag::Sequence, ATTRIBUTE)?;
    let list = parts.first().ok_or_else(|| wrong_tag(ATTRIBUTE))?.inside(Tag::Sequence, ATTRIBUTE)?;
    let id = list.first().ok_or_else(|| wrong_tag(ATTRIBUTE))?.inside(Tag::Sequence, ATTRIBUTE)?;
    // In edition two a sequence first is the hash algorithm; without it the hash is SHA-256.
    let (algorithm, rest) = match edition {
        Edition::One => (None, id.as_slice()),
        Edition::Two => optional(&id, Tag::Sequence),
    };
    let [digest, rest @ ..] = rest else { return Err(wrong_tag(ATTRIBUTE)) };
    let digest: OctetStringRef<'_> = digest.read(ATTRIBUTE)?;
    let made = match (edition, algorithm) {
        (Edition::One, _) => Sha1::digest(cert.raw()).to_vec(),
        (Edition::Two, None) => Hash::Sha256.digest(cert.raw()),
        (Edition::Two, Some(algorithm)) => Hash::of(&algorithm.read(ATTRIBUTE)?)?.digest(cert.raw()),
    };
    let same_issuer = match rest {
        [] => true,
        [issuer] => is_issuer(issuer, cert)?,
        _ => return Err(wrong_tag(ATTRIBUTE)),
    };
    if digest.as_bytes() == made && same_issuer { Ok(()) } else { Err(StampError::Binding) }
}

/// IssuerSerial: the issuer's name and the serial number of `cert`.
fn is_issuer(element: &Element<'_>, cert: &Cert) -> Result<bool, StampError> {
    let parts = element.inside(Tag::Sequence, ATTRIBUTE)?;
    let [names, serial] = parts.as_slice() else { return Err(wrong_tag(ATTRIBUTE)) };
    let names: GeneralNames = names.read(ATTRIBUTE)?;
    let serial: SerialNumber = serial.read(ATTRIBUTE)?;
    let tbs = &cert.parsed.tbs_certificate;
    let named = matches!(names.as_slice(), [GeneralName::DirectoryName(name)] if *name == tbs.issuer);
    Ok(named && serial == tbs.serial_number)
}
