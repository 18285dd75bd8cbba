//! Names of tiles, streams and digests in addresses: each thing has one name.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_evidence::tiles::{Content, TileName};
use mingbai_evidence::{Digest, StreamId};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(tile) = TileName::parse(text) {
        assert_eq!(tile.to_string(), text, "a tile has one name");
        assert!((1..=256).contains(&tile.width()));
        assert!(!tile.exists_in(0), "the empty log has no tiles");
        if tile.content() == Content::Entries {
            let end = tile.first().checked_add(u64::from(tile.width()));
            if let Some(end) = end {
                assert!(tile.exists_in(end) && !tile.exists_in(end - 1));
            }
        }
    }
    if let Ok(stream) = text.parse::<StreamId>() {
        assert_eq!(stream.as_str(), text);
    }
    if let Ok(digest) = text.parse::<Digest>() {
        assert_eq!(digest.to_string(), text);
    }
});
