//! The settings of the reader of figures (OCR) beside ours: where it listens and what it lets us in with. Without an address a person
//! compares the figures alone, and the evidence says so.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::config::{Key, Layers, Row, Set, key, row, secret_row, shown_path};
use crate::fail::Fail;
use crate::house::reader::Reader;
use crate::storage::{local_or_tls, secret};

const URL: Key = key("ocr_url", "MINGBAI_OCR_URL", "");
const TOKEN_FILE: Key = key("ocr_token_file", "MINGBAI_OCR_TOKEN_FILE", "");
/// Every key of these settings.
pub const KEYS: [&Key; 2] = [&URL, &TOKEN_FILE];
/// What the reader lets us in with; a reader on this machine may ask for nothing.
pub const TOKEN: &str = "MINGBAI_OCR_TOKEN";

/// Which reader of figures is asked.
#[derive(Clone)]
pub struct OcrSettings {
    url: Set<Option<String>>,
    token_file: Set<Option<PathBuf>>,
    token: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for OcrSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OcrSettings").field("url", &self.url).finish_non_exhaustive()
    }
}

impl OcrSettings {
    /// Reads and checks what was set. A reader elsewhere must be reached over https: it is sent pieces of signed papers.
    pub fn read(layers: &Layers<'_>) -> Result<Self, Fail> {
        Ok(OcrSettings {
            url: local_or_tls(&URL, layers.pick(&URL))?,
            token_file: layers.path(&TOKEN_FILE),
            token: layers.secret(TOKEN),
        })
    }

    /// The reader, when one is set. The token's file is read here.
    pub fn reader(&self) -> Result<Option<Reader>, Fail> {
        let Some(url) = &self.url.value else { return Ok(None) };
        Reader::new(url.clone(), secret(&self.token, &self.token_file)?).map(Some)
    }

    /// The lines of `mingbai config`.
    pub fn shown(&self) -> Vec<Row> {
        let file = self.token_file.value.as_deref().map(shown_path).unwrap_or_default();
        vec![
            row(&URL, self.url.value.clone().unwrap_or_default(), &self.url),
            row(&TOKEN_FILE, file, &self.token_file),
            secret_row("ocr_token", TOKEN, &self.token),
        ]
    }
}
