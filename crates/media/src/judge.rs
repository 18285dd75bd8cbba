//! What the numbers come to, part by part: fine, wrong with the moment to look at, or not known. A pure function of what was measured.
//! What could not be measured is never fine.

use crate::loudness::integrated_clufs;
use crate::measured::{Ending, Measured, Span, WINDOW_MS, Window};
use crate::words::{Words, both, clock, tenths};

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// Picture and sound of the part can be decoded.
    Decodes,
    /// Long enough for the text.
    Length,
    /// Not black.
    Black,
    /// Moves, often enough.
    Freeze,
    /// Large and sharp enough.
    Blur,
    /// Somebody can be heard.
    Silence,
    /// Neither too soft nor too loud.
    Loudness,
    /// Not cut off at its peaks.
    Clipping,
}

impl Check {
    /// Every check, in order.
    pub const ALL: [Check; 8] = [
        Check::Decodes,
        Check::Length,
        Check::Black,
        Check::Freeze,
        Check::Blur,
        Check::Silence,
        Check::Loudness,
        Check::Clipping,
    ];
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// As it should be.
    Fine,
    /// Not as it should be.
    Wrong {
        /// Where to look, milliseconds from the beginning of the file.
        at_ms: i64,
        /// What was found.
        why: Words,
    },
    /// It could not be found out.
    Unknown {
        /// Why not.
        why: Words,
    },
}

/// A part of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Id.
    pub id: String,
    /// Where it lies.
    pub span: Span,
    /// Characters of the text that is read out in it; 0 = none.
    pub characters: u32,
}

/// A part with what was found about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Id.
    pub id: String,
    /// Check by check, in the order of [`Check::ALL`].
    pub checks: Vec<(Check, Outcome)>,
}

/// From where on something is wrong. No law gives these figures: **each is our own choice**, made so that what a person can use passes,
/// and tried on made-up files and on a browser's made-up camera, not on a collection of real recordings. `docs/recording.md` says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// A browser's clock and the file's need not agree to the moment.
    pub slack_ms: i64,
    /// A hole between two pictures or two stretches of sound that counts as damage.
    pub hole_ms: i64,
    /// Nobody reads Chinese out faster, characters a second. The recording page waits for 8; news is read at about half of that.
    pub fastest_chars_s: u32,
    /// Longest black within a part.
    pub black_ms: i64,
    /// Longest picture without movement within a part.
    pub frozen_ms: i64,
    /// Fewest pictures a second.
    pub least_fps: u32,
    /// Fewest pixels of the shorter side.
    pub least_side: u32,
    /// Widest usual edge, thousandths of a pixel in 360 lines. Four photographs of faces measure 5.3 to 6.5; blurred until features
    /// run together, 8 to 14.
    pub blur_milli: u32,
    /// Below this level a tenth of a second is silent, hundredths of dBFS.
    pub silent_cdb: i32,
    /// Least sound in a part.
    pub least_sound_ms: i64,
    /// Least sound as a share of the shortest time in which the text can be read, percent.
    pub least_sound_pct: i64,
    /// Softest loudness, hundredths of LUFS. Television is made at -23 (EBU R 128).
    pub softest_clufs: i32,
    /// Loudest.
    pub loudest_clufs: i32,
    /// From this peak on sound counts as cut off, hundredths of dBFS.
    pub clip_cdb: i32,
    /// Largest share of tenths of a second that may reach it, percent of those with sound.
    pub clip_pct: usize,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            slack_ms: 1_500,
            hole_ms: 2_000,
            fastest_chars_s: 10,
            black_ms: 2_000,
            frozen_ms: 5_000,
            least_fps: 5,
            least_side: 240,
            blur_milli: 10_000,
            silent_cdb: -5_000,
            least_sound_ms: 300,
            least_sound_pct: 25,
            softest_clufs: -4_500,
            loudest_clufs: -600,
            clip_cdb: -10,
            clip_pct: 10,
        }
    }
}

/// Judges every part.
#[must_use]
pub fn judge(measured: &Measured, parts: &[Part], limits: &Thresholds) -> Vec<Judged> {
    parts.iter().map(|part| One::of(measured, part, limits).judged()).collect()
}

/// Every check of every part unknown for the same reason.
#[must_use]
pub fn unknown(parts: &[Part], why: &Words) -> Vec<Judged> {
    let all = || Check::ALL.map(|check| (check, Outcome::Unknown { why: why.clone() })).into();
    parts.iter().map(|part| Judged { id: part.id.clone(), checks: all() }).collect()
}

/// One part with what was measured within it.
struct One<'a> {
    measured: &'a Measured,
    part: &'a Part,
    limits: &'a Thresholds,
    frames: &'a [i64],
    windows: &'a [Window],
}

fn wrong(at_ms: i64, zh: impl Into<String>, en: impl Into<String>) -> Outcome {
    Outcome::Wrong { at_ms, why: both(zh, en) }
}

fn not_known(zh: &str, en: &str) -> Outcome {
    Outcome::Unknown { why: both(zh, en) }
}

/// Items whose time lies within a stretch; the list is in order of time.
fn within<T>(all: &[T], span: Span, at: impl Fn(&T) -> i64) -> &[T] {
    let from = all.partition_point(|one| at(one) < span.start_ms);
    let to = all.partition_point(|one| at(one) < span.end_ms);
    all.get(from..to.max(from)).unwrap_or_default()
}

fn late(ending: Ending) -> Option<Outcome> {
    match ending {
        Ending::Whole => None,
        Ending::TooLong => Some(not_known(
            "机器看得太久,已停下;由人查看。",
            "Looking took the machine too long and was ended; a person looks.",
        )),
        Ending::TooMuch => Some(not_known(
            "文件异常,机器停下不看;由人查看。",
            "The file is unusual and the machine stopped; a person looks.",
        )),
    }
}

impl<'a> One<'a> {
    fn of(measured: &'a Measured, part: &'a Part, limits: &'a Thresholds) -> Self {
        let frames = within(&measured.frames_ms, part.span, |at| *at);
        let windows = within(&measured.windows, part.span, |window| window.at_ms);
        One { measured, part, limits, frames, windows }
    }

    fn judged(&self) -> Judged {
        let picture = |look: fn(&Self) -> Outcome| self.of_picture().unwrap_or_else(|| look(self));
        let sound = |look: fn(&Self) -> Outcome| self.of_sound().unwrap_or_else(|| look(self));
        let checks = Check::ALL.map(|check| {
            let outcome = match check {
                Check::Decodes => self.decodes(),
                Check::Length => self.length(),
                Check::Black => picture(Self::black),
                Check::Freeze => picture(Self::freeze),
                Check::Blur => picture(Self::blur),
                Check::Silence => sound(Self::silence),
                Check::Loudness => sound(Self::loudness),
                Check::Clipping => sound(Self::clipping),
            };
            (check, outcome)
        });
        Judged { id: self.part.id.clone(), checks: checks.into() }
    }

    fn start_ms(&self) -> i64 {
        self.part.span.start_ms
    }

    /// Why nothing can be said about the picture. That there is none is said once, by [`Check::Decodes`].
    fn of_picture(&self) -> Option<Outcome> {
        let none = || not_known("这一段没有可看的画面。", "There is no picture to look at in this part.");
        late(self.measured.picture_ending).or_else(|| self.frames.is_empty().then(none))
    }

    fn of_sound(&self) -> Option<Outcome> {
        let none = || not_known("这一段没有可听的声音。", "There is no sound to listen to in this part.");
        late(self.measured.sound_ending).or_else(|| self.windows.is_empty().then(none))
    }

    fn decodes(&self) -> Outcome {
        let (measured, span) = (self.measured, self.part.span);
        if let Some(late) = late(measured.picture_ending).or_else(|| late(measured.sound_ending)) {
            return late;
        }
        if measured.frames_ms.is_empty() || measured.windows.is_empty() {
            let what = match (measured.frames_ms.is_empty(), measured.windows.is_empty()) {
                (true, true) => (
                    "文件打不开,没有画面也没有声音。",
                    "The file has neither picture nor sound that can be played.",
                ),
                (true, false) => ("文件里没有能播放的画面。", "The file has no picture that can be played."),
                _ => ("文件里没有能播放的声音。", "The file has no sound that can be played."),
            };
            return wrong(self.start_ms(), what.0, what.1);
        }
        let ends = |last: Option<i64>| last.unwrap_or_default();
        let picture = ends(measured.frames_ms.last().copied());
        let sound = ends(measured.windows.last().map(|window| window.at_ms + WINDOW_MS));
        let end = picture.min(sound);
        if span.end_ms > end + self.limits.slack_ms + self.limits.hole_ms {
            return wrong(
                span.start_ms.max(end.min(span.end_ms)),
                format!("这一段到 {} 才结束,文件在 {} 就没有了。", clock(span.end_ms), clock(end)),
                format!("The part ends at {}, the file is over at {}.", clock(span.end_ms), clock(end)),
            );
        }
        if let Some(hole) = self.hole() {
            let seconds = tenths(i32::try_from(hole.length_ms() / 10).unwrap_or(i32::MAX));
            return wrong(
                hole.start_ms,
                format!("从 {} 起缺了 {seconds} 秒。", clock(hole.start_ms)),
                format!("{seconds} s are missing from {} on.", clock(hole.start_ms)),
            );
        }
        let slack = self.limits.slack_ms;
        let near = |at: i64| at + slack >= span.start_ms && at - slack < span.end_ms;
        if let Some(trouble) = measured.troubles.iter().find(|one| near(one.near_ms)) {
            let at = clock(trouble.near_ms);
            return Outcome::Unknown {
                why: both(
                    format!("解码时在 {at} 附近报错,由人看这一处。"),
                    format!("The decoder complained near {at}; a person looks there."),
                ),
            };
        }
        Outcome::Fine
    }

    /// The first hole in picture or sound within the part.
    fn hole(&self) -> Option<Span> {
        let span = self.part.span;
        let first = |times: &mut dyn Iterator<Item = i64>| {
            let mut before = span.start_ms;
            times.chain([span.end_ms - self.limits.slack_ms]).find_map(|at| {
                let hole = Span { start_ms: before, end_ms: at };
                before = at.max(before);
                (at - hole.start_ms > self.limits.hole_ms).then_some(hole)
            })
        };
        let picture = first(&mut self.frames.iter().copied());
        let sound = first(&mut self.windows.iter().map(|window| window.at_ms));
        match (picture, sound) {
            (Some(one), Some(other)) => Some(if other.start_ms < one.start_ms { other } else { one }),
            (one, other) => one.or(other),
        }
    }

    fn shortest_ms(&self) -> i64 {
        i64::from(self.part.characters) * 1_000 / i64::from(self.limits.fastest_chars_s.max(1))
    }

    fn length(&self) -> Outcome {
        let (length, least) = (self.part.span.length_ms(), self.shortest_ms());
        if length >= least {
            return Outcome::Fine;
        }
        let seconds = |ms: i64| tenths(i32::try_from(ms / 10).unwrap_or(i32::MAX));
        let (has, needs, count) = (seconds(length), seconds(least), self.part.characters);
        wrong(
            self.start_ms(),
            format!("只有 {has} 秒;{count} 个字至少要读 {needs} 秒。"),
            format!("{has} s only; {count} characters take at least {needs} s to read out."),
        )
    }

    fn longest(&self, all: &[Span]) -> Option<Span> {
        let inside = all.iter().filter_map(|span| span.within(self.part.span));
        inside.max_by_key(|span| (span.length_ms(), -span.start_ms))
    }

    fn black(&self) -> Outcome {
        match self.longest(&self.measured.black).filter(|span| span.length_ms() >= self.limits.black_ms) {
            None => Outcome::Fine,
            Some(span) => wrong(
                span.start_ms,
                format!("从 {} 起,{} 秒画面是黑的。", clock(span.start_ms), span.length_ms() / 1_000),
                format!("Black for {} s from {} on.", span.length_ms() / 1_000, clock(span.start_ms)),
            ),
        }
    }

    fn freeze(&self) -> Outcome {
        if let Some(span) =
            self.longest(&self.measured.frozen).filter(|span| span.length_ms() >= self.limits.frozen_ms)
        {
            return wrong(
                span.start_ms,
                format!("从 {} 起,{} 秒画面不动。", clock(span.start_ms), span.length_ms() / 1_000),
                format!("Does not move for {} s from {} on.", span.length_ms() / 1_000, clock(span.start_ms)),
            );
        }
        let count = i64::try_from(self.frames.len()).unwrap_or(i64::MAX);
        let length = self.part.span.length_ms().max(1);
        if count.saturating_mul(1_000) >= i64::from(self.limits.least_fps) * length {
            return Outcome::Fine;
        }
        let tens = i32::try_from(count.saturating_mul(100_000) / length).unwrap_or(i32::MAX);
        wrong(
            self.start_ms(),
            format!("每秒只有 {} 幅画面,看起来一顿一顿。", tenths(tens)),
            format!("Only {} pictures a second; it jerks.", tenths(tens)),
        )
    }

    fn blur(&self) -> Outcome {
        let size = self.measured.picture.as_ref().and_then(|picture| picture.width.zip(picture.height));
        let Some((width, height)) = size else {
            return not_known(
                "不知道画面有多大,由人查看。",
                "How large the picture is could not be told; a person looks.",
            );
        };
        if width.min(height) < self.limits.least_side {
            return wrong(
                self.start_ms(),
                format!("画面太小({width}×{height}),认不清人。"),
                format!("The picture is too small ({width}×{height}) to tell who is in it."),
            );
        }
        let mut found: Vec<(u32, i64)> = within(&self.measured.blur_milli, self.part.span, |one| one.0)
            .iter()
            .map(|(at, blur)| (*blur, *at))
            .collect();
        found.sort_unstable();
        // The middle one: a hand before the lens for a second is no reason to record again.
        match found.get(found.len() / 2) {
            None => not_known(
                "画面里没有可量清晰度的边缘,由人查看。",
                "The picture has no edges to measure its sharpness by; a person looks.",
            ),
            Some((blur, _)) if *blur <= self.limits.blur_milli => Outcome::Fine,
            Some((blur, at)) => {
                let blur = tenths(i32::try_from(blur / 10).unwrap_or(i32::MAX));
                let most = tenths(i32::try_from(self.limits.blur_milli / 10).unwrap_or(i32::MAX));
                wrong(
                    *at,
                    format!("画面模糊(边缘宽 {blur},应不超过 {most}),认不清人。"),
                    format!("Blurred (edges {blur} wide, {most} at most); nobody can be told apart."),
                )
            }
        }
    }

    fn silence(&self) -> Outcome {
        let sounds = self.windows.iter().filter(|window| window.rms_cdb > self.limits.silent_cdb).count();
        let heard = i64::try_from(sounds).unwrap_or(i64::MAX).saturating_mul(WINDOW_MS);
        let least = self.limits.least_sound_ms.max(self.shortest_ms() * self.limits.least_sound_pct / 100);
        if heard >= least {
            return Outcome::Fine;
        }
        let seconds = |ms: i64| tenths(i32::try_from(ms / 10).unwrap_or(i32::MAX));
        wrong(
            self.longest_silence().map_or(self.start_ms(), |span| span.start_ms),
            format!("只听到 {} 秒声音,至少应有 {} 秒。", seconds(heard), seconds(least)),
            format!(
                "Only {} s of sound can be heard; there should be at least {} s.",
                seconds(heard),
                seconds(least)
            ),
        )
    }

    fn longest_silence(&self) -> Option<Span> {
        let mut all: Vec<Span> = Vec::new();
        for window in self.windows.iter().filter(|window| window.rms_cdb <= self.limits.silent_cdb) {
            let end_ms = window.at_ms + WINDOW_MS;
            match all.last_mut().filter(|last| window.at_ms - last.end_ms < WINDOW_MS) {
                Some(last) => last.end_ms = end_ms,
                None => all.push(Span { start_ms: window.at_ms, end_ms }),
            }
        }
        all.into_iter().max_by_key(|span| (span.length_ms(), -span.start_ms))
    }

    fn loudness(&self) -> Outcome {
        // The blocks of the first three windows reach back into the part before.
        let Some(loudness) = integrated_clufs(self.windows.get(3..).unwrap_or_default()) else {
            return not_known("没有可量音量的声音。", "There is no sound to measure the loudness of.");
        };
        let found = tenths(loudness);
        let at = |pick: fn(&Window) -> i32| {
            self.windows
                .iter()
                .max_by_key(|window| pick(window))
                .map_or(self.start_ms(), |window| window.at_ms)
        };
        if loudness < self.limits.softest_clufs {
            return wrong(
                at(|window| window.momentary_clufs),
                format!("声音太小({found} LUFS)。"),
                format!("Too soft ({found} LUFS)."),
            );
        }
        if loudness > self.limits.loudest_clufs {
            return wrong(
                at(|window| window.momentary_clufs),
                format!("声音太大({found} LUFS)。"),
                format!("Too loud ({found} LUFS)."),
            );
        }
        Outcome::Fine
    }

    fn clipping(&self) -> Outcome {
        let sounds = self.windows.iter().filter(|window| window.rms_cdb > self.limits.silent_cdb);
        let (mut count, mut cut, mut first) = (0_usize, 0_usize, None);
        for window in sounds {
            count += 1;
            if window.peak_cdb >= self.limits.clip_cdb {
                cut += 1;
                first.get_or_insert(window.at_ms);
            }
        }
        match first.filter(|_| cut * 100 > count * self.limits.clip_pct) {
            None => Outcome::Fine,
            Some(at) => {
                let share = cut * 100 / count.max(1);
                wrong(
                    at,
                    format!("声音破了:有声音的时间里 {share}% 到顶。"),
                    format!("Sound clips: {share}% of the time with sound reaches the top."),
                )
            }
        }
    }
}
