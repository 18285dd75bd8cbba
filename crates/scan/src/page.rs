//! The page as it was printed: its picture, its characters with their places, its signature boxes. Rendered from the stored PDF
//! every time, so there is nothing beside the PDF that could differ from it.

use std::sync::Arc;

use hayro::hayro_interpret::font::Glyph as PdfGlyph;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page as PdfPage;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings};
use kurbo::{Affine, BezPath, Rect, Shape};

use crate::code::{self, Found, Reading};
use crate::plane::Plane;
use crate::words::ScanError;

/// Dots per inch at which pages are compared.
pub const REF_DPI: f64 = 150.0;
/// Pixels of a compared page in one millimetre.
pub const PX_PER_MM: f64 = REF_DPI / 25.4;
/// Most pages of a paper.
pub const PAGE_LIMIT: usize = 60;
/// Longest edge of a page, in points: A3 and a little more.
const EDGE_LIMIT_PT: f32 = 1300.0;
/// Most characters of one page.
const GLYPH_LIMIT: usize = 20_000;
const BOX_LIMIT: usize = 32;

/// A rectangle on a page in millimetres from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct PlaceMm {
    /// From the left edge.
    pub left_mm: f64,
    /// From the upper edge.
    pub top_mm: f64,
    /// Across.
    pub width_mm: f64,
    /// Down.
    pub height_mm: f64,
}

/// Where a person may write, and the name that the template gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct InkBox {
    /// Such as `sign-borrower`; names that do not begin with `sign-` may be written into but need not.
    pub name: String,
    /// Where.
    pub place: PlaceMm,
}

/// One printed character.
#[derive(Clone, Debug)]
pub(crate) struct Glyph {
    pub(crate) text: String,
    /// In pixels of the reference: left, top, right, bottom.
    pub(crate) area: [f32; 4],
    /// Its outline in pixels of the reference, kept for digits alone.
    pub(crate) outline: Option<BezPath>,
}

impl Glyph {
    pub(crate) fn is_digit(&self) -> bool {
        matches!(self.text.as_bytes(), [b'0'..=b'9'])
    }
}

/// The stored PDF.
pub struct Original {
    pdf: Pdf,
}

/// One page of it, ready to compare.
pub struct Page {
    /// From 0.
    pub index: usize,
    /// Across.
    pub width_mm: f64,
    /// Down.
    pub height_mm: f64,
    /// Where may be written.
    pub boxes: Vec<InkBox>,
    pub(crate) raster: Plane,
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) codes: Vec<Found>,
}

impl Original {
    /// Opens the PDF that was printed.
    ///
    /// # Errors
    /// When it is damaged, encrypted, or has no page or too many.
    pub fn open(pdf: &[u8]) -> Result<Original, ScanError> {
        let broken = |why: &str| ScanError::Original { why: why.to_owned() };
        let pdf = Pdf::new(pdf.to_vec()).map_err(|why| broken(&format!("{why:?}")))?;
        match pdf.pages().len() {
            0 => Err(broken("no page")),
            n if n > PAGE_LIMIT => Err(broken(&format!("{n} pages, at most {PAGE_LIMIT}"))),
            _ => Ok(Original { pdf }),
        }
    }

    /// How many pages.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pdf.pages().len()
    }

    /// Renders one page, from 0.
    ///
    /// # Errors
    /// When there is no such page, or it is larger than A3.
    pub fn page(&self, index: usize) -> Result<Page, ScanError> {
        let broken = |why: String| ScanError::Original { why };
        let pages = self.pdf.pages();
        let page = pages.get(index).ok_or_else(|| broken(format!("no page {}", index + 1)))?;
        let (width_pt, height_pt) = page.render_dimensions();
        let sane = |edge: f32| (100.0..=EDGE_LIMIT_PT).contains(&edge);
        if !sane(width_pt) || !sane(height_pt) {
            return Err(broken(format!("page of {width_pt}×{height_pt} points")));
        }
        let raster = raster(page, REF_DPI);
        let codes = match code::read(&raster) {
            Reading::One(found) => vec![found],
            Reading::Several(all) => all,
            Reading::None => Vec::new(),
        };
        let mm = |pt: f32| f64::from(pt) * 25.4 / 72.0;
        let keywords = self.pdf.metadata().keywords.clone().unwrap_or_default();
        Ok(Page {
            index,
            width_mm: mm(width_pt),
            height_mm: mm(height_pt),
            boxes: boxes(&keywords, index, f64::from(height_pt)),
            glyphs: glyphs(page),
            raster,
            codes,
        })
    }

    /// A page that somebody handed in as a PDF, grey; refused when it is no page of paper.
    pub(crate) fn scanned(&self, index: usize, dpi: f64) -> Result<Plane, ScanError> {
        let damaged = |why: String| ScanError::Damaged { why };
        let pages = self.pdf.pages();
        let page = pages.get(index).ok_or_else(|| damaged(format!("no page {}", index + 1)))?;
        let (width_pt, height_pt) = page.render_dimensions();
        let sane = |edge: f32| (100.0..=EDGE_LIMIT_PT).contains(&edge);
        if !sane(width_pt) || !sane(height_pt) {
            return Err(damaged(format!("page of {width_pt}×{height_pt} points")));
        }
        Ok(raster(page, dpi))
    }

    /// A picture of a page at any resolution, grey: for tests and for a person's screen.
    #[must_use]
    pub fn picture(&self, index: usize, dpi: f64) -> Option<Plane> {
        self.pdf.pages().get(index).map(|page| raster(page, dpi.clamp(20.0, 600.0)))
    }
}

impl Page {
    /// The text of each code printed on the page.
    pub fn code_texts(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(|code| code.text.as_str())
    }

    /// Where those codes stand.
    #[must_use]
    pub fn code_areas(&self) -> Vec<PlaceMm> {
        let area = |code: &Found| {
            let ends = |k: fn(&(f64, f64)) -> f64| {
                let of = code.corners.iter().map(k);
                (of.clone().fold(f64::MAX, f64::min) as f32, of.fold(f64::MIN, f64::max) as f32)
            };
            let ((x0, x1), (y0, y1)) = (ends(|c| c.0), ends(|c| c.1));
            place([x0, y0, x1, y1])
        };
        self.codes.iter().map(area).collect()
    }

    /// Places of the printed digits in millimetres, with what they say.
    #[must_use]
    pub fn digits(&self) -> Vec<(char, PlaceMm)> {
        let digits = self.glyphs.iter().filter(|g| g.is_digit());
        digits.filter_map(|g| Some((g.text.chars().next()?, place(g.area)))).collect()
    }

    /// Characters that stand beside each other on one line, as one text with its place, in the order in which they were printed.
    pub(crate) fn runs(&self) -> Vec<Run> {
        let mut all: Vec<Run> = Vec::new();
        let mut last: Option<[f32; 4]> = None;
        for glyph in &self.glyphs {
            let [x0, y0, x1, y1] = glyph.area;
            let follows = last.is_some_and(|l| {
                // A point is as high as nothing: the run says how large its letters are.
                let size = all.last().map_or(0.0, |run| run.area[3] - run.area[1]).max(y1 - y0);
                let beside = y0 < l[3] + size * 0.6 && l[1] < y1 + size * 0.6;
                beside && (-size * 0.5..size * NEXT_WORD).contains(&(x0 - l[2]))
            });
            match all.last_mut() {
                Some(run) if follows => {
                    let gap = x0 - last.map_or(x0, |l| l[2]);
                    if gap > (run.area[3] - run.area[1]) * WORD_GAP {
                        run.text.push(' ');
                    }
                    run.text.push_str(&glyph.text);
                    let [a, b, c, d] = run.area;
                    run.area = [a.min(x0), b.min(y0), c.max(x1), d.max(y1)];
                }
                _ => all.push(Run { text: glyph.text.clone(), area: glyph.area }),
            }
            last = Some(glyph.area);
        }
        all
    }
}

/// Text that stands together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run {
    /// As printed.
    pub(crate) text: String,
    /// In pixels of the reference: left, top, right, bottom.
    pub(crate) area: [f32; 4],
}

/// Farther apart than this many heights is another cell of a table.
const NEXT_WORD: f32 = 0.9;
/// Farther apart than this share of the height is another word.
const WORD_GAP: f32 = 0.35;

pub(crate) fn place(area: [f32; 4]) -> PlaceMm {
    let mm = |px: f32| (f64::from(px) / PX_PER_MM * 10.0).round() / 10.0;
    PlaceMm {
        left_mm: mm(area[0]),
        top_mm: mm(area[1]),
        width_mm: mm(area[2] - area[0]),
        height_mm: mm(area[3] - area[1]),
    }
}

fn settings() -> InterpreterSettings {
    InterpreterSettings {
        font_resolver: Arc::new(|_| None),
        cmap_resolver: Arc::new(|_| None),
        warning_sink: Arc::new(|_| {}),
        render_annotations: true,
    }
}

fn raster(page: &PdfPage<'_>, dpi: f64) -> Plane {
    let scale = (dpi / 72.0) as f32;
    let (width, height) = page.render_dimensions();
    let cache = RenderCache::new();
    let wish = RenderSettings {
        x_scale: scale,
        y_scale: scale,
        width: Some((width * scale).round() as u16),
        height: Some((height * scale).round() as u16),
        bg_color: WHITE,
    };
    let map = hayro::render(page, &cache, &settings(), &wish);
    let gray = |c: &hayro::vello_cpu::peniko::color::PremulRgba8| {
        (0.2126 * f32::from(c.r) + 0.7152 * f32::from(c.g) + 0.0722 * f32::from(c.b)) / 255.0
    };
    Plane {
        width: map.width().into(),
        height: map.height().into(),
        values: map.data().iter().map(gray).collect(),
    }
}

/// Boxes of one page from `name=page:left,bottom,width,height` in hundredths of a point, page from 1.
fn boxes(keywords: &[u8], index: usize, height_pt: f64) -> Vec<InkBox> {
    let text = match keywords {
        [0xFE, 0xFF, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|c| u16::from_be_bytes([c[0], c[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        plain => String::from_utf8_lossy(plain).into_owned(),
    };
    let read = |word: &str| {
        let (name, rest) = word.trim_end_matches(',').split_once('=')?;
        let (page, numbers) = rest.split_once(':')?;
        let cpt: Vec<f64> =
            numbers.split(',').map(|n| n.parse::<i32>().ok().map(f64::from)).collect::<Option<_>>()?;
        let [left, bottom, width, height] = cpt[..] else { return None };
        let mm = |cpt: f64| cpt / 100.0 * 25.4 / 72.0;
        let here = page.parse::<usize>().ok()? == index + 1;
        let sane = left >= 0.0 && bottom >= 0.0 && width > 0.0 && height > 0.0;
        (here && sane).then(|| InkBox {
            name: name.to_owned(),
            place: PlaceMm {
                left_mm: mm(left),
                top_mm: mm(height_pt * 100.0 - bottom - height),
                width_mm: mm(width),
                height_mm: mm(height),
            },
        })
    };
    text.split(|c: char| c.is_whitespace() || c == ';').filter_map(read).take(BOX_LIMIT).collect()
}

fn glyphs(page: &PdfPage<'_>) -> Vec<Glyph> {
    let scale = REF_DPI / 72.0;
    let transform = Affine::scale(scale) * page.initial_transform(true).to_kurbo();
    let (width, height) = page.render_dimensions();
    let area = Rect::new(0.0, 0.0, f64::from(width) * scale, f64::from(height) * scale);
    let cache = InterpreterCache::new();
    let mut context = Context::new(transform, area, &cache, page.xref(), settings());
    let mut collector = Collector::default();
    interpret_page(page, &mut context, &mut collector);
    collector.glyphs
}

/// Listens to the page being drawn and keeps its characters.
#[derive(Default)]
struct Collector {
    glyphs: Vec<Glyph>,
}

impl<'a> Device<'a> for Collector {
    fn draw_glyph(
        &mut self,
        glyph: &PdfGlyph<'a>,
        transform: Affine,
        glyph_transform: Affine,
        _: &Paint<'a>,
        mode: &GlyphDrawMode,
    ) {
        let PdfGlyph::Outline(outline) = glyph else { return };
        if matches!(mode, GlyphDrawMode::Invisible) || self.glyphs.len() >= GLYPH_LIMIT {
            return;
        }
        let text = match glyph.as_unicode() {
            Some(BfString::Char(c)) => c.to_string(),
            Some(BfString::String(s)) => s,
            None => String::new(),
        };
        let path = transform * glyph_transform * outline.outline();
        let bounds = path.bounding_box();
        if bounds.width() > 0.3 && bounds.height() > 0.3 {
            let area = [bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(|v| v as f32);
            let mut glyph = Glyph { text, area, outline: None };
            glyph.outline = glyph.is_digit().then_some(path);
            self.glyphs.push(glyph);
        }
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'a>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
