//! Two linear views of a message, and how they are weighed against the lexicon.
//!
//! The views assist: they were trained on little text, and real cases look unlike any training set (see `docs/scam.md`).

mod artefact;
mod fit;
mod grams;
mod own;
mod svm;
mod train;
mod view;

use std::sync::LazyLock;

pub use artefact::ModelError;
pub use grams::Grams;
pub use own::{Class, OwnText, own_text};
pub use svm::{Dice, Recipe};
pub use train::{Bench, Sample, Trained, train_shipped};
pub use view::{Cells, LANES, View};

use crate::evidence::{Evidence, Source};
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

/// How lexicon and views are weighed against each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fusion {
    /// Log-odds that every message starts from.
    pub start: f64,
    /// Factor of what the lexicon says for a scam.
    pub lexicon: f64,
    /// Factor of what the lexicon says against one.
    pub against: f64,
    /// Factor of the character view's scam lane.
    pub characters: f64,
    /// Factor of the sounds view's scam lane.
    pub sounds: f64,
    /// Factor of both views' warning lane; it speaks against a scam.
    pub warning: f64,
    /// Factor of a family's lanes when families are ranked.
    pub family: f64,
}

/// The views and their weighing.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub(crate) characters: View,
    pub(crate) sounds: View,
    pub(crate) fusion: Fusion,
}

/// What the views say about a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Margins {
    characters: [f64; LANES],
    sounds: [f64; LANES],
}

impl Margins {
    pub(crate) fn family(&self, family: ScamType) -> f64 {
        let at = |margins: &[f64; LANES]| margins.get(lane(family)).copied().unwrap_or(0.0);
        (at(&self.characters) + at(&self.sounds)) / 2.0
    }

    pub(crate) fn scam_by_characters(&self) -> f64 {
        self.characters[SCAM_LANE]
    }

    pub(crate) fn scam_by_sounds(&self) -> f64 {
        self.sounds[SCAM_LANE]
    }

    pub(crate) fn warning(&self) -> f64 {
        (self.characters[WARNING_LANE] + self.sounds[WARNING_LANE]) / 2.0
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

    /// A model without knowledge: the lexicon alone decides.
    #[must_use]
    pub fn none() -> Model {
        let fusion = Fusion {
            start: -1.6,
            lexicon: 1.0,
            against: 1.0,
            characters: 0.0,
            sounds: 0.0,
            warning: 0.0,
            family: 0.0,
        };
        Model { characters: View::empty(), sounds: View::empty(), fusion }
    }

    /// The weighing.
    #[must_use]
    pub fn fusion(&self) -> Fusion {
        self.fusion
    }

    /// The two views: characters, sounds.
    #[must_use]
    pub fn views(&self) -> (&View, &View) {
        (&self.characters, &self.sounds)
    }

    pub(crate) fn margins(&self, folded: &Folded, grams: &mut Grams) -> Margins {
        grams.read(&folded.units, &folded.spoken, self.characters.bits);
        grams.hear(&folded.spoken, self.sounds.bits);
        Margins {
            characters: self.characters.margins(&grams.characters),
            sounds: self.sounds.margins(&grams.sounds),
        }
    }

    /// Adds what each n-gram contributes. The views' own start is part of the message's start.
    pub(crate) fn explain(&self, folded: &Folded, grams: &Grams, into: &mut Vec<Evidence>) {
        let views = [
            (Source::Characters, &self.characters, &grams.characters, self.fusion.characters),
            (Source::Sounds, &self.sounds, &grams.sounds, self.fusion.sounds),
        ];
        for (source, view, grams, factor) in views {
            let share = View::share(grams.len());
            // The warning lane is the mean of both views and counts against.
            let tone = -self.fusion.warning / 2.0;
            let start = factor * view.start[SCAM_LANE] + tone * view.start[WARNING_LANE];
            into.push(Evidence { source: Source::Start, from: 0, to: 0, weight: start, covered: false });
            for gram in grams {
                let own =
                    factor * view.weight(gram.row, SCAM_LANE) + tone * view.weight(gram.row, WARNING_LANE);
                let weight = own * share;
                if weight != 0.0 {
                    let (from, to) = folded.span(gram.first as usize, gram.last as usize);
                    into.push(Evidence { source, from, to, weight, covered: false });
                }
            }
        }
    }
}
