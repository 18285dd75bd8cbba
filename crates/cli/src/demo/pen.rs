//! The key in a borrower's browser, played in Rust: made for one signature, used once, dropped. It checks what it signs as the page's
//! own script does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mingbai_core::borrow::ink::{Ink, InkPoint};
use mingbai_evidence::Digest;
use mingbai_sign::attributes_to_sign;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::Value;

use super::law::broken;
use crate::fail::Fail;
use crate::house::Machine;

/// A key for one signature.
pub struct OneKey(SigningKey);

impl OneKey {
    /// Makes it.
    pub fn new() -> Result<Self, Fail> {
        // One try in 2^32 is no key; a fourth such try means a broken machine.
        let mut secret = [0; 32];
        for _ in 0..4 {
            mingbai_desk::ports::Dice::fill(&Machine, &mut secret);
            if let Ok(key) = SigningKey::from_slice(&secret) {
                return Ok(OneKey(key));
            }
        }
        Err(broken("造不出钥匙", "no key can be made"))
    }

    /// A certificate request (PKCS#10) without a name, in base64.
    pub fn request(&self) -> String {
        let point = self.0.verifying_key().to_sec1_point(false);
        let key = seq(&[
            &seq(&[
                &[0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1],
                &[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7],
            ]),
            &der(0x03, &[&[0], point.as_bytes()]),
        ]);
        let info = seq(&[&[2, 1, 0], &[0x30, 0], &key, &[0xa0, 0]]);
        let signature: Signature = self.0.sign(&info);
        let algorithm = seq(&[&[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]]);
        let signature = der(0x03, &[&[0], signature.to_der().as_bytes()]);
        STANDARD.encode(seq(&[&info, &algorithm, &signature]))
    }

    /// Signs the file that waits, if it begins with the contract that was shown and the attributes are its own. Uses the key up.
    /// Gives the signature in base64 and the certificate's digest.
    pub fn sign(self, shown: &[u8], given: &Value) -> Result<(String, String), Fail> {
        let bytes = |name: &str| {
            let text = given.get(name).and_then(Value::as_str).unwrap_or_default();
            STANDARD.decode(text).map_err(|_| broken("答复读不懂", "the answer cannot be read"))
        };
        let (file, certificate, attributes) = (bytes("file")?, bytes("certificate")?, bytes("attributes")?);
        let edge = |at: usize| given.pointer(&format!("/gap/{at}")).and_then(Value::as_u64);
        let gap =
            (edge(0).and_then(|n| usize::try_from(n).ok()), edge(1).and_then(|n| usize::try_from(n).ok()));
        let differs =
            || broken("待签的文件不是她看到的合同", "the file to sign is not the contract that was shown");
        let (Some(from), Some(to)) = gap else { return Err(differs()) };
        let (Some(before), Some(after)) = (file.get(..from), file.get(to..)) else { return Err(differs()) };
        let digest = Digest::of_parts(&[before, after]);
        let own = attributes_to_sign(digest.as_bytes(), &certificate)
            .map_err(|_| broken("证书读不懂", "the certificate cannot be read"))?;
        if !file.starts_with(shown) || from < shown.len() || own != attributes {
            return Err(differs());
        }
        let signature: Signature = self.0.sign(&own);
        Ok((STANDARD.encode(signature.to_bytes()), Digest::of(&certificate).to_string()))
    }
}

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut out = vec![tag];
    match u8::try_from(body.len()) {
        Ok(short @ 0..=127) => out.push(short),
        Ok(long) => out.extend([0x81, long]),
        // Nothing here reaches 64 KiB.
        Err(_) => out.extend([&[0x82], &(body.len() as u16).to_be_bytes()[..]].concat()),
    }
    out.extend(body);
    out
}

fn seq(parts: &[&[u8]]) -> Vec<u8> {
    der(0x30, parts)
}

/// The character 王 as a hand writes it: four strokes, none quite straight, the same only for the same seed.
pub fn surname(seed: u32) -> Ink {
    let strokes =
        [((70, 40), (190, 36)), ((80, 80), (180, 78)), ((130, 38), (129, 122)), ((60, 124), (200, 120))];
    let mut at_ms = 0;
    let mut noise = seed | 1;
    let mut wobble = || {
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        i32::try_from(noise % 500).unwrap_or(0) - 250
    };
    let mut drawn = Vec::new();
    for ((x0, y0), (x1, y1)) in strokes {
        let mut stroke = Vec::new();
        for step in 0..=12 {
            let along = |from: i32, to: i32| (from * 100) + (to - from) * 100 * step / 12;
            stroke.push(InkPoint {
                x_cpx: along(x0, x1) + wobble(),
                y_cpx: along(y0, y1) + wobble(),
                at_ms,
                pressure_permille: 500,
            });
            at_ms += 16;
        }
        at_ms += 180;
        drawn.push(stroke);
    }
    Ink { width_cpx: 32_000, height_cpx: 19_200, strokes: drawn }
}
