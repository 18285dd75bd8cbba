//! How a command fails: what happened, why, and what to do next, in both languages, with a stable exit code.

use std::fmt::Display;
use std::io::Write;
use std::path::Path;

use mingbai_core::text::both;
use mingbai_cost::{Lang, Words};

/// The kind decides the exit code. The codes are a promise to scripts: never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The command worked and the answer is no: a package does not hold, a cap is broken and `--fail-on` asked.
    No,
    /// What was given cannot be used: a flag, a product file, a mapping, a CSV header.
    Input,
    /// The disk, the network or another program refused.
    Io,
    /// A fault in Mingbai itself.
    Internal,
}

impl Kind {
    const fn code(self) -> u8 {
        match self {
            Kind::No => 1,
            Kind::Input => 2,
            Kind::Io => 3,
            Kind::Internal => 4,
        }
    }

    const fn heading(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Kind::No, Lang::Zh) => "结论:不通过",
            (Kind::No, Lang::En) => "answer: no",
            (Kind::Input, Lang::Zh) => "输入有误",
            (Kind::Input, Lang::En) => "bad input",
            (Kind::Io, Lang::Zh) => "读写失败",
            (Kind::Io, Lang::En) => "cannot read or write",
            (Kind::Internal, Lang::Zh) => "程序内部错误",
            (Kind::Internal, Lang::En) => "internal error",
        }
    }
}

/// One failure, ready to be told to a person.
#[derive(Debug)]
pub struct Fail {
    kind: Kind,
    what: Words,
    why: Option<Words>,
    next: Vec<Words>,
}

impl Fail {
    /// A failure of `kind`; `what` happened.
    pub fn new(kind: Kind, what: Words) -> Self {
        Fail { kind, what, why: None, next: Vec::new() }
    }

    /// Adds the reason.
    #[must_use]
    pub fn because(mut self, why: Words) -> Self {
        self.why = Some(why);
        self
    }

    /// Adds a reason that another part gave in its own words, the same in both languages.
    #[must_use]
    pub fn caused_by(self, cause: &dyn Display) -> Self {
        let text = cause.to_string().trim().replace('\n', "\n    ");
        self.because(both(text.clone(), text))
    }

    /// Adds something to do next.
    #[must_use]
    pub fn next(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.next.push(both(zh, en));
        self
    }

    /// A file could not be read.
    pub fn reading(path: &Path, cause: &std::io::Error) -> Self {
        let shown = path.display();
        Fail::new(Kind::Io, both(format!("读不了 {shown}"), format!("cannot read {shown}")))
            .caused_by(cause)
            .next("请检查文件名和权限。", "Check the name and the permissions.")
    }

    /// A file could not be written.
    pub fn writing(path: &Path, cause: &std::io::Error) -> Self {
        let shown = path.display();
        Fail::new(Kind::Io, both(format!("写不了 {shown}"), format!("cannot write {shown}")))
            .caused_by(cause)
            .next(
                "请检查目录是否存在、可写,磁盘是否有空间。",
                "Check that the folder exists, is writable and has space.",
            )
    }

    /// What happened and why, in one sentence, as a reason for something else.
    pub fn in_short(&self) -> Words {
        let short = |lang| match &self.why {
            Some(why) => format!("{}: {}", self.what.get(lang), why.get(lang)),
            None => self.what.get(lang).to_owned(),
        };
        both(short(Lang::Zh), short(Lang::En))
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        self.kind.code()
    }

    /// Prints the failure to stderr; in Chinese the English text stands below.
    pub fn print(&self, lang: Lang) {
        let mut text = self.told(lang);
        if lang == Lang::Zh {
            text.push_str(&self.told(Lang::En));
        }
        // A closed stderr leaves nobody to tell.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    fn told(&self, lang: Lang) -> String {
        let (why, next) = match lang {
            Lang::Zh => ("原因", "怎么办"),
            Lang::En => ("why", "next"),
        };
        let mut text = format!("{}:{}\n", self.kind.heading(lang), self.spaced(lang));
        if let Some(words) = &self.why {
            text.push_str(&format!("  {why}: {}\n", words.get(lang)));
        }
        for words in &self.next {
            text.push_str(&format!("  {next}: {}\n", words.get(lang)));
        }
        text
    }

    fn spaced(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.what.zh.clone(),
            Lang::En => format!(" {}", self.what.en),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_why_and_next() {
        let fail = Fail::new(Kind::Input, both("产品文件有误", "the product file is wrong"))
            .because(both("第 3 行", "line 3"))
            .next("改正后再试。", "Correct it and try again.");
        assert_eq!(fail.told(Lang::Zh), "输入有误:产品文件有误\n  原因: 第 3 行\n  怎么办: 改正后再试。\n");
        assert_eq!(
            fail.told(Lang::En),
            "bad input: the product file is wrong\n  why: line 3\n  next: Correct it and try again.\n"
        );
        assert_eq!([Kind::No, Kind::Input, Kind::Io, Kind::Internal].map(Kind::code), [1, 2, 3, 4]);
    }
}
