//! Components: who is linked to whom at all.

/// Disjoint sets with path halving; the smaller number leads, so the answer does not depend on the order of edges.
#[derive(Clone, Debug)]
pub struct UnionFind {
    parent: Vec<u32>,
}

impl UnionFind {
    /// Every one alone.
    #[must_use]
    pub fn new(count: u32) -> Self {
        Self { parent: (0..count).collect() }
    }

    /// The smallest number of its set.
    pub fn find(&mut self, mut x: u32) -> u32 {
        loop {
            let up = self.parent[x as usize];
            if up == x {
                return x;
            }
            let over = self.parent[up as usize];
            self.parent[x as usize] = over;
            x = over;
        }
    }

    /// Joins two sets.
    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        if a < b {
            self.parent[b as usize] = a;
        } else {
            self.parent[a as usize] = b;
        }
    }
}
