//! The typesetter's whole world: the compiled-in templates, the fonts and the four files of one document. No disk, no
//! network, no packages, no clock: a template can reach nothing else.

use std::collections::BTreeMap;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};

use crate::paper::DocKind;
use crate::{PaperError, Template, Templates};

/// What every document shares: built once, used from any thread.
pub(crate) struct Shelf {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
    shared: [Source; 2],
    mains: Vec<Source>,
    digests: BTreeMap<DocKind, String>,
    words: [Bytes; 2],
    ids: Ids,
}

/// The fixed virtual files. File ids live as long as the process and there are only 65,535 of them, so documents share them.
#[derive(Clone, Copy)]
struct Ids {
    view: FileId,
    words: FileId,
    qr: FileId,
    data: FileId,
}

/// The files that differ from document to document.
pub(crate) struct Desk<'a> {
    pub(crate) shelf: &'a Shelf,
    pub(crate) kind: DocKind,
    pub(crate) english: bool,
    pub(crate) view: Bytes,
    pub(crate) qr: Bytes,
    pub(crate) data: Bytes,
}

fn id(path: &str) -> Result<FileId, PaperError> {
    let vpath =
        VirtualPath::new(path).map_err(|_| PaperError::Typeset { why: format!("bad path {path}") })?;
    Ok(RootedPath::new(VirtualRoot::Project, vpath).intern())
}

impl Shelf {
    pub(crate) fn new(fonts: Vec<Font>, own: &Templates) -> Result<Self, PaperError> {
        let source = |path: &str, text: &str| Ok::<_, PaperError>(Source::new(id(path)?, text.to_owned()));
        Ok(Shelf {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            shared: [
                source("house.typ", include_str!("../templates/house.typ"))?,
                source("parts.typ", include_str!("../templates/parts.typ"))?,
            ],
            mains: DocKind::ALL
                .into_iter()
                .map(|kind| {
                    let text = own.get(&kind).map_or_else(|| built_in(kind), Template::text);
                    source(&format!("{}.typ", kind.name()), text)
                })
                .collect::<Result<_, _>>()?,
            digests: own.iter().map(|(kind, template)| (*kind, template.digest().to_owned())).collect(),
            words: [
                Bytes::from_string(include_str!("../templates/words.zh.json")),
                Bytes::from_string(include_str!("../templates/words.en.json")),
            ],
            ids: Ids {
                view: id("view.json")?,
                words: id("words.json")?,
                qr: id("qr.svg")?,
                data: id("data.json")?,
            },
        })
    }

    /// The main file of a kind: one for each, in the order of [`DocKind::ALL`].
    fn main(&self, kind: DocKind) -> &Source {
        &self.mains[kind as usize]
    }

    /// The digest of the lender's own template of a kind.
    pub(crate) fn digest(&self, kind: DocKind) -> Option<&str> {
        self.digests.get(&kind).map(String::as_str)
    }
}

/// The template that comes with the program.
pub(crate) const fn built_in(kind: DocKind) -> &'static str {
    match kind {
        DocKind::CostTable => include_str!("../templates/cost_table.typ"),
        DocKind::Plan => include_str!("../templates/plan.typ"),
        DocKind::Notice => include_str!("../templates/notice.typ"),
        DocKind::Contract => include_str!("../templates/contract.typ"),
        DocKind::Certificate => include_str!("../templates/certificate.typ"),
        DocKind::CallbackCard => include_str!("../templates/callback_card.typ"),
        DocKind::Letter => include_str!("../templates/letter.typ"),
    }
}

impl Desk<'_> {
    /// The typesetter's complaint with the line of the template, where it names one.
    pub(crate) fn fault(&self, diagnostics: &[SourceDiagnostic]) -> PaperError {
        let say = |found: &SourceDiagnostic| {
            let line = self.range(found.span).and_then(|range| {
                let source = self.source(found.span.id()?).ok()?;
                Some((source.id(), source.lines().byte_to_line(range.start)?))
            });
            match line {
                Some((id, line)) => {
                    format!("{}:{}: {}", id.vpath().get_without_slash(), line + 1, found.message)
                }
                None => found.message.to_string(),
            }
        };
        PaperError::Typeset { why: diagnostics.iter().map(say).collect::<Vec<_>>().join("; ") }
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shelf.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shelf.book
    }

    fn main(&self) -> FileId {
        self.shelf.main(self.kind).id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        std::iter::once(self.shelf.main(self.kind))
            .chain(&self.shelf.shared)
            .find(|source| source.id() == id)
            .cloned()
            .ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let ids = self.shelf.ids;
        if id == ids.view {
            Ok(self.view.clone())
        } else if id == ids.words {
            Ok(self.shelf.words[usize::from(self.english)].clone())
        } else if id == ids.qr {
            Ok(self.qr.clone())
        } else if id == ids.data {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shelf.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
