//! Milliseconds and bytes per paper, one core: `cargo bench -p mingbai-paper`. Plain figures, no statistics: a paper takes
//! long enough for the mean of a few to say what a branch will feel.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first surprise")]

use std::time::Instant;

use mingbai_cost::{Fen, Lang};
use mingbai_paper::{DocKind, Paper, TypeSize};

#[path = "../tests/it/fixture.rs"]
mod fixture;

const ROUNDS: u32 = 20;

fn main() {
    let begin = Instant::now();
    let paper = Paper::new().unwrap();
    println!("fonts and templates: {} ms", begin.elapsed().as_millis());
    for (name, spec) in
        [("honest 12", fixture::honest(2_000_000, 12)), ("costly 36", fixture::costly(5_000_000, 36))]
    {
        for kind in DocKind::ALL {
            let (mut bytes, mut first_us) = (0, 0);
            let begin = Instant::now();
            for round in 0..ROUNDS {
                // Another principal each round, so that nothing but labels can come from the typesetter's memory.
                let mut spec = spec.clone();
                spec.principal_fen = Fen::new(spec.principal_fen.get() + i64::from(round) * 12_345);
                let mut doc = fixture::context(Lang::Zh, TypeSize::Normal);
                doc.reference = format!("2026 1123 0042 {round:04}");
                bytes += paper.pdf(kind, &fixture::with(kind, &doc), &fixture::table(spec)).unwrap().len();
                if round == 0 {
                    first_us = begin.elapsed().as_micros();
                }
            }
            let mean_us = begin.elapsed().as_micros() / u128::from(ROUNDS);
            println!(
                "{name:10} {:10} first {:4}.{} ms, mean {:4}.{} ms, {} bytes",
                kind.name(),
                first_us / 1000,
                first_us / 100 % 10,
                mean_us / 1000,
                mean_us / 100 % 10,
                bytes / ROUNDS as usize
            );
        }
    }
}
