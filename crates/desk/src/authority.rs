//! Which signing authority this house has, by its root's digest, as the log itself says in the stream `log/authority` (and, for a second seal, `log/authority-sm2`). Nodes on one
//! database share it; one that has another, or none, would hand out contracts that do not go with those that borrowers have.

use mingbai_core::actor::Actor;
use mingbai_core::text::both;
use mingbai_evidence::{Digest, Draft, Record, StreamId};
use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Append, Log, LogError};

/// Which of a house's roots is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootOf {
    /// The authority that issues borrowers' certificates and the seal's.
    House,
    /// The second seal's, in the national algorithms.
    National,
}

const NAMED: &str = "authority_named";

/// Body of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    /// SHA-256 of the root's certificate in DER.
    root: Digest,
}

impl RootOf {
    fn stream(self) -> Result<StreamId, DeskError> {
        let name = match self {
            RootOf::House => "log/authority",
            RootOf::National => "log/authority-sm2",
        };
        StreamId::new(name).map_err(|e| DeskError::Fault(e.to_string()))
    }
}

/// The root that the log names; `None` before any node named one.
///
/// # Errors
/// [`DeskError`] when the log cannot be read, or names something that is no root.
pub async fn named_authority(log: &dyn Log, which: RootOf) -> Result<Option<Digest>, DeskError> {
    let stream = which.stream()?;
    let logged = log.read(&stream).await?;
    let Some(last) = logged.last() else { return Ok(None) };
    match serde_json::from_value::<Named>(last.record.body().clone()) {
        Ok(named) if last.record.kind() == NAMED => Ok(Some(named.root)),
        _ => Err(DeskError::Fault(format!("the last record of {stream} names no authority"))),
    }
}

impl Desk {
    /// Names the root in the log, unless it is named already.
    ///
    /// # Errors
    /// [`DeskError::Stopped`] when the log names another: this node must not go on.
    pub async fn name_authority(&self, which: RootOf, root: Digest) -> Result<(), DeskError> {
        for _ in 0..2 {
            match named_authority(self.ports.log.as_ref(), which).await? {
                Some(known) if known == root => return Ok(()),
                Some(_) => return Err(other()),
                None => {}
            }
            let now_ms = self.now_ms();
            let record = Record::write(Draft {
                id: self.new_id(now_ms),
                stream: which.stream()?,
                seq: 0,
                prev: None,
                at_ms: now_ms,
                actor: Actor::System.to_string(),
                kind: NAMED.to_owned(),
                terms: None,
                body: serde_json::to_value(Named { root }).map_err(|e| DeskError::Fault(e.to_string()))?,
            })?;
            match self.ports.log.append(Append::of(which.stream()?, None, vec![record])).await {
                // Another node was faster; whether it has the same authority is looked up again.
                Err(LogError::Conflict { .. }) => {}
                outcome => return outcome.map(|_| ()).map_err(DeskError::from),
            }
        }
        Err(other())
    }
}

fn other() -> DeskError {
    DeskError::Stopped(both(
        "数据库属于另一个签名机构。请从第一个节点复制 ca 和 keys 两个文件夹。",
        "This database belongs to another signing authority. Copy the folders ca and keys from the first node.",
    ))
}
