//! From text to a checked pack: strict types first, then references, then ranges. Must not know what a
//! journey is.

use std::collections::BTreeSet;

use mingbai_cost::Words;
use mingbai_cost::cap::CapLimit;
use sha2::{Digest, Sha256};

use super::grade::{Grade, GradedEntry};
use super::{Pack, PackData, PackDigest, PackError};
use crate::borrow::duty::Duty;
use crate::text::both;

/// A pack is a page of rules, not a library.
const MAX_BYTES: usize = 256 * 1024;
/// Most rows in any table of a pack.
const MAX_ROWS: usize = 500;
/// Longest text in a pack, in bytes.
const MAX_TEXT: usize = 2_000;

pub(super) fn parse(text: &str) -> Result<Pack, PackError> {
    if text.len() > MAX_BYTES {
        return Err(PackError::TooLarge { bytes: text.len(), limit: MAX_BYTES });
    }
    let data: PackData = toml::from_str(text).map_err(|error| toml_error(text, &error))?;
    let tree: toml::Table = toml::from_str(text).map_err(|error| toml_error(text, &error))?;
    check_header(&data)?;
    check_texts("", &toml::Value::Table(tree.clone()))?;
    check_unique(&data)?;
    check_duties(&data)?;
    check_numbers(&data)?;
    let mut graded = Vec::new();
    collect_graded("", &toml::Value::Table(tree), &mut graded);
    check_sources(&data, &graded)?;
    let digest = PackDigest::from_bytes(Sha256::digest(text.as_bytes()).into());
    Ok(Pack { text: text.to_owned(), digest, data, graded })
}

pub(super) fn digest_from_hex(text: &str) -> Option<PackDigest> {
    let nibble = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let bytes = text.as_bytes();
    if bytes.len() != 64 {
        return None;
    }
    let mut out = [0_u8; 32];
    for (slot, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
        *slot = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(PackDigest::from_bytes(out))
}

fn toml_error(text: &str, error: &toml::de::Error) -> PackError {
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let line = text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
    PackError::Toml { line, message: error.message().to_owned() }
}

fn bad(key: impl Into<String>, why: Words) -> PackError {
    PackError::Value { key: key.into(), why }
}

fn check_header(data: &PackData) -> Result<(), PackError> {
    if data.v != 1 {
        return Err(bad(
            "v",
            both("本程序只认识版本 1;请用新程序", "this program reads version 1 only; use a newer one"),
        ));
    }
    check_id("id", &data.id, 48, false)?;
    if data.roles.is_empty() {
        let why = both("至少要写一种适用机构", "name at least one role that the pack applies to");
        return Err(bad("roles", why));
    }
    let tables =
        [data.sources.len(), data.clauses.len(), data.caps.len(), data.lpr.len(), data.retention.len()];
    if tables.into_iter().any(|rows| rows > MAX_ROWS) {
        return Err(bad(
            "pack",
            both("某张表超过 500 行;请拆分", "a table has more than 500 rows; split the pack"),
        ));
    }
    Ok(())
}

fn check_id(place: &str, id: &str, limit: usize, dots: bool) -> Result<(), PackError> {
    let good = |b: u8| {
        b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || (dots && matches!(b, b'.' | b'_'))
    };
    if !id.is_empty() && id.len() <= limit && id.bytes().all(good) {
        return Ok(());
    }
    let why = both(
        format!("“{id}”只能用小写字母、数字和连字符,1 到 {limit} 个"),
        format!("`{id}` may have 1 to {limit} lower-case letters, digits and hyphens"),
    );
    Err(bad(place, why))
}

/// No text may be empty where a person reads it (`zh`, `en`), and none may be endless.
fn check_texts(path: &str, value: &toml::Value) -> Result<(), PackError> {
    match value {
        toml::Value::String(text) => {
            let worded = path.ends_with(".zh") || path.ends_with(".en");
            if worded && text.trim().is_empty() {
                return Err(bad(path, both("不能为空;请写上文字", "is empty; write the text")));
            }
            if text.len() > MAX_TEXT {
                return Err(bad(path, both("超过 2000 字节;请写短些", "is over 2,000 bytes; shorten it")));
            }
            Ok(())
        }
        toml::Value::Array(rows) => {
            rows.iter().enumerate().try_for_each(|(index, row)| check_texts(&place(path, row, index), row))
        }
        toml::Value::Table(table) => {
            table.iter().try_for_each(|(key, inner)| check_texts(&join(path, key), inner))
        }
        _ => Ok(()),
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A row is named by its own id where it has one, so that a message survives a reordering of the file.
fn place(path: &str, row: &toml::Value, index: usize) -> String {
    let named = ["id", "key", "duty", "from"].into_iter().find_map(|key| row.get(key).and_then(plain));
    match named {
        Some(name) => format!("{path}[{name}]"),
        None => format!("{path}[{}]", index + 1),
    }
}

fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Datetime(date) => Some(date.to_string()),
        toml::Value::Array(rows) => {
            rows.iter().map(plain).collect::<Option<Vec<_>>>().map(|parts| parts.join(", "))
        }
        _ => None,
    }
}

fn unique<'a>(
    table: &'static str,
    ids: impl Iterator<Item = &'a str>,
) -> Result<BTreeSet<&'a str>, PackError> {
    let mut seen = BTreeSet::new();
    for id in ids {
        check_id(table, id, 64, true)?;
        if !seen.insert(id) {
            return Err(PackError::Twice { table, id: id.to_owned() });
        }
    }
    Ok(seen)
}

fn check_unique(data: &PackData) -> Result<(), PackError> {
    unique("source", data.sources.iter().map(|row| row.id.as_str()))?;
    let clauses = unique("clause", data.clauses.iter().map(|row| row.key.as_str()))?;
    unique("duty", data.duties.iter().map(|row| row.duty.key()))?;
    unique("cap", data.caps.iter().map(|row| row.id.as_str()))?;
    unique("retention", data.retention.iter().map(|row| row.key.as_str()))?;
    unique("help", data.help.iter().map(|row| row.key.as_str()))?;
    let dangling = |from: String, id: &str| PackError::Dangling { from, table: "clause", id: id.to_owned() };
    for row in &data.duties {
        if let Some(id) = row.clauses.iter().find(|id| !clauses.contains(id.as_str())) {
            return Err(dangling(format!("duty[{}]", row.duty.key()), id));
        }
    }
    if !clauses.contains(data.checkout.clause.as_str()) {
        return Err(dangling("checkout.clause".to_owned(), &data.checkout.clause));
    }
    Ok(())
}

fn check_duties(data: &PackData) -> Result<(), PackError> {
    for duty in Duty::BEFORE_PAYOUT {
        let Some(row) = data.duties.iter().find(|row| row.duty == duty) else {
            return Err(PackError::DutyMissing { duty: duty.key() });
        };
        if row.clauses.is_empty() {
            let why = both("至少要引用一条依据", "name at least one clause that the duty rests on");
            return Err(bad(format!("duty[{}].clauses", duty.key()), why));
        }
        if row.who != duty.who() {
            let why =
                both("与程序中的责任人不一致;请改正", "differs from who acts in the program; correct it");
            return Err(bad(format!("duty[{}].who", duty.key()), why));
        }
    }
    Ok(())
}

fn check_sources(data: &PackData, graded: &[GradedEntry]) -> Result<(), PackError> {
    let known: BTreeSet<&str> = data.sources.iter().map(|row| row.id.as_str()).collect();
    for entry in graded {
        if let Some(id) = entry.source.as_deref().filter(|id| !known.contains(id)) {
            return Err(PackError::Dangling { from: entry.path.clone(), table: "source", id: id.to_owned() });
        }
    }
    Ok(())
}

fn in_range(key: &str, value: i64, least: i64, most: i64) -> Result<(), PackError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let why = both(
        format!("{value} 不在 {least} 到 {most} 之间;请改正"),
        format!("{value} is not between {least} and {most}; correct it"),
    );
    Err(bad(key, why))
}

fn check_numbers(data: &PackData) -> Result<(), PackError> {
    let reading = &data.reading;
    let teach = &data.teach_back;
    let call = &data.callback;
    let clocks = &data.complaints;
    let numbers = [
        ("reading.min_seconds", i64::from(reading.min_seconds.value), 1, 600),
        ("reading.chars_per_second", i64::from(reading.chars_per_second.value), 1, 30),
        ("reading.min_reach_ppm", reading.min_reach_ppm.value, 1, 1_000_000),
        ("teach_back.max_wrong", i64::from(teach.max_wrong.value), 1, 10),
        ("permit.lifetime_seconds", i64::from(data.permit.lifetime_seconds.value), 30, 86_400),
        ("callback.days_after_payout", i64::from(call.days_after_payout.value), 1, 60),
        ("callback.re_ask", i64::from(call.re_ask.value), 0, 5),
        ("callback.remedy_days", i64::from(call.remedy_days.value), 1, 60),
        ("complaints.simple_days", i64::from(clocks.simple_days.value), 1, 365),
        ("complaints.complex_days", i64::from(clocks.complex_days.value), 1, 365),
        ("complaints.extended_days", i64::from(clocks.extended_days.value), 1, 365),
        ("complaints.recheck_ask_days", i64::from(clocks.recheck_ask_days.value), 1, 365),
        ("complaints.recheck_days", i64::from(clocks.recheck_days.value), 1, 365),
        ("complaints.soon_days", i64::from(clocks.soon_days.value), 1, 60),
        ("complaints.cluster_count", i64::from(clocks.cluster_count.value), 2, 10_000),
        ("complaints.cluster_days", i64::from(clocks.cluster_days.value), 1, 366),
    ];
    numbers.into_iter().try_for_each(|(key, value, least, most)| in_range(key, value, least, most))?;
    if clocks.simple_days.value > clocks.complex_days.value
        || clocks.complex_days.value > clocks.extended_days.value
    {
        let why = both("期限应当由短到长;请改正", "the clocks must not grow shorter; correct them");
        return Err(bad("complaints", why));
    }
    if teach.required.value.is_empty() {
        let why = both("至少要问一种问题", "name at least one kind of question");
        return Err(bad("teach_back.required", why));
    }
    for row in &data.retention {
        in_range(&format!("retention[{}].years", row.key), i64::from(row.years.value), 1, 100)?;
    }
    check_caps(data)
}

fn check_caps(data: &PackData) -> Result<(), PackError> {
    for cap in &data.caps {
        let place = format!("cap[{}]", cap.id);
        match cap.limit {
            CapLimit::Fixed { ppm } => in_range(&place, ppm, 1, 10_000_000)?,
            CapLimit::LprMultiple { milli } => in_range(&place, milli, 1, 100_000)?,
        }
        if cap.min_term_months > cap.max_term_months || cap.until.is_some_and(|until| until <= cap.from) {
            let why =
                both("期限或日期前后颠倒;请改正", "its terms or dates are the wrong way round; swap them");
            return Err(bad(place, why));
        }
    }
    Ok(())
}

/// Walks the file as written, so that no graded value can be forgotten in a list kept by hand.
fn collect_graded(path: &str, value: &toml::Value, into: &mut Vec<GradedEntry>) {
    match value {
        toml::Value::Table(table) => {
            let grade = table.get("grade").and_then(|grade| grade.clone().try_into::<Grade>().ok());
            if let Some(grade) = grade {
                let text = |key: &str| table.get(key).and_then(plain);
                into.push(GradedEntry {
                    path: path.to_owned(),
                    value: text("value"),
                    grade,
                    source: text("source"),
                    note: text("note"),
                });
            }
            for (key, inner) in table {
                collect_graded(&join(path, key), inner, into);
            }
        }
        toml::Value::Array(rows) => {
            for (index, row) in rows.iter().enumerate() {
                collect_graded(&place(path, row, index), row, into);
            }
        }
        _ => {}
    }
}
