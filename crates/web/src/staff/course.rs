//! The course of consultants: its lessons, all of its questions in one form, and what came of each attempt.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::certificate::{CourseAnswers, Taken};
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::learn::lesson::Lesson;

use super::back::{self, Back};
use super::nav::{Nav, Place};
use crate::door::{Fail, Kind, Staff, StaffMove};
use crate::form::FormState;
use crate::page::{Frame, see_other, show_as};
use crate::when;

struct Part {
    title: String,
    summary: String,
    address: String,
    /// Whether the last attempt had a wrong answer here.
    again: bool,
    questions: Vec<Asked>,
}

struct Asked {
    name: String,
    ask: String,
    choices: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "staff/course.html")]
struct CoursePage {
    f: Frame,
    n: Nav,
    form: FormState,
    parts: Vec<Part>,
    done: Option<(&'static str, String)>,
    attempts: Vec<(String, String)>,
}

fn field(lesson: &str, question: &str) -> String {
    format!("{lesson}.{question}")
}

fn part(f: &Frame, lesson: &Lesson, again: &[String]) -> Part {
    let told = lesson.told(f.lang());
    let asked = |question: &mingbai_desk::core::learn::lesson::Question| Asked {
        name: field(&lesson.id, &question.id),
        ask: question.ask.clone(),
        choices: question
            .choices
            .iter()
            .enumerate()
            .map(|(at, c)| (at.to_string(), c.text.clone()))
            .collect(),
    };
    Part {
        title: told.title.clone(),
        summary: told.summary.clone(),
        address: format!("/learn/{}", lesson.id),
        again: again.contains(&lesson.id),
        questions: told.questions.iter().map(asked).collect(),
    }
}

/// An attempt in words.
pub(super) fn attempt(f: &Frame, taken: &Taken) -> String {
    let verdict = f.t(if taken.is_passed() { "course-passed" } else { "course-failed" });
    f.two("course-attempt", ("figures", &f.ab("course-right", taken.right, taken.of)), ("verdict", &verdict))
}

async fn page(staff: &Staff, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let f = staff.frame("course-title");
    let desk = &staff.visit.site.desk;
    let Some(login) = staff.caller.login().filter(|_| staff.is(StaffRole::Consultant)) else {
        return Err(Fail::of(Kind::Forbidden));
    };
    let attempts = desk.course_attempts(&staff.caller, login).await?;
    // The last attempt counts for what should be read again, until she passes.
    let last = attempts.last();
    let again = last.map(|taken| taken.again.as_slice()).unwrap_or_default();
    let page = CoursePage {
        n: Nav::new(staff, &f, Place::Me),
        parts: desk.course().map(|lesson| part(&f, lesson, again)).collect(),
        done: last.map(|taken| (if taken.is_passed() { "good" } else { "care" }, attempt(&f, taken))),
        attempts: attempts.iter().rev().map(|one| (when::exact(one.at_ms), attempt(&f, one))).collect(),
        form,
        f,
    };
    show_as(status, &page)
}

/// `GET /staff/course`.
pub(super) async fn show(staff: Staff) -> Result<Response, Fail> {
    page(&staff, FormState::empty(), StatusCode::OK).await
}

fn answers(wish: &StaffMove) -> CourseAnswers {
    let mut answers: CourseAnswers = BTreeMap::new();
    for lesson in wish.staff.visit.site.desk.course() {
        for question in &lesson.told(mingbai_desk::cost::Lang::Zh).questions {
            if let Ok(at) = wish.fields.get(&field(&lesson.id, &question.id)).parse() {
                answers.insert((lesson.id.clone(), question.id.clone()), at);
            }
        }
    }
    answers
}

/// `POST /staff/course`: one attempt, which is put on record.
pub(super) async fn take(wish: StaffMove) -> Result<Response, Fail> {
    let staff = &wish.staff;
    match staff.visit.site.desk.take_course(&staff.caller, &answers(&wish)).await {
        Ok(_) => Ok(see_other("/staff/course")),
        Err(error) => {
            let f = staff.frame("course-title");
            let Back { status, form } = back::form(&f, &wish.fields, "course", error)?;
            page(staff, form, status).await
        }
    }
}
