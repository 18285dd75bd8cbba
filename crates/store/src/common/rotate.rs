//! Another master key: every person's key is wrapped anew, batch by batch. May be broken off and begun again at any time; the
//! keys themselves, and everything under them, stay as they are.

use mingbai_desk::ports::KeepError;
use uuid::Uuid;

use super::cells::Value::{Bytes, Int};
use super::cells::{self, Line as _};
use super::{Engine, Store};
use crate::custody::KeyCustody;
use crate::error::keep_error;

/// Keys of one batch.
const BATCH: i64 = 200;

/// What a rotation did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Keys that were wrapped anew.
    pub wrapped: u64,
    /// Keys that were under the new master key already, from a rotation that was broken off.
    pub before: u64,
}

impl<E: Engine> Store<E> {
    /// Wraps every person's key under `new`. Open the store with [`crate::BothKeys`], so that a rotation that was broken off goes on. `told` hears the count after each batch. No other process may write to the vault meanwhile.
    ///
    /// # Errors
    /// [`KeepError::Damaged`] for a key that neither master key opens; the others before it are done. [`KeepError::Io`].
    pub async fn rotate(
        &self,
        new: &dyn KeyCustody,
        mut told: impl FnMut(Rotated) + Send,
    ) -> Result<Rotated, KeepError> {
        let (mut done, mut after) = (Rotated::default(), Vec::new());
        loop {
            let sql = "SELECT subject, wrapped FROM vault_key WHERE wrapped IS NOT NULL AND subject > $1
                 ORDER BY subject LIMIT $2";
            let rows = self.lines(sql, &[Bytes(&after), Int(BATCH)]).await.map_err(keep_error)?;
            let Some(last) = rows.last() else { break };
            after = last.bytes("subject").map_err(keep_error)?.to_vec();
            for row in &rows {
                let subject = cells::uuid(row, "subject").map_err(keep_error)?;
                let wrapped = row.bytes("wrapped").map_err(keep_error)?;
                self.rotate_one(new, subject, wrapped, &mut done).await?;
            }
            told(done);
        }
        let mut conn = self.engine.writer().await.map_err(keep_error)?;
        // What the old master key opens must not stay readable on the disk.
        E::shred(&mut conn).await.map_err(|error| {
            self.engine.heard(&error);
            keep_error(error)
        })?;
        Ok(done)
    }

    async fn rotate_one(
        &self,
        new: &dyn KeyCustody,
        subject: Uuid,
        wrapped: &[u8],
        done: &mut Rotated,
    ) -> Result<(), KeepError> {
        match new.unwrap(subject, wrapped).await {
            Ok(_) => {
                done.before += 1;
                return Ok(());
            }
            Err(KeepError::Damaged { .. }) => {}
            Err(error) => return Err(error),
        }
        let key = self.master.unwrap(subject, wrapped).await?;
        let anew = new.wrap(subject, self.dice(), &key).await?;
        // Read back before the old one is given up: a service that wraps what it cannot open would lose the person.
        if new.unwrap(subject, &anew).await? != key {
            return Err(KeepError::Damaged { what: format!("the newly wrapped key of subject {subject}") });
        }
        // Only if nobody changed or destroyed it in between.
        let sql = "UPDATE vault_key SET wrapped = $1 WHERE subject = $2 AND wrapped = $3";
        let values = [Bytes(&anew), Bytes(subject.as_bytes()), Bytes(wrapped)];
        done.wrapped += self.run(sql, &values).await.map_err(keep_error)?;
        Ok(())
    }
}
