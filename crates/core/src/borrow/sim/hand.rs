//! The simulated hand: signs on her own device, and forges such signatures.

use mingbai_evidence::Digest;

use super::Disagreement;
use super::player::Player;
use crate::actor::Actor;
use crate::borrow::command::Command;
use crate::borrow::event::{AttachmentRef, Event, SignaturePath};
use crate::borrow::signing::{SIGNING_MS, SignatureTime, SigningDevice, SigningFactor, Trouble};

impl Player<'_> {
    /// Signing on her own device, with everything that can go wrong on the way.
    pub(super) fn sign(&mut self) -> Result<(), Disagreement> {
        let me = Actor::Borrower;
        let browser = Digest::of(if self.dice.chance(90) { b"phone" } else { b"other" });
        if self.journey.signing().is_none() || self.dice.chance(10) {
            if self.dice.chance(85) {
                let document = self.document("contract");
                self.attempt(&me, Command::ShowContract { document })?;
            }
            let document = self.document("contract").sha256;
            let nonce = Digest::of(&self.dice.next().to_be_bytes());
            let device = SigningDevice::Own;
            self.attempt(&me, Command::BeginSigning { document, nonce, device, browser })?;
        }
        let Some(challenge) = self.journey.signing().map(|open| open.challenge) else { return Ok(()) };
        if self.dice.chance(10) {
            let troubles = [Trouble::WrongDigits, Trouble::DigitsSpent, Trouble::DocumentDiffers];
            let trouble = troubles[self.dice.below(troubles.len())];
            self.attempt(&me, Command::NoteTrouble { challenge, trouble })?;
        }
        if self.dice.chance(5) {
            self.now_ms += SIGNING_MS;
        }
        let factor = SigningFactor::PhoneDigits;
        self.attempt(&me, Command::ApproveSigning { challenge, browser, factor })?;
        let (file, certificate) = (Digest::of(b"waiting"), self.document("certificate"));
        self.attempt(&me, Command::PrepareSignature { challenge, browser, file, certificate, ink: None })?;
        let (document, time) = (self.document("signed"), SignatureTime::ServerClock);
        let signed = document.sha256;
        self.attempt(&me, Command::SignWithKey { challenge, browser, document, time })?;
        if let Some(certificate) = self.journey.own_signature().map(|own| own.certificate) {
            self.attempt(&me, Command::DropKey { certificate })?;
            let document = self.document("sealed");
            self.attempt(&Actor::System, Command::SealContract { signed, document })?;
        }
        Ok(())
    }

    /// A signature by a key, as somebody would write it who may write records but skipped the steps before.
    pub(super) fn forged_signature(&mut self, document: AttachmentRef) -> Event {
        let open = self.journey.signing();
        let nothing = Digest::of(b"nothing");
        let challenge = open.map_or(nothing, |open| open.challenge);
        let prepared = open.and_then(|open| open.prepared.as_ref());
        let certificate = prepared.map_or(nothing, |prepared| prepared.certificate.sha256);
        let shown = if self.dice.chance(50) { document.sha256 } else { nothing };
        let time = SignatureTime::Stamped;
        Event::Signed(SignaturePath::OwnKey { document, shown, challenge, certificate, time })
    }
}
