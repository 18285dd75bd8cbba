//! From a check to a report: the facts as a card that a person reads out to 96110, prints or shows to her family. The card is made on the
//! spot and nothing of it is kept. Only where she agrees to it, in so many words, does this house keep the report for a time.

use askama::Template;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::trust::scam_report::{Harm, KEEP_DAYS};
use mingbai_desk::cost::Lang;
use mingbai_desk::scam::evidence::Evidence;
use mingbai_desk::scam::lexicon::{Lexicon, Slot};
use mingbai_desk::scam::{MESSAGE_MAX, advice};
use mingbai_desk::trust::{MessageAnswer, ReportReceipt, ReportWish, report_reference};

use super::marked;
use crate::door::{Fail, Site, Visit, posted};
use crate::form::{Fields, FormState};
use crate::page::{Frame, see_other, show_as};
use crate::when;

/// How much of a message stands on the card, in characters: a card is read out.
const SHOWN: usize = 600;
/// The most phrases on the card.
const PHRASES: usize = 12;

/// A choice of the form.
struct Choice {
    key: &'static str,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "trust/report.html")]
struct ReportPage {
    f: Frame,
    form: FormState,
    harms: Vec<Choice>,
    keep: String,
}

/// The card.
struct Card {
    made: String,
    families: Vec<String>,
    now: Vec<String>,
    harm: String,
    paid: bool,
    demands: Vec<String>,
    facts: Vec<String>,
    message: String,
    cut: bool,
    /// The same as one text, to copy and send.
    text: String,
}

#[derive(Template)]
#[template(path = "trust/report_card.html")]
struct CardPage {
    f: Frame,
    card: Card,
    /// Until when and under which number it is kept, when it is.
    kept: Option<String>,
}

fn page(visit: &Visit, mut form: FormState, status: StatusCode) -> Result<Response, Fail> {
    let f = Frame::new(visit, visit.say("report-title"));
    if form.value("text").trim().is_empty() && form.error("text").is_none() && status != StatusCode::OK {
        form.mark("text", visit.say("scam-none"));
    }
    let harms = Harm::ALL
        .iter()
        .map(|one| Choice { key: one.key(), label: f.w(one.name()), chosen: form.chose("harm", one.key()) })
        .collect();
    let keep = f.t1("report-consent", "days", KEEP_DAYS);
    show_as(status, &ReportPage { harms, keep, form, f })
}

/// `GET /trust/report`: whoever comes without a message checks it first.
pub(super) async fn ask() -> Response {
    see_other("/trust/check")
}

/// `POST /trust/report`: the form with the message in it, the card, or the card and the report.
pub(super) async fn make(State(site): State<Site>, request: Request) -> Result<Response, Fail> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &site).await?;
    let fields = posted(Request::from_parts(parts, body), &site, None).await?;
    visit.try_secret()?;
    let wish = fields.get("do").to_owned();
    if !matches!(wish.as_str(), "card" | "keep") {
        return page(&visit, FormState::typed(fields), StatusCode::OK);
    }
    let mut form = FormState::typed(fields.clone());
    let message = fields.get("text").to_owned();
    if message.trim().is_empty() || message.len() > MESSAGE_MAX {
        form.mark("text", visit.say(if message.len() > MESSAGE_MAX { "scam-long" } else { "scam-none" }));
    }
    let harm = Harm::from_key(fields.get("harm"));
    if harm.is_none() {
        form.mark("harm", visit.say("choose-one"));
    }
    if wish == "keep" && !form.chose("consent", "yes") {
        form.mark("consent", visit.say("report-consent-needed"));
    }
    let (Some(harm), true) = (harm, form.is_good()) else {
        return page(&visit, form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    card_page(&visit, fields, (message, harm), &wish).await
}

async fn card_page(
    visit: &Visit,
    fields: Fields,
    (message, harm): (String, Harm),
    wish: &str,
) -> Result<Response, Fail> {
    let desk = &visit.site.desk;
    let checked = desk.check_message(&message).await?;
    let (facts, contact) = (fields.get("facts").to_owned(), fields.get("contact").to_owned());
    let kept = match wish {
        "keep" => {
            let wish = ReportWish { message: message.clone(), harm, facts: facts.clone(), contact };
            match desk.report_scam(wish).await {
                Ok(receipt) => Some(receipt),
                Err(error) => {
                    let form = marked(visit, fields, error)?;
                    return page(visit, form, StatusCode::UNPROCESSABLE_ENTITY);
                }
            }
        }
        _ => None,
    };
    let f = Frame::new(visit, visit.say("report-card-title"));
    let card = card(&f, &checked, (&message, &facts, harm), desk.now_ms());
    let kept = kept.map(|ReportReceipt { id, keep_until_ms }| {
        f.ab("report-kept-1", when::day(keep_until_ms, f.lang()), report_reference(id))
    });
    show_as(StatusCode::OK, &CardPage { card, kept, f })
}

fn card(f: &Frame, checked: &MessageAnswer, (message, facts, harm): (&str, &str, Harm), now_ms: i64) -> Card {
    let say = |both: &advice::Both| match f.lang() {
        Lang::Zh => both.zh.clone(),
        Lang::En => both.en.clone(),
    };
    let found = checked.answer.verdict.families();
    let families: Vec<String> = found.iter().map(|one| say(&advice::of(*one).name)).collect();
    let now = found.iter().map(|one| say(&advice::of(*one).now)).collect();
    let demands = demands(checked, message);
    let shown: String = message.trim().chars().take(SHOWN).collect();
    let cut = message.trim().chars().count() > SHOWN;
    let made = when::shown(now_ms, f.lang());
    let harm_words = f.w(harm.name());
    let kinds =
        if families.is_empty() { f.t("report-no-family") } else { families.join(f.t("list-comma").as_str()) };
    let lines = [
        f.t1("report-text-made", "at", &made),
        f.t1("report-text-kind", "kind", &kinds),
        f.t1("report-text-harm", "harm", &harm_words),
        if facts.trim().is_empty() {
            String::new()
        } else {
            f.t1("report-text-facts", "facts", facts.trim())
        },
        f.t1("report-text-message", "message", &shown),
    ];
    let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    Card {
        made,
        families,
        now,
        harm: harm_words,
        paid: harm == Harm::Paid,
        demands,
        facts: facts.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        message: shown,
        cut,
        text: lines.join("\n"),
    }
}

/// What the message demands, in its own words: of phrases that overlap the first and longest.
fn demands(checked: &MessageAnswer, message: &str) -> Vec<String> {
    let demand =
        |part: &&Evidence| part.shown(Lexicon::shipped()).is_some_and(|entry| entry.slot == Slot::Demand);
    let mut spans: Vec<(usize, usize)> =
        checked.answer.evidence.iter().filter(demand).map(|part| (part.from, part.to)).collect();
    spans.sort_by_key(|&(from, to)| (from, std::cmp::Reverse(to)));
    let (mut found, mut done) = (Vec::new(), 0);
    for (from, to) in spans {
        let words = message.get(from..to).unwrap_or_default().to_owned();
        if from >= done && !words.is_empty() && !found.contains(&words) && found.len() < PHRASES {
            found.push(words);
            done = to;
        }
    }
    found
}
