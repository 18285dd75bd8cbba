//! What a folder owes beyond what an object store promises: a document that was there before is only acknowledged when its name is
//! on the disk too, and after a sync that failed nothing is acknowledged any more.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mingbai_desk::ports::KeepError;
use object_store::Error;
use object_store::path::Path as Key;

/// The system's number for a disk that fails.
const EIO: i32 = 5;

/// A folder with documents. Clones share the answer whether a sync failed.
#[derive(Clone)]
pub(super) struct Disk {
    folder: Arc<PathBuf>,
    halted: Arc<AtomicBool>,
}

impl Disk {
    pub(super) fn of(folder: &Path) -> Self {
        Disk { folder: Arc::new(folder.to_path_buf()), halted: Arc::default() }
    }

    /// Takes notice of an error of the store. A disk that failed may have thrown unwritten pages away and called them clean: the next
    /// sync would say "done" about bytes that are not there.
    pub(super) fn heard(&self, error: &Error) {
        if failed_disk(error) {
            tracing::error!(%error, "the disk failed under the documents: none is written until the program is started again");
            self.halted.store(true, Ordering::SeqCst);
        }
    }

    /// Refuses when a sync has failed.
    pub(super) fn check(&self) -> Result<(), KeepError> {
        match self.halted.load(Ordering::SeqCst) {
            false => Ok(()),
            true => Err(KeepError::Io(
                "the disk failed to keep a document (fsync); none is written until the program is started again: look at the disk \
                 first"
                    .to_owned(),
            )),
        }
    }

    /// Syncs a document that is there and every folder down to it: whoever wrote it may have died between its name and the sync.
    pub(super) async fn settle(&self, key: &Key) -> Result<(), KeepError> {
        let (folder, key) = (self.folder.clone(), key.clone());
        let work = tokio::task::spawn_blocking(move || settle(&folder, &key));
        let outcome = work.await.map_err(|e| KeepError::Io(e.to_string()))?;
        outcome.map_err(|error| {
            self.halted.fetch_or(error.raw_os_error() == Some(EIO), Ordering::SeqCst);
            KeepError::Io(error.to_string())
        })
    }
}

fn settle(folder: &Path, key: &Key) -> std::io::Result<()> {
    let mut path = folder.to_path_buf();
    File::open(&path)?.sync_all()?;
    for part in key.parts() {
        path.push(part.as_ref());
        File::open(&path)?.sync_all()?;
    }
    Ok(())
}

/// Whether the system said somewhere below this error that the disk failed.
fn failed_disk(error: &Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        let io = inner.downcast_ref::<std::io::Error>();
        if io.is_some_and(|e| e.raw_os_error() == Some(EIO)) {
            return true;
        }
        // An error of the system that was wrapped in another is not that one's source: it stands in its place.
        cause = match io.and_then(std::io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => inner.source(),
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generic(error: std::io::Error) -> Error {
        Error::Generic { store: "test", source: Box::new(error) }
    }

    #[test]
    fn a_failed_disk_stops_and_a_full_one_does_not() {
        let disk = Disk::of(Path::new("/nowhere"));
        disk.heard(&generic(std::io::Error::from_raw_os_error(28)));
        assert_eq!(disk.check(), Ok(()), "full: it may have room again");
        disk.heard(&generic(std::io::Error::other(std::io::Error::from_raw_os_error(5))));
        assert!(disk.clone().check().is_err(), "every clone stops");
    }
}
