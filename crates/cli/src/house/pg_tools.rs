//! PostgreSQL's own tools for a backup: `pg_dump` and `pg_restore`. They are looked for, started with a password that stands in no
//! list of processes, heard while they work, and believed only when they end well.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mingbai_core::text::both;

use crate::database::DatabaseUrl;
use crate::fail::{Fail, Kind};
use crate::screen::Screen;

/// Where Debian and its relatives keep the tools of each version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// The last lines of a tool that failed.
const LAST_LINES: usize = 5;

/// A tool of PostgreSQL's.
#[derive(Clone, Copy)]
pub enum Tool {
    /// Writes a database into a file.
    Dump,
    /// Reads it back.
    Restore,
}

impl Tool {
    const fn name(self) -> &'static str {
        match self {
            Tool::Dump => "pg_dump",
            Tool::Restore => "pg_restore",
        }
    }

    /// The newest one that is installed: a tool may be newer than the server, but not older.
    pub fn find(self) -> Result<PathBuf, Fail> {
        let mut found: Vec<(u32, PathBuf)> = Vec::new();
        for entry in std::fs::read_dir(VERSIONS).into_iter().flatten().flatten() {
            let version = entry.file_name().to_str().and_then(|name| name.parse().ok());
            let path = entry.path().join("bin").join(self.name());
            if let Some(version) = version.filter(|_| path.is_file()) {
                found.push((version, path));
            }
        }
        if let Some((_, path)) = found.into_iter().max() {
            return Ok(path);
        }
        let asked = Command::new(self.name()).arg("--version").stdout(Stdio::null()).status();
        if asked.is_ok_and(|status| status.success()) {
            return Ok(PathBuf::from(self.name()));
        }
        let name = self.name();
        let what = both(format!("这台机器上没有 {name}"), format!("{name} is not installed on this machine"));
        Err(Fail::new(Kind::Io, what)
            .because(both(
                "PostgreSQL 的备份由它自己的工具来做,才是一个时刻的一致快照",
                "a backup of PostgreSQL is made by its own tools, which copy one moment of it",
            ))
            .next(
                "请安装 postgresql-client(版本不低于服务器),再运行一次。",
                "Install postgresql-client, no older than the server, and run this again.",
            ))
    }
}

/// Writes the database, as it was at the moment `snapshot`, into `file`.
pub fn dump(database: &DatabaseUrl, snapshot: &str, file: &Path, screen: &Screen) -> Result<(), Fail> {
    let mut command = Command::new(Tool::Dump.find()?);
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--verbose", "--snapshot", snapshot]);
    command.arg("--file").arg(file);
    run(Tool::Dump, command, database, screen)
}

/// Fills an empty database from `file`: all of it, or nothing.
pub fn restore(database: &DatabaseUrl, file: &Path, screen: &Screen) -> Result<(), Fail> {
    let mut command = Command::new(Tool::Restore.find()?);
    command.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--verbose"]);
    command.arg(file);
    run(Tool::Restore, command, database, screen)
}

fn run(tool: Tool, mut command: Command, database: &DatabaseUrl, screen: &Screen) -> Result<(), Fail> {
    let (url, password) = database.for_tools();
    command.arg("--dbname").arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    if let Some(password) = &password {
        command.env("PGPASSWORD", password.as_str());
    }
    let failed = |why: &dyn std::fmt::Display| {
        let name = tool.name();
        Fail::new(Kind::Io, both(format!("{name} 没有做成"), format!("{name} did not succeed")))
            .caused_by(why)
    };
    let mut child = command.spawn().map_err(|e| failed(&e))?;
    let mut last: Vec<String> = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if let Some(table) = table_in(&line) {
                eprintln!("{} {table}", screen.pick("表", "table"));
            }
            last.push(line);
            if last.len() > LAST_LINES {
                last.remove(0);
            }
        }
    }
    let status = child.wait().map_err(|e| failed(&e))?;
    if status.success() {
        return Ok(());
    }
    // The tools repeat an address only without its password, which they were not given in it.
    let errors: Vec<&str> = last.iter().filter(|line| line.contains("error")).map(String::as_str).collect();
    let told = if errors.is_empty() { last.join("\n") } else { errors.join("\n") };
    Err(failed(&told))
}

/// The table that a line of progress is about.
fn table_in(line: &str) -> Option<&str> {
    ["dumping contents of table ", "processing data for table "]
        .iter()
        .find_map(|mark| line.split(mark).nth(1))
        .map(|table| table.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::table_in;

    #[test]
    fn progress_is_read_from_both_tools() {
        assert_eq!(table_in("pg_dump: dumping contents of table \"public.record\""), Some("public.record"));
        assert_eq!(table_in("pg_restore: processing data for table \"public.node\""), Some("public.node"));
        assert_eq!(table_in("pg_dump: reading schemas"), None);
    }
}
