//! The witness against every way to lie to it, and its proofs against another implementation.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::collections::BTreeMap;

use ed25519_dalek::{Signer as _, SigningKey};
use proptest::prelude::*;

use super::*;
use crate::merkle::{Frontier, NodeId, consistency_path, empty_root, hash_leaf};
use crate::note::{Checkpoint, NoteSigner};

const ORIGIN: &str = "lender.example/log";

struct Key(SigningKey);

impl NoteSigner for Key {
    fn name(&self) -> &str {
        ORIGIN
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

fn key(seed: u8) -> Key {
    Key(SigningKey::from_bytes(&[seed; 32]))
}

fn watched() -> Vec<Watched> {
    let key = key(1);
    vec![Watched {
        origin: ORIGIN.to_owned(),
        keys: vec![VerifyingKeyText::new(ORIGIN, key.public_key()).unwrap()],
    }]
}

/// A log in memory; `mark` makes another content.
struct Tree {
    nodes: BTreeMap<NodeId, Digest>,
    roots: Vec<Digest>,
}

impl Tree {
    fn new(size: u64, mark: impl Fn(u64) -> String) -> Self {
        let (mut nodes, mut frontier, mut roots) = (BTreeMap::new(), Frontier::new(), vec![empty_root()]);
        for index in 0..size {
            for node in frontier.append(hash_leaf(mark(index).as_bytes())) {
                nodes.insert(NodeId { level: node.level, index: node.index }, node.hash);
            }
            roots.push(frontier.root());
        }
        Tree { nodes, roots }
    }

    fn plain(size: u64) -> Self {
        Tree::new(size, |index| format!("entry {index}"))
    }

    /// The same log with one entry rewritten and everything above it computed again.
    fn rewritten(size: u64, which: u64) -> Self {
        Tree::new(size, |index| if index == which { "another".to_owned() } else { format!("entry {index}") })
    }

    fn root(&self, size: u64) -> Digest {
        self.roots[usize::try_from(size).unwrap()]
    }

    fn seen(&self, size: u64) -> Option<Seen> {
        Some(Seen { size, root: self.root(size) })
    }

    fn note(&self, size: u64) -> String {
        Checkpoint::new(ORIGIN, size, self.root(size)).unwrap().sign(&key(1)).unwrap()
    }

    fn ask(&self, old: u64, new: u64) -> AddCheckpoint {
        let path = consistency_path(&self.nodes, old, new).unwrap();
        AddCheckpoint::new(old, path, &self.note(new)).unwrap()
    }
}

#[test]
fn an_honest_log_is_cosigned_from_nothing_on() {
    let log = Tree::plain(300);
    let mut seen = None;
    for (old, new) in [(0, 0), (0, 1), (1, 1), (1, 7), (7, 256), (256, 257), (257, 300)] {
        seen = Some(decide(&watched(), seen, &log.ask(old, new)).unwrap());
        assert_eq!(seen, log.seen(new));
    }
}

#[test]
fn who_asks_wrongly_is_told_how_to_ask() {
    let log = Tree::plain(9);
    let at_5 = log.seen(5);
    assert_eq!(decide(&[], at_5, &log.ask(5, 9)), Err(Refusal::UnknownLog));
    assert_eq!(decide(&watched(), at_5, &log.ask(0, 9)), Err(Refusal::Stale { size: 5 }));
    assert_eq!(decide(&watched(), None, &log.ask(5, 9)), Err(Refusal::Stale { size: 0 }));
    let backwards = AddCheckpoint::new(9, Vec::new(), &log.note(5)).unwrap();
    assert_eq!(decide(&watched(), log.seen(9), &backwards), Err(Refusal::Backwards));
    let by_another = Checkpoint::new(ORIGIN, 9, log.root(9)).unwrap().sign(&key(2)).unwrap();
    let by_another = AddCheckpoint::new(0, Vec::new(), &by_another).unwrap();
    assert_eq!(decide(&watched(), None, &by_another), Err(Refusal::UnknownKey));
    let changed = AddCheckpoint::new(0, Vec::new(), &log.note(9).replace("\n9\n", "\n8\n")).unwrap();
    assert_eq!(decide(&watched(), None, &changed), Err(Refusal::UnknownKey));
}

#[test]
fn a_second_key_during_a_change_is_as_good() {
    let log = Tree::plain(3);
    let stated = Checkpoint::new(ORIGIN, 3, log.root(3)).unwrap();
    let both = stated.sign_twice(&key(2), &key(1)).unwrap();
    assert!(decide(&watched(), None, &AddCheckpoint::new(0, Vec::new(), &both).unwrap()).is_ok());
}

#[test]
fn a_log_that_rewrote_or_lost_entries_is_not_cosigned() {
    let honest = Tree::plain(200);
    for which in [0, 4, 9] {
        let forged = Tree::rewritten(200, which);
        assert_eq!(
            decide(&watched(), honest.seen(10), &forged.ask(10, 10)),
            Err(Refusal::Forked { size: 10 })
        );
        for new in [11, 16, 200] {
            let refused = decide(&watched(), honest.seen(10), &forged.ask(10, new)).unwrap_err();
            assert!(refused == Refusal::Inconsistent && refused.accuses() && refused.status() == 422);
        }
    }
    // A proof of the honest tree under the forger's root, and none at all.
    let path = consistency_path(&honest.nodes, 10, 200).unwrap();
    let note = Tree::rewritten(200, 0).note(200);
    let mixed = AddCheckpoint::new(10, path, &note).unwrap();
    assert_eq!(decide(&watched(), honest.seen(10), &mixed), Err(Refusal::Inconsistent));
    let bare = AddCheckpoint::new(10, Vec::new(), &note).unwrap();
    assert_eq!(decide(&watched(), honest.seen(10), &bare), Err(Refusal::Inconsistent));
    let too_much = AddCheckpoint::new(0, vec![Digest::of(b"x")], &honest.note(10)).unwrap();
    assert_eq!(decide(&watched(), None, &too_much), Err(Refusal::Inconsistent));
}

#[test]
fn a_request_has_one_form() {
    let text = Tree::plain(9).ask(5, 9).to_string();
    assert_eq!(AddCheckpoint::parse(&text).unwrap().to_string(), text);
    let (head, note) = text.split_once("\n\n").unwrap();
    for bad in [
        String::new(),
        "old 5\n".to_owned(),
        text.replacen("old 5", "old 05", 1),
        text.replacen("old 5", "old -5", 1),
        text.replacen("old 5", "5", 1),
        text.replacen("old 5", "old 18446744073709551616", 1),
        format!("{head}\nAAAA\n\n{note}"),
        format!("{head}\n{note}"),
        format!("old 5\n{}\n{note}", format!("{}\n", BASE64.encode([0; 32])).repeat(64)),
        format!("{head}\n\n{}", note.trim_end()),
    ] {
        assert_eq!(AddCheckpoint::parse(&bad), Err(Refusal::Malformed), "{bad}");
    }
    let most = format!("old 5\n{}\n{note}", format!("{}\n", BASE64.encode([0; 32])).repeat(63));
    assert!(AddCheckpoint::parse(&most).is_ok());
}

proptest! {
    /// The witness accepts a step exactly when the other implementation's check of the same proof does; and a rewritten entry
    /// that it has seen is never accepted, whatever the sizes.
    #[test]
    fn steps_agree_with_another_implementation(new in 1_u64..90, part in 0.0_f64..1.0, which in 0_u64..90) {
        let old = ((new as f64 * part) as u64).max(1);
        let (honest, forged) = (Tree::plain(new), Tree::rewritten(new, which));
        for tree in [&honest, &forged] {
            let ask = tree.ask(old, new);
            let ours = decide(&watched(), honest.seen(old), &ask).is_ok();
            let hash = |digest: Digest| tlog_tiles::Hash(*digest.as_bytes());
            let proof = ask.path.iter().copied().map(hash).collect();
            let theirs = tlog_tiles::check_tree(
                &proof, new, hash(tree.root(new)), old, hash(honest.root(old)),
            ).is_ok();
            prop_assert_eq!(ours, theirs);
            prop_assert_eq!(ours, std::ptr::eq(tree, &honest) || which >= old);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}") {
        let _ = AddCheckpoint::parse(&text);
        let _ = AddCheckpoint::parse(&format!("old 0\n\n{text}"));
    }
}
