//! The Merkle tree over the leaves of all records (RFC 9162 §2.1), as functions over stored complete subtrees.
//! Knows no storage: a store persists the nodes that [`Frontier::append`] returns and answers [`NodeReader`].
//!
//! A node `(level, index)` is the hash of the complete subtree over leaves `index·2^level .. (index+1)·2^level`;
//! level 0 are the leaves. Such a node never changes once it exists, which is why it can be stored and cached for good.

mod frontier;
mod proof;
#[cfg(test)]
mod tests;

pub use frontier::{Frontier, FrontierError, NewNode};
pub use proof::{
    consistency_path, inclusion_path, nodes_for_consistency, nodes_for_frontier, nodes_for_inclusion,
    verify_consistency, verify_inclusion,
};

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use crate::digest::Digest;
use crate::text::Bilingual;

/// The most leaves a tree may have, 2^53 − 1: what a verifier written in JavaScript can still count.
pub const SIZE_LIMIT: u64 = (1 << 53) - 1;
/// The most hashes an inclusion or consistency proof can have under [`SIZE_LIMIT`].
pub const PATH_LIMIT: usize = 54;

/// The leaf hash of an entry: SHA-256(0x00 ‖ bytes).
#[must_use]
pub fn hash_leaf(bytes: &[u8]) -> Digest {
    Digest::of_parts(&[&[0], bytes])
}

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn hash_children(left: &Digest, right: &Digest) -> Digest {
    Digest::of_parts(&[&[1], left.as_bytes(), right.as_bytes()])
}

/// The root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Digest {
    Digest::of(&[])
}

/// The place of a complete subtree: `index` counts subtrees of 2^`level` leaves from the left, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// Height; 0 for leaves, at most 52.
    pub level: u8,
    /// Position within the level.
    pub index: u64,
}

/// Where the hashes of complete subtrees come from.
pub trait NodeReader {
    /// The hash of the subtree `(level, index)`, which is complete in every tree for which a proof is asked.
    ///
    /// # Errors
    /// [`NodeError`] when it is not stored or cannot be read.
    fn node(&self, level: u8, index: u64) -> Result<Digest, NodeError>;
}

impl NodeReader for BTreeMap<NodeId, Digest> {
    fn node(&self, level: u8, index: u64) -> Result<Digest, NodeError> {
        self.get(&NodeId { level, index }).copied().ok_or(NodeError::Missing { level, index })
    }
}

impl<S: BuildHasher> NodeReader for HashMap<NodeId, Digest, S> {
    fn node(&self, level: u8, index: u64) -> Result<Digest, NodeError> {
        self.get(&NodeId { level, index }).copied().ok_or(NodeError::Missing { level, index })
    }
}

/// Why a node could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NodeError {
    /// The store does not have it.
    #[error(
        "node {index} on level {level} of the log's tree is missing; the store is damaged, check and restore it"
    )]
    Missing {
        /// Its level.
        level: u8,
        /// Its index.
        index: u64,
    },
    /// The store failed.
    #[error("the log's tree could not be read ({why}); try again, then check the store")]
    Unreadable {
        /// What the store says.
        why: String,
    },
}

/// Why a proof cannot be made or does not prove what it claims.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The index or size lies outside the tree.
    #[error("position {index} lies outside a tree of {size}; ask for a position below the size")]
    OutOfRange {
        /// The index, or the older size.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The path has the wrong number of hashes for its place.
    #[error("the proof has {found} hashes, which is not the number that its place needs; it was damaged")]
    Length {
        /// Hashes found.
        found: usize,
    },
    /// The path leads to another root.
    #[error("the proof leads to another root: the content, the proof or the checkpoint was changed")]
    OtherRoot,
    /// A node that the proof needs could not be had.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl Bilingual for NodeError {
    fn zh(&self) -> String {
        match self {
            Self::Missing { level, index } => {
                format!("日志树第 {level} 层第 {index} 个节点缺失;存储已损坏,请检查并恢复。")
            }
            Self::Unreadable { why } => format!("日志树无法读取({why});请重试,仍不行请检查存储。"),
        }
    }

    fn en(&self) -> String {
        self.to_string()
    }
}

impl Bilingual for ProofError {
    fn zh(&self) -> String {
        match self {
            Self::OutOfRange { index, size } => {
                format!("位置 {index} 不在大小为 {size} 的日志里;位置必须小于大小。")
            }
            Self::Length { found } => format!("证明含 {found} 个摘要,与其位置所需的个数不符;证明已损坏。"),
            Self::OtherRoot => "证明推出的根与检查点不同:内容、证明或检查点被改动过。".to_owned(),
            Self::Node(error) => error.zh(),
        }
    }

    fn en(&self) -> String {
        self.to_string()
    }
}
