//! What can go wrong while a paper is made, in words for the person who has to act on it.

use mingbai_cost::{Lang, Words};

/// Why no paper was made. Nothing half-made is ever returned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// A font could not be read.
    #[error(
        "the font {name} cannot be read; if it is one of your own, replace or remove it, otherwise install the program again"
    )]
    Font {
        /// File name of the font.
        name: String,
    },
    /// A lender's template cannot be used.
    #[error("this template cannot be used ({why}); correct it and run mingbai lint-paper")]
    Template {
        /// What is wrong.
        why: String,
    },
    /// A paper lacks the list that it is made of.
    #[error("a {kind} cannot be made without its {sheet}; this is a fault of the program, report it")]
    Missing {
        /// Name of the kind.
        kind: &'static str,
        /// What is missing.
        sheet: &'static str,
    },
    /// Too many papers wait already.
    #[error("{waiting} papers are waiting to be made; try again in a few seconds")]
    Busy {
        /// Orders in the queue.
        waiting: usize,
    },
    /// A text is longer than any page could hold.
    #[error("{field} has {length} characters, at most {limit} fit on the paper; shorten it and print again")]
    TextTooLong {
        /// Field of [`crate::DocContext`] or of the cost table.
        field: &'static str,
        /// Characters given.
        length: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// A table has more rows than a paper may have.
    #[error("{field} has {length} rows, at most {limit} fit on the paper; check the terms")]
    TooManyRows {
        /// Field of the cost table.
        field: &'static str,
        /// Rows given.
        length: usize,
        /// Rows allowed.
        limit: usize,
    },
    /// The moment in `prepared_at_ms` is no date that a document can carry.
    #[error("prepared_at_ms = {at_ms} is not a moment between the years 1 and 9999; pass Unix milliseconds")]
    Moment {
        /// Value given.
        at_ms: i64,
    },
    /// The address for the QR code could not be encoded.
    #[error(
        "the address for the QR code cannot be encoded ({why}); use a shorter address in upper-case ASCII"
    )]
    Qr {
        /// The encoder's reason.
        why: String,
    },
    /// The typesetter refused. This is a fault of the program, not of the input.
    #[error("the paper could not be typeset ({why}); report this with the terms digest")]
    Typeset {
        /// The typesetter's messages, joined.
        why: String,
    },
}

impl PaperError {
    /// The message for a person, in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let zh = match self {
            PaperError::Font { name } => {
                format!("字体 {name} 读不出来。自己放的字体请更换或删除；内置字体坏了，请重新安装程序。")
            }
            PaperError::Template { why } => {
                format!("这个模板不能用（{why}）。请改好后运行 mingbai lint-paper。")
            }
            PaperError::Missing { kind, sheet } => {
                format!("缺少 {sheet}，做不出 {kind}。这是程序的毛病，请告诉技术人员。")
            }
            PaperError::Busy { waiting } => format!("已有 {waiting} 份文件在排队，请过几秒再试。"),
            PaperError::TextTooLong { field, length, limit } => {
                format!("{field} 有 {length} 个字，纸面最多放 {limit} 个字。请缩短后再打印。")
            }
            PaperError::TooManyRows { field, length, limit } => {
                format!("{field} 有 {length} 行，纸面最多放 {limit} 行。请检查贷款条款。")
            }
            PaperError::Moment { at_ms } => {
                format!("prepared_at_ms = {at_ms} 不是有效时间。请传入 Unix 毫秒数。")
            }
            PaperError::Qr { why } => format!("二维码生成失败（{why}）。请换成较短的大写英文网址。"),
            PaperError::Typeset { why } => format!("文件排版失败（{why}）。请把条款摘要码报给技术人员。"),
        };
        Words { zh, en: self.to_string() }
    }

    /// The message in one language.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        self.words().get(lang).to_owned()
    }
}
