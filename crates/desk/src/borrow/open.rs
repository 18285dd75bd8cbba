//! Opening a journey: product, wish and borrower become the first three records, in one transaction, and a link for her.

use jiff::civil::Date;
use mingbai_core::actor::StaffRole;
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::event::{Channel, Sealed};
use mingbai_core::borrow::{Journey, JourneyId};
use mingbai_core::text::both;
use mingbai_cost::Fen;
use mingbai_evidence::Digest;
use mingbai_evidence::seal::Salt;

use super::JourneyView;
use super::write::{Along, Batch};
use crate::caller::{Caller, forbidden, link_path};
use crate::desk::{CALLBACK_LINK_DAYS, DAY_MS, Desk, LINK_DAYS};
use crate::error::DeskError;
use crate::ports::{Appended, Link, LinkPurpose, Task, Written};
use crate::product::Ask;
use crate::token;

/// Longest name and telephone number, in characters.
const PERSON_LIMIT: usize = 100;
/// Longest application number, in bytes; it is part of an idempotency key.
const EXTERNAL_REF_LIMIT: usize = 100;
/// Tries of the six digits.
pub(crate) const CODE_TRIES: u32 = 5;
/// How long somebody of her family may look, in days.
const FAMILY_LINK_DAYS: i64 = 7;

/// What a core system or a consultant sends to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRequest {
    /// Product.
    pub product_id: String,
    /// Its version; `None` = the one on offer.
    pub product_version: Option<String>,
    /// Principal.
    pub principal_fen: Fen,
    /// Periods.
    pub periods: u32,
    /// Day of the payout.
    pub payout_on: Date,
    /// Which of the product's methods; `None` = the usual one.
    pub method: Option<usize>,
    /// How the borrower came.
    pub channel: Channel,
    /// Her name; goes to the vault.
    pub borrower_name: String,
    /// Her own telephone number; goes to the vault.
    pub borrower_phone: String,
    /// Application number in the core system, unique there: opening it again answers with the same journey.
    pub external_ref: String,
    /// Branch whose consultants may see it; a consultant's own branch when she opens it.
    pub branch: Option<String>,
}

/// A link that was made for a borrower.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedLink {
    /// The address, for a message or a QR code that the borrower scans with her own phone. `None` when a person of the lender
    /// asked and it can go to the borrower's own phone by itself: a link that leads to a signature is never seen by staff.
    pub url: Option<String>,
    /// The token in it; only its hash is stored.
    pub token: String,
    /// The six digits, to be sent to the borrower's own phone apart from the link. `None` when the caller is a person of the
    /// lender: then they go through the outbox, because whoever has both could act for the borrower.
    pub code: Option<String>,
    /// Ends, unix ms.
    pub expires_at_ms: i64,
}

impl std::fmt::Debug for IssuedLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuedLink").field("expires_at_ms", &self.expires_at_ms).finish_non_exhaustive()
    }
}

/// A journey that was opened.
#[derive(Clone, Debug)]
pub struct OpenedJourney {
    /// The journey.
    pub view: JourneyView,
    /// Whether it was opened now, or had been before under the same application number.
    pub written: Written,
    /// The link for the borrower.
    pub link: IssuedLink,
    /// The acknowledgement with its proofs.
    pub receipt: Appended,
}

impl Desk {
    /// Opens a journey with its terms, cost table and the citation of the product's released review.
    ///
    /// # Errors
    /// [`DeskError::Refused`] when the product version is not released; [`DeskError::Product`] outside the product's bounds;
    /// [`DeskError::Invalid`] for a field that cannot be; [`DeskError::Forbidden`] unless core system or consultant.
    pub async fn open_journey(
        &self,
        caller: &Caller,
        request: OpenRequest,
    ) -> Result<OpenedJourney, DeskError> {
        let Some(login) =
            caller.login().filter(|_| caller.is_core() || caller.role() == Some(StaffRole::Consultant))
        else {
            return Err(forbidden());
        };
        check(&request)?;
        let product = self.product(&request.product_id, request.product_version.as_deref())?.clone();
        let ask = Ask {
            principal_fen: request.principal_fen,
            periods: request.periods,
            payout_on: request.payout_on,
            method: request.method,
        };
        let terms = product.terms_for(ask)?;
        let now_ms = self.now_ms();
        let id = JourneyId::new(self.new_id(now_ms));
        let borrower = self.seal(id, "borrower.name", request.borrower_name.trim()).await?;
        let phone = self.seal(id, "borrower.phone", request.borrower_phone.trim()).await?;

        let actor = caller.actor();
        let mut batch = Batch::on(Journey::unopened(id), self.pack().clone(), now_ms);
        let open = Command::Open {
            product_id: product.id().to_owned(),
            product_version: product.version().to_owned(),
            channel: request.channel,
            borrower,
            phone,
            external_ref: request.external_ref.clone(),
            afford_limit_ppm: product.file().afford_limit_ppm,
        };
        batch.decide(self, &actor, open)?;
        let wanted = Digest::new(*terms.digest().as_bytes());
        self.offer(&mut batch, &actor, &product, terms).await?;

        let key = format!("open/{login}/{}", request.external_ref);
        let branch = caller.branch().map(str::to_owned).or(request.branch);
        let along = Along { branch, idempotency: Some(key), ..Along::default() };
        let acted = self.commit(batch, along).await?;
        let receipt = acted.receipt.ok_or_else(|| DeskError::Fault("an opening wrote nothing".to_owned()))?;
        let view = match receipt.written {
            Written::Now => acted.view,
            Written::Before => {
                // The first attempt's vault entry is not needed: nothing names it.
                self.ports.vault.forget(id.uuid()).await?;
                self.opened_before(&receipt, wanted).await?
            }
        };
        let link = self.issue_link(caller, view.journey.id(), LinkPurpose::Ceremony).await?;
        Ok(OpenedJourney { view, written: receipt.written, link, receipt })
    }

    /// The journey that an earlier request with the same application number opened, if it asked for the same.
    async fn opened_before(&self, receipt: &Appended, wanted: Digest) -> Result<JourneyView, DeskError> {
        let id = receipt.stream.as_str().strip_prefix("borrow/").and_then(JourneyId::parse);
        let loaded = self.load(id.ok_or_else(DeskError::no_journey)?).await?;
        let first = loaded.journey.earlier_offers().first().or(loaded.journey.offer());
        if first.is_none_or(|offer| Digest::new(*offer.digest().as_bytes()) != wanted) {
            let words = both(
                "这个申请编号已经用于另一笔业务;请换一个编号,或核对金额、期数和日期。",
                "This application number was used for other terms; use another number, or check amount, periods and day.",
            );
            return Err(DeskError::invalid("external_ref", words));
        }
        Ok(JourneyView { journey: loaded.journey, pack: loaded.pack })
    }

    /// Makes a new link for the borrower; earlier ones of the same purpose die.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for the borrower, auditors and admins; [`DeskError::NotFound`].
    pub async fn new_link(
        &self,
        caller: &Caller,
        id: JourneyId,
        purpose: LinkPurpose,
    ) -> Result<IssuedLink, DeskError> {
        let consultant = caller.role() == Some(StaffRole::Consultant);
        if !(caller.is_core() || caller.is_system() || consultant) {
            return Err(forbidden());
        }
        self.load_for(caller, id).await?;
        self.issue_link(caller, id, purpose).await
    }

    pub(crate) async fn issue_link(
        &self,
        caller: &Caller,
        id: JourneyId,
        purpose: LinkPurpose,
    ) -> Result<IssuedLink, DeskError> {
        let now_ms = self.now_ms();
        if caller.role().is_some() && self.settings.webhook.is_some() {
            let task = Task::SendLink { journey: id, purpose };
            self.ports.outbox.put(self.queued(now_ms, now_ms, task)).await?;
            let expires_at_ms = now_ms + LINK_DAYS * DAY_MS;
            return Ok(IssuedLink { url: None, token: String::new(), code: None, expires_at_ms });
        }
        let days = match purpose {
            LinkPurpose::Ceremony => LINK_DAYS,
            LinkPurpose::Callback => CALLBACK_LINK_DAYS,
            LinkPurpose::Family => FAMILY_LINK_DAYS,
            LinkPurpose::Signing => return Err(forbidden()),
        };
        let secret = token::text(self.random());
        let hash = token::hash("link", &secret)
            .ok_or_else(|| DeskError::Fault("a link's token has another form".to_owned()))?;
        // The digits for her family go to her own phone, so that her pages alone do not let anybody in.
        let sent =
            caller.role().is_some() || (purpose == LinkPurpose::Family && self.settings.webhook.is_some());
        let code = (!sent).then(|| token::six_digits(self.random()));
        let link = Link {
            token: hash,
            journey: id,
            purpose,
            code: code.as_ref().map(|code| token::hash_code(&hash, code)),
            tries_left: CODE_TRIES,
            created_at_ms: now_ms,
            expires_at_ms: now_ms + days * DAY_MS,
        };
        let expires_at_ms = link.expires_at_ms;
        self.ports.accounts.add_link(link).await?;
        if code.is_none() {
            let task = Task::SendCode { journey: id, link: hash };
            self.ports.outbox.put(self.queued(now_ms, now_ms, task)).await?;
        }
        let url = format!("{}{}", self.settings.base_url, link_path(purpose, &secret));
        Ok(IssuedLink { url: Some(url), token: secret, code, expires_at_ms })
    }

    /// Puts a personal value into the vault and returns what the evidence may say about it.
    pub(crate) async fn seal(&self, id: JourneyId, label: &str, value: &str) -> Result<Sealed, DeskError> {
        let salt = Salt::new(self.random());
        let commitment = self.ports.vault.seal(id.uuid(), label, value.as_bytes(), salt).await?;
        Ok(Sealed { label: label.to_owned(), sealed: commitment })
    }
}

fn check(request: &OpenRequest) -> Result<(), DeskError> {
    let person = |text: &str| {
        let count = text.trim().chars().count();
        (1..=PERSON_LIMIT).contains(&count) && !text.chars().any(char::is_control)
    };
    if !person(&request.borrower_name) {
        let words = both(
            format!("请填写借款人姓名(1 到 {PERSON_LIMIT} 个字)。"),
            format!("Give the borrower's name, 1 to {PERSON_LIMIT} characters."),
        );
        return Err(DeskError::invalid("borrower_name", words));
    }
    let digits = request.borrower_phone.chars().filter(char::is_ascii_digit).count();
    let marks = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ');
    if !person(&request.borrower_phone)
        || !(5..=20).contains(&digits)
        || !request.borrower_phone.chars().all(marks)
    {
        let words = both(
            "请填写借款人本人的电话号码,只用数字、空格、+ 和 -。",
            "Give the borrower's own telephone number: digits, spaces, + and -.",
        );
        return Err(DeskError::invalid("borrower_phone", words));
    }
    let ascii = request.external_ref.bytes().all(|b| b.is_ascii_graphic());
    if !(1..=EXTERNAL_REF_LIMIT).contains(&request.external_ref.len()) || !ascii {
        let words = both(
            format!("申请编号应为 1 到 {EXTERNAL_REF_LIMIT} 个可见的英文字符。"),
            format!("The application number has 1 to {EXTERNAL_REF_LIMIT} visible ASCII characters."),
        );
        return Err(DeskError::invalid("external_ref", words));
    }
    if request.branch.as_ref().is_some_and(|branch| !(1..=60).contains(&branch.chars().count())) {
        let words = both("网点名称应为 1 到 60 个字。", "A branch has 1 to 60 characters.");
        return Err(DeskError::invalid("branch", words));
    }
    Ok(())
}
