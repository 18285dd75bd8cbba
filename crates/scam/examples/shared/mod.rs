//! Figures that the examples have in common: area, recall at a share of false alarms, bootstrap intervals.

mod area;

pub use area::area;
use mingbai_scam::model::Dice;

/// A score and whether it belongs to a scam.
pub type Scored = (f64, bool);

/// Shares of false alarms at which recall is told, in per cent.
pub const ALARMS: [usize; 5] = [1, 2, 3, 5, 10];

/// Highest recall whose false alarms are at most that many per cent.
pub fn recall_at(scored: &[Scored], per_cent: usize) -> f64 {
    let mut others: Vec<f64> = scored.iter().filter(|s| !s.1).map(|s| s.0).collect();
    others.sort_by(|a, b| b.total_cmp(a));
    let allowed = others.len() * per_cent / 100;
    let bar = others.get(allowed).copied().unwrap_or(f64::MIN);
    let scams = scored.iter().filter(|s| s.1).count();
    let over = scored.iter().filter(|s| s.1 && s.0 > bar).count();
    100.0 * over as f64 / scams.max(1) as f64
}

/// The middle 95 % of a figure over 2,000 draws with replacement, scams and others apart.
pub fn interval(scored: &[Scored], figure: &dyn Fn(&[Scored]) -> f64) -> (f64, f64) {
    let (scams, others): (Vec<Scored>, Vec<Scored>) = scored.iter().partition(|s| s.1);
    let mut dice = Dice(20_261_126);
    let mut figures: Vec<f64> = (0..2000)
        .map(|_| {
            let mut draw = Vec::with_capacity(scored.len());
            for side in [&scams, &others] {
                draw.extend((0..side.len()).filter_map(|_| side.get(dice.below(side.len()))).copied());
            }
            figure(&draw)
        })
        .collect();
    figures.sort_by(f64::total_cmp);
    let at = |share: usize| figures.get(figures.len() * share / 1000).copied().unwrap_or(0.0);
    (at(25), at(975))
}

/// Area and recall at each share of false alarms, each with its interval.
pub fn tell(scored: &[Scored]) {
    let (low, high) = interval(scored, &area);
    println!("area under the curve {:.3} ({low:.3}–{high:.3})", area(scored));
    for per_cent in ALARMS {
        let figure = |s: &[Scored]| recall_at(s, per_cent);
        let (low, high) = interval(scored, &figure);
        println!("recall at {per_cent:2} % false alarms: {:5.1} % ({low:.1}–{high:.1})", figure(scored));
    }
}
