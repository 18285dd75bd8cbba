//! From texts to a model. Pure: texts in, weights out.

use super::fit::{Case, fit, threshold};
use super::grow::{Grown, grow};
use super::own::{Class, OwnText, own_text};
use super::svm::{Bound, Recipe, Row, Weights, stored, train};
use super::view::{LANES, View};
use super::{Fusion, Margins, Model, SCAM_LANE, WARNING_LANE, lane};
use crate::checker::Scratch;
use crate::kind::ScamType;
use crate::lexicon::{Lexicon, MARK_BITS, Sign, Slot};

/// A trained model and what there is to say about its training.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// Texts that it was trained on.
    pub own: usize,
}

/// How texts are held out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Five parts; each is judged by a model of the other four.
    Folds,
    /// One family after the other, with a fifth of the innocent texts: what a scam looks like that nobody trained on. Warnings that name the
    /// family stay in the training, so this is harsher than life.
    Families,
}

/// A text judged by a model that has not seen it.
#[derive(Clone, Copy, Debug)]
pub struct HeldOut {
    /// What it is.
    pub class: Class,
    /// Which model judged it.
    pub round: usize,
    /// Margin of the scam lane.
    pub margin: f64,
    /// Weight of each family, in the order of [`ScamType::ALL`].
    pub families: [f64; ScamType::ALL.len()],
}

/// Parts into which our own text is cut.
const FOLDS: usize = 5;
/// Bits of the tables of n-grams.
const BITS: u32 = 16;
const GRAMS: u32 = 1 << BITS;
const SIZE: usize = 2 * (1 << BITS) + (1 << MARK_BITS);

const JOINT: Recipe = Recipe { bits: BITS, large: false, penalty: 1.0, passes: 20, seed: 20_261_126 };
/// Least weight of an entry that speaks for a scam, and of one that speaks against: they were written from official descriptions and reviewed,
/// the n-grams are one author's thousand lines.
const REVIEWED: f64 = 0.2;
/// Value of the block of characters beside the one of sounds: on held-out text characters are the better half.
const CHARACTERS: f64 = 1.5;
/// Factor of a family's lane beside the lexicon's weight for the family.
const FAMILY: f64 = 1.5;
/// Held-out innocent texts of a million that may be called a scam: what is allowed on real ones.
const ALARMS_PPM: usize = 50_000;

fn lanes(class: Class) -> u32 {
    match class {
        Class::Scam(family) => 1 << lane(family) | 1 << SCAM_LANE,
        Class::AnyScam => 1 << SCAM_LANE,
        Class::Warning => 1 << WARNING_LANE,
        Class::Notice | Class::Daily => 0,
    }
}

/// A text with its features and what the lexicon says about its family.
struct Prepared {
    class: Class,
    row: Row,
    families: [i32; ScamType::ALL.len()],
}

fn prepare(text: &Grown, scratch: &mut Scratch) -> Prepared {
    scratch.find(Lexicon::shipped(), &text.text);
    let Scratch { folded, slots, grams, .. } = scratch;
    grams.read(&folded.units, &folded.spoken, BITS);
    grams.hear(&folded.spoken, BITS);
    let by_characters = CHARACTERS * View::share(grams.characters.len());
    let by_sounds = View::share(grams.sounds.len());
    let characters = grams.characters.iter().map(|g| (g.row, by_characters));
    let sounds = grams.sounds.iter().map(|g| (GRAMS + g.row, by_sounds));
    let marks = slots.marks.iter().map(|m| (2 * GRAMS + m.row, m.value));
    let features = characters.chain(sounds).chain(marks).collect();
    let row = Row { features, lanes: lanes(text.class), weight: text.weight };
    Prepared { class: text.class, row, families: slots.families }
}

/// What the weight of a feature may be: see the module's head for why.
fn bound(lexicon: &Lexicon, row: u32, at: usize) -> Bound {
    let Some(mark) = row.checked_sub(2 * GRAMS) else { return Bound::Free };
    let entry = lexicon.entries().get(mark as usize);
    if at == SCAM_LANE {
        let least = if entry.is_some() { REVIEWED } else { 0.0 };
        return match lexicon.marks().sign(mark) {
            Sign::For => Bound::Least(least),
            Sign::Against => Bound::Most(-least),
        };
    }
    match entry {
        Some(entry) if at == WARNING_LANE && entry.slot == Slot::Counter => Bound::Least(0.0),
        Some(entry) if entry.types.iter().any(|t| lane(*t) == at) => Bound::Least(0.0),
        _ => Bound::Free,
    }
}

fn train_joint(texts: &[OwnText]) -> Weights {
    let lexicon = Lexicon::shipped();
    let mut scratch = Scratch::default();
    let rows: Vec<Row> = grow(texts).iter().map(|text| prepare(text, &mut scratch).row).collect();
    train(&rows, SIZE, JOINT, &|row, lane| bound(lexicon, row, lane))
}

fn margins(weights: &Weights, row: &Row) -> Margins {
    let mut sums: [f64; LANES] = weights.start;
    for (feature, x) in &row.features {
        if let Some(own) = weights.rows.get(*feature as usize) {
            for (sum, w) in sums.iter_mut().zip(own) {
                *sum += w * x;
            }
        }
    }
    Margins(sums)
}

/// Weight of each family: the lexicon's and the lane's.
pub(crate) fn families(
    lexicon: &[i32; ScamType::ALL.len()],
    margins: &Margins,
    factor: f64,
) -> [f64; ScamType::ALL.len()] {
    let mut own = [0.0; ScamType::ALL.len()];
    for ((own, family), lexicon) in own.iter_mut().zip(ScamType::ALL).zip(lexicon) {
        *own = f64::from(*lexicon) / 100.0 + factor * margins.family(family);
    }
    own
}

/// Judges every text of our own by models that have not seen it, nor anything made from it.
#[must_use]
pub fn held_out(split: Split) -> Vec<HeldOut> {
    let all = own_text();
    let mut scratch = Scratch::default();
    let rounds = if split == Split::Folds { FOLDS } else { ScamType::ALL.len() };
    // A family's innocent texts: the fifth whose turn it is.
    let out = |round: usize, i: usize, class: Class| match (split, class) {
        (Split::Families, Class::Scam(family)) => family.index() == round,
        (Split::Families, _) if class.is_scam() => false,
        _ => i % FOLDS == round % FOLDS,
    };
    let mut judged = Vec::new();
    for round in 0..rounds {
        let (out, kept): (Vec<_>, Vec<_>) =
            all.iter().enumerate().partition(|(i, text)| out(round, *i, text.class));
        let weights = train_joint(&kept.into_iter().map(|(_, text)| *text).collect::<Vec<_>>());
        for (_, text) in out {
            let whole = Grown { class: text.class, text: text.text.to_owned(), weight: 1.0 };
            let text = prepare(&whole, &mut scratch);
            let margins = margins(&weights, &text.row);
            judged.push(HeldOut {
                class: text.class,
                round,
                margin: margins.scam(),
                families: families(&text.families, &margins, FAMILY),
            });
        }
    }
    judged
}

/// Trains the model that is shipped, from our own text alone.
#[must_use]
pub fn train_shipped() -> Trained {
    let judged = held_out(Split::Folds);
    let cases: Vec<Case> =
        judged.iter().map(|h| Case { margin: h.margin, scam: h.class.is_scam() }).collect();
    let (start, scam) = fit(&cases);
    let mut innocent: Vec<f64> = cases.iter().filter(|c| !c.scam).map(|c| start + scam * c.margin).collect();
    let fusion = Fusion { start, scam, family: FAMILY, known: threshold(&mut innocent, ALARMS_PPM) };
    let weights = train_joint(&own_text());
    let part = |from: usize, bits: u32| weights.rows.get(from..from + (1 << bits)).unwrap_or_default();
    let none = [0.0; LANES];
    // The view reads every n-gram at the same value, so the block's own goes into its weights.
    let characters: Vec<[f64; LANES]> = part(0, BITS).iter().map(|row| row.map(|w| w * CHARACTERS)).collect();
    let model = Model {
        lexicon: Lexicon::shipped().fingerprint(),
        characters: stored(&characters, weights.start, BITS, false),
        sounds: stored(part(GRAMS as usize, BITS), none, BITS, false),
        marks: stored(part(2 * GRAMS as usize, MARK_BITS), none, MARK_BITS, true),
        fusion,
    };
    Trained { model, own: cases.len() }
}
