//! Accounts of staff and keys of core systems, for the admin. A key is shown once; only its hash is kept.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::actor::{Login, StaffRole};
use mingbai_desk::ports::{Account, Standing};
use mingbai_desk::{DeskError, NewAccount, PASSWORD_MIN};

use super::back::{self, Back};
use super::nav::{Nav, Place};
use super::open::Choice;
use super::say;
use crate::door::{Fail, Staff, StaffMove};
use crate::form::FormState;
use crate::page::{Frame, see_other, show_as};

const ROLES: [StaffRole; 4] =
    [StaffRole::Consultant, StaffRole::Compliance, StaffRole::Auditor, StaffRole::Admin];

struct Row {
    login: String,
    name: String,
    role: String,
    branch: String,
    active: bool,
    /// Nobody closes the account that she is signed in with: the last admin would be locked out.
    own: bool,
}

#[derive(Template)]
#[template(path = "staff/accounts.html")]
struct AccountsPage {
    f: Frame,
    n: Nav,
    form: FormState,
    rows: Vec<Row>,
    roles: Vec<Choice>,
    least: usize,
    key: Option<(String, String)>,
}

async fn page(
    staff: &Staff,
    form: FormState,
    key: Option<(String, String)>,
    status: StatusCode,
) -> Result<Response, Fail> {
    let f = staff.frame("staff-accounts-title");
    let accounts = staff.visit.site.desk.accounts(&staff.caller).await?;
    let role = |role: StaffRole| Choice { key: role.key().to_owned(), label: say::role(&f, role) };
    let page = AccountsPage {
        n: Nav::new(staff, &f, Place::Accounts),
        form,
        rows: accounts.iter().map(|account| row(&f, staff, account)).collect(),
        roles: ROLES.map(role).into(),
        least: PASSWORD_MIN,
        key,
        f,
    };
    show_as(status, &page)
}

fn row(f: &Frame, staff: &Staff, account: &Account) -> Row {
    Row {
        login: account.login.to_string(),
        name: account.display_name.clone(),
        role: say::role(f, account.role),
        branch: account.branch.clone().unwrap_or_else(|| "—".to_owned()),
        active: account.standing == Standing::Active,
        own: staff.caller.login() == Some(&account.login),
    }
}

/// `GET /staff/accounts`.
pub(super) async fn list(staff: Staff) -> Result<Response, Fail> {
    page(&staff, FormState::empty(), None, StatusCode::OK).await
}

/// A login name out of a form, or the mark at its field.
fn login(wish: &StaffMove, field: &str, form: &mut FormState) -> Option<Login> {
    let login = Login::new(wish.fields.get(field).trim()).ok();
    if login.is_none() {
        form.mark(field, wish.staff.visit.say("staff-login-wrong"));
    }
    login
}

/// `POST /staff/accounts`.
pub(super) async fn add(wish: StaffMove) -> Result<Response, Fail> {
    let staff = &wish.staff;
    // Whoever is not an admin is sent away before anything that was typed is looked at.
    staff.visit.site.desk.accounts(&staff.caller).await?;
    let mut form = FormState::typed(wish.fields.clone());
    let name = login(&wish, "login", &mut form);
    let role = StaffRole::from_key(wish.fields.get("role"));
    if role.is_none() {
        form.mark("role", staff.visit.say("choose-one"));
    }
    let (Some(login), Some(role)) = (name, role) else {
        return page(staff, form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let branch = Some(wish.fields.get("branch").trim()).filter(|branch| !branch.is_empty());
    let new = NewAccount {
        login,
        role,
        display_name: wish.fields.get("display_name").to_owned(),
        branch: branch.map(str::to_owned),
        password: wish.fields.get("password").to_owned(),
    };
    let outcome = staff.visit.site.desk.add_account(&staff.caller, new).await;
    end(&wish, outcome, "login").await
}

async fn end(wish: &StaffMove, outcome: Result<(), DeskError>, field: &str) -> Result<Response, Fail> {
    match outcome {
        Ok(()) => Ok(see_other("/staff/accounts")),
        Err(error) => {
            let f = wish.staff.frame("staff-accounts-title");
            let Back { status, form } = back::form(&f, &wish.fields, field, error)?;
            page(&wish.staff, form, None, status).await
        }
    }
}

/// `POST /staff/accounts/close`.
pub(super) async fn close(wish: StaffMove) -> Result<Response, Fail> {
    let staff = &wish.staff;
    let mut form = FormState::empty();
    match login(&wish, "login", &mut form) {
        Some(login) => {
            let outcome = staff.visit.site.desk.close_account(&staff.caller, &login).await;
            end(&wish, outcome, "login").await
        }
        None => page(staff, form, None, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

/// `POST /staff/accounts/out`: ends every session of an account.
pub(super) async fn out(wish: StaffMove) -> Result<Response, Fail> {
    let staff = &wish.staff;
    let mut form = FormState::empty();
    match login(&wish, "login", &mut form) {
        Some(login) => {
            let outcome = staff.visit.site.desk.end_sessions_of(&staff.caller, &login).await;
            end(&wish, outcome, "login").await
        }
        None => page(staff, form, None, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

/// `POST /staff/accounts/reset`: takes the second proofs of somebody else away, who lost her phone.
pub(super) async fn reset(wish: StaffMove) -> Result<Response, Fail> {
    let staff = &wish.staff;
    let mut form = FormState::empty();
    match login(&wish, "login", &mut form) {
        Some(login) => {
            let outcome = staff.visit.site.desk.reset_proofs(&staff.caller, &login).await;
            end(&wish, outcome, "login").await
        }
        None => page(staff, form, None, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

/// `POST /staff/accounts/key`: the key itself is in this answer and nowhere else.
pub(super) async fn key(wish: StaffMove) -> Result<Response, Fail> {
    let staff = &wish.staff;
    let mut form = FormState::typed(wish.fields.clone());
    let Some(core) = login(&wish, "core", &mut form) else {
        return page(staff, form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let secret = staff.visit.site.desk.add_core_key(&staff.caller, &core).await?;
    page(staff, FormState::empty(), Some((core.to_string(), secret)), StatusCode::OK).await
}
