//! A large document of a journey arrives from the core system piece by piece. Each piece is durable before it is answered, on any
//! node; only the end gives the whole a name. The evidence does not know it until a command names it.

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::event::AttachmentRef;
use mingbai_evidence::Digest;
use uuid::Uuid;

use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;

impl Desk {
    /// Begins to keep a large document of this journey's person. Returns the upload's number.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless a core system asks; [`DeskError::NotFound`]; [`DeskError::Keep`].
    pub async fn begin_upload(&self, caller: &Caller, id: JourneyId, media: &str) -> Result<Uuid, DeskError> {
        self.may_upload(caller, id).await?;
        Ok(self.ports.attachments.begin(id.uuid(), media).await?)
    }

    /// Where an upload of this journey goes on, in bytes.
    ///
    /// # Errors
    /// As [`Desk::begin_upload`]; an upload of another journey is none of this one.
    pub async fn upload_offset(
        &self,
        caller: &Caller,
        id: JourneyId,
        upload: Uuid,
    ) -> Result<u64, DeskError> {
        self.may_upload(caller, id).await?;
        Ok(self.ports.attachments.offset(id.uuid(), upload).await?)
    }

    /// Keeps the piece that begins at `offset`; `digest` is what its sender computed of it. Returns where it goes on.
    ///
    /// # Errors
    /// As [`Desk::upload_offset`].
    pub async fn upload_piece(
        &self,
        caller: &Caller,
        id: JourneyId,
        upload: Uuid,
        (offset, piece, digest): (u64, Vec<u8>, Digest),
    ) -> Result<u64, DeskError> {
        self.may_upload(caller, id).await?;
        Ok(self.ports.attachments.write(id.uuid(), upload, offset, piece, digest).await?)
    }

    /// Ends an upload: the whole has a name now. Ending it again gives the same answer.
    ///
    /// # Errors
    /// As [`Desk::upload_offset`].
    pub async fn finish_upload(
        &self,
        caller: &Caller,
        id: JourneyId,
        upload: Uuid,
    ) -> Result<AttachmentRef, DeskError> {
        self.may_upload(caller, id).await?;
        Ok(self.ports.attachments.finish(id.uuid(), upload).await?)
    }

    async fn may_upload(&self, caller: &Caller, id: JourneyId) -> Result<(), DeskError> {
        if !caller.is_core() {
            return Err(forbidden());
        }
        self.load_for(caller, id).await.map(|_| ())
    }
}
