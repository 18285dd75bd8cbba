//! REST for the core banking system under `/api/v1`, and the cost table for shops' payment pages under `/checkout`. Every
//! handler turns a request into one call of the desk and its answer into JSON; no rule lives here.
//!
//! The description at `/api/v1/openapi.json` is made from the very routes: a route that is not described cannot be added.

pub mod checkout;
pub mod door;
pub mod fields;
pub mod journeys;
pub mod links;
pub mod materials;
pub mod package;
pub mod payout;
pub mod problem;
pub mod trust;
pub mod uploads;
pub mod views;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::IntoResponse;
use axum::{Json, Router};
use mingbai_desk::Desk;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Where the API for core systems begins.
pub const PREFIX: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "明白 Mingbai",
        version = "1",
        description = "贷款机构核心系统的接口:开立业务、申请放款许可、报告放款、扣款和退款、开始回访、取存证包;以及购物付款页的成本表。\n\
金额都是以分为单位的整数;日期写 `YYYY-MM-DD`;时间是 RFC 3339(UTC)。出错时返回 application/problem+json,中英文都有,并说明下一步。\n\
重复发送是安全的,幂等靠业务自己的编号:开立靠 `external_ref`,放款和扣款靠 `reference`,许可未失效时重复申请得到同一个。\
`Idempotency-Key` 请求头不起作用。退款会累计,见该接口的说明。\n\n\
For a lender's core system: open a journey, ask for the permit, report payout, charges and refunds, open the call-back, fetch the \
evidence package; and the cost table for a shop's payment page.\n\
Money is a whole number of fen; days are `YYYY-MM-DD`; times are RFC 3339 in UTC. Errors are application/problem+json in Chinese and \
English, with what to do next.\n\
Repeating is safe by the business's own numbers: opening by `external_ref`, payout and charges by `reference`; asking again for a permit that \
is still good gives the same one. A header `Idempotency-Key` has no effect. Refunds add up; see there.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "journeys", description = "业务与条款 / Journeys and terms"),
        (name = "payout", description = "放款与之后 / The payout and after"),
        (name = "uploads", description = "大文件分块上传 / Large documents, piece by piece"),
        (name = "evidence", description = "存证与公钥 / Evidence and keys"),
        (name = "checkout", description = "购物付款页的成本表,公开 / The cost table for a shop's payment page, public"),
        (name = "materials", description = "材料能不能用 / Whether a material may be used"),
        (name = "trust", description = "防骗检查,公开 / The scam check, public"),
        (name = "description", description = "本说明 / This description"),
    ),
    modifiers(&CoreKey),
)]
struct Description;

/// The one security scheme: the core system's key.
struct CoreKey;

impl Modify for CoreKey {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
            "管理员发给核心系统的密钥 `mbk_…` / The core system's key `mbk_…`, issued by the administrator",
        ));
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("core_key", SecurityScheme::Http(scheme.build()));
    }
}

fn routed() -> OpenApiRouter<Arc<Desk>> {
    // Pieces are larger than everything else that is sent here.
    let uploads = OpenApiRouter::new()
        .routes(routes!(uploads::offset, uploads::piece))
        .layer(DefaultBodyLimit::max(uploads::PIECE_BYTES))
        .routes(routes!(uploads::begin))
        .routes(routes!(uploads::finish));
    let api = OpenApiRouter::new()
        .routes(routes!(journeys::open))
        .routes(routes!(journeys::get))
        .routes(routes!(journeys::table))
        .routes(routes!(journeys::terms))
        .routes(routes!(links::send))
        .routes(routes!(payout::permit))
        .routes(routes!(payout::payout))
        .routes(routes!(payout::charge))
        .routes(routes!(payout::refund))
        .routes(routes!(payout::callback))
        .routes(routes!(package::get))
        .routes(routes!(payout::permit_key))
        .routes(routes!(trust::check))
        .routes(routes!(trust::verify_us))
        .routes(routes!(materials::get))
        .routes(routes!(openapi_json))
        .merge(uploads)
        .fallback(async || problem::nowhere());
    let checkout = OpenApiRouter::new()
        .routes(routes!(checkout::fragment))
        .routes(routes!(checkout::fragment_json))
        .layer(axum::middleware::map_response(checkout::open_to_shops));
    OpenApiRouter::with_openapi(Description::openapi()).nest(PREFIX, api).merge(checkout)
}

/// The description of every route, OpenAPI 3.1.
#[must_use]
pub fn description() -> utoipa::openapi::OpenApi {
    routed().into_openapi()
}

/// Every route of the API and the checkout fragment, to be merged into the house's router.
pub fn router(desk: Arc<Desk>) -> Router {
    let (router, _) = routed().split_for_parts();
    router
        .method_not_allowed_fallback(async || problem::wrong_method())
        .layer(DefaultBodyLimit::max(door::BODY_BYTES))
        .layer(axum::Extension(trust::Checks::default()))
        .layer(axum::middleware::from_fn_with_state(desk.clone(), door::number))
        .with_state(desk)
}

/// 本说明(OpenAPI 3.1)。 / This description
///
/// OpenAPI 3.1,公开。 OpenAPI 3.1, public.
#[utoipa::path(
    get, path = "/openapi.json", tag = "description", operation_id = "getDescription",
    responses((status = 200, body = Object, content_type = "application/json", description = "OpenAPI 3.1"))
)]
async fn openapi_json() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "public, max-age=300")], Json(description()))
}
