//! The files of `content/`, compiled in. A test holds this list against the folder, so that no lesson lies there unread.

use super::library::File;

macro_rules! content {
    ($($path:literal),* $(,)?) => {
        /// Path below `content/`, and content.
        pub(super) const CONTENT: &[(&str, &str)] =
            &[$(($path, include_str!(concat!("../../../../content/", $path)))),*];
    };
}

content![
    "sources.toml",
    "items/borrowing.toml",
    "items/rights.toml",
    "items/saving.toml",
    "items/scams.toml",
    "items/messages.toml",
    "lessons/click-farming.en.md",
    "lessons/click-farming.zh-CN.md",
    "lessons/complain.en.md",
    "lessons/complain.zh-CN.md",
    "lessons/credit-repair.en.md",
    "lessons/credit-repair.zh-CN.md",
    "lessons/eight-rights.en.md",
    "lessons/eight-rights.zh-CN.md",
    "lessons/illegal-intermediary.en.md",
    "lessons/illegal-intermediary.zh-CN.md",
    "lessons/loan-cost.en.md",
    "lessons/loan-cost.zh-CN.md",
    "lessons/pension-investment.en.md",
    "lessons/pension-investment.zh-CN.md",
    "lessons/shopping-refund.en.md",
    "lessons/shopping-refund.zh-CN.md",
    "lessons/staff-care.en.md",
    "lessons/staff-care.zh-CN.md",
    "lessons/staff-ceremony.en.md",
    "lessons/staff-ceremony.zh-CN.md",
    "lessons/staff-cost.en.md",
    "lessons/staff-cost.zh-CN.md",
    "lessons/ten-scams.en.md",
    "lessons/ten-scams.zh-CN.md",
];

/// Every file, by its name without the folder.
pub(super) fn files() -> Vec<File> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    CONTENT.iter().map(|(path, text)| File { name: name(path), text: (*text).to_owned() }).collect()
}
