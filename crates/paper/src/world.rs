//! The typesetter's whole world: the compiled-in templates, two fonts and the four files of one document. No disk, no
//! network, no packages, no clock: a template can reach nothing else.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::PaperError;
use crate::paper::DocKind;

/// What every document shares: built once, used from any thread.
pub(crate) struct Shelf {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
    shared: [Source; 2],
    mains: [Source; DocKind::ALL.len()],
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
    pub(crate) fn new(fonts: Vec<Font>) -> Result<Self, PaperError> {
        let source = |path: &str, text: &str| Ok::<_, PaperError>(Source::new(id(path)?, text.to_owned()));
        Ok(Shelf {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            shared: [
                source("house.typ", include_str!("../templates/house.typ"))?,
                source("parts.typ", include_str!("../templates/parts.typ"))?,
            ],
            mains: [
                source("cost_table.typ", include_str!("../templates/cost_table.typ"))?,
                source("plan.typ", include_str!("../templates/plan.typ"))?,
                source("notice.typ", include_str!("../templates/notice.typ"))?,
                source("contract.typ", include_str!("../templates/contract.typ"))?,
            ],
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

    fn main(&self, kind: DocKind) -> &Source {
        match kind {
            DocKind::CostTable => &self.mains[0],
            DocKind::Plan => &self.mains[1],
            DocKind::Notice => &self.mains[2],
            DocKind::Contract => &self.mains[3],
        }
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
