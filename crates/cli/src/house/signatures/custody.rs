//! Who holds the authority's keys: a file of the house, the environment, or a security module. The root's key is always a file, which
//! may be taken away.

use std::path::Path;

use mingbai_core::text::both;
use mingbai_sign::{KeyCustody, SoftwareKey};
use zeroize::Zeroizing;

use super::folder;
use super::national::SecondSeal;
use super::token::{Missing, TokenKey, TokenPlace};
use crate::fail::{Fail, Kind};

/// A key that may be used from any thread.
pub type Custody = Box<dyn KeyCustody + Send + Sync>;

/// Where one key is.
#[derive(Clone, Default)]
pub enum KeyFrom {
    /// In its file in the folder `keys`.
    #[default]
    File,
    /// In an environment variable: its name, and the 32 bytes.
    Environment(&'static str, Zeroizing<[u8; 32]>),
    /// In a security module.
    Token(TokenPlace),
}

impl std::fmt::Debug for KeyFrom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            KeyFrom::File => f.write_str("File"),
            KeyFrom::Environment(name, _) => write!(f, "Environment({name})"),
            KeyFrom::Token(place) => write!(f, "{place:?}"),
        }
    }
}

/// Where the keys of issuing authority and seal are.
#[derive(Clone, Debug, Default)]
pub struct Custodians {
    /// The issuing authority's.
    pub issuing: KeyFrom,
    /// The lender's seal's.
    pub seal: KeyFrom,
    /// Whether there is a second seal in the national algorithms, and where its keys are.
    pub second: SecondSeal,
}

impl KeyFrom {
    /// Opens the key; a file or a token gets a new one when the house is new.
    pub fn open(&self, keys: &Path, file: &str, label: &str, missing: Missing) -> Result<Custody, Fail> {
        Ok(match self {
            KeyFrom::File if missing == Missing::Make => Box::new(folder::key_or_new(keys, file, label)?),
            KeyFrom::File => Box::new(folder::key(&keys.join(file))?),
            KeyFrom::Environment(name, secret) => {
                Box::new(SoftwareKey::from_secret(secret).map_err(|_| {
                    let what = both(
                        format!("环境变量 {name} 里不是 P-256 密钥"),
                        format!("the variable {name} holds no P-256 key"),
                    );
                    Fail::new(Kind::Input, what).next("换一把随机的密钥。", "Use another random key.")
                })?)
            }
            KeyFrom::Token(place) => Box::new(TokenKey::open(place.clone(), missing)?),
        })
    }

    /// For messages about this key.
    pub fn shown(&self, keys: &Path, file: &str) -> String {
        match self {
            KeyFrom::File => keys.join(file).display().to_string(),
            KeyFrom::Environment(name, _) => (*name).to_owned(),
            KeyFrom::Token(place) => format!("pkcs11:{}", place.label),
        }
    }
}
