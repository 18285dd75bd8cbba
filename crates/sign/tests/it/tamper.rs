//! Every byte of a small signed file changed: found out, or shown to change nothing that anybody reads. The rates are printed.

use std::collections::BTreeMap;

use mingbai_sign::{Validation, Verdict, add_validation, prepare, verify};

use crate::kit::*;

/// Small, tagged, with strokes, sealed twice and closed: every part that we write is in it.
fn closed(house: &House) -> Vec<u8> {
    let mut field = field("borrower");
    field.at = Some(mingbai_sign::boxes(&small_paper()).unwrap()[0].at);
    field.handwriting = Some(handwriting());
    field.capacity_bytes = 2304;
    let signed = sign(house, prepare(&small_paper(), &field).unwrap(), 3, 3);
    let mut second = crate::kit::field("lender");
    second.capacity_bytes = 2304;
    let sealed = sign(house, prepare(&signed, &second).unwrap(), 4, 4);
    // The certificates stand in the signatures already; a second copy could be changed without meaning anything.
    let lists = Validation { certificates: Vec::new(), ..house.validation(NOW_MS + HOUR_MS, Vec::new()) };
    add_validation(&sealed, &lists).unwrap()
}

/// What a reader can see of a file: the decoded bytes of both signatures do not depend on the case of hexadecimal digits, and
/// white space between PDF tokens has no meaning. Everything else has.
fn means_nothing(original: &[u8], at: usize, changed: u8) -> bool {
    let was = original[at];
    let hex_case = was.is_ascii_hexdigit() && was.eq_ignore_ascii_case(&changed);
    let space = |b: u8| matches!(b, 0 | 9 | 10 | 12 | 13 | 32);
    // The second half of the last trailer's ID is a name that a writer draws for its revision; nobody signs the last revision.
    let id = original.windows(6).rposition(|w| w == b"/ID [(").unwrap();
    let name = id + original[id..].iter().position(|b| *b == b'<').unwrap()
        ..id + original[id..].iter().position(|b| *b == b']').unwrap();
    hex_case || (space(was) && space(changed)) || name.contains(&at)
}

#[test]
fn every_changed_byte_is_found_out_or_means_nothing() {
    let house = House::new();
    let original = closed(&house);
    let roots = std::slice::from_ref(&house.root);
    let now = NOW_MS + 2 * HOUR_MS;
    assert_eq!(verify(&original, roots, now).verdict(), Verdict::Holds);
    let flip_all = |flip: [u8; 2]| {
        let mut changed = original.clone();
        let mut found = Vec::new();
        for at in 0..original.len() {
            changed[at] = original[at] ^ flip[at % 2];
            found.push((at, changed[at], verify(&changed, roots, now).verdict()));
            changed[at] = original[at];
        }
        found
    };
    let found: Vec<_> = std::thread::scope(|scope| {
        let flip_all = &flip_all;
        let threads = [[0x01; 2], [0x20, 0xFF]].map(|flip| scope.spawn(move || flip_all(flip)));
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    let mut rates: BTreeMap<String, usize> = BTreeMap::new();
    for (_, _, verdict) in &found {
        *rates.entry(format!("{verdict:?}")).or_default() += 1;
    }
    let accepted: Vec<_> = found.iter().filter(|(_, _, verdict)| *verdict == Verdict::Holds).collect();
    let tried = found.len();
    eprintln!("tamper: {} bytes, {tried} changes: {rates:?}", original.len());
    let meaningful: Vec<_> =
        accepted.iter().filter(|(at, now, _)| !means_nothing(&original, *at, *now)).collect();
    assert!(meaningful.is_empty(), "accepted: {meaningful:?}");
    assert!(accepted.len() * 10 < tried, "too much of the file means nothing: {}", accepted.len());
}

#[test]
fn every_truncation_is_found_out() {
    let house = House::new();
    let original = closed(&house);
    let roots = std::slice::from_ref(&house.root);
    let mut held = Vec::new();
    for end in 0..original.len() {
        if verify(&original[..end], roots, NOW_MS + 2 * HOUR_MS).verdict() == Verdict::Holds {
            held.push(end);
        }
    }
    // Without its very last line end the file says the same.
    assert_eq!(held, [original.len() - 1]);
}
