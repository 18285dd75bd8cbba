//! A member of staff at her own computer: she signs in with login and password and works on the staff pages.

use mingbai_core::actor::StaffRole;
use mingbai_cost::Lang;

use super::browser::{Browser, Page, good};
use super::law::broken;
use super::page;
use crate::commands::account::made_password;
use crate::fail::Fail;

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

impl Deed<'_> {
    /// The form of the journey's page, and what she fills in.
    fn form(&self) -> (&'static str, Vec<(&'static str, &str)>) {
        match self {
            Deed::Identify => {
                ("identity", vec![("document", "resident_id_card"), ("number", "11010119500101001X")])
            }
            Deed::Signature => ("signature", vec![("edition", EDITION)]),
            Deed::Record { number } => ("recording", vec![("recording_number", number), ("seconds", "90")]),
            Deed::Notice => ("notice", vec![("edition", EDITION)]),
            Deed::Explain => ("explain", Vec::new()),
        }
    }
}

/// The printed edition: Chinese, large type.
const EDITION: &str = "zh-large";

/// Somebody who is to be hired.
pub struct Person {
    /// Login.
    pub login: &'static str,
    /// Name.
    pub name: &'static str,
    /// Role.
    pub role: StaffRole,
    /// Branch; empty for those who belong to none.
    pub branch: &'static str,
}

/// A member of staff.
#[derive(Clone)]
pub struct Staff {
    browser: Browser,
    url: String,
    /// Login.
    pub login: &'static str,
    /// Password, shown at the end of the demo.
    pub password: String,
    /// Name.
    pub name: &'static str,
    /// Role.
    pub role: StaffRole,
}

impl Staff {
    /// Signs in.
    pub async fn sign_in(url: &str, person: &Person, password: String) -> Result<Self, Fail> {
        let browser = Browser::new(url, Lang::Zh)?;
        let Person { login, name, role, .. } = *person;
        let fields = [("login", login), ("password", password.as_str())];
        let page = browser.fill("/staff/sign-in", "/staff/sign-in", &fields).await?;
        if page.name() == "sign-in" {
            return Err(broken("用自己的密码登录不了", "nobody can sign in with the right password"));
        }
        Ok(Staff { browser, url: url.to_owned(), login, password, name, role })
    }

    /// As an administrator: makes an account for somebody, who then signs in.
    pub async fn hire(&self, person: &Person) -> Result<Staff, Fail> {
        let password = made_password();
        let fields = [
            ("login", person.login),
            ("display_name", person.name),
            ("role", person.role.key()),
            ("branch", person.branch),
            ("password", password.as_str()),
        ];
        self.browser.fill("/staff/accounts", "/staff/accounts", &fields).await?;
        Staff::sign_in(&self.url, person, password).await
    }

    /// As an administrator: makes a key for the core system. The page shows it this once.
    pub async fn core_key(&self, core: &str) -> Result<String, Fail> {
        let page = self.browser.fill("/staff/accounts", "/staff/accounts/key", &[("core", core)]).await?;
        page::word(&page.html, "mbk_").ok_or_else(|| broken("页面没有给出密钥", "the page shows no key"))
    }

    /// Submits a product version for review.
    pub async fn submit(&self, (id, version): (&str, &str)) -> Result<(), Fail> {
        let at = format!("/staff/products/{id}/{version}");
        self.browser.fill(&at, &format!("{at}/submit"), &[]).await.map(|_| ())
    }

    /// Tries to release it with an opinion.
    pub async fn try_release(&self, (id, version): (&str, &str), opinion: &str) -> Result<Page, Fail> {
        let at = format!("/staff/products/{id}/{version}");
        let page = self.browser.get(&at).await?;
        good(&page)?;
        self.browser.send_from(&page, &format!("{at}/release"), &[("opinion", opinion)]).await
    }

    /// Does her part of a ceremony.
    pub async fn perform(&self, journey: &str, deed: Deed<'_>) -> Result<(), Fail> {
        let (form, fields) = deed.form();
        let at = format!("/staff/journeys/{journey}");
        self.browser.fill(&at, &format!("{at}/{form}"), &fields).await.map(|_| ())
    }

    /// Has a new link sent to the borrower's own phone; the page that says so.
    pub async fn send_link(&self, journey: &str) -> Result<Page, Fail> {
        let at = format!("/staff/journeys/{journey}");
        self.browser.fill(&at, &format!("{at}/link"), &[("purpose", "ceremony")]).await
    }

    /// Sends a form to a borrower's page from her own browser.
    pub async fn act_as_borrower(&self, path: &str, fields: &[(&str, &str)]) -> Result<Page, Fail> {
        let own = self.browser.get("/staff").await?;
        good(&own)?;
        self.browser.send_from(&own, path, fields).await
    }
}
