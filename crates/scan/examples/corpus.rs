//! The measurement behind `docs/scan.md`: thousands of generated pictures, honest and forged, and what the crate says of them.
//! `cargo run --release -p mingbai-scan --example corpus -- genuine 1000 150`; modes: `codes`, `genuine`, `forged`, `in-place`. Prints every
//! miss with its seed, so that one picture can be made again and looked at: `... forged 1 150 SEED FOLDER` writes what the camera took
//! and both sides of the split screen into the folder.
#![expect(clippy::unwrap_used, reason = "a measurement stops at the first surprise")]

#[path = "../tests/forge/mod.rs"]
mod forge;
#[path = "../tests/it/round.rs"]
mod round;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use mingbai_scan::Answer;
use round::{Outcome, Papers};

#[derive(Default)]
struct Tally {
    all: usize,
    answers: BTreeMap<Answer, usize>,
    codes: usize,
    wrong_codes: usize,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let word = |i: usize, or: &str| args.get(i).cloned().unwrap_or_else(|| or.to_owned());
    let number = |i: usize, or: &str| {
        word(i, or).parse::<f64>().unwrap_or_else(|_| panic!("{}: not a number", word(i, or)))
    };
    let mode = word(0, "genuine");
    let (count, dpi, first) = (number(1, "100") as u64, number(2, "150"), number(3, "0") as u64);
    let folder = args.get(4).map(std::path::PathBuf::from);
    let papers = Papers::open();
    let (next, tallies) = (AtomicU64::new(first), Mutex::new(BTreeMap::<String, Tally>::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count {
                return;
            }
            let outcome = match mode.as_str() {
                "codes" => papers.code(seed, dpi),
                "genuine" => papers.genuine(seed, dpi),
                "forged" => papers.forged(seed, dpi),
                "in-place" => papers.in_place(seed, dpi),
                other => panic!("{other}: not one of codes, genuine, forged, in-place"),
            };
            if let Some(folder) = &folder {
                outcome.keep(folder, seed);
            }
            let mut tallies = tallies.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            count_in(&mut tallies, &mode, seed, &outcome);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let tallies = tallies.into_inner().unwrap_or_default();
    for (name, tally) in &tallies {
        println!(
            "{name:28} {:5} pictures, code read {:5}, wrong {}, answers {:?}",
            tally.all, tally.codes, tally.wrong_codes, tally.answers
        );
    }
}

fn count_in(tallies: &mut BTreeMap<String, Tally>, mode: &str, seed: u64, outcome: &Outcome) {
    for name in [outcome.name.clone(), format!("= {mode}")] {
        let tally = tallies.entry(name).or_default();
        tally.all += 1;
        *tally.answers.entry(outcome.answer).or_default() += 1;
        tally.codes += usize::from(outcome.code_read);
        tally.wrong_codes += usize::from(outcome.code_wrong);
    }
    let wanted = if matches!(mode, "forged" | "in-place") { Answer::Contradicted } else { Answer::Holds };
    if outcome.answer != wanted || outcome.code_wrong {
        println!("seed {seed}: {} {:?}: {}", outcome.name, outcome.answer, outcome.told);
    }
}
