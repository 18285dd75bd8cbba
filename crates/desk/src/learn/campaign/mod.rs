//! Campaigns: reading them out of the log and writing to them. The list of all is a stream of its own (`campaigns`), which names each campaign
//! before it begins, so that none can be left out of it; a number that leads nowhere is one whose planning was cut off.

mod attend;
mod figures;
mod plan;

pub use attend::{CheckIn, Did, Face, HallCode, ListLine, ListOutcome, ResultLine, SessionFile};
pub use figures::{CampaignFigures, Effect};
pub use plan::{CampaignRow, PlanWish, SessionWish};

use hmac::{Hmac, KeyInit, Mac};
use mingbai_core::actor::Actor;
use mingbai_core::learn::campaign::{Attendance, Campaign, CampaignId, VisitEvent};
use mingbai_core::text::both;
use mingbai_evidence::{Digest, StreamHead, StreamId};
use serde_json::Value;
use sha2::Sha256;

use crate::chain::{Chain, Said};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{APPEND_LIMIT, Append, LogError, Logged};

/// How often somebody else may be faster at a door where a hall full of people checks in at once.
const TRIES: usize = 24;

fn no_campaign() -> DeskError {
    DeskError::NotFound(both("没有这项活动或这一场。", "There is no such campaign or session."))
}

fn busy() -> DeskError {
    DeskError::Busy(both(
        "同时签到的人很多,请再按一次。",
        "Many people are checking in at the same moment; press the button again.",
    ))
}

/// The stream that names every campaign.
fn index() -> Result<StreamId, DeskError> {
    StreamId::new("campaigns").map_err(|error| DeskError::Fault(error.to_string()))
}

/// What is written: where to, by whom, and when at the latest record before it.
struct Sheet<'a> {
    stream: StreamId,
    head: Option<StreamHead>,
    last_at_ms: i64,
    actor: &'a Actor,
}

impl Desk {
    async fn load_campaign(&self, id: CampaignId) -> Result<Campaign, DeskError> {
        let logged = self.ports.log.read(&id.stream()).await?;
        if logged.is_empty() {
            return Err(no_campaign());
        }
        Campaign::fold(id, logged.iter().map(|item| &item.record))
            .map_err(|error| DeskError::Fault(error.to_string()))
    }

    async fn load_attendance(&self, id: CampaignId, number: u32) -> Result<Attendance, DeskError> {
        let logged: Vec<Logged> = self.ports.log.read(&session_stream(id, number)?).await?;
        Ok(Attendance::fold(logged.iter().map(|item| &item.record)))
    }

    /// Appends records to a stream, at most as many as one transaction carries.
    async fn put(&self, sheet: Sheet<'_>, parts: Vec<(String, Value)>) -> Result<(), DeskError> {
        let at_ms = self.now_ms().max(sheet.last_at_ms);
        let said = |(kind, body)| Said { actor: sheet.actor.to_string(), kind, body };
        let chain = Chain { stream: sheet.stream.clone(), head: sheet.head, at_ms };
        let records = self.chained(&chain, parts.into_iter().map(said))?;
        self.ports.log.append(Append::of(sheet.stream, sheet.head, records)).await?;
        Ok(())
    }

    /// Takes what the rules admit of `events`, piece by piece; says for each whether it was taken. Somebody else may be faster many times.
    async fn attend(
        &self,
        id: CampaignId,
        number: u32,
        actor: &Actor,
        events: &[VisitEvent],
    ) -> Result<Vec<Result<(), mingbai_core::borrow::refusal::Refusal>>, DeskError> {
        let mut outcomes = Vec::with_capacity(events.len());
        for piece in events.chunks(APPEND_LIMIT) {
            outcomes.extend(self.attend_piece(id, number, actor, piece).await?);
        }
        Ok(outcomes)
    }

    async fn attend_piece(
        &self,
        id: CampaignId,
        number: u32,
        actor: &Actor,
        events: &[VisitEvent],
    ) -> Result<Vec<Result<(), mingbai_core::borrow::refusal::Refusal>>, DeskError> {
        for _ in 0..TRIES {
            let mut here = self.load_attendance(id, number).await?;
            let (head, last_at_ms) = (here.head(), here.last_at_ms());
            let mut parts = Vec::new();
            let mut outcomes = Vec::with_capacity(events.len());
            for event in events {
                let outcome = here.admits(actor, event);
                if outcome.is_ok() {
                    here.take(event, self.now_ms());
                    parts.push(event.to_parts());
                }
                outcomes.push(outcome);
            }
            if parts.is_empty() {
                return Ok(outcomes);
            }
            let sheet = Sheet { stream: session_stream(id, number)?, head, last_at_ms, actor };
            match self.put(sheet, parts).await {
                Err(DeskError::Log(LogError::Conflict { .. })) => {}
                done => return done.map(|()| outcomes),
            }
        }
        Err(busy())
    }

    /// The key of a campaign: people are hashed and codes are made with it.
    async fn campaign_key(&self, campaign: &Campaign) -> Result<Vec<u8>, DeskError> {
        let opened = self.ports.vault.open(campaign.id().uuid(), &campaign.key.sealed).await?;
        opened.map(|opened| opened.value.to_vec()).ok_or_else(|| {
            DeskError::NotFound(both(
                "这项活动的密钥已经销毁,不能再签到。",
                "The key of this campaign was destroyed; nobody can check in any more.",
            ))
        })
    }
}

fn session_stream(id: CampaignId, number: u32) -> Result<StreamId, DeskError> {
    id.session_stream(number).map_err(|error| DeskError::Fault(error.to_string()))
}

/// A person as this campaign knows her: the number itself is kept nowhere.
fn person_of(key: &[u8], phone: &str) -> Result<Digest, DeskError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|error| DeskError::Fault(error.to_string()))?;
    mac.update(b"mingbai campaign person v1\0");
    mac.update(phone.as_bytes());
    Ok(Digest::new(mac.finalize().into_bytes().into()))
}

/// A mobile number of the mainland in its plain form; full-width digits, spaces, dashes and +86 are forgiven.
fn phone_of(text: &str) -> Option<String> {
    let mut digits = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '\u{ff10}'..='\u{ff19}' => {
                digits.extend(u32::from(c).checked_sub(0xff10).and_then(|d| char::from_digit(d, 10)));
            }
            ' ' | '-' | '\u{a0}' | '\u{3000}' | '+' | '(' | ')' => {}
            _ => return None,
        }
    }
    let plain = match digits.strip_prefix("86") {
        Some(rest) if digits.len() == 13 => rest.to_owned(),
        _ => digits,
    };
    (plain.len() == 11 && plain.starts_with('1')).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_person_however_it_is_typed() {
        for text in ["13800000000", "138 0000 0000", "+86 138-0000-0000", "8613800000000", "138 0000 0000"] {
            assert_eq!(phone_of(text).as_deref(), Some("13800000000"), "{text}");
        }
        for text in ["", "1380000000", "23800000000", "一三八", "13800000000x", "861380000000", "138 0000"]
        {
            assert_eq!(phone_of(text), None, "{text}");
        }
        let hash =
            |key: &[u8]| person_of(key, "13800000000").map(|digest| digest.to_string()).unwrap_or_default();
        assert_ne!(hash(b"one campaign"), hash(b"another"));
    }
}
