//! The densest weighted block by peeling: the objective of FRAUDAR (Hooi et al., KDD 2016) in exact arithmetic.
//!
//! Weights are integers, so that sums of ten million of them lose nothing: with 32-bit floats the tail of the peeling drifted and
//! named a single row as the densest block of such a graph. Ties fall as in the reference: rows before columns, then by number.

use super::Graph;
use super::heap::Heap;

const SCALE: f64 = 4_294_967_296.0;

/// How much an edge counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weighting {
    /// 1/ln(degree of the column + 5): what everybody has says little.
    Commonness,
    /// Every edge alike.
    Even,
}

/// A block and how dense it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Rows, ascending.
    pub rows: Vec<u32>,
    /// Columns, ascending.
    pub cols: Vec<u32>,
    /// Total weight inside, in units of 2⁻³².
    pub weight: u64,
}

impl Block {
    /// Weight per row and column, for people; comparisons inside are exact.
    #[must_use]
    pub fn density(&self) -> f64 {
        self.weight as f64 / SCALE / (self.rows.len() + self.cols.len()).max(1) as f64
    }
}

fn weight_of(weighting: Weighting, degree: usize) -> u64 {
    match weighting {
        Weighting::Commonness => (SCALE / (degree as f64 + 5.0).ln()).round() as u64,
        Weighting::Even => SCALE as u64,
    }
}

/// Peels the lightest node again and again, and returns the state whose weight per node was highest.
#[must_use]
pub fn densest_block(graph: &Graph, weighting: Weighting) -> Block {
    let (rows, cols) = (graph.rows(), graph.cols());
    let weights: Vec<u64> = (0..cols).map(|c| weight_of(weighting, graph.of_col(c).len())).collect();
    let mut keys: Vec<u64> =
        (0..rows).map(|r| graph.of_row(r).iter().map(|c| weights[*c as usize]).sum()).collect();
    keys.extend((0..cols).map(|c| weights[c] * graph.of_col(c).len() as u64));
    let mut total: u64 = keys[..rows].iter().sum();
    let (mut best, mut best_left, mut best_taken) = (total, rows + cols, 0);
    let (mut rows_left, mut cols_left) = (rows, cols);
    let mut taken = Vec::with_capacity(rows + cols);
    let mut heap = Heap::new(&keys);
    while rows_left > 0 && cols_left > 0 {
        let Some((key, node)) = heap.pop() else { break };
        let v = node as usize;
        total -= key;
        if v < rows {
            rows_left -= 1;
            graph.of_row(v).iter().for_each(|c| heap.lower(rows + *c as usize, weights[*c as usize]));
        } else {
            cols_left -= 1;
            graph.of_col(v - rows).iter().for_each(|r| heap.lower(*r as usize, weights[v - rows]));
        }
        taken.push(v);
        let left = rows_left + cols_left;
        // total/left > best/best_left without a division.
        if u128::from(total) * best_left as u128 > u128::from(best) * left as u128 {
            (best, best_left, best_taken) = (total, left, taken.len());
        }
    }
    let mut inside = vec![true; rows + cols];
    taken[..best_taken].iter().for_each(|v| inside[*v] = false);
    let chosen = |of: &[bool]| (0..).zip(of).filter(|(_, stays)| **stays).map(|(i, _)| i).collect();
    Block { rows: chosen(&inside[..rows]), cols: chosen(&inside[rows..]), weight: best }
}
