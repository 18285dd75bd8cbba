//! A browser for the tests: it keeps cookies, sends what a real one sends with a form, and can read a page as text.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt as _;

pub const BASE: &str = "https://mingbai.example";

/// What came back.
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Page {
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Where it leads on to.
    pub fn to(&self) -> String {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap()).to_owned()
    }

    /// The value of a hidden or other field.
    pub fn field(&self, name: &str) -> String {
        let html = self.html();
        let mark = format!("name=\"{name}\"");
        let input = html.split("<input").find(|part| part.contains(&mark)).unwrap_or_default().to_owned();
        let value = input.split("value=\"").nth(1).and_then(|rest| rest.split('"').next());
        value.unwrap_or_default().to_owned()
    }

    /// The page as a person reads it: one line for each block, hidden things left out.
    pub fn text(&self) -> String {
        as_text(&self.html())
    }
}

pub fn as_text(html: &str) -> String {
    let body = html.split_once("<body").map_or(html, |(_, body)| body);
    let body = body.split_once('>').map_or(body, |(_, rest)| rest);
    let mut out = String::new();
    let mut rest = body;
    while let Some((text, after)) = rest.split_once('<') {
        out.push_str(&text.replace('\n', " "));
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        out.push_str(&shown(tag));
        rest = after;
    }
    let plain = out.replace("&#38;", "&").replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<");
    let lines = plain.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What a tag means to a reader: a new line, a field, a button, a choice.
fn shown(tag: &str) -> String {
    let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
    let value = |key: &str| {
        tag.split(&format!("{key}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
    };
    match name {
        "input" if value("type") == "hidden" => String::new(),
        "input" if value("type") == "radio" || value("type") == "checkbox" => {
            (if tag.contains(" checked") { "(x) " } else { "( ) " }).to_owned()
        }
        "input" => format!("[{}]", value("value")),
        "button" if !tag.starts_with('/') => "\n[[ ".to_owned(),
        "button" => " ]]\n".to_owned(),
        "a" if !tag.starts_with('/') && value("class").starts_with("button") => "\n-> ".to_owned(),
        "h1" | "h2" if !tag.starts_with('/') => "\n# ".to_owned(),
        "td" | "th" => " | ".to_owned(),
        "a" | "span" | "strong" | "code" => String::new(),
        _ => "\n".to_owned(),
    }
}

pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    csrf: String,
}

impl Browser {
    pub fn new(router: &Router) -> Self {
        Browser { router: router.clone(), cookies: BTreeMap::new(), csrf: String::new() }
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
        if name != "mb_look" {
            self.csrf = mingbai_web::csrf_for(value);
        }
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> Page {
        let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !jar.is_empty() {
            request.headers_mut().insert(header::COOKIE, jar.join("; ").parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for line in headers.get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.set_cookie(name, value);
        }
        let bytes = axum::body::to_bytes(response.into_body(), 64 << 20).await.unwrap().to_vec();
        Page { status, headers, bytes }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        let page = self.send(Request::get(path).body(Body::empty()).unwrap()).await;
        let csrf = page.field("csrf");
        if !csrf.is_empty() {
            self.csrf = csrf;
        }
        page
    }

    /// A form, as a browser sends it from one of our own pages, with the token of the page that was seen last.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.csrf.clone();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post_exactly(path, &all, &[("origin", BASE), ("sec-fetch-site", "same-origin")]).await
    }

    /// A form with one file, as a browser sends it; `csrf` may be somebody else's.
    pub async fn post_file(&mut self, path: &str, csrf: Option<&str>, file: (&str, &[u8])) -> Page {
        let token = csrf.map_or_else(|| self.csrf.clone(), str::to_owned);
        self.post_parts(path, &[("csrf", &token)], file).await
    }

    /// The same with more fields and the right token.
    pub async fn post_file_with(&mut self, path: &str, more: &[(&str, &str)], file: (&str, &[u8])) -> Page {
        let token = self.csrf.clone();
        self.post_parts(path, &[&[("csrf", token.as_str())], more].concat(), file).await
    }

    async fn post_parts(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        (name, bytes): (&str, &[u8]),
    ) -> Page {
        let (edge, media) = ("----mingbai-test", "application/octet-stream");
        let mut head = String::new();
        for (field, value) in fields {
            head.push_str(&format!(
                "--{edge}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            ));
        }
        head.push_str(&format!(
            "--{edge}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"page.jpg\"\r\nContent-Type: {media}\r\n\r\n"
        ));
        let body = [head.as_bytes(), bytes, format!("\r\n--{edge}--\r\n").as_bytes()].concat();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={edge}"))
            .header("origin", BASE);
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// A form with fields and files, `(name of the file, bytes)`, as a browser sends it.
    pub async fn post_files(&mut self, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Page {
        let edge = "----mingbai-test";
        let mut body = Vec::new();
        let token = self.csrf.clone();
        for (name, value) in [("csrf", token.as_str())].iter().chain(fields) {
            body.extend(
                format!("--{edge}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .bytes(),
            );
        }
        for (name, bytes) in files {
            body.extend(
                format!(
                    "--{edge}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: \
                     application/octet-stream\r\n\r\n"
                )
                .bytes(),
            );
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{edge}--\r\n").bytes());
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={edge}"))
            .header("origin", BASE);
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// A form with exactly these fields and headers.
    pub async fn post_exactly(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Page {
        let body = serde_urlencoded::to_string(fields).unwrap();
        let mut request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}
