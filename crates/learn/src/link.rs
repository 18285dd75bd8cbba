//! Two forms on one scale, by the questions that both have (anchors).
//!
//! Each calibration puts its own population at mean 0 and deviation 1. If θ is the new form's scale, A·θ + B is the old one's. Mean and sigma
//! (Marco 1977) takes A and B from the anchors' difficulties; Stocking & Lord (1983) chooses them so that the anchors' expected number of right
//! answers is the same curve on both, and is the one to report.

use thiserror::Error;

use crate::calibrate::Grid;
use crate::irt::{BadItem, Item};

/// θ(old) = `stretch`·θ(new) + `shift`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// A.
    pub stretch: f64,
    /// B.
    pub shift: f64,
}

/// Why two forms cannot be linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotLinked {
    /// Two at least; five are a sensible least.
    #[error("{0} common questions: at least 2 are needed")]
    TooFew(usize),
    /// All anchors are equally hard, so they do not tell the stretch.
    #[error("the common questions are all equally hard: they cannot tell how the scales stretch")]
    Flat,
    /// Stocking–Lord ran away.
    #[error("the common questions behave so differently on the two forms that no link fits")]
    NoFit,
}

impl Link {
    /// An ability of the new scale on the old.
    #[must_use]
    pub fn ability(self, theta: f64) -> f64 {
        self.stretch * theta + self.shift
    }

    /// A question of the new form on the old scale: a / A and d − a·B / A.
    ///
    /// # Errors
    /// When the result is no usable curve.
    pub fn item(self, item: Item) -> Result<Item, BadItem> {
        let slope = item.slope() / self.stretch;
        Item::new(slope, item.intercept() - slope * self.shift)
    }
}

/// From the anchors' difficulties alone: pairs of (new form, old form).
///
/// # Errors
/// Fewer than two anchors, or all equally hard.
pub fn mean_sigma(anchors: &[(Item, Item)]) -> Result<Link, NotLinked> {
    if anchors.len() < 2 {
        return Err(NotLinked::TooFew(anchors.len()));
    }
    let n = anchors.len() as f64;
    let moments = |of: fn(&(Item, Item)) -> Item| {
        let mean = anchors.iter().map(|pair| of(pair).difficulty()).sum::<f64>() / n;
        let square = anchors.iter().map(|pair| (of(pair).difficulty() - mean).powi(2)).sum::<f64>() / n;
        (mean, square.sqrt())
    };
    let ((new, new_sigma), (old, old_sigma)) = (moments(|pair| pair.0), moments(|pair| pair.1));
    if new_sigma < 1e-9 || old_sigma < 1e-9 {
        return Err(NotLinked::Flat);
    }
    let stretch = old_sigma / new_sigma;
    Ok(Link { stretch, shift: old - stretch * new })
}

/// By the anchors' expected number of right answers, over the old form's population.
///
/// # Errors
/// As [`mean_sigma`], or when no link fits.
pub fn stocking_lord(anchors: &[(Item, Item)]) -> Result<Link, NotLinked> {
    let mut link = mean_sigma(anchors)?;
    let grid = Grid::new(61);
    let mut cost = loss(anchors, &grid, link).0;
    for _ in 0..100 {
        let (_, g, h) = loss(anchors, &grid, link);
        let det = h[0] * h[2] - h[1] * h[1];
        if det <= 0.0 {
            return Err(NotLinked::NoFit);
        }
        let step = [(h[2] * g[0] - h[1] * g[1]) / det, (h[0] * g[1] - h[1] * g[0]) / det];
        let mut by = 1.0;
        let next = loop {
            let tried = Link { stretch: link.stretch - by * step[0], shift: link.shift - by * step[1] };
            let better = tried.stretch > 0.05 && loss(anchors, &grid, tried).0 <= cost;
            if better || by < 1e-6 {
                break better.then_some(tried);
            }
            by /= 2.0;
        };
        let Some(next) = next else { break };
        let moved = (next.stretch - link.stretch).abs().max((next.shift - link.shift).abs());
        link = next;
        cost = loss(anchors, &grid, link).0;
        if moved < 1e-10 {
            break;
        }
    }
    (link.stretch.is_finite() && (0.05..20.0).contains(&link.stretch)).then_some(link).ok_or(NotLinked::NoFit)
}

/// Squared distance of the two curves, its gradient by (A, B), and Gauss and Newton's curvature [AA, AB, BB].
fn loss(anchors: &[(Item, Item)], grid: &Grid, link: Link) -> (f64, [f64; 2], [f64; 3]) {
    let (mut cost, mut g, mut h) = (0.0, [0.0; 2], [0.0; 3]);
    for (theta, weight) in grid.points.iter().zip(&grid.weights) {
        let back = (theta - link.shift) / link.stretch;
        let (mut off, mut slope) = (0.0, 0.0);
        for (new, old) in anchors {
            let p = new.chance(back);
            off += p - old.chance(*theta);
            slope += new.slope() * p * (1.0 - p);
        }
        // The new curve at ability t is its own at (t − B) / A.
        let (by_stretch, by_shift) = (-slope * back / link.stretch, -slope / link.stretch);
        cost += weight * off * off;
        g[0] += weight * off * by_stretch;
        g[1] += weight * off * by_shift;
        h[0] += weight * by_stretch * by_stretch;
        h[1] += weight * by_stretch * by_shift;
        h[2] += weight * by_shift * by_shift;
    }
    (cost, g, h)
}
