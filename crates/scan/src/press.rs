//! What the printed page should look like through this camera: light, blur, contrast and the last fraction of a pixel are fitted
//! to the photograph, tile by tile, so that only what is on the paper remains as a difference. Twelve numbers explain a tile of
//! 16 mm; they cannot explain another figure.
#![allow(clippy::needless_range_loop, reason = "rows and columns of small matrices read best by index")]

use crate::page::Page;
use crate::plane::Plane;
use crate::solve::{Squares, median};

/// Edge of a tile in pixels of the reference.
const TILE: usize = 96;
/// How far beyond its tile a fit looks.
const BEYOND: usize = 20;
/// Edge of a block in which the light is measured.
const LIGHT: usize = 24;
const BASES: usize = 7;
const TERMS: usize = BASES + 3;

/// The ink of the page, blurred in the ways that a camera may have blurred it.
pub(crate) struct Bases {
    pub(crate) planes: Vec<Plane>,
}

impl Bases {
    /// From a picture with ink as 1 and paper as 0.
    pub(crate) fn of(ink: &Plane) -> Bases {
        let (sharp, soft, middle) = (ink.blurred(0.6), ink.blurred(1.9), ink.blurred(0.9));
        let dx = [-0.5, 0.0, 0.5];
        let dxx = [1.0, -2.0, 1.0];
        let same = [1.0];
        let planes = vec![
            sharp,
            soft,
            middle.filtered(&dx, &same),
            middle.filtered(&same, &dx),
            middle.filtered(&dxx, &same),
            middle.filtered(&same, &dxx),
            middle.filtered(&dx, &dx),
        ];
        Bases { planes }
    }
}

/// One tile's fit.
#[derive(Clone, Copy)]
pub(crate) struct Fit {
    pub(crate) terms: [f64; TERMS],
    /// Darkness of full ink against paper, 1 is all of it.
    pub(crate) contrast: f32,
    /// Spread of what remains where nothing is printed, in units of the contrast.
    pub(crate) noise: f32,
    /// Whether the photograph shows the tile.
    pub(crate) seen: bool,
}

/// The photograph against its explanation; ink is positive, in units of the page's contrast, `NaN` outside the photograph.
pub(crate) struct Proof {
    /// The explanation.
    pub(crate) model: Plane,
    /// What it does not explain: added ink positive, missing ink negative.
    pub(crate) rest: Plane,
    pub(crate) fits: Vec<Fit>,
    pub(crate) cols: usize,
    /// Brightness of paper in the darkest tenth of the page, 1 is white.
    pub(crate) paper: f32,
}

impl Proof {
    /// Index of the tile in which a pixel lies.
    pub(crate) fn tile_of(&self, x: usize, y: usize) -> usize {
        let rows = self.fits.len() / self.cols;
        (y / TILE).min(rows - 1) * self.cols + (x / TILE).min(self.cols - 1)
    }

    pub(crate) fn fit_at(&self, x: usize, y: usize) -> &Fit {
        &self.fits[self.tile_of(x, y)]
    }

    /// Left, top, right, bottom of a tile in pixels of the reference.
    pub(crate) fn tile_area(&self, tile: usize) -> [f32; 4] {
        let (x, y) = ((tile % self.cols * TILE) as f32, (tile / self.cols * TILE) as f32);
        [x, y, x + TILE as f32, y + TILE as f32]
    }
}

/// Explains `laid`, the photograph laid on the page.
pub(crate) fn explain(page: &Page, bases: &Bases, laid: &Plane) -> Proof {
    let (even, paper) = evened(&page.raster, laid);
    let ink = Plane {
        width: even.width,
        height: even.height,
        values: even.values.iter().map(|v| 1.0 - v).collect(),
    };
    let (w, h) = (ink.width, ink.height);
    let whole = solve(bases, &ink, (0, 0, w, h), (5, 7), None).unwrap_or_else(plain);
    let (cols, rows) = (w.div_ceil(TILE), h.div_ceil(TILE));
    let mut model = Plane::filled(w, h, 0.0);
    let mut rest = Plane::filled(w, h, f32::NAN);
    let mut fits = Vec::with_capacity(cols * rows);
    for i in 0..cols * rows {
        let (x0, y0) = (i % cols * TILE, i / cols * TILE);
        let tile = (x0, y0, (x0 + TILE).min(w), (y0 + TILE).min(h));
        let wide = (
            x0.saturating_sub(BEYOND),
            y0.saturating_sub(BEYOND),
            (x0 + TILE + BEYOND).min(w),
            (y0 + TILE + BEYOND).min(h),
        );
        let found = solve(bases, &ink, wide, (2, 2), Some(&level_ground(&whole)));
        let mut fit = Fit { terms: found.unwrap_or(whole), contrast: 0.0, noise: 1.0, seen: found.is_some() };
        // Where nothing is printed, the page as a whole says how dark ink is.
        fit.contrast = (fit.terms[0] + fit.terms[1]).max(1e-3) as f32;
        apply(bases, &ink, &mut fit, tile, &mut model, &mut rest);
        fits.push(fit);
    }
    level(&mut rest);
    for i in 0..cols * rows {
        let (x0, y0) = (i % cols * TILE, i / cols * TILE);
        let tile = (x0, y0, (x0 + TILE).min(w), (y0 + TILE).min(h));
        fits[i].noise = noise(bases, &rest, tile);
    }
    Proof { model, rest, fits, cols, paper }
}

/// The page's own slope of light says nothing about a tile.
fn level_ground(whole: &[f64; TERMS]) -> [f64; TERMS] {
    let mut terms = *whole;
    terms[BASES + 1..].fill(0.0);
    terms
}

fn plain() -> [f64; TERMS] {
    let mut terms = [0.0; TERMS];
    terms[0] = 1.0;
    terms
}

type Area = (usize, usize, usize, usize);

fn row_of(bases: &Bases, area: Area, x: usize, y: usize, width: usize) -> [f32; TERMS] {
    let mut row = [1.0; TERMS];
    for (r, plane) in row.iter_mut().zip(&bases.planes) {
        *r = plane.values[y * width + x];
    }
    let half = ((area.2 - area.0) as f32 / 2.0, (area.3 - area.1) as f32 / 2.0);
    row[BASES + 1] = ((x - area.0) as f32 - half.0) / half.0;
    row[BASES + 2] = ((y - area.1) as f32 - half.1) / half.1;
    row
}

/// Weighted least squares, three times for a tile: what fits badly has less to say each time, and from the first time on where the
/// page as a whole is known. Otherwise a hand that wrote on the only line of a tile would bend the explanation of the line.
fn solve(
    bases: &Bases,
    ink: &Plane,
    area: Area,
    steps: (usize, usize),
    prior: Option<&[f64; TERMS]>,
) -> Option<[f64; TERMS]> {
    let mut terms: Option<[f64; TERMS]> = prior.copied();
    let all = (area.2 - area.0).div_ceil(steps.0) * (area.3 - area.1).div_ceil(steps.1);
    for _ in 0..if prior.is_some() { 3 } else { 2 } {
        let mut squares = Squares::new(TERMS);
        let mut seen = 0usize;
        let now = terms.map(|t| t.map(|v| v as f32));
        for y in (area.1..area.3).step_by(steps.1) {
            let mut sums = RowSums::default();
            for x in (area.0 + y / steps.1 % steps.0..area.2).step_by(steps.0) {
                let value = ink.values[y * ink.width + x];
                if value.is_nan() {
                    continue;
                }
                seen += 1;
                let row = row_of(bases, area, x, y, ink.width);
                let weight = now.map_or(1.0, |t| {
                    let off = value - row.iter().zip(&t).map(|(r, t)| r * t).sum::<f32>();
                    1.0 / (1.0 + (off / SPREAD).powi(2))
                });
                sums.add(&row, value, weight);
            }
            sums.pour(&mut squares);
        }
        if seen * 10 < all * 3 {
            return None;
        }
        for i in 0..TERMS {
            let towards = prior.map_or(0.0, |p| if i < BASES { p[i] } else { 0.0 });
            squares.hold(i, towards, if i < BASES { 3.0 } else { 0.1 });
        }
        terms = Some(squares.solve()?.try_into().ok()?);
    }
    terms
}

/// A difference of this much ink counts half.
const SPREAD: f32 = 0.12;

/// Sums over one row of pixels, in single precision and in fixed size so that they run as vectors.
#[derive(Default)]
struct RowSums {
    a: [[f32; 16]; TERMS],
    b: [f32; TERMS],
}

impl RowSums {
    fn add(&mut self, row: &[f32; TERMS], value: f32, weight: f32) {
        let mut padded = [0.0f32; 16];
        padded[..TERMS].copy_from_slice(row);
        for i in 0..TERMS {
            let w = weight * row[i];
            for k in 0..16 {
                self.a[i][k] += w * padded[k];
            }
            self.b[i] += w * value;
        }
    }

    fn pour(&self, squares: &mut Squares) {
        for i in 0..TERMS {
            for j in i..TERMS {
                squares.plus(i, j, self.a[i][j].into());
            }
            squares.right(i, self.b[i].into());
        }
    }
}

fn apply(bases: &Bases, ink: &Plane, fit: &mut Fit, tile: Area, model: &mut Plane, rest: &mut Plane) {
    let wide = (
        tile.0.saturating_sub(BEYOND),
        tile.1.saturating_sub(BEYOND),
        (tile.2 + BEYOND).min(ink.width),
        (tile.3 + BEYOND).min(ink.height),
    );
    let terms = fit.terms.map(|t| t as f32);
    for y in tile.1..tile.3 {
        for x in tile.0..tile.2 {
            let here = y * ink.width + x;
            let row = row_of(bases, wide, x, y, ink.width);
            let print: f32 = row[..BASES].iter().zip(&terms).map(|(r, t)| r * t).sum();
            let ground: f32 = row[BASES..].iter().zip(&terms[BASES..]).map(|(r, t)| r * t).sum();
            model.values[here] = print / fit.contrast;
            rest.values[here] = (ink.values[here] - print - ground) / fit.contrast;
        }
    }
}

/// Takes slow changes out of the difference: the edge of a shadow is no ink. Strokes are too thin to be taken out.
fn level(rest: &mut Plane) {
    let clipped = Plane {
        width: rest.width,
        height: rest.height,
        values: rest.values.iter().map(|v| if v.is_nan() { 0.0 } else { v.clamp(-0.1, 0.1) }).collect(),
    };
    let slow = clipped.boxed(10);
    for (v, s) in rest.values.iter_mut().zip(&slow.values) {
        *v -= s;
    }
}

fn noise(bases: &Bases, rest: &Plane, tile: Area) -> f32 {
    let (mut blank, mut all) = (Vec::new(), Vec::new());
    for y in (tile.1..tile.3).step_by(2) {
        for x in (tile.0..tile.2).step_by(2) {
            let here = y * rest.width + x;
            let v = rest.values[here];
            if !v.is_nan() {
                all.push(v.abs());
                if bases.planes[1].values[here] < 0.02 {
                    blank.push(v.abs());
                }
            }
        }
    }
    let mut values = if blank.len() > 60 { blank } else { all };
    if values.is_empty() { 1.0 } else { 1.48 * median(&mut values) }
}

/// The photograph with paper as 1 everywhere, and how bright paper is in the dark corners.
fn evened(reference: &Plane, laid: &Plane) -> (Plane, f32) {
    let (w, h) = (laid.width, laid.height);
    let around = reference.boxed(3);
    let (cols, rows) = (w.div_ceil(LIGHT), h.div_ceil(LIGHT));
    let mut light = Plane::filled(cols, rows, f32::NAN);
    for by in 0..rows {
        for bx in 0..cols {
            let mut values = Vec::new();
            for y in by * LIGHT..((by + 1) * LIGHT).min(h) {
                for x in bx * LIGHT..((bx + 1) * LIGHT).min(w) {
                    let here = y * w + x;
                    if around.values[here] > 0.985 && !laid.values[here].is_nan() {
                        values.push(laid.values[here]);
                    }
                }
            }
            if values.len() > LIGHT * LIGHT / 12 {
                light.values[by * cols + bx] = median(&mut values);
            }
        }
    }
    let mut known: Vec<f32> = light.values.iter().copied().filter(|v| !v.is_nan()).collect();
    known.sort_by(f32::total_cmp);
    let paper = known.get(known.len() / 10).copied().unwrap_or(0.0);
    fill(&mut light);
    let mut even = laid.clone();
    let size = LIGHT as f64;
    for y in 0..h {
        for x in 0..w {
            let l = light.linear((x as f64 + 0.5) / size - 0.5, (y as f64 + 0.5) / size - 0.5).max(0.02);
            even.values[y * w + x] /= l;
        }
    }
    (even, paper)
}

/// Gives blocks without blank paper the mean of their neighbours, from the outside in.
fn fill(light: &mut Plane) {
    for _ in 0..light.width + light.height {
        let before = light.clone();
        let mut open = false;
        for i in 0..before.values.len() {
            if !before.values[i].is_nan() {
                continue;
            }
            open = true;
            let (x, y) = ((i % before.width) as isize, (i / before.width) as isize);
            let near = [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1), (-1, 1), (1, -1)];
            let known: Vec<f32> =
                near.iter().map(|(dx, dy)| before.at(x + dx, y + dy)).filter(|v| !v.is_nan()).collect();
            if !known.is_empty() {
                light.values[i] = known.iter().sum::<f32>() / known.len() as f32;
            }
        }
        if !open {
            return;
        }
    }
    light.values.iter_mut().filter(|v| v.is_nan()).for_each(|v| *v = 1.0);
}
