//! Asking witnesses: who is behind is asked again, with longer and longer waits while it is down. Nothing is queued: what is missing
//! is read from the drawer each time, so a restart or a long outage leaves no pile of stale requests.

use mingbai_core::text::both;
use mingbai_evidence::note::SignedCheckpoint;
use mingbai_evidence::note::cosignature::cosigners;
use mingbai_evidence::witness::AddCheckpoint;

use super::{Publishing, Witness, rolled_back};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{KeptCheckpoint, KeptCosignature, WitnessAnswer};

/// First wait after a witness failed.
const WAIT_FIRST_MS: i64 = 2_000;
/// Longest wait: a witness that comes back is caught up within five minutes.
const WAIT_LIMIT_MS: i64 = 5 * 60_000;
/// Tries in one go: the second and third with the size that the witness named.
const TRIES: u32 = 3;

/// When a witness may be asked again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wait {
    failures: u32,
    not_before_ms: i64,
}

/// How asking a witness ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// There was nothing to ask, or it is too early.
    NotNow,
    /// It cosigned the log of this size.
    Cosigned(u64),
    /// It could not be reached or said something senseless; it is asked again later.
    Later(String),
    /// It says that it cosigned a larger log than there is.
    Ahead(u64),
    /// It says that the log does not follow from what it saw.
    Accuses(String),
}

/// Whether a witness is asked although nothing is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Missing,
    InAnyCase,
}

impl Desk {
    /// How many witnesses there are to ask.
    #[must_use]
    pub fn witness_count(&self) -> usize {
        self.publishing.as_ref().map_or(0, |publishing| publishing.log.witnesses.len())
    }

    /// Asks the witness of this number, if it has not cosigned the published checkpoint yet and is not being left alone after a
    /// failure.
    ///
    /// # Errors
    /// [`DeskError`] when our own side failed; a witness that fails is an [`Asked`].
    pub async fn ask_witness(&self, number: usize, now_ms: i64) -> Result<Asked, DeskError> {
        let Some(publishing) = &self.publishing else { return Ok(Asked::NotNow) };
        let Some(witness) = publishing.log.witnesses.get(number) else { return Ok(Asked::NotNow) };
        let wait = publishing.wait(number);
        // A clock that was set back must not silence a witness for years.
        let is_early = now_ms < wait.not_before_ms && wait.not_before_ms - now_ms <= WAIT_LIMIT_MS;
        if is_early {
            return Ok(Asked::NotNow);
        }
        let asked = self.ask(publishing, witness, When::Missing).await?;
        publishing.note_outcome(number, &asked, now_ms);
        Ok(asked)
    }

    /// Looks, before anything is served, whether the database is the newest: by the mark and by asking every witness. A witness that
    /// cannot be reached is no hindrance; one that knows a larger log is.
    ///
    /// # Errors
    /// [`DeskError::Stopped`] with what, why and what next.
    pub async fn check_public_log(&self) -> Result<(), DeskError> {
        let Some(publishing) = &self.publishing else { return Ok(()) };
        let head = self.ports.log.head().await?;
        self.raise_mark(head).await?;
        self.publish_checkpoint(self.now_ms()).await?;
        for witness in &publishing.log.witnesses {
            let name = witness.key.name();
            match self.ask(publishing, witness, When::InAnyCase).await? {
                Asked::Ahead(size) => {
                    let who = both(
                        format!("见证方 {name}(若它有误,请从 witnesses 设置里去掉)"),
                        format!("the witness {name} (if it is wrong, take it out of the setting witnesses)"),
                    );
                    return Err(self.stop_signing(rolled_back(head.size, size, &who)).await);
                }
                Asked::Later(why) => tracing::warn!(witness = name, %why, "a witness cannot be asked"),
                Asked::Accuses(why) => {
                    tracing::error!(witness = name, %why, "a witness speaks against the log")
                }
                Asked::NotNow | Asked::Cosigned(_) => {}
            }
        }
        Ok(())
    }

    async fn ask(&self, publishing: &Publishing, witness: &Witness, when: When) -> Result<Asked, DeskError> {
        let kept = &publishing.log.kept;
        let Some(latest) = kept.latest().await? else { return Ok(Asked::NotNow) };
        let mut old = kept.last_cosigned(&witness.key.to_string()).await?.unwrap_or(0);
        if latest.size == 0 || (when == When::Missing && old >= latest.size) {
            return Ok(Asked::NotNow);
        }
        for _ in 0..TRIES {
            let path = self.ports.log.consistency(old, latest.size).await?;
            let request = AddCheckpoint::new(old, path, &latest.note)
                .map_err(|refusal| DeskError::Fault(refusal.to_string()))?;
            let answer = match publishing.log.calls.add_checkpoint(&witness.url, request.to_string()).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Asked::Later(error.to_string())),
            };
            match (answer.status, stated_size(&answer)) {
                (200, _) => return self.take_in(publishing, witness, &latest, &answer).await,
                (409, Some(size)) if size == old => {
                    return Ok(Asked::Accuses(format!("it saw another tree of {size} records")));
                }
                (409, Some(size)) if size <= latest.size => old = size,
                (409, Some(size)) => {
                    // Another node may have published in between: then there is nothing left to ask for.
                    let grown = self.ports.log.head().await?.size >= size;
                    return Ok(if grown { Asked::NotNow } else { Asked::Ahead(size) });
                }
                (422, _) => return Ok(Asked::Accuses("it says that the log was rewritten".to_owned())),
                (status, _) => return Ok(Asked::Later(format!("it answered {status}"))),
            }
        }
        Ok(Asked::Later("it names another size each time".to_owned()))
    }

    /// Verifies and keeps what a witness signed.
    async fn take_in(
        &self,
        publishing: &Publishing,
        witness: &Witness,
        latest: &KeptCheckpoint,
        answer: &WitnessAnswer,
    ) -> Result<Asked, DeskError> {
        let signed = SignedCheckpoint::parse(&format!("{}{}", latest.note, answer.body));
        let signed = match signed {
            Ok(signed) => signed,
            Err(error) => return Ok(Asked::Later(format!("its answer cannot be read: {error}"))),
        };
        match cosigners(&signed, std::slice::from_ref(&witness.key)) {
            Ok(found) => match found.into_iter().next() {
                Some(one) => {
                    let (size, witness) = (latest.size, witness.key.to_string());
                    let cosignature = KeptCosignature { size, witness, line: one.line, at_s: one.at_s };
                    publishing.log.kept.cosign(cosignature).await?;
                    Ok(Asked::Cosigned(size))
                }
                None => Ok(Asked::Later("its answer is not signed by its key".to_owned())),
            },
            Err(error) => Ok(Asked::Later(format!("its answer was refused: {error}"))),
        }
    }
}

impl Publishing {
    fn wait(&self, number: usize) -> Wait {
        let waits = self.waits.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        waits.get(number).copied().unwrap_or_default()
    }

    fn note_outcome(&self, number: usize, asked: &Asked, now_ms: i64) {
        let mut waits = self.waits.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(wait) = waits.get_mut(number) else { return };
        match asked {
            Asked::NotNow | Asked::Cosigned(_) => *wait = Wait::default(),
            Asked::Later(_) | Asked::Ahead(_) | Asked::Accuses(_) => {
                let factor = 2_i64.saturating_pow(wait.failures.min(16));
                let pause = WAIT_FIRST_MS.saturating_mul(factor).min(WAIT_LIMIT_MS);
                *wait = Wait { failures: wait.failures + 1, not_before_ms: now_ms.saturating_add(pause) };
            }
        }
    }
}

/// The size that a witness names in a conflict: one number and the end of the line.
fn stated_size(answer: &WitnessAnswer) -> Option<u64> {
    answer.body.strip_suffix('\n')?.parse().ok()
}
