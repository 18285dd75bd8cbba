//! The store of a data folder, whichever engine it is on: SQLite in the folder, or a PostgreSQL database that several nodes share.
//! Documents lie in the folder in both cases.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use mingbai_core::text::{Tell as _, both};
use mingbai_desk::ports::{
    Accounts, Attachments, Checkpoints, Holder, KeepError, Log, Outbox, Stamps, Vault,
};
use mingbai_evidence::seal::Commitment;
use mingbai_evidence::{Digest, StreamId};
use mingbai_store::fsck::{Keeper, Place};
use mingbai_store::{Documents, MasterKey, PersonKeys, Postgres, Sqlite};
use uuid::Uuid;

use super::keys::Keys;
use super::ports::Machine;
use super::{ATTACHMENTS, Origin, STORE, unusable};
use crate::database::DatabaseUrl;
use crate::fail::{Fail, Kind};

/// Every port that a store implements.
pub struct Shelves {
    /// The log.
    pub log: Arc<dyn Log>,
    /// Personal values.
    pub vault: Arc<dyn Vault>,
    /// Accounts and keys.
    pub accounts: Arc<dyn Accounts>,
    /// Work that waits.
    pub outbox: Arc<dyn Outbox>,
    /// Time stamps.
    pub stamps: Arc<dyn Stamps>,
    /// Published checkpoints.
    pub checkpoints: Arc<dyn Checkpoints>,
    /// Documents.
    pub documents: Arc<dyn Attachments>,
}

impl Shelves {
    /// Opens the store.
    pub async fn open(dir: &Path, database: Option<&DatabaseUrl>, keys: &Keys) -> Result<Self, Fail> {
        let (master, machine) = (MasterKey::new(*keys.master), Arc::new(Machine));
        match database {
            None => {
                let store = Sqlite::open(&dir.join(STORE), master, machine.clone()).await;
                Self::of(dir, Arc::new(store.map_err(|e| unusable(dir, e.words()))?), machine)
            }
            Some(url) => {
                let store = Postgres::open(url.secret(), master, machine.clone()).await;
                let store = store.map_err(|e| {
                    let what = both("数据库打不开", "the database cannot be opened");
                    Fail::new(Kind::Io, what).because(e.words())
                })?;
                Self::of(dir, Arc::new(store), machine)
            }
        }
    }

    fn of<S>(dir: &Path, store: Arc<S>, machine: Arc<Machine>) -> Result<Self, Fail>
    where
        S: Log + Vault + Accounts + Outbox + Stamps + Checkpoints + PersonKeys + 'static,
    {
        let documents = Documents::folder(&dir.join(ATTACHMENTS), store.clone(), machine);
        let documents = Arc::new(documents.map_err(|e| unusable(dir, e.words()))?);
        Ok(Shelves {
            log: store.clone(),
            vault: store.clone(),
            accounts: store.clone(),
            outbox: store.clone(),
            stamps: store.clone(),
            checkpoints: store,
            documents,
        })
    }
}

/// Whether a store was in use before. A known one gets no new keys.
pub async fn origin(dir: &Path, database: Option<&DatabaseUrl>) -> Result<Origin, Fail> {
    let new = match database {
        None => !dir.join(STORE).exists(),
        Some(url) => Postgres::is_new(url.secret()).await.map_err(|e| {
            let what = both("数据库打不开", "the database cannot be opened");
            Fail::new(Kind::Io, what).because(e.words())
        })?,
    };
    Ok(if new { Origin::New } else { Origin::Known })
}

/// Where the store is.
pub fn place<'a>(file: &'a Path, database: Option<&'a DatabaseUrl>) -> Place<'a> {
    database.map_or(Place::File(file), |url| Place::Server(url.secret()))
}

#[async_trait]
impl Keeper for Shelves {
    async fn document(&self, stream: &StreamId, digest: Digest) -> Result<bool, KeepError> {
        // What a person's stream names is hers; everything else is nobody's.
        let person = stream.as_str().rsplit_once('/').and_then(|(_, id)| Uuid::try_parse(id).ok());
        for holder in person.map(Holder::Person).into_iter().chain([Holder::Public]) {
            if let Some(mut pieces) = self.documents.read(holder, digest, None).await? {
                while pieces.next().await?.is_some() {}
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn value(&self, subject: Uuid, commitment: &Commitment) -> Result<bool, KeepError> {
        Ok(self.vault.open(subject, commitment).await?.is_some())
    }

    async fn values(&self, subject: Uuid) -> Result<u64, KeepError> {
        Ok(self.vault.list(subject).await?.len() as u64)
    }
}
