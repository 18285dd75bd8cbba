//! 风险提示: bulletins for everybody, by region and group, and as a feed that a reader program asks for again and again. No account, no
//! address, nothing about who reads.

use askama::Template;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use mingbai_desk::core::trust::bulletin::{BulletinId, Group, REGION_MAX};
use mingbai_desk::cost::Lang;
use mingbai_desk::scam::{ScamType, advice};
use mingbai_desk::trust::PublicBulletin;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::door::{Fail, Kind, Site, Visit};
use crate::page::{Frame, show, show_as};
use crate::when;

/// Reader programs need not ask more often than this.
const FRESH: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// What is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    region: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    lang: String,
}

impl Asked {
    fn region(&self) -> String {
        self.region.trim().chars().take(REGION_MAX).collect()
    }

    fn query(&self) -> String {
        let pairs = [("region", self.region()), ("group", self.group.clone())];
        let said: Vec<_> = pairs.iter().filter(|(_, value)| !value.is_empty()).collect();
        serde_urlencoded::to_string(said).unwrap_or_default()
    }

    /// The language of a feed, which no cookie chooses.
    fn feed_lang(&self) -> Lang {
        if self.lang == "en" { Lang::En } else { Lang::Zh }
    }
}

async fn found(site: &Site, asked: &Asked) -> Result<Vec<PublicBulletin>, Fail> {
    Ok(site.desk.public_bulletins(&asked.region(), Group::from_key(&asked.group)).await?)
}

/// A bulletin as a page shows it.
pub(crate) struct Shown {
    pub(crate) address: String,
    pub(crate) title: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) about: String,
    pub(crate) families: Vec<String>,
}

pub(crate) fn shown(f: &Frame, one: &PublicBulletin) -> Shown {
    let text = &one.released.text;
    let group = f.w(text.group.name());
    let whom = match text.region.as_str() {
        "" => f.ab("alerts-about", f.t("alerts-everywhere"), group),
        region => f.ab("alerts-about", region, group),
    };
    Shown {
        address: format!("/trust/alerts/{}", one.id),
        title: f.w(text.title.clone()),
        paragraphs: f
            .w(text.text.clone())
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .map(str::to_owned)
            .collect(),
        about: f.ab("staff-stamp", whom, when::day(one.released.at_ms, f.lang())),
        families: text.families.iter().filter_map(|key| family(key, f.lang())).collect(),
    }
}

/// The name of a family of fraud.
pub(crate) fn family(key: &str, lang: Lang) -> Option<String> {
    let found = ScamType::ALL.into_iter().find(|one| one.key() == key)?;
    let name = &advice::of(found).name;
    Some(if lang == Lang::En { name.en.clone() } else { name.zh.clone() })
}

/// A choice of the form.
struct Choice {
    key: &'static str,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "trust/alerts.html")]
struct AlertsPage {
    f: Frame,
    region: String,
    groups: Vec<Choice>,
    list: Vec<Shown>,
    atom: String,
    json: String,
}

/// `GET /trust/alerts`.
pub(super) async fn list(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    let all = found(&visit.site, &asked).await?;
    let f = Frame::new(&visit, visit.say("alerts-title"));
    let groups = Group::ALL
        .iter()
        .map(|one| Choice { key: one.key(), label: f.w(one.name()), chosen: one.key() == asked.group })
        .collect();
    let address = |end: &str| {
        let lang = if f.lang() == Lang::En { "lang=en" } else { "lang=zh" };
        match asked.query().as_str() {
            "" => format!("/trust/alerts.{end}?{lang}"),
            query => format!("/trust/alerts.{end}?{query}&{lang}"),
        }
    };
    let page = AlertsPage {
        region: asked.region(),
        groups,
        list: all.iter().map(|one| shown(&f, one)).collect(),
        atom: address("atom"),
        json: address("json"),
        f,
    };
    show(&page)
}

#[derive(Template)]
#[template(path = "trust/alert.html")]
struct AlertPage {
    f: Frame,
    one: Shown,
}

/// `GET /trust/alerts/{id}`.
pub(super) async fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Fail> {
    let id = Uuid::try_parse(&id).map(BulletinId::new).map_err(|_| Fail::of(Kind::NotFound))?;
    let all = visit.site.desk.public_bulletins("", None).await?;
    let bulletin = all.iter().find(|one| one.id == id).ok_or_else(|| Fail::of(Kind::NotFound))?;
    let f = Frame::new(&visit, bulletin.released.text.title.get(visit.look.lang));
    let one = shown(&f, bulletin);
    show_as(StatusCode::OK, &AlertPage { one, f })
}

/// `GET /trust/alerts.json`: JSON Feed 1.1.
pub(super) async fn json_feed(
    State(site): State<Site>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let (all, lang, base) = (found(&site, &asked).await?, asked.feed_lang(), &site.desk.settings().base_url);
    let items: Vec<Value> = all
        .iter()
        .map(|one| {
            let text = &one.released.text;
            json!({
                "id": format!("urn:uuid:{}", one.id),
                "url": format!("{base}/trust/alerts/{}", one.id),
                "title": text.title.get(lang),
                "content_text": text.text.get(lang),
                "date_published": stamp(one.released.at_ms),
                "tags": text.families,
                "_mingbai": {"region": text.region, "group": text.group.key(), "until": stamp(text.until_ms)},
            })
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": title(&site, lang),
        "home_page_url": format!("{base}/trust/alerts"),
        "feed_url": format!("{base}/trust/alerts.json"),
        "language": tag(lang),
        "items": items,
    });
    let mut response = Json(feed).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/feed+json; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, FRESH);
    Ok(response)
}

/// `GET /trust/alerts.atom`: RFC 4287.
pub(super) async fn atom_feed(
    State(site): State<Site>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    let (all, lang, base) = (found(&site, &asked).await?, asked.feed_lang(), &site.desk.settings().base_url);
    let newest_ms = all.iter().map(|one| one.released.at_ms).max().unwrap_or(0);
    let home = escaped(&format!("{base}/trust/alerts"));
    let name = escaped(&title(&site, lang));
    let lender = escaped(site.desk.settings().lender.name.get(lang));
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<id>{home}</id>\n<title>{name}</title>\n<updated>{}</updated>\n<author><name>{lender}</name></author>\n<link rel=\"alternate\" href=\"{home}\"/>\n<link rel=\"self\" href=\"{home}.atom\"/>\n",
        tag(lang),
        stamp(newest_ms),
    );
    for one in &all {
        let text = &one.released.text;
        let (id, at) = (one.id, stamp(one.released.at_ms));
        let (title, body) = (escaped(text.title.get(lang)), escaped(text.text.get(lang)));
        feed.push_str(&format!(
            "<entry><id>urn:uuid:{id}</id><title>{title}</title><updated>{at}</updated><link href=\"{home}/{id}\"/><content type=\"text\">{body}</content></entry>\n"
        ));
    }
    feed.push_str("</feed>\n");
    let mut response = feed.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/atom+xml; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, FRESH);
    Ok(response)
}

fn title(site: &Site, lang: Lang) -> String {
    let name = site.desk.settings().lender.name.get(lang);
    match lang {
        Lang::Zh => format!("{name} 风险提示"),
        Lang::En => format!("Warnings of {name}"),
    }
}

fn tag(lang: Lang) -> &'static str {
    if lang == Lang::En { "en" } else { "zh-CN" }
}

/// A moment as RFC 3339 writes it, in seconds.
fn stamp(at_ms: i64) -> String {
    Timestamp::from_second(at_ms.div_euclid(1000)).unwrap_or_default().to_string()
}

/// Text inside XML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no place for other control characters.
            c if c.is_control() && c != '\n' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_a_feed_is_text() {
        assert_eq!(escaped("<b>\"A&B\"\u{0}\n"), "&lt;b&gt;&quot;A&amp;B&quot;\n");
        assert_eq!(stamp(1_796_083_200_123), "2026-12-01T00:00:00Z");
    }
}
