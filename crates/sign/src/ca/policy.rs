//! What each certificate of ours says about itself: its policy's number and a notice that a person can read. Written here byte by
//! byte, because the usual types hold no arcs of more than 32 bits and a UUID has 128.

use der::asn1::{ObjectIdentifier, OctetString};
use x509_cert::ext::Extension;

use crate::words::SignError;

/// `id-ce-certificatePolicies` (RFC 5280, 4.2.1.4).
const POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");
/// `id-qt-unotice`, as it stands in DER.
const USER_NOTICE: [u8; 10] = [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x02];
/// Within the 200 characters of RFC 5280.
const NOTICE: &str = "本证书依当事人约定而可靠（电子签名法第十三条），并非由依法设立的电子认证服务提供者签发（第十六条）。\
    Reliable by agreement of the parties (art. 13); not issued by a licensed CA (art. 16).";

/// The extension with one policy and the notice.
pub(super) fn extension(policy: &str) -> Result<Extension, SignError> {
    let refuse = |why| SignError::encoding("policy", why);
    let number = object_identifier(policy).ok_or_else(|| refuse("it is no object identifier"))?;
    let notice = sequence(&[&tlv(0x0C, NOTICE.as_bytes())]);
    let qualifiers = sequence(&[&sequence(&[&USER_NOTICE, &notice])]);
    let value = sequence(&[&sequence(&[&number, &qualifiers])]);
    let extn_value = OctetString::new(value).map_err(|e| SignError::encoding("policy", e))?;
    Ok(Extension { extn_id: POLICIES, critical: false, extn_value })
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// Everything here is shorter than 65,536 bytes.
fn tlv(tag: u8, body: &[u8]) -> Vec<u8> {
    let [.., high, low] = body.len().to_be_bytes();
    let length: &[u8] = match (high, low) {
        (0, 0..=127) => &[low],
        (0, _) => &[0x81, low],
        _ => &[0x82, high, low],
    };
    [&[tag], length, body].concat()
}

/// DER of a dotted number (X.690, 8.19).
fn object_identifier(text: &str) -> Option<Vec<u8>> {
    let digits = |part: &str| !part.is_empty() && (part == "0" || !part.starts_with('0'));
    let arcs: Vec<u128> =
        text.split('.').map(|part| part.parse().ok().filter(|_| digits(part))).collect::<Option<_>>()?;
    let [first @ 0..=2, second, rest @ ..] = arcs.as_slice() else { return None };
    if rest.is_empty() || rest.len() > 30 || (*first < 2 && *second > 39) {
        return None;
    }
    let mut body = Vec::new();
    for arc in std::iter::once(second.checked_add(first * 40)?).chain(rest.iter().copied()) {
        let groups = (128 - arc.leading_zeros()).div_ceil(7).max(1);
        body.extend((0..groups).rev().map(|group| {
            let bits = u8::try_from(arc >> (7 * group) & 0x7F).unwrap_or(0);
            if group == 0 { bits } else { bits | 0x80 }
        }));
    }
    Some(tlv(0x06, &body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_x690_and_x667_have_them() {
        // X.690, 8.19.5.3, and the example of X.667, annex A.
        assert_eq!(object_identifier("2.999.3").as_deref(), Some(&[6, 3, 0x88, 0x37, 3][..]));
        let uuid = object_identifier("2.25.329800735698586629295641978511506172918").unwrap_or_default();
        assert_eq!((uuid.len(), &uuid[..3]), (22, &[0x06, 0x14, 0x69][..]));
        for usual in ["1.3.6.1.4.1.99999.13", "2.5.29.32.0", "1.2.840.113549"] {
            let known = ObjectIdentifier::new(usual).ok().and_then(|oid| der::Encode::to_der(&oid).ok());
            assert_eq!(object_identifier(usual), known, "{usual}");
        }
        for wrong in [
            "",
            "1",
            "1.2",
            "3.1.1",
            "1.40.1",
            "1.2.x",
            "1..2",
            "1.02.3",
            "2.25.999999999999999999999999999999999999999",
        ] {
            assert_eq!(object_identifier(wrong), None, "{wrong}");
        }
    }
}
