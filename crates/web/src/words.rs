//! The words of the pages in both languages, looked up by key. It holds no sentence of its own: they stand in `words/*.ftl`,
//! and `tidy` holds both files against each other and against the templates.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use mingbai_desk::cost::Lang;
use unic_langid::LanguageIdentifier;

type Bundle = FluentBundle<FluentResource>;

static ZH: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::Zh));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::En));

fn bundle(lang: Lang) -> Bundle {
    let (id, texts) = match lang {
        Lang::Zh => (
            "zh-CN",
            [
                include_str!("../words/zh-CN.ftl"),
                include_str!("../words/staff/zh-CN.ftl"),
                include_str!("../words/door/zh-CN.ftl"),
                include_str!("../words/complaint/zh-CN.ftl"),
                include_str!("../words/record/zh-CN.ftl"),
                include_str!("../words/trust/zh-CN.ftl"),
                include_str!("../words/learn/zh-CN.ftl"),
                include_str!("../words/campaign/zh-CN.ftl"),
                include_str!("../words/ring/zh-CN.ftl"),
                include_str!("../words/review/zh-CN.ftl"),
            ],
        ),
        Lang::En => (
            "en",
            [
                include_str!("../words/en.ftl"),
                include_str!("../words/staff/en.ftl"),
                include_str!("../words/door/en.ftl"),
                include_str!("../words/complaint/en.ftl"),
                include_str!("../words/record/en.ftl"),
                include_str!("../words/trust/en.ftl"),
                include_str!("../words/learn/en.ftl"),
                include_str!("../words/campaign/en.ftl"),
                include_str!("../words/ring/en.ftl"),
                include_str!("../words/review/en.ftl"),
            ],
        ),
    };
    // A tag that cannot be read would only lose number formats, which these words do not use.
    let id: LanguageIdentifier = id.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks protect mixed writing directions; both languages here run left to right, and the marks would end up in
    // copied amounts.
    bundle.set_use_isolating(false);
    for text in texts {
        // A damaged part still gives its good messages; the test below does not let a damaged file pass.
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(good, _)| good);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// One message with its arguments. A key that does not exist comes back in brackets, for the tests to find.
#[must_use]
pub fn say(lang: Lang, key: &str, arguments: &[(&str, &str)]) -> String {
    let bundle = match lang {
        Lang::Zh => &*ZH,
        Lang::En => &*EN,
    };
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        tracing::error!(key, "a page asks for words that do not exist");
        return format!("[?{key}]");
    };
    let mut given = FluentArgs::new();
    for (name, value) in arguments {
        given.set(*name, *value);
    }
    let mut errors = Vec::new();
    let text: Cow<'_, str> = bundle.format_pattern(pattern, Some(&given), &mut errors);
    if !errors.is_empty() {
        tracing::error!(key, ?errors, "words with an argument that was not given");
    }
    text.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_whole_and_say_things() {
        let files = [
            include_str!("../words/zh-CN.ftl"),
            include_str!("../words/staff/zh-CN.ftl"),
            include_str!("../words/door/zh-CN.ftl"),
            include_str!("../words/record/zh-CN.ftl"),
            include_str!("../words/trust/zh-CN.ftl"),
            include_str!("../words/learn/zh-CN.ftl"),
            include_str!("../words/campaign/zh-CN.ftl"),
            include_str!("../words/review/zh-CN.ftl"),
            include_str!("../words/en.ftl"),
            include_str!("../words/staff/en.ftl"),
            include_str!("../words/door/en.ftl"),
            include_str!("../words/record/en.ftl"),
            include_str!("../words/trust/en.ftl"),
            include_str!("../words/learn/en.ftl"),
            include_str!("../words/campaign/en.ftl"),
            include_str!("../words/ring/zh-CN.ftl"),
            include_str!("../words/ring/en.ftl"),
            include_str!("../words/review/en.ftl"),
        ];
        for text in files {
            let read = FluentResource::try_new(text.to_owned());
            assert!(read.is_ok(), "{:?}", read.err().map(|(_, errors)| errors));
        }
        assert_eq!(say(Lang::Zh, "unit-yuan", &[]), "元");
        assert_eq!(say(Lang::En, "person-call", &[("phone", "95000")]), "Call 95000");
        assert_eq!(say(Lang::Zh, "no-such-words", &[]), "[?no-such-words]");
    }
}
