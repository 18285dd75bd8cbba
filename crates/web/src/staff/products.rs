//! Products and their review: one person submits the exact file, another releases it with an opinion. The desk sees to it
//! that they are two.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::numerals::parse_amount;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::cost::{CostTable, Fen, quote};
use mingbai_desk::{Ask, DeskError, OPINION_MIN, Product, ReviewStanding};
use serde::Deserialize;

use super::back::{self, Back};
use super::money::{self, Cost};
use super::nav::{Nav, Place};
use super::open::{Choice, periods};
use super::say;
use crate::door::{Fail, Staff, StaffMove};
use crate::form::{Fields, FormState};
use crate::page::{Frame, see_other, show_as};
use crate::when;

/// What the sample shows when nobody asks for another amount.
const SAMPLE: Fen = Fen::new(5_000_000);

/// How far a review is, in words.
struct Standing {
    state: &'static str,
    mark: String,
    by: String,
}

fn standing(f: &Frame, standing: &ReviewStanding) -> Standing {
    let (state, key, by) = match standing {
        ReviewStanding::NotSubmitted => ("bad", "staff-review-none", String::new()),
        ReviewStanding::Submitted { by, at_ms } => {
            ("todo", "staff-review-submitted", f.ab("staff-stamp", when::exact(*at_ms), by))
        }
        ReviewStanding::Released(release) => (
            "done",
            "staff-review-released",
            f.ab("staff-stamp", when::exact(release.at_ms), &release.reviewer),
        ),
    };
    Standing { state, mark: f.t(key), by }
}

struct Row {
    standing: Standing,
    address: String,
    name: String,
    version: String,
    current: bool,
    summary: String,
    digest: String,
}

#[derive(Template)]
#[template(path = "staff/products.html")]
struct ListPage {
    f: Frame,
    n: Nav,
    rows: Vec<Row>,
}

/// `GET /staff/products`.
pub(super) async fn list(staff: Staff) -> Result<Response, Fail> {
    let f = staff.frame("staff-products-title");
    let desk = &staff.visit.site.desk;
    let mut rows = Vec::new();
    for product in desk.product_versions() {
        let (id, version) = (product.id(), product.version());
        let on_offer = desk.product(id, None)?;
        rows.push(Row {
            standing: standing(&f, &desk.review_standing(id, version).await?),
            address: format!("/staff/products/{id}/{version}"),
            name: f.w(&product.file().name),
            version: f.ab("staff-product-version", id, version),
            current: on_offer.version() == version,
            summary: f.w(&product.file().summary),
            digest: say::short(product.digest()),
        });
    }
    show_as(StatusCode::OK, &ListPage { n: Nav::new(&staff, &f, Place::Products), rows, f })
}

/// A wish for the sample.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    principal: String,
    #[serde(default)]
    periods: String,
}

#[derive(Template)]
#[template(path = "staff/product.html")]
struct ProductPage {
    f: Frame,
    n: Nav,
    form: FormState,
    sample: FormState,
    here: String,
    name: String,
    version: String,
    summary: String,
    standing: Standing,
    opinion: Option<String>,
    digest: String,
    text: String,
    least: usize,
    may_submit: bool,
    may_release: bool,
    own: bool,
    periods: Vec<Choice>,
    said: String,
    cost: Option<Cost>,
    complaints: Vec<Complained>,
}

/// What complaints about one version of the product came from.
struct Complained {
    version: String,
    cause: String,
    found: u32,
    open: u32,
    address: String,
}

/// `GET /staff/products/{id}/{version}`.
pub(super) async fn one(
    staff: Staff,
    Path((id, version)): Path<(String, String)>,
    Query(wish): Query<Wish>,
) -> Result<Response, Fail> {
    page(&staff, (&id, &version), &wish, FormState::empty(), StatusCode::OK).await
}

async fn page(
    staff: &Staff,
    (id, version): (&str, &str),
    wish: &Wish,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Fail> {
    let desk = &staff.visit.site.desk;
    let product = desk.product(id, Some(version))?;
    let found = desk.review_standing(id, version).await?;
    let f = staff.titled(f_name(staff, product)).with_forms(&staff.csrf);
    let (sample, table) = sample(staff, product, wish);
    let by_me = |found: &ReviewStanding| match found {
        ReviewStanding::Submitted { by, .. } => staff.caller.login() == Some(by),
        _ => false,
    };
    let waits = matches!(found, ReviewStanding::Submitted { .. });
    let submitters = [StaffRole::Admin, StaffRole::Consultant, StaffRole::Compliance];
    let page = ProductPage {
        n: Nav::new(staff, &f, Place::Products),
        form,
        here: format!("/staff/products/{id}/{version}"),
        name: f.w(&product.file().name),
        version: f.ab("staff-product-version", id, version),
        summary: f.w(&product.file().summary),
        standing: standing(&f, &found),
        opinion: match &found {
            ReviewStanding::Released(release) => Some(release.opinion.clone()),
            _ => None,
        },
        digest: product.digest().to_string(),
        text: product.text().to_owned(),
        least: OPINION_MIN,
        may_submit: found == ReviewStanding::NotSubmitted
            && submitters.into_iter().any(|role| staff.is(role)),
        may_release: waits && staff.is(StaffRole::Compliance) && !by_me(&found),
        own: waits && by_me(&found),
        periods: periods(&f, product),
        said: table.as_ref().map_or_else(String::new, |table| {
            f.ab("staff-sample-of", f.yuan(&table.principal_fen), table.instalments.len())
        }),
        cost: table.as_ref().map(|table| money::cost(&f, table, desk.pack())),
        complaints: complained(staff, &f, id).await?,
        sample,
        f,
    };
    show_as(status, &page)
}

/// What was behind complaints about any version of a product: whoever reviews the next version has to see it.
async fn complained(staff: &Staff, f: &Frame, id: &str) -> Result<Vec<Complained>, Fail> {
    if !(staff.is(StaffRole::Compliance) || staff.is(StaffRole::Auditor)) {
        return Ok(Vec::new());
    }
    let desk = &staff.visit.site.desk;
    let mut all = Vec::new();
    for product in desk.product_versions().filter(|product| product.id() == id) {
        for causes in desk.complaint_causes(&staff.caller, id, product.version()).await? {
            let name = desk.causes().cause(&causes.cause);
            all.push(Complained {
                version: f.ab("staff-product-version", id, product.version()),
                cause: name.map_or_else(|| causes.cause.clone(), |line| f.w(&line.name)),
                found: causes.found,
                open: causes.open,
                address: format!("/staff/complaints?product={id}&cause={}", causes.cause),
            });
        }
    }
    Ok(all)
}

fn f_name(staff: &Staff, product: &Product) -> String {
    product.file().name.get(staff.visit.look.lang).to_owned()
}

/// The table of a wish, or the wish with what is wrong about it.
fn sample(staff: &Staff, product: &Product, wish: &Wish) -> (FormState, Option<CostTable>) {
    let lang = staff.visit.look.lang;
    let file = product.file();
    let usual = SAMPLE.clamp(file.amount.min_fen, file.amount.max_fen);
    let list = &file.term.periods;
    let long = list.iter().find(|n| **n >= 12).or(list.last()).copied().unwrap_or(1);
    let typed = |principal: String, periods: String| {
        Fields::of(vec![("principal".to_owned(), principal), ("periods".to_owned(), periods)])
            .unwrap_or_default()
    };
    let (principal, periods) = match wish.principal.is_empty() {
        true => (usual.yuan_plain(), long.to_string()),
        false => (wish.principal.clone(), wish.periods.clone()),
    };
    let mut form = FormState::typed(typed(principal.clone(), periods.clone()));
    let principal_fen = match parse_amount(&principal) {
        Ok(amount) => amount,
        Err(error) => {
            form.mark("principal", error.tell(lang));
            return (form, None);
        }
    };
    let payout_on = when::today(staff.visit.site.desk.now_ms());
    let ask = Ask { principal_fen, periods: periods.parse().unwrap_or(0), payout_on, method: None };
    let table = product.terms_for(ask).map_err(DeskError::from).and_then(|terms| Ok(quote(&terms)?));
    match table {
        Ok(table) => (form, Some(table)),
        Err(error) => {
            let field = match &error {
                DeskError::Product(mingbai_desk::ProductError::Periods { .. }) => "periods",
                _ => "principal",
            };
            form.mark(field, error.tell(lang));
            (form, None)
        }
    }
}

/// `POST submit`.
pub(super) async fn submit(
    Path((id, version)): Path<(String, String)>,
    wish: StaffMove,
) -> Result<Response, Fail> {
    let staff = &wish.staff;
    staff.visit.site.desk.submit_product(&staff.caller, &id, &version).await?;
    Ok(see_other(&format!("/staff/products/{id}/{version}")))
}

/// `POST release`: with an opinion, by somebody else.
pub(super) async fn release(
    Path((id, version)): Path<(String, String)>,
    wish: StaffMove,
) -> Result<Response, Fail> {
    let staff = &wish.staff;
    let opinion = wish.fields.get("opinion");
    match staff.visit.site.desk.release_product(&staff.caller, &id, &version, opinion).await {
        Ok(_) => Ok(see_other(&format!("/staff/products/{id}/{version}"))),
        Err(error) => {
            let f = staff.frame("staff-products-title");
            let Back { status, form } = back::form(&f, &wish.fields, "opinion", error)?;
            page(staff, (&id, &version), &Wish::default(), form, status).await
        }
    }
}
