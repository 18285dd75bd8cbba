//! What can be wrong with a product file or a wish, where, and what would be right.

use mingbai_core::text::{Tell, both};
use mingbai_cost::{Fen, TermsError, Words};

use super::FILE_LIMIT;

/// Why a product file cannot be used, or a wish does not fit a product.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProductError {
    /// The file is too large.
    #[error("the product file has {bytes} bytes and {FILE_LIMIT} are allowed; keep one product in one file")]
    TooLarge {
        /// Bytes.
        bytes: usize,
    },
    /// Not TOML, or not this form.
    #[error("line {line}, column {column}: {why}")]
    Toml {
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What the reader says.
        why: String,
    },
    /// Another format version.
    #[error("`v` is {found} and this program reads product files of version 1")]
    Version {
        /// Found.
        found: u32,
    },
    /// Id or version.
    #[error("`{field}` is {found:?}; write 1 to 48 of a-z 0-9 and - (a version also . and _)")]
    Identifier {
        /// Field.
        field: &'static str,
        /// Found.
        found: String,
    },
    /// A text is empty or too long in one of the languages.
    #[error("`{field}` needs a Chinese and an English text of 1 to 200 characters each")]
    Text {
        /// Field.
        field: &'static str,
    },
    /// Affordability limit.
    #[error("`afford_limit_ppm` is {found}; write 1 to 1000000, e.g. 500000 for half of the income")]
    AffordLimit {
        /// Found.
        found: i64,
    },
    /// Amount bounds.
    #[error("`amount` runs from {min} to {max}; the least must be above zero and not above the greatest")]
    AmountBounds {
        /// Least.
        min: Fen,
        /// Greatest.
        max: Fen,
    },
    /// List of periods.
    #[error("`term.periods` must list 1 to 60 numbers of months, ascending, e.g. [6, 12, 24]")]
    PeriodsList,
    /// List of methods.
    #[error("`plan.methods` lists {found} methods; list 1 to 8, the usual one first")]
    Methods {
        /// Found.
        found: usize,
    },
    /// A plan of its own cannot be a template.
    #[error("`plan.methods` has a custom plan; a product cannot fix its dates, choose another method")]
    CustomMethod,
    /// The wish's principal.
    #[error("{found} yuan cannot be borrowed here; choose {min} to {max} yuan")]
    Amount {
        /// Asked.
        found: Fen,
        /// Least.
        min: Fen,
        /// Greatest.
        max: Fen,
    },
    /// The wish's periods.
    #[error("{found} periods are not offered; choose one of {allowed:?}")]
    Periods {
        /// Asked.
        found: u32,
        /// Offered.
        allowed: Vec<u32>,
    },
    /// The wish's method.
    #[error("method {found} is not offered; choose one below {count}")]
    Method {
        /// Asked.
        found: usize,
        /// Offered.
        count: usize,
    },
    /// The cost engine refuses the terms.
    #[error(transparent)]
    Terms(#[from] TermsError),
}

impl ProductError {
    /// From the TOML reader, with the place in the text.
    pub(super) fn toml(text: &str, error: &toml::de::Error) -> Self {
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let before = text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let why = error.message().chars().take(300).collect();
        ProductError::Toml { line, column, why }
    }
}

impl Tell for ProductError {
    fn words(&self) -> Words {
        let zh = match self {
            Self::TooLarge { bytes } => {
                format!("产品文件有 {bytes} 字节,上限 {FILE_LIMIT};一个文件只写一个产品。")
            }
            Self::Toml { line, column, why } => format!("第 {line} 行第 {column} 列写得不对:{why}"),
            Self::Version { found } => format!("v 是 {found},本程序只认识第 1 版产品文件。"),
            Self::Identifier { field, found } => {
                format!("{field} 是“{found}”;请用 1 到 48 个 a-z、0-9 和 -(版本号还可用 . 和 _)。")
            }
            Self::Text { field } => format!("{field} 要有中文和英文,各 1 到 200 个字。"),
            Self::AffordLimit { found } => {
                format!("afford_limit_ppm 是 {found};应在 1 到 1000000 之间,如收入的一半写 500000。")
            }
            Self::AmountBounds { min, max } => {
                format!("amount 从 {min} 到 {max} 元;最低额要大于零且不超过最高额。")
            }
            Self::PeriodsList => "term.periods 要从小到大列出 1 到 60 个期数,如 [6, 12, 24]。".to_owned(),
            Self::Methods { found } => format!("plan.methods 列了 {found} 种;请列 1 到 8 种,常用的在前。"),
            Self::CustomMethod => "plan.methods 里有自定义计划;产品不能定死日期,请换一种。".to_owned(),
            Self::Amount { found, min, max } => {
                format!("这个产品不能借 {found} 元;可借 {min} 元到 {max} 元。")
            }
            Self::Periods { found, allowed } => {
                let list: Vec<String> = allowed.iter().map(u32::to_string).collect();
                format!("没有 {found} 期;可选 {} 期。", list.join("、"))
            }
            Self::Method { found, count } => format!("没有第 {found} 种还款方式;请选小于 {count} 的编号。"),
            Self::Terms(error) => return error.words(),
        };
        both(zh, self.to_string())
    }
}
