//! The checker: folds a message, asks the lexicon and the two views, weighs, and answers.

use crate::evidence::{Evidence, Slots, Source};
use crate::fold::Folded;
use crate::kind::ScamType;
use crate::lexicon::{Finding, Hit, Lexicon};
use crate::model::{Model, families};
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

impl Scratch {
    /// Folds a text and finds what the lexicon knows in it.
    pub(crate) fn find(&mut self, lexicon: &Lexicon, text: &str) {
        self.folded.fill(text);
        self.finding.run(lexicon, &self.folded);
        self.slots.fill(lexicon, &self.finding.hits, self.folded.quotes);
    }
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
        scratch.find(self.lexicon, text);
        let slots = &scratch.slots;
        let margins = self.model.margins(&scratch.folded, &mut scratch.grams, &slots.marks);
        let fusion = self.model.fusion();
        let reads_as = if slots.warning <= -150 && slots.warning <= slots.notice || margins.warning() > 0.0 {
            Some(ReadsAs::Warning)
        } else if slots.notice <= -120 {
            Some(ReadsAs::Notice)
        } else {
            None
        };
        Ok(Score {
            log_odds: fusion.start + fusion.scam * margins.scam(),
            families: families(&slots.families, &margins, fusion.family),
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
        Ok(Answer { verdict: judge(&score, self.model.fusion().known), score, evidence })
    }

    fn evidence(&self, scratch: &Scratch) -> Vec<Evidence> {
        let nowhere = |source, weight| Evidence { source, from: 0, to: 0, weight, covered: false };
        let mut all = vec![nowhere(Source::Start, self.model.start())];
        all.extend(scratch.finding.hits.iter().map(|hit| found(hit, &scratch.folded)));
        for mark in &scratch.slots.marks {
            let weight = self.model.of_mark(*mark);
            // The first of all is the start.
            match mark.hit.and_then(|hit| all.get_mut(hit as usize + 1)) {
                Some(own) => own.weight += weight,
                None if weight == 0.0 => {}
                None if mark.row == self.lexicon.marks().quotes_row() => {
                    all.push(nowhere(Source::Quotes, weight));
                }
                None => all.push(nowhere(Source::Together(mark.row), weight)),
            }
        }
        all
    }
}

fn found(hit: &Hit, folded: &Folded) -> Evidence {
    let (from, to) = folded.span(hit.first as usize, hit.last as usize);
    Evidence { source: Source::Entry(hit.entry), from, to, weight: 0.0, covered: hit.covered }
}
