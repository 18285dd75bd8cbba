//! Where the photograph differs from its explanation: character by character, and as spots of ink too much or too little.
#![allow(clippy::needless_range_loop, reason = "rows and columns of small matrices read best by index")]

use crate::page::{PX_PER_MM, Page};
use crate::plane::Plane;
use crate::power::Power;
use crate::press::Proof;
use crate::solve::Squares;

/// A character counts as changed when all three reach their limit: share of its shape that is unexplained, certainty against
/// the noise, and darkness of the largest unexplained stroke. The limits come from the corpus in `docs/scan.md`.
const SHAPE_LIMIT: f32 = 0.45;
pub(crate) const CERTAINTY_LIMIT: f32 = 14.0;
const STROKE_LIMIT: f32 = 0.13;
/// Smoothed as strokes are, noise is a quarter as strong; one character has some hundred places where it may be at its strongest.
const STROKE_OVER_NOISE: f32 = 1.5;
/// A spot begins where the difference is this dark, and reaches as far as it is half as dark.
const SPOT_SEED: f32 = 0.26;
const SPOT_RIM: f32 = 0.14;
/// Beside printed edges this much of the edge is forgiven.
const EDGE_SHARE: f32 = 0.45;
/// More than this much ink was printed.
const PRINTED: f32 = 0.12;
/// Smallest spot, in pixels: a third of a square millimetre, so that dust is none.
const SPOT_PIXELS: usize = 12;
/// The outermost millimetres, where scanners show the lid.
const RIM_MM: f64 = 3.0;

/// A stroke is darker than this, and darker than noise gets by chance.
pub(crate) fn stroke_limit(noise: f32) -> f32 {
    STROKE_LIMIT.max(STROKE_OVER_NOISE * noise)
}

/// How much a character differs; 1 and more is changed.
pub(crate) struct Cell {
    /// Index among the page's characters.
    pub(crate) glyph: usize,
    pub(crate) margin: f32,
    /// Whether the photograph shows it.
    pub(crate) seen: bool,
}

/// Every character of the page.
pub(crate) fn cells(page: &Page, proof: &Proof, power: &Power) -> Vec<Cell> {
    let one = |(glyph, g): (usize, &crate::page::Glyph)| {
        let margin = margin(g.area, proof).map(|m| m.max(power.other_digit(g, proof)));
        Cell { glyph, margin: margin.unwrap_or(0.0), seen: margin.is_some() }
    };
    page.glyphs.iter().enumerate().map(one).collect()
}

/// `None` where the photograph does not show the character. A last shift, stretch and darkness of the character alone is
/// taken out first, within limits that no other character fits into.
fn margin(area: [f32; 4], proof: &Proof) -> Option<f32> {
    let (w, h) = (proof.rest.width, proof.rest.height);
    let (x0, y0) = ((area[0] - 2.0).max(1.0) as usize, (area[1] - 2.0).max(1.0) as usize);
    let (x1, y1) = (((area[2] + 3.0) as usize).min(w - 2), ((area[3] + 3.0) as usize).min(h - 2));
    if x1 <= x0 || y1 <= y0 {
        return None;
    }
    let m = &proof.model.values;
    let mut rows = Vec::with_capacity((x1 - x0) * (y1 - y0));
    let mut squares = Squares::new(4);
    for y in y0..y1 {
        for x in x0..x1 {
            let i = y * w + x;
            let rest = proof.rest.values[i];
            if rest.is_nan() {
                return None;
            }
            let row = [m[i], (m[i + 1] - m[i - 1]) / 2.0, (m[i + w] - m[i - w]) / 2.0, 1.0].map(f64::from);
            squares.add(&row, rest.into(), 1.0);
            rows.push((row, rest));
        }
    }
    let n = rows.len() as f32;
    let mean = rows.iter().map(|r| r.0[0]).sum::<f64>() / f64::from(n);
    let energy: f64 = rows.iter().map(|r| (r.0[0] - mean).powi(2)).sum();
    for i in 0..3 {
        squares.hold(i, 0.0, 0.05 * energy + 0.2);
    }
    let taken: Vec<f64> =
        squares.solve()?.iter().zip([0.3, 0.6, 0.6, 0.3]).map(|(c, limit)| c.clamp(-limit, limit)).collect();
    let off =
        |(row, rest): &([f64; 4], f32)| rest - row.iter().zip(&taken).map(|(a, b)| a * b).sum::<f64>() as f32;
    let left = Plane { width: x1 - x0, height: y1 - y0, values: rows.iter().map(off).collect() };
    let noise = proof.noise_at((x0 + x1) / 2, (y0 + y1) / 2);
    let sum = left.values.iter().map(|r| r * r).sum::<f32>() - n * noise * noise;
    let shape = (sum.max(0.0) / energy as f32).sqrt();
    let certainty = sum / (noise * noise * (2.0 * n).sqrt()).max(1e-6);
    let stroke = left.blurred(1.0).values.iter().fold(0.0f32, |most, v| most.max(v.abs()));
    Some((shape / SHAPE_LIMIT).min(certainty / CERTAINTY_LIMIT).min(stroke / stroke_limit(noise)))
}

/// A connected spot of ink too much or too little.
pub(crate) struct Spot {
    /// Too much, or too little.
    pub(crate) added: bool,
    /// Left, top, right, bottom in pixels of the reference.
    pub(crate) area: [f32; 4],
    pub(crate) pixels: Vec<u32>,
    /// Its ink in square millimetres of full black.
    pub(crate) ink_mm2: f64,
}

/// Every spot of the page that is not noise, edge or dust.
pub(crate) fn spots(proof: &Proof) -> Vec<Spot> {
    let (w, h) = (proof.rest.width, proof.rest.height);
    // Where nothing was printed nothing can be missing: beside dark strokes the evened light overshoots.
    let printed = |i: usize| proof.model.values[i] > PRINTED;
    let known = Plane {
        width: w,
        height: h,
        values: proof.rest.values.iter().map(|v| if v.is_nan() { 0.0 } else { *v }).collect(),
    };
    let smooth = known.blurred(1.2);
    let edge = edges(&proof.model).boxed(1);
    let rim = (RIM_MM * PX_PER_MM) as usize;
    // How far beyond its limit each pixel is: above 0 belongs to a spot, above 1 begins one.
    let mut excess = vec![0.0f32; w * h];
    for y in rim..h.saturating_sub(rim) {
        for x in rim..w.saturating_sub(rim) {
            let i = y * w + x;
            let off = smooth.values[i];
            if off.abs() < SPOT_RIM || off.abs() < SPOT_RIM + EDGE_SHARE * edge.values[i] {
                continue;
            }
            if off < 0.0 && !printed(i) {
                continue;
            }
            let noise = 1.6 * proof.noise_at(x, y);
            let limit = EDGE_SHARE * edge.values[i];
            if off.abs() < SPOT_RIM.max(noise * 0.6) + limit {
                continue;
            }
            let strong = off.abs() > SPOT_SEED.max(noise) + limit;
            excess[i] = off.signum() * if strong { 2.0 } else { 1.0 };
        }
    }
    gather(&excess, w, h, &known)
}

fn gather(excess: &[f32], w: usize, h: usize, rest: &Plane) -> Vec<Spot> {
    let mut taken = vec![false; w * h];
    let mut spots = Vec::new();
    for start in 0..w * h {
        if taken[start] || excess[start].abs() < 1.5 {
            continue;
        }
        let sign = excess[start].signum();
        let (mut open, mut pixels) = (vec![start], Vec::new());
        taken[start] = true;
        let mut area = [f32::MAX, f32::MAX, 0.0f32, 0.0f32];
        while let Some(i) = open.pop() {
            let (x, y) = (i % w, i / w);
            pixels.push(i as u32);
            area = [
                area[0].min(x as f32),
                area[1].min(y as f32),
                area[2].max(x as f32 + 1.0),
                area[3].max(y as f32 + 1.0),
            ];
            for (dx, dy) in [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1), (-1, 1), (1, -1)] {
                let (nx, ny) = (x as isize + dx, y as isize + dy);
                if nx < 0 || ny < 0 || nx as usize >= w || ny as usize >= h {
                    continue;
                }
                let n = ny as usize * w + nx as usize;
                if !taken[n] && excess[n] * sign > 0.5 {
                    taken[n] = true;
                    open.push(n);
                }
            }
        }
        if pixels.len() >= SPOT_PIXELS {
            let ink: f32 = pixels.iter().map(|i| rest.values[*i as usize].abs().min(1.2)).sum();
            let ink_mm2 = f64::from(ink) / (PX_PER_MM * PX_PER_MM);
            spots.push(Spot { added: sign > 0.0, area, pixels, ink_mm2 });
        }
    }
    spots
}

/// Steepness of the explanation.
fn edges(model: &Plane) -> Plane {
    let dx = model.filtered(&[-0.5, 0.0, 0.5], &[1.0]);
    let dy = model.filtered(&[1.0], &[-0.5, 0.0, 0.5]);
    let values = dx.values.iter().zip(&dy.values).map(|(a, b)| a.hypot(*b)).collect();
    Plane { width: model.width, height: model.height, values }
}
