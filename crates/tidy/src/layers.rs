//! Who may use whom (DESIGN §3), checked against the real dependency graph of `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::Breach;

/// One crate's row of the table.
pub struct Row {
    /// Package.
    pub name: &'static str,
    /// Packages of the house that it may name as a dependency.
    pub may_use: &'static [&'static str],
    /// Outside packages that it must not reach, by any path.
    pub never: &'static [&'static str],
}

const RULES: &[&str] = &["tokio", "sqlx", "axum", "askama", "typst", "reqwest", "rand"];

/// The table of ARCHITECTURE.md. A boundary change is a change here first.
pub const TABLE: &[Row] = &[
    Row { name: "mingbai-cost", may_use: &[], never: RULES },
    Row { name: "mingbai-evidence", may_use: &["mingbai-cost"], never: RULES },
    Row { name: "mingbai-core", may_use: &["mingbai-cost", "mingbai-evidence"], never: RULES },
    Row { name: "mingbai-scam", may_use: &[], never: RULES },
    Row { name: "mingbai-rings", may_use: &[], never: RULES },
    Row { name: "mingbai-sign", may_use: &[], never: RULES },
    Row { name: "mingbai-scan", may_use: &[], never: RULES },
    Row { name: "mingbai-learn", may_use: &[], never: RULES },
    Row { name: "mingbai-media", may_use: &[], never: RULES },
    Row { name: "mingbai-lint", may_use: &["mingbai-core", "mingbai-cost"], never: RULES },
    Row {
        name: "mingbai-desk",
        may_use: &[
            "mingbai-core",
            "mingbai-cost",
            "mingbai-evidence",
            "mingbai-learn",
            "mingbai-lint",
            "mingbai-rings",
            "mingbai-scam",
        ],
        never: &["sqlx", "axum", "askama", "typst", "reqwest"],
    },
    Row {
        name: "mingbai-store",
        may_use: &["mingbai-desk", "mingbai-core", "mingbai-cost", "mingbai-evidence"],
        never: &["axum", "askama", "typst"],
    },
    Row {
        name: "mingbai-paper",
        may_use: &["mingbai-desk", "mingbai-core", "mingbai-cost", "mingbai-evidence"],
        never: &["sqlx", "axum", "askama"],
    },
    Row {
        name: "mingbai-web",
        may_use: &["mingbai-desk", "mingbai-core", "mingbai-cost", "mingbai-evidence"],
        never: &["sqlx", "typst"],
    },
    Row { name: "mingbai-book", may_use: &["mingbai-cost"], never: &["sqlx", "axum", "askama", "typst"] },
    Row {
        name: "mingbai",
        may_use: &[
            "mingbai-core",
            "mingbai-cost",
            "mingbai-evidence",
            "mingbai-desk",
            "mingbai-store",
            "mingbai-paper",
            "mingbai-web",
            "mingbai-scam",
            "mingbai-rings",
            "mingbai-sign",
            "mingbai-scan",
            "mingbai-media",
            "mingbai-lint",
            "mingbai-book",
        ],
        never: &[],
    },
    Row { name: "mingbai-tidy", may_use: &[], never: &["tokio", "sqlx", "axum"] },
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// `null` = a normal dependency; tests and build scripts may use more.
    kind: Option<String>,
}

/// Compares `cargo metadata`'s answer with `table`.
///
/// # Errors
/// When the text is not the answer of `cargo metadata`.
pub fn check(metadata: &str, table: &[Row]) -> Result<Vec<Breach>, serde_json::Error> {
    let metadata: Metadata = serde_json::from_str(metadata)?;
    let names: BTreeMap<&str, &str> =
        metadata.packages.iter().map(|p| (p.id.as_str(), p.name.as_str())).collect();
    let uses = normal_dependencies(&metadata);
    let mut breaches = Vec::new();
    for member in &metadata.workspace_members {
        let name = names.get(member.as_str()).copied().unwrap_or(member);
        let Some(row) = table.iter().find(|row| row.name == name) else {
            breaches.push(Breach::at(name, 0, "this crate has no row in the table of layers; add one first"));
            continue;
        };
        for used in uses.get(member.as_str()).into_iter().flatten() {
            let used = names.get(used).copied().unwrap_or(used);
            if used.starts_with("mingbai") && !row.may_use.contains(&used) {
                breaches.push(Breach::at(name, 0, format!("must not use {used}")));
            }
        }
        for reached in closure(member, &uses) {
            let reached = names.get(reached).copied().unwrap_or(reached);
            if row.never.contains(&reached) {
                breaches.push(Breach::at(
                    name,
                    0,
                    format!("must not reach {reached}, but some dependency brings it"),
                ));
            }
        }
    }
    Ok(breaches)
}

fn normal_dependencies(metadata: &Metadata) -> BTreeMap<&str, Vec<&str>> {
    let normal = |d: &&Dependency| d.dep_kinds.iter().any(|k| k.kind.is_none());
    let of = |node: &'_ Node| {
        node.deps.iter().filter(normal).map(|d| d.pkg.as_str().to_owned()).collect::<Vec<_>>()
    };
    let index: BTreeMap<&str, &str> =
        metadata.packages.iter().map(|p| (p.id.as_str(), p.id.as_str())).collect();
    let known = |ids: Vec<String>| ids.iter().filter_map(|id| index.get(id.as_str()).copied()).collect();
    metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), known(of(node)))).collect()
}

fn closure<'a>(start: &'a str, uses: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        for next in uses.get(id).into_iter().flatten() {
            if seen.insert(*next) {
                open.push(next);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRAPH: &str = r#"{
        "packages": [{"id":"c","name":"mingbai-cost"},{"id":"w","name":"mingbai-web"},{"id":"h","name":"helper"},
                     {"id":"t","name":"tokio"},{"id":"n","name":"mingbai-new"}],
        "workspace_members": ["c","w","n"],
        "resolve": {"nodes": [
            {"id":"c","deps":[{"pkg":"h","dep_kinds":[{"kind":null}]},{"pkg":"w","dep_kinds":[{"kind":"dev"}]}]},
            {"id":"h","deps":[{"pkg":"t","dep_kinds":[{"kind":null}]}]},
            {"id":"t","deps":[]},
            {"id":"n","deps":[]},
            {"id":"w","deps":[{"pkg":"n","dep_kinds":[{"kind":null}]}]}]}}"#;

    #[test]
    fn a_breach_is_found_through_others_and_dev_dependencies_are_free() {
        let breaches = check(GRAPH, TABLE).unwrap_or_default();
        let told: Vec<String> = breaches.iter().map(Breach::to_string).collect();
        assert_eq!(
            told,
            [
                "mingbai-cost: must not reach tokio, but some dependency brings it",
                "mingbai-web: must not use mingbai-new",
                "mingbai-new: this crate has no row in the table of layers; add one first",
            ]
        );
    }
}
