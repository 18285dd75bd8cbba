//! From texts to a model. Pure: texts in, weights out.

use super::fit::{Case, fit};
use super::grams::Grams;
use super::own::{Class, own_text};
use super::svm::{Recipe, Row, train};
use super::view::{LANES, View};
use super::{Fusion, Margins, Model, SCAM_LANE, WARNING_LANE, lane};
use crate::checker::{Checker, Scratch};
use crate::fold::Folded;

/// A text to train from.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The text.
    pub text: String,
    /// What it is.
    pub class: Class,
    /// How much it counts; 1 for a text of our own.
    pub weight: f64,
}

/// A trained model and what there is to say about its training.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// Texts of our own.
    pub own: usize,
    /// Texts from elsewhere.
    pub others: usize,
}

/// Parts into which our own text is cut, so that the weighing is learnt on texts that the views have not seen.
const FOLDS: usize = 5;

const CHARACTERS: Recipe = Recipe { bits: 16, large: false, penalty: 1.0, passes: 12, seed: 20_261_125 };
const SOUNDS: Recipe = Recipe { bits: 16, large: false, penalty: 1.0, passes: 12, seed: 20_261_126 };

fn lanes(class: Class) -> u32 {
    match class {
        Class::Scam(family) => 1 << lane(family) | 1 << SCAM_LANE,
        Class::AnyScam => 1 << SCAM_LANE,
        Class::Warning => 1 << WARNING_LANE,
        Class::Notice | Class::Daily => 0,
    }
}

fn rows(sample: &Sample, folded: &mut Folded, grams: &mut Grams) -> (Row, Row) {
    folded.fill(&sample.text);
    grams.read(&folded.units, &folded.spoken, CHARACTERS.bits);
    grams.hear(&folded.spoken, SOUNDS.bits);
    let row = |grams: &[super::grams::Gram]| Row {
        rows: grams.iter().map(|g| g.row).collect(),
        lanes: lanes(sample.class),
        weight: sample.weight,
    };
    (row(&grams.characters), row(&grams.sounds))
}

/// Trains the model that is shipped: our own text, and `others` as far as their licence allows.
#[must_use]
pub fn train_shipped(others: &[Sample]) -> Trained {
    let own: Vec<Sample> =
        own_text().iter().map(|t| Sample { text: t.text.to_owned(), class: t.class, weight: 1.0 }).collect();
    let (mut folded, mut grams) = (Folded::default(), Grams::default());
    let mut prepared = |samples: &[Sample]| -> (Vec<Row>, Vec<Row>) {
        samples.iter().map(|s| rows(s, &mut folded, &mut grams)).unzip()
    };
    let (own_characters, own_sounds) = prepared(&own);
    let (other_characters, other_sounds) = prepared(others);
    let views = |keep: &dyn Fn(usize) -> bool| {
        let pick = |own: &[Row], others: &[Row]| -> Vec<Row> {
            let own = own.iter().enumerate().filter(|(i, _)| keep(*i)).map(|(_, row)| row.clone());
            own.chain(others.iter().cloned()).collect()
        };
        let characters = train(&pick(&own_characters, &other_characters), CHARACTERS);
        (characters, train(&pick(&own_sounds, &other_sounds), SOUNDS))
    };
    let mut cases = Vec::new();
    let lexicon = Checker::by_lexicon_alone();
    let mut scratch = Scratch::default();
    for fold in 0..FOLDS {
        let (characters, sounds) = views(&|i| i % FOLDS != fold);
        for (i, sample) in own.iter().enumerate().filter(|(i, _)| i % FOLDS == fold) {
            let margins = held_out(&characters, &sounds, own_characters.get(i), own_sounds.get(i));
            let (weighs_for, against) = lexicon.lexicon_sums(&sample.text, &mut scratch);
            cases.push(Case {
                features: [
                    weighs_for,
                    against,
                    margins.scam_by_characters(),
                    margins.scam_by_sounds(),
                    -margins.warning(),
                ],
                scam: sample.class.is_scam(),
                weight: 1.0,
            });
        }
    }
    let [start, lexicon, against, by_characters, by_sounds, warning] = fit(&cases);
    let (characters, sounds) = views(&|_| true);
    let fusion = Fusion {
        start,
        lexicon,
        against,
        characters: by_characters,
        sounds: by_sounds,
        warning,
        family: 1.0,
    };
    Trained { model: Model { characters, sounds, fusion }, own: own.len(), others: others.len() }
}

fn held_out(
    characters: &View,
    sounds: &View,
    by_characters: Option<&Row>,
    by_sounds: Option<&Row>,
) -> Margins {
    let margins = |view: &View, row: Option<&Row>| -> [f64; LANES] {
        let grams: Vec<super::grams::Gram> = row
            .into_iter()
            .flat_map(|row| row.rows.iter())
            .map(|row| super::grams::Gram { row: *row, first: 0, last: 0 })
            .collect();
        view.margins(&grams)
    };
    Margins { characters: margins(characters, by_characters), sounds: margins(sounds, by_sounds) }
}

/// A view trained and asked on any labelled set: for the benchmarks.
#[derive(Clone, Debug)]
pub struct Bench {
    view: View,
    by_sound: bool,
    classes: usize,
}

impl Bench {
    /// Trains on texts with a class number each.
    #[must_use]
    pub fn train(texts: &[(String, usize)], classes: usize, by_sound: bool, recipe: Recipe) -> Bench {
        let (mut folded, mut grams) = (Folded::default(), Grams::default());
        let rows: Vec<Row> = texts
            .iter()
            .map(|(text, class)| {
                let found = Bench::grams(text, by_sound, recipe.bits, &mut folded, &mut grams);
                Row {
                    rows: found.iter().map(|g| g.row).collect(),
                    lanes: 1 << (*class).min(LANES - 1),
                    weight: 1.0,
                }
            })
            .collect();
        Bench { view: train(&rows, recipe), by_sound, classes: classes.min(LANES) }
    }

    fn grams<'a>(
        text: &str,
        by_sound: bool,
        bits: u32,
        folded: &mut Folded,
        grams: &'a mut Grams,
    ) -> &'a [super::grams::Gram] {
        folded.fill(text);
        if by_sound {
            grams.hear(&folded.spoken, bits);
            &grams.sounds
        } else {
            grams.read(&folded.units, &folded.spoken, bits);
            &grams.characters
        }
    }

    /// The likeliest class of a text and its margin.
    #[must_use]
    pub fn ask(&self, text: &str, scratch: &mut Scratch) -> (usize, f64) {
        let grams =
            Bench::grams(text, self.by_sound, self.view.bits, &mut scratch.folded, &mut scratch.grams);
        let margins = self.view.margins(grams);
        let best = margins
            .iter()
            .take(self.classes)
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
        best.map_or((0, 0.0), |(class, margin)| (class, *margin))
    }

    /// The margin of every class.
    #[must_use]
    pub fn margins(&self, text: &str, scratch: &mut Scratch) -> [f64; LANES] {
        let grams =
            Bench::grams(text, self.by_sound, self.view.bits, &mut scratch.folded, &mut scratch.grams);
        self.view.margins(grams)
    }
}
