//! One linear lane a question (is it a scam? of this family? a warning?) over three blocks of features: characters, sounds, and the marks
//! of the lexicon. They are trained together, so a word that both the lexicon and an n-gram know is not counted twice.
//!
//! Marks keep their sign: what the lexicon calls a demand, a hook or a claimed identity never speaks against a scam, and a warning or notice
//! never for one. The training text is little, and real cases look unlike any training set (see `docs/scam.md`).

mod artefact;
mod bench;
mod fit;
mod grams;
mod grow;
mod own;
mod svm;
mod train;
mod view;

use std::sync::LazyLock;

pub use artefact::ModelError;
pub use bench::Bench;
pub use grams::Grams;
pub use own::{Class, OwnText, own_text};
pub use svm::{Dice, Recipe};
pub(crate) use train::families;
pub use train::{HeldOut, Split, Trained, held_out, train_shipped};
pub use view::{Cells, LANES, View};

use crate::evidence::{Evidence, Mark, Source};
use crate::fold::Folded;
use crate::kind::ScamType;

static SHIPPED_BYTES: &[u8] = include_bytes!("../../model/weights.bin");
static SHIPPED: LazyLock<Model> = LazyLock::new(|| {
    Model::from_bytes(SHIPPED_BYTES).expect("the shipped model is read by a test of this crate")
});

/// Lane of "a scam, of whatever family".
pub(crate) const SCAM_LANE: usize = 14;
/// Lane of warnings and reports.
pub(crate) const WARNING_LANE: usize = 15;

/// The lane of a family. A friendship and an investment, and the two sides of an intermediary, are told apart by the lexicon only.
pub(crate) fn lane(family: ScamType) -> usize {
    match family {
        ScamType::BrushOrders => 0,
        ScamType::FakeInvestment | ScamType::Romance => 1,
        ScamType::FakeShopping => 2,
        ScamType::FakeService => 3,
        ScamType::FakeLoan => 4,
        ScamType::CreditScare => 5,
        ScamType::CreditRepair => 6,
        ScamType::FakeAcquaintance => 7,
        ScamType::FakePolice => 8,
        ScamType::GameTrade => 9,
        ScamType::PensionInvestment => 10,
        ScamType::LoanBroker | ScamType::AbLoan => 11,
        ScamType::RightsAgent => 12,
        ScamType::Phishing => 13,
    }
}

/// How margins become an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fusion {
    /// Log-odds that every message starts from.
    pub start: f64,
    /// Factor of the scam lane's margin.
    pub scam: f64,
    /// Factor of a family's lane when families are ranked, beside the lexicon's own weight for it.
    pub family: f64,
    /// Log-odds from which a pattern is called known; found on held-out texts of our own.
    pub known: f64,
}

/// The lanes and their calibration.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Fingerprint of the lexicon that the marks are those of.
    pub(crate) lexicon: u64,
    pub(crate) characters: View,
    pub(crate) sounds: View,
    pub(crate) marks: View,
    pub(crate) fusion: Fusion,
}

/// What the lanes say about a message: the sum of the three blocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Margins([f64; LANES]);

impl Margins {
    pub(crate) fn family(&self, family: ScamType) -> f64 {
        self.0.get(lane(family)).copied().unwrap_or(0.0)
    }

    pub(crate) fn scam(&self) -> f64 {
        self.0[SCAM_LANE]
    }

    pub(crate) fn warning(&self) -> f64 {
        self.0[WARNING_LANE]
    }
}

impl Model {
    /// The model that is part of the program. Trained only from text that may be used for it; see `model/CARD.md`.
    #[must_use]
    pub fn shipped() -> &'static Model {
        &SHIPPED
    }

    /// The bytes of the shipped model.
    #[must_use]
    pub fn shipped_bytes() -> &'static [u8] {
        SHIPPED_BYTES
    }

    /// The calibration.
    #[must_use]
    pub fn fusion(&self) -> Fusion {
        self.fusion
    }

    /// The three blocks: characters, sounds, marks.
    #[must_use]
    pub fn views(&self) -> [&View; 3] {
        [&self.characters, &self.sounds, &self.marks]
    }

    pub(crate) fn margins(&self, folded: &Folded, grams: &mut Grams, marks: &[Mark]) -> Margins {
        grams.read(&folded.units, &folded.spoken, self.characters.bits);
        grams.hear(&folded.spoken, self.sounds.bits);
        let mut sums = self.characters.margins(&grams.characters);
        for (sum, more) in sums.iter_mut().zip(self.sounds.margins(&grams.sounds)) {
            *sum += more;
        }
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += marks.iter().map(|mark| self.marks.weight(mark.row, lane) * mark.value).sum::<f64>();
        }
        Margins(sums)
    }

    /// What a mark adds to the log-odds.
    pub(crate) fn of_mark(&self, mark: Mark) -> f64 {
        self.fusion.scam * self.marks.weight(mark.row, SCAM_LANE) * mark.value
    }

    /// Log-odds that every message starts from: the calibration's and the lane's own.
    pub(crate) fn start(&self) -> f64 {
        let lane = self.characters.start[SCAM_LANE] + self.sounds.start[SCAM_LANE];
        self.fusion.start + self.fusion.scam * lane
    }

    /// Adds what each n-gram contributes.
    pub(crate) fn explain(&self, folded: &Folded, grams: &Grams, into: &mut Vec<Evidence>) {
        let views = [
            (Source::Characters, &self.characters, &grams.characters),
            (Source::Sounds, &self.sounds, &grams.sounds),
        ];
        for (source, view, grams) in views {
            let factor = self.fusion.scam * View::share(grams.len());
            for gram in grams {
                let weight = factor * view.weight(gram.row, SCAM_LANE);
                if weight != 0.0 {
                    let (from, to) = folded.span(gram.first as usize, gram.last as usize);
                    into.push(Evidence { source, from, to, weight, covered: false });
                }
            }
        }
    }
}
