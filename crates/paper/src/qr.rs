//! The QR code as one vector path. The payload is the public check address with 160 bits of the table's digest, and nothing about
//! the person.

use qrcode::{Color, EcLevel, QrCode};

use crate::PaperError;

/// White squares around the code that scanners need.
const QUIET: usize = 4;

/// The encoder takes the alphanumeric mode by itself where every letter is in upper case.
fn encode(payload: &str) -> Result<QrCode, PaperError> {
    QrCode::with_error_correction_level(payload, EcLevel::M)
        .map_err(|why| PaperError::Qr { why: why.to_string() })
}

/// An SVG of the code, one path, one unit a square.
pub(crate) fn svg(payload: &str) -> Result<String, PaperError> {
    let code = encode(payload)?;
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

#[cfg(test)]
mod tests {
    use qrcode::Version;

    use super::*;

    /// ESIGN: 35 mm hold a code of version 4 to 6 that a photograph of a whole page still shows.
    #[test]
    fn upper_case_makes_a_coarse_code() {
        let behind = "/C/K7QX2M9D4T3W/MZXW6YTBOI2DKNRXHA4TQMJSGM2DKNRX";
        for (host, version) in
            [("HTTPS://MINGBAI.EXAMPLE", 4), ("HTTPS://LOANS.A-LONGER-BANK-NAME.EXAMPLE.COM", 5)]
        {
            let upper = encode(&format!("{host}{behind}")).map(|code| code.version());
            assert_eq!(upper, Ok(Version::Normal(version)), "{host}");
            let lower = encode(&format!("{host}{behind}").to_lowercase()).map(|code| code.version());
            assert_ne!(lower, upper, "{host}");
        }
    }
}
