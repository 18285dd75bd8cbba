//! Why a policy pack is refused, in both languages, with the place and the way out.

use mingbai_cost::Words;

use crate::text::{Tell, both};

/// A pack that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// The file is larger than a pack can be.
    #[error("the policy pack has {bytes} bytes, more than the limit of {limit}; is this the right file?")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Not TOML, an unknown field, a missing field or a wrong type.
    #[error("line {line}: {message}; correct this line (unknown and missing fields are both refused)")]
    Toml {
        /// 1-based line.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// A value is out of its range.
    #[error("{key}: {}", why.en)]
    Value {
        /// Place in the file.
        key: String,
        /// What is wrong and what to do.
        why: Words,
    },
    /// The same id stands twice.
    #[error("{table}: `{id}` stands more than once; give each entry its own id")]
    Twice {
        /// Table.
        table: &'static str,
        /// Id.
        id: String,
    },
    /// A duty has no row.
    #[error("duty `{duty}` has no [[duty]] row; a lender may skip none, add the row")]
    DutyMissing {
        /// Duty key.
        duty: &'static str,
    },
    /// A reference leads nowhere.
    #[error("{from} names the {table} `{id}`, which is not in the pack; add it or correct the name")]
    Dangling {
        /// Who refers.
        from: String,
        /// To which table.
        table: &'static str,
        /// The id that is not there.
        id: String,
    },
}

impl Tell for PackError {
    fn words(&self) -> Words {
        let zh = match self {
            PackError::TooLarge { bytes, limit } => {
                format!("规则包有 {bytes} 字节,超过上限 {limit};请检查是否选错了文件")
            }
            PackError::Toml { line, message } => {
                format!("第 {line} 行有误({message});请改正这一行,多出或缺少的字段都不接受")
            }
            PackError::Value { key, why } => format!("{key} 的值不对:{}", why.zh),
            PackError::Twice { table, id } => {
                format!("{table} 中“{id}”出现了不止一次;请为每一条起不同的编号")
            }
            PackError::DutyMissing { duty } => {
                format!("缺少义务“{duty}”的 [[duty]] 一行;任何义务都不能省,请补上")
            }
            PackError::Dangling { from, table, id } => {
                format!("{from} 引用的 {table}“{id}”不在规则包里;请补上或改正名称")
            }
        };
        both(zh, self.to_string())
    }
}
