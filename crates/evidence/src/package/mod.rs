//! The package that is handed out: one zip with records, proofs, checkpoint, attachments and opened values, made so
//! that the same content always gives the same bytes. Reads and writes bytes in memory; knows no files and no verdicts
//! (those are in [`crate::verify`]).

mod compared;
mod container;
mod error;
mod layout;
mod one_way;
mod page;
mod stamped;

pub use container::Limits;
pub use error::PackageError;
pub use page::{PAGE, page_policy};
pub use stamped::{OtherCheckpoint, Stamped};

pub(crate) use container::{is_canonical, pack, unpack};
pub(crate) use layout::{
    Layout, extension, parse_disclosure, parse_key, parse_proof, parse_withheld, proof_for,
};
pub(crate) use stamped::{STAMP_NAME, STAMPED_NOTE_NAME, STAMPED_PATH_NAME, parse_path};

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::note::VerifyingKeyText;
use crate::record::Record;
use crate::seal::{Commitment, Salt};
use crate::stream::StreamId;

/// The text of `README.txt` in every package: what the package is and how to check it, Chinese first.
pub const README: &str = include_str!("README.zh-en.txt");

/// Everything that one package holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// The records, any order; they are written sorted by stream and sequence number.
    pub records: Vec<Record>,
    /// One proof for each record, in the same order, all for the tree of [`Self::checkpoint`].
    pub proofs: Vec<Inclusion>,
    /// Records of which only place and leaf are shown: a redacted copy.
    pub withheld: Vec<Withheld>,
    /// Documents to which records refer by digest. One that is left out is reported as withheld.
    pub attachments: Vec<Attachment>,
    /// The signed note, as [`crate::note::Checkpoint::sign`] makes it.
    pub checkpoint: String,
    /// A time stamp of this or another checkpoint of the log.
    pub stamped: Option<Stamped>,
    /// The same checkpoint signed once more with SM2, see [`crate::national`].
    pub sm2: Option<String>,
    /// What the log states of the ends of the streams, see [`crate::closing`].
    pub streams: Option<String>,
    /// Sealed values that the holder chose to open.
    pub disclosures: Vec<Disclosure>,
    /// The key that signed the checkpoint, for comparison with the published one.
    pub key: VerifyingKeyText,
    /// The text for people; [`README`] unless this is a package of another version. The verifier does not vouch for
    /// any other text.
    pub readme: String,
}

/// That a record is in the tree: its position and the path of [`crate::merkle::inclusion_path`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// Position of the record in the log, from 0.
    pub index: u64,
    /// The path, leaf end first.
    pub path: Vec<Digest>,
}

/// A record whose content is not shown. What is left proves that it is in the log, and, by the next record, that it stands in its
/// place of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// Its stream.
    pub stream: StreamId,
    /// Its place in the stream.
    pub seq: u64,
    /// Its leaf hash.
    pub leaf: Digest,
    /// That the leaf is in the log.
    pub proof: Inclusion,
}

/// A document, named by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The name under which it is found: the SHA-256 of `bytes`, unless the package was tampered with.
    pub sha256: Digest,
    /// Media type. It is kept as a file extension, so types without a known one come back as
    /// `application/octet-stream`; the exact type is in the record.
    pub media: String,
    /// The content.
    pub bytes: Vec<u8>,
}

impl Attachment {
    /// The document `bytes`, named by its digest.
    #[must_use]
    pub fn new(media: &str, bytes: Vec<u8>) -> Self {
        Attachment { sha256: Digest::of(&bytes), media: media.to_owned(), bytes }
    }
}

/// A sealed value that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// The commitment that stands in a record.
    pub commitment: Commitment,
    /// What the value is.
    pub label: String,
    /// The value.
    pub value: Vec<u8>,
    /// The salt that opens the commitment.
    pub salt: Salt,
}

/// The bytes of a package: a zip with sorted names, fixed times and attributes and without compression, so that
/// equal packages are equal files, and so that the verifier can tell whether any byte of the packaging was changed.
///
/// # Errors
/// [`PackageError`] when records and proofs do not pair up, a proof or a label cannot be written in the format, or
/// the package exceeds the default [`Limits`].
pub fn write(package: &Package) -> Result<Vec<u8>, PackageError> {
    if package.records.len() != package.proofs.len() {
        let (records, proofs) = (package.records.len(), package.proofs.len());
        return Err(PackageError::Unpaired { records, proofs });
    }
    let mut files = BTreeMap::new();
    files.insert(layout::README_NAME.to_owned(), package.readme.clone().into_bytes());
    files.insert(layout::PAGE_NAME.to_owned(), PAGE.as_bytes().to_vec());
    files.insert(layout::CHECKPOINT_NAME.to_owned(), package.checkpoint.clone().into_bytes());
    files.insert(layout::KEY_NAME.to_owned(), format!("{}\n", package.key).into_bytes());

    if let Some(stamped) = &package.stamped {
        files.extend(stamped.files()?);
    }
    if let Some(note) = &package.sm2 {
        files.insert(layout::SM2_NAME.to_owned(), note.clone().into_bytes());
    }

    if let Some(note) = &package.streams {
        files.insert(layout::STREAMS_NAME.to_owned(), note.clone().into_bytes());
    }
    files.extend(numbered(package)?);
    for attachment in &package.attachments {
        files.insert(layout::attachment_name(attachment), attachment.bytes.clone());
    }
    let mut opened: Vec<_> = package.disclosures.iter().collect();
    opened.sort_by_key(|disclosure| disclosure.commitment);
    opened.dedup();
    for (number, disclosure) in opened.into_iter().enumerate() {
        files.insert(layout::disclosure_name(number), layout::write_disclosure(disclosure)?);
    }
    pack(&files, &Limits::default())
}

/// The files of the records, shown and withheld, numbered together by stream and place.
fn numbered(package: &Package) -> Result<container::Files, PackageError> {
    let shown = package.records.iter().zip(&package.proofs);
    let shown =
        shown.map(|(record, proof)| (record.stream(), record.seq(), Some(record.bytes()), proof, None));
    let hidden = package.withheld.iter().map(|one| (&one.stream, one.seq, None, &one.proof, Some(one)));
    let mut all: Vec<_> = shown.chain(hidden).collect();
    all.sort_by_key(|(stream, seq, ..)| (*stream, *seq));
    let mut files = container::Files::new();
    for (number, (_, _, bytes, proof, hidden)) in all.into_iter().enumerate() {
        if let Some(bytes) = bytes {
            files.insert(layout::record_name(number), bytes.to_vec());
        }
        if let Some(one) = hidden {
            files.insert(layout::withheld_name(number), layout::write_withheld(one)?);
        }
        files.insert(layout::proof_name(number), layout::write_proof(proof)?);
    }
    Ok(files)
}

/// Reads a package without judging it: form and limits only. Strict: no file may be missing, unknown or malformed.
/// Whether it holds is for [`crate::verify::verify`], which also says what is wrong with a package that this refuses.
///
/// # Errors
/// [`PackageError`] names the file and the reason.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Package, PackageError> {
    let layout = Layout::of(unpack(bytes, limits)?);
    if let Some(name) = layout.unknown.into_iter().next() {
        return Err(PackageError::Unknown { name });
    }
    let missing = |name: &str| PackageError::Missing { name: name.to_owned() };
    let readme = layout.readme.ok_or_else(|| missing(layout::README_NAME))?;
    let checkpoint = layout.checkpoint.ok_or_else(|| missing(layout::CHECKPOINT_NAME))?;
    let key = layout.key.ok_or_else(|| missing(layout::KEY_NAME))?;
    let (mut records, mut proofs) = (Vec::new(), Vec::new());
    let mut unread = layout.proofs;
    for (name, bytes) in layout.records {
        let proof = layout::proof_for(&name);
        let path = unread.remove(&proof).ok_or_else(|| missing(&proof))?;
        proofs.push(parse_proof(&path).map_err(|why| PackageError::Malformed { name: proof, why })?);
        let record = Record::parse(bytes).map_err(|error| PackageError::Record { name, error })?;
        records.push(record);
    }
    let mut withheld = Vec::new();
    for (name, bytes) in layout.withheld {
        let proof = layout::proof_for(&name);
        let path = unread.remove(&proof).ok_or_else(|| missing(&proof))?;
        let malformed = |name: &str, why| PackageError::Malformed { name: name.to_owned(), why };
        let proof = parse_proof(&path).map_err(|why| malformed(&proof, why))?;
        withheld.push(parse_withheld(&bytes, proof).map_err(|why| malformed(&name, why))?);
    }
    if let Some((name, _)) = unread.into_iter().next() {
        return Err(PackageError::Unknown { name });
    }
    let disclosures = layout
        .disclosures
        .into_iter()
        .map(|(name, bytes)| parse_disclosure(&bytes).map_err(|why| PackageError::Malformed { name, why }))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Package {
        records,
        proofs,
        withheld,
        attachments: layout.attachments.into_values().collect(),
        checkpoint: layout::utf8(layout::CHECKPOINT_NAME, checkpoint)?,
        stamped: stamped::read(layout.stamped)?,
        sm2: layout.sm2.map(|note| layout::utf8(layout::SM2_NAME, note)).transpose()?,
        streams: layout.streams.map(|note| layout::utf8(layout::STREAMS_NAME, note)).transpose()?,
        disclosures,
        key: layout::parse_key(&key)?,
        readme: layout::utf8(layout::README_NAME, readme)?,
    })
}
