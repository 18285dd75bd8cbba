//! Names and contents of tiles (C2SP tlog-tiles): the log's tree cut into pieces of 256 hashes, eight levels high, that never
//! change once they are full. Knows no server.

use std::fmt;

use crate::record::{RECORD_LIMIT, Record};

/// Hashes in a full tile.
pub const WIDTH: u16 = 256;
/// Levels of the tree in one tile.
const HEIGHT: u8 = 8;
/// The highest level that the specification names.
const LEVEL_LIMIT: u8 = 63;
/// The most digits of a tile's index: more than any log of 2^53 records needs.
const PARTS_LIMIT: usize = 6;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// Hashes of the tree.
    Hashes {
        /// Level in tiles, from 0; 0 are the leaves.
        level: u8,
    },
    /// The records themselves.
    Entries,
}

/// The name of one tile or bundle of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TileName {
    content: Content,
    index: u64,
    width: u16,
}

impl TileName {
    /// Reads what stands after `tile/` in an address: `<L>/<N>`, `<L>/<N>.p/<W>`, `entries/<N>` or `entries/<N>.p/<W>`.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let (content, rest) = path.split_once('/')?;
        let content = match content {
            "entries" => Content::Entries,
            level => {
                let level = plain(level).and_then(|level| u8::try_from(level).ok())?;
                if level > LEVEL_LIMIT {
                    return None;
                }
                Content::Hashes { level }
            }
        };
        let (parts, width) = match rest.rsplit_once(".p/") {
            Some((parts, width)) => {
                (parts, u16::try_from(plain(width)?).ok().filter(|w| (1..WIDTH).contains(w))?)
            }
            None => (rest, WIDTH),
        };
        let index = index(parts)?;
        Some(TileName { content, index, width })
    }

    /// What it holds.
    #[must_use]
    pub const fn content(self) -> Content {
        self.content
    }

    /// Height in the tree of what it holds: a multiple of eight, 0 for leaves and entries.
    #[must_use]
    pub const fn tree_level(self) -> u16 {
        match self.content {
            Content::Hashes { level } => level as u16 * HEIGHT as u16,
            Content::Entries => 0,
        }
    }

    /// The first place on that height that it holds.
    #[must_use]
    pub const fn first(self) -> u64 {
        self.index.saturating_mul(WIDTH as u64)
    }

    /// How many it holds, 1 to [`WIDTH`].
    #[must_use]
    pub const fn width(self) -> u16 {
        self.width
    }

    /// Whether it is full and so never grows.
    #[must_use]
    pub const fn is_full(self) -> bool {
        self.width == WIDTH
    }

    /// Whether a log of `size` records has all of it.
    #[must_use]
    pub fn exists_in(self, size: u64) -> bool {
        let on_level = size.checked_shr(u32::from(self.tree_level())).unwrap_or(0);
        self.first().checked_add(u64::from(self.width)).is_some_and(|end| end <= on_level)
    }
}

impl fmt::Display for TileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.content {
            Content::Hashes { level } => write!(f, "{level}/")?,
            Content::Entries => f.write_str("entries/")?,
        }
        let mut parts = vec![format!("{:03}", self.index % 1_000)];
        let mut rest = self.index / 1_000;
        while rest > 0 {
            parts.push(format!("x{:03}", rest % 1_000));
            rest /= 1_000;
        }
        parts.reverse();
        f.write_str(&parts.join("/"))?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// A number without leading zeros.
fn plain(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits && (text == "0" || !text.starts_with('0')) { text.parse().ok() } else { None }
}

/// `x001/x234/067` = 1234067; only the one form that the specification gives.
fn index(text: &str) -> Option<u64> {
    let parts: Vec<&str> = text.split('/').collect();
    if parts.len() > PARTS_LIMIT {
        return None;
    }
    let mut index = 0_u64;
    for (place, part) in parts.iter().enumerate() {
        let is_last = place + 1 == parts.len();
        let digits = if is_last { part } else { part.strip_prefix('x')? };
        if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        // `x000` in front would be a second name for the same tile.
        if place == 0 && !is_last && digits == "000" {
            return None;
        }
        index = index * 1_000 + digits.parse::<u64>().ok()?;
    }
    Some(index)
}

/// A bundle of entries: each record's bytes behind their length in two bytes.
#[must_use]
pub fn bundle(records: &[Record]) -> Vec<u8> {
    const { assert!(RECORD_LIMIT <= u16::MAX as usize) };
    let mut out = Vec::new();
    for record in records {
        let length = u16::try_from(record.bytes().len()).unwrap_or(u16::MAX);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(record.bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_one_form_is_read() {
        for good in ["0/000", "0/x001/x234/067", "3/x001/000.p/255", "entries/007.p/1", "63/999"] {
            assert_eq!(TileName::parse(good).map(|name| name.to_string()).as_deref(), Some(good));
        }
        for bad in [
            "",
            "0",
            "0/",
            "0/00",
            "00/000",
            "64/000",
            "0/x000/001",
            "0/001/002",
            "0/x001",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/01",
            "0/000.p/",
            "0/000.p/1/2",
            "-1/000",
            "0/+01",
            "entries/x1/000",
            "0/000.p/1.p/1",
            "0/x001/x001/x001/x001/x001/x001/001",
        ] {
            assert_eq!(TileName::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_example_of_the_specification_has_its_tiles_and_no_others() {
        let has = |name: &str| TileName::parse(name).is_some_and(|name| name.exists_in(70_000));
        for there in ["0/272", "0/273.p/112", "1/000", "1/001.p/17", "2/000.p/1", "entries/273.p/112"] {
            assert!(has(there), "{there}");
        }
        for absent in
            ["0/273", "0/273.p/113", "1/001.p/18", "2/000.p/2", "3/000.p/1", "8/000.p/1", "63/000.p/1"]
        {
            assert!(!has(absent), "{absent}");
        }
    }

    proptest! {
        /// The tiles that another implementation makes new for a grown tree are named as ours and exist just then.
        #[test]
        fn names_agree_with_another_implementation(old in 0_u64..3_000_000, more in 0_u64..3_000) {
            for tile in tlog_tiles::Tile::new_tiles(8, old, old + more) {
                let path = tile.path();
                let path = path.strip_prefix("tile/8/").expect("height 8");
                let name = TileName::parse(path).expect("a name of the same form");
                prop_assert_eq!(name.to_string(), path);
                prop_assert_eq!(u64::from(name.width()), u64::from(tile.width()));
                prop_assert!(name.exists_in(old + more));
                prop_assert!(!name.exists_in(name.first() << name.tree_level()));
            }
        }
    }
}
