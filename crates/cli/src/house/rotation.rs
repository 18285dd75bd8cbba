//! The files of a change of the log's key. Every step can be cut off and done again: the present key is replaced by one rename, and
//! only after its successor stands in the log.

use std::fs::File;
use std::path::Path;

use super::keys::{LOG, LOG_BEFORE, LOG_NEXT, Pen, pen_or_new};
use crate::fail::Fail;

/// The next key, made if there is none yet. It has the log's name: a log keeps its name.
pub fn next(folder: &Path, name: &str) -> Result<Pen, Fail> {
    pen_or_new(folder, LOG_NEXT, name)
}

/// Puts the next key in the present one's place, and keeps the present one as the one before.
pub fn put_in_place(folder: &Path) -> Result<(), Fail> {
    let (log, before, next) = (folder.join(LOG), folder.join(LOG_BEFORE), folder.join(LOG_NEXT));
    let kept = match std::fs::hard_link(&log, &before) {
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        outcome => outcome,
    };
    let synced = || File::open(folder)?.sync_all();
    let done =
        kept.and_then(|()| synced()).and_then(|()| std::fs::rename(&next, &log)).and_then(|()| synced());
    done.map_err(|e| Fail::writing(&log, &e))
}

/// Deletes the key before.
pub fn forget_before(folder: &Path) -> Result<(), Fail> {
    let before = folder.join(LOG_BEFORE);
    let done = std::fs::remove_file(&before).and_then(|()| File::open(folder)?.sync_all());
    done.map_err(|e| Fail::writing(&before, &e))
}

/// Whether a key before the present one is still there.
pub fn is_under_way(folder: &Path) -> bool {
    folder.join(LOG_BEFORE).exists() && !folder.join(LOG_NEXT).exists()
}
