//! What materials are reviewed by: the institution's own `checklist.toml` and `marketing.toml` in the data folder, or the shipped ones.

use std::path::Path;

use mingbai_core::govern::review::checklist::Checklist;
use mingbai_core::text::{Tell as _, both};
use mingbai_lint::Book;

use crate::fail::{Fail, Kind};

/// Name of the institution's own checklist.
pub const CHECKLIST: &str = "checklist.toml";
/// Name of the institution's own rules for the machine.
pub const RULES: &str = "marketing.toml";
const BYTES: u64 = 1024 * 1024;

fn text(dir: &Path, name: &str) -> Result<Option<String>, Fail> {
    let path = dir.join(name);
    if path.exists() { crate::commands::read_text(&path, BYTES).map(Some) } else { Ok(None) }
}

/// The institution's own checklist; nothing when there is none.
pub fn checklist(dir: &Path) -> Result<Option<Checklist>, Fail> {
    let Some(text) = text(dir, CHECKLIST)? else { return Ok(None) };
    Checklist::parse(&text).map(Some).map_err(|error| {
        let shown = dir.join(CHECKLIST).display().to_string();
        let what = both(format!("审查清单 {shown} 不能用"), format!("the checklist {shown} cannot be used"));
        let why = error.words();
        Fail::new(Kind::Input, what).because(both(why.zh, why.en)).next(
            "照 policies/review/cn-2026-11.toml 改;id 要换一个。",
            "Compare it with policies/review/cn-2026-11.toml, and give it an id of its own.",
        )
    })
}

/// The institution's own rules; nothing when there are none.
pub fn rules(dir: &Path) -> Result<Option<Book>, Fail> {
    let Some(text) = text(dir, RULES)? else { return Ok(None) };
    Book::read(&text).map(Some).map_err(|error| {
        let shown = dir.join(RULES).display().to_string();
        let what =
            both(format!("规则文件 {shown} 不能用"), format!("the file of rules {shown} cannot be used"));
        Fail::new(Kind::Input, what).caused_by(&error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingbai_core::govern::review::checklist::SHIPPED;

    #[test]
    fn own_files_are_taken_and_broken_ones_stop_the_start() -> Result<(), Fail> {
        let dir = std::env::temp_dir().join(format!("mingbai-reviewing-test-{}", std::process::id()));
        std::fs::create_dir_all(&dir).map_err(|e| Fail::writing(&dir, &e))?;
        assert!(checklist(&dir)?.is_none() && rules(&dir)?.is_none());
        let put = |name: &str, text: &str| {
            let path = dir.join(name);
            std::fs::write(&path, text).map_err(|e| Fail::writing(&path, &e))
        };
        put(CHECKLIST, &SHIPPED.replace("cn-review-2026-11", "our-own"))?;
        assert_eq!(checklist(&dir)?.map(|list| list.id().to_owned()), Some("our-own".to_owned()));
        put(CHECKLIST, "id = 1")?;
        put(RULES, "id = 1")?;
        let broken = (checklist(&dir), rules(&dir));
        std::fs::remove_dir_all(&dir).map_err(|e| Fail::writing(&dir, &e))?;
        assert!(broken.0.is_err_and(|fail| fail.in_short().en.contains("checklist")));
        assert!(broken.1.is_err_and(|fail| fail.in_short().en.contains("file of rules")));
        Ok(())
    }
}
