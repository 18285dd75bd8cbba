//! What a person reads, in Chinese first and in English beside it.

use serde::Serialize;

/// One sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// Both at once, so that neither is forgotten.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Words {
        Words { zh: zh.into(), en: en.into() }
    }
}

/// Why a picture or a paper could not be looked at. Each says what happened, why, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// Neither PNG nor JPEG nor PDF.
    #[error(
        "这不是 PNG、JPEG 图片或 PDF 扫描件。请用扫描仪或手机相机重新保存。 / Not a PNG or JPEG picture and no scan as PDF. Save it again in one of these formats."
    )]
    NotAPicture,
    /// A PDF of more than one page.
    #[error(
        "这个 PDF 有 {pages} 页。每次只交一页:请逐页扫描,每页存成一个文件。 / This PDF has {pages} pages. Hand in one page at a time: scan each page into a file of its own."
    )]
    SeveralPages {
        /// How many.
        pages: usize,
    },
    /// Damaged or cut off.
    #[error(
        "图片已损坏或没有传完({why})。请重新上传或重新拍照。 / The picture is damaged or incomplete ({why}). Upload it again or take it again."
    )]
    Damaged {
        /// What the decoder says.
        why: String,
    },
    /// Larger than the limits of [`crate::photo`].
    #[error(
        "图片太大:{width}×{height} 像素,最多 {edge_limit} 像素边长、{pixel_limit} 像素。请用 150 至 300 dpi 扫描。 / The picture is too large: {width}×{height} pixels; at most {edge_limit} on an edge and {pixel_limit} in all. Scan at 150 to 300 dpi."
    )]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// Longest edge.
        edge_limit: u32,
        /// Most pixels.
        pixel_limit: u64,
    },
    /// Too few pixels for a page.
    #[error(
        "图片太小:{width}×{height} 像素,看不清一页纸。请用 150 dpi 以上扫描,或靠近重拍整页。 / The picture is too small: {width}×{height} pixels cannot show a page. Scan at 150 dpi or more, or photograph the whole page again."
    )]
    TooSmall {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The file is larger than any picture of a page.
    #[error(
        "文件太大:{bytes} 字节,最多 {limit} 字节。请降低分辨率后重新扫描。 / The file is too large: {bytes} bytes, at most {limit}. Scan again at a lower resolution."
    )]
    FileTooLarge {
        /// Bytes given.
        bytes: usize,
        /// Most bytes.
        limit: usize,
    },
    /// The paper to compare with cannot be printed.
    #[error(
        "系统里的原件无法打开({why})。请联系技术人员核对存档,不要用其他文件代替。 / The stored original cannot be opened ({why}). Ask the operator to check the archive; do not use another file in its place."
    )]
    Original {
        /// What is wrong with it.
        why: String,
    },
}

impl ScanError {
    /// The same in both languages apart.
    #[must_use]
    pub fn words(&self) -> Words {
        let text = self.to_string();
        let (zh, en) = text.split_once(" / ").unwrap_or((&text, &text));
        Words::new(zh, en)
    }
}
