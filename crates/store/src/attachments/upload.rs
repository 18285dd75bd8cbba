//! Uploads: a large document arrives piece by piece, each sealed and durable before it is acknowledged, on any node and after
//! any break. Finishing copies nothing: the pieces stay where they are, and a small note under the document's name points there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{Context, SHA256};
use futures_util::TryStreamExt as _;
use mingbai_core::borrow::event::AttachmentRef;
use mingbai_desk::ports::{KeepError, PIECE};
use mingbai_evidence::Digest;
use object_store::path::Path as Key;
use object_store::{Error, ObjectStore as _, ObjectStoreExt as _};
use uuid::Uuid;

use super::seal::{Bound, End, Sealer, TAG, name};
use super::{Created, Documents, Kind, check_media, header, io, person_key, sealed_key};
use crate::keyring::PersonKey;

/// Running hashes that are kept; an upload whose hash is not among them is read again when it is finished.
const HASHES: usize = 64;
/// The most pieces of one upload: 64 GiB.
const PIECES: u32 = 16 * 1024;
/// The object that holds the media type.
const MEDIA: &str = "media";
/// The object that says how an upload ended; who creates it first decides.
const ENDED: &str = "ended";
/// What stands in it when the upload was cleaned away; otherwise the document's name.
const SWEPT: &[u8] = b"swept";
/// What the folders of uploads begin with.
const FOLDER: &str = "up-";

/// The hash of each upload that this process writes, as far as it has come.
#[derive(Clone, Default)]
pub(super) struct Hashes(Arc<Mutex<BTreeMap<Uuid, (u64, Context)>>>);

impl Hashes {
    /// The hash as it will stand after this piece, if it is known before it.
    fn after(&self, upload: Uuid, offset: u64, piece: &[u8]) -> Option<Context> {
        let hashes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = hashes.get(&upload).filter(|(at, _)| *at == offset).map(|(_, hash)| hash.clone());
        let mut hash = if offset == 0 { Context::new(&SHA256) } else { known? };
        hash.update(piece);
        Some(hash)
    }

    /// Keeps it, once the piece is kept: a piece that lost against another one must not be in it.
    fn keep(&self, upload: Uuid, offset: u64, hash: Option<Context>) {
        let mut hashes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hashes.remove(&upload);
        if let Some(hash) = hash {
            if hashes.len() >= HASHES {
                hashes.pop_first();
            }
            hashes.insert(upload, (offset, hash));
        }
    }

    /// The hash, if it covers exactly `total` bytes.
    fn take(&self, upload: Uuid, total: u64) -> Option<Digest> {
        let mut hashes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, hash) = hashes.remove(&upload)?;
        (at == total).then(|| Digest::from_slice(hash.finish().as_ref()).ok()).flatten()
    }
}

fn folder_key(person: Uuid, upload: Uuid) -> Key {
    person_key(person).join(format!("{FOLDER}{}", upload.simple()))
}

pub(super) fn piece_key(person: Uuid, upload: Uuid, number: u32) -> Key {
    folder_key(person, upload).join(format!("{number:08}"))
}

/// What lies in an upload's folder.
struct Lying {
    pieces: u32,
    /// Plain bytes.
    total: u64,
}

impl Documents {
    pub(super) async fn begin_upload(&self, person: Uuid, media: &str) -> Result<Uuid, KeepError> {
        check_media(media)?;
        self.keys.for_writing(person).await?;
        let upload = self.random();
        self.create(&folder_key(person, upload).join(MEDIA), media.as_bytes().to_vec()).await?;
        Ok(upload)
    }

    /// Her key; an upload of somebody who was forgotten ends here.
    async fn key_of_upload(&self, person: Uuid) -> Result<PersonKey, KeepError> {
        self.keys.for_reading(person).await?.ok_or(KeepError::NoUpload)
    }

    async fn media(&self, person: Uuid, upload: Uuid) -> Result<String, KeepError> {
        let bytes = self.object(&folder_key(person, upload).join(MEDIA)).await?.ok_or(KeepError::NoUpload)?;
        String::from_utf8(bytes).map_err(|_| KeepError::Damaged { what: format!("upload {upload}") })
    }

    pub(super) async fn upload_offset(&self, person: Uuid, upload: Uuid) -> Result<u64, KeepError> {
        self.key_of_upload(person).await?;
        self.media(person, upload).await?;
        Ok(self.lying(person, upload).await?.total)
    }

    async fn lying(&self, person: Uuid, upload: Uuid) -> Result<Lying, KeepError> {
        let mut sizes = BTreeMap::new();
        let mut list = self.store.list(Some(&folder_key(person, upload)));
        while let Some(meta) = list.try_next().await.map_err(|e| io(&e))? {
            if let Some(number) = meta.location.filename().and_then(|name| name.parse::<u32>().ok()) {
                sizes.insert(number, meta.size.saturating_sub(TAG));
            }
        }
        let pieces = u32::try_from(sizes.len()).unwrap_or(u32::MAX);
        let gap = sizes.keys().zip(0..).any(|(number, place)| *number != place);
        let short = sizes.values().rev().skip(1).any(|size| *size != PIECE as u64);
        if gap || short {
            return Err(KeepError::Damaged { what: format!("upload {upload}") });
        }
        Ok(Lying { pieces, total: sizes.values().sum() })
    }

    pub(super) async fn write_piece(
        &self,
        person: Uuid,
        upload: Uuid,
        offset: u64,
        mut piece: Vec<u8>,
        digest: Digest,
    ) -> Result<u64, KeepError> {
        if piece.len() > PIECE {
            return Err(KeepError::TooLarge { bytes: piece.len(), limit: PIECE });
        }
        if Digest::of(&piece) != digest {
            return Err(KeepError::Piece);
        }
        let key = self.key_of_upload(person).await?;
        let place = u32::try_from(offset / PIECE as u64).ok();
        let place = place.filter(|place| offset.is_multiple_of(PIECE as u64) && *place < PIECES);
        let goes_on = match place {
            Some(0) => self.media(person, upload).await.map(|_| true)?,
            Some(place) => {
                let before = self.size(&piece_key(person, upload, place - 1)).await?;
                before == Some(PIECE as u64 + TAG)
            }
            None => false,
        };
        let Some(place) = place.filter(|_| goes_on) else {
            return Err(KeepError::Offset { expected: self.upload_offset(person, upload).await? });
        };
        let length = piece.len() as u64;
        let end = if piece.len() < PIECE { End::Ends } else { End::Goes };
        let sealer = Sealer::new(&key, person, upload, Bound::Upload(upload))?;
        // Before it is sealed in place.
        let hash = self.hashes.after(upload, offset, &piece);
        sealer.seal(place, end, &mut piece)?;
        if self.create(&piece_key(person, upload, place), piece).await? == Created::Before {
            return Err(KeepError::Offset { expected: self.upload_offset(person, upload).await? });
        }
        self.hashes.keep(upload, offset + length, hash);
        Ok(offset + length)
    }

    pub(super) async fn finish_upload(&self, person: Uuid, upload: Uuid) -> Result<AttachmentRef, KeepError> {
        let key = self.key_of_upload(person).await?;
        let media = self.media(person, upload).await?;
        let sealer = Sealer::new(&key, person, upload, Bound::Upload(upload))?;
        let Lying { pieces, total } = self.lying(person, upload).await?;
        if u64::from(pieces) * PIECE as u64 == total {
            // Every document ends with a short piece, so that a cut one can be told from a whole one.
            let mut last = Vec::new();
            sealer.seal(pieces, End::Ends, &mut last)?;
            if self.create(&piece_key(person, upload, pieces), last).await? == Created::Before {
                return Err(KeepError::Offset { expected: self.upload_offset(person, upload).await? });
            }
        }
        let digest = match self.hashes.take(upload, total) {
            Some(digest) => digest,
            None => self.hash_again(person, upload, &sealer, total).await?,
        };
        let named = name(&key, digest)?;
        self.ends(person, upload, named.as_bytes()).await?;
        let note = [header(Kind::Upload, upload), sealer.seal_length(total)?].concat();
        let place = sealed_key(person, &named);
        if self.create(&place, note.clone()).await? == Created::Before
            && self.object(&place).await?.is_none_or(|there| there != note)
        {
            // She has this very document already, from another upload: that one must be whole, and this one is not needed.
            self.hash_known(person, digest).await?;
            self.delete_below(&folder_key(person, upload)).await?;
        }
        Ok(AttachmentRef { sha256: digest, media, bytes: total })
    }

    /// Decides how an upload ends, or learns that it was decided otherwise.
    async fn ends(&self, person: Uuid, upload: Uuid, how: &[u8]) -> Result<(), KeepError> {
        let key = folder_key(person, upload).join(ENDED);
        match self.create(&key, how.to_vec()).await? {
            Created::Now => Ok(()),
            Created::Before if self.object(&key).await?.as_deref() == Some(how) => Ok(()),
            Created::Before => Err(KeepError::NoUpload),
        }
    }

    /// The digest of what lies there, read piece by piece: after a restart, or when another node wrote it.
    async fn hash_again(
        &self,
        person: Uuid,
        upload: Uuid,
        sealer: &Sealer,
        total: u64,
    ) -> Result<Digest, KeepError> {
        let damaged = || KeepError::Damaged { what: format!("upload {upload}") };
        let mut hash = Context::new(&SHA256);
        let mut left = total;
        let mut number = 0;
        while left > 0 {
            let end = if left < PIECE as u64 { End::Ends } else { End::Goes };
            let sealed = self.object(&piece_key(person, upload, number)).await?.ok_or_else(damaged)?;
            let plain = sealer.open(number, end, sealed).ok_or_else(damaged)?;
            hash.update(&plain);
            left = left.checked_sub(plain.len() as u64).ok_or_else(damaged)?;
            number += 1;
        }
        Digest::from_slice(hash.finish().as_ref()).map_err(|_| damaged())
    }

    /// Reads a document of hers through to its end.
    async fn hash_known(&self, person: Uuid, digest: Digest) -> Result<(), KeepError> {
        use mingbai_desk::ports::{Holder, Pieces as _};
        let missing = || KeepError::Damaged { what: digest.to_string() };
        let mut reader = self.reader(Holder::Person(person), digest, None).await?.ok_or_else(missing)?;
        while reader.next().await?.is_some() {}
        Ok(())
    }

    pub(super) async fn sweep_uploads(&self, before_ms: i64) -> Result<u32, KeepError> {
        // One list of names and times; the pieces themselves are not touched. When did each upload last get something?
        let mut last: BTreeMap<String, (Uuid, Uuid, i64, bool)> = BTreeMap::new();
        let mut list = self.store.list(Some(&Key::from("person")));
        while let Some(meta) = list.try_next().await.map_err(|e| io(&e))? {
            let Some((person, upload, file)) = parts(&meta.location) else { continue };
            let at_ms = meta.last_modified.timestamp_millis();
            let entry = last.entry(format!("{person}{upload}")).or_insert((person, upload, at_ms, false));
            entry.2 = entry.2.max(at_ms);
            entry.3 |= file == ENDED;
        }
        let mut swept = 0;
        for (person, upload, at_ms, ended) in last.into_values() {
            // One that was finished is a document; one that was swept half-way is finished off here.
            let key = folder_key(person, upload);
            let stale = match ended {
                true => self.object(&key.clone().join(ENDED)).await?.as_deref() == Some(SWEPT),
                false => at_ms < before_ms,
            };
            if !stale || self.ends(person, upload, SWEPT).await == Err(KeepError::NoUpload) {
                continue;
            }
            self.delete_below(&key).await?;
            swept += 1;
        }
        Ok(swept)
    }

    /// Deletes everything below a place. The word on how an upload ended goes last.
    pub(super) async fn delete_below(&self, place: &Key) -> Result<(), KeepError> {
        let mut keys = Vec::new();
        let mut list = self.store.list(Some(place));
        while let Some(meta) = list.try_next().await.map_err(|e| io(&e))? {
            keys.push(meta.location);
        }
        keys.sort_by_key(|key| key.filename() == Some(ENDED));
        for key in keys {
            match self.store.delete(&key).await {
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(io(&error)),
            }
        }
        Ok(())
    }
}

/// Person, upload and file of an object that belongs to an upload.
fn parts(key: &Key) -> Option<(Uuid, Uuid, String)> {
    let parts: Vec<_> = key.parts().map(|part| part.as_ref().to_owned()).collect();
    let [_, person, upload, file] = parts.as_slice() else { return None };
    let upload = upload.strip_prefix(FOLDER)?;
    Some((Uuid::parse_str(person).ok()?, Uuid::parse_str(upload).ok()?, file.clone()))
}
