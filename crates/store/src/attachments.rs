//! Documents in a folder, named by their SHA-256. Written with fsync, never overwritten, checked whenever read.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use mingbai_core::borrow::event::AttachmentRef;
use mingbai_desk::ports::{Attachments, KeepError};
use mingbai_evidence::Digest;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{Error, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload};

use crate::error::OpenError;

/// The most bytes one document may have. Recordings come with their own way later.
pub const ATTACHMENT_LIMIT: usize = 64 << 20;
/// The most bytes a media type may have.
const MEDIA_LIMIT: usize = 100;

/// Documents by digest, in any object store; a local folder here.
pub struct Folder {
    store: Arc<dyn ObjectStore>,
}

impl Folder {
    /// A folder on this machine. It is made when it does not exist.
    ///
    /// # Errors
    /// [`OpenError::Path`].
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let path = || folder.display().to_string();
        std::fs::create_dir_all(folder).map_err(|e| OpenError::Path { path: path(), why: e.to_string() })?;
        let local = LocalFileSystem::new_with_prefix(folder)
            .map_err(|e| OpenError::Path { path: path(), why: e.to_string() })?;
        // Without this a power cut can lose a document whose digest the log already names.
        Ok(Folder { store: Arc::new(local.with_fsync(true)) })
    }

    async fn read(&self, digest: Digest) -> Result<Option<Vec<u8>>, KeepError> {
        let found = match self.store.get(&key(digest)).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(KeepError::Io(error.to_string())),
        };
        if found.meta.size > ATTACHMENT_LIMIT as u64 {
            return Err(KeepError::Damaged { what: digest.to_string() });
        }
        let bytes = found.bytes().await.map_err(|e| KeepError::Io(e.to_string()))?.to_vec();
        if Digest::of(&bytes) != digest {
            return Err(KeepError::Damaged { what: digest.to_string() });
        }
        Ok(Some(bytes))
    }
}

/// `ab/abcdef…`: two digits of folder keep every folder small.
fn key(digest: Digest) -> Key {
    let text = digest.to_string();
    Key::from_iter([&text[..2], text.as_str()])
}

#[async_trait]
impl Attachments for Folder {
    async fn put(&self, bytes: Vec<u8>, media: &str) -> Result<AttachmentRef, KeepError> {
        if bytes.len() > ATTACHMENT_LIMIT {
            return Err(KeepError::TooLarge { bytes: bytes.len(), limit: ATTACHMENT_LIMIT });
        }
        if media.is_empty() || media.len() > MEDIA_LIMIT {
            return Err(KeepError::TooLarge { bytes: media.len(), limit: MEDIA_LIMIT });
        }
        let sha256 = Digest::of(&bytes);
        let length = bytes.len() as u64;
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&key(sha256), PutPayload::from(bytes), options).await {
            Ok(_) => {}
            // Already here. What lies there must really be it; a damaged file is reported, never papered over.
            Err(Error::AlreadyExists { .. }) => {
                self.read(sha256).await?;
            }
            Err(error) => return Err(KeepError::Io(error.to_string())),
        }
        Ok(AttachmentRef { sha256, media: media.to_owned(), bytes: length })
    }

    async fn get(&self, digest: Digest) -> Result<Option<Vec<u8>>, KeepError> {
        self.read(digest).await
    }
}
