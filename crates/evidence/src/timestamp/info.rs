//! What a time stamp says: TSTInfo (RFC 3161 §2.4.2). Read here and not with the type of `x509-tsp`, which takes no fractions of
//! a second, while many authorities send them.

use der::asn1::{Int, ObjectIdentifier};
use der::{DateTime, Tag};
use x509_tsp::{Accuracy, MessageImprint};

use super::StampError;
use super::asn1::{Element, context, elements, one, wrong_tag};
use super::signature::{Hash, oid};
use crate::digest::Digest;

const WHAT: &str = "TSTInfo";

/// What the authority stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// When, unix milliseconds (fractions below a millisecond are cut off).
    pub at_ms: i64,
    /// How far that may be off, in microseconds; `None` = the authority does not say.
    pub accuracy_us: Option<u64>,
    /// Under which policy of the authority, an OID.
    pub policy: String,
    /// Serial number, lower-case hex.
    pub serial: String,
}

/// TSTInfo with what must be compared.
pub(super) struct Info {
    pub stated: Stated,
    pub imprint: MessageImprint,
    pub nonce: Option<Int>,
}

impl Info {
    pub fn parse(bytes: &[u8]) -> Result<Self, StampError> {
        let parts = one(bytes, WHAT)?.inside(Tag::Sequence, WHAT)?;
        let [version, policy, imprint, serial, time, rest @ ..] = parts.as_slice() else {
            return Err(wrong_tag(WHAT));
        };
        if version.read::<u8>(WHAT)? != 1 || time.tag != Tag::GeneralizedTime {
            return Err(wrong_tag(WHAT));
        }
        let policy: ObjectIdentifier = oid(policy.raw, WHAT)?;
        let serial: Int = serial.read(WHAT)?;
        let optional = Optional::read(rest)?;
        let stated = Stated {
            at_ms: generalized_time_ms(time.value).ok_or_else(|| wrong_tag("genTime"))?,
            accuracy_us: optional.accuracy_us,
            policy: policy.to_string(),
            serial: hex::encode(serial.as_bytes()),
        };
        Ok(Info { stated, imprint: imprint.read(WHAT)?, nonce: optional.nonce })
    }

    /// Whether the stamp is over data with this SHA-256.
    pub fn is_over(&self, imprint: &Digest) -> Result<(), StampError> {
        let same = Hash::of(&self.imprint.hash_algorithm)? == Hash::Sha256
            && self.imprint.hashed_message.as_bytes() == imprint.as_bytes();
        if same { Ok(()) } else { Err(StampError::Imprint) }
    }
}

/// The parts that may be left out, each at most once and in this order.
#[derive(Default)]
struct Optional {
    accuracy_us: Option<u64>,
    nonce: Option<Int>,
}

impl Optional {
    fn read(mut rest: &[Element<'_>]) -> Result<Self, StampError> {
        let mut take = |tag: Tag| match rest {
            [first, others @ ..] if first.tag == tag => {
                let element = *first;
                rest = others;
                Some(element)
            }
            _ => None,
        };
        let mut optional = Optional::default();
        if let Some(element) = take(Tag::Sequence) {
            optional.accuracy_us = Some(microseconds(&element.read(WHAT)?)?);
        }
        if let Some(element) = take(Tag::Boolean) {
            let _: bool = element.read(WHAT)?;
        }
        if let Some(element) = take(Tag::Integer) {
            optional.nonce = Some(element.read(WHAT)?);
        }
        // The authority's name is for display; whose key signed is told by the certificate.
        let _ = take(context(0));
        if let Some(element) = take(context(1)) {
            no_critical(&element)?;
        }
        if rest.is_empty() { Ok(optional) } else { Err(wrong_tag(WHAT)) }
    }
}

fn microseconds(accuracy: &Accuracy) -> Result<u64, StampError> {
    let small = |value: Option<i16>| match value {
        None => Ok(0),
        Some(value @ 1..=999) => Ok(u64::from(value.unsigned_abs())),
        Some(_) => Err(wrong_tag("accuracy")),
    };
    let seconds = accuracy.seconds.unwrap_or(0).saturating_mul(1_000_000);
    Ok(seconds.saturating_add(small(accuracy.millis)? * 1_000).saturating_add(small(accuracy.micros)?))
}

/// An extension that the authority calls critical must be understood, and none is.
fn no_critical(extensions: &Element<'_>) -> Result<(), StampError> {
    for element in elements(extensions.value, WHAT)? {
        let extension: x509_cert::ext::Extension = element.read(WHAT)?;
        if extension.critical {
            let (oid, subject) = (extension.extn_id.to_string(), WHAT.to_owned());
            return Err(StampError::CriticalExtension { oid, subject });
        }
    }
    Ok(())
}

/// `YYYYMMDDhhmmss[.f…]Z` as unix milliseconds.
fn generalized_time_ms(bytes: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, f)| (whole, Some(f)));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) {
        return None;
    }
    let part = |from: usize, to: usize| whole.get(from..to)?.parse::<u8>().ok();
    let year = whole.get(0..4)?.parse().ok()?;
    let time = DateTime::new(year, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?);
    let seconds = i64::try_from(time.ok()?.unix_duration().as_secs()).ok()?;
    let ms = match fraction {
        None => 0,
        // DER: no empty fraction and no zeros at its end.
        Some(f) if f.is_empty() || f.ends_with('0') || f.len() > 9 || !digits(f) => return None,
        Some(f) => format!("{f:0<3}").get(0..3)?.parse::<i64>().ok()?,
    };
    Some(seconds * 1_000 + ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_fractions_and_one_form() {
        assert_eq!(generalized_time_ms(b"19700101000001Z"), Some(1_000));
        assert_eq!(generalized_time_ms(b"20261125160626.25Z"), Some(1_795_622_786_250));
        assert_eq!(generalized_time_ms(b"20261125160626.123456Z"), Some(1_795_622_786_123));
        let bad: [&[u8]; 7] = [
            b"20261125160626.Z",
            b"20261125160626.10Z",
            b"20261125160626",
            b"20261325160626Z",
            b"2026112516062Z",
            b"+0261125160626Z",
            "2026112516062\u{ff11}Z".as_bytes(),
        ];
        for text in bad {
            assert_eq!(generalized_time_ms(text), None, "{text:?}");
        }
    }
}
