//! A receipt: the proof file that a borrower keeps of how far her own records had come (C2SP tlog-proof). With it she can show
//! later, without anybody's help, that a record was left out or replaced.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::merkle::{PATH_LIMIT, SIZE_LIMIT};
use crate::note::{SignedCheckpoint, VerifyingKeyText};
use crate::record::Record;
use crate::text::Bilingual;

/// The first line of every proof file.
pub const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// The most bytes of a proof file: the largest record, escaped and in base64, with room for the rest.
pub const RECEIPT_LIMIT: usize = 256 * 1024;

/// A receipt as read or to be written. Nothing in it is believed until [`crate::verify::verify_receipt`] has looked.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The record itself, so that the proven leaf says which stream and place it is; by its `prev` it fixes every earlier record
    /// of the stream too. A leaf alone could be passed off as another stream's.
    pub record: Record,
    /// The key that signed, to be compared with the published one.
    pub key: VerifyingKeyText,
    /// Its position in the log.
    pub index: u64,
    /// Its inclusion path, leaf end first.
    pub path: Vec<Digest>,
    /// The checkpoint that the path leads to, with cosignatures if there are any.
    pub checkpoint: String,
}

/// What the file's `extra` line carries, as JSON in base64.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extra {
    /// The record's bytes, which are text.
    record: String,
    key: String,
}

/// Why bytes are not a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a proof file of ours ({0}); it was damaged or is another file")]
pub struct ReceiptError(&'static str);

impl Bilingual for ReceiptError {
    fn zh(&self) -> String {
        format!("这不是本系统的凭证文件({});可能已损坏,或是别的文件。", self.0)
    }

    fn en(&self) -> String {
        self.to_string()
    }
}

impl Receipt {
    /// The text of the file.
    ///
    /// # Errors
    /// [`ReceiptError`] when what it would say is outside its limits.
    pub fn write(&self) -> Result<String, ReceiptError> {
        let record = std::str::from_utf8(self.record.bytes()).map_err(|_| ReceiptError("record"))?;
        let extra = Extra { record: record.to_owned(), key: self.key.to_string() };
        let extra = serde_json::to_vec(&extra).map_err(|_| ReceiptError("extra"))?;
        let hashes: String = self.path.iter().map(|hash| BASE64.encode(hash.as_bytes()) + "\n").collect();
        let (extra, index) = (BASE64.encode(extra), self.index);
        let text = format!("{FIRST_LINE}\nextra {extra}\nindex {index}\n{hashes}\n{}", self.checkpoint);
        // What is handed to a borrower must be readable again: it is all she will have.
        Receipt::parse(text.as_bytes()).map(|_| text)
    }

    /// Reads a proof file. Strict: there is one way to write a receipt.
    ///
    /// # Errors
    /// [`ReceiptError`] names what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        if bytes.len() > RECEIPT_LIMIT {
            return Err(ReceiptError("size"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ReceiptError("UTF-8"))?;
        let line = |text: &mut &str, what| {
            let (line, rest) = text.split_once('\n').ok_or(ReceiptError(what))?;
            *text = rest;
            Ok::<_, ReceiptError>(line.to_owned())
        };
        let mut rest = text;
        if line(&mut rest, "first line")? != FIRST_LINE {
            return Err(ReceiptError("first line"));
        }
        let extra = line(&mut rest, "extra")?;
        let (record, key) = extra_of(&extra).ok_or(ReceiptError("extra"))?;
        let digits = line(&mut rest, "index")?;
        let digits = digits.strip_prefix("index ").ok_or(ReceiptError("index"))?;
        let index = digits.parse::<u64>().ok().filter(|n| n.to_string() == digits && *n < SIZE_LIMIT);
        let index = index.ok_or(ReceiptError("index"))?;
        let mut path = Vec::new();
        loop {
            let hash = line(&mut rest, "path")?;
            if hash.is_empty() {
                break;
            }
            let hash = BASE64.decode(hash).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            path.push(Digest::new(hash.ok_or(ReceiptError("path"))?));
            if path.len() > PATH_LIMIT {
                return Err(ReceiptError("path"));
            }
        }
        SignedCheckpoint::parse(rest).map_err(|_| ReceiptError("checkpoint"))?;
        Ok(Receipt { record, key, index, path, checkpoint: rest.to_owned() })
    }

    /// Whether a file looks like one: enough to tell it from a package.
    #[must_use]
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(FIRST_LINE.as_bytes())
    }
}

fn extra_of(line: &str) -> Option<(Record, VerifyingKeyText)> {
    let json = BASE64.decode(line.strip_prefix("extra ")?).ok()?;
    let extra: Extra = serde_json::from_slice(&json).ok()?;
    let as_written = serde_json::to_vec(&extra).ok()? == json;
    let record = Record::parse(extra.record.into_bytes()).ok()?;
    as_written.then_some((record, extra.key.parse().ok()?))
}
