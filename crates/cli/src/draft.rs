//! A file that appears whole or not at all: written beside its final place, synced, then renamed.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::fail::Fail;

/// A file on its way. Dropped without [`Draft::publish`], it leaves nothing behind.
pub struct Draft {
    target: PathBuf,
    beside: PathBuf,
    file: Option<BufWriter<File>>,
}

impl Draft {
    /// Starts a draft for `target`.
    pub fn beside(target: &Path) -> Result<Self, Fail> {
        let mut name = target.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}.part", std::process::id()));
        let beside = target.with_file_name(name);
        let file = File::create(&beside).map_err(|e| Fail::writing(target, &e))?;
        Ok(Draft { target: target.to_path_buf(), beside, file: Some(BufWriter::new(file)) })
    }

    /// Appends bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Fail> {
        let file = self.file.as_mut().ok_or(std::io::Error::other("already published"));
        file.and_then(|f| f.write_all(bytes)).map_err(|e| Fail::writing(&self.target, &e))
    }

    /// Syncs the draft and gives it its name.
    pub fn publish(mut self) -> Result<(), Fail> {
        let Some(writer) = self.file.take() else { return Ok(()) };
        let synced =
            writer.into_inner().map_err(std::io::IntoInnerError::into_error).and_then(|f| f.sync_all());
        let named = synced.and_then(|()| std::fs::rename(&self.beside, &self.target));
        if named.is_err() {
            let _ = std::fs::remove_file(&self.beside);
        }
        named.map_err(|e| Fail::writing(&self.target, &e))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = std::fs::remove_file(&self.beside);
        }
    }
}
