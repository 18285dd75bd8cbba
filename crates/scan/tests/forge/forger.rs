//! What may be done to a page between printing and coming back. Each trick changes the drawn page at 300 dpi.

use super::MASTER_PX_PER_MM as MM;
use super::dice::Dice;
use super::pen;
use mingbai_scan::BEYOND_BOX_MM;
use mingbai_scan::page::{InkBox, Page, PlaceMm};
use mingbai_scan::plane::Plane;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trick {
    /// One digit becomes another, cut from the same page.
    Digit,
    /// Two different neighbours change places.
    Transposed,
    /// A whole number becomes another.
    Amount,
    /// Two lines of figures change places.
    Rows,
    /// A line of text is added in white space, away from the places to write.
    LineAdded,
    /// A line of print is added in a place to write or beside it, where ink is allowed: none of [`TRICKS`], measured on its own.
    LineInPlace,
    /// A handwritten digit before an amount.
    OneAdded,
    /// Some characters are covered in white.
    Covered,
    /// The line to sign on moves.
    BoxMoved,
}

pub const TRICKS: [Trick; 8] = [
    Trick::Digit,
    Trick::Transposed,
    Trick::Amount,
    Trick::Rows,
    Trick::LineAdded,
    Trick::OneAdded,
    Trick::Covered,
    Trick::BoxMoved,
];

type Digit = (char, PlaceMm);

/// Changes the page; `false` when this page offers no place for the trick.
pub fn forge(page: &mut Plane, printed: &Page, trick: Trick, dice: &mut Dice) -> bool {
    let digits = printed.digits();
    if digits.len() < 8 {
        return false;
    }
    match trick {
        Trick::Digit => digit(page, &digits, dice),
        Trick::Transposed => transposed(page, &digits, dice),
        Trick::Amount => amount(page, &digits, dice),
        Trick::Rows => rows(page, &digits, &printed.code_areas(), dice),
        Trick::LineAdded => line_added(page, &digits, Room::Away(&printed.boxes), dice),
        Trick::LineInPlace => line_added(page, &digits, Room::Within(&printed.boxes), dice),
        Trick::OneAdded => one_added(page, &digits, dice),
        Trick::Covered => covered(page, &digits, dice),
        Trick::BoxMoved => box_moved(page, printed, dice),
    }
}

#[derive(Clone, Copy)]
struct Px {
    x: usize,
    y: usize,
    w: usize,
    h: usize,
}

fn px(place: &PlaceMm, pad_mm: f64) -> Px {
    let at = |mm: f64| (mm * MM).round().max(0.0) as usize;
    Px {
        x: at(place.left_mm - pad_mm),
        y: at(place.top_mm - pad_mm),
        w: at(place.width_mm + 2.0 * pad_mm),
        h: at(place.height_mm + 2.0 * pad_mm),
    }
}

fn cut(page: &Plane, area: Px) -> Vec<f32> {
    let mut out = Vec::with_capacity(area.w * area.h);
    for y in area.y..area.y + area.h {
        for x in area.x..area.x + area.w {
            out.push(page.at(x as isize, y as isize));
        }
    }
    out
}

fn paste(page: &mut Plane, values: &[f32], to: Px) {
    for (i, v) in values.iter().enumerate() {
        let (x, y) = (to.x + i % to.w, to.y + i / to.w);
        if x < page.width && y < page.height {
            page.values[y * page.width + x] = *v;
        }
    }
}

fn ground(page: &Plane, area: Px) -> f32 {
    cut(page, area).into_iter().fold(0.0, f32::max)
}

fn blank(page: &mut Plane, area: Px) {
    let colour = ground(page, area);
    paste(page, &vec![colour; area.w * area.h], area);
}

/// The glyph of `from` at the place of `to`, feet on the same line.
fn replace(page: &mut Plane, source: &Plane, from: &Digit, to: &Digit) {
    let old = px(&to.1, 0.15);
    blank(page, old);
    let shape = px(&from.1, 0.12);
    let values = cut(source, shape);
    let middle = (to.1.left_mm + to.1.width_mm / 2.0 - from.1.width_mm / 2.0 - 0.12) * MM;
    let foot = (to.1.top_mm + to.1.height_mm - from.1.height_mm - 0.12) * MM;
    let place = Px { x: middle.round().max(0.0) as usize, y: foot.round().max(0.0) as usize, ..shape };
    // Only ink is carried over: the ground may be a stripe of the table.
    let light = ground(source, shape);
    let here = ground(page, place);
    let carried: Vec<f32> = values.iter().map(|v| here * (v / light.max(0.05)).min(1.0)).collect();
    paste(page, &carried, place);
}

/// Digits of one size and colour, told apart by height and by the ground around them.
fn same_size(page: &Plane, a: &Digit, b: &Digit) -> bool {
    let tone = |d: &Digit| {
        let values = cut(page, px(&d.1, 0.15));
        (values.iter().copied().fold(1.0, f32::min), values.iter().copied().fold(0.0, f32::max))
    };
    let (ta, tb) = (tone(a), tone(b));
    (a.1.height_mm - b.1.height_mm).abs() < 0.12 && (ta.0 - tb.0).abs() < 0.15 && ta.1 > 0.8 && tb.1 > 0.8
}

fn other(page: &Plane, digits: &[Digit], than: &Digit, dice: &mut Dice) -> Option<Digit> {
    let start = dice.below(digits.len());
    let turned = digits.iter().cycle().skip(start).take(digits.len());
    turned.filter(|d| d.0 != than.0).find(|d| same_size(page, d, than)).copied()
}

fn digit(page: &mut Plane, digits: &[Digit], dice: &mut Dice) -> bool {
    for _ in 0..40 {
        let to = *dice.pick(digits);
        if let Some(from) = other(page, digits, &to, dice) {
            let source = page.clone();
            replace(page, &source, &from, &to);
            return true;
        }
    }
    false
}

fn neighbours(a: &Digit, b: &Digit) -> bool {
    let gap = b.1.left_mm - a.1.left_mm - a.1.width_mm;
    (a.1.top_mm + a.1.height_mm - b.1.top_mm - b.1.height_mm).abs() < 0.2 && (-0.2..1.0).contains(&gap)
}

fn transposed(page: &mut Plane, digits: &[Digit], dice: &mut Dice) -> bool {
    let start = dice.below(digits.len());
    for i in (start..digits.len() - 1).chain(0..start.min(digits.len() - 1)) {
        let (a, b) = (digits[i], digits[i + 1]);
        if a.0 != b.0 && neighbours(&a, &b) && same_size(page, &a, &b) {
            let source = page.clone();
            replace(page, &source, &a, &b);
            replace(page, &source, &b, &a);
            return true;
        }
    }
    false
}

fn amount(page: &mut Plane, digits: &[Digit], dice: &mut Dice) -> bool {
    let start = dice.below(digits.len().saturating_sub(5));
    let source = page.clone();
    let mut changed = 0;
    let mut last = digits[start];
    for to in &digits[start..] {
        if changed > 0 && !neighbours(&last, to) && to.1.left_mm - last.1.left_mm > 6.0 || changed >= 5 {
            break;
        }
        if let Some(from) = other(&source, digits, to, dice) {
            replace(page, &source, &from, to);
            changed += 1;
        }
        last = *to;
    }
    changed >= 2
}

/// Lines of figures, by the feet of their digits.
fn lines(digits: &[Digit]) -> Vec<(PlaceMm, usize)> {
    let mut all: Vec<(PlaceMm, usize)> = Vec::new();
    for (_, place) in digits {
        let foot = place.top_mm + place.height_mm;
        match all.iter_mut().find(|(l, _)| (l.top_mm + l.height_mm - foot).abs() < 0.3) {
            Some((l, n)) => {
                let right = (l.left_mm + l.width_mm).max(place.left_mm + place.width_mm);
                l.left_mm = l.left_mm.min(place.left_mm);
                l.width_mm = right - l.left_mm;
                *n += 1;
            }
            None => all.push((*place, 1)),
        }
    }
    all
}

/// Leaves the square code alone: a page without its code is turned away before anybody looks at its rows.
fn rows(page: &mut Plane, digits: &[Digit], codes: &[PlaceMm], dice: &mut Dice) -> bool {
    let all: Vec<PlaceMm> = lines(digits).into_iter().filter(|l| l.1 >= 4).map(|l| l.0).collect();
    for _ in 0..60 {
        if all.len() < 2 {
            return false;
        }
        let (a, b) = (*dice.pick(&all), *dice.pick(&all));
        if (a.top_mm - b.top_mm).abs() < 2.0 || (a.height_mm - b.height_mm).abs() > 0.2 {
            continue;
        }
        let left = a.left_mm.min(b.left_mm);
        let width = (a.left_mm + a.width_mm).max(b.left_mm + b.width_mm) - left;
        let beside = |l: &PlaceMm| {
            codes.iter().all(|c| {
                let across = left + width < c.left_mm - 1.0 || c.left_mm + c.width_mm + 1.0 < left;
                let along =
                    l.top_mm + l.height_mm < c.top_mm - 1.0 || c.top_mm + c.height_mm + 1.0 < l.top_mm;
                across || along
            })
        };
        if !beside(&a) || !beside(&b) {
            continue;
        }
        let area = |l: PlaceMm| px(&PlaceMm { left_mm: left, width_mm: width, ..l }, 0.5);
        let (pa, mut pb) = (area(a), area(b));
        pb.h = pa.h;
        pb.w = pa.w;
        let (va, vb) = (cut(page, pa), cut(page, pb));
        let off: f32 = va.iter().zip(&vb).map(|(a, b)| (a - b).abs()).sum();
        // Two rows that say the same may change places; that is no forgery.
        if off / (pa.h as f32) < 8.0 {
            continue;
        }
        paste(page, &va, pb);
        paste(page, &vb, pa);
        return true;
    }
    false
}

/// Where a line is put.
#[derive(Clone, Copy)]
enum Room<'a> {
    /// So far from the places to write that a signature could not reach it.
    Away(&'a [InkBox]),
    /// Inside one of them.
    Within(&'a [InkBox]),
}

impl Room<'_> {
    fn allows(self, area: Px) -> bool {
        let meets = |b: &InkBox, pad_mm: f64| {
            let p = px(&b.place, pad_mm);
            area.x < p.x + p.w && p.x < area.x + area.w && area.y < p.y + p.h && p.y < area.y + area.h
        };
        let within = |b: &InkBox| {
            let p = px(&b.place, 2.0);
            p.x <= area.x && p.y <= area.y && area.x + area.w <= p.x + p.w && area.y + area.h <= p.y + p.h
        };
        match self {
            Room::Away(boxes) => !boxes.iter().any(|b| meets(b, BEYOND_BOX_MM)),
            Room::Within(boxes) => boxes.iter().any(within),
        }
    }
}

/// White room of this size, looked for at random places inside the margins.
fn room(page: &Plane, (w, h): (usize, usize), at: Room<'_>, dice: &mut Dice) -> Option<Px> {
    let margin = (12.0 * MM) as usize;
    for _ in 0..2_000 {
        let x = margin + dice.below(page.width.saturating_sub(w + 2 * margin));
        let y = margin + dice.below(page.height.saturating_sub(h + 2 * margin));
        let area = Px { x, y, w, h };
        if at.allows(area) && cut(page, area).iter().all(|v| *v > 0.97) {
            return Some(area);
        }
    }
    None
}

fn line_added(page: &mut Plane, digits: &[Digit], at: Room<'_>, dice: &mut Dice) -> bool {
    for _ in 0..30 {
        let (line, _) = *dice.pick(&lines(digits));
        let mut from = px(&line, 0.3);
        from.w = from.w.clamp((8.0 * MM) as usize, (40.0 * MM) as usize);
        let Some(to) = room(page, (from.w, from.h), at, dice) else { continue };
        let values = cut(page, from);
        let ink = values.iter().filter(|v| **v < 0.5).count();
        if ink > 60 && ground(page, from) > 0.97 {
            paste(page, &values, to);
            return true;
        }
    }
    false
}

fn one_added(page: &mut Plane, digits: &[Digit], dice: &mut Dice) -> bool {
    for _ in 0..200 {
        let (_, place) = *dice.pick(digits);
        let gap = px(&PlaceMm { left_mm: place.left_mm - 2.2, width_mm: 1.9, ..place }, 0.0);
        if cut(page, gap).iter().all(|v| *v > 0.9) {
            pen::one(page, dice, place.left_mm - 1.1, place.top_mm, place.height_mm);
            return true;
        }
    }
    false
}

fn covered(page: &mut Plane, digits: &[Digit], dice: &mut Dice) -> bool {
    for _ in 0..60 {
        let (_, place) = *dice.pick(digits);
        let n = dice.between(1.0, 4.0);
        let area = px(&PlaceMm { width_mm: place.width_mm * n, ..place }, 0.2);
        let before = cut(page, area);
        if ground(page, area) > 0.9 && before.iter().filter(|v| **v < 0.5).count() > 20 {
            blank(page, area);
            return true;
        }
    }
    false
}

fn box_moved(page: &mut Plane, printed: &Page, dice: &mut Dice) -> bool {
    let Some(b) = printed.boxes.first() else { return false };
    let line = PlaceMm { top_mm: b.place.top_mm + b.place.height_mm - 0.6, height_mm: 1.2, ..b.place };
    let area = px(&line, 0.0);
    let values = cut(page, area);
    blank(page, area);
    let up = dice.between(2.0, 5.0) * if dice.below(2) == 0 { 1.0 } else { -1.0 };
    let to = px(&PlaceMm { top_mm: line.top_mm - up, ..line }, 0.0);
    let ink: Vec<f32> = cut(page, to).iter().zip(&values).map(|(a, b)| a.min(*b)).collect();
    paste(page, &ink, to);
    true
}
