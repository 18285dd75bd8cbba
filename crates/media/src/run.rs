//! Looks at one file: two children decode it side by side, one the picture, one the sound, and say what they measure; a third hands over
//! plain sound where somebody is to recognise words. The file goes in by pipe, so that a person's face never lies unsealed on a disk,
//! and whoever gives the pieces is read to the end even when every child has given up: his checksum covers the whole file.

use std::io::{BufRead, BufReader, Read, Write as _};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::guard::Guard;
use crate::hear::{Ears, Heard};
use crate::measured::{Ending, Measured, Span};
use crate::parse::{LogLines, PictureLines, SoundLines, TooMuch};
use crate::tool::Tool;

/// The shortest stretch without movement that is reported.
pub const FREEZE_LEAST_MS: i64 = 1_000;
/// Longest line that is looked at; the rest of it is passed over.
const LINE_LIMIT: usize = 1_024;

/// What a look may cost. The defaults are our own choice: an hour of a small picture takes about a minute of one core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest time by the clock; then the children are killed.
    pub wall: Duration,
    /// Most processor time of one child, seconds; the system ends it then.
    pub cpu_s: u32,
    /// Most pixels of a picture; larger ones are not decoded.
    pub pixels: u32,
    /// Most memory that the program may ask for at once, bytes.
    pub alloc_bytes: u32,
    /// Most that one child may say, bytes.
    pub said_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            wall: Duration::from_secs(600),
            cpu_s: 600,
            // 2 048 × 2 048: the recording page asks for 640 × 480.
            pixels: 4 << 20,
            alloc_bytes: 128 << 20,
            said_bytes: 256 << 20,
        }
    }
}

/// Why nothing was measured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookError<E> {
    /// Whoever gives the pieces failed.
    #[error("{0}")]
    Source(E),
    /// The program could not be started.
    #[error("ffmpeg cannot be started: {0}")]
    Start(String),
}

/// What was seen and heard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Numbers.
    pub measured: Measured,
    /// Plain sound of the wished stretches, when it was wished.
    pub heard: Option<Heard>,
}

/// Which container the first bytes show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Container {
    /// WebM or Matroska.
    WebM,
    /// MP4, as Safari records it.
    Mp4,
}

impl Container {
    /// Reads the first bytes. Nothing else is ever opened: playlists and text formats can name other files and addresses.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]) {
            return Some(Container::WebM);
        }
        (head.get(4..8) == Some(b"ftyp")).then_some(Container::Mp4)
    }

    const fn demuxer(self) -> &'static str {
        match self {
            Container::WebM => "matroska",
            Container::Mp4 => "mov",
        }
    }
}

/// Decoders that may be used: what browsers record, and nothing else that a file could ask for.
const DECODERS: &str =
    "vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,libaom-av1,h264,hevc,opus,libopus,vorbis,aac,pcm_s16le,pcm_f32le";

/// Where the file comes from: piece after piece, `None` at the end.
pub type Source<'a, E> = &'a mut dyn FnMut() -> Result<Option<Vec<u8>>, E>;

/// Measures a file. `hear` names the stretches whose plain sound is wanted, in milliseconds; empty = none.
///
/// # Errors
/// [`LookError`]; a file that cannot be decoded is no error, it has no pictures and no sound.
pub fn look<E>(
    tool: &Tool,
    limits: &Limits,
    hear: &[Span],
    next: Source<'_, E>,
) -> Result<Looked, LookError<E>> {
    let mut head = Vec::new();
    // A browser's first chunk may be a single byte.
    while head.len() < 12 {
        match next().map_err(LookError::Source)? {
            Some(piece) => head.extend(piece),
            None => break,
        }
    }
    let Some(container) = Container::of(&head) else {
        while next().map_err(LookError::Source)?.is_some() {}
        let mut looked = Looked::default();
        let text = "neither WebM nor MP4 by its first bytes".to_owned();
        looked.measured.troubles.push(crate::measured::Trouble { near_ms: 0, text });
        return Ok(looked);
    };
    match Running::start(tool, limits, container, hear) {
        Ok(running) => running.feed(head, next),
        Err(why) => {
            while next().map_err(LookError::Source)?.is_some() {}
            Err(LookError::Start(why))
        }
    }
}

type Shared = Arc<Mutex<Child>>;

/// A child's mouth and what was understood of it.
struct Told<T> {
    feed: Option<ChildStdin>,
    out: JoinHandle<Result<T, TooMuch>>,
    log: JoinHandle<Result<LogLines, TooMuch>>,
}

struct Running {
    guard: Guard,
    picture: Told<PictureLines>,
    sound: Told<SoundLines>,
    plain: Option<Told<Ears>>,
}

impl Running {
    fn start(tool: &Tool, limits: &Limits, container: Container, hear: &[Span]) -> Result<Self, String> {
        let mut children = Vec::new();
        let mut child = |arguments: Vec<String>| -> Result<Shared, String> {
            let mut command = tool.command();
            command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let child = Arc::new(Mutex::new(command.spawn().map_err(|e| e.to_string())?));
            children.push(child.clone());
            Ok(child)
        };
        let picture = child(picture_arguments(limits, container));
        let sound = child(sound_arguments(limits, container));
        let plain = (!hear.is_empty()).then(|| child(plain_arguments(limits, container))).transpose();
        // From here on every child that did start is ended with this value, whatever comes.
        let guard = Guard::over(children, limits.wall);
        let (picture, sound, plain) = (picture?, sound?, plain?);
        let most = limits.said_bytes;
        Ok(Running {
            guard,
            picture: told(&picture, move |out, now| {
                read_lines(out, most, PictureLines::default(), |all: &mut PictureLines, line| {
                    note(now, all.line(line)?);
                    Ok(())
                })
            })?,
            sound: told(&sound, move |out, now| {
                read_lines(out, most, SoundLines::default(), |all: &mut SoundLines, line| {
                    note(now, all.line(line)?);
                    Ok(())
                })
            })?,
            plain: match plain {
                None => None,
                Some(child) => {
                    let ears = Ears::for_spans(hear);
                    Some(told(&child, move |mut out, _| {
                        let mut ears = ears;
                        let mut buffer = [0; 16 * 1024];
                        while let Ok(count @ 1..) = out.read(&mut buffer) {
                            ears.take(&buffer[..count]);
                        }
                        Ok(ears)
                    })?)
                }
            },
        })
    }

    fn feed<E>(mut self, head: Vec<u8>, next: Source<'_, E>) -> Result<Looked, LookError<E>> {
        let mut piece = Some(head);
        while let Some(bytes) = piece {
            give(&mut self.picture.feed, &bytes);
            give(&mut self.sound.feed, &bytes);
            if let Some(plain) = &mut self.plain {
                give(&mut plain.feed, &bytes);
            }
            piece = match next() {
                Ok(piece) => piece,
                Err(error) => {
                    self.guard.kill_all();
                    return Err(LookError::Source(error));
                }
            };
        }
        Ok(self.finish())
    }

    fn finish(self) -> Looked {
        let (picture, picture_log) = self.picture.end();
        let (sound, sound_log) = self.sound.end();
        let plain = self.plain.map(Told::end);
        let late = self.guard.end();
        let ending = |much: bool| match (late, much) {
            (true, _) => Ending::TooLong,
            (false, true) => Ending::TooMuch,
            (false, false) => Ending::Whole,
        };
        let mut measured = Measured {
            picture_ending: ending(picture.is_err() || picture_log.is_err()),
            sound_ending: ending(sound.is_err() || sound_log.is_err()),
            ..Measured::default()
        };
        measured = picture.unwrap_or_default().into(measured);
        measured = sound.unwrap_or_default().into(measured);
        let (mut seen, mut heard) = (picture_log.unwrap_or_default(), sound_log.unwrap_or_default());
        measured.picture = seen.picture.take();
        measured.sound = heard.sound.take();
        measured.blur_milli = seen.blur_milli;
        measured.troubles = seen.troubles;
        // Both read the same container and complain of the same damage to it.
        heard.troubles.retain(|one| !measured.troubles.iter().any(|known| alike(&known.text, &one.text)));
        measured.troubles.extend(heard.troubles);
        let heard = plain.and_then(|(ears, _)| ears.ok()).map(Ears::heard).filter(|_| !late);
        Looked { measured, heard }
    }
}

impl<T> Told<T> {
    /// Says that nothing more comes, and waits for the last word.
    fn end(mut self) -> (Result<T, TooMuch>, Result<LogLines, TooMuch>) {
        self.feed.take();
        // A reader cannot panic on what it reads; if it did, nothing was understood.
        (self.out.join().unwrap_or(Err(TooMuch)), self.log.join().unwrap_or(Err(TooMuch)))
    }
}

/// The same complaint but for the address that the program prints in it.
fn alike(one: &str, other: &str) -> bool {
    let bare = |text: &str| text.split("] ").last().unwrap_or_default().to_owned();
    bare(one) == bare(other)
}

/// A child that has gone takes nothing more; the others go on.
fn give(feed: &mut Option<ChildStdin>, bytes: &[u8]) {
    if let Some(open) = feed
        && open.write_all(bytes).is_err()
    {
        feed.take();
    }
}

fn note(now: &AtomicI64, at: Option<i64>) {
    if let Some(at) = at {
        now.fetch_max(at, Ordering::Relaxed);
    }
}

type Out = std::process::ChildStdout;

/// Begins to read what a child says.
fn told<T: Send + 'static>(
    child: &Shared,
    read: impl FnOnce(Out, &AtomicI64) -> Result<T, TooMuch> + Send + 'static,
) -> Result<Told<T>, String> {
    let mut held = child.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (Some(feed), Some(out), Some(log)) = (held.stdin.take(), held.stdout.take(), held.stderr.take())
    else {
        return Err("no pipes".to_owned());
    };
    let now = Arc::new(AtomicI64::new(0));
    let theirs = now.clone();
    let out = std::thread::spawn(move || read(out, &theirs));
    let log = std::thread::spawn(move || {
        read_lines(log, 64 << 20, LogLines::default(), |all: &mut LogLines, line| {
            all.line(line, now.load(Ordering::Relaxed))
        })
    });
    Ok(Told { feed: Some(feed), out, log })
}

/// Reads line by line with bounds on a line and on the whole. When a bound is passed the pipe is closed, which ends the child.
fn read_lines<T>(
    from: impl Read,
    most: u64,
    mut all: T,
    mut take: impl FnMut(&mut T, &str) -> Result<(), TooMuch>,
) -> Result<T, TooMuch> {
    let mut reader = BufReader::new(from.take(most));
    let mut line = Vec::new();
    let mut rest = false;
    loop {
        line.clear();
        match (&mut reader).take(LINE_LIMIT as u64).read_until(b'\n', &mut line) {
            Ok(0) if reader.get_ref().limit() == 0 => return Err(TooMuch),
            // A pipe that breaks has said everything that it will say.
            Ok(0) | Err(_) => return Ok(all),
            Ok(_) => {
                // What follows in a line that is too long is not the beginning of another one.
                let goes_on = std::mem::replace(&mut rest, !line.ends_with(b"\n"));
                if !goes_on {
                    take(&mut all, String::from_utf8_lossy(&line).trim_end())?;
                }
            }
        }
    }
}

fn common(limits: &Limits, container: Container) -> Vec<String> {
    let (cpu, pixels, alloc) =
        (limits.cpu_s.to_string(), limits.pixels.to_string(), limits.alloc_bytes.to_string());
    [
        "-hide_banner",
        "-nostdin",
        "-nostats",
        "-loglevel",
        "level+info",
        "-max_alloc",
        &alloc,
        "-timelimit",
        &cpu,
        "-filter_threads",
        "1",
        "-filter_complex_threads",
        "1",
        "-threads",
        "1",
        "-protocol_whitelist",
        "pipe",
        "-codec_whitelist",
        DECODERS,
        "-max_pixels",
        &pixels,
        "-copyts",
        "-f",
        container.demuxer(),
        "-i",
        "pipe:0",
    ]
    .map(str::to_owned)
    .into()
}

fn with(mut head: Vec<String>, tail: &[&str]) -> Vec<String> {
    head.extend(tail.iter().map(|one| (*one).to_owned()));
    head
}

/// The lowest eighth of the picture is the recording page's own bar with a running clock: it would hide a frozen or black picture. What
/// is left is brought to 360 lines, because the width of an edge depends on the size.
fn picture_arguments(limits: &Limits, container: Container) -> Vec<String> {
    let graph = "[0:v:0]metadata=mode=delete,crop=iw:trunc(ih*0.44)*2:0:0,\
         scale='if(gt(iw,ih),-2,min(360,iw))':'if(gt(iw,ih),min(360,ih),-2)',split[all][some];\
         [all]freezedetect=n=0.001:d=1,blackdetect=d=0.1:pic_th=0.98:pix_th=0.10,\
         metadata=mode=add:key=t:value=1,metadata=mode=print:file=pipe\\\\:1:direct=1[a];\
         [some]select='isnan(prev_selected_t)+gte(t-prev_selected_t\\,1)',blurdetect=block_pct=80,\
         metadata=mode=print:file=pipe\\\\:2:direct=1[b]";
    with(
        common(limits, container),
        &["-filter_complex", graph, "-map", "[a]", "-f", "null", "-", "-map", "[b]", "-f", "null", "-"],
    )
}

fn sound_arguments(limits: &Limits, container: Container) -> Vec<String> {
    let graph = "ametadata=mode=delete,aresample=48000,aformat=sample_fmts=flt:channel_layouts=mono,\
         asetnsamples=n=4800:p=0,astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Peak_level+RMS_level,\
         ebur128=metadata=1,ametadata=mode=print:file=pipe\\\\:1:direct=1";
    with(common(limits, container), &["-map", "0:a:0", "-af", graph, "-f", "null", "-"])
}

/// Gaps are filled with silence, so that the place of a sample is its time.
fn plain_arguments(limits: &Limits, container: Container) -> Vec<String> {
    let graph = "aresample=16000:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=mono";
    with(common(limits, container), &["-map", "0:a:0", "-af", graph, "-f", "s16le", "pipe:1"])
}
