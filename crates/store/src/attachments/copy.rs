//! Documents as they lie, sealed, from a place to a folder and back: for backups. What is copied opens only with the keys of the
//! persons it belongs to, so a copy is worth as much as the original, and no more.

use std::path::{Path, PathBuf};

use futures_util::TryStreamExt as _;
use mingbai_desk::ports::KeepError;
use object_store::path::Path as Key;
use object_store::{Error, ObjectStore as _, ObjectStoreExt as _};
use tokio::io::AsyncWriteExt as _;

use super::{Created, Documents, PROBE, io};

/// An object that lies at least this long is uploaded in one request too: a piece of an upload is the largest there is.
const LARGEST: u64 = super::ATTACHMENT_LIMIT as u64 * 2;

impl Documents {
    /// Copies everything that lies here below `folder`, under the same names, each file synced; `told` hears the number of each.
    /// What is deleted meanwhile is left out: its person was forgotten. Returns how many files were written.
    ///
    /// # Errors
    /// [`KeepError::Io`].
    pub async fn copy_to(&self, folder: &Path, mut told: impl FnMut(u64) + Send) -> Result<u64, KeepError> {
        let mut list = self.store.list(None);
        let mut copied = 0;
        while let Some(meta) = list.try_next().await.map_err(|e| io(&e))? {
            if meta.location == Key::from(PROBE) {
                continue;
            }
            let Some(path) = below(folder, &meta.location) else {
                return Err(KeepError::Io(format!("{} is no name for a file", meta.location)));
            };
            let found = match self.store.get(&meta.location).await {
                Ok(found) => found,
                Err(Error::NotFound { .. }) => continue,
                Err(error) => return Err(io(&error)),
            };
            write(&path, found).await?;
            copied += 1;
            told(copied);
        }
        Ok(copied)
    }

    /// Puts the files below `folder` here, under the same names. A file that is here already must be the same one; nothing is
    /// overwritten. Returns how many there are.
    ///
    /// # Errors
    /// [`KeepError::Damaged`] for another file of the same name, [`KeepError::Io`].
    pub async fn copy_from(&self, folder: &Path, mut told: impl FnMut(u64) + Send) -> Result<u64, KeepError> {
        let mut names = Vec::new();
        files(folder, Path::new(""), &mut names).map_err(|e| on_disk(folder, &e))?;
        for (copied, name) in (1..).zip(&names) {
            let path = folder.join(name);
            let failed = |e: std::io::Error| on_disk(&path, &e);
            if tokio::fs::metadata(&path).await.map_err(failed)?.len() > LARGEST {
                return Err(KeepError::Io(format!("{} is larger than any document", path.display())));
            }
            let bytes = tokio::fs::read(&path).await.map_err(failed)?;
            let key = Key::from_iter(name.iter().filter_map(|part| part.to_str()));
            if self.create(&key, bytes.clone()).await? == Created::Before
                && self.object(&key).await?.is_none_or(|there| there != bytes)
            {
                return Err(KeepError::Damaged { what: key.to_string() });
            }
            told(copied);
        }
        Ok(names.len() as u64)
    }
}

/// The file for an object; `None` for a name that would lead elsewhere.
fn below(folder: &Path, key: &Key) -> Option<PathBuf> {
    let mut path = folder.to_path_buf();
    for part in key.parts() {
        let part = part.as_ref();
        (!part.is_empty() && part != "." && part != ".." && !part.contains(['/', '\\', '\0']))
            .then_some(())?;
        path.push(part);
    }
    (path != folder).then_some(path)
}

async fn write(path: &Path, found: object_store::GetResult) -> Result<(), KeepError> {
    let failed = |e: std::io::Error| on_disk(path, &e);
    if let Some(parent) = path.parent() {
        tokio::fs::create_dir_all(parent).await.map_err(failed)?;
    }
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(path).await.map_err(failed)?;
    let mut pieces = found.into_stream();
    while let Some(piece) = pieces.try_next().await.map_err(|e| io(&e))? {
        file.write_all(&piece).await.map_err(failed)?;
    }
    file.sync_all().await.map_err(failed)
}

fn on_disk(path: &Path, error: &std::io::Error) -> KeepError {
    KeepError::Io(format!("{}: {error}", path.display()))
}

/// Every file below a folder, by its name from there.
fn files(folder: &Path, name: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder.join(name))? {
        let entry = entry?;
        let name = name.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => files(folder, &name, found)?,
            false => found.push(name),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let folder = Path::new("/backup/attachments");
        assert_eq!(below(folder, &Key::from("ab/abcd")), Some(folder.join("ab/abcd")));
        for bad in ["", ".."] {
            assert_eq!(below(folder, &Key::from(bad)).filter(|path| !path.starts_with(folder)), None);
        }
        let odd = Key::from_iter(["a", "../x"]);
        assert!(below(folder, &odd).is_none_or(|path| path.starts_with(folder)));
    }
}
