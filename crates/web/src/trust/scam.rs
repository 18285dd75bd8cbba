//! Is this message a trick? One box, no login. The text is read and forgotten; it is in no log, and the answer stands on the page alone.

use askama::Template;
use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use mingbai_desk::DeskError;
use mingbai_desk::cost::Lang;
use mingbai_desk::scam::evidence::Evidence;
use mingbai_desk::scam::lexicon::{Lexicon, Slot};
use mingbai_desk::scam::verdict::{Missing, ReadsAs, Verdict};
use mingbai_desk::scam::{MESSAGE_MAX, advice};
use mingbai_desk::trust::{MessageAnswer, SentMatch, SentText, sent_kind};
use serde::Deserialize;

use super::alerts::{Shown as Bulletin, shown as bulletin};
use crate::door::{Fail, Kind, Visit, from_our_page};
use crate::page::{Frame, show_as};
use crate::when;

/// What the form may hold: every byte of the longest message may be written with three.
pub(super) const FORM_BYTES: usize = MESSAGE_MAX * 3 + 1024;

/// The form.
#[derive(Deserialize)]
pub(super) struct Typed {
    text: String,
}

#[derive(Template)]
#[template(path = "trust/scam.html")]
struct ScamPage {
    f: Frame,
    mistake: Option<String>,
    typed: String,
    answer: Option<Shown>,
}

/// An answer as the page shows it.
struct Shown {
    verdict: &'static str,
    tone: &'static str,
    detail: Option<&'static str>,
    families: Vec<Family>,
    pieces: Vec<Piece>,
    marked: bool,
    calls: Vec<&'static str>,
    ours: Vec<String>,
    /// What is said about messages of ours: tone and words.
    sent: Vec<(&'static str, String)>,
    alerts: Vec<Bulletin>,
}

struct Family {
    name: String,
    next: String,
    now: String,
}

/// A piece of the message: plain, or marked with what it is.
struct Piece {
    text: String,
    label: Option<&'static str>,
}

/// `GET /trust/check`.
pub(super) async fn form(visit: Visit) -> Result<Response, Fail> {
    show_as(StatusCode::OK, &page(&visit, String::new()))
}

fn page(visit: &Visit, typed: String) -> ScamPage {
    ScamPage { f: Frame::new(visit, visit.say("scam-title")), mistake: None, typed, answer: None }
}

/// `POST /trust/check`.
pub(super) async fn judge(
    visit: Visit,
    headers: HeaderMap,
    typed: Result<Form<Typed>, FormRejection>,
) -> Result<Response, Fail> {
    from_our_page(&headers, &visit.site.desk.settings().base_url)?;
    visit.try_secret()?;
    let too_long = |visit: &Visit| {
        let mut page = page(visit, String::new());
        page.mistake = Some(visit.say("scam-long"));
        show_as(StatusCode::PAYLOAD_TOO_LARGE, &page)
    };
    let text = match typed {
        Ok(Form(typed)) => typed.text,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => return too_long(&visit),
        Err(rejection) => {
            return match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => too_long(&visit),
                _ => Err(Fail::of(Kind::Unreadable)),
            };
        }
    };
    let mut page = page(&visit, text);
    if page.typed.trim().is_empty() {
        page.mistake = Some(visit.say("scam-none"));
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    match visit.site.desk.check_message(&page.typed).await {
        Ok(found) => {
            let mut answer = shown(&found, &page.typed, &page.f);
            if !found.is_ours() {
                let about = visit.site.desk.bulletins_about(found.answer.verdict.families()).await?;
                answer.alerts = about.iter().map(|one| bulletin(&page.f, one)).collect();
            }
            page.answer = Some(answer);
        }
        Err(DeskError::Invalid { .. }) => return too_long(&visit),
        Err(error) => return Err(error.into()),
    }
    show_as(StatusCode::OK, &page)
}

fn shown(found: &MessageAnswer, text: &str, f: &Frame) -> Shown {
    let say = |both: &advice::Both| match f.lang() {
        Lang::Zh => both.zh.clone(),
        Lang::En => both.en.clone(),
    };
    let verdict = &found.answer.verdict;
    let (headline, tone) = match verdict {
        // Whatever it reads like: word for word it is ours.
        _ if found.is_ours() => ("scam-really", "good"),
        Verdict::KnownPattern { .. } => ("scam-known", "alarm"),
        // A real code under other words is a trick in itself, whatever the words are.
        _ if !found.sent.is_empty() => ("scam-altered", "alarm"),
        Verdict::NoRecord { .. } => ("scam-no-record", "care"),
        Verdict::NotEnough { .. } => ("scam-not-enough", "care"),
    };
    let reads = verdict.reads_as().map(|reads| match reads {
        ReadsAs::Warning => "scam-reads-warning",
        ReadsAs::Notice => "scam-reads-notice",
    });
    let missing = verdict.missing().map(|missing| match missing {
        Missing::Words => "scam-missing-words",
        Missing::Demand => "scam-missing-demand",
        Missing::Signs => "scam-missing-signs",
    });
    let (detail, families) = (reads.or(missing), verdict.families());
    let mut calls: Vec<&'static str> = Vec::new();
    for line in families.iter().flat_map(|family| &advice::of(*family).call) {
        if !calls.contains(&line.number()) {
            calls.push(line.number());
        }
    }
    let families = families.iter().map(|family| {
        let advice = advice::of(*family);
        Family { name: say(&advice.name), next: say(&advice.next), now: say(&advice.now) }
    });
    let families = families.collect();
    let pieces = pieces(text, &found.answer.evidence);
    let marked = pieces.iter().any(|piece| piece.label.is_some());
    let ours = found.ours.iter().map(|paper| paper.code.clone()).collect();
    let sent = found.sent.iter().map(|one| sent(one, f)).collect();
    if found.is_ours() {
        // What a real message of ours reads like is no matter.
        let (families, alerts) = (Vec::new(), Vec::new());
        let (detail, marked) = (None, false);
        return Shown {
            verdict: headline,
            tone,
            detail,
            families,
            pieces,
            marked,
            calls,
            ours,
            sent,
            alerts,
        };
    }
    let alerts = Vec::new();
    Shown { verdict: headline, tone, detail, families, pieces, marked, calls, ours, sent, alerts }
}

fn sent(one: &SentMatch, f: &Frame) -> (&'static str, String) {
    let message = &one.message;
    if one.text == SentText::Other {
        return ("alarm", f.t1("scam-changed", "code", &message.code));
    }
    let (day, kind) = (when::day(message.sent_at_ms, f.lang()), f.w(sent_kind(message.kind)));
    let words = match message.ending.as_str() {
        "" => f.two("scam-really-2", ("day", &day), ("kind", &kind)),
        ending => f.three("scam-really-1", [("day", &day), ("kind", &kind), ("ending", ending)]),
    };
    ("good", words)
}

/// What a phrase is marked as; `None` if it is not marked.
fn label(evidence: &Evidence) -> Option<&'static str> {
    let entry = evidence.shown(Lexicon::shipped())?;
    match entry.slot {
        Slot::Demand => Some("scam-demand"),
        Slot::Hook => Some("scam-hook"),
        Slot::Who => Some("scam-who"),
        Slot::Counter | Slot::Notice => None,
    }
}

/// The message in pieces. Where phrases overlap, the first and longest is marked.
fn pieces(text: &str, evidence: &[Evidence]) -> Vec<Piece> {
    let mut spans: Vec<(usize, usize, &'static str)> =
        evidence.iter().filter_map(|e| label(e).map(|label| (e.from, e.to, label))).collect();
    spans.sort_by_key(|&(from, to, _)| (from, std::cmp::Reverse(to)));
    let mut all = Vec::new();
    let mut done = 0;
    for (from, to, label) in spans {
        if from < done {
            continue;
        }
        let (Some(plain), Some(marked)) = (text.get(done..from), text.get(from..to)) else { continue };
        if !plain.is_empty() {
            all.push(Piece { text: plain.to_owned(), label: None });
        }
        all.push(Piece { text: marked.to_owned(), label: Some(label) });
        done = to;
    }
    if let Some(rest) = text.get(done..).filter(|rest| !rest.is_empty()) {
        all.push(Piece { text: rest.to_owned(), label: None });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_message() {
        let text = "我是公安局的,把钱转到安全账户,不要告诉家人";
        let answer = mingbai_desk::scam::Checker::shipped().check(text, &mut Default::default());
        let evidence = answer.map(|a| a.evidence).unwrap_or_default();
        let pieces = pieces(text, &evidence);
        assert_eq!(pieces.iter().map(|p| p.text.as_str()).collect::<String>(), text);
        assert!(pieces.iter().any(|p| p.label == Some("scam-demand")));
    }
}
