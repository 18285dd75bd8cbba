//! The store of a data folder, whichever engine it is on: SQLite in the folder, or a PostgreSQL database that several nodes share.
//! Documents lie in the folder in both cases, or in a bucket on S3.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use mingbai_core::text::{Tell as _, both};
use mingbai_desk::ports::{
    Accounts, Attachments, Checkpoints, Holder, KeepError, Links, Log, Outbox, Recordings, Stamps, Traces,
    Vault,
};
use mingbai_evidence::note::VerifyingKeyText;
use mingbai_evidence::seal::Commitment;
use mingbai_evidence::timestamp::Roots;
use mingbai_evidence::{Digest, StreamId};
use mingbai_store::fsck::{Keeper, Place};
use mingbai_store::{Documents, PersonKeys, Postgres, Sqlite};
use uuid::Uuid;

use super::keys::Keys;
use super::ports::Machine;
use super::{ATTACHMENTS, Origin, STORE, unusable};
use crate::database::DatabaseUrl;
use crate::fail::{Fail, Kind};
use crate::storage::Premises;

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
    /// What applications were seen with.
    pub links: Arc<dyn Links>,
    /// Traces of browsers and hands.
    pub traces: Arc<dyn Traces>,
    /// Chunks of recordings.
    pub recordings: Arc<dyn Recordings>,
    /// Documents.
    pub documents: Arc<Documents>,
    log_keys: Vec<VerifyingKeyText>,
    roots: Option<Roots>,
}

impl Shelves {
    /// Opens the store.
    pub async fn open(premises: &Premises, keys: &Keys) -> Result<Self, Fail> {
        let (custody, machine, dir) = (keys.custody.clone(), Arc::new(Machine), &premises.dir);
        let shelves = match &premises.database {
            None => {
                let store = Sqlite::open(&dir.join(STORE), custody, machine.clone()).await;
                Self::of(premises, Arc::new(store.map_err(|e| unusable(dir, e.words()))?), machine)
            }
            Some(url) => {
                let store = Postgres::open(url.secret(), custody, machine.clone()).await;
                let store = store.map_err(|e| {
                    let what = both("数据库打不开", "the database cannot be opened");
                    Fail::new(Kind::Io, what).because(e.words())
                })?;
                Self::of(premises, Arc::new(store), machine)
            }
        };
        shelves.map(|shelves| Shelves { log_keys: keys.public(), ..shelves })
    }

    /// With what time stamps must lead to.
    pub fn with_roots(self, roots: Option<Roots>) -> Self {
        Shelves { roots, ..self }
    }

    fn of<S>(premises: &Premises, store: Arc<S>, machine: Arc<Machine>) -> Result<Self, Fail>
    where
        S: Log
            + Vault
            + Accounts
            + Outbox
            + Stamps
            + Checkpoints
            + Traces
            + Links
            + Recordings
            + PersonKeys
            + 'static,
    {
        let documents = match &premises.bucket {
            None => Documents::folder(&premises.dir.join(ATTACHMENTS), store.clone(), machine),
            Some(place) => Documents::s3(place.clone(), store.clone(), machine),
        };
        let documents = Arc::new(documents.map_err(|e| unusable(&premises.dir, e.words()))?);
        Ok(Shelves {
            log: store.clone(),
            vault: store.clone(),
            accounts: store.clone(),
            outbox: store.clone(),
            stamps: store.clone(),
            checkpoints: store.clone(),
            links: store.clone(),
            traces: store.clone(),
            recordings: store,
            documents,
            log_keys: Vec::new(),
            roots: None,
        })
    }
}

/// Whether a store was in use before. A known one gets no new keys.
pub async fn origin(premises: &Premises) -> Result<Origin, Fail> {
    let new = match &premises.database {
        None => !premises.dir.join(STORE).exists(),
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

    fn log_keys(&self) -> Vec<VerifyingKeyText> {
        self.log_keys.clone()
    }

    fn stamp_roots(&self) -> Option<Roots> {
        self.roots.clone()
    }

    async fn values(&self, subject: Uuid) -> Result<u64, KeepError> {
        Ok(self.vault.list(subject).await?.len() as u64)
    }
}
