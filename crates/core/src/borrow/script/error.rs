//! Why a script cannot be used, and what would be right.

use super::{FILE_LIMIT, NODES_LIMIT, TEXT_LIMIT};

/// A script file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    /// Too large.
    #[error("话术文件 {bytes} 字节,最多 {FILE_LIMIT} / the script has {bytes} bytes, at most {FILE_LIMIT}")]
    TooLarge {
        /// Size.
        bytes: usize,
    },
    /// Not the TOML that is expected.
    #[error("话术文件第 {line} 行:{message} / script, line {line}: {message}")]
    Toml {
        /// Line, from 1.
        line: usize,
        /// What the reader says.
        message: String,
    },
    /// A format that this program does not read.
    #[error("话术格式版本 {found} 不认识,请用 1 / script format {found} is not known; use 1")]
    Version {
        /// Found.
        found: u32,
    },
    /// An id with other characters.
    #[error(
        "{field} “{found}”应为 1 到 40 个小写字母、数字、- 或 . / {field} {found:?} has 1 to 40 of a-z 0-9 - ."
    )]
    Identifier {
        /// Field.
        field: &'static str,
        /// Found.
        found: String,
    },
    /// No nodes, or too many.
    #[error(
        "话术有 {found} 个节点,应为 1 到 {NODES_LIMIT} / the script has {found} nodes; 1 to {NODES_LIMIT} are right"
    )]
    Nodes {
        /// Found.
        found: usize,
    },
    /// An id twice, or one that is not free.
    #[error("节点“{id}”重复或不可用,请改名 / node {id:?} stands twice or is taken; rename it")]
    Twice {
        /// Id.
        id: String,
    },
    /// An empty or endless text, or a wish that is confirmed by "no".
    #[error(
        "节点“{node}”的文字应为 1 到 {TEXT_LIMIT} 字,确认意愿只能以“是”通过 / the text of node {node:?} has 1 to {TEXT_LIMIT} characters; a wish is confirmed by yes"
    )]
    Text {
        /// Node.
        node: String,
    },
    /// A variable that does not exist, or not here.
    #[error("节点“{node}”用了没有的变量 {{{name}}} / node {node:?} uses the unknown variable {{{name}}}")]
    Variable {
        /// Node.
        node: String,
        /// Name.
        name: String,
    },
    /// Something that has to be said is not said in both languages.
    #[error("没有节点(中英文都)说到“{topic}” / no node covers {topic:?} in both languages")]
    Uncovered {
        /// Topic.
        topic: &'static str,
    },
}

impl ScriptError {
    pub(super) fn toml(text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start.min(text.len()));
        let line = text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
        ScriptError::Toml { line, message: error.message().to_owned() }
    }
}
