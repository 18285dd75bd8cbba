//! Handwriting as a trace that can be told from a copy. Two people do not write the same line, and one person does not write the
//! same line twice; where a hand in one case is very close to that of another borrower, somebody signed for somebody. It is never
//! used to say who wrote: that would be biometrics (PIPL art. 28), and a signature here does not rest on it.

use mingbai_evidence::Digest;
use serde::{Deserialize, Serialize};

/// One point of a stroke as the browser reported it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InkPoint {
    /// From the left edge of the pad, hundredths of a CSS pixel.
    #[serde(rename = "x")]
    pub x_cpx: i32,
    /// From the upper edge of the pad, hundredths of a CSS pixel.
    #[serde(rename = "y")]
    pub y_cpx: i32,
    /// Milliseconds since the first point.
    #[serde(rename = "t")]
    pub at_ms: u32,
    /// 0 to 1000; 500 where the device cannot tell.
    #[serde(rename = "p")]
    pub pressure_permille: u16,
}

/// What was written on the pad.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ink {
    /// Width of the pad, hundredths of a CSS pixel.
    pub width_cpx: i32,
    /// Height of the pad, hundredths of a CSS pixel.
    pub height_cpx: i32,
    /// Each stroke from pen down to pen up.
    pub strokes: Vec<Vec<InkPoint>>,
}

/// Points of a shape.
const SHAPE_POINTS: usize = 64;
/// Mean distance of two shapes, in thousandths of the longer side, below which they are close enough to look at. Twice the same
/// name by the same hand came to 30 and more in our own tries with a mouse and a finger; a trace over a printed line to about 10.
pub const SIMILAR_PERMILLE: u32 = 18;
/// Handwriting with less than this many points says nothing about a hand.
const TELLING_POINTS: usize = 12;

/// The path of a hand, apart from where on the pad and how large it wrote: 64 places at equal steps along the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape([i8; SHAPE_POINTS * 2]);

impl Ink {
    /// How many points.
    #[must_use]
    pub fn points(&self) -> usize {
        self.strokes.iter().map(Vec::len).sum()
    }

    /// A digest of the path apart from where on the pad it was written: equal for a copy, point for point and millisecond for
    /// millisecond. `None` when it has too few points to be told from another.
    #[must_use]
    pub fn trace(&self) -> Option<Digest> {
        let first = self.strokes.iter().flatten().next().copied()?;
        if self.points() < TELLING_POINTS {
            return None;
        }
        let mut text = String::from("mingbai/ink/v1\n");
        for stroke in &self.strokes {
            for point in stroke {
                let (x, y) = (
                    i64::from(point.x_cpx) - i64::from(first.x_cpx),
                    i64::from(point.y_cpx) - i64::from(first.y_cpx),
                );
                text.push_str(&format!("{x},{y},{};", point.at_ms));
            }
            text.push('\n');
        }
        Some(Digest::of(text.as_bytes()))
    }

    /// The shape; `None` for too few points or a dot.
    #[must_use]
    pub fn shape(&self) -> Option<Shape> {
        if self.points() < TELLING_POINTS {
            return None;
        }
        let points: Vec<(f64, f64)> = self
            .strokes
            .iter()
            .flatten()
            .map(|point| (f64::from(point.x_cpx), f64::from(point.y_cpx)))
            .collect();
        let edge = |pick: fn(&(f64, f64)) -> f64| {
            let values = points.iter().map(pick);
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
        };
        let (left, right) = edge(|p| p.0);
        let (top, bottom) = edge(|p| p.1);
        let side = (right - left).max(bottom - top);
        if side < 100.0 {
            return None;
        }
        let (mid_x, mid_y) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
        let mut shape = [0_i8; SHAPE_POINTS * 2];
        for (place, (x, y)) in shape.chunks_exact_mut(2).zip(evenly(&points)) {
            // ±127 is half of the longer side; the cast is of a number in that range.
            let scaled = |v: f64| (v / side * 254.0).round().clamp(-127.0, 127.0) as i8;
            place[0] = scaled(x - mid_x);
            place[1] = scaled(y - mid_y);
        }
        Some(Shape(shape))
    }
}

/// As many places as a shape has, at equal steps along the path.
fn evenly(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let step = |pair: &[(f64, f64)]| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1);
    let total: f64 = points.windows(2).map(step).sum();
    let mut places = Vec::with_capacity(SHAPE_POINTS);
    let (mut at, mut done) = (0, 0.0);
    for number in 0..SHAPE_POINTS {
        let wanted = total * number as f64 / (SHAPE_POINTS - 1) as f64;
        while at + 2 < points.len() && done + step(&points[at..at + 2]) < wanted {
            done += step(&points[at..at + 2]);
            at += 1;
        }
        let Some(&[from, to]) =
            points.get(at..at + 2).and_then(|pair| <&[(f64, f64); 2]>::try_from(pair).ok())
        else {
            break;
        };
        let length = step(&[from, to]);
        let part = if length > 0.0 { ((wanted - done) / length).clamp(0.0, 1.0) } else { 0.0 };
        places.push((from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part));
    }
    places
}

impl Shape {
    /// As bytes, for keeping.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().map(|n| n.cast_unsigned()).collect()
    }

    /// From kept bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; SHAPE_POINTS * 2] = bytes.try_into().ok()?;
        Some(Shape(bytes.map(u8::cast_signed)))
    }

    /// Mean distance of the two paths in thousandths of the longer side; 0 = the same.
    #[must_use]
    pub fn distance_permille(&self, other: &Shape) -> u32 {
        let pairs = self.0.chunks_exact(2).zip(other.0.chunks_exact(2));
        let distance = |(a, b): (&[i8], &[i8])| {
            let (dx, dy) = (f64::from(a[0]) - f64::from(b[0]), f64::from(a[1]) - f64::from(b[1]));
            dx.hypot(dy)
        };
        let mean = pairs.map(distance).sum::<f64>() / SHAPE_POINTS as f64;
        // At most √2 · 254 ÷ 254 · 1000.
        (mean / 254.0 * 1000.0).round() as u32
    }

    /// Whether somebody should look at the two.
    #[must_use]
    pub fn is_similar(&self, other: &Shape) -> bool {
        self.distance_permille(other) < SIMILAR_PERMILLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wavy line with its own slant and speed.
    fn wave(slant: f64, bend: f64, left: f64, size: f64) -> Ink {
        let point = |n: u32| {
            let along = f64::from(n) / 60.0;
            let height = (along * std::f64::consts::TAU * bend).sin() * 30.0 + along * slant;
            InkPoint {
                x_cpx: ((left + along * 200.0 * size) * 100.0) as i32,
                y_cpx: ((80.0 + height * size) * 100.0) as i32,
                at_ms: n * 16,
                pressure_permille: 500,
            }
        };
        let strokes = vec![(0..30).map(point).collect(), (31..60).map(point).collect()];
        Ink { width_cpx: 40_000, height_cpx: 20_000, strokes }
    }

    #[test]
    fn the_same_hand_elsewhere_on_the_pad_is_a_copy() {
        let (a, moved) = (wave(10.0, 2.0, 20.0, 1.0), wave(10.0, 2.0, 60.0, 1.0));
        assert_eq!(a.trace(), moved.trace());
        assert_eq!(a.shape(), moved.shape());
    }

    #[test]
    fn a_copy_at_another_size_is_similar_and_another_hand_is_not() {
        let shape = |ink: Ink| ink.shape().unwrap_or_else(|| unreachable!("it has enough points"));
        let a = shape(wave(10.0, 2.0, 20.0, 1.0));
        let larger = shape(wave(10.0, 2.0, 20.0, 1.4));
        let other = shape(wave(-25.0, 3.1, 20.0, 1.0));
        assert!(a.is_similar(&larger), "{}", a.distance_permille(&larger));
        assert!(!a.is_similar(&other), "{}", a.distance_permille(&other));
        assert_eq!(Shape::from_bytes(&a.to_bytes()), Some(a));
    }

    #[test]
    fn a_dot_says_nothing_about_a_hand() {
        let dot = InkPoint { x_cpx: 1, y_cpx: 1, at_ms: 0, pressure_permille: 500 };
        let ink = Ink { width_cpx: 100, height_cpx: 100, strokes: vec![vec![dot; 40]] };
        assert!(ink.shape().is_none());
        let short = Ink { width_cpx: 100, height_cpx: 100, strokes: vec![vec![dot; 3]] };
        assert!(short.trace().is_none() && short.shape().is_none());
    }
}
