//! The program that decodes: found, asked for its version and for the filters that are needed. It is a child process of its own, so that
//! a decoder's fault with a hostile file ends that process and not the house's.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::guard::Guard;
use crate::words::{Words, both};

/// The filters that are used, by name.
const FILTERS: [&str; 14] = [
    "crop",
    "scale",
    "split",
    "select",
    "metadata",
    "freezedetect",
    "blackdetect",
    "blurdetect",
    "aresample",
    "aformat",
    "asetnsamples",
    "astats",
    "ebur128",
    "ametadata",
];
/// How long the program may take to say who it is.
const ASK_LIMIT: Duration = Duration::from_secs(20);
/// More than any list of filters.
const ANSWER_LIMIT: u64 = 1 << 20;

/// Why the program cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ToolError {
    /// It cannot be started.
    #[error(
        "{path} cannot be started: {why}; install ffmpeg (Debian: apt-get install ffmpeg) or name its path"
    )]
    Start {
        /// What was to be started.
        path: String,
        /// Why not.
        why: String,
    },
    /// It is another program, or does not answer.
    #[error("{path} does not answer like ffmpeg; name the path of ffmpeg")]
    Stranger {
        /// What was asked.
        path: String,
    },
    /// It was built without something, or is older than 5.1.
    #[error("{path} lacks {filters}; version 5.1 or newer with its usual filters is needed")]
    Lacks {
        /// What was asked.
        path: String,
        /// Names of filters.
        filters: String,
    },
}

impl ToolError {
    /// In both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let zh = match self {
            ToolError::Start { path, why } => {
                format!("{path} 启动不了:{why}。请安装 ffmpeg(Debian:apt-get install ffmpeg),或写明路径。")
            }
            ToolError::Stranger { path } => format!("{path} 的回答不像 ffmpeg;请写 ffmpeg 的路径。"),
            ToolError::Lacks { path, filters } => {
                format!("{path} 缺少 {filters};需要 5.1 或更新、带常用滤镜的版本。")
            }
        };
        both(zh, self.to_string())
    }
}

/// A program that was asked and can do what is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    path: PathBuf,
    version: String,
}

impl Tool {
    /// Asks the program at this path. Takes a moment: it is done once, at the start.
    ///
    /// # Errors
    /// [`ToolError`].
    pub fn at(path: &Path) -> Result<Self, ToolError> {
        let shown = path.display().to_string();
        let stranger = || ToolError::Stranger { path: shown.clone() };
        let first = answer(path, &["-hide_banner", "-version"])?;
        let first = first.lines().next().unwrap_or_default().to_owned();
        let version = first.strip_prefix("ffmpeg version ").and_then(|rest| rest.split(' ').next());
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '~');
        let version: String = version.ok_or_else(stranger)?.chars().filter(|c| plain(*c)).take(40).collect();
        let filters = answer(path, &["-hide_banner", "-filters"])?;
        let has = |name: &&str| filters.lines().any(|line| line.split_whitespace().nth(1) == Some(*name));
        let lacks: Vec<&str> = FILTERS.iter().copied().filter(|name| !has(name)).collect();
        if !lacks.is_empty() {
            return Err(ToolError::Lacks { path: shown, filters: lacks.join(", ") });
        }
        Ok(Tool { path: path.to_path_buf(), version })
    }

    /// Its version, as it says.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn command(&self) -> Command {
        bare(&self.path)
    }
}

/// A command that inherits nothing: the house's environment holds secrets, and its folder is nobody's business.
fn bare(path: &Path) -> Command {
    let mut command = Command::new(path);
    command.env_clear().env("LC_ALL", "C").current_dir("/");
    command
}

fn answer(path: &Path, arguments: &[&str]) -> Result<String, ToolError> {
    let start =
        |e: &std::io::Error| ToolError::Start { path: path.display().to_string(), why: e.to_string() };
    let mut command = bare(path);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|e| start(&e))?;
    let out = child.stdout.take();
    let child = Arc::new(Mutex::new(child));
    let guard = Guard::over(vec![child.clone()], ASK_LIMIT);
    let mut text = Vec::new();
    if let Some(out) = out {
        // What was read so far is judged; a program that breaks off says too little.
        out.take(ANSWER_LIMIT).read_to_end(&mut text).map_err(|e| start(&e))?;
    }
    guard.end();
    Ok(String::from_utf8_lossy(&text).into_owned())
}
