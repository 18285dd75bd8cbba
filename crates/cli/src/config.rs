//! Settings in force: defaults < mingbai.toml < MINGBAI_* < flags. Each value remembers where it came from.

mod checks;
pub mod staff;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use mingbai_core::text::both;
use mingbai_desk::{WebhookTarget, Witness};
use serde::Deserialize;
use zeroize::Zeroizing;

pub use checks::{Slash, short_text, web_address, wrong};
use checks::{address, days, minutes, one_of, witness_list};
use staff::DoorSettings;

use crate::args::Cli;
use crate::database::{self, DatabaseUrl};
use crate::fail::{Fail, Kind};
use crate::films::{self, FilmSettings};
use crate::ocr::{self, OcrSettings};
use crate::pens::{self, PenSettings};
use crate::real::Environment;
use crate::storage::{self, Premises, StorageSettings};
use crate::tsa::TsaSettings;
use crate::witnesses;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// Built in.
    Default,
    /// The settings file.
    File(PathBuf),
    /// An environment variable.
    Env(&'static str),
    /// A flag.
    Flag(&'static str),
}

impl std::fmt::Display for From {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            From::Default => f.write_str("default"),
            From::File(path) => write!(f, "{}", path.display()),
            From::Env(name) => f.write_str(name),
            From::Flag(name) => f.write_str(name),
        }
    }
}

/// A value with its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub from: From,
}

/// One thing that can be set.
pub struct Key {
    /// Name in the settings file and in `mingbai config`.
    pub name: &'static str,
    /// Environment variable.
    variable: &'static str,
    /// Value when nobody says anything.
    default: &'static str,
}

/// A key.
pub const fn key(name: &'static str, variable: &'static str, default: &'static str) -> Key {
    Key { name, variable, default }
}

const LANG: Key = key("lang", "MINGBAI_LANG", "zh");
const DIR: Key = key("dir", "MINGBAI_DIR", "mingbai-data");
const DATABASE: Key = key(database::NAME, database::VARIABLE, "");
const LISTEN: Key = key("listen", "MINGBAI_LISTEN", "127.0.0.1:8460");
const PUBLIC_URL: Key = key("public_url", "MINGBAI_PUBLIC_URL", "");
const LOG: Key = key("log", "MINGBAI_LOG", "info");
const PRODUCTS: Key = key("products", "MINGBAI_PRODUCTS", "");
const NAME_ZH: Key = key("lender_name_zh", "MINGBAI_LENDER_NAME_ZH", "贷款机构(名称未设置)");
const NAME_EN: Key = key("lender_name_en", "MINGBAI_LENDER_NAME_EN", "The lender (name not set)");
const PHONE: Key = key("lender_phone", "MINGBAI_LENDER_PHONE", "");
const COMPLAINTS: Key = key("lender_complaint_phone", "MINGBAI_LENDER_COMPLAINT_PHONE", "");
const WEBHOOK_URL: Key = key("webhook_url", "MINGBAI_WEBHOOK_URL", "");
const SECRET_FILE: Key = key("webhook_secret_file", "MINGBAI_WEBHOOK_SECRET_FILE", "");
/// The secret itself comes by the environment only: a settings file is copied, shown and backed up too easily.
const SECRET_VARIABLE: &str = "MINGBAI_WEBHOOK_SECRET";
const TSA_URL: Key = key("tsa_url", "MINGBAI_TSA_URL", "");
const TSA_ROOT: Key = key("tsa_root", "MINGBAI_TSA_ROOT", "");
const TSA_MINUTES: Key = key("tsa_minutes", "MINGBAI_TSA_MINUTES", "60");
const TSA_RENEW_DAYS: Key = key("tsa_renew_days", "MINGBAI_TSA_RENEW_DAYS", "90");
const WITNESSES: Key = key("witnesses", "MINGBAI_WITNESSES", "");
const KEYS: [&Key; 17] = [
    &LANG,
    &DIR,
    &LISTEN,
    &PUBLIC_URL,
    &LOG,
    &PRODUCTS,
    &NAME_ZH,
    &NAME_EN,
    &PHONE,
    &COMPLAINTS,
    &WEBHOOK_URL,
    &SECRET_FILE,
    &TSA_URL,
    &TSA_ROOT,
    &TSA_MINUTES,
    &TSA_RENEW_DAYS,
    &WITNESSES,
];
/// What comes by the environment alone.
const SECRETS: [&str; 9] = [
    SECRET_VARIABLE,
    storage::S3_SECRET,
    storage::TOKEN,
    storage::MASTER,
    pens::PIN,
    pens::ISSUING_SECRET,
    pens::SEAL_SECRET,
    films::TOKEN,
    ocr::TOKEN,
];

/// Every key of the settings file.
fn keys() -> impl Iterator<Item = &'static Key> {
    KEYS.into_iter()
        .chain(staff::KEYS)
        .chain(storage::KEYS)
        .chain(pens::KEYS)
        .chain(films::KEYS)
        .chain(ocr::KEYS)
}

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Language of the terminal.
    pub lang: Set<String>,
    /// Data folder.
    pub dir: Set<PathBuf>,
    /// The database, when it is not the file in the data folder.
    pub database: Set<Option<DatabaseUrl>>,
    /// Address to listen on.
    pub listen: Set<SocketAddr>,
    /// What stands before every link and QR code; `None` = http://{listen}.
    pub public_url: Set<Option<String>>,
    /// Log filter level.
    pub log: Set<String>,
    /// Folder with the product files; `None` = `products` in the data folder.
    pub products: Set<Option<PathBuf>>,
    /// Name of the lender, as pages and papers print it.
    pub lender_name: (Set<String>, Set<String>),
    /// Telephone for questions; empty = not set.
    pub lender_phone: Set<String>,
    /// Telephone for complaints; empty = not set.
    pub lender_complaint_phone: Set<String>,
    /// The core system's listener.
    pub webhook: WebhookSettings,
    /// The time-stamping authority.
    pub tsa: TsaSettings,
    /// Who is asked to cosign the log.
    pub witnesses: Set<Vec<Witness>>,
    /// How staff is let in, and which proxies are believed.
    pub door: DoorSettings,
    /// Where documents and the master key are, when they are not in the data folder.
    pub storage: StorageSettings,
    /// Who holds the keys of the signing authority.
    pub pens: PenSettings,
    /// How recordings are inspected.
    pub films: FilmSettings,
    /// Which reader of figures is asked.
    pub ocr: OcrSettings,
}

/// Where the core system listens, and the secret that signs what it is told.
#[derive(Clone)]
pub struct WebhookSettings {
    /// Address; `None` = nobody listens.
    pub url: Set<Option<String>>,
    /// File that holds the secret.
    pub secret_file: Set<Option<PathBuf>>,
    secret: Option<String>,
}

impl std::fmt::Debug for WebhookSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookSettings").field("url", &self.url).finish_non_exhaustive()
    }
}

/// The settings file; every key may be left out.
macro_rules! file {
    ($($name:ident),* $(,)?) => {
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File { $($name: Option<String>),* }

        impl File {
            fn get(&self, name: &str) -> Option<&String> {
                match name {
                    $(stringify!($name) => self.$name.as_ref(),)*
                    _ => None,
                }
            }
        }
    };
}

file! {
    lang, dir, database_url, listen, public_url, log, products, lender_name_zh, lender_name_en, lender_phone,
    lender_complaint_phone, webhook_url, webhook_secret_file, tsa_url, tsa_root, tsa_minutes, tsa_renew_days, witnesses, s3_bucket,
    s3_endpoint, s3_region, s3_prefix, s3_access_key, s3_secret_file, key_service_url, key_service_token_file,
    staff_second_factor, staff_idle_minutes, staff_session_minutes, trusted_proxies,
    ffmpeg, recording_sample, asr_url, asr_model, asr_token_file,
    ca_issuing_key, ca_seal_key, seal_sm2, pkcs11_module, pkcs11_token, pkcs11_pin_file,
    ocr_url, ocr_token_file,
}

const DEFAULT_FILE: &str = "mingbai.toml";
const MAX_FILE_BYTES: u64 = 64 * 1024;
/// The most bytes of a file with a secret; more is another file by mistake.
pub const MAX_SECRET_BYTES: u64 = 4 * 1024;
const LOG_LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// The layers, the strongest first.
pub struct Layers<'a> {
    flags: Vec<(&'static str, &'static str, Option<String>)>,
    environment: &'a Environment,
    file: File,
    path: PathBuf,
}

impl Layers<'_> {
    /// The strongest value of a key.
    pub fn pick(&self, key: &Key) -> Set<String> {
        let flag = self.flags.iter().find(|(name, _, value)| *name == key.name && value.is_some());
        if let Some((_, flag, Some(value))) = flag {
            return Set { value: value.clone(), from: From::Flag(flag) };
        }
        if let Some(value) = self.environment.get(key.variable) {
            return Set { value: value.to_owned(), from: From::Env(key.variable) };
        }
        match self.file.get(key.name) {
            Some(value) => Set { value: value.clone(), from: From::File(self.path.clone()) },
            None => Set { value: key.default.to_owned(), from: From::Default },
        }
    }

    /// A path that may be left out.
    pub fn path(&self, key: &Key) -> Set<Option<PathBuf>> {
        let Set { value, from } = self.pick(key);
        Set { value: (!value.is_empty()).then(|| PathBuf::from(value)), from }
    }

    /// What comes by the environment alone.
    pub fn secret(&self, variable: &str) -> Option<Zeroizing<String>> {
        self.environment.get(variable).map(|text| Zeroizing::new(text.to_owned()))
    }
}

impl Settings {
    /// Puts the layers together and checks every value.
    pub fn resolve(cli: &Cli, environment: &Environment) -> Result<Self, Fail> {
        let known = |name: &str| {
            name == database::VARIABLE || SECRETS.contains(&name) || keys().any(|key| key.variable == name)
        };
        if let Some(name) = environment.names().find(|name| !known(name)) {
            return Err(unknown_variable(name));
        }
        let (file, path) = read_file(cli.common.config.as_deref())?;
        let server = cli.command.server();
        let flags = vec![
            (LANG.name, "--lang", cli.common.lang.map(|l| format!("{l:?}").to_lowercase())),
            (DIR.name, "--dir", server.dir.map(|dir| dir.display().to_string())),
            (LISTEN.name, "--listen", server.listen),
            (database::NAME, "--database", cli.command.database()),
        ];
        let layers = Layers { flags, environment, file, path };
        let (lang, log) = (layers.pick(&LANG), layers.pick(&LOG));
        one_of(&lang, LANG.name, &["zh", "en"])?;
        one_of(&log, LOG.name, &LOG_LEVELS)?;
        let dir = layers.pick(&DIR);
        let webhook = WebhookSettings {
            url: web_address(WEBHOOK_URL.name, layers.pick(&WEBHOOK_URL), Slash::MayEnd)?,
            secret_file: layers.path(&SECRET_FILE),
            secret: environment.get(SECRET_VARIABLE).map(str::to_owned),
        };
        let tsa = TsaSettings {
            url: web_address(TSA_URL.name, layers.pick(&TSA_URL), Slash::MayEnd)?,
            root: layers.path(&TSA_ROOT),
            minutes: minutes(TSA_MINUTES.name, layers.pick(&TSA_MINUTES))?,
            renew_days: days(TSA_RENEW_DAYS.name, layers.pick(&TSA_RENEW_DAYS))?,
        };
        Ok(Settings {
            lang,
            dir: Set { value: PathBuf::from(&dir.value), from: dir.from },
            database: DatabaseUrl::read(layers.pick(&DATABASE))?,
            listen: address(layers.pick(&LISTEN))?,
            public_url: web_address(PUBLIC_URL.name, layers.pick(&PUBLIC_URL), Slash::MustNotEnd)?,
            log,
            products: layers.path(&PRODUCTS),
            lender_name: (
                short_text(NAME_ZH.name, layers.pick(&NAME_ZH))?,
                short_text(NAME_EN.name, layers.pick(&NAME_EN))?,
            ),
            lender_phone: short_text(PHONE.name, layers.pick(&PHONE))?,
            lender_complaint_phone: short_text(COMPLAINTS.name, layers.pick(&COMPLAINTS))?,
            webhook,
            tsa,
            witnesses: witness_list(WITNESSES.name, layers.pick(&WITNESSES))?,
            door: DoorSettings::read(&layers)?,
            storage: StorageSettings::read(&layers)?,
            pens: PenSettings::read(&layers)?,
            films: FilmSettings::read(&layers)?,
            ocr: OcrSettings::read(&layers)?,
        })
    }

    /// What stands before every link.
    pub fn base_url(&self) -> String {
        self.base_url_at(self.listen.value)
    }

    /// What stands before every link, when the server really listens at `address`.
    pub fn base_url_at(&self, address: SocketAddr) -> String {
        self.public_url.value.clone().unwrap_or_else(|| format!("http://{address}"))
    }

    /// Where everything is kept. Files with secrets are read here.
    pub fn premises(&self) -> Result<Premises, Fail> {
        Ok(Premises {
            dir: self.dir.value.clone(),
            database: self.database.value.clone(),
            bucket: self.storage.documents()?,
            master: self.storage.master()?,
        })
    }

    /// The folder with the product files.
    pub fn products_dir(&self) -> PathBuf {
        self.products.value.clone().unwrap_or_else(|| self.dir.value.join("products"))
    }

    fn shown_database(&self) -> String {
        self.database.value.as_ref().map(DatabaseUrl::shown).unwrap_or_default()
    }

    /// Every setting as `mingbai config` shows it: name, value, source. The secret is named, never shown.
    pub fn shown(&self) -> Vec<Row> {
        let path = |set: &Set<Option<PathBuf>>| set.value.as_deref().map(shown_path).unwrap_or_default();
        let hook = &self.webhook;
        let mut rows = vec![
            row(&LANG, self.lang.value.clone(), &self.lang),
            row(&DIR, shown_path(&self.dir.value), &self.dir),
            row(&DATABASE, self.shown_database(), &self.database),
            row(&LISTEN, self.listen.value.to_string(), &self.listen),
            row(&PUBLIC_URL, self.base_url(), &self.public_url),
            row(&LOG, self.log.value.clone(), &self.log),
            row(&PRODUCTS, shown_path(&self.products_dir()), &self.products),
            row(&NAME_ZH, self.lender_name.0.value.clone(), &self.lender_name.0),
            row(&NAME_EN, self.lender_name.1.value.clone(), &self.lender_name.1),
            row(&PHONE, self.lender_phone.value.clone(), &self.lender_phone),
            row(&COMPLAINTS, self.lender_complaint_phone.value.clone(), &self.lender_complaint_phone),
            row(&WEBHOOK_URL, hook.url.value.clone().unwrap_or_default(), &hook.url),
            row(&SECRET_FILE, path(&hook.secret_file), &hook.secret_file),
            secret_row("webhook_secret", SECRET_VARIABLE, &hook.secret),
            row(&TSA_URL, self.tsa.url.value.clone().unwrap_or_default(), &self.tsa.url),
            row(&TSA_ROOT, path(&self.tsa.root), &self.tsa.root),
            row(&TSA_MINUTES, self.tsa.minutes.value.to_string(), &self.tsa.minutes),
            row(&TSA_RENEW_DAYS, self.tsa.renew_days.value.to_string(), &self.tsa.renew_days),
            row(&WITNESSES, witnesses::shown(&self.witnesses.value), &self.witnesses),
        ];
        rows.extend(self.door.shown());
        rows.extend(self.storage.shown());
        rows.extend(self.pens.shown());
        rows.extend(self.films.shown());
        rows.extend(self.ocr.shown());
        rows
    }
}

/// One line of `mingbai config`: name, value, source.
pub type Row = (&'static str, String, String);

/// The line of a setting.
pub fn row<T>(key: &Key, value: String, set: &Set<T>) -> Row {
    (key.name, value, set.from.to_string())
}

/// The line of a secret that comes by the environment: that it is there, never what it is.
pub fn secret_row<T>(name: &'static str, variable: &str, secret: &Option<T>) -> Row {
    match secret {
        Some(_) => (name, "***".to_owned(), variable.to_owned()),
        None => (name, String::new(), From::Default.to_string()),
    }
}

impl WebhookSettings {
    /// Address and secret, when there is an address. The secret's file is read here and not before: only a server needs it.
    pub fn target(&self) -> Result<Option<WebhookTarget>, Fail> {
        let Some(url) = &self.url.value else { return Ok(None) };
        let secret = match (&self.secret, &self.secret_file.value) {
            (Some(secret), _) => secret.clone(),
            (None, Some(path)) => crate::commands::read_text(path, MAX_SECRET_BYTES)?,
            (None, None) => {
                let what = both(
                    "设置了 webhook_url,但没有密钥",
                    "webhook_url is set, but there is no secret to sign messages with",
                );
                return Err(Fail::new(Kind::Input, what).next(
                    format!("设置环境变量 {SECRET_VARIABLE},或用 webhook_secret_file 指明密钥文件。"),
                    format!("Set {SECRET_VARIABLE}, or name its file with webhook_secret_file."),
                ));
            }
        };
        Ok(Some(WebhookTarget { url: url.clone(), secret: secret.trim().as_bytes().to_vec() }))
    }
}

/// A path as it is shown.
pub fn shown_path(path: &Path) -> String {
    path.display().to_string()
}

fn read_file(named: Option<&Path>) -> Result<(File, PathBuf), Fail> {
    let path = named.unwrap_or(Path::new(DEFAULT_FILE)).to_path_buf();
    let text = match crate::commands::read_text(&path, MAX_FILE_BYTES) {
        Ok(text) => text,
        Err(_) if named.is_none() && !path.exists() => return Ok((File::default(), path)),
        Err(fail) => return Err(fail),
    };
    let file = toml::from_str(&text).map_err(|e| {
        let shown = path.display();
        Fail::new(
            Kind::Input,
            both(format!("配置文件 {shown} 有误"), format!("the settings file {shown} is wrong")),
        )
        .caused_by(&e)
        .next(format!("可用的键:{}。", names("、")), format!("Keys: {}.", names(", ")))
    })?;
    Ok((file, path))
}

fn names(between: &str) -> String {
    keys().map(|key| key.name).chain([database::NAME]).collect::<Vec<_>>().join(between)
}

fn unknown_variable(name: &str) -> Fail {
    let known = keys().map(|key| key.variable).chain([database::VARIABLE]).chain(SECRETS);
    let known = known.collect::<Vec<_>>().join(", ");
    Fail::new(
        Kind::Input,
        both(format!("不认识环境变量 {name}"), format!("unknown environment variable {name}")),
    )
    .because(both("名字可能拼错了,那样它不会起作用", "it may be misspelt, and would then have no effect"))
    .next(format!("可用:{known}。"), format!("Known: {known}."))
}
