//! The settings of what need not lie in the data folder: documents on S3, the master key in the environment or with a key service.
//! Secrets come by the environment or by a file that is named; they are shown nowhere.

use std::path::{Path, PathBuf};

use mingbai_core::text::both;
use mingbai_store::S3Place;
use zeroize::Zeroizing;

use crate::config::{
    Key, Layers, MAX_SECRET_BYTES, Row, Set, Slash, key, row, secret_row, short_text, shown_path,
    web_address, wrong,
};
use crate::fail::{Fail, Kind};
use crate::house::master::{KeyService, MasterFrom};

const BUCKET: Key = key("s3_bucket", "MINGBAI_S3_BUCKET", "");
const ENDPOINT: Key = key("s3_endpoint", "MINGBAI_S3_ENDPOINT", "");
const REGION: Key = key("s3_region", "MINGBAI_S3_REGION", "us-east-1");
const PREFIX: Key = key("s3_prefix", "MINGBAI_S3_PREFIX", "");
const ACCESS_KEY: Key = key("s3_access_key", "MINGBAI_S3_ACCESS_KEY", "");
const SECRET_FILE: Key = key("s3_secret_file", "MINGBAI_S3_SECRET_FILE", "");
const SERVICE: Key = key("key_service_url", "MINGBAI_KEY_SERVICE_URL", "");
const TOKEN_FILE: Key = key("key_service_token_file", "MINGBAI_KEY_SERVICE_TOKEN_FILE", "");
/// Every key of these settings.
pub const KEYS: [&Key; 8] =
    [&BUCKET, &ENDPOINT, &REGION, &PREFIX, &ACCESS_KEY, &SECRET_FILE, &SERVICE, &TOKEN_FILE];
/// The secret of the access key.
pub const S3_SECRET: &str = "MINGBAI_S3_SECRET";
/// What the key service lets us in with.
pub const TOKEN: &str = "MINGBAI_KEY_SERVICE_TOKEN";
/// The master key itself, 64 hex digits.
pub const MASTER: &str = "MINGBAI_MASTER_KEY";

/// Longest name of a bucket, as S3 has it.
const BUCKET_MAX: usize = 63;

/// Where documents and the master key are, when they are not in the data folder.
#[derive(Clone)]
pub struct StorageSettings {
    bucket: Set<Option<String>>,
    endpoint: Set<Option<String>>,
    region: Set<String>,
    prefix: Set<String>,
    access_key: Set<String>,
    secret_file: Set<Option<PathBuf>>,
    secret: Option<Zeroizing<String>>,
    service: Set<Option<String>>,
    token_file: Set<Option<PathBuf>>,
    token: Option<Zeroizing<String>>,
    master: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for StorageSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StorageSettings").field("bucket", &self.bucket).finish_non_exhaustive()
    }
}

impl StorageSettings {
    /// Reads and checks what was set. Files with secrets are read later, by the commands that need them.
    pub fn read(layers: &Layers<'_>) -> Result<Self, Fail> {
        Ok(StorageSettings {
            bucket: bucket(layers.pick(&BUCKET))?,
            endpoint: local_or_tls(&ENDPOINT, layers.pick(&ENDPOINT))?,
            region: short_text(REGION.name, layers.pick(&REGION))?,
            prefix: prefix(layers.pick(&PREFIX))?,
            access_key: plain(&ACCESS_KEY, layers.pick(&ACCESS_KEY))?,
            secret_file: layers.path(&SECRET_FILE),
            secret: layers.secret(S3_SECRET),
            service: local_or_tls(&SERVICE, layers.pick(&SERVICE))?,
            token_file: layers.path(&TOKEN_FILE),
            token: layers.secret(TOKEN),
            master: layers.secret(MASTER),
        })
    }

    /// Whether documents lie on S3.
    pub fn on_s3(&self) -> bool {
        self.bucket.value.is_some()
    }

    /// The bucket for documents; `None` = the data folder.
    pub fn documents(&self) -> Result<Option<S3Place>, Fail> {
        let Some(bucket) = &self.bucket.value else { return Ok(None) };
        if self.access_key.value.is_empty() {
            return Err(missing(BUCKET.name, ACCESS_KEY.name, "MINGBAI_S3_ACCESS_KEY"));
        }
        let secret = secret(&self.secret, &self.secret_file)?;
        let secret = secret.ok_or_else(|| missing(BUCKET.name, SECRET_FILE.name, S3_SECRET))?;
        Ok(Some(S3Place {
            bucket: bucket.clone(),
            prefix: self.prefix.value.clone(),
            region: self.region.value.clone(),
            endpoint: self.endpoint.value.clone(),
            access_key: self.access_key.value.clone(),
            secret_key: secret.as_str().to_owned(),
        }))
    }

    /// Who keeps the master key.
    pub fn master(&self) -> Result<MasterFrom, Fail> {
        match (&self.service.value, &self.master) {
            (Some(_), Some(_)) => {
                let what = both(
                    format!("{} 和 {MASTER} 不能同时设置", SERVICE.name),
                    format!("{} and {MASTER} cannot both be set", SERVICE.name),
                );
                Err(Fail::new(Kind::Input, what).next(
                    "主密钥只能有一个来处:去掉其中一个。",
                    "The master key comes from one place only: leave one of them out.",
                ))
            }
            (Some(url), None) => {
                let token = secret(&self.token, &self.token_file)?;
                let token = token.ok_or_else(|| missing(SERVICE.name, TOKEN_FILE.name, TOKEN))?;
                Ok(MasterFrom::Service(KeyService { url: url.clone(), token }))
            }
            (None, Some(digits)) => {
                let mut bytes = Zeroizing::new([0; 32]);
                hex::decode_to_slice(digits.trim(), bytes.as_mut_slice()).map_err(|_| {
                    // The value itself is a secret even when it is mistyped.
                    let what = both(format!("{MASTER} 不能用"), format!("{MASTER} cannot be used"));
                    Fail::new(Kind::Input, what).because(both(
                        "应是 64 位十六进制数字(32 字节),这里不重复它",
                        "it must be 64 hex digits (32 bytes) and is not repeated here",
                    ))
                })?;
                Ok(MasterFrom::Given(bytes))
            }
            (None, None) => Ok(MasterFrom::File),
        }
    }

    /// The lines of `mingbai config`.
    pub fn shown(&self) -> Vec<Row> {
        let text = |set: &Set<Option<String>>| set.value.clone().unwrap_or_default();
        let path = |set: &Set<Option<PathBuf>>| set.value.as_deref().map(shown_path).unwrap_or_default();
        vec![
            row(&BUCKET, text(&self.bucket), &self.bucket),
            row(&ENDPOINT, text(&self.endpoint), &self.endpoint),
            row(&REGION, self.region.value.clone(), &self.region),
            row(&PREFIX, self.prefix.value.clone(), &self.prefix),
            row(&ACCESS_KEY, self.access_key.value.clone(), &self.access_key),
            row(&SECRET_FILE, path(&self.secret_file), &self.secret_file),
            secret_row("s3_secret", S3_SECRET, &self.secret),
            row(&SERVICE, text(&self.service), &self.service),
            row(&TOKEN_FILE, path(&self.token_file), &self.token_file),
            secret_row("key_service_token", TOKEN, &self.token),
            secret_row("master_key", MASTER, &self.master),
        ]
    }
}

/// A secret from the environment, or from the file that is named.
pub fn secret(
    given: &Option<Zeroizing<String>>,
    file: &Set<Option<PathBuf>>,
) -> Result<Option<Zeroizing<String>>, Fail> {
    let text = match (given, &file.value) {
        (Some(text), _) => text.clone(),
        (None, Some(path)) => Zeroizing::new(crate::commands::read_text(path, MAX_SECRET_BYTES)?),
        (None, None) => return Ok(None),
    };
    let text = Zeroizing::new(text.trim().to_owned());
    Ok((!text.is_empty()).then_some(text))
}

fn missing(set: &str, name: &str, variable: &str) -> Fail {
    let what = both(format!("设置了 {set},但没有 {name}"), format!("{set} is set, but there is no {name}"));
    let (zh, en) = match name == variable || !name.ends_with("_file") {
        true => (format!("设置 {name}(或环境变量 {variable})。"), format!("Set {name} (or {variable}).")),
        false => (
            format!("用 {name} 指明文件,或设置环境变量 {variable}。"),
            format!("Name a file with {name}, or set {variable}."),
        ),
    };
    Fail::new(Kind::Input, what).next(zh, en)
}

fn bucket(set: Set<String>) -> Result<Set<Option<String>>, Fail> {
    let Set { value, from } = set;
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    if value.is_empty() {
        return Ok(Set { value: None, from });
    }
    if value.len() <= BUCKET_MAX && value.chars().all(letter) {
        return Ok(Set { value: Some(value), from });
    }
    let (zh, en) = (
        format!("桶名由小写字母、数字、- 和 . 组成,最多 {BUCKET_MAX} 个"),
        format!("a bucket's name has lower-case letters, digits, - and ., at most {BUCKET_MAX}"),
    );
    Err(wrong(BUCKET.name, &Set { value, from }, zh, en))
}

/// A folder in the bucket: parts between slashes, none at either end, none that leads elsewhere.
fn prefix(set: Set<String>) -> Result<Set<String>, Fail> {
    let part = |part: &str| {
        let letter = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        !part.is_empty() && part != "." && part != ".." && part.chars().all(letter)
    };
    if set.value.is_empty() || set.value.split('/').all(part) {
        return Ok(set);
    }
    let (zh, en) = (
        "只用字母、数字、- _ . 和中间的 /,例如 mingbai/docs".to_owned(),
        "letters, digits, - _ . and / in between, such as mingbai/docs".to_owned(),
    );
    Err(wrong(PREFIX.name, &set, zh, en))
}

fn plain(key: &Key, set: Set<String>) -> Result<Set<String>, Fail> {
    if set.value.chars().all(|c| c.is_ascii_graphic()) {
        return Ok(set);
    }
    Err(wrong(
        key.name,
        &set,
        "不能有空白或汉字".to_owned(),
        "it must be plain ASCII without white space".to_owned(),
    ))
}

/// An address that documents or keys travel to: with TLS, or on this machine.
pub fn local_or_tls(key: &Key, set: Set<String>) -> Result<Set<Option<String>>, Fail> {
    let set = web_address(key.name, set, Slash::MustNotEnd)?;
    match &set.value {
        Some(url) if !url.starts_with("https://") && !mingbai_store::on_this_machine(url) => {
            let shown = Set { value: url.clone(), from: set.from.clone() };
            Err(wrong(
                key.name,
                &shown,
                "不在本机的地址必须是 https://,否则谁都能在路上读到".to_owned(),
                "an address that is not on this machine must be https://, or anybody on the way can read along".to_owned(),
            ))
        }
        _ => Ok(set),
    }
}

/// Where everything of a house is kept.
#[derive(Clone)]
pub struct Premises {
    /// Data folder.
    pub dir: PathBuf,
    /// The database, when it is not in the data folder.
    pub database: Option<crate::database::DatabaseUrl>,
    /// The bucket for documents, when they are not in the data folder.
    pub bucket: Option<S3Place>,
    /// Who keeps the master key.
    pub master: MasterFrom,
}

impl Premises {
    /// Everything in one folder.
    pub fn folder(dir: &Path) -> Self {
        Premises { dir: dir.to_path_buf(), database: None, bucket: None, master: MasterFrom::File }
    }
}
