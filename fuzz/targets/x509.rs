//! Certificates, revocation lists and certificate requests in DER: only the one form that DER allows is read, and a request only from who
//! holds its key.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_fuzz::kit::{key, request};
use mingbai_fuzz::papers::SIGNED;
use mingbai_sign::{Certificate, Crl, KeyCustody as _, SigningRequest, attributes_to_sign, raw_to_der};

fuzz_target!(|data: &[u8]| {
    if let Ok(certificate) = Certificate::parse(data) {
        assert_eq!(certificate.der(), data);
        let _ = (
            certificate.subject(),
            certificate.serial(),
            certificate.not_before_ms(),
            certificate.not_after_ms(),
        );
        assert!(attributes_to_sign(&[7; 32], data).is_ok());
        let _ = certificate.check_signature("it", b"message", data);
    }
    if let Ok(list) = Crl::parse(data) {
        assert_eq!(list.der(), data);
        let _ = (list.this_update_ms(), list.next_update_ms());
        let _ = list.revoked_at_ms(SIGNED.house.root.serial());
    }
    if let Ok(asked) = SigningRequest::parse(data) {
        // The seed's key signed this one request. Who has no key cannot make another, except with a key chosen to fit.
        if asked.public_key() == key(3).public_key() {
            assert_eq!(
                data[..data.len() - 80],
                request(&key(3))[..data.len() - 80],
                "a forged request was accepted"
            );
        }
    }
    if let Ok(der) = raw_to_der(data) {
        assert_eq!(data.len(), 64);
        assert!(der.len() <= 72);
    }
});
