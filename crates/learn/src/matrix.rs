//! A small square matrix: what standard errors and regressions of a few columns need, and no more.

/// Square, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Matrix {
    size: usize,
    cells: Vec<f64>,
}

impl Matrix {
    pub fn zero(size: usize) -> Self {
        Self { size, cells: vec![0.0; size * size] }
    }

    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.size + column]
    }

    pub fn add(&mut self, row: usize, column: usize, by: f64) {
        self.cells[row * self.size + column] += by;
    }

    /// Adds `times`·v·vᵀ.
    pub fn add_square(&mut self, v: &[f64], times: f64) {
        for (row, a) in v.iter().enumerate() {
            let by = times * a;
            for (to, b) in self.cells[row * self.size..][..self.size].iter_mut().zip(v) {
                *to += by * b;
            }
        }
    }

    pub fn times(&self, v: &[f64]) -> Vec<f64> {
        (0..self.size).map(|row| (0..self.size).map(|c| self.at(row, c) * v[c]).sum()).collect()
    }

    pub fn product(&self, other: &Self) -> Self {
        let mut out = Self::zero(self.size);
        for row in 0..self.size {
            for column in 0..self.size {
                let sum = (0..self.size).map(|k| self.at(row, k) * other.at(k, column)).sum();
                out.add(row, column, sum);
            }
        }
        out
    }

    /// Inverse of a symmetric positive definite matrix (Cholesky); `None` if it is not one.
    pub fn inverse(&self) -> Option<Self> {
        let n = self.size;
        let mut lower = Self::zero(n);
        for row in 0..n {
            for column in 0..=row {
                let sum: f64 = (0..column).map(|k| lower.at(row, k) * lower.at(column, k)).sum();
                let left = self.at(row, column) - sum;
                if row == column {
                    // Relative to the diagonal, so that the unit of a column does not decide.
                    if !(left > 1e-12 * self.at(row, row).abs() && left.is_finite()) {
                        return None;
                    }
                    lower.cells[row * n + row] = left.sqrt();
                } else {
                    lower.cells[row * n + column] = left / lower.at(column, column);
                }
            }
        }
        let mut inverse = Self::zero(n);
        for column in 0..n {
            let mut x = vec![0.0; n];
            x[column] = 1.0;
            for row in 0..n {
                let sum: f64 = (0..row).map(|k| lower.at(row, k) * x[k]).sum();
                x[row] = (x[row] - sum) / lower.at(row, row);
            }
            for row in (0..n).rev() {
                let sum: f64 = (row + 1..n).map(|k| lower.at(k, row) * x[k]).sum();
                x[row] = (x[row] - sum) / lower.at(row, row);
            }
            for (row, value) in x.into_iter().enumerate() {
                inverse.cells[row * n + column] = value;
            }
        }
        Some(inverse)
    }

    /// Eigenvalues and eigenvectors (as columns) of a symmetric matrix, by Jacobi's rotations.
    pub fn eigen(&self) -> (Vec<f64>, Self) {
        let n = self.size;
        let mut a = self.clone();
        let mut v = Self::zero(n);
        (0..n).for_each(|k| v.cells[k * n + k] = 1.0);
        for _ in 0..60 {
            let off: f64 =
                (0..n).flat_map(|r| (0..r).map(move |c| (r, c))).map(|(r, c)| a.at(r, c).powi(2)).sum();
            if off < 1e-26 {
                break;
            }
            for p in 0..n {
                for q in p + 1..n {
                    a.rotate(&mut v, p, q);
                }
            }
        }
        ((0..n).map(|k| a.at(k, k)).collect(), v)
    }

    fn rotate(&mut self, vectors: &mut Self, p: usize, q: usize) {
        let apq = self.at(p, q);
        if apq.abs() < 1e-300 {
            return;
        }
        let n = self.size;
        let turn = (self.at(q, q) - self.at(p, p)) / (2.0 * apq);
        let t = turn.signum() / (turn.abs() + (turn * turn + 1.0).sqrt());
        let t = if turn == 0.0 { 1.0 } else { t };
        let c = 1.0 / (t * t + 1.0).sqrt();
        let s = t * c;
        for k in 0..n {
            let (kp, kq) = (self.at(k, p), self.at(k, q));
            self.cells[k * n + p] = c * kp - s * kq;
            self.cells[k * n + q] = s * kp + c * kq;
        }
        for k in 0..n {
            let (pk, qk) = (self.at(p, k), self.at(q, k));
            self.cells[p * n + k] = c * pk - s * qk;
            self.cells[q * n + k] = s * pk + c * qk;
            let (vp, vq) = (vectors.at(k, p), vectors.at(k, q));
            vectors.cells[k * n + p] = c * vp - s * vq;
            vectors.cells[k * n + q] = s * vp + c * vq;
        }
    }
}
