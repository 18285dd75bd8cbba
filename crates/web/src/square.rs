//! A QR code as one path, drawn into the page: no picture file, no script.

use qrcode::{Color, EcLevel, QrCode};

use crate::door::Fail;

/// White squares around the code that scanners need.
const QUIET: usize = 4;

/// A QR code as one path of squares.
pub struct Square {
    /// Length of a side, with the white around it.
    pub side: usize,
    /// The dark squares.
    pub path: String,
}

/// The code of a text.
///
/// # Errors
/// [`Fail`] when the text is too long for one.
pub fn square(text: &str) -> Result<Square, Fail> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Fail::fault)?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        // Neighbours of one colour become one stroke, which keeps the page small.
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let length = run.len();
                path.push_str(&format!("M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET));
            }
            x += run.len();
        }
    }
    Ok(Square { side: width + 2 * QUIET, path })
}
