//! Golden texts, figures to the fen, bytes that repeat, and hostile input.

use std::sync::OnceLock;

use mingbai_cost::Lang;
use mingbai_paper::{DocKind, Paper, TypeSize};

use crate::fixture::{context, table};

const ALL: [DocKind; 3] = [DocKind::CostTable, DocKind::Plan, DocKind::Notice];

pub fn paper() -> &'static Paper {
    static PAPER: OnceLock<Paper> = OnceLock::new();
    PAPER.get_or_init(|| Paper::new().unwrap())
}

/// Writes the papers where a person can look at them: `cargo test -p mingbai-paper -- --ignored write_samples`.
#[test]
#[ignore = "writes sample files to target/papers for a person to look at"]
fn write_samples() {
    let out = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    for lang in [Lang::Zh, Lang::En] {
        for size in [TypeSize::Normal, TypeSize::Large] {
            for kind in ALL {
                let begin = std::time::Instant::now();
                let pdf = paper().pdf(kind, &context(lang, size), &table(5_000_000, 12)).unwrap();
                let name = format!("{}-{lang:?}-{size:?}.pdf", kind.name());
                println!("{name}: {} bytes, {} ms", pdf.len(), begin.elapsed().as_millis());
                std::fs::write(out.join(name), pdf).unwrap();
            }
        }
    }
}
