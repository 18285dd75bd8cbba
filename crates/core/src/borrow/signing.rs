//! Signing on the borrower's own device. The order cannot be turned: she opens the contract, asks to sign exactly these bytes,
//! gives the digits that went to her own phone for exactly this wish, her browser's new key gets a certificate, and only then is
//! there a signature. Each step names the challenge, which binds document, terms, figures and a number that is used once.
//!
//! What the record says is what the server saw. That the signature itself is hers to make and nobody else's is shown by the signed
//! file, which anyone can check; the private key never left her browser (DESIGN law 7).

mod named;

use std::collections::BTreeSet;

use mingbai_cost::Fen;
use mingbai_evidence::Digest;
pub use named::{SignatureTime, SigningAlert, SigningDevice, SigningFactor, Trouble};

use super::command::Command;
use super::decide::Context;
use super::event::{AttachmentRef, Event, SignaturePath};
use super::fold::Stamped;
use super::journey::Journey;
use super::refusal::Refusal;
use super::state::{Mark, Proofs};
use crate::actor::Actor;
use crate::text::both;

/// Wishes to sign for one set of terms; each sends a message to her telephone, and more than this helps nobody.
const WISHES_LIMIT: usize = 12;
/// How long she may take from asking to sign to the signature: a slow hand and a slow telephone fit in.
pub const SIGNING_MS: i64 = 20 * 60_000;

/// The challenge of a wish to sign: SHA-256 over a line with document, terms, principal and a number used once. The digits on her
/// phone are for it alone, so they can sign nothing else.
#[must_use]
pub fn challenge(document: &Digest, terms: &Digest, amount_fen: Fen, nonce: &Digest) -> Digest {
    let text = format!(
        "mingbai/sign/v1\ndocument {document}\nterms {terms}\namount_fen {}\nnonce {nonce}\n",
        amount_fen.get()
    );
    Digest::of(text.as_bytes())
}

/// A wish to sign as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningState {
    /// When she asked.
    pub begun: Mark,
    /// The document.
    pub document: Digest,
    /// What everything of this wish names.
    pub challenge: Digest,
    /// Whose device.
    pub device: SigningDevice,
    /// The browser, as a digest that says nothing about it outside this journey.
    pub browser: Digest,
    /// Over at, unix ms.
    pub expires_at_ms: i64,
    /// The digits were right.
    pub approved: Option<Mark>,
    /// The file waits for the signature.
    pub prepared: Option<PreparedState>,
}

/// A file that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedState {
    /// The document with an empty signature field.
    pub file: Digest,
    /// Her certificate.
    pub certificate: AttachmentRef,
    /// The raw points of her handwriting, if she wrote.
    pub ink: Option<AttachmentRef>,
    /// Record.
    pub mark: Mark,
}

/// A signature by a key in her browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSignature {
    /// Record.
    pub mark: Mark,
    /// Position of her wish: what must come before the signature must come before this.
    pub(super) begun_seq: u64,
    /// What she was shown.
    pub shown: Digest,
    /// The signed file.
    pub document: AttachmentRef,
    /// Her certificate.
    pub certificate: Digest,
    /// Whose device.
    pub device: SigningDevice,
    /// Her browser said that the key is gone.
    pub key_dropped: Option<Mark>,
    /// The file with the lender's seal.
    pub sealed: Option<AttachmentRef>,
}

/// Everything about signing on the own device, for the current terms.
#[derive(Clone, Debug, Default)]
pub struct Signing {
    pub(super) shown: Option<(Mark, AttachmentRef)>,
    pub(super) open: Option<SigningState>,
    pub(super) signed: Option<OwnSignature>,
    pub(super) used: BTreeSet<Digest>,
    pub(super) troubles: Vec<(Mark, Trouble)>,
    pub(super) alerts: Vec<(Mark, SigningAlert, u32)>,
}

impl Journey {
    /// The contract that she opened, for the current terms.
    #[must_use]
    pub fn contract_shown(&self) -> Option<&AttachmentRef> {
        self.proofs.signing.shown.as_ref().map(|(_, document)| document)
    }

    /// Her open wish to sign.
    #[must_use]
    pub fn signing(&self) -> Option<&SigningState> {
        self.proofs.signing.open.as_ref()
    }

    /// Her signature by a key of her own, for the current terms.
    #[must_use]
    pub fn own_signature(&self) -> Option<&OwnSignature> {
        self.proofs.signing.signed.as_ref()
    }

    /// What went wrong while she signed, oldest first.
    #[must_use]
    pub fn signing_troubles(&self) -> &[(Mark, Trouble)] {
        &self.proofs.signing.troubles
    }

    /// What compliance should look at: kind and how many other borrowers.
    #[must_use]
    pub fn signing_alerts(&self) -> &[(Mark, SigningAlert, u32)] {
        &self.proofs.signing.alerts
    }

    /// The wish that `challenge` names, if it is open, not over, and this browser's.
    fn wish(&self, named: Digest, browser: Digest, now_ms: i64) -> Result<&SigningState, Refusal> {
        let open = self.signing().filter(|open| open.challenge == named);
        let Some(open) = open.filter(|open| now_ms < open.expires_at_ms) else {
            return Err(Refusal::not_now(
                both("这次签署已经结束或过期。", "This signing is over or has expired."),
                both("请回到签署页,重新开始。", "Go back to the signing page and begin again."),
            ));
        };
        if open.browser != browser {
            return Err(Refusal::does_not_fit(both(
                "签署是在另一台设备或另一个浏览器上开始的,不能在这里继续。",
                "The signing was begun on another device or in another browser and cannot go on here.",
            )));
        }
        Ok(open)
    }
}

/// Decides the commands of this file.
pub(super) fn decide(
    journey: &Journey,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let now_ms = context.now_ms;
    match command {
        Command::ShowContract { document } => {
            let again = journey.contract_shown() == Some(&document);
            Ok(if again { Vec::new() } else { vec![Event::ContractShown { document }] })
        }
        Command::BeginSigning { document, nonce, device, browser } => {
            begin(journey, context, (document, nonce), device, browser)
        }
        Command::ApproveSigning { challenge, browser, factor } => {
            let open = journey.wish(challenge, browser, now_ms)?;
            match open.approved {
                None => Ok(vec![Event::SigningApproved { challenge, factor }]),
                Some(_) => Err(Refusal::does_not_fit(both(
                    "验证码已经用过了。",
                    "The digits have been used already.",
                ))),
            }
        }
        Command::PrepareSignature { challenge, browser, file, certificate, ink } => {
            let open = journey.wish(challenge, browser, now_ms)?;
            match (&open.approved, &open.prepared) {
                (Some(_), None) => Ok(vec![Event::SignaturePrepared { challenge, file, certificate, ink }]),
                (None, _) => Err(Refusal::not_now(
                    both("还没有输入手机上的 6 位数字。", "The six digits have not been given yet."),
                    both(
                        "请先输入发到您手机上的数字。",
                        "Give the digits that were sent to your phone first.",
                    ),
                )),
                (_, Some(_)) => Err(Refusal::does_not_fit(both(
                    "这次签署已经有一把钥匙;请重新开始签署。",
                    "This signing has a key already; begin again.",
                ))),
            }
        }
        command => after_the_key(journey, command, now_ms),
    }
}

/// The signature itself, and what follows it.
fn after_the_key(journey: &Journey, command: Command, now_ms: i64) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::SignWithKey { challenge, browser, document, time } => {
            let open = journey.wish(challenge, browser, now_ms)?;
            let Some(prepared) = &open.prepared else {
                return Err(Refusal::not_now(
                    both("文件还没有准备好。", "The file has not been prepared."),
                    both("请回到签署页,重新开始。", "Go back to the signing page and begin again."),
                ));
            };
            let (shown, certificate) = (open.document, prepared.certificate.sha256);
            let path = SignaturePath::OwnKey { document, shown, challenge, certificate, time };
            Ok(vec![Event::Signed(path)])
        }
        Command::DropKey { certificate } => match journey.own_signature() {
            Some(own) if own.certificate == certificate && own.key_dropped.is_none() => {
                Ok(vec![Event::SigningKeyDropped { certificate }])
            }
            Some(own) if own.certificate == certificate => Ok(Vec::new()),
            _ => Err(Refusal::does_not_fit(both("没有这把钥匙。", "There is no such key."))),
        },
        Command::NoteTrouble { challenge, trouble } => Ok(vec![Event::SigningTrouble { challenge, trouble }]),
        Command::SealContract { signed, document } => match journey.own_signature() {
            Some(own) if own.document.sha256 == signed && own.sealed.is_none() => {
                Ok(vec![Event::ContractSealed { signed, document }])
            }
            Some(own) if own.document.sha256 == signed => Ok(Vec::new()),
            _ => Err(Refusal::does_not_fit(both(
                "这不是借款人签署的那份文件。",
                "This is not the file that the borrower signed.",
            ))),
        },
        Command::AlertSigning { alert, others } => Ok(vec![Event::SigningAlerted { alert, others }]),
        _ => Ok(Vec::new()),
    }
}

fn begin(
    journey: &Journey,
    context: &Context<'_>,
    (document, nonce): (Digest, Digest),
    device: SigningDevice,
    browser: Digest,
) -> Result<Vec<Event>, Refusal> {
    let last = journey.ready_to_sign(context.pack).map_err(super::decide::first_this)?;
    if journey.own_signature().is_some_and(|own| own.begun_seq > last) {
        return Err(Refusal::does_not_fit(both(
            "您已经签署过这份合同,不需要再签。",
            "You have signed this contract already; there is nothing more to sign.",
        )));
    }
    if journey.contract_shown().map(|shown| shown.sha256) != Some(document) {
        return Err(Refusal::not_now(
            both("还没有打开过要签的合同。", "The contract to sign has not been opened yet."),
            both("请先打开合同,看过再签。", "Open the contract first and look at it."),
        ));
    }
    if journey.proofs.signing.used.len() >= WISHES_LIMIT {
        return Err(Refusal::not_now(
            both("已经开始过太多次签署。", "Signing was begun too many times."),
            both(
                "请到网点当面签署,或拨打页面上的电话。",
                "Sign in person at the branch, or call the number on the page.",
            ),
        ));
    }
    let (Some(terms), Some(table)) = (journey.terms_digest(), journey.table()) else {
        return Ok(Vec::new());
    };
    let amount_fen = table.principal_fen;
    Ok(vec![Event::SigningBegun {
        document,
        nonce,
        amount_fen,
        challenge: challenge(&document, &terms, amount_fen, &nonce),
        device,
        browser,
        expires_at_ms: context.now_ms.saturating_add(SIGNING_MS),
    }])
}

/// Counts an event of the borrower's about signing. Only what follows from the steps before it is counted.
pub(super) fn count_hers(
    proofs: &mut Proofs,
    terms: Option<Digest>,
    amount_fen: Option<Fen>,
    stamped: &Stamped,
) {
    let signing = &mut proofs.signing;
    let (mark, at_ms) = (&stamped.mark, stamped.mark.at_ms);
    match &stamped.event {
        Event::ContractShown { document } => signing.shown = Some((mark.clone(), document.clone())),
        Event::SigningBegun { .. } => count_wish(signing, terms, amount_fen, stamped),
        Event::SigningApproved { challenge, .. } => {
            if let Some(open) = open_now(signing, challenge, at_ms) {
                open.approved.get_or_insert_with(|| mark.clone());
            }
        }
        Event::SignaturePrepared { challenge, file, certificate, ink } => {
            if let Some(open) = open_now(signing, challenge, at_ms).filter(|open| open.approved.is_some()) {
                open.prepared.get_or_insert_with(|| PreparedState {
                    file: *file,
                    certificate: certificate.clone(),
                    ink: ink.clone(),
                    mark: mark.clone(),
                });
            }
        }
        Event::Signed(SignaturePath::OwnKey { document, shown, challenge, certificate, .. }) => {
            let fits = |open: &SigningState| {
                let key = open.prepared.as_ref().map(|prepared| prepared.certificate.sha256);
                open.document == *shown && key == Some(*certificate)
            };
            if open_now(signing, challenge, at_ms).is_some_and(|open| fits(open))
                && let Some(open) = signing.open.take()
            {
                signing.signed = Some(OwnSignature {
                    mark: mark.clone(),
                    begun_seq: open.begun.seq,
                    shown: *shown,
                    document: document.clone(),
                    certificate: *certificate,
                    device: open.device,
                    key_dropped: None,
                    sealed: None,
                });
            }
        }
        Event::SigningKeyDropped { certificate } => {
            if let Some(own) = signing.signed.as_mut().filter(|own| own.certificate == *certificate) {
                own.key_dropped.get_or_insert_with(|| mark.clone());
            }
        }
        Event::SigningTrouble { challenge, trouble } => {
            if trouble.ends() {
                signing.open.take_if(|open| open.challenge == *challenge);
            }
            signing.troubles.push((mark.clone(), *trouble));
        }
        _ => {}
    }
}

/// A wish counts when it names the contract that she opened and the principal, and its challenge is the hash that it says.
fn count_wish(signing: &mut Signing, terms: Option<Digest>, amount_fen: Option<Fen>, stamped: &Stamped) {
    let mark = &stamped.mark;
    let Event::SigningBegun {
        document,
        nonce,
        amount_fen: amount,
        challenge: named,
        device,
        browser,
        expires_at_ms,
    } = &stamped.event
    else {
        return;
    };
    let shown = signing.shown.as_ref().is_some_and(|(_, shown)| shown.sha256 == *document);
    let bound = terms.is_some_and(|terms| challenge(document, &terms, *amount, nonce) == *named)
        && Some(*amount) == amount_fen;
    if shown && bound && signing.used.insert(*named) {
        signing.open = Some(SigningState {
            begun: mark.clone(),
            document: *document,
            challenge: *named,
            device: *device,
            browser: *browser,
            expires_at_ms: *expires_at_ms,
            approved: None,
            prepared: None,
        });
    }
}

fn open_now<'a>(signing: &'a mut Signing, named: &Digest, at_ms: i64) -> Option<&'a mut SigningState> {
    signing.open.as_mut().filter(|open| open.challenge == *named && at_ms < open.expires_at_ms)
}

/// Counts an event of Mingbai's own about signing.
pub(super) fn count_ours(proofs: &mut Proofs, mark: &Mark, event: &Event) {
    let signing = &mut proofs.signing;
    if mark.actor != Actor::System {
        return;
    }
    match event {
        Event::ContractSealed { signed, document } => {
            if let Some(own) = signing.signed.as_mut().filter(|own| own.document.sha256 == *signed) {
                own.sealed.get_or_insert_with(|| document.clone());
            }
        }
        Event::SigningAlerted { alert, others } => signing.alerts.push((mark.clone(), *alert, *others)),
        _ => {}
    }
}
