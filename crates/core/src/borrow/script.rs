//! The script of a recording: what is read out, node by node, and what she answers. The file is text that compliance releases; every
//! figure in it is filled in from the one cost table, so that what is spoken is what is agreed (DESIGN law 4). What a node covers is
//! read from the variables that it uses and not declared beside them: a script cannot claim to name a fee that it does not name.

mod error;
mod fill;

use std::collections::BTreeSet;

use mingbai_cost::{CostTable, Words};
use mingbai_evidence::Digest;
use serde::{Deserialize, Serialize};

pub use error::ScriptError;
pub use fill::{Spoken, spoken_json};

/// The most bytes of a script file.
pub const FILE_LIMIT: usize = 48 * 1024;
/// The most nodes of a script file.
pub const NODES_LIMIT: usize = 40;
/// The most characters of one node's text in one language: what a person can take in before she is asked.
pub const TEXT_LIMIT: usize = 600;

/// What a node is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// Who is there, and that she agrees to be recorded.
    Identity,
    /// Something is read out; she says that it is as she was told.
    Statement,
    /// Something is asked.
    Question,
    /// Her own wish.
    Confirm,
}

/// The answer with which the recording goes on; any other stops it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Yes.
    Yes,
    /// No ("did anybody tell you what to answer?").
    No,
}

/// How often a node comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comes {
    /// Once.
    #[default]
    Once,
    /// Once for every item of the cost table.
    EachItem,
}

/// One node, as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Stable id, `[a-z0-9-]{1,40}`; a node for each item gets `item.<key of the item>`.
    pub id: String,
    /// What it is for.
    pub kind: NodeKind,
    /// How often it comes.
    #[serde(default)]
    pub comes: Comes,
    /// The answer with which it goes on.
    pub expects: Expected,
    /// The text, with variables in braces.
    pub text: Words,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptFile {
    v: u32,
    id: String,
    version: String,
    title: Words,
    #[serde(rename = "node")]
    nodes: Vec<Node>,
}

/// A checked script. It can only be made by [`Script::parse`], so one in hand names every figure that has to be named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    file: ScriptFile,
    text: String,
    digest: Digest,
}

impl Script {
    /// Reads and checks a script.
    ///
    /// # Errors
    /// [`ScriptError`] says what is wrong, and what would be right.
    pub fn parse(text: &str) -> Result<Script, ScriptError> {
        if text.len() > FILE_LIMIT {
            return Err(ScriptError::TooLarge { bytes: text.len() });
        }
        let file: ScriptFile = toml::from_str(text).map_err(|e| ScriptError::toml(text, &e))?;
        check(&file)?;
        Ok(Script { file, text: text.to_owned(), digest: Digest::of(text.as_bytes()) })
    }

    /// Id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.file.id
    }

    /// Version. A changed file needs a new one.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.file.version
    }

    /// Its name.
    #[must_use]
    pub fn title(&self) -> &Words {
        &self.file.title
    }

    /// The nodes, as written.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.file.nodes
    }

    /// The exact bytes that were parsed and that a review releases.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of these bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

/// What must be named in any recording about this table: every topic has to be covered by a node that she answered.
#[must_use]
pub fn topics(table: &CostTable) -> Vec<String> {
    let mut all: Vec<String> = BASE.iter().map(|topic| (*topic).to_owned()).collect();
    if !table.early.is_empty() {
        all.push(EARLY.to_owned());
    }
    all.extend(table.items.iter().map(|item| item_topic(&item.key)));
    all
}

/// The topic of one item of the table.
#[must_use]
pub fn item_topic(key: &str) -> String {
    format!("item.{key}")
}

const EARLY: &str = "early";
const BASE: [&str; 7] = ["identity", "principal", "annual", "instalment", "late", "nothing_else", "wish"];

/// Topics that a text covers by the variables it uses, in a script that is not filled in yet.
fn covered(node: &Node) -> Vec<&'static str> {
    let uses = |name: &str| {
        let hole = format!("{{{name}}}");
        node.text.zh.contains(&hole) && node.text.en.contains(&hole)
    };
    let mut out = Vec::new();
    match node.kind {
        NodeKind::Identity => out.push("identity"),
        NodeKind::Confirm => out.push("wish"),
        NodeKind::Statement | NodeKind::Question => {}
    }
    for (topic, variables) in [
        ("principal", &["principal"][..]),
        ("annual", &["annual"]),
        ("instalment", &["first_amount", "instalments"]),
        ("late", &["late_extra"]),
        ("nothing_else", &["nothing_else"]),
        (EARLY, &["early_payoff"]),
        ("item", &["item", "payee", "item_total"]),
    ] {
        if variables.iter().all(|name| uses(name)) && (topic == "item") == (node.comes == Comes::EachItem) {
            out.push(topic);
        }
    }
    out
}

fn check(file: &ScriptFile) -> Result<(), ScriptError> {
    if file.v != 1 {
        return Err(ScriptError::Version { found: file.v });
    }
    identifier("id", &file.id)?;
    identifier("version", &file.version)?;
    if file.nodes.is_empty() || file.nodes.len() > NODES_LIMIT {
        return Err(ScriptError::Nodes { found: file.nodes.len() });
    }
    let mut ids = BTreeSet::new();
    for node in &file.nodes {
        identifier("node.id", &node.id)?;
        // The consultant's own side of a remote recording goes by this name.
        if !ids.insert(node.id.as_str()) || node.id == super::recording::CONSULTANT_NODE {
            return Err(ScriptError::Twice { id: node.id.clone() });
        }
        for text in [&node.text.zh, &node.text.en] {
            if text.trim().is_empty() || text.chars().count() > TEXT_LIMIT {
                return Err(ScriptError::Text { node: node.id.clone() });
            }
            if let Some(name) = fill::unknown_variable(text, node.comes) {
                return Err(ScriptError::Variable { node: node.id.clone(), name });
            }
        }
        if node.kind == NodeKind::Confirm && node.expects == Expected::No {
            return Err(ScriptError::Text { node: node.id.clone() });
        }
    }
    let named: BTreeSet<&str> = file.nodes.iter().flat_map(covered).collect();
    let needed = BASE.into_iter().chain([EARLY, "item"]);
    match needed.into_iter().find(|topic| !named.contains(topic)) {
        Some(topic) => Err(ScriptError::Uncovered { topic }),
        None => Ok(()),
    }
}

fn identifier(field: &'static str, text: &str) -> Result<(), ScriptError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    if (1..=40).contains(&text.len()) && text.chars().all(plain) && !text.starts_with("item.") {
        Ok(())
    } else {
        Err(ScriptError::Identifier { field, found: text.chars().take(60).collect() })
    }
}

#[cfg(test)]
mod tests;
