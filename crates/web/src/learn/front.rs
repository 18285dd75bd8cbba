//! The front of the portal: topics, and the lessons of each.

use askama::Template;
use axum::response::Response;
use mingbai_desk::core::learn::lesson::{Lesson, Topic};
use mingbai_desk::cost::Lang;

use crate::door::{Fail, Visit};
use crate::page::{Frame, show};

#[derive(Template)]
#[template(path = "learn/front.html")]
struct FrontPage {
    f: Frame,
    topics: Vec<Shelf>,
}

/// The lessons of a topic.
struct Shelf {
    name: String,
    lessons: Vec<Line>,
}

struct Line {
    address: String,
    easy: String,
    title: String,
    summary: String,
    about: String,
}

/// How long a lesson takes and for whom it was written first.
pub(super) fn about(f: &Frame, lesson: &Lesson) -> String {
    let audience = lesson.audience.iter().map(|one| f.t(&format!("learn-audience-{}", one.key())));
    let between = if f.lang() == Lang::Zh { "、" } else { ", " };
    f.ab("learn-about", lesson.minutes, audience.collect::<Vec<_>>().join(between))
}

fn line(f: &Frame, lesson: &Lesson) -> Line {
    let told = lesson.told(f.lang());
    let address = format!("/learn/{}", lesson.id);
    Line {
        easy: format!("{address}/easy"),
        address,
        title: told.title.clone(),
        summary: told.summary.clone(),
        about: about(f, lesson),
    }
}

/// `GET /learn`.
pub(super) async fn front(visit: Visit) -> Result<Response, Fail> {
    let f = Frame::new(&visit, visit.say("learn-title"));
    let library = visit.site.desk.library();
    let shelf = |topic: Topic| {
        let lessons = library.lessons().iter().filter(|lesson| lesson.topic == topic);
        let lessons: Vec<Line> = lessons.map(|lesson| line(&f, lesson)).collect();
        (!lessons.is_empty()).then(|| Shelf { name: f.t(&format!("learn-topic-{}", topic.key())), lessons })
    };
    let topics = Topic::ALL.into_iter().filter_map(shelf).collect();
    show(&FrontPage { topics, f })
}
