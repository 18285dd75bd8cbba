//! The quiet way out for somebody who is being made to borrow. Whoever stands over her sees nothing: the page afterwards is one that she
//! has seen before, no message appears, and the staff of the branch are not told; compliance is.

use askama::Template;
use axum::response::Response;
use mingbai_desk::borrow::JourneyView;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::screen::ScreenKey;
use mingbai_desk::cost::Words;

use super::at;
use crate::door::{Borrower, Fail, Move};
use crate::page::{Frame, see_other, show};

#[derive(Template)]
#[template(path = "borrow/aside.html")]
struct AsidePage {
    f: Frame,
    lines: Vec<(String, Words)>,
    complain: String,
    back: String,
}

/// `GET aside`.
pub(super) async fn ask(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    let lines = view.pack.help().iter().map(|line| (line.number.clone(), line.text.clone())).collect();
    let complain = borrower.at("complain");
    show(&AsidePage {
        f: borrower.frame("aside-title"),
        lines,
        complain,
        back: format!("/b/{}", borrower.id),
    })
}

/// `POST aside`.
pub(super) async fn call(wish: Move) -> Result<Response, Fail> {
    let acted = wish.act(Command::AskForHelp).await?;
    // The key facts are where anybody may be at any time.
    let page = if acted.view.journey.table().is_some() { "facts" } else { "start" };
    Ok(see_other(&at(wish.id, page)))
}

/// Whether what waits for a person must not be seen on her screen: that she is being forced is all that she said.
pub(super) fn is_quiet(view: &JourneyView) -> bool {
    // A ring's pause is seen anyway and gives nothing of it away.
    is_secret(view) && !view.journey.ring_waits()
}

/// Whether she said that she is being forced, and nothing else.
pub(super) fn is_secret(view: &JourneyView) -> bool {
    view.journey.screening_hits() == [ScreenKey::Forced]
}
