//! Components, cores and peeling against twins that look at everything every time.

use mingbai_rings::batch::{Block, Graph, UnionFind, Weighting, core_numbers, densest_block};
use proptest::prelude::*;

/// Peels as the paper says, looking at every node every time.
fn slow(pairs: &[(u32, u32)], weighting: Weighting) -> Block {
    let rows = pairs.iter().map(|p| p.0 + 1).max().unwrap_or(0);
    let cols = pairs.iter().map(|p| p.1 + 1).max().unwrap_or(0);
    let scale = 4_294_967_296.0_f64;
    let weight = |c: u32| {
        let degree = pairs.iter().filter(|p| p.1 == c).count() as f64;
        let w = if weighting == Weighting::Even { scale } else { (scale / (degree + 5.0).ln()).round() };
        w as u64
    };
    let mut r: Vec<u32> = (0..rows).collect();
    let mut c: Vec<u32> = (0..cols).collect();
    let sum = |r: &[u32], c: &[u32]| -> u64 {
        pairs.iter().filter(|p| r.contains(&p.0) && c.contains(&p.1)).map(|p| weight(p.1)).sum()
    };
    let mut best = Block { rows: r.clone(), cols: c.clone(), weight: sum(&r, &c) };
    while !r.is_empty() && !c.is_empty() {
        let row = r.iter().map(|x| (sum(&[*x], &c), *x)).min().unwrap();
        let col = c.iter().map(|x| (sum(&r, &[*x]), *x)).min().unwrap();
        if row.0 <= col.0 {
            r.retain(|x| *x != row.1)
        } else {
            c.retain(|x| *x != col.1)
        }
        let now = sum(&r, &c);
        let nodes = |b: &Block| (b.rows.len() + b.cols.len()) as u128;
        if u128::from(now) * nodes(&best) > u128::from(best.weight) * (r.len() + c.len()) as u128 {
            best = Block { rows: r.clone(), cols: c.clone(), weight: now };
        }
    }
    best
}

proptest! {
    #[test]
    fn peeling_is_the_paper(mut pairs in prop::collection::vec((0_u32..12, 0_u32..10), 1..60)) {
        let graph = Graph::new(pairs.clone()).unwrap();
        pairs.sort_unstable();
        pairs.dedup();
        for weighting in [Weighting::Commonness, Weighting::Even] {
            prop_assert_eq!(densest_block(&graph, weighting), slow(&pairs, weighting));
        }
    }

    #[test]
    fn cores_keep_their_promise(pairs in prop::collection::vec((0_u32..15, 0_u32..15), 1..90)) {
        let graph = Graph::new(pairs.clone()).unwrap();
        let cores = core_numbers(&graph);
        let rows = graph.rows();
        let mut unique = pairs;
        unique.sort_unstable();
        unique.dedup();
        for k in 1..8 {
            // The k-core by taking away whatever has too few, until nothing has.
            let mut left = unique.clone();
            loop {
                let before = left.len();
                let now = left.clone();
                left.retain(|p| now.iter().filter(|q| q.0 == p.0).count() >= k && now.iter().filter(|q| q.1 == p.1).count() >= k);
                if left.len() == before { break; }
            }
            for p in &unique {
                let inside = left.iter().any(|q| q.0 == p.0);
                prop_assert_eq!(cores[p.0 as usize] as usize >= k, inside);
                let inside = left.iter().any(|q| q.1 == p.1);
                prop_assert_eq!(cores[rows + p.1 as usize] as usize >= k, inside);
            }
        }
    }

    #[test]
    fn joined_means_reachable(pairs in prop::collection::vec((0_u32..20, 0_u32..20), 0..25)) {
        let mut sets = UnionFind::new(20);
        pairs.iter().for_each(|(a, b)| sets.join(*a, *b));
        let mut label: Vec<u32> = (0..20).collect();
        for _ in 0..20 {
            for (a, b) in &pairs {
                let least = label[*a as usize].min(label[*b as usize]);
                label[*a as usize] = least;
                label[*b as usize] = least;
            }
        }
        for x in 0..20 { prop_assert_eq!(sets.find(x), label[x as usize]); }
    }
}

#[test]
fn the_injected_block_of_the_published_example_is_found() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/fraudar_example/example.txt");
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("not run: no shared data beside the repository");
        return;
    };
    let number = |t: Option<&str>| t.unwrap().parse().unwrap();
    let pairs = text.lines().filter(|l| !l.is_empty()).map(|l| {
        let mut t = l.split_whitespace();
        (number(t.next()), number(t.next()))
    });
    let block = densest_block(&Graph::new(pairs.collect()).unwrap(), Weighting::Commonness);
    let all: Vec<u32> = (0..20).collect();
    assert_eq!((block.rows, block.cols), (all.clone(), all));
}
