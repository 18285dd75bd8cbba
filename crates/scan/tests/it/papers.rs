//! A small part of the corpus, and the rules that a corpus does not show.

use std::sync::OnceLock;

use mingbai_scan::{
    Answer, ClaimKind, FindingKind, Original, Photo, Verdict, Which, check, compare, read_code,
};

use crate::forge::camera::{Camera, jpeg};
use crate::forge::dice::Dice;
use crate::forge::pen;
use crate::round::{Papers, tell};

fn papers() -> &'static Papers {
    static PAPERS: OnceLock<Papers> = OnceLock::new();
    PAPERS.get_or_init(Papers::open)
}

fn pdf(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/data/{name}.pdf", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn scanner(dpi: f64) -> Camera {
    Camera { turn_deg: 1.0, noise: 4.0, jpeg_quality: 75, ..Camera::scanner(&mut Dice::new(7), dpi) }
}

/// The notice, photographed and compared.
fn notice(camera: &Camera, change: impl Fn(&mut mingbai_scan::plane::Plane)) -> Verdict {
    let sheet = &papers().sheets[0];
    let mut page = sheet.master.clone();
    change(&mut page);
    let photo = Photo::open(&camera.jpeg(&page)).unwrap();
    match read_code(&photo) {
        Ok((found, _)) => compare(&photo, &sheet.prepared, &found),
        // A code that cannot be read is an answer of its own.
        Err(verdict) => *verdict,
    }
}

fn signed(page: &mut mingbai_scan::plane::Plane) {
    let sheet = &papers().sheets[0];
    pen::signature(page, &mut Dice::new(3), &sheet.prepared.page.boxes[0].place, 1.5);
}

#[test]
fn forged_pages_are_found() {
    for seed in 0..10 {
        let outcome = papers().forged(seed, 150.0);
        assert_eq!(outcome.answer, Answer::Contradicted, "seed {seed}: {} {}", outcome.name, outcome.told);
        assert!(!outcome.code_wrong, "seed {seed}");
    }
}

#[test]
fn honest_pages_are_not_called_forged() {
    let answers: Vec<Answer> = (0..6).map(|seed| papers().genuine(seed, 150.0).answer).collect();
    assert!(!answers.contains(&Answer::Contradicted), "{answers:?}");
    assert!(answers.iter().filter(|a| **a == Answer::Holds).count() >= 4, "{answers:?}");
}

#[test]
fn codes_are_read_and_never_wrongly() {
    let outcomes: Vec<_> = (0..4).map(|seed| papers().code(seed, 0.0)).collect();
    assert!(outcomes.iter().all(|o| o.code_read && !o.code_wrong));
}

#[test]
fn an_unsigned_page_is_not_signed_and_a_signed_one_is() {
    let bare = notice(&scanner(150.0), |_| {});
    assert_eq!(
        bare.claim(ClaimKind::Signed).map(|c| c.answer),
        Some(Answer::Contradicted),
        "{:?}",
        bare.quality
    );
    assert_eq!(bare.claim(ClaimKind::NothingChanged).map(|c| c.answer), Some(Answer::Holds));
    let done = notice(&scanner(150.0), signed);
    assert_eq!(done.answer(), Answer::Holds, "{}", tell(&done, &scanner(150.0)));
    for side in [&done.sides.expected_png, &done.sides.laid_jpeg] {
        let side = image::load_from_memory(side).unwrap();
        assert!(side.width() > 1_200 && side.height() > 1_700);
    }
    let ink = |name: &str| done.ink.iter().find(|ink| ink.name == name).unwrap().ink_mm2;
    assert!(ink("sign-borrower") > 3.0 && ink("fill-date-borrower") < 0.8, "{:?}", done.ink);
}

#[test]
fn what_cannot_be_seen_is_not_known() {
    let coarse = notice(&scanner(80.0), signed);
    assert_eq!(coarse.answer(), Answer::NotKnown);
    let reason = &coarse.claim(ClaimKind::NothingChanged).unwrap().reason;
    assert!(reason.zh.contains("100 dpi") && reason.en.contains("100"), "{reason:?}");
    let blurred = notice(&Camera { blur_px: 2.6, ..scanner(150.0) }, signed);
    assert_eq!(
        blurred.claim(ClaimKind::NothingChanged).map(|c| c.answer),
        Some(Answer::NotKnown),
        "{:?}",
        blurred.quality
    );
    let dark = notice(&Camera { black: 0.03, white: 0.1, noise: 6.0, ..scanner(150.0) }, signed);
    assert_ne!(dark.answer(), Answer::Holds);
}

#[test]
fn a_finding_says_where_and_in_both_languages() {
    let verdict = notice(&scanner(150.0), |page| {
        signed(page);
        pen::stroke(page, &[(120.0, 30.0), (126.0, 33.0)], 0.5, 0.2);
    });
    let claim = verdict.claim(ClaimKind::NothingAdded).unwrap();
    assert_eq!(claim.answer, Answer::Contradicted);
    let finding = claim.findings.iter().find(|f| f.kind == FindingKind::Added).unwrap();
    assert!(
        (finding.place.left_mm - 120.0).abs() < 1.0 && (finding.place.top_mm - 30.0).abs() < 1.0,
        "{finding:?}"
    );
    assert!(finding.words.zh.contains("毫米") && finding.words.en.contains("mm"));
}

#[test]
fn another_page_and_another_paper_are_named() {
    let camera = scanner(150.0);
    let page_two = Photo::open(&camera.jpeg(&papers().sheets[2].master)).unwrap();
    let table = Original::open(&pdf("cost-table")).unwrap();
    let wrong = check(&page_two, &table, Which::Page(0), &[]).unwrap();
    assert_eq!(wrong.claim(ClaimKind::ExpectedPage).map(|c| c.answer), Some(Answer::Contradicted));
    assert_eq!(wrong.page_index, Some(1));
    assert_eq!(check(&page_two, &table, Which::Any, &[]).unwrap().page_index, Some(1));
    let notice = Original::open(&pdf("notice")).unwrap();
    let other = check(&page_two, &notice, Which::Any, &[]).unwrap();
    assert_eq!(other.answer(), Answer::Contradicted, "the code is of another paper");
}

#[test]
fn every_run_with_a_figure_is_cut_out_for_a_reader() {
    let sheet = &papers().sheets[0];
    let photo = Photo::open(&scanner(150.0).jpeg(&sheet.master)).unwrap();
    let (found, _) = read_code(&photo).unwrap();
    let crops = compare(&photo, &sheet.prepared, &found).laid.unwrap().crops(&photo);
    for wanted in ["50,000.00", "48,500.00", "1,500.00", "2,736.36"] {
        assert!(crops.iter().any(|c| c.printed.contains(wanted)), "{wanted}");
    }
    for crop in &crops {
        let picture = image::load_from_memory(&crop.jpeg).unwrap().into_luma8();
        let ink = picture.pixels().filter(|p| p.0[0] < 128).count();
        assert!(ink > 20, "{}: a crop without ink", crop.printed);
        let rim = (0..picture.width()).filter(|x| picture.get_pixel(*x, 0).0[0] < 128).count();
        assert!(rim * 4 < picture.width() as usize, "{}: not in the middle of its crop", crop.printed);
    }
}

#[test]
fn a_picture_that_says_how_it_was_held_is_turned() {
    let upright = Camera { turn_deg: 0.0, margin_mm: 0.0, ..scanner(120.0) };
    let shot = upright.shoot(&papers().sheets[0].master);
    let plain = jpeg(&shot, 80);
    // EXIF with one entry: orientation 6, the camera was held on its side.
    let exif = b"\xFF\xE1\x00\x22Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let told = [&plain[..2], exif, &plain[2..]].concat();
    let (w, h, _) = Photo::open(&plain).unwrap().gray_bytes();
    let (tw, th, _) = Photo::open(&told).unwrap().gray_bytes();
    assert_eq!((tw, th), (h, w));
}
