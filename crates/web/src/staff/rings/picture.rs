//! The ring as a picture: loans on the left, what they share on the right, a line where a loan was seen with a thing. Kinds are told apart
//! by shape and word, not by colour, and the table below says the same in full.

use mingbai_desk::core::trust::ring::{Picture, ShareKind};

use super::Mark;
use crate::page::Frame;

/// The most loans and things that are drawn; the table has them all.
const ROWS: usize = 30;
const THINGS: usize = 20;
/// Height of a row, in the drawing's own units.
const ROW: usize = 44;
/// Height of a box.
const BOX: usize = 32;

/// A loan.
pub(super) struct Loan {
    pub(super) y: usize,
    pub(super) text_y: usize,
    pub(super) label: String,
    pub(super) state: &'static str,
}

/// A shared thing: a path for its shape, and its name.
pub(super) struct Thing {
    pub(super) shape: String,
    pub(super) text_y: usize,
    pub(super) label: String,
}

/// A line between the two.
pub(super) struct Line {
    pub(super) from_y: usize,
    pub(super) to_y: usize,
}

/// The drawing.
pub(super) struct Drawing {
    pub(super) height: usize,
    pub(super) loans: Vec<Loan>,
    pub(super) things: Vec<Thing>,
    pub(super) lines: Vec<Line>,
    /// What it shows, in words, for whoever does not see it.
    pub(super) about: String,
    /// Whether something is left to the table.
    pub(super) cut: bool,
}

/// The name of a shared thing: its kind and a number where there are several of one kind.
pub(super) fn names(f: &Frame, picture: &Picture) -> Vec<String> {
    let mut all = Vec::with_capacity(picture.shares.len());
    for (place, share) in picture.shares.iter().enumerate() {
        let before = picture.shares.iter().take(place).filter(|one| one.kind == share.kind).count();
        let several = picture.shares.iter().filter(|one| one.kind == share.kind).count() > 1;
        let name = f.w(share.kind.name());
        all.push(if several { format!("{name} {}", before + 1) } else { name });
    }
    all
}

/// Draws it; `marks` are the standings of its members by place.
pub(super) fn draw(f: &Frame, picture: &Picture, marks: &[Mark]) -> Drawing {
    let loans = picture.members.len().min(ROWS);
    let things = picture.shares.len().min(THINGS);
    let rows = loans.max(things).max(1);
    let height = rows * ROW + 12;
    // The shorter side stands in the middle of the longer one.
    let top = |count: usize| 6 + (rows - count) * ROW / 2;
    let loan_y = |place: usize| top(loans) + place * ROW;
    let thing_y = |place: usize| top(things) + place * ROW;
    let lines = picture.shares.iter().take(things).enumerate().flat_map(|(thing, share)| {
        let drawn = share.members.iter().filter_map(|place| usize::try_from(*place).ok());
        drawn.filter(|place| *place < loans).map(move |loan| (loan, thing)).collect::<Vec<_>>()
    });
    let lines: Vec<Line> = lines
        .map(|(loan, thing)| Line { from_y: loan_y(loan) + BOX / 2, to_y: thing_y(thing) + BOX / 2 })
        .collect();
    let loan = |place: usize| {
        let mark = marks.get(place);
        let number = f.t1("ring-loan", "number", place + 1);
        Loan {
            y: loan_y(place),
            text_y: loan_y(place) + 22,
            label: mark.map_or_else(|| number.clone(), |mark| format!("{} {number}", mark.sign)),
            state: mark.map_or("", |mark| mark.state),
        }
    };
    let thing = |(place, (share, name)): (usize, (&mingbai_desk::core::trust::ring::Share, String))| Thing {
        shape: shape(share.kind, thing_y(place) + BOX / 2),
        text_y: thing_y(place) + 22,
        label: f.ab("ring-thing", name, share.members.len().to_string()),
    };
    Drawing {
        height,
        loans: (0..loans).map(loan).collect(),
        things: picture.shares.iter().zip(names(f, picture)).take(things).enumerate().map(thing).collect(),
        about: f.ab(
            "ring-picture-about",
            picture.members.len().to_string(),
            picture.shares.len().to_string(),
        ),
        cut: loans < picture.members.len() || things < picture.shares.len(),
        lines,
    }
}

/// A square for what is held, a diamond for money, a triangle for words, a circle for place, way and work.
fn shape(kind: ShareKind, middle: usize) -> String {
    let (x, y) = (372, middle);
    match kind {
        ShareKind::Device | ShareKind::Phone | ShareKind::Card | ShareKind::Contact => {
            format!("M{} {}h20v20h-20z", x - 10, y - 10)
        }
        ShareKind::FeeAccount => format!("M{x} {}l12 12l-12 12l-12 -12z", y - 12),
        ShareKind::Script => format!("M{x} {}l12 21h-24z", y - 12),
        _ => format!("M{} {y}a10 10 0 1 0 20 0a10 10 0 1 0 -20 0z", x - 10),
    }
}
