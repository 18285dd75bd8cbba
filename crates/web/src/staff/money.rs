//! Money as the staff read it: key facts, caps, offers with what changed, payout, charges, violations, call-back and cases.
//! Every figure is read from the table or from the evidence.

use mingbai_desk::borrow::JourneyView;
use mingbai_desk::core::borrow::Journey;
use mingbai_desk::core::borrow::reconcile::Part;
use mingbai_desk::core::borrow::state::{Mark, Offer};
use mingbai_desk::core::policy::{Grade, Pack};
use mingbai_desk::cost::cap::{CapOutcome, CapSubject, SourceGrade, check};
use mingbai_desk::cost::diff::changes;
use mingbai_desk::cost::facts::key_facts;
use mingbai_desk::cost::{CostTable, Words, words};

use super::Eyes;
use super::{at, say};
use crate::page::Frame;
use crate::when;

/// A label and what belongs to it.
pub(super) type Pair = (String, String);

/// What it costs, and how it stands to the caps.
pub(super) struct Cost {
    pub(super) facts: Vec<Pair>,
    pub(super) annual: Vec<Pair>,
    pub(super) items: Vec<Item>,
    pub(super) caps: Vec<Cap>,
    pub(super) kept: Option<String>,
    pub(super) digest: String,
}

/// A row of the table.
pub(super) struct Item {
    pub(super) name: String,
    pub(super) payee: String,
    pub(super) standard: String,
    pub(super) level: String,
    pub(super) total: String,
}

/// A cap that applies.
pub(super) struct Cap {
    pub(super) words: String,
    pub(super) source: String,
    pub(super) state: &'static str,
    pub(super) mark: &'static str,
}

/// The cost of a table under a pack.
pub(super) fn cost(f: &Frame, table: &CostTable, pack: &Pack) -> Cost {
    let figure = |figure: &mingbai_desk::cost::RateFigure| {
        (f.w(words::basis_label(figure.basis)), f.w(words::rate_value(figure.value)))
    };
    let item = |item: &mingbai_desk::cost::table::CostItem| Item {
        name: f.w(&item.name),
        payee: f.w(&item.payee.name),
        standard: f.w(&item.standard),
        level: words::pct2(item.annual_level_ppm),
        total: f.yuan(&item.total_fen),
    };
    Cost {
        facts: key_facts(table).iter().map(|fact| (f.w(&fact.label), f.w(&fact.value))).collect(),
        annual: [table.annual.simple, table.annual.compound].iter().map(figure).collect(),
        items: table.items.iter().map(item).collect(),
        caps: caps(f, table, pack),
        kept: table
            .upfront_deduction
            .as_ref()
            .map(|kept| f.ab("table-kept", f.yuan(&kept.amount_fen), f.yuan(&table.net_payout_fen))),
        digest: table.terms_digest.to_string(),
    }
}

/// What caps of the pack say. No product names a kind of its own yet, so those for every kind are asked.
fn caps(f: &Frame, table: &CostTable, pack: &Pack) -> Vec<Cap> {
    let found = check(pack.caps(), &pack.reference_rates(), &CapSubject::of(table, "any"));
    let shown = |finding: &mingbai_desk::cost::cap::CapFinding| {
        let (state, mark) = match finding.outcome {
            CapOutcome::Within => ("done", "✓"),
            CapOutcome::Exceeded => ("bad", "✗"),
            CapOutcome::DependsOnBasis => ("todo", "!"),
            CapOutcome::NotKnown => ("todo", "?"),
        };
        // How sure we are of the cap, which may be less than of the document that it is read into.
        let rule = pack.source(&finding.source);
        let source = rule.map_or_else(|| finding.source.clone(), |source| f.w(&source.title));
        let grade = f.w(grade(finding.grade).name());
        Cap {
            words: f.w(finding.words()),
            source: format!("{source}{}", f.t1("staff-in-brackets", "text", grade)),
            state,
            mark,
        }
    };
    found.iter().map(shown).collect()
}

fn grade(grade: SourceGrade) -> Grade {
    match grade {
        SourceGrade::Seen => Grade::Seen,
        SourceGrade::SecondHand => Grade::SecondHand,
        SourceGrade::Derived => Grade::Derived,
        SourceGrade::Unverified => Grade::Unverified,
    }
}

/// An offer, with what changed since the one before it.
pub(super) struct Offered {
    pub(super) number: usize,
    pub(super) stamp: String,
    pub(super) record: String,
    pub(super) digest: String,
    pub(super) current: bool,
    pub(super) changes: Vec<Changed>,
}

/// One changed row.
pub(super) struct Changed {
    pub(super) field: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) effect: String,
}

/// Every offer, oldest first.
pub(super) fn offers(f: &Frame, journey: &Journey) -> Vec<Offered> {
    let all: Vec<&Offer> = journey.earlier_offers().iter().chain(journey.offer()).collect();
    let count = all.len();
    let before = std::iter::once(None).chain(all.iter().copied().map(Some));
    let offer = |(at, (before, offer)): (usize, (Option<&Offer>, &&Offer))| Offered {
        number: at + 1,
        stamp: say::stamp(f, &offer.mark.actor, offer.mark.at_ms),
        record: record(journey, &offer.mark),
        digest: say::short(offer.digest()),
        current: at + 1 == count,
        changes: before.map_or_else(Vec::new, |before| changed(f, before, offer)),
    };
    before.zip(&all).enumerate().map(offer).collect()
}

fn changed(f: &Frame, before: &Offer, after: &Offer) -> Vec<Changed> {
    let row = |change: mingbai_desk::cost::diff::Change| Changed {
        field: f.w(&change.field),
        before: f.w(&change.before),
        after: f.w(&change.after),
        effect: f.w(effect(change.worse_for_borrower)),
    };
    changes(&before.table, &after.table).into_iter().map(row).collect()
}

/// For staff it is the borrower who is worse off, not the reader.
fn effect(effect: mingbai_desk::cost::diff::Effect) -> Words {
    use mingbai_desk::cost::diff::Effect;
    match effect {
        Effect::Worse => Words::new("▲ 对借款人不利", "▲ worse for the borrower"),
        Effect::Better => Words::new("▽ 对借款人有利", "▽ better for the borrower"),
        Effect::Neutral => Words::new("有变化", "changed"),
    }
}

/// The address of a record in the time line.
pub(super) fn record(journey: &Journey, mark: &Mark) -> String {
    format!("{}#r{}", at(journey.id(), "timeline"), mark.seq)
}

/// A line about something that happened, with the record that says so.
pub(super) struct Told {
    pub(super) mark: &'static str,
    pub(super) state: &'static str,
    pub(super) what: String,
    pub(super) more: Vec<String>,
    pub(super) stamp: String,
    pub(super) record: String,
}

fn told(f: &Frame, journey: &Journey, mark: &Mark, what: String, more: Vec<String>) -> Told {
    Told {
        mark: "",
        state: "",
        what,
        more,
        stamp: say::stamp(f, &mark.actor, mark.at_ms),
        record: record(journey, mark),
    }
}

impl Told {
    fn bad(mut self) -> Self {
        (self.mark, self.state) = ("✗", "bad");
        self
    }

    fn good(mut self) -> Self {
        (self.mark, self.state) = ("✓", "done");
        self
    }

    fn open(mut self) -> Self {
        (self.mark, self.state) = ("○", "todo");
        self
    }
}

/// What must not have happened: attempts, violations, and her own "no".
pub(super) fn alarms(f: &Frame, view: &JourneyView, eyes: Eyes) -> Vec<Told> {
    let journey = &view.journey;
    let mut lines = Vec::new();
    for violation in journey.violations() {
        let back = f.two(
            "staff-violation-back",
            ("due", &f.yuan(&violation.refund_fen)),
            ("paid", &f.yuan(&violation.refunded_fen)),
        );
        let head = f.ab("staff-violation", say::violation(f, violation.kind), &violation.reference);
        let owed = !violation.refund_fen.is_zero();
        let more = std::iter::once(f.w(&violation.words)).chain(owed.then_some(back));
        let line = told(f, journey, &violation.mark, head, more.collect());
        // What has no amount to give back is not settled by time: it stays a violation.
        let settled = owed && violation.refunded_fen >= violation.refund_fen;
        lines.push(if settled { line.good() } else { line.bad() });
    }
    for attempt in journey.denied_attempts() {
        let what = f.two(
            "staff-denied",
            ("command", &f.t(&format!("staff-command-{}", attempt.command))),
            ("owner", &f.t(&format!("staff-owner-{}", attempt.belongs_to))),
        );
        lines.push(told(f, journey, &attempt.mark, what, Vec::new()).bad());
    }
    for (mark, alert, others) in journey.signing_alerts() {
        let head = f.t1("staff-signing-others", "count", others);
        lines.push(told(f, journey, mark, f.w(alert.words()), vec![head]).bad());
    }
    for (mark, trouble) in journey.signing_troubles() {
        lines.push(told(f, journey, mark, f.w(trouble.words()), Vec::new()).open());
    }
    if let Some(mark) = journey.refused_to_confirm().filter(|_| eyes == Eyes::All) {
        lines.push(told(f, journey, mark, f.t("staff-refused-to-confirm"), Vec::new()).bad());
    }
    if let Some((mark, reason)) = journey.declined() {
        let more = Some(reason).filter(|reason| !reason.is_empty()).map(str::to_owned);
        lines.push(told(f, journey, mark, f.t("staff-declined"), more.into_iter().collect()).open());
    }
    lines
}

/// Permit, payout, charges, call-back and cases, in the order in which they come.
pub(super) fn after(f: &Frame, view: &JourneyView) -> Vec<Told> {
    let journey = &view.journey;
    let mut lines = Vec::new();
    if let Some(permit) = journey.permit() {
        let until = f.ab("staff-permit", say::fate(f, permit.fate), when::exact(permit.expires_at_ms));
        lines.push(told(f, journey, &permit.mark, until, Vec::new()));
    }
    if let Some(payout) = journey.payout() {
        let paid = f.ab("staff-payout", f.yuan(&payout.amount_fen), &payout.on);
        let reference = f.t1("staff-reference", "reference", &payout.reference);
        lines.push(told(f, journey, &payout.mark, paid, vec![reference]));
    }
    for charge in journey.charges() {
        let what = f.two(
            "staff-charge",
            ("name", &charge.charge.name_text),
            ("amount", &f.yuan(&charge.charge.amount_fen)),
        );
        let mut more = vec![f.ab("staff-charge-of", charge.charge.on, &charge.charge.payee)];
        more.extend(charge.explained.iter().map(|part| explained(f, journey, part)));
        let line = told(f, journey, &charge.mark, what, more);
        // Explained in part is a violation too, and is listed as one above.
        let sum: i64 = charge.explained.iter().map(|part| part.amount_fen.get()).sum();
        lines.push(match sum == charge.charge.amount_fen.get() {
            true => line.good(),
            false => line.bad(),
        });
    }
    if let Some(call) = journey.callback() {
        let what = match call.code {
            Some(code) => f.t(&format!("staff-call-{}", code.key().to_lowercase().replace('_', "-"))),
            None => f.t1("staff-call-open", "until", when::exact(call.expires_at_ms)),
        };
        let line = told(f, journey, &call.mark, f.t1("staff-call", "result", what), Vec::new());
        lines.push(match call.code {
            None => line.open(),
            Some(code) if code.remedy().is_some() => line.bad(),
            Some(_) => line.good(),
        });
    }
    for case in journey.remedies() {
        let what = f.ab("staff-case", reason(f, &case.reason), when::exact(case.due_at_ms));
        let line = |more| told(f, journey, &case.mark, what.clone(), more);
        lines.push(match &case.closed {
            Some((_, outcome)) => line(vec![f.t1("staff-case-closed", "outcome", outcome)]).good(),
            None => line(Vec::new()).open(),
        });
    }
    lines
}

/// Why a case was opened: what the call-back found stands there in words, the rest by key.
pub(super) fn reason(f: &Frame, reason: &str) -> String {
    match reason {
        "payout" => f.t("staff-case-payout"),
        "charge" => f.t("staff-case-charge"),
        other => other.split_once(':').map_or(other, |(_, words)| words).to_owned(),
    }
}

/// The row of the table that explains a part of a charge.
fn explained(f: &Frame, journey: &Journey, part: &Part) -> String {
    let row = journey.table().and_then(|table| table.items.iter().find(|item| item.key == part.item));
    let name = match (row, part.item.as_str()) {
        (Some(row), _) => f.w(&row.name),
        (
            None,
            "principal" | "interest" | "early_payoff" | "overdue_interest" | "compound_interest" | "late_fee",
        ) => f.t(&format!("staff-part-{}", part.item.replace('_', "-"))),
        (None, other) => other.to_owned(),
    };
    let at = match part.period {
        0 => f.t("staff-part-at-payout"),
        period => f.t1("plan-n", "n", period),
    };
    f.two("staff-part", ("row", &format!("{name} · {at}")), ("amount", &f.yuan(&part.amount_fen)))
}
