//! Passkeys (W3C Web Authentication, level 2): what an authenticator says about a key that it made, and its signature over a
//! challenge. Pure, so that the desk that lets somebody in, the fold that counts a signature and a stranger with a package all
//! ask the same few lines. No attestation is asked for and none is believed: what counts is that the same key answers again.

mod key;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

pub use key::PasskeyKey;

/// Longest name of a key that an authenticator may give, in bytes (the standard's own limit).
pub const ID_LIMIT: usize = 1023;
/// Longest client data that is read, in bytes. Real ones have about 200.
const CLIENT_DATA_LIMIT: usize = 2 * 1024;
/// Hash of the house, flags, counter.
const FIXED: usize = 37;
const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKED_UP: u8 = 1 << 4;
const HAS_KEY: u8 = 1 << 6;

/// The house as authenticators know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relying {
    /// Its domain: `loan.example`.
    pub id: String,
    /// Where its pages come from: `https://loan.example`.
    pub origin: String,
}

/// What an authenticator answered to a challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// Authenticator data.
    pub authenticator_data: Vec<u8>,
    /// Client data, the bytes of a JSON text that the browser wrote.
    pub client_data: Vec<u8>,
    /// Signature over the authenticator data and the SHA-256 of the client data.
    pub signature: Vec<u8>,
}

/// A key that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPasskey {
    /// The authenticator's name for it.
    pub id: Vec<u8>,
    /// The key.
    pub key: PasskeyKey,
    /// How often it was used, if the authenticator counts.
    pub count: u32,
    /// Whether copies of it exist on other devices of the same person.
    pub copies: Copies,
}

/// Whether copies of a key exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copies {
    /// It lives on this one device.
    None,
    /// A service of its holder keeps copies.
    Kept,
}

/// Why an answer does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// Not the bytes that an authenticator or a browser writes.
    #[error("the authenticator's answer cannot be read ({0})")]
    Form(&'static str),
    /// It answers another challenge: an old one, or somebody else's.
    #[error("the answer is to another challenge")]
    Challenge,
    /// It was given on a page of another house.
    #[error("the answer was given to another web site")]
    Origin,
    /// The authenticator did not ask its holder for finger, face or PIN.
    #[error("the authenticator did not verify its user")]
    NotVerified,
    /// A kind of key that is not known here.
    #[error("this kind of key is not known: ES256, EdDSA and RS256 are")]
    Algorithm,
    /// The signature is not this key's.
    #[error("the signature is not this key's")]
    Signature,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// Reads what an authenticator says about a key that it made for `challenge`.
///
/// # Errors
/// [`PasskeyError`]; an authenticator that did not verify its user is refused, because nothing else would then be asked of her.
pub fn made(
    authenticator_data: &[u8],
    client_data: &[u8],
    challenge: &[u8],
    house: &Relying,
) -> Result<NewPasskey, PasskeyError> {
    check_client(client_data, "webauthn.create", challenge, house)?;
    let (flags, count) = check_authenticator(authenticator_data, house)?;
    if flags & HAS_KEY == 0 {
        return Err(PasskeyError::Form("no key"));
    }
    // AAGUID, length of the name, the name, the key.
    let rest = authenticator_data.get(FIXED + 16..).ok_or(PasskeyError::Form("too short"))?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(PasskeyError::Form("too short"))?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 || length > ID_LIMIT || rest.len() < length {
        return Err(PasskeyError::Form("the key's name"));
    }
    let (id, cose) = rest.split_at(length);
    let key = PasskeyKey::from_cose(cose).ok_or(PasskeyError::Algorithm)?;
    Ok(NewPasskey { id: id.to_vec(), key, count, copies: copies(flags) })
}

/// Checks an answer to `challenge` against the key; how often the key was used by its authenticator's own count, 0 when it does
/// not count.
///
/// # Errors
/// [`PasskeyError`].
pub fn answered(
    answer: &Assertion,
    key: &PasskeyKey,
    challenge: &[u8],
    house: &Relying,
) -> Result<u32, PasskeyError> {
    check_client(&answer.client_data, "webauthn.get", challenge, house)?;
    let (_, count) = check_authenticator(&answer.authenticator_data, house)?;
    let mut message = answer.authenticator_data.clone();
    message.extend_from_slice(&Sha256::digest(&answer.client_data));
    match key.holds(&message, &answer.signature) {
        true => Ok(count),
        false => Err(PasskeyError::Signature),
    }
}

fn copies(flags: u8) -> Copies {
    match flags & BACKED_UP {
        0 => Copies::None,
        _ => Copies::Kept,
    }
}

fn check_client(bytes: &[u8], kind: &str, challenge: &[u8], house: &Relying) -> Result<(), PasskeyError> {
    if bytes.len() > CLIENT_DATA_LIMIT {
        return Err(PasskeyError::Form("client data"));
    }
    let data: ClientData = serde_json::from_slice(bytes).map_err(|_| PasskeyError::Form("client data"))?;
    if data.r#type != kind {
        return Err(PasskeyError::Form("type"));
    }
    // The text itself is compared, not what it decodes to: two texts for the same bytes would be two ways to say one thing.
    if data.challenge != URL_SAFE_NO_PAD.encode(challenge) {
        return Err(PasskeyError::Challenge);
    }
    // A page of ours inside a frame of others is not what anybody meant to answer on.
    if data.origin != house.origin || data.cross_origin {
        return Err(PasskeyError::Origin);
    }
    Ok(())
}

/// Flags and counter, when the data is this house's and its user was verified.
fn check_authenticator(data: &[u8], house: &Relying) -> Result<(u8, u32), PasskeyError> {
    let short = PasskeyError::Form("too short");
    let (hash, rest) = data.split_first_chunk::<32>().ok_or(short)?;
    let ([flags], rest) = rest.split_first_chunk::<1>().ok_or(short)?;
    let (count, _) = rest.split_first_chunk::<4>().ok_or(short)?;
    if hash.as_slice() != Sha256::digest(house.id.as_bytes()).as_slice() {
        return Err(PasskeyError::Origin);
    }
    if flags & USER_PRESENT == 0 || flags & USER_VERIFIED == 0 {
        return Err(PasskeyError::NotVerified);
    }
    Ok((*flags, u32::from_be_bytes(*count)))
}
