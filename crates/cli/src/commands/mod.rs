//! One file per command, and the few helpers that several of them need.

pub mod account;
pub mod audit;
pub mod backup;
pub mod ca;
pub mod complaints;
pub mod config;
pub mod demo;
pub mod fsck;
pub mod key;
pub mod lint;
pub mod lint_paper;
pub mod privacy;
pub mod quote;
pub mod renew_signatures;
pub mod restore;
pub mod rings;
pub mod rotate;
pub mod rotate_log;
pub mod scam;
pub mod serve;
pub mod simulate;
pub mod torture;
pub mod verify;
pub mod verify_pdf;
pub mod witness;

use std::io::Read;
use std::path::Path;

use mingbai_core::text::both;

use crate::fail::{Fail, Kind};

/// Reads a text file of at most `limit` bytes.
pub fn read_text(path: &Path, limit: u64) -> Result<String, Fail> {
    let bytes = read_bytes(path, limit)?;
    String::from_utf8(bytes).map_err(|_| {
        let shown = path.display();
        Fail::new(Kind::Input, both(format!("{shown} 不是 UTF-8 文本"), format!("{shown} is not UTF-8 text")))
            .next("请另存为 UTF-8 后再试。", "Save it as UTF-8 and try again.")
    })
}

/// Reads a file of at most `limit` bytes.
pub fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Fail> {
    let file = std::fs::File::open(path).map_err(|e| Fail::reading(path, &e))?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|e| Fail::reading(path, &e))?;
    if bytes.len() as u64 > limit {
        let shown = path.display();
        return Err(Fail::new(Kind::Input, both(format!("{shown} 太大"), format!("{shown} is too large")))
            .because(both(format!("上限 {limit} 字节"), format!("the limit is {limit} bytes"))));
    }
    Ok(bytes)
}

/// Writes a file whole or not at all: a temporary file beside it, synced, then renamed.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Fail> {
    let mut draft = crate::draft::Draft::beside(path)?;
    draft.write(bytes)?;
    draft.publish()
}

/// Runs an asynchronous command.
pub fn block_on<T>(work: impl Future<Output = Result<T, Fail>>) -> Result<T, Fail> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| {
        Fail::new(Kind::Io, both("系统不给线程", "the system gives no threads")).caused_by(&e)
    })?;
    runtime.block_on(work)
}
