//! How well the lanes do on texts of our own that they have not seen: `cargo run -p mingbai-scam --release --example folds`.
//!
//! Choices between variants are made by these figures, never by the real cases. Once by parts of all texts, once by leaving a whole family
//! out of the training, which is what a new kind of fraud looks like.

#[path = "shared/mod.rs"]
mod shared;

use mingbai_scam::ScamType;
use mingbai_scam::model::{Class, HeldOut, Split, held_out};
use shared::{Scored, area, recall_at, tell};

fn scored(all: &[HeldOut]) -> Vec<Scored> {
    all.iter().map(|h| (h.margin, h.class.is_scam())).collect()
}

/// Share of the scams whose family is among the first two.
fn named(all: &[HeldOut]) -> f64 {
    let right = |h: &&HeldOut| {
        let Class::Scam(family) = h.class else { return false };
        let own = h.families[family.index()];
        h.families.iter().filter(|other| **other > own).count() < 2
    };
    let scams = all.iter().filter(|h| h.class.is_scam()).count();
    100.0 * all.iter().filter(right).count() as f64 / scams.max(1) as f64
}

fn main() {
    let folds = held_out(Split::Folds);
    println!("five parts, {} texts; family among the first two {:.1} %", folds.len(), named(&folds));
    tell(&scored(&folds));
    let families = held_out(Split::Families);
    println!("a family left out, all together");
    tell(&scored(&families));
    let (mut areas, mut recalls) = (0.0, 0.0);
    for family in ScamType::ALL {
        let round: Vec<HeldOut> = families.iter().filter(|h| h.round == family.index()).copied().collect();
        let own = scored(&round);
        println!(
            "  without {}: area {:.3}, recall at 5 % {:.1} %",
            family.key(),
            area(&own),
            recall_at(&own, 5)
        );
        areas += area(&own) / ScamType::ALL.len() as f64;
        recalls += recall_at(&own, 5) / ScamType::ALL.len() as f64;
    }
    println!("mean over the families: area {areas:.3}, recall at 5 % {recalls:.1} %");
}
