//! What a reader of a finished page really sees: every run of text with its place, its size, its colour and what lies under and
//! over it. Reads the page as it will be printed, not the template's intentions.

use typst::foundations::Bytes;
use typst::layout::{Frame, FrameItem, Point, Size, Transform};
use typst::visualize::{Color, Curve, CurveItem, Geometry, ImageKind, Paint};
use typst_layout::PagedDocument;

/// A rectangle in points from the upper left corner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn of(at: Point, size: Size, by: Transform) -> Area {
        let corners =
            [at, at + Point::with_x(size.x), at + Point::with_y(size.y), at + Point::new(size.x, size.y)]
                .map(|corner| corner.transform(by));
        let (xs, ys) = (corners.map(|p| p.x.to_pt()), corners.map(|p| p.y.to_pt()));
        let least = |of: [f64; 4]| of.into_iter().fold(f64::INFINITY, f64::min);
        let most = |of: [f64; 4]| of.into_iter().fold(f64::NEG_INFINITY, f64::max);
        Area { left: least(xs), top: least(ys), right: most(xs), bottom: most(ys) }
    }

    fn surface(self) -> f64 {
        (self.right - self.left).max(0.0) * (self.bottom - self.top).max(0.0)
    }

    /// The part that both have.
    fn shared(self, other: Area) -> Area {
        Area {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// Points spread over the area, by which a shape that is no rectangle is held against it.
    fn samples(self) -> impl Iterator<Item = (f64, f64)> {
        let (wide, high) = (self.right - self.left, self.bottom - self.top);
        let across = move |n: u32| self.left + wide * (f64::from(n) + 0.5) / 9.0;
        (0..27).map(move |n| (across(n % 9), self.top + high * (f64::from(n / 9) + 0.5) / 3.0))
    }

    /// How much of this area the other one has, from 0 to 1.
    fn share_in(self, other: Area) -> f64 {
        let whole = self.surface();
        if whole > 0.0 { self.shared(other).surface() / whole } else { 0.0 }
    }

    /// Upper left corner in whole millimetres.
    pub(super) fn corner_mm(self) -> (i64, i64) {
        let mm = |pt: f64| (pt * 25.4 / 72.0).round() as i64;
        (mm(self.left), mm(self.top))
    }
}

/// Why a run cannot be seen or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unseen {
    /// Outside the page or cut off by a clip.
    Outside,
    /// Something opaque lies over it.
    Covered,
    /// Its contrast to what lies under it, times 100.
    Faint(u32),
    /// Its size in hundredths of a point.
    Tiny(i64),
}

/// A run of text.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) page: usize,
    pub(super) text: String,
    pub(super) size_cpt: i64,
    pub(super) area: Area,
    pub(super) unseen: Option<Unseen>,
}

/// A picture.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub(super) page: usize,
    pub(super) data: Option<Bytes>,
    pub(super) side_mm: i64,
    pub(super) seen: bool,
}

/// Everything on the paper.
pub(super) struct Ink {
    pub(super) runs: Vec<Run>,
    pub(super) pictures: Vec<Picture>,
}

/// Smallest text that counts as readable at all: 6 points.
const TINY_CPT: i64 = 600;
/// Lowest contrast for text, times 100 (WCAG 2.2, 1.4.3).
const CONTRAST: u32 = 450;

/// Something painted over a whole area, in the order of painting.
struct Ground {
    area: Area,
    /// The outline when it is no rectangle, as polygons.
    outline: Option<Vec<Vec<(f64, f64)>>>,
    /// Red, green, blue; nothing for pictures, gradients and patterns, whose colour is not one.
    colour: Option<[f64; 3]>,
    opaque: bool,
    order: usize,
}

impl Ground {
    /// How much of `area` is painted, from 0 to 1.
    fn share_of(&self, area: Area) -> f64 {
        let Some(outline) = &self.outline else { return area.share_in(self.area) };
        if area.share_in(self.area) <= 0.0 {
            return 0.0;
        }
        let inside = area.samples().filter(|at| winding(outline, *at) != 0).count();
        f64::from(u32::try_from(inside).unwrap_or(u32::MAX)) / 27.0
    }
}

/// How often the polygons go round a point.
fn winding(polygons: &[Vec<(f64, f64)>], (x, y): (f64, f64)) -> i32 {
    let mut turns = 0;
    for polygon in polygons {
        for (a, b) in polygon.iter().zip(polygon.iter().cycle().skip(1)) {
            let side = (b.0 - a.0) * (y - a.1) - (x - a.0) * (b.1 - a.1);
            if a.1 <= y && b.1 > y && side > 0.0 {
                turns += 1;
            } else if a.1 > y && b.1 <= y && side < 0.0 {
                turns -= 1;
            }
        }
    }
    turns
}

/// A curve as polygons; a bend becomes eight straight pieces.
fn polygons(curve: &Curve, at: Point, by: Transform) -> Vec<Vec<(f64, f64)>> {
    let put = |p: Point| {
        let p = (at + p).transform(by);
        (p.x.to_pt(), p.y.to_pt())
    };
    let (mut all, mut last) = (Vec::<Vec<(f64, f64)>>::new(), Point::zero());
    for item in &curve.0 {
        match item {
            CurveItem::Move(p) => {
                all.push(vec![put(*p)]);
                last = *p;
            }
            CurveItem::Line(p) => {
                if let Some(polygon) = all.last_mut() {
                    polygon.push(put(*p));
                }
                last = *p;
            }
            CurveItem::Cubic(b, c, d) => {
                for n in 1..=8 {
                    let t = f64::from(n) / 8.0;
                    let u = 1.0 - t;
                    let point = last * (u * u * u)
                        + *b * (3.0 * u * u * t)
                        + *c * (3.0 * u * t * t)
                        + *d * (t * t * t);
                    if let Some(polygon) = all.last_mut() {
                        polygon.push(put(point));
                    }
                }
                last = *d;
            }
            CurveItem::Close => {}
        }
    }
    all
}

struct Walk {
    page: usize,
    sheet: Area,
    paints: Vec<Ground>,
    runs: Vec<(Run, Option<[f64; 4]>, usize)>,
    pictures: Vec<(Picture, Area, usize)>,
    order: usize,
}

/// Reads every page.
pub(super) fn read(document: &PagedDocument) -> Ink {
    let (mut runs, mut pictures) = (Vec::new(), Vec::new());
    for (page, sheet) in document.pages().iter().enumerate() {
        let whole = Area::of(Point::zero(), sheet.frame.size(), Transform::identity());
        let mut walk =
            Walk { page, sheet: whole, paints: Vec::new(), runs: Vec::new(), pictures: Vec::new(), order: 0 };
        if let Some(fill) = sheet.fill_or_transparent() {
            walk.paint(whole, None, &fill);
        }
        walk.frame(&sheet.frame, Transform::identity(), whole);
        walk.judge(&mut runs, &mut pictures);
    }
    Ink { runs, pictures }
}

impl Walk {
    fn frame(&mut self, frame: &Frame, by: Transform, clip: Area) {
        for (at, item) in frame.items() {
            self.order += 1;
            match item {
                FrameItem::Group(group) => {
                    let inner = by.pre_concat(Transform::translate(at.x, at.y)).pre_concat(group.transform);
                    let clip = group
                        .clip
                        .as_ref()
                        .map_or(clip, |_| clip.shared(Area::of(Point::zero(), group.frame.size(), inner)));
                    self.frame(&group.frame, inner, clip);
                }
                FrameItem::Text(run) => self.text(run, *at, by, clip),
                FrameItem::Shape(shape, _) => {
                    let bounds = shape.bbox(false);
                    let size = Size::new(bounds.max.x - bounds.min.x, bounds.max.y - bounds.min.y);
                    let area = Area::of(*at + bounds.min, size, by).shared(clip);
                    let outline = match &shape.geometry {
                        Geometry::Curve(curve) => Some(polygons(curve, *at, by)),
                        Geometry::Rect(_) | Geometry::Line(_) => None,
                    };
                    if let Some(fill) = &shape.fill {
                        self.paint(area, outline, fill);
                    }
                }
                FrameItem::Image(image, size, _) => self.picture(image, Area::of(*at, *size, by), clip),
                FrameItem::Link(..) | FrameItem::Tag(_) => {}
            }
        }
    }

    fn text(&mut self, run: &typst::text::TextItem, at: Point, by: Transform, clip: Area) {
        let ascent = run.size * 0.75;
        let size = Size::new(run.width(), run.size);
        let area = Area::of(at - Point::with_y(ascent), size, by);
        let real = (run.size.to_pt() * (by.sx.get() * by.sy.get() - by.kx.get() * by.ky.get()).abs().sqrt())
            .clamp(0.0, 10_000.0);
        let size_cpt = (real * 100.0).round() as i64;
        let colour = match &run.fill {
            Paint::Solid(colour) => Some(rgba(colour)),
            Paint::Gradient(_) | Paint::Tiling(_) => None,
        };
        let unseen = if area.surface() > 0.0 && area.share_in(self.sheet.shared(clip)) < 0.95 {
            Some(Unseen::Outside)
        } else if size_cpt < TINY_CPT {
            Some(Unseen::Tiny(size_cpt))
        } else {
            None
        };
        let run = Run { page: self.page, text: run.text.to_string(), size_cpt, area, unseen };
        self.runs.push((run, colour, self.order));
    }

    fn picture(&mut self, image: &typst::visualize::Image, area: Area, clip: Area) {
        let data = match image.kind() {
            ImageKind::Svg(svg) => Some(svg.data().clone()),
            ImageKind::Raster(_) | ImageKind::Pdf(_) => None,
        };
        let side = (area.right - area.left).min(area.bottom - area.top) * 25.4 / 72.0;
        let seen = area.share_in(self.sheet.shared(clip)) > 0.95;
        let picture = Picture { page: self.page, data, side_mm: side.round() as i64, seen };
        self.pictures.push((picture, area, self.order));
        self.paints.push(Ground {
            area: area.shared(clip),
            outline: None,
            colour: None,
            opaque: true,
            order: self.order,
        });
    }

    fn paint(&mut self, area: Area, outline: Option<Vec<Vec<(f64, f64)>>>, fill: &Paint) {
        let (colour, opaque) = match fill {
            Paint::Solid(colour) => {
                let [r, g, b, a] = rgba(colour);
                if a <= 0.02 {
                    return;
                }
                (Some(over([r, g, b, a], self.under(area, usize::MAX).unwrap_or([1.0; 3]))), a >= 0.5)
            }
            Paint::Gradient(_) | Paint::Tiling(_) => (None, true),
        };
        self.paints.push(Ground { area, outline, colour, opaque, order: self.order });
    }

    /// The colour that lies under an area before `order`: white paper, or the last thing that was painted over most of it.
    fn under(&self, area: Area, order: usize) -> Option<[f64; 3]> {
        let last = self.paints.iter().rfind(|p| p.order < order && p.share_of(area) > 0.5);
        last.map_or(Some([1.0; 3]), |p| p.colour)
    }

    fn covered(&self, area: Area, order: usize) -> bool {
        self.paints.iter().any(|p| p.order > order && p.opaque && p.share_of(area) > 0.2)
    }

    fn judge(self, runs: &mut Vec<Run>, pictures: &mut Vec<Picture>) {
        for (run, colour, order) in &self.runs {
            let faint = || match (colour, self.under(run.area, *order)) {
                (Some(ink), Some(ground)) => {
                    let ratio = contrast(over(*ink, ground), ground);
                    (ratio < CONTRAST).then_some(Unseen::Faint(ratio))
                }
                // A pattern or a picture behind text, or text in a pattern: no contrast can be promised.
                _ => Some(Unseen::Faint(100)),
            };
            let mut run = run.clone();
            if run.unseen.is_none() && !run.text.trim().is_empty() {
                run.unseen = if self.covered(run.area, *order) { Some(Unseen::Covered) } else { faint() };
            }
            runs.push(run);
        }
        for (picture, area, order) in &self.pictures {
            let mut picture = picture.clone();
            picture.seen = picture.seen && !self.covered(*area, *order);
            pictures.push(picture);
        }
    }
}

fn rgba(colour: &Color) -> [f64; 4] {
    colour.to_rgb().into_components_array()
}

/// `ink` on `ground`, by its opacity.
fn over([r, g, b, a]: [f64; 4], ground: [f64; 3]) -> [f64; 3] {
    let mix = |ink: f64, under: f64| ink * a + under * (1.0 - a);
    [mix(r, ground[0]), mix(g, ground[1]), mix(b, ground[2])]
}

/// Contrast ratio of WCAG 2.2, times 100.
fn contrast(a: [f64; 3], b: [f64; 3]) -> u32 {
    let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    let light = |[r, g, b]: [f64; 3]| 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    let (a, b) = (light(a), light(b));
    ((a.max(b) + 0.05) / (a.min(b) + 0.05) * 100.0).round() as u32
}

/// The components as they are used here.
trait Components {
    fn into_components_array(self) -> [f64; 4];
}

impl Components for typst::visualize::Rgb {
    fn into_components_array(self) -> [f64; 4] {
        let [r, g, b, a] = [self.red, self.green, self.blue, self.alpha].map(f64::from);
        [r, g, b, a]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert_eq!(contrast([0.0; 3], [1.0; 3]), 2100);
        assert_eq!(contrast([1.0; 3], [1.0; 3]), 100);
        let grey = 119.0 / 255.0;
        assert_eq!(contrast([grey; 3], [1.0; 3]), 448);
    }
}
