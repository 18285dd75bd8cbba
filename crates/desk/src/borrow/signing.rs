//! Signing on the borrower's own device: the contract as bytes, digits for exactly these bytes, a certificate for the key in her
//! browser, her signature put in its place, and the lender's seal behind it. Her private key never comes here.

mod alerts;
pub(crate) mod archive;
mod seal;

pub use archive::{Renewal, Which};
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::event::{AttachmentRef, Event, TypeSize};
use mingbai_core::borrow::ink::Ink;
use mingbai_core::borrow::signing::{SignatureTime, SigningDevice, SigningFactor, SigningState, Trouble};
use mingbai_core::borrow::{Journey, JourneyId};
use mingbai_core::text::both;
use mingbai_cost::{Fen, Lang};
use mingbai_evidence::Digest;

use super::paper::IssuedPaper;
use super::write::{Acted, Loaded};
use super::{CODE_TRIES, holder};
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{
    Link, LinkPurpose, LinkTry, PaperKind, SignatureError, SignatureWish, Signatures, Task, Traces,
    WaitingFile,
};
use crate::token;

/// Troubles that are recorded for one journey; more would only fill its stream.
const TROUBLE_LIMIT: usize = 60;

/// A browser as the cookie that only it has says it: random, never written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Browser(Digest);

impl Browser {
    /// From the cookie's text; `None` for a text that cannot be one of ours.
    #[must_use]
    pub fn from_cookie(text: &str) -> Option<Self> {
        token::hash("browser", text).map(Browser)
    }

    /// The browser of somebody who is no borrower; it is nobody's.
    #[must_use]
    pub fn stranger() -> Self {
        Browser(Digest::of(b"mingbai/browser/stranger"))
    }

    /// A new cookie.
    #[must_use]
    pub fn new_cookie(desk: &Desk) -> String {
        token::text(desk.random())
    }

    /// Whether it is the browser that the evidence of a journey names so.
    #[must_use]
    pub fn is_of(self, id: JourneyId, named: &Digest) -> bool {
        self.within(id) == *named
    }

    /// What the evidence of one journey says: equal within it, unlike in every other.
    fn within(self, id: JourneyId) -> Digest {
        Digest::of_parts(&[b"mingbai/browser-in-journey/v1\n", self.0.as_bytes(), id.uuid().as_bytes()])
    }
}

/// What the browser needs to sign by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToSign {
    /// The file that waits; its beginning is the contract, byte for byte.
    pub file: Vec<u8>,
    /// Her certificate in DER.
    pub certificate: Vec<u8>,
    /// The gap: first byte and the one after its last.
    pub gap: (usize, usize),
    /// What the key is to sign; the browser makes it itself and compares.
    pub attributes: Vec<u8>,
}

/// Whether she can sign on her own device in this house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnDevice {
    /// She can.
    Possible,
    /// Nobody could send her the digits, or there is no authority: she signs in ink.
    NotHere,
}

impl Desk {
    /// Whether borrowers can sign on their own devices: there is an authority, traces are kept, and digits can be sent.
    #[must_use]
    pub fn own_device(&self) -> OwnDevice {
        match (self.signatures(), &self.traces, &self.settings.webhook) {
            (Some(_), Some(_), Some(_)) => OwnDevice::Possible,
            _ => OwnDevice::NotHere,
        }
    }

    fn pens(&self) -> Result<(&dyn Signatures, &dyn Traces), DeskError> {
        match (self.signatures(), &self.traces, self.own_device()) {
            (Some(pen), Some(traces), OwnDevice::Possible) => Ok((pen.as_ref(), traces.as_ref())),
            _ => Err(DeskError::Busy(both(
                "这里现在不能用手机签署。请到网点当面签,或拨打页面上的电话。",
                "Signing on your own device is not possible here now. Sign in person at the branch, or call the number on the page.",
            ))),
        }
    }

    /// The contract of the present terms in her language and size; made when it was not yet.
    ///
    /// # Errors
    /// As [`Desk::issue_paper`].
    pub async fn contract(
        &self,
        caller: &Caller,
        id: JourneyId,
        lang: Lang,
        size: TypeSize,
    ) -> Result<IssuedPaper, DeskError> {
        self.issue_paper(caller, id, PaperKind::Contract, lang, size).await
    }

    /// Borrower: opens the contract. From now on it is the one that she can sign.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for a document that is no paper of this journey; as [`Desk::act`].
    pub async fn open_contract(
        &self,
        caller: &Caller,
        id: JourneyId,
        document: Digest,
    ) -> Result<Vec<u8>, DeskError> {
        let (document, bytes) = self.paper_bytes(caller, id, document).await?;
        let view = self.journey(caller, id).await?;
        // Once she has asked to sign, or has signed, looking again changes nothing.
        let settled = view.journey.signing().is_some() || view.journey.own_signature().is_some();
        if caller.journey() == Some(id) && !settled && self.is_contract(id, document.sha256).await? {
            self.act(caller, id, Command::ShowContract { document }).await?;
        }
        Ok(bytes)
    }

    async fn is_contract(&self, id: JourneyId, document: Digest) -> Result<bool, DeskError> {
        let papers = self.ports.log.read(&super::paper::stream_of(id)).await?;
        let mut issued = papers.iter().filter_map(|logged| super::paper::body(&logged.record));
        Ok(issued.any(|paper| paper.document.sha256 == document && paper.paper == PaperKind::Contract))
    }

    /// Borrower: asks to sign this document on this device. Six digits go to her own telephone with the figures.
    ///
    /// # Errors
    /// [`DeskError::Busy`] where it is not possible; as [`Desk::act`].
    pub async fn begin_signing(
        &self,
        caller: &Caller,
        id: JourneyId,
        document: Digest,
        device: SigningDevice,
        browser: Browser,
    ) -> Result<Acted, DeskError> {
        self.pens()?;
        let nonce = Digest::new(self.random());
        let browser = browser.within(id);
        let acted = self.act(caller, id, Command::BeginSigning { document, nonce, device, browser }).await?;
        let begun = acted.events.iter().find_map(|event| match event {
            Event::SigningBegun { challenge, expires_at_ms, .. } => Some((*challenge, *expires_at_ms)),
            _ => None,
        });
        let (challenge, expires_at_ms) =
            begun.ok_or_else(|| DeskError::Fault("a wish to sign was not written".to_owned()))?;
        let now_ms = self.now_ms();
        let link = Link {
            token: challenge,
            journey: id,
            purpose: LinkPurpose::Signing,
            code: None,
            tries_left: CODE_TRIES,
            created_at_ms: now_ms,
            expires_at_ms,
        };
        self.ports.accounts.add_link(link).await?;
        let task = Task::SendSigningDigits { journey: id, challenge };
        self.ports.outbox.put(self.queued(now_ms, now_ms, task)).await?;
        Ok(acted)
    }

    /// Borrower: gives the six digits of her wish to sign. They work once and for nothing else.
    ///
    /// # Errors
    /// [`DeskError::Unauthenticated`] for wrong digits, each of which is on record; as [`Desk::act`].
    pub async fn give_digits(
        &self,
        caller: &Caller,
        id: JourneyId,
        (challenge, browser): (Digest, Browser),
        code: &str,
    ) -> Result<Acted, DeskError> {
        let factor = SigningFactor::PhoneDigits;
        let approve = Command::ApproveSigning { challenge, browser: browser.within(id), factor };
        if caller.journey() != Some(id) {
            // Somebody else: the rules refuse it and put it on record, before any digit is looked at.
            return self.act(caller, id, approve).await;
        }
        let loaded = self.load_for(caller, id).await?;
        self.check_wish(caller, &loaded.journey, challenge, browser).await?;
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).take(12).collect();
        let hash = token::hash_code(&challenge, &digits);
        match self.ports.accounts.try_link(challenge, hash, self.now_ms()).await? {
            LinkTry::Opened(_) => self.act(caller, id, approve).await,
            LinkTry::Wrong { tries_left: 0 } => {
                self.note_trouble(caller, id, challenge, Trouble::DigitsSpent).await?;
                Err(DeskError::Unauthenticated(both(
                    "验证码错了太多次,这次签署已结束。您可以重新开始。",
                    "Too many wrong digits: this signing is over. You can begin again.",
                )))
            }
            LinkTry::Wrong { tries_left } => {
                self.note_trouble(caller, id, challenge, Trouble::WrongDigits).await?;
                Err(DeskError::Unauthenticated(both(
                    format!("验证码不对,还可以试 {tries_left} 次。"),
                    format!("The digits are wrong; {tries_left} tries left."),
                )))
            }
            LinkTry::Dead => {
                self.note_trouble(caller, id, challenge, Trouble::ReplayedDigits).await?;
                Err(DeskError::Unauthenticated(both(
                    "这组数字已经用过或已失效。请重新开始签署。",
                    "These digits were used before or are no longer valid. Begin the signing again.",
                )))
            }
        }
    }

    /// Borrower: the request of her browser's new key, and what she wrote. Gives what the browser needs to sign by itself.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] for a request or handwriting that cannot be used; as [`Desk::act`].
    pub async fn prepare_signature(
        &self,
        caller: &Caller,
        id: JourneyId,
        (challenge, browser): (Digest, Browser),
        request: Vec<u8>,
        ink: Option<Ink>,
    ) -> Result<ToSign, DeskError> {
        let (pen, _) = self.pens()?;
        let loaded = self.load_for(caller, id).await?;
        let open = self.check_wish(caller, &loaded.journey, challenge, browser).await?;
        if open.approved.is_none() || open.prepared.is_some() {
            return Err(DeskError::invalid(
                "challenge",
                both(
                    "现在不是交钥匙的时候:先输入数字,一次签署只用一把钥匙。",
                    "This is not the moment for a key: digits first, and one key for one signing.",
                ),
            ));
        }
        if let Some(ink) = &ink {
            self.check_copy(caller, id, challenge, ink).await?;
        }
        let pdf = self.ports.attachments.get(holder(id), open.document).await?.ok_or_else(gone)?;
        let signer = self.opened_name(&loaded.journey).await?.ok_or_else(gone)?;
        let wish = SignatureWish {
            pdf,
            signer,
            case: id.reference().replace(' ', ""),
            label: "借款人签名 Borrower's signature".to_owned(),
            reason: reason(loaded.journey.table().map_or(Fen::ZERO, |table| table.principal_fen)),
            request,
            ink: ink.clone(),
            now_ms: self.now_ms(),
            serial: self.random(),
        };
        let waiting = pen.prepare(wish).await.map_err(signature_error)?;
        let put = |bytes: Vec<u8>, media: &'static str| self.ports.attachments.put(holder(id), bytes, media);
        let file = put(waiting.pdf.clone(), "application/pdf").await?.sha256;
        let certificate = put(waiting.certificate.clone(), "application/pkix-cert").await?;
        let kept = match &ink {
            Some(ink) => {
                let bytes = serde_json::to_vec(ink).map_err(|e| DeskError::Fault(e.to_string()))?;
                Some(put(bytes, "application/json").await?)
            }
            None => None,
        };
        let within = browser.within(id);
        let command = Command::PrepareSignature { challenge, browser: within, file, certificate, ink: kept };
        self.act(caller, id, command).await?;
        self.watch(id, browser, ink.as_ref()).await?;
        let WaitingFile { pdf: file, certificate, gap, attributes, .. } = waiting;
        Ok(ToSign { file, certificate, gap, attributes })
    }

    /// Borrower: the 64 bytes that her key made. They are checked before they are put in.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] when it is not the key's signature over this file; as [`Desk::act`].
    pub async fn finish_signature(
        &self,
        caller: &Caller,
        id: JourneyId,
        (challenge, browser): (Digest, Browser),
        signature: Vec<u8>,
    ) -> Result<Acted, DeskError> {
        let (pen, _) = self.pens()?;
        let loaded = self.load_for(caller, id).await?;
        let open = self.check_wish(caller, &loaded.journey, challenge, browser).await?;
        let prepared = open.prepared.clone().ok_or_else(|| {
            let words = both("文件还没有准备好。", "The file has not been prepared.");
            DeskError::invalid("challenge", words)
        })?;
        let get = |digest| self.ports.attachments.get(holder(id), digest);
        let file = get(prepared.file).await?.ok_or_else(gone)?;
        let certificate = get(prepared.certificate.sha256).await?.ok_or_else(gone)?;
        let waiting = pen.reopen(file, certificate).await.map_err(signature_error)?;
        let stamp = match pen.signature_value(&signature) {
            Ok(value) => self.stamp_value(&Digest::of(&value)).await,
            Err(_) => None,
        };
        let time = if stamp.is_some() { SignatureTime::Stamped } else { SignatureTime::ServerClock };
        let signed = match pen.finish(waiting, signature, stamp).await {
            Ok(signed) => signed,
            Err(SignatureError::Refused(words)) => {
                self.note_trouble(caller, id, challenge, Trouble::SignatureWrong).await?;
                return Err(DeskError::invalid("signature", words));
            }
            Err(error) => return Err(signature_error(error)),
        };
        let document = self.ports.attachments.put(holder(id), signed, "application/pdf").await?;
        let command = Command::SignWithKey { challenge, browser: browser.within(id), document, time };
        self.act(caller, id, command).await
    }

    /// The contract with her signature; with the lender's seal and the archive's time stamps when they are there.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when she has not signed by a key of her own, or was forgotten; as [`Desk::journey`].
    pub async fn signed_contract(
        &self,
        caller: &Caller,
        id: JourneyId,
    ) -> Result<(AttachmentRef, Vec<u8>), DeskError> {
        let loaded = self.load_for(caller, id).await?;
        let own = loaded.journey.own_signature().ok_or_else(gone)?;
        let document = self.newest_contract(id, own).await?;
        let bytes = self.ports.attachments.get(holder(id), document.sha256).await?.ok_or_else(gone)?;
        Ok((document, bytes))
    }

    /// Borrower: her browser found that the file is not the one that she was shown, or the like.
    ///
    /// # Errors
    /// As [`Desk::act`].
    pub async fn signing_trouble(
        &self,
        caller: &Caller,
        id: JourneyId,
        challenge: Digest,
        trouble: Trouble,
    ) -> Result<(), DeskError> {
        self.note_trouble(caller, id, challenge, trouble).await
    }

    /// The open wish that `challenge` names, if it is this browser's. Another browser is put on record.
    async fn check_wish<'j>(
        &self,
        caller: &Caller,
        journey: &'j Journey,
        challenge: Digest,
        browser: Browser,
    ) -> Result<&'j SigningState, DeskError> {
        let open = journey.signing().filter(|open| open.challenge == challenge);
        let Some(open) = open.filter(|open| self.now_ms() < open.expires_at_ms) else {
            return Err(DeskError::NotFound(both(
                "这次签署已经结束或过期。请回到签署页,重新开始。",
                "This signing is over or has expired. Go back to the signing page and begin again.",
            )));
        };
        if open.browser != browser.within(journey.id()) {
            self.note_trouble(caller, journey.id(), challenge, Trouble::OtherBrowser).await?;
            return Err(DeskError::Forbidden(both(
                "签署是在另一台设备或另一个浏览器上开始的,不能在这里继续。如果不是您开始的,请马上联系我们。",
                "The signing was begun on another device or in another browser and cannot go on here. If that was not you, call us now.",
            )));
        }
        Ok(open)
    }

    async fn note_trouble(
        &self,
        caller: &Caller,
        id: JourneyId,
        challenge: Digest,
        trouble: Trouble,
    ) -> Result<(), DeskError> {
        let Loaded { journey, .. } = self.load_for(caller, id).await?;
        if journey.signing_troubles().len() < TROUBLE_LIMIT {
            self.act(caller, id, Command::NoteTrouble { challenge, trouble }).await?;
        }
        Ok(())
    }
}

/// The first 16 digits of a document's SHA-256 in groups of four: short enough to compare on screen, telephone and paper.
#[must_use]
pub fn short_digest(document: &Digest) -> String {
    let text = document.to_string();
    let groups: Vec<&str> = [0, 4, 8, 12].iter().filter_map(|at| text.get(*at..at + 4)).collect();
    groups.join(" ")
}

/// What a signature says it is for, with the figure that she signs.
fn reason(amount_fen: Fen) -> String {
    format!(
        "借款合同,本金 {} 元 Loan contract, principal CNY {}",
        amount_fen.yuan_grouped(),
        amount_fen.yuan_grouped()
    )
}

pub(super) fn gone() -> DeskError {
    DeskError::NotFound(both("这份文件已不在了。", "This document is no longer here."))
}

pub(super) fn signature_error(error: SignatureError) -> DeskError {
    match error {
        SignatureError::Refused(words) => DeskError::invalid("signature", words),
        SignatureError::Fault(words) => DeskError::Fault(format!("{} / {}", words.zh, words.en)),
    }
}
