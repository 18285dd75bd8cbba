//! Handwritten strokes as vectors in the signature box: what the hand did, nothing added. The raw points are evidence and are
//! kept elsewhere; this is their picture.

use super::boxes::BoxAt;
use crate::pdf::object::{Dict, Object};
use crate::words::SignError;

/// One point of a stroke as the browser reported it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// From the left edge of the pad, in hundredths of a pixel.
    pub x_cpx: i32,
    /// From the upper edge of the pad, in hundredths of a pixel.
    pub y_cpx: i32,
    /// Milliseconds since the first point. Not drawn: two hands that draw one line are told apart by it.
    pub at_ms: u32,
    /// 0 to 1000; 500 where the device cannot tell.
    pub pressure_permille: u16,
}

/// What was written on the pad.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handwriting {
    /// Width of the pad in hundredths of a pixel.
    pub width_cpx: i32,
    /// Height of the pad in hundredths of a pixel.
    pub height_cpx: i32,
    /// Each stroke from pen down to pen up.
    pub strokes: Vec<Vec<Point>>,
}

const POINT_LIMIT: usize = 20_000;
const PAD_LIMIT_CPX: i32 = 1_000_000;
/// Longest appearance that a verifier reads.
const CONTENT_LIMIT_BYTES: usize = 1024 * 1024;

impl Handwriting {
    fn check(&self) -> Result<(), SignError> {
        let refuse = |why| Err(SignError::Field { what: "handwriting", why });
        let pad = 1..=PAD_LIMIT_CPX;
        if !pad.contains(&self.width_cpx) || !pad.contains(&self.height_cpx) {
            return refuse("the pad has no sensible size");
        }
        let points: usize = self.strokes.iter().map(Vec::len).sum();
        if points == 0 {
            return refuse("nothing is written");
        }
        if points > POINT_LIMIT {
            return refuse("it has more than 20,000 points");
        }
        let inside = |p: &Point| {
            (0..=self.width_cpx).contains(&p.x_cpx)
                && (0..=self.height_cpx).contains(&p.y_cpx)
                && p.pressure_permille <= 1000
        };
        match self.strokes.iter().flatten().all(inside) {
            true => Ok(()),
            false => refuse("a point lies outside the pad or its pressure outside 0 to 1000"),
        }
    }

    /// The form XObject's dictionary and content, scaled into `at` without distortion and centred.
    pub(crate) fn draw(&self, at: &BoxAt) -> Result<(Dict, Vec<u8>), SignError> {
        self.check()?;
        // A margin of one point keeps round line ends inside the box.
        let (room_x, room_y) = (at.width_cpt - 200, at.height_cpt - 200);
        if room_x <= 0 || room_y <= 0 {
            return Err(SignError::Field { what: "box", why: "it is too small for handwriting" });
        }
        let (pad_x, pad_y) = (i64::from(self.width_cpx), i64::from(self.height_cpx));
        // Scale = up / down, the smaller of the two directions.
        let (up, down) = if room_x * pad_y <= room_y * pad_x { (room_x, pad_x) } else { (room_y, pad_y) };
        let left = (at.width_cpt - pad_x * up / down) / 2;
        let top = at.height_cpt - (at.height_cpt - pad_y * up / down) / 2;
        let place = |p: &Point| (left + i64::from(p.x_cpx) * up / down, top - i64::from(p.y_cpx) * up / down);
        let mut content = String::from("q 1 J 1 j 0.05 0.1 0.3 RG\n");
        for stroke in self.strokes.iter().filter(|s| !s.is_empty()) {
            draw_stroke(stroke, place, &mut content);
        }
        content.push_str("Q\n");
        let dict = Dict::default()
            .with("Type", Object::name_of("XObject"))
            .with("Subtype", Object::name_of("Form"))
            .with("BBox", Object::Array(vec![cpt(0), cpt(0), cpt(at.width_cpt), cpt(at.height_cpt)]))
            .with("Resources", Object::Dict(Dict::default()));
        Ok((dict, content.into_bytes()))
    }
}

fn draw_stroke(stroke: &[Point], place: impl Fn(&Point) -> (i64, i64), content: &mut String) {
    // A pressed pen draws thicker: 0.6 to 1.8 points, in quarters so that equal neighbours share a path.
    let width_cpt = |p: &Point| 60 + 30 * (i64::from(p.pressure_permille) * 4 / 1000);
    let mut last = &stroke[0];
    let mut open_width = None;
    let rest = if stroke.len() == 1 { stroke } else { &stroke[1..] };
    for point in rest {
        let width = width_cpt(point);
        if open_width != Some(width) {
            if open_width.is_some() {
                content.push_str(" S\n");
            }
            let (x, y) = place(last);
            content.push_str(&format!("{} w {} {} m", decimal(width), decimal(x), decimal(y)));
            open_width = Some(width);
        }
        let (x, y) = place(point);
        content.push_str(&format!(" {} {} l", decimal(x), decimal(y)));
        last = point;
    }
    content.push_str(" S\n");
}

/// Hundredths as a decimal number.
pub(crate) fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let n = hundredths.unsigned_abs();
    match n % 100 {
        0 => format!("{sign}{}", n / 100),
        part => format!("{sign}{}.{part:02}", n / 100),
    }
}

pub(crate) fn cpt(hundredths: i64) -> Object {
    match hundredths % 100 {
        0 => Object::Integer(hundredths / 100),
        _ => Object::Real(decimal(hundredths).into_bytes()),
    }
}

/// Whether an appearance draws lines and nothing else: no text, no fill, no picture, no other resource, and nothing outside
/// its own box. Whatever a later signature shows, it must not be able to print figures or paint over any.
pub(crate) fn is_strokes_only(dict: &Dict, content: &[u8], at: &BoxAt) -> bool {
    let known = ["Type", "Subtype", "BBox", "Resources", "Length"];
    let keys = dict.keys().all(|k| known.iter().any(|n| n.as_bytes() == k));
    let empty = dict.get("Resources").and_then(Object::dict).is_some_and(|r| r.0.is_empty());
    let bbox: Option<Vec<i64>> =
        dict.get("BBox").and_then(Object::array).and_then(|b| b.iter().map(Object::hundredths).collect());
    let fits = bbox.as_deref() == Some(&[0, 0, at.width_cpt, at.height_cpt]);
    keys && empty
        && fits
        && dict.is("Subtype", "Form")
        && content.len() <= CONTENT_LIMIT_BYTES
        && only_lines(content)
}

fn width_cpt(numbers: &[&str]) -> Option<i64> {
    Object::Real(numbers.first()?.as_bytes().to_vec()).hundredths()
}

fn only_lines(content: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(content) else { return false };
    let number = |t: &str| t.len() <= 12 && t.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
    let mut numbers: Vec<&str> = Vec::new();
    for token in text.split_ascii_whitespace() {
        if number(token) {
            numbers.push(token);
            continue;
        }
        let wanted = match token {
            "q" | "Q" | "S" => 0,
            "J" | "j" | "w" => 1,
            "m" | "l" => 2,
            "RG" => 3,
            _ => return false,
        };
        // A line thicker than 2 points could paint an area.
        let thin = token != "w" || width_cpt(&numbers).is_some_and(|w| w <= 200);
        if numbers.len() != wanted || !thin {
            return false;
        }
        numbers.clear();
    }
    numbers.is_empty()
}
