//! Time stamps of the log's checkpoint: when one is due, asking for it, believing nothing that comes back, and giving the right
//! one to a package. Off until an authority is named.

use std::sync::{Arc, Mutex, PoisonError};

use mingbai_evidence::Digest;
use mingbai_evidence::package::{OtherCheckpoint, Stamped};
use mingbai_evidence::timestamp::{self, Roots};
use uuid::Uuid;

use crate::desk::{DAY_MS, Desk, MINUTE_MS};
use crate::error::DeskError;
use crate::ports::{KeptStamp, Logged, Stamps, Task, TimeStamps, TreeHead};

/// How often the desk looks whether a stamp is due.
const LOOK_MS: u64 = 10_000;
/// An authority whose clock is further from ours than this is worth a warning: one of the two is wrong.
const CLOCKS_APART_MS: u64 = 5 * 60_000;

/// A time-stamping authority and how often it is asked.
#[derive(Clone)]
pub struct Authority {
    /// The way to it.
    pub way: Arc<dyn TimeStamps>,
    /// What its answers must lead to; an answer that does not is refused.
    pub roots: Roots,
    /// A stamp is asked for at least every so many minutes, if the log grew.
    pub every_minutes: u32,
    /// Signed contracts get a new time stamp so many days before a certificate ends that vouches for the one they have.
    pub renew_days: u32,
}

/// Time stamps as the desk knows them: where they are kept, and whom to ask, if anybody.
pub(crate) struct Stamping {
    kept: Arc<dyn Stamps>,
    authority: Option<Authority>,
    /// When it was last looked, and which task was last queued by this process.
    looked: Mutex<(i64, Option<Uuid>)>,
}

impl Stamping {
    /// Whom to ask, if anybody.
    pub(crate) fn authority(&self) -> Option<&Authority> {
        self.authority.as_ref()
    }
}

impl Desk {
    /// Gives the desk a drawer of time stamps, and an authority to fill it if there is one. Stamps in the drawer go into packages
    /// even when no authority is named any more.
    #[must_use]
    pub fn with_time_stamps(mut self, kept: Arc<dyn Stamps>, authority: Option<Authority>) -> Self {
        self.stamping = Some(Stamping { kept, authority, looked: Mutex::new((i64::MIN, None)) });
        self
    }

    /// Puts a request for a time stamp into the outbox when one is due. Called by every round of the outbox; cheap when it is not.
    pub(crate) async fn queue_time_stamp(&self, now_ms: i64) -> Result<(), DeskError> {
        let Some(stamping) = &self.stamping else { return Ok(()) };
        let Some(authority) = &stamping.authority else { return Ok(()) };
        let queued = {
            let mut looked = stamping.looked.lock().unwrap_or_else(PoisonError::into_inner);
            if looked.0 != i64::MIN && looked.0.abs_diff(now_ms) < LOOK_MS {
                return Ok(());
            }
            looked.0 = now_ms;
            looked.1
        };
        let newest = stamping.kept.newest().await?;
        if !is_due(authority, newest.as_ref(), self.ports.log.head().await?, now_ms) {
            return Ok(());
        }
        // One request after each stamp and day: while the authority is down, it waits in the queue and no second one joins it;
        // one that was given up is followed by another the next day.
        let after = newest.map_or(0, |stamp| stamp.size);
        let day = now_ms.div_euclid(DAY_MS);
        let name = Digest::of(format!("time stamp after {after} on day {day}").as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&name.as_bytes()[..16]);
        let id = uuid::Builder::from_custom_bytes(bytes).into_uuid();
        if queued == Some(id) {
            return Ok(());
        }
        let mut item = self.queued(now_ms, now_ms, Task::TimeStamp);
        item.id = id;
        match self.ports.outbox.put(item).await {
            Ok(()) => stamping.looked.lock().unwrap_or_else(PoisonError::into_inner).1 = Some(id),
            // Most likely another node, or this one before a restart, has queued it under the same number.
            Err(error) => tracing::debug!(%error, "the request for a time stamp was not queued"),
        }
        Ok(())
    }

    /// Asks for a time stamp of the log as it stands, verifies the answer and keeps it. Nothing to do when somebody else did.
    ///
    /// # Errors
    /// What to write beside the task, in words for the operator.
    pub(crate) async fn take_time_stamp(&self, now_ms: i64) -> Result<(), String> {
        let Some((stamping, authority)) =
            self.stamping.as_ref().and_then(|s| Some((s, s.authority.as_ref()?)))
        else {
            return Ok(());
        };
        let newest = stamping.kept.newest().await.map_err(|e| e.to_string())?;
        let head = self.ports.log.head().await.map_err(|e| e.to_string())?;
        if !is_due(authority, newest.as_ref(), head, now_ms) {
            return Ok(());
        }
        let checkpoint = self.note(head.size, head.root).await.map_err(|e| e.to_string())?;
        let imprint = Digest::of(checkpoint.as_bytes());
        let nonce = u64::from_be_bytes(self.random());
        let query = timestamp::query(&imprint, nonce).map_err(|e| e.to_string())?;
        let response = authority.way.stamp(query.clone()).await.map_err(|e| e.to_string())?;
        let stamp = timestamp::verify(&response, &imprint, nonce, &authority.roots).map_err(|error| {
            tracing::error!(%error, size = head.size, "an answer of the time-stamping authority was refused");
            format!("the answer was refused: {error}")
        })?;
        let stamped_at_ms = stamp.stated().at_ms;
        if stamped_at_ms.abs_diff(now_ms) > CLOCKS_APART_MS {
            tracing::warn!(stamped_at_ms, now_ms, "the authority's clock and ours are far apart");
        }
        let size = head.size;
        let kept = KeptStamp { size, checkpoint, query, response, stamped_at_ms, kept_at_ms: now_ms };
        stamping.kept.keep(kept).await.map_err(|e| e.to_string())?;
        tracing::info!(size, authority = %stamp.authority(), "the log was time-stamped");
        Ok(())
    }

    /// The time stamp for a package of these records whose own checkpoint is `note` at `head`: the earliest that covers them all,
    /// else the newest there is, which covers some.
    pub(crate) async fn stamped_for(
        &self,
        logged: &[Logged],
        head: TreeHead,
        note: &str,
    ) -> Result<Option<Stamped>, DeskError> {
        let Some(stamping) = &self.stamping else { return Ok(None) };
        let needed = logged.iter().map(|item| item.index + 1).max().unwrap_or(0);
        let kept = match stamping.kept.covering(needed).await? {
            Some(kept) => Some(kept),
            None => stamping.kept.newest().await?,
        };
        let Some(kept) = kept else { return Ok(None) };
        let other = if kept.checkpoint == note {
            None
        } else {
            let (old, new) = (kept.size.min(head.size), kept.size.max(head.size));
            let path = self.ports.log.consistency(old, new).await?;
            Some(OtherCheckpoint { note: kept.checkpoint, path })
        };
        Ok(Some(Stamped { response: kept.response, other }))
    }
}

/// Whether the log grew since the last stamp, and that is long enough ago. A clock that jumped back does not put it off.
fn is_due(authority: &Authority, newest: Option<&KeptStamp>, head: TreeHead, now_ms: i64) -> bool {
    let every_ms = i64::from(authority.every_minutes) * MINUTE_MS;
    let grew = head.size > newest.map_or(0, |stamp| stamp.size);
    grew && newest.is_none_or(|stamp| stamp.kept_at_ms.abs_diff(now_ms) >= every_ms.unsigned_abs())
}
