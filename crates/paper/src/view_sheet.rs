//! The certificate's trail and the call-back's card as the templates see them.

use serde::Serialize;

use crate::sheet::{CallCard, Sheet, Trail, digest_code};
use crate::view::grouped;

/// What a template finds under `view.trail`: texts in the order of the columns.
#[derive(Serialize)]
pub(crate) struct TrailView {
    standing: String,
    /// Place, when, who, what, hash.
    lines: Vec<[String; 5]>,
    /// Name, when, check code, digest's short code, digest.
    documents: Vec<[String; 5]>,
    /// Who, when, serial, issuer, digest's short code.
    signatures: Vec<[String; 5]>,
    log_size: String,
    log_root: String,
}

/// What a template finds under `view.call`.
#[derive(Serialize)]
pub(crate) struct CallView {
    number: String,
    questions: Vec<String>,
    code: String,
}

/// Both, of which at most one is there. Every text goes through `ink`.
pub(crate) fn sheet(sheet: &Sheet, ink: impl Fn(&str) -> String) -> (Option<TrailView>, Option<CallView>) {
    match sheet {
        Sheet::None | Sheet::Letter(_) => (None, None),
        Sheet::Trail(found) => (Some(trail(found, ink)), None),
        Sheet::Call(CallCard { number, questions, code }) => {
            let questions = questions.iter().map(|text| ink(text)).collect();
            (None, Some(CallView { number: ink(number), questions, code: ink(code) }))
        }
    }
}

fn trail(found: &Trail, ink: impl Fn(&str) -> String) -> TrailView {
    TrailView {
        standing: ink(&found.standing),
        lines: found
            .lines
            .iter()
            .map(|l| {
                [
                    l.seq.saturating_add(1).to_string(),
                    ink(&l.at),
                    ink(&l.who),
                    ink(&l.what),
                    ink(&grouped(&l.hash)),
                ]
            })
            .collect(),
        documents: found
            .documents
            .iter()
            .map(|d| {
                [
                    ink(&d.name),
                    ink(&d.at),
                    ink(&d.code),
                    ink(&digest_code(&d.sha256)),
                    ink(&grouped(&d.sha256)),
                ]
            })
            .collect(),
        signatures: found
            .signatures
            .iter()
            .map(|s| {
                [ink(&s.signer), ink(&s.at), ink(&s.serial), ink(&s.issuer), ink(&digest_code(&s.digest))]
            })
            .collect(),
        log_size: found.log_size.to_string(),
        log_root: ink(&grouped(&found.log_root)),
    }
}

impl TrailView {
    /// Everything that must stand on the certificate.
    pub(crate) fn texts(&self) -> impl Iterator<Item = String> {
        let cells = self.lines.iter().chain(&self.documents).chain(&self.signatures).flatten();
        cells.chain([&self.standing, &self.log_size, &self.log_root]).cloned()
    }
}

impl CallView {
    /// Everything that must stand on the card.
    pub(crate) fn texts(&self) -> impl Iterator<Item = String> {
        self.questions.iter().chain([&self.number, &self.code]).cloned()
    }
}
