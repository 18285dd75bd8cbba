//! Forced reading, section by section. The server's clock says how long a section was open; the page only shows it.

use askama::Template;
use axum::extract::RawPathParams;
use axum::response::Response;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::reading::{Section, required_ms};
use mingbai_desk::cost::Words;

use super::{Steps, at};
use crate::door::{Borrower, Fail, Kind, Move};
use crate::page::{Frame, see_other, show};

/// A section in the list.
struct Part {
    title: Words,
    state: State,
    address: String,
}

/// How far a section has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Read,
    Next,
    Later,
}

impl State {
    fn is_read(self) -> bool {
        self == State::Read
    }

    fn is_next(self) -> bool {
        self == State::Next
    }
}

#[derive(Template)]
#[template(path = "borrow/read.html")]
struct OverviewPage {
    f: Frame,
    step: Steps,
    list: Vec<Part>,
    next: String,
    all_read: bool,
    decline: String,
}

/// `GET read`: the sections, with the next one to open.
pub(super) async fn overview(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    if view.journey.shown().is_none() {
        return Ok(see_other(&borrower.at("facts")));
    }
    let next = view.journey.next_section();
    let part = |section: Section| {
        let read = view.journey.section(section.key()).is_some_and(|state| state.read.is_some());
        let state = match (read, next == Some(section)) {
            (true, _) => State::Read,
            (false, true) => State::Next,
            (false, false) => State::Later,
        };
        Part { title: section.title(), state, address: borrower.at(&format!("read/{}", section.key())) }
    };
    let page = OverviewPage {
        f: borrower.frame("read-title"),
        step: Steps::Read,
        list: Section::ALL.into_iter().map(part).collect(),
        next: format!("/b/{}", borrower.id),
        all_read: next.is_none(),
        decline: borrower.at("decline"),
    };
    show(&page)
}

fn section_of(params: &RawPathParams) -> Result<Section, Fail> {
    let text = params.iter().find(|(name, _)| *name == "section").map(|(_, value)| value);
    text.and_then(Section::from_key).ok_or_else(|| Fail::of(Kind::NotFound))
}

#[derive(Template)]
#[template(path = "borrow/section.html")]
struct SectionPage {
    f: Frame,
    step: Steps,
    title: Words,
    number: usize,
    count: usize,
    paragraphs: Vec<Words>,
    seconds: i64,
    read: bool,
    back: String,
    decline: String,
}

/// `GET read/{section}`: an opened section. One that was not opened yet has no running clock, so the list comes first.
pub(super) async fn section(borrower: Borrower, params: RawPathParams) -> Result<Response, Fail> {
    let section = section_of(&params)?;
    let view = borrower.view().await?;
    let (Some(table), Some(state)) = (view.journey.table(), view.journey.section(section.key())) else {
        return Ok(see_other(&borrower.at("read")));
    };
    let seconds = (required_ms(section, table, &view.pack) + 999) / 1000;
    let page = SectionPage {
        f: borrower.frame("read-title"),
        step: Steps::Read,
        title: section.title(),
        number: Section::ALL.iter().position(|known| *known == section).map_or(1, |at| at + 1),
        count: Section::ALL.len(),
        paragraphs: section.paragraphs(table),
        seconds,
        read: state.read.is_some(),
        back: borrower.at("read"),
        decline: borrower.at("decline"),
    };
    show(&page)
}

/// `POST read/{section}/open`: the clock of this section starts.
pub(super) async fn open(params: RawPathParams, wish: Move) -> Result<Response, Fail> {
    let section = section_of(&params)?;
    wish.act(Command::OpenSection { section: section.key().to_owned() }).await?;
    Ok(see_other(&at(wish.id, &format!("read/{}", section.key()))))
}

/// `POST read/{section}`: read to the end; the next one is opened at once, so that nobody has to click twice.
pub(super) async fn finish(params: RawPathParams, wish: Move) -> Result<Response, Fail> {
    let section = section_of(&params)?;
    let acted = wish.act(Command::FinishSection { section: section.key().to_owned() }).await?;
    let Some(next) = acted.view.journey.next_section() else { return Ok(wish.on()) };
    wish.act(Command::OpenSection { section: next.key().to_owned() }).await?;
    Ok(see_other(&at(wish.id, &format!("read/{}", next.key()))))
}
