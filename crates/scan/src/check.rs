//! One picture against one page: code, place, light, print, ink, in this order; each step may end with "not known".

use crate::align::{self, Aligned};
use crate::code::{self, Found, Reading};
use crate::differ;
use crate::figures::Laid;
use crate::judge::{self, Seen};
use crate::page::{InkBox, Original, Page};
use crate::payload::PaperCode;
use crate::photo::Photo;
use crate::plane::Plane;
use crate::power::Power;
use crate::press::{self, Bases};
use crate::side;
use crate::verdict::{Answer, Quality, Verdict};
use crate::words::{ScanError, Words};

/// Which page of the paper is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// This one, from 0.
    Page(usize),
    /// Any: the one that looks most like the picture.
    Any,
}

/// What a page is compared with, made once and used for any number of pictures.
pub struct Prepared {
    /// The page.
    pub page: Page,
    bases: Bases,
    power: Power,
}

impl Prepared {
    /// Renders and prepares one page, from 0. `more_boxes` are places to write that the paper's keywords do not name.
    ///
    /// # Errors
    /// As [`Original::page`].
    pub fn new(original: &Original, index: usize, more_boxes: &[InkBox]) -> Result<Prepared, ScanError> {
        let mut page = original.page(index)?;
        page.boxes.extend_from_slice(more_boxes);
        let ink = Plane {
            width: page.raster.width,
            height: page.raster.height,
            values: page.raster.values.iter().map(|v| 1.0 - v).collect(),
        };
        let power = Power::of(&page);
        Ok(Prepared { bases: Bases::of(&ink), power, page })
    }
}

/// Reads the code of a picture, so that the caller can fetch the paper that it names.
///
/// # Errors
/// The verdict to keep when there is no code of ours: not known without a code, contradicted with a foreign or a second one.
pub fn read_code(photo: &Photo) -> Result<(Found, PaperCode), Box<Verdict>> {
    match code::read(&photo.gray) {
        Reading::None => Err(Box::new(Verdict::none(
            None,
            Answer::NotKnown,
            &Words::new(
                "没有读到二维码。请把整页放平、光线均匀、不要反光,在 150 dpi 以上重新扫描或靠近重拍。",
                "No code could be read. Lay the whole page flat in even light without glare, and scan at 150 dpi or more, or photograph it again from nearer.",
            ),
        ))),
        Reading::Several(_) => Err(Box::new(Verdict::none(
            None,
            Answer::NotKnown,
            &Words::new(
                "图片里有多个不同的二维码。请只拍要交回的那一页。",
                "The picture shows several different codes. Photograph only the page to hand in.",
            ),
        ))),
        Reading::One(found) => match PaperCode::read(&found.text) {
            Ok(code) => Ok((found, code)),
            Err(words) => Err(Box::new(Verdict::none(Some(found.text), Answer::Contradicted, &words))),
        },
    }
}

/// Compares a picture with the paper that its code names.
///
/// # Errors
/// When the paper cannot be rendered. Everything about the picture is in the verdict.
pub fn check(
    photo: &Photo,
    original: &Original,
    which: Which,
    more_boxes: &[InkBox],
) -> Result<Verdict, ScanError> {
    let (found, _) = match read_code(photo) {
        Ok(read) => read,
        Err(verdict) => return Ok(*verdict),
    };
    let index = match which {
        Which::Page(index) => index,
        Which::Any => most_alike(photo, original, &found)?.map_or(0, |best| best.0),
    };
    let prepared = Prepared::new(original, index, more_boxes)?;
    let mut verdict = compare(photo, &prepared, &found);
    let unsure = verdict.quality.found_share < judge::FOUND_ENOUGH;
    if let (Which::Page(_), true) = (which, unsure)
        && let Some((other, share)) = most_alike(photo, original, &found)?
        && other != index
        && share > judge::FOUND_ENOUGH
    {
        let words = Words::new(
            format!("这是同一份文件的第 {} 页,不是第 {} 页。请拍第 {} 页。", other + 1, index + 1, index + 1),
            format!(
                "This is page {} of the same paper, not page {}. Photograph page {}.",
                other + 1,
                index + 1,
                index + 1
            ),
        );
        let sides = std::mem::take(&mut verdict.sides);
        verdict = Verdict { sides, ..Verdict::none(Some(found.text), Answer::Contradicted, &words) };
        verdict.page_index = Some(other);
    }
    Ok(verdict)
}

/// The page with that code whose print is found best, and how much of it.
fn most_alike(photo: &Photo, original: &Original, found: &Found) -> Result<Option<(usize, f64)>, ScanError> {
    let mut best: Option<(usize, f64)> = None;
    for index in 0..original.pages() {
        let page = original.page(index)?;
        let Some(code) = page.codes.iter().find(|c| c.text == found.text) else { continue };
        let share = align::likeness(&page, &photo.gray, &code.corners, &found.corners);
        if best.is_none_or(|b| share > b.1) {
            best = Some((index, share));
        }
    }
    Ok(best)
}

/// Compares a picture whose code was read with one prepared page.
#[must_use]
pub fn compare(photo: &Photo, prepared: &Prepared, found: &Found) -> Verdict {
    let page = &prepared.page;
    let Some(code) = page.codes.iter().find(|c| c.text == found.text) else {
        let words = Words::new(
            "二维码属于另一份文件,不是要交回的这一份。请核对客户和合同编号后拍正确的纸。",
            "The code belongs to another paper. Check the borrower and the number, and photograph the right paper.",
        );
        return unlaid(photo, page, found, Answer::Contradicted, &words);
    };
    let Some(aligned) = align::align(page, &photo.gray, &code.corners, &found.corners) else {
        let words = Words::new(
            "读到了正确的二维码,但页面内容对不上原件:可能纸被折叠、只拍到一角,或者内容不是这一页。请放平重拍;仍然如此请由人核对原纸。",
            "The code is right, but the page around it could not be laid on the original: it may be folded, cut off, or another page. Lay it flat and photograph it again; if that does not help, a person must look at the paper.",
        );
        return unlaid(photo, page, found, Answer::NotKnown, &words);
    };
    let laid = aligned.warp.lay(&photo.gray, page.raster.width, page.raster.height);
    let proof = press::explain(page, &prepared.bases, &laid);
    let power = power_map(prepared, &proof);
    let quality = quality(page, &aligned, &proof, &power);
    let cells = differ::cells(page, &proof, &prepared.power);
    let spots = differ::spots(&proof);
    let (claims, ink) = judge::claims(&Seen {
        page,
        quality: &quality,
        proof: &proof,
        power: &power,
        cells: &cells,
        spots: &spots,
    });
    Verdict {
        code: PaperCode::read(&found.text).ok(),
        code_text: Some(found.text.clone()),
        page_index: Some(page.index),
        sides: side::sides(page, &laid, &claims),
        ink,
        claims,
        laid: (quality.found_share >= judge::FOUND_ENOUGH).then(|| Laid::new(page, aligned.warp)),
        quality,
    }
}

/// A picture that could not be laid on the page: a person sees it as it is.
fn unlaid(photo: &Photo, page: &Page, found: &Found, answer: Answer, words: &Words) -> Verdict {
    let mut verdict = Verdict::none(Some(found.text.clone()), answer, words);
    verdict.sides = side::alone(page, &photo.gray);
    verdict
}

/// Power of every tile in which digits stand; `None` elsewhere.
fn power_map(prepared: &Prepared, proof: &press::Proof) -> Vec<Option<f32>> {
    let mut wanted = vec![false; proof.fits.len()];
    for g in prepared.page.glyphs.iter().filter(|g| g.is_digit()) {
        wanted[proof.tile_of(g.area[0] as usize, g.area[1] as usize)] = true;
    }
    let one = |(fit, wanted): (&press::Fit, &bool)| {
        if *wanted && fit.seen { prepared.power.at(fit) } else { None }
    };
    proof.fits.iter().zip(&wanted).map(one).collect()
}

fn quality(page: &Page, aligned: &Aligned, proof: &press::Proof, power: &[Option<f32>]) -> Quality {
    let (w, h) = (page.raster.width as f64, page.raster.height as f64);
    let corners = [(0.05, 0.05), (0.95, 0.05), (0.05, 0.95), (0.95, 0.95), (0.5, 0.5)];
    let dpi = corners.map(|(x, y)| align::dpi_at(&aligned.warp, x * w, y * h));
    let middle = |of: fn(&press::Fit) -> f32| {
        let mut values: Vec<f32> = proof.fits.iter().filter(|f| f.seen).map(of).collect();
        f64::from(crate::solve::median(&mut values))
    };
    Quality {
        least_dpi: dpi.into_iter().fold(f64::MAX, f64::min),
        inside_share: aligned.inside_share,
        found_share: aligned.found_share,
        paper: proof.paper.into(),
        contrast: middle(|f| f.contrast),
        noise: middle(|f| f.noise),
        power: power.iter().flatten().copied().fold(f32::MAX, f32::min).min(99.0).into(),
    }
}
