//! The real press prints, a camera of the scan crate's tests takes the picture, the real eyes look: the one place where the three meet.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mingbai_core::borrow::event::TypeSize;
use mingbai_core::borrow::returned::Answer;
use mingbai_cost::{Lang, quote};
use mingbai_desk::ports::{DocRequest, DocSheet, PaperKind, Papers as _};
use mingbai_scan::figures::{CropAsked, CropRead, ReadAnswer, ReadRequest, ReadToken};
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
    let eyes = Eyes::new(None);
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
    let eyes = Eyes::new(None);
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

/// A reader on a real socket that follows the protocol; what it answers it is told in advance.
async fn reader(answers: impl Fn(usize) -> (u16, String) + Clone + Send + Sync + 'static) -> String {
    use axum::http::{HeaderMap, StatusCode};
    let read = move |headers: HeaderMap, axum::Json(asked): axum::Json<ReadRequest>| {
        let told = headers.get("authorization").is_some_and(|v| v == "Bearer open-sesame");
        let jpeg = |c: &CropAsked| STANDARD.decode(&c.image_base64).unwrap().starts_with(b"\xFF\xD8\xFF");
        let good = told && asked.v == 1 && asked.crops.iter().all(jpeg);
        let (status, body) = if good { answers(asked.crops.len()) } else { (401, String::new()) };
        async move { (StatusCode::from_u16(status).unwrap(), body) }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let limit = axum::extract::DefaultBodyLimit::disable();
    let app = axum::Router::new().route("/read", axum::routing::post(read)).layer(limit);
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

fn answer(texts: &[(String, u32)]) -> String {
    let crop = |(id, (text, sure_ppm)): (usize, &(String, u32))| CropRead {
        id: id as u32,
        tokens: vec![ReadToken { text: text.clone(), sure_ppm: *sure_ppm, area_px: [0, 0, 9, 9] }],
    };
    let crops = texts.iter().enumerate().map(crop).collect();
    serde_json::to_string(&ReadAnswer { v: 1, reader: "loopback 1".into(), crops }).unwrap()
}

#[tokio::test]
async fn a_reader_agrees_differs_is_unsure_or_fails_and_the_record_says_which() {
    let pdf = notice().await;
    let camera = Camera { noise: 4.0, ..Camera::scanner(&mut Dice::new(5), 150.0) };
    let photo = Photo::open(&camera.jpeg(&master(&pdf, None))).unwrap();
    let verdict = check(&photo, &Original::open(&pdf).unwrap(), Which::Any, &[]).unwrap();
    let crops = verdict.laid.as_ref().unwrap().crops(&photo);
    assert!(crops.len() > 5, "a notice holds many figures");
    let told: Vec<(String, u32)> = crops.iter().map(|c| (c.printed.clone(), 990_000)).collect();
    let at = told.iter().position(|t| t.0.contains(',') && t.0.contains('.')).unwrap();
    let printed = told[at].0.clone();
    let digit = printed.find(|c: char| c.is_ascii_digit()).unwrap();
    let mut other = printed.clone();
    other.replace_range(digit..=digit, if printed[digit..].starts_with('9') { "8" } else { "9" });
    let with = |text: String, sure: u32| {
        let mut told = told.clone();
        told[at] = (text, sure);
        answer(&told)
    };
    let asked = async |status: u16, body: String, token: &str| {
        let url = reader(move |_| (status, body.clone())).await;
        let token = Some(zeroize::Zeroizing::new(token.to_owned()));
        let eyes = Eyes::new(Some(Reader::patient(url, token, Duration::from_secs(20)).unwrap()));
        seen(verdict.clone(), eyes.figures(Some(crops.clone())).await)
    };
    let worst = |seen: &PageSeen| seen.claims.iter().map(|c| c.answer).max().unwrap();
    let good = asked(200, answer(&told), "open-sesame").await;
    assert_eq!(worst(&good), Answer::Holds);
    assert!(matches!(&good.figures, Figures::Reader { name, same, unsure: 0, .. }
        if name == "loopback 1" && *same as usize == told.len()));
    let differs = asked(200, with(other.clone(), 990_000), "open-sesame").await;
    let claim = differs.claims.last().unwrap();
    assert_eq!((claim.claim, claim.answer), (PaperClaim::NothingChanged, Answer::Contradicted));
    assert!(
        claim.places[0].words.zh.contains(&other.chars().take(PRINTED_LIMIT).collect::<String>()),
        "{:?}",
        claim.places
    );
    let unsure = asked(200, with(other.clone(), 850_000), "open-sesame").await;
    assert_eq!(worst(&unsure), Answer::Holds, "a guess is no contradiction");
    assert!(matches!(&unsure.figures, Figures::Reader { unsure: 1, unsure_at, .. }
        if unsure_at[0].printed == printed.chars().take(PRINTED_LIMIT).collect::<String>()));
    for (status, body, token, word) in [
        (500, String::new(), "open-sesame", "status 500"),
        (200, "{}".to_owned(), "open-sesame", "protocol"),
        (200, "x".repeat(5 << 20), "open-sesame", "more than"),
        (200, answer(&told), "guess", "status 401"),
    ] {
        let silent = asked(status, body, token).await;
        assert_eq!(worst(&silent), Answer::Holds, "{word}");
        assert!(
            matches!(&silent.figures, Figures::Person { why } if why.en.contains(word)),
            "{:?}",
            silent.figures
        );
    }
    let nobody = Reader::patient("http://127.0.0.1:1".into(), None, Duration::from_secs(5)).unwrap();
    let alone = Eyes::new(Some(nobody)).figures(Some(crops)).await;
    assert!(matches!(alone, Figures::Person { .. }), "{alone:?}");
}
