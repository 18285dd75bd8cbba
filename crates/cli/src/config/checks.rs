//! What a value of a setting may be. Each refusal names the setting, its value, where it came from and what would be right.

use std::net::SocketAddr;

use mingbai_core::text::both;
use mingbai_desk::Witness;

use super::Set;
use crate::fail::{Fail, Kind};
use crate::witnesses;

/// A value that cannot be used.
pub fn wrong(key: &str, set: &Set<String>, why_zh: String, why_en: String) -> Fail {
    let what_zh = format!("{key} 的值 “{}” 不能用(来自 {})", set.value, set.from);
    let what_en = format!("{key} cannot be \"{}\" (from {})", set.value, set.from);
    Fail::new(Kind::Input, both(what_zh, what_en)).because(both(why_zh, why_en)).next(
        "运行 mingbai config 查看每个值的来源。",
        "Run mingbai config to see where each value comes from.",
    )
}

/// One of a few words.
pub fn one_of(set: &Set<String>, key: &str, allowed: &[&str]) -> Result<(), Fail> {
    if allowed.contains(&set.value.as_str()) {
        return Ok(());
    }
    let list = allowed.join(" | ");
    Err(wrong(key, set, format!("只能是 {list}"), format!("it must be {list}")))
}

/// An address to listen on.
pub fn address(set: Set<String>) -> Result<Set<SocketAddr>, Fail> {
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

/// Whether an address may end with a slash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Slash {
    /// It may.
    MayEnd,
    /// It must not: paths are put behind it.
    MustNotEnd,
}

/// An address, or none.
pub fn web_address(key: &str, set: Set<String>, slash: Slash) -> Result<Set<Option<String>>, Fail> {
    if set.value.is_empty() {
        return Ok(Set { value: None, from: set.from });
    }
    let scheme = set.value.starts_with("https://") || set.value.starts_with("http://");
    let ends = slash == Slash::MustNotEnd && set.value.ends_with('/');
    if !scheme || ends || set.value.contains(char::is_whitespace) {
        let (zh, en) = match slash {
            Slash::MayEnd => ("", ""),
            Slash::MustNotEnd => (",末尾不带 /", " and not end with /"),
        };
        return Err(wrong(
            key,
            &set,
            format!("应以 http:// 或 https:// 开头{zh}"),
            format!("it must start with http:// or https://{en}"),
        ));
    }
    Ok(Set { value: Some(set.value), from: set.from })
}

/// A year, in minutes: nobody who wants time stamps waits longer.
const FIVE_YEARS_DAYS: u32 = 1_826;
const YEAR_MINUTES: u32 = 366 * 24 * 60;

/// A number of minutes.
pub fn minutes(key: &str, set: Set<String>) -> Result<Set<u32>, Fail> {
    match set.value.parse() {
        Ok(value @ 1..=YEAR_MINUTES) => Ok(Set { value, from: set.from }),
        _ => Err(wrong(
            key,
            &set,
            format!("应为 1 到 {YEAR_MINUTES} 之间的分钟数"),
            format!("it must be a number of minutes from 1 to {YEAR_MINUTES}"),
        )),
    }
}

/// Days, at least one and at most five years.
pub fn days(key: &str, set: Set<String>) -> Result<Set<u32>, Fail> {
    match set.value.parse() {
        Ok(value @ 1..=FIVE_YEARS_DAYS) => Ok(Set { value, from: set.from }),
        _ => Err(wrong(
            key,
            &set,
            format!("应为 1 到 {FIVE_YEARS_DAYS} 之间的天数"),
            format!("it must be a number of days from 1 to {FIVE_YEARS_DAYS}"),
        )),
    }
}

/// The witnesses.
pub fn witness_list(key: &str, set: Set<String>) -> Result<Set<Vec<Witness>>, Fail> {
    match witnesses::parse(&set.value) {
        Ok(value) => Ok(Set { value, from: set.from }),
        Err((zh, en)) => Err(wrong(key, &set, zh, en)),
    }
}

/// Longest name and telephone number of the lender, in characters: they stand on paper.
const SHORT_TEXT: usize = 60;

/// A short text on one line.
pub fn short_text(key: &str, set: Set<String>) -> Result<Set<String>, Fail> {
    if set.value.chars().count() <= SHORT_TEXT && !set.value.chars().any(char::is_control) {
        return Ok(set);
    }
    Err(wrong(
        key,
        &set,
        format!("最多 {SHORT_TEXT} 个字,不能有换行"),
        format!("at most {SHORT_TEXT} characters on one line"),
    ))
}
