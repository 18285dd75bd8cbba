//! The right edge of the tree: all that is needed to append leaves and to know the root. Keeps at most 53 hashes.

use serde::{Deserialize, Serialize};

use super::{NodeId, NodeReader, ProofError, SIZE_LIMIT, empty_root, hash_children, nodes_for_frontier};
use crate::digest::Digest;
use crate::text::Bilingual;

/// The compact range `0..size`: one hash per complete subtree, widest first, as many as `size` has binary ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Plain")]
pub struct Frontier {
    size: u64,
    nodes: Vec<Digest>,
}

/// The serialised form, checked on the way in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    size: u64,
    nodes: Vec<Digest>,
}

/// A subtree that became complete by an append. A store writes it in the same transaction as the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewNode {
    /// Height; 0 for the leaf itself.
    pub level: u8,
    /// Position within the level.
    pub index: u64,
    /// Its hash.
    pub hash: Digest,
}

impl Frontier {
    /// The tree without leaves.
    #[must_use]
    pub const fn new() -> Self {
        Frontier { size: 0, nodes: Vec::new() }
    }

    /// The frontier of a tree of `size` leaves whose nodes are stored.
    ///
    /// # Errors
    /// [`ProofError`] when `size` exceeds [`SIZE_LIMIT`] or a node cannot be had.
    pub fn load(reader: &impl NodeReader, size: u64) -> Result<Self, ProofError> {
        if size > SIZE_LIMIT {
            return Err(ProofError::OutOfRange { index: size, size: SIZE_LIMIT });
        }
        let nodes = nodes_for_frontier(size)
            .into_iter()
            .map(|NodeId { level, index }| reader.node(level, index))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Frontier { size, nodes })
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash and returns the subtrees that became complete by it: the leaf first, then its ancestors.
    ///
    /// A log that grows past [`SIZE_LIMIT`] (which takes centuries) keeps its tree, but proofs for it are refused.
    pub fn append(&mut self, leaf: Digest) -> Vec<NewNode> {
        let mut node = NewNode { level: 0, index: self.size, hash: leaf };
        let mut new = vec![node];
        // A node with an odd index is a right child whose left sibling is the last hash of the frontier.
        while node.index % 2 == 1 {
            let Some(left) = self.nodes.pop() else { break };
            node = NewNode {
                level: node.level + 1,
                index: node.index / 2,
                hash: hash_children(&left, &node.hash),
            };
            new.push(node);
        }
        self.nodes.push(node.hash);
        self.size += 1;
        new
    }

    /// The root over all leaves so far (RFC 9162 §2.1.1).
    #[must_use]
    pub fn root(&self) -> Digest {
        let folded = self.nodes.iter().rev().copied().reduce(|right, left| hash_children(&left, &right));
        folded.unwrap_or_else(empty_root)
    }
}

impl TryFrom<Plain> for Frontier {
    type Error = FrontierError;

    fn try_from(plain: Plain) -> Result<Self, Self::Error> {
        let Plain { size, nodes } = plain;
        if size > SIZE_LIMIT || nodes.len() != size.count_ones() as usize {
            return Err(FrontierError::Shape { size, hashes: nodes.len() });
        }
        Ok(Frontier { size, nodes })
    }
}

/// Why a stored frontier cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// The number of hashes does not belong to the size.
    #[error("a log of {size} records cannot have a right edge of {hashes} hashes; the store is damaged")]
    Shape {
        /// Leaves.
        size: u64,
        /// Hashes found.
        hashes: usize,
    },
}

impl Bilingual for FrontierError {
    fn zh(&self) -> String {
        match self {
            Self::Shape { size, hashes } => {
                format!("有 {size} 条记录的日志,其右边缘不可能是 {hashes} 个摘要;存储已损坏。")
            }
        }
    }

    fn en(&self) -> String {
        self.to_string()
    }
}
