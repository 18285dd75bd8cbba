//! A backup on disk: what lies in it, and a manifest that says so. Made beside its final place and renamed when it is whole, so a
//! folder that has a manifest is a finished backup.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use mingbai_core::text::both;
use serde::{Deserialize, Serialize};

use crate::fail::{Fail, Kind};

/// Name of the manifest.
pub const MANIFEST: &str = "manifest.json";
/// A manifest names each file in about 150 bytes; ten million documents would not fit into one.
const MANIFEST_LIMIT: u64 = 2 << 30;
/// Bytes that are copied at once.
const PIECE: usize = 1 << 20;

/// What a backup says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this format.
    pub v: u32,
    /// Made, unix ms.
    pub made_at_ms: i64,
    /// The program that made it.
    pub program: String,
    /// Records in the log.
    pub size: u64,
    /// Root of the tree over them.
    pub root: String,
    /// The newest published checkpoint that is in it (C2SP signed note), at most a second behind; none in a house that never
    /// served. A backup signs nothing itself, so that it cannot sign past the mark of the highest signed checkpoint.
    pub checkpoint: Option<String>,
    /// Whether the house's keys are in it.
    pub keys: bool,
    /// What the database in it is.
    #[serde(default)]
    pub database: Engine,
    /// Every file.
    pub files: Vec<Kept>,
}

/// What a backup's database is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// A file of SQLite.
    #[default]
    Sqlite,
    /// A dump of PostgreSQL in its custom format.
    Postgres,
}

/// One file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Path below the backup, with `/` between its parts.
    pub path: String,
    /// Length.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A folder on its way to its name. Dropped before [`Folder::publish`], it is taken away again.
pub struct Folder {
    target: PathBuf,
    beside: PathBuf,
    published: bool,
}

impl Folder {
    /// Begins `target`, which must not exist or be empty.
    pub fn begin(target: &Path) -> Result<Self, Fail> {
        if !free(target)? {
            let shown = target.display();
            let what =
                both(format!("{shown} 已存在,而且不是空的"), format!("{shown} exists and is not empty"));
            return Err(Fail::new(Kind::Input, what)
                .because(both("不会覆盖任何已有的数据", "nothing that is there is ever overwritten"))
                .next("请换一个新的目录。", "Name a new folder."));
        }
        let mut name = target.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}.part", std::process::id()));
        let beside = target.with_file_name(name);
        std::fs::create_dir_all(&beside).map_err(|e| Fail::writing(&beside, &e))?;
        Ok(Folder { target: target.to_path_buf(), beside, published: false })
    }

    /// Where it is being written.
    pub fn path(&self) -> &Path {
        &self.beside
    }

    /// Gives it its name.
    pub fn publish(mut self) -> Result<(), Fail> {
        let named = || {
            File::open(&self.beside)?.sync_all()?;
            if self.target.is_dir() {
                // It is empty, or this fails.
                std::fs::remove_dir(&self.target)?;
            }
            std::fs::rename(&self.beside, &self.target)?;
            let parent =
                self.target.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
            File::open(parent)?.sync_all()
        };
        named().map_err(|e: std::io::Error| Fail::writing(&self.target, &e))?;
        self.published = true;
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.published {
            let _ = std::fs::remove_dir_all(&self.beside);
        }
    }
}

fn free(target: &Path) -> Result<bool, Fail> {
    match std::fs::read_dir(target) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(e) => Err(Fail::writing(target, &e)),
    }
}

/// Copies one file, synced, and says what was copied. `None` when it is gone: a person was forgotten meanwhile.
pub fn copy(from: &Path, below: &Path, path: &str) -> Result<Option<Kept>, Fail> {
    let mut source = match File::open(from) {
        Ok(source) => source,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(Fail::reading(from, &e)),
    };
    let to = below.join(path);
    let write = |e: std::io::Error| Fail::writing(&to, &e);
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(write)?;
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut target = options.open(&to).map_err(write)?;
    let (mut context, mut bytes, mut piece) = (Context::new(&SHA256), 0_u64, vec![0; PIECE]);
    loop {
        let read = source.read(&mut piece).map_err(|e| Fail::reading(from, &e))?;
        let Some(part) = piece.get(..read).filter(|part| !part.is_empty()) else { break };
        context.update(part);
        target.write_all(part).map_err(write)?;
        bytes += part.len() as u64;
    }
    target.sync_all().map_err(write)?;
    Ok(Some(Kept { path: path.to_owned(), bytes, sha256: hex::encode(context.finish()) }))
}

/// Lists a folder with everything below it that lies in a backup already, each file read once more from the disk.
pub fn list_all(below: &Path, name: &str, kept: &mut Vec<Kept>) -> Result<(), Fail> {
    let folder = below.join(name);
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(Fail::reading(&folder, &e)),
    };
    let mut found = entries.collect::<Result<Vec<_>, _>>().map_err(|e| Fail::reading(&folder, &e))?;
    found.sort_by_key(std::fs::DirEntry::file_name);
    for entry in found {
        let Some(file) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let path = format!("{name}/{file}");
        match entry.file_type().map_err(|e| Fail::reading(&folder, &e))?.is_dir() {
            true => list_all(below, &path, kept)?,
            false => kept.push(read(&below.join(&path), &path)?),
        }
    }
    Ok(())
}

/// Copies a folder with everything below it; names that begin or end like files on their way are left out.
pub fn copy_all(from: &Path, below: &Path, name: &str, kept: &mut Vec<Kept>) -> Result<(), Fail> {
    let entries = match std::fs::read_dir(from) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(Fail::reading(from, &e)),
    };
    let mut found = entries.collect::<Result<Vec<_>, _>>().map_err(|e| Fail::reading(from, &e))?;
    found.sort_by_key(std::fs::DirEntry::file_name);
    for entry in found {
        let Some(file) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let (path, kind) =
            (format!("{name}/{file}"), entry.file_type().map_err(|e| Fail::reading(from, &e))?);
        if kind.is_dir() {
            copy_all(&entry.path(), below, &path, kept)?;
        } else if kind.is_file() && !file.contains('#') && !file.ends_with(".part") {
            kept.extend(copy(&entry.path(), below, &path)?);
        }
    }
    Ok(())
}

/// Every folder below `folder` synced, so that the names in it are on the disk too.
pub fn sync_folders(folder: &Path) -> Result<(), Fail> {
    let read = |e: std::io::Error| Fail::writing(folder, &e);
    for entry in std::fs::read_dir(folder).map_err(read)? {
        let entry = entry.map_err(read)?;
        if entry.file_type().map_err(read)?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(read)
}

/// Reads a backup's manifest and refuses one that it cannot have written.
pub fn manifest(folder: &Path) -> Result<Manifest, Fail> {
    let path = folder.join(MANIFEST);
    let text = crate::commands::read_text(&path, MANIFEST_LIMIT)?;
    let shown = path.display();
    let wrong = |zh: String, en: String| {
        let what = both(format!("{shown} 不是备份清单"), format!("{shown} is no manifest of a backup"));
        Fail::new(Kind::Input, what).because(both(zh, en))
    };
    let manifest: Manifest = serde_json::from_str(&text).map_err(|e| wrong(e.to_string(), e.to_string()))?;
    if manifest.v != 1 {
        let (zh, en) = ("版本更新,请用更新的程序", "it has a later version, use a later program");
        return Err(wrong(zh.to_owned(), en.to_owned()));
    }
    let inside = |path: &str| {
        !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
    };
    match manifest.files.iter().find(|file| !inside(&file.path)) {
        Some(file) => Err(wrong(
            format!("路径 {} 指向外面", file.path),
            format!("the path {} leads outside", file.path),
        )),
        None => Ok(manifest),
    }
}

/// A file that is there, as it is on the disk.
pub fn read(file: &Path, path: &str) -> Result<Kept, Fail> {
    let wrong = |e: std::io::Error| Fail::reading(file, &e);
    let mut source = File::open(file).map_err(wrong)?;
    let (mut context, mut bytes, mut piece) = (Context::new(&SHA256), 0_u64, vec![0; PIECE]);
    loop {
        let read = source.read(&mut piece).map_err(wrong)?;
        let Some(part) = piece.get(..read).filter(|part| !part.is_empty()) else { break };
        context.update(part);
        bytes += part.len() as u64;
    }
    Ok(Kept { path: path.to_owned(), bytes, sha256: hex::encode(context.finish()) })
}
