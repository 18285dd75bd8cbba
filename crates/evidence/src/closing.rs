//! The closing statement: how long each stream of a package was at the checkpoint, which leaf was its last, and whether it has ended.
//!
//! A Merkle tree proves what is in it, not what is absent. So the log *says*, under its own signature and for one checkpoint, that a
//! stream has exactly so many records. If another one turns up that stands below that checkpoint — in a receipt, at an auditor's —
//! two signatures of the log contradict each other, and anybody can show it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::digest::Digest;
use crate::merkle::SIZE_LIMIT;
use crate::note::{
    Checkpoint, NOTE_LIMIT, NoteError, NoteSigner, SignatureLine, VerifyingKeyText, parts, signature_line_of,
};
use crate::stream::StreamId;

/// The first line. No checkpoint can have it as its second line's neighbour: there the second line is a number.
const FIRST_LINE: &str = "mingbai/streams/v1";

/// Whether a stream goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Going {
    /// More records may follow.
    Open,
    /// It has ended: declined, closed or erased.
    Ended,
}

/// One stream at a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamEnd {
    /// The stream.
    pub stream: StreamId,
    /// How many records it has below the checkpoint, at least 1.
    pub length: u64,
    /// Leaf of the last of them.
    pub head: Digest,
    /// Whether it goes on.
    pub going: Going,
}

/// A statement as read. Nobody has checked its signatures yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The checkpoint that it is about.
    pub checkpoint: Checkpoint,
    /// The streams, sorted by name.
    pub ends: Vec<StreamEnd>,
    body: String,
    signatures: Vec<SignatureLine>,
}

/// The statement as a signed note.
///
/// # Errors
/// [`NoteError::SignerKey`] and [`NoteError::BadSignature`] as for a checkpoint; [`NoteError::TooLarge`];
/// [`NoteError::Malformed`] without streams, with a stream twice or a length of 0.
pub fn sign(
    checkpoint: &Checkpoint,
    ends: &[StreamEnd],
    signer: &(impl NoteSigner + ?Sized),
) -> Result<String, NoteError> {
    let mut ends: Vec<&StreamEnd> = ends.iter().collect();
    ends.sort_by(|a, b| a.stream.cmp(&b.stream));
    let rows: String = ends.into_iter().map(row).collect();
    let body = format!("{FIRST_LINE}\n{}{rows}", checkpoint.body());
    let note = format!("{body}\n{}", signature_line_of(&body, signer)?);
    // What is handed out must be readable again.
    Statement::parse(&note).map(|_| note)
}

fn row(end: &StreamEnd) -> String {
    let going = match end.going {
        Going::Open => "open",
        Going::Ended => "ended",
    };
    format!("{} {} {} {going}\n", end.stream, end.length, end.head)
}

impl Statement {
    /// Reads a statement. Strict: there is one way to write it.
    ///
    /// # Errors
    /// [`NoteError`] when it is not one within the limits of a note.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_LIMIT {
            return Err(NoteError::TooLarge);
        }
        let (body, signatures) = parts(note)?;
        let mut lines = body.strip_suffix('\n').ok_or(NoteError::Malformed)?.split('\n');
        let head: [Option<&str>; 4] = std::array::from_fn(|_| lines.next());
        let [Some(FIRST_LINE), Some(origin), Some(size), Some(root)] = head else {
            return Err(NoteError::Malformed);
        };
        let root = BASE64.decode(root).map_err(|_| NoteError::Malformed)?;
        let root = Digest::from_slice(&root).map_err(|_| NoteError::Malformed)?;
        let checkpoint = Checkpoint::new(origin, number(size)?, root)?;
        let ends = lines.map(end_of).collect::<Result<Vec<_>, _>>()?;
        let sorted = ends.windows(2).all(|two| two[0].stream < two[1].stream);
        if ends.is_empty() || !sorted {
            return Err(NoteError::Malformed);
        }
        Ok(Statement { checkpoint, ends, body: body.to_owned(), signatures })
    }

    /// Whether one of `keys` signed it.
    ///
    /// # Errors
    /// [`NoteError::BadSignature`] when a line in the name of one of them does not verify, [`NoteError::UnknownSigner`] when none
    /// is by any of them.
    pub fn verify(&self, keys: &[VerifyingKeyText]) -> Result<(), NoteError> {
        let mut known = false;
        for line in &self.signatures {
            for key in keys.iter().filter(|key| line.claims(key)) {
                if !key.verifies(self.body.as_bytes(), line.signature()) {
                    return Err(NoteError::BadSignature { name: line.name().to_owned() });
                }
                known = true;
            }
        }
        if known { Ok(()) } else { Err(NoteError::UnknownSigner) }
    }

    /// What it says of a stream.
    #[must_use]
    pub fn end(&self, stream: &StreamId) -> Option<&StreamEnd> {
        self.ends.iter().find(|end| end.stream == *stream)
    }
}

fn number(text: &str) -> Result<u64, NoteError> {
    let parsed = text.parse::<u64>().ok().filter(|n| n.to_string() == text && *n <= SIZE_LIMIT);
    parsed.ok_or(NoteError::Size)
}

fn end_of(line: &str) -> Result<StreamEnd, NoteError> {
    let fields: Vec<&str> = line.split(' ').collect();
    let [stream, length, head, going] = fields[..] else { return Err(NoteError::Malformed) };
    let going = match going {
        "open" => Going::Open,
        "ended" => Going::Ended,
        _ => return Err(NoteError::Malformed),
    };
    let stream = StreamId::new(stream).map_err(|_| NoteError::Malformed)?;
    let head = head.parse().map_err(|_| NoteError::Malformed)?;
    match number(length)? {
        0 => Err(NoteError::Malformed),
        length => Ok(StreamEnd { stream, length, head, going }),
    }
}
