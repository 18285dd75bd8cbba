//! 学 learn: what anybody may read and try without a login. A test keeps nothing here: its whole state is a sheet that the reader carries, under
//! a seal of the house, and nothing about a person is asked, written or counted. Campaigns have use cases of their own: who comes to an event
//! needs no login; whoever plans, approves and counts has one.

mod campaign;
mod sheet;
mod spot;
mod test;

pub use campaign::{
    CampaignFigures, CampaignRow, CheckIn, Did, Effect, Face, HallCode, ListLine, ListOutcome, PlanWish,
    ResultLine, SessionFile, SessionWish,
};
pub use sheet::{Answered, Block};
pub use spot::{Called, Leaning, Spotted, SpottedRow};
pub use test::{Asked, Level, Marked, MarkedRow, Stage};

use std::sync::{Arc, OnceLock};

use mingbai_core::learn::Library;
use mingbai_core::text::both;
use zeroize::Zeroizing;

use crate::desk::Desk;
use crate::error::DeskError;
use sheet::Sheet;

/// Length of the key under sheets, in bytes.
pub const SHEET_KEY_BYTES: usize = 32;

/// What the learn room of a desk holds.
#[derive(Default)]
pub(crate) struct Room {
    library: Option<Arc<Library>>,
    key: OnceLock<Zeroizing<[u8; SHEET_KEY_BYTES]>>,
}

impl Desk {
    /// Gives the desk the lessons and questions of an institution. Without, it has those of the program.
    #[must_use]
    pub fn with_library(mut self, library: Library) -> Self {
        self.room.library = Some(Arc::new(library));
        self
    }

    /// Gives the desk the key under the sheets of tests, the same on every node and after every start. Without, a key is thrown when the first
    /// test begins, and tests that are under way end with the process.
    #[must_use]
    pub fn with_sheet_key(self, key: Zeroizing<[u8; SHEET_KEY_BYTES]>) -> Self {
        // The first key given stays: a desk is put together once.
        let _ = self.room.key.set(key);
        self
    }

    /// What is taught and asked.
    #[must_use]
    pub fn library(&self) -> &Library {
        self.room.library.as_deref().unwrap_or_else(|| Library::shipped())
    }

    fn sheet_key(&self) -> &[u8; SHEET_KEY_BYTES] {
        self.room.key.get_or_init(|| Zeroizing::new(self.random()))
    }

    /// Begins a block of a test: the sheet to carry.
    #[must_use]
    pub fn test_begin(&self, block: Block) -> String {
        let sheet = Sheet::new(block, self.library(), self.seed(), self.now_ms());
        sheet.sealed(self.sheet_key())
    }

    /// Where the test of a sheet stands: the open question, or the result.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] with field `sheet` when it is not one of ours, was changed, is too old, or belongs to other questions.
    pub fn test_stage(&self, sheet: &str) -> Result<Stage<'_>, DeskError> {
        let sheet = self.opened(sheet)?;
        Ok(match sheet.block() {
            Block::Questions => test::stage(&sheet, self.library()),
            Block::Messages => spot::stage(&sheet, self.library()),
        })
    }

    /// Takes the answer to question `number` (counted from one): the next sheet.
    ///
    /// # Errors
    /// As [`Desk::test_stage`]; [`DeskError::Invalid`] with field `question` when another question is open, and with field `answer` when
    /// the answer is none of its choices.
    pub fn test_answer(&self, sheet: &str, number: &str, answer: &str) -> Result<String, DeskError> {
        let mut sheet = self.opened(sheet)?;
        let Some(open) = sheet.open(self.library()) else {
            let words = both("这份答卷已经答完,下面是结果。", "This test is finished; here is its result.");
            return Err(DeskError::Invalid { field: "question", words });
        };
        if number.trim() != sheet.number().to_string() {
            let words = both(
                "这个答案是给另一道题的(可能按了“后退”,或交了两次)。下面是现在要答的题。",
                "That answer belongs to another question (perhaps after going back, or sent twice). Here is the one that is open.",
            );
            return Err(DeskError::Invalid { field: "question", words });
        }
        let answered = Answered::parse(answer, open.choices).ok_or_else(|| DeskError::Invalid {
            field: "answer",
            words: both(
                "请选一项;不知道就选“不知道”。",
                "Please choose one; choose \"I don't know\" if you do not know.",
            ),
        })?;
        sheet.answer(open.place, answered);
        Ok(sheet.sealed(self.sheet_key()))
    }

    fn opened(&self, sheet: &str) -> Result<Sheet, DeskError> {
        Sheet::opened(sheet, self.sheet_key(), self.library(), self.now_ms())
            .map_err(|words| DeskError::Invalid { field: "sheet", words })
    }
}
