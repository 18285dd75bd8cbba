//! From the signer's certificate to a trusted root (RFC 5280, section 6, without policies and name constraints: our authorities
//! have none, and a critical one is refused as unknown).

use crate::ca::{Broken, Certificate};

/// Signer, issuing authorities, root.
const LENGTH_LIMIT: usize = 5;
/// Certificates that are tried; more would be work for nothing.
const POOL_LIMIT: usize = 64;

/// A path: the signer first, the trusted root last.
pub(crate) struct Path(pub(crate) Vec<Certificate>);

/// Finds the path by names, then checks every link.
pub(crate) fn build(
    signer: &Certificate,
    pool: &[Certificate],
    roots: &[Certificate],
) -> Result<Path, Broken> {
    let mut path = vec![signer.clone()];
    let mut why = Broken::Unknown("it leads to no authority that is trusted here");
    loop {
        let last = &path[path.len() - 1];
        let below = path.len() - 1;
        if roots.contains(last) {
            break;
        }
        if path.len() == LENGTH_LIMIT {
            return Err(Broken::Wrong("the chain of certificates is too long"));
        }
        let known = roots.iter().chain(pool.iter().take(POOL_LIMIT));
        let candidates = known.filter(|c| last.names_as_issuer(c) && !path.contains(c));
        let mut next = None;
        for candidate in candidates {
            match last.issued_by(candidate, below) {
                Ok(()) => {
                    next = Some(candidate.clone());
                    break;
                }
                Err(reason) => why = reason,
            }
        }
        match next {
            Some(next) => path.push(next),
            None => return Err(why),
        }
    }
    for certificate in &path {
        certificate.extensions_known()?;
    }
    Ok(Path(path))
}

impl Path {
    /// Whether every certificate was valid at this moment.
    pub(crate) fn valid_at(&self, at_ms: i64) -> bool {
        self.0.iter().all(|c| c.valid_at(at_ms))
    }

    /// Whether every certificate had begun, and one had ended, at this moment.
    pub(crate) fn ended_before(&self, at_ms: i64) -> bool {
        self.0.iter().all(|c| c.not_before_ms() <= at_ms) && self.0.iter().any(|c| c.not_after_ms() < at_ms)
    }
}
