//! Time, randomness, keys, paper and messages: what only the outermost crate really has.

use async_trait::async_trait;
use mingbai_core::borrow::event::TypeSize;
use mingbai_cost::{CostTable, Lang, Words};
use mingbai_evidence::note::NoteSigner;

use super::{DocLetter, DocSheet, PaperKind};

/// The clock.
pub trait Clock: Send + Sync {
    /// Now, unix milliseconds.
    fn now_ms(&self) -> i64;
}

/// The dice. Cryptographic: tokens, salts and permit seeds come from here.
pub trait Dice: Send + Sync {
    /// Fills `buffer` with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// The house's two keys, wherever they live.
pub trait Signer: Send + Sync {
    /// The key that signs checkpoints; its name is the log's origin.
    fn log(&self) -> &(dyn NoteSigner + Send + Sync);
    /// The log's key before the present one, while both sign: from the change of keys until everybody has the new one.
    fn log_before(&self) -> Option<&(dyn NoteSigner + Send + Sync)> {
        None
    }
    /// The key that signs permits; another one, so that a permit can never be read as a checkpoint.
    fn permits(&self) -> &(dyn NoteSigner + Send + Sync);
}

/// What a paper needs to know beside the cost table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocRequest {
    /// Which paper.
    pub kind: PaperKind,
    /// Language.
    pub lang: Lang,
    /// Size of type.
    pub size: TypeSize,
    /// Short code in groups of four, as printed.
    pub short_code: String,
    /// Address that checks it, as printed for people.
    pub verify_url: String,
    /// What the QR code holds: that address with the beginning of the table's digest.
    pub qr_text: String,
    /// Journey number in groups of four.
    pub reference: String,
    /// Borrower's name, if the vault still has it.
    pub borrower_name: Option<String>,
    /// Telephone for questions.
    pub phone: String,
    /// Telephone for complaints.
    pub complaint_phone: String,
    /// When it was made, as printed (China Standard Time).
    pub prepared_at: String,
    /// The same in unix ms.
    pub prepared_at_ms: i64,
    /// Digest of the cost table's bytes.
    pub table_digest: String,
    /// What the certificate and the call-back card print beside the table.
    pub sheet: DocSheet,
}

/// A paper could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} / {}", .words.zh, .words.en)]
pub struct PapersError {
    /// What happened, why, what next.
    pub words: Words,
}

/// The press.
#[async_trait]
pub trait Papers: Send + Sync {
    /// The bytes of a PDF.
    ///
    /// # Errors
    /// [`PapersError`] when a text is too long for paper or the press is broken.
    async fn render(&self, request: DocRequest, table: &CostTable) -> Result<Vec<u8>, PapersError>;

    /// The bytes of the answer to a complaint. The same request always gives the same bytes.
    ///
    /// # Errors
    /// As [`Papers::render`].
    async fn letter(&self, request: DocLetter) -> Result<Vec<u8>, PapersError>;
}

/// One message to a core system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookPost {
    /// Address.
    pub url: String,
    /// Headers, names in the case in which they are sent.
    pub headers: Vec<(String, String)>,
    /// Body, exactly the bytes that were signed.
    pub body: Vec<u8>,
}

/// A message did not get through.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message could not be delivered: {0}")]
pub struct WebhookError(pub String);

/// Messages to the core system.
#[async_trait]
pub trait Webhooks: Send + Sync {
    /// Posts a message and returns the HTTP status. Redirects are not followed.
    ///
    /// # Errors
    /// [`WebhookError`] when no status came back.
    async fn post(&self, post: WebhookPost) -> Result<u16, WebhookError>;
}
