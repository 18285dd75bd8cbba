//! A bipartite graph in two compressed directions, eight bytes an edge.

use rayon::slice::ParallelSliceMut;

/// Rows (applications) and columns (identifiers), each edge once.
#[derive(Clone, Debug)]
pub struct Graph {
    pub(super) row_starts: Vec<u32>,
    pub(super) row_to: Vec<u32>,
    pub(super) col_starts: Vec<u32>,
    pub(super) col_to: Vec<u32>,
}

impl Graph {
    /// Takes pairs of row and column; repeated pairs count once, as in the published reference. Sorting uses all cores.
    ///
    /// Returns nothing if there are more than 2³² − 1 edges, or rows and columns together.
    #[must_use]
    pub fn new(mut pairs: Vec<(u32, u32)>) -> Option<Self> {
        pairs.par_sort_unstable();
        pairs.dedup();
        u32::try_from(pairs.len()).ok()?;
        let rows = pairs.iter().map(|p| p.0 as usize + 1).max().unwrap_or(0);
        let cols = pairs.iter().map(|p| p.1 as usize + 1).max().unwrap_or(0);
        u32::try_from(rows + cols).ok()?;
        let row_starts = starts(rows, pairs.iter().map(|p| p.0));
        let col_starts = starts(cols, pairs.iter().map(|p| p.1));
        let mut next = col_starts.clone();
        let mut col_to = vec![0; pairs.len()];
        for (row, col) in &pairs {
            let at = &mut next[*col as usize];
            col_to[*at as usize] = *row;
            *at += 1;
        }
        let row_to = pairs.into_iter().map(|p| p.1).collect();
        Some(Self { row_starts, row_to, col_starts, col_to })
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.row_starts.len() - 1
    }

    /// Number of columns.
    #[must_use]
    pub fn cols(&self) -> usize {
        self.col_starts.len() - 1
    }

    /// Number of different edges.
    #[must_use]
    pub fn edges(&self) -> usize {
        self.row_to.len()
    }

    pub(super) fn of_row(&self, row: usize) -> &[u32] {
        &self.row_to[self.row_starts[row] as usize..self.row_starts[row + 1] as usize]
    }

    pub(super) fn of_col(&self, col: usize) -> &[u32] {
        &self.col_to[self.col_starts[col] as usize..self.col_starts[col + 1] as usize]
    }
}

fn starts(count: usize, ends: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0_u32; count + 1];
    for end in ends {
        starts[end as usize + 1] += 1;
    }
    for i in 0..count {
        starts[i + 1] += starts[i];
    }
    starts
}
