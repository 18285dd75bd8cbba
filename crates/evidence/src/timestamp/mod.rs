//! RFC 3161 time stamps of a checkpoint: the request, and the offline check of the answer against the roots that a reader trusts.
//!
//! A lender's own clock proves nothing about the lender. A time stamp is an outsider's signature over the SHA-256 of the
//! checkpoint's bytes and a time: the log's first records existed then, as they are, and cannot have been written later. Types come
//! from `x509-tsp`, `cms` and `x509-cert`; what is true is decided here. Not claimed: that no certificate of the chain was
//! revoked, which cannot be known offline.

mod asn1;
mod cert;
mod chain;
mod error;
mod info;
mod signature;
#[cfg(test)]
mod tests;
mod token;

pub use chain::Roots;
pub use error::StampError;
pub use info::Stated;

use der::Encode as _;
use der::asn1::{Int, OctetString, Uint};
use x509_tsp::{MessageImprint, TimeStampReq, TspVersion};

use crate::digest::Digest;
use asn1::malformed;
use info::Info;
use token::Token;

/// The most bytes that an answer may have. Real ones have 2 to 10 kB.
pub const STAMP_LIMIT: usize = 65_536;

/// The request for a stamp over data with this SHA-256 (DER of TimeStampReq). `nonce` is random; the answer repeats it, so that
/// an old answer cannot be passed off as a new one. The authority's certificates are asked for, so that the answer can be
/// checked for decades without it.
///
/// # Errors
/// [`StampError::Malformed`] when the request cannot be encoded, which no digest and nonce bring about.
pub fn query(imprint: &Digest, nonce: u64) -> Result<Vec<u8>, StampError> {
    let broken = |e: der::Error| malformed("TimeStampReq", &e);
    let request = TimeStampReq {
        version: TspVersion::V1,
        message_imprint: MessageImprint {
            hash_algorithm: signature::sha_256(),
            hashed_message: OctetString::new(imprint.as_bytes().as_slice()).map_err(broken)?,
        },
        req_policy: None,
        nonce: Some(nonce_number(nonce).map_err(broken)?),
        cert_req: true,
        extensions: None,
    };
    request.to_der().map_err(broken)
}

/// A nonce as the non-negative ASN.1 integer that it is.
fn nonce_number(nonce: u64) -> der::Result<Int> {
    let bytes = Uint::new(&nonce.to_be_bytes())?.to_der()?;
    <Int as der::Decode>::from_der(&bytes)
}

/// A time stamp whose own signature holds. Who signed is not yet known: see [`Stamp::trusted_by`].
pub struct Stamp {
    info: Info,
    token: Token,
    signer: usize,
}

impl std::fmt::Debug for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stamp").field("stated", &self.info.stated).finish_non_exhaustive()
    }
}

impl Stamp {
    /// Reads an answer and checks everything that needs no trust: granted, over exactly `imprint`, one signer, signed attributes,
    /// signature, and a certificate that is for time stamping alone and was valid then.
    ///
    /// # Errors
    /// [`StampError`] names the check that failed.
    pub fn open(response: &[u8], imprint: &Digest) -> Result<Self, StampError> {
        if response.len() > STAMP_LIMIT {
            return Err(StampError::TooLarge);
        }
        let token = Token::parse(response)?;
        let info = Info::parse(&token.info)?;
        info.is_over(imprint)?;
        let signer = token.signer()?;
        signer.is_for_time_stamps()?;
        let at_s = u64::try_from(info.stated.at_ms / 1_000).unwrap_or(0);
        signer.stands_at(at_s)?;
        let signer = token.certificates.iter().position(|cert| cert == signer);
        let signer = signer.ok_or(StampError::NoCertificate)?;
        Ok(Stamp { info, token, signer })
    }

    /// What the authority stated. Its word, as far as it is trusted.
    #[must_use]
    pub fn stated(&self) -> &Stated {
        &self.info.stated
    }

    /// The subject of the certificate whose key signed.
    #[must_use]
    pub fn authority(&self) -> String {
        self.token.certificates.get(self.signer).map(cert::Cert::subject).unwrap_or_default()
    }

    /// Whether this answers the request with that nonce.
    ///
    /// # Errors
    /// [`StampError::Nonce`].
    pub fn answers(&self, nonce: u64) -> Result<(), StampError> {
        match (&self.info.nonce, nonce_number(nonce)) {
            (Some(found), Ok(sent)) if *found == sent => Ok(()),
            _ => Err(StampError::Nonce),
        }
    }

    /// Goes from the signer's certificate to one of `roots`, everything valid at the stated time; returns that root's name.
    ///
    /// # Errors
    /// [`StampError::UnknownIssuer`] when no root is reached, or the reason why the chain does not hold.
    pub fn trusted_by(&self, roots: &Roots) -> Result<String, StampError> {
        self.way_to(roots).map(|end| end.root)
    }

    /// When the first certificate on the way to one of `roots` ends, unix milliseconds. From then on nobody vouches for the
    /// authority's key, and only a later stamp over this one can still show that this one is old (RFC 3161 §4, EN 319 102-1).
    ///
    /// # Errors
    /// As [`Stamp::trusted_by`].
    pub fn vouched_until_ms(&self, roots: &Roots) -> Result<i64, StampError> {
        let until_s = self.way_to(roots)?.until_s;
        Ok(i64::try_from(until_s).unwrap_or(i64::MAX).saturating_mul(1_000))
    }

    /// The certificates that came with the stamp, in DER.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.token.certificates.iter().map(cert::Cert::raw)
    }

    fn way_to(&self, roots: &Roots) -> Result<chain::End, StampError> {
        let leaf = self.token.certificates.get(self.signer).ok_or(StampError::NoCertificate)?;
        let at_s = u64::try_from(self.info.stated.at_ms / 1_000).unwrap_or(0);
        chain::to_root(leaf, &self.token.certificates, roots, at_s)
    }
}

/// All checks at once, for whoever asked for the stamp: [`Stamp::open`], [`Stamp::answers`], [`Stamp::trusted_by`].
///
/// # Errors
/// [`StampError`] names the check that failed.
pub fn verify(response: &[u8], imprint: &Digest, nonce: u64, roots: &Roots) -> Result<Stamp, StampError> {
    let stamp = Stamp::open(response, imprint)?;
    stamp.answers(nonce)?;
    stamp.trusted_by(roots)?;
    Ok(stamp)
}

/// `2026-11-25 16:06:26`, without a zone.
pub(crate) fn time_text(at_ms: i64) -> Option<String> {
    let seconds = u64::try_from(at_ms.div_euclid(1_000)).ok()?;
    let t = der::DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).ok()?;
    let (date, time) = ((t.year(), t.month(), t.day()), (t.hour(), t.minutes(), t.seconds()));
    Some(format!("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", date.0, date.1, date.2, time.0, time.1, time.2))
}
