//! Signing on her own device: the contract, the wish, the digits, and the five small answers that the page's script asks for.

use askama::Template;
use axum::extract::RawPathParams;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mingbai_desk::borrow::signing::{Browser, OwnDevice, short_digest};
use mingbai_desk::core::borrow::command::Command;
use mingbai_desk::core::borrow::event::AttachmentRef;
use mingbai_desk::core::borrow::ink::Ink;
use mingbai_desk::core::borrow::signing::{SigningDevice, Trouble};
use mingbai_desk::core::text::both;
use mingbai_desk::evidence::Digest;
use serde_json::json;

use super::papers::file;
use super::{Steps, papers};
use crate::door::{Borrower, Fail, House, Kind, Move, keep_browser};
use crate::form::FormState;
use crate::page::{Frame, answered, see_other, show, show_as};

/// What she signs for, as the page repeats it.
struct Figures {
    principal: String,
    total: String,
    words: String,
}

#[derive(Template)]
#[template(path = "borrow/signing.html")]
struct SigningPage {
    f: Frame,
    step: Steps,
    form: FormState,
    figures: Figures,
    contract: String,
    document: String,
    short: String,
    opened: bool,
    branch_device: bool,
    open: Option<OpenWish>,
    elsewhere: bool,
    base: String,
    decline: String,
}

/// Her open wish to sign.
struct OpenWish {
    challenge: String,
    approved: bool,
    /// Whose device, as she declared it.
    device: &'static str,
}

/// How a form says whose device it is.
fn key_of(device: SigningDevice) -> &'static str {
    match device {
        SigningDevice::Own => "own",
        SigningDevice::BranchByChoice => "branch_by_choice",
    }
}

/// `GET sign`: in ink when a consultant attested that; else on this device.
pub(super) async fn sign(borrower: Borrower, headers: HeaderMap) -> Result<Response, Fail> {
    let view = borrower.view().await?;
    if view.journey.signature_attested().is_some() && view.journey.own_signature().is_none() {
        return papers::sign(borrower).await;
    }
    if super::next_page(&view, borrower.own_device()) != "sign" {
        return Ok(see_other(&format!("/b/{}", borrower.id)));
    }
    let page = page(&borrower, FormState::empty()).await?;
    let mut response = show(&page)?;
    if let Some(cookie) = keep_browser(&borrower.visit, &headers) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn page(borrower: &Borrower, form: FormState) -> Result<SigningPage, Fail> {
    let view = borrower.view().await?;
    let journey = &view.journey;
    let visit = &borrower.visit;
    let desk = &visit.site.desk;
    let table = journey.table().ok_or_else(|| Fail::of(Kind::NotFound))?;
    // Once she has opened or asked to sign one, it stays that one, whatever language the page is in now.
    let document = match (journey.signing(), journey.contract_shown()) {
        (Some(open), _) => open.document,
        (None, Some(shown)) => shown.sha256,
        (None, None) => {
            desk.contract(&borrower.caller, borrower.id, visit.look.lang, visit.look.size)
                .await?
                .document
                .sha256
        }
    };
    let open = journey.signing().filter(|open| desk.now_ms() < open.expires_at_ms);
    let here = |browser: Browser| open.is_some_and(|open| browser.is_of(borrower.id, &open.browser));
    let mine = visit.browser.is_some_and(here);
    let f = borrower.frame("signing-title");
    Ok(SigningPage {
        step: Steps::Paper,
        form,
        figures: Figures {
            principal: f.yuan(&table.principal_fen),
            total: f.yuan(&table.total_repayable_fen),
            words: table.principal_fen.upper_zh(),
        },
        contract: borrower.at(&format!("contract/{document}")),
        document: document.to_string(),
        short: short_digest(&document),
        opened: journey.contract_shown().is_some_and(|shown| shown.sha256 == document),
        branch_device: visit.house == House::Branch,
        elsewhere: open.is_some() && !mine,
        open: open.filter(|_| mine).map(|open| OpenWish {
            challenge: open.challenge.to_string(),
            approved: open.approved.is_some(),
            device: key_of(open.device),
        }),
        base: format!("/b/{}", borrower.id),
        decline: borrower.at("decline"),
        f,
    })
}

/// `GET contract/{digest}`: exactly the bytes that she signs. That she opened them is on record.
pub(super) async fn contract(borrower: Borrower, params: RawPathParams) -> Result<Response, Fail> {
    let wanted =
        params.iter().find(|(name, _)| *name == "digest").map(|(_, value)| value).unwrap_or_default();
    let digest: Digest = wanted.parse().map_err(|_| Fail::of(Kind::NotFound))?;
    let bytes = borrower.visit.site.desk.open_contract(&borrower.caller, borrower.id, digest).await?;
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let document = AttachmentRef { sha256: digest, media: "application/pdf".to_owned(), bytes: length };
    Ok(file(&document, "mingbai-contract.pdf", bytes))
}

/// `GET contract/signed`: the contract with her signature, and the lender's seal as soon as it is there.
pub(super) async fn signed_contract(borrower: Borrower) -> Result<Response, Fail> {
    let (document, bytes) = borrower.visit.site.desk.signed_contract(&borrower.caller, borrower.id).await?;
    Ok(file(&document, "mingbai-contract-signed.pdf", bytes))
}

/// `POST sign/begin`: I want to sign here.
pub(super) async fn begin(wish: Move) -> Result<Response, Fail> {
    let borrower = wish.page();
    let said = wish.fields.get("device");
    let device = [SigningDevice::Own, SigningDevice::BranchByChoice].into_iter().find(|d| key_of(*d) == said);
    let branch = wish.visit.house == House::Branch;
    let mut form = FormState::typed(wish.fields.clone());
    let device = match device {
        // The house knows its own devices: there she cannot say that it is hers.
        Some(SigningDevice::Own) if branch => {
            form.mark("device", wish.visit.say("signing-device-not-own"));
            None
        }
        Some(device) => Some(device),
        None => {
            form.mark("device", wish.visit.say("choose-one"));
            None
        }
    };
    let document = papers::document_of(&wish)?;
    let (Some(device), Some(browser)) = (device, wish.visit.browser) else {
        if wish.visit.browser.is_none() {
            form.mark("device", wish.visit.say("signing-no-cookie"));
        }
        return show_as(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &page(&borrower, form).await?);
    };
    wish.visit.site.desk.begin_signing(&wish.caller, wish.id, document, device, browser).await?;
    Ok(see_other(&super::at(wish.id, "sign")))
}

/// What every answer to the script needs.
fn wish_of(wish: &Move) -> Result<(Digest, Browser), Fail> {
    let challenge = wish.fields.get("challenge").parse().map_err(|_| Fail::of(Kind::Unreadable))?;
    // Somebody else has no such browser: she is let through to the desk, which refuses and puts it on record.
    let stranger = wish.caller.journey().is_none().then(Browser::stranger);
    let browser = wish.visit.browser.or(stranger).ok_or_else(|| {
        Fail::of(Kind::Refused).because(both(
            "浏览器没有保存签署用的标记(Cookie),不能在这里签。",
            "The browser keeps no cookie for the signing; it is not possible here.",
        ))
    })?;
    Ok((challenge, browser))
}

fn bytes_of(wish: &Move, name: &str) -> Result<Vec<u8>, Fail> {
    STANDARD.decode(wish.fields.get(name)).map_err(|_| Fail::of(Kind::Unreadable))
}

/// `POST sign/digits`.
pub(super) async fn digits(wish: Move) -> Response {
    let outcome = async {
        wish.visit.try_secret()?;
        let challenge = wish_of(&wish)?;
        let desk = &wish.visit.site.desk;
        match desk.give_digits(&wish.caller, wish.id, challenge, wish.fields.get("code")).await {
            Ok(_) => Ok(json!({})),
            // Wrong digits are no reason to open the link anew.
            Err(mingbai_desk::DeskError::Unauthenticated(words)) => {
                Err(Fail::of(Kind::Invalid).because(words))
            }
            Err(error) => Err(error.into()),
        }
    };
    let outcome = outcome.await;
    answered(&wish.visit, outcome)
}

/// `POST sign/key`.
pub(super) async fn key(wish: Move) -> Response {
    let outcome = async {
        let challenge = wish_of(&wish)?;
        let request = bytes_of(&wish, "request")?;
        let ink = match wish.fields.get("ink") {
            "" => None,
            text => Some(serde_json::from_str::<Ink>(text).map_err(|_| Fail::of(Kind::Unreadable))?),
        };
        let desk = &wish.visit.site.desk;
        let given = desk.prepare_signature(&wish.caller, wish.id, challenge, request, ink).await?;
        Ok(json!({
            "file": STANDARD.encode(&given.file),
            "certificate": STANDARD.encode(&given.certificate),
            "attributes": STANDARD.encode(&given.attributes),
            "gap": [given.gap.0, given.gap.1],
        }))
    };
    let outcome = outcome.await;
    answered(&wish.visit, outcome)
}

/// `POST sign/signature`.
pub(super) async fn signature(wish: Move) -> Response {
    let outcome = async {
        let challenge = wish_of(&wish)?;
        let signature = bytes_of(&wish, "signature")?;
        wish.visit.site.desk.finish_signature(&wish.caller, wish.id, challenge, signature).await?;
        Ok(json!({}))
    };
    let outcome = outcome.await;
    answered(&wish.visit, outcome)
}

/// `POST sign/dropped`.
pub(super) async fn dropped(wish: Move) -> Response {
    let outcome = async {
        let certificate = wish.fields.get("certificate").parse().map_err(|_| Fail::of(Kind::Unreadable))?;
        wish.act(Command::DropKey { certificate }).await?;
        Ok(json!({}))
    };
    let outcome = outcome.await;
    answered(&wish.visit, outcome)
}

/// `POST sign/trouble`: the script found that the file is not the one that was shown.
pub(super) async fn trouble(wish: Move) -> Response {
    let outcome = async {
        let (challenge, _) = wish_of(&wish)?;
        if wish.fields.get("trouble") != "document_differs" {
            return Err(Fail::of(Kind::Unreadable));
        }
        let trouble = Trouble::DocumentDiffers;
        wish.visit.site.desk.signing_trouble(&wish.caller, wish.id, challenge, trouble).await?;
        Ok(json!({}))
    };
    let outcome = outcome.await;
    answered(&wish.visit, outcome)
}

impl Borrower {
    /// Whether this house lets her sign on her own device.
    pub(super) fn own_device(&self) -> OwnDevice {
        self.visit.site.desk.own_device()
    }
}
