//! One journey: duties with their evidence, what this role may do now, and everything about money.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::borrow::JourneyView;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::duty::Duty;
use mingbai_desk::core::borrow::state::Stage;
use mingbai_desk::core::borrow::status::Step;
use mingbai_desk::core::trust::ring::RingId;
use mingbai_desk::ports::PaperKind;

use super::Eyes;
use super::duties::{Line, State, Todo, lines};
use super::money::{self, Cost, Offered, Pair, Told};
use super::nav::{Nav, Place};
use super::papers::{Print, prints};
use super::{at, named, say};
use crate::door::{Fail, Staff};
use crate::form::FormState;
use crate::page::{Frame, show_as};

/// A form of the page that comes back: its name, and what was typed.
pub(super) struct Returned {
    pub(super) which: &'static str,
    pub(super) form: FormState,
}

impl Returned {
    /// No form comes back.
    pub(super) fn none() -> Self {
        Returned { which: "", form: FormState::empty() }
    }

    /// The state of one of the forms.
    fn of(&self, which: &str) -> FormState {
        if self.which == which { self.form.clone() } else { FormState::empty() }
    }
}

/// How far a signature in ink is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signing {
    /// Nothing to sign now.
    Done,
    /// Other duties come first.
    Later,
    /// It can be signed.
    Ready,
}

/// What this role can do about this journey now.
struct Offer {
    identity: bool,
    explain: bool,
    signing: Signing,
    recording: bool,
    notice: bool,
    link: bool,
    callback: bool,
    afford: bool,
    screening: bool,
    remedy: bool,
}

impl Offer {
    fn of(staff: &Staff, view: &JourneyView) -> Self {
        let (journey, pack, todo) = (&view.journey, &view.pack, Todo::of(view));
        let ceremony = journey.stage() == Stage::Ceremony;
        let consultant = staff.is(StaffRole::Consultant) && ceremony;
        let compliance = staff.is(StaffRole::Compliance);
        let assessed = journey.next_step(pack) != Step::Borrower(Duty::Afforded);
        let called = journey.callback().is_some_and(|call| call.code.is_none());
        Offer {
            identity: consultant && todo.lacks(Duty::Identified),
            explain: consultant && journey.needs_human(pack),
            signing: match consultant && todo.lacks(Duty::Signed) {
                true if todo.before_signing() => Signing::Ready,
                true => Signing::Later,
                false => Signing::Done,
            },
            recording: consultant && todo.lacks(Duty::Recorded),
            notice: consultant && todo.lacks(Duty::Noticed),
            link: consultant,
            callback: staff.is(StaffRole::Consultant) && called,
            afford: compliance && ceremony && todo.lacks(Duty::Afforded) && assessed,
            screening: compliance
                && ceremony
                && todo.lacks(Duty::Screened)
                && (!journey.screening_hits().is_empty() || journey.ring_waits()),
            remedy: compliance && journey.remedies().iter().any(|case| case.closed.is_none()),
        }
    }

    fn is_empty(&self) -> bool {
        let consultant = self.identity || self.explain || self.recording || self.notice || self.link;
        let compliance = self.afford || self.screening || self.remedy;
        !(consultant || compliance || self.callback || self.signing != Signing::Done)
    }
}

/// A case that waits for compliance.
struct Case {
    /// Its record.
    seq: u64,
    text: String,
}

#[derive(Template)]
#[template(path = "staff/journey.html")]
struct JourneyPage {
    f: Frame,
    n: Nav,
    form: FormState,
    returned: Returned,
    here: String,
    head: Vec<Pair>,
    next: String,
    /// Class and words of the line about what is missing.
    summary: (&'static str, String),
    lines: Vec<Line>,
    offer: Offer,
    attested: Option<String>,
    handed: Option<String>,
    hits: Vec<String>,
    /// The ring that it waits for: address and number.
    ring: Option<(String, String)>,
    cases: Vec<Case>,
    tables: Vec<Print>,
    notices: Vec<Print>,
    cost: Option<Cost>,
    alarms: Vec<Told>,
    after: Vec<Told>,
    offers: Vec<Offered>,
    package: bool,
    values: bool,
    prints: bool,
}

impl JourneyPage {
    fn form(&self, which: &str) -> FormState {
        self.returned.of(which)
    }

    fn is_ready(&self) -> bool {
        self.offer.signing == Signing::Ready
    }

    fn is_later(&self) -> bool {
        self.offer.signing == Signing::Later
    }
}

/// `GET /staff/journeys/{id}`.
pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Result<Response, Fail> {
    page(&staff, named(&id)?, Returned::none(), StatusCode::OK).await
}

/// The page of a journey, with a form that comes back on it.
pub(super) async fn page(
    staff: &Staff,
    id: JourneyId,
    returned: Returned,
    status: StatusCode,
) -> Result<Response, Fail> {
    let desk = &staff.visit.site.desk;
    let view = desk.journey(&staff.caller, id).await?;
    let name = desk.borrower_name(&staff.caller, id).await?;
    let f = staff.titled(title(staff, id)).about(id.reference());
    let eyes = Eyes::of(staff);
    let (journey, pack) = (&view.journey, &view.pack);
    let page = JourneyPage {
        n: Nav::new(staff, &f, Place::Journeys),
        form: returned.form.clone(),
        returned,
        here: at(id, ""),
        head: head(&f, &view, name),
        next: f.w(journey.next_words(pack)),
        summary: summary(&f, &view),
        lines: lines(&f, &view, eyes),
        offer: Offer::of(staff, &view),
        attested: journey.signature_attested().map(|mark| say::stamp(&f, &mark.actor, mark.at_ms)),
        handed: journey.notice().map(|notice| notice.sha256.to_string()),
        hits: journey.screening_hits().iter().map(|key| f.w(key.question())).collect(),
        ring: journey
            .ring()
            .filter(|_| eyes == Eyes::All && journey.ring_waits())
            .map(RingId::new)
            .map(|ring| (super::rings::at(ring), ring.shown())),
        cases: cases(&f, &view),
        tables: prints(&f, id, PaperKind::Contract),
        notices: prints(&f, id, PaperKind::Notice),
        cost: journey.table().map(|table| money::cost(&f, table, pack)),
        alarms: money::alarms(&f, &view, eyes),
        after: money::after(&f, &view),
        offers: money::offers(&f, journey),
        package: eyes == Eyes::All,
        values: staff.is(StaffRole::Compliance),
        // An auditor changes nothing, and making a paper is a record.
        prints: !staff.is(StaffRole::Auditor),
        f,
    };
    show_as(status, &page)
}

/// The heading: the number as people read it aloud.
fn title(staff: &Staff, id: JourneyId) -> String {
    Frame::new(&staff.visit, "").t1("staff-journey-title", "reference", id.reference())
}

/// The line about what is missing, with its class. Money that went out without every duty is an alarm for good.
fn summary(f: &Frame, view: &JourneyView) -> (&'static str, String) {
    let count = view.journey.missing(&view.pack).len();
    // A refusal is a right that was used, not something that is lacking.
    if view.journey.stage() == Stage::Declined && view.journey.payout().is_none() {
        return ("good", say::stage(f, Stage::Declined));
    }
    match (count, view.journey.payout()) {
        (0, _) => ("good", f.t("staff-journey-whole")),
        (count, Some(_)) => ("alarm", f.t1("staff-journey-lacked", "count", count)),
        (count, None) => ("care", f.t1("staff-list-missing", "count", count)),
    }
}

/// Cases that are open, the one that is closed next first.
fn cases(f: &Frame, view: &JourneyView) -> Vec<Case> {
    let open = view.journey.remedies().iter().filter(|case| case.closed.is_none());
    open.map(|case| Case { seq: case.mark.seq, text: money::reason(f, &case.reason) }).collect()
}

fn head(f: &Frame, view: &JourneyView, name: Option<String>) -> Vec<Pair> {
    let journey = &view.journey;
    let mut pairs = vec![
        (f.t("staff-head-stage"), say::stage(f, journey.stage())),
        (f.t("staff-head-name"), name.unwrap_or_else(|| f.t("staff-head-forgotten"))),
    ];
    if let Some(table) = journey.table() {
        let product = f.ab("staff-product-version", f.w(&table.product.name), &table.product.version);
        pairs.push((f.t("staff-head-principal"), f.yuan(&table.principal_fen)));
        pairs.push((f.t("staff-head-product"), product));
        pairs.push((f.t("table-lender"), f.w(&table.lender.name)));
    }
    if let Some(opening) = journey.opening() {
        pairs.push((f.t("staff-head-external"), opening.external_ref.clone()));
        pairs.push((f.t("staff-head-channel"), say::channel(f, opening.channel)));
        let opened = say::stamp(f, &opening.mark.actor, opening.mark.at_ms);
        pairs.push((f.t("staff-head-opened"), opened));
        pairs.push((
            f.t("staff-head-pack"),
            format!("{} · {}", opening.pack_id, say::short(opening.pack_digest)),
        ));
    }
    if journey.gate_refusals() > 0 {
        let count = f.t1("staff-head-refusals-value", "count", journey.gate_refusals());
        pairs.push((f.t("staff-head-refusals"), count));
    }
    pairs
}
