//! Reading a journey and writing to it: the loop of read, fold, decide, append that every use case of `borrow` goes through.

use std::sync::Arc;

use mingbai_core::actor::Actor;
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::event::Event;
use mingbai_core::borrow::fold::Stamped;
use mingbai_core::borrow::refusal::Refusal;
use mingbai_core::borrow::{Context, Journey, JourneyId};
use mingbai_core::policy::Pack;
use mingbai_core::text::both;
use mingbai_cost::Terms;
use mingbai_evidence::{Digest, Draft, Record, StreamHead};

use super::JourneyView;
use super::row::row_of;
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Append, Appended, CodeRow, Find, Logged, OutboxItem};

/// How often a decision is taken again when somebody else was faster.
pub(crate) const REFOLDS: u32 = 3;

/// A journey as it stands in the log.
pub(crate) struct Loaded {
    pub journey: Journey,
    pub logged: Vec<Logged>,
    pub pack: Arc<Pack>,
}

/// What a use case led to.
#[derive(Clone, Debug)]
pub struct Acted {
    /// The journey afterwards, with its pack.
    pub view: JourneyView,
    /// The events, in order; empty when the wish was a repetition.
    pub events: Vec<Event>,
    /// The acknowledgement with its proofs; `None` when nothing had to be written.
    pub receipt: Option<Appended>,
}

/// What goes into the same transaction as the records.
#[derive(Default)]
pub(crate) struct Along {
    pub outbox: Vec<OutboxItem>,
    pub codes: Vec<CodeRow>,
    pub branch: Option<String>,
    pub idempotency: Option<String>,
}

/// Records that are being written, and the journey as it will stand after them.
pub(crate) struct Batch {
    pub journey: Journey,
    pub pack: Arc<Pack>,
    pub now_ms: i64,
    expected: Option<StreamHead>,
    records: Vec<Record>,
    events: Vec<Event>,
}

impl Batch {
    pub(crate) fn on(journey: Journey, pack: Arc<Pack>, now_ms: i64) -> Self {
        let expected = journey.head();
        Batch { journey, pack, now_ms, expected, records: Vec::new(), events: Vec::new() }
    }

    /// Takes in a command's events.
    pub(crate) fn decide(&mut self, desk: &Desk, actor: &Actor, command: Command) -> Result<(), DeskError> {
        let context = Context { pack: &self.pack, now_ms: self.now_ms, seed: desk.seed() };
        let events = self.journey.decide(actor, command, &context)?;
        events.into_iter().try_for_each(|event| self.write(desk, actor, event))
    }

    /// Takes in one event. It is folded before it is stored: what the fold would not accept is never written.
    pub(crate) fn write(&mut self, desk: &Desk, actor: &Actor, event: Event) -> Result<(), DeskError> {
        let head = self.journey.head();
        let terms = match &event {
            Event::TermsOffered { terms_json, .. } => {
                let terms = Terms::from_json(terms_json)
                    .map_err(|e| DeskError::Fault(format!("decided terms do not read back: {e}")))?;
                Some(Digest::new(*terms.digest().as_bytes()))
            }
            _ => self.journey.terms_digest(),
        };
        let (kind, body) = event.to_parts();
        let record = Record::write(Draft {
            id: desk.new_id(self.now_ms),
            stream: self.journey.id().stream(),
            seq: head.map_or(0, |head| head.seq + 1),
            prev: head.map(|head| head.leaf),
            at_ms: self.now_ms,
            actor: actor.to_string(),
            kind,
            terms,
            body,
        })?;
        self.journey.apply(&self.pack, &Stamped::read(&record)?)?;
        self.records.push(record);
        self.events.push(event);
        Ok(())
    }
}

impl Desk {
    /// The journey as the log has it, without asking who wants to know.
    pub(crate) async fn load(&self, id: JourneyId) -> Result<Loaded, DeskError> {
        let logged = self.ports.log.read(&id.stream()).await?;
        let first = logged.first().ok_or_else(DeskError::no_journey)?;
        let opened = Event::from_parts(first.record.kind(), first.record.body());
        let Ok(Event::Opened { pack_digest, pack_id, .. }) = opened else {
            return Err(DeskError::Fault(format!("{} does not begin with an opening", id.stream())));
        };
        let pack = self.pack_by_digest(&pack_digest).cloned().ok_or_else(|| {
            DeskError::Fault(format!("{} needs policy pack {pack_id} ({pack_digest}); load it", id.stream()))
        })?;
        let journey = Journey::fold(id, &pack, logged.iter().map(|logged| &logged.record))?;
        Ok(Loaded { journey, logged, pack })
    }

    /// The journey, if this caller may see it.
    pub(crate) async fn load_for(&self, caller: &Caller, id: JourneyId) -> Result<Loaded, DeskError> {
        let row = match caller.branch() {
            Some(_) => self.ports.log.find(Find::Journey(id)).await?,
            None => None,
        };
        if !caller.may_see(id, row.as_ref()) {
            return Err(DeskError::no_journey());
        }
        Box::pin(self.load(id)).await
    }

    /// The time for the next record: the clock's, but never before the last record's. A clock that was set back by more than
    /// a moment is refused by the rules, not hidden here.
    pub(crate) fn time_after(&self, journey: &Journey) -> i64 {
        let now_ms = self.now_ms();
        let behind = journey.last_at_ms().saturating_sub(now_ms);
        if (1..=CLOCK_SLACK_MS).contains(&behind) { journey.last_at_ms() } else { now_ms }
    }

    /// Writes a batch with everything that follows from it.
    pub(crate) async fn commit(&self, batch: Batch, along: Along) -> Result<Acted, DeskError> {
        let Batch { journey, pack, now_ms, expected, records, events } = batch;
        let view = JourneyView { journey, pack };
        if records.is_empty() {
            return Ok(Acted { view, events, receipt: None });
        }
        let mut outbox = along.outbox;
        outbox.extend(self.consequences(&view.journey, &view.pack, &events, now_ms));
        let row = row_of(&view.journey, &view.pack, along.branch);
        let stream = view.journey.id().stream();
        let append = Append {
            outbox,
            rows: row.into_iter().collect(),
            codes: along.codes,
            idempotency: along.idempotency,
            ..Append::of(stream, expected, records)
        };
        let receipt = self.ports.log.append(append).await?;
        Ok(Acted { view, events, receipt: Some(receipt) })
    }

    /// Does what a caller wants in a journey: read, fold, decide, append; once more when somebody else was faster. An attempt
    /// at what is not the caller's is refused and put on record.
    ///
    /// # Errors
    /// [`DeskError::Refused`] with why and what next; [`DeskError::NotFound`] when the journey is not the caller's to see.
    pub async fn act(&self, caller: &Caller, id: JourneyId, command: Command) -> Result<Acted, DeskError> {
        // A journey is large and a future holds several of them: on the heap, so that no thread's stack has to.
        Box::pin(self.act_again(caller, id, command)).await
    }

    async fn act_again(&self, caller: &Caller, id: JourneyId, command: Command) -> Result<Acted, DeskError> {
        let actor = caller.actor();
        for _ in 0..=REFOLDS {
            let Loaded { journey, pack, .. } = self.load_for(caller, id).await?;
            let now_ms = self.time_after(&journey);
            let mut batch = Batch::on(journey, pack, now_ms);
            let (name, belongs) = (command.name(), command.belongs_to());
            let outcome = match batch.decide(self, &actor, command.clone()) {
                Ok(()) => self.commit(batch, Along::default()).await,
                Err(DeskError::Refused(refusal)) if !belongs.includes(&actor) => {
                    self.put_on_record(batch, &actor, name, belongs.key(), refusal).await
                }
                Err(error) => Err(error),
            };
            match outcome {
                Err(DeskError::Log(crate::ports::LogError::Conflict { .. })) => {}
                outcome => return outcome,
            }
        }
        Err(DeskError::Busy(both(
            "有人同时在操作这笔业务,请再试一次。",
            "Somebody else is working on this journey; try again.",
        )))
    }

    /// Records an attempt at what belongs to somebody else, and hands the refusal on.
    async fn put_on_record(
        &self,
        mut batch: Batch,
        actor: &Actor,
        command: &str,
        belongs_to: &str,
        refusal: Box<Refusal>,
    ) -> Result<Acted, DeskError> {
        // A stream must not be filled by someone who keeps trying; the first hundred say enough.
        if batch.journey.denied_attempts().len() < DENIED_LIMIT {
            let event =
                Event::AttemptDenied { command: command.to_owned(), belongs_to: belongs_to.to_owned() };
            batch.write(self, actor, event)?;
            self.commit(batch, Along::default()).await?;
        }
        Err(DeskError::Refused(refusal))
    }
}

/// Clocks of one machine may step back this far without anybody noticing.
const CLOCK_SLACK_MS: i64 = 2_000;
/// Denied attempts that are recorded for one journey.
const DENIED_LIMIT: usize = 100;
