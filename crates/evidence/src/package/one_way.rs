//! Whether a zip can be read in one way only: one end record at the very end, one directory, and for each file a header that says
//! what the directory says. Zips are lenient by nature, and leniency is where two readers see two contents; this and
//! `verify.html` refuse the same.

use super::PackageError;

const END: usize = 22;
const CENTRAL: usize = 46;
const LOCAL: usize = 30;
/// Extra fields that say nothing about name or size: times and owners.
const HARMLESS: [u16; 5] = [0x000a, 0x5455, 0x5855, 0x7875, 0xcafe];
/// Flags that may be set: two of deflate, sizes after the data, UTF-8 names.
const FLAGS: u16 = 0x080e;
const SIZES_FOLLOW: u16 = 0x0008;

/// What the directory says of one file.
struct Entry<'a> {
    name: &'a [u8],
    flags: u16,
    method: u16,
    crc: u32,
    packed: u32,
    size: u32,
    offset: u32,
}

/// Checks the whole structure; reads no content.
pub(super) fn check(bytes: &[u8]) -> Result<(), PackageError> {
    structure(bytes).map_err(|why| PackageError::NotZip { why: why.to_owned() })
}

fn structure(bytes: &[u8]) -> Result<(), &'static str> {
    let end = bytes.len().checked_sub(END).ok_or("too short")?;
    let tail = Fields(&bytes[end..]);
    if tail.u32(0)? != 0x0605_4b50 {
        return Err("no end record at the end");
    }
    let count = tail.u16(10)?;
    if tail.u16(4)? != 0
        || tail.u16(6)? != 0
        || tail.u16(8)? != count
        || tail.u16(20)? != 0
        || count == 0xffff
    {
        return Err("end record");
    }
    let start = tail.u32(16)? as usize;
    if start.checked_add(tail.u32(12)? as usize) != Some(end) {
        return Err("the directory does not end where the end record begins");
    }
    let mut at = start;
    for _ in 0..count {
        let (entry, next) = central(bytes.get(at..end).ok_or("directory")?)?;
        local(bytes.get(..start).ok_or("directory")?, &entry)?;
        at += next;
    }
    if at == end { Ok(()) } else { Err("directory") }
}

fn central(rest: &[u8]) -> Result<(Entry<'_>, usize), &'static str> {
    let f = Fields(rest);
    if f.u32(0)? != 0x0201_4b50 || f.u16(34)? != 0 {
        return Err("directory");
    }
    let (name, extra, comment) = (f.u16(28)? as usize, f.u16(30)? as usize, f.u16(32)? as usize);
    let (after_name, after_extra) = (CENTRAL + name, CENTRAL + name + extra);
    let next = after_extra + comment;
    if next > rest.len() {
        return Err("directory");
    }
    extras(&rest[after_name..after_extra])?;
    let entry = Entry {
        name: &rest[CENTRAL..after_name],
        flags: f.u16(8)?,
        method: f.u16(10)?,
        crc: f.u32(16)?,
        packed: f.u32(20)?,
        size: f.u32(24)?,
        offset: f.u32(42)?,
    };
    if entry.flags & !FLAGS != 0 {
        return Err("flags");
    }
    match entry.method {
        0 if entry.packed == entry.size => {}
        8 => {}
        _ => return Err("compression"),
    }
    if [entry.packed, entry.size, entry.offset].contains(&u32::MAX) {
        return Err("zip64");
    }
    Ok((entry, next))
}

/// The file's own header must agree with the directory.
fn local(before: &[u8], entry: &Entry<'_>) -> Result<(), &'static str> {
    let rest = before.get(entry.offset as usize..).ok_or("file header")?;
    let f = Fields(rest);
    if f.u32(0)? != 0x0403_4b50 {
        return Err("file header");
    }
    let (name, extra) = (f.u16(26)? as usize, f.u16(28)? as usize);
    let data = LOCAL + name + extra;
    if data + entry.packed as usize > rest.len() {
        return Err("a file runs into the directory");
    }
    let own = (f.u32(14)?, f.u32(18)?, f.u32(22)?);
    let sizes = own == (entry.crc, entry.packed, entry.size);
    let later = entry.flags & SIZES_FOLLOW != 0 && own == (0, 0, 0);
    let same =
        f.u16(6)? == entry.flags && f.u16(8)? == entry.method && &rest[LOCAL..LOCAL + name] == entry.name;
    if !same || !(sizes || later) {
        return Err("a file's header differs from the directory");
    }
    extras(&rest[LOCAL + name..data])
}

fn extras(mut rest: &[u8]) -> Result<(), &'static str> {
    while !rest.is_empty() {
        let f = Fields(rest);
        let length = 4 + f.u16(2)? as usize;
        if !HARMLESS.contains(&f.u16(0)?) || length > rest.len() {
            return Err("extra field");
        }
        rest = &rest[length..];
    }
    Ok(())
}

/// Little-endian fields of a header.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn u16(&self, at: usize) -> Result<u16, &'static str> {
        let two = self.0.get(at..at + 2).and_then(|two| two.try_into().ok()).ok_or("cut short")?;
        Ok(u16::from_le_bytes(two))
    }

    fn u32(&self, at: usize) -> Result<u32, &'static str> {
        let four = self.0.get(at..at + 4).and_then(|four| four.try_into().ok()).ok_or("cut short")?;
        Ok(u32::from_le_bytes(four))
    }
}
