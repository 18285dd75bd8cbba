//! The test, question by question. Its whole state is the sheet in the address, so a change of language or size, a reload and the way back all
//! work without a script and without a trace in the house.

use askama::Template;
use axum::extract::{FromRequestParts as _, Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::DeskError;
use mingbai_desk::core::learn::bank::{Form, Truth};
use mingbai_desk::learn::{Answered, Asked, Block, Called, Leaning, Level, Marked, Spotted, Stage};
use serde::Deserialize;

use crate::door::{Fail, Site, Visit, posted};
use crate::page::{Frame, see_other, show_as};

/// The sheet in the address.
#[derive(Deserialize)]
pub(super) struct Carried {
    #[serde(default)]
    sheet: String,
}

#[derive(Template)]
#[template(path = "learn/test.html")]
struct IntroPage {
    f: Frame,
    mistake: Option<String>,
}

#[derive(Template)]
#[template(path = "learn/ask.html")]
struct AskPage {
    f: Frame,
    mistake: Option<String>,
    action: String,
    number: usize,
    count: usize,
    steps: String,
    ask: String,
    channel: Option<String>,
    message: Option<String>,
    choices: Vec<(String, String)>,
}

/// One answered question or message.
struct Row {
    ask: String,
    message: Option<String>,
    yours: String,
    tone: &'static str,
    verdict: &'static str,
    right: Option<String>,
    why: String,
    lesson: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "learn/marked.html")]
struct MarkedPage {
    f: Frame,
    mistake: Option<String>,
    points: i32,
    low: i32,
    high: i32,
    rough: String,
    level: &'static str,
    ended: &'static str,
    counts: [u32; 3],
    provisional: bool,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "learn/spotted.html")]
struct SpottedPage {
    f: Frame,
    mistake: Option<String>,
    found: (u32, u32),
    alarms: (u32, u32),
    dont_know: u32,
    /// d′, what it means, what the leaning means.
    skill: Option<(String, &'static str, &'static str)>,
    rows: Vec<Row>,
}

fn on_address(sheet: &str) -> String {
    // The alphabet of a sheet needs no escaping in an address; anything else is not handed on.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let sheet: String = sheet.chars().filter(|c| plain(*c)).take(400).collect();
    format!("/learn/test/on?sheet={sheet}")
}

fn intro_page(visit: &Visit, mistake: Option<String>) -> Result<Response, Fail> {
    let status = if mistake.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    show_as(status, &IntroPage { f: Frame::new(visit, visit.say("learn-test-title")), mistake })
}

/// `GET /learn/test`.
pub(super) async fn intro(visit: Visit) -> Result<Response, Fail> {
    intro_page(&visit, None)
}

/// `GET /learn/test/start`: a new sheet. Nothing happens in the house, so a plain link may lead here.
pub(super) async fn begin_questions(visit: Visit) -> Response {
    see_other(&on_address(&visit.site.desk.test_begin(Block::Questions)))
}

/// `GET /learn/test/messages`.
pub(super) async fn begin_messages(visit: Visit) -> Response {
    see_other(&on_address(&visit.site.desk.test_begin(Block::Messages)))
}

/// `GET /learn/test/on?sheet=…`.
pub(super) async fn on(visit: Visit, Query(carried): Query<Carried>) -> Result<Response, Fail> {
    if carried.sheet.is_empty() {
        return Ok(see_other("/learn/test"));
    }
    stage_page(&visit, &carried.sheet, None)
}

/// `POST /learn/test/on?sheet=…`: an answer.
pub(super) async fn answer(
    State(site): State<Site>,
    Query(carried): Query<Carried>,
    request: Request,
) -> Result<Response, Fail> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &site).await?;
    let fields = posted(Request::from_parts(parts, body), &site, None).await?;
    match site.desk.test_answer(&carried.sheet, fields.get("question"), fields.get("answer")) {
        Ok(next) => Ok(see_other(&on_address(&next))),
        Err(DeskError::Invalid { words, .. }) => {
            stage_page(&visit, &carried.sheet, Some(words.get(visit.look.lang).to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

fn stage_page(visit: &Visit, sheet: &str, mistake: Option<String>) -> Result<Response, Fail> {
    let stage = match visit.site.desk.test_stage(sheet) {
        Ok(stage) => stage,
        Err(DeskError::Invalid { words, .. }) => {
            return intro_page(visit, Some(words.get(visit.look.lang).to_owned()));
        }
        Err(error) => return Err(error.into()),
    };
    let status = if mistake.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let action = on_address(sheet);
    match stage {
        Stage::Question(asked) => show_as(status, &question(visit, mistake, action, &asked)),
        Stage::Message { number, count, message } => {
            let f = Frame::new(visit, visit.say("learn-test-title"));
            let page = AskPage {
                mistake,
                action,
                number,
                count,
                steps: f.ab("learn-number-of", number, count),
                ask: f.t("learn-message-ask"),
                channel: Some(f.w(&message.channel)),
                message: Some(f.w(&message.text)),
                choices: vec![
                    ("0".to_owned(), f.t("learn-message-trick")),
                    ("1".to_owned(), f.t("learn-message-real")),
                ],
                f,
            };
            show_as(status, &page)
        }
        Stage::Marked(marked) => show_as(status, &result(visit, mistake, &marked)),
        Stage::Spotted(spotted) => show_as(status, &spotted_page(visit, mistake, &spotted)),
    }
}

fn question(visit: &Visit, mistake: Option<String>, action: String, asked: &Asked<'_>) -> AskPage {
    let f = Frame::new(visit, visit.say("learn-test-title"));
    let words = match &asked.item.form {
        Form::Keyed { choices, .. } | Form::Scale(choices) => choices,
    };
    let choice = |at: &usize| words.get(*at).map(|words| (at.to_string(), f.w(words)));
    AskPage {
        mistake,
        action,
        number: asked.number,
        count: asked.most,
        steps: f.two(
            "learn-number-about",
            ("number", &asked.number.to_string()),
            ("range", &f.ab("learn-range", asked.least, asked.most)),
        ),
        ask: f.w(&asked.item.ask),
        channel: None,
        message: asked.item.message.as_ref().map(|message| f.w(message)),
        choices: asked.order.iter().filter_map(choice).collect(),
        f,
    }
}

fn result(visit: &Visit, mistake: Option<String>, marked: &Marked<'_>) -> MarkedPage {
    let f = Frame::new(visit, visit.say("learn-result-title"));
    let library = visit.site.desk.library();
    let mut rows = Vec::new();
    for row in &marked.rows {
        let Form::Keyed { choices, explain, .. } = &row.item.form else { continue };
        let choice = |at: usize| choices.get(at).map(|words| f.w(words)).unwrap_or_default();
        let yours = match row.answered {
            Answered::Choice(at) => choice(usize::from(at)),
            Answered::DontKnow => f.t("learn-dont-know"),
        };
        let (tone, verdict) = match (row.is_right(), row.is_unknown()) {
            (true, _) => ("done", "learn-right"),
            (_, true) => ("todo", "learn-unknown"),
            _ => ("bad", "learn-wrong"),
        };
        let lesson = row.item.lesson.as_deref().and_then(|id| library.lesson(id));
        rows.push(Row {
            ask: f.w(&row.item.ask),
            message: row.item.message.as_ref().map(|message| f.w(message)),
            yours,
            tone,
            verdict,
            right: (!row.is_right()).then(|| choice(row.key)),
            why: f.w(explain),
            lesson: lesson.map(|one| (format!("/learn/{}", one.id), one.told(f.lang()).title.clone())),
        });
    }
    MarkedPage {
        mistake,
        points: marked.points,
        low: marked.low,
        high: marked.high,
        rough: f.two(
            "learn-error",
            ("count", &marked.rows.len().to_string()),
            ("error", &format!("{:.0}", marked.error)),
        ),
        level: match marked.level {
            Level::Above => "learn-level-above",
            Level::Around => "learn-level-around",
            Level::Below => "learn-level-below",
        },
        ended: if marked.sure_enough { "learn-ended-sure" } else { "learn-ended-long" },
        counts: [marked.right, marked.wrong, marked.dont_know],
        provisional: marked.provisional,
        rows,
        f,
    }
}

fn spotted_page(visit: &Visit, mistake: Option<String>, spotted: &Spotted<'_>) -> SpottedPage {
    let f = Frame::new(visit, visit.say("learn-spotted-title"));
    let rows = spotted.rows.iter().map(|row| {
        let named = |truth: Truth| match truth {
            Truth::Scam => f.t("learn-message-trick"),
            Truth::Genuine => f.t("learn-message-real"),
        };
        let (yours, known) = match row.called {
            Called::Trick => (named(Truth::Scam), true),
            Called::Real => (named(Truth::Genuine), true),
            Called::DontKnow => (f.t("learn-dont-know"), false),
        };
        let (tone, verdict) = match (row.is_right(), known) {
            (true, _) => ("done", "learn-right"),
            (_, false) => ("todo", "learn-unknown"),
            _ => ("bad", "learn-wrong"),
        };
        Row {
            ask: f.w(&row.message.channel),
            message: Some(f.w(&row.message.text)),
            yours,
            tone,
            verdict,
            right: (!row.is_right()).then(|| named(row.message.truth)),
            why: f.w(&row.message.tell),
            lesson: None,
        }
    });
    let rows = rows.collect();
    let meaning = spotted.grade().zip(spotted.leaning());
    let skill = spotted.skill.zip(meaning).map(|((d_prime, _), (grade, leaning))| {
        let grade = match grade {
            2 => "learn-skill-well",
            1 => "learn-skill-some",
            _ => "learn-skill-none",
        };
        let leaning = match leaning {
            Leaning::Suspicious => "learn-leaning-suspicious",
            Leaning::Even => "learn-leaning-even",
            Leaning::Trusting => "learn-leaning-trusting",
        };
        (format!("{d_prime:.1}"), grade, leaning)
    });
    SpottedPage {
        mistake,
        found: (spotted.tricks, spotted.found),
        alarms: (spotted.reals, spotted.false_alarms),
        dont_know: spotted.dont_know,
        skill,
        rows,
        f,
    }
}
