//! Putting a question together: choosing wrong options, placing the right one, setting the tolerance.

use mingbai_cost::{Fen, Words};

use super::dice::Dice;
use super::{Choice, Form, Key, Question, QuestionId};
use crate::borrow::say;

/// Options on the page, beside "I am not sure".
const OPTIONS: usize = 4;
/// Options may not be closer than this part of the right amount (ppm), or than one yuan: nobody should fail
/// by a misprint.
const MIN_GAP_PPM: i128 = 5_000;
const MIN_GAP_FEN: i128 = 100;

/// The words of a question: two wordings of the prompt, and the explanation.
pub(super) struct Text {
    pub(super) prompts: [Words; 2],
    pub(super) explain: Words,
}

impl Text {
    /// Odd variants use the first wording, even ones the second, so that neighbours always differ.
    fn prompt(&self, id: QuestionId) -> Words {
        let [first, second] = &self.prompts;
        if id.variant.is_multiple_of(2) { second.clone() } else { first.clone() }
    }
}

/// A question whose answer is an amount. `wrong` comes from the same table, the most tempting mistake first.
pub(super) fn money(id: QuestionId, text: Text, right: Fen, wrong: &[Fen]) -> Option<Question> {
    let gap = gap(right);
    let mut dice = Dice::new(id);
    let tempting = apart(right, wrong, gap);
    if id.variant.is_multiple_of(2) {
        let tolerance_fen = tolerance(right, &tempting);
        let prompt = text.prompt(id);
        return Some(Question {
            id,
            prompt,
            form: Form::Amount { tolerance_fen },
            explain: text.explain,
            key: Key::Amount(right),
        });
    }
    let mut picked = pick(&mut dice, &tempting);
    fill(&mut dice, right, gap, &mut picked);
    let options = picked.into_iter().map(say::yuan).collect();
    choices(id, text, say::yuan(right), options)
}

/// A question with ready options; `wrong` is already in order of weight.
pub(super) fn choices(id: QuestionId, text: Text, right: Words, wrong: Vec<Words>) -> Option<Question> {
    let mut options = vec![right.clone()];
    for words in wrong {
        let same = |known: &Words| known.zh == words.zh || known.en == words.en;
        if options.len() < OPTIONS && !options.iter().any(same) {
            options.push(words);
        }
    }
    // Two options are a coin; three with "I am not sure" are the least that asks anything.
    if options.len() < 3 {
        return None;
    }
    let mut dice = Dice::new(id);
    dice.shuffle(&mut options);
    let at = options.iter().position(|words| *words == right)?;
    Some(Question {
        id,
        prompt: text.prompt(id),
        form: Form::Choices(options.into_iter().map(|words| Choice { words }).collect()),
        explain: text.explain,
        key: Key::Choice(at),
    })
}

fn gap(right: Fen) -> i128 {
    (i128::from(right.get()).abs() * MIN_GAP_PPM / 1_000_000).max(MIN_GAP_FEN)
}

fn distance(a: Fen, b: Fen) -> i128 {
    (i128::from(a.get()) - i128::from(b.get())).abs()
}

/// The wrong amounts that are no negative, far enough from the right one and from each other, in their order.
fn apart(right: Fen, wrong: &[Fen], gap: i128) -> Vec<Fen> {
    let mut kept: Vec<Fen> = Vec::new();
    for amount in wrong {
        let far = kept.iter().chain([&right]).all(|known| distance(*known, *amount) >= gap);
        if amount.get() >= 0 && far {
            kept.push(*amount);
        }
    }
    kept
}

/// The most tempting mistake always, two of the others by dice.
fn pick(dice: &mut Dice, tempting: &[Fen]) -> Vec<Fen> {
    let Some((first, others)) = tempting.split_first() else { return Vec::new() };
    let mut others = others.to_vec();
    dice.shuffle(&mut others);
    others.truncate(OPTIONS - 2);
    others.insert(0, *first);
    others
}

/// Tops up with amounts of the same size, so that the right one does not stand out by its length.
fn fill(dice: &mut Dice, right: Fen, gap: i128, picked: &mut Vec<Fen>) {
    let mut steps: Vec<i128> = vec![-31, -23, -14, -8, 9, 13, 22, 34];
    dice.shuffle(&mut steps);
    for percent in steps {
        let near = i128::from(right.get()) + i128::from(right.get()) * percent / 100;
        // Small amounts have no room for percentages; step in tens of yuan instead.
        let near = if distance_of(near, right) < gap { near + percent.abs() * 1_000 } else { near };
        let Ok(near) = i64::try_from(near) else { continue };
        let near = Fen::new(near);
        let far = picked.iter().chain([&right]).all(|known| distance(*known, near) >= gap);
        if picked.len() < OPTIONS - 1 && near.get() > 0 && far {
            picked.push(near);
        }
    }
}

fn distance_of(near: i128, right: Fen) -> i128 {
    (near - i128::from(right.get())).abs()
}

/// People round: half a percent, at least one yuan, but never so much that a tempting mistake would pass.
fn tolerance(right: Fen, tempting: &[Fen]) -> Fen {
    let wide = gap(right);
    let nearest = tempting.iter().map(|amount| distance(*amount, right)).min().unwrap_or(wide * 2);
    let most = wide.min((nearest - 1) / 2).max(0);
    Fen::new(i64::try_from(most).unwrap_or(0))
}
