//! What a paper needs to know beside the cost table: for whom, in which size, and how to check it. Checked for size here;
//! formatted by the caller.

use mingbai_cost::Lang;

use crate::PaperError;
use crate::sheet::Sheet;

/// How large the type is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TypeSize {
    /// 10.5 points (五号) for text.
    #[default]
    Normal,
    /// 长辈版: 14 points (四号) for text, nothing that matters below 12 points (小四).
    Large,
}

/// Telephone numbers of the lender, as they should be printed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Contact {
    /// To ask a question.
    pub phone: String,
    /// To complain.
    pub complaint_phone: String,
}

/// Everything about one paper that is not cost.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocContext {
    /// Language of the whole paper.
    pub lang: Lang,
    /// Size of type.
    pub size: TypeSize,
    /// Short code that anyone can look up, printed on every page beside the QR code.
    pub short_code: String,
    /// Address where the code can be checked, as people read it: printed in the footer.
    pub verify_url: String,
    /// What the QR code holds: the same address with 160 bits of the digest of the embedded table behind it, in upper case where
    /// the address allows. Upper case makes a coarser code, which survives a photocopier and a telephone's camera.
    pub qr_text: String,
    /// Journey number in groups of four.
    pub reference: String,
    /// The borrower's name; `None` prints a line to fill in by hand.
    pub borrower_name: Option<String>,
    /// Whom to ask and where to complain.
    pub lender_contact: Contact,
    /// When the paper was made, as it should be printed.
    pub prepared_at: String,
    /// The same moment in Unix milliseconds. Archives demand a date for the embedded file; no clock is read here.
    pub prepared_at_ms: i64,
    /// Digest of the embedded table's bytes, printed so that paper and evidence can be compared.
    pub table_digest: String,
    /// What the certificate and the call-back card print beside the table.
    pub sheet: Sheet,
}

/// Longest borrower's name, in characters.
const NAME_LIMIT: usize = 120;
/// Longest other text, in characters.
const TEXT_LIMIT: usize = 80;
/// Longest printed address.
const URL_LIMIT: usize = 120;
/// Longest text of the QR code: above this the squares get too small for a photocopied code of 35 mm.
const QR_LIMIT: usize = 160;

impl DocContext {
    /// Refuses texts that no page could hold.
    pub(crate) fn check(&self) -> Result<(), PaperError> {
        let name = self.borrower_name.as_deref().unwrap_or_default();
        let fields = [
            ("borrower_name", name, NAME_LIMIT),
            ("short_code", &*self.short_code, TEXT_LIMIT),
            ("verify_url", &*self.verify_url, URL_LIMIT),
            ("qr_text", &*self.qr_text, QR_LIMIT),
            ("reference", &*self.reference, TEXT_LIMIT),
            ("lender_contact.phone", &*self.lender_contact.phone, TEXT_LIMIT),
            ("lender_contact.complaint_phone", &*self.lender_contact.complaint_phone, TEXT_LIMIT),
            ("prepared_at", &*self.prepared_at, TEXT_LIMIT),
            ("table_digest", &*self.table_digest, TEXT_LIMIT),
        ];
        for (field, text, limit) in fields {
            let length = text.chars().count();
            if length > limit {
                return Err(PaperError::TextTooLong { field, length, limit });
            }
        }
        self.sheet.check()
    }
}
