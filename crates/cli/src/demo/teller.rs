//! Who tells the story: each chapter keeps its steps until it is its turn, and says meanwhile what it is doing.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use mingbai_cost::{Lang, Words};

use crate::screen::{Screen, Tone};

/// How often the spinners turn.
const TICK: Duration = Duration::from_millis(200);

/// One step of the story.
struct Step {
    mark: Mark,
    what: Words,
    why: Words,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// It was done.
    Done,
    /// The house said no, as it must.
    Refused,
    /// It happened all the same and is on record as a violation.
    Violation,
}

/// The stage on which all chapters are told.
pub struct Stage {
    bars: MultiProgress,
    lang: Lang,
}

impl Stage {
    /// A stage on stderr: spinners on a terminal, plain lines elsewhere.
    pub fn new(lang: Lang) -> Self {
        let bars = MultiProgress::new();
        if !std::io::stderr().is_terminal() {
            bars.set_draw_target(ProgressDrawTarget::hidden());
        }
        Stage { bars, lang }
    }

    /// A teller for one chapter.
    pub fn teller(&self, mark: &'static str, title: Words) -> Teller {
        let style = ProgressStyle::with_template("{spinner} {prefix} {wide_msg}");
        let bar = self.bars.add(ProgressBar::new_spinner());
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.set_prefix(mark);
        if std::io::stderr().is_terminal() {
            bar.enable_steady_tick(TICK);
        }
        Teller { bar, mark, title, lang: self.lang, steps: Arc::default() }
    }

    /// Writes a finished chapter, without the spinners getting in between.
    pub fn tell(&self, teller: &Teller, screen: &mut Screen) {
        teller.bar.finish_and_clear();
        self.bars.suspend(|| teller.write(screen));
    }
}

/// Tells one chapter.
#[derive(Clone)]
pub struct Teller {
    bar: ProgressBar,
    mark: &'static str,
    title: Words,
    lang: Lang,
    steps: Arc<Mutex<Vec<Step>>>,
}

impl Teller {
    /// Something was done, and why it had to be.
    pub fn done(&self, what: Words, why: Words) {
        self.keep(Mark::Done, what, why);
    }

    /// Something was refused, and why.
    pub fn refused(&self, what: Words, why: Words) {
        self.keep(Mark::Refused, what, why);
    }

    /// Something happened that must not, and the house put it on record as a violation.
    pub fn violation(&self, what: Words, why: Words) {
        self.keep(Mark::Violation, what, why);
    }

    fn keep(&self, mark: Mark, what: Words, why: Words) {
        self.busy(&what);
        self.steps.lock().unwrap_or_else(PoisonError::into_inner).push(Step { mark, what, why });
    }

    /// What is going on right now.
    pub fn now(&self, words: &Words) {
        if !std::io::stderr().is_terminal() {
            // A closed stderr leaves nobody to tell.
            let _ = writeln!(std::io::stderr(), "… {} {}", self.mark, words.get(self.lang));
        }
        self.busy(words);
    }

    /// A small thing that is going on: shown by the spinner only.
    pub fn busy(&self, words: &Words) {
        self.bar.set_message(words.get(self.lang).to_owned());
    }

    /// A teller who shows the same progress and keeps nothing: for a part that was told before.
    pub fn aside(&self) -> Teller {
        Teller { steps: Arc::default(), ..self.clone() }
    }

    fn write(&self, screen: &mut Screen) {
        screen.line("");
        let title = format!("{}. {}", self.mark, screen.words(&self.title));
        let title = screen.toned(Tone::Strong, &title);
        screen.line(title);
        for step in self.steps.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let sign = match step.mark {
                Mark::Done => screen.toned(Tone::Good, "✓"),
                Mark::Refused => screen.toned(Tone::Bad, screen.pick("✗ 拒绝", "✗ refused")),
                Mark::Violation => screen.toned(Tone::Bad, screen.pick("‼ 违规", "‼ violation")),
            };
            screen.line(format!("  {sign} {}", step.what.get(self.lang)));
            let why = screen.toned(Tone::Quiet, step.why.get(self.lang));
            screen.line(format!("      {why}"));
        }
    }
}
