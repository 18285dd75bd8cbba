//! The fold: records in, journey out. It counts only what satisfies a duty on its own terms: right actor, right digest,
//! right order, long enough. Evidence that does not satisfy is kept in the log and counts for nothing here, so that a
//! forged or hand-inserted record cannot open the gate.

use mingbai_cost::{Terms, quote};
use mingbai_evidence::{Digest, Record, StreamHead};

use super::event::{Event, HumanDecision, Judged, NotAnEvent, ScreenResult, YesNo};
use super::journey::{Journey, JourneyId};
use super::state::{
    CallbackState, ChargeState, DeniedAttempt, Mark, Offer, OpenQuestion, Opening, Payout, PermitFate,
    PermitState, Proofs, RemedyState, RingState, Stage, ViolationState,
};
use super::{reading, recording, signing, teachback};
use crate::actor::{Actor, StaffRole};
use crate::policy::Pack;

/// A record cannot be part of this journey.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// Kind or body unknown.
    #[error("记录 {seq} 无法识别:{source} / record {seq}: {source}")]
    NotAnEvent {
        /// Position.
        seq: u64,
        /// Why.
        source: NotAnEvent,
    },
    /// The actor's text is unknown.
    #[error("记录 {seq} 的操作人 {actor:?} 无法识别 / record {seq} has an unknown actor {actor:?}")]
    UnknownActor {
        /// Position.
        seq: u64,
        /// Text.
        actor: String,
    },
    /// Stream, position or link does not continue the journey.
    #[error("记录 {seq} 没有接在上一条之后 / record {seq} does not follow the record before it")]
    OutOfLine {
        /// Position.
        seq: u64,
    },
    /// Terms in the record are not valid, or their digest is another.
    #[error("记录 {seq} 的贷款条款无效:{why} / the terms in record {seq} are not valid: {why}")]
    BadTerms {
        /// Position.
        seq: u64,
        /// Why.
        why: String,
    },
    /// The table that the record names is not the table of its terms.
    #[error(
        "记录 {seq} 的成本表与条款不符 / the cost table named in record {seq} is not the table of its terms"
    )]
    TableDiffers {
        /// Position.
        seq: u64,
    },
    /// The journey was opened under another policy pack.
    #[error(
        "本笔业务适用的规则包是 {wanted},不是现在加载的 / this journey was opened under policy pack {wanted}"
    )]
    OtherPack {
        /// Pack id in the opening record.
        wanted: String,
    },
}

/// An event with where and when it stands in the log.
#[derive(Clone, Debug)]
pub struct Stamped {
    /// Who, when, where.
    pub mark: Mark,
    /// Digest of the terms that it was given for.
    pub terms: Option<Digest>,
    /// What happened.
    pub event: Event,
}

impl Stamped {
    /// Reads a record.
    ///
    /// # Errors
    /// [`FoldError`] when kind, body or actor are unknown.
    pub fn read(record: &Record) -> Result<Self, FoldError> {
        let seq = record.seq();
        let event = Event::from_parts(record.kind(), record.body())
            .map_err(|source| FoldError::NotAnEvent { seq, source })?;
        let actor = Actor::from_text(record.actor())
            .ok_or_else(|| FoldError::UnknownActor { seq, actor: record.actor().to_owned() })?;
        let mark = Mark { actor, at_ms: record.at_ms(), seq, leaf: record.leaf() };
        Ok(Stamped { mark, terms: record.terms(), event })
    }
}

impl Journey {
    /// Folds a whole stream.
    ///
    /// # Errors
    /// [`FoldError`] names the first record that cannot be part of this journey.
    pub fn fold<'a>(
        id: JourneyId,
        pack: &Pack,
        records: impl IntoIterator<Item = &'a Record>,
    ) -> Result<Self, FoldError> {
        let mut journey = Journey::unopened(id);
        let stream = id.stream();
        for record in records {
            let follows = record.stream() == &stream
                && match journey.head {
                    None => record.seq() == 0 && record.prev().is_none(),
                    Some(head) => record.seq() == head.seq + 1 && record.prev() == Some(head.leaf),
                };
            if !follows {
                return Err(FoldError::OutOfLine { seq: record.seq() });
            }
            journey.apply(pack, &Stamped::read(record)?)?;
        }
        Ok(journey)
    }

    /// Takes one more event into the state.
    ///
    /// # Errors
    /// [`FoldError`] when it cannot be part of this journey; the journey must then not be used further.
    pub fn apply(&mut self, pack: &Pack, stamped: &Stamped) -> Result<(), FoldError> {
        let Stamped { mark, terms, event } = stamped;
        match event {
            Event::Opened { .. } => self.fold_opened(pack, mark, event)?,
            Event::TermsOffered { .. } => self.fold_offer(pack, mark, *terms, event)?,
            Event::Disbursed { .. }
            | Event::ChargeReported { .. }
            | Event::ViolationFound { .. }
            | Event::RefundReported { .. }
            | Event::CallbackOpened { .. }
            | Event::CallbackAnswered { .. }
            | Event::RemedyOpened { .. }
            | Event::RemedyClosed { .. }
            | Event::Closed {} => self.fold_after_payout(mark, event),
            Event::PermitIssued { .. }
            | Event::PermitRefused { .. }
            | Event::Declined { .. }
            | Event::AttemptDenied { .. } => self.fold_gate(mark, event),
            Event::RingAlerted { ring } => self.fold_ring(mark, *ring),
            // Law 3: evidence for other terms does not count.
            _ if terms.is_some() && *terms == self.terms_digest() => self.fold_proof(pack, stamped),
            _ => {}
        }
        self.head = Some(StreamHead { seq: mark.seq, leaf: mark.leaf });
        self.last_at_ms = mark.at_ms;
        Ok(())
    }

    fn fold_opened(&mut self, pack: &Pack, mark: &Mark, event: &Event) -> Result<(), FoldError> {
        let Event::Opened {
            product_id,
            product_version,
            pack_id,
            pack_digest,
            channel,
            borrower,
            phone,
            external_ref,
            afford_limit_ppm,
        } = event
        else {
            return Ok(());
        };
        if self.opening.is_some() {
            return Err(FoldError::OutOfLine { seq: mark.seq });
        }
        if pack_digest.as_bytes() != pack.digest().as_bytes() {
            return Err(FoldError::OtherPack { wanted: pack_id.clone() });
        }
        self.opening = Some(Opening {
            product_id: product_id.clone(),
            product_version: product_version.clone(),
            pack_id: pack_id.clone(),
            pack_digest: *pack_digest,
            channel: *channel,
            borrower: borrower.clone(),
            phone: phone.clone(),
            external_ref: external_ref.clone(),
            afford_limit_ppm: *afford_limit_ppm,
            mark: mark.clone(),
        });
        self.stage = Stage::Ceremony;
        Ok(())
    }

    fn fold_offer(
        &mut self,
        pack: &Pack,
        mark: &Mark,
        terms: Option<Digest>,
        event: &Event,
    ) -> Result<(), FoldError> {
        let Event::TermsOffered { terms_json, table } = event else { return Ok(()) };
        let bad = |why: String| FoldError::BadTerms { seq: mark.seq, why };
        let parsed = Terms::from_json(terms_json).map_err(|e| bad(e.to_string()))?;
        if terms != Some(Digest::new(*parsed.digest().as_bytes())) {
            return Err(bad("the record names another digest".to_owned()));
        }
        let computed = quote(&parsed).map_err(|e| bad(e.to_string()))?;
        if Digest::of(&computed.to_json_bytes()) != table.sha256 {
            return Err(FoldError::TableDiffers { seq: mark.seq });
        }
        let questions = teachback::required_kinds(&computed, pack);
        let offer =
            Offer { terms: parsed, table: computed, table_ref: table.clone(), questions, mark: mark.clone() };
        self.earlier.extend(self.offer.replace(offer));
        self.proofs = Proofs::default();
        self.void_permit();
        Ok(())
    }

    fn void_permit(&mut self) {
        if let Some(permit) = &mut self.permit
            && permit.fate == PermitFate::Open
        {
            permit.fate = PermitFate::Void;
        }
    }

    /// What she shares with others is about her and not about the terms, so new terms do not take it away.
    fn fold_ring(&mut self, mark: &Mark, ring: uuid::Uuid) {
        if mark.actor == Actor::System {
            self.ring = Some(RingState { ring, lifted: false });
            self.void_permit();
        }
    }

    fn fold_proof(&mut self, pack: &Pack, stamped: &Stamped) {
        let Stamped { mark, event, terms } = stamped;
        let amount_fen = self.table().map(|table| table.principal_fen);
        let consultant = matches!(mark.actor, Actor::Staff(_, StaffRole::Consultant));
        let compliance = matches!(mark.actor, Actor::Staff(_, StaffRole::Compliance));
        if let Event::RecordingNode(_) = event {
            self.plays += 1;
        }
        if let Event::RecordingBegun(begun) = event {
            self.recordings.insert(begun.recording.clone(), mark.leaf);
        }
        recording::count(&mut self.proofs, mark, event);
        match mark.actor {
            Actor::Borrower => {
                signing::count_hers(&mut self.proofs, *terms, amount_fen, stamped);
                self.fold_borrower(pack, mark, event);
            }
            Actor::System | Actor::Staff(..) => {
                signing::count_ours(&mut self.proofs, mark, event);
                self.fold_lender(mark, event, consultant, compliance);
            }
            Actor::Core(_) | Actor::Complainant | Actor::Visitor => {}
        }
    }

    /// What only the borrower's own link can bring.
    fn fold_borrower(&mut self, pack: &Pack, mark: &Mark, event: &Event) {
        let table = self.table_ref().map(|table| table.sha256);
        let proofs = &mut self.proofs;
        match event {
            Event::AffordAssessed { outcome, ratio_ppm, .. } => {
                proofs.afford = Some((mark.clone(), *outcome, *ratio_ppm));
                proofs.afford_human = None;
            }
            Event::ScreenAnswered { result, hits, .. } => {
                let paused = matches!(proofs.screen, Some((_, ScreenResult::Paused, _)));
                // Whoever stands over her could go back and press "no" everywhere: only a person lifts a pause.
                if *result == ScreenResult::Paused {
                    proofs.screen_human = None;
                }
                if *result == ScreenResult::Paused || !paused {
                    proofs.screen = Some((mark.clone(), *result, hits.clone()));
                }
                self.void_permit();
            }
            Event::TableShown { table: shown, .. } if Some(*shown) == table => {
                proofs.shown.get_or_insert_with(|| mark.clone());
            }
            Event::SectionOpened { section } if proofs.shown.is_some() => {
                proofs.sections.entry(section.clone()).or_default().opened_at_ms = Some(mark.at_ms);
            }
            Event::SectionRead { section, dwell_ms } => {
                let table = self.offer.as_ref().map(|offer| &offer.table);
                reading::count(&mut self.proofs, table, pack, mark, section, *dwell_ms);
            }
            Event::QuestionAsked { question, question_kind, variant, seed } => {
                proofs.teach.explain = None;
                proofs.teach.kinds.entry(question_kind.clone()).or_default().asked += 1;
                proofs.teach.open = Some(OpenQuestion {
                    id: question.clone(),
                    kind: question_kind.clone(),
                    variant: *variant,
                    seed: *seed,
                });
            }
            Event::QuestionAnswered { question, judged, .. } => self.fold_answer(mark, question, *judged),
            Event::ConsentRecorded { purpose, choice, .. } => {
                proofs.consents.insert(*purpose, (*choice, mark.clone()));
                self.void_permit();
            }
            Event::SignatureConfirmed { document } => {
                let same = proofs.signature.as_ref().is_some_and(|(_, d)| d.sha256 == *document);
                if same {
                    proofs.signature_confirmed = Some(mark.clone());
                }
            }
            Event::NoticeAcknowledged { document } => {
                let same = proofs.notice.as_ref().is_some_and(|(_, d)| d.sha256 == *document);
                if same {
                    proofs.notice_acknowledged = Some(mark.clone());
                }
            }
            Event::Confirmed { own_wish, being_told, table: confirmed } if Some(*confirmed) == table => {
                let free = *own_wish == YesNo::Yes && *being_told == YesNo::No;
                if free {
                    proofs.refused_to_confirm = None;
                    proofs.confirmed = Some(mark.clone());
                } else if !free {
                    proofs.confirmed = None;
                    proofs.refused_to_confirm = Some(mark.clone());
                    self.void_permit();
                }
            }
            _ => {}
        }
    }

    fn fold_answer(&mut self, mark: &Mark, question: &str, judged: Judged) {
        if !reading::all_read(&self.proofs) {
            return;
        }
        let teach = &mut self.proofs.teach;
        let Some(open) = teach.open.take_if(|open| open.id == question) else { return };
        let kind = teach.kinds.entry(open.kind.clone()).or_default();
        if judged == Judged::Right {
            kind.right = Some(mark.clone());
        } else {
            kind.wrong += 1;
            teach.explain = Some(open);
        }
    }

    /// What the lender's people and Mingbai itself can bring.
    fn fold_lender(&mut self, mark: &Mark, event: &Event, consultant: bool, compliance: bool) {
        let system = mark.actor == Actor::System;
        let table = self.table_ref().map(|table| table.sha256);
        if let (Event::ScreenReviewed { decision: HumanDecision::Allowed, .. }, Some(state)) =
            (event, &mut self.ring)
            && compliance
        {
            state.lifted = true;
        }
        let proofs = &mut self.proofs;
        match event {
            Event::ReviewCited { .. } if system => proofs.reviewed = Some(mark.clone()),
            Event::AffordReviewed { decision, .. } if compliance && proofs.afford.is_some() => {
                proofs.afford_human = Some((mark.clone(), *decision));
            }
            Event::ScreenReviewed { decision, .. } if compliance && proofs.screen.is_some() => {
                proofs.screen_human = Some((mark.clone(), *decision));
                if *decision == HumanDecision::Upheld {
                    self.void_permit();
                }
            }
            Event::TableShown { table: shown, .. } if consultant && Some(*shown) == table => {
                proofs.shown.get_or_insert_with(|| mark.clone());
            }
            Event::ExplainedInPerson { question_kinds } if consultant => {
                for kind in question_kinds {
                    if let Some(state) = proofs.teach.kinds.get_mut(kind) {
                        state.wrong = 0;
                    }
                }
            }
            Event::Identified(_) if consultant => proofs.identified = Some(mark.clone()),
            Event::Signed(super::event::SignaturePath::InkInPerson { document }) if consultant => {
                proofs.signature = Some((mark.clone(), document.clone()));
                proofs.signature_confirmed = None;
            }
            Event::Recorded(_) if consultant => proofs.recorded = Some(mark.clone()),
            Event::NoticeHanded { document } if consultant || system => {
                proofs.notice = Some((mark.clone(), document.clone()));
                proofs.notice_acknowledged = None;
            }
            _ => {}
        }
    }

    fn fold_gate(&mut self, mark: &Mark, event: &Event) {
        match event {
            Event::PermitIssued { permit, expires_at_ms, .. } if mark.actor == Actor::System => {
                self.permit = Some(PermitState {
                    id: permit.clone(),
                    expires_at_ms: *expires_at_ms,
                    mark: mark.clone(),
                    fate: PermitFate::Open,
                });
            }
            Event::PermitRefused { .. } => self.gate_refusals += 1,
            Event::Declined { reason } if mark.actor == Actor::Borrower && self.stage == Stage::Ceremony => {
                self.declined = Some((mark.clone(), reason.clone()));
                self.stage = Stage::Declined;
                self.void_permit();
            }
            Event::AttemptDenied { command, belongs_to } => self.denied.push(DeniedAttempt {
                command: command.clone(),
                belongs_to: belongs_to.clone(),
                mark: mark.clone(),
            }),
            _ => {}
        }
    }

    fn fold_after_payout(&mut self, mark: &Mark, event: &Event) {
        match event {
            Event::Disbursed { permit, amount_fen, on, reference } => {
                if let Some(known) = &mut self.permit
                    && known.id == *permit
                    && known.fate == PermitFate::Open
                {
                    known.fate = PermitFate::Used;
                }
                self.payout = Some(Payout {
                    amount_fen: *amount_fen,
                    on: on.clone(),
                    reference: reference.clone(),
                    mark: mark.clone(),
                });
                self.stage = Stage::PaidOut;
            }
            Event::ChargeReported { .. } => self.fold_charge(mark, event),
            Event::ViolationFound { violation, reference, refund_fen, zh, en } => {
                self.violations.push(ViolationState {
                    kind: *violation,
                    reference: reference.clone(),
                    refund_fen: *refund_fen,
                    refunded_fen: mingbai_cost::Fen::ZERO,
                    words: crate::text::both(zh.clone(), en.clone()),
                    mark: mark.clone(),
                });
            }
            Event::RefundReported { reference, amount_fen } => {
                if let Some(open) = self.violations.iter_mut().find(|v| v.reference == *reference) {
                    open.refunded_fen += *amount_fen;
                }
            }
            Event::CallbackOpened { seed, expires_at_ms } => {
                self.callback = Some(CallbackState {
                    seed: *seed,
                    expires_at_ms: *expires_at_ms,
                    code: None,
                    mark: mark.clone(),
                });
            }
            Event::CallbackAnswered { code, .. } => {
                if let Some(callback) = &mut self.callback {
                    callback.code = Some(*code);
                }
            }
            Event::RemedyOpened { reason, due_at_ms } => self.remedies.push(RemedyState {
                reason: reason.clone(),
                due_at_ms: *due_at_ms,
                mark: mark.clone(),
                closed: None,
            }),
            Event::RemedyClosed { outcome } => {
                if let Some(open) = self.remedies.iter_mut().find(|remedy| remedy.closed.is_none()) {
                    open.closed = Some((mark.clone(), outcome.clone()));
                }
            }
            Event::Closed {} => self.stage = Stage::Closed,
            _ => {}
        }
    }

    fn fold_charge(&mut self, mark: &Mark, event: &Event) {
        if let Event::ChargeReported { charge, explained } = event {
            self.charges.push(ChargeState {
                charge: charge.clone(),
                explained: explained.clone(),
                mark: mark.clone(),
            });
        }
    }
}
