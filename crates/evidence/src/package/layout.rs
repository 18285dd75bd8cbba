//! Where things lie inside a package and how the small files are written. Sorts what is there; judges nothing.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use super::container::Files;
use super::stamped::{STAMP_NAME, STAMPED_NOTE_NAME, STAMPED_PATH_NAME};
use super::{Attachment, Disclosure, Inclusion, PackageError, Withheld};
use crate::digest::Digest;
use crate::merkle::{PATH_LIMIT, SIZE_LIMIT};
use crate::note::VerifyingKeyText;
use crate::record::SEQ_LIMIT;
use crate::seal::{Commitment, Salt};
use crate::stream::StreamId;
use crate::text::Bilingual as _;

pub(super) const README_NAME: &str = "README.txt";
pub(super) const PAGE_NAME: &str = "verify.html";
pub(super) const CHECKPOINT_NAME: &str = "checkpoint";
pub(super) const KEY_NAME: &str = "key.txt";
pub(super) const SM2_NAME: &str = "checkpoint.sm2";
pub(super) const STREAMS_NAME: &str = "streams";
const RECORDS: &str = "records/";
const WITHHELD: &str = "withheld/";
const PROOFS: &str = "proofs/";
const ATTACHMENTS: &str = "attachments/";
const DISCLOSURES: &str = "disclosures/";
/// The most bytes a label of a disclosure may have.
const LABEL_LIMIT: usize = 200;

/// Media types and the extensions under which they are written. One to one, so that a name says its type.
const MEDIA: [(&str, &str); 17] = [
    ("application/json", "json"),
    ("application/pdf", "pdf"),
    ("application/pkcs7-mime", "p7m"),
    ("application/pkcs7-signature", "p7s"),
    ("application/timestamp-reply", "tsr"),
    ("application/toml", "toml"),
    ("audio/mpeg", "mp3"),
    ("audio/ogg", "ogg"),
    ("audio/wav", "wav"),
    ("audio/webm", "weba"),
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/svg+xml", "svg"),
    ("text/csv", "csv"),
    ("text/plain", "txt"),
    ("video/mp4", "mp4"),
    ("video/webm", "webm"),
];
const OTHER_MEDIA: (&str, &str) = ("application/octet-stream", "bin");

/// The extension for a media type; parameters after `;` do not count.
pub(crate) fn extension(media: &str) -> &'static str {
    let essence = media.split(';').next().unwrap_or(media).trim();
    MEDIA.iter().find(|(known, _)| essence.eq_ignore_ascii_case(known)).map_or(OTHER_MEDIA.1, |(_, ext)| ext)
}

/// The files of a package by their role, by name within each role.
pub(crate) struct Layout {
    pub readme: Option<Vec<u8>>,
    pub page: Option<Vec<u8>>,
    pub checkpoint: Option<Vec<u8>>,
    pub key: Option<Vec<u8>>,
    pub sm2: Option<Vec<u8>>,
    pub streams: Option<Vec<u8>>,
    /// The files of a time stamp.
    pub stamped: Files,
    pub records: Files,
    pub withheld: Files,
    pub proofs: Files,
    pub disclosures: Files,
    pub attachments: BTreeMap<String, Attachment>,
    /// Names that have no role.
    pub unknown: Vec<String>,
}

impl Layout {
    pub(crate) fn of(files: Files) -> Self {
        let mut layout = Layout {
            readme: None,
            page: None,
            checkpoint: None,
            key: None,
            sm2: None,
            streams: None,
            stamped: Files::new(),
            records: Files::new(),
            withheld: Files::new(),
            proofs: Files::new(),
            disclosures: Files::new(),
            attachments: BTreeMap::new(),
            unknown: Vec::new(),
        };
        for (name, bytes) in files {
            layout.place(name, bytes);
        }
        layout
    }

    fn place(&mut self, name: String, bytes: Vec<u8>) {
        match name.as_str() {
            README_NAME => self.readme = Some(bytes),
            PAGE_NAME => self.page = Some(bytes),
            CHECKPOINT_NAME => self.checkpoint = Some(bytes),
            KEY_NAME => self.key = Some(bytes),
            SM2_NAME => self.sm2 = Some(bytes),
            STREAMS_NAME => self.streams = Some(bytes),
            STAMP_NAME | STAMPED_NOTE_NAME | STAMPED_PATH_NAME => drop(self.stamped.insert(name, bytes)),
            _ if is_numbered(&name, RECORDS) => drop(self.records.insert(name, bytes)),
            _ if is_numbered(&name, WITHHELD) => drop(self.withheld.insert(name, bytes)),
            _ if is_numbered(&name, PROOFS) => drop(self.proofs.insert(name, bytes)),
            _ if is_numbered(&name, DISCLOSURES) => drop(self.disclosures.insert(name, bytes)),
            _ => match attachment_of(&name) {
                Some((sha256, media)) => {
                    let attachment = Attachment { sha256, media: media.to_owned(), bytes };
                    self.attachments.insert(name, attachment);
                }
                None => self.unknown.push(name),
            },
        }
    }
}

pub(super) fn record_name(number: usize) -> String {
    format!("{RECORDS}{number:06}.json")
}

pub(super) fn withheld_name(number: usize) -> String {
    format!("{WITHHELD}{number:06}.json")
}

pub(super) fn proof_name(number: usize) -> String {
    format!("{PROOFS}{number:06}.json")
}

pub(super) fn disclosure_name(number: usize) -> String {
    format!("{DISCLOSURES}{number:06}.json")
}

pub(super) fn attachment_name(attachment: &Attachment) -> String {
    format!("{ATTACHMENTS}{}.{}", attachment.sha256, extension(&attachment.media))
}

/// The name of the proof that belongs to the file `name` of a record, shown or withheld.
pub(crate) fn proof_for(name: &str) -> String {
    let number = name.strip_prefix(RECORDS).or_else(|| name.strip_prefix(WITHHELD));
    format!("{PROOFS}{}", number.unwrap_or(name))
}

fn is_numbered(name: &str, folder: &str) -> bool {
    let number = name.strip_prefix(folder).and_then(|rest| rest.strip_suffix(".json"));
    number.is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn attachment_of(name: &str) -> Option<(Digest, &'static str)> {
    let (digest, ext) = name.strip_prefix(ATTACHMENTS)?.split_once('.')?;
    let (media, _) = MEDIA.iter().chain([&OTHER_MEDIA]).find(|(_, known)| *known == ext)?;
    Some((digest.parse().ok()?, media))
}

/// The form of a proof file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofFile {
    index: u64,
    path: Vec<Digest>,
}

pub(super) fn write_proof(proof: &Inclusion) -> Result<Vec<u8>, PackageError> {
    let malformed = |why: String| PackageError::Malformed { name: PROOFS.to_owned(), why };
    check_proof(proof.index, proof.path.len()).map_err(malformed)?;
    let file = ProofFile { index: proof.index, path: proof.path.clone() };
    serde_json::to_vec(&file).map_err(|e| malformed(e.to_string()))
}

pub(crate) fn parse_proof(bytes: &[u8]) -> Result<Inclusion, String> {
    let file: ProofFile = from_object(bytes)?;
    let proof = Inclusion { index: file.index, path: file.path };
    as_written(bytes, write_proof(&proof))?;
    Ok(proof)
}

/// The form of the file of a withheld record.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WithheldFile {
    stream: StreamId,
    seq: u64,
    leaf: Digest,
}

pub(super) fn write_withheld(one: &Withheld) -> Result<Vec<u8>, PackageError> {
    let malformed = |why: String| PackageError::Malformed { name: WITHHELD.to_owned(), why };
    if one.seq > SEQ_LIMIT {
        return Err(malformed("seq out of range".to_owned()));
    }
    let file = WithheldFile { stream: one.stream.clone(), seq: one.seq, leaf: one.leaf };
    serde_json::to_vec(&file).map_err(|e| malformed(e.to_string()))
}

pub(crate) fn parse_withheld(bytes: &[u8], proof: Inclusion) -> Result<Withheld, String> {
    let file: WithheldFile = from_object(bytes)?;
    let one = Withheld { stream: file.stream, seq: file.seq, leaf: file.leaf, proof };
    as_written(bytes, write_withheld(&one))?;
    Ok(one)
}

fn check_proof(index: u64, hashes: usize) -> Result<(), String> {
    if index >= SIZE_LIMIT || hashes > PATH_LIMIT {
        return Err("index or path out of range".to_owned());
    }
    Ok(())
}

/// The form of a disclosure file. A value that is text is written as text, so that people can read it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DisclosureFile {
    commitment: Commitment,
    label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    salt: Salt,
}

pub(super) fn write_disclosure(disclosure: &Disclosure) -> Result<Vec<u8>, PackageError> {
    let malformed = |why: String| PackageError::Malformed { name: DISCLOSURES.to_owned(), why };
    check_label(&disclosure.label).map_err(malformed)?;
    let text = std::str::from_utf8(&disclosure.value).ok().map(str::to_owned);
    let base64 = text.is_none().then(|| BASE64.encode(&disclosure.value));
    let file = DisclosureFile {
        commitment: disclosure.commitment,
        label: disclosure.label.clone(),
        text,
        base64,
        salt: disclosure.salt.clone(),
    };
    serde_json::to_vec(&file).map_err(|e| malformed(e.to_string()))
}

pub(crate) fn parse_disclosure(bytes: &[u8]) -> Result<Disclosure, String> {
    let file: DisclosureFile = from_object(bytes)?;
    let value = match (file.text, file.base64) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(base64)) => BASE64.decode(base64).map_err(|e| e.to_string())?,
        _ => return Err("exactly one of `text` and `base64` is needed".to_owned()),
    };
    let disclosure = Disclosure { commitment: file.commitment, label: file.label, value, salt: file.salt };
    as_written(bytes, write_disclosure(&disclosure))?;
    Ok(disclosure)
}

fn check_label(label: &str) -> Result<(), String> {
    if label.is_empty() || label.len() > LABEL_LIMIT || label.chars().any(char::is_control) {
        return Err("a label has 1 to 200 bytes without control characters".to_owned());
    }
    Ok(())
}

/// Refuses another spelling of the same content: a package has exactly one form, so any changed byte shows.
pub(super) fn as_written(bytes: &[u8], written: Result<Vec<u8>, PackageError>) -> Result<(), String> {
    match written {
        Ok(written) if written == bytes => Ok(()),
        Ok(_) => Err("not spelled as it is written".to_owned()),
        Err(error) => Err(error.en()),
    }
}

/// Reads one JSON object with nothing around it (serde would also take an array for a struct).
pub(super) fn from_object<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    if bytes.first() != Some(&b'{') || bytes.last() != Some(&b'}') {
        return Err("not one JSON object".to_owned());
    }
    serde_json::from_slice(bytes).map_err(|e| e.to_string())
}

pub(crate) fn parse_key(bytes: &[u8]) -> Result<VerifyingKeyText, PackageError> {
    let malformed = |why: String| PackageError::Malformed { name: KEY_NAME.to_owned(), why };
    let text = std::str::from_utf8(bytes).map_err(|e| malformed(e.to_string()))?;
    let line = text.strip_suffix('\n').ok_or_else(|| malformed("not one line".to_owned()))?;
    line.parse::<VerifyingKeyText>().map_err(|e| malformed(e.en()))
}

pub(super) fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, PackageError> {
    String::from_utf8(bytes)
        .map_err(|e| PackageError::Malformed { name: name.to_owned(), why: e.utf8_error().to_string() })
}
