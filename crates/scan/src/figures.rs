//! The optional reader of figures: a program beside ours that reads the figures of a picture (OCR). Each run of print with a figure in
//! it is cut out of the photograph, straightened, and sent; what comes back is held against what was printed there. This module knows
//! what is asked and answered and how both are compared; who carries it over HTTP is no matter of this crate. The protocol is in
//! `docs/scan.md`.

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use serde::{Deserialize, Serialize};

use crate::align::Warp;
use crate::page::{PX_PER_MM, Page, PlaceMm, Run, place};
use crate::photo::Photo;

/// Version of the protocol.
pub const PROTOCOL: u32 = 1;
/// Most crops of one page.
pub const CROP_LIMIT: usize = 600;
/// Most tokens of one crop's answer.
const TOKEN_LIMIT: usize = 100;
/// Longest token, in bytes.
const TOKEN_BYTES: usize = 400;
/// Longest name of a reader, in characters.
const READER_LIMIT: usize = 80;
/// A reader that is less sure than this has not read the crop.
const SURE_PPM: u32 = 800_000;
/// To say that another figure stands on the paper it must be surer than that.
const SURE_OTHER_PPM: u32 = 900_000;
/// White around a crop, in millimetres: readers expect some.
const PAD_MM: f64 = 0.7;
/// Pixels of a crop for one pixel of the page that is compared: 300 dpi.
const FINER: f64 = 2.0;
const QUALITY: u8 = 92;

/// What is asked: some crops of one page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadRequest {
    /// [`PROTOCOL`].
    pub v: u32,
    /// The crops, each one line of print.
    pub crops: Vec<CropAsked>,
}

/// One crop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CropAsked {
    /// Number of the crop, from 0; the answer names it.
    pub id: u32,
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    /// The picture, Base64 with padding.
    pub image_base64: String,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadAnswer {
    /// [`PROTOCOL`].
    pub v: u32,
    /// Name and version of the reader, for the evidence.
    pub reader: String,
    /// In any order; a crop that is missing was not read.
    pub crops: Vec<CropRead>,
}

/// What was read on one crop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CropRead {
    /// Number of the crop.
    pub id: u32,
    /// Pieces of text from left to right; none when nothing was read.
    pub tokens: Vec<ReadToken>,
}

/// One piece of text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadToken {
    /// As read.
    pub text: String,
    /// How sure the reader is, in parts per million.
    pub sure_ppm: u32,
    /// Left, top, right, bottom in pixels of the crop.
    pub area_px: [u32; 4],
}

/// Why an answer is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer does not follow the protocol: {why}")]
pub struct Malformed {
    /// What is wrong.
    pub why: String,
}

impl ReadAnswer {
    /// Reads the JSON of an answer and holds it to the protocol's limits.
    ///
    /// # Errors
    /// When it is not JSON of this form, of another version, or too long.
    pub fn from_json(json: &[u8]) -> Result<ReadAnswer, Malformed> {
        let bad = |why: String| Malformed { why };
        let answer: ReadAnswer = serde_json::from_slice(json).map_err(|why| bad(why.to_string()))?;
        let long = |c: &CropRead| {
            c.tokens.len() > TOKEN_LIMIT || c.tokens.iter().any(|t| t.text.len() > TOKEN_BYTES)
        };
        if answer.v != PROTOCOL {
            return Err(bad(format!("version {}", answer.v)));
        }
        let name = answer.reader.trim();
        if name.is_empty() || name.chars().count() > READER_LIMIT || name.chars().any(char::is_control) {
            return Err(bad("the reader has no name, or too long a one".to_owned()));
        }
        if answer.crops.len() > CROP_LIMIT || answer.crops.iter().any(long) {
            return Err(bad("too long".to_owned()));
        }
        Ok(answer)
    }
}

/// One run of print with a figure in it, as it lies on the paper that came back.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureCrop {
    /// What was printed there.
    pub printed: String,
    /// Where, on the printed page.
    pub place: PlaceMm,
    /// The piece of the photograph, straightened, 300 dpi, grey.
    pub jpeg: Vec<u8>,
}

/// Where the page lies in the photograph, and its runs with figures: what crops are cut by.
#[derive(Clone, Debug, PartialEq)]
pub struct Laid {
    pub(crate) warp: Warp,
    pub(crate) runs: Vec<Run>,
}

impl Laid {
    pub(crate) fn new(page: &Page, warp: Warp) -> Laid {
        let holds = |run: &Run| !figures(&run.text).is_empty();
        Laid { warp, runs: page.runs().into_iter().filter(holds).take(CROP_LIMIT).collect() }
    }

    /// Cuts every run with a figure out of the photograph that it was made from.
    #[must_use]
    pub fn crops(&self, photo: &Photo) -> Vec<FigureCrop> {
        self.runs.iter().filter_map(|run| self.crop(run, photo)).collect()
    }

    fn crop(&self, run: &Run, photo: &Photo) -> Option<FigureCrop> {
        let pad = (PAD_MM * PX_PER_MM) as f32;
        let [x0, y0, x1, y1] = [run.area[0] - pad, run.area[1] - pad, run.area[2] + pad, run.area[3] + pad];
        let (width, height) = ((f64::from(x1 - x0) * FINER) as u32, (f64::from(y1 - y0) * FINER) as u32);
        let mut bytes = Vec::with_capacity(width as usize * height as usize);
        for y in 0..height {
            for x in 0..width {
                let page = (
                    f64::from(x0) + f64::from(x) / FINER - 0.25,
                    f64::from(y0) + f64::from(y) / FINER - 0.25,
                );
                let (u, v) = self.warp.map(page.0, page.1);
                let value = if photo.gray.holds(u, v) { photo.gray.cubic(u, v) } else { 1.0 };
                bytes.push((value.clamp(0.0, 1.0) * 255.0) as u8);
            }
        }
        let mut jpeg = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
        encoder.encode(&bytes, width, height, ExtendedColorType::L8).ok()?;
        Some(FigureCrop { printed: run.text.clone(), place: place(run.area), jpeg })
    }
}

/// What a reader read at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureSeen {
    /// What was printed.
    pub printed: String,
    /// What was read; empty when nothing was.
    pub read: String,
    /// How sure the reader was of the least sure piece, in parts per million; 0 when nothing was read.
    pub sure_ppm: u32,
    /// Where.
    pub place: PlaceMm,
}

/// What a reader says of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FigureReading {
    /// Name and version of the reader as it says itself.
    pub reader: String,
    /// Runs whose figures it read as they were printed.
    pub same: usize,
    /// Runs in which it is sure of other figures.
    pub differing: Vec<FigureSeen>,
    /// Runs that it did not read, or not surely enough to say anything.
    pub unsure: Vec<FigureSeen>,
}

/// Holds an answer against what was printed, crop by crop. Figures are compared, not words: `3,246.86` and `3246.86 元` are the same.
/// Readers lose spaces and take a comma for a point; only other digits in the same number of places are another figure, and anything
/// between is not known.
#[must_use]
pub fn compare_figures(crops: &[FigureCrop], answer: &ReadAnswer) -> FigureReading {
    let mut reading = FigureReading { reader: answer.reader.trim().to_owned(), ..FigureReading::default() };
    for (id, crop) in crops.iter().enumerate() {
        let tokens: Vec<&ReadToken> =
            answer.crops.iter().filter(|c| c.id as usize == id).flat_map(|c| &c.tokens).collect();
        let read = tokens.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ");
        let sure_ppm = tokens.iter().map(|t| t.sure_ppm).min().unwrap_or(0);
        let (wanted, got) = (figures(&crop.printed), figures(&read));
        let seen = FigureSeen { printed: crop.printed.clone(), read, sure_ppm, place: crop.place };
        if got == wanted && sure_ppm >= SURE_PPM {
            reading.same += 1;
        } else if other_digits(&wanted, &got) && sure_ppm >= SURE_OTHER_PPM {
            reading.differing.push(seen);
        } else {
            reading.unsure.push(seen);
        }
    }
    reading
}

/// As many digits, and not the same ones.
fn other_digits(wanted: &str, got: &str) -> bool {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    let (wanted, got) = (digits(wanted), digits(got));
    wanted.len() == got.len() && wanted != got
}

/// The digits of a text with the points between them, one number behind the other; what groups thousands is left out, wide forms are made
/// narrow. What is joined to Latin letters is a code or an address and no figure.
fn figures(text: &str) -> String {
    let (mut all, mut word, mut coded) = (String::new(), String::new(), false);
    for c in text.chars().chain([' ']) {
        let narrow = match c {
            '\u{FF10}'..='\u{FF19}' => char::from(b'0' + (u32::from(c) - 0xFF10) as u8),
            '\u{FF0E}' => '.',
            '\u{FF0C}' => ',',
            c => c,
        };
        match narrow {
            '0'..='9' | '.' | ',' => word.push(narrow),
            c if c.is_ascii_alphabetic() => coded = true,
            _ => {
                if !coded {
                    all.push_str(&ungrouped(word.trim_matches(['.', ','])));
                }
                word.clear();
                coded = false;
            }
        }
    }
    all
}

/// A number without what groups its thousands, by comma or by point: a mark before exactly three digits.
fn ungrouped(number: &str) -> String {
    let mut out = String::new();
    for (i, part) in number.split(['.', ',']).enumerate() {
        if i > 0 && part.len() != 3 {
            out.push('.');
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crop(printed: &str) -> FigureCrop {
        let place = PlaceMm { left_mm: 0.0, top_mm: 0.0, width_mm: 1.0, height_mm: 1.0 };
        FigureCrop { printed: printed.into(), place, jpeg: Vec::new() }
    }

    fn answer(texts: &[(&str, u32)]) -> ReadAnswer {
        let token = |(id, (text, sure_ppm)): (usize, &(&str, u32))| CropRead {
            id: id as u32,
            tokens: vec![ReadToken { text: (*text).into(), sure_ppm: *sure_ppm, area_px: [0; 4] }],
        };
        let crops = texts.iter().enumerate().map(token).collect();
        ReadAnswer { v: PROTOCOL, reader: "test 1".into(), crops }
    }

    #[test]
    fn figures_are_compared_and_words_are_not() {
        let crops = ["3,246.86", "年利率 10.58%", "2026-12-30", "430.17 元"].map(crop);
        let same = answer(&[
            ("3246.86", 990_000),
            ("10.58%", 990_000),
            ("2026-12-30", 990_000),
            ("４３０．１７元", 850_000),
        ]);
        let reading = compare_figures(&crops, &same);
        assert_eq!((reading.same, reading.differing.len(), reading.unsure.len()), (4, 0, 0));
        let lost = answer(&[("3.246.86", 990_000), ("年利率10.58%", 990_000), ("2026-1230", 990_000)]);
        assert_eq!(compare_figures(&crops, &lost).same, 3, "a comma for a point, and lost marks");
        let other = answer(&[
            ("3,346.86", 990_000),
            ("年利率 10.58", 700_000),
            ("2026-12-3", 990_000),
            ("480.17 元", 850_000),
        ]);
        let reading = compare_figures(&crops, &other);
        let printed = |seen: &[FigureSeen]| seen.iter().map(|s| s.printed.clone()).collect::<Vec<_>>();
        assert_eq!(printed(&reading.differing), ["3,246.86"], "only the sure one counts as another figure");
        assert_eq!(printed(&reading.unsure), ["年利率 10.58%", "2026-12-30", "430.17 元"]);
        let silent = compare_figures(&crops, &ReadAnswer { crops: Vec::new(), ..same });
        assert_eq!((silent.same, silent.unsure.len()), (0, 4), "what was not answered was not read");
    }

    #[test]
    fn codes_and_addresses_are_no_figures() {
        assert!(
            figures("K7QX 2M9D 4T3W").is_empty() && figures("https://mingbai.example/c/K7QX2").is_empty()
        );
        assert_eq!(figures("共 4.35 元,宽限 3 天。"), "4.353");
        assert_eq!(figures("1,234,567.89"), "1234567.89");
        assert_ne!(figures("12,345.60"), figures("1,234.560"), "a point that moved");
    }

    #[test]
    fn an_answer_off_the_protocol_is_refused() {
        for bad in [
            "",
            "{}",
            "[]",
            r#"{"v":2,"reader":"x","crops":[]}"#,
            r#"{"v":1,"reader":" ","crops":[]}"#,
            r#"{"v":1,"reader":"x","crops":[],"more":1}"#,
            r#"{"v":1,"reader":"x","crops":[{"id":0,"tokens":[{"text":"1","sure_ppm":-1,"area_px":[0,0,1,1]}]}]}"#,
        ] {
            assert!(ReadAnswer::from_json(bad.as_bytes()).is_err(), "{bad}");
        }
        let good = br#"{"v":1,"reader":"x","crops":[{"id":0,"tokens":[{"text":"1","sure_ppm":1,"area_px":[0,0,1,1]}]}]}"#;
        assert!(ReadAnswer::from_json(good).is_ok());
    }
}
