//! A link for the borrower. Where messages can be sent it goes to her own phone and staff never see it. Elsewhere it is shown once,
//! as a square to scan and as text; such a house has no signing on a phone either.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use mingbai_desk::borrow::IssuedLink;
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::text::both;
use mingbai_desk::ports::LinkPurpose;

use super::nav::{Nav, Place};
use super::{at, named};
use crate::door::{Fail, Kind, Staff, StaffMove};
use crate::page::{Frame, show};
use crate::square::{Square, square};
use crate::when;

/// A link that was made just now.
pub(super) struct Fresh {
    pub(super) link: IssuedLink,
    pub(super) purpose: LinkPurpose,
    pub(super) journey: JourneyId,
    /// Key of the sentence about it.
    pub(super) lead: &'static str,
}

/// A link that staff has to pass on, because nothing here sends messages.
struct Given {
    url: String,
    square: Square,
}

#[derive(Template)]
#[template(path = "staff/link.html")]
struct LinkPage {
    f: Frame,
    n: Nav,
    lead: String,
    given: Option<Given>,
    until: String,
    callback: bool,
    journey: String,
}

/// The page that shows a link.
pub(super) fn link_page(staff: &Staff, place: Place, fresh: &Fresh) -> Result<Response, Fail> {
    let f = staff.frame("staff-link-title").about(fresh.journey.reference());
    let page = LinkPage {
        n: Nav::new(staff, &f, place),
        lead: f.t(fresh.lead),
        given: match &fresh.link.url {
            Some(url) => Some(Given { url: url.clone(), square: square(url)? }),
            None => None,
        },
        until: when::shown(fresh.link.expires_at_ms, f.lang()),
        callback: fresh.purpose == LinkPurpose::Callback,
        journey: at(fresh.journey, ""),
        f,
    };
    show(&page)
}

/// `POST link`: a new link; the one before it dies.
pub(super) async fn renew(Path(id): Path<String>, wish: StaffMove) -> Result<Response, Fail> {
    let (id, staff) = (named(&id)?, &wish.staff);
    let purpose = LinkPurpose::from_key(wish.fields.get("purpose")).ok_or_else(|| {
        Fail::of(Kind::Unreadable).because(both("请选择链接的用途。", "Choose what the link is for."))
    })?;
    let link = staff.visit.site.desk.new_link(&staff.caller, id, purpose).await?;
    let fresh = Fresh { link, purpose, journey: id, lead: "staff-link-renewed" };
    link_page(staff, Place::Journeys, &fresh)
}
