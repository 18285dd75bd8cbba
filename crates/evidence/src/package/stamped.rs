//! A time stamp inside a package: the authority's answer, and, when it stamped another checkpoint than the package's own, that
//! checkpoint and the proof that one log is a prefix of the other. Judges nothing.

use serde::{Deserialize, Serialize};

use super::PackageError;
use super::container::Files;
use super::layout::{as_written, from_object, utf8};
use crate::digest::Digest;
use crate::merkle::PATH_LIMIT;

pub(crate) const STAMP_NAME: &str = "timestamp.tsr";
pub(crate) const STAMPED_NOTE_NAME: &str = "timestamp.checkpoint";
pub(crate) const STAMPED_PATH_NAME: &str = "timestamp.json";

/// A time stamp of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped {
    /// The authority's answer as it came, DER of TimeStampResp (RFC 3161).
    pub response: Vec<u8>,
    /// The checkpoint that was stamped; `None` = exactly the bytes of the package's own.
    pub other: Option<OtherCheckpoint>,
}

/// A checkpoint of the same log with another size or another signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherCheckpoint {
    /// The signed note, byte for byte as it was stamped.
    pub note: String,
    /// The consistency path from the smaller tree to the larger, whichever of the two checkpoints it belongs to.
    pub path: Vec<Digest>,
}

/// The form of the path's file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PathFile {
    path: Vec<Digest>,
}

impl Stamped {
    pub(super) fn files(&self) -> Result<Files, PackageError> {
        let mut files = Files::new();
        files.insert(STAMP_NAME.to_owned(), self.response.clone());
        if let Some(other) = &self.other {
            files.insert(STAMPED_NOTE_NAME.to_owned(), other.note.clone().into_bytes());
            files.insert(STAMPED_PATH_NAME.to_owned(), write_path(&other.path)?);
        }
        Ok(files)
    }
}

fn write_path(path: &[Digest]) -> Result<Vec<u8>, PackageError> {
    let malformed = |why: String| PackageError::Malformed { name: STAMPED_PATH_NAME.to_owned(), why };
    if path.len() > 2 * PATH_LIMIT {
        return Err(malformed("path out of range".to_owned()));
    }
    serde_json::to_vec(&PathFile { path: path.to_vec() }).map_err(|e| malformed(e.to_string()))
}

pub(crate) fn parse_path(bytes: &[u8]) -> Result<Vec<Digest>, String> {
    let file: PathFile = from_object(bytes)?;
    as_written(bytes, write_path(&file.path))?;
    Ok(file.path)
}

/// The time stamp among these files; all of its files or none.
pub(super) fn read(mut files: Files) -> Result<Option<Stamped>, PackageError> {
    let missing = |name: &str| PackageError::Missing { name: name.to_owned() };
    let (note, path) = (files.remove(STAMPED_NOTE_NAME), files.remove(STAMPED_PATH_NAME));
    let Some(response) = files.remove(STAMP_NAME) else {
        return if note.is_none() && path.is_none() { Ok(None) } else { Err(missing(STAMP_NAME)) };
    };
    let other = match (note, path) {
        (None, None) => None,
        (Some(note), Some(path)) => {
            let malformed = |why| PackageError::Malformed { name: STAMPED_PATH_NAME.to_owned(), why };
            let path = parse_path(&path).map_err(malformed)?;
            Some(OtherCheckpoint { note: utf8(STAMPED_NOTE_NAME, note)?, path })
        }
        (None, Some(_)) => return Err(missing(STAMPED_NOTE_NAME)),
        (Some(_), None) => return Err(missing(STAMPED_PATH_NAME)),
    };
    Ok(Some(Stamped { response, other }))
}
