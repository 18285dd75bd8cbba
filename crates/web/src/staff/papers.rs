//! Papers and packages for staff: the same bytes that the borrower has. Personal values are opened for compliance only, and
//! only when asked for.

use axum::extract::{Path, Query};
use axum::response::Response;
use mingbai_desk::borrow::{Disclose, Documents, Redaction};
use mingbai_desk::core::borrow::JourneyId;
use mingbai_desk::core::borrow::event::TypeSize;
use mingbai_desk::core::text::both;
use mingbai_desk::cost::Lang;
use mingbai_desk::evidence::Digest;
use mingbai_desk::ports::PaperKind;
use serde::Deserialize;

use super::{at, named};
use crate::borrow::{file, zip};
use crate::door::{Fail, Kind, Staff};
use crate::page::Frame;

/// One printed form of a paper: staff choose it, because it is the borrower who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edition {
    pub(super) lang: Lang,
    pub(super) size: TypeSize,
}

impl Edition {
    const ALL: [(&'static str, Edition); 4] = [
        ("zh-normal", Edition { lang: Lang::Zh, size: TypeSize::Normal }),
        ("zh-large", Edition { lang: Lang::Zh, size: TypeSize::Large }),
        ("en-normal", Edition { lang: Lang::En, size: TypeSize::Normal }),
        ("en-large", Edition { lang: Lang::En, size: TypeSize::Large }),
    ];

    /// Reads a key.
    pub(super) fn from_key(key: &str) -> Option<Self> {
        Edition::ALL.into_iter().find(|(known, _)| *known == key).map(|(_, edition)| edition)
    }
}

/// An edition as a choice with the address of its file.
pub(super) struct Print {
    pub(super) key: &'static str,
    pub(super) label: String,
    pub(super) address: String,
}

/// Every edition of a paper.
pub(super) fn prints(f: &Frame, id: JourneyId, kind: PaperKind) -> Vec<Print> {
    let print = |(key, _)| Print {
        key,
        label: f.t(&format!("staff-edition-{key}")),
        address: format!("{}?edition={key}", at(id, &format!("paper/{}", kind.key()))),
    };
    Edition::ALL.into_iter().map(print).collect()
}

/// Which edition.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    edition: String,
}

/// `GET paper/{kind or digest}`.
pub(super) async fn paper(
    staff: Staff,
    Path((id, wanted)): Path<(String, String)>,
    Query(of): Query<Wanted>,
) -> Result<Response, Fail> {
    let id = named(&id)?;
    let (desk, look) = (&staff.visit.site.desk, staff.visit.look);
    let (name, document) = match PaperKind::from_key(&wanted) {
        Some(kind) => {
            let own = Edition { lang: look.lang, size: look.size };
            let Edition { lang, size } = Edition::from_key(&of.edition).unwrap_or(own);
            let issued = desk.issue_paper(&staff.caller, id, kind, lang, size).await?;
            (kind.key().replace('_', "-"), issued.document.sha256)
        }
        None => {
            let digest: Digest = wanted.parse().map_err(|_| Fail::of(Kind::NotFound))?;
            ("document".to_owned(), digest)
        }
    };
    let (document, bytes) = desk.paper_bytes(&staff.caller, id, document).await?;
    Ok(file(&document, &format!("mingbai-{name}.pdf"), bytes))
}

/// What of the sealed values goes along.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Values {
    #[serde(default)]
    values: String,
}

/// `GET package`: the evidence; with `?values=open`, for compliance, with the personal values opened.
pub(super) async fn package(
    staff: Staff,
    Path(id): Path<String>,
    Query(values): Query<Values>,
) -> Result<Response, Fail> {
    let id = named(&id)?;
    let disclose = match values.values.as_str() {
        "open" => Disclose::Everything,
        _ => Disclose::Nothing,
    };
    let bytes = staff.visit.site.desk.package(&staff.caller, id, disclose).await?;
    Ok(zip(&id.reference(), bytes))
}

/// `GET copy?hide=…&documents=withheld`: a redacted copy. It opens nothing, so whoever may have the package may have it.
pub(super) async fn copy(
    staff: Staff,
    Path(id): Path<String>,
    Query(wishes): Query<Vec<(String, String)>>,
) -> Result<Response, Fail> {
    let id = named(&id)?;
    let redaction = redaction(&wishes);
    if redaction == Redaction::default() {
        // A "redacted" copy that hides nothing would be taken for one that does.
        return Err(Fail::of(Kind::Invalid).because(both(
            "您没有选择要隐去的内容,所以没有制作删减件。请回到时间线,至少勾选一项;需要完整内容请下载证据包。",
            "Nothing was chosen to be withheld, so no redacted copy was made. Go back to the time line and tick at \
             least one box; for everything, download the evidence package.",
        )));
    }
    let bytes = staff.visit.site.desk.package(&staff.caller, id, Disclose::Redacted(redaction)).await?;
    Ok(zip(&format!("{}-redacted", id.reference()), bytes))
}

fn redaction(wishes: &[(String, String)]) -> Redaction {
    let kinds = wishes
        .iter()
        .filter(|(name, kind)| name == "hide" && !kind.is_empty())
        .map(|(_, kind)| kind.clone())
        .collect();
    let withheld = wishes.iter().any(|(name, value)| name == "documents" && value == "withheld");
    Redaction { kinds, documents: if withheld { Documents::Withheld } else { Documents::Shown } }
}
