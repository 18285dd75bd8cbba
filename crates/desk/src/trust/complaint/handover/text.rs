//! From the bytes of a file to text. What is no text table is named for what it is, because "cannot be read" helps nobody.

use encoding_rs::GB18030;
use mingbai_core::text::both;
use mingbai_cost::Words;

use super::FILE_BYTES;

/// How the text was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a mark at its beginning.
    Utf8,
    /// GB18030, which GBK and GB2312 are parts of.
    Gb18030,
}

impl Encoding {
    /// In words.
    #[must_use]
    pub fn name(self) -> Words {
        match self {
            Encoding::Utf8 => both("UTF-8", "UTF-8"),
            Encoding::Gb18030 => both("GB18030(含 GBK)", "GB18030 (with GBK)"),
        }
    }
}

/// Beginnings of files that people mistake for a table.
const OTHERS: [(&[u8], &str, &str); 7] = [
    (b"PK\x03\x04", "这是 ZIP 压缩包或 Excel 的 xlsx 文件", "This is a ZIP archive or an xlsx file of Excel"),
    (b"PK\x05\x06", "这是空的 ZIP 压缩包", "This is an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "这是旧版 Excel 的 xls 文件", "This is an xls file of an old Excel"),
    (b"\x1f\x8b", "这是 gzip 压缩文件", "This is a gzip file"),
    (b"%PDF", "这是 PDF 文件", "This is a PDF file"),
    (b"\xff\xfe", "这是 UTF-16 编码的文件", "This file is in UTF-16"),
    (b"\xfe\xff", "这是 UTF-16 编码的文件", "This file is in UTF-16"),
];

/// The text of a file.
///
/// # Errors
/// What it is instead, and what to do.
pub(super) fn read(bytes: &[u8]) -> Result<(String, Encoding), Words> {
    let save = |zh: &str, en: &str| {
        both(
            format!("{zh}。请解压,或在表格软件里另存为“CSV UTF-8”,再导入。"),
            format!(
                "{en}. Unpack it, or save it as \"CSV UTF-8\" in your spreadsheet program, and import that."
            ),
        )
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(both("文件是空的。", "The file is empty."));
    }
    if bytes.len() > FILE_BYTES {
        let mib = FILE_BYTES >> 20;
        return Err(both(
            format!("文件超过 {mib} MB。请按日期分成几个文件,逐个导入。"),
            format!("The file is larger than {mib} MB. Split it by date and import one after the other."),
        ));
    }
    if let Some((_, zh, en)) = OTHERS.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        return Err(save(zh, en));
    }
    if bytes.contains(&0) {
        return Err(save("这不是文本文件", "This is no text file"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let wrong = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok((text.to_owned(), Encoding::Utf8)),
        Err(error) => error.valid_up_to(),
    };
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok((text.into_owned(), Encoding::Gb18030)),
        None => Err(both(
            format!("第 {} 个字节起既不是 UTF-8 也不是 GBK/GB18030。请另存为“CSV UTF-8”。", wrong + 1),
            format!(
                "From byte {} on it is neither UTF-8 nor GBK/GB18030. Save it as \"CSV UTF-8\".",
                wrong + 1
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_named() {
        for (bytes, word) in [
            (b"PK\x03\x04rest".as_slice(), "xlsx"),
            (b"\xd0\xcf\x11\xe0", "xls"),
            (b"\xff\xfea\0", "UTF-16"),
            (b"%PDF-1.7", "PDF"),
            (b" \r\n", "empty"),
            (b"a\0b", "no text"),
            (b"ab\xff\xff", "byte 3"),
        ] {
            let told = read(bytes).err().map(|words| words.en).unwrap_or_default();
            assert!(told.contains(word), "{word}: {told}");
        }
        assert!(read(&vec![b'a'; FILE_BYTES + 1]).is_err());
    }

    #[test]
    fn two_encodings_are_read_and_said() {
        let (bytes, _, _) = GB18030.encode("转办编号,姓名");
        assert_eq!(read(&bytes), Ok(("转办编号,姓名".to_owned(), Encoding::Gb18030)));
        assert_eq!(read("\u{feff}转办".as_bytes()), Ok(("转办".to_owned(), Encoding::Utf8)));
    }
}
