//! Reading a document piece by piece, whole or in part. At no time more than one piece is in memory.

use std::ops::Range;

use async_trait::async_trait;
use aws_lc_rs::digest::{Context, SHA256};
use mingbai_desk::ports::{Holder, KeepError, PIECE, Pieces};
use mingbai_evidence::Digest;
use object_store::path::Path as Key;
use object_store::{Error, ObjectStoreExt as _};
use uuid::Uuid;

use super::seal::{Bound, End, Sealer, TAG, name};
use super::{Documents, HEADER, Kind, io, parse_header, public_key, sealed_key, upload};

/// Bytes of a whole sealed piece.
const SEALED: u64 = PIECE as u64 + TAG;

/// Where the pieces of a document lie.
enum Source {
    /// In one object, as they are.
    Public(Key),
    /// In one object behind its header.
    Whole(Key, Sealer),
    /// Each in an object of its own.
    Upload { person: Uuid, upload: Uuid, sealer: Sealer },
}

/// A document that is being read.
pub(super) struct Reader {
    documents: Documents,
    source: Source,
    digest: Digest,
    total: u64,
    at: u64,
    end: u64,
    /// Runs along when the whole is read.
    hash: Option<Context>,
}

impl Documents {
    /// A reader; `None` when the document is not here.
    pub(super) async fn reader(
        &self,
        holder: Holder,
        digest: Digest,
        part: Option<Range<u64>>,
    ) -> Result<Option<Reader>, KeepError> {
        let found = match holder {
            Holder::Public => self.public(digest).await?,
            Holder::Person(person) => self.sealed(person, digest).await?,
        };
        let Some((source, total)) = found else { return Ok(None) };
        let whole = part.is_none();
        let part = part.unwrap_or(0..total);
        let (at, end) = (part.start.min(total), part.end.min(total));
        let hash = whole.then(|| Context::new(&SHA256));
        Ok(Some(Reader { documents: self.clone(), source, digest, total, at, end, hash }))
    }

    async fn public(&self, digest: Digest) -> Result<Option<(Source, u64)>, KeepError> {
        let key = public_key(digest);
        Ok(self.size(&key).await?.map(|size| (Source::Public(key), size)))
    }

    async fn sealed(&self, person: Uuid, digest: Digest) -> Result<Option<(Source, u64)>, KeepError> {
        let damaged = || damaged(digest);
        let Some(person_key) = self.keys.for_reading(person).await? else { return Ok(None) };
        let key = sealed_key(person, &name(&person_key, digest)?);
        let Some(size) = self.size(&key).await? else { return Ok(None) };
        let header = self.range(&key, 0..HEADER, digest).await?;
        let (kind, id) = parse_header(&header).ok_or_else(damaged)?;
        if kind == Kind::Whole {
            let sealer = Sealer::new(&person_key, person, id, Bound::Digest(digest))?;
            // Every piece carries a tag, and there is always a last, shorter one.
            let body = size - HEADER;
            let tags = (body / SEALED + 1) * TAG;
            let total = body.checked_sub(tags).ok_or_else(damaged)?;
            return Ok(Some((Source::Whole(key, sealer), total)));
        }
        let sealer = Sealer::new(&person_key, person, id, Bound::Upload(id))?;
        let note = self.range(&key, HEADER..size, digest).await?;
        let total = sealer.open_length(note).ok_or_else(damaged)?;
        Ok(Some((Source::Upload { person, upload: id, sealer }, total)))
    }

    async fn range(&self, key: &Key, range: Range<u64>, digest: Digest) -> Result<Vec<u8>, KeepError> {
        let wanted = range.end.saturating_sub(range.start);
        if wanted == 0 {
            return Ok(Vec::new());
        }
        match self.store.get_range(key, range).await {
            Ok(bytes) if bytes.len() as u64 == wanted => Ok(bytes.to_vec()),
            // Shorter than a moment ago, or gone: somebody is at the files.
            Ok(_) | Err(Error::NotFound { .. }) => Err(damaged(digest)),
            Err(error) => Err(io(&error)),
        }
    }
}

impl Reader {
    /// The plain bytes of one piece; how many there must be follows from the length.
    async fn piece(&self, number: u64) -> Result<Vec<u8>, KeepError> {
        let from = number * PIECE as u64;
        let length = (self.total - from).min(PIECE as u64);
        let end = if length < PIECE as u64 { End::Ends } else { End::Goes };
        let place = u32::try_from(number).map_err(|_| damaged(self.digest))?;
        let (sealer, sealed) = match &self.source {
            Source::Public(key) => return self.documents.range(key, from..from + length, self.digest).await,
            Source::Whole(key, sealer) => {
                let start = HEADER + number * SEALED;
                (sealer, self.documents.range(key, start..start + length + TAG, self.digest).await?)
            }
            Source::Upload { person, upload, sealer } => {
                let key = upload::piece_key(*person, *upload, place);
                (sealer, self.documents.object(&key).await?.ok_or_else(|| damaged(self.digest))?)
            }
        };
        let plain = sealer.open(place, end, sealed).ok_or_else(|| damaged(self.digest))?;
        if plain.len() as u64 == length { Ok(plain) } else { Err(damaged(self.digest)) }
    }

    /// The end: the closing piece must be there even when it is empty, and the whole must have its digest.
    async fn close(&mut self) -> Result<(), KeepError> {
        let Some(hash) = self.hash.take() else { return Ok(()) };
        if !matches!(self.source, Source::Public(_)) && self.total.is_multiple_of(PIECE as u64) {
            self.piece(self.total / PIECE as u64).await?;
        }
        match Digest::from_slice(hash.finish().as_ref()) {
            Ok(made) if made == self.digest => Ok(()),
            _ => Err(damaged(self.digest)),
        }
    }
}

#[async_trait]
impl Pieces for Reader {
    fn total(&self) -> u64 {
        self.total
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, KeepError> {
        if self.at >= self.end {
            self.close().await?;
            return Ok(None);
        }
        let number = self.at / PIECE as u64;
        let from = number * PIECE as u64;
        let mut piece = self.piece(number).await?;
        let (first, last) = (self.at - from, (self.end - from).min(piece.len() as u64));
        // Both lie inside one piece.
        let (first, last) = (usize::try_from(first).unwrap_or(0), usize::try_from(last).unwrap_or(0));
        piece.truncate(last);
        piece.drain(..first);
        self.at += piece.len() as u64;
        if let Some(hash) = &mut self.hash {
            hash.update(&piece);
        }
        Ok(Some(piece))
    }
}

fn damaged(digest: Digest) -> KeepError {
    KeepError::Damaged { what: digest.to_string() }
}
