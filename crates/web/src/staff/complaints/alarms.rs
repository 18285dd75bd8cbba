//! What the house is warned of: answers that are late or nearly so, and many complaints about one thing.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use mingbai_desk::ports::ComplaintFilter;

use super::super::nav::{Nav, Place};
use super::cause;
use super::list::{Row, shown};
use crate::door::{Fail, Staff};
use crate::page::{Frame, show_as};
use crate::when;

/// The most rows that the page shows: the list is in order of the clocks, so these are the most urgent.
const ROWS: u32 = 500;

/// Many complaints about one product for one cause.
struct Cluster {
    product: String,
    cause: String,
    count: u32,
    days: String,
    address: String,
}

#[derive(Template)]
#[template(path = "staff/complaint_alarms.html")]
struct AlarmsPage {
    f: Frame,
    n: Nav,
    late: Vec<Row>,
    soon: Vec<Row>,
    clusters: Vec<Cluster>,
    rule: String,
}

/// `GET /staff/complaints/alarms`.
pub(super) async fn show(staff: Staff) -> Result<Response, Fail> {
    let site = &staff.visit.site;
    let f = staff.frame("staff-complaint-alarms-title");
    let filter = ComplaintFilter { limit: ROWS, ..ComplaintFilter::default() };
    let rows = site.desk.complaints(&staff.caller, filter).await?;
    let rows: Vec<Row> = rows.iter().map(|row| shown(&f, site, row)).collect();
    let (late, rest): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.left.state == "bad");
    let found = site.desk.complaint_clusters(&staff.caller).await?;
    let cluster = |one: &mingbai_desk::core::trust::complaint::alarm::Cluster| Cluster {
        product: one.product.clone(),
        cause: cause(&f, site, &one.cause),
        count: one.count,
        days: f.ab(
            "staff-complaint-from-until",
            when::day(one.from_ms, f.lang()),
            when::day(one.until_ms, f.lang()),
        ),
        address: format!("/staff/complaints?product={}&cause={}", one.product, one.cause),
    };
    let rules = site.desk.pack().complaints();
    let page = AlarmsPage {
        n: Nav::new(&staff, &f, Place::Complaints),
        late,
        soon: rest.into_iter().filter(|row| row.left.state == "todo").collect(),
        clusters: found.iter().map(cluster).collect(),
        rule: f.ab("staff-complaint-cluster-rule", rules.cluster_days.value, rules.cluster_count.value),
        f,
    };
    show_as(StatusCode::OK, &page)
}
