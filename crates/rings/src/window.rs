//! The window: applications of the last days, what they share, and how common that is, while the borrower waits.
//!
//! The log itself is the index. Edges lie in arrival order in one ring; each points back to the previous edge of the same identifier.
//! Expiry takes from the front, and a pointer behind the front is the end of a list, so nothing is ever searched or unlinked.
//! An edge takes 12 bytes, a sighting 16, an identifier 16 and about seven in the table. Expiry is needed for more than memory:
//! without deletion honest communities become dense as well (Spade+, TKDE 2024).

use std::collections::VecDeque;

use hashbrown::HashTable;

use crate::{Application, Group, Identifier};

/// Most identifiers in one sighting.
pub const MOST_IDENTIFIERS: usize = 32;

/// How far the window reaches, and how common a thing may be before it says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowSpec {
    /// Seconds that a sighting stays.
    pub window_s: u32,
    /// Identifiers with more edges than this are hubs: they are counted but not walked.
    pub hub_cap: u32,
}

/// One application, seen with its identifiers at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Which application.
    pub application: Application,
    /// When it came in, in seconds since 1970, by the clock of the receiver.
    pub at_s: u32,
    /// What it was seen with.
    pub identifiers: Vec<Identifier>,
}

/// Why a sighting was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The log is in order of arrival, so that expiry needs no search.
    #[error(
        "the sighting is from {at_s}, but the log already stands at {now_s}; send it with the time of its arrival"
    )]
    Backwards {
        /// The time it bears.
        at_s: u32,
        /// The time of the log.
        now_s: u32,
    },
    /// More identifiers than an application can have.
    #[error("{count} identifiers in one sighting; send at most {MOST_IDENTIFIERS}")]
    TooMany {
        /// How many came.
        count: usize,
    },
    /// Positions are 32 bits wide and must not come round within the window.
    #[error("the window holds its most edges; shorten the window or split the log")]
    Full,
}

#[derive(Clone, Copy)]
struct Edge {
    node: u32,
    /// Position of the previous edge of the same identifier; its own position if there is none.
    previous: u32,
    sighting: u32,
}

#[derive(Clone, Copy)]
struct Seen {
    application: Application,
    at_s: u32,
    edges: u32,
}

#[derive(Clone, Copy)]
struct Node {
    key: u64,
    head: u32,
    degree: u32,
}

/// One identifier of an application, as others share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Which.
    pub identifier: Identifier,
    /// How many other applications, each counted once. Zero for a hub, which is not walked.
    pub others: u32,
    /// Edges of this identifier in the window.
    pub degree: u32,
    /// 1/ln(degree + 5) in millionths.
    pub weight_micro: u32,
    /// First and last time among the others, in seconds.
    pub between_s: (u32, u32),
}

/// What one application shares with others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Things that others have too.
    pub shared: Vec<Shared>,
    /// Things too common to be walked.
    pub hubs: Vec<Shared>,
    /// Every other application reached, once.
    pub others: Vec<Application>,
}

impl Evidence {
    /// Weighted strength of a group, in millionths: the sum of others times commonness weight.
    #[must_use]
    pub fn strength_micro(&self, group: Group) -> u64 {
        let of = |s: &&Shared| s.identifier.kind().group() == group;
        self.shared.iter().filter(of).map(|s| u64::from(s.others) * u64::from(s.weight_micro)).sum()
    }

    /// Most other applications behind any single thing of a group.
    #[must_use]
    pub fn widest(&self, group: Group) -> u32 {
        let of = |s: &&Shared| s.identifier.kind().group() == group;
        self.shared.iter().filter(of).map(|s| s.others).max().unwrap_or(0)
    }
}

/// The commonness weight of FRAUDAR (KDD 2016), 1/ln(d + 5), in millionths.
#[must_use]
pub fn commonness_micro(degree: u32) -> u32 {
    (1e6 / (f64::from(degree) + 5.0).ln()).round() as u32
}

/// The sightings of the last days, ready to be asked.
pub struct Window {
    spec: WindowSpec,
    now_s: u32,
    first_edge: u32,
    first_sighting: u32,
    edges: VecDeque<Edge>,
    sightings: VecDeque<Seen>,
    nodes: Vec<Node>,
    free: Vec<u32>,
    table: HashTable<u32>,
}

/// Keys are keyed hashes already; only the kind in the low bits must be spread.
const fn spread(key: u64) -> u64 {
    key.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

impl Window {
    /// An empty window with room for so many edges and identifiers; it grows beyond them with a pause.
    #[must_use]
    pub fn new(spec: WindowSpec, edges: usize, identifiers: usize) -> Self {
        Self {
            spec,
            now_s: 0,
            first_edge: 0,
            first_sighting: 0,
            edges: VecDeque::with_capacity(edges),
            sightings: VecDeque::with_capacity(edges / 8),
            nodes: Vec::with_capacity(identifiers),
            free: Vec::new(),
            table: HashTable::with_capacity(identifiers),
        }
    }

    /// Edges in the window.
    #[must_use]
    pub fn edges(&self) -> usize {
        self.edges.len()
    }

    /// The time at which the log stands, in seconds.
    #[must_use]
    pub fn now_s(&self) -> u32 {
        self.now_s
    }

    /// Moves the clock forward and drops what is older than the window. A clock that goes back is ignored.
    pub fn advance(&mut self, now_s: u32) {
        self.now_s = self.now_s.max(now_s);
        let horizon_s = self.now_s.saturating_sub(self.spec.window_s);
        while let Some(oldest) = self.sightings.front().copied().filter(|s| s.at_s < horizon_s) {
            for _ in 0..oldest.edges {
                self.drop_oldest_edge();
            }
            self.sightings.pop_front();
            self.first_sighting = self.first_sighting.wrapping_add(1);
        }
    }

    fn drop_oldest_edge(&mut self) {
        let Some(edge) = self.edges.pop_front() else { return };
        self.first_edge = self.first_edge.wrapping_add(1);
        let node = &mut self.nodes[edge.node as usize];
        node.degree -= 1;
        if node.degree == 0 {
            if let Ok(found) = self.table.find_entry(spread(node.key), |n| *n == edge.node) {
                found.remove();
            }
            self.free.push(edge.node);
        }
    }

    /// Takes a sighting and moves the clock to it. A thing named twice counts once.
    ///
    /// # Errors
    ///
    /// When the sighting is older than the log, too wide, or the window is full. Nothing is changed then.
    pub fn insert(&mut self, sighting: &Sighting) -> Result<(), Refused> {
        if sighting.at_s < self.now_s {
            return Err(Refused::Backwards { at_s: sighting.at_s, now_s: self.now_s });
        }
        if sighting.identifiers.len() > MOST_IDENTIFIERS {
            return Err(Refused::TooMany { count: sighting.identifiers.len() });
        }
        if self.edges.len() + MOST_IDENTIFIERS > (u32::MAX / 4) as usize {
            return Err(Refused::Full);
        }
        self.advance(sighting.at_s);
        let number = self.first_sighting.wrapping_add(narrow(self.sightings.len()));
        let mut edges = 0;
        for (i, identifier) in sighting.identifiers.iter().enumerate() {
            if !sighting.identifiers[..i].contains(identifier) {
                self.push_edge(*identifier, number);
                edges += 1;
            }
        }
        self.sightings.push_back(Seen { application: sighting.application, at_s: sighting.at_s, edges });
        Ok(())
    }

    fn push_edge(&mut self, identifier: Identifier, sighting: u32) {
        let position = self.first_edge.wrapping_add(narrow(self.edges.len()));
        let key = identifier.number();
        let found = self.table.find(spread(key), |n| self.nodes[*n as usize].key == key).copied();
        let node = found.unwrap_or_else(|| self.add_node(key, position));
        let entry = &mut self.nodes[node as usize];
        self.edges.push_back(Edge { node, previous: entry.head, sighting });
        entry.head = position;
        entry.degree += 1;
    }

    fn add_node(&mut self, key: u64, head: u32) -> u32 {
        let fresh = Node { key, head, degree: 0 };
        let node = if let Some(free) = self.free.pop() {
            self.nodes[free as usize] = fresh;
            free
        } else {
            self.nodes.push(fresh);
            narrow(self.nodes.len() - 1)
        };
        let nodes = &self.nodes;
        self.table.insert_unique(spread(key), node, |n| spread(nodes[*n as usize].key));
        node
    }

    /// What an application shares with others in the window. It need not be in the log yet.
    #[must_use]
    pub fn evidence(&self, application: Application, identifiers: &[Identifier]) -> Evidence {
        let mut evidence = Evidence::default();
        let mut here = Vec::new();
        for (i, identifier) in identifiers.iter().take(MOST_IDENTIFIERS).enumerate() {
            let key = identifier.number();
            let found = self.table.find(spread(key), |n| self.nodes[*n as usize].key == key);
            let Some(node) = found.filter(|_| !identifiers[..i].contains(identifier)) else { continue };
            let node = self.nodes[*node as usize];
            let weight_micro = commonness_micro(node.degree);
            let mut shared = Shared {
                identifier: *identifier,
                others: 0,
                degree: node.degree,
                weight_micro,
                between_s: (u32::MAX, 0),
            };
            if node.degree > self.spec.hub_cap {
                shared.between_s = (0, 0);
                evidence.hubs.push(shared);
                continue;
            }
            here.clear();
            self.walk(node.head, |seen| {
                if seen.application != application {
                    shared.between_s = (shared.between_s.0.min(seen.at_s), shared.between_s.1.max(seen.at_s));
                    here.push(seen.application);
                }
            });
            here.sort_unstable();
            here.dedup();
            if !here.is_empty() {
                shared.others = narrow(here.len());
                evidence.shared.push(shared);
                evidence.others.extend_from_slice(&here);
            }
        }
        evidence.others.sort_unstable();
        evidence.others.dedup();
        evidence
    }

    fn walk(&self, head: u32, mut visit: impl FnMut(&Seen)) {
        let mut position = head;
        while let Some(edge) = self.edges.get(position.wrapping_sub(self.first_edge) as usize) {
            if let Some(seen) = self.sightings.get(edge.sighting.wrapping_sub(self.first_sighting) as usize) {
                visit(seen);
            }
            if edge.previous == position {
                break;
            }
            position = edge.previous;
        }
    }
}

/// Lengths stay below a quarter of what 32 bits hold ([`Refused::Full`]).
const fn narrow(length: usize) -> u32 {
    length as u32
}
