//! Why a use case did not do what was asked, in words for the person who asked and with a kind that the door can turn into
//! a status. Knows no HTTP.

use mingbai_core::borrow::fold::FoldError;
use mingbai_core::borrow::refusal::{Refusal, RefusalKind};
use mingbai_core::text::{Tell, both};
use mingbai_cost::{CostError, Words};
use mingbai_evidence::RecordError;
use mingbai_evidence::note::NoteError;

use crate::ports::{KeepError, LogError, PapersError, StoreError};
use crate::product::ProductError;

/// What kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// Nobody is signed in, or the secret is wrong.
    Unauthenticated,
    /// Somebody is signed in, and this is not theirs.
    Forbidden,
    /// There is nothing under this name that the caller may see.
    NotFound,
    /// What was sent cannot be understood.
    Invalid,
    /// The rules say no; the refusal says what is missing.
    Refused(RefusalKind),
    /// Others were faster several times, or too many tries: repeat later.
    Busy,
    /// Our own failure.
    Fault,
}

/// Why a use case did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DeskError {
    /// The rules say no.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// Nobody is signed in, or the secret is wrong.
    #[error("{} / {}", .0.zh, .0.en)]
    Unauthenticated(Words),
    /// Not the caller's to see or do.
    #[error("{} / {}", .0.zh, .0.en)]
    Forbidden(Words),
    /// Nothing there.
    #[error("{} / {}", .0.zh, .0.en)]
    NotFound(Words),
    /// Input that cannot be understood.
    #[error("{field}: {} / {}", .words.zh, .words.en)]
    Invalid {
        /// The field, as the API names it.
        field: &'static str,
        /// What is wrong and what would be right.
        words: Words,
    },
    /// Repeat later.
    #[error("{} / {}", .0.zh, .0.en)]
    Busy(Words),
    /// A product file or a request against its bounds.
    #[error(transparent)]
    Product(#[from] ProductError),
    /// The table could not be computed.
    #[error(transparent)]
    Cost(#[from] CostError),
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Accounts, links, outbox.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Attachments or vault.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// The press.
    #[error(transparent)]
    Papers(#[from] PapersError),
    /// Stored evidence cannot be folded.
    #[error(transparent)]
    Fold(#[from] FoldError),
    /// A record could not be written.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A checkpoint could not be signed.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Nothing is signed any more, because the log is not the one that was signed before.
    #[error("{} / {}", .0.zh, .0.en)]
    Stopped(Words),
    /// Our own failure, with a hint for the operator.
    #[error("{0}")]
    Fault(String),
}

impl From<Refusal> for DeskError {
    fn from(refusal: Refusal) -> Self {
        DeskError::Refused(Box::new(refusal))
    }
}

impl DeskError {
    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            DeskError::Refused(refusal) => ErrorKind::Refused(refusal.kind),
            DeskError::Unauthenticated(_) => ErrorKind::Unauthenticated,
            DeskError::Forbidden(_) => ErrorKind::Forbidden,
            DeskError::NotFound(_) | DeskError::Keep(KeepError::Forgotten) => ErrorKind::NotFound,
            DeskError::Invalid { .. } | DeskError::Product(_) => ErrorKind::Invalid,
            DeskError::Busy(_) | DeskError::Log(LogError::Conflict { .. } | LogError::Closed) => {
                ErrorKind::Busy
            }
            DeskError::Store(StoreError::Exists(_)) => ErrorKind::Invalid,
            _ => ErrorKind::Fault,
        }
    }

    /// The refusal, when the rules said no.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            DeskError::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Input that cannot be understood.
    #[must_use]
    pub fn invalid(field: &'static str, words: Words) -> Self {
        DeskError::Invalid { field, words }
    }

    /// There is no such journey for this caller. The same answer whether it does not exist or is not hers to see.
    #[must_use]
    pub fn no_journey() -> Self {
        DeskError::NotFound(both(
            "没有找到这笔业务,或者您无权查看。请核对编号。",
            "There is no such journey, or it is not yours to see. Check the number.",
        ))
    }
}

impl Tell for DeskError {
    fn words(&self) -> Words {
        match self {
            DeskError::Refused(refusal) => refusal.words(),
            DeskError::Unauthenticated(words)
            | DeskError::Forbidden(words)
            | DeskError::NotFound(words)
            | DeskError::Busy(words)
            | DeskError::Stopped(words)
            | DeskError::Invalid { words, .. } => words.clone(),
            DeskError::Papers(error) => error.words.clone(),
            DeskError::Product(error) => error.words(),
            DeskError::Cost(error) => error.words(),
            DeskError::Store(StoreError::Exists(what)) => {
                both(format!("{what} 已存在,请换一个。"), format!("{what} exists already; choose another."))
            }
            DeskError::Log(LogError::Conflict { .. }) => {
                both("有人同时在操作这笔业务,请再试一次。", "Somebody else is working on this; try again.")
            }
            DeskError::Keep(KeepError::Forgotten) => both(
                "此人的资料已依法删除,无法再查看或添加;存证仍可验证。",
                "This person's data was erased by law; it can be neither read nor added to. The evidence can still be verified.",
            ),
            DeskError::Log(LogError::Full) => both(
                "服务器磁盘已满,没有写入任何内容。请联系管理员。",
                "The disk is full; nothing was written.",
            ),
            _ => both(
                "系统出了问题,这一步没有完成,已完成的内容没有丢失。请稍后再试。",
                "Something failed on our side. This step was not done; nothing done before is lost. Try again later.",
            ),
        }
    }
}
