//! One review: the material, what the machine and the persons said, and the forms for whatever may be done to it now.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::actor::{Login, StaffRole};
use mingbai_desk::core::govern::review::{FinalCheck, Review, ReviewId, Risk, Stage, Verdict};
use mingbai_desk::evidence::Digest;
use mingbai_desk::govern::is_own;

use super::super::nav::{Nav, Place};
use super::shown::{self, FileLine, FindingLine, ItemLine, PointLine};
use super::{Choice, at, channels, named};
use crate::borrow::file as answer_file;
use crate::door::{Fail, Kind, Staff};
use crate::form::FormState;
use crate::page::{Frame, show_as};
use crate::when;

/// A form that came back.
pub(super) struct Returned {
    pub(super) which: &'static str,
    pub(super) form: FormState,
}

impl Returned {
    fn none() -> Self {
        Returned { which: "", form: FormState::empty() }
    }
}

/// What may be done by this person now. The rules say the last word; this only keeps away ways that lead nowhere.
struct Offer {
    judge: bool,
    issue: bool,
    reply: bool,
    rule: bool,
    hand_in: bool,
    release: bool,
    withdraw: bool,
    recall: bool,
}

#[derive(Template)]
#[template(path = "staff/review.html")]
struct OnePage {
    f: Frame,
    n: Nav,
    returned: Returned,
    empty: FormState,
    here: String,
    state: &'static str,
    sign: &'static str,
    stage: String,
    next: String,
    own: bool,
    head: Vec<(String, String)>,
    note: String,
    files: Vec<FileLine>,
    findings: Vec<FindingLine>,
    left_out: u32,
    items: Vec<ItemLine>,
    answered: usize,
    opinion: Option<(String, String, String)>,
    points: Vec<PointLine>,
    last: Option<FinalView>,
    release: Vec<(String, String)>,
    ended: Option<(String, String)>,
    offer: Offer,
    risks: Vec<Choice>,
    verdicts: Vec<Choice>,
    channels: Vec<Choice>,
    regions: String,
    today: String,
}

impl OnePage {
    /// The form of this name: as it came back, or empty.
    fn form(&self, which: &str) -> &FormState {
        if self.returned.which == which { &self.returned.form } else { &self.empty }
    }

    /// What was typed for a question before the form came back.
    fn typed(&self, name: &str, code: &str) -> &str {
        self.form("judge").value(&format!("{name}-{code}"))
    }
}

struct FinalView {
    files: Vec<FileLine>,
    stamp: String,
    same: bool,
    left: Vec<FindingLine>,
}

/// `GET /staff/reviews/{id}`.
pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Result<Response, Fail> {
    page(&staff, named(&id)?, Returned::none(), StatusCode::OK).await
}

pub(super) async fn page(
    staff: &Staff,
    id: ReviewId,
    returned: Returned,
    status: StatusCode,
) -> Result<Response, Fail> {
    let desk = &staff.visit.site.desk;
    let review = desk.material_review(&staff.caller, id).await?;
    let f = staff.titled(review.submission.title.clone()).with_forms(&staff.csrf);
    let (state, sign) = shown::mark(&review.stage, desk.now_ms());
    let machine = &review.submission.machine;
    let page = OnePage {
        n: Nav::new(staff, &f, Place::Reviews),
        returned,
        empty: FormState::empty(),
        here: at(id),
        state,
        sign,
        stage: f.t(shown::stage(&review.stage, desk.now_ms())),
        next: match shown::next(&review) {
            "review-next-none" => String::new(),
            key => f.t(key),
        },
        own: is_own(&review, staff.caller.login()),
        head: head(&f, &review),
        note: review.submission.note.clone(),
        files: shown::files(&f, &review, &review.submission.files, machine),
        findings: shown::findings(&f, &review),
        left_out: machine.left_out,
        items: shown::items(&f, &review, desk.checklist()),
        answered: review.items.len(),
        opinion: review.issued().map(|issued| {
            (f.w(issued.verdict.name()), issued.summary.clone(), shown::stamp(&f, &issued.stamp))
        }),
        points: shown::points(&f, &review, desk.checklist()),
        last: last(&f, &review),
        release: release(&f, &review),
        ended: ended(&f, &review),
        offer: offer(staff, &review),
        risks: Risk::ALL
            .iter()
            .map(|one| Choice { key: one.key(), label: f.w(one.name()), chosen: false })
            .collect(),
        verdicts: Verdict::ALL
            .iter()
            .map(|one| Choice { key: one.key(), label: f.w(one.name()), chosen: false })
            .collect(),
        channels: channels(&f, |one| review.submission.channels.contains(&one)),
        regions: review.submission.regions.join("、"),
        today: when::today(desk.now_ms()).to_string(),
        f,
    };
    show_as(status, &page)
}

fn head(f: &Frame, review: &Review) -> Vec<(String, String)> {
    let said = &review.submission;
    let names: Vec<String> = said.channels.iter().map(|one| f.w(one.name())).collect();
    let mut rows = vec![
        (f.t("review-kind"), f.w(said.kind.name())),
        (f.t("review-submitted"), shown::stamp(f, &review.submitted)),
        (f.t("review-regions"), said.regions.join("、")),
        (f.t("review-channels"), names.join("、")),
        (f.t("review-rules"), f.ab("review-rules-of", &said.machine.rules, &said.checklist.0)),
    ];
    if let Some((id, version)) = &said.product {
        rows.insert(1, (f.t("staff-head-product"), f.ab("staff-product-version", id, version)));
    }
    rows
}

fn last(f: &Frame, review: &Review) -> Option<FinalView> {
    let last = review.last.as_ref()?;
    let line = |no: u32| {
        let found = usize::try_from(no).ok().and_then(|index| last.machine.findings.get(index))?;
        Some(shown::finding(f, &last.files, no, found))
    };
    Some(FinalView {
        files: shown::files(f, review, &last.files, &last.machine),
        stamp: shown::stamp(f, &last.stamp),
        same: review.final_is_reviewed(),
        left: review.left_in_final().into_iter().filter_map(line).collect(),
    })
}

fn release(f: &Frame, review: &Review) -> Vec<(String, String)> {
    let Stage::Released(_, released) = &review.stage else { return Vec::new() };
    let what = &released.release;
    let names: Vec<String> = what.channels.iter().map(|one| f.w(one.name())).collect();
    let check = match &what.check {
        FinalCheck::SameBytes => f.t("review-same-bytes"),
        FinalCheck::Compared { note } => f.t1("review-compared-by", "note", note),
    };
    let days = f.ab("review-days", when::shown(what.from_ms, f.lang()), when::shown(what.until_ms, f.lang()));
    vec![
        (f.t("review-released-by"), shown::stamp(f, &released.stamp)),
        (f.t("review-valid"), days),
        (f.t("review-regions"), what.regions.join("、")),
        (f.t("review-channels"), names.join("、")),
        (f.t("review-final-check"), check),
    ]
}

fn ended(f: &Frame, review: &Review) -> Option<(String, String)> {
    match &review.stage {
        Stage::Withdrawn(why, stamp) => {
            Some((f.t1("review-withdrawn-why", "why", why), shown::stamp(f, stamp)))
        }
        Stage::Released(_, released) => released
            .recalled
            .as_ref()
            .map(|(why, stamp)| (f.t1("review-recalled-why", "why", why), shown::stamp(f, stamp))),
        _ => None,
    }
}

fn offer(staff: &Staff, review: &Review) -> Offer {
    let login = staff.caller.login();
    let own = is_own(review, login);
    let reviewer = staff.is(StaffRole::Compliance) && !own;
    let judging = review.stage == Stage::Judging;
    let (answering, issuer): (bool, Option<&Login>) = match &review.stage {
        Stage::Answering(issued) => (true, Some(&issued.stamp.by)),
        _ => (false, None),
    };
    let settled = review.issued().is_some_and(|issued| {
        issued.points.iter().all(|p| issued.answers.get(&p.no).is_some_and(|a| a.is_settled()))
    });
    let business = answering && !staff.is(StaffRole::Auditor) && login != issuer;
    let handed = review.last.as_ref().map(|last| &last.stamp.by);
    Offer {
        judge: reviewer && judging,
        issue: reviewer && judging && review.unanswered().is_empty() && review.unjudged().is_empty(),
        reply: business,
        rule: answering && staff.is(StaffRole::Admin) && !own,
        hand_in: business && settled,
        release: answering && reviewer && login != issuer && settled && handed.is_some() && login != handed,
        withdraw: own && (judging || answering),
        recall: staff.is(StaffRole::Compliance)
            && matches!(&review.stage, Stage::Released(_, released) if released.recalled.is_none()),
    }
}

/// `GET /staff/reviews/{id}/file/{digest}`: the bytes as they were handed in; text is sent as text, whatever it may be to a browser.
pub(super) async fn file(staff: Staff, Path((id, digest)): Path<(String, String)>) -> Result<Response, Fail> {
    let digest: Digest = digest.parse().map_err(|_| Fail::of(Kind::NotFound))?;
    let (found, bytes) = staff.visit.site.desk.material_file(&staff.caller, named(&id)?, digest).await?;
    let short: String = digest.to_string().chars().take(12).collect();
    let ending = match found.file.media.as_str() {
        "application/pdf" => "pdf",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "text/plain" => "txt",
        _ => "bin",
    };
    let mut named_as_text = found.file;
    if named_as_text.media == "text/plain" {
        named_as_text.media = "text/plain; charset=utf-8".to_owned();
    }
    Ok(answer_file(&named_as_text, &format!("material-{short}.{ending}"), bytes))
}
