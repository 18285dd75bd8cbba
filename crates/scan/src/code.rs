//! Finds the square code in a picture. One reader, several looks: at the picture as it is, larger, smoother, and in black and
//! white against its surroundings, because a far corner of a photograph is small, noisy or in shadow.

use std::collections::HashSet;

use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8LuminanceSource, common::HybridBinarizer};

use crate::plane::Plane;

/// Longest payload that is looked at.
const TEXT_LIMIT: usize = 300;
/// Beyond this many pixels a picture is not made larger.
const ENLARGE_BELOW: usize = 4_000_000;

/// One code that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What it says.
    pub text: String,
    /// Its corners in pixels of the picture, in the reader's order: the same order for every picture of one code.
    pub corners: Vec<(f64, f64)>,
}

/// What looking for codes gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// One code, or several that say the same.
    One(Found),
    /// Codes that contradict each other.
    Several(Vec<Found>),
    /// None that can be read.
    None,
}

/// Reads the codes of a picture.
#[must_use]
pub fn read(gray: &Plane) -> Reading {
    for look in LOOKS {
        let found = look.at(gray);
        if let Some(first) = found.first() {
            if found.iter().any(|other| other.text != first.text) {
                return Reading::Several(found);
            }
            return Reading::One(first.clone());
        }
    }
    Reading::None
}

/// How a picture is prepared for the reader.
struct Look {
    /// Enlarged by this factor.
    scale: f64,
    /// Smoothed first, in pixels of the picture; 0 is not at all.
    smooth: f32,
    /// Sharpened after enlarging: how much of the difference to a smoother picture is added.
    sharpen: f32,
    /// Half the edge of the square whose mean decides black or white, in enlarged pixels; 0 leaves that to the reader.
    local: usize,
}

const fn look(scale: f64, smooth: f32, sharpen: f32, local: usize) -> Look {
    Look { scale, smooth, sharpen, local }
}

const LOOKS: &[Look] = &[
    look(1.0, 0.0, 0.0, 0),
    look(2.0, 0.0, 1.0, 0),
    look(0.5, 0.0, 0.0, 0),
    look(2.0, 0.7, 1.5, 24),
    look(3.0, 0.5, 1.0, 40),
    look(1.0, 1.0, 0.0, 0),
    look(2.0, 1.0, 3.0, 16),
    look(3.0, 0.8, 3.0, 60),
    look(2.0, 0.0, 4.0, 0),
    look(4.0, 0.6, 2.0, 50),
];

impl Look {
    fn at(&self, gray: &Plane) -> Vec<Found> {
        let pixels = gray.width * gray.height;
        if self.scale > 1.0 && pixels > ENLARGE_BELOW || self.scale < 1.0 && pixels < ENLARGE_BELOW / 2 {
            return Vec::new();
        }
        let mut picture = if self.smooth > 0.0 { gray.blurred(self.smooth) } else { gray.clone() };
        if self.scale != 1.0 {
            picture = picture.resized(self.scale);
        }
        if self.sharpen > 0.0 {
            let soft = picture.blurred(self.scale as f32 * 1.2);
            for (v, s) in picture.values.iter_mut().zip(&soft.values) {
                *v += self.sharpen * (*v - s);
            }
        }
        if self.local > 0 {
            let mean = picture.boxed(self.local);
            for (v, m) in picture.values.iter_mut().zip(&mean.values) {
                *v = if *v < m * 0.97 { 0.0 } else { 1.0 };
            }
        }
        let scale = self.scale;
        let back = |v: f32| (f64::from(v) + 0.5) / scale - 0.5;
        let mut found = decode(&picture);
        for code in &mut found {
            for corner in &mut code.corners {
                *corner = (back(corner.0 as f32), back(corner.1 as f32));
            }
        }
        found
    }
}

fn decode(picture: &Plane) -> Vec<Found> {
    let (width, height) = (picture.width as u32, picture.height as u32);
    let Ok(source) = Luma8LuminanceSource::new(picture.to_bytes(), width, height) else { return Vec::new() };
    let hints = DecodeHints {
        TryHarder: Some(true),
        PossibleFormats: Some(HashSet::from([BarcodeFormat::QR_CODE])),
        ..DecodeHints::default()
    };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let results = QrReader.decode_multiple_with_hints(&mut bitmap, &hints).unwrap_or_default();
    let plain = |r: &rxing::RXingResult| {
        let text = r.getText();
        (*r.getBarcodeFormat() == BarcodeFormat::QR_CODE && !text.is_empty() && text.len() <= TEXT_LIMIT)
            .then(|| text.to_owned())
    };
    let corners =
        |r: &rxing::RXingResult| r.getPoints().iter().map(|p| (f64::from(p.x), f64::from(p.y))).collect();
    results
        .iter()
        .filter_map(|r| Some(Found { text: plain(r)?, corners: corners(r) }))
        .filter(|f| f.corners.len() >= 3)
        .collect()
}
