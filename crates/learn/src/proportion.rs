//! A share of people with its interval, always with its denominator.

use statrs::distribution::{Beta, ContinuousCDF, Normal};

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    count: u64,
    of: u64,
}

/// A two-sided interval, both ends between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Share {
    /// `None` if nobody could have, or more did than could.
    #[must_use]
    pub fn new(count: u64, of: u64) -> Option<Self> {
        (of > 0 && count <= of).then_some(Self { count, of })
    }

    /// How many did.
    #[must_use]
    pub fn count(self) -> u64 {
        self.count
    }

    /// The denominator.
    #[must_use]
    pub fn of(self) -> u64 {
        self.of
    }

    /// 0 to 1.
    #[must_use]
    pub fn value(self) -> f64 {
        self.count as f64 / self.of as f64
    }

    /// Wilson's interval (1927) at 95 %: right on average, and never beyond 0 or 1.
    #[must_use]
    pub fn wilson(self) -> Range {
        let (n, p, z) = (self.of as f64, self.value(), z(0.975));
        let centre = p + z * z / (2.0 * n);
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + z * z / n;
        Range { low: ((centre - half) / scale).max(0.0), high: ((centre + half) / scale).min(1.0) }
    }

    /// Clopper and Pearson's interval (1934) at 95 %: never right less often than said, hence wider.
    #[must_use]
    pub fn clopper_pearson(self) -> Range {
        let (k, n) = (self.count as f64, self.of as f64);
        let end = |a: f64, b: f64, p: f64| Beta::new(a, b).map_or(f64::NAN, |beta| quantile(&beta, p));
        let low = if self.count == 0 { 0.0 } else { end(k, n - k + 1.0, 0.025) };
        let high = if self.count == self.of { 1.0 } else { end(k + 1.0, n - k, 0.975) };
        Range { low, high }
    }
}

/// By halving: the library's own search stops early for flat ends.
fn quantile(beta: &Beta, p: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if beta.cdf(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The standard normal bell's quantile.
pub(crate) fn z(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}
