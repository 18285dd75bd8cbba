//! The edge: identifiers come in as plain text, are written in one way, and leave as keyed hashes. Nothing behind this file sees the text,
//! and nothing keeps it.

use std::collections::BTreeSet;
use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use mingbai_core::text::both;
use mingbai_core::trust::ring::ShareKind;
use mingbai_rings::normal::{Unfit, normalise};
use mingbai_rings::{Identifier, Kind};
use sha2::Sha256;

use crate::error::DeskError;

/// The installation's key for identifiers. Without it nobody can test whether a telephone number is in the log; with another one nothing
/// that comes in meets what is there.
#[derive(Clone)]
pub struct RingKey([u8; 32]);

impl fmt::Debug for RingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RingKey(…)")
    }
}

impl RingKey {
    /// Takes 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        RingKey(bytes)
    }

    fn hash(&self, domain: &str, text: &str) -> u64 {
        // HMAC takes keys of any length, so the error arm cannot be reached.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return 0 };
        for part in ["mingbai/ring-link/v1\n", domain, "\n", text] {
            mac.update(part.as_bytes());
        }
        let bytes = mac.finalize().into_bytes();
        bytes.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
    }

    /// The hash of an identifier, under a domain of its kind: a telephone number as her own and as a contact are two things.
    pub(super) fn identifier(&self, kind: ShareKind, text: &str) -> Result<Identifier, Unfit> {
        let engine = engine_kind(kind);
        Ok(Identifier::new(engine, self.hash(kind.key(), &normalise(engine, text)?)))
    }

    /// The hash of a customer's number in the core system.
    pub(super) fn applicant(&self, customer: &str) -> u64 {
        self.hash("customer", customer.trim())
    }
}

/// An identifier as it comes in.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is.
    pub kind: ShareKind,
    /// The text.
    pub value: String,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The value must not reach a log file.
        f.debug_struct("Link").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Something of the house's own or of a partner's that many customers share for good reasons: a shop's terminal, a branch's network, a
/// registered channel (金规〔2025〕9号 asks for a list of partners).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name, for people.
    pub name: String,
    /// The identifier.
    pub link: Link,
}

/// The hashes of everything on the list.
///
/// # Errors
/// [`DeskError::Invalid`] names the first line that is no identifier.
pub(super) fn registered(key: &RingKey, known: &[Known]) -> Result<BTreeSet<Identifier>, DeskError> {
    let hash = |one: &Known| {
        key.identifier(one.link.kind, &one.link.value).map_err(|why| {
            let (kind, why) = (one.link.kind.name(), unfit(why));
            let words = both(
                format!("登记表里“{}”的{}不能用:{}", one.name, kind.zh, why.0),
                format!("The {} of {:?} in the list cannot be used: {}", kind.en, one.name, why.1),
            );
            DeskError::invalid("known", words)
        })
    };
    known.iter().map(hash).collect()
}

/// Why a text is no identifier, in words.
pub(super) const fn unfit(why: Unfit) -> (&'static str, &'static str) {
    match why {
        Unfit::Length => ("是空的,或者太长。", "it is empty or too long."),
        Unfit::Form => ("写法不对。", "it does not look like one."),
        Unfit::TooLittle => {
            ("太短或只是占位,分不出人。", "it is too short or a filler and tells nobody apart.")
        }
    }
}

/// The engine's word for a kind.
pub(super) const fn engine_kind(kind: ShareKind) -> Kind {
    match kind {
        ShareKind::Device => Kind::Device,
        ShareKind::Phone => Kind::Phone,
        ShareKind::Card => Kind::Card,
        ShareKind::Contact => Kind::Contact,
        ShareKind::FeeAccount => Kind::FeeAccount,
        ShareKind::Script => Kind::Script,
        ShareKind::Address => Kind::Address,
        ShareKind::Wifi => Kind::Wifi,
        ShareKind::Ip => Kind::Ip,
        ShareKind::Introducer => Kind::Introducer,
        ShareKind::Employer => Kind::Employer,
    }
}

/// The evidence's word for a kind.
pub(super) const fn share_kind(kind: Kind) -> ShareKind {
    match kind {
        Kind::Device => ShareKind::Device,
        Kind::Phone => ShareKind::Phone,
        Kind::Card => ShareKind::Card,
        Kind::Contact => ShareKind::Contact,
        Kind::FeeAccount => ShareKind::FeeAccount,
        Kind::Script => ShareKind::Script,
        Kind::Address => ShareKind::Address,
        Kind::Wifi => ShareKind::Wifi,
        Kind::Ip => ShareKind::Ip,
        Kind::Introducer => ShareKind::Introducer,
        Kind::Employer => ShareKind::Employer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_has_one_hash_under_one_key_and_kind() {
        let (key, other) = (RingKey::new([1; 32]), RingKey::new([2; 32]));
        let of = |key: &RingKey, kind, text| key.identifier(kind, text).ok();
        let phone = of(&key, ShareKind::Phone, "138 0000 0001");
        assert!(phone.is_some());
        assert_eq!(phone, of(&key, ShareKind::Phone, "+86 13800000001"));
        let number = |found: Option<Identifier>| found.map(|one| one.number() >> 4);
        assert_ne!(number(phone), number(of(&key, ShareKind::Contact, "13800000001")));
        assert_ne!(phone, of(&other, ShareKind::Phone, "13800000001"));
        let link = Link { kind: ShareKind::Phone, value: "13800000001".to_owned() };
        assert!(!format!("{link:?} {key:?}").contains("138"));
        for kind in ShareKind::ALL {
            assert_eq!(share_kind(engine_kind(*kind)), *kind);
        }
    }
}
