//! The adaptive test: which question comes next, and what the answers say. The engine is `learn`'s; what its figures may be said to mean
//! is decided here, and it is little as long as the questions' curves are guesses.

use mingbai_core::learn::bank::{Form, Item, Standing};
use mingbai_core::learn::lesson::Topic;
use mingbai_core::learn::library::Library;
use mingbai_learn::adaptive::{self, Candidate, End, Rule, Step};
use mingbai_learn::irt::{self, Answer};

use super::sheet::{Answered, Open, Sheet, draw};
use super::spot::Spotted;
use mingbai_core::learn::bank::Message;

/// 8 to 12 questions; drawn among the five that tell most. A standard error below 0.5 is as much as twelve such questions can promise.
const RULE: Rule = Rule { enough_error: 0.5, ..Rule::USUAL };

/// Where a test stands.
pub enum Stage<'a> {
    /// A question is open.
    Question(Asked<'a>),
    /// A message is open.
    Message {
        /// Counted from one.
        number: usize,
        /// Of so many.
        count: usize,
        /// The message.
        message: &'a Message,
    },
    /// The questions are answered.
    Marked(Box<Marked<'a>>),
    /// The messages are answered.
    Spotted(Box<Spotted<'a>>),
}

/// A question that is open.
pub struct Asked<'a> {
    /// Counted from one.
    pub number: usize,
    /// The test has at least so many …
    pub least: usize,
    /// … and at most so many.
    pub most: usize,
    /// The question.
    pub item: &'a Item,
    /// Its choices in the order of this sheet, by their place in the file: the right one is not always the second.
    pub order: Vec<usize>,
}

/// Where on the scale somebody stands, as far as that can be said: only where the whole interval is on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Below the middle.
    Below,
    /// Around it, or not to be told.
    Around,
    /// Above it.
    Above,
}

/// The result.
pub struct Marked<'a> {
    /// The score, 50 + 10·θ, rounded, 0 to 100. 50 is the middle of the scale and nobody's average.
    pub points: i32,
    /// Nine times of ten – if the curves were right – the true value lies between this …
    pub low: i32,
    /// … and this.
    pub high: i32,
    /// Standard error in points.
    pub error: f64,
    /// What can be said.
    pub level: Level,
    /// Answered right.
    pub right: u32,
    /// Answered wrong.
    pub wrong: u32,
    /// "I don't know".
    pub dont_know: u32,
    /// Whether the test ended because the error was small enough.
    pub sure_enough: bool,
    /// Whether any question's curve is a guess.
    pub provisional: bool,
    /// Question by question.
    pub rows: Vec<MarkedRow<'a>>,
}

/// One answered question.
pub struct MarkedRow<'a> {
    /// The question.
    pub item: &'a Item,
    /// What was answered.
    pub answered: Answered,
    /// Place of the right choice.
    pub key: usize,
}

impl MarkedRow<'_> {
    /// Whether it was right.
    #[must_use]
    pub fn is_right(&self) -> bool {
        matches!(self.answered, Answered::Choice(choice) if usize::from(choice) == self.key)
    }

    /// Whether she said that she does not know.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.answered == Answered::DontKnow
    }
}

/// The questions that can be asked, with their places in the library.
fn candidates(library: &Library) -> Vec<(u16, Candidate)> {
    let one = |(place, item): (usize, &Item)| {
        let Form::Keyed { curve, .. } = &item.form else { return None };
        // The library refuses curves that the engine would refuse.
        let curve = irt::Item::at_difficulty(curve.a, curve.b).ok()?;
        let topic = Topic::ALL.iter().position(|topic| *topic == item.topic)?;
        Some((u16::try_from(place).ok()?, Candidate { item: curve, topic: u32::try_from(topic).ok()? }))
    };
    library.items().iter().enumerate().filter_map(one).collect()
}

fn key(item: &Item) -> usize {
    match &item.form {
        Form::Keyed { key, .. } => *key,
        Form::Scale(_) => usize::MAX,
    }
}

fn step(sheet: &Sheet, library: &Library) -> (Vec<(u16, Candidate)>, Step) {
    let all = candidates(library);
    let bank: Vec<Candidate> = all.iter().map(|(_, candidate)| *candidate).collect();
    let told = |(place, answered): &(u16, Answered)| {
        let at = all.iter().position(|(known, _)| known == place)?;
        let right = library.items().get(usize::from(*place)).map(key)?;
        let answer = match answered {
            Answered::DontKnow => Answer::DontKnow,
            Answered::Choice(choice) if usize::from(*choice) == right => Answer::Right,
            Answered::Choice(_) => Answer::Wrong,
        };
        Some((at, answer))
    };
    let answers: Vec<_> = sheet.answers().iter().filter_map(told).collect();
    let step = adaptive::next(&bank, &answers, &RULE, sheet.seed());
    (all, step)
}

pub(super) fn open(sheet: &Sheet, library: &Library) -> Option<Open> {
    let (all, Step::Ask(at)) = step(sheet, library) else { return None };
    let place = all.get(at)?.0;
    let Form::Keyed { choices, .. } = &library.items().get(usize::from(place))?.form else { return None };
    Some(Open { place, choices: u8::try_from(choices.len()).ok()? })
}

pub(super) fn stage<'a>(sheet: &Sheet, library: &'a Library) -> Stage<'a> {
    let (all, step) = step(sheet, library);
    match step {
        Step::Ask(at) => {
            let place = all.get(at).map_or(0, |(place, _)| usize::from(*place));
            #[expect(
                clippy::indexing_slicing,
                reason = "the place comes from this very list, which is never empty"
            )]
            let item = &library.items()[place];
            Stage::Question(asked(sheet, item))
        }
        Step::Stop(end, score) => Stage::Marked(Box::new(marked(sheet, library, end, score))),
    }
}

fn asked<'a>(sheet: &Sheet, item: &'a Item) -> Asked<'a> {
    let count = match &item.form {
        Form::Keyed { choices, .. } => choices.len(),
        Form::Scale(steps) => steps.len(),
    };
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|choice| draw(sheet.seed(), &format!("{}/{choice}", item.id)));
    Asked { number: sheet.number(), least: RULE.least, most: RULE.most, item, order }
}

/// Nine times of ten under a normal bell.
const NINE_OF_TEN: f64 = 1.645;

fn marked<'a>(sheet: &Sheet, library: &'a Library, end: End, score: irt::Score) -> Marked<'a> {
    let points = |theta: f64| (50.0 + 10.0 * theta).round().clamp(0.0, 100.0) as i32;
    let (low, high) =
        (points(score.theta - NINE_OF_TEN * score.error), points(score.theta + NINE_OF_TEN * score.error));
    let level = match (low > 50, high < 50) {
        (true, _) => Level::Above,
        (_, true) => Level::Below,
        _ => Level::Around,
    };
    let row = |(place, answered): &(u16, Answered)| {
        let item = library.items().get(usize::from(*place))?;
        Some(MarkedRow { item, answered: *answered, key: key(item) })
    };
    let rows: Vec<MarkedRow<'a>> = sheet.answers().iter().filter_map(row).collect();
    let guessed = |row: &MarkedRow<'_>| matches!(&row.item.form, Form::Keyed { curve, .. } if curve.standing == Standing::Provisional);
    Marked {
        points: points(score.theta),
        low,
        high,
        error: 10.0 * score.error,
        level,
        right: score.right,
        wrong: score.wrong,
        dont_know: score.dont_know,
        sure_enough: end == End::SureEnough,
        provisional: rows.iter().any(guessed),
        rows,
    }
}
