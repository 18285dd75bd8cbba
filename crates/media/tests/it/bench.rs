//! The program, and files made by it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use mingbai_media::{
    Check, Judged, Limits, LookError, Looked, Outcome, Part, Span, Thresholds, Tool, judge, look,
};

/// The program; `None` where it is not installed, and the test is passed over.
pub fn tool(test: &str) -> Option<Tool> {
    static TOOL: OnceLock<Result<Tool, String>> = OnceLock::new();
    let found = TOOL.get_or_init(|| {
        let places = ["/usr/bin/ffmpeg", "/usr/local/bin/ffmpeg", "/opt/homebrew/bin/ffmpeg"];
        let place = places.iter().map(Path::new).find(|path| path.exists());
        let place = place.ok_or_else(|| "ffmpeg is not installed".to_owned())?;
        Tool::at(place).map_err(|e| e.to_string())
    });
    match found {
        Ok(tool) => Some(tool.clone()),
        Err(why) => {
            assert!(
                std::env::var_os("MINGBAI_REQUIRE_FFMPEG").is_none(),
                "{test}: {why}, and MINGBAI_REQUIRE_FFMPEG is set"
            );
            eprintln!("SKIPPED {test}: {why}");
            None
        }
    }
}

/// Makes a file: inputs and filters in, bytes out.
pub fn film(tool: &Tool, arguments: &[&str]) -> Vec<u8> {
    let out = Command::new(tool.path())
        .args(["-v", "error", "-nostdin"])
        .args(arguments)
        .arg("pipe:1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

/// What a browser would make of a moving picture and a tone.
pub const CODED: [&str; 14] = [
    // More threads of this encoder only wait for each other on a busy machine.
    "-threads",
    "1",
    "-c:v",
    "libvpx",
    "-deadline",
    "realtime",
    "-cpu-used",
    "8",
    "-b:v",
    "300k",
    "-c:a",
    "libopus",
    "-f",
    "webm",
];

/// Pieces of a file as they come from a store.
pub fn look_at(tool: &Tool, limits: &Limits, hear: &[Span], bytes: &[u8]) -> Looked {
    look_in(tool, limits, hear, bytes, 4_096).unwrap()
}

/// In pieces of a size.
pub fn look_in(
    tool: &Tool,
    limits: &Limits,
    hear: &[Span],
    bytes: &[u8],
    piece: usize,
) -> Result<Looked, LookError<Infallible>> {
    let mut left: VecDeque<Vec<u8>> = bytes.chunks(piece).map(<[u8]>::to_vec).collect();
    let looked = look(tool, limits, hear, &mut || Ok(left.pop_front()));
    assert!(left.is_empty(), "whoever gives the pieces is read to the end");
    looked
}

/// Parts of so many seconds, with a text of so many characters.
pub fn parts(seconds: &[(i64, i64)], characters: u32) -> Vec<Part> {
    let part = |(at, (from, to)): (usize, &(i64, i64))| Part {
        id: format!("part-{at}"),
        span: Span { start_ms: from * 1_000, end_ms: to * 1_000 },
        characters,
    };
    seconds.iter().enumerate().map(part).collect()
}

/// What is wrong about a part, and where.
pub fn wrong(judged: &Judged) -> Vec<(Check, i64)> {
    let wrong = |(check, outcome): &(Check, Outcome)| match outcome {
        Outcome::Wrong { at_ms, .. } => Some((*check, *at_ms)),
        _ => None,
    };
    judged.checks.iter().filter_map(wrong).collect()
}

/// What could not be told.
pub fn unknown(judged: &Judged) -> Vec<Check> {
    let unknown =
        |(check, outcome): &(Check, Outcome)| matches!(outcome, Outcome::Unknown { .. }).then_some(*check);
    judged.checks.iter().filter_map(unknown).collect()
}

/// Judged with the usual thresholds.
pub fn judged(looked: &Looked, parts: &[Part]) -> Vec<Judged> {
    judge(&looked.measured, parts, &Thresholds::default())
}
