//! Weighing: logistic regression by gradient descent, with an exponential of our own so that every machine finds the same numbers.

/// Least factor of what the lexicon says for a scam. It was written from official descriptions and reviewed; the views have seen a thousand
/// lines by one author, on which they look better than they are.
const STRUCTURE_MIN: f64 = 0.35;

/// For and against by the lexicon, scam by characters and by sounds, and the absence of a warning's tone.
pub(super) const FEATURES: usize = 5;

/// One case: what is known about a text, and whether it is a scam.
pub(super) struct Case {
    pub(super) features: [f64; FEATURES],
    pub(super) scam: bool,
    pub(super) weight: f64,
}

/// e^x by repeated squaring: exact to about 1e-4, and the same to the last bit everywhere. `f64::exp` is not.
fn exp(x: f64) -> f64 {
    let mut y = 1.0 + x.clamp(-30.0, 30.0) / 4096.0;
    for _ in 0..12 {
        y *= y;
    }
    y
}

/// Start and factors. Factors are never negative: more evidence may not mean less.
pub(super) fn fit(cases: &[Case]) -> [f64; FEATURES + 1] {
    let mut w = [0.5; FEATURES + 1];
    w[0] = 0.0;
    let total: f64 = cases.iter().map(|c| c.weight).sum();
    for _ in 0..4000 {
        let mut gradient = [0.0; FEATURES + 1];
        for case in cases {
            let sum = w[0] + w.iter().skip(1).zip(case.features).map(|(w, f)| w * f).sum::<f64>();
            let error = (1.0 / (1.0 + exp(-sum)) - if case.scam { 1.0 } else { 0.0 }) * case.weight / total;
            gradient[0] += error;
            for (g, f) in gradient.iter_mut().skip(1).zip(case.features) {
                *g += error * f;
            }
        }
        for (i, (w, g)) in w.iter_mut().zip(gradient).enumerate() {
            // A little weight decay: the texts are few, and their author is the lexicon's.
            let decay = if i == 0 { 0.0 } else { 0.002 * *w };
            *w -= 0.3 * (g + decay);
            if i > 0 {
                *w = w.max(if i == 1 { STRUCTURE_MIN } else { 0.0 });
            }
        }
    }
    w
}
