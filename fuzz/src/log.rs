//! One small log with every kind of signature that the house knows, made from fixed keys: what was signed here is all that these keys
//! ever signed, so a target may call every other accepted text a forgery.

use std::sync::LazyLock;

use mingbai_evidence::national::{self, SM2_ID, Seal, Sm2Key};
use mingbai_evidence::note::cosignature::{WitnessKey, cosign, with_lines};
use mingbai_evidence::note::{NoteSigner, SignedCheckpoint};
use mingbai_evidence::package::{self, Package};
use mingbai_evidence::receipt::Receipt;
use mingbai_evidence::verify::{Reader, Trust};
use sm2::dsa::signature::Signer as _;
use sm2::dsa::{Signature, SigningKey};

use crate::sample::{Key, ORIGIN, lender, sample};

/// When the witness says it looked, unix seconds.
pub const WITNESSED_AT_S: u64 = 1_790_000_100;

/// A witness with a fixed key.
pub struct Witness(Key);

impl NoteSigner for Witness {
    fn name(&self) -> &str {
        "witness.example"
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.public_key()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message)
    }
}

/// An SM2 seal with a fixed key.
pub struct Chop(SigningKey);

impl Seal for Chop {
    fn name(&self) -> &str {
        ORIGIN
    }

    fn public_key(&self) -> [u8; 65] {
        use sm2::elliptic_curve::sec1::ToSec1Point as _;
        self.0.verifying_key().to_sec1_point(false).as_bytes().try_into().unwrap()
    }

    fn sign(&self, message: &[u8]) -> Option<[u8; 64]> {
        let signature: Signature = self.0.try_sign(message).ok()?;
        signature.to_bytes().as_slice().try_into().ok()
    }
}

/// Everything about the one log.
pub struct Log {
    /// The package with both signatures and the cosignature.
    pub package: Package,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// A receipt of its last record.
    pub receipt: Receipt,
    /// Who reads: knows every key.
    pub reader: Reader,
}

/// The one log.
pub static LOG: LazyLock<Log> = LazyLock::new(|| {
    let mut package = sample();
    let note = SignedCheckpoint::parse(&package.checkpoint).unwrap();
    let (witness, chop) = (Witness(Key::new(9)), Chop(SigningKey::from_slice(SM2_ID, &[5; 32]).unwrap()));
    package.sm2 = Some(national::sign(note.checkpoint(), &chop).unwrap());
    let line = cosign(&note, &witness, WITNESSED_AT_S).unwrap();
    package.checkpoint = with_lines(&package.checkpoint, &[line]).unwrap();
    let (record, proof) = (package.records.last().unwrap(), package.proofs.last().unwrap());
    let receipt = Receipt {
        record: record.clone(),
        key: lender().text(),
        index: proof.index,
        path: proof.path.clone(),
        checkpoint: package.checkpoint.clone(),
    };
    let mut reader = Reader::new(Trust::Pinned(vec![lender().text()]));
    reader.sm2_keys = vec![Sm2Key::new(ORIGIN, chop.public_key()).unwrap()];
    reader.witnesses = vec![WitnessKey::new(witness.name(), witness.public_key()).unwrap()];
    reader.limits =
        package::Limits { package_bytes: 1 << 20, files: 200, file_bytes: 1 << 19, total_bytes: 1 << 20 };
    Log { bytes: package::write(&package).unwrap(), package, receipt, reader }
});

/// The text that the keys signed.
pub fn signed_body() -> &'static str {
    static BODY: LazyLock<String> =
        LazyLock::new(|| SignedCheckpoint::parse(&LOG.package.checkpoint).unwrap().body().to_owned());
    &BODY
}
