//! What can be wrong with a package as a file, in both languages.

use crate::record::RecordError;
use crate::text::Bilingual;

/// Why bytes are not a package, or a package cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// The file, one file inside, or all of them together exceed a limit.
    #[error(
        "{what} is larger than the allowed {limit} bytes; raise the limit only if you trust where it came from"
    )]
    TooLarge {
        /// `the package` or the name of a file inside.
        what: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// More files than allowed.
    #[error("the package has {found} files and {limit} are allowed; split it by stream")]
    TooManyFiles {
        /// Files found.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// Not a zip, or a damaged one.
    #[error("this is not a readable zip file ({why}); it was damaged or is another file, ask for it again")]
    NotZip {
        /// What the zip reader says.
        why: String,
    },
    /// A file inside cannot be read.
    #[error("{name} inside the package cannot be read ({why}); the package was damaged, ask for it again")]
    Damaged {
        /// Name of the file.
        name: String,
        /// What the zip reader says.
        why: String,
    },
    /// A name that could write outside a folder, or that not every system can show.
    #[error("the package has a file with the unsafe name {name:?}; do not unpack it, ask for it again")]
    UnsafeName {
        /// The name, shortened.
        name: String,
    },
    /// Two entries of one name, or entries that share bytes: two readers could see two contents.
    #[error(
        "the zip has two entries of one name or overlapping entries; it was made to mislead, do not unpack it"
    )]
    Ambiguous,
    /// A file that every package has is not there.
    #[error("{name} is missing from the package; ask for the whole package again")]
    Missing {
        /// Name of the file.
        name: String,
    },
    /// A file that does not belong into a package.
    #[error("{name} does not belong into a package; remove it, or use a newer version of this software")]
    Unknown {
        /// Name of the file.
        name: String,
    },
    /// A record is not one.
    #[error("{name}: {error}")]
    Record {
        /// Name of the file.
        name: String,
        /// What is wrong with it.
        error: RecordError,
    },
    /// A proof, a disclosure, the key or a text does not have its form.
    #[error("{name} does not have its form ({why}); it was damaged or written by other software")]
    Malformed {
        /// Name of the file.
        name: String,
        /// What does not fit.
        why: String,
    },
    /// The number of proofs is not that of the records.
    #[error(
        "{records} records cannot have {proofs} proofs; give one proof for each record, in the same order"
    )]
    Unpaired {
        /// Number of records.
        records: usize,
        /// Number of proofs.
        proofs: usize,
    },
}

impl Bilingual for PackageError {
    fn zh(&self) -> String {
        match self {
            Self::TooLarge { what, limit } => {
                let what = if what == "the package" { "证据包" } else { what };
                format!("{what} 超过 {limit} 字节的上限;除非信得过来源,请不要放宽上限。")
            }
            Self::TooManyFiles { found, limit } => {
                format!("证据包有 {found} 个文件,上限 {limit};请按记录流拆分。")
            }
            Self::NotZip { why } => format!("这不是可读的 zip 文件({why});可能已损坏,请重新索取。"),
            Self::Damaged { name, why } => format!("包内的 {name} 无法读取({why});证据包已损坏,请重新索取。"),
            Self::UnsafeName { name } => format!("包内有文件名不安全:{name:?};请勿解压,请重新索取。"),
            Self::Ambiguous => "zip 里有同名或互相重叠的文件,有意误导;请勿解压。".to_owned(),
            Self::Missing { name } => format!("证据包缺少 {name};请索取完整的证据包。"),
            Self::Unknown { name } => format!("{name} 不属于证据包;请移除,或使用更新版本的软件。"),
            Self::Record { name, error } => format!("{name}:{}", error.zh()),
            Self::Malformed { name, why } => {
                format!("{name} 的格式不对({why});可能已损坏,或由其他软件写成。")
            }
            Self::Unpaired { records, proofs } => {
                format!("{records} 条记录却有 {proofs} 份证明;每条记录应有一份,次序相同。")
            }
        }
    }

    fn en(&self) -> String {
        self.to_string()
    }
}
