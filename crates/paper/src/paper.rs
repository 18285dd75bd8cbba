//! The press: one value that holds fonts and templates and turns a context and a cost table into the bytes of a PDF.

use jiff::{Timestamp, tz::Offset};
use mingbai_cost::{CostTable, Lang};
use typst::comemo;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Bytes, Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::boxes::{self, SignaturePlace};
use crate::view::View;
use crate::view_letter::LetterView;
use crate::world::{Desk, Shelf};
use crate::{DocContext, PaperError, Sheet, Templates, fonts, qr};

/// Results of earlier documents that the typesetter may keep: shaped labels are worth keeping, a borrower's figures go
/// after this many further documents.
pub(crate) const KEPT_DOCUMENTS: usize = 2;

/// JSON, or why it could not be written.
type Made = Result<Vec<u8>, serde_json::Error>;

/// Which paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocKind {
    /// 综合融资成本明示表.
    CostTable,
    /// 还款计划.
    Plan,
    /// 明白纸.
    Notice,
    /// 个人借款合同, with the cost table and the plan as its annexes.
    Contract,
    /// 签约存证证明: what happened, when, by whom; documents and signatures. Needs [`Sheet::Trail`].
    Certificate,
    /// 回访卡: what we will ask, and how to tell that it is us. Needs [`Sheet::Call`].
    CallbackCard,
    /// 投诉书面答复: the only paper that is not made from a cost table. Needs [`Sheet::Letter`].
    Letter,
}

impl DocKind {
    /// Every kind.
    pub const ALL: [DocKind; 7] = [
        DocKind::CostTable,
        DocKind::Plan,
        DocKind::Notice,
        DocKind::Contract,
        DocKind::Certificate,
        DocKind::CallbackCard,
        DocKind::Letter,
    ];

    /// Stable name, also part of the PDF's identifier.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            DocKind::CostTable => "cost-table",
            DocKind::Plan => "plan",
            DocKind::Notice => "notice",
            DocKind::Contract => "contract",
            DocKind::Certificate => "certificate",
            DocKind::CallbackCard => "callback-card",
            DocKind::Letter => "letter",
        }
    }
}

/// Fonts and templates, read once; share one between threads.
pub struct Paper {
    pub(crate) shelf: Shelf,
}

impl Paper {
    /// Reads the compiled-in fonts and templates.
    ///
    /// # Errors
    /// [`PaperError::Font`] if the build is damaged.
    pub fn new() -> Result<Paper, PaperError> {
        Paper::of(&[], &Templates::new())
    }

    /// A press with a lender's own fonts (file name and bytes), for characters that the built-in faces lack, and own templates.
    ///
    /// # Errors
    /// [`PaperError::Font`] or [`PaperError::Template`].
    pub fn of(fonts: &[(String, Vec<u8>)], templates: &Templates) -> Result<Paper, PaperError> {
        Ok(Paper { shelf: Shelf::new(fonts::load(fonts)?, templates)? })
    }

    /// 综合融资成本明示表: everything the loan costs, to be signed in person.
    ///
    /// # Errors
    /// A text or table too large for paper, an address that no QR code can hold, or a fault of the typesetter.
    pub fn cost_table(&self, doc: &DocContext, table: &CostTable) -> Result<Vec<u8>, PaperError> {
        self.pdf(DocKind::CostTable, doc, table)
    }

    /// 还款计划: every instalment, every single charge, and the cost of repaying early after each instalment.
    ///
    /// # Errors
    /// As [`Paper::cost_table`].
    pub fn plan(&self, doc: &DocContext, table: &CostTable) -> Result<Vec<u8>, PaperError> {
        self.pdf(DocKind::Plan, doc, table)
    }

    /// 明白纸: one page with the eight key facts in large print and whom to call.
    ///
    /// # Errors
    /// As [`Paper::cost_table`].
    pub fn notice(&self, doc: &DocContext, table: &CostTable) -> Result<Vec<u8>, PaperError> {
        self.pdf(DocKind::Notice, doc, table)
    }

    /// 个人借款合同: the agreement in plain words, with the cost table and the plan as its annexes, to be signed by both parties
    /// (`sign-borrower`, `sign-lender`).
    ///
    /// # Errors
    /// As [`Paper::cost_table`].
    pub fn contract(&self, doc: &DocContext, table: &CostTable) -> Result<Vec<u8>, PaperError> {
        self.pdf(DocKind::Contract, doc, table)
    }

    /// 投诉书面答复: the written answer to a complaint, with what is done and how to go on.
    ///
    /// # Errors
    /// As [`Paper::cost_table`].
    pub fn letter(&self, doc: &DocContext) -> Result<Vec<u8>, PaperError> {
        let made = self.typeset_letter(doc).and_then(|document| export(DocKind::Letter, doc, &document));
        comemo::evict(KEPT_DOCUMENTS);
        made
    }

    /// Any of them; a letter looks at no table.
    ///
    /// # Errors
    /// As [`Paper::cost_table`].
    pub fn pdf(&self, kind: DocKind, doc: &DocContext, table: &CostTable) -> Result<Vec<u8>, PaperError> {
        let made = self.typeset(kind, doc, table).and_then(|document| export(kind, doc, &document));
        comemo::evict(KEPT_DOCUMENTS);
        made
    }

    /// The text that stands on each page, in the order in which it was set: for tests, search and comparison with a scan.
    ///
    /// # Errors
    /// As [`Paper::cost_table`].
    pub fn page_texts(
        &self,
        kind: DocKind,
        doc: &DocContext,
        table: &CostTable,
    ) -> Result<Vec<String>, PaperError> {
        let made = self.typeset(kind, doc, table);
        comemo::evict(KEPT_DOCUMENTS);
        Ok(made?.pages().iter().map(|page| crate::read::text(&page.frame)).collect())
    }

    /// Where a signature belongs on the paper, by the marks of its template. The same places stand in the file's keywords,
    /// beside those where something else is filled in (`fill-…`).
    ///
    /// # Errors
    /// As [`Paper::cost_table`].
    pub fn signature_places(
        &self,
        kind: DocKind,
        doc: &DocContext,
        table: &CostTable,
    ) -> Result<Vec<SignaturePlace>, PaperError> {
        let made = self.typeset(kind, doc, table);
        comemo::evict(KEPT_DOCUMENTS);
        let mut places = boxes::find(&made?);
        places.retain(|place| place.name.starts_with("sign-"));
        Ok(places)
    }

    pub(crate) fn typeset(
        &self,
        kind: DocKind,
        doc: &DocContext,
        table: &CostTable,
    ) -> Result<PagedDocument, PaperError> {
        doc.check()?;
        match (kind, &doc.sheet) {
            (DocKind::Letter, _) => return self.typeset_letter(doc),
            (DocKind::Certificate, Sheet::Trail(_)) | (DocKind::CallbackCard, Sheet::Call(_)) => {}
            (DocKind::Certificate, _) => {
                return Err(PaperError::Missing { kind: kind.name(), sheet: "trail" });
            }
            (DocKind::CallbackCard, _) => {
                return Err(PaperError::Missing { kind: kind.name(), sheet: "card" });
            }
            _ => {}
        }
        let moment = date(doc.prepared_at_ms)?;
        let view = View::new(&self.shelf.fonts, doc, table)?;
        self.set(kind, doc, (serde_json::to_vec(table), serde_json::to_vec(&view)), moment)
    }

    fn typeset_letter(&self, doc: &DocContext) -> Result<PagedDocument, PaperError> {
        doc.check()?;
        let Sheet::Letter(letter) = &doc.sheet else {
            return Err(PaperError::Missing { kind: DocKind::Letter.name(), sheet: "letter" });
        };
        let view = LetterView::new(&self.shelf.fonts, doc, letter);
        let moment = date(doc.prepared_at_ms)?;
        self.set(DocKind::Letter, doc, (serde_json::to_vec(letter), serde_json::to_vec(&view)), moment)
    }

    fn set(
        &self,
        kind: DocKind,
        doc: &DocContext,
        (data, view): (Made, Made),
        moment: Datetime,
    ) -> Result<PagedDocument, PaperError> {
        let json =
            |value: Made| value.map(Bytes::new).map_err(|why| PaperError::Typeset { why: why.to_string() });
        let desk = Desk {
            shelf: &self.shelf,
            kind,
            english: doc.lang == Lang::En,
            view: json(view)?,
            qr: Bytes::from_string(qr::svg(&doc.qr_text)?),
            data: json(data)?,
        };
        let mut document: PagedDocument = typst::compile(&desk).output.map_err(|why| desk.fault(&why))?;
        document.info_mut().date = Smart::Custom(Some(moment));
        let places = boxes::find(&document);
        document.info_mut().keywords.extend(places.iter().map(|place| place.keyword().into()));
        if let Some(digest) = self.shelf.digest(kind) {
            document.info_mut().keywords.push(format!("template={digest}").into());
        }
        Ok(document)
    }
}

pub(crate) fn export(
    kind: DocKind,
    doc: &DocContext,
    document: &PagedDocument,
) -> Result<Vec<u8>, PaperError> {
    let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
        .map_err(|why| PaperError::Typeset { why: why.message().to_string() })?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {} {}", kind.name(), doc.reference, doc.table_digest)),
        creator: Smart::Custom(Some("Mingbai".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|why| typeset_error(&why))
}

fn typeset_error(diagnostics: &[SourceDiagnostic]) -> PaperError {
    let why = diagnostics.iter().map(|d| d.message.as_str()).collect::<Vec<_>>().join("; ");
    PaperError::Typeset { why }
}

/// The document's date: the caller's moment in UTC.
fn date(at_ms: i64) -> Result<Datetime, PaperError> {
    let refuse = || PaperError::Moment { at_ms };
    let at = Offset::UTC.to_datetime(Timestamp::from_millisecond(at_ms).map_err(|_| refuse())?);
    let part = |n: i8| u8::try_from(n).map_err(|_| refuse());
    if at.year() < 1 {
        return Err(refuse());
    }
    Datetime::from_ymd_hms(
        at.year().into(),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
    .ok_or_else(refuse)
}
