//! What every page has around it: head, choices of look, the person to ask, the foot; and the page for what went wrong.

use askama::Template;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use mingbai_desk::core::borrow::event::TypeSize;
use mingbai_desk::cost::{Fen, Lang, Words};
use serde_json::json;

use crate::door::{Colours, Fail, Kind, Visit};
use crate::{assets, words};

/// How wide a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// For borrowers and the public: one column.
    Narrow,
    /// For staff: dense and wide.
    Wide,
}

/// Everything that the layout needs, and the words of the page.
#[derive(Clone)]
pub struct Frame {
    lang: Lang,
    size: TypeSize,
    colours: Colours,
    here: String,
    institution: Words,
    /// Heading, also the title of the window.
    pub title: String,
    /// Number to call.
    pub phone: String,
    /// Number for complaints.
    pub complaint_phone: String,
    /// Journey number in groups of four.
    pub reference: Option<String>,
    /// Where a borrower can quietly ask for help; on her pages only.
    pub aside: Option<String>,
    /// Token of the page's forms; empty where there is no session.
    pub csrf: String,
    /// Width.
    pub room: Room,
}

impl Frame {
    /// The frame of a page with this heading.
    #[must_use]
    pub fn new(visit: &Visit, title: impl Into<String>) -> Self {
        let lender = &visit.site.desk.settings().lender;
        Frame {
            lang: visit.look.lang,
            size: visit.look.size,
            colours: visit.look.colours,
            here: visit.here.clone(),
            institution: lender.name.clone(),
            title: title.into(),
            phone: lender.phone.clone(),
            complaint_phone: lender.complaint_phone.clone(),
            reference: None,
            aside: None,
            csrf: String::new(),
            room: Room::Narrow,
        }
    }

    /// With the token that its forms carry.
    #[must_use]
    pub fn with_forms(mut self, csrf: &str) -> Self {
        csrf.clone_into(&mut self.csrf);
        self
    }

    /// With a journey's number in the foot.
    #[must_use]
    pub fn about(mut self, reference: String) -> Self {
        self.reference = Some(reference);
        self
    }

    /// With the quiet way to help in the bar with the person to ask.
    #[must_use]
    pub fn with_aside(mut self, address: String) -> Self {
        self.aside = Some(address);
        self
    }

    /// As a wide page.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.room = Room::Wide;
        self
    }

    /// Words by key.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        words::say(self.lang, key, &[])
    }

    /// Words with one argument.
    #[must_use]
    pub fn t1(&self, key: &str, name: &str, value: impl ToString) -> String {
        words::say(self.lang, key, &[(name, &value.to_string())])
    }

    /// Words with the arguments `a` and `b`.
    #[must_use]
    pub fn ab(&self, key: &str, a: impl ToString, b: impl ToString) -> String {
        words::say(self.lang, key, &[("a", &a.to_string()), ("b", &b.to_string())])
    }

    /// Words with three arguments of their own names.
    #[must_use]
    pub fn three(&self, key: &str, values: [(&str, &str); 3]) -> String {
        words::say(self.lang, key, &values)
    }

    /// Words with two arguments of their own names.
    #[must_use]
    pub fn two(&self, key: &str, one: (&str, &str), other: (&str, &str)) -> String {
        words::say(self.lang, key, &[one, other])
    }

    /// Words that come from the rules, in the reader's language.
    #[must_use]
    pub fn w(&self, words: impl Told) -> String {
        words.told(self.lang).to_owned()
    }

    /// An amount with its unit.
    #[must_use]
    pub fn yuan(&self, amount: &Fen) -> String {
        mingbai_desk::cost::words::yuan(*amount).get(self.lang).to_owned()
    }

    /// Language of the page.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Tag of the language, for `lang`.
    #[must_use]
    pub fn lang_tag(&self) -> &'static str {
        match self.lang {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// Classes of the root element.
    #[must_use]
    pub fn classes(&self) -> String {
        let size = match self.size {
            TypeSize::Normal => "",
            TypeSize::Large => "large",
        };
        let colours = match self.colours {
            Colours::Auto => "",
            other => other.key(),
        };
        format!("{size} {colours}").trim().to_owned()
    }

    pub(crate) fn is_large(&self) -> bool {
        self.size == TypeSize::Large
    }

    pub(crate) fn is_wide(&self) -> bool {
        self.room == Room::Wide
    }

    /// The address that changes one thing of the look and comes back here.
    pub(crate) fn look(&self, choice: &str) -> String {
        let back: String = form_urlencoded(&self.here);
        format!("/look?set={choice}&back={back}")
    }

    pub(crate) fn other_language(&self) -> String {
        self.look(match self.lang {
            Lang::Zh => "en",
            Lang::En => "zh",
        })
    }

    pub(crate) fn other_language_tag(&self) -> &'static str {
        match self.lang {
            Lang::Zh => "en",
            Lang::En => "zh-CN",
        }
    }

    pub(crate) fn other_size(&self) -> String {
        self.look(if self.is_large() { "normal" } else { "large" })
    }

    pub(crate) fn colours(&self) -> Vec<(String, String, bool)> {
        let choice = |colours: Colours| {
            let key = colours.key();
            (self.look(key), self.t(&format!("colours-{key}")), self.colours == colours)
        };
        Colours::ALL.into_iter().map(choice).collect()
    }

    pub(crate) fn asset(&self, name: &str) -> &'static str {
        assets::address(name)
    }

    pub(crate) fn institution(&self) -> &str {
        self.institution.get(self.lang)
    }

    /// The number without what a telephone cannot dial.
    pub(crate) fn dial(&self, number: &str) -> String {
        number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }
}

/// Words behind any number of references: templates hand over what a loop gave them.
pub trait Told {
    /// The text in a language.
    fn told(&self, lang: Lang) -> &str;
}

impl Told for Words {
    fn told(&self, lang: Lang) -> &str {
        self.get(lang)
    }
}

impl<T: Told + ?Sized> Told for &T {
    fn told(&self, lang: Lang) -> &str {
        (**self).told(lang)
    }
}

fn form_urlencoded(text: &str) -> String {
    serde_urlencoded::to_string([("", text)]).unwrap_or_default().trim_start_matches('=').to_owned()
}

/// A page as an answer.
///
/// # Errors
/// [`Fail`] when the template cannot be written, which is a fault of ours.
pub fn show(page: &impl Template) -> Result<Response, Fail> {
    show_as(StatusCode::OK, page)
}

/// A page with another status than 200.
///
/// # Errors
/// As [`show`].
pub fn show_as(status: StatusCode, page: &impl Template) -> Result<Response, Fail> {
    let html = page.render().map_err(Fail::fault)?;
    Ok((status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}

/// An answer for a page's script: what it asked for, or what happened in the reader's language.
pub fn answered(visit: &Visit, outcome: Result<serde_json::Value, Fail>) -> Response {
    match outcome {
        Ok(value) => Json(value).into_response(),
        Err(fail) => {
            if let Some(cause) = &fail.cause {
                tracing::error!(request = %visit.number, %cause, "an answer to a page's script failed");
            }
            let lang = visit.look.lang;
            let why = match (&fail.why, fail.kind.why()) {
                (Some(words), _) if fail.kind != Kind::Fault => words.get(lang).to_owned(),
                (_, Some(key)) => visit.say(key),
                (_, None) => visit.say(fail.kind.title()),
            };
            (fail.kind.status(), Json(json!({ "message": why }))).into_response()
        }
    }
}

/// A redirection after a form.
#[must_use]
pub fn see_other(address: &str) -> Response {
    axum::response::Redirect::to(address).into_response()
}

#[derive(Template)]
#[template(path = "parts/failed.html")]
struct Failed {
    f: Frame,
    why: String,
    next: String,
    number: String,
    sign_in: bool,
}

/// The page for what went wrong.
pub fn failed(visit: &Visit, fail: &Fail) -> Response {
    let frame = Frame::new(visit, visit.say(fail.kind.title()));
    let why = match (&fail.why, fail.kind.why()) {
        (Some(words), _) => frame.w(words),
        (None, Some(key)) => frame.t(key),
        (None, None) => String::new(),
    };
    let next = fail.next.as_ref().map_or_else(|| frame.t(fail.kind.next()), |words| frame.w(words));
    let status = fail.kind.status();
    let sign_in = fail.kind == Kind::SignInNeeded;
    let page = Failed { f: frame, why, next, number: visit.number.to_string(), sign_in };
    match page.render() {
        Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        // Nothing is left to show it with.
        Err(error) => {
            tracing::error!(%error, "the page for failures could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
