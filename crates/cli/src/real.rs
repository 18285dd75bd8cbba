//! The real world: clock, dice and environment. The only file of the house that may ask for them (DESIGN law 9).

use std::collections::BTreeMap;

/// Whether colour may be used at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// When stdout is a terminal.
    WhenTerminal,
    /// Never: `NO_COLOR` is set.
    Never,
}

/// The `MINGBAI_*` variables and `NO_COLOR`, read once at the start.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Reads the process environment. A variable that is not Unicode is left out.
    pub fn read() -> Self {
        let known = |name: &str| name.starts_with("MINGBAI_") || name == "NO_COLOR";
        let pairs =
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        Environment(pairs.filter(|(name, _)| known(name)).collect())
    }

    /// A variable's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Every `MINGBAI_*` name that is set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str).filter(|name| name.starts_with("MINGBAI_"))
    }

    /// Whether colour is allowed (<https://no-color.org>).
    pub fn colour(&self) -> Colour {
        if self.get("NO_COLOR").is_some_and(|v| !v.is_empty()) { Colour::Never } else { Colour::WhenTerminal }
    }
}

/// Unix time in milliseconds.
#[expect(clippy::disallowed_methods, reason = "this is the real clock that the rest of the house is handed")]
pub fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Today in the lender's civil time.
pub fn today() -> jiff::civil::Date {
    beijing(now_ms()).date()
}

/// A moment as it is printed.
pub fn in_beijing(at_ms: i64) -> String {
    beijing(at_ms).strftime("%Y-%m-%d %H:%M").to_string()
}

/// China Standard Time: UTC+8, no summer time.
fn beijing(at_ms: i64) -> jiff::civil::DateTime {
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    jiff::tz::Offset::constant(8).to_datetime(at)
}

/// Fills `buffer` from the system's generator.
pub fn throw(buffer: &mut [u8]) {
    if aws_lc_rs::rand::fill(buffer).is_err() {
        // Going on would hand out guessable keys, links and digits: no work is worth that.
        eprintln!("系统的随机数发生器坏了,程序停止。 / The system's random generator is broken; stopping.");
        std::process::abort();
    }
}

/// Where a program of this name may be, in the order in which the system looks for it.
pub fn on_path(name: &str) -> Vec<std::path::PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let place = |folder: std::path::PathBuf| folder.join(name);
    std::env::split_paths(&path).map(place).filter(|place| place.is_absolute() && place.is_file()).collect()
}

/// The file of this very program, to start it once more.
pub fn this_program() -> std::io::Result<std::path::PathBuf> {
    std::env::current_exe()
}

/// A time that only ever goes forward, to measure how long something took.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts now.
    #[expect(clippy::disallowed_methods, reason = "progress is measured in crates/cli")]
    pub fn start() -> Self {
        Stopwatch(std::time::Instant::now())
    }

    /// Whole seconds since the start.
    pub fn seconds(self) -> u64 {
        self.0.elapsed().as_secs()
    }
}
