//! From differences to claims. Here stand the tolerances: what a hand may do on paper, and what a picture must show before
//! anything is said about it.

use crate::differ::{Cell, Spot};
use crate::page::{InkBox, PX_PER_MM, Page, PlaceMm, place};
use crate::press::Proof;
use crate::verdict::{Answer, BoxInk, Claim, ClaimKind, Finding, FindingKind, PLACES_LIMIT, Quality};
use crate::words::Words;

/// A signature may leave its box by this much on every side.
pub const BEYOND_BOX_MM: f64 = 5.0;
/// A stroke that lies wholly outside must come this near to its box.
const TOUCH_MM: f64 = 3.0;
/// Lowest resolution; a little less than 100 dpi for paper that shrank.
pub const LEAST_DPI: f64 = 97.0;
/// Share of the printed patches that must be found in their places.
pub(crate) const FOUND_ENOUGH: f64 = 0.85;
/// Below this share a sharp, complete picture shows another page.
const FOUND_OTHER: f64 = 0.45;
const LEAST_INSIDE: f64 = 0.985;
const LEAST_PAPER: f64 = 0.15;
const LEAST_CONTRAST: f64 = 0.3;
/// Similar digits must differ by this much more than the limit.
const LEAST_POWER: f32 = 1.0;
/// Ink of a short signature, in square millimetres of full black.
const SIGNED_MM2: f64 = 3.0;
const UNSIGNED_MM2: f64 = 0.8;

/// What was seen.
pub(crate) struct Seen<'a> {
    pub(crate) page: &'a Page,
    pub(crate) quality: &'a Quality,
    pub(crate) proof: &'a Proof,
    pub(crate) power: &'a [Option<f32>],
    pub(crate) cells: &'a [Cell],
    pub(crate) spots: &'a [Spot],
}

/// What is said of the page, and how much ink lies in each place to write.
pub(crate) fn claims(seen: &Seen<'_>) -> (Vec<Claim>, Vec<BoxInk>) {
    let poor = poor(seen.quality);
    let hand = Hand::of(seen);
    let ink: Vec<BoxInk> = seen.page.boxes.iter().map(|b| in_box(seen, &hand, b)).collect();
    let claims = vec![
        expected(seen),
        added(seen, &hand, poor.as_ref()),
        changed(seen, &hand, poor.as_ref()),
        signed(&ink, poor.as_ref()),
    ];
    (claims, ink)
}

fn in_box(seen: &Seen<'_>, hand: &Hand, b: &InkBox) -> BoxInk {
    let mine = |(s, ok): &(&Spot, &bool)| **ok && touches(s.area, &b.place, TOUCH_MM);
    let ink_mm2 = seen.spots.iter().zip(&hand.allowed).filter(mine).map(|(s, _)| s.ink_mm2).sum();
    BoxInk { name: b.name.clone(), ink_mm2 }
}

/// Why nothing can be said about this picture, if so.
fn poor(q: &Quality) -> Option<Words> {
    if q.least_dpi < LEAST_DPI {
        return Some(Words::new(
            format!(
                "清晰度不够:最低处只有 {:.0} dpi,至少要 100 dpi。请靠近重拍或用 150 dpi 以上扫描。",
                q.least_dpi
            ),
            format!(
                "Too coarse: {:.0} dpi at its lowest, at least 100 are needed. Photograph from nearer, or scan at 150 dpi or more.",
                q.least_dpi
            ),
        ));
    }
    if q.inside_share < LEAST_INSIDE {
        return Some(Words::new(
            "没有拍到整页。请让四个角都在画面里重拍。",
            "The picture does not show the whole page. Photograph it again with all four corners in the picture.",
        ));
    }
    if q.paper < LEAST_PAPER || q.contrast < LEAST_CONTRAST {
        return Some(Words::new(
            "太暗或对比太弱,看不清字。请在均匀的光线下重拍。",
            "Too dark, or too little contrast to see the print. Photograph it again in even light.",
        ));
    }
    None
}

fn expected(seen: &Seen<'_>) -> Claim {
    let q = seen.quality;
    let share = format!("{:.0} %", q.found_share * 100.0);
    let (answer, reason) = if q.found_share >= FOUND_ENOUGH {
        (
            Answer::Holds,
            Words::new(
                format!("二维码相符,{share} 的版面在原位置找到。"),
                format!("The code agrees, and {share} of the print was found in its place."),
            ),
        )
    } else if q.found_share < FOUND_OTHER && q.least_dpi >= LEAST_DPI * 0.7 && q.paper >= LEAST_PAPER {
        // The contrast says nothing here: it is measured on the print that was not found.
        (
            Answer::Contradicted,
            Words::new(
                format!(
                    "二维码相符,但只有 {share} 的版面与原件一致:内容不是这一页。请由人核对原纸,并查明二维码为何出现在另一页上。"
                ),
                format!(
                    "The code agrees, but only {share} of the print does: this is not that page. A person must look at the paper and find out why the code stands on another page."
                ),
            ),
        )
    } else {
        (
            Answer::NotKnown,
            Words::new(
                format!("只有 {share} 的版面在原位置找到。请把纸压平重拍;仍然如此请由人核对。"),
                format!(
                    "Only {share} of the print was found in its place. Flatten the paper and photograph it again; if that does not help, a person must compare."
                ),
            ),
        )
    };
    Claim { kind: ClaimKind::ExpectedPage, answer, reason, findings: Vec::new() }
}

/// Which spots a signing hand explains, and what they cover.
struct Hand {
    /// For each spot: explained by a hand in a box.
    allowed: Vec<bool>,
    /// For each character: index of nothing, or under allowed ink.
    under: Vec<bool>,
}

impl Hand {
    fn of(seen: &Seen<'_>) -> Hand {
        let (w, h) = (seen.proof.rest.width, seen.proof.rest.height);
        let mut inked = vec![false; w * h];
        let mut allowed = Vec::with_capacity(seen.spots.len());
        for spot in seen.spots {
            let fits = |b: &PlaceMm| inside(spot.area, b, BEYOND_BOX_MM) && touches(spot.area, b, TOUCH_MM);
            let by_hand = spot.added && seen.page.boxes.iter().any(|b| fits(&b.place));
            allowed.push(by_hand);
            if by_hand {
                spot.pixels.iter().for_each(|p| inked[*p as usize] = true);
            }
        }
        let covered = |g: &crate::page::Glyph| {
            let [x0, y0, x1, y1] = g.area;
            let (x1, y1) = ((x1.ceil() as usize + 1).min(w), (y1.ceil() as usize + 1).min(h));
            let rows = (y0.max(1.0) as usize - 1)..y1;
            let columns = (x0.max(1.0) as usize - 1)..x1;
            rows.flat_map(|y| columns.clone().map(move |x| y * w + x)).filter(|i| inked[*i]).count() > 2
        };
        Hand { under: seen.page.glyphs.iter().map(covered).collect(), allowed }
    }
}

fn px(mm: f64) -> f32 {
    (mm * PX_PER_MM) as f32
}

fn inside(area: [f32; 4], b: &PlaceMm, beyond_mm: f64) -> bool {
    let beyond = px(beyond_mm);
    area[0] >= px(b.left_mm) - beyond
        && area[1] >= px(b.top_mm) - beyond
        && area[2] <= px(b.left_mm + b.width_mm) + beyond
        && area[3] <= px(b.top_mm + b.height_mm) + beyond
}

fn touches(area: [f32; 4], b: &PlaceMm, beyond_mm: f64) -> bool {
    let beyond = px(beyond_mm);
    area[2] >= px(b.left_mm) - beyond
        && area[3] >= px(b.top_mm) - beyond
        && area[0] <= px(b.left_mm + b.width_mm) + beyond
        && area[1] <= px(b.top_mm + b.height_mm) + beyond
}

fn at(place: &PlaceMm) -> (String, String) {
    (
        format!("距左 {:.0} 毫米、距上 {:.0} 毫米处", place.left_mm, place.top_mm),
        format!("{:.0} mm from the left, {:.0} mm from the top", place.left_mm, place.top_mm),
    )
}

fn added(seen: &Seen<'_>, hand: &Hand, poor: Option<&Words>) -> Claim {
    let mut spots: Vec<&Spot> =
        seen.spots.iter().zip(&hand.allowed).filter(|(s, ok)| s.added && !**ok).map(|(s, _)| s).collect();
    spots.sort_by(|a, b| b.ink_mm2.total_cmp(&a.ink_mm2));
    let finding = |s: &&Spot| {
        let place = place(s.area);
        let (zh, en) = at(&place);
        Finding {
            kind: FindingKind::Added,
            printed: String::new(),
            words: Words::new(format!("{zh}有原件没有的墨迹。"), format!("Ink that was not printed, {en}.")),
            place,
        }
    };
    let findings: Vec<Finding> = spots.iter().take(PLACES_LIMIT).map(finding).collect();
    let kind = ClaimKind::NothingAdded;
    finish(kind, findings, poor, seen, |n| {
        Words::new(
            format!(
                "签名框以外有 {n} 处原件没有的墨迹。请在并排图中看红框,由第二个人核对原纸;纸上不得添加内容。"
            ),
            format!(
                "Ink outside the boxes in {n} places that was not printed. Look at the red frames, and let a second person check the paper; nothing may be added to it."
            ),
        )
    })
}

fn changed(seen: &Seen<'_>, hand: &Hand, poor: Option<&Words>) -> Claim {
    let mut findings = Vec::new();
    let mut unsure = Vec::new();
    let mut cells: Vec<&Cell> = seen.cells.iter().collect();
    cells.sort_by(|a, b| b.margin.total_cmp(&a.margin));
    for cell in cells {
        let glyph = &seen.page.glyphs[cell.glyph];
        let here = place(glyph.area);
        let (zh, en) = at(&here);
        let printed = glyph.text.clone();
        let put = |list: &mut Vec<Finding>, kind, words| {
            list.push(Finding { kind, place: here, printed: printed.clone(), words });
        };
        if !cell.seen {
            put(
                &mut unsure,
                FindingKind::Unreadable,
                Words::new(format!("{zh}没有拍到。"), format!("Not in the picture: {en}.")),
            );
        } else if hand.under[cell.glyph] {
            if cell.margin >= 1.0 && glyph.is_digit() {
                put(
                    &mut unsure,
                    FindingKind::UnderInk,
                    Words::new(
                        format!("{zh}的数字「{}」被签名盖住。", glyph.text),
                        format!("The figure {} lies under the signature, {en}.", glyph.text),
                    ),
                );
            }
        } else if cell.margin >= 1.0 {
            put(
                &mut findings,
                FindingKind::Changed,
                Words::new(
                    format!("{zh}应为「{}」,纸上不同。", glyph.text),
                    format!("“{}” was printed and something else is on the paper, {en}.", glyph.text),
                ),
            );
        }
    }
    findings.extend(missing(seen));
    findings.truncate(PLACES_LIMIT);
    weak(seen, &mut unsure);
    unsure.truncate(PLACES_LIMIT);
    let kind = ClaimKind::NothingChanged;
    if findings.is_empty() && poor.is_none() && !unsure.is_empty() {
        let reason = Words::new(
            format!(
                "有 {} 处看得不够清楚,改动一个数字可能看不出来。请在更好的光线下重拍,或由人对照原件核对这些位置。",
                unsure.len()
            ),
            format!(
                "{} places are not clear enough: a changed digit could be missed. Photograph it again in better light, or let a person compare these places.",
                unsure.len()
            ),
        );
        return Claim { kind, answer: Answer::NotKnown, reason, findings: unsure };
    }
    finish(kind, findings, poor, seen, |n| {
        Words::new(
            format!("有 {n} 处与原件不同。请在并排图中看红框,由第二个人核对原纸;确认之前不要继续办理。"),
            format!(
                "{n} places differ from the original. Look at the red frames, let a second person check the paper, and do not go on before that."
            ),
        )
    })
}

/// Print that is gone.
fn missing(seen: &Seen<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for spot in seen.spots.iter().filter(|s| !s.added) {
        let here = place(spot.area);
        let (zh, en) = at(&here);
        findings.push(Finding {
            kind: FindingKind::Missing,
            place: here,
            printed: String::new(),
            words: Words::new(format!("{zh}印好的内容不见了。"), format!("Print is gone, {en}.")),
        });
    }
    findings
}

/// Tiles with digits in which similar digits could not be told apart.
fn weak(seen: &Seen<'_>, unsure: &mut Vec<Finding>) {
    for (tile, _) in seen.power.iter().enumerate().filter(|(_, p)| p.is_some_and(|p| p < LEAST_POWER)) {
        let here = place(seen.proof.tile_area(tile));
        let (zh, en) = at(&here);
        unsure.push(Finding {
            kind: FindingKind::Unreadable,
            place: here,
            printed: String::new(),
            words: Words::new(format!("{zh}太模糊或噪点太多。"), format!("Too blurred or noisy, {en}.")),
        });
    }
}

fn finish(
    kind: ClaimKind,
    findings: Vec<Finding>,
    poor: Option<&Words>,
    seen: &Seen<'_>,
    found: impl Fn(usize) -> Words,
) -> Claim {
    // A page that could not be laid on its original differs everywhere, which says nothing about any place.
    let lost = seen.quality.found_share < FOUND_ENOUGH;
    let other = seen.quality.found_share < FOUND_OTHER;
    let (answer, reason) = match (poor, findings.len()) {
        (Some(words), _) => (Answer::NotKnown, words.clone()),
        (None, 0) if !lost => (Answer::Holds, Words::new("没有发现不同。", "No difference was found.")),
        (None, n) if n > 0 && !other => (Answer::Contradicted, found(n)),
        _ => (
            Answer::NotKnown,
            Words::new(
                "页面没能完全对齐原件,无法逐处比较。请把纸压平重拍,或由人核对。",
                "The page could not be laid on its original well enough to compare. Flatten it and photograph it again, or let a person compare.",
            ),
        ),
    };
    let findings = if answer == Answer::Contradicted { findings } else { Vec::new() };
    Claim { kind, answer, reason, findings }
}

fn signed(ink: &[BoxInk], poor: Option<&Words>) -> Claim {
    let kind = ClaimKind::Signed;
    let claim = |answer, reason| Claim { kind, answer, reason, findings: Vec::new() };
    let mut boxes = ink.iter().filter(|b| b.name == "sign-borrower").peekable();
    if boxes.peek().is_none() {
        return claim(
            Answer::Holds,
            Words::new("本页没有借款人签名框。", "This page has no box for the borrower's signature."),
        );
    }
    if let Some(words) = poor {
        return claim(Answer::NotKnown, words.clone());
    }
    let least = boxes.map(|b| b.ink_mm2).fold(f64::MAX, f64::min);
    if least >= SIGNED_MM2 {
        claim(
            Answer::Holds,
            Words::new(
                "签名框里有手写墨迹。是谁写的,图片不能证明。",
                "The box holds ink. Whose hand it was, a picture cannot prove.",
            ),
        )
    } else if least < UNSIGNED_MM2 {
        claim(
            Answer::Contradicted,
            Words::new(
                "签名框是空的。请借款人本人签名后重新拍照。",
                "The box is empty. The borrower signs, then photograph the page again.",
            ),
        )
    } else {
        claim(
            Answer::NotKnown,
            Words::new(
                "签名框里的墨迹太少,不能确定是签名。请由人查看。",
                "There is too little ink in the box to call it a signature. A person must look.",
            ),
        )
    }
}
