//! The picture for a person's split screen: left what was printed, right what came back, laid on each other's place, findings
//! framed in red on both.

use crate::page::{PX_PER_MM, Page};
use crate::plane::Plane;
use crate::verdict::{Claim, FindingKind};

/// Pixels of the reference for three of the picture: 100 dpi.
const SHRINK: f64 = 2.0 / 3.0;
const GAP: usize = 12;
const QUALITY: u8 = 80;

/// JPEG bytes; empty if the encoder fails, which it does not for such sizes.
pub(crate) fn by_side(page: &Page, laid: &Plane, claims: &[Claim]) -> Vec<u8> {
    let shown = Plane {
        width: laid.width,
        height: laid.height,
        values: laid.values.iter().map(|v| if v.is_nan() { 0.35 } else { *v }).collect(),
    };
    let (left, right) = (page.raster.resized(SHRINK), shown.resized(SHRINK));
    let (w, h) = (left.width, left.height);
    let wide = 2 * w + GAP;
    let mut rgb = vec![90u8; wide * h * 3];
    for (start, plane) in [(0, left), (w + GAP, right)] {
        for (i, v) in plane.to_bytes().into_iter().enumerate() {
            let at = (i / w * wide + start + i % w) * 3;
            rgb[at..at + 3].fill(v);
        }
    }
    for finding in claims.iter().flat_map(|c| &c.findings) {
        let px = |mm: f64| (mm * PX_PER_MM * SHRINK) as isize;
        let p = &finding.place;
        let area = [
            px(p.left_mm) - 4,
            px(p.top_mm) - 4,
            px(p.left_mm + p.width_mm) + 4,
            px(p.top_mm + p.height_mm) + 4,
        ];
        let colour = match finding.kind {
            FindingKind::Changed | FindingKind::Added | FindingKind::Missing => [200, 0, 0],
            FindingKind::UnderInk | FindingKind::Unreadable => [200, 120, 0],
        };
        frame(&mut rgb, wide, h, area, (0, w as isize), colour);
        let offset = (w + GAP) as isize;
        let moved = [area[0] + offset, area[1], area[2] + offset, area[3]];
        frame(&mut rgb, wide, h, moved, (offset, wide as isize), colour);
    }
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    match encoder.encode(&rgb, wide as u32, h as u32, image::ExtendedColorType::Rgb8) {
        Ok(()) => bytes,
        Err(_) => Vec::new(),
    }
}

/// Two pixels wide, inside its half of the picture.
fn frame(rgb: &mut [u8], wide: usize, high: usize, area: [isize; 4], half: (isize, isize), colour: [u8; 3]) {
    let [x0, y0, x1, y1] = area;
    for y in y0.max(0)..y1.min(high as isize) {
        for x in x0.max(half.0)..x1.min(half.1) {
            let rim = x < x0 + 2 || x >= x1 - 2 || y < y0 + 2 || y >= y1 - 2;
            if rim {
                let at = (y as usize * wide + x as usize) * 3;
                rgb[at..at + 3].copy_from_slice(&colour);
            }
        }
    }
}
