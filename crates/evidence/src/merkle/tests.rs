//! The tree against published roots and against an independent implementation (`tlog_tiles`).
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use tlog_tiles::{
    Hash, HashReader, check_record, check_tree, prove_record, prove_tree, stored_hashes, tree_hash,
};

use super::*;

/// The eight leaves that certificate-transparency implementations test with, and the roots over the first 1..=8 of
/// them. Source: transparency-dev/merkle, `testonly/constants.go` (RFC 6962 hashing, the same as in RFC 9162).
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

type Nodes = BTreeMap<NodeId, Digest>;

/// Our tree over `0..size`, with the root after each append.
fn grow(leaves: impl Iterator<Item = Vec<u8>>) -> (Nodes, Vec<Digest>) {
    let (mut nodes, mut frontier) = (Nodes::new(), Frontier::new());
    let mut roots = vec![frontier.root()];
    for leaf in leaves {
        for NewNode { level, index, hash } in frontier.append(hash_leaf(&leaf)) {
            assert_eq!(nodes.insert(NodeId { level, index }, hash), None, "a complete subtree never changes");
        }
        roots.push(frontier.root());
    }
    (nodes, roots)
}

fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

/// The other implementation's storage.
struct Stored(Vec<Hash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|i| self.0[usize::try_from(*i).unwrap()]).collect())
    }
}

fn stored(size: u64) -> Stored {
    let mut other = Stored(Vec::new());
    for index in 0..size {
        let new = stored_hashes(index, &entry(index), &other).unwrap();
        other.0.extend(new);
    }
    other
}

fn path_of(hashes: &[Hash]) -> Vec<Digest> {
    hashes.iter().map(|h| Digest::new(h.0)).collect()
}

#[test]
fn gives_the_published_roots() {
    assert_eq!(empty_root().to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let (_, roots) = grow(LEAVES.iter().map(|leaf| hex::decode(leaf).unwrap()));
    let roots: Vec<String> = roots[1..].iter().map(Digest::to_string).collect();
    assert_eq!(roots, ROOTS);
}

#[test]
fn agrees_with_the_other_implementation_for_every_size_to_300() {
    const SIZE: u64 = 300;
    let other = stored(SIZE);
    let (nodes, roots) = grow((0..SIZE).map(entry));
    for size in 1..=SIZE {
        let root = roots[usize::try_from(size).unwrap()];
        assert_eq!(root.as_bytes(), &tree_hash(size, &other).unwrap().0);
        assert_eq!(Frontier::load(&nodes, size).unwrap().root(), root);
        // Every index of small trees, and a spread that moves with the size in larger ones.
        let step = if size <= 40 { 1 } else { 7 };
        for index in (size % step..size).step_by(usize::try_from(step).unwrap()).chain([size - 1]) {
            let path = inclusion_path(&nodes, index, size).unwrap();
            assert_eq!(path, path_of(&prove_record(size, index, &other).unwrap()));
            let leaf = hash_leaf(&entry(index));
            assert_eq!(verify_inclusion(&leaf, index, size, &path, &root), Ok(()));
            let theirs = path.iter().map(|d| Hash(*d.as_bytes())).collect();
            check_record(&theirs, size, Hash(*root.as_bytes()), index, Hash(*leaf.as_bytes())).unwrap();
        }
        for old in (1 + size % step..=size).step_by(usize::try_from(step).unwrap()) {
            let old_root = roots[usize::try_from(old).unwrap()];
            let path = consistency_path(&nodes, old, size).unwrap();
            assert_eq!(path, path_of(&prove_tree(size, old, &other).unwrap()), "{old} in {size}");
            assert_eq!(verify_consistency(old, size, &old_root, &root, &path), Ok(()));
            let theirs = path.iter().map(|d| Hash(*d.as_bytes())).collect();
            check_tree(&theirs, size, Hash(*root.as_bytes()), old, Hash(*old_root.as_bytes())).unwrap();
        }
    }
}

#[test]
fn says_beforehand_which_nodes_a_proof_needs() {
    let (nodes, _) = grow((0..40).map(entry));
    for size in 1..=40 {
        let only = |ids: Vec<NodeId>| ids.into_iter().map(|id| (id, nodes[&id])).collect::<Nodes>();
        for index in 0..size {
            let fetched = only(nodes_for_inclusion(index, size));
            assert_eq!(inclusion_path(&fetched, index, size), inclusion_path(&nodes, index, size));
            let fetched = only(nodes_for_consistency(index, size));
            assert_eq!(consistency_path(&fetched, index, size), consistency_path(&nodes, index, size));
        }
    }
    assert_eq!(nodes_for_inclusion(3, 3), []);
}

#[test]
fn refuses_what_lies_outside_and_reports_what_is_missing() {
    let none = Nodes::new();
    assert_eq!(inclusion_path(&none, 0, 0), Err(ProofError::OutOfRange { index: 0, size: 0 }));
    assert_eq!(inclusion_path(&none, 5, 5), Err(ProofError::OutOfRange { index: 5, size: 5 }));
    assert_eq!(consistency_path(&none, 6, 5), Err(ProofError::OutOfRange { index: 6, size: 5 }));
    assert_eq!(inclusion_path(&none, 0, 2), Err(ProofError::Node(NodeError::Missing { level: 0, index: 1 })));
    let huge = SIZE_LIMIT + 1;
    assert_eq!(inclusion_path(&none, 0, huge), Err(ProofError::OutOfRange { index: 0, size: huge }));
    assert!(Frontier::load(&none, u64::MAX).is_err());
    let root = empty_root();
    assert!(verify_inclusion(&root, 0, 0, &[], &root).is_err());
    assert_eq!(verify_consistency(0, 0, &root, &root, &[]), Ok(()));
    assert!(verify_consistency(0, 9, &hash_leaf(b"x"), &root, &[]).is_err());
    assert!(verify_consistency(3, 3, &root, &root, &[root]).is_err());
    assert!(verify_consistency(4, 8, &root, &root, &[]).is_err());
}

#[test]
fn the_largest_tree_has_the_longest_path_and_no_overflow() {
    assert!(nodes_for_inclusion(SIZE_LIMIT - 1, SIZE_LIMIT).len() <= 64 * 64);
    let path = vec![empty_root(); 5_000];
    let root = empty_root();
    assert!(verify_inclusion(&root, SIZE_LIMIT - 1, SIZE_LIMIT, &path, &root).is_err());
    assert!(verify_consistency(SIZE_LIMIT - 1, SIZE_LIMIT, &root, &root, &path).is_err());
}

#[test]
fn a_stored_frontier_is_checked_when_read() {
    let (nodes, _) = grow((0..11).map(entry));
    let frontier = Frontier::load(&nodes, 11).unwrap();
    let text = serde_json::to_string(&frontier).unwrap();
    assert_eq!(serde_json::from_str::<Frontier>(&text).unwrap(), frontier);
    assert!(serde_json::from_str::<Frontier>(&text.replace("\"size\":11", "\"size\":12")).is_err());
}

proptest! {
    #[test]
    fn any_change_to_a_proof_is_noticed(
        size in 1u64..200, pick in any::<u64>(), place in any::<usize>(), bit in 0u8..8, other in 0u64..200,
    ) {
        let index = pick % size;
        let (nodes, roots) = grow((0..size).map(entry));
        let root = roots[usize::try_from(size).unwrap()];
        let leaf = hash_leaf(&entry(index));
        let path = inclusion_path(&nodes, index, size).unwrap();

        prop_assert!(verify_inclusion(&hash_leaf(b"forged"), index, size, &path, &root).is_err());
        if other != index {
            prop_assert!(verify_inclusion(&leaf, other, size, &path, &root).is_err());
        }
        let mut longer = path.clone();
        longer.push(root);
        prop_assert!(verify_inclusion(&leaf, index, size, &longer, &root).is_err());
        if !path.is_empty() {
            prop_assert!(verify_inclusion(&leaf, index, size, &path[1..], &root).is_err());
            let mut changed = path.clone();
            let at = place % changed.len();
            let mut bytes = *changed[at].as_bytes();
            bytes[place % 32] ^= 1 << bit;
            changed[at] = Digest::new(bytes);
            prop_assert!(verify_inclusion(&leaf, index, size, &changed, &root).is_err());
        }
    }

    #[test]
    fn a_rewritten_history_is_noticed(size in 2u64..120, pick in any::<u64>(), rewrite in any::<u64>()) {
        let old = 1 + pick % (size - 1);
        let rewritten = rewrite % old;
        let (_, honest) = grow((0..old).map(entry));
        let (nodes, forged) = grow((0..size).map(|i| if i == rewritten { b"forged".to_vec() } else { entry(i) }));
        let path = consistency_path(&nodes, old, size).unwrap();
        let (old_root, new_root) = (honest[usize::try_from(old).unwrap()], forged[usize::try_from(size).unwrap()]);
        prop_assert!(verify_consistency(old, size, &old_root, &new_root, &path).is_err());
    }
}
