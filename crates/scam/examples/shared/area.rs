//! The area under the curve.

/// Area under the curve by ranks; ties count half.
pub fn area(scored: &[(f64, bool)]) -> f64 {
    let mut all = scored.to_vec();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut sum, mut below) = (0.0, 0.0);
    for same in all.chunk_by(|a, b| a.0 == b.0) {
        let scams = same.iter().filter(|s| s.1).count() as f64;
        let others = same.len() as f64 - scams;
        sum += scams * (below + others / 2.0);
        below += others;
    }
    let scams = all.iter().filter(|s| s.1).count() as f64;
    sum / (scams * (all.len() as f64 - scams)).max(1.0)
}
