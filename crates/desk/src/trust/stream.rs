//! One record at the end of a stream, for the small streams of this part: reports and bulletins. Somebody who was faster makes it fail with
//! "busy", and the person looks again at what she was about to change.

use mingbai_core::actor::Actor;
use mingbai_core::text::both;
use mingbai_evidence::{StreamHead, StreamId};
use serde_json::Value;

use crate::chain::{Chain, Said};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Append, LogError, OutboxItem};

/// Where a record goes, when, and whose it is.
pub(super) struct Piece {
    pub(super) stream: StreamId,
    pub(super) head: Option<StreamHead>,
    pub(super) at_ms: i64,
    pub(super) actor: Actor,
}

impl Desk {
    pub(super) async fn write_piece(
        &self,
        piece: Piece,
        (kind, body): (String, Value),
        outbox: Vec<OutboxItem>,
    ) -> Result<(), DeskError> {
        let Piece { stream, head, at_ms, actor } = piece;
        let chain = Chain { stream: stream.clone(), head, at_ms };
        let records = self.chained(&chain, [Said { actor: actor.to_string(), kind, body }])?;
        let mut append = Append::of(stream, head, records);
        append.outbox = outbox;
        match self.ports.log.append(append).await {
            Ok(_) => Ok(()),
            Err(LogError::Conflict { .. }) => Err(DeskError::Busy(both(
                "有人同时在改,请重新打开页面看一遍再做。",
                "Somebody else changed it at the same time; open the page again and look before you repeat.",
            ))),
            Err(error) => Err(error.into()),
        }
    }
}
