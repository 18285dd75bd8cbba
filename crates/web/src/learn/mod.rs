//! 学 learn: the public portal. Lessons to read, hear and print, with questions that a browser without scripts can answer, and a test that keeps
//! nothing. No login, no cookie of its own, nothing about a person.

mod front;
mod lesson;
mod test;
mod write;

use axum::Router;
use axum::routing::get;

use crate::door::Site;

/// The portal's pages.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/learn", get(front::front))
        .route("/learn/test", get(test::intro))
        .route("/learn/test/start", get(test::begin_questions))
        .route("/learn/test/messages", get(test::begin_messages))
        .route("/learn/test/on", get(test::on).post(test::answer))
        .route("/learn/{lesson}", get(lesson::full).post(lesson::check_full))
        .route("/learn/{lesson}/easy", get(lesson::easy).post(lesson::check_easy))
}
