//! The code on the screen that people check in with: it changes with time, so that a picture of it sent to somebody at home is soon worth nothing.
//!
//! `place-mac`: the number of the time window since the session opened, and 40 bits of HMAC-SHA-256 over session and window (the idea of RFC 6238).
//! The window stands in the code, so what was scanned without reception can be judged when it arrives, by the house's clock and not by the
//! phone's.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// No letter that is taken for another (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How long what lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// A code is shown so long (30 s).
    pub window_ms: u64,
    /// It is taken so long after it was last shown (90 s: the page has to load, and a name to be typed).
    pub grace_ms: u64,
    /// What a phone held back without reception is taken so long after the session (72 h).
    pub late_ms: u64,
}

impl Rule {
    /// 30 s, 90 s, 72 h.
    pub const USUAL: Self = Self { window_ms: 30_000, grace_ms: 90_000, late_ms: 72 * 3_600_000 };
}

/// When a session takes check-ins, by the house's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// From.
    pub from_ms: u64,
    /// Until.
    pub to_ms: u64,
}

/// How a check-in was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// At once.
    AtOnce,
    /// Held back by the phone, which says that it scanned then. Its clock may be wrong.
    Held {
        /// By the phone's clock.
        phone_ms: u64,
    },
}

/// What a code is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Shown just now.
    Live,
    /// Shown during the session and sent later. It is counted apart: a passed-on picture would look the same.
    Late {
        /// When its window began, by the house's clock.
        shown_ms: u64,
        /// How far the phone's clock is ahead of that (negative: behind); beyond the window and grace its clock is wrong.
        phone_ahead_ms: i64,
    },
    /// Real, but no longer shown, and not said to be held back: scan the present one.
    Replayed {
        /// How long ago it was last taken.
        since_ms: u64,
    },
    /// Real, but held back longer than is taken.
    TooLate,
    /// Not of this session, or never was a code.
    NotOurs,
}

/// The code shown at `now_ms`; `None` outside the session.
#[must_use]
pub fn shown(key: &[u8], session: &[u8], open: Open, rule: &Rule, now_ms: u64) -> Option<String> {
    if rule.window_ms == 0 || !(open.from_ms..open.to_ms).contains(&now_ms) {
        return None;
    }
    let window = (now_ms - open.from_ms) / rule.window_ms;
    Some(format!("{}-{}", letters(window, 4), letters(mac(key, session, window), 8)))
}

/// Judges a code that arrived at `now_ms` (the house's clock). Case, spaces and I/L/O for 1/1/0 are forgiven.
#[must_use]
pub fn judge(
    key: &[u8],
    session: &[u8],
    open: Open,
    rule: &Rule,
    code: &str,
    now_ms: u64,
    sent: Sent,
) -> Verdict {
    let Some(window) = read(code, 13).filter(|_| rule.window_ms > 0) else { return Verdict::NotOurs };
    let (window, given) = window;
    // All 40 bits are compared at once; nothing is learnt from how long it took.
    if (mac(key, session, window) ^ given) != 0 {
        return Verdict::NotOurs;
    }
    let shown_ms = open.from_ms.saturating_add(window.saturating_mul(rule.window_ms));
    if shown_ms >= open.to_ms || shown_ms > now_ms {
        return Verdict::NotOurs;
    }
    let taken_until = shown_ms.saturating_add(rule.window_ms).saturating_add(rule.grace_ms);
    if now_ms <= taken_until {
        return Verdict::Live;
    }
    match sent {
        Sent::AtOnce => Verdict::Replayed { since_ms: now_ms - taken_until },
        Sent::Held { .. } if now_ms > open.to_ms.saturating_add(rule.late_ms) => Verdict::TooLate,
        Sent::Held { phone_ms } => {
            let ahead = i128::from(phone_ms) - i128::from(shown_ms);
            let phone_ahead_ms = ahead.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
            Verdict::Late { shown_ms, phone_ahead_ms }
        }
    }
}

fn mac(key: &[u8], session: &[u8], window: u64) -> u64 {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return u64::MAX };
    mac.update(b"mingbai check-in v1\0");
    mac.update(&(session.len() as u64).to_be_bytes());
    mac.update(session);
    mac.update(&window.to_be_bytes());
    let bytes = mac.finalize().into_bytes();
    bytes.iter().take(5).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn letters(mut value: u64, least: usize) -> String {
    let mut text = Vec::new();
    while value > 0 || text.len() < least {
        text.push(LETTERS[(value % 32) as usize]);
        value /= 32;
    }
    text.iter().rev().map(|b| char::from(*b)).collect()
}

/// Window and code bits, if the text is a code of at most `most` letters before the eight last.
fn read(code: &str, most: usize) -> Option<(u64, u64)> {
    let mut digits = Vec::new();
    for c in code.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let c = match c.to_ascii_uppercase() {
            'I' | 'L' => '1',
            'O' => '0',
            c => c,
        };
        digits.push(LETTERS.iter().position(|l| char::from(*l) == c)? as u64);
        if digits.len() > most + 8 {
            return None;
        }
    }
    let split = digits.len().checked_sub(8).filter(|at| (4..=12).contains(at))?;
    let number = |digits: &[u64]| digits.iter().fold(0_u64, |sum, d| sum << 5 | d);
    Some((number(&digits[..split]), number(&digits[split..])))
}
