//! The program itself: there, another one, or none.

use std::path::Path;

use mingbai_media::{Tool, ToolError};

use crate::bench::tool;

#[test]
fn the_program_says_who_it_is() {
    let Some(tool) = tool("the_program_says_who_it_is") else { return };
    assert!(tool.version().starts_with(|c: char| c.is_ascii_alphanumeric()), "{}", tool.version());
}

#[test]
fn no_program_and_another_program_are_told_apart() {
    let none = Tool::at(Path::new("/nowhere/ffmpeg")).unwrap_err();
    assert!(matches!(none, ToolError::Start { .. }));
    assert!(none.words().zh.contains("apt-get install ffmpeg"));
    let other = Tool::at(Path::new("/bin/echo")).unwrap_err();
    assert_eq!(other, ToolError::Stranger { path: "/bin/echo".to_owned() });
}
