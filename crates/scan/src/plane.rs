//! A grey picture as numbers, and the few operations that everything else is made of. Knows no paper.
#![allow(clippy::needless_range_loop, reason = "rows and columns of small matrices read best by index")]

/// Grey values in rows; 0 is black and 1 is white unless said otherwise.
#[derive(Clone, Debug)]
pub struct Plane {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Row by row, `width * height` values.
    pub values: Vec<f32>,
}

impl Plane {
    /// All of one value.
    #[must_use]
    pub fn filled(width: usize, height: usize, value: f32) -> Plane {
        Plane { width, height, values: vec![value; width * height] }
    }

    /// From bytes, 255 is white. Bytes that are missing are white.
    #[must_use]
    pub fn from_bytes(width: usize, height: usize, bytes: &[u8]) -> Plane {
        let mut values: Vec<f32> = bytes.iter().take(width * height).map(|b| f32::from(*b) / 255.0).collect();
        values.resize(width * height, 1.0);
        Plane { width, height, values }
    }

    /// To bytes, clamped.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.values.iter().map(|v| (v.clamp(0.0, 1.0) * 255.0).round() as u8).collect()
    }

    /// The value at a pixel, edges repeated.
    #[must_use]
    pub fn at(&self, x: isize, y: isize) -> f32 {
        if self.values.is_empty() {
            return 1.0;
        }
        let x = x.clamp(0, self.width as isize - 1) as usize;
        let y = y.clamp(0, self.height as isize - 1) as usize;
        self.values[y * self.width + x]
    }

    /// Whether a point lies where pixels are.
    #[must_use]
    pub fn holds(&self, x: f64, y: f64) -> bool {
        x >= 0.0 && y >= 0.0 && x <= self.width as f64 - 1.0 && y <= self.height as f64 - 1.0
    }

    /// Between pixels, straight lines.
    #[must_use]
    pub fn linear(&self, x: f64, y: f64) -> f32 {
        let (x0, y0) = (x.floor(), y.floor());
        let (fx, fy) = ((x - x0) as f32, (y - y0) as f32);
        let (x0, y0) = (x0 as isize, y0 as isize);
        let top = self.at(x0, y0) * (1.0 - fx) + self.at(x0 + 1, y0) * fx;
        let below = self.at(x0, y0 + 1) * (1.0 - fx) + self.at(x0 + 1, y0 + 1) * fx;
        top * (1.0 - fy) + below * fy
    }

    /// Between pixels, Catmull-Rom: keeps strokes as sharp as the scan had them.
    #[must_use]
    pub fn cubic(&self, x: f64, y: f64) -> f32 {
        let (x0, y0) = (x.floor(), y.floor());
        let (wx, wy) = (catmull((x - x0) as f32), catmull((y - y0) as f32));
        let (x0, y0) = (x0 as isize, y0 as isize);
        let inside = x0 >= 1 && y0 >= 1 && x0 + 2 < self.width as isize && y0 + 2 < self.height as isize;
        let mut sum = 0.0;
        if inside {
            let mut start = (y0 as usize - 1) * self.width + x0 as usize - 1;
            for w in wy {
                let row = &self.values[start..start + 4];
                sum += w * (wx[0] * row[0] + wx[1] * row[1] + wx[2] * row[2] + wx[3] * row[3]);
                start += self.width;
            }
            return sum;
        }
        for (j, w) in wy.iter().enumerate() {
            for (i, v) in wx.iter().enumerate() {
                sum += w * v * self.at(x0 + i as isize - 1, y0 + j as isize - 1);
            }
        }
        sum
    }

    /// Smaller by a whole factor, each pixel the mean of `factor`² others.
    #[must_use]
    pub fn shrunk(&self, factor: usize) -> Plane {
        if factor <= 1 {
            return self.clone();
        }
        let (width, height) = (self.width / factor, self.height / factor);
        let mut values = Vec::with_capacity(width * height);
        let scale = 1.0 / (factor * factor) as f32;
        for y in 0..height {
            for x in 0..width {
                let mut sum = 0.0;
                for j in 0..factor {
                    let start = (y * factor + j) * self.width + x * factor;
                    sum += self.values[start..start + factor].iter().sum::<f32>();
                }
                values.push(sum * scale);
            }
        }
        Plane { width, height, values }
    }

    /// Larger or smaller by any factor, between pixels by straight lines.
    #[must_use]
    pub fn resized(&self, factor: f64) -> Plane {
        let width = ((self.width as f64 * factor) as usize).max(1);
        let height = ((self.height as f64 * factor) as usize).max(1);
        let mut out = Plane::filled(width, height, 1.0);
        for y in 0..height {
            for x in 0..width {
                let at = ((x as f64 + 0.5) / factor - 0.5, (y as f64 + 0.5) / factor - 0.5);
                out.values[y * width + x] = self.linear(at.0, at.1);
            }
        }
        out
    }

    /// Blurred by a Gaussian of `sigma` pixels.
    #[must_use]
    pub fn blurred(&self, sigma: f32) -> Plane {
        let half = (sigma * 3.0).ceil().max(1.0) as isize;
        let mut kernel: Vec<f32> =
            (-half..=half).map(|i| (-(i * i) as f32 / (2.0 * sigma * sigma)).exp()).collect();
        let total: f32 = kernel.iter().sum();
        kernel.iter_mut().for_each(|k| *k /= total);
        self.filtered(&kernel, &kernel)
    }

    /// Filtered along rows, then along columns; odd lengths, centred, edges repeated.
    #[must_use]
    pub fn filtered(&self, along_x: &[f32], along_y: &[f32]) -> Plane {
        let (w, h) = (self.width, self.height);
        let mut middle = Plane::filled(w, h, 0.0);
        let half = along_x.len() / 2;
        let mut padded = vec![0.0f32; w + 2 * half];
        for y in 0..h {
            let row = &self.values[y * w..(y + 1) * w];
            for (i, cell) in padded.iter_mut().enumerate() {
                *cell = row[i.saturating_sub(half).min(w - 1)];
            }
            let out = &mut middle.values[y * w..(y + 1) * w];
            for (k, weight) in along_x.iter().enumerate() {
                for (o, v) in out.iter_mut().zip(&padded[k..k + w]) {
                    *o += weight * v;
                }
            }
        }
        let mut done = Plane::filled(w, h, 0.0);
        let half = along_y.len() / 2;
        for y in 0..h {
            let out = &mut done.values[y * w..(y + 1) * w];
            for (k, weight) in along_y.iter().enumerate() {
                let from = (y + k).saturating_sub(half).min(h - 1);
                for (o, v) in out.iter_mut().zip(&middle.values[from * w..(from + 1) * w]) {
                    *o += weight * v;
                }
            }
        }
        done
    }

    /// The mean over a square of `2 * half + 1` pixels.
    #[must_use]
    pub fn boxed(&self, half: usize) -> Plane {
        running(&running(self, half), half)
    }
}

/// The mean along rows, transposed: twice is the mean over a square, the right way round again.
fn running(plane: &Plane, half: usize) -> Plane {
    let (w, h) = (plane.width, plane.height);
    let mut out = Plane::filled(h, w, 0.0);
    let scale = 1.0 / (2 * half + 1) as f32;
    for y in 0..h {
        let row = &plane.values[y * w..(y + 1) * w];
        let at = |i: isize| row[i.clamp(0, w as isize - 1) as usize];
        let mut sum: f32 = (-(half as isize)..=half as isize).map(at).sum();
        for x in 0..w {
            out.values[x * h + y] = sum * scale;
            sum += at(x as isize + half as isize + 1) - at(x as isize - half as isize);
        }
    }
    out
}

fn catmull(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [-0.5 * t + t2 - 0.5 * t3, 1.0 - 2.5 * t2 + 1.5 * t3, 0.5 * t + 2.0 * t2 - 1.5 * t3, -0.5 * t2 + 0.5 * t3]
}
