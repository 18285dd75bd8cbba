//! 用 borrow: the use cases of one loan, one file each.

mod again;
mod callback;
mod ceremony;
mod checkout;
mod family;
mod list;
mod open;
mod package;
pub(crate) mod paper;
pub mod permit;
mod receipt;
pub mod recording;
mod report;
mod returned;
mod row;
mod sheet;
pub mod signing;
mod table;
mod terms;
mod timeline;
mod told;
mod upload;
pub(crate) mod write;

use std::sync::Arc;

use mingbai_core::borrow::{Journey, JourneyId};
use mingbai_core::policy::Pack;

pub use again::{codes_again, paper_stream, row_again};
pub use checkout::{Quote, QuoteRequest};
pub use family::FamilyIn;
pub use list::ListRequest;
pub(crate) use open::CODE_TRIES;
pub use open::{IssuedLink, OpenRequest, OpenedJourney};
pub use package::{Disclose, Documents, Redaction};
pub use paper::IssuedPaper;
pub use permit::IssuedPermit;
pub use returned::{ReturnedView, Side};
pub use terms::TermsRequest;
pub use timeline::{Timeline, TimelineEntry};
pub use told::told;
pub use write::Acted;

use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Find, Holder};

/// A journey with the policy pack that it was opened under: what a page needs to say what is done, missing and next.
#[derive(Clone, Debug)]
pub struct JourneyView {
    /// The journey, folded from its evidence.
    pub journey: Journey,
    /// Its pack.
    pub pack: Arc<Pack>,
}

/// Whose the documents of a journey are. Even a cost table is hers: it says what she borrows.
pub(crate) fn holder(id: JourneyId) -> Holder {
    Holder::Person(id.uuid())
}

impl Desk {
    /// A journey as it stands.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when there is none that the caller may see.
    pub async fn journey(&self, caller: &Caller, id: JourneyId) -> Result<JourneyView, DeskError> {
        let loaded = self.load_for(caller, id).await?;
        Ok(JourneyView { journey: loaded.journey, pack: loaded.pack })
    }

    /// Finds a journey by its number, by the reference that people read aloud, or by the core system's application number.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when there is none that the caller may see.
    pub async fn find_journey(&self, caller: &Caller, text: &str) -> Result<JourneyId, DeskError> {
        let text = text.trim();
        if text.len() > 120 {
            return Err(DeskError::no_journey());
        }
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
        let mut ways = Vec::new();
        if let Some(id) = JourneyId::parse(text) {
            ways.push(Find::Journey(id));
        }
        if plain.len() == 16 && plain.bytes().all(|b| b.is_ascii_hexdigit()) {
            ways.push(Find::Reference(plain));
        }
        ways.push(Find::ExternalRef(text.to_owned()));
        for way in ways {
            if let Some(row) = self.ports.log.find(way).await?
                && caller.may_see(row.journey, Some(&row))
            {
                return Ok(row.journey);
            }
        }
        Err(DeskError::no_journey())
    }

    /// The borrower's name, if the vault still has it. `None` after she was forgotten.
    ///
    /// # Errors
    /// As [`Desk::journey`].
    pub async fn borrower_name(&self, caller: &Caller, id: JourneyId) -> Result<Option<String>, DeskError> {
        if caller.is_core() {
            return Err(crate::caller::forbidden());
        }
        let loaded = self.load_for(caller, id).await?;
        self.opened_name(&loaded.journey).await
    }
}
