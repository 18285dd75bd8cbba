//! Tiles of the published log: hashes for everybody, the records themselves for auditors and compliance only.

use mingbai_core::actor::StaffRole;
use mingbai_core::text::both;
use mingbai_evidence::Record;
use mingbai_evidence::tiles::{Content, TileName, bundle};

use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;

impl Desk {
    /// A tile of hashes, as the published log has it.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when the published log does not reach so far, or there is no public log.
    pub async fn tile(&self, name: TileName) -> Result<Vec<u8>, DeskError> {
        self.published(name).await?;
        // No log has nodes so high that the level would not fit; such a tile is not there.
        let level = u8::try_from(name.tree_level()).map_err(|_| no_tile())?;
        let hashes = match name.content() {
            Content::Hashes { .. } => self.ports.log.hashes(level, name.first(), name.width()).await?,
            Content::Entries => return Err(no_tile()),
        };
        Ok(hashes.iter().flat_map(|hash| *hash.as_bytes()).collect())
    }

    /// A bundle of records. They say what a borrower was offered and answered, so they are nobody's but an auditor's.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for everybody else; otherwise as [`Desk::tile`].
    pub async fn entries(&self, caller: &Caller, name: TileName) -> Result<Vec<u8>, DeskError> {
        caller.needs(&[StaffRole::Auditor, StaffRole::Compliance])?;
        self.published(name).await?;
        if name.content() != Content::Entries {
            return Err(no_tile());
        }
        let logged = self.ports.log.span(name.first(), name.width()).await?;
        let records: Vec<Record> = logged.into_iter().map(|item| item.record).collect();
        if records.len() != usize::from(name.width()) {
            return Err(DeskError::Fault(format!("the log has a gap in {name}")));
        }
        Ok(bundle(&records))
    }

    async fn published(&self, name: TileName) -> Result<(), DeskError> {
        if name.exists_in(self.published_size().await?) { Ok(()) } else { Err(no_tile()) }
    }
}

fn no_tile() -> DeskError {
    DeskError::NotFound(both(
        "公布的日志里没有这一块;请先取 /log/checkpoint,按其大小计算。",
        "The published log has no such tile; fetch /log/checkpoint first and reckon with its size.",
    ))
}
