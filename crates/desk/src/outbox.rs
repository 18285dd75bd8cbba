//! Work that waits, done one step at a time: messages with signature and back-off, the call-back when it is due, links and
//! digits made in the moment in which they are sent.

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::command::Command;
use mingbai_evidence::Digest;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::borrow::write::Loaded;
use crate::caller::Caller;
use crate::desk::{CALLBACK_LINK_DAYS, DAY_MS, Desk, MINUTE_MS, WebhookTarget};
use crate::error::{DeskError, ErrorKind};
use crate::ports::{Lane, LinkPurpose, OutboxItem, SentKind, Task, WebhookPost};
use crate::token;

/// How long a piece of work is hidden from other workers while one does it.
const LEASE_MS: i64 = 2 * MINUTE_MS;
/// The same for work that takes minutes: a worker that dies leaves it to the next one after this time.
const SLOW_LEASE_MS: i64 = 20 * MINUTE_MS;
/// Tries before a message is given up: with the waits below, a little more than two days.
pub const TRIES: u32 = 14;
/// Longest wait between two tries.
const WAIT_LIMIT_MS: i64 = 6 * 60 * MINUTE_MS;
/// First wait.
const WAIT_FIRST_MS: i64 = 10_000;

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Done.
    pub done: u32,
    /// To be tried again.
    pub waiting: u32,
    /// Given up.
    pub given_up: u32,
}

/// How one piece of work ended.
enum Ending {
    Done,
    Again(String),
    Never(String),
}

impl Desk {
    /// Does what is due in both lines, at most `limit` pieces of each. Safe to call from several places at once.
    ///
    /// # Errors
    /// As [`Desk::run_lane_once`].
    pub async fn run_outbox_once(&self, now_ms: i64, limit: u32) -> Result<Round, DeskError> {
        let quick = self.run_lane_once(Lane::Quick, now_ms, limit).await?;
        let slow = self.run_lane_once(Lane::Slow, now_ms, limit).await?;
        Ok(Round {
            done: quick.done + slow.done,
            waiting: quick.waiting + slow.waiting,
            given_up: quick.given_up + slow.given_up,
        })
    }

    /// Does what is due in one line, at most `limit` pieces. A server calls it by two timers, so that nothing waits behind an inspection.
    ///
    /// # Errors
    /// [`DeskError::Store`] when the queue itself fails; a piece that fails is only put back.
    pub async fn run_lane_once(&self, lane: Lane, now_ms: i64, limit: u32) -> Result<Round, DeskError> {
        if lane == Lane::Quick {
            self.keep_up(now_ms).await?;
        }
        let lease_ms = match lane {
            Lane::Quick => LEASE_MS,
            Lane::Slow => SLOW_LEASE_MS,
        };
        let mut round = Round::default();
        for item in self.ports.outbox.take_due(lane, now_ms, lease_ms, limit).await? {
            let id = item.id;
            let attempts = item.attempts + 1;
            match Box::pin(self.run(item, now_ms)).await {
                Ending::Done => {
                    self.ports.outbox.done(id, now_ms).await?;
                    round.done += 1;
                }
                Ending::Again(why) if attempts < TRIES => {
                    self.ports.outbox.retry_at(id, now_ms + wait_ms(attempts), &clip(&why)).await?;
                    round.waiting += 1;
                }
                Ending::Again(why) | Ending::Never(why) => {
                    tracing::warn!(%id, %why, "work from the outbox was given up");
                    self.ports.outbox.give_up(id, now_ms, &clip(&why)).await?;
                    round.given_up += 1;
                }
            }
        }
        Ok(round)
    }

    /// What is due with every round and stands in no line: the newest checkpoint, and the wish for a time stamp.
    async fn keep_up(&self, now_ms: i64) -> Result<(), DeskError> {
        match self.publish_checkpoint(now_ms).await {
            // Said once, in the moment it was found; the rest of the work goes on.
            Ok(()) | Err(DeskError::Stopped(_)) => {}
            Err(error) => tracing::error!(%error, "no checkpoint was published"),
        }
        self.queue_time_stamp(now_ms).await
    }

    async fn run(&self, item: OutboxItem, now_ms: i64) -> Ending {
        match item.task {
            Task::Webhook { payload, .. } => self.send(item.id, payload, now_ms).await,
            Task::OpenCallback { journey } => self.due_callback(journey, now_ms).await,
            Task::SendLink { journey, purpose } => self.send_link(item.id, journey, purpose, now_ms).await,
            Task::SendCode { journey, link } => self.send_code(item.id, journey, link, now_ms).await,
            Task::TimeStamp => match self.take_time_stamp(now_ms).await {
                Ok(()) => Ending::Done,
                Err(why) => Ending::Again(why),
            },
            Task::SendSigningDigits { journey, challenge } => {
                Box::pin(self.send_signing_digits(item.id, journey, challenge, now_ms)).await
            }
            Task::SealContract { journey } => match Box::pin(self.seal_contract(journey)).await {
                Ok(()) => Ending::Done,
                Err(error) => Ending::Again(error.to_string()),
            },
            Task::RenewSignatures { journey } => {
                let attempts = item.attempts + 1;
                match Box::pin(self.renew_by_outbox(journey, now_ms)).await {
                    Ok(()) => Ending::Done,
                    Err(error) if attempts < TRIES => Ending::Again(error.to_string()),
                    Err(error) => match self.look_again_tomorrow(journey, now_ms).await {
                        Ok(()) => Ending::Never(format!("{error}; it is tried again tomorrow")),
                        Err(_) => Ending::Never(error.to_string()),
                    },
                }
            }
            Task::InspectRecording { journey, recording } => {
                match Box::pin(self.inspect_recording(journey, &recording)).await {
                    Ok(()) => Ending::Done,
                    Err(error) => Ending::Again(error.to_string()),
                }
            }
            Task::ComplaintMessage { complaint, news } => {
                let payload = match Box::pin(self.complaint_message(item.id, (complaint, news), now_ms)).await
                {
                    Ok(Some(payload)) => payload,
                    Ok(None) => return Ending::Never("there is no way to reach the complainant".to_owned()),
                    Err(error) => return Ending::Again(error.to_string()),
                };
                let ending = self.send(item.id, payload, now_ms).await;
                match (&ending, Box::pin(self.complaint_told(complaint, news))) {
                    (Ending::Done, told) => {
                        told.await.map_or_else(|e| Ending::Again(e.to_string()), |()| ending)
                    }
                    _ => ending,
                }
            }
            Task::EraseScamReport { report } => match Box::pin(self.report_is_over(report)).await {
                Ok(()) => Ending::Done,
                Err(error) => Ending::Again(error.to_string()),
            },
            Task::Erase { journey } => match self.carry_out_erasure(journey).await {
                Ok(()) => Ending::Done,
                Err(error) => Ending::Again(error.to_string()),
            },
        }
    }

    async fn send(&self, id: Uuid, payload: String, now_ms: i64) -> Ending {
        let Some(target) = &self.settings.webhook else {
            return Ending::Never("nobody listens: no webhook address is set".to_owned());
        };
        let post = signed(target, id, payload.into_bytes(), now_ms);
        match self.ports.webhooks.post(post).await {
            Ok(status) if (200..300).contains(&status) => Ending::Done,
            Ok(410) => Ending::Never("the listener answered 410 Gone".to_owned()),
            Ok(status) => Ending::Again(format!("the listener answered {status}")),
            Err(error) => Ending::Again(error.to_string()),
        }
    }

    /// The timer's part: open the call-back, unless the core system did already, and let its link be sent.
    async fn due_callback(&self, id: JourneyId, now_ms: i64) -> Ending {
        let expires_at_ms = now_ms + CALLBACK_LINK_DAYS * DAY_MS;
        let open = match self.load(id).await {
            Ok(Loaded { journey, .. }) => journey.callback().cloned(),
            Err(error) => return Ending::Again(error.to_string()),
        };
        if open.is_some() {
            return Ending::Done;
        }
        match self.act(&Caller::system(), id, Command::OpenCallback { expires_at_ms }).await {
            Ok(_) => {}
            // The loan was repaid before the call-back was due: nothing to ask any more.
            Err(error) if matches!(error.kind(), ErrorKind::Refused(_)) => {
                return Ending::Never(error.to_string());
            }
            Err(error) => return Ending::Again(error.to_string()),
        }
        let task = Task::SendLink { journey: id, purpose: LinkPurpose::Callback };
        match self.ports.outbox.put(self.queued(now_ms, now_ms, task)).await {
            Ok(()) => Ending::Done,
            Err(error) => Ending::Again(error.to_string()),
        }
    }

    async fn send_link(&self, id: Uuid, journey: JourneyId, purpose: LinkPurpose, now_ms: i64) -> Ending {
        if self.settings.webhook.is_none() {
            return Ending::Never("nobody listens: no webhook address is set".to_owned());
        }
        let made = match self.issue_link(&Caller::system(), journey, purpose).await {
            Ok(made) => made,
            Err(error) => return Ending::Again(error.to_string()),
        };
        let (zh, en) = link_text(purpose, made.url.as_deref().unwrap_or_default(), made.code.as_deref());
        let data = json!({
            "purpose": purpose, "url": made.url, "code": made.code, "expires_at_ms": made.expires_at_ms,
            "zh": zh, "en": en,
        });
        self.send_about((id, SentKind::Link), journey, "link.ready", data, now_ms).await
    }

    async fn send_code(&self, id: Uuid, journey: JourneyId, link: Digest, now_ms: i64) -> Ending {
        if self.settings.webhook.is_none() {
            return Ending::Never("nobody listens: no webhook address is set".to_owned());
        }
        let code = token::six_digits(self.random());
        let hash = token::hash_code(&link, &code);
        match self.ports.accounts.set_link_code(link, hash, crate::borrow::CODE_TRIES).await {
            Ok(true) => {}
            Ok(false) => return Ending::Never("the link no longer exists".to_owned()),
            Err(error) => return Ending::Again(error.to_string()),
        }
        // Her own digits she tells nobody, those for her family she passes on: the message must say which they are.
        let purpose = match self.ports.accounts.link(link).await {
            Ok(found) => found.map(|link| link.purpose),
            Err(error) => return Ending::Again(error.to_string()),
        };
        let (zh, en) = digits_text(purpose, &code);
        let data = json!({"code": code, "purpose": purpose, "zh": zh, "en": en});
        self.send_about((id, SentKind::Digits), journey, "code.ready", data, now_ms).await
    }

    /// The digits for one wish to sign, with what they sign, so that she sees on her own telephone what somebody makes her agree to.
    async fn send_signing_digits(
        &self,
        id: Uuid,
        journey: JourneyId,
        challenge: Digest,
        now_ms: i64,
    ) -> Ending {
        let loaded = match self.load(journey).await {
            Ok(loaded) => loaded,
            Err(error) => return Ending::Again(error.to_string()),
        };
        let open = loaded.journey.signing().filter(|open| open.challenge == challenge);
        let (Some(open), Some(table)) = (open, loaded.journey.table()) else {
            return Ending::Never("the wish to sign is over".to_owned());
        };
        let code = token::six_digits(self.random());
        let hash = token::hash_code(&challenge, &code);
        match self.ports.accounts.set_link_code(challenge, hash, crate::borrow::CODE_TRIES).await {
            Ok(true) => {}
            Ok(false) => return Ending::Never("the wish to sign is over".to_owned()),
            Err(error) => return Ending::Again(error.to_string()),
        }
        let amount = table.principal_fen.yuan_grouped();
        let document = crate::borrow::signing::short_digest(&open.document);
        let data = json!({
            "code": code,
            "document": document,
            "amount_fen": table.principal_fen,
            "zh": format!("您正在签署 {amount} 元的借款合同(文件指纹 {document})。签署码 {code},20 分钟内有效。任何人都不会向您要这个码;不是您本人在签,请勿告诉任何人。"),
            "en": format!("You are signing a loan contract of CNY {amount} (document {document}). Code {code}, valid 20 minutes. Nobody will ever ask you for it; if it is not you who is signing, give it to nobody."),
        });
        self.send_about((id, SentKind::Signing), journey, "signing.code", data, now_ms).await
    }

    /// A message for the borrower goes to the core system with her telephone number: the one moment in which a personal value
    /// leaves the house, on the way that the lender already has.
    async fn send_about(
        &self,
        (id, kind): (Uuid, SentKind),
        journey: JourneyId,
        event: &str,
        mut data: Value,
        now_ms: i64,
    ) -> Ending {
        let loaded = match self.load(journey).await {
            Ok(loaded) => loaded,
            Err(error) => return Ending::Again(error.to_string()),
        };
        let phone = loaded.journey.opening().map(|opening| opening.phone.sealed);
        if let Some(commitment) = phone {
            match self.ports.vault.open(journey.uuid(), &commitment).await {
                Ok(Some(opened)) => {
                    data["to"] = Value::String(String::from_utf8_lossy(&opened.value).into_owned());
                }
                Ok(None) => return Ending::Never("the borrower was forgotten".to_owned()),
                Err(error) => return Ending::Again(error.to_string()),
            }
        }
        if let Err(error) = self.certify(id, kind, &mut data, now_ms).await {
            return Ending::Again(error.to_string());
        }
        let payload = self.payload(&loaded.journey, event, &data, now_ms);
        self.send(id, payload, now_ms).await
    }
}

/// What a message with a link says, in both languages.
fn link_text(purpose: LinkPurpose, url: &str, code: Option<&str>) -> (String, String) {
    let (zh, en) = match purpose {
        LinkPurpose::Callback => ("回访页面,请本人打开", "The call-back page, for you alone"),
        LinkPurpose::Family => {
            ("您让家人看的页面,可转给家人", "The page for somebody of your family, to pass on")
        }
        LinkPurpose::Ceremony | LinkPurpose::Signing => {
            ("您的借款说明和办理页面,请本人打开", "The page that explains your loan, for you alone")
        }
    };
    let (with_zh, with_en) = match code {
        Some(code) => (format!(",打开时输入 {code}"), format!(", type {code} to open it")),
        None => (String::new(), String::new()),
    };
    (
        format!("{zh}:{url} {with_zh}。我们不会让您为办理贷款先转账。"),
        format!("{en}: {url} {with_en}. We never ask you to transfer money before a loan."),
    )
}

/// What a message with digits says, in both languages.
fn digits_text(purpose: Option<LinkPurpose>, code: &str) -> (String, String) {
    match purpose {
        Some(LinkPurpose::Family) => (
            format!("家人打开页面用的数字是 {code},可以告诉您要让看的那位家人。"),
            format!(
                "The digits for your family's page are {code}; pass them on to the person who shall see it."
            ),
        ),
        _ => (
            format!("打开您自己页面用的数字是 {code}。任何人都不会向您要它,请勿告诉任何人。"),
            format!(
                "The digits that open your own page are {code}. Nobody will ever ask you for them; give them to nobody."
            ),
        ),
    }
}

/// A message with its signature: `Mingbai-Signature: t=<unix seconds>,v1=<hex HMAC-SHA-256 over "t.body">`.
fn signed(target: &WebhookTarget, id: Uuid, body: Vec<u8>, now_ms: i64) -> WebhookPost {
    let seconds = now_ms.div_euclid(1000).to_string();
    let mac = token::hmac_hex(&target.secret, &[seconds.as_bytes(), b".", &body]);
    let headers = vec![
        ("Content-Type".to_owned(), "application/json".to_owned()),
        ("Mingbai-Delivery".to_owned(), id.to_string()),
        ("Mingbai-Signature".to_owned(), format!("t={seconds},v1={mac}")),
    ];
    WebhookPost { url: target.url.clone(), headers, body }
}

/// 10 s, 30 s, 90 s … up to six hours.
fn wait_ms(attempts: u32) -> i64 {
    let factor = 3_i64.saturating_pow(attempts.saturating_sub(1).min(16));
    WAIT_FIRST_MS.saturating_mul(factor).min(WAIT_LIMIT_MS)
}

fn clip(why: &str) -> String {
    why.chars().take(300).collect()
}

/// Checks the signature of a message the way a listener does: right key, not older than `tolerance_s` seconds.
#[must_use]
pub fn signature_holds(secret: &[u8], header: &str, body: &[u8], now_ms: i64, tolerance_s: i64) -> bool {
    let mut time = None;
    let mut mac = None;
    for part in header.split(',') {
        match part.split_once('=') {
            Some(("t", value)) => time = value.parse::<i64>().ok(),
            Some(("v1", value)) => mac = Some(value),
            _ => {}
        }
    }
    let (Some(time), Some(mac)) = (time, mac) else { return false };
    let made = token::hmac_hex(secret, &[time.to_string().as_bytes(), b".", body]);
    // Compared by hash, so that the time it takes says nothing about where they differ.
    let same = Digest::of(made.as_bytes()) == Digest::of(mac.as_bytes());
    let age = now_ms.div_euclid(1000).saturating_sub(time);
    same && age.saturating_abs() <= tolerance_s
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stop_growing() {
        assert_eq!((wait_ms(1), wait_ms(2), wait_ms(3)), (10_000, 30_000, 90_000));
        assert_eq!(wait_ms(TRIES), WAIT_LIMIT_MS);
    }

    #[test]
    fn a_listener_can_check_the_signature() {
        let target = WebhookTarget { url: "http://x".to_owned(), secret: b"0123456789abcdef".to_vec() };
        let post = signed(&target, Uuid::nil(), b"{}".to_vec(), 5_000);
        let header =
            post.headers.iter().find(|(name, _)| name == "Mingbai-Signature").map(|(_, v)| v.as_str());
        let header = header.unwrap_or_default();
        assert!(signature_holds(&target.secret, header, b"{}", 6_000, 300));
        assert!(!signature_holds(&target.secret, header, b"{ }", 6_000, 300));
        assert!(!signature_holds(b"another secret..", header, b"{}", 6_000, 300));
        assert!(!signature_holds(&target.secret, header, b"{}", 900_000, 300));
        assert!(!signature_holds(&target.secret, "", b"{}", 6_000, 300));
    }
}
