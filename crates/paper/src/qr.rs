//! The QR code as one vector path. The payload is the public check address and nothing about the person.

use qrcode::{Color, EcLevel, QrCode};

use crate::PaperError;

/// White squares around the code that scanners need.
const QUIET: usize = 4;

/// An SVG of the code, one path, one unit a square.
pub(crate) fn svg(payload: &str) -> Result<String, PaperError> {
    let code = QrCode::with_error_correction_level(payload, EcLevel::M)
        .map_err(|why| PaperError::Qr { why: why.to_string() })?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let start = x;
            while x < width && row[x] == Color::Dark {
                x += 1;
            }
            if x > start {
                path.push_str(&format!("M{} {}h{}v1h-{}z", start + QUIET, y + QUIET, x - start, x - start));
            } else {
                x += 1;
            }
        }
    }
    let side = width + 2 * QUIET;
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}"><path d="{path}" fill="#000"/></svg>"##
    ))
}
