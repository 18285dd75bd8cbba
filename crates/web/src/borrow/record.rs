//! The recording on her own page: a consent of its own, then part after part of the filled script. What the page's script asks for
//! is in `film`; no rule lives here.

use askama::Template;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mingbai_desk::borrow::JourneyView;
use mingbai_desk::borrow::recording::Files;
use mingbai_desk::core::borrow::duty::Duty;
use mingbai_desk::core::borrow::event::Choice;
use mingbai_desk::core::borrow::recording::{Check, NodeStanding, Recording, Side};
use mingbai_desk::core::borrow::script::{Expected, Spoken};
use mingbai_desk::core::borrow::state::Stage;
use serde_json::json;

use super::Steps;
use crate::door::{Borrower, Fail, Move};
use crate::form::FormState;
use crate::page::{Frame, see_other, show, show_as};

/// What her page of the recording is about now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scene {
    /// Nothing of it is hers: nobody began, or everything is played.
    Nothing,
    /// May she be recorded?
    Ask,
    /// She said no; she may think again.
    Declined,
    /// She doubts; a consultant explains first.
    Stopped,
    /// Parts are to be played, or to be ended.
    Play,
}

impl Scene {
    pub(super) fn of(view: &JourneyView) -> Self {
        let (journey, pack) = (&view.journey, &view.pack);
        let missing = journey.missing(pack).iter().any(|missing| missing.duty == Duty::Recorded);
        let Some(recording) = journey.recording().filter(|_| missing && journey.stage() == Stage::Ceremony)
        else {
            return Scene::Nothing;
        };
        match &recording.agreed {
            None => Scene::Ask,
            Some((_, Choice::Declined)) => Scene::Declined,
            Some(_) if recording.doubt.is_some() => Scene::Stopped,
            Some(_) if !recording.to_play().is_empty() || recording.ended.is_none() => Scene::Play,
            Some(_) => Scene::Nothing,
        }
    }
}

#[derive(Template)]
#[template(path = "borrow/record_ask.html")]
struct AskPage {
    f: Frame,
    step: Steps,
    form: FormState,
    base: String,
    text: String,
    declined: bool,
    decline: String,
}

/// The text of the consent: exactly what the page shows, and what is kept.
fn consent_text(f: &Frame, view: &JourneyView) -> String {
    let years =
        view.pack.retention().iter().find(|rule| rule.key == "recording").map(|rule| rule.years.value);
    let lender = view.journey.table().map(|table| f.w(&table.lender.name)).unwrap_or_default();
    let kept = years.map(|years| f.t1("record-consent-kept", "years", years)).unwrap_or_default();
    [f.t1("record-consent-text", "lender", lender), kept, f.t("record-consent-look")].join("")
}

fn ask_page(borrower: &Borrower, view: &JourneyView, form: FormState) -> AskPage {
    let f = borrower.frame("record-title");
    AskPage {
        step: Steps::Person,
        form,
        base: borrower.at("record"),
        text: consent_text(&f, view),
        declined: Scene::of(view) == Scene::Declined,
        decline: borrower.at("decline"),
        f,
    }
}

/// One part of the script as her page shows it.
struct Part {
    id: String,
    number: usize,
    text: String,
    /// The answer with which it goes on.
    expects: &'static str,
    /// Shortest time before it can be answered when no voice reads it, so that somebody can have read it out.
    least_ms: usize,
    /// `todo`, `kept`, or the number of the file that has to arrive.
    state: String,
    label: String,
    /// Why it has to be recorded again, in plain words.
    why: Vec<String>,
}

#[derive(Template)]
#[template(path = "borrow/record.html")]
struct PlayPage {
    f: Frame,
    step: Steps,
    base: String,
    home: String,
    recording: String,
    case: String,
    now_ms: i64,
    next_take: u32,
    parts: Vec<Part>,
    decline: String,
}

impl PlayPage {
    /// How many parts were found wanting.
    fn again(&self) -> usize {
        self.parts.iter().filter(|part| !part.why.is_empty()).count()
    }
}

#[derive(Template)]
#[template(path = "borrow/record_stop.html")]
struct StopPage {
    f: Frame,
    step: Steps,
    base: String,
    text: String,
    decline: String,
}

/// Characters that a voice reads in a second.
fn least_ms(f: &Frame, text: &str) -> usize {
    let pace = match f.lang() {
        mingbai_desk::cost::Lang::Zh => 8,
        mingbai_desk::cost::Lang::En => 24,
    };
    text.chars().count() * 1_000 / pace
}

/// How a part stands for her browser. A part whose file is not complete waits for the file.
fn part_state(recording: &Recording, node: &str) -> String {
    let played = recording.states.get(node).and_then(|state| state.played.as_ref());
    let mark = recording.begun.nodes.iter().find(|mark| mark.id == node);
    match (mark.map(|mark| recording.node_standing(mark)), played) {
        (Some(NodeStanding::ToPlay | NodeStanding::Redo), _) | (_, None) => "todo".to_owned(),
        (_, Some((_, played))) => match recording.takes.get(&(Side::Borrower, played.take)) {
            Some((_, take)) if played.last_chunk < take.chunks => "kept".to_owned(),
            // The file ended before the part did: it has to be played again.
            Some(_) => "todo".to_owned(),
            None => played.take.to_string(),
        },
    }
}

/// Why a part has to be recorded again: what the machine found, as something that she can do, or that a person wants it.
fn why_again(f: &Frame, recording: &Recording, node: &str) -> Vec<String> {
    let mark = recording.begun.nodes.iter().find(|mark| mark.id == node);
    let again = mark.is_some_and(|mark| recording.node_standing(mark) == NodeStanding::Redo);
    let Some(known) = recording.states.get(node).filter(|_| again) else { return Vec::new() };
    if known.human.is_some() {
        return vec![f.t("record-why-person")];
    }
    let failed = known.verdict.iter().flat_map(|(_, verdict)| &verdict.failed);
    failed.map(|(check, _)| f.t(advice(*check))).collect()
}

/// What she can do about a finding.
fn advice(check: Check) -> &'static str {
    match check {
        Check::Decodes => "record-why-decodes",
        Check::Length => "record-why-length",
        Check::Black => "record-why-black",
        Check::Freeze => "record-why-freeze",
        Check::Blur => "record-why-blur",
        Check::Silence => "record-why-silence",
        Check::Loudness => "record-why-loudness",
        Check::Clipping => "record-why-clipping",
        Check::Persons | Check::SamePerson => "record-why-persons",
        Check::Words | Check::Answer | Check::Sample => "record-why-words",
    }
}

fn parts(f: &Frame, recording: &Recording, spoken: &[Spoken]) -> Vec<Part> {
    let part = |(at, one): (usize, &Spoken)| {
        let text = f.w(&one.text);
        let state = part_state(recording, &one.id);
        let label = match state.as_str() {
            "todo" => f.t("record-state-todo"),
            "kept" => f.t("record-state-kept"),
            _ => f.t("record-state-sending"),
        };
        Part {
            id: one.id.clone(),
            number: at + 1,
            least_ms: least_ms(f, &text),
            expects: if one.expects == Expected::Yes { "yes" } else { "no" },
            why: why_again(f, recording, &one.id),
            text,
            state,
            label,
        }
    };
    spoken.iter().enumerate().map(part).collect()
}

/// `GET record`.
pub(super) async fn show_now(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    let home = format!("/b/{}", borrower.id);
    let scene = Scene::of(&view);
    let Some(recording) = view.journey.recording().filter(|_| scene != Scene::Nothing) else {
        return Ok(see_other(&home));
    };
    if matches!(scene, Scene::Ask | Scene::Declined) {
        return show(&ask_page(&borrower, &view, FormState::empty()));
    }
    let desk = &borrower.visit.site.desk;
    let spoken = desk.spoken(&borrower.caller, borrower.id).await?;
    let (base, decline) = (borrower.at("record"), borrower.at("decline"));
    if let Some(doubt) = &recording.doubt {
        let f = borrower.frame("record-stopped-title");
        let text = spoken.iter().find(|one| one.id == *doubt).map(|one| f.w(&one.text)).unwrap_or_default();
        return show(&StopPage { f, step: Steps::Person, base, text, decline });
    }
    let files = desk.recording_files(&borrower.caller, borrower.id, Side::Borrower).await?;
    show(&play_page(&borrower, recording, &spoken, &files, home))
}

fn play_page(
    borrower: &Borrower,
    recording: &Recording,
    spoken: &[Spoken],
    files: &Files,
    home: String,
) -> PlayPage {
    let f = borrower.frame("record-title");
    PlayPage {
        step: Steps::Person,
        base: borrower.at("record"),
        home,
        recording: recording.id().to_owned(),
        case: borrower.id.reference(),
        now_ms: borrower.visit.site.desk.now_ms(),
        next_take: files.next_take,
        parts: parts(&f, recording, spoken),
        decline: borrower.at("decline"),
        f,
    }
}

/// `POST record/agree`: yes or no, and nothing was chosen for her.
pub(super) async fn agree(wish: Move) -> Result<Response, Fail> {
    let borrower = wish.page();
    let desk = &wish.visit.site.desk;
    let view = desk.journey(&wish.caller, wish.id).await?;
    let choice = match wish.fields.get("choice") {
        "agreed" => Choice::Agreed,
        "declined" => Choice::Declined,
        _ => {
            let mut form = FormState::typed(wish.fields.clone());
            form.mark("choice", wish.visit.say("choose-one"));
            return show_as(StatusCode::UNPROCESSABLE_ENTITY, &ask_page(&borrower, &view, form));
        }
    };
    let text = consent_text(&borrower.frame("record-title"), &view);
    desk.agree_to_recording(&wish.caller, wish.id, choice, &text).await?;
    Ok(match choice {
        Choice::Agreed => see_other(&super::at(wish.id, "record")),
        Choice::Declined => wish.on(),
    })
}

/// `GET record/state`: whether a page that waits for a consultant may go on.
pub(super) async fn state(borrower: Borrower) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    Ok(Json(json!({ "stopped": Scene::of(&view) == Scene::Stopped })).into_response())
}
