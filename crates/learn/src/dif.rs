//! Is a question harder for one group than for another of the same ability? Mantel–Haenszel over people with the same number of right answers,
//! with the classes of the Educational Testing Service (Holland & Thayer 1988; Zieky 1993).
//!
//! Why it matters here: a question that villagers miss because of its wording, and not for lack of knowledge, makes a campaign in villages
//! look worse than it is.

use crate::calibrate::upper_tail;

/// Which group somebody belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The group that is compared with.
    Reference,
    /// The group that the question may be unfair to.
    Focal,
}

/// The Educational Testing Service's classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Negligible: |Δ| < 1, or not different from 0.
    A,
    /// Moderate: look at the wording.
    B,
    /// Large: |Δ| ≥ 1.5 and above 1 beyond doubt. Not to be used for comparing these groups.
    C,
}

/// One question's finding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dif {
    /// Common odds ratio of a right answer, reference to focal.
    pub odds: f64,
    /// Δ = −2.35·ln(odds); negative: harder for the focal group than it should be.
    pub delta: f64,
    /// Its standard error (Robins, Breslow & Greenland 1986).
    pub delta_error: f64,
    /// Mantel–Haenszel chi-squared, with continuity correction, one degree.
    pub chi2: f64,
    /// Chance of such a difference or a larger one if there is none.
    pub p: f64,
    /// A, B or C.
    pub class: Class,
}

/// Δ per unit of log odds.
const DELTA: f64 = 2.35;

/// Sums over the lots of people with the same number right.
#[derive(Default)]
struct Sums {
    r: f64,
    s: f64,
    pr: f64,
    ps_qr: f64,
    qs: f64,
    seen: f64,
    told: f64,
    variance: f64,
}

/// Every question's finding over complete rows; `None` where a group or an answer is missing. Rows of another length are left out.
#[must_use]
pub fn dif(items: usize, rows: &[(Group, Vec<bool>)]) -> Vec<Option<Dif>> {
    // [lot][item] = reference right, reference not, focal right, focal not.
    let mut lots = vec![vec![[0.0_f64; 4]; items]; items + 1];
    for (group, row) in rows.iter().filter(|(_, row)| row.len() == items) {
        let sum = row.iter().filter(|right| **right).count();
        for (item, right) in row.iter().enumerate() {
            let side = if *group == Group::Reference { 0 } else { 2 };
            lots[sum][item][side + usize::from(!right)] += 1.0;
        }
    }
    (0..items).map(|item| judge(lots.iter().map(|lot| lot[item]))).collect()
}

fn judge(lots: impl Iterator<Item = [f64; 4]>) -> Option<Dif> {
    let mut sums = Sums::default();
    for [a, b, c, d] in lots {
        let n = a + b + c + d;
        if n < 2.0 {
            continue;
        }
        let (r, s, p, q) = (a * d / n, b * c / n, (a + d) / n, (b + c) / n);
        sums.r += r;
        sums.s += s;
        sums.pr += p * r;
        sums.ps_qr += p * s + q * r;
        sums.qs += q * s;
        sums.seen += a;
        sums.told += (a + b) * (a + c) / n;
        sums.variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1.0));
    }
    if sums.r <= 0.0 || sums.s <= 0.0 || sums.variance <= 0.0 {
        return None;
    }
    let odds = sums.r / sums.s;
    let variance = sums.pr / (2.0 * sums.r * sums.r)
        + sums.ps_qr / (2.0 * sums.r * sums.s)
        + sums.qs / (2.0 * sums.s * sums.s);
    let (delta, delta_error) = (-DELTA * odds.ln(), DELTA * variance.sqrt());
    let chi2 = ((sums.seen - sums.told).abs() - 0.5).max(0.0).powi(2) / sums.variance;
    let p = upper_tail(chi2, 1.0)?;
    let beyond_one = (delta.abs() - 1.0) / delta_error > 1.645;
    let class = match delta.abs() {
        size if size >= 1.5 && beyond_one => Class::C,
        size if size >= 1.0 && p < 0.05 => Class::B,
        _ => Class::A,
    };
    Some(Dif { odds, delta, delta_error, chi2, p, class })
}
