//! Documents in any object store, a local folder or S3: public ones as they are under their SHA-256, a person's under her key
//! and under a name that only her key can find. Never overwritten, checked whenever read.

mod copy;
mod disk;
mod place;
mod read;
mod seal;
mod upload;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use mingbai_core::borrow::event::AttachmentRef;
use mingbai_desk::ports::{Attachments, Dice, Holder, KeepError, PIECE, Pieces};
use mingbai_evidence::Digest;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{Error, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload};
use uuid::Uuid;

use crate::error::OpenError;
use crate::keyring::PersonKeys;
use seal::{Bound, End, Sealer};

pub use place::S3Place;

/// The most bytes that are kept or handed out in one piece of memory. More goes piece by piece.
pub const ATTACHMENT_LIMIT: usize = 64 << 20;
/// The most bytes a media type may have.
const MEDIA_LIMIT: usize = 100;
/// The object that shows that a place takes documents.
const PROBE: &str = "probe";
/// What stands in it.
const PROBE_TEXT: &[u8] = b"mingbai\n";
/// What every sealed document begins with.
const MAGIC: &[u8; 8] = b"mbdoc/1\n";
/// Bytes before the pieces: magic, kind, id.
const HEADER: u64 = 25;

/// Documents in an object store. Cheap to clone: clones share everything.
#[derive(Clone)]
pub struct Documents {
    store: Arc<dyn ObjectStore>,
    keys: Arc<dyn PersonKeys>,
    dice: Arc<dyn Dice>,
    hashes: upload::Hashes,
    /// The folder under it, when it is one.
    disk: Option<disk::Disk>,
}

impl Documents {
    /// A folder on this machine. It is made when it does not exist.
    ///
    /// # Errors
    /// [`OpenError::Path`].
    pub fn folder(folder: &Path, keys: Arc<dyn PersonKeys>, dice: Arc<dyn Dice>) -> Result<Self, OpenError> {
        let wrong = |why: &dyn std::fmt::Display| OpenError::Path {
            path: folder.display().to_string(),
            why: why.to_string(),
        };
        std::fs::create_dir_all(folder).map_err(|e| wrong(&e))?;
        let local = LocalFileSystem::new_with_prefix(folder).map_err(|e| wrong(&e))?;
        // Without this a power cut can lose a document whose digest the log already names.
        let documents = Documents::on(Arc::new(local.with_fsync(true)), keys, dice);
        Ok(Documents { disk: Some(disk::Disk::of(folder)), ..documents })
    }

    /// A bucket on S3, or on anything that speaks its protocol with conditional writes (`If-None-Match`).
    ///
    /// # Errors
    /// [`OpenError::Path`] when bucket or address cannot be used.
    pub fn s3(place: S3Place, keys: Arc<dyn PersonKeys>, dice: Arc<dyn Dice>) -> Result<Self, OpenError> {
        Ok(Documents::on(place.open()?, keys, dice))
    }

    /// Makes sure that the place can be written to and that two writers do not both believe they were first: one small object is
    /// created twice, and the second time must be refused. Without that, one document could silently take another's place.
    ///
    /// # Errors
    /// [`KeepError::Io`] with what the place answered.
    pub async fn check(&self) -> Result<(), KeepError> {
        let key = Key::from(PROBE);
        self.create(&key, PROBE_TEXT.to_vec()).await?;
        if self.create(&key, PROBE_TEXT.to_vec()).await? == Created::Now {
            return Err(KeepError::Io(
                "the place of the documents overwrites what is there: it has no conditional writes (If-None-Match)".to_owned(),
            ));
        }
        match self.object(&key).await?.as_deref() {
            Some(PROBE_TEXT) => Ok(()),
            _ => Err(KeepError::Damaged { what: PROBE.to_owned() }),
        }
    }

    fn on(store: Arc<dyn ObjectStore>, keys: Arc<dyn PersonKeys>, dice: Arc<dyn Dice>) -> Self {
        Documents { store, keys, dice, hashes: upload::Hashes::default(), disk: None }
    }

    /// Writes an object that must not exist yet.
    async fn create(&self, key: &Key, bytes: Vec<u8>) -> Result<Created, KeepError> {
        if let Some(disk) = &self.disk {
            disk.check()?;
        }
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(key, PutPayload::from(bytes), options).await {
            Ok(_) => Ok(Created::Now),
            Err(Error::AlreadyExists { .. }) => {
                if let Some(disk) = &self.disk {
                    disk.settle(key).await?;
                }
                Ok(Created::Before)
            }
            Err(error) => {
                if let Some(disk) = &self.disk {
                    disk.heard(&error);
                }
                Err(io(&error))
            }
        }
    }

    /// A whole small object; `None` when it is not there.
    async fn object(&self, key: &Key) -> Result<Option<Vec<u8>>, KeepError> {
        match self.store.get(key).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(|e| io(&e))?.to_vec())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(io(&error)),
        }
    }

    async fn size(&self, key: &Key) -> Result<Option<u64>, KeepError> {
        match self.store.head(key).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(io(&error)),
        }
    }

    async fn put_public(&self, digest: Digest, bytes: Vec<u8>) -> Result<(), KeepError> {
        if self.create(&public_key(digest), bytes).await? == Created::Before {
            // What lies there must really be it; a damaged file is reported, never papered over.
            self.whole(Holder::Public, digest).await?;
        }
        Ok(())
    }

    async fn put_sealed(&self, person: Uuid, digest: Digest, bytes: &[u8]) -> Result<(), KeepError> {
        let key = self.keys.for_writing(person).await?;
        let id = self.random();
        let sealer = Sealer::new(&key, person, id, Bound::Digest(digest))?;
        let mut out = header(Kind::Whole, id);
        // One piece more than fit entirely: the last one is always shorter, and may be empty.
        for number in 0..=bytes.len() / PIECE {
            let rest = &bytes[number * PIECE..];
            let mut piece = rest[..rest.len().min(PIECE)].to_vec();
            let end = if piece.len() < PIECE { End::Ends } else { End::Goes };
            sealer.seal(u32::try_from(number).map_err(|_| too_large(bytes.len()))?, end, &mut piece)?;
            out.append(&mut piece);
        }
        if self.create(&sealed_key(person, &seal::name(&key, digest)?), out).await? == Created::Before {
            self.whole(Holder::Person(person), digest).await?;
        }
        Ok(())
    }

    async fn whole(&self, holder: Holder, digest: Digest) -> Result<Option<Vec<u8>>, KeepError> {
        let Some(mut pieces) = self.read(holder, digest, None).await? else { return Ok(None) };
        let total = usize::try_from(pieces.total()).unwrap_or(usize::MAX);
        if total > ATTACHMENT_LIMIT {
            return Err(too_large(total));
        }
        let mut bytes = Vec::with_capacity(total);
        while let Some(mut piece) = pieces.next().await? {
            bytes.append(&mut piece);
        }
        Ok(Some(bytes))
    }

    fn random(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.dice.fill(&mut bytes);
        Uuid::from_bytes(bytes)
    }
}

/// Whether an object was written, or was there before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Created {
    Now,
    Before,
}

/// What follows a sealed document's header.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The sealed pieces, one after the other.
    Whole = 0,
    /// The sealed length; the pieces are those of the upload whose number is the id.
    Upload = 1,
}

fn header(kind: Kind, id: Uuid) -> Vec<u8> {
    [MAGIC.as_slice(), &[kind as u8], id.as_bytes()].concat()
}

fn parse_header(bytes: &[u8]) -> Option<(Kind, Uuid)> {
    let rest = bytes.strip_prefix(MAGIC.as_slice())?;
    let (kind, id) = rest.split_first()?;
    let kind = match kind {
        0 => Kind::Whole,
        1 => Kind::Upload,
        _ => return None,
    };
    Some((kind, Uuid::from_slice(id).ok()?))
}

/// `ab/abcdef…`: two digits of folder keep every folder small.
fn public_key(digest: Digest) -> Key {
    let text = digest.to_string();
    Key::from_iter([&text[..2], text.as_str()])
}

/// Everything of a person lies in one place, so that it can be cleared. That a journey has documents is no secret: the log says so.
fn person_key(person: Uuid) -> Key {
    Key::from_iter(["person", &person.simple().to_string()])
}

fn sealed_key(person: Uuid, name: &str) -> Key {
    person_key(person).join(name)
}

fn io(error: &Error) -> KeepError {
    KeepError::Io(error.to_string())
}

fn too_large(bytes: usize) -> KeepError {
    KeepError::TooLarge { bytes, limit: ATTACHMENT_LIMIT }
}

fn check_media(media: &str) -> Result<(), KeepError> {
    if media.is_empty() || media.len() > MEDIA_LIMIT {
        return Err(KeepError::TooLarge { bytes: media.len(), limit: MEDIA_LIMIT });
    }
    Ok(())
}

#[async_trait]
impl Attachments for Documents {
    async fn put(&self, holder: Holder, bytes: Vec<u8>, media: &str) -> Result<AttachmentRef, KeepError> {
        if bytes.len() > ATTACHMENT_LIMIT {
            return Err(too_large(bytes.len()));
        }
        check_media(media)?;
        let (sha256, length) = (Digest::of(&bytes), bytes.len() as u64);
        match holder {
            Holder::Public => self.put_public(sha256, bytes).await?,
            Holder::Person(person) => self.put_sealed(person, sha256, &bytes).await?,
        }
        Ok(AttachmentRef { sha256, media: media.to_owned(), bytes: length })
    }

    async fn get(&self, holder: Holder, digest: Digest) -> Result<Option<Vec<u8>>, KeepError> {
        self.whole(holder, digest).await
    }

    async fn read(
        &self,
        holder: Holder,
        digest: Digest,
        part: Option<Range<u64>>,
    ) -> Result<Option<Box<dyn Pieces>>, KeepError> {
        let reader = self.reader(holder, digest, part).await?;
        Ok(reader.map(|reader| Box::new(reader) as Box<dyn Pieces>))
    }

    async fn begin(&self, person: Uuid, media: &str) -> Result<Uuid, KeepError> {
        self.begin_upload(person, media).await
    }

    async fn offset(&self, person: Uuid, upload: Uuid) -> Result<u64, KeepError> {
        self.upload_offset(person, upload).await
    }

    async fn write(
        &self,
        person: Uuid,
        upload: Uuid,
        offset: u64,
        piece: Vec<u8>,
        digest: Digest,
    ) -> Result<u64, KeepError> {
        self.write_piece(person, upload, offset, piece, digest).await
    }

    async fn finish(&self, person: Uuid, upload: Uuid) -> Result<AttachmentRef, KeepError> {
        self.finish_upload(person, upload).await
    }

    async fn sweep(&self, before_ms: i64) -> Result<u32, KeepError> {
        self.sweep_uploads(before_ms).await
    }

    async fn clear(&self, person: Uuid) -> Result<(), KeepError> {
        self.delete_below(&person_key(person)).await
    }
}
