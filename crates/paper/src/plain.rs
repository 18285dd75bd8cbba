//! Texts from outside made fit for paper: what the fonts cannot draw, or what would reorder or hide text, is printed as its
//! code point. Nothing is dropped, and the embedded `data.json` keeps the text as it was.

use typst::text::Font;

use crate::fonts;

/// A Latin run longer than this gets places where a line may break.
const LONGEST_RUN: usize = 24;

/// `text` as it can be printed.
pub(crate) fn printable(fonts: &[Font], text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0_usize;
    for c in text.chars() {
        if c.is_whitespace() {
            out.push(' ');
            run = 0;
        } else if reorders_or_hides(c) || !fonts::has(fonts, c) {
            out.push_str(&format!("〔U+{:04X}〕", u32::from(c)));
            run = 0;
        } else {
            run = if c.is_ascii() { run + 1 } else { 0 };
            if run > LONGEST_RUN {
                out.push('\u{200B}');
                run = 1;
            }
            out.push(c);
        }
    }
    out
}

/// Controls, direction marks, zero-width and private characters: they make a page read otherwise than its data.
fn reorders_or_hides(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0x00AD | 0x034F | 0x061C | 0x115F | 0x1160 | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E
            | 0x2060..=0x206F | 0x3164 | 0xE000..=0xF8FF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFF
            | 0xE0000..=0x10FFFF)
}
