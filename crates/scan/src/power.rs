//! Could a changed digit be seen in this picture at all? Each digit of the page is printed through its tile's blur and contrast, and
//! held against the digits of its size that are most like it. Where they would not differ enough, nothing can be said.

use kurbo::{Affine, Point, Shape};

use crate::differ::{CERTAINTY_LIMIT, stroke_limit};
use crate::page::{Glyph, Page};
use crate::plane::Plane;
use crate::press::{Bases, Fit, Proof};

/// Edge of the little picture a digit is printed on.
const EDGE: usize = 48;
/// Row on which a digit stands there.
const FEET: isize = 36;
/// How many of the digits most like it each digit is held against.
const ALIKE: usize = 3;
/// Sizes of digits on a page, the smallest first; what is larger still is seen wherever these are.
const SIZES: usize = 4;
/// Fitting a character's place and darkness takes away some of a difference.
const LEFT_AFTER_FIT: f32 = 0.75;

/// A digit as it would look in place of another is recognised when this share of their difference is on the paper.
const OTHER_SHARE: f32 = 0.55;
/// The difference must be this many times the noise, so that no noise reaches that share.
const OVER_NOISE: f32 = 10.0;

/// A blur is never known better than this, however still the picture: with less, a smear would count as readable.
const LEAST_NOISE: f32 = 0.05;

/// One printed digit of a size, through each blur.
struct Drawn {
    text: String,
    size: [f32; 2],
    blurs: Vec<Plane>,
}

/// One pair of similar digits: how they differ, plainly and smoothed, through each blur.
struct Pair {
    texts: [String; 2],
    /// Height of the first, in pixels.
    height: f32,
    plain: Vec<Plane>,
    smooth: Vec<Plane>,
}

/// The page's digits, and which of them are most alike.
pub(crate) struct Power {
    drawn: Vec<Drawn>,
    pairs: Vec<Pair>,
}

impl Power {
    pub(crate) fn of(page: &Page) -> Power {
        let (mut drawn, mut pairs) = (Vec::new(), Vec::new());
        for digits in sizes(page) {
            let planes: Vec<(&Glyph, Plane)> =
                digits.iter().filter_map(|d| Some((*d, draw(page, d)?))).collect();
            pairs.extend(alike(&planes));
            drawn.extend(planes.iter().map(|(g, plane)| Drawn {
                text: g.text.clone(),
                size: size(g),
                blurs: Bases::of(plane).planes,
            }));
        }
        Power { drawn, pairs }
    }

    /// How far these digits of a tile stay above the limits: below 1 a change could be missed. `None` where no digit has another one
    /// to be taken for.
    pub(crate) fn at(&self, fit: &Fit, noise: f32, digits: &[&Glyph]) -> Option<f32> {
        let stands = |pair: &&Pair| {
            digits
                .iter()
                .any(|d| pair.texts.contains(&d.text) && same_height(pair.height, d.area[3] - d.area[1]))
        };
        self.pairs.iter().filter(stands).map(|pair| pair.at(fit, noise)).min_by(f32::total_cmp)
    }

    /// How much a small printed digit looks like another one of its size; 1 and more is changed. What remains unexplained is held
    /// against the difference that each other digit would make, which sees through noise that hides a mere difference.
    pub(crate) fn other_digit(&self, glyph: &Glyph, proof: &Proof) -> f32 {
        let near = |d: &&Drawn| {
            let s = size(glyph);
            same_height(d.size[1], s[1]) && (d.size[0] - s[0]).abs() < 0.5 * s[1]
        };
        let Some(own) = self.drawn.iter().filter(near).find(|d| d.text == glyph.text) else { return 0.0 };
        let [x0, _, x1, y1] = glyph.area;
        let (left, top) =
            (((x0 + x1) / 2.0).round() as isize - EDGE as isize / 2, y1.round() as isize - FEET);
        let fit = proof.fit_at(x0.max(0.0) as usize, glyph.area[1].max(0.0) as usize);
        let noise = proof.noise_at(x0.max(0.0) as usize, glyph.area[1].max(0.0) as usize);
        let half = ((x1 - x0) / 2.0 + 2.0) as usize;
        let mut most = 0.0f32;
        for other in self.drawn.iter().filter(near).filter(|d| d.text != glyph.text) {
            let (mut product, mut square) = (0.0f32, 0.0f32);
            for y in 0..EDGE {
                for x in EDGE / 2 - half..(EDGE / 2 + half).min(EDGE) {
                    let i = y * EDGE + x;
                    let planes = other.blurs.iter().zip(&own.blurs).zip(&fit.terms);
                    let d: f32 =
                        planes.map(|((b, a), t)| (b.values[i] - a.values[i]) * *t as f32).sum::<f32>()
                            / fit.contrast;
                    let rest = proof.rest.at(left + x as isize, top + y as isize);
                    product += if rest.is_nan() { 0.0 } else { rest * d };
                    square += d * d;
                }
            }
            if square.sqrt() > OVER_NOISE * 0.8 * noise {
                most = most.max(product / square.max(1e-6) / OTHER_SHARE);
            }
        }
        most
    }
}

fn size(g: &Glyph) -> [f32; 2] {
    [g.area[2] - g.area[0], g.area[3] - g.area[1]]
}

impl Pair {
    fn at(&self, fit: &Fit, noise: f32) -> f32 {
        let mix = |planes: &[Plane], i: usize| {
            let sum: f32 = planes.iter().zip(&fit.terms).map(|(p, t)| p.values[i] * *t as f32).sum();
            sum / fit.contrast
        };
        let (mut sum, mut most, mut area) = (0.0f32, 0.0f32, 0usize);
        for i in 0..EDGE * EDGE {
            let v = mix(&self.plain, i);
            sum += v * v;
            area += usize::from(v.abs() > 0.02);
            most = most.max(mix(&self.smooth, i).abs());
        }
        let noise = noise.max(1e-3);
        // A character's window is larger than the part in which two digits differ.
        let window = (area as f32 * 3.0).max(100.0);
        let certainty = LEFT_AFTER_FIT * LEFT_AFTER_FIT * sum / (noise * noise * (2.0 * window).sqrt());
        let by_difference = (certainty / CERTAINTY_LIMIT).min(LEFT_AFTER_FIT * most / stroke_limit(noise));
        by_difference.max(sum.sqrt() / (OVER_NOISE * noise.max(LEAST_NOISE)))
    }
}

fn same_height(a: f32, b: f32) -> bool {
    (a - b).abs() < 0.12 * b
}

/// One of each digit in each of the page's smallest sizes: the one with the least ink, because what is bold is told apart sooner.
fn sizes(page: &Page) -> Vec<Vec<&Glyph>> {
    let height = |g: &Glyph| g.area[3] - g.area[1];
    let mut digits: Vec<&Glyph> = page.glyphs.iter().filter(|g| g.is_digit()).collect();
    digits.sort_by(|a, b| height(a).total_cmp(&height(b)));
    let ink = |g: &Glyph| g.outline.as_ref().map_or(f64::MAX, |path| path.area().abs());
    let mut all: Vec<Vec<&Glyph>> = Vec::new();
    for g in digits {
        let Some(at) = all.iter().position(|size| same_height(height(g), height(size[0]))) else {
            if all.len() == SIZES {
                break;
            }
            all.push(vec![g]);
            continue;
        };
        match all[at].iter_mut().find(|other| other.text == g.text) {
            Some(other) if ink(g) < ink(other) => *other = g,
            Some(_) => {}
            None => all[at].push(g),
        }
    }
    all
}

/// Each digit with those most like it, each pair once.
fn alike(planes: &[(&Glyph, Plane)]) -> Vec<Pair> {
    let mut wanted: Vec<[usize; 2]> = Vec::new();
    let off = |a: usize, b: usize| -> f32 {
        planes[a].1.values.iter().zip(&planes[b].1.values).map(|(a, b)| (a - b).powi(2)).sum()
    };
    for i in 0..planes.len() {
        let mut others: Vec<(f32, usize)> =
            (0..planes.len()).filter(|j| *j != i).map(|j| (off(i, j), j)).collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0));
        wanted.extend(others.iter().take(ALIKE).map(|(_, j)| [i.min(*j), i.max(*j)]));
    }
    wanted.sort_unstable();
    wanted.dedup();
    let make = |[a, b]: &[usize; 2]| {
        let ((first, a), (second, b)) = (&planes[*a], &planes[*b]);
        let values = a.values.iter().zip(&b.values).map(|(a, b)| a - b).collect();
        let plain = Bases::of(&Plane { width: EDGE, height: EDGE, values }).planes;
        Pair {
            texts: [first.text.clone(), second.text.clone()],
            height: size(first)[1],
            smooth: plain.iter().map(|p| p.blurred(1.0)).collect(),
            plain,
        }
    };
    wanted.iter().map(make).collect()
}

/// A digit in the middle of a little page, as dark as it is printed.
fn draw(page: &Page, glyph: &Glyph) -> Option<Plane> {
    const FINE: usize = 4;
    let outline = glyph.outline.as_ref()?;
    let [x0, y0, x1, y1] = glyph.area;
    if x1 - x0 > EDGE as f32 - 12.0 || y1 - y0 > EDGE as f32 - 12.0 {
        return None;
    }
    // Feet on one line and middles above each other, as columns of figures stand.
    let shift = (EDGE as f64 / 2.0 - f64::from(x0 + x1) / 2.0, FEET as f64 - f64::from(y1));
    let path = Affine::translate(shift) * outline.clone();
    let mut dark = 0.0f32;
    for y in y0 as usize..y1.ceil() as usize {
        for x in x0 as usize..x1.ceil() as usize {
            dark = dark.max(1.0 - page.raster.at(x as isize, y as isize));
        }
    }
    let mut plane = Plane::filled(EDGE, EDGE, 0.0);
    for (i, v) in plane.values.iter_mut().enumerate() {
        let mut inside = 0usize;
        for k in 0..FINE * FINE {
            let sub = |j: usize| (j as f64 + 0.5) / FINE as f64;
            let at = Point::new((i % EDGE) as f64 + sub(k % FINE), (i / EDGE) as f64 + sub(k / FINE));
            inside += usize::from(path.winding(at) != 0);
        }
        *v = dark * inside as f32 / (FINE * FINE) as f32;
    }
    Some(plane)
}
