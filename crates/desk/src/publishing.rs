//! The public side of the log: checkpoints published at most a second behind, never smaller or other than one signed before, and
//! cosigned by witnesses. The mark that guards this lies outside the database.

mod tiles;
mod witnesses;

use std::sync::Arc;

use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_evidence::Digest;
use mingbai_evidence::note::Checkpoint;
use mingbai_evidence::note::cosignature::{WitnessKey, with_lines};
use tokio::sync::Mutex;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Checkpoints, HighWater, KeptCheckpoint, TreeHead, WitnessCalls};

pub use witnesses::Asked;

/// How far behind a published checkpoint may be.
const BEHIND_MS: u64 = 1_000;

/// A witness that is asked for cosignatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Its key.
    pub key: WitnessKey,
    /// What stands before `/add-checkpoint`, without a slash at the end.
    pub url: String,
}

/// What the public side of the log is put together from.
#[derive(Clone)]
pub struct PublicLog {
    /// The drawer of published checkpoints.
    pub kept: Arc<dyn Checkpoints>,
    /// The mark outside the database.
    pub high_water: Arc<dyn HighWater>,
    /// Who is asked to cosign.
    pub witnesses: Vec<Witness>,
    /// The way to them.
    pub calls: Arc<dyn WitnessCalls>,
}

/// The public log as the desk has it.
pub(crate) struct Publishing {
    log: PublicLog,
    guard: Mutex<Guard>,
    waits: std::sync::Mutex<Vec<witnesses::Wait>>,
}

/// What is known of the highest checkpoint ever signed.
#[derive(Default)]
struct Guard {
    /// The mark, once it was read.
    mark: Option<Option<TreeHead>>,
    /// Why nothing is signed any more.
    stopped: Option<Words>,
}

/// Two published checkpoints and the proof that the later log only grew from the earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consistency {
    /// The earlier.
    pub old: KeptCheckpoint,
    /// The later.
    pub new: KeptCheckpoint,
    /// The proof between them (RFC 9162 §2.1.4).
    pub path: Vec<Digest>,
}

impl Desk {
    /// Gives the desk a public log. From here on every checkpoint that is signed is first held against the mark.
    #[must_use]
    pub fn with_public_log(mut self, log: PublicLog) -> Self {
        let waits = vec![witnesses::Wait::default(); log.witnesses.len()];
        let waits = std::sync::Mutex::new(waits);
        self.publishing = Some(Publishing { log, guard: Mutex::new(Guard::default()), waits });
        self
    }

    /// The log's checkpoint, signed: by the present key, and by the one before while both sign.
    ///
    /// # Errors
    /// [`DeskError::Stopped`] when this server once signed a larger log or another one; [`DeskError::Note`].
    pub(crate) async fn note(&self, size: u64, root: Digest) -> Result<String, DeskError> {
        self.raise_mark(TreeHead { size, root }).await?;
        let signer = self.ports.signer.log();
        let checkpoint = Checkpoint::new(signer.name(), size, root)?;
        Ok(match self.ports.signer.log_before() {
            Some(before) => checkpoint.sign_twice(signer, before)?,
            None => checkpoint.sign(signer)?,
        })
    }

    /// Holds what is to be signed against the highest that was ever signed, and makes it the highest if it is.
    async fn raise_mark(&self, head: TreeHead) -> Result<(), DeskError> {
        let Some(publishing) = &self.publishing else { return Ok(()) };
        let mut guard = publishing.guard.lock().await;
        if let Some(words) = &guard.stopped {
            return Err(DeskError::Stopped(words.clone()));
        }
        let mark = match guard.mark {
            Some(mark) => mark,
            None => publishing.log.high_water.read().await.map_err(|e| DeskError::Fault(e.to_string()))?,
        };
        guard.mark = Some(mark);
        if let Some(mark) = mark {
            let now = if head.size < mark.size { self.ports.log.head().await? } else { head };
            let why = if now.size < mark.size {
                Some(rolled_back(now.size, mark.size, &both("本机的标记", "this machine's mark")))
            } else {
                let root = self.ports.log.root_at(mark.size).await?;
                (root != mark.root).then(|| rewritten(mark.size))
            };
            if let Some(words) = why {
                tracing::error!(why = %words.en, "nothing is signed any more");
                guard.stopped = Some(words.clone());
                return Err(DeskError::Stopped(words));
            }
        }
        if mark.is_none_or(|mark| mark.size < head.size) {
            // The mark comes before the signature: a crash in between leaves a mark that the log still reaches.
            publishing.log.high_water.raise(head).await.map_err(|e| DeskError::Fault(e.to_string()))?;
            guard.mark = Some(Some(head));
        }
        Ok(())
    }

    async fn stop_signing(&self, words: Words) -> DeskError {
        if let Some(publishing) = &self.publishing {
            publishing.guard.lock().await.stopped = Some(words.clone());
        }
        DeskError::Stopped(words)
    }

    /// Publishes a checkpoint if the log grew since the last. Called by every round of the outbox, which comes once a second.
    ///
    /// # Errors
    /// [`DeskError::Stopped`], [`DeskError::Log`], [`DeskError::Store`].
    pub async fn publish_checkpoint(&self, now_ms: i64) -> Result<(), DeskError> {
        let Some(publishing) = &self.publishing else { return Ok(()) };
        let latest = publishing.log.kept.latest().await?;
        let TreeHead { size, root } = self.ports.log.head().await?;
        if latest.is_some_and(|latest| latest.size >= size) {
            return Ok(());
        }
        let note = self.note(size, root).await?;
        Ok(publishing.log.kept.publish(KeptCheckpoint { size, root, note, at_ms: now_ms }).await?)
    }

    /// The published checkpoint: at most a second behind, with the cosignatures that it has.
    ///
    /// # Errors
    /// As [`Desk::publish_checkpoint`]; [`DeskError::NotFound`] when this house has no public log.
    pub async fn public_checkpoint(&self) -> Result<String, DeskError> {
        let kept = &self.publishing()?.log.kept;
        let now_ms = self.now_ms();
        // A clock that was set back must not keep an old checkpoint in place.
        let is_old = |latest: &KeptCheckpoint| latest.at_ms.abs_diff(now_ms) >= BEHIND_MS;
        if kept.latest().await?.as_ref().is_none_or(is_old) {
            self.publish_checkpoint(now_ms).await?;
        }
        let latest =
            kept.latest().await?.ok_or_else(|| DeskError::Fault("nothing was published".to_owned()))?;
        self.with_cosignatures(&latest).await
    }

    async fn with_cosignatures(&self, checkpoint: &KeptCheckpoint) -> Result<String, DeskError> {
        let cosignatures = self.publishing()?.log.kept.cosignatures(checkpoint.size).await?;
        let lines: Vec<String> = cosignatures.into_iter().map(|one| one.line).collect();
        Ok(with_lines(&checkpoint.note, &lines)?)
    }

    /// How large the published log is; what is larger is not served.
    ///
    /// # Errors
    /// As [`Desk::public_checkpoint`].
    pub async fn published_size(&self) -> Result<u64, DeskError> {
        Ok(self.publishing()?.log.kept.latest().await?.map_or(0, |latest| latest.size))
    }

    /// The proof between two published checkpoints.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when one of them was never published; [`DeskError::Invalid`] when `old` is larger than `new`.
    pub async fn consistency(&self, old: u64, new: u64) -> Result<Consistency, DeskError> {
        if old > new {
            let words = both("old 不能大于 new。", "old must not be larger than new.");
            return Err(DeskError::invalid("old", words));
        }
        let kept = &self.publishing()?.log.kept;
        let (Some(old), Some(new)) = (kept.of_size(old).await?, kept.of_size(new).await?) else {
            return Err(DeskError::NotFound(both(
                "没有公布过这个大小的检查点;请用您手里检查点第二行的数字。",
                "No checkpoint of that size was published; use the number in the second line of the one you hold.",
            )));
        };
        let path = self.ports.log.consistency(old.size, new.size).await?;
        Ok(Consistency { old, new, path })
    }

    /// The checkpoint to hand out for records of which the last stands at position `last`: the newest that witnesses cosigned and
    /// that covers them, else the log as it stands.
    pub(crate) async fn best_checkpoint(&self, last: u64) -> Result<(TreeHead, String), DeskError> {
        if let Some(publishing) = &self.publishing
            && let Some(found) = publishing.log.kept.cosigned_since(last.saturating_add(1)).await?
        {
            // It was signed before; what is handed out now must still fit what the log holds.
            self.raise_mark(TreeHead { size: found.size, root: found.root }).await?;
            let note = self.with_cosignatures(&found).await?;
            return Ok((TreeHead { size: found.size, root: found.root }, note));
        }
        let head = self.ports.log.head().await?;
        Ok((head, self.note(head.size, head.root).await?))
    }

    fn publishing(&self) -> Result<&Publishing, DeskError> {
        self.publishing
            .as_ref()
            .ok_or_else(|| DeskError::NotFound(both("本系统没有公开日志。", "This house has no public log.")))
    }
}

/// The database is older than what was signed.
fn rolled_back(now: u64, before: u64, who: &Words) -> Words {
    both(
        format!(
            "日志只有 {now} 条记录,而{}记得曾为 {before} 条签过名:数据库是旧的(例如恢复了旧备份)。为免签出两个互相矛盾的日志,\
             已停止签名。请恢复最新的备份;若确已丢失,请保留此目录,另建新目录、新日志名,并通知见证方和监管部门。",
            who.zh
        ),
        format!(
            "The log has {now} records, but {} knows that {before} were signed: the database is an old one, such as a restored \
             backup. Nothing is signed, because it would make two logs that contradict each other. Restore the newest backup; if it \
             is lost for good, keep this folder, begin a new one with a new log name, and tell the witnesses and the regulator.",
            who.en
        ),
    )
}

/// The database holds other records than those that were signed.
fn rewritten(size: u64) -> Words {
    both(
        format!(
            "日志的前 {size} 条记录不再是签过名的那些:数据库被改写过。已停止签名。请保留现场,从备份恢复,并查明是谁改的。"
        ),
        format!(
            "The first {size} records of the log are no longer those that were signed: the database was rewritten. Nothing is \
             signed. Keep everything as it is, restore a backup, and find out who did it."
        ),
    )
}
