//! One lesson: the text or the same in easy words, part by part to be heard, and its questions, which are answered by a plain form.

use askama::Template;
use axum::extract::{FromRequestParts as _, Path, Request, State};
use axum::response::Response;
use mingbai_desk::core::learn::lesson::{Lesson, Question};
use mingbai_desk::core::learn::text::Text;

use super::front::about;
use super::write;
use crate::door::{Fail, Kind, Site, Visit, posted};
use crate::form::Fields;
use crate::page::{Frame, show};

/// Which of the two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variant {
    Full,
    Easy,
}

/// A part of the text.
struct Part {
    title: Option<String>,
    html: String,
}

/// A question with what was answered.
struct Check {
    name: String,
    ask: String,
    choices: Vec<(usize, String, bool)>,
    /// Tone, verdict and feedback, once it was answered.
    said: Option<(&'static str, &'static str, String)>,
}

#[derive(Template)]
#[template(path = "learn/lesson.html")]
struct LessonPage {
    f: Frame,
    about: String,
    version: String,
    address: String,
    other: (String, &'static str),
    parts: Vec<Part>,
    checks: Vec<Check>,
    missing: bool,
    sources: Vec<(String, String)>,
    next: Option<(String, String)>,
}

fn parts(text: &Text) -> Vec<Part> {
    let part = |section: &mingbai_desk::core::learn::text::Section| Part {
        title: section.title.as_deref().map(write::inlines),
        html: write::blocks(section),
    };
    text.sections.iter().map(part).collect()
}

fn check(question: &Question, answers: Option<&Fields>) -> Check {
    let name = format!("q-{}", question.id);
    let chosen: Option<usize> = answers.and_then(|fields| fields.get(&name).parse().ok());
    let chosen = chosen.filter(|at| *at < question.choices.len());
    let choices = question.choices.iter().enumerate();
    let choices = choices.map(|(at, choice)| (at, choice.text.clone(), chosen == Some(at))).collect();
    let said = chosen.and_then(|at| question.choices.get(at)).map(|choice| match choice.right {
        true => ("good", "learn-right", choice.feedback.clone()),
        false => ("care", "learn-wrong", choice.feedback.clone()),
    });
    Check { name, ask: question.ask.clone(), choices, said }
}

fn page(
    visit: &Visit,
    lesson: &Lesson,
    variant: Variant,
    answers: Option<&Fields>,
) -> Result<Response, Fail> {
    let library = visit.site.desk.library();
    let told = lesson.told(visit.look.lang);
    let f = Frame::new(visit, told.title.clone());
    let base = format!("/learn/{}", lesson.id);
    let easy = format!("{base}/easy");
    let (text, address, other) = match variant {
        Variant::Full => (&told.full, base, (easy, "learn-to-easy")),
        Variant::Easy => (&told.easy, easy, (base, "learn-to-full")),
    };
    let checks: Vec<Check> = told.questions.iter().map(|question| check(question, answers)).collect();
    let source = |id: &String| {
        let source = library.source(id)?;
        Some((f.w(&source.name), f.w(source.grade.name())))
    };
    let at = library.lessons().iter().position(|one| one.id == lesson.id);
    let next = at.and_then(|at| library.lessons().get(at + 1)).map(|next| {
        let tail = if variant == Variant::Easy { "/easy" } else { "" };
        (format!("/learn/{}{tail}", next.id), next.told(visit.look.lang).title.clone())
    });
    let page = LessonPage {
        about: about(&f, lesson),
        version: lesson.version.clone(),
        missing: answers.is_some() && checks.iter().any(|check| check.said.is_none()),
        parts: parts(text),
        sources: lesson.sources.iter().filter_map(source).collect(),
        address,
        other,
        checks,
        next,
        f,
    };
    show(&page)
}

fn found<'a>(visit: &'a Visit, id: &str) -> Result<&'a Lesson, Fail> {
    visit.site.desk.library().lesson(id).ok_or_else(|| Fail::of(Kind::NotFound))
}

/// `GET /learn/{lesson}`.
pub(super) async fn full(visit: Visit, Path(id): Path<String>) -> Result<Response, Fail> {
    page(&visit, found(&visit, &id)?, Variant::Full, None)
}

/// `GET /learn/{lesson}/easy`.
pub(super) async fn easy(visit: Visit, Path(id): Path<String>) -> Result<Response, Fail> {
    page(&visit, found(&visit, &id)?, Variant::Easy, None)
}

async fn checked(site: Site, id: &str, variant: Variant, request: Request) -> Result<Response, Fail> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &site).await?;
    let fields = posted(Request::from_parts(parts, body), &site, None).await?;
    page(&visit, found(&visit, id)?, variant, Some(&fields))
}

/// `POST /learn/{lesson}`: the answers to its questions. They are looked at and forgotten.
pub(super) async fn check_full(
    State(site): State<Site>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Fail> {
    checked(site, &id, Variant::Full, request).await
}

/// `POST /learn/{lesson}/easy`.
pub(super) async fn check_easy(
    State(site): State<Site>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Fail> {
    checked(site, &id, Variant::Easy, request).await
}
