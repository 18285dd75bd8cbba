//! How often one address may try a secret. A small table in memory: it slows guessing down, the desk's own counters end it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Length of a window, in milliseconds.
const WINDOW_MS: i64 = 60_000;
/// Tries in one window.
const TRIES: u32 = 30;
/// Addresses that are remembered; when there are more, old windows are dropped first.
const REMEMBERED: usize = 50_000;

/// Tries by address.
#[derive(Debug, Default)]
pub struct Limiter(Mutex<HashMap<IpAddr, (i64, u32)>>);

/// May it be tried?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// Yes.
    Granted,
    /// Not before the window is over.
    TooFast,
}

impl Limiter {
    /// Counts one try of `from` at `now_ms`. An IPv6 customer has a whole /64, so that is what is counted.
    pub fn try_once(&self, from: IpAddr, now_ms: i64) -> Leave {
        let from = neighbourhood(from);
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if table.len() >= REMEMBERED && !table.contains_key(&from) {
            table.retain(|_, (since_ms, _)| now_ms - *since_ms < WINDOW_MS);
            if table.len() >= REMEMBERED {
                return Leave::TooFast;
            }
        }
        let (since_ms, tries) = table.entry(from).or_insert((now_ms, 0));
        if now_ms - *since_ms >= WINDOW_MS || now_ms < *since_ms {
            (*since_ms, *tries) = (now_ms, 0);
        }
        *tries = tries.saturating_add(1);
        if *tries > TRIES { Leave::TooFast } else { Leave::Granted }
    }
}

fn neighbourhood(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => {
                let [a, b, c, d, ..] = six.segments();
                IpAddr::from([a, b, c, d, 0, 0, 0, 0])
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_slowed_down_and_others_are_not() {
        let limiter = Limiter::default();
        let (bad, good) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for _ in 0..TRIES {
            assert_eq!(limiter.try_once(bad, 5), Leave::Granted);
        }
        assert_eq!(limiter.try_once(bad, 5), Leave::TooFast);
        assert_eq!(limiter.try_once(good, 5), Leave::Granted);
        assert_eq!(limiter.try_once(bad, 5 + WINDOW_MS), Leave::Granted);
    }

    #[test]
    fn a_whole_ipv6_network_is_one_neighbour() {
        let limiter = Limiter::default();
        for i in 0..TRIES {
            let host = IpAddr::from([1, 2, 3, 4, 0, 0, 0, u16::try_from(i).unwrap_or(0)]);
            assert_eq!(limiter.try_once(host, 5), Leave::Granted);
        }
        assert_eq!(limiter.try_once(IpAddr::from([1, 2, 3, 4, 9, 9, 9, 9]), 5), Leave::TooFast);
    }
}
