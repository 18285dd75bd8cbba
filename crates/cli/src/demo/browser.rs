//! A browser of one person: real HTTP, her own cookies, forms filled in from the page that asked for them.

use mingbai_core::text::both;
use mingbai_cost::Lang;
use reqwest::header::{ACCEPT_LANGUAGE, ORIGIN};

use super::page;
use crate::fail::{Fail, Kind};

/// A page as it came.
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// Path of the address after every redirection.
    pub path: String,
    /// Body.
    pub html: String,
}

impl Page {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// One browser.
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    url: String,
    lang: Lang,
}

impl Browser {
    /// A browser without cookies, at the house under `url`.
    pub fn new(url: &str, lang: Lang) -> Result<Self, Fail> {
        let client = reqwest::Client::builder().cookie_store(true).build().map_err(|e| lost(url, &e))?;
        Ok(Browser { client, url: url.to_owned(), lang })
    }

    fn dressed(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        let lang = match self.lang {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        };
        request.header(ACCEPT_LANGUAGE, lang)
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Result<Page, Fail> {
        sent(path, self.dressed(self.client.get(format!("{}{path}", self.url)))).await
    }

    /// Fetches a file.
    pub async fn file(&self, path: &str) -> Result<Vec<u8>, Fail> {
        let request = self.dressed(self.client.get(format!("{}{path}", self.url)));
        let answer = request.send().await.map_err(|e| lost(path, &e))?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(|e| lost(path, &e))?.to_vec();
        if status.is_success() { Ok(bytes) } else { Err(unexpected(path, status.as_u16(), "")) }
    }

    /// Sends a form, whatever comes back.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Result<Page, Fail> {
        let request = self.client.post(format!("{}{path}", self.url)).header(ORIGIN, &self.url).form(fields);
        sent(path, self.dressed(request)).await
    }

    /// Opens `form`, fills `fields` in beside what the form itself carries, and sends it to `action`.
    pub async fn fill(&self, form: &str, action: &str, fields: &[(&str, &str)]) -> Result<Page, Fail> {
        let page = self.get(form).await?;
        good(&page)?;
        let answer = self.send_from(&page, action, fields).await?;
        good(&answer)?;
        Ok(answer)
    }

    /// Sends a form that was taken from `page`, whatever comes back.
    pub async fn send_from(&self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Result<Page, Fail> {
        let mut all: Vec<(&str, &str)> = Vec::new();
        let carried: Vec<(&str, String)> = ["csrf", "document", "question"]
            .into_iter()
            .filter_map(|name| Some((name, page::field(&page.html, name)?)))
            .collect();
        all.extend(carried.iter().map(|(name, value)| (*name, value.as_str())));
        all.extend(fields);
        self.send(action, &all).await
    }
}

/// Refuses a page that is an error.
pub fn good(page: &Page) -> Result<(), Fail> {
    if page.status == 200 { Ok(()) } else { Err(unexpected(&page.path, page.status, &page.html)) }
}

async fn sent(path: &str, request: reqwest::RequestBuilder) -> Result<Page, Fail> {
    let answer = request.send().await.map_err(|e| lost(path, &e))?;
    let (status, path) = (answer.status().as_u16(), answer.url().path().to_owned());
    let html = answer.text().await.map_err(|e| lost(&path, &e))?;
    Ok(Page { status, path, html })
}

/// No answer came.
pub fn lost(path: &str, cause: &reqwest::Error) -> Fail {
    let what = both(format!("没有收到 {path} 的答复"), format!("there was no answer from {path}"));
    Fail::new(Kind::Io, what).caused_by(cause)
}

fn unexpected(path: &str, status: u16, html: &str) -> Fail {
    let heading = page::heading(html);
    let what =
        both(format!("{path} 的答复是 {status}:{heading}"), format!("{path} answered {status}: {heading}"));
    Fail::new(Kind::No, what)
}
