//! From the bytes of a photograph or scan to a grey picture the right way up. Refuses before it allocates.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, Limits};

use crate::page::Original;
use crate::plane::Plane;
use crate::words::ScanError;

/// Most bytes of a file.
pub const FILE_LIMIT: usize = 40 << 20;
/// Longest edge in pixels.
pub const EDGE_LIMIT: u32 = 12_000;
/// Most pixels: a telephone's 50 megapixels, A4 at 600 dpi.
pub const PIXEL_LIMIT: u64 = 50_000_000;
/// A page of which less than this many pixels are seen on an edge cannot be read.
pub const EDGE_MINIMUM: u32 = 300;
/// Beyond this many pixels the picture is made smaller at once: 300 dpi for A4 and no detail that a comparison needs.
const WORKING_PIXELS: usize = 9_000_000;

/// Resolution at which the page of a PDF is looked at.
const PDF_DPI: f64 = 200.0;

/// A photograph or scan, grey, upright as the camera meant it.
#[derive(Clone, Debug)]
pub struct Photo {
    pub(crate) gray: Plane,
    /// Pixels of the file.
    pub file_width_px: u32,
    /// Pixels of the file.
    pub file_height_px: u32,
}

impl Photo {
    /// Reads PNG or JPEG and turns it as its EXIF data says, or the one page of a scanner's PDF.
    ///
    /// # Errors
    /// Another format, a damaged file, one beyond the limits of this module, or a PDF of several pages.
    pub fn open(bytes: &[u8]) -> Result<Photo, ScanError> {
        if bytes.len() > FILE_LIMIT {
            return Err(ScanError::FileTooLarge { bytes: bytes.len(), limit: FILE_LIMIT });
        }
        if bytes.starts_with(b"%PDF") {
            let gray = scanned(bytes)?;
            let (file_width_px, file_height_px) = (gray.width as u32, gray.height as u32);
            return Ok(Photo { gray, file_width_px, file_height_px });
        }
        match image::guess_format(bytes) {
            Ok(ImageFormat::Png) => Photo::decode(
                image::codecs::png::PngDecoder::with_limits(Cursor::new(bytes), limits()).map_err(damaged)?,
            ),
            Ok(ImageFormat::Jpeg) => {
                Photo::decode(image::codecs::jpeg::JpegDecoder::new(Cursor::new(bytes)).map_err(damaged)?)
            }
            _ => Err(ScanError::NotAPicture),
        }
    }

    fn decode(mut decoder: impl ImageDecoder) -> Result<Photo, ScanError> {
        let (width, height) = decoder.dimensions();
        let pixels = u64::from(width) * u64::from(height);
        if width > EDGE_LIMIT || height > EDGE_LIMIT || pixels > PIXEL_LIMIT {
            return Err(ScanError::TooLarge {
                width,
                height,
                edge_limit: EDGE_LIMIT,
                pixel_limit: PIXEL_LIMIT,
            });
        }
        if width < EDGE_MINIMUM || height < EDGE_MINIMUM {
            return Err(ScanError::TooSmall { width, height });
        }
        decoder.set_limits(limits()).map_err(damaged)?;
        let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
        let picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
        let mut gray = DynamicImage::ImageLuma8(on_white(picture));
        gray.apply_orientation(orientation);
        let gray = gray.into_luma8();
        let (w, h) = (gray.width() as usize, gray.height() as usize);
        let mut factor = 1;
        while (w / factor) * (h / factor) > WORKING_PIXELS {
            factor += 1;
        }
        let gray = shrink(gray.as_raw(), w, h, factor);
        Ok(Photo { gray, file_width_px: width, file_height_px: height })
    }

    /// Grey bytes of the picture as it is worked on: width, height, rows.
    #[must_use]
    pub fn gray_bytes(&self) -> (usize, usize, Vec<u8>) {
        (self.gray.width, self.gray.height, self.gray.to_bytes())
    }
}

/// The one page of a PDF as a scanner writes them, at a resolution that a comparison needs.
fn scanned(bytes: &[u8]) -> Result<Plane, ScanError> {
    let original = Original::open(bytes).map_err(|error| match error {
        ScanError::Original { why } => ScanError::Damaged { why },
        other => other,
    })?;
    match original.pages() {
        1 => original.scanned(0, PDF_DPI),
        pages => Err(ScanError::SeveralPages { pages }),
    }
}

/// Of memory alone: edges are judged here, so that the answer names them.
fn limits() -> Limits {
    let mut limits = Limits::default();
    // 16-bit colour with transparency is eight bytes a pixel.
    limits.max_alloc = Some(PIXEL_LIMIT * 8);
    limits
}

fn damaged(why: image::ImageError) -> ScanError {
    let mut why = why.to_string();
    if let Some((end, _)) = why.char_indices().nth(120) {
        why.truncate(end);
    }
    ScanError::Damaged { why }
}

/// Grey; what is transparent shows white paper.
fn on_white(picture: DynamicImage) -> image::GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let pairs = picture.into_luma_alpha8();
    let (width, height) = pairs.dimensions();
    image::GrayImage::from_fn(width, height, |x, y| {
        let [gray, alpha] = pairs.get_pixel(x, y).0;
        let (gray, alpha) = (u32::from(gray), u32::from(alpha));
        image::Luma([((gray * alpha + 255 * (255 - alpha)) / 255) as u8])
    })
}

fn shrink(bytes: &[u8], width: usize, height: usize, factor: usize) -> Plane {
    if factor == 1 {
        return Plane::from_bytes(width, height, bytes);
    }
    let (w, h) = (width / factor, height / factor);
    let scale = 1.0 / (255 * factor * factor) as f32;
    let mut values = Vec::with_capacity(w * h);
    for y in 0..h {
        for x in 0..w {
            let rows = (0..factor).map(|j| (y * factor + j) * width + x * factor);
            let sum: u32 = rows.flat_map(|start| &bytes[start..start + factor]).map(|b| u32::from(*b)).sum();
            values.push(sum as f32 * scale);
        }
    }
    Plane { width: w, height: h, values }
}
