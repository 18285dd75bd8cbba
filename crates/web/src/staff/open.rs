//! Opening a journey: a consultant chooses a product, types what the borrower wants, and gets the link for her.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use mingbai_desk::borrow::OpenRequest;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::borrow::event::Channel;
use mingbai_desk::core::borrow::numerals::parse_amount;
use mingbai_desk::core::text::Tell as _;
use mingbai_desk::cost::{Fen, words};
use mingbai_desk::ports::{LinkPurpose, Written};
use mingbai_desk::{Product, ReviewStanding};
use serde::Deserialize;

use super::back::{self, Back};
use super::link::{Fresh, link_page};
use super::nav::{Nav, Place};
use super::say;
use crate::door::{Fail, Kind, Staff, StaffMove};
use crate::form::FormState;
use crate::page::{Frame, show, show_as};
use crate::when;

/// Which product.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    product: String,
}

struct Offered {
    address: String,
    name: String,
    summary: String,
    version: String,
    released: bool,
}

#[derive(Template)]
#[template(path = "staff/open.html")]
struct ChoosePage {
    f: Frame,
    n: Nav,
    products: Vec<Offered>,
}

/// One choice of a list.
pub(super) struct Choice {
    pub(super) key: String,
    pub(super) label: String,
}

#[derive(Template)]
#[template(path = "staff/open_form.html")]
struct OpenPage {
    f: Frame,
    n: Nav,
    form: FormState,
    product: String,
    name: String,
    bounds: String,
    periods: Vec<Choice>,
    methods: Vec<Choice>,
    channels: Vec<Choice>,
    earliest: String,
}

/// `GET /staff/open`: the products on offer, or the form of the one that was chosen.
pub(super) async fn choose(staff: Staff, Query(wanted): Query<Wanted>) -> Result<Response, Fail> {
    if !staff.is(StaffRole::Consultant) {
        return Err(Fail::of(Kind::Forbidden));
    }
    let desk = &staff.visit.site.desk;
    if wanted.product.is_empty() {
        let f = staff.frame("staff-open-title");
        let mut products = Vec::new();
        for product in desk.products() {
            let standing = desk.review_standing(product.id(), product.version()).await?;
            products.push(Offered {
                address: format!("/staff/open?product={}", product.id()),
                name: f.w(&product.file().name),
                summary: f.w(&product.file().summary),
                version: f.ab("staff-product-version", product.id(), product.version()),
                released: matches!(standing, ReviewStanding::Released(_)),
            });
        }
        return show(&ChoosePage { n: Nav::new(&staff, &f, Place::Open), products, f });
    }
    let product = desk.product(&wanted.product, None)?;
    show(&page(&staff, product, FormState::empty()))
}

fn page(staff: &Staff, product: &Product, form: FormState) -> OpenPage {
    let f = staff.frame("staff-open-title");
    let file = product.file();
    let label = |(at, method)| Choice { key: format!("{at}"), label: f.w(words::method(method)) };
    let channels = [(Channel::Branch, "branch"), (Channel::Online, "online")];
    OpenPage {
        n: Nav::new(staff, &f, Place::Open),
        product: product.id().to_owned(),
        name: f.w(&file.name),
        bounds: f.ab("staff-open-bounds", f.yuan(&file.amount.min_fen), f.yuan(&file.amount.max_fen)),
        periods: periods(&f, product),
        methods: file.plan.methods.iter().enumerate().map(label).collect(),
        channels: channels
            .map(|(channel, key)| Choice { key: key.to_owned(), label: say::channel(&f, channel) })
            .into(),
        earliest: when::today(staff.visit.site.desk.now_ms()).to_string(),
        form,
        f,
    }
}

/// Numbers of periods that a product offers.
pub(super) fn periods(f: &Frame, product: &Product) -> Vec<Choice> {
    let choice = |n: &u32| Choice { key: n.to_string(), label: f.t1("staff-open-periods-of", "count", n) };
    product.file().term.periods.iter().map(choice).collect()
}

/// What the form says, with every field marked that cannot be read.
fn read(wish: &StaffMove, form: &mut FormState) -> OpenRequest {
    let (fields, visit) = (&wish.fields, &wish.staff.visit);
    let principal_fen = parse_amount(fields.get("principal")).unwrap_or_else(|error| {
        form.mark("principal", error.tell(visit.look.lang));
        Fen::ZERO
    });
    let periods = fields.get("periods").parse().unwrap_or_else(|_| {
        form.mark("periods", visit.say("choose-one"));
        0
    });
    let payout_on: Date = fields.get("payout_on").trim().parse().unwrap_or_else(|_| {
        form.mark("payout_on", visit.say("staff-open-day-wrong"));
        Date::MIN
    });
    let method = match fields.get("method") {
        "" => None,
        text => text.parse().ok().or_else(|| {
            form.mark("method", visit.say("choose-one"));
            None
        }),
    };
    let channel = match fields.get("channel") {
        "branch" => Channel::Branch,
        "online" => Channel::Online,
        _ => {
            form.mark("channel", visit.say("choose-one"));
            Channel::Branch
        }
    };
    OpenRequest {
        product_id: fields.get("product").to_owned(),
        product_version: None,
        principal_fen,
        periods,
        payout_on,
        method,
        channel,
        borrower_name: fields.get("borrower_name").to_owned(),
        borrower_phone: fields.get("borrower_phone").to_owned(),
        external_ref: fields.get("external_ref").trim().to_owned(),
        branch: None,
    }
}

/// `POST /staff/open`. The answer is the link itself: it is shown once and stored nowhere.
pub(super) async fn open(wish: StaffMove) -> Result<Response, Fail> {
    let staff = &wish.staff;
    if !staff.is(StaffRole::Consultant) {
        return Err(Fail::of(Kind::Forbidden));
    }
    let desk = &staff.visit.site.desk;
    let product = desk.product(wish.fields.get("product"), None)?;
    let mut form = FormState::typed(wish.fields.clone());
    let request = read(&wish, &mut form);
    if !form.is_good() {
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page(staff, product, form));
    }
    match desk.open_journey(&staff.caller, request).await {
        Ok(opened) => {
            let fresh = Fresh {
                link: opened.link,
                purpose: LinkPurpose::Ceremony,
                journey: opened.view.journey.id(),
                lead: match opened.written {
                    Written::Now => "staff-link-opened",
                    Written::Before => "staff-link-opened-before",
                },
            };
            link_page(staff, Place::Open, &fresh)
        }
        Err(error) => {
            let f = staff.frame("staff-open-title");
            let Back { status, form } = back::form(&f, &wish.fields, "product", error)?;
            show_as(status, &page(staff, product, form))
        }
    }
}
