//! Handing a material in, and its final form: files or pasted text.

use askama::Template;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use mingbai_desk::core::actor::StaffRole;
use mingbai_desk::core::govern::review::{EVERYWHERE, MaterialKind};
use mingbai_desk::govern::{FILE_BYTES, HandedIn};

use super::super::back::{self, Back};
use super::super::nav::{Nav, Place};
use super::one::{Returned, page};
use super::{Choice, at, channels, named, received, regions, ticked};
use crate::door::{Fail, Kind, Staff};
use crate::form::{Fields, FormState};
use crate::page::{Frame, see_other, show_as};

#[derive(Template)]
#[template(path = "staff/review_new.html")]
struct NewPage {
    f: Frame,
    n: Nav,
    form: FormState,
    kinds: Vec<Choice>,
    channels: Vec<Choice>,
    products: Vec<(String, String, bool)>,
    everywhere: &'static str,
    limit_mb: usize,
}

fn new_page(staff: &Staff, form: FormState, status: StatusCode) -> Result<Response, Fail> {
    if staff.is(StaffRole::Auditor) {
        return Err(Fail::of(Kind::Forbidden));
    }
    let f = staff.frame("review-new-title");
    let kind = |one: &MaterialKind| Choice {
        key: one.key(),
        label: f.w(one.name()),
        chosen: form.chose("kind", one.key()),
    };
    let products = staff.visit.site.desk.product_versions().map(|product| {
        let key = format!("{}@{}", product.id(), product.version());
        let name = format!("{} · {}", f.w(&product.file().name), product.version());
        let chosen = form.chose("product", &key);
        (key, name, chosen)
    });
    let page = NewPage {
        n: Nav::new(staff, &f, Place::Reviews),
        kinds: MaterialKind::ALL.iter().map(kind).collect(),
        channels: channels(&f, |one| form.chose(&format!("channel-{}", one.key()), "yes")),
        products: products.collect(),
        everywhere: EVERYWHERE,
        limit_mb: FILE_BYTES >> 20,
        form,
        f,
    };
    show_as(status, &page)
}

/// `GET /staff/reviews/new`.
pub(super) async fn form(staff: Staff) -> Result<Response, Fail> {
    new_page(&staff, FormState::empty(), StatusCode::OK)
}

/// `POST /staff/reviews/new`.
pub(super) async fn hand_in(
    staff: Staff,
    headers: HeaderMap,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Fail> {
    let (fields, files) = received(&staff, &headers, sent).await?;
    let Some(kind) = MaterialKind::from_key(fields.get("kind")) else {
        let mut form = FormState::typed(fields);
        form.mark("kind", staff.visit.say("choose-one"));
        return new_page(&staff, form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let product =
        fields.get("product").split_once('@').map(|(id, version)| (id.to_owned(), version.to_owned()));
    let handed = HandedIn {
        kind,
        title: fields.get("title").to_owned(),
        product,
        files,
        note: fields.get("note").to_owned(),
        regions: regions(fields.get("regions")),
        channels: ticked(&fields),
    };
    match staff.visit.site.desk.hand_in_material(&staff.caller, handed).await {
        Ok(id) => Ok(see_other(&at(id))),
        Err(error) => {
            let f = staff.titled("");
            let Back { form, .. } = back::form(&f, &fields, "title", error)?;
            new_page(&staff, form, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// `POST /staff/reviews/{id}/final`.
pub(super) async fn hand_in_final(
    staff: Staff,
    Path(id): Path<String>,
    headers: HeaderMap,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Fail> {
    let id = named(&id)?;
    let (_, files) = received(&staff, &headers, sent).await?;
    match staff.visit.site.desk.hand_in_final(&staff.caller, id, files).await {
        Ok(_) => Ok(see_other(&at(id))),
        Err(error) => {
            let f = staff.titled("");
            let Back { status, mut form } = back::form(&f, &Fields::default(), "final", error)?;
            let text = form.errors().first().map(|error| error.text.clone()).unwrap_or_default();
            form = FormState::empty();
            form.mark("final", text);
            page(&staff, id, Returned { which: "final", form }, status).await
        }
    }
}
