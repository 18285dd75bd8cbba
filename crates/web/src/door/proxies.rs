//! Whose word about a client's address is believed. A server behind a proxy sees the proxy's address on every request; the proxy says
//! in `X-Forwarded-For` whom it speaks for. Anybody can send that header, so it counts only from addresses that the settings name.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The most addresses of a header that are looked at.
const HOPS: usize = 16;

/// The proxies in front of this house.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// From a list with commas: addresses and networks such as `10.0.0.0/8`.
    ///
    /// # Errors
    /// The part that is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split([',', ' ']).map(str::trim).filter(|part| !part.is_empty());
        let net = |part: &str| {
            let one = part.parse::<IpAddr>().map(IpNet::from).ok();
            one.or_else(|| part.parse::<IpNet>().ok()).ok_or_else(|| part.to_owned())
        };
        parts.map(net).collect::<Result<_, _>>().map(TrustedProxies)
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    fn has(&self, address: IpAddr) -> bool {
        let plain = address.to_canonical();
        self.0.iter().any(|net| net.contains(&plain))
    }

    /// Who is at the other end. From right to left, because every proxy adds the one that it spoke with at the end: the first that
    /// is no proxy of ours is the client, and what stands before it is what the client itself said.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut found = peer.to_canonical();
        if !self.has(peer) {
            return found;
        }
        let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
        for hop in hops.iter().rev().take(HOPS) {
            // Something that is no address was not written by a proxy of ours.
            let Ok(address) = hop.parse::<IpAddr>() else { break };
            found = address.to_canonical();
            if !self.has(found) {
                break;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &str, peer: &str, forwarded: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().ok()?);
        }
        let proxies = TrustedProxies::parse(trusted).ok()?;
        Some(proxies.client(peer.parse().ok()?, &headers).to_string())
    }

    #[test]
    fn only_a_listed_proxy_is_believed_and_only_about_its_own_neighbour() {
        let said = |trusted, peer, forwarded: &[&str]| client(trusted, peer, forwarded).unwrap_or_default();
        assert_eq!(said("", "203.0.113.9", &["198.51.100.1"]), "203.0.113.9", "nobody is listed");
        assert_eq!(said("10.0.0.1", "203.0.113.9", &["198.51.100.1"]), "203.0.113.9", "a stranger says so");
        assert_eq!(said("10.0.0.1", "10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            said("10.0.0.0/8", "10.0.0.1", &["1.1.1.1, 198.51.100.1"]),
            "198.51.100.1",
            "invented by the client"
        );
        assert_eq!(
            said("10.0.0.0/8", "10.0.0.1", &["198.51.100.1, 10.0.0.7"]),
            "198.51.100.1",
            "two proxies"
        );
        assert_eq!(
            said("10.0.0.0/8", "10.0.0.1", &["198.51.100.1", "10.0.0.7"]),
            "198.51.100.1",
            "two lines"
        );
        assert_eq!(said("10.0.0.1", "10.0.0.1", &["198.51.100.1, evil"]), "10.0.0.1");
        assert_eq!(said("10.0.0.1", "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(said("::1", "::1", &["2001:db8::5"]), "2001:db8::5");
        assert_eq!(said("127.0.0.1", "::ffff:127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(TrustedProxies::parse("10.0.0.1, all"), Err("all".to_owned()));
    }
}
