//! Where each point of the printed page lies in the photograph. Begins at the square code and grows outwards patch by patch,
//! because a code of 35 mm says little about the other end of a page seen at an angle; then refines at full resolution.
#![allow(clippy::needless_range_loop, reason = "rows and columns of small matrices read best by index")]

use crate::page::{Page, REF_DPI};
use crate::plane::Plane;
use crate::solve::{Homography, Point, Squares, median};

/// From pixels of the reference to pixels of the photograph: a homography, and what bends beside it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Warp {
    base: Homography,
    /// Third-order polynomials of the displacement, for lenses and curled paper; coordinates from -1 to 1.
    bend: Option<[[f64; 10]; 2]>,
    size: Point,
}

/// What aligning found.
pub(crate) struct Aligned {
    pub(crate) warp: Warp,
    /// Share of the page's printed patches that were found where they should be.
    pub(crate) found_share: f64,
    /// Share of the printed patches that lie inside the photograph.
    pub(crate) inside_share: f64,
}

/// A pair of places and how well they look alike.
#[derive(Clone, Copy)]
struct Match {
    from: Point,
    to: Point,
    score: f64,
}

impl Warp {
    pub(crate) fn map(&self, x: f64, y: f64) -> Point {
        let (u, v) = self.base.map(x, y);
        match &self.bend {
            None => (u, v),
            Some([bx, by]) => {
                let terms = terms(self.size, x, y);
                let sum = |b: &[f64; 10]| b.iter().zip(&terms).map(|(b, t)| b * t).sum::<f64>();
                (u + sum(bx), v + sum(by))
            }
        }
    }

    /// Pixels of the photograph for one pixel of the reference at a point, the smaller of both directions.
    pub(crate) fn scale(&self, x: f64, y: f64) -> f64 {
        let (a, b) = self.base.scales(x, y);
        a.min(b)
    }

    /// The photograph as if it lay on the reference; what lies outside is `NaN`.
    pub(crate) fn lay(&self, photo: &Plane, width: usize, height: usize) -> Plane {
        const STEP: usize = 8;
        let (cols, rows) = (width / STEP + 2, height / STEP + 2);
        let lattice: Vec<Point> =
            (0..rows * cols).map(|i| self.map((i % cols * STEP) as f64, (i / cols * STEP) as f64)).collect();
        let mut out = Plane::filled(width, height, f32::NAN);
        for y in 0..height {
            let (row, fy) = (y / STEP, (y % STEP) as f64 / STEP as f64);
            for x in 0..width {
                let (col, fx) = (x / STEP, (x % STEP) as f64 / STEP as f64);
                let corner = |dx: usize, dy: usize| lattice[(row + dy) * cols + col + dx];
                let mix = |a: Point, b: Point, f: f64| (a.0 + (b.0 - a.0) * f, a.1 + (b.1 - a.1) * f);
                let at = mix(mix(corner(0, 0), corner(1, 0), fx), mix(corner(0, 1), corner(1, 1), fx), fy);
                if photo.holds(at.0, at.1) {
                    out.values[y * width + x] = photo.cubic(at.0, at.1);
                }
            }
        }
        out
    }
}

fn terms(size: Point, x: f64, y: f64) -> [f64; 10] {
    let (u, v) = (x / size.0 * 2.0 - 1.0, y / size.1 * 2.0 - 1.0);
    [1.0, u, v, u * u, u * v, v * v, u * u * u, u * u * v, u * v * v, v * v * v]
}

/// A patch of the reference with enough printed on it to be found again.
struct Patch {
    at: (usize, usize),
    half: usize,
    /// Values with mean zero and length one.
    values: Vec<f32>,
}

/// Aligns the page with the photograph from the corners of a code in both. `None` when nothing beyond the code is found.
pub(crate) fn align(page: &Page, photo: &Plane, in_page: &[Point], in_photo: &[Point]) -> Option<Aligned> {
    let pairs: Vec<_> = in_page.iter().zip(in_photo).map(|(a, b)| (*a, *b, 1.0)).collect();
    let start = Homography::fit(&pairs, 1e-2)?;
    let n = in_page.len() as f64;
    let centre = in_page.iter().fold((0.0, 0.0), |s, p| (s.0 + p.0 / n, s.1 + p.1 / n));
    let coarse = grow(page, photo, start, centre, &pairs)?;
    let mut warp =
        Warp { base: coarse.0, bend: None, size: (page.raster.width as f64, page.raster.height as f64) };
    let mut fine = refine(page, photo, &warp, 5);
    warp = fit(&warp, &fine.0)?;
    fine = refine(page, photo, &warp, 3);
    warp = fit(&warp, &fine.0)?;
    let (inside, all) = fine.1;
    Some(Aligned {
        found_share: fine.0.len() as f64 / inside.max(1) as f64,
        inside_share: inside as f64 / all.max(1) as f64,
        warp,
    })
}

/// Share of the page's patches that are found at half the resolution: enough to tell pages apart.
pub(crate) fn likeness(page: &Page, photo: &Plane, in_page: &[Point], in_photo: &[Point]) -> f64 {
    let pairs: Vec<_> = in_page.iter().zip(in_photo).map(|(a, b)| (*a, *b, 1.0)).collect();
    let Some(start) = Homography::fit(&pairs, 1e-2) else { return 0.0 };
    let n = in_page.len() as f64;
    let centre = in_page.iter().fold((0.0, 0.0), |s, p| (s.0 + p.0 / n, s.1 + p.1 / n));
    grow(page, photo, start, centre, &pairs).map_or(0.0, |found| found.1)
}

type Pair = (Point, Point, f64);

/// Half the resolution, patches of 13 mm, found near where the patches around them say; a second time with a wider search when
/// the first one lost its way.
fn grow(
    page: &Page,
    photo: &Plane,
    start: Homography,
    centre: Point,
    code: &[Pair],
) -> Option<(Homography, f64)> {
    let small = page.raster.shrunk(2);
    let (s, _) = start.scales(centre.0, centre.1);
    let factor = ((s * 2.0).round() as usize).clamp(1, 8);
    let seen = photo.shrunk(factor);
    let mut patches = patches(&small, 19, 30);
    let distance = |p: &Patch| (p.at.0 as f64 * 2.0 - centre.0).hypot(p.at.1 as f64 * 2.0 - centre.1);
    patches.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
    let way = Way { seen, factor: factor as f64, patches, code, scale: s };
    let first = way.walk(7);
    if first.as_ref().is_some_and(|f| f.1 > 0.7) {
        return first;
    }
    let second = way.walk(13);
    if second.as_ref().map_or(0.0, |f| f.1) > first.as_ref().map_or(0.0, |f| f.1) { second } else { first }
}

/// What growing needs to know.
struct Way<'a> {
    seen: Plane,
    factor: f64,
    patches: Vec<Patch>,
    code: &'a [Pair],
    scale: f64,
}

impl Way<'_> {
    fn walk(&self, reach: usize) -> Option<(Homography, f64)> {
        let f = self.factor;
        let to_seen = |p: Point| ((p.0 + 0.5) / f - 0.5, (p.1 + 0.5) / f - 0.5);
        let from_seen = |p: Point| ((p.0 + 0.5) * f - 0.5, (p.1 + 0.5) * f - 0.5);
        let mut matches: Vec<Match> = Vec::new();
        let mut inside = 0usize;
        for patch in &self.patches {
            let middle = (patch.at.0 as f64 * 2.0 + 0.5, patch.at.1 as f64 * 2.0 + 0.5);
            let Some(model) = self.nearby(&matches, middle) else { continue };
            let place = |x: f64, y: f64| to_seen(model.map(x * 2.0 + 0.5, y * 2.0 + 0.5));
            let Some(best) = find(&self.seen, patch, reach, place) else { continue };
            inside += 1;
            if best.score > 0.5 {
                matches.push(Match { from: middle, to: from_seen(best.to), score: best.score });
            }
        }
        if matches.len() < 8 {
            return None;
        }
        let model = robust(&matches, 1e-6)?;
        let near = |m: &&Match| {
            let at = model.map(m.from.0, m.from.1);
            (at.0 - m.to.0).hypot(at.1 - m.to.1) < 4.0 * self.scale.max(0.5)
        };
        let agreeing = matches.iter().filter(near).count();
        Some((model, agreeing as f64 / inside.max(1) as f64))
    }

    /// What the matches around a place say about it; the nearer, the more. Those that contradict their neighbours lose their say.
    fn nearby(&self, matches: &[Match], at: Point) -> Option<Homography> {
        const NEAR: f64 = 220.0;
        let weight = |p: Point| {
            let d = (p.0 - at.0).hypot(p.1 - at.1) / NEAR;
            (-d * d / 2.0).exp().max(1e-3)
        };
        let code_say = if matches.len() < 4 { 1.0 } else { 0.02 };
        let mut pairs: Vec<Pair> =
            self.code.iter().map(|(a, b, _)| (*a, *b, code_say * weight(*a))).collect();
        let first = pairs.len();
        pairs.extend(matches.iter().map(|m| (m.from, m.to, m.score * m.score * weight(m.from))));
        let mut model = Homography::fit(&pairs, 3e-3)?;
        for _ in 0..2 {
            for (pair, m) in pairs[first..].iter_mut().zip(matches) {
                let p = model.map(m.from.0, m.from.1);
                let off = (p.0 - m.to.0).hypot(p.1 - m.to.1) / (8.0 * self.scale.max(0.5));
                pair.2 = m.score * m.score * weight(m.from) * tukey(off).max(1e-3);
            }
            model = Homography::fit(&pairs, 3e-3)?;
        }
        Some(model)
    }
}

/// A homography through most of the matches; those far off lose their say.
fn robust(matches: &[Match], perspective: f64) -> Option<Homography> {
    let mut weights: Vec<f64> = matches.iter().map(|m| m.score * m.score).collect();
    let mut model = None;
    for _ in 0..4 {
        let pairs: Vec<Pair> = matches.iter().zip(&weights).map(|(m, w)| (m.from, m.to, *w)).collect();
        let fitted = Homography::fit(&pairs, perspective)?;
        let off = |m: &Match| {
            let at = fitted.map(m.from.0, m.from.1);
            (at.0 - m.to.0).hypot(at.1 - m.to.1)
        };
        let mut offs: Vec<f32> = matches.iter().map(|m| off(m) as f32).collect();
        let limit = f64::from(median(&mut offs)).max(0.3) * 4.0;
        for (w, m) in weights.iter_mut().zip(matches) {
            *w = m.score * m.score * tukey(off(m) / limit);
        }
        model = Some(fitted);
    }
    model
}

fn tukey(t: f64) -> f64 {
    if t >= 1.0 { 0.0 } else { (1.0 - t * t).powi(2) }
}

/// Full resolution: every patch within `reach` pixels of where the warp says.
fn refine(page: &Page, photo: &Plane, warp: &Warp, reach: usize) -> (Vec<Match>, (usize, usize)) {
    let patches = patches(&page.raster, 33, 56);
    let mut found = Vec::new();
    let mut inside = 0;
    for patch in &patches {
        if let Some(best) = find(photo, patch, reach, |x, y| warp.map(x, y)) {
            inside += 1;
            if best.score > 0.4 {
                found.push(best);
            }
        }
    }
    (found, (inside, patches.len()))
}

fn fit(old: &Warp, matches: &[Match]) -> Option<Warp> {
    let base = robust(matches, 1e-7)?;
    let mut warp = Warp { base, bend: None, size: old.size };
    if matches.len() < 40 {
        return Some(warp);
    }
    let mut weights: Vec<f64> = matches.iter().map(|m| m.score * m.score).collect();
    for _ in 0..3 {
        let (mut sx, mut sy) = (Squares::new(10), Squares::new(10));
        for (m, w) in matches.iter().zip(&weights) {
            let at = base.map(m.from.0, m.from.1);
            let row = terms(old.size, m.from.0, m.from.1);
            sx.add(&row, m.to.0 - at.0, *w);
            sy.add(&row, m.to.1 - at.1, *w);
        }
        for i in 0..10 {
            sx.hold(i, 0.0, 0.5);
            sy.hold(i, 0.0, 0.5);
        }
        let (bx, by) = (sx.solve()?, sy.solve()?);
        let mut bend = [[0.0; 10]; 2];
        bend[0].copy_from_slice(&bx);
        bend[1].copy_from_slice(&by);
        warp.bend = Some(bend);
        let off = |m: &Match| {
            let at = warp.map(m.from.0, m.from.1);
            (at.0 - m.to.0).hypot(at.1 - m.to.1)
        };
        let mut offs: Vec<f32> = matches.iter().map(|m| off(m) as f32).collect();
        let limit = f64::from(median(&mut offs)).max(0.1) * 4.0;
        for (w, m) in weights.iter_mut().zip(matches) {
            *w = m.score * m.score * tukey(off(m) / limit);
        }
    }
    Some(warp)
}

/// Patches on a grid, those that have edges in both directions.
fn patches(plane: &Plane, half: usize, step: usize) -> Vec<Patch> {
    let mut all = Vec::new();
    let mut y = half + 1;
    while y + half + 2 < plane.height {
        let mut x = half + 1;
        while x + half + 2 < plane.width {
            all.extend(patch(plane, (x, y), half));
            x += step;
        }
        y += step;
    }
    all
}

fn patch(plane: &Plane, at: (usize, usize), half: usize) -> Option<Patch> {
    let side = 2 * half + 1;
    let mut values = Vec::with_capacity(side * side);
    let (mut xx, mut xy, mut yy) = (0.0f64, 0.0f64, 0.0f64);
    for y in at.1 - half..=at.1 + half {
        for x in at.0 - half..=at.0 + half {
            let here = y * plane.width + x;
            let v = &plane.values;
            let dx = f64::from(v[here + 1] - v[here - 1]);
            let dy = f64::from(v[here + plane.width] - v[here - plane.width]);
            xx += dx * dx;
            xy += dx * dy;
            yy += dy * dy;
            values.push(v[here]);
        }
    }
    let least = (xx + yy) / 2.0 - (((xx - yy) / 2.0).powi(2) + xy * xy).sqrt();
    if least < 0.01 * (side * side) as f64 || !normalise(&mut values) {
        return None;
    }
    Some(Patch { at, half, values })
}

fn normalise(values: &mut [f32]) -> bool {
    let mean = values.iter().sum::<f32>() / values.len() as f32;
    let length = values.iter().map(|v| (v - mean).powi(2)).sum::<f32>().sqrt();
    values.iter_mut().for_each(|v| *v = (*v - mean) / length.max(1e-6));
    length > 1e-3
}

/// The place within `reach` steps of the reference at which the picture looks most like the patch, between steps by a parabola.
fn find(picture: &Plane, patch: &Patch, reach: usize, place: impl Fn(f64, f64) -> Point) -> Option<Match> {
    let (half, side) = (patch.half, 2 * patch.half + 1);
    let wide = side + 2 * reach;
    let (cx, cy) = (patch.at.0 as f64, patch.at.1 as f64);
    let far = (half + reach) as f64;
    let corner = |dx: f64, dy: f64| place(cx + dx * far, cy + dy * far);
    let corners = [corner(-1.0, -1.0), corner(1.0, -1.0), corner(-1.0, 1.0), corner(1.0, 1.0)];
    if corners.iter().any(|c| !picture.holds(c.0, c.1)) {
        return None;
    }
    let mut area = Vec::with_capacity(wide * wide);
    for j in 0..wide {
        let fy = j as f64 / (wide - 1) as f64;
        for i in 0..wide {
            let fx = i as f64 / (wide - 1) as f64;
            let mix = |k: fn(&Point) -> f64| {
                let (top, below) = (
                    k(&corners[0]) * (1.0 - fx) + k(&corners[1]) * fx,
                    k(&corners[2]) * (1.0 - fx) + k(&corners[3]) * fx,
                );
                top * (1.0 - fy) + below * fy
            };
            area.push(picture.linear(mix(|p| p.0), mix(|p| p.1)));
        }
    }
    let steps = 2 * reach + 1;
    let mut scores = vec![0.0f32; steps * steps];
    for dy in 0..steps {
        for dx in 0..steps {
            scores[dy * steps + dx] = alike(&area, wide, (dx, dy), &patch.values, side);
        }
    }
    let best = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))?;
    let (bx, by) = (best % steps, best / steps);
    let between = |before: Option<f32>, after: Option<f32>| match (before, after) {
        (Some(a), Some(c)) => {
            let curve = a - 2.0 * scores[best] + c;
            if curve < -1e-6 { f64::from((0.5 * (a - c) / curve).clamp(-0.5, 0.5)) } else { 0.0 }
        }
        _ => 0.0,
    };
    let inner = |i: usize| i > 0 && i + 1 < steps;
    let fx = if inner(bx) { between(Some(scores[best - 1]), Some(scores[best + 1])) } else { 0.0 };
    let fy = if inner(by) { between(Some(scores[best - steps]), Some(scores[best + steps])) } else { 0.0 };
    if !inner(bx) || !inner(by) {
        // At the rim the best place may lie beyond it: counts as not found.
        return Some(Match { from: (cx, cy), to: place(cx, cy), score: 0.0 });
    }
    let r = reach as f64;
    let to = place(cx + bx as f64 - r + fx, cy + by as f64 - r + fy);
    Some(Match { from: (cx, cy), to, score: f64::from(scores[best]) })
}

/// Correlation of the patch with the area at an offset. Eight sums at a time, which the compiler turns into vectors.
fn alike(area: &[f32], wide: usize, at: (usize, usize), patch: &[f32], side: usize) -> f32 {
    let mut lanes = [[0.0f32; 8]; 3];
    let mut rest = [0.0f32; 3];
    for j in 0..side {
        let start = (at.1 + j) * wide + at.0;
        let (row, wanted) = (&area[start..start + side], &patch[j * side..(j + 1) * side]);
        let (mut a, mut p) = (row.chunks_exact(8), wanted.chunks_exact(8));
        for (a, p) in a.by_ref().zip(p.by_ref()) {
            for k in 0..8 {
                lanes[0][k] += a[k];
                lanes[1][k] += a[k] * a[k];
                lanes[2][k] += a[k] * p[k];
            }
        }
        for (a, p) in a.remainder().iter().zip(p.remainder()) {
            rest[0] += a;
            rest[1] += a * a;
            rest[2] += a * p;
        }
    }
    let total = |k: usize| lanes[k].iter().sum::<f32>() + rest[k];
    let spread = total(1) - total(0) * total(0) / (side * side) as f32;
    if spread > 1e-4 { total(2) / spread.sqrt() } else { 0.0 }
}

/// Resolution of the photograph at a point of the page, in dots per inch.
pub(crate) fn dpi_at(warp: &Warp, x: f64, y: f64) -> f64 {
    warp.scale(x, y) * REF_DPI
}
