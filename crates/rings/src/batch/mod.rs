//! The whole log at once: components, cores and the densest weighted block.

mod core;
mod graph;
mod heap;
mod peel;
mod union;

pub use core::core_numbers;
pub use graph::Graph;
pub use peel::{Block, Weighting, densest_block};
pub use union::UnionFind;
