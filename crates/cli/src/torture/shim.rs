//! The library that makes calls to the file system fail, compiled on the spot where there is a C compiler. It is the one that the
//! store's own tests use.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SOURCE: &str = include_str!("../../../store/tests/faults/shim.c");

/// Compiles the library into `folder`; `None` where that cannot be done.
pub fn built(folder: &Path) -> Option<PathBuf> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let (source, out) = (folder.join("shim.c"), folder.join("shim.so"));
    std::fs::write(&source, SOURCE).ok()?;
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&out).arg(&source).args(["-ldl", "-lpthread"]);
    let status = cc.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success()).then_some(out)
}
