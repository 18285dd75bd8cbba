//! One block of n-grams trained on any labelled set: for the benchmarks.

use super::grams::{Gram, Grams};
use super::svm::{Bound, Recipe, Row, stored, train};
use super::view::{LANES, View};
use crate::checker::Scratch;
use crate::fold::Folded;

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
                let share = View::share(found.len());
                Row {
                    features: found.iter().map(|g| (g.row, share)).collect(),
                    lanes: 1 << (*class).min(LANES - 1),
                    weight: 1.0,
                }
            })
            .collect();
        let weights = train(&rows, 1 << recipe.bits, recipe, &|_, _| Bound::Free);
        let view = stored(&weights.rows, weights.start, recipe.bits, recipe.large);
        Bench { view, by_sound, classes: classes.min(LANES) }
    }

    fn grams<'a>(
        text: &str,
        by_sound: bool,
        bits: u32,
        folded: &mut Folded,
        grams: &'a mut Grams,
    ) -> &'a [Gram] {
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
