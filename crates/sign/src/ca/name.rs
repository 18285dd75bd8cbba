//! The name in a certificate: chosen by the institution, never taken from a request.

use der::asn1::{Any, ObjectIdentifier, SetOfVec, Utf8StringRef};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};

use crate::words::SignError;

pub(super) const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
pub(super) const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// Who a certificate is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The person's or authority's name (CN), at most 64 characters (RFC 5280, appendix A).
    pub common_name: String,
    /// The institution (O), at most 64 characters.
    pub organization: String,
    /// The case's number (serialNumber of the subject), empty for authorities. It tells two people of one name apart without an
    /// identity number.
    pub case: String,
}

impl Subject {
    pub(crate) fn to_name(&self) -> Result<Name, SignError> {
        let mut parts =
            vec![part(COUNTRY, Any::encode_from(&der::asn1::PrintableStringRef::new("CN").map_err(bad)?))?];
        for (oid, text) in [
            (ORGANIZATION, &self.organization),
            (COMMON_NAME, &self.common_name),
            (SERIAL_NUMBER, &self.case),
        ] {
            if text.chars().count() > 64 || text.chars().any(char::is_control) {
                return Err(bad("it has more than 64 characters or a control character"));
            }
            if !text.is_empty() {
                let value = match oid == SERIAL_NUMBER {
                    // X.520: a serialNumber is a PrintableString.
                    true => Any::encode_from(&der::asn1::PrintableStringRef::new(text).map_err(bad)?),
                    false => Any::encode_from(&Utf8StringRef::new(text).map_err(bad)?),
                };
                parts.push(part(oid, value)?);
            }
        }
        if self.common_name.is_empty() {
            return Err(bad("the common name is empty"));
        }
        Ok(RdnSequence(parts))
    }
}

fn bad(why: impl std::fmt::Display) -> SignError {
    SignError::encoding("subject's name", why)
}

fn part(oid: ObjectIdentifier, value: der::Result<Any>) -> Result<RelativeDistinguishedName, SignError> {
    let value = AttributeTypeAndValue { oid, value: value.map_err(bad)? };
    Ok(RelativeDistinguishedName(SetOfVec::try_from(vec![value]).map_err(bad)?))
}
