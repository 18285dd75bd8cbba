//! Files that are no photographs of a page: every answer is clear, none is a panic, none takes more memory than a photograph.

use std::io::Cursor;

use image::{ExtendedColorType, ImageEncoder};
use mingbai_scan::{Answer, ClaimKind, Original, PaperCode, Photo, ScanError, Which, check, read_code};
use proptest::prelude::*;

use crate::forge::camera::jpeg;
use crate::forge::dice::Dice;
use mingbai_scan::plane::Plane;

fn png(width: u32, height: u32, color: ExtendedColorType, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    image::codecs::png::PngEncoder::new(Cursor::new(&mut out))
        .write_image(bytes, width, height, color)
        .unwrap();
    out
}

fn noise(width: usize, height: usize) -> Plane {
    let mut dice = Dice::new(1);
    let values = (0..width * height).map(|_| dice.unit() as f32).collect();
    Plane { width, height, values }
}

#[test]
fn sizes_are_refused_before_anything_is_unpacked() {
    assert!(matches!(Photo::open(&png(1, 1, ExtendedColorType::L8, &[0])), Err(ScanError::TooSmall { .. })));
    // The header of a small picture, rewritten to 20,000 by 20,000 with its checksum made good.
    let mut bomb = png(400, 400, ExtendedColorType::L8, &vec![255; 160_000]);
    for at in [16, 20] {
        bomb[at..at + 4].copy_from_slice(&20_000u32.to_be_bytes());
    }
    let sum = crc(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&sum);
    assert!(
        matches!(Photo::open(&bomb), Err(ScanError::TooLarge { width: 20_000, .. })),
        "{:?}",
        Photo::open(&bomb).err()
    );
    let mut wide = jpeg(&noise(400, 400), 80);
    let frame = wide.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    wide[frame + 5..frame + 9].copy_from_slice(&[0x4E, 0x20, 0x4E, 0x20]);
    assert!(matches!(Photo::open(&wide), Err(ScanError::TooLarge { height: 20_000, .. })));
    assert!(matches!(Photo::open(&vec![0; (40 << 20) + 1]), Err(ScanError::FileTooLarge { .. })));
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |mut c, b| {
        c ^= u32::from(*b);
        for _ in 0..8 {
            c = if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 };
        }
        c
    })
}

#[test]
fn truncated_pictures_say_so_or_show_no_code() {
    let whole = jpeg(&noise(500, 500), 70);
    let grey = png(400, 400, ExtendedColorType::L8, &noise(400, 400).to_bytes());
    for file in [whole, grey] {
        for part in 0..24 {
            match Photo::open(&file[..file.len() * part / 24]) {
                Err(ScanError::Damaged { .. } | ScanError::NotAPicture) => {}
                Ok(photo) => {
                    assert_eq!(photo.gray_bytes().2.len(), photo.gray_bytes().0 * photo.gray_bytes().1)
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
}

#[test]
fn pictures_without_our_code_are_not_passed() {
    let nothing = Photo::open(&jpeg(&noise(600, 800), 75)).unwrap();
    let verdict = read_code(&nothing).unwrap_err();
    assert_eq!(verdict.answer(), Answer::NotKnown);
    let reason = &verdict.claims[0].reason;
    assert!(reason.zh.contains("二维码") && reason.en.contains("code"), "{reason:?}");
    let pdf = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/notice.pdf")).unwrap();
    let verdict = check(&nothing, &Original::open(&pdf).unwrap(), Which::Page(0), &[]).unwrap();
    assert!(verdict.claims.iter().all(|c| c.answer == Answer::NotKnown));
}

#[test]
fn somebody_elses_code_is_named_as_such() {
    let photo = Photo::open(&square_code("https://pay.example/transfer?to=6222")).unwrap();
    let verdict = read_code(&photo).unwrap_err();
    assert_eq!(verdict.claim(ClaimKind::ExpectedPage).map(|c| c.answer), Some(Answer::Contradicted));
    assert!(verdict.claims[0].reason.zh.contains("不是本机构"));
    let ours = Photo::open(&square_code("https://mingbai.example/c/k7qx2m9d4t3w")).unwrap();
    assert_eq!(read_code(&ours).unwrap().1.short_code, "K7QX2M9D4T3W", "the older form, without a digest");
}

/// A PDF as scanners write them: each page one JPEG.
fn scanned_pdf(jpeg: &[u8], width: usize, height: usize, pages: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|i| format!("{} 0 R", 4 + i)).collect();
    let draw = b"q 595 0 0 794 0 0 cm /I Do Q";
    let mut parts: Vec<Vec<u8>> = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Count {pages}/Kids[{}]>>", kids.join(" ")).into_bytes(),
        [
            format!(
                "<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8\
                 /Filter/DCTDecode/Length {}>>stream\n",
                jpeg.len()
            )
            .into_bytes(),
            jpeg.to_vec(),
            b"\nendstream".to_vec(),
        ]
        .concat(),
    ];
    let content = 4 + pages;
    for _ in 0..pages {
        parts.push(
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 794]/Resources<</XObject<</I 3 0 R>>>>/Contents {content} 0 R>>"
            )
            .into_bytes(),
        );
    }
    let head = format!("<</Length {}>>stream\n", draw.len());
    parts.push([head.as_bytes(), &draw[..], b"\nendstream"].concat());
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        places.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n", i + 1).bytes());
        pdf.extend(part);
        pdf.extend(b"\nendobj\n");
    }
    let start = pdf.len();
    pdf.extend(format!("xref\n0 {}\n0000000000 65535 f \n", parts.len() + 1).bytes());
    for place in places {
        pdf.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let root = parts.len() + 1;
    pdf.extend(format!("trailer<</Size {root}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
    pdf
}

#[test]
fn a_scanners_pdf_of_one_page_is_read_and_of_two_is_not() {
    let picture = square_code("https://mingbai.example/c/k7qx2m9d4t3w");
    let one = Photo::open(&scanned_pdf(&picture, 900, 1200, 1)).unwrap();
    assert_eq!(read_code(&one).unwrap().1.short_code, "K7QX2M9D4T3W");
    let two = Photo::open(&scanned_pdf(&picture, 900, 1200, 2)).unwrap_err();
    assert_eq!(two, ScanError::SeveralPages { pages: 2 });
    assert!(two.words().zh.contains("2 页") && two.words().en.contains("one page at a time"));
    let damaged = scanned_pdf(&picture, 900, 1200, 1);
    for cut in [8, 60, 400] {
        assert!(Photo::open(&damaged[..cut]).is_err(), "cut at {cut}");
    }
}

/// A code on a white page.
fn square_code(text: &str) -> Vec<u8> {
    let code = qrcode::QrCode::new(text).unwrap();
    let (side, colours) = (code.width(), code.to_colors());
    let mut page = Plane::filled(900, 1200, 1.0);
    for y in 0..side * 6 {
        for x in 0..side * 6 {
            let dark = colours[y / 6 * side + x / 6] == qrcode::Color::Dark;
            page.values[(y + 300) * 900 + x + 200] = if dark { 0.1 } else { 1.0 };
        }
    }
    jpeg(&page, 80)
}

#[test]
fn colours_depths_and_transparency_are_read() {
    let half = vec![128u8; 400 * 400 * 8];
    for (color, bytes) in [
        (ExtendedColorType::L8, 1),
        (ExtendedColorType::La8, 2),
        (ExtendedColorType::Rgb8, 3),
        (ExtendedColorType::Rgba8, 4),
        (ExtendedColorType::Rgb16, 6),
        (ExtendedColorType::Rgba16, 8),
    ] {
        let photo = Photo::open(&png(400, 400, color, &half[..400 * 400 * bytes])).unwrap();
        assert_eq!(photo.gray_bytes().2.len(), 160_000);
    }
    let clear = Photo::open(&png(400, 400, ExtendedColorType::La8, &[0, 0].repeat(160_000))).unwrap();
    assert_eq!(clear.gray_bytes().2[0], 255, "what is transparent shows white paper");
}

#[test]
fn a_four_colour_jpeg_is_read_or_refused_in_words() {
    // Four components of one block each: the form that presses use.
    let mut file = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0];
    file.extend([1u8; 64]);
    file.extend([0xFF, 0xC0, 0, 20, 8, 1, 0x90, 1, 0x90, 4]);
    for component in 1..=4u8 {
        file.extend([component, 0x11, 0]);
    }
    for class in [0u8, 0x10] {
        file.extend([0xFF, 0xC4, 0, 20, class, 1]);
        file.extend([0; 15]);
        file.push(0);
    }
    file.extend([0xFF, 0xDA, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]);
    file.extend([0u8; 8_000]);
    file.extend([0xFF, 0xD9]);
    match Photo::open(&file) {
        Ok(photo) => assert_eq!((photo.file_width_px, photo.file_height_px), (400, 400)),
        Err(why) => assert!(why.to_string().contains(" / "), "{why}"),
    }
}

#[test]
fn an_original_that_is_no_pdf_is_refused_in_words() {
    for bytes in [&b""[..], b"%PDF-1.7", b"not a pdf", &[0xFF; 5_000]] {
        let why = Original::open(bytes).err().unwrap().to_string();
        assert!(why.contains("原件") && why.contains("original"), "{why}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(
        kind in 0usize..3,
        tail in proptest::collection::vec(any::<u8>(), 0..2_000),
    ) {
        let heads: [&[u8]; 3] = [b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0"];
        let file = [heads[kind], &tail].concat();
        let _ = Photo::open(&file);
    }

    #[test]
    fn a_bent_picture_never_panics(at in 0usize..20_000, to in any::<u8>()) {
        let mut file = jpeg(&Plane::filled(320, 320, 0.7), 60);
        let at = at % file.len();
        file[at] = to;
        if let Ok(photo) = Photo::open(&file) {
            prop_assert!(photo.gray_bytes().0 <= 12_000);
        }
    }

    #[test]
    fn any_text_of_a_code_is_taken_or_refused(text in "\\PC{0,120}") {
        let _ = PaperCode::read(&text);
    }
}
