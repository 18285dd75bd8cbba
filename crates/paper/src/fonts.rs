//! The two faces that are compiled in. Nothing is ever read from the machine, so every machine prints the same bytes.

use typst::foundations::Bytes;
use typst::text::Font;

use crate::PaperError;

const FILES: [(&str, &[u8]); 2] = [
    ("NotoSansHans-Regular.otf", include_bytes!("../fonts/NotoSansHans-Regular.otf")),
    ("NotoSansHans-Bold.otf", include_bytes!("../fonts/NotoSansHans-Bold.otf")),
];

/// Reads both faces.
pub(crate) fn load() -> Result<Vec<Font>, PaperError> {
    FILES
        .iter()
        .map(|&(name, data)| Font::new(Bytes::new(data), 0).ok_or(PaperError::Font { name }))
        .collect()
}

/// Whether the fonts can draw `c`.
pub(crate) fn has(fonts: &[Font], c: char) -> bool {
    fonts.iter().all(|font| font.info().coverage.contains(c as u32))
}
