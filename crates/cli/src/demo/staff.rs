//! A member of staff, with her own login and session.

use std::sync::Arc;

use mingbai_core::actor::{Login, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::command::Command;
use mingbai_core::borrow::event::{DocumentKind, TypeSize};
use mingbai_cost::Lang;
use mingbai_desk::ports::LinkPurpose;
use mingbai_desk::{Caller, Desk, DeskError, NewAccount};
use mingbai_web::{STAFF_COOKIE, csrf_for};

use super::browser::{Browser, Page};
use super::law::broken;
use crate::commands::account::made_password;
use crate::fail::Fail;
use crate::house::told;

/// What a member of staff does in the story.
pub enum Deed<'a> {
    /// Compared the borrower with her identity card.
    Identify,
    /// Saw her sign the printed table.
    Signature,
    /// Recorded the confirmation of the fees.
    Record { number: &'a str },
    /// Handed the paper notice over.
    Notice,
    /// Explained in person what went wrong several times.
    Explain,
}

/// A member of staff.
#[derive(Clone)]
pub struct Staff {
    desk: Arc<Desk>,
    caller: Caller,
    session: String,
    /// Login.
    pub login: String,
    /// Password, shown at the end of the demo.
    pub password: String,
    /// Name.
    pub name: &'static str,
}

impl Staff {
    /// Makes the account, as `mingbai account add` does, and signs in.
    pub async fn hire(
        desk: &Arc<Desk>,
        login: &str,
        name: &'static str,
        role: StaffRole,
        branch: Option<&str>,
    ) -> Result<Self, Fail> {
        let password = made_password();
        let new = NewAccount {
            login: Login::new(login).map_err(|e| broken(e.to_string(), e.to_string()))?,
            role,
            display_name: name.to_owned(),
            branch: branch.map(str::to_owned),
            password: password.clone(),
        };
        desk.add_account(&Caller::system(), new).await.map_err(told)?;
        let inside = desk.sign_in(login, &password).await.map_err(told)?;
        let (desk, login) = (desk.clone(), login.to_owned());
        Ok(Staff { desk, caller: inside.caller, session: inside.token, login, password, name })
    }

    /// Submits a product version for review.
    pub async fn submit(&self, (id, version): (&str, &str)) -> Result<(), Fail> {
        self.desk.submit_product(&self.caller, id, version).await.map_err(told)
    }

    /// Releases it with an opinion.
    pub async fn release(&self, (id, version): (&str, &str), opinion: &str) -> Result<(), DeskError> {
        self.desk.release_product(&self.caller, id, version, opinion).await.map(|_| ())
    }

    /// Does her part of a ceremony. The one place to change when the staff pages are there: until then it calls the very
    /// use cases that those pages will call, with the same caller.
    pub async fn perform(&self, journey: &str, deed: Deed<'_>) -> Result<(), Fail> {
        let (desk, caller, id) = (&self.desk, &self.caller, number(journey)?);
        let done = match deed {
            Deed::Identify => {
                let document = DocumentKind::ResidentIdCard;
                desk.attest_identity(caller, id, document, "11010119500101001X").await.map(|_| ())
            }
            Deed::Signature => desk.attest_signature(caller, id, Lang::Zh, TypeSize::Large).await.map(|_| ()),
            Deed::Record { number } => {
                let recording = Command::AttestRecording { recording_number: number.to_owned(), seconds: 90 };
                desk.act(caller, id, recording).await.map(|_| ())
            }
            Deed::Notice => desk.hand_notice(caller, id, Lang::Zh, TypeSize::Large).await.map(|_| ()),
            Deed::Explain => desk.act(caller, id, Command::ExplainInPerson).await.map(|_| ()),
        };
        done.map_err(told)
    }

    /// Makes a new link, to be shown as a QR code. The digits go to the borrower's own phone, not to the consultant.
    pub async fn link(&self, journey: &str) -> Result<String, Fail> {
        let made =
            self.desk.new_link(&self.caller, number(journey)?, LinkPurpose::Ceremony).await.map_err(told)?;
        match made.code {
            None => Ok(made.url),
            Some(_) => Err(broken(
                "顾问看到了借款人的六位数字",
                "the consultant was shown the borrower's six digits",
            )),
        }
    }

    /// Sends a form to a borrower's page from the consultant's own browser.
    pub async fn act_as_borrower(
        &self,
        url: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<Page, Fail> {
        let browser = Browser::with_cookie(url, Lang::Zh, format!("{STAFF_COOKIE}={}", self.session))?;
        let csrf = csrf_for(&self.session);
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        browser.send(path, &all).await
    }
}

fn number(journey: &str) -> Result<JourneyId, Fail> {
    JourneyId::parse(journey).ok_or_else(|| broken("业务编号读不懂", "a journey's number cannot be read"))
}
