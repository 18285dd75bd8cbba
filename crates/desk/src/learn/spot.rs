//! Messages to be told apart: as many tricks as real ones, mixed. What is measured is skill (d′) apart from leaning, because whoever calls
//! everything a trick finds every trick and has learnt nothing.

use mingbai_core::learn::bank::{Message, Truth};
use mingbai_core::learn::library::Library;
use mingbai_learn::signal::{Sorted, skill};

use super::sheet::{Answered, Open, Sheet, draw};
use super::test::Stage;

/// How many of each kind are shown.
const OF_EACH: usize = 6;
/// The two answers, by their place: "a trick" and "real".
const TRICK: u8 = 0;
const CHOICES: u8 = 2;
/// d′ from so few answers is rough: its standard error is near one (Gourevitch and Galanter 1967, at six of each kind), so less than one is not told from guessing.
const TOLD_APART: f64 = 1.0;
const WELL_APART: f64 = 2.0;
const LEANS: f64 = 0.5;

/// What she called a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Called {
    /// A trick.
    Trick,
    /// Real.
    Real,
    /// "I don't know".
    DontKnow,
}

/// How readily she says "a trick".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaning {
    /// Rather too often.
    Suspicious,
    /// Neither.
    Even,
    /// Rather too seldom.
    Trusting,
}

/// The result.
pub struct Spotted<'a> {
    /// Tricks shown that were answered with "a trick" or "real".
    pub tricks: u32,
    /// Of these, called a trick.
    pub found: u32,
    /// Real ones that were answered with "a trick" or "real".
    pub reals: u32,
    /// Of these, called a trick.
    pub false_alarms: u32,
    /// "I don't know".
    pub dont_know: u32,
    /// d′ and criterion; nothing when one kind was never answered.
    pub skill: Option<(f64, f64)>,
    /// Message by message.
    pub rows: Vec<SpottedRow<'a>>,
}

/// One answered message.
pub struct SpottedRow<'a> {
    /// The message.
    pub message: &'a Message,
    /// What it was called.
    pub called: Called,
}

impl SpottedRow<'_> {
    /// Whether that was right.
    #[must_use]
    pub fn is_right(&self) -> bool {
        matches!(
            (self.called, self.message.truth),
            (Called::Trick, Truth::Scam) | (Called::Real, Truth::Genuine)
        )
    }
}

impl Spotted<'_> {
    /// How well the two kinds were told apart: not at all as far as can be told (0), somewhat (1), well (2).
    #[must_use]
    pub fn grade(&self) -> Option<u8> {
        self.skill.map(|(d_prime, _)| match d_prime {
            d if d >= WELL_APART => 2,
            d if d >= TOLD_APART => 1,
            _ => 0,
        })
    }

    /// How readily she says "a trick".
    #[must_use]
    pub fn leaning(&self) -> Option<Leaning> {
        self.skill.map(|(_, criterion)| match criterion {
            c if c < -LEANS => Leaning::Suspicious,
            c if c > LEANS => Leaning::Trusting,
            _ => Leaning::Even,
        })
    }
}

/// The messages of this sheet, by their places, in the order in which they are shown.
fn drawn(sheet: &Sheet, library: &Library) -> Vec<u16> {
    let mut all: Vec<([u8; 32], u16, Truth)> = Vec::new();
    for (place, message) in library.messages().iter().enumerate() {
        let Ok(place) = u16::try_from(place) else { continue };
        all.push((draw(sheet.seed(), &message.id), place, message.truth));
    }
    all.sort_unstable_by_key(|(draw, ..)| *draw);
    let (mut tricks, mut reals) = (0, 0);
    // What was drawn by lot is in no order of kinds, and stays in the order of the lot.
    all.retain(|(.., truth)| {
        let count = if *truth == Truth::Scam { &mut tricks } else { &mut reals };
        *count += 1;
        *count <= OF_EACH
    });
    all.into_iter().map(|(_, place, _)| place).collect()
}

pub(super) fn open(sheet: &Sheet, library: &Library) -> Option<Open> {
    let place = drawn(sheet, library).get(sheet.answers().len()).copied()?;
    Some(Open { place, choices: CHOICES })
}

pub(super) fn stage<'a>(sheet: &Sheet, library: &'a Library) -> Stage<'a> {
    let places = drawn(sheet, library);
    let open =
        places.get(sheet.answers().len()).and_then(|place| library.messages().get(usize::from(*place)));
    match open {
        Some(message) => Stage::Message { number: sheet.number(), count: places.len(), message },
        None => Stage::Spotted(Box::new(spotted(sheet, library))),
    }
}

fn spotted<'a>(sheet: &Sheet, library: &'a Library) -> Spotted<'a> {
    let row = |(place, answered): &(u16, Answered)| {
        let message = library.messages().get(usize::from(*place))?;
        let called = match answered {
            Answered::DontKnow => Called::DontKnow,
            Answered::Choice(TRICK) => Called::Trick,
            Answered::Choice(_) => Called::Real,
        };
        Some(SpottedRow { message, called })
    };
    let rows: Vec<SpottedRow<'a>> = sheet.answers().iter().filter_map(row).collect();
    let count = |truth: Truth, called: &[Called]| {
        let fits = |row: &&SpottedRow<'_>| row.message.truth == truth && called.contains(&row.called);
        u32::try_from(rows.iter().filter(fits).count()).unwrap_or(0)
    };
    let said = [Called::Trick, Called::Real];
    let (tricks, found) = (count(Truth::Scam, &said), count(Truth::Scam, &[Called::Trick]));
    let (reals, false_alarms) = (count(Truth::Genuine, &said), count(Truth::Genuine, &[Called::Trick]));
    let dont_know = count(Truth::Scam, &[Called::DontKnow]) + count(Truth::Genuine, &[Called::DontKnow]);
    let skill = skill(Sorted { hits: found, fakes: tricks, false_alarms, reals }).ok();
    let skill = skill.map(|skill| (skill.d_prime, skill.criterion));
    Spotted { tricks, found, reals, false_alarms, dont_know, skill, rows }
}
