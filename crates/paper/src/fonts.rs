//! The faces that are compiled in: two for almost everything, two small ones for rare characters. Nothing is ever read from the
//! machine, so every machine prints the same bytes; a lender's own faces come as bytes, after the built-in ones.

use typst::foundations::Bytes;
use typst::text::Font;

use crate::PaperError;

const FILES: [(&str, &[u8]); 4] = [
    ("NotoSansHans-Regular.otf", include_bytes!("../fonts/NotoSansHans-Regular.otf")),
    ("NotoSansHans-Bold.otf", include_bytes!("../fonts/NotoSansHans-Bold.otf")),
    ("NotoSansCJKsc-Regular-rare.otf", include_bytes!("../fonts/NotoSansCJKsc-Regular-rare.otf")),
    ("NotoSansCJKsc-Bold-rare.otf", include_bytes!("../fonts/NotoSansCJKsc-Bold-rare.otf")),
];

/// Reads the built-in faces and `own` ones: file name and bytes of an OpenType font or collection.
pub(crate) fn load(own: &[(String, Vec<u8>)]) -> Result<Vec<Font>, PaperError> {
    let mut fonts = FILES
        .iter()
        .map(|&(name, data)| Font::new(Bytes::new(data), 0).ok_or(PaperError::Font { name: name.to_owned() }))
        .collect::<Result<Vec<_>, _>>()?;
    for (name, data) in own {
        let before = fonts.len();
        fonts.extend(Font::iter(Bytes::new(data.clone())));
        if fonts.len() == before {
            return Err(PaperError::Font { name: name.clone() });
        }
    }
    Ok(fonts)
}

/// Whether a font can draw `c`.
pub(crate) fn has(fonts: &[Font], c: char) -> bool {
    fonts.iter().any(|font| font.info().coverage.contains(c as u32))
}
