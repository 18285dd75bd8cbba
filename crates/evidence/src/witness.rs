//! A witness (C2SP tlog-witness) as a pure function: what it saw of a log, what it is asked, and so whether it cosigns. It never
//! cosigns a smaller tree than it saw, nor one that does not contain it. Keeps nothing and signs nothing itself.

#[cfg(test)]
mod tests;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::digest::Digest;
use crate::merkle::{SIZE_LIMIT, verify_consistency};
use crate::note::{NOTE_LIMIT, SignedCheckpoint, VerifyingKeyText};
use crate::text::Bilingual;

/// The most consistency proof lines that a request may have.
pub const PROOF_LIMIT: usize = 63;
/// The most bytes that a request may have: the old size, the proof, the note.
pub const REQUEST_LIMIT: usize = NOTE_LIMIT + (PROOF_LIMIT + 2) * 46;

/// A request to cosign a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    old: u64,
    path: Vec<Digest>,
    text: String,
    note: SignedCheckpoint,
}

impl AddCheckpoint {
    /// A request: the log grew from `old` records to what the signed note `text` states, and `path` shows it.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] when the path is too long or the note is none.
    pub fn new(old: u64, path: Vec<Digest>, text: &str) -> Result<Self, Refusal> {
        if path.len() > PROOF_LIMIT || old > SIZE_LIMIT {
            return Err(Refusal::Malformed);
        }
        let note = SignedCheckpoint::parse(text).map_err(|_| Refusal::Malformed)?;
        Ok(AddCheckpoint { old, path, text: text.to_owned(), note })
    }

    /// Reads the body of a request.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] when it has not exactly the form of the specification.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        let bad = || Refusal::Malformed;
        if body.len() > REQUEST_LIMIT {
            return Err(bad());
        }
        let (first, mut rest) = body.split_once('\n').ok_or_else(bad)?;
        let digits = first.strip_prefix("old ").ok_or_else(bad)?;
        let old = digits.parse::<u64>().ok().filter(|old| old.to_string() == digits).ok_or_else(bad)?;
        let mut path = Vec::new();
        loop {
            let (line, after) = rest.split_once('\n').ok_or_else(bad)?;
            rest = after;
            if line.is_empty() {
                return AddCheckpoint::new(old, path, rest);
            }
            if path.len() == PROOF_LIMIT {
                return Err(bad());
            }
            let hash = BASE64.decode(line).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            path.push(Digest::new(hash.ok_or_else(bad)?));
        }
    }

    /// The log whose checkpoint it is.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.note.checkpoint().origin()
    }

    /// The checkpoint, with the signatures as they came.
    #[must_use]
    pub const fn note(&self) -> &SignedCheckpoint {
        &self.note
    }

    /// The checkpoint's text as it came, to be kept as proof of what was cosigned or refused.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.path {
            writeln!(f, "{}", BASE64.encode(hash.as_bytes()))?;
        }
        write!(f, "\n{}", self.text)
    }
}

/// A log that a witness watches, with the keys that may sign for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Name of the log.
    pub origin: String,
    /// Its keys; two during a change of keys.
    pub keys: Vec<VerifyingKeyText>,
}

/// The last checkpoint of a log that a witness cosigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Records.
    pub size: u64,
    /// Root.
    pub root: Digest,
}

/// Decides a request: what is seen from now on, to be made durable *before* anything is signed.
///
/// # Errors
/// [`Refusal`], with the status that the specification gives it; nothing is to be signed or changed then.
pub fn decide(logs: &[Watched], seen: Option<Seen>, request: &AddCheckpoint) -> Result<Seen, Refusal> {
    let stated = request.note.checkpoint();
    let log = logs.iter().find(|log| log.origin == stated.origin()).ok_or(Refusal::UnknownLog)?;
    request.note.verify(&log.keys).map_err(|_| Refusal::UnknownKey)?;
    if request.old > stated.size() {
        return Err(Refusal::Backwards);
    }
    let (size, root) = seen.map_or((0, crate::merkle::empty_root()), |seen| (seen.size, seen.root));
    if request.old != size {
        return Err(Refusal::Stale { size });
    }
    if request.old == stated.size() && root != stated.root() {
        return Err(Refusal::Forked { size });
    }
    verify_consistency(size, stated.size(), &root, &stated.root(), &request.path)
        .map_err(|_| Refusal::Inconsistent)?;
    Ok(Seen { size: stated.size(), root: stated.root() })
}

/// Why a witness does not cosign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The request has not the form of the specification.
    #[error("this is not a request to cosign a checkpoint (C2SP tlog-witness); correct its form")]
    Malformed,
    /// The checkpoint is smaller than the old size that the request itself names.
    #[error("the checkpoint is smaller than the old size named with it; name the size cosigned last")]
    Backwards,
    /// No key of the log signed.
    #[error("no signature by a key of this log holds; ask the witness to add the log's present key")]
    UnknownKey,
    /// The log is not watched here.
    #[error("this witness does not watch that log; ask the witness to add it")]
    UnknownLog,
    /// The old size is not what was cosigned last.
    #[error("this witness cosigned {size} records last; repeat with a proof from there")]
    Stale {
        /// What was cosigned last.
        size: u64,
    },
    /// As many records as were cosigned last, but other ones.
    #[error("this witness saw another tree of {size} records; one of the two was forged or rewritten")]
    Forked {
        /// What was cosigned last.
        size: u64,
    },
    /// The proof does not show that the log only grew.
    #[error(
        "the proof does not show that the log only grew since this witness saw it; it may have been rewritten"
    )]
    Inconsistent,
}

impl Refusal {
    /// The HTTP status of the specification.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed | Self::Backwards => 400,
            Self::UnknownKey => 403,
            Self::UnknownLog => 404,
            Self::Stale { .. } | Self::Forked { .. } => 409,
            Self::Inconsistent => 422,
        }
    }

    /// Whether it speaks against the log and not only against the request.
    #[must_use]
    pub const fn accuses(self) -> bool {
        matches!(self, Self::Forked { .. } | Self::Inconsistent)
    }
}

impl Bilingual for Refusal {
    fn zh(&self) -> String {
        match self {
            Self::Malformed => "这不是请求联署检查点的格式(C2SP tlog-witness);请更正。".to_owned(),
            Self::Backwards => "检查点小于请求自己写的旧大小;请写上次联署的大小。".to_owned(),
            Self::UnknownKey => "没有本日志公钥的有效签名;请见证方加入日志现行的公钥。".to_owned(),
            Self::UnknownLog => "本见证方不见证这个日志;请见证方加入它。".to_owned(),
            Self::Stale { size } => format!("本见证方上次联署到 {size} 条记录;请从那里起重新提交证明。"),
            Self::Forked { size } => {
                format!("本见证方见过另一棵 {size} 条记录的树;两者必有一个被伪造或改写。")
            }
            Self::Inconsistent => "证明不能说明日志自上次见证以来只增不改;它可能被改写过。".to_owned(),
        }
    }

    fn en(&self) -> String {
        self.to_string()
    }
}
