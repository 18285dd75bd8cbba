//! One calibration of a file of answers, timed: `cargo bench -p mingbai-learn --bench calibrate -- FILE QUESTIONS`.
//!
//! FILE holds one byte an answer, 0 or 1, person after person, as `scripts/learn_peers.py race` writes it. Without arguments, as when all benches
//! run, it simulates 20,000 people itself. Prints one line of JSON. Time includes packing the rows; reading the file does not count.
#![allow(clippy::disallowed_methods, reason = "a benchmark measures real time")]

use std::time::Instant;

use mingbai_learn::calibrate::{Effort, Errors, Model, Responses, calibrate};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let (bytes, questions) = match arguments.as_slice() {
        [file, questions] => (std::fs::read(file)?, questions.parse()?),
        _ => (simulated(20_000, 40), 40),
    };
    let started = Instant::now();
    let responses = packed(&bytes, questions)?;
    let packed_s = started.elapsed().as_secs_f64();
    // As many points as girth lays by default.
    let effort = Effort { points: 41, errors: Errors::None, tolerance: 1e-5, ..Effort::USUAL };
    let told = calibrate(&responses, Model::OwnSlopes, &effort)?;
    let seconds = started.elapsed().as_secs_f64();
    let again = Instant::now();
    calibrate(&responses, Model::OwnSlopes, &Effort { errors: Errors::CrossProducts, ..effort })?;
    let slopes: Vec<f64> = told.estimates.iter().map(|e| e.slope).collect();
    let difficulties: Vec<f64> = told.estimates.iter().map(|e| e.difficulty()).collect();
    println!(
        "{}",
        serde_json::json!({
            "seconds": seconds, "packing": packed_s, "with_errors": packed_s + again.elapsed().as_secs_f64(), "rounds": told.rounds,
            "patterns": responses.patterns(), "loglik": told.loglik, "slopes": slopes, "difficulties": difficulties,
        })
    );
    Ok(())
}

fn packed(bytes: &[u8], questions: usize) -> Result<Responses, Box<dyn std::error::Error>> {
    let mut builder = Responses::builder(questions)?;
    let mut row = vec![None; questions];
    for person in bytes.chunks_exact(questions) {
        row.iter_mut().zip(person).for_each(|(to, byte)| *to = Some(*byte == 1));
        builder.add(&row, 1)?;
    }
    Ok(builder.finish()?)
}

fn simulated(people: usize, questions: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut unit = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut bytes = Vec::with_capacity(people * questions);
    for _ in 0..people {
        let theta: f64 = (0..12).map(|_| unit()).sum::<f64>() - 6.0;
        for question in 0..questions {
            let logit = 1.2 * theta + 0.1 * question as f64 - 2.0;
            bytes.push(u8::from(unit() < 1.0 / (1.0 + (-logit).exp())));
        }
    }
    bytes
}
