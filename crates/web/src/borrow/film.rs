//! What the script of the recording's page sends and asks: chunks, answers, the end of a file and of the whole. Every answer is small and
//! in her language, because the script shows it as it is.

use axum::extract::{FromRequestParts as _, Path, Request, State};
use axum::response::Response;
use mingbai_desk::borrow::recording::ClosedFile;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::recording::{Answer, Ended, Played, Side, Wish};
use mingbai_desk::ports::FileOf;
use serde_json::{Value, json};

use crate::door::{Borrower, Fail, Kind, Move, Piece, Site, Visit};
use crate::form::Fields;
use crate::page::answered;

/// A number out of a form.
pub(crate) fn number<T: std::str::FromStr>(fields: &Fields, name: &str) -> Result<T, Fail> {
    fields.get(name).parse().map_err(|_| Fail::of(Kind::Unreadable))
}

/// What a file says when it is complete.
pub(crate) fn closed_of(fields: &Fields) -> Result<ClosedFile, Fail> {
    Ok(ClosedFile {
        chunks: number(fields, "chunks")?,
        length_ms: number(fields, "length_ms")?,
        head: number(fields, "head")?,
        media: fields.get("media").to_owned(),
    })
}

fn file_of(journey: JourneyId, recording: &str, take: u32) -> FileOf {
    FileOf { journey, recording: recording.to_owned(), side: Side::Borrower, take }
}

async fn wished(wish: &Move, what: Wish) -> Result<Value, Fail> {
    wish.act(Command::Recording(Box::new(what))).await?;
    Ok(json!({}))
}

/// `POST record/play`: a part was read out and answered.
pub(super) async fn play(wish: Move) -> Response {
    let outcome = async {
        let fields = &wish.fields;
        let answer = match fields.get("answer") {
            "yes" => Answer::Yes,
            "no" => Answer::No,
            "doubt" => Answer::Doubt,
            _ => return Err(Fail::of(Kind::Unreadable)),
        };
        let played = Played {
            recording: fields.get("recording").to_owned(),
            node: fields.get("node").to_owned(),
            take: number(fields, "take")?,
            start_ms: number(fields, "start_ms")?,
            end_ms: number(fields, "end_ms")?,
            first_chunk: number(fields, "first_chunk")?,
            last_chunk: number(fields, "last_chunk")?,
            answer,
        };
        wished(&wish, Wish::Play(played)).await
    };
    let outcome = outcome.await;
    answered(&wish.visit, outcome)
}

/// `POST record/end`: everything is played and here.
pub(super) async fn end(wish: Move) -> Response {
    let ended = Ended { recording: wish.fields.get("recording").to_owned() };
    let outcome = wished(&wish, Wish::End(ended)).await;
    answered(&wish.visit, outcome)
}

/// `POST record/{take}/close`: a file is complete.
pub(super) async fn close(Path((_, take)): Path<(String, u32)>, wish: Move) -> Response {
    let outcome = async {
        let closed = closed_of(&wish.fields)?;
        let file = file_of(wish.id, wish.fields.get("recording"), take);
        wish.visit.site.desk.close_file(&wish.caller, &file, closed).await?;
        Ok(json!({}))
    };
    let outcome = outcome.await;
    answered(&wish.visit, outcome)
}

/// `GET record/{take}?recording=…`: which chunks of a file are here.
pub(super) async fn kept(Path((_, take)): Path<(String, u32)>, borrower: Borrower) -> Response {
    let query = borrower.visit.here.split_once("recording=").map_or("", |(_, id)| id);
    let file = file_of(borrower.id, query, take);
    let kept = borrower.visit.site.desk.kept_chunks(&borrower.caller, &file).await;
    answered(&borrower.visit, kept.map(|chunks| json!({ "chunks": chunks })).map_err(Fail::from))
}

/// `POST record/{take}/{place}`: one chunk. Staff who send here are turned away at the door: nobody records another one's side.
pub(super) async fn chunk(
    State(site): State<Site>,
    Path((_, take, place)): Path<(String, u32, u32)>,
    visit: Visit,
    request: Request,
) -> Response {
    let outcome = async {
        let (mut parts, body) = request.into_parts();
        let borrower = Borrower::from_request_parts(&mut parts, &site).await?;
        let piece = Piece::read(Request::from_parts(parts, body), &site, &borrower.csrf).await?;
        let file = file_of(borrower.id, &piece.recording, take);
        let chunk = (place, piece.bytes, piece.sha256);
        borrower.visit.site.desk.keep_chunk(&borrower.caller, &file, chunk).await?;
        Ok(json!({}))
    };
    let outcome = outcome.await;
    answered(&visit, outcome)
}
