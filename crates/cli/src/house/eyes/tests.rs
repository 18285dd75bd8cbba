//! The real press prints, a camera of the scan crate's tests takes the picture, the real eyes look: the one place where the three meet.

use mingbai_core::borrow::event::TypeSize;
use mingbai_core::borrow::returned::Answer;
use mingbai_cost::{Lang, quote};
use mingbai_desk::ports::{DocRequest, DocSheet, PaperKind, Papers as _};
use mingbai_scan::plane::Plane;

use super::*;
use crate::examples;
use crate::house::ports::Press;

#[path = "../../../../scan/tests/forge/mod.rs"]
mod forge;

use forge::camera::Camera;
use forge::dice::Dice;
use forge::forger::{Trick, forge as play};
use forge::{MASTER_DPI, pen};

const MARK: &str = "MZXW6YTBOI2DKNRXHA4TQMJSGM2DKNRX";

async fn notice() -> Vec<u8> {
    let press = Press::new(std::path::Path::new("/nowhere")).unwrap();
    let table = quote(&examples::offers().unwrap()[1]).unwrap();
    let request = DocRequest {
        kind: PaperKind::Notice,
        lang: Lang::Zh,
        size: TypeSize::Normal,
        short_code: "K7QX 2M9D 4T3W".to_owned(),
        verify_url: "http://127.0.0.1:8460/c/K7QX2M9D4T3W".to_owned(),
        qr_text: format!("HTTP://127.0.0.1:8460/C/K7QX2M9D4T3W/{MARK}"),
        reference: "2026 1123 0042 7719".to_owned(),
        borrower_name: Some("王秀英".to_owned()),
        phone: "400-000-0000".to_owned(),
        complaint_phone: "400-000-0001".to_owned(),
        prepared_at: "2026-11-23 15:04".to_owned(),
        prepared_at_ms: 1_795_417_440_000,
        table_digest: "0".repeat(64),
        sheet: DocSheet::None,
    };
    press.render(request, &table).await.unwrap()
}

/// The page drawn at 300 dpi, changed, signed and dated.
fn master(pdf: &[u8], trick: Option<Trick>) -> Plane {
    let original = Original::open(pdf).unwrap();
    let printed = original.page(0).unwrap();
    let mut page = original.picture(0, MASTER_DPI).unwrap();
    let mut dice = Dice::new(11);
    if let Some(trick) = trick {
        assert!(play(&mut page, &printed, trick, &mut dice));
    }
    for place in &printed.boxes {
        pen::signature(&mut page, &mut dice, &place.place, 0.5);
    }
    page
}

#[tokio::test]
async fn what_the_press_prints_the_eyes_know_again() {
    let pdf = notice().await;
    let camera = Camera { noise: 4.0, ..Camera::scanner(&mut Dice::new(5), 150.0) };
    let eyes = Eyes::new();
    let photo = camera.jpeg(&master(&pdf, None));
    let square = eyes.square(&photo).await.unwrap();
    assert_eq!(
        square,
        SquareSeen { host: "127.0.0.1:8460".into(), code: "K7QX2M9D4T3W".into(), mark: Some(MARK.into()) }
    );
    let seen = eyes.compare(&photo, &pdf).await.unwrap();
    let answers: Vec<Answer> = seen.claims.iter().map(|claim| claim.answer).collect();
    assert_eq!(answers, [Answer::Holds; 4], "{:?}", seen.claims);
    assert_eq!(seen.page, Some(1));
    let ink = |name: &str| seen.ink.iter().find(|ink| ink.place == name).unwrap().ink_cmm2;
    assert!(ink("sign-borrower") > 300 && ink("fill-date-borrower") > 300, "{:?}", seen.ink);
    assert!(seen.expected_png.starts_with(b"\x89PNG") && seen.laid_jpeg.starts_with(b"\xFF\xD8\xFF"));
}

#[tokio::test]
async fn a_changed_figure_and_a_picture_of_something_else_are_found() {
    let pdf = notice().await;
    let eyes = Eyes::new();
    let camera = Camera { noise: 4.0, ..Camera::scanner(&mut Dice::new(6), 150.0) };
    let forged = camera.jpeg(&master(&pdf, Some(Trick::Amount)));
    let seen = eyes.compare(&forged, &pdf).await.unwrap();
    let changed = seen.claims.iter().find(|claim| claim.claim == PaperClaim::NothingChanged).unwrap();
    assert_eq!(changed.answer, Answer::Contradicted);
    assert!(
        !changed.places.is_empty() && changed.places[0].words.zh.contains("毫米"),
        "{:?}",
        changed.places
    );
    let blank = camera.jpeg(&Plane::filled(2480, 3508, 1.0));
    for (file, word) in
        [(&blank[..], "没有读到二维码"), (b"\x89PNG\r\n\x1a\nx", "损坏"), (&pdf[..40], "损坏")]
    {
        let error = eyes.square(file).await.unwrap_err();
        assert!(matches!(&error, EyesError::Picture(words) if words.zh.contains(word)), "{word}: {error}");
    }
    // The file itself is no scan of a signed paper: its places to write are empty.
    let never_signed = eyes.compare(&pdf, &pdf).await.unwrap();
    let signed = never_signed.claims.iter().find(|claim| claim.claim == PaperClaim::Signed).unwrap();
    assert_eq!(signed.answer, Answer::Contradicted);
}
