//! Least squares over people who come in clusters, with errors that know it.
//!
//! CR1 is the usual sandwich with its small-sample factor. CR2 (Bell & McCaffrey 2002) corrects each cluster by its own leverage and brings the
//! degrees of freedom by Satterthwaite's method: with a dozen sessions CR1 claims too much, CR2 does not.

use crate::matrix::Matrix;

/// A fitted line, ready to be asked about one coefficient.
pub(crate) struct Fitted {
    pub beta: Vec<f64>,
    columns: usize,
    people: usize,
    inverse: Matrix,
    clusters: Vec<Cluster>,
}

struct Cluster {
    /// XᵀX of the cluster.
    square: Matrix,
    /// Xᵀe of the cluster.
    score: Vec<f64>,
}

/// A coefficient's error and degrees of freedom.
pub(crate) struct Error {
    pub error: f64,
    pub degrees: f64,
}

/// Fits `y` on the rows of `x` (`columns` each); `clusters[i]` numbers the cluster of row i from 0. `None` if the columns do not determine it.
pub(crate) fn fit(columns: usize, x: &[f64], y: &[f64], clusters: &[usize]) -> Option<Fitted> {
    let many = clusters.iter().max()? + 1;
    let row = |at: usize| &x[at * columns..][..columns];
    let mut square = Matrix::zero(columns);
    let mut right = vec![0.0; columns];
    for (at, y) in y.iter().enumerate() {
        square.add_square(row(at), 1.0);
        right.iter_mut().zip(row(at)).for_each(|(to, x)| *to += x * y);
    }
    let inverse = square.inverse()?;
    let beta = inverse.times(&right);
    let mut parts: Vec<Cluster> =
        (0..many).map(|_| Cluster { square: Matrix::zero(columns), score: vec![0.0; columns] }).collect();
    for (at, y) in y.iter().enumerate() {
        let off = y - row(at).iter().zip(&beta).map(|(x, b)| x * b).sum::<f64>();
        let part = &mut parts[clusters[at]];
        part.square.add_square(row(at), 1.0);
        part.score.iter_mut().zip(row(at)).for_each(|(to, x)| *to += x * off);
    }
    Some(Fitted { beta, columns, people: y.len(), inverse, clusters: parts })
}

impl Fitted {
    /// CR1, degrees of freedom: clusters − 1.
    pub fn cr1(&self, coefficient: usize) -> Error {
        let contrast = self.contrast(coefficient);
        let meat: f64 = self.clusters.iter().map(|c| dot(&contrast, &c.score).powi(2)).sum();
        let (g, n, k) = (self.clusters.len() as f64, self.people as f64, self.columns as f64);
        let factor = g / (g - 1.0) * (n - 1.0) / (n - k);
        Error { error: (factor * meat).sqrt(), degrees: g - 1.0 }
    }

    /// CR2 with Satterthwaite's degrees of freedom.
    ///
    /// With M = (XᵀX)⁻¹ and B = √M, a cluster's hat matrix is ZZᵀ for Z = X_g·B, so (I − H)^(−½) = I + Z·V·f(Λ)·Vᵀ·Zᵀ with V, Λ from the small
    /// ZᵀZ: nothing larger than the number of columns is ever inverted.
    pub fn cr2(&self, coefficient: usize) -> Error {
        let root = self.root();
        let contrast = self.contrast(coefficient);
        let mut variance = 0.0;
        // For each cluster A_g·X_g·M·c = X_g·w.
        let mut ws = Vec::with_capacity(self.clusters.len());
        for cluster in &self.clusters {
            let lean = root.product(&cluster.square).product(&root);
            let (values, vectors) = lean.eigen();
            let mut inner = Matrix::zero(self.columns);
            for (k, value) in values.iter().enumerate() {
                let lift = match *value {
                    // A direction that only this cluster determines has no error to correct.
                    v if v > 1.0 - 1e-9 => -1.0 / v,
                    v if v > 1e-12 => ((1.0 - v).powf(-0.5) - 1.0) / v,
                    _ => 0.5,
                };
                let v: Vec<f64> = (0..self.columns).map(|r| vectors.at(r, k)).collect();
                inner.add_square(&v, lift);
            }
            let lifted = root.product(&inner).product(&root);
            let extra = lifted.times(&cluster.square.times(&contrast));
            let w: Vec<f64> = contrast.iter().zip(&extra).map(|(a, b)| a + b).collect();
            variance += dot(&w, &cluster.score).powi(2);
            ws.push(w);
        }
        Error { error: variance.sqrt(), degrees: self.satterthwaite(&ws) }
    }

    fn satterthwaite(&self, ws: &[Vec<f64>]) -> f64 {
        let fs: Vec<Vec<f64>> = ws.iter().zip(&self.clusters).map(|(w, c)| c.square.times(w)).collect();
        let leaned: Vec<Vec<f64>> = fs.iter().map(|f| self.inverse.times(f)).collect();
        let (mut trace, mut square) = (0.0, 0.0);
        for g in 0..ws.len() {
            for (h, lean) in leaned.iter().enumerate() {
                let own = if g == h { dot(&ws[g], &fs[g]) } else { 0.0 };
                let cell = own - dot(&fs[g], lean);
                square += cell * cell;
                trace += if g == h { cell } else { 0.0 };
            }
        }
        if square > 0.0 { trace * trace / square } else { 0.0 }
    }

    fn contrast(&self, coefficient: usize) -> Vec<f64> {
        (0..self.columns).map(|k| self.inverse.at(k, coefficient)).collect()
    }

    fn root(&self) -> Matrix {
        let (values, vectors) = self.inverse.eigen();
        let mut root = Matrix::zero(self.columns);
        for (k, value) in values.iter().enumerate() {
            let v: Vec<f64> = (0..self.columns).map(|r| vectors.at(r, k)).collect();
            root.add_square(&v, value.max(0.0).sqrt());
        }
        root
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
