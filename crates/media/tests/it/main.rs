//! Real files through the real program. Where ffmpeg is not installed these tests say SKIPPED; where `MINGBAI_REQUIRE_FFMPEG` is set they must run.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod bench;
mod clips;
mod hostile;
mod tool;
