//! Merkle proofs over trees that are really there. Every proof that is made verifies, and none verifies for another leaf, place, size,
//! root or path. The bytes say which tree, which places and what is tampered with.

#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mingbai_evidence::Digest;
use mingbai_evidence::merkle::{
    Frontier, NodeId, consistency_path, hash_leaf, inclusion_path, verify_consistency, verify_inclusion,
};

const MOST: u64 = 600;

struct Tree {
    nodes: BTreeMap<NodeId, Digest>,
    roots: Vec<Digest>,
}

static TREE: LazyLock<Tree> = LazyLock::new(|| {
    let (mut nodes, mut frontier) = (BTreeMap::new(), Frontier::new());
    let mut roots = vec![frontier.root()];
    for index in 0..MOST {
        for node in frontier.append(leaf(index)) {
            nodes.insert(NodeId { level: node.level, index: node.index }, node.hash);
        }
        roots.push(frontier.root());
    }
    Tree { nodes, roots }
});

fn leaf(index: u64) -> Digest {
    hash_leaf(&index.to_be_bytes())
}

fuzz_target!(|data: &[u8]| {
    let Some((numbers, rest)) = data.split_first_chunk::<17>() else { return };
    let number = |at: usize| u64::from_be_bytes(numbers[at..at + 8].try_into().unwrap_or_default());
    let (a, b) = (number(0), number(8));
    wild(a, b, rest);
    let (small, large) = (a.min(b) % (MOST + 1), a.max(b) % (MOST + 1));
    let (old, new) = (small.min(large), small.max(large));
    let root = |size: u64| &TREE.roots[usize::try_from(size).unwrap_or(0)];
    if old < new {
        let mut path = inclusion_path(&TREE.nodes, old, new).expect("a leaf of the tree has a path");
        assert_eq!(verify_inclusion(&leaf(old), old, new, &path, root(new)), Ok(()));
        if tamper(&mut path, numbers[16], rest) {
            assert!(
                verify_inclusion(&leaf(old), old, new, &path, root(new)).is_err(),
                "another path proves the leaf"
            );
        } else if let Some(other) = rest.first().map(|b| u64::from(*b) % new).filter(|other| *other != old) {
            assert!(
                verify_inclusion(&leaf(old), other, new, &path, root(new)).is_err(),
                "a leaf in two places"
            );
            assert!(
                verify_inclusion(&leaf(other), old, new, &path, root(new)).is_err(),
                "two leaves in one place"
            );
        }
    }
    let mut path = consistency_path(&TREE.nodes, old, new).expect("sizes of the tree have a path");
    assert_eq!(verify_consistency(old, new, root(old), root(new), &path), Ok(()));
    if tamper(&mut path, numbers[16], rest) {
        assert!(
            verify_consistency(old, new, root(old), root(new), &path).is_err(),
            "another path proves the growth"
        );
    } else if let Some(other) =
        rest.first().map(|b| u64::from(*b)).filter(|other| *other != old && *other <= new)
    {
        // A tree of no leaves is a beginning of every tree, whatever its successor; its root is checked all the same.
        assert!(
            verify_consistency(old, new, root(other), root(new), &path).is_err(),
            "two trees of one size"
        );
    }
});

/// Sizes and paths as an attacker would write them: nothing to say but that it ends.
fn wild(index: u64, size: u64, rest: &[u8]) {
    let path: Vec<Digest> = rest.chunks_exact(32).filter_map(|hash| Digest::from_slice(hash).ok()).collect();
    let zero = Digest::new([0; 32]);
    let other = Digest::new([1; 32]);
    assert!(verify_inclusion(&zero, index, size, &path, &other).is_err(), "a root was found by chance");
    let _ = verify_consistency(index, size, &zero, &zero, &path);
}

/// Changes a path as the bytes say; whether it is another one now.
fn tamper(path: &mut Vec<Digest>, how: u8, rest: &[u8]) -> bool {
    let before = path.clone();
    let at = rest.first().map_or(0, |b| usize::from(*b) % (path.len() + 1));
    let hash = rest.get(1..33).and_then(|hash| Digest::from_slice(hash).ok()).unwrap_or(Digest::new([7; 32]));
    match how % 5 {
        0 => path.insert(at, hash),
        1 => drop((at < path.len()).then(|| path.remove(at))),
        2 => path.iter_mut().nth(at).into_iter().for_each(|place| *place = hash),
        3 => path.reverse(),
        _ => {}
    }
    *path != before
}
