//! The zip around a package: written in exactly one way, read within limits and without trusting it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use super::PackageError;
use super::compared::Compared;

/// The most characters a name inside a package may have.
const NAME_LIMIT: usize = 200;

/// What a reader is willing to take. The defaults suit one loan with its recordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the package itself.
    pub package_bytes: u64,
    /// Files inside.
    pub files: usize,
    /// Bytes of one file inside, unpacked.
    pub file_bytes: u64,
    /// Bytes of all files inside, unpacked.
    pub total_bytes: u64,
}

impl Default for Limits {
    /// 1 GiB packed and unpacked, 512 MiB a file, 60 000 files (a plain zip can count 65 535).
    fn default() -> Self {
        Limits { package_bytes: 1 << 30, files: 60_000, file_bytes: 1 << 29, total_bytes: 1 << 30 }
    }
}

/// Name and content of every file, sorted by name.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Writes the one zip that these files have: stored, sorted, dated 1980-01-01, mode 644.
pub(crate) fn pack(files: &Files, limits: &Limits) -> Result<Vec<u8>, PackageError> {
    let room = files.iter().map(|(name, bytes)| bytes.len() + 2 * name.len() + 128).sum();
    write(files, limits, Cursor::new(Vec::with_capacity(room))).map(Cursor::into_inner)
}

fn write<W: Write + Seek>(files: &Files, limits: &Limits, to: W) -> Result<W, PackageError> {
    check_sizes(files, limits)?;
    let options = SimpleFileOptions::DEFAULT
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o644);
    let not_zip = |error: &dyn std::fmt::Display| PackageError::NotZip { why: error.to_string() };
    let mut zip = ZipWriter::new(to);
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options).map_err(|e| not_zip(&e))?;
        zip.write_all(bytes).map_err(|e| not_zip(&e))?;
    }
    zip.finish().map_err(|e| not_zip(&e))
}

/// Whether `bytes` are exactly what [`pack`] makes of `files`. Nothing is built for that: what the writer writes is compared where
/// it would lie, since a package may hold hundreds of megabytes of recordings.
pub(crate) fn is_canonical(bytes: &[u8], files: &Files, limits: &Limits) -> bool {
    write(files, limits, Compared::with(bytes)).is_ok_and(|found| found.is_same())
}

fn check_sizes(files: &Files, limits: &Limits) -> Result<(), PackageError> {
    if files.len() > limits.files {
        return Err(PackageError::TooManyFiles { found: files.len(), limit: limits.files });
    }
    if let Some((name, _)) = files.iter().find(|(_, bytes)| bytes.len() as u64 > limits.file_bytes) {
        return Err(PackageError::TooLarge { what: name.clone(), limit: limits.file_bytes });
    }
    if files.values().map(|bytes| bytes.len() as u64).sum::<u64>() > limits.total_bytes {
        return Err(PackageError::TooLarge { what: "the package".to_owned(), limit: limits.total_bytes });
    }
    Ok(())
}

/// Unpacks a zip into memory. Entries may be stored or deflated (somebody may have zipped the folder again); directory
/// entries carry nothing and are passed over.
pub(crate) fn unpack(bytes: &[u8], limits: &Limits) -> Result<Files, PackageError> {
    if bytes.len() as u64 > limits.package_bytes {
        return Err(PackageError::TooLarge { what: "the package".to_owned(), limit: limits.package_bytes });
    }
    super::one_way::check(bytes)?;
    let not_zip = |error: zip::result::ZipError| PackageError::NotZip { why: error.to_string() };
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(not_zip)?;
    if zip.len() > limits.files {
        return Err(PackageError::TooManyFiles { found: zip.len(), limit: limits.files });
    }
    if zip.has_duplicate_names() || zip.has_overlapping_entries().map_err(not_zip)? {
        return Err(PackageError::Ambiguous);
    }
    let mut files = Files::new();
    let mut room = limits.total_bytes;
    for number in 0..zip.len() {
        if let Some((name, content)) = unpack_one(&mut zip, number, limits, room)? {
            room -= content.len() as u64;
            if files.insert(name, content).is_some() {
                return Err(PackageError::Ambiguous);
            }
        }
    }
    Ok(files)
}

fn unpack_one(
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    number: usize,
    limits: &Limits,
    left: u64,
) -> Result<Option<(String, Vec<u8>)>, PackageError> {
    let zip_bytes = zip.central_directory_start();
    let mut file =
        zip.by_index(number).map_err(|e| PackageError::NotZip { why: format!("entry {number}: {e}") })?;
    let shown: String = String::from_utf8_lossy(file.name_raw()).chars().take(NAME_LIMIT).collect();
    let Some(name) = safe_name(file.name_raw()).filter(|_| !file.is_symlink()) else {
        return Err(PackageError::UnsafeName { name: shown });
    };
    if name.ends_with('/') {
        return Ok(None);
    }
    let declared = file.size();
    // The declared size is not trusted: one byte more than allowed is read and refused.
    let allowed = limits.file_bytes.min(left);
    // Room is made for what a stored entry can hold at most, whatever the header says.
    let room = file.compressed_size().min(zip_bytes).min(allowed);
    let mut content = Vec::with_capacity(usize::try_from(room).unwrap_or(0));
    let read = file.by_ref().take(allowed.saturating_add(1)).read_to_end(&mut content);
    read.map_err(|e| PackageError::Damaged { name: name.clone(), why: e.to_string() })?;
    if content.len() as u64 > allowed {
        return Err(PackageError::TooLarge { what: name, limit: allowed });
    }
    if content.len() as u64 != declared {
        return Err(PackageError::Damaged { name, why: "another size than stated".to_owned() });
    }
    Ok(Some((name, content)))
}

/// The name, if it stays inside its folder on every system: relative, printable ASCII, `/` as the only separator, no
/// drive letters, no empty, `.` or `..` parts.
fn safe_name(raw: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(raw).ok()?;
    let printable = name.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b':');
    let parts = name.strip_suffix('/').unwrap_or(name);
    let inside = parts.split('/').all(|part| !matches!(part, "" | "." | ".."));
    (printable && inside && name.len() <= NAME_LIMIT).then(|| name.to_owned())
}
