//! What did the teaching change? Taught people against people who wait for it, both tested twice; or, without a waiting group, only what
//! changed, which is not the same and is named so.
//!
//! People of one session are alike, so sessions and not heads decide how sure a figure is (see `regress`: CR2). "Not enough to tell" is a
//! result like the others: a figure whose interval holds 0, or that rests on a handful of sessions, is never rounded up to a success.

use std::collections::{BTreeMap, BTreeSet};

use statrs::distribution::{ContinuousCDF, StudentsT};
use thiserror::Error;

use crate::regress;

/// Which group somebody was put in before anybody was taught.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arm {
    /// Taught between the two tests.
    Taught,
    /// Taught only after the second test.
    Waiting,
}

/// One person, as put in a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Person {
    /// Who was taught, or waits, together: the session or the village.
    pub cluster: u32,
    /// Her group.
    pub arm: Arm,
    /// First test.
    pub before: Option<f64>,
    /// Second test.
    pub after: Option<f64>,
}

/// What stands behind a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Design {
    /// Difference between taught and waiting people in the second test, adjusted for the first.
    Compared,
    /// Mean change of taught people. Whatever else happened in these weeks, and having seen the test before, is in it.
    OnlyBeforeAndAfter,
}

/// Why nothing can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The interval holds 0.
    MayBeNothing,
    /// Too few sessions: below four degrees of freedom the interval itself cannot be trusted.
    FewClusters,
}

/// What the figure says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// More than before, beyond chance.
    Gain,
    /// Less than before, beyond chance.
    Loss,
    /// Not enough to tell.
    NotEnough(Why),
}

/// The effect with everything that it must be shown with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uplift {
    /// What it rests on.
    pub design: Design,
    /// The effect, in units of the test.
    pub difference: f64,
    /// Its cluster-robust standard error (CR2).
    pub error: f64,
    /// Satterthwaite's degrees of freedom.
    pub degrees: f64,
    /// 95 % interval.
    pub low: f64,
    /// 95 % interval.
    pub high: f64,
    /// Chance of such a difference or a larger one if there is none, both sides.
    pub p: f64,
    /// Standard error by the usual sandwich (CR1), for who wants to compare.
    pub cr1_error: f64,
    /// Standard deviation of the first test within groups: what "effect size" is measured in, because teaching has not touched it.
    pub deviation: f64,
    /// Difference / deviation.
    pub effect_size: f64,
    /// Taught people with both tests.
    pub taught: usize,
    /// Waiting people with both tests.
    pub waiting: usize,
    /// Sessions of both groups with anybody tested twice.
    pub clusters: usize,
    /// What it says.
    pub finding: Finding,
}

/// Why there is no figure at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoFigure {
    /// Nobody taught has both tests.
    #[error("nobody who was taught has both tests: link the second test to the first by the person's key")]
    NobodyTested,
    /// One session only in a group.
    #[error(
        "a group has fewer than two sessions: whatever happened in that one session cannot be told from the teaching"
    )]
    OneCluster,
    /// No spread in the first test, or the groups are the same thing as the first test.
    #[error("the tests do not differ between people: there is nothing to compare")]
    NoSpread,
    /// Satterthwaite's degrees of freedom are below one: nearly everybody sits in one session.
    #[error(
        "nearly everybody tested belongs to one session: whatever happened there cannot be told from the teaching"
    )]
    Lopsided,
    /// A result that is no number.
    #[error("a result is not a number")]
    NotANumber,
}

/// Below this the interval is not trusted (Satterthwaite's approximation fails; Pustejovsky & Tipton 2018).
const FEWEST_DEGREES: f64 = 4.0;

/// The effect of teaching on one outcome. With a waiting group it is compared; without one it is named [`Design::OnlyBeforeAndAfter`].
///
/// # Errors
/// When nobody was tested twice, a group is a single session, or nothing varies.
pub fn uplift(people: &[Person]) -> Result<Uplift, NoFigure> {
    let finite = |x: Option<f64>| x.is_none_or(f64::is_finite);
    if !people.iter().all(|p| finite(p.before) && finite(p.after)) {
        return Err(NoFigure::NotANumber);
    }
    let linked: Vec<(&Person, f64, f64)> =
        people.iter().filter_map(|p| Some((p, p.before?, p.after?))).collect();
    let of = |arm: Arm| linked.iter().filter(|(p, _, _)| p.arm == arm).count();
    let (taught, waiting) = (of(Arm::Taught), of(Arm::Waiting));
    if taught == 0 {
        return Err(NoFigure::NobodyTested);
    }
    let design = if waiting > 0 { Design::Compared } else { Design::OnlyBeforeAndAfter };
    let (clusters, many) = numbered(&linked, waiting).ok_or(NoFigure::OneCluster)?;
    let deviation = within(&linked).filter(|d| *d > 1e-12).ok_or(NoFigure::NoSpread)?;
    let middle = linked.iter().map(|(_, before, _)| before).sum::<f64>() / linked.len() as f64;
    let (columns, asked) = if design == Design::Compared { (3, 1) } else { (1, 0) };
    let mut x = Vec::with_capacity(linked.len() * columns);
    let mut y = Vec::with_capacity(linked.len());
    for (p, before, after) in &linked {
        x.push(1.0);
        if design == Design::Compared {
            x.extend([if p.arm == Arm::Taught { 1.0 } else { 0.0 }, before - middle]);
            y.push(*after);
        } else {
            y.push(after - before);
        }
    }
    let fitted = regress::fit(columns, &x, &y, &clusters).ok_or(NoFigure::NoSpread)?;
    let (cr1, cr2) = (fitted.cr1(asked), fitted.cr2(asked));
    let figure = Figure { difference: fitted.beta[asked], error: cr2.error, degrees: cr2.degrees };
    if figure.degrees < 1.0 {
        return Err(NoFigure::Lopsided);
    }
    let (low, high, p) = figure.interval().ok_or(NoFigure::NoSpread)?;
    let finding = match () {
        () if cr2.degrees < FEWEST_DEGREES => Finding::NotEnough(Why::FewClusters),
        () if low > 0.0 => Finding::Gain,
        () if high < 0.0 => Finding::Loss,
        () => Finding::NotEnough(Why::MayBeNothing),
    };
    Ok(Uplift {
        design,
        difference: figure.difference,
        error: cr2.error,
        degrees: cr2.degrees,
        low,
        high,
        p,
        cr1_error: cr1.error,
        deviation,
        effect_size: figure.difference / deviation,
        taught,
        waiting,
        clusters: many,
        finding,
    })
}

/// The cluster of each row, numbered from 0, and how many there are; `None` when a group that has people is a single one.
fn numbered(linked: &[(&Person, f64, f64)], waiting: usize) -> Option<(Vec<usize>, usize)> {
    let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
    let number = |(p, _, _): &(&Person, f64, f64)| {
        let next = numbers.len();
        *numbers.entry(p.cluster).or_insert(next)
    };
    let clusters: Vec<usize> = linked.iter().map(number).collect();
    let sessions = |arm: Arm| {
        let own = linked.iter().filter(|(p, _, _)| p.arm == arm);
        own.map(|(p, _, _)| p.cluster).collect::<BTreeSet<_>>().len()
    };
    let enough = sessions(Arm::Taught) >= 2 && (waiting == 0 || sessions(Arm::Waiting) >= 2);
    enough.then_some((clusters, numbers.len()))
}

struct Figure {
    difference: f64,
    error: f64,
    degrees: f64,
}

impl Figure {
    fn interval(&self) -> Option<(f64, f64, f64)> {
        let t = StudentsT::new(0.0, 1.0, self.degrees).ok()?;
        let half = quantile(&t, 0.975)? * self.error;
        let p = if self.error > 0.0 { 2.0 * t.sf((self.difference / self.error).abs()) } else { 1.0 };
        half.is_finite().then_some((self.difference - half, self.difference + half, p.min(1.0)))
    }
}

/// Of a t distribution, above its median, by doubling and halving: the library's own search does not always end.
pub(crate) fn quantile(t: &StudentsT, p: f64) -> Option<f64> {
    let mut high = 1.0;
    while t.cdf(high) < p {
        high *= 2.0;
        if high > 1e9 {
            return None;
        }
    }
    let mut low = 0.0;
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if t.cdf(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(f64::midpoint(low, high))
}

/// Standard deviation of the first test, pooled within groups.
fn within(linked: &[(&Person, f64, f64)]) -> Option<f64> {
    let (mut squares, mut degrees) = (0.0, 0.0);
    for arm in [Arm::Taught, Arm::Waiting] {
        let own: Vec<f64> = linked.iter().filter(|(p, _, _)| p.arm == arm).map(|(_, b, _)| *b).collect();
        let mean = own.iter().sum::<f64>() / own.len().max(1) as f64;
        squares += own.iter().map(|b| (b - mean).powi(2)).sum::<f64>();
        degrees += (own.len() as f64 - 1.0).max(0.0);
    }
    (degrees > 0.0).then(|| (squares / degrees).sqrt())
}

/// One group's row of the attrition table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attrition {
    /// The group.
    pub arm: Arm,
    /// Put in it.
    pub people: usize,
    /// Took the first test.
    pub before: usize,
    /// Took both.
    pub both: usize,
    /// Took the second without a first: cannot be linked, is left out.
    pub only_after: usize,
    /// Mean first test of those who took both; `None` if nobody did.
    pub mean_stayed: Option<f64>,
    /// Mean first test of those who left. Where it differs from the former, the figure is about who stayed.
    pub mean_left: Option<f64>,
}

/// Who was lost between the tests, group by group.
#[must_use]
pub fn attrition(people: &[Person]) -> [Attrition; 2] {
    [Arm::Taught, Arm::Waiting].map(|arm| {
        let own: Vec<&Person> = people.iter().filter(|p| p.arm == arm).collect();
        let mean = |stayed: bool| {
            let firsts: Vec<f64> =
                own.iter().filter(|p| p.after.is_some() == stayed).filter_map(|p| p.before).collect();
            (!firsts.is_empty()).then(|| firsts.iter().sum::<f64>() / firsts.len() as f64)
        };
        Attrition {
            arm,
            people: own.len(),
            before: own.iter().filter(|p| p.before.is_some()).count(),
            both: own.iter().filter(|p| p.before.is_some() && p.after.is_some()).count(),
            only_after: own.iter().filter(|p| p.before.is_none() && p.after.is_some()).count(),
            mean_stayed: mean(true),
            mean_left: mean(false),
        }
    })
}
