//! Both sides of a person's split screen: what was printed, and what came back, laid on each other's place at the resolution of the
//! comparison, findings framed on both.

use image::codecs::{jpeg::JpegEncoder, png::PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

use crate::page::{PX_PER_MM, Page};
use crate::plane::Plane;
use crate::verdict::{Claim, FindingKind, Sides};

const QUALITY: u8 = 85;

/// Both pictures; empty if an encoder fails, which it does not for such sizes.
pub(crate) fn sides(page: &Page, laid: &Plane, claims: &[Claim]) -> Sides {
    // What the picture does not show is grey, neither paper nor ink.
    let shown = Plane {
        width: laid.width,
        height: laid.height,
        values: laid.values.iter().map(|v| if v.is_nan() { 0.35 } else { *v }).collect(),
    };
    let (width, height) = (laid.width as u32, laid.height as u32);
    let mut sides = Sides::default();
    let png = PngEncoder::new(&mut sides.expected_png);
    if png.write_image(&framed(&page.raster, claims), width, height, ExtendedColorType::Rgb8).is_err() {
        sides.expected_png.clear();
    }
    let mut jpeg = JpegEncoder::new_with_quality(&mut sides.laid_jpeg, QUALITY);
    if jpeg.encode(&framed(&shown, claims), width, height, ExtendedColorType::Rgb8).is_err() {
        sides.laid_jpeg.clear();
    }
    sides
}

/// The picture alone, for a code whose page could not be found on it.
pub(crate) fn alone(page: &Page, photo: &Plane) -> Sides {
    let mut sides = sides(page, &page.raster, &[]);
    sides.laid_jpeg.clear();
    let (width, height) = (photo.width as u32, photo.height as u32);
    let mut jpeg = JpegEncoder::new_with_quality(&mut sides.laid_jpeg, QUALITY);
    if jpeg.encode(&photo.to_bytes(), width, height, ExtendedColorType::L8).is_err() {
        sides.laid_jpeg.clear();
    }
    sides
}

fn framed(plane: &Plane, claims: &[Claim]) -> Vec<u8> {
    let mut rgb: Vec<u8> = plane.to_bytes().into_iter().flat_map(|v| [v, v, v]).collect();
    let (mut red, mut orange) = (Vec::new(), Vec::new());
    for finding in claims.iter().flat_map(|c| &c.findings) {
        let px = |mm: f64| (mm * PX_PER_MM) as isize;
        let p = &finding.place;
        let (right, lower) = (p.left_mm + p.width_mm, p.top_mm + p.height_mm);
        let area = [px(p.left_mm) - 6, px(p.top_mm) - 6, px(right) + 6, px(lower) + 6];
        match finding.kind {
            FindingKind::Changed | FindingKind::Added | FindingKind::Missing => red.push(area),
            FindingKind::UnderInk | FindingKind::Unreadable => orange.push(area),
        }
    }
    for (areas, colour) in [(orange, [200, 120, 0]), (red, [200, 0, 0])] {
        for area in joined(areas) {
            frame(&mut rgb, plane.width, plane.height, area, colour);
        }
    }
    rgb
}

/// Frames that overlap as one around them all: one upon the other they would hide the very figure that they point at.
fn joined(mut areas: Vec<[isize; 4]>) -> Vec<[isize; 4]> {
    let mut done: Vec<[isize; 4]> = Vec::new();
    while let Some(mut area) = areas.pop() {
        let meets = |a: &[isize; 4]| a[0] <= area[2] && area[0] <= a[2] && a[1] <= area[3] && area[1] <= a[3];
        match done.iter().position(meets) {
            None => done.push(area),
            Some(at) => {
                let other = done.swap_remove(at);
                let [x0, y0, x1, y1] = other;
                area = [area[0].min(x0), area[1].min(y0), area[2].max(x1), area[3].max(y1)];
                areas.push(area);
            }
        }
    }
    done
}

/// Three pixels wide.
fn frame(rgb: &mut [u8], wide: usize, high: usize, area: [isize; 4], colour: [u8; 3]) {
    let [x0, y0, x1, y1] = area;
    for y in y0.max(0)..y1.min(high as isize) {
        for x in x0.max(0)..x1.min(wide as isize) {
            let rim = x < x0 + 3 || x >= x1 - 3 || y < y0 + 3 || y >= y1 - 3;
            if rim {
                let at = (y as usize * wide + x as usize) * 3;
                rgb[at..at + 3].copy_from_slice(&colour);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_that_overlap_become_one() {
        let apart = [[0, 0, 10, 10], [20, 0, 30, 10]];
        assert_eq!(joined(apart.to_vec()).len(), 2);
        let bridged = [apart[0], apart[1], [8, 5, 22, 8]];
        assert_eq!(joined(bridged.to_vec()), [[0, 0, 30, 10]]);
    }
}
