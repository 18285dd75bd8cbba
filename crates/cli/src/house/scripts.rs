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
        if path.extension().is_some_and(|ending| ending == "toml") {
            if scripts.len() >= SCRIPTS {
                return Err(too_many(folder));
            }
            let text = crate::commands::read_text(&path, FILE_LIMIT as u64)?;
            scripts.push(parse(&text, &path)?);
        }
    }
    Ok(scripts)
}

fn too_many(folder: &Path) -> Fail {
    let shown = folder.display();
    let what = both(
        format!("{shown} 里的双录话术超过 {SCRIPTS} 份"),
        format!("there are more than {SCRIPTS} scripts in {shown}"),
    );
    Fail::new(Kind::Input, what).next(
        "请确认这是放话术的文件夹,并移走不用的。",
        "See that this is the folder of scripts, and move away what is not used.",
    )
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
    fn the_shipped_script_can_be_used_and_a_wrong_folder_is_named() -> Result<(), Fail> {
        assert_eq!(load(Path::new("/nowhere"))?.first().map(Script::id), Some("fees"));
        let folder = std::env::temp_dir().join(format!("mingbai-scripts-test-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|e| Fail::writing(&folder, &e))?;
        for number in 0..SCRIPTS {
            let path = folder.join(format!("{number}.toml"));
            std::fs::write(&path, FEES).map_err(|e| Fail::writing(&path, &e))?;
        }
        let outcome = load(&folder);
        std::fs::remove_dir_all(&folder).map_err(|e| Fail::writing(&folder, &e))?;
        assert!(outcome.is_err_and(|fail| fail.in_short().en.contains("more than 200 scripts")));
        Ok(())
    }
}
