//! The cost table on a shop's payment page, as the rule asks for instalments at a purchase: an HTML fragment without script
//! or style, and the same table as JSON. Public, without cookies, for released products only; nothing is stored.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use mingbai_desk::borrow::QuoteRequest;
use mingbai_desk::core::text::both;
use mingbai_desk::cost::facts::{Fact, key_facts};
use mingbai_desk::cost::table::ItemKind;
use mingbai_desk::cost::terms::{Collected, CompoundInterest};
use mingbai_desk::cost::{CostTable, Fen, Lang, RateFigure, Words, words};
use mingbai_desk::{Desk, ReviewStanding};
use serde::Serialize;
use utoipa::ToSchema;

use super::fields::{self, Day, MOST_FEN};
use super::problem::{Fail, Kind, Problem, Text};

/// Lets pages of any shop read the answer. Nothing here is private and no cookie is read, so that is safe.
pub(super) async fn open_to_shops(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET"));
    response
}

/// What a shop asks for.
struct Wish {
    product: String,
    principal_fen: Fen,
    periods: u32,
    payout_on: Option<Date>,
    lang: Lang,
}

type Pairs = Query<Vec<(String, String)>>;
type AskedFor = Result<Pairs, axum::extract::rejection::QueryRejection>;

impl Wish {
    fn read(query: AskedFor) -> Result<Self, Fail> {
        let Ok(Query(pairs)) = query else {
            let words = both("地址里的参数读不懂。", "The parameters in the address cannot be read.");
            return Err(Fail::new(Kind::Unreadable, words));
        };
        let known = ["product", "principal_fen", "periods", "payout_on", "lang"];
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            return Err(fields::unknown(name));
        }
        let one = |name: &str| {
            let mut found = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
            match (found.next(), found.next()) {
                (_, Some(_)) => Err(fields::wrong(name)),
                (value, None) => Ok(value),
            }
        };
        let needed = |name: &str| one(name)?.ok_or_else(|| fields::wrong(name));
        let fen = needed("principal_fen")?.parse().ok().filter(|fen| (1..=MOST_FEN).contains(fen));
        Ok(Wish {
            product: needed("product")?.to_owned(),
            principal_fen: Fen::new(fen.ok_or_else(|| fields::wrong("principal_fen"))?),
            periods: needed("periods")?.parse().map_err(|_| fields::wrong("periods"))?,
            payout_on: match one("payout_on")? {
                None => None,
                Some(text) => Some(Day::parse(text).ok_or_else(|| fields::wrong("payout_on"))?.0),
            },
            lang: match one("lang")? {
                None | Some("zh") => Lang::Zh,
                Some("en") => Lang::En,
                Some(_) => return Err(fields::wrong("lang")),
            },
        })
    }

    /// The table of the wish, for a released product; the payout is today in China unless a day is named.
    async fn table(&self, desk: &Desk) -> Result<CostTable, Fail> {
        let product = desk.product(&self.product, None)?;
        let standing = desk.review_standing(product.id(), product.version()).await?;
        if !matches!(standing, ReviewStanding::Released(_)) {
            let words = both(
                "这个产品没有通过消保审查,不能展示。",
                "This product has no released review and cannot be shown.",
            );
            return Err(Fail::new(Kind::NotFound, words));
        }
        let request = QuoteRequest {
            product_id: product.id().to_owned(),
            product_version: Some(product.version().to_owned()),
            principal_fen: self.principal_fen,
            periods: self.periods,
            payout_on: self.payout_on.unwrap_or_else(|| today(desk.now_ms())),
            method: None,
        };
        Ok(desk.quote(&request)?.table)
    }
}

/// The day in China.
fn today(now_ms: i64) -> Date {
    let at = Timestamp::from_millisecond(now_ms).unwrap_or_default();
    jiff::tz::offset(8).to_datetime(at).date()
}

/// 一项要点。 / One key fact.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeyFact {
    /// 代码。 / Key.
    #[schema(example = "annual_cost")]
    pub key: String,
    /// 名称。 / What it is.
    pub label: Text,
    /// 数值。 / The answer.
    pub value: Text,
    /// 含义。 / What it means.
    pub means: Text,
}

impl From<Fact> for KeyFact {
    fn from(fact: Fact) -> Self {
        KeyFact {
            key: fact.key.to_owned(),
            label: fact.label.into(),
            value: fact.value.into(),
            means: fact.means.into(),
        }
    }
}

/// 付款页的成本表。 / The cost table for a payment page.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Fragment {
    /// 八项要点,顺序固定。 / The eight key facts, always in this order.
    pub key_facts: Vec<KeyFact>,
    /// 综合融资成本明示表。 / The cost table.
    #[schema(value_type = Object)]
    pub table: CostTable,
}

/// 付款页的成本表(JSON)。 / The cost table as JSON
///
/// 公开,任何网页都可以读取;只有通过消保审查的产品。 Public, readable by any page; released products only.
#[utoipa::path(
    get, path = "/checkout/fragment.json", tag = "checkout", operation_id = "getFragmentJson",
    params(
        ("product" = String, Query, description = "产品编号 / Product", example = "purchase-plan"),
        ("principal_fen" = i64, Query, description = "订单金额(分) / Price of the order in fen", example = 300_000),
        ("periods" = u32, Query, description = "期数 / Number of periods", example = 12),
        ("payout_on" = Option<String>, Query, description = "付款日,默认今天(北京时间) / Day of payment, today in China by default"),
        ("lang" = Option<String>, Query, description = "zh 或 en;JSON 总是两种语言都有 / zh or en; the JSON always has both"),
    ),
    responses(
        (status = 200, body = Fragment, description = "成本表与要点 / Table and key facts"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn fragment_json(
    State(desk): State<Arc<Desk>>,
    query: AskedFor,
) -> Result<Json<Fragment>, Fail> {
    let table = Wish::read(query)?.table(&desk).await?;
    let key_facts = key_facts(&table).into_iter().map(KeyFact::from).collect();
    Ok(Json(Fragment { key_facts, table }))
}

/// 付款页的成本表(HTML 片段,无脚本、无样式)。 / The cost table as an HTML fragment
///
/// 公开;可以直接放进商家的付款页。 Public; made to be put into a shop's payment page. No script, no style.
#[utoipa::path(
    get, path = "/checkout/fragment", tag = "checkout", operation_id = "getFragment",
    params(
        ("product" = String, Query, description = "产品编号 / Product", example = "purchase-plan"),
        ("principal_fen" = i64, Query, description = "订单金额(分) / Price of the order in fen", example = 300_000),
        ("periods" = u32, Query, description = "期数 / Number of periods", example = 12),
        ("payout_on" = Option<String>, Query, description = "付款日,默认今天(北京时间) / Day of payment, today in China by default"),
        ("lang" = Option<String>, Query, description = "zh(默认)或 en / zh (default) or en"),
    ),
    responses(
        (status = 200, body = String, content_type = "text/html", description = "HTML 片段 / HTML fragment"),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "出错 / Problem"),
    )
)]
pub(super) async fn fragment(State(desk): State<Arc<Desk>>, query: AskedFor) -> Result<Response, Fail> {
    let wish = Wish::read(query)?;
    let table = wish.table(&desk).await?;
    let page = FragmentPage { lang: wish.lang, facts: key_facts(&table), t: &table };
    let html = page.render().map_err(|error| {
        tracing::error!(%error, "the checkout fragment could not be rendered");
        Fail::new(Kind::Fault, both("页面没有生成。", "The fragment could not be made."))
    })?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}

#[derive(Template)]
#[template(path = "checkout/fragment.html")]
struct FragmentPage<'a> {
    lang: Lang,
    facts: [Fact; 8],
    t: &'a CostTable,
}

/// One item as the fragment shows it.
struct Item<'a> {
    name: &'a str,
    payee: &'a str,
    role: String,
    standard: &'a str,
    total: String,
    level: String,
    notes: Vec<&'static str>,
}

impl FragmentPage<'_> {
    fn l<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn of<'a>(&self, words: &'a Words) -> &'a str {
        words.get(self.lang)
    }

    fn code(&self) -> &'static str {
        match self.lang {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    fn yuan(&self, amount: &Fen) -> String {
        words::yuan(*amount).get(self.lang).to_owned()
    }

    fn items(&self) -> Vec<Item<'_>> {
        self.t.items.iter().map(|item| self.item(item)).collect()
    }

    fn item<'a>(&self, item: &'a mingbai_desk::cost::table::CostItem) -> Item<'a> {
        let mut notes = Vec::new();
        if item.collected == Collected::DeductedFromPayout {
            notes.push(self.l("放款时扣下", "kept back from the payout"));
        }
        if item.kind == ItemKind::Deposit {
            notes.push(self.l("到期退还", "given back at the end"));
        }
        Item {
            name: item.name.get(self.lang),
            payee: item.payee.name.get(self.lang),
            role: words::role(item.payee.role).get(self.lang).to_owned(),
            standard: item.standard.get(self.lang),
            total: self.yuan(&item.total_fen),
            level: words::pct2(item.annual_level_ppm),
            notes,
        }
    }

    fn annual(&self) -> Vec<(String, String)> {
        let line = |figure: &RateFigure| {
            let label = words::basis_label(figure.basis).get(self.lang).to_owned();
            (label, words::rate_value(figure.value).get(self.lang).to_owned())
        };
        vec![line(&self.t.annual.simple), line(&self.t.annual.compound)]
    }

    fn in_default(&self) -> Vec<(&'static str, String)> {
        let costs = &self.t.default_costs;
        let compound = match costs.compound_on_interest {
            CompoundInterest::Charged => self.l("要计息", "it bears interest too"),
            CompoundInterest::NotCharged => self.l("不计息", "it bears no interest"),
        };
        vec![
            (self.l("逾期罚息年利率", "Overdue interest a year"), words::pct(costs.overdue_rate_ppm)),
            (self.l("没有还的利息", "Unpaid interest"), compound.to_owned()),
            (self.l("挪用罚息年利率", "Misuse interest a year"), words::pct(costs.misuse_rate_ppm)),
            (self.l("每次逾期另收", "Fee for each delay"), self.yuan(&costs.late_fee_fen)),
            (
                self.l("晚还 30 天,一期共多付", "One instalment thirty days late costs more by"),
                self.yuan(&costs.late_example.extra_fen),
            ),
        ]
    }
}
