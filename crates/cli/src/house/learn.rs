//! 学 learn at home: the institution's own lessons and questions from `learn/` in the data folder, put over those of the program, and the key
//! under the sheets of tests.

use std::path::{Path, PathBuf};

use mingbai_core::learn::lesson::FILE_LIMIT as LESSON_BYTES;
use mingbai_core::learn::{File, Library, bank};
use mingbai_core::text::{Tell as _, both};
use mingbai_desk::learn::SHEET_KEY_BYTES;
use zeroize::Zeroizing;

use super::keys;
use crate::fail::{Fail, Kind};

/// Folder of own lessons and questions, in the data folder.
pub const FOLDER: &str = "learn";
/// The folders in it, which may be used for order.
const SHELVES: [&str; 3] = ["", "lessons", "items"];
/// The most files of one installation; more is the wrong folder.
const FILES: usize = 1_000;
const KEY: &str = "learn.key";

/// Reads the institution's own files; nothing when there are none.
pub fn load(dir: &Path) -> Result<Option<Library>, Fail> {
    let folder = dir.join(FOLDER);
    let mut own = Vec::new();
    for path in files(&folder)? {
        let limit =
            if path.extension().is_some_and(|end| end == "md") { LESSON_BYTES } else { bank::FILE_LIMIT };
        let text = crate::commands::read_text(&path, limit as u64)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        own.push(File { name, text });
    }
    if own.is_empty() {
        return Ok(None);
    }
    let library = Library::with(&own).map_err(|error| {
        let shown = folder.display();
        let what = both(
            format!("{shown} 里的课程或题目不能用"),
            format!("the lessons or questions in {shown} cannot be used"),
        );
        let why = error.words();
        Fail::new(Kind::Input, what).because(both(why.zh, why.en)).next(
            "照 docs/learn.md 和 content/ 里的例子改。",
            "Compare it with docs/learn.md and the examples in content/.",
        )
    })?;
    Ok(Some(library))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Fail> {
    let mut found = Vec::new();
    for shelf in SHELVES {
        let place = folder.join(shelf);
        let entries = match std::fs::read_dir(&place) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => return Err(Fail::reading(&place, &e)),
        };
        for entry in entries {
            let path = entry.map_err(|e| Fail::reading(&place, &e))?.path();
            if path.extension().is_some_and(|end| end == "md" || end == "toml") && path.is_file() {
                found.push(path);
            }
        }
    }
    if found.len() > FILES {
        let shown = folder.display();
        let what = both(format!("{shown} 里的文件太多"), format!("there are too many files in {shown}"));
        return Err(Fail::new(Kind::Input, what)
            .because(both(format!("上限 {FILES} 个"), format!("the limit is {FILES}"))));
    }
    found.sort();
    Ok(found)
}

/// The key under sheets; made when there is none. A new one harms nothing but tests that are under way, so an old house gets one too.
pub fn key(folder: &Path) -> Result<Zeroizing<[u8; SHEET_KEY_BYTES]>, Fail> {
    let path = folder.join(KEY);
    if !path.exists() {
        keys::make(folder, &path, "mingbai/learn")?;
    }
    keys::read(&path).map(|(_, secret)| secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_lessons_are_taken_a_broken_one_stops_the_start_and_the_key_stays() -> Result<(), Fail> {
        let dir = std::env::temp_dir().join(format!("mingbai-learn-test-{}", std::process::id()));
        let folder = dir.join(FOLDER).join("lessons");
        std::fs::create_dir_all(&folder).map_err(|e| Fail::writing(&folder, &e))?;
        assert!(load(&dir)?.is_none());
        let path = folder.join("complain.zh-CN.md");
        let put = |text: &str| std::fs::write(&path, text).map_err(|e| Fail::writing(&path, &e));
        let shipped = include_str!("../../../../content/lessons/complain.zh-CN.md");
        put(&shipped.replace("minutes = 5", "minutes = 5\n# ours"))?;
        assert!(load(&dir)?.is_some_and(|library| library.lesson("complain").is_some()));
        put(&shipped.replace("## 多久有答复", "<script>"))?;
        let outcome = load(&dir);
        assert!(outcome.is_err_and(|fail| fail.in_short().en.contains("cannot be used")));
        let first = key(&dir)?;
        assert_eq!(key(&dir)?.as_slice(), first.as_slice());
        std::fs::remove_dir_all(&dir).map_err(|e| Fail::writing(&dir, &e))
    }
}
