//! The chain over the chunks of one file. Each link is the hash of the link before it and of the chunk's own hash, so that the head can
//! be computed again from the list of chunk hashes alone, and from the bytes with any tool that knows SHA-256.

use mingbai_evidence::Digest;
use serde::{Deserialize, Serialize};

use super::Side;

/// A chain, as far as it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    head: Digest,
}

impl Chain {
    /// The first link binds recording, side and number of the file: chunks of another file do not fit behind it.
    #[must_use]
    pub fn begin(recording: &str, side: Side, take: u32) -> Self {
        let side = side.key();
        let text = format!("mingbai/recording/v1\nrecording {recording}\nside {side}\ntake {take}\n");
        Chain { head: Digest::of(text.as_bytes()) }
    }

    /// The next link: SHA-256 over the 32 bytes of the link before and the 32 bytes of the chunk's SHA-256.
    #[must_use]
    pub fn link(self, chunk: &Digest) -> Self {
        let mut both = [0; 64];
        both[..32].copy_from_slice(self.head.as_bytes());
        both[32..].copy_from_slice(chunk.as_bytes());
        Chain { head: Digest::of(&both) }
    }

    /// The last link.
    #[must_use]
    pub const fn head(self) -> Digest {
        self.head
    }
}

/// One chunk of a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestChunk {
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// How many.
    pub bytes: u64,
}

/// The list of the chunks of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Format, 1.
    pub v: u32,
    /// Recording.
    pub recording: String,
    /// Whose file.
    pub side: Side,
    /// Number of the file.
    pub take: u32,
    /// Media type as the browser named it.
    pub media: String,
    /// The chunks in order.
    pub chunks: Vec<ManifestChunk>,
}

/// A manifest cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("清单无法读取:{0} / the manifest cannot be read: {0}")]
pub struct ManifestError(String);

impl Manifest {
    /// Reads one.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, ManifestError> {
        serde_json::from_slice(bytes).map_err(|e| ManifestError(e.to_string()))
    }

    /// Its bytes.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // Plain data with string keys always serialises; an empty list would be refused by whoever reads it.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The chain's head.
    #[must_use]
    pub fn head(&self) -> Digest {
        let begin = Chain::begin(&self.recording, self.side, self.take);
        self.chunks.iter().fold(begin, |chain, chunk| chain.link(&chunk.sha256)).head()
    }

    /// All bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.chunks.iter().map(|chunk| chunk.bytes).sum()
    }
}
