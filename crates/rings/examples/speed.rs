//! Speed and memory of rings, beside the published peeling on the same file: see `docs/rings.md`.
//!
//! `speed file EDGES.tsv` prints the block; `speed batch EDGES` and `speed window EDGES` measure made ones.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation
)]

use std::time::Instant;

use mingbai_rings::batch::{Graph, UnionFind, Weighting, core_numbers, densest_block};
use mingbai_rings::{Application, Identifier, Kind, Sighting, Window, WindowSpec};

/// A sequence that is the same everywhere (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `n`, small numbers much more often, as some addresses and networks are.
    fn skewed(&mut self, n: u64) -> u64 {
        let unit = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((unit * unit) * n as f64) as u64
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("file"), Some(path)) => file(&path),
        (Some("batch"), Some(edges)) => batch(edges.parse().expect("a number of edges")),
        (Some("window"), Some(edges)) => online(edges.parse().expect("a number of edges")),
        _ => println!("speed file EDGES.tsv | speed batch EDGES | speed window EDGES"),
    }
}

fn file(path: &str) {
    let text = std::fs::read_to_string(path).expect("a readable file of edges");
    let pairs = text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(|line| {
        let mut numbers = line.split_whitespace().map(|n| n.parse().expect("two numbers a line"));
        (numbers.next().expect("a row"), numbers.next().expect("a column"))
    });
    let pairs: Vec<(u32, u32)> = pairs.collect();
    let began = Instant::now();
    let graph = Graph::new(pairs).expect("fewer than 2^32 edges");
    let built = began.elapsed();
    let block = densest_block(&graph, Weighting::Commonness);
    let hash = |of: &[u32]| of.iter().fold(7_u64, |h, x| (h * 31 + u64::from(*x)) % 1_000_000_007);
    println!(
        "edges {} rows {} cols {} density {:.9} row-hash {} col-hash {} build {built:?} all {:?}",
        graph.edges(),
        block.rows.len(),
        block.cols.len(),
        block.density(),
        hash(&block.rows),
        hash(&block.cols),
        began.elapsed()
    );
}

fn batch(edges: u64) {
    let mut dice = Dice(1);
    let (rows, cols) = (edges / 8, edges / 5);
    let mut pairs: Vec<(u32, u32)> =
        (0..edges).map(|_| ((dice.next() % rows) as u32, dice.skewed(cols) as u32)).collect();
    // A block of 200 × 100, one pair in two.
    pairs.extend(
        (0..200_u32).flat_map(|r| (0..100).map(move |c| (r, c))).filter(|_| dice.next().is_multiple_of(2)),
    );
    let per_s = |count: usize, began: Instant| count as f64 / began.elapsed().as_secs_f64() / 1e6;
    let began = Instant::now();
    let mut sets = UnionFind::new((rows + cols) as u32);
    pairs.iter().for_each(|(r, c)| sets.join(*r, *c + rows as u32));
    println!("union-find {:.1} M edges/s", per_s(pairs.len(), began));
    let began = Instant::now();
    let graph = Graph::new(pairs).expect("fewer than 2^32 edges");
    println!("build {:.1} M edges/s on all cores", per_s(graph.edges(), began));
    let began = Instant::now();
    let cores = core_numbers(&graph);
    println!("k-core {:.1} M edges/s, largest {}", per_s(graph.edges(), began), cores.iter().max().unwrap());
    let began = Instant::now();
    let block = densest_block(&graph, Weighting::Commonness);
    println!(
        "peel {:.2} M edges/s: {} x {}, density {:.4}",
        per_s(graph.edges(), began),
        block.rows.len(),
        block.cols.len(),
        block.density()
    );
}

fn identifiers(dice: &mut Dice, applications: u64) -> Vec<Identifier> {
    let of = |kind: Kind, hash: u64| Identifier::new(kind, hash.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut all: Vec<Identifier> = [Kind::Device, Kind::Phone, Kind::Card, Kind::Contact]
        .into_iter()
        .map(|k| of(k, dice.next() % (applications * 9 / 10)))
        .collect();
    all.push(of(Kind::Address, dice.skewed(applications / 2)));
    all.push(of(Kind::Wifi, dice.skewed(applications / 3)));
    all.push(of(Kind::Ip, dice.skewed(applications / 3)));
    all.push(of(Kind::Employer, dice.skewed(applications / 20)));
    all
}

fn online(edges: u64) {
    let applications = edges / 8;
    let mut dice = Dice(2);
    let before = resident_kib();
    let spec = WindowSpec { window_s: applications as u32, hub_cap: 128 };
    let mut window = Window::new(spec, edges as usize + 64, (edges * 11 / 20) as usize);
    let mut took: Vec<u64> = Vec::new();
    for i in 0..applications + applications / 5 {
        let sighting = Sighting {
            application: Application(i),
            at_s: i as u32,
            identifiers: identifiers(&mut dice, applications),
        };
        let began = Instant::now();
        let evidence = window.evidence(sighting.application, &sighting.identifiers);
        window.insert(&sighting).expect("in order");
        let ns = began.elapsed().as_nanos() as u64;
        std::hint::black_box(evidence);
        if i > applications {
            took.push(ns);
        }
    }
    took.sort_unstable();
    let at = |per_mille: usize| took[took.len() * per_mille / 1000] as f64 / 1000.0;
    println!(
        "window of {} edges, evidence + insert + expire: p50 {:.1} us, p99 {:.1} us, p99.9 {:.1} us, max {:.0} us",
        window.edges(),
        at(500),
        at(990),
        at(999),
        took[took.len() - 1] as f64 / 1000.0
    );
    let kib = resident_kib().saturating_sub(before).saturating_sub(took.capacity() * 8 / 1024);
    println!("resident memory {:.1} bytes an edge", kib as f64 * 1024.0 / window.edges() as f64);
}

/// What the system says the process holds: unsafe code is forbidden here, and with it an allocator of our own that counts.
fn resident_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).and_then(|l| l.split_whitespace().nth(1));
    line.and_then(|n| n.parse().ok()).unwrap_or(0)
}
