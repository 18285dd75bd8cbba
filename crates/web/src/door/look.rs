//! How a page looks to this reader: language, size of type, colours. Kept in a cookie that says nothing about a person.

use axum::http::{HeaderMap, header};
use mingbai_desk::core::borrow::event::TypeSize;
use mingbai_desk::cost::Lang;

use super::cookie;

/// Name of the cookie.
pub const COOKIE: &str = "mb_look";

/// Colours that a reader may choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// As the device has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    Contrast,
}

impl Colours {
    /// Every choice.
    pub const ALL: [Colours; 4] = [Colours::Auto, Colours::Light, Colours::Dark, Colours::Contrast];

    /// Key in cookie and address.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Colours::Auto => "auto",
            Colours::Light => "light",
            Colours::Dark => "dark",
            Colours::Contrast => "contrast",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        Colours::ALL.into_iter().find(|colours| colours.key() == key)
    }
}

/// The look as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Language.
    pub lang: Lang,
    /// Size of type.
    pub size: TypeSize,
    /// Colours.
    pub colours: Colours,
}

impl Default for Look {
    fn default() -> Self {
        Look { lang: Lang::Zh, size: TypeSize::Normal, colours: Colours::Auto }
    }
}

impl Look {
    /// The look of a request: its cookie, else the browser's first language, else Chinese.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let mut look = Look { lang: first_language(headers), ..Look::default() };
        if let Some(value) = cookie::value(headers, COOKIE) {
            for part in value.split('.') {
                look.set(part);
            }
        }
        look
    }

    /// Takes one choice over; what is unknown changes nothing.
    pub fn set(&mut self, choice: &str) {
        match choice {
            "zh" => self.lang = Lang::Zh,
            "en" => self.lang = Lang::En,
            "normal" => self.size = TypeSize::Normal,
            "large" => self.size = TypeSize::Large,
            other => self.colours = Colours::from_key(other).unwrap_or(self.colours),
        }
    }

    /// As the cookie keeps it.
    #[must_use]
    pub fn to_cookie(self) -> String {
        format!("{}.{}.{}", self.lang_key(), self.size_key(), self.colours.key())
    }

    /// `zh` or `en`.
    #[must_use]
    pub const fn lang_key(self) -> &'static str {
        match self.lang {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    /// `normal` or `large`.
    #[must_use]
    pub const fn size_key(self) -> &'static str {
        match self.size {
            TypeSize::Normal => "normal",
            TypeSize::Large => "large",
        }
    }
}

/// English only for a browser that prefers it to Chinese.
fn first_language(headers: &HeaderMap) -> Lang {
    let wanted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = wanted.split(',').map(|part| part.trim().to_ascii_lowercase()).find_map(|part| {
        if part.starts_with("zh") {
            Some(Lang::Zh)
        } else if part.starts_with("en") {
            Some(Lang::En)
        } else {
            None
        }
    });
    known.unwrap_or(Lang::Zh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn chinese_unless_somebody_says_otherwise() {
        let mut headers = HeaderMap::new();
        assert_eq!(Look::of(&headers), Look::default());
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en-GB,zh;q=0.5"));
        assert_eq!(Look::of(&headers).lang, Lang::En);
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; mb_look=zh.large.dark; c=d"));
        let look = Look::of(&headers);
        assert_eq!(look.to_cookie(), "zh.large.dark");
        headers.insert(header::COOKIE, HeaderValue::from_static("mb_look=<script>"));
        assert_eq!(Look::of(&headers).to_cookie(), "en.normal.auto");
    }
}
