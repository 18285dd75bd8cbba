//! Papers that come back signed by hand: the list with the upload, and one of them on a split screen with what the machine saw, where a
//! person compares and another one decides. Works without a script: the pictures are made on the server.

use askama::Template;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::{Multipart, Path};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use mingbai_desk::borrow::{ReturnedView, Side};
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::returned::{
    Answer, Figures, Found, PaperClaim, PaperDecision, PaperTurnedAway, ReadPlace, ReturnedPaper, Said,
    SeenClaim,
};
use mingbai_desk::ports::PICTURE_BYTES;

use super::back::{self, Back};
use super::nav::{Nav, Place};
use super::{at, named};
use crate::borrow::file;
use crate::door::{Fail, Kind, Staff, StaffMove, from_our_page, right_token};
use crate::form::{Fields, FormState};
use crate::page::{Frame, see_other, show_as};
use crate::trust::kind_key;
use crate::when;

/// What the form may hold: a little more than a picture, so that a file that is too large is answered in words.
pub(super) const FORM_BYTES: usize = PICTURE_BYTES + (4 << 20);

#[derive(Template)]
#[template(path = "staff/returned.html")]
struct ListPage {
    f: Frame,
    n: Nav,
    form: FormState,
    here: String,
    back: String,
    lines: Vec<Line>,
    turned: Vec<TurnedLine>,
    takes: bool,
    limit_mb: usize,
}

/// A file that was turned away.
struct TurnedLine {
    by: String,
    reason: String,
    file: String,
}

struct Line {
    address: String,
    number: u64,
    paper: String,
    by: String,
    machine: Mark,
    standing: Mark,
}

/// A class, a sign that is not a colour, and a key.
struct Mark {
    tone: &'static str,
    sign: &'static str,
    key: &'static str,
}

impl Mark {
    /// The class of a state in a line.
    fn class(&self) -> &'static str {
        match self.tone {
            "good" => "done",
            "care" => "todo",
            _ => "bad",
        }
    }
}

#[derive(Template)]
#[template(path = "staff/returned_one.html")]
struct OnePage {
    f: Frame,
    n: Nav,
    form: FormState,
    here: String,
    back: String,
    paper: String,
    by: String,
    standing: Mark,
    stale: bool,
    machine: Mark,
    claims: Vec<Told>,
    ink: Vec<(String, String)>,
    figures: String,
    differing: Vec<String>,
    eyes: String,
    digest: String,
    compared: Option<Word>,
    decided: Option<Word>,
    /// Whether she may compare and decide now.
    compare: bool,
    decide: bool,
    own: bool,
    confirmable: bool,
}

struct Told {
    mark: Mark,
    name: &'static str,
    reason: String,
    places: Vec<String>,
}

/// What a person said.
struct Word {
    mark: Mark,
    by: String,
    note: String,
}

/// `GET returned`.
pub(super) async fn list(staff: Staff, Path(id): Path<String>) -> Result<Response, Fail> {
    list_page(&staff, named(&id)?, FormState::empty(), StatusCode::OK).await
}

async fn list_page(
    staff: &Staff,
    id: JourneyId,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Fail> {
    let desk = &staff.visit.site.desk;
    let papers = desk.returned_papers(&staff.caller, id).await?;
    let turned = desk.turned_away(&staff.caller, id).await?;
    let f = staff.frame("returned-title").about(id.reference());
    let line = |view: &ReturnedView| Line {
        address: at(id, &format!("returned/{}", view.paper.seq)),
        number: view.paper.seq,
        paper: paper(&f, view),
        by: said(&f, &view.paper.returned),
        machine: machine(view.paper.returned.what.answer()),
        standing: standing(&view.paper),
    };
    let page = ListPage {
        n: Nav::new(staff, &f, Place::Journeys),
        form,
        here: at(id, "returned"),
        back: at(id, ""),
        lines: papers.iter().rev().map(line).collect(),
        turned: turned.iter().rev().map(|of| turned_line(&f, of)).collect(),
        takes: desk.has_eyes() && changes(staff),
        limit_mb: PICTURE_BYTES >> 20,
        f,
    };
    show_as(status, &page)
}

/// `POST returned`: one picture.
pub(super) async fn hand_in(
    staff: Staff,
    Path(id): Path<String>,
    headers: HeaderMap,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Fail> {
    let id = named(&id)?;
    from_our_page(&headers, &staff.visit.site.desk.settings().base_url)?;
    let (token, picture) = read(sent.map_err(|_| Fail::of(Kind::Unreadable))?).await?;
    right_token(&staff.csrf, &token)?;
    match staff.visit.site.desk.return_paper(&staff.caller, id, picture).await {
        Ok(seq) => Ok(see_other(&at(id, &format!("returned/{seq}")))),
        Err(error) => {
            let f = staff.titled("");
            let Back { status, form } = back::form(&f, &Fields::default(), "picture", error)?;
            list_page(&staff, id, form, status).await
        }
    }
}

/// The token and the file. A part that is neither is no part of our form.
async fn read(mut sent: Multipart) -> Result<(String, Vec<u8>), Fail> {
    let broken = |e: MultipartError| match e.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Fail::of(Kind::TooLarge),
        _ => Fail::of(Kind::Unreadable),
    };
    let (mut token, mut picture) = (String::new(), Vec::new());
    while let Some(part) = sent.next_field().await.map_err(broken)? {
        match part.name() {
            Some("csrf") if token.is_empty() => token = part.text().await.map_err(broken)?,
            Some("picture") if picture.is_empty() => picture = part.bytes().await.map_err(broken)?.to_vec(),
            _ => return Err(Fail::of(Kind::Unreadable)),
        }
    }
    Ok((token, picture))
}

/// `GET returned/{seq}`.
pub(super) async fn one(staff: Staff, Path((id, seq)): Path<(String, u64)>) -> Result<Response, Fail> {
    one_page(&staff, named(&id)?, seq, FormState::empty(), StatusCode::OK).await
}

async fn one_page(
    staff: &Staff,
    id: JourneyId,
    seq: u64,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Fail> {
    let view = staff.visit.site.desk.returned_paper(&staff.caller, id, seq).await?;
    let f = staff.frame("returned-one-title").about(id.reference());
    let (entry, what) = (&view.paper, &view.paper.returned.what);
    let login = staff.caller.login();
    let own = login == Some(&entry.returned.by) || login == entry.compared.as_ref().map(|said| &said.by);
    let open = entry.decided.is_none() && changes(staff);
    let page = OnePage {
        n: Nav::new(staff, &f, Place::Journeys),
        form,
        here: at(id, &format!("returned/{seq}")),
        back: at(id, "returned"),
        paper: paper(&f, &view),
        by: said(&f, &entry.returned),
        standing: standing(entry),
        stale: !view.current,
        machine: machine(what.answer()),
        claims: what.claims.iter().map(|claim| told(&f, claim)).collect(),
        ink: what.ink.iter().map(|ink| (place(&f, &ink.place), ink_amount(&f, ink.ink_cmm2))).collect(),
        figures: figures(&f, &what.figures),
        differing: differing(&f, &what.figures),
        eyes: what.eyes.clone(),
        digest: what.picture.sha256.to_string(),
        compared: entry.compared.as_ref().map(|said_by| Word {
            mark: found(said_by.what.found),
            by: said(&f, said_by),
            note: said_by.what.note.clone(),
        }),
        decided: entry.decided.as_ref().map(|said_by| Word {
            mark: decision(said_by.what.decision),
            by: said(&f, said_by),
            note: said_by.what.note.clone(),
        }),
        compare: open && entry.compared.is_none(),
        decide: open && !own,
        own: open && own,
        confirmable: what.answer() != Answer::Contradicted
            && what.of(PaperClaim::ExpectedPage) == Answer::Holds
            && entry.compared.as_ref().is_some_and(|said| said.what.found == Found::Same),
        f,
    };
    show_as(status, &page)
}

/// `POST returned/{seq}/compare`.
pub(super) async fn compare(Path((id, seq)): Path<(String, u64)>, wish: StaffMove) -> Result<Response, Fail> {
    let found = match wish.fields.get("found") {
        "same" => Found::Same,
        "different" => Found::Different,
        _ => return unchosen(&wish, named(&id)?, seq, "found").await,
    };
    let (desk, id) = (&wish.staff.visit.site.desk, named(&id)?);
    let note = wish.fields.get("note");
    let outcome = desk.compare_paper(&wish.staff.caller, id, seq, (found, note)).await;
    end(&wish, id, seq, "found", outcome).await
}

/// `POST returned/{seq}/decide`.
pub(super) async fn decide(Path((id, seq)): Path<(String, u64)>, wish: StaffMove) -> Result<Response, Fail> {
    let decision = match wish.fields.get("decision") {
        "confirmed" => PaperDecision::Confirmed,
        "refused" => PaperDecision::Refused,
        _ => return unchosen(&wish, named(&id)?, seq, "decision").await,
    };
    let (desk, id) = (&wish.staff.visit.site.desk, named(&id)?);
    let reason = wish.fields.get("reason");
    let outcome = desk.decide_paper(&wish.staff.caller, id, seq, (decision, reason)).await;
    end(&wish, id, seq, "decision", outcome).await
}

async fn unchosen(wish: &StaffMove, id: JourneyId, seq: u64, field: &str) -> Result<Response, Fail> {
    let mut form = FormState::typed(wish.fields.clone());
    form.mark(field, wish.staff.visit.say("choose-one"));
    one_page(&wish.staff, id, seq, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn end(
    wish: &StaffMove,
    id: JourneyId,
    seq: u64,
    field: &str,
    outcome: Result<(), mingbai_desk::DeskError>,
) -> Result<Response, Fail> {
    match outcome {
        Ok(()) => Ok(see_other(&at(id, &format!("returned/{seq}")))),
        Err(error) => {
            let f = wish.staff.titled("");
            let Back { status, form } = back::form(&f, &wish.fields, field, error)?;
            one_page(&wish.staff, id, seq, form, status).await
        }
    }
}

/// `GET returned/{seq}/{side}`: one of its pictures.
pub(super) async fn side(
    staff: Staff,
    Path((id, seq, side)): Path<(String, u64, String)>,
) -> Result<Response, Fail> {
    let wanted = match side.as_str() {
        "expected.png" => Side::Expected,
        "laid.jpg" => Side::Laid,
        "picture" => Side::Picture,
        _ => return Err(Fail::of(Kind::NotFound)),
    };
    let desk = &staff.visit.site.desk;
    let (document, bytes) = desk.returned_picture(&staff.caller, named(&id)?, seq, wanted).await?;
    let ending = match document.media.as_str() {
        "image/png" => "png",
        "application/pdf" => "pdf",
        _ => "jpg",
    };
    Ok(file(&document, &format!("mingbai-returned-{seq}.{ending}"), bytes))
}

fn changes(staff: &Staff) -> bool {
    staff.is(StaffRole::Consultant) || staff.is(StaffRole::Compliance)
}

fn said<T>(f: &Frame, said: &Said<T>) -> String {
    f.ab("returned-by", &said.by, when::shown(said.at_ms, f.lang()))
}

fn turned_line(f: &Frame, of: &Said<PaperTurnedAway>) -> TurnedLine {
    let (digest, bytes) = (of.what.file_sha256.to_string(), of.what.file_bytes.to_string());
    TurnedLine {
        by: said(f, of),
        reason: f.w(&of.what.words),
        file: f.two("returned-turned-bytes", ("digest", &digest), ("bytes", &bytes)),
    }
}

fn paper(f: &Frame, view: &ReturnedView) -> String {
    let kind = f.t(kind_key(view.kind));
    match view.paper.returned.what.page {
        Some(page) => f.two("returned-paper-page", ("paper", &kind), ("page", &page.to_string())),
        None => kind,
    }
}

fn answer(of: Answer) -> (&'static str, &'static str) {
    match of {
        Answer::Holds => ("good", "✓"),
        Answer::NotKnown => ("care", "?"),
        Answer::Contradicted => ("alarm", "✗"),
    }
}

fn machine(of: Answer) -> Mark {
    let (tone, sign) = answer(of);
    let key = match of {
        Answer::Holds => "returned-machine-holds",
        Answer::NotKnown => "returned-machine-unknown",
        Answer::Contradicted => "returned-machine-differs",
    };
    Mark { tone, sign, key }
}

fn standing(paper: &ReturnedPaper) -> Mark {
    match (&paper.decided, &paper.compared) {
        (Some(said), _) => decision(said.what.decision),
        (None, Some(_)) => Mark { tone: "care", sign: "○", key: "returned-waits-decision" },
        (None, None) => Mark { tone: "care", sign: "○", key: "returned-waits-comparison" },
    }
}

fn decision(of: PaperDecision) -> Mark {
    match of {
        PaperDecision::Confirmed => Mark { tone: "good", sign: "✓", key: "returned-confirmed" },
        PaperDecision::Refused => Mark { tone: "alarm", sign: "✗", key: "returned-refused" },
    }
}

fn found(of: Found) -> Mark {
    match of {
        Found::Same => Mark { tone: "good", sign: "✓", key: "returned-found-same" },
        Found::Different => Mark { tone: "alarm", sign: "✗", key: "returned-found-different" },
    }
}

fn told(f: &Frame, claim: &SeenClaim) -> Told {
    let (tone, sign) = answer(claim.answer);
    let key = match claim.answer {
        Answer::Holds => "returned-answer-holds",
        Answer::NotKnown => "returned-answer-unknown",
        Answer::Contradicted => "returned-answer-differs",
    };
    Told {
        mark: Mark { tone, sign, key },
        name: match claim.claim {
            PaperClaim::ExpectedPage => "returned-claim-page",
            PaperClaim::NothingAdded => "returned-claim-added",
            PaperClaim::NothingChanged => "returned-claim-changed",
            PaperClaim::Signed => "returned-claim-signed",
        },
        reason: f.w(&claim.reason),
        places: claim.places.iter().map(|place| f.w(&place.words)).collect(),
    }
}

/// A place to write as people call it; one that a lender's own template added, under its own name.
fn place(f: &Frame, name: &str) -> String {
    let key = match name {
        "sign-borrower" => "returned-place-borrower",
        "sign-staff" => "returned-place-staff",
        "sign-lender" => "returned-place-lender",
        "fill-total" => "returned-place-total",
        "fill-cost" => "returned-place-cost",
        date if date.starts_with("fill-date") => "returned-place-date",
        other => return other.to_owned(),
    };
    f.t(key)
}

fn ink_amount(f: &Frame, ink_cmm2: u32) -> String {
    match ink_cmm2 {
        0..80 => f.t("returned-ink-none"),
        some => f.t1("returned-ink-some", "mm2", format!("{}.{}", some / 100, some % 100 / 10)),
    }
}

fn figures(f: &Frame, of: &Figures) -> String {
    match of {
        Figures::Person { why } => f.w(why),
        Figures::Reader { name, differing, .. } if !differing.is_empty() => {
            f.t1("returned-reader-differs", "name", name)
        }
        Figures::Reader { name, same, .. } => {
            f.two("returned-reader-same", ("name", name), ("count", &same.to_string()))
        }
    }
}

fn differing(f: &Frame, of: &Figures) -> Vec<String> {
    let Figures::Reader { differing, unsure, unsure_at, .. } = of else { return Vec::new() };
    let other = |place: &ReadPlace| {
        f.two("returned-reader-other", ("printed", &place.printed), ("read", &place.read))
    };
    let mut lines: Vec<String> = differing.iter().map(other).collect();
    if *unsure > 0 {
        let named: Vec<&str> = unsure_at.iter().map(|place| place.printed.as_str()).collect();
        let (count, list) = (unsure.to_string(), named.join(" · "));
        lines.push(f.two("returned-reader-unsure", ("count", &count), ("list", &list)));
    }
    lines
}
