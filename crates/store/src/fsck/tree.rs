//! The tree, node by node: each stored node must be the hash of its two stored children, and the right edge must lead to the
//! root. So one damaged node is one finding, and not one for each of its ancestors.

use mingbai_core::text::both;
use mingbai_evidence::Digest;
use mingbai_evidence::merkle::{NodeId, empty_root, hash_children};

use super::finding::{Area, Finding};

/// Levels of the highest tree.
pub(super) const LEVELS: usize = 53;

/// The nodes of one piece that became complete in it, by level; those of level 0 are the leaves.
pub(super) struct Piece {
    /// First leaf.
    pub(super) first: u64,
    /// One behind the last leaf.
    pub(super) end: u64,
    /// For each level its hashes from `first >> level` on; `None` where one is missing.
    pub(super) levels: Vec<Vec<Option<Digest>>>,
}

/// What is remembered of the pieces before: on each level the last node that still waits for its sibling.
pub(super) struct Edge {
    waiting: [Option<(u64, Digest)>; LEVELS],
    /// Nodes that were computed again.
    pub(super) nodes: u64,
}

impl Edge {
    pub(super) fn new() -> Self {
        Edge { waiting: [None; LEVELS], nodes: 0 }
    }

    /// Takes in the next piece.
    pub(super) fn take(&mut self, piece: &Piece) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (level, own) in piece.levels.iter().enumerate() {
            let base = piece.first >> level;
            if level > 0 {
                for (index, node) in (base..).zip(own) {
                    match (node, self.children(piece, level - 1, index)) {
                        (None, _) => findings.push(missing(level, index)),
                        (Some(node), Some((left, right))) => {
                            self.nodes += 1;
                            if hash_children(&left, &right) != *node {
                                findings.push(other(level, index));
                            }
                        }
                        // A child is missing, which has its own finding.
                        (Some(_), None) => {}
                    }
                }
            }
        }
        // Only now: the nodes above needed what was waiting before this piece.
        for (level, own) in piece.levels.iter().enumerate() {
            let end = piece.end >> level;
            let last_even = if end % 2 == 1 { end.checked_sub(1) } else { end.checked_sub(2) };
            let place =
                last_even.and_then(|index| index.checked_sub(piece.first >> level).map(|at| (index, at)));
            if let Some((index, at)) = place
                && let Some(node) = usize::try_from(at).ok().and_then(|at| own.get(at))
            {
                self.waiting[level] = node.map(|hash| (index, hash));
            }
        }
        findings
    }

    fn children(&self, piece: &Piece, level: usize, parent: u64) -> Option<(Digest, Digest)> {
        let (base, own) = (piece.first >> level, piece.levels.get(level)?);
        let inside = |index: u64| {
            let at = usize::try_from(index.checked_sub(base)?).ok()?;
            own.get(at).copied().flatten()
        };
        let before =
            |index: u64| self.waiting[level].filter(|(waiting, _)| *waiting == index).map(|(_, hash)| hash);
        let left = 2 * parent;
        let left = if left < base { before(left) } else { inside(left) };
        Some((left?, inside(2 * parent + 1)?))
    }

    /// The root of the first `size` records, where `size` lies in a piece that was not taken in yet; `None` when a node is missing.
    pub(super) fn root_inside(&self, piece: &Piece, size: u64) -> Option<Digest> {
        let mut root = None;
        for (level, waiting) in self.waiting.iter().enumerate().filter(|(level, _)| size >> level & 1 == 1) {
            let index = (size >> level) - 1;
            let hash = match index.checked_sub(piece.first >> level) {
                Some(at) => {
                    let at = usize::try_from(at).ok()?;
                    piece.levels.get(level).and_then(|own| own.get(at)).copied().flatten()?
                }
                None => waiting.filter(|(place, _)| *place == index)?.1,
            };
            root = Some(root.map_or(hash, |right| hash_children(&hash, &right)));
        }
        Some(root.unwrap_or_else(empty_root))
    }

    /// The root that the right edge of a tree of `size` leads to; `None` when a node of it is missing.
    pub(super) fn root(&self, size: u64) -> Option<Digest> {
        let mut root = None;
        for (level, waiting) in self.waiting.iter().enumerate().filter(|(level, _)| size >> level & 1 == 1) {
            let (index, hash) = (*waiting)?;
            if index != (size >> level) - 1 {
                return None;
            }
            root = Some(root.map_or(hash, |right| hash_children(&hash, &right)));
        }
        Some(root.unwrap_or_else(empty_root))
    }
}

/// The places of the inner nodes that become complete when the leaves `first..end` are there: level, first index, one behind.
pub(super) fn ranges(first: u64, end: u64) -> Vec<(u8, u64, u64)> {
    let levels = (1_u8..).take(LEVELS - 1);
    levels.map(|level| (level, first >> level, end >> level)).take_while(|(.., behind)| *behind > 0).collect()
}

fn missing(level: usize, index: u64) -> Finding {
    Finding::new(
        Area::Tree,
        both(
            format!("树的第 {level} 层第 {index} 个节点不在"),
            format!("node {index} on level {level} is missing"),
        ),
        both(
            "它下面的记录都在,所以它应当在;缺了它,有些记录的证明就做不出来",
            "its records are there, so it must be; without it the proofs of some records cannot be made",
        ),
    )
}

fn other(level: usize, index: u64) -> Finding {
    Finding::new(
        Area::Tree,
        both(
            format!("树的第 {level} 层第 {index} 个节点不对"),
            format!("node {index} on level {level} is another one"),
        ),
        both("它不是它两个子节点的摘要", "it is not the hash of its two children"),
    )
}

/// Something lies beyond the end of the tree.
pub(super) fn beyond(NodeId { level, index }: NodeId) -> Finding {
    let (zh, en) = match level {
        0 => {
            (format!("记录 {index} 在日志末尾之后"), format!("record {index} lies behind the end of the log"))
        }
        _ => (
            format!("树的第 {level} 层第 {index} 个节点在日志末尾之后"),
            format!("node {index} on level {level} lies behind the end of the log"),
        ),
    };
    let why = both(
        "树的大小里没有它:写了一半,或树的大小被改小了",
        "the tree's size does not count it: half written, or the size was made smaller",
    );
    Finding::new(Area::Tree, both(zh, en), why)
}

#[cfg(test)]
mod tests {
    use mingbai_evidence::merkle::Frontier;

    use super::*;

    /// A tree of `size` cut into pieces of `cut` leaves.
    fn pieces(size: u64, cut: u64) -> (Vec<Piece>, Digest) {
        let mut frontier = Frontier::new();
        let mut pieces = Vec::new();
        let mut first = 0;
        while first < size {
            let end = (first + cut).min(size);
            let mut levels = vec![Vec::new(); 1 + ranges(first, end).len()];
            for leaf in first..end {
                for node in frontier.append(Digest::of(&leaf.to_be_bytes())) {
                    levels[usize::from(node.level)].push(Some(node.hash));
                }
            }
            pieces.push(Piece { first, end, levels });
            first = end;
        }
        (pieces, frontier.root())
    }

    fn run(pieces: &[Piece]) -> (Edge, usize) {
        let mut edge = Edge::new();
        let found = pieces.iter().map(|piece| edge.take(piece).len()).sum();
        (edge, found)
    }

    #[test]
    fn a_whole_tree_holds_however_it_is_cut() {
        for size in [0, 1, 2, 3, 7, 8, 255, 256, 257, 1_000] {
            for cut in [1, 2, 3, 8, 100, 256] {
                let (pieces, root) = pieces(size, cut);
                let (edge, found) = run(&pieces);
                assert_eq!((found, edge.root(size)), (0, Some(root)), "{size} in pieces of {cut}");
                assert_eq!(edge.nodes, size - u64::from(size.count_ones()), "every inner node was computed");
            }
        }
    }

    #[test]
    fn the_root_of_every_size_is_known_while_its_piece_is_at_hand() {
        let sizes = 0..=300_u64;
        let roots: Vec<Digest> = sizes.map(|size| pieces(size, 64).1).collect();
        for cut in [1, 2, 7, 64, 300] {
            let mut edge = Edge::new();
            for piece in pieces(300, cut).0 {
                for size in piece.first + 1..=piece.end {
                    let at = usize::try_from(size).unwrap_or(0);
                    assert_eq!(edge.root_inside(&piece, size), Some(roots[at]), "{size} in pieces of {cut}");
                }
                edge.take(&piece);
            }
        }
    }

    #[test]
    fn one_changed_or_missing_node_is_found_where_it_is() {
        for cut in [1, 8, 64] {
            let (mut whole, _) = pieces(300, cut);
            let at = whole.iter().position(|piece| piece.levels.len() > 2 && !piece.levels[2].is_empty());
            let at = at.unwrap_or_else(|| panic!("no piece has a node on level 2"));
            whole[at].levels[2][0] = Some(Digest::of(b"other"));
            // Itself and its parent, and nothing above.
            assert_eq!(run(&whole).1, 2, "cut {cut}");
            whole[at].levels[2][0] = None;
            assert_eq!(run(&whole).1, 1, "cut {cut}");
        }
    }
}
