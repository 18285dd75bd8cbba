//! How the number of a complaint or a ring is written down by a person.

use uuid::Uuid;

/// The letters of a reference: no I, L, O, U (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Twelve letters made of the random end of the number.
pub(super) fn plain(id: Uuid) -> String {
    let bits = id.as_u128();
    let letter = |place: u32| {
        let index = (bits >> (5 * place)) & 31;
        usize::try_from(index).ok().and_then(|index| LETTERS.get(index)).map_or('0', |b| char::from(*b))
    };
    (0..12).rev().map(letter).collect()
}

/// [`plain`] in groups of four.
pub(super) fn grouped(id: Uuid) -> String {
    let plain = plain(id);
    format!("{} {} {}", &plain[..4], &plain[4..8], &plain[8..])
}
