//! Bytes changed by accident or at random: never a panic, never "holds".

use mingbai_evidence::Digest;
use mingbai_evidence::merkle::Frontier;
use mingbai_evidence::note::Checkpoint;
use mingbai_evidence::package::{self, Limits};
use mingbai_evidence::verify::{Outcome, Trust, Verdict, verify};
use proptest::prelude::*;

use crate::sample::{ORIGIN, Zipping, check, lender, pinned, rezip, sample_bytes, unzip};

#[test]
fn every_single_changed_byte_is_noticed() {
    let good = sample_bytes();
    assert!(check(&good).holds());
    let (mut contradicted, mut not_proven) = (0, 0);
    // Every place but those inside the page, which is compared as one long text: there every 101st.
    let page = good.windows(64).position(|w| w == &package::PAGE.as_bytes()[..64]).unwrap();
    let inside = page + 64..page + package::PAGE.len();
    let places: Vec<usize> = (0..good.len())
        .filter(|at| !inside.contains(at) || (at - inside.start).is_multiple_of(101))
        .collect();
    for at in places.iter().copied() {
        let mut changed = good.clone();
        // One change per place, all eight bits over the whole file.
        changed[at] ^= 1 << (at % 8);
        let report = check(&changed);
        match report.outcome() {
            Outcome::Contradicted => contradicted += 1,
            Outcome::NotProven => not_proven += 1,
            Outcome::Holds => panic!("byte {at} was changed and nobody noticed"),
        }
    }
    let total = places.len();
    println!("{total} bytes changed: {contradicted} contradicted, {not_proven} packaging only, 0 unnoticed");
    assert_eq!(contradicted + not_proven, total);
    assert!(contradicted * 2 > total, "most bytes are content");
}

#[test]
fn every_changed_byte_of_every_small_file_is_noticed_even_with_correct_check_sums() {
    let files = unzip(&sample_bytes());
    let mut tried = 0;
    for (name, bytes) in
        files.iter().filter(|(name, _)| !matches!(name.as_str(), "README.txt" | "verify.html"))
    {
        // Every seventh place, shifted from file to file: the random test below covers the rest over time.
        for at in (name.len() % 7..bytes.len()).step_by(7) {
            let mut changed = files.clone();
            changed.get_mut(name).unwrap()[at] ^= 1 << (at % 7);
            let report = check(&rezip(&changed, Zipping::AsWritten));
            assert!(!report.holds(), "{name} byte {at}");
            tried += 1;
        }
    }
    println!("{tried} changes inside files, with correct check sums: all noticed");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn random_changes_inside_a_file_are_noticed(
        file in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>(),
    ) {
        let mut files = unzip(&sample_bytes());
        let names: Vec<String> = files.keys().cloned().collect();
        let content = files.get_mut(file.get(&names)).unwrap();
        let before = content.clone();
        let place = at.index(content.len());
        if cut { content.truncate(place) } else { content[place] = byte }
        prop_assume!(*content != before);
        prop_assert!(!check(&rezip(&files, Zipping::AsWritten)).holds());
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert_eq!(verify(&bytes, &Trust::OnFirstUse).claims[0].verdict, Verdict::Contradicted);
        prop_assert!(package::read(&bytes, &Limits::default()).is_err());
    }

    #[test]
    fn heavily_damaged_packages_never_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(), shorten in any::<bool>(),
    ) {
        let good = sample_bytes();
        let mut bytes = good.clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if shorten { bytes.truncate(cut.index(bytes.len())) }
        let _ = package::read(&bytes, &Limits::default());
        prop_assert_eq!(check(&bytes).holds(), bytes == good);
    }
}

#[test]
fn every_single_changed_bit_of_a_checkpoint_note_is_noticed_or_changes_nothing() {
    let Trust::Pinned(keys) = pinned() else { panic!("the sample's trust is pinned") };
    let good = Checkpoint::new(ORIGIN, 1_000, Digest::of(b"root")).unwrap();
    let note = good.sign(&lender()).unwrap().into_bytes();
    let (mut noticed, mut irrelevant) = (0, Vec::new());
    for at in 0..note.len() {
        for bit in 0..8 {
            let mut changed = note.clone();
            changed[at] ^= 1 << bit;
            let opened = String::from_utf8(changed).ok().and_then(|note| Checkpoint::open(&note, &keys).ok());
            match opened {
                None => noticed += 1,
                // Whoever reads it reads the same log, size and root, under the same signature.
                Some(same) if same == good => irrelevant.push(at),
                Some(other) => panic!("byte {at}, bit {bit}: another checkpoint was believed: {other:?}"),
            }
        }
    }
    println!(
        "note of {} bytes: {noticed} of {} changed bits noticed, irrelevant: {irrelevant:?}",
        note.len(),
        note.len() * 8
    );
    assert_eq!((noticed, irrelevant.len()), (note.len() * 8, 0));
}

#[test]
fn every_single_changed_byte_of_a_tile_leads_to_another_root() {
    // A full tile of tlog-tiles: 256 hashes, whose parent eight levels up is in the tile above.
    let tile: Vec<u8> = (0..=255_u8).flat_map(|leaf| *Digest::of(&[leaf]).as_bytes()).collect();
    let root = |tile: &[u8]| {
        let mut frontier = Frontier::new();
        for hash in tile.chunks_exact(32) {
            frontier.append(Digest::from_slice(hash).unwrap());
        }
        frontier.root()
    };
    let good = root(&tile);
    for at in 0..tile.len() {
        let mut changed = tile.clone();
        changed[at] ^= 1 << (at % 8);
        assert_ne!(root(&changed), good, "byte {at}");
    }
    println!("tile of {} bytes: every changed byte noticed", tile.len());
}
