//! The views on labelled sets: `cargo run -p mingbai-scam --release --example sets -- FOLDER [OUT]`, where FOLDER has `tft5.jsonl`, `fbs.jsonl`
//! and `tele.jsonl` (unpacked from the sets that `docs/benchmarks.md` names) and OUT takes the very splits, so that `scripts/scam_peers.py`
//! measures other programs on the same rows.
//!
//! In-set (random and by groups of near duplicates, three seeds), disguised, across sets, and speed on one core. Nothing here is shipped.

#[path = "shared/area.rs"]
mod area;
#[path = "shared/attack.rs"]
mod attack;
#[path = "shared/groups.rs"]
mod groups;
#[path = "shared/sets.rs"]
mod sets;

use std::time::Instant;

use mingbai_scam::model::{Bench, Recipe};
use mingbai_scam::{Checker, Scratch};
use sets::{Set, Split, macro_f1, mean_and_spread};

/// A view to measure.
#[derive(Clone, Copy)]
struct Lane {
    name: &'static str,
    by_sound: bool,
    recipe: Recipe,
}

fn lanes(long: bool) -> [Lane; 2] {
    let recipe = |bits| Recipe { bits, large: long, penalty: 1.0, passes: 12, seed: 1 };
    [
        Lane { name: "characters 1–2", by_sound: false, recipe: recipe(16) },
        Lane { name: "sounds 1–3", by_sound: true, recipe: recipe(if long { 15 } else { 16 }) },
    ]
}

const SEEDS: [u64; 3] = [0, 1, 2];

fn train(set: &Set, rows: &[usize], lane: Lane) -> Bench {
    let texts: Vec<(String, usize)> = rows.iter().map(|i| set.rows[*i].clone()).collect();
    Bench::train(&texts, set.classes.len(), lane.by_sound, lane.recipe)
}

fn guess(bench: &[&Bench], classes: usize, text: &str, scratch: &mut Scratch) -> usize {
    let mut sums = [0.0; 16];
    for bench in bench {
        for (sum, own) in sums.iter_mut().zip(bench.margins(text, scratch)) {
            *sum += own;
        }
    }
    (0..classes).max_by(|a, b| sums[*a].total_cmp(&sums[*b])).unwrap_or(0)
}

fn in_set(set: &Set, out: Option<&str>) {
    for grouped in [false, true] {
        let (mut figures, mut both_figures) = (vec![Vec::new(); 2], Vec::new());
        for seed in SEEDS {
            let split = if grouped { Split::by_group(set, seed) } else { Split::at_random(set, seed) };
            if let Some(out) = out {
                split.write(
                    set,
                    &format!("{out}/{}-{}-{seed}", set.name, if grouped { "groups" } else { "random" }),
                );
            }
            let benches = lanes(false).map(|lane| train(set, &split.train, lane));
            let mut scratch = Scratch::default();
            let mut score = |use_of: &[&Bench]| {
                let pairs: Vec<(usize, usize)> = split
                    .test
                    .iter()
                    .map(|i| {
                        (set.rows[*i].1, guess(use_of, set.classes.len(), &set.rows[*i].0, &mut scratch))
                    })
                    .collect();
                macro_f1(&pairs, set.classes.len())
            };
            for (bench, figures) in benches.iter().zip(&mut figures) {
                figures.push(score(&[bench]));
            }
            both_figures.push(score(&[&benches[0], &benches[1]]));
        }
        let how = if grouped { "by groups" } else { "at random" };
        for (lane, figures) in lanes(false).iter().zip(&figures) {
            println!("{} {how}: {} macro-F1 {}", set.name, lane.name, mean_and_spread(figures));
        }
        println!("{} {how}: both together macro-F1 {}", set.name, mean_and_spread(&both_figures));
    }
}

/// Trained on plain text, asked about disguised text. The tables of the disguises are the attack's own.
fn disguised(set: &Set) {
    let split = Split::at_random(set, 0);
    let benches = lanes(false).map(|lane| train(set, &split.train, lane));
    let uses: [(&str, Vec<&Bench>); 3] = [
        ("characters", vec![&benches[0]]),
        ("sounds", vec![&benches[1]]),
        ("both", vec![&benches[0], &benches[1]]),
    ];
    let normal = set.classes.iter().position(|c| c == "normal").unwrap_or(0);
    for attack in attack::ALL {
        let mut line = format!("{} {:18}", set.name, attack.name());
        for (name, benches) in &uses {
            let mut scratch = Scratch::default();
            let pairs: Vec<(usize, usize)> = split
                .test
                .iter()
                .map(|i| {
                    let (text, class) = &set.rows[*i];
                    let text = attack.apply(text, *i as u64);
                    (*class, guess(benches, set.classes.len(), &text, &mut scratch))
                })
                .collect();
            let scams: Vec<_> = pairs.iter().filter(|(class, _)| *class != normal).collect();
            let caught = scams.iter().filter(|(_, guess)| *guess != normal).count();
            let recall = 100.0 * caught as f64 / scams.len().max(1) as f64;
            line += &format!(" | {name} {:.1} / {recall:.1}", macro_f1(&pairs, set.classes.len()));
        }
        println!("{line}");
    }
}

/// Trained on one whole set, asked about another: scam or not.
fn across(from: &Set, to: &Set) {
    let scam = |set: &Set, class: usize| set.scam(class);
    let rows = from.rows.iter().map(|(t, c)| (t.clone(), usize::from(scam(from, *c)))).collect();
    let two = Set { name: from.name.clone(), classes: vec!["other".into(), "scam".into()], rows };
    let all: Vec<usize> = (0..two.rows.len()).collect();
    let benches = lanes(false).map(|lane| train(&two, &all, lane));
    let mut scratch = Scratch::default();
    let scored: Vec<(f64, bool)> = to
        .rows
        .iter()
        .map(|(text, class)| {
            let sum: f64 = benches.iter().map(|b| b.margins(text, &mut scratch)).map(|m| m[1] - m[0]).sum();
            (sum, scam(to, *class))
        })
        .collect();
    let share = |scam: bool| {
        let side = scored.iter().filter(|s| s.1 == scam);
        100.0 * side.clone().filter(|s| s.0 > 0.0).count() as f64 / side.count().max(1) as f64
    };
    println!(
        "{} → {}: recall {:.1} %, false alarms {:.1} %, area {:.3}",
        from.name,
        to.name,
        share(true),
        share(false),
        area::area(&scored)
    );
}

/// The shipped check, which was trained on no row of any set.
fn shipped(to: &Set) {
    let mut scratch = Scratch::default();
    let scored: Vec<(f64, bool)> = to
        .rows
        .iter()
        .filter_map(|(text, class)| {
            Some((Checker::shipped().score(text, &mut scratch).ok()?.log_odds, to.scam(*class)))
        })
        .collect();
    println!("shipped check → {}: area {:.3}", to.name, area::area(&scored));
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn timed(name: &str, texts: &[&str], work: &mut dyn FnMut(&str)) {
    let bytes: usize = texts.iter().map(|t| t.len()).sum();
    let mut best = f64::MAX;
    for _ in 0..10 {
        let start = Instant::now();
        for text in texts {
            work(text);
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{name}: {:.0} texts/s, {:.0} MB/s", texts.len() as f64 / best, bytes as f64 / best / 1e6);
}

fn speed(set: &Set) {
    let texts: Vec<&str> = set.rows.iter().map(|(t, _)| t.as_str()).collect();
    let mut lengths: Vec<usize> = texts.iter().map(|t| t.chars().count()).collect();
    lengths.sort_unstable();
    println!("{}: {} texts, median {} characters", set.name, texts.len(), lengths[lengths.len() / 2]);
    let split = Split::at_random(set, 0);
    for lane in lanes(false) {
        let bench = train(set, &split.train, lane);
        let mut scratch = Scratch::default();
        timed(&format!("{} {}", set.name, lane.name), &texts, &mut |text| {
            std::hint::black_box(bench.ask(text, &mut scratch));
        });
    }
    let mut scratch = Scratch::default();
    timed(&format!("{} shipped, scored", set.name), &texts, &mut |text| {
        let _ = std::hint::black_box(Checker::shipped().score(text, &mut scratch));
    });
    timed(&format!("{} shipped, explained", set.name), &texts, &mut |text| {
        let _ = std::hint::black_box(Checker::shipped().check(text, &mut scratch));
    });
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| panic!("which folder?"));
    let out = std::env::args().nth(2);
    let sets = ["tft5", "fbs", "tele"].map(|name| Set::read(&folder, name));
    let [tft5, fbs, tele] = &sets;
    for set in [tft5, fbs] {
        in_set(set, out.as_deref());
    }
    disguised(tft5);
    for (from, to) in [(tft5, fbs), (fbs, tft5), (tft5, tele), (tele, tft5), (fbs, tele)] {
        across(from, to);
    }
    for set in &sets {
        shipped(set);
    }
    speed(tft5);
    speed(fbs);
}
