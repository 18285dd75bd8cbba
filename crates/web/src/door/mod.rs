//! The door of the pages: who is it, how should it look, and did this form really come from our own page? It must not know
//! what any page does.

pub mod cookie;
mod fail;
mod guard;
mod limit;
mod look;
mod people;
mod piece;
mod proxies;
mod threshold;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use mingbai_desk::Desk;
use mingbai_desk::borrow::signing::Browser;
use mingbai_desk::core::text::both;
use mingbai_desk::evidence::Digest;
use mingbai_desk::ports::Place;

pub use cookie::Transport;
pub use fail::{Fail, Kind};
pub(crate) use guard::right_token;
pub use guard::{finish, posted};
pub use limit::{Leave, Limiter};
pub use look::{COOKIE as LOOK_COOKIE, Colours, Look};
pub(crate) use people::staff_sits_here;
pub use people::{
    BORROWER_COOKIE, Borrower, FamilySession, Move, STAFF_COOKIE, Staff, StaffMove, begin_family,
    begin_session, end_session, keep_browser, mark_house,
};
pub use piece::{PIECE_BYTES, Piece};
pub use proxies::TrustedProxies;
pub use threshold::{AtDoor, AtDoorMove, begin_halfway, end_before, who_sits_here};

use crate::api::door::RequestNumber;

/// Everything that a page can reach: the desk, and what belongs to the door itself. Cheap to clone.
#[derive(Clone)]
pub struct Site {
    /// Every use case.
    pub desk: Arc<Desk>,
    /// Tries of secrets by address.
    pub limiter: Arc<Limiter>,
    /// How the house is reached.
    pub transport: Transport,
    /// Whose word about a client's address is believed.
    pub proxies: Arc<TrustedProxies>,
}

impl Site {
    /// A door for this desk. Cookies are kept to https exactly when the desk's own links are https.
    #[must_use]
    pub fn new(desk: Arc<Desk>, proxies: TrustedProxies) -> Self {
        let transport = match desk.settings().base_url.starts_with("https://") {
            true => Transport::Https,
            false => Transport::Http,
        };
        Site { desk, limiter: Arc::new(Limiter::default()), transport, proxies: Arc::new(proxies) }
    }
}

/// One look at a page: by whom it does not say.
#[derive(Clone)]
pub struct Visit {
    /// The house.
    pub site: Site,
    /// How it should look.
    pub look: Look,
    /// The address that was asked for, to come back to.
    pub here: String,
    /// Number of the request.
    pub number: Arc<str>,
    /// Where it came from.
    pub from: IpAddr,
    /// What the browser calls itself.
    pub agent: Arc<str>,
    /// The browser, if it was given its number.
    pub browser: Option<Browser>,
    /// Whose device it is, as far as the house knows.
    pub house: House,
}

/// Whether a device belongs to the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum House {
    /// Staff signed in on it within the last year: it displays, and signs for a borrower only at her own express choice.
    Branch,
    /// Nothing is known.
    Unknown,
}

/// Who is at the other end, by the connection and by what trusted proxies say.
pub fn client_of(parts: &Parts, proxies: &TrustedProxies) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| {
        proxies.client(address.ip(), &parts.headers)
    })
}

impl Visit {
    fn of(parts: &Parts, site: &Site) -> Self {
        let here = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let number = parts.extensions.get::<RequestNumber>();
        Visit {
            site: site.clone(),
            look: Look::of(&parts.headers),
            here,
            number: number.map_or_else(|| "".into(), |number| number.0.clone()),
            from: client_of(parts, &site.proxies),
            agent: agent_of(&parts.headers),
            browser: people::browser_of(&parts.headers),
            house: people::house_of(&parts.headers),
        }
    }

    /// Words in the reader's language.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        crate::words::say(self.look.lang, key, &[])
    }

    /// Where a session is begun, for its owner to recognise.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { device: self.agent.to_string(), address: self.from.to_string() }
    }

    /// Counts one try of a secret.
    ///
    /// # Errors
    /// [`Fail`] of kind [`Kind::TooFast`] when this address tries too often.
    pub fn try_secret(&self) -> Result<(), Fail> {
        match self.site.limiter.try_once(self.from, self.site.desk.now_ms()) {
            Leave::Granted => Ok(()),
            Leave::TooFast => Err(Fail::of(Kind::TooFast)),
        }
    }
}

impl FromRequestParts<Site> for Visit {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Fail> {
        Ok(Visit::of(parts, site))
    }
}

/// Longest name of a browser that is kept, in characters.
const AGENT_LIMIT: usize = 200;

fn agent_of(headers: &HeaderMap) -> Arc<str> {
    let said = headers.get(axum::http::header::USER_AGENT).and_then(|value| value.to_str().ok());
    said.unwrap_or_default().chars().take(AGENT_LIMIT).collect::<String>().into()
}

/// The token that the forms of one session carry. Whoever cannot read the session's cookie cannot make it.
#[must_use]
pub fn csrf_for(session: &str) -> String {
    Digest::of_parts(&[b"mingbai/csrf/v1\n", session.as_bytes()]).to_string()
}

/// Whether a form comes from a page of this very house. Every browser that can do WebCrypto sends at least one of the two
/// headers with a form; a request without either is not from a page.
pub(crate) fn from_our_page(headers: &HeaderMap, base_url: &str) -> Result<(), Fail> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let fetched = text("sec-fetch-site");
    if fetched.is_some_and(|site| site != "same-origin") {
        return Err(Fail::of(Kind::Csrf));
    }
    let ours = |origin: &str| {
        let host = origin.split_once("://").map(|(_, host)| host);
        origin == base_url || (host.is_some() && host == text("host"))
    };
    match (text("origin"), fetched) {
        (Some(origin), _) if ours(origin) => Ok(()),
        (None, Some("same-origin")) => Ok(()),
        _ => Err(Fail::of(Kind::Csrf)),
    }
}

fn wrong_token() -> Fail {
    Fail::of(Kind::Csrf).because(both(
        "页面上的安全标记与您的登录不符。",
        "The page's security mark does not belong to your session.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn only_our_own_pages_may_post() {
        let base = "https://loan.example";
        let held = |pairs: &[(&'static str, &'static str)]| from_our_page(&headers(pairs), base).is_ok();
        assert!(held(&[("origin", "https://loan.example"), ("host", "inner:8460")]));
        assert!(held(&[("origin", "http://127.0.0.1:8460"), ("host", "127.0.0.1:8460")]));
        assert!(held(&[("sec-fetch-site", "same-origin")]));
        assert!(!held(&[]));
        assert!(!held(&[("origin", "null"), ("host", "null")]));
        assert!(!held(&[("origin", "https://evil.example"), ("host", "loan.example")]));
        assert!(!held(&[("origin", "https://loan.example"), ("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn the_token_of_a_form_belongs_to_one_session() {
        assert_ne!(csrf_for("one"), csrf_for("two"));
        assert_eq!(csrf_for("one").len(), 64);
    }
}
