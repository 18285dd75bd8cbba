//! Small systems of equations, homographies, and robust means.
#![allow(clippy::needless_range_loop, reason = "rows and columns of small matrices read best by index")]

/// Solves `a · x = b` for a symmetric or any square system of `b.len()` unknowns, rows one after the other.
pub(crate) fn solve(mut a: Vec<f64>, mut b: Vec<f64>) -> Option<Vec<f64>> {
    let n = b.len();
    for column in 0..n {
        let pivot = (column..n).max_by(|i, j| a[i * n + column].abs().total_cmp(&a[j * n + column].abs()))?;
        if a[pivot * n + column].abs() < 1e-12 {
            return None;
        }
        if pivot != column {
            for k in 0..n {
                a.swap(pivot * n + k, column * n + k);
            }
            b.swap(pivot, column);
        }
        for row in column + 1..n {
            let factor = a[row * n + column] / a[column * n + column];
            if factor != 0.0 {
                for k in column..n {
                    a[row * n + k] -= factor * a[column * n + k];
                }
                b[row] -= factor * b[column];
            }
        }
    }
    let mut x = vec![0.0; n];
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|k| a[row * n + k] * x[k]).sum();
        x[row] = (b[row] - known) / a[row * n + row];
    }
    x.iter().all(|v| v.is_finite()).then_some(x)
}

/// Least squares by normal equations, fed one equation at a time.
pub(crate) struct Squares {
    n: usize,
    a: Vec<f64>,
    b: Vec<f64>,
}

impl Squares {
    pub(crate) fn new(n: usize) -> Squares {
        Squares { n, a: vec![0.0; n * n], b: vec![0.0; n] }
    }

    pub(crate) fn add(&mut self, row: &[f64], value: f64, weight: f64) {
        for i in 0..self.n {
            let w = weight * row[i];
            if w != 0.0 {
                for j in i..self.n {
                    self.a[i * self.n + j] += w * row[j];
                }
                self.b[i] += w * value;
            }
        }
    }

    /// Adds to one cell on or above the diagonal.
    pub(crate) fn plus(&mut self, i: usize, j: usize, sum: f64) {
        self.a[i * self.n + j] += sum;
    }

    /// Adds to one cell of the right-hand side.
    pub(crate) fn right(&mut self, i: usize, sum: f64) {
        self.b[i] += sum;
    }

    /// A pull of each unknown towards `towards`, as strong as `weight` equations of size one.
    pub(crate) fn hold(&mut self, index: usize, towards: f64, weight: f64) {
        self.a[index * self.n + index] += weight;
        self.b[index] += weight * towards;
    }

    pub(crate) fn solve(mut self) -> Option<Vec<f64>> {
        for i in 0..self.n {
            for j in 0..i {
                self.a[i * self.n + j] = self.a[j * self.n + i];
            }
        }
        solve(self.a, self.b)
    }
}

/// A plane seen in perspective: `[a b c; d e f; g h 1]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Homography(pub(crate) [f64; 8]);

impl Homography {
    pub(crate) fn map(&self, x: f64, y: f64) -> (f64, f64) {
        let h = &self.0;
        let w = h[6] * x + h[7] * y + 1.0;
        ((h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w)
    }

    /// Length of one step along x and along y at a point.
    pub(crate) fn scales(&self, x: f64, y: f64) -> (f64, f64) {
        let (at, dx, dy) = (self.map(x, y), self.map(x + 1.0, y), self.map(x, y + 1.0));
        ((dx.0 - at.0).hypot(dx.1 - at.1), (dy.0 - at.0).hypot(dy.1 - at.1))
    }

    /// Through pairs of points (from, to) with weights; `perspective` pulls the two perspective terms to zero.
    pub(crate) fn fit(pairs: &[(Point, Point, f64)], perspective: f64) -> Option<Homography> {
        let (from, to) = (Frame::of(pairs.iter().map(|p| p.0))?, Frame::of(pairs.iter().map(|p| p.1))?);
        let mut h = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0];
        // The equations are linear after multiplying by the denominator; dividing by the last one found makes them fair.
        for _ in 0..3 {
            let mut squares = Squares::new(8);
            for (a, b, weight) in pairs {
                let ((x, y), (u, v)) = (from.inside(*a), to.inside(*b));
                let w = weight / (h[6] * x + h[7] * y + 1.0f64).powi(2).max(1e-3);
                squares.add(&[x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y], u, w);
                squares.add(&[0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y], v, w);
            }
            let total: f64 = pairs.iter().map(|p| p.2).sum();
            for i in 0..8 {
                squares.hold(i, 0.0, total * 1e-9 + if i > 5 { perspective * total } else { 0.0 });
            }
            let found = squares.solve()?;
            h.copy_from_slice(&found);
        }
        from.through(&h, &to)
    }
}

pub(crate) type Point = (f64, f64);

/// Middle and size of a cloud of points: keeps the equations well conditioned.
struct Frame {
    x: f64,
    y: f64,
    size: f64,
}

impl Frame {
    fn of(points: impl Iterator<Item = Point> + Clone) -> Option<Frame> {
        let n = points.clone().count() as f64;
        let (x, y) = points.clone().fold((0.0, 0.0), |sum, p| (sum.0 + p.0 / n, sum.1 + p.1 / n));
        let size = points.map(|p| (p.0 - x).hypot(p.1 - y)).sum::<f64>() / n;
        (n >= 3.0 && size.is_finite() && size > 1e-9).then_some(Frame { x, y, size })
    }

    fn inside(&self, p: Point) -> Point {
        ((p.0 - self.x) / self.size, (p.1 - self.y) / self.size)
    }

    /// `to⁻¹ · h · from`, scaled so that its last entry is one.
    fn through(&self, h: &[f64; 8], to: &Frame) -> Option<Homography> {
        let s = self.size;
        let row = |a: f64, b: f64, c: f64| [a / s, b / s, c - (a * self.x + b * self.y) / s];
        let (r0, r1, r2) = (row(h[0], h[1], h[2]), row(h[3], h[4], h[5]), row(h[6], h[7], 1.0));
        let out = |r: [f64; 3], middle: f64| [0, 1, 2].map(|i| r[i] * to.size + middle * r2[i]);
        let (a, b) = (out(r0, to.x), out(r1, to.y));
        if r2[2].abs() < 1e-9 {
            return None;
        }
        let h = [a[0], a[1], a[2], b[0], b[1], b[2], r2[0], r2[1]].map(|v| v / r2[2]);
        h.iter().all(|v| v.is_finite()).then_some(Homography(h))
    }
}

/// The middle value; 0 of none.
pub(crate) fn median(values: &mut [f32]) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_homography_is_found_again_from_its_points() {
        let truth = Homography([0.9, -0.2, 40.0, 0.25, 1.1, -30.0, 1e-4, -2e-4]);
        let pairs: Vec<_> = (0..30)
            .map(|i| {
                let p = (f64::from(i % 6) * 190.0, f64::from(i / 6) * 300.0);
                (p, truth.map(p.0, p.1), 1.0)
            })
            .collect();
        let found = Homography::fit(&pairs, 0.0).map(|h| h.map(555.0, 777.0));
        let wanted = truth.map(555.0, 777.0);
        assert!(found.is_some_and(|f| (f.0 - wanted.0).hypot(f.1 - wanted.1) < 1e-3), "{found:?} {wanted:?}");
    }
}
