//! What rings need from a data folder: the key under which identifiers are hashed, and the list of shop terminals, branch networks and
//! partners that many customers share for good reasons, `known.toml`.

use std::path::Path;
use std::sync::Arc;

use mingbai_core::text::{Tell as _, both};
use mingbai_core::trust::ring::ShareKind;
use mingbai_desk::ports::{Links, StoreError};
use mingbai_desk::trust::{Known, Link, RingKey, Rings};
use serde::Deserialize;

use super::{KEYS, keys};
use crate::fail::{Fail, Kind};

/// Name of the list, in the data folder.
pub const KNOWN: &str = "known.toml";
/// Name of the key, in the folder of keys.
pub const KEY: &str = "rings.key";
const BYTES: u64 = 1024 * 1024;

/// Puts it together.
pub async fn open(dir: &Path, links: Arc<dyn Links>) -> Result<Rings, Fail> {
    let key = key(&dir.join(KEYS), links.as_ref()).await?;
    let known = known(dir)?;
    Rings::new(links, key, &known).map_err(|error| {
        let shown = dir.join(KNOWN);
        let shown = shown.display();
        let what = both(format!("登记表 {shown} 不能用"), format!("the list {shown} cannot be used"));
        Fail::new(Kind::Input, what)
            .because(error.words())
            .next("改正这一行后再启动。", "Correct this line and start again.")
    })
}

/// The key; made once. A folder whose key is gone while hashes are kept gets no other one: nothing that comes in would meet them.
async fn key(folder: &Path, links: &dyn Links) -> Result<RingKey, Fail> {
    let path = folder.join(KEY);
    if !path.exists() && links.after(0).await.map_err(|e| store(&e))?.is_empty() {
        keys::make(folder, &path, "mingbai/rings")?;
    }
    let (_, bytes) = keys::read(&path)?;
    Ok(RingKey::new(*bytes))
}

fn store(error: &StoreError) -> Fail {
    Fail::new(Kind::Io, both("读不了标识的日志", "the log of links cannot be read")).caused_by(error)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    known: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: String,
    kind: String,
    value: String,
}

/// Reads the list; empty when there is none.
fn known(dir: &Path) -> Result<Vec<Known>, Fail> {
    let path = dir.join(KNOWN);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = crate::commands::read_text(&path, BYTES)?;
    let shown = path.display();
    let broken = |zh: String, en: String| {
        let what = both(format!("登记表 {shown} 不能用"), format!("the list {shown} cannot be used"));
        Fail::new(Kind::Input, what).because(both(zh, en)).next(
            "每一项写 [[known]]、name、kind、value,见 docs/rings.md。",
            "Each entry is [[known]] with name, kind and value; see docs/rings.md.",
        )
    };
    let list: List = toml::from_str(&text).map_err(|e| broken(e.to_string(), e.to_string()))?;
    let line = |line: Line| match ShareKind::from_key(&line.kind) {
        Some(kind) => Ok(Known { name: line.name, link: Link { kind, value: line.value } }),
        None => Err(broken(
            format!("“{}”的种类 {} 不认识", line.name, line.kind),
            format!("{:?} has the unknown kind {}", line.name, line.kind),
        )),
    };
    list.known.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_and_a_broken_one_stops_the_start() -> Result<(), Fail> {
        let dir = std::env::temp_dir().join(format!("mingbai-known-test-{}", std::process::id()));
        std::fs::create_dir_all(&dir).map_err(|e| Fail::writing(&dir, &e))?;
        assert_eq!(known(&dir)?, []);
        let path = dir.join(KNOWN);
        let put = |text: &str| std::fs::write(&path, text).map_err(|e| Fail::writing(&path, &e));
        put("[[known]]\nname = \"王村便利店\"\nkind = \"device\"\nvalue = \"a1b2c3d4e5f6\"\n")?;
        assert_eq!(known(&dir)?.len(), 1);
        put("[[known]]\nname = \"x\"\nkind = \"colour\"\nvalue = \"a\"\n")?;
        let outcome = known(&dir);
        std::fs::remove_dir_all(&dir).map_err(|e| Fail::writing(&dir, &e))?;
        assert!(outcome.is_err_and(|fail| fail.in_short().en.contains("cannot be used")));
        Ok(())
    }
}
