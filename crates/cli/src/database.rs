//! Where the database is when it is not the file in the data folder. Its address may hold a password, so it is shown only in part
//! and repeated in no error.

use mingbai_core::text::both;
use zeroize::Zeroizing;

use crate::config::Set;
use crate::fail::{Fail, Kind};

/// Name in the settings file.
pub const NAME: &str = "database_url";
/// Environment variable.
pub const VARIABLE: &str = "MINGBAI_DATABASE_URL";
/// What may be shown of an address behind its question mark; everything else there could be a secret.
const HARMLESS: [&str; 5] = ["host", "port", "dbname", "sslmode", "application_name"];

/// What PostgreSQL's own tools know behind the question mark.
const OF_TOOLS: [&str; 9] =
    ["host", "port", "dbname", "user", "sslmode", "sslrootcert", "sslcert", "sslkey", "options"];

/// A part of an address without its `%` escapes.
fn unescaped(text: &str) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).filter(|_| *first == b'%').and_then(|pair| {
            let mut byte = [0];
            hex::decode_to_slice(pair, &mut byte).ok().map(|()| byte[0])
        });
        bytes.push(pair.unwrap_or(*first));
        rest = if pair.is_some() { &after[2..] } else { after };
    }
    Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned())
}

/// The address of a PostgreSQL database.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Takes an address over; `None` when it is empty, which means the file in the data folder.
    pub fn read(set: Set<String>) -> Result<Set<Option<Self>>, Fail> {
        let Set { value, from } = set;
        if value.is_empty() {
            return Ok(Set { value: None, from });
        }
        let scheme = value.starts_with("postgres://") || value.starts_with("postgresql://");
        if !scheme || value.chars().any(|c| c.is_whitespace() || c.is_control()) {
            let what =
                both(format!("{NAME} 不能用(来自 {from})"), format!("{NAME} cannot be used (from {from})"));
            return Err(Fail::new(Kind::Input, what)
                .because(both(
                    "应写成 postgres://用户:密码@主机:端口/数据库;地址里可能有密码,这里不重复它",
                    "it must be postgres://user:password@host:port/database; it may hold a password and is not repeated here",
                ))
                .next(
                    "不用 PostgreSQL 就不要设它:默认是数据目录里的 SQLite。",
                    "Leave it out to use SQLite in the data folder, which is the default.",
                ));
        }
        Ok(Set { value: Some(DatabaseUrl(value)), from })
    }

    /// The address itself, for the store alone.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// The address as PostgreSQL's own tools take it, and the password apart: an argument is seen by everybody on the machine.
    /// What only our library knows is left out.
    pub fn for_tools(&self) -> (String, Option<Zeroizing<String>>) {
        let (main, query) =
            self.0.split_once('?').map_or((self.0.as_str(), ""), |(main, query)| (main, query));
        let (scheme, rest) = main.split_once("://").unwrap_or(("postgres", main));
        let mut password = None;
        let rest = match rest.rsplit_once('@') {
            Some((who, place)) => match who.split_once(':') {
                Some((user, secret)) => {
                    password = Some(unescaped(secret));
                    format!("{user}@{place}")
                }
                None => rest.to_owned(),
            },
            None => rest.to_owned(),
        };
        let mut kept = Vec::new();
        for (name, value) in query.split('&').filter_map(|part| part.split_once('=')) {
            match name {
                "password" => password = Some(unescaped(value)),
                "ssl-mode" => kept.push(format!("sslmode={value}")),
                name if OF_TOOLS.contains(&name) => kept.push(format!("{name}={value}")),
                _ => {}
            }
        }
        let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
        (format!("{scheme}://{rest}{query}"), password)
    }

    /// The address without what may be secret.
    pub fn shown(&self) -> String {
        let (main, query) =
            self.0.split_once('?').map_or((self.0.as_str(), None), |(main, query)| (main, Some(query)));
        let (scheme, rest) = main.split_once("://").unwrap_or(("postgres", main));
        let rest = match rest.rsplit_once('@') {
            Some((who, place)) => match who.split_once(':') {
                Some((user, _)) => format!("{user}:***@{place}"),
                None => format!("{who}@{place}"),
            },
            None => rest.to_owned(),
        };
        let part = |part: &str| match part.split_once('=') {
            Some((name, _)) if HARMLESS.contains(&name) => part.to_owned(),
            Some((name, _)) => format!("{name}=***"),
            None => "***".to_owned(),
        };
        let query = query.map(|query| query.split('&').map(part).collect::<Vec<_>>().join("&"));
        format!("{scheme}://{rest}{}", query.map(|query| format!("?{query}")).unwrap_or_default())
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::From;

    fn read(text: &str) -> Result<Set<Option<DatabaseUrl>>, Fail> {
        DatabaseUrl::read(Set { value: text.to_owned(), from: From::Default })
    }

    #[test]
    fn the_tools_get_the_password_apart() {
        for (url, plain, password) in [
            ("postgres://u:a%40b@h:5432/d", "postgres://u@h:5432/d", Some("a@b")),
            (
                "postgres://u@h/d?password=x%2&ssl-mode=require&statement-cache-capacity=1",
                "postgres://u@h/d?sslmode=require",
                Some("x%2"),
            ),
            ("postgres://h/d", "postgres://h/d", None),
        ] {
            let url = read(url).ok().and_then(|set| set.value);
            let (told, secret) = url.unwrap_or_else(|| panic!("{plain}")).for_tools();
            assert_eq!((told.as_str(), secret.as_deref().map(String::as_str)), (plain, password));
        }
    }

    #[test]
    fn nothing_secret_is_shown_or_repeated() {
        for (url, shown) in [
            ("postgres://u:SECRET@h:5432/d", "postgres://u:***@h:5432/d"),
            (
                "postgresql://u:SE@CRET@h/d?sslmode=require&password=SECRET",
                "postgresql://u:***@h/d?sslmode=require&password=***",
            ),
            ("postgres://h/d?SECRET", "postgres://h/d?***"),
            ("postgres://u@h/d", "postgres://u@h/d"),
        ] {
            let url = read(url).ok().and_then(|set| set.value);
            assert_eq!(url.as_ref().map(DatabaseUrl::shown).as_deref(), Some(shown));
            assert!(!format!("{url:?}").contains("SECRET"));
        }
        for bad in ["mysql://u:SECRET@h/d", "postgres://u:SECRET @h/d", "SECRET"] {
            let fail = read(bad).map(|_| ()).map_err(|fail| format!("{fail:?}"));
            assert!(fail.as_ref().is_err_and(|text| !text.contains("SECRET")), "{fail:?}");
        }
        assert_eq!(read("").map(|set| set.value).ok(), Some(None));
    }
}
