//! The law of the house, as the demo checks it: a step that did not go as it must ends the story with exit code 1.

use std::fmt::Debug;

use mingbai_core::text::both;

use crate::fail::{Fail, Kind};

/// The house did not keep its own law.
pub fn broken(zh: impl Into<String>, en: impl Into<String>) -> Fail {
    Fail::new(Kind::No, both(zh, en)).next(
        "这是明白自身的错误:请带着上面的步骤报告给开发者。",
        "This is a fault of Mingbai itself: please report it with the steps above.",
    )
}

/// Holds what was found against what must be.
pub fn must_be<T: PartialEq + Debug>(what: (&str, &str), found: &T, must: &T) -> Result<(), Fail> {
    if found == must {
        return Ok(());
    }
    let (zh, en) = what;
    Err(broken(
        format!("{zh}:应为 {must:?},实为 {found:?}"),
        format!("{en}: it must be {must:?} and is {found:?}"),
    ))
}
