//! What was measured in one file. Only numbers: what they come to is said by [`crate::judge()`].

/// A stretch of time, milliseconds from the beginning of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Begin.
    pub start_ms: i64,
    /// End, exclusive; never before the begin.
    pub end_ms: i64,
}

impl Span {
    /// The part of it that lies within another; `None` when they do not touch.
    #[must_use]
    pub fn within(self, other: Span) -> Option<Span> {
        let cut = Span { start_ms: self.start_ms.max(other.start_ms), end_ms: self.end_ms.min(other.end_ms) };
        (cut.start_ms < cut.end_ms).then_some(cut)
    }

    /// How long it is.
    #[must_use]
    pub fn length_ms(self) -> i64 {
        (self.end_ms - self.start_ms).max(0)
    }
}

/// The picture as the file declares it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Picture {
    /// Name of the coding, e.g. `vp8`.
    pub codec: String,
    /// Pixels across; `None` when the program did not say.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
}

/// A tenth of a second of sound. Levels are hundredths of a decibel, so that comparing them is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Begin.
    pub at_ms: i64,
    /// Root mean square, hundredths of dBFS; digital silence is -10 000 or less.
    pub rms_cdb: i32,
    /// Highest sample, hundredths of dBFS; above 0 when the coding overshoots.
    pub peak_cdb: i32,
    /// Momentary loudness (EBU Tech 3341: 400 ms up to the end of this window), hundredths of LUFS.
    pub momentary_clufs: i32,
}

/// Length of a [`Window`], milliseconds.
pub const WINDOW_MS: i64 = 100;

/// The program complained about the file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Trouble {
    /// About where: what had been decoded when it complained.
    pub near_ms: i64,
    /// Its words, shortened.
    pub text: String,
}

/// How the measuring ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The file was read to its end.
    #[default]
    Whole,
    /// It took longer than allowed and was ended.
    TooLong,
    /// It said more than allowed and was ended.
    TooMuch,
}

/// Everything that was measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// The picture; `None` when there is none.
    pub picture: Option<Picture>,
    /// Name of the sound's coding; `None` when there is no sound.
    pub sound: Option<String>,
    /// When each picture is shown, in order.
    pub frames_ms: Vec<i64>,
    /// Black stretches of any length.
    pub black: Vec<Span>,
    /// Stretches in which the picture does not move, from [`crate::run::FREEZE_LEAST_MS`] on.
    pub frozen: Vec<Span>,
    /// How wide edges are, thousandths of a pixel in a picture of 360 lines, about once a second. Higher is more blurred.
    pub blur_milli: Vec<(i64, u32)>,
    /// Tenths of a second of sound, in order.
    pub windows: Vec<Window>,
    /// Complaints.
    pub troubles: Vec<Trouble>,
    /// How the look at the picture ended.
    pub picture_ending: Ending,
    /// How the look at the sound ended.
    pub sound_ending: Ending,
}

impl Measured {
    /// Where the last picture or the last sound ends; `None` when there is neither.
    #[must_use]
    pub fn duration_ms(&self) -> Option<i64> {
        let sound = self.windows.last().map(|window| window.at_ms + WINDOW_MS);
        let picture = self.frames_ms.last().map(|at| at + self.frame_ms());
        sound.max(picture)
    }

    /// Usual distance of two pictures, at most a second.
    fn frame_ms(&self) -> i64 {
        match (self.frames_ms.first(), self.frames_ms.last(), i64::try_from(self.frames_ms.len())) {
            (Some(first), Some(last), Ok(count)) if count > 1 => {
                ((last - first) / (count - 1)).clamp(0, 1_000)
            }
            _ => 0,
        }
    }
}
