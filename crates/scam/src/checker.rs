//! The checker: folds a message, asks the lexicon and the two views, weighs, and answers.

use crate::evidence::{Evidence, Slots, Source};
use crate::fold::Folded;
use crate::kind::ScamType;
use crate::lexicon::{Finding, Hit, Lexicon};
use crate::model::Model;
use crate::verdict::{ReadsAs, Verdict, judge};

/// Longest message in bytes: a whole afternoon of chat. Longer ones are for the sender to cut, not for us to guess.
pub const MESSAGE_MAX: usize = 200_000;

/// The message is too long to be read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message has {bytes} bytes, more than {MESSAGE_MAX}")]
pub struct TooLong {
    /// How many it has.
    pub bytes: usize,
}

/// Room for the work, kept by whoever checks many messages.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    pub(crate) folded: Folded,
    finding: Finding,
    pub(crate) slots: Slots,
    pub(crate) grams: crate::model::Grams,
}

/// The score of a message, without its explanation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Logarithm of the odds that it is a scam.
    pub log_odds: f64,
    /// Weight of each family, in the order of [`ScamType::ALL`].
    pub families: [f64; ScamType::ALL.len()],
    /// What it reads like, if no scam.
    pub reads_as: Option<ReadsAs>,
    /// Something is demanded, and no warning covers it.
    pub demand: bool,
    /// Characters that carry meaning.
    pub letters: usize,
    /// Anything known was found.
    pub any: bool,
}

/// An explained answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What is said.
    pub verdict: Verdict,
    /// The score behind it.
    pub score: Score,
    /// Its parts: their weights add up to `score.log_odds`.
    pub evidence: Vec<Evidence>,
}

/// Lexicon and model together.
#[derive(Clone, Copy, Debug)]
pub struct Checker {
    lexicon: &'static Lexicon,
    model: &'static Model,
}

impl Checker {
    /// The checker with what is part of the program.
    #[must_use]
    pub fn shipped() -> Checker {
        Checker { lexicon: Lexicon::shipped(), model: Model::shipped() }
    }

    /// A checker with another model, for measuring.
    #[must_use]
    pub fn with_model(model: &'static Model) -> Checker {
        Checker { lexicon: Lexicon::shipped(), model }
    }

    /// The lexicon without any view.
    pub(crate) fn by_lexicon_alone() -> Checker {
        static NONE: std::sync::LazyLock<Model> = std::sync::LazyLock::new(Model::none);
        Checker { lexicon: Lexicon::shipped(), model: &NONE }
    }

    /// What the lexicon alone says for and against.
    pub(crate) fn lexicon_sums(&self, text: &str, scratch: &mut Scratch) -> (f64, f64) {
        scratch.folded.fill(text);
        scratch.finding.run(self.lexicon, &scratch.folded);
        scratch.slots.fill(self.lexicon, &scratch.finding.hits);
        (
            scratch.slots.gate() * f64::from(scratch.slots.sum) / 100.0,
            f64::from(scratch.slots.against) / 100.0,
        )
    }

    /// The lexicon in use.
    #[must_use]
    pub fn lexicon(&self) -> &'static Lexicon {
        self.lexicon
    }

    /// Scores a message.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn score(&self, text: &str, scratch: &mut Scratch) -> Result<Score, TooLong> {
        if text.len() > MESSAGE_MAX {
            return Err(TooLong { bytes: text.len() });
        }
        scratch.folded.fill(text);
        scratch.finding.run(self.lexicon, &scratch.folded);
        scratch.slots.fill(self.lexicon, &scratch.finding.hits);
        let margins = self.model.margins(&scratch.folded, &mut scratch.grams);
        let fusion = self.model.fusion();
        let slots = &scratch.slots;
        let mut families = [0.0; ScamType::ALL.len()];
        for (t, own) in ScamType::ALL.iter().zip(&mut families) {
            let lexicon = slots.families.get(t.index()).copied().unwrap_or(0);
            *own = f64::from(lexicon) / 100.0 + fusion.family * margins.family(*t);
        }
        let reads_as = if slots.warning <= -150 && slots.warning <= slots.notice || margins.warning() > 0.0 {
            Some(ReadsAs::Warning)
        } else if slots.notice <= -120 {
            Some(ReadsAs::Notice)
        } else {
            None
        };
        Ok(Score {
            log_odds: fusion.start
                + fusion.lexicon * slots.gate() * f64::from(slots.sum) / 100.0
                + fusion.against * f64::from(slots.against) / 100.0
                - fusion.warning * margins.warning()
                + fusion.characters * margins.scam_by_characters()
                + fusion.sounds * margins.scam_by_sounds(),
            families,
            reads_as,
            demand: slots.demand,
            letters: scratch.folded.units.iter().filter(|u| u.ch.is_alphanumeric()).count(),
            any: slots.any,
        })
    }

    /// Checks a message and explains the answer.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn check(&self, text: &str, scratch: &mut Scratch) -> Result<Answer, TooLong> {
        let score = self.score(text, scratch)?;
        let mut evidence = self.evidence(scratch);
        self.model.explain(&scratch.folded, &scratch.grams, &mut evidence);
        Ok(Answer { verdict: judge(&score, &scratch.slots), score, evidence })
    }

    fn evidence(&self, scratch: &Scratch) -> Vec<Evidence> {
        let fusion = self.model.fusion();
        let weigh = |hundredths: i32| {
            let factor = if hundredths < 0 { fusion.against } else { fusion.lexicon * scratch.slots.gate() };
            factor * f64::from(hundredths) / 100.0
        };
        let nowhere = |source, weight| Evidence { source, from: 0, to: 0, weight, covered: false };
        let mut all = vec![nowhere(Source::Start, fusion.start)];
        let mut counted: Vec<u16> = Vec::new();
        for hit in &scratch.finding.hits {
            let weight = self.lexicon.entries().get(hit.entry as usize).map_or(0, |e| e.weight);
            let again = counted.contains(&hit.entry);
            let counts = !hit.covered && !again;
            if counts {
                counted.push(hit.entry);
            }
            all.push(Evidence {
                weight: if counts { weigh(weight) } else { 0.0 },
                ..found(hit, &scratch.folded)
            });
        }
        all.extend(scratch.slots.together().iter().map(|t| nowhere(Source::Together(*t), weigh(t.weight()))));
        all
    }
}

fn found(hit: &Hit, folded: &Folded) -> Evidence {
    let (from, to) = folded.span(hit.first as usize, hit.last as usize);
    Evidence { source: Source::Entry(hit.entry), from, to, weight: 0.0, covered: hit.covered }
}
