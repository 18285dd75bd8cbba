//! A signing key in a security module, behind PKCS#11 (OASIS PKCS #11 v2.40). The module is a library of its maker that is loaded
//! from the path in the settings; the key is made in it and never leaves it. The PIN is in no message and no log.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_sign::{KeyCustody, SignError, raw_to_der};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use zeroize::Zeroizing;

use crate::fail::{Fail, Kind};

/// `OBJECT IDENTIFIER prime256v1` in DER, as PKCS#11 names the curve.
const P_256: [u8; 10] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
/// What a key signs when it is opened, to see that its two halves belong together. No certificate or attribute begins so.
const TRIAL: &[u8] = b"mingbai/key-check/v1\n";

/// Where a key is.
#[derive(Clone)]
pub struct TokenPlace {
    /// The maker's library.
    pub module: PathBuf,
    /// Label of the token.
    pub token: String,
    /// Label of the key in it.
    pub label: String,
    /// The user's PIN.
    pub pin: Zeroizing<String>,
}

impl std::fmt::Debug for TokenPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenPlace")
            .field("module", &self.module)
            .field("token", &self.token)
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

/// Whether a key that is not there may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The house is new.
    Make,
    /// It was in use: another key would be another house.
    Refuse,
}

/// A key in a token, with the session in which it was found.
pub struct TokenKey {
    place: TokenPlace,
    public: [u8; 65],
    open: Mutex<Open>,
}

struct Open {
    session: Session,
    key: ObjectHandle,
}

impl TokenKey {
    /// Finds the key, or makes it.
    ///
    /// # Errors
    /// When module, token, PIN or key cannot be used, each with what to do.
    pub fn open(place: TokenPlace, missing: Missing) -> Result<Self, Fail> {
        let session = session(&place, missing)?;
        if missing == Missing::Make && find(&session, ObjectClass::PRIVATE_KEY, &place.label).is_none() {
            make(&session, &place)?;
        }
        let (key, public) = pair(&session, &place)?;
        let token = TokenKey { place, public, open: Mutex::new(Open { session, key }) };
        token.try_out()?;
        Ok(token)
    }

    /// A token whose halves do not belong together would be found out only by the borrower's reader.
    fn try_out(&self) -> Result<(), Fail> {
        let der = self.sign(TRIAL).map_err(|e| refused(&self.place, key_words(), Some(e.to_string())))?;
        let good = VerifyingKey::from_sec1_bytes(&self.public)
            .ok()
            .zip(Signature::from_der(&der).ok())
            .is_some_and(|(key, signature)| key.verify(TRIAL, &signature).is_ok());
        match good {
            true => Ok(()),
            false => Err(refused(
                &self.place,
                key_words(),
                Some("its two halves do not belong together".to_owned()),
            )),
        }
    }

    /// Signs, and once more in a new session: a module forgets its sessions when it is restarted.
    fn signed(&self, digest: &[u8]) -> Result<Vec<u8>, String> {
        let mut open = lock(&self.open);
        match open.session.sign(&Mechanism::Ecdsa, open.key, digest) {
            Ok(raw) => return Ok(raw),
            Err(error) => tracing::warn!(%error, "the security module lost its session; opening another"),
        }
        let session = session(&self.place, Missing::Refuse).map_err(|f| f.in_short().en)?;
        let (key, public) = pair(&session, &self.place).map_err(|f| f.in_short().en)?;
        if public != self.public {
            return Err("the key in the token is another one than before".to_owned());
        }
        *open = Open { session, key };
        open.session.sign(&Mechanism::Ecdsa, open.key, digest).map_err(|e| e.to_string())
    }
}

impl KeyCustody for TokenKey {
    fn public_key(&self) -> [u8; 65] {
        self.public
    }

    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, SignError> {
        let digest = *mingbai_evidence::Digest::of(bytes).as_bytes();
        let raw = self.signed(&digest).map_err(|why| SignError::Custody { why })?;
        raw_to_der(&raw).map_err(|e| SignError::Custody { why: e.to_string() })
    }
}

/// A session in which the user has signed in.
fn session(place: &TokenPlace, missing: Missing) -> Result<Session, Fail> {
    let module = both("加载不了 PKCS#11 模块", "the PKCS#11 module cannot be loaded");
    let failed = |what: Words| move |e: Error| refused(place, what, Some(e.to_string()));
    let pkcs11 = Pkcs11::new(&place.module).map_err(failed(module.clone()))?;
    match pkcs11.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(e) => return Err(failed(module)(e)),
    }
    let token = both("找不到令牌", "the token was not found");
    let slots = pkcs11.get_slots_with_initialized_token().map_err(failed(token.clone()))?;
    let named = |slot: &cryptoki::slot::Slot| {
        pkcs11.get_token_info(*slot).is_ok_and(|info| info.label() == place.token)
    };
    let mut found = slots.into_iter().filter(named);
    let (Some(slot), None) = (found.next(), found.next()) else { return Err(refused(place, token, None)) };
    let opened = match missing {
        Missing::Make => pkcs11.open_rw_session(slot),
        Missing::Refuse => pkcs11.open_ro_session(slot),
    };
    let session = opened.map_err(failed(both("令牌打不开", "the token cannot be opened")))?;
    match session.login(UserType::User, Some(&AuthPin::from(place.pin.as_str()))) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
        Err(e) => {
            Err(failed(both("PIN 不对,或令牌已锁定", "the PIN is wrong, or the token is locked"))(e))
        }
    }
}

/// A P-256 key whose private half cannot be read out, not even wrapped.
fn make(session: &Session, place: &TokenPlace) -> Result<(), Fail> {
    let label = || Attribute::Label(place.label.clone().into_bytes());
    let id = || Attribute::Id(mingbai_evidence::Digest::of(place.label.as_bytes()).as_bytes()[..8].to_vec());
    let public = [
        Attribute::Token(true),
        Attribute::Private(false),
        Attribute::Verify(true),
        Attribute::EcParams(P_256.to_vec()),
        label(),
        id(),
    ];
    let private = [
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
        label(),
        id(),
    ];
    let made = session.generate_key_pair(&Mechanism::EccKeyPairGen, &public, &private);
    made.map_err(|e| {
        refused(place, both("令牌里造不出密钥", "no key can be made in the token"), Some(e.to_string()))
    })?;
    tracing::info!(token = %place.token, label = %place.label, "a signing key was made in the security module");
    Ok(())
}

/// The private half's handle and the public half.
fn pair(session: &Session, place: &TokenPlace) -> Result<(ObjectHandle, [u8; 65]), Fail> {
    let key = find(session, ObjectClass::PRIVATE_KEY, &place.label);
    let public = find(session, ObjectClass::PUBLIC_KEY, &place.label);
    let (Some(key), Some(public)) = (key, public) else { return Err(refused(place, key_words(), None)) };
    let wanted = [AttributeType::EcParams, AttributeType::EcPoint];
    let read = session
        .get_attributes(public, &wanted)
        .map_err(|e| refused(place, key_words(), Some(e.to_string())))?;
    let mut curve = None;
    let mut point = None;
    for attribute in read {
        match attribute {
            Attribute::EcParams(bytes) => curve = Some(bytes),
            Attribute::EcPoint(bytes) => point = sec1(&bytes),
            _ => {}
        }
    }
    match (curve.as_deref() == Some(&P_256), point) {
        (true, Some(point)) => Ok((key, point)),
        _ => Err(refused(place, key_words(), Some("it is no P-256 key".to_owned()))),
    }
}

/// The only EC key of this class and label. Two of one name are one too many: which of them signs would be chance.
fn find(session: &Session, class: ObjectClass, label: &str) -> Option<ObjectHandle> {
    let template = [
        Attribute::Class(class),
        Attribute::KeyType(KeyType::EC),
        Attribute::Label(label.as_bytes().to_vec()),
    ];
    match session.find_objects(&template).ok()?.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// The point inside its OCTET STRING, as the standard wants it, or bare, as some modules give it.
fn sec1(bytes: &[u8]) -> Option<[u8; 65]> {
    let bare = match bytes {
        [0x04, 0x41, rest @ ..] if rest.len() == 65 => rest,
        other => other,
    };
    <[u8; 65]>::try_from(bare).ok().filter(|point| point[0] == 4)
}

fn key_words() -> Words {
    both("令牌里没有可用的密钥", "there is no usable key in the token")
}

fn refused(place: &TokenPlace, why: Words, cause: Option<String>) -> Fail {
    let (module, token, label) = (place.module.display(), &place.token, &place.label);
    let what = both(
        format!("签名密钥 pkcs11:{label} 用不了(模块 {module},令牌“{token}”)"),
        format!("the signing key pkcs11:{label} cannot be used (module {module}, token \"{token}\")"),
    );
    let why = match cause {
        Some(cause) => both(format!("{}({cause})", why.zh), format!("{} ({cause})", why.en)),
        None => why,
    };
    Fail::new(Kind::Io, what).because(why).next(
        "核对 pkcs11_module、pkcs11_token、PIN 和密钥标签;标签不能重名。用 pkcs11-tool --list-objects 可以看到令牌里有什么。",
        "Check pkcs11_module, pkcs11_token, the PIN and the key's label, which must stand there once. pkcs11-tool --list-objects shows \
         what is in the token.",
    )
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
