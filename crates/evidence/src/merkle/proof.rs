//! Inclusion and consistency proofs (RFC 9162 §2.1.3, §2.1.4): making them from stored nodes, and checking them.

use std::cell::RefCell;

use super::{NodeError, NodeId, NodeReader, PATH_LIMIT, ProofError, SIZE_LIMIT, empty_root, hash_children};
use crate::digest::Digest;

/// The path that proves that leaf `index` is in the tree over the first `size` leaves, leaf end first (PATH of
/// RFC 9162 §2.1.3.1).
///
/// # Errors
/// [`ProofError::OutOfRange`] unless `index < size ≤` [`SIZE_LIMIT`]; [`ProofError::Node`] when a node is missing.
pub fn inclusion_path(reader: &impl NodeReader, index: u64, size: u64) -> Result<Vec<Digest>, ProofError> {
    if index >= size || size > SIZE_LIMIT {
        return Err(ProofError::OutOfRange { index, size });
    }
    let mut siblings = Vec::new();
    let (mut begin, mut end) = (0, size);
    while end - begin > 1 {
        let middle = split(begin, end);
        if index < middle {
            siblings.push((middle, end));
            end = middle;
        } else {
            siblings.push((begin, middle));
            begin = middle;
        }
    }
    roots_leaf_end_first(reader, siblings)
}

/// The path that proves that the tree over the first `old` leaves is a prefix of the tree over the first `new` leaves
/// (PROOF of RFC 9162 §2.1.4.1). Empty when `old` is 0 or equals `new`: there is nothing to show then.
///
/// # Errors
/// [`ProofError::OutOfRange`] unless `old ≤ new ≤` [`SIZE_LIMIT`]; [`ProofError::Node`] when a node is missing.
pub fn consistency_path(reader: &impl NodeReader, old: u64, new: u64) -> Result<Vec<Digest>, ProofError> {
    if old > new || new > SIZE_LIMIT {
        return Err(ProofError::OutOfRange { index: old, size: new });
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let mut ranges = Vec::new();
    let (mut begin, mut end) = (0, new);
    while old < end {
        let middle = split(begin, end);
        if old <= middle {
            ranges.push((middle, end));
            end = middle;
        } else {
            ranges.push((begin, middle));
            begin = middle;
        }
    }
    // The old tree itself is known to the verifier; only an inner subtree of it has to be named.
    if begin > 0 {
        ranges.push((begin, end));
    }
    roots_leaf_end_first(reader, ranges)
}

/// Checks that `leaf` is leaf `index` of the tree of `size` leaves with `root` (RFC 9162 §2.1.3.2).
///
/// # Errors
/// [`ProofError`] when the path does not prove it.
pub fn verify_inclusion(
    leaf: &Digest,
    index: u64,
    size: u64,
    path: &[Digest],
    root: &Digest,
) -> Result<(), ProofError> {
    if index >= size || size > SIZE_LIMIT {
        return Err(ProofError::OutOfRange { index, size });
    }
    let too_long = ProofError::Length { found: path.len() };
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return Err(too_long);
        }
        if node % 2 == 1 || node == last {
            hash = hash_children(sibling, &hash);
            while node.is_multiple_of(2) && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = hash_children(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(too_long);
    }
    if hash == *root { Ok(()) } else { Err(ProofError::OtherRoot) }
}

/// Checks that the tree of `old` leaves with `old_root` is a prefix of that of `new` leaves with `new_root`
/// (RFC 9162 §2.1.4.2). For `old` = 0 the old root must be that of the empty tree.
///
/// # Errors
/// [`ProofError`] when the path does not prove it.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Digest,
    new_root: &Digest,
    path: &[Digest],
) -> Result<(), ProofError> {
    if old > new || new > SIZE_LIMIT {
        return Err(ProofError::OutOfRange { index: old, size: new });
    }
    if old == 0 || old == new {
        let same = if old == new { old_root == new_root } else { true };
        let empty = if old == 0 { *old_root == empty_root() } else { true };
        return match (path, same && empty) {
            ([], true) => Ok(()),
            ([], false) => Err(ProofError::OtherRoot),
            _ => Err(ProofError::Length { found: path.len() }),
        };
    }
    verify_growth(old, new, old_root, new_root, path)
}

/// The case 0 < `old` < `new` of [`verify_consistency`].
fn verify_growth(
    old: u64,
    new: u64,
    old_root: &Digest,
    new_root: &Digest,
    path: &[Digest],
) -> Result<(), ProofError> {
    let wrong_length = ProofError::Length { found: path.len() };
    // When the old tree is one complete subtree, its root is the first hash and is left out of the path.
    let (start, rest) = match (old.is_power_of_two(), path) {
        (true, path) if !path.is_empty() => (*old_root, path),
        (false, [first, rest @ ..]) => (*first, rest),
        _ => return Err(wrong_length),
    };
    let (mut node, mut last) = (old - 1, new - 1);
    let complete = node.trailing_ones();
    node >>= complete;
    last >>= complete;
    let (mut old_hash, mut new_hash) = (start, start);
    for sibling in rest {
        if last == 0 {
            return Err(wrong_length);
        }
        if node % 2 == 1 || node == last {
            old_hash = hash_children(sibling, &old_hash);
            new_hash = hash_children(sibling, &new_hash);
            while node.is_multiple_of(2) && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = hash_children(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length);
    }
    if old_hash == *old_root && new_hash == *new_root { Ok(()) } else { Err(ProofError::OtherRoot) }
}

/// The nodes that [`inclusion_path`] will ask for, so that a store can fetch them in one query beforehand. Empty when
/// the position is out of range.
#[must_use]
pub fn nodes_for_inclusion(index: u64, size: u64) -> Vec<NodeId> {
    let asked = Asked::default();
    match inclusion_path(&asked, index, size) {
        Ok(_) => asked.0.into_inner(),
        Err(_) => Vec::new(),
    }
}

/// The nodes that [`consistency_path`] will ask for. Empty when the sizes are out of range.
#[must_use]
pub fn nodes_for_consistency(old: u64, new: u64) -> Vec<NodeId> {
    let asked = Asked::default();
    match consistency_path(&asked, old, new) {
        Ok(_) => asked.0.into_inner(),
        Err(_) => Vec::new(),
    }
}

/// The complete subtrees that make up the tree of `size` leaves, widest first: what [`super::Frontier::load`] asks for.
#[must_use]
pub fn nodes_for_frontier(size: u64) -> Vec<NodeId> {
    (0..64u8)
        .rev()
        .filter(|level| (size >> level) & 1 == 1)
        .map(|level| NodeId { level, index: (size >> level) - 1 })
        .collect()
}

/// A reader that only notes what it is asked.
#[derive(Default)]
struct Asked(RefCell<Vec<NodeId>>);

impl NodeReader for Asked {
    fn node(&self, level: u8, index: u64) -> Result<Digest, NodeError> {
        self.0.borrow_mut().push(NodeId { level, index });
        Ok(Digest::new([0; 32]))
    }
}

/// Where RFC 9162 divides a range of at least two leaves: after the largest power of two below its length.
fn split(begin: u64, end: u64) -> u64 {
    begin + (1 << (end - begin - 1).ilog2())
}

fn roots_leaf_end_first(
    reader: &impl NodeReader,
    ranges: Vec<(u64, u64)>,
) -> Result<Vec<Digest>, ProofError> {
    debug_assert!(ranges.len() <= PATH_LIMIT, "a path is never longer than the tree is high");
    ranges.into_iter().rev().map(|(begin, end)| range_root(reader, begin, end)).collect()
}

/// The root over the leaves `begin..end`, where `begin` is a multiple of the largest power of two within the range.
fn range_root(reader: &impl NodeReader, begin: u64, end: u64) -> Result<Digest, ProofError> {
    let length = end - begin;
    let level = length.ilog2() as u8;
    let left = reader.node(level, begin >> level)?;
    if length.is_power_of_two() {
        return Ok(left);
    }
    let right = range_root(reader, begin + (1 << level), end)?;
    Ok(hash_children(&left, &right))
}
