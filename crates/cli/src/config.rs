//! Settings in force: defaults < mingbai.toml < MINGBAI_* < flags. Each value remembers where it came from.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use mingbai_core::text::both;
use serde::Deserialize;

use crate::args::Cli;
use crate::fail::{Fail, Kind};
use crate::real::Environment;

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

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Language of the terminal.
    pub lang: Set<String>,
    /// Data folder.
    pub dir: Set<PathBuf>,
    /// Address to listen on.
    pub listen: Set<SocketAddr>,
    /// What stands before every link and QR code; `None` = http://{listen}.
    pub public_url: Set<Option<String>>,
    /// Log filter level.
    pub log: Set<String>,
}

/// The settings file; every key may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    lang: Option<String>,
    dir: Option<PathBuf>,
    listen: Option<String>,
    public_url: Option<String>,
    log: Option<String>,
}

const DEFAULT_FILE: &str = "mingbai.toml";
const MAX_FILE_BYTES: u64 = 64 * 1024;
const VARIABLES: [&str; 5] =
    ["MINGBAI_LANG", "MINGBAI_DIR", "MINGBAI_LISTEN", "MINGBAI_PUBLIC_URL", "MINGBAI_LOG"];
const LOG_LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

impl Settings {
    /// Puts the layers together and checks every value.
    pub fn resolve(cli: &Cli, environment: &Environment) -> Result<Self, Fail> {
        if let Some(name) = environment.names().find(|name| !VARIABLES.contains(name)) {
            return Err(unknown_variable(name));
        }
        let (file, path) = read_file(cli.common.config.as_deref())?;
        let server = cli.command.server();
        let pick =
            |flag: (&'static str, Option<String>), env: &'static str, file: Option<String>, default: &str| {
                let from_env = || environment.get(env).map(|v| (v.to_owned(), From::Env(env)));
                let from_file = || file.map(|v| (v, From::File(path.clone())));
                let layered = flag.1.map(|v| (v, From::Flag(flag.0))).or_else(from_env).or_else(from_file);
                let (value, from) = layered.unwrap_or_else(|| (default.to_owned(), From::Default));
                Set { value, from }
            };
        let text = |path: &PathBuf| path.display().to_string();
        let lang_flag = cli.common.lang.map(|l| format!("{l:?}").to_lowercase());
        let lang = pick(("--lang", lang_flag), VARIABLES[0], file.lang, "zh");
        let dir = pick(
            ("--dir", server.dir.as_ref().map(text)),
            VARIABLES[1],
            file.dir.as_ref().map(text),
            "mingbai-data",
        );
        let listen = pick(("--listen", server.listen), VARIABLES[2], file.listen, "127.0.0.1:8460");
        let url = pick(("", None), VARIABLES[3], file.public_url, "");
        let log = pick(("", None), VARIABLES[4], file.log, "info");
        one_of(&lang, "lang", &["zh", "en"])?;
        one_of(&log, "log", &LOG_LEVELS)?;
        Ok(Settings {
            lang,
            dir: Set { value: PathBuf::from(&dir.value), from: dir.from },
            listen: address(listen)?,
            public_url: public_url(url)?,
            log,
        })
    }

    /// What stands before every link.
    pub fn base_url(&self) -> String {
        self.public_url.value.clone().unwrap_or_else(|| format!("http://{}", self.listen.value))
    }
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
        .next("可用的键:lang、dir、listen、public_url、log。", "Keys: lang, dir, listen, public_url, log.")
    })?;
    Ok((file, path))
}

fn unknown_variable(name: &str) -> Fail {
    let known = VARIABLES.join(", ");
    Fail::new(
        Kind::Input,
        both(format!("不认识环境变量 {name}"), format!("unknown environment variable {name}")),
    )
    .because(both("名字可能拼错了,那样它不会起作用", "it may be misspelt, and would then have no effect"))
    .next(format!("可用:{known}。"), format!("Known: {known}."))
}

fn wrong(key: &str, set: &Set<String>, why_zh: String, why_en: String) -> Fail {
    let what_zh = format!("{key} 的值 “{}” 不能用(来自 {})", set.value, set.from);
    let what_en = format!("{key} cannot be \"{}\" (from {})", set.value, set.from);
    Fail::new(Kind::Input, both(what_zh, what_en)).because(both(why_zh, why_en)).next(
        "运行 mingbai config 查看每个值的来源。",
        "Run mingbai config to see where each value comes from.",
    )
}

fn one_of(set: &Set<String>, key: &str, allowed: &[&str]) -> Result<(), Fail> {
    if allowed.contains(&set.value.as_str()) {
        return Ok(());
    }
    let list = allowed.join(" | ");
    Err(wrong(key, set, format!("只能是 {list}"), format!("it must be {list}")))
}

fn address(set: Set<String>) -> Result<Set<SocketAddr>, Fail> {
    match set.value.parse() {
        Ok(value) => Ok(Set { value, from: set.from }),
        Err(_) => Err(wrong(
            "listen",
            &set,
            "应写成 IP:端口,例如 127.0.0.1:8460".into(),
            "it must be IP:port, such as 127.0.0.1:8460".into(),
        )),
    }
}

fn public_url(set: Set<String>) -> Result<Set<Option<String>>, Fail> {
    if set.value.is_empty() {
        return Ok(Set { value: None, from: set.from });
    }
    let scheme = set.value.starts_with("https://") || set.value.starts_with("http://");
    if !scheme || set.value.ends_with('/') || set.value.contains(char::is_whitespace) {
        return Err(wrong(
            "public_url",
            &set,
            "应以 http:// 或 https:// 开头,末尾不带 /".into(),
            "it must start with http:// or https:// and not end with /".into(),
        ));
    }
    Ok(Set { value: Some(set.value), from: set.from })
}
