//! The settings of signatures inside PDFs: who holds the keys of issuing authority and seal.

use std::path::PathBuf;

use mingbai_core::text::both;
use zeroize::Zeroizing;

use crate::config::{
    Key, Layers, MAX_SECRET_BYTES, Row, Set, key, row, secret_row, short_text, shown_path, wrong,
};
use crate::fail::{Fail, Kind};
use crate::house::signatures::custody::{Custodians, KeyFrom};
use crate::house::signatures::national::SecondSeal;
use crate::house::signatures::token::TokenPlace;

const ISSUING: Key = key("ca_issuing_key", "MINGBAI_CA_ISSUING_KEY_FROM", "file");
const SEAL: Key = key("ca_seal_key", "MINGBAI_CA_SEAL_KEY_FROM", "file");
const SECOND: Key = key("seal_sm2", "MINGBAI_SEAL_SM2", "none");
const MODULE: Key = key("pkcs11_module", "MINGBAI_PKCS11_MODULE", "");
const TOKEN: Key = key("pkcs11_token", "MINGBAI_PKCS11_TOKEN", "");
const PIN_FILE: Key = key("pkcs11_pin_file", "MINGBAI_PKCS11_PIN_FILE", "");
/// Every key of these settings.
pub const KEYS: [&Key; 6] = [&ISSUING, &SEAL, &SECOND, &MODULE, &TOKEN, &PIN_FILE];
/// The token user's PIN.
pub const PIN: &str = "MINGBAI_PKCS11_PIN";
/// The issuing authority's key, 64 hex digits.
pub const ISSUING_SECRET: &str = "MINGBAI_CA_ISSUING_KEY";
/// The seal's key, 64 hex digits.
pub const SEAL_SECRET: &str = "MINGBAI_CA_SEAL_KEY";

/// Who holds the keys.
#[derive(Clone)]
pub struct PenSettings {
    issuing: Set<String>,
    seal: Set<String>,
    second: Set<String>,
    module: Set<Option<PathBuf>>,
    token: Set<String>,
    pin_file: Set<Option<PathBuf>>,
    pin: Option<Zeroizing<String>>,
    issuing_secret: Option<Zeroizing<String>>,
    seal_secret: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for PenSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PenSettings").field("issuing", &self.issuing).finish_non_exhaustive()
    }
}

impl PenSettings {
    /// Reads and checks what was set. A file with a PIN is read later, by the commands that need it.
    pub fn read(layers: &Layers<'_>) -> Result<Self, Fail> {
        Ok(PenSettings {
            issuing: place(&ISSUING, layers.pick(&ISSUING))?,
            seal: place(&SEAL, layers.pick(&SEAL))?,
            second: second(layers.pick(&SECOND))?,
            module: layers.path(&MODULE),
            token: short_text(TOKEN.name, layers.pick(&TOKEN))?,
            pin_file: layers.path(&PIN_FILE),
            pin: layers.secret(PIN),
            issuing_secret: layers.secret(ISSUING_SECRET),
            seal_secret: layers.secret(SEAL_SECRET),
        })
    }

    /// Where the keys are. Files with secrets are read here.
    pub fn custodians(&self) -> Result<Custodians, Fail> {
        Ok(Custodians {
            issuing: self.from(&ISSUING, &self.issuing.value, (ISSUING_SECRET, &self.issuing_secret))?,
            seal: self.from(&SEAL, &self.seal.value, (SEAL_SECRET, &self.seal_secret))?,
            second: match self.second.value.as_str() {
                FILE => SecondSeal::File,
                _ => SecondSeal::None,
            },
        })
    }

    fn from(
        &self,
        key: &Key,
        value: &str,
        (variable, secret): (&'static str, &Option<Zeroizing<String>>),
    ) -> Result<KeyFrom, Fail> {
        match (value, value.strip_prefix(TOKEN_PREFIX)) {
            (_, Some(label)) => Ok(KeyFrom::Token(self.token_place(key, label)?)),
            ("env", None) => {
                let digits = secret.as_ref().ok_or_else(|| missing(key.name, variable))?;
                let mut bytes = Zeroizing::new([0; 32]);
                match hex::decode_to_slice(digits.trim(), bytes.as_mut_slice()) {
                    Ok(()) => Ok(KeyFrom::Environment(variable, bytes)),
                    Err(_) => {
                        let what = both(
                            format!("{variable} 应是 64 位十六进制数字"),
                            format!("{variable} must be 64 hexadecimal digits"),
                        );
                        Err(Fail::new(Kind::Input, what))
                    }
                }
            }
            _ => Ok(KeyFrom::File),
        }
    }

    fn token_place(&self, key: &Key, label: &str) -> Result<TokenPlace, Fail> {
        let module = self.module.value.clone().ok_or_else(|| missing(key.name, MODULE.name))?;
        if self.token.value.is_empty() {
            return Err(missing(key.name, TOKEN.name));
        }
        let pin = match (&self.pin, &self.pin_file.value) {
            (Some(pin), _) => pin.clone(),
            (None, Some(path)) => Zeroizing::new(crate::commands::read_text(path, MAX_SECRET_BYTES)?),
            (None, None) => return Err(missing(key.name, &format!("{} / {PIN}", PIN_FILE.name))),
        };
        let pin = Zeroizing::new(pin.trim_end_matches(['\r', '\n']).to_owned());
        Ok(TokenPlace { module, token: self.token.value.clone(), label: label.to_owned(), pin })
    }

    /// The rows of `mingbai config`.
    pub fn shown(&self) -> Vec<Row> {
        let path = |set: &Set<Option<PathBuf>>| set.value.as_deref().map(shown_path).unwrap_or_default();
        vec![
            row(&ISSUING, self.issuing.value.clone(), &self.issuing),
            row(&SEAL, self.seal.value.clone(), &self.seal),
            row(&SECOND, self.second.value.clone(), &self.second),
            secret_row("ca_issuing_key (env)", ISSUING_SECRET, &self.issuing_secret),
            secret_row("ca_seal_key (env)", SEAL_SECRET, &self.seal_secret),
            row(&MODULE, path(&self.module), &self.module),
            row(&TOKEN, self.token.value.clone(), &self.token),
            row(&PIN_FILE, path(&self.pin_file), &self.pin_file),
            secret_row("pkcs11_pin", PIN, &self.pin),
        ]
    }
}

const TOKEN_PREFIX: &str = "pkcs11:";
const FILE: &str = "file";

/// `none` or `file`.
fn second(set: Set<String>) -> Result<Set<String>, Fail> {
    if matches!(set.value.as_str(), "none" | FILE) {
        return Ok(set);
    }
    let (zh, en) = ("应为 none 或 file", "it must be none or file");
    Err(wrong(SECOND.name, &set, zh.to_owned(), en.to_owned()))
}

/// `file`, `env`, or `pkcs11:` and a label.
fn place(key: &Key, set: Set<String>) -> Result<Set<String>, Fail> {
    let label = set.value.strip_prefix(TOKEN_PREFIX);
    let good = |label: &str| {
        let plain = |c: char| !c.is_control() && !c.is_whitespace();
        (1..=60).contains(&label.chars().count()) && label.chars().all(plain)
    };
    match matches!(set.value.as_str(), "file" | "env") || label.is_some_and(good) {
        true => Ok(set),
        false => Err(wrong(
            key.name,
            &set,
            "应为 file、env 或 pkcs11:密钥标签".to_owned(),
            "it must be file, env, or pkcs11: and the key's label".to_owned(),
        )),
    }
}

fn missing(of: &str, name: &str) -> Fail {
    let what = both(format!("设置了 {of},但没有 {name}"), format!("{of} is set, but {name} is not"));
    Fail::new(Kind::Input, what)
        .next(format!("设置 {name},或去掉 {of}。"), format!("Set {name}, or leave {of} out."))
}
