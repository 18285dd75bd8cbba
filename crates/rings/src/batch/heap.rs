//! A heap of nodes by weight whose keys only fall: four children to a node, so that they lie in one cache line.

pub struct Heap {
    entries: Vec<(u64, u32)>,
    place: Vec<u32>,
}

const GONE: u32 = u32::MAX;

impl Heap {
    pub fn new(keys: &[u64]) -> Self {
        let entries: Vec<(u64, u32)> = keys.iter().copied().zip(0..).collect();
        let mut heap = Self { place: (0..).take(entries.len()).collect(), entries };
        for at in (0..heap.entries.len().div_ceil(4)).rev() {
            heap.sink(at);
        }
        heap
    }

    /// Takes the smallest key; of equal ones the smallest node.
    pub fn pop(&mut self) -> Option<(u64, u32)> {
        let last = self.entries.pop()?;
        let Some(root) = self.entries.first_mut() else {
            self.place[last.1 as usize] = GONE;
            return Some(last);
        };
        let top = std::mem::replace(root, last);
        self.place[top.1 as usize] = GONE;
        self.sink(0);
        Some(top)
    }

    /// Lowers a node's key; a node that was taken is left alone.
    pub fn lower(&mut self, node: usize, by: u64) {
        let place = self.place[node];
        if place == GONE {
            return;
        }
        let mut at = place as usize;
        let mut entry = self.entries[at];
        entry.0 -= by;
        while at > 0 {
            let up = (at - 1) / 4;
            if self.entries[up] <= entry {
                break;
            }
            self.put(at, self.entries[up]);
            at = up;
        }
        self.put(at, entry);
    }

    fn sink(&mut self, mut at: usize) {
        let entry = self.entries[at];
        loop {
            let first = at * 4 + 1;
            let end = (first + 4).min(self.entries.len());
            let Some(least) = (first..end).min_by_key(|i| self.entries[*i]) else { break };
            if entry <= self.entries[least] {
                break;
            }
            self.put(at, self.entries[least]);
            at = least;
        }
        self.put(at, entry);
    }

    fn put(&mut self, at: usize, entry: (u64, u32)) {
        self.entries[at] = entry;
        self.place[entry.1 as usize] = at as u32;
    }
}
