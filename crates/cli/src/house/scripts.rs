//! The scripts of recordings: the one that is shipped, and every `*.toml` in the data folder's `scripts/`. A product names its script by
//! digest, so that the review of the product releases exactly that text.

use std::path::Path;

use mingbai_core::borrow::script::{FILE_LIMIT, Script, ScriptError};
use mingbai_core::text::both;

use crate::fail::{Fail, Kind};

/// The script that is shipped.
pub const FEES: &str = include_str!("../../../../examples/scripts/fees-2026.toml");
/// The most scripts of one installation; more is the wrong folder.
const SCRIPTS: usize = 200;

/// Reads the folder, which need not exist.
pub fn load(folder: &Path) -> Result<Vec<Script>, Fail> {
    let mut scripts = vec![parse(FEES, Path::new("fees-2026.toml"))?];
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(scripts),
        Err(e) => return Err(Fail::reading(folder, &e)),
    };
    for entry in entries {
        let path = entry.map_err(|e| Fail::reading(folder, &e))?.path();
        if path.extension().is_some_and(|ending| ending == "toml") && scripts.len() < SCRIPTS {
            let text = crate::commands::read_text(&path, FILE_LIMIT as u64)?;
            scripts.push(parse(&text, &path)?);
        }
    }
    Ok(scripts)
}

fn parse(text: &str, path: &Path) -> Result<Script, Fail> {
    Script::parse(text).map_err(|error: ScriptError| {
        let shown = path.display();
        let what = both(format!("双录话术 {shown} 不能用"), format!("the script {shown} cannot be used"));
        Fail::new(Kind::Input, what)
            .because(both(error.to_string(), error.to_string()))
            .next("照 examples/scripts/ 里的例子改。", "Compare it with the example in examples/scripts/.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_script_can_be_used() {
        let Ok(scripts) = load(Path::new("/nowhere")) else { panic!("the built-in scripts are not usable") };
        assert_eq!(scripts[0].id(), "fees");
    }
}
