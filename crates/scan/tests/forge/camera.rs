//! What a scanner or a telephone makes of a page: resolution, turn, perspective, light, blur, noise, JPEG.

use super::MASTER_DPI;
use super::dice::Dice;
use mingbai_scan::plane::Plane;

/// One way of taking the picture.
#[derive(Clone, Debug)]
pub struct Camera {
    pub dpi: f64,
    pub turn_deg: f64,
    /// How far corners are pulled, as a share of the page's height.
    pub perspective: f64,
    /// Blur of the lens, in pixels of the picture.
    pub blur_px: f64,
    /// Darkest point of shadow, 0 is none.
    pub shadow: f64,
    /// Spread of the noise, of 255.
    pub noise: f64,
    /// Black of the ink and white of the paper, of 1.
    pub black: f64,
    pub white: f64,
    pub jpeg_quality: u8,
    /// Table around the page, in millimetres.
    pub margin_mm: f64,
    pub seed: u64,
}

impl Camera {
    /// A flatbed scanner.
    pub fn scanner(dice: &mut Dice, dpi: f64) -> Camera {
        Camera {
            dpi,
            turn_deg: f64::from(90 * dice.below(4) as u32) + dice.between(-3.0, 3.0),
            perspective: 0.0,
            blur_px: dice.between(0.3, 0.7),
            shadow: 0.0,
            noise: dice.between(2.0, 10.0),
            black: dice.between(0.05, 0.2),
            white: dice.between(0.88, 1.0),
            jpeg_quality: *dice.pick(&[65, 75, 85, 92]),
            margin_mm: 4.0,
            seed: dice.next(),
        }
    }

    /// A telephone held over a desk.
    pub fn phone(dice: &mut Dice, dpi: f64) -> Camera {
        Camera {
            turn_deg: f64::from(90 * dice.below(4) as u32) + dice.between(-12.0, 12.0),
            perspective: dice.between(0.01, 0.06),
            blur_px: dice.between(0.5, 1.0),
            shadow: dice.between(0.1, 0.5),
            noise: dice.between(4.0, 14.0),
            black: dice.between(0.1, 0.25),
            white: dice.between(0.7, 0.95),
            margin_mm: 12.0,
            ..Camera::scanner(dice, dpi)
        }
    }

    /// One or the other.
    pub fn any(dice: &mut Dice, dpi: f64) -> Camera {
        if dice.below(2) == 0 { Camera::scanner(dice, dpi) } else { Camera::phone(dice, dpi) }
    }

    /// The picture, grey.
    pub fn shoot(&self, page: &Plane) -> Plane {
        let mut dice = Dice::new(self.seed);
        let scale = self.dpi / MASTER_DPI;
        let (pw, ph) = (page.width as f64 * scale, page.height as f64 * scale);
        let angle = self.turn_deg.to_radians();
        let (sin, cos) = angle.sin_cos();
        let pull = self.perspective * ph;
        let mut corners = [(0.0, 0.0), (pw, 0.0), (pw, ph), (0.0, ph)].map(|(x, y)| {
            let (x, y) = (x - pw / 2.0 + dice.between(-pull, pull), y - ph / 2.0 + dice.between(-pull, pull));
            (x * cos - y * sin, x * sin + y * cos)
        });
        let margin = self.margin_mm * self.dpi / 25.4;
        let least = |k: fn(&(f64, f64)) -> f64| corners.iter().map(k).fold(f64::MAX, f64::min);
        let most = |k: fn(&(f64, f64)) -> f64| corners.iter().map(k).fold(f64::MIN, f64::max);
        let (x0, y0) = (least(|c| c.0) - margin, least(|c| c.1) - margin);
        let width = (most(|c| c.0) + margin - x0) as usize;
        let height = (most(|c| c.1) + margin - y0) as usize;
        corners.iter_mut().for_each(|c| *c = (c.0 - x0, c.1 - y0));
        let (w, h) = (page.width as f64, page.height as f64);
        let back = through(&corners, &[(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)]);
        let light = self.light(&mut dice, width as f64, height as f64);
        let mut picture = sample(page, &back, width, height, (1.0 / scale).ceil() as usize);
        for (i, v) in picture.values.iter_mut().enumerate() {
            let (x, y) = ((i % width) as f64, (i / width) as f64);
            *v = ((self.black + (self.white - self.black) * f64::from(*v)) * light(x, y)) as f32;
        }
        let mut picture = if self.blur_px > 0.05 { picture.blurred(self.blur_px as f32) } else { picture };
        for v in &mut picture.values {
            *v += (dice.normal() * self.noise / 255.0) as f32;
        }
        picture
    }

    /// The picture as the file that arrives.
    pub fn jpeg(&self, page: &Plane) -> Vec<u8> {
        jpeg(&self.shoot(page), self.jpeg_quality)
    }

    /// Uneven light: a slope, and the edge of somebody's shadow.
    fn light(&self, dice: &mut Dice, w: f64, h: f64) -> impl Fn(f64, f64) -> f64 + use<> {
        let (shadow, soft) = (self.shadow, dice.between(0.02, 0.15) * w);
        let (a, slope) = (dice.between(0.0, std::f64::consts::TAU), dice.between(0.0, 0.3) * self.shadow);
        let (nx, ny) = (a.cos(), a.sin());
        let edge = (dice.between(0.2, 0.8) * w, dice.between(0.2, 0.8) * h);
        move |x, y| {
            let across = ((x - edge.0) * nx + (y - edge.1) * ny) / soft;
            let dark = shadow / (1.0 + (-across * 2.0).exp());
            (1.0 - dark) * (1.0 - slope * (x / w))
        }
    }
}

pub fn jpeg(picture: &Plane, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
    let (w, h) = (picture.width as u32, picture.height as u32);
    encoder.encode(&picture.to_bytes(), w, h, image::ExtendedColorType::L8).unwrap();
    bytes
}

fn sample(page: &Plane, back: &[f64; 9], width: usize, height: usize, fine: usize) -> Plane {
    const TABLE: f32 = 0.45;
    let mut out = Plane::filled(width, height, TABLE);
    let step = 1.0 / fine as f64;
    for y in 0..height {
        for x in 0..width {
            let mut sum = 0.0;
            for j in 0..fine {
                for i in 0..fine {
                    let (px, py) = (x as f64 + (i as f64 + 0.5) * step, y as f64 + (j as f64 + 0.5) * step);
                    let d = back[6] * px + back[7] * py + back[8];
                    let u = (back[0] * px + back[1] * py + back[2]) / d - 0.5;
                    let v = (back[3] * px + back[4] * py + back[5]) / d - 0.5;
                    sum += if page.holds(u, v) { between(page, u, v) } else { TABLE };
                }
            }
            out.values[y * width + x] = sum / (fine * fine) as f32;
        }
    }
    out
}

/// Between pixels by straight lines, for points inside.
fn between(page: &Plane, u: f64, v: f64) -> f32 {
    let (x, y) = (u as usize, v as usize);
    let (fx, fy) = ((u - x as f64) as f32, (v - y as f64) as f32);
    let i = y.min(page.height - 2) * page.width + x.min(page.width - 2);
    let (a, b) = (&page.values[i..i + 2], &page.values[i + page.width..i + page.width + 2]);
    (a[0] + (a[1] - a[0]) * fx) * (1.0 - fy) + (b[0] + (b[1] - b[0]) * fx) * fy
}

/// The homography that takes four points to four others.
fn through(from: &[(f64, f64); 4], to: &[(f64, f64); 4]) -> [f64; 9] {
    let mut rows: Vec<[f64; 9]> = Vec::new();
    for ((x, y), (u, v)) in from.iter().zip(to) {
        rows.push([*x, *y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, *u]);
        rows.push([0.0, 0.0, 0.0, *x, *y, 1.0, -v * x, -v * y, *v]);
    }
    for c in 0..8 {
        let pivot = (c..8).max_by(|a, b| rows[*a][c].abs().total_cmp(&rows[*b][c].abs())).unwrap();
        rows.swap(c, pivot);
        for r in 0..8 {
            if r != c {
                let f = rows[r][c] / rows[c][c];
                for k in c..9 {
                    rows[r][k] -= f * rows[c][k];
                }
            }
        }
    }
    let mut h = [1.0; 9];
    for i in 0..8 {
        h[i] = rows[i][8] / rows[i][i];
    }
    h
}
