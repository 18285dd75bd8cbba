//! The independent checker: may this loan be paid out, judged from the raw events alone? It shares no code with the fold,
//! the status table or the gate; it is written as plain scans over the list, slow and easy to read.

mod recorded;

use std::collections::BTreeMap;

use mingbai_cost::{CostTable, Terms, quote};
use mingbai_evidence::Digest;

use super::event::{AffordOutcome, SignaturePath};
use super::event::{Channel, Choice, Event, HumanDecision, Judged, Purpose, ScreenResult, YesNo};
use super::fold::Stamped;
use super::reading::{Section, required_ms};
use super::signing;
use super::teachback::required_kinds;
use crate::actor::{Actor, StaffRole};
use crate::policy::Pack;

/// One reason not to pay out.
pub type Objection = &'static str;

fn is_consultant(entry: &Stamped) -> bool {
    matches!(entry.mark.actor, Actor::Staff(_, StaffRole::Consultant))
}

fn is_compliance(entry: &Stamped) -> bool {
    matches!(entry.mark.actor, Actor::Staff(_, StaffRole::Compliance))
}

fn is_borrower(entry: &Stamped) -> bool {
    entry.mark.actor == Actor::Borrower
}

/// Everything that speaks against paying out at `now_ms`; empty means that the gate may open.
#[must_use]
pub fn objections(story: &[Stamped], pack: &Pack, now_ms: i64) -> Vec<Objection> {
    let mut against = Vec::new();
    let Some(offered) = story.iter().rposition(|e| matches!(e.event, Event::TermsOffered { .. })) else {
        return vec!["no terms"];
    };
    let Event::TermsOffered { terms_json, table: table_ref } = &story[offered].event else {
        return vec!["no terms"];
    };
    let Ok(terms) = Terms::from_json(terms_json) else { return vec!["terms unreadable"] };
    let Ok(table) = quote(&terms) else { return vec!["no table"] };
    let digest = Digest::new(*terms.digest().as_bytes());
    for entry in story {
        match &entry.event {
            Event::Declined { .. } if is_borrower(entry) => against.push("declined"),
            Event::Disbursed { .. } => against.push("already paid out"),
            _ => {}
        }
    }
    if permit_still_out(story, now_ms) {
        against.push("a permit is out");
    }
    if story.last().is_some_and(|entry| entry.mark.at_ms > now_ms) {
        against.push("clock behind the log");
    }
    let valid: Vec<&Stamped> = story[offered..].iter().filter(|e| e.terms == Some(digest)).skip(1).collect();
    let channel = story.iter().find_map(|e| match &e.event {
        Event::Opened { channel, .. } => Some(*channel),
        _ => None,
    });
    if nobody_called(story) {
        against.push("screening");
    }
    let ceremony = Ceremony { channel, valid: &valid, table: &table, table_digest: table_ref.sha256, pack };
    ceremony.check(&mut against);
    against
}

fn permit_still_out(story: &[Stamped], now_ms: i64) -> bool {
    let Some(at) = story
        .iter()
        .rposition(|e| matches!(e.event, Event::PermitIssued { .. }) && e.mark.actor == Actor::System)
    else {
        return false;
    };
    let Event::PermitIssued { expires_at_ms, .. } = &story[at].event else { return false };
    let offer = story[..at].iter().rev().find_map(|e| match &e.event {
        Event::TermsOffered { table, .. } => Some((e.terms, table.sha256)),
        _ => None,
    });
    let Some((current, current_table)) = offer else { return false };
    let voided = story[at..].iter().any(|later| match &later.event {
        Event::TermsOffered { .. } | Event::Disbursed { .. } => true,
        Event::RingAlerted { .. } => later.mark.actor == Actor::System,
        _ if later.terms != current => false,
        Event::ScreenAnswered { .. } | Event::ConsentRecorded { .. } => is_borrower(later),
        Event::ScreenReviewed { decision: HumanDecision::Upheld, .. } => is_compliance(later),
        Event::Confirmed { own_wish, being_told, table } => {
            is_borrower(later)
                && *table == current_table
                && (*own_wish != YesNo::Yes || *being_told != YesNo::No)
        }
        _ => false,
    });
    !voided && *expires_at_ms > now_ms
}

/// Whether a ring asked for a call and no person has let the journey go on since, under the terms of that moment.
fn nobody_called(story: &[Stamped]) -> bool {
    let alerted = |e: &Stamped| e.mark.actor == Actor::System && matches!(e.event, Event::RingAlerted { .. });
    let Some(at) = story.iter().rposition(alerted) else { return false };
    let mut terms = None;
    for (place, entry) in story.iter().enumerate() {
        match &entry.event {
            Event::TermsOffered { .. } => terms = entry.terms,
            Event::ScreenReviewed { decision: HumanDecision::Allowed, .. }
                if place > at && is_compliance(entry) && entry.terms == terms && terms.is_some() =>
            {
                return false;
            }
            _ => {}
        }
    }
    true
}

/// One wish to sign while it is open.
struct Wish {
    begun: usize,
    challenge: Digest,
    document: Digest,
    expires_at_ms: i64,
    digits: bool,
    certificate: Option<Digest>,
}

impl Wish {
    fn at(begun: usize, challenge: Digest, document: Digest, expires_at_ms: i64) -> Self {
        Wish { begun, challenge, document, expires_at_ms, digits: false, certificate: None }
    }

    /// Takes in a step; `true` = it is signed.
    fn goes_on(&mut self, event: &Event) -> bool {
        match event {
            Event::SigningApproved { challenge, .. } if *challenge == self.challenge => self.digits = true,
            Event::SignaturePrepared { challenge, certificate, .. }
                if *challenge == self.challenge && self.digits && self.certificate.is_none() =>
            {
                self.certificate = Some(certificate.sha256);
            }
            Event::Signed(SignaturePath::OwnKey { shown, challenge, certificate, .. }) => {
                return *challenge == self.challenge
                    && *shown == self.document
                    && self.certificate == Some(*certificate);
            }
            _ => {}
        }
        false
    }
}

struct Ceremony<'a> {
    valid: &'a [&'a Stamped],
    table: &'a CostTable,
    table_digest: Digest,
    pack: &'a Pack,
    channel: Option<Channel>,
}

impl Ceremony<'_> {
    fn check(&self, against: &mut Vec<Objection>) {
        let review =
            self.last(|e| e.mark.actor == Actor::System && matches!(e.event, Event::ReviewCited { .. }));
        let (afford, screen) = (self.afforded(), self.screened());
        let shown = self.first(|e| match &e.event {
            Event::TableShown { table, .. } => {
                *table == self.table_digest && (is_borrower(e) || is_consultant(e))
            }
            _ => false,
        });
        let read = self.read(shown);
        let understood = self.understood(read);
        let identified = self.last(|e| is_consultant(e) && matches!(e.event, Event::Identified(_)));
        let consented = self.consented();
        let before = [shown, read, understood, identified, consented];
        let signed = self.signed_with_key(before).or_else(|| self.signed_in_ink(before));
        let recorded =
            recorded::recorded(self.valid, self.table, (self.channel, self.pack), [shown, read, understood]);
        let noticed = self.noticed();
        let all = [
            ("review", review),
            ("affordability", afford),
            ("screening", screen),
            ("disclosure", shown),
            ("reading", read),
            ("understanding", understood),
            ("identity", identified),
            ("consent", consented),
            ("signature", signed),
            ("recording", recorded),
            ("notice", noticed),
        ];
        for (name, found) in all {
            if found.is_none() {
                against.push(name);
            }
        }
        let last = all.iter().filter_map(|(_, found)| *found).max();
        let confirmation = self.last(|e| {
            is_borrower(e)
                && matches!(&e.event, Event::Confirmed { table, .. } if *table == self.table_digest)
        });
        let free = confirmation.is_some_and(|at| match &self.valid[at].event {
            Event::Confirmed { own_wish, being_told, .. } => {
                *own_wish == YesNo::Yes && *being_told == YesNo::No
            }
            _ => false,
        });
        if !free || confirmation <= last {
            against.push("confirmation");
        }
    }

    fn last(&self, wanted: impl Fn(&Stamped) -> bool) -> Option<usize> {
        self.valid.iter().rposition(|e| wanted(e))
    }

    fn first(&self, wanted: impl Fn(&Stamped) -> bool) -> Option<usize> {
        self.valid.iter().position(|e| wanted(e))
    }

    fn afforded(&self) -> Option<usize> {
        let at = self.last(|e| is_borrower(e) && matches!(e.event, Event::AffordAssessed { .. }))?;
        let human = self.valid[at..]
            .iter()
            .rposition(|e| is_compliance(e) && matches!(e.event, Event::AffordReviewed { .. }))
            .map(|after| at + after);
        self.judged_by_person(at, human, |event| {
            matches!(event, Event::AffordAssessed { outcome: AffordOutcome::Within, .. })
        })
    }

    fn screened(&self) -> Option<usize> {
        let answered = |e: &Stamped| is_borrower(e) && matches!(e.event, Event::ScreenAnswered { .. });
        let first = self.valid.iter().position(|e| answered(e))?;
        let paused = self.last(|e| {
            is_borrower(e) && matches!(e.event, Event::ScreenAnswered { result: ScreenResult::Paused, .. })
        });
        // A later "no" to everything does not take a "yes" back; only a person does, after the last "yes".
        let from = paused.unwrap_or(first);
        let human = self.valid[from..]
            .iter()
            .rposition(|e| is_compliance(e) && matches!(e.event, Event::ScreenReviewed { .. }))
            .map(|after| from + after);
        self.judged_by_person(paused.or_else(|| self.last(answered))?, human, |event| {
            matches!(event, Event::ScreenAnswered { result: ScreenResult::Clear, .. })
        })
    }

    fn judged_by_person(
        &self,
        at: usize,
        human: Option<usize>,
        fine: impl Fn(&Event) -> bool,
    ) -> Option<usize> {
        match human.map(|by| (by, &self.valid[by].event)) {
            None => fine(&self.valid[at].event).then_some(at),
            Some((
                by,
                Event::AffordReviewed { decision: HumanDecision::Allowed, .. }
                | Event::ScreenReviewed { decision: HumanDecision::Allowed, .. },
            )) => Some(by),
            Some(_) => None,
        }
    }

    fn read(&self, shown: Option<usize>) -> Option<usize> {
        let shown = shown?;
        let mut latest = shown;
        for section in Section::ALL {
            let needed = required_ms(section, self.table, self.pack);
            let mut opened = None;
            let mut done = None;
            for (at, entry) in self.valid.iter().enumerate().skip(shown) {
                match &entry.event {
                    Event::SectionOpened { section: key } if is_borrower(entry) && key == section.key() => {
                        opened = Some(entry.mark.at_ms);
                    }
                    Event::SectionRead { section: key, dwell_ms }
                        if is_borrower(entry) && key == section.key() =>
                    {
                        let real = opened.map(|since| entry.mark.at_ms - since);
                        if real == Some(*dwell_ms) && *dwell_ms >= needed {
                            done = done.or(Some(at));
                        }
                    }
                    _ => {}
                }
            }
            latest = latest.max(done?);
        }
        Some(latest)
    }

    fn understood(&self, read: Option<usize>) -> Option<usize> {
        let read = read?;
        let mut right: BTreeMap<String, usize> = BTreeMap::new();
        // A question is open from the moment it is put until it is answered or another one is put.
        let mut open: Option<(&str, &str)> = None;
        for (at, entry) in self.valid.iter().enumerate().filter(|(_, e)| is_borrower(e)) {
            match &entry.event {
                Event::QuestionAsked { question, question_kind, .. } => {
                    open = Some((question, question_kind))
                }
                Event::QuestionAnswered { question, judged, .. } if at > read => {
                    if let Some((_, kind)) = open.take_if(|(id, _)| id == question)
                        && *judged == Judged::Right
                    {
                        right.insert(kind.to_owned(), at);
                    }
                }
                _ => {}
            }
        }
        let mut latest = None;
        for kind in required_kinds(self.table, self.pack) {
            latest = latest.max(Some(*right.get(kind.key())?));
        }
        latest
    }

    fn consented(&self) -> Option<usize> {
        let partners = self.table.items.iter().any(|item| item.payee != self.table.lender);
        let mut latest = None;
        for (purpose, needed) in [
            (Purpose::LoanProcessing, true),
            (Purpose::CreditReport, true),
            (Purpose::SharePayees, true),
            (Purpose::Marketing, false),
        ] {
            if purpose == Purpose::SharePayees && !partners {
                continue;
            }
            let at = self.last(|e| {
                is_borrower(e)
                    && matches!(&e.event, Event::ConsentRecorded { purpose: p, .. } if *p == purpose)
            })?;
            if needed
                && !matches!(&self.valid[at].event, Event::ConsentRecorded { choice: Choice::Agreed, .. })
            {
                return None;
            }
            latest = latest.max(Some(at));
        }
        latest
    }

    /// The last signature by a key in her browser, if every step of that one wish stands before it in order.
    fn signed_with_key(&self, before: [Option<usize>; 5]) -> Option<usize> {
        let hers: Vec<(usize, &Stamped)> =
            self.valid.iter().enumerate().filter(|(_, e)| is_borrower(e)).map(|(at, e)| (at, *e)).collect();
        let (mut seen, mut opened, mut spent) = (None, None, Vec::new());
        let mut signature = None;
        for (at, entry) in hers {
            match &entry.event {
                Event::ContractShown { document } => seen = Some(document.sha256),
                Event::SigningBegun { document, challenge, expires_at_ms, .. } => {
                    if seen == Some(*document) && self.binds(&entry.event) && !spent.contains(challenge) {
                        spent.push(*challenge);
                        opened = Some(Wish::at(at, *challenge, *document, *expires_at_ms));
                    }
                }
                Event::SigningTrouble { challenge, trouble } if trouble.ends() => {
                    opened.take_if(|wish| wish.challenge == *challenge);
                }
                event => {
                    if let Some(wish) = &mut opened
                        && entry.mark.at_ms < wish.expires_at_ms
                        && wish.goes_on(event)
                    {
                        signature = Some((wish.begun, at));
                        opened = None;
                    }
                }
            }
        }
        let (begun, at) = signature?;
        before.into_iter().all(|step| step.is_some_and(|step| step < begun)).then_some(at)
    }

    /// Whether a wish names the principal, and its challenge is the hash that it says.
    fn binds(&self, event: &Event) -> bool {
        let Event::SigningBegun { document, nonce, amount_fen, challenge, .. } = event else { return false };
        let terms = self.valid.first().and_then(|e| e.terms);
        *amount_fen == self.table.principal_fen
            && terms
                .is_some_and(|terms| signing::challenge(document, &terms, *amount_fen, nonce) == *challenge)
    }

    fn signed_in_ink(&self, before: [Option<usize>; 5]) -> Option<usize> {
        let ink = |event: &Event| matches!(event, Event::Signed(SignaturePath::InkInPerson { .. }));
        let attested = self.last(|e| is_consultant(e) && ink(&e.event))?;
        let Event::Signed(SignaturePath::InkInPerson { document }) = &self.valid[attested].event else {
            return None;
        };
        for step in before {
            if step? >= attested {
                return None;
            }
        }
        let own = self.last(|e| {
            is_borrower(e)
                && matches!(&e.event, Event::SignatureConfirmed { document: d } if *d == document.sha256)
        })?;
        (own > attested).then_some(own)
    }

    fn noticed(&self) -> Option<usize> {
        let handed = self.last(|e| {
            (is_consultant(e) || e.mark.actor == Actor::System)
                && matches!(e.event, Event::NoticeHanded { .. })
        })?;
        let Event::NoticeHanded { document } = &self.valid[handed].event else { return None };
        let own = self.last(|e| {
            is_borrower(e)
                && matches!(&e.event, Event::NoticeAcknowledged { document: d } if *d == document.sha256)
        })?;
        (own > handed).then_some(own)
    }
}
