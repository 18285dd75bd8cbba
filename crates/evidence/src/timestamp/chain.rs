//! The way from the authority's certificate to a root that the reader trusts. Whether a certificate was revoked cannot be
//! known offline and is not claimed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::StampError;
use super::cert::Cert;

/// The most intermediate authorities between the stamp's certificate and the root.
const DEPTH_LIMIT: usize = 6;
/// The most roots in one file, and the most signatures that are tried.
const ROOT_LIMIT: usize = 64;
const TRIES_LIMIT: u32 = 64;
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The roots that a reader trusts, from a file that the authority publishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roots(Vec<Cert>);

impl Roots {
    /// Reads every certificate in a PEM text; words between them are passed over.
    ///
    /// # Errors
    /// [`StampError::NoRoots`], [`StampError::TooLarge`] beyond 64 certificates, [`StampError::Malformed`].
    pub fn from_pem(text: &str) -> Result<Self, StampError> {
        let mut roots = Vec::new();
        let mut rest = text;
        while let Some((_, behind)) = rest.split_once(BEGIN) {
            let why = || StampError::Malformed { what: "certificate", why: "not PEM".to_owned() };
            let (body, after) = behind.split_once(END).ok_or_else(why)?;
            let body: String = body.split_whitespace().collect();
            let bytes = BASE64.decode(body).map_err(|_| why())?;
            roots.push(Cert::parse(&bytes)?);
            if roots.len() > ROOT_LIMIT {
                return Err(StampError::TooLarge);
            }
            rest = after;
        }
        if roots.is_empty() { Err(StampError::NoRoots) } else { Ok(Roots(roots)) }
    }

    /// The subjects, for a person to compare.
    #[must_use]
    pub fn subjects(&self) -> Vec<String> {
        self.0.iter().map(Cert::subject).collect()
    }
}

/// Where a way ended.
pub(super) struct End {
    /// The root's name.
    pub root: String,
    /// When the first certificate of the way ends, unix seconds.
    pub until_s: u64,
}

/// Goes from `leaf` over `pool` to one of `roots`, every certificate valid at `at_s` (unix seconds).
pub(super) fn to_root(leaf: &Cert, pool: &[Cert], roots: &Roots, at_s: u64) -> Result<End, StampError> {
    leaf.stands_at(at_s)?;
    let mut search = Search { pool, roots: &roots.0, at_s, tries: 0, fault: None };
    let found = search.from(leaf, 0);
    found.ok_or_else(|| search.fault.unwrap_or_else(|| StampError::UnknownIssuer { issuer: leaf.issuer() }))
}

/// A search that remembers the most telling reason why a way did not lead on.
struct Search<'a> {
    pool: &'a [Cert],
    roots: &'a [Cert],
    at_s: u64,
    tries: u32,
    fault: Option<StampError>,
}

impl<'a> Search<'a> {
    fn from(&mut self, cert: &'a Cert, below: usize) -> Option<End> {
        for root in self.roots.iter().filter(|root| cert.names_as_issuer(root)) {
            if self.step(cert, root, below) {
                return Some(End { root: root.subject(), until_s: cert.until_s().min(root.until_s()) });
            }
        }
        let mut led_on = false;
        // A certificate that issued itself leads nowhere, and would lead there for ever.
        for next in self.pool.iter().filter(|next| cert.names_as_issuer(next) && !next.names_as_issuer(next))
        {
            if below < DEPTH_LIMIT && self.step(cert, next, below) {
                led_on = true;
                if let Some(end) = self.from(next, below + 1) {
                    return Some(End { until_s: end.until_s.min(cert.until_s()), ..end });
                }
            }
        }
        if !led_on {
            self.blame(StampError::UnknownIssuer { issuer: cert.issuer() });
        }
        None
    }

    fn step(&mut self, cert: &Cert, issuer: &Cert, below: usize) -> bool {
        self.tries += 1;
        if self.tries > TRIES_LIMIT {
            return false;
        }
        let checked = cert
            .signed_by(issuer)
            .and_then(|()| issuer.stands_at(self.at_s))
            .and_then(|()| issuer.is_authority(below));
        match checked {
            Ok(()) => true,
            Err(error) => {
                self.blame(error);
                false
            }
        }
    }

    /// The first reason that speaks against the stamp stays; one that only leaves it open gives way to such a reason.
    fn blame(&mut self, error: StampError) {
        if self.fault.as_ref().is_none_or(|known| known.leaves_open() && !error.leaves_open()) {
            self.fault = Some(error);
        }
    }
}
