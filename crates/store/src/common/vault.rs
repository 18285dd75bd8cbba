//! Personal values, each person's under her own key. Destroying the wrapped key makes every value of the person unreadable
//! for good (DESIGN law 6).

use async_trait::async_trait;
use mingbai_desk::ports::{KeepError, Opened, Vault};
use mingbai_evidence::seal::{Commitment, Salt, commit, opens};
use sqlx::Connection as _;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::again::Fail;
use super::cells::Value::{Bytes, Text};
use super::cells::{self, Line, blob, digest, owned};
use super::cipher::{open_value, seal_value};
use super::{Conn, Engine, Store, begin};
use crate::error::keep_error;
use crate::keyring::{PersonKey, PersonKeys};

/// The most bytes a value may have.
const VALUE_LIMIT: usize = 64 * 1024;
/// The most bytes a label may have.
const LABEL_LIMIT: usize = 100;
/// Bytes of a salt.
const SALT: usize = 32;

/// A person's key as stored, if it was neither never made nor destroyed.
async fn wrapped<C: Conn>(conn: &mut C, subject: Uuid) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let sql = "SELECT wrapped FROM vault_key WHERE subject = $1";
    let Some(row) = conn.line(sql, &[Bytes(subject.as_bytes())]).await? else { return Ok(None) };
    Ok(row.maybe_bytes("wrapped")?.map(<[u8]>::to_vec))
}

impl<E: Engine> Store<E> {
    pub(super) fn dice<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.dice.fill(&mut bytes);
        bytes
    }

    /// Whether this master key wrote the vault: any one key tells.
    pub(crate) async fn master_fits(&self) -> Result<bool, KeepError> {
        let sql = "SELECT subject, wrapped FROM vault_key WHERE wrapped IS NOT NULL LIMIT 1";
        let Some(row) = self.line(sql, &[]).await.map_err(keep_error)? else { return Ok(true) };
        let subject = cells::uuid(&row, "subject").map_err(keep_error)?;
        let wrapped = row.bytes("wrapped").map_err(keep_error)?;
        match self.master.unwrap(subject, wrapped).await {
            Ok(_) => Ok(true),
            Err(KeepError::Damaged { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn opened(&self, subject: Uuid, key: &[u8], row: &impl Line) -> Result<Opened, KeepError> {
        let commitment = Commitment::from_digest(digest(row, "commitment").map_err(keep_error)?);
        let label = owned(row, "label").map_err(keep_error)?;
        let sealed = row.bytes("sealed").map_err(keep_error)?;
        let damaged = || KeepError::Damaged { what: format!("{label} of subject {subject}") };
        let plain = open_value(key, (subject, &commitment, &label), sealed).ok_or_else(damaged)?;
        let (salt, value) = plain.split_first_chunk::<SALT>().ok_or_else(damaged)?;
        let salt = Salt::new(*salt);
        if !opens(&commitment, &label, value, &salt) {
            return Err(damaged());
        }
        Ok(Opened { commitment, label: label.clone(), value: value.to_vec(), salt })
    }

    /// The person's key, made when she has none. Asks the custodian, who may be far away: never inside a
    /// transaction.
    async fn person_key(&self, subject: Uuid) -> Result<PersonKey, Fail<KeepError>> {
        let sql = "SELECT wrapped FROM vault_key WHERE subject = $1";
        let mut row = self.line(sql, &[Bytes(subject.as_bytes())]).await?;
        if row.is_none() {
            let new = Zeroizing::new(self.dice::<32>());
            let new = self.master.wrap(subject, self.dice(), &new).await.map_err(Fail::Port)?;
            // Somebody else may have made one in between: then theirs counts.
            let make = "INSERT INTO vault_key (subject, wrapped) VALUES ($1, $2)
                 ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject
                 RETURNING wrapped";
            let mut conn = self.engine.writer().await?;
            row = conn.line(make, &[Bytes(subject.as_bytes()), Bytes(&new)]).await?;
        }
        let row = row.ok_or(Fail::Engine(sqlx::Error::RowNotFound))?;
        let wrapped = row.maybe_bytes("wrapped")?.ok_or(Fail::Port(KeepError::Forgotten))?;
        self.master.unwrap(subject, wrapped).await.map_err(Fail::Port)
    }

    async fn put_value(
        &self,
        subject: Uuid,
        label: &str,
        commitment: &Commitment,
        plain: &[u8],
    ) -> Result<(), Fail<KeepError>> {
        let key = self.person_key(subject).await?;
        let sealed = seal_value(key.as_slice(), self.dice(), (subject, commitment, label), plain);
        let sealed = sealed.map_err(Fail::Port)?;
        let mut conn = self.engine.writer().await?;
        let mut tx = conn.begin_with(begin(<E::Conn as Conn>::WRITE)).await?;
        // Her row is locked from here on: whoever forgets her waits, or was first. A rotation changes only what lies around her
        // key, never the key itself.
        let lock = "UPDATE vault_key SET subject = subject WHERE subject = $1 RETURNING wrapped";
        let row = tx.line(lock, &[Bytes(subject.as_bytes())]).await?;
        let row = row.ok_or(Fail::Engine(sqlx::Error::RowNotFound))?;
        if row.maybe_bytes("wrapped")?.is_none() {
            return Err(Fail::Port(KeepError::Forgotten));
        }
        let sql = "INSERT INTO vault_value (subject, commitment, label, sealed) VALUES ($1, $2, $3, $4)
             ON CONFLICT (subject, commitment) DO NOTHING";
        let commitment = commitment.digest();
        let values = [Bytes(subject.as_bytes()), Bytes(blob(&commitment)), Text(label), Bytes(&sealed)];
        tx.run(sql, &values).await?;
        Ok(tx.commit().await?)
    }

    async fn destroy_key(&self, subject: Uuid) -> Result<(), Fail<KeepError>> {
        let mut conn = self.engine.writer().await?;
        let mut tx = conn.begin_with(begin(<E::Conn as Conn>::WRITE)).await?;
        let sql = "INSERT INTO vault_key (subject, wrapped) VALUES ($1, NULL)
             ON CONFLICT (subject) DO UPDATE SET wrapped = NULL";
        tx.run(sql, &[Bytes(subject.as_bytes())]).await?;
        tx.run("DELETE FROM vault_value WHERE subject = $1", &[Bytes(subject.as_bytes())]).await?;
        tx.commit().await?;
        Ok(E::shred(&mut conn).await?)
    }
}

#[async_trait]
impl<E: Engine> Vault for Store<E> {
    async fn seal(
        &self,
        subject: Uuid,
        label: &str,
        value: &[u8],
        salt: Salt,
    ) -> Result<Commitment, KeepError> {
        if value.len() > VALUE_LIMIT {
            return Err(KeepError::TooLarge { bytes: value.len(), limit: VALUE_LIMIT });
        }
        if label.is_empty() || label.len() > LABEL_LIMIT {
            return Err(KeepError::TooLarge { bytes: label.len(), limit: LABEL_LIMIT });
        }
        let commitment = commit(label, value, &salt);
        let plain = Zeroizing::new([salt.as_bytes().as_slice(), value].concat());
        let done = self.again(|| self.put_value(subject, label, &commitment, &plain)).await;
        done.map_err(|fail| fail.or(keep_error))?;
        Ok(commitment)
    }

    async fn open(&self, subject: Uuid, commitment: &Commitment) -> Result<Option<Opened>, KeepError> {
        let mut conn = self.engine.reader().await.map_err(keep_error)?;
        let Some(wrapped) = wrapped(&mut *conn, subject).await.map_err(keep_error)? else { return Ok(None) };
        let key = self.master.unwrap(subject, &wrapped).await?;
        let commitment = commitment.digest();
        let sql = "SELECT commitment, label, sealed FROM vault_value WHERE subject = $1 AND commitment = $2";
        let values = [Bytes(subject.as_bytes()), Bytes(blob(&commitment))];
        let row = conn.line(sql, &values).await.map_err(keep_error)?;
        row.as_ref().map(|row| self.opened(subject, key.as_slice(), row)).transpose()
    }

    async fn list(&self, subject: Uuid) -> Result<Vec<Opened>, KeepError> {
        let mut conn = self.engine.reader().await.map_err(keep_error)?;
        let wrapped = wrapped(&mut *conn, subject).await.map_err(keep_error)?;
        let Some(wrapped) = wrapped else { return Ok(Vec::new()) };
        let key = self.master.unwrap(subject, &wrapped).await?;
        let sql = "SELECT commitment, label, sealed FROM vault_value WHERE subject = $1 ORDER BY place";
        let rows = conn.lines(sql, &[Bytes(subject.as_bytes())]).await.map_err(keep_error)?;
        rows.iter().map(|row| self.opened(subject, key.as_slice(), row)).collect()
    }

    async fn forget(&self, subject: Uuid) -> Result<(), KeepError> {
        self.again(|| self.destroy_key(subject)).await.map_err(|fail| fail.or(keep_error))
    }
}

#[async_trait]
impl<E: Engine> PersonKeys for Store<E> {
    async fn for_writing(&self, person: Uuid) -> Result<PersonKey, KeepError> {
        self.again(|| self.person_key(person)).await.map_err(|fail| fail.or(keep_error))
    }

    async fn for_reading(&self, person: Uuid) -> Result<Option<PersonKey>, KeepError> {
        let sql = "SELECT wrapped FROM vault_key WHERE subject = $1";
        let row = self.line(sql, &[Bytes(person.as_bytes())]).await.map_err(keep_error)?;
        let Some(row) = row else { return Ok(None) };
        let wrapped = row.maybe_bytes("wrapped").map_err(keep_error)?.ok_or(KeepError::Forgotten)?;
        self.master.unwrap(person, wrapped).await.map(Some)
    }
}
