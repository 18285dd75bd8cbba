//! What ffmpeg says, line by line, as numbers. Lines that are none of ours are passed over; a broken number is no number.

use crate::measured::{Measured, Picture, Span, Trouble, Window};

/// The most pictures that are remembered: five hours at 60 a second.
pub const FRAMES_LIMIT: usize = 5 * 3_600 * 60;
/// The most tenths of a second of sound that are remembered: five hours and some.
pub const WINDOWS_LIMIT: usize = 5 * 3_600 * 10 + 600;
/// The most stretches and complaints of one kind that are remembered.
pub const SPANS_LIMIT: usize = 4_000;
/// The most complaints that are remembered.
pub const TROUBLES_LIMIT: usize = 40;
const TEXT_LIMIT: usize = 200;
/// Digital silence is minus infinity; anything lower is as silent.
const FLOOR_CDB: i32 = -12_000;

/// More was said than is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMuch;

/// Seconds as the program writes them, in milliseconds.
fn ms(text: &str) -> Option<i64> {
    let seconds: f64 = text.trim().parse().ok()?;
    // A day is far beyond what is recorded and far inside of what fits.
    (seconds.is_finite() && seconds.abs() < 86_400.0).then(|| ((seconds * 1_000.0).round() as i64).max(0))
}

/// Decibels as the program writes them, in hundredths; silence is its floor.
fn hundredths(text: &str) -> Option<i32> {
    let level: f64 = text.trim().parse().ok()?;
    if level == f64::NEG_INFINITY {
        return Some(FLOOR_CDB);
    }
    level.is_finite().then(|| ((level * 100.0).round().clamp(-1e6, 1e6) as i32).max(FLOOR_CDB))
}

/// The moment in `frame:12   pts:480  pts_time:0.48`; `None` for another line.
fn moment(line: &str) -> Option<Option<i64>> {
    let rest = line.strip_prefix("frame:")?;
    Some(rest.split("pts_time:").nth(1).and_then(ms))
}

/// The picture's half: moments, black and frozen stretches.
#[derive(Debug, Default)]
pub struct PictureLines {
    frames_ms: Vec<i64>,
    black: Vec<Span>,
    frozen: Vec<Span>,
    black_from: Option<i64>,
    frozen_from: Option<i64>,
}

impl PictureLines {
    /// Reads a line; says until when pictures were seen.
    ///
    /// # Errors
    /// [`TooMuch`].
    pub fn line(&mut self, line: &str) -> Result<Option<i64>, TooMuch> {
        if let Some(at) = moment(line) {
            let Some(at) = at else { return Ok(None) };
            if self.frames_ms.len() >= FRAMES_LIMIT {
                return Err(TooMuch);
            }
            self.frames_ms.push(at);
            return Ok(Some(at));
        }
        let Some((key, value)) = line.split_once('=') else { return Ok(None) };
        let at = ms(value);
        match key {
            "lavfi.black_start" => self.black_from = at,
            "lavfi.black_end" => push(&mut self.black, self.black_from.take(), at)?,
            "lavfi.freezedetect.freeze_start" => self.frozen_from = at,
            "lavfi.freezedetect.freeze_end" => push(&mut self.frozen, self.frozen_from.take(), at)?,
            _ => {}
        }
        Ok(None)
    }

    /// Everything, when the file has ended; what is still black or frozen is so to the end.
    #[must_use]
    pub fn into(mut self, into: Measured) -> Measured {
        self.frames_ms.sort_unstable();
        let end = self.frames_ms.last().copied();
        // Both lists have room for one more, or the reading would have ended.
        let _room = push(&mut self.black, self.black_from, end);
        let _room = push(&mut self.frozen, self.frozen_from, end);
        Measured { frames_ms: self.frames_ms, black: self.black, frozen: self.frozen, ..into }
    }
}

fn push(all: &mut Vec<Span>, from: Option<i64>, to: Option<i64>) -> Result<(), TooMuch> {
    let (Some(start_ms), Some(end_ms)) = (from, to) else { return Ok(()) };
    if all.len() >= SPANS_LIMIT {
        return Err(TooMuch);
    }
    if start_ms < end_ms {
        all.push(Span { start_ms, end_ms });
    }
    Ok(())
}

/// The sound's half: levels and loudness, a tenth of a second at a time.
#[derive(Debug, Default)]
pub struct SoundLines {
    windows: Vec<Window>,
    at_ms: Option<i64>,
    rms: Option<i32>,
    peak: Option<i32>,
}

impl SoundLines {
    /// Reads a line; says until when sound was heard.
    ///
    /// # Errors
    /// [`TooMuch`].
    pub fn line(&mut self, line: &str) -> Result<Option<i64>, TooMuch> {
        if let Some(at) = moment(line) {
            (self.at_ms, self.rms, self.peak) = (at, None, None);
            return Ok(at);
        }
        let Some((key, value)) = line.split_once('=') else { return Ok(None) };
        // Loudness of perfect silence is no number.
        let silent = key == "lavfi.r128.M" && value.ends_with("nan");
        let value = if silent { Some(FLOOR_CDB) } else { hundredths(value) };
        match key {
            "lavfi.astats.Overall.RMS_level" => self.rms = value,
            "lavfi.astats.Overall.Peak_level" => self.peak = value,
            // The loudness comes last and completes the window.
            "lavfi.r128.M" => {
                if let (Some(at_ms), Some(rms_cdb), Some(peak_cdb), Some(momentary_clufs)) =
                    (self.at_ms.take(), self.rms, self.peak, value)
                {
                    if self.windows.len() >= WINDOWS_LIMIT {
                        return Err(TooMuch);
                    }
                    self.windows.push(Window { at_ms, rms_cdb, peak_cdb, momentary_clufs });
                }
            }
            _ => {}
        }
        Ok(None)
    }

    /// Everything, when the file has ended.
    #[must_use]
    pub fn into(mut self, into: Measured) -> Measured {
        self.windows.sort_by_key(|window| window.at_ms);
        Measured { windows: self.windows, ..into }
    }
}

/// What the program says beside its numbers: which streams there are, what it complains about, and how blurred pictures are.
#[derive(Debug, Default)]
pub struct LogLines {
    /// Declared picture.
    pub picture: Option<Picture>,
    /// Declared sound.
    pub sound: Option<String>,
    /// Complaints.
    pub troubles: Vec<Trouble>,
    /// Blur.
    pub blur_milli: Vec<(i64, u32)>,
    at_ms: Option<i64>,
    declared: bool,
}

impl LogLines {
    /// Reads a line; `now_ms` is how far the decoding has come.
    ///
    /// # Errors
    /// [`TooMuch`].
    pub fn line(&mut self, line: &str, now_ms: i64) -> Result<(), TooMuch> {
        if let Some(at) = moment(line) {
            self.at_ms = at;
        } else if let Some(value) = line.strip_prefix("lavfi.blur=") {
            let value = value.trim().parse::<f64>().ok().filter(|blur| blur.is_finite() && *blur > 0.0);
            if let (Some(at), Some(blur)) = (self.at_ms.take(), value) {
                if self.blur_milli.len() >= WINDOWS_LIMIT {
                    return Err(TooMuch);
                }
                self.blur_milli.push((at, (blur * 1_000.0).round().min(1e6) as u32));
            }
        } else if line.starts_with("[info] Stream mapping:") {
            // Behind it the program describes what it writes.
            self.declared = true;
        } else if let Some(stream) = line.strip_prefix("[info]   Stream #0:").filter(|_| !self.declared) {
            self.stream(stream);
        } else if ["[error]", "[fatal]"].iter().any(|mark| line.contains(mark)) {
            self.trouble(line, now_ms);
        }
        Ok(())
    }

    /// Remembers a complaint.
    pub fn trouble(&mut self, text: &str, near_ms: i64) {
        if self.troubles.len() < TROUBLES_LIMIT {
            let plain = |c: &char| !c.is_control();
            let text = text.chars().filter(plain).take(TEXT_LIMIT).collect();
            self.troubles.push(Trouble { near_ms, text });
        }
    }

    /// `0: Video: vp8, yuv420p(progressive), 640x480, SAR 1:1 …` or `1: Audio: opus, 48000 Hz, …`; the first of each is the one that is used.
    fn stream(&mut self, text: &str) {
        let codec = |rest: &str| -> String {
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').take(24).collect()
        };
        if let Some((_, rest)) = text.split_once(": Video: ") {
            let size = rest.split([',', ' ']).find_map(size);
            let (width, height) = size.map_or((None, None), |(w, h)| (Some(w), Some(h)));
            self.picture.get_or_insert_with(|| Picture { codec: codec(rest), width, height });
        } else if let Some((_, rest)) = text.split_once(": Audio: ") {
            self.sound.get_or_insert_with(|| codec(rest));
        }
    }
}

/// `640x480`.
fn size(part: &str) -> Option<(u32, u32)> {
    let (width, height) = part.trim().split_once('x')?;
    let number = |text: &str| text.parse::<u32>().ok().filter(|pixels| (2..=100_000).contains(pixels));
    // `0x000F`, the number of a stream in other containers, has a 0 before the x.
    Some((number(width)?, number(height)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_with_black_and_frozen_stretches() {
        let mut lines = PictureLines::default();
        let text = "frame:0    pts:14      pts_time:0.014\nlavfi.black_start=0.014\nt=1\nframe:1 pts:54 pts_time:0.054\n\
                    lavfi.black_end=0.054\nframe:2 pts:1 pts_time:nan\nlavfi.freezedetect.freeze_start=0.054\n\
                    lavfi.freezedetect.freeze_duration=2\nframe:3 pts:9 pts_time:2.5\nrubbish\n=\nlavfi.black_end=7";
        let seen: Vec<_> = text.lines().map(|line| lines.line(line).ok().flatten()).collect();
        assert_eq!(seen.iter().flatten().collect::<Vec<_>>(), [&14, &54, &2_500]);
        let all = lines.into(Measured::default());
        assert_eq!(all.black, [Span { start_ms: 14, end_ms: 54 }]);
        assert_eq!(all.frozen, [Span { start_ms: 54, end_ms: 2_500 }], "frozen to the end");
    }

    #[test]
    fn sound_is_whole_or_not_there() {
        let mut lines = SoundLines::default();
        let text = "frame:0    pts:336     pts_time:0.007\nlavfi.astats.Overall.Peak_level=-17.962\n\
                    lavfi.astats.Overall.RMS_level=-inf\nlavfi.r128.M=-120.691\nlavfi.r128.S=-1\n\
                    frame:1 pts:1 pts_time:0.107\nlavfi.astats.Overall.Peak_level=nan\n\
                    lavfi.astats.Overall.RMS_level=-3\nlavfi.r128.M=-21.7";
        for line in text.lines() {
            lines.line(line).ok();
        }
        let window = Window { at_ms: 7, rms_cdb: -12_000, peak_cdb: -1_796, momentary_clufs: -12_000 };
        assert_eq!(lines.into(Measured::default()).windows, [window]);
    }

    #[test]
    fn the_log_names_streams_and_complaints_and_nothing_else_counts() {
        let mut lines = LogLines::default();
        let text = "[info]   Metadata:\n                  : Stream #0:0: Video: h264, yuv420p, 9x9\n\
                    [info]   Stream #0:0(eng): Video: vp8, yuv420p(progressive), 640x480, SAR 1:1 DAR 4:3, 25 fps\n\
                    [info]   Stream #0:1: Audio: opus, 48000 Hz, mono, fltp\n[info] Stream mapping:\n\
                    [info]   Stream #0:0: Video: wrapped_avframe, yuv420p, 546x360\n\
                    frame:3    pts:3007    pts_time:3.007\nlavfi.blur=5.552352\nlavfi.blur=1\n\
                    frame:4 pts:4 pts_time:4.0\nlavfi.blur=nan\n\
                    [matroska,webm @ 0x55] [error] File ended prematurely at pos. 99 (0x63)";
        for line in text.lines() {
            lines.line(line, 4_000).ok();
        }
        let picture = Picture { codec: "vp8".to_owned(), width: Some(640), height: Some(480) };
        assert_eq!(lines.picture, Some(picture));
        assert_eq!(lines.sound.as_deref(), Some("opus"));
        assert_eq!(lines.blur_milli, [(3_007, 5_552)]);
        assert_eq!(lines.troubles.len(), 1);
        assert_eq!(lines.troubles[0].near_ms, 4_000);
    }

    #[test]
    fn no_list_grows_without_end() {
        let mut lines = PictureLines::default();
        for _ in 0..SPANS_LIMIT {
            lines.line("lavfi.black_start=1").unwrap_or_default();
            assert!(lines.line("lavfi.black_end=2").is_ok());
        }
        lines.line("lavfi.black_start=1").unwrap_or_default();
        assert_eq!(lines.line("lavfi.black_end=2"), Err(TooMuch));
        let mut log = LogLines::default();
        for _ in 0..1_000 {
            log.line(&format!("[error] {}", "x".repeat(1_000)), 0).unwrap_or_default();
        }
        assert_eq!(log.troubles.len(), TROUBLES_LIMIT);
        assert!(log.troubles.iter().all(|one| one.text.len() <= TEXT_LIMIT));
    }
}
