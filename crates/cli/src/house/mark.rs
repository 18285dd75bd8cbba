//! The mark of the highest checkpoint that this server ever signed: one line in a file beside the database, so that whoever restores
//! an old database does not restore the mark with it. It does not belong into a backup of the database.

use std::fs::File;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use mingbai_desk::ports::{HighWater, HighWaterError, TreeHead};

use crate::fail::Fail;

const FILE: &str = "highest-signed";
/// A size of 16 digits, a digest of 64, a space and a line's end.
const LIMIT: u64 = 128;

/// The mark in one data folder.
pub struct Mark(PathBuf);

impl Mark {
    /// The mark of the data folder `dir`.
    pub fn of(dir: &Path) -> Self {
        Mark(dir.join(FILE))
    }
}

#[async_trait]
impl HighWater for Mark {
    async fn read(&self) -> Result<Option<TreeHead>, HighWaterError> {
        if !self.0.exists() {
            return Ok(None);
        }
        let text = crate::commands::read_text(&self.0, LIMIT)
            .map_err(|_| HighWaterError(format!("{} cannot be read", self.0.display())))?;
        let damaged =
            || HighWaterError(format!("{} is damaged: it holds no size and root", self.0.display()));
        let (size, root) = text.trim_end().split_once(' ').ok_or_else(damaged)?;
        let size = size.parse().map_err(|_| damaged())?;
        Ok(Some(TreeHead { size, root: root.parse().map_err(|_| damaged())? }))
    }

    async fn raise(&self, to: TreeHead) -> Result<(), HighWaterError> {
        let path = self.0.clone();
        let line = format!("{} {}\n", to.size, to.root);
        let written = tokio::task::spawn_blocking(move || durably(&path, line.as_bytes())).await;
        let failed = || HighWaterError(format!("{} cannot be written", self.0.display()));
        written.map_err(|_| failed())?.map_err(|_| failed())
    }
}

/// Writes a file whole or not at all, and comes back only when both the bytes and the name are on the disk.
pub fn durably(path: &Path, bytes: &[u8]) -> Result<(), Fail> {
    crate::commands::write_whole(path, bytes)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| Fail::writing(path, &e))
}
