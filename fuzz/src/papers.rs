//! One small signed paper and the bytes inside it, made from fixed keys.

use std::sync::LazyLock;

use mingbai_sign::{add_validation, assemble, attributes_to_sign, finish, prepare};

use crate::kit::{House, NOW_MS, field, key, sign, small_paper};

/// The authority and what it signed.
pub struct Signed {
    /// The authority.
    pub house: House,
    /// A file signed by the borrower and then by the lender, with lists of revocation.
    pub paper: Vec<u8>,
    /// A file prepared for one signature, not yet signed.
    pub prepared: mingbai_sign::Prepared,
    /// The signature that belongs into it.
    pub cms: Vec<u8>,
    /// That file, signed.
    pub once: Vec<u8>,
}

/// The one signed paper.
pub static SIGNED: LazyLock<Signed> = LazyLock::new(|| {
    let house = House::new();
    let prepared = prepare(&small_paper(), &field("borrower")).unwrap();
    let (signer, chain) = (key(3), house.chain(&house.certificate(&key(3), 3)));
    let attributes = attributes_to_sign(&prepared.digest(), &chain[0]).unwrap();
    let signature = mingbai_sign::KeyCustody::sign(&signer, &attributes).unwrap();
    let cms = assemble(&attributes, &signature, &chain, None).unwrap();
    let once = finish(prepared.clone(), &cms).unwrap();
    let twice = sign(&house, prepare(&once, &field("lender")).unwrap(), 4, 4);
    let paper = add_validation(&twice, &house.validation(NOW_MS, Vec::new())).unwrap();
    Signed { house, paper, prepared, cms, once }
});
