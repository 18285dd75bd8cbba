//! What a witness saw: for each log the last checkpoint that it cosigned, as the log itself signed it; and the checkpoints that speak
//! against a log, kept as proof.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mingbai_core::text::both;
use mingbai_evidence::Digest;
use mingbai_evidence::note::cosignature::cosign;
use mingbai_evidence::note::{NOTE_LIMIT, SignedCheckpoint};
use mingbai_evidence::witness::{AddCheckpoint, Refusal, Seen, Watched, decide};

use crate::commands::read_text;
use crate::fail::{Fail, Kind};
use crate::house::keys::Pen;
use crate::house::mark::durably;

const LOGS: &str = "logs";
const PROOFS: &str = "proofs";
/// The most checkpoints that are kept as proof; a log that lies this often is proven to lie.
const PROOFS_LIMIT: usize = 1_000;

/// A witness: its key, the logs it watches and what it saw of them.
pub struct Memory {
    dir: PathBuf,
    pen: Pen,
    logs: Vec<Watched>,
    seen: BTreeMap<String, Seen>,
}

/// Why a request was not cosigned.
#[derive(Debug)]
pub enum Unsigned {
    /// The witness says no.
    Refused(Refusal),
    /// Its own disk or key failed; nothing was signed.
    Failed(String),
}

impl Memory {
    /// Reads what was seen. A file that cannot be read stops the witness: signing without its memory is what it must never do.
    pub fn open(dir: &Path, pen: Pen, logs: Vec<Watched>) -> Result<Self, Fail> {
        for name in [LOGS, PROOFS] {
            let folder = dir.join(name);
            std::fs::create_dir_all(&folder).map_err(|e| Fail::writing(&folder, &e))?;
        }
        let mut seen = BTreeMap::new();
        for log in &logs {
            let path = file_of(dir, &log.origin);
            if !path.exists() {
                continue;
            }
            let text = read_text(&path, NOTE_LIMIT as u64)?;
            let note =
                SignedCheckpoint::parse(&text).ok().filter(|note| note.checkpoint().origin() == log.origin);
            let Some(note) = note else { return Err(damaged(&path)) };
            let (size, root) = (note.checkpoint().size(), note.checkpoint().root());
            seen.insert(log.origin.clone(), Seen { size, root });
        }
        Ok(Memory { dir: dir.to_path_buf(), pen, logs, seen })
    }

    /// Answers a request: the signature line, if everything holds and the memory is on the disk.
    pub fn answer(&mut self, body: &str, at_s: u64) -> Result<(String, Seen), Unsigned> {
        let request = AddCheckpoint::parse(body).map_err(Unsigned::Refused)?;
        let before = self.seen.get(request.origin()).copied();
        let seen = match decide(&self.logs, before, &request) {
            Ok(seen) => seen,
            Err(refusal) => {
                if refusal.accuses() {
                    self.keep_as_proof(&request);
                }
                return Err(Unsigned::Refused(refusal));
            }
        };
        if before != Some(seen) {
            let path = file_of(&self.dir, request.origin());
            let failed = |_| Unsigned::Failed(format!("{} cannot be written", path.display()));
            durably(&path, request.text().as_bytes()).map_err(failed)?;
            self.seen.insert(request.origin().to_owned(), seen);
        }
        let line = cosign(request.note(), &self.pen, at_s).map_err(|e| Unsigned::Failed(e.to_string()))?;
        Ok((line, seen))
    }

    /// Keeps a checkpoint that contradicts what was cosigned: signed by the log, it is the log's own confession.
    fn keep_as_proof(&self, request: &AddCheckpoint) {
        let folder = self.dir.join(PROOFS);
        let path = folder.join(format!("{}.note", Digest::of(request.text().as_bytes())));
        let count = std::fs::read_dir(&folder).map_or(PROOFS_LIMIT, Iterator::count);
        if path.exists() || count >= PROOFS_LIMIT {
            return;
        }
        if durably(&path, request.text().as_bytes()).is_err() {
            tracing::error!(path = %path.display(), "a proof against a log could not be kept");
        }
    }
}

/// Origins may have any characters; their digests are good file names.
fn file_of(dir: &Path, origin: &str) -> PathBuf {
    dir.join(LOGS).join(format!("{}.note", Digest::of(origin.as_bytes())))
}

fn damaged(path: &Path) -> Fail {
    let shown = path.display();
    let what = both(format!("见证记录 {shown} 已损坏"), format!("the memory {shown} is damaged"));
    Fail::new(Kind::Io, what)
        .because(both(
            "忘了见过什么的见证方,可能会为两个互相矛盾的日志联署",
            "a witness that forgot what it saw might cosign two logs that contradict each other",
        ))
        .next(
            "恢复这个文件的最新内容;若已丢失,请换一个新的目录和名称重新开始,并公布新公钥。",
            "Restore its newest content; if it is lost, begin again with a new folder and a new name, and publish the new key.",
        )
}
