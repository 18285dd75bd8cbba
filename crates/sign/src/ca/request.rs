//! A certificate request (PKCS#10, RFC 2986) made in a browser. Only its key counts: the name in it is what the asker calls
//! herself, and is never read.

use der::{Decode, Encode};
use spki::SubjectPublicKeyInfoOwned;
use x509_cert::request::CertReq;

use super::certificate::{Broken, verify_by};
use crate::suite::Suite;
use crate::words::SignError;

/// A request whose sender has shown that she holds the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningRequest {
    key: SubjectPublicKeyInfoOwned,
}

/// A P-256 request has about 250 bytes.
const LIMIT_BYTES: usize = 4096;

impl SigningRequest {
    /// Reads a request in DER and checks its signature by its own key.
    ///
    /// # Errors
    /// When it is none, when its key is not P-256, or when it is not signed by that key.
    pub fn parse(der: &[u8]) -> Result<Self, SignError> {
        let bad = |why: &dyn std::fmt::Display| SignError::encoding("certificate request", why);
        if der.len() > LIMIT_BYTES {
            return Err(bad(&"it is larger than 4096 bytes"));
        }
        let request = CertReq::from_der(der).map_err(|why| bad(&why))?;
        if request.to_der().map_err(|why| bad(&why))? != der {
            return Err(bad(&"it is not written in DER"));
        }
        if request.algorithm.oid != Suite::P256.signature_oid() || request.algorithm.parameters.is_some() {
            return Err(bad(&"it is signed with another algorithm than ECDSA with SHA-256"));
        }
        let key = request.info.public_key.clone();
        // What browsers make: SM2 does not exist in WebCrypto.
        match Suite::of_key(&key) {
            Ok(Suite::P256) => {}
            Ok(Suite::Sm2) => return Err(bad(&"its key is of another kind than P-256")),
            Err(Broken::Wrong(why) | Broken::Unknown(why)) => return Err(bad(&why)),
        }
        let signed = request.info.to_der().map_err(|why| bad(&why))?;
        let signature =
            request.signature.as_bytes().ok_or_else(|| bad(&"its signature is no byte string"))?;
        verify_by(&key, &signed, signature)
            .map_err(|_| SignError::BadSignature { what: "the certificate request" })?;
        Ok(SigningRequest { key })
    }

    pub(crate) fn key(&self) -> &SubjectPublicKeyInfoOwned {
        &self.key
    }

    /// The public key as a SEC 1 point, to compare with what the browser announced.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        self.key.subject_public_key.raw_bytes()
    }
}
