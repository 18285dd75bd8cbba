//! Personal values, each person's under her own key (AES-256-GCM), the key wrapped by the master key. Destroying the wrapped
//! key makes every value of the person unreadable for good (DESIGN law 6).

use async_trait::async_trait;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use mingbai_desk::ports::{KeepError, Opened, Vault};
use mingbai_evidence::seal::{Commitment, Salt, commit, opens};
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection as _, SqliteConnection};
use uuid::Uuid;
use zeroize::{Zeroize as _, Zeroizing};

use super::Sqlite;
use super::cells::{blob, cell, digest};
use crate::error::keep_error;

/// The most bytes a value may have.
const VALUE_LIMIT: usize = 64 * 1024;
/// The most bytes a label may have.
const LABEL_LIMIT: usize = 100;
/// Bytes of a salt.
const SALT: usize = 32;

/// The key that wraps the keys of persons, 32 bytes. Zeroed when it is dropped.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// Takes the key over.
    #[must_use]
    pub fn new(mut bytes: [u8; 32]) -> Self {
        let key = MasterKey(Zeroizing::new(bytes));
        bytes.zeroize();
        key
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

fn key_of(bytes: &[u8]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, bytes).ok().map(LessSafeKey::new)
}

/// nonce ‖ ciphertext ‖ tag.
fn encrypt(key: &[u8], nonce: [u8; NONCE_LEN], aad: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
    let mut out = nonce.to_vec();
    let mut body = plain.to_vec();
    key_of(key)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut body)
        .ok()?;
    out.append(&mut body);
    Some(out)
}

fn decrypt(key: &[u8], aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut body = Zeroizing::new(body.to_vec());
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let length = key_of(key)?.open_in_place(nonce, Aad::from(aad), &mut body).ok()?.len();
    body.truncate(length);
    Some(body)
}

/// What a person's wrapped key is bound to.
fn key_aad(subject: Uuid) -> Vec<u8> {
    [b"mingbai/vault-key/v1\n".as_slice(), subject.as_bytes()].concat()
}

/// What a value is bound to: person, commitment and label, so that no value can be moved to another place.
fn value_aad(subject: Uuid, commitment: &Commitment, label: &str) -> Vec<u8> {
    let commitment = commitment.digest();
    [b"mingbai/vault-value/v1\n".as_slice(), subject.as_bytes(), commitment.as_bytes(), label.as_bytes()]
        .concat()
}

fn broken(what: &str) -> KeepError {
    KeepError::Io(format!("the cipher failed on {what}"))
}

/// A person's key as stored.
enum Wrapped {
    Never,
    Destroyed,
    Here(Vec<u8>),
}

async fn wrapped(conn: &mut SqliteConnection, subject: Uuid) -> Result<Wrapped, KeepError> {
    let query = sqlx::query("SELECT wrapped FROM vault_key WHERE subject = $1");
    let query = query.bind(subject.as_bytes().as_slice());
    let Some(row) = query.fetch_optional(conn).await.map_err(keep_error)? else { return Ok(Wrapped::Never) };
    let found: Option<Vec<u8>> = cell(&row, "wrapped").map_err(keep_error)?;
    Ok(found.map_or(Wrapped::Destroyed, Wrapped::Here))
}

impl Sqlite {
    fn dice<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.dice.fill(&mut bytes);
        bytes
    }

    fn unwrap_key(&self, subject: Uuid, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeepError> {
        let damaged = || KeepError::Damaged { what: format!("the key of subject {subject}") };
        decrypt(self.master.0.as_slice(), &key_aad(subject), wrapped).ok_or_else(damaged)
    }

    /// Whether this master key wrote the vault: any one key tells.
    pub(crate) async fn master_fits(&self) -> Result<bool, KeepError> {
        let query = sqlx::query("SELECT subject, wrapped FROM vault_key WHERE wrapped IS NOT NULL LIMIT 1");
        let Some(row) = query.fetch_optional(&self.readers).await.map_err(keep_error)? else {
            return Ok(true);
        };
        let subject = super::cells::uuid(&row, "subject").map_err(keep_error)?;
        let wrapped: Vec<u8> = cell(&row, "wrapped").map_err(keep_error)?;
        Ok(self.unwrap_key(subject, &wrapped).is_ok())
    }

    fn opened(&self, subject: Uuid, key: &[u8], row: &SqliteRow) -> Result<Opened, KeepError> {
        let commitment = Commitment::from_digest(digest(row, "commitment").map_err(keep_error)?);
        let label: String = cell(row, "label").map_err(keep_error)?;
        let sealed: &[u8] = cell(row, "sealed").map_err(keep_error)?;
        let damaged = || KeepError::Damaged { what: format!("{label} of subject {subject}") };
        let plain = decrypt(key, &value_aad(subject, &commitment, &label), sealed).ok_or_else(damaged)?;
        let (salt, value) = plain.split_first_chunk::<SALT>().ok_or_else(damaged)?;
        let salt = Salt::new(*salt);
        if !opens(&commitment, &label, value, &salt) {
            return Err(damaged());
        }
        Ok(Opened { commitment, label: label.clone(), value: value.to_vec(), salt })
    }
}

#[async_trait]
impl Vault for Sqlite {
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
        let mut conn = self.writer.lock().await;
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await.map_err(keep_error)?;
        let key = match wrapped(&mut tx, subject).await? {
            Wrapped::Destroyed => return Err(KeepError::Forgotten),
            Wrapped::Here(wrapped) => self.unwrap_key(subject, &wrapped)?,
            Wrapped::Never => {
                let key = Zeroizing::new(self.dice::<32>().to_vec());
                let wrapped = encrypt(self.master.0.as_slice(), self.dice(), &key_aad(subject), &key)
                    .ok_or_else(|| broken("a person's key"))?;
                sqlx::query("INSERT INTO vault_key (subject, wrapped) VALUES ($1, $2)")
                    .bind(subject.as_bytes().as_slice())
                    .bind(wrapped)
                    .execute(&mut *tx)
                    .await
                    .map_err(keep_error)?;
                key
            }
        };
        let sealed = encrypt(&key, self.dice(), &value_aad(subject, &commitment, label), &plain)
            .ok_or_else(|| broken("a value"))?;
        let commitment_bytes = commitment.digest();
        sqlx::query(
            "INSERT INTO vault_value (subject, commitment, label, sealed) VALUES ($1, $2, $3, $4)
             ON CONFLICT (subject, commitment) DO NOTHING",
        )
        .bind(subject.as_bytes().as_slice())
        .bind(blob(&commitment_bytes))
        .bind(label)
        .bind(sealed)
        .execute(&mut *tx)
        .await
        .map_err(keep_error)?;
        tx.commit().await.map_err(keep_error)?;
        Ok(commitment)
    }

    async fn open(&self, subject: Uuid, commitment: &Commitment) -> Result<Option<Opened>, KeepError> {
        let mut conn = self.readers.acquire().await.map_err(keep_error)?;
        let Wrapped::Here(wrapped) = wrapped(&mut conn, subject).await? else { return Ok(None) };
        let key = self.unwrap_key(subject, &wrapped)?;
        let commitment = commitment.digest();
        let query = sqlx::query(
            "SELECT commitment, label, sealed FROM vault_value WHERE subject = $1 AND commitment = $2",
        );
        let query = query.bind(subject.as_bytes().as_slice()).bind(blob(&commitment));
        let row = query.fetch_optional(&mut *conn).await.map_err(keep_error)?;
        row.as_ref().map(|row| self.opened(subject, &key, row)).transpose()
    }

    async fn list(&self, subject: Uuid) -> Result<Vec<Opened>, KeepError> {
        let mut conn = self.readers.acquire().await.map_err(keep_error)?;
        let Wrapped::Here(wrapped) = wrapped(&mut conn, subject).await? else { return Ok(Vec::new()) };
        let key = self.unwrap_key(subject, &wrapped)?;
        let query = sqlx::query(
            "SELECT commitment, label, sealed FROM vault_value WHERE subject = $1 ORDER BY place",
        );
        let query = query.bind(subject.as_bytes().as_slice());
        let rows = query.fetch_all(&mut *conn).await.map_err(keep_error)?;
        rows.iter().map(|row| self.opened(subject, &key, row)).collect()
    }

    async fn forget(&self, subject: Uuid) -> Result<(), KeepError> {
        let mut conn = self.writer.lock().await;
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await.map_err(keep_error)?;
        sqlx::query(
            "INSERT INTO vault_key (subject, wrapped) VALUES ($1, NULL)
             ON CONFLICT (subject) DO UPDATE SET wrapped = NULL",
        )
        .bind(subject.as_bytes().as_slice())
        .execute(&mut *tx)
        .await
        .map_err(keep_error)?;
        let query = sqlx::query("DELETE FROM vault_value WHERE subject = $1");
        query.bind(subject.as_bytes().as_slice()).execute(&mut *tx).await.map_err(keep_error)?;
        tx.commit().await.map_err(keep_error)?;
        // `secure_delete` zeroes the pages; the journal still holds old ones until it is folded in and cut.
        let cut = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)");
        cut.execute(&mut *conn).await.map(|_| ()).map_err(keep_error)
    }
}
