//! Calibration: logistic regression by gradient descent, with an exponential of our own so that every machine finds the same numbers.

/// One held-out text: its margin, and whether it is a scam.
pub(super) struct Case {
    pub(super) margin: f64,
    pub(super) scam: bool,
}

/// e^x by repeated squaring: exact to about 1e-4, and the same to the last bit everywhere. `f64::exp` is not.
fn exp(x: f64) -> f64 {
    let mut y = 1.0 + x.clamp(-30.0, 30.0) / 4096.0;
    for _ in 0..12 {
        y *= y;
    }
    y
}

/// Start and factor that turn a margin into log-odds. Scams and others count alike, however many there are of each: how common scams are
/// among what people paste is not known.
pub(super) fn fit(cases: &[Case]) -> (f64, f64) {
    let (mut start, mut factor) = (0.0, 1.0);
    let share = |scam: bool| 0.5 / cases.iter().filter(|c| c.scam == scam).count().max(1) as f64;
    let (of_scams, of_others) = (share(true), share(false));
    for _ in 0..4000 {
        let (mut by_start, mut by_factor) = (0.0, 0.0);
        for case in cases {
            let (wanted, share) = if case.scam { (1.0, of_scams) } else { (0.0, of_others) };
            let error = (1.0 / (1.0 + exp(-(start + factor * case.margin))) - wanted) * share;
            by_start += error;
            by_factor += error * case.margin;
        }
        start -= by_start;
        factor = f64::max(factor - by_factor, 0.0);
    }
    (start, factor)
}

/// The least score at which no more than `ppm` of a million held-out innocent texts would be called a scam.
pub(super) fn threshold(innocent: &mut [f64], ppm: usize) -> f64 {
    innocent.sort_by(|a, b| b.total_cmp(a));
    let allowed = innocent.len() * ppm / 1_000_000;
    innocent.get(allowed).map_or(f64::MAX, |worst| worst + 1e-6)
}
