//! Cookies: read from a request, written with every guard that a browser knows.

use axum::http::{HeaderMap, HeaderValue, header};

/// Who may read a cookie and how long it lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Path under which the browser sends it.
    pub path: &'static str,
    /// Seconds to live; 0 removes it.
    pub max_age_s: i64,
    /// Whether the house is reached by https.
    pub transport: Transport,
}

/// How the house is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// By https: cookies are never sent in the clear.
    Https,
    /// By http, on one machine or behind something that the settings do not name.
    Http,
}

/// The value of a cookie, if it was sent exactly once. Two of one name mean that somebody planted one.
#[must_use]
pub fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = pairs.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut found = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value);
    match (found.next(), found.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

/// The header that sets a cookie. Scripts never see it, and no other site can have it sent.
#[must_use]
pub fn set(name: &str, value: &str, guard: Guard) -> Option<HeaderValue> {
    let secure = match guard.transport {
        Transport::Https => "; Secure",
        Transport::Http => "",
    };
    let Guard { path, max_age_s, .. } = guard;
    let line = format!("{name}={value}; Path={path}; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&line).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubled_cookie_is_no_cookie() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("mb_b=one; x=y"));
        assert_eq!(value(&headers, "mb_b"), Some("one"));
        headers.append(header::COOKIE, HeaderValue::from_static("mb_b=two"));
        assert_eq!(value(&headers, "mb_b"), None);
        assert_eq!(value(&headers, "z"), None);
    }

    #[test]
    fn a_cookie_is_guarded() {
        let guard = Guard { path: "/b", max_age_s: 60, transport: Transport::Https };
        let line = set("mb_b", "v", guard);
        assert_eq!(
            line.as_ref().and_then(|line| line.to_str().ok()),
            Some("mb_b=v; Path=/b; Max-Age=60; HttpOnly; SameSite=Strict; Secure")
        );
        assert!(set("mb_b", "a\r\nb", guard).is_none());
    }
}
