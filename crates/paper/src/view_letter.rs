//! The answer to a complaint as its template sees it. It has no cost table, so it is a view of its own.

use mingbai_cost::Lang;
use serde::Serialize;
use typst::text::Font;

use crate::plain::printable;
use crate::sheet::Letter;
use crate::{DocContext, TypeSize};

/// What `letter.typ` and the house style find in `view`.
#[derive(Serialize)]
pub(crate) struct LetterView {
    lang: &'static str,
    large: bool,
    reference: String,
    short_code: String,
    verify_url: String,
    prepared_at: String,
    lender: String,
    phone: String,
    complaint_phone: String,
    to: Option<String>,
    facts: Vec<(String, String)>,
    outcome: String,
    text: Vec<String>,
    remedies: Vec<String>,
    ways: Vec<String>,
}

impl LetterView {
    pub(crate) fn new(fonts: &[Font], doc: &DocContext, letter: &Letter) -> Self {
        let ink = |text: &String| printable(fonts, text);
        let inks = |texts: &[String]| texts.iter().map(ink).collect();
        LetterView {
            lang: if doc.lang == Lang::Zh { "zh" } else { "en" },
            large: doc.size == TypeSize::Large,
            reference: ink(&doc.reference),
            short_code: ink(&doc.short_code),
            verify_url: ink(&doc.verify_url),
            prepared_at: ink(&doc.prepared_at),
            lender: ink(&letter.from),
            phone: ink(&doc.lender_contact.phone),
            complaint_phone: ink(&doc.lender_contact.complaint_phone),
            to: doc.borrower_name.as_ref().map(ink),
            facts: letter.facts.iter().map(|(label, value)| (ink(label), ink(value))).collect(),
            outcome: ink(&letter.outcome),
            text: inks(&letter.text),
            remedies: inks(&letter.remedies),
            ways: inks(&letter.ways),
        }
    }

    /// Everything that must stand on the letter.
    pub(crate) fn texts(self) -> Vec<String> {
        let facts = self.facts.into_iter().flat_map(|(label, value)| [label, value]);
        let lists = [self.text, self.remedies, self.ways].into_iter().flatten();
        let rest = [self.outcome, self.complaint_phone].into_iter().chain(self.to);
        facts.chain(lists).chain(rest).collect()
    }
}
