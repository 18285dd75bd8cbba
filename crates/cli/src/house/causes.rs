//! The list of causes by which complaints are sorted: the institution's own, `causes.toml` in the data folder, or the one that is shipped.

use std::path::Path;

use mingbai_core::text::{Tell as _, both};
use mingbai_core::trust::complaint::taxonomy::Taxonomy;

use crate::fail::{Fail, Kind};

/// Name of the institution's own list, in the data folder.
pub const CAUSES: &str = "causes.toml";
const BYTES: u64 = 256 * 1024;

/// Reads the institution's own list; nothing when there is none.
pub fn load(dir: &Path) -> Result<Option<Taxonomy>, Fail> {
    let path = dir.join(CAUSES);
    if !path.exists() {
        return Ok(None);
    }
    let text = crate::commands::read_text(&path, BYTES)?;
    let list = Taxonomy::parse(&text).map_err(|error| {
        let shown = path.display();
        let what =
            both(format!("投诉原因表 {shown} 不能用"), format!("the list of causes {shown} cannot be used"));
        let why = error.words();
        Fail::new(Kind::Input, what).because(both(why.zh, why.en)).next(
            "照 policies/complaints/cn-jrt0169.toml 改;id 要换一个。",
            "Compare it with policies/complaints/cn-jrt0169.toml, and give it an id of its own.",
        )
    })?;
    Ok(Some(list))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingbai_core::trust::complaint::taxonomy::SHIPPED;

    #[test]
    fn an_own_list_is_taken_and_a_broken_one_stops_the_start() -> Result<(), Fail> {
        let dir = std::env::temp_dir().join(format!("mingbai-causes-test-{}", std::process::id()));
        std::fs::create_dir_all(&dir).map_err(|e| Fail::writing(&dir, &e))?;
        assert_eq!(load(&dir)?, None);
        let path = dir.join(CAUSES);
        let put = |text: &str| std::fs::write(&path, text).map_err(|e| Fail::writing(&path, &e));
        put(&SHIPPED.replace("cn-jrt0169-2018", "our-own"))?;
        assert_eq!(load(&dir)?.map(|list| list.id), Some("our-own".to_owned()));
        put("id = 1")?;
        let outcome = load(&dir);
        std::fs::remove_dir_all(&dir).map_err(|e| Fail::writing(&dir, &e))?;
        assert!(outcome.is_err_and(|fail| fail.in_short().en.contains("list of causes")));
        Ok(())
    }
}
