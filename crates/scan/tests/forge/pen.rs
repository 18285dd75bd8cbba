//! Ink by hand: signatures in and a little outside their boxes, dates, digits.

use super::MASTER_PX_PER_MM as MM;
use super::dice::Dice;
use mingbai_scan::page::PlaceMm;
use mingbai_scan::plane::Plane;

/// One stroke through points in millimetres.
pub fn stroke(page: &mut Plane, points: &[(f64, f64)], width_mm: f64, dark: f64) {
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let steps = (((x1 - x0).hypot(y1 - y0)) * MM * 1.5).ceil().max(1.0) as usize;
        for i in 0..=steps {
            let t = i as f64 / steps as f64;
            dot(page, ((x0 + (x1 - x0) * t) * MM, (y0 + (y1 - y0) * t) * MM), width_mm * MM / 2.0, dark);
        }
    }
}

fn dot(page: &mut Plane, at: (f64, f64), radius: f64, dark: f64) {
    let reach = radius.ceil() as isize + 1;
    let (cx, cy) = (at.0 as isize, at.1 as isize);
    for y in cy - reach..=cy + reach {
        for x in cx - reach..=cx + reach {
            if x < 0 || y < 0 || x as usize >= page.width || y as usize >= page.height {
                continue;
            }
            let d = (x as f64 + 0.5 - at.0).hypot(y as f64 + 0.5 - at.1);
            let cover = (radius + 0.5 - d).clamp(0.0, 1.0);
            let v = &mut page.values[y as usize * page.width + x as usize];
            *v = v.min((1.0 - cover * (1.0 - dark)) as f32);
        }
    }
}

/// A name of two or three characters: short strokes in a few clusters, some joined. `beyond_mm` is how far it may leave the box.
pub fn signature(page: &mut Plane, dice: &mut Dice, place: &PlaceMm, beyond_mm: f64) {
    let dark = dice.between(0.1, 0.4);
    let width = dice.between(0.35, 0.7);
    let size = (place.height_mm + 2.0 * beyond_mm * dice.between(0.5, 1.0)).clamp(4.0, 14.0);
    let middle = place.top_mm + place.height_mm / 2.0;
    let (top, bottom) = (
        (middle - size / 2.0).max(place.top_mm - beyond_mm),
        (middle + size / 2.0).min(place.top_mm + place.height_mm + beyond_mm),
    );
    let characters = 2 + dice.below(2);
    let wide = (size * 0.95).min(place.width_mm / characters as f64);
    let mut left = place.left_mm + dice.between(0.0, (place.width_mm - wide * characters as f64).max(0.0));
    for _ in 0..characters {
        for _ in 0..4 + dice.below(5) {
            let mut points = Vec::new();
            let (mut x, mut y) = (left + dice.between(0.0, wide * 0.8), dice.between(top, bottom));
            let (mut dx, mut dy) = (dice.normal(), dice.normal());
            for _ in 0..6 + dice.below(8) {
                points.push((x, y));
                dx += dice.normal() * 0.3;
                dy += dice.normal() * 0.3;
                x = (x + dx * size * 0.07).clamp(left, left + wide * 0.95);
                y = (y + dy * size * 0.07).clamp(top + width, bottom - width);
            }
            stroke(page, &points, width * dice.between(0.7, 1.2), dark);
        }
        left += wide;
    }
}

/// A handwritten one, as somebody might put it before an amount.
pub fn one(page: &mut Plane, dice: &mut Dice, x_mm: f64, y_mm: f64, height_mm: f64) {
    let lean = dice.between(-0.2, 0.3);
    let points = [(x_mm + lean, y_mm), (x_mm, y_mm + height_mm)];
    stroke(page, &points, dice.between(0.35, 0.5), dice.between(0.1, 0.4));
}
