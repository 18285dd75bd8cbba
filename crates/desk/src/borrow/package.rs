//! The evidence package of one loan: its records, those of its papers and of its product's review, proofs, checkpoint, what the log
//! states of the streams' ends, attachments, and the sealed values that the holder chose to open; or a redacted copy of all this.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mingbai_core::actor::StaffRole;
use mingbai_core::borrow::event::Event;
use mingbai_core::borrow::state::Stage;
use mingbai_core::borrow::{Journey, JourneyId};
use mingbai_core::policy::Pack;
use mingbai_core::privacy::{self, PrivacyFile};
use mingbai_evidence::StreamId;
use mingbai_evidence::closing::{self, Going, StreamEnd};
use mingbai_evidence::note::{SignedCheckpoint, VerifyingKeyText};
use mingbai_evidence::package::{self, Attachment, Disclosure, Inclusion, Package, README, Withheld};
use mingbai_evidence::refs::{Reference, references};

use super::signing::archive;
use super::write::Loaded;
use super::{holder, paper};
use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Holder, KeepError, Logged};

/// Which sealed values are opened, and what else is held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disclose {
    /// None: the package proves everything and shows no personal value.
    Nothing,
    /// All that the vault still has.
    Everything,
    /// Those with these labels, e.g. `borrower.name`.
    Labels(Vec<String>),
    /// None, and a redacted copy: what is named here is not shown either.
    Redacted(Redaction),
}

/// What a redacted copy does not show. Of a withheld record only place and leaf are left: that none is missing stays proven, what
/// the loan's rules make of them does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redaction {
    /// Records of the journey and its papers of these kinds, e.g. `afford_assessed`.
    pub kinds: Vec<String>,
    /// Whether her documents stay away: contract, cost table, recordings. What the product's review shows to everybody stays.
    pub documents: Documents,
}

/// Her documents in a redacted copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Documents {
    /// Those that a record shows.
    #[default]
    Shown,
    /// None; the check says that they were left out.
    Withheld,
}

/// The records of a package: hers first, then those of the product's review and of the log's keys.
struct Gathered {
    hers: Vec<Logged>,
    public: Vec<Logged>,
    /// The rules of the journey.
    pack: Arc<Pack>,
}

impl Gathered {
    fn all(&self) -> impl Iterator<Item = &Logged> {
        self.hers.iter().chain(&self.public)
    }

    /// Forgets what stands at or above a size of the log.
    fn below(&mut self, size: u64) {
        self.hers.retain(|item| item.index < size);
        self.public.retain(|item| item.index < size);
    }
}

impl Desk {
    /// The package's bytes, a zip.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::Forbidden`] for consultants, and when values are to be opened by anyone but the borrower
    /// and compliance.
    pub async fn package(
        &self,
        caller: &Caller,
        id: JourneyId,
        disclose: Disclose,
    ) -> Result<Vec<u8>, DeskError> {
        let own = caller.journey().is_some() || caller.is_system();
        let opens = !matches!(disclose, Disclose::Nothing | Disclose::Redacted(_));
        if opens && !own && caller.role() != Some(StaffRole::Compliance) {
            return Err(forbidden());
        }
        let first = self.gather(self.load_for(caller, id).await?, id).await?;
        // It holds what she answered about pressure on her, and the branch may be where it comes from.
        if caller.role() == Some(StaffRole::Consultant) {
            return Err(forbidden());
        }
        // Chosen after the records were read, so that its tree holds all of them.
        let last = first.all().map(|item| item.index).max().unwrap_or(0);
        let (head, checkpoint) = self.best_checkpoint(last).await?;
        // Read again and cut at the checkpoint: what came in between is in its tree, and the statement must not be silent about it.
        let loaded = self.load_for(caller, id).await?;
        let mut gathered = self.gather(loaded, id).await?;
        gathered.below(head.size);
        let streams = self.stream_ends(&gathered, id, &checkpoint)?;
        let signer = self.ports.signer.log();
        let key = VerifyingKeyText::new(signer.name(), signer.public_key())
            .map_err(|e| DeskError::Fault(e.to_string()))?;
        let everything: Vec<Logged> = gathered.all().cloned().collect();
        let stamped = self.stamped_for(&everything, head, &checkpoint).await?;
        let (mut records, mut proofs, mut withheld) = (Vec::new(), Vec::new(), Vec::new());
        let public_from = gathered.hers.len();
        for (at, item) in everything.iter().enumerate() {
            let path = self.ports.log.inclusion(item.index, head.size).await?;
            let proof = Inclusion { index: item.index, path };
            if at < public_from && disclose.withholds(item) {
                let (stream, seq, leaf) =
                    (item.record.stream().clone(), item.record.seq(), item.record.leaf());
                withheld.push(Withheld { stream, seq, leaf, proof });
            } else {
                records.push(item.record.clone());
                proofs.push(proof);
            }
        }
        gathered.hers.retain(|item| !disclose.withholds(item));
        let mut attachments = match disclose.documents() {
            Documents::Shown => self.attachments_of(holder(id), &gathered.hers).await?,
            Documents::Withheld => Vec::new(),
        };
        attachments.extend(self.attachments_of(Holder::Public, &gathered.public).await?);
        attachments.extend(self.packs_of(gathered.all()));
        let disclosures = self.disclosures(id, gathered.all(), &disclose).await?;
        let package = Package {
            records,
            proofs,
            withheld,
            attachments,
            checkpoint,
            stamped,
            sm2: self.second_note(head.size, head.root)?,
            streams: Some(streams),
            disclosures,
            key,
            readme: README.to_owned(),
        };
        package::write(&package).map_err(|e| DeskError::Fault(e.to_string()))
    }

    /// Every record that belongs into the package, as the streams stand now.
    async fn gather(&self, loaded: Loaded, id: JourneyId) -> Result<Gathered, DeskError> {
        let mut hers = loaded.logged;
        hers.extend(self.ports.log.read(&paper::stream_of(id)).await?);
        hers.extend(self.ports.log.read(&archive::stream_of(id)).await?);
        // Holds, and after an erasure the record that says so, with the digests of what is gone.
        hers.extend(self.privacy_records(id).await?);
        let mut public = Vec::new();
        for stream in cited(&hers) {
            public.extend(self.ports.log.read(&stream).await?);
        }
        public.extend(self.key_records().await?);
        Ok(Gathered { hers, public, pack: loaded.pack })
    }

    /// What the log states of every stream of the package at the checkpoint, signed.
    fn stream_ends(&self, gathered: &Gathered, id: JourneyId, checkpoint: &str) -> Result<String, DeskError> {
        let fault = |e: &dyn std::fmt::Display| DeskError::Fault(e.to_string());
        let ended = ended(gathered, id, self.stage_below(gathered, id)?);
        let mut ends: BTreeMap<StreamId, StreamEnd> = BTreeMap::new();
        for item in gathered.all() {
            let stream = item.record.stream().clone();
            let length = item.record.seq() + 1;
            let going = if ended.contains(&stream) { Going::Ended } else { Going::Open };
            let end = StreamEnd { stream: stream.clone(), length, head: item.record.leaf(), going };
            if ends.get(&stream).is_none_or(|known| known.length < length) {
                ends.insert(stream, end);
            }
        }
        let ends: Vec<StreamEnd> = ends.into_values().collect();
        let stated = SignedCheckpoint::parse(checkpoint).map_err(|e| fault(&e))?;
        closing::sign(stated.checkpoint(), &ends, self.ports.signer.log()).map_err(|e| fault(&e))
    }

    /// Where the journey stood at the checkpoint.
    fn stage_below(&self, gathered: &Gathered, id: JourneyId) -> Result<Stage, DeskError> {
        let own =
            gathered.hers.iter().map(|item| &item.record).filter(|record| *record.stream() == id.stream());
        Ok(Journey::fold(id, &gathered.pack, own)?.stage())
    }

    /// The key that checkpoints are signed with; the lender publishes it.
    ///
    /// # Errors
    /// [`DeskError::Fault`] when the signer's key is not usable.
    pub fn log_key(&self) -> Result<VerifyingKeyText, DeskError> {
        let signer = self.ports.signer.log();
        VerifyingKeyText::new(signer.name(), signer.public_key()).map_err(|e| DeskError::Fault(e.to_string()))
    }

    /// The rules that journeys were opened under, so that whoever holds the package can judge by them.
    fn packs_of<'l>(&self, logged: impl Iterator<Item = &'l Logged>) -> Vec<Attachment> {
        let named =
            logged.filter_map(|item| match Event::from_parts(item.record.kind(), item.record.body()) {
                Ok(Event::Opened { pack_digest, .. }) => self.pack_by_digest(&pack_digest),
                _ => None,
            });
        named.map(|pack| Attachment::new("application/toml", pack.text().as_bytes().to_vec())).collect()
    }

    async fn attachments_of(&self, holder: Holder, logged: &[Logged]) -> Result<Vec<Attachment>, DeskError> {
        let mut wanted = BTreeMap::new();
        for item in logged {
            for reference in references(item.record.body()) {
                if let Reference::Attachment(reference) = reference {
                    wanted.insert(reference.sha256, reference.media);
                }
            }
        }
        let mut found = Vec::new();
        for (digest, media) in wanted {
            match self.ports.attachments.get(holder, digest).await {
                Ok(Some(bytes)) => found.push(Attachment::new(&media, bytes)),
                // One that is missing is left out, and the verifier says so; one that was erased is named by its record.
                Ok(None) | Err(KeepError::Forgotten) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(found)
    }

    async fn disclosures(
        &self,
        id: JourneyId,
        logged: impl Iterator<Item = &Logged>,
        disclose: &Disclose,
    ) -> Result<Vec<Disclosure>, DeskError> {
        // The vault may hold values of attempts that never became evidence; only what a record names is opened.
        let named: BTreeSet<_> = logged
            .flat_map(|item| references(item.record.body()))
            .filter_map(|reference| match reference {
                Reference::Sealed(sealed) => Some(sealed.sealed),
                _ => None,
            })
            .collect();
        let kept = self.ports.vault.list(id.uuid()).await?;
        Ok(kept
            .into_iter()
            .filter(|opened| named.contains(&opened.commitment) && disclose.opens(&opened.label))
            .map(|opened| Disclosure {
                commitment: opened.commitment,
                label: opened.label,
                value: opened.value,
                salt: opened.salt,
            })
            .collect())
    }
}

impl Disclose {
    fn opens(&self, label: &str) -> bool {
        match self {
            Disclose::Nothing | Disclose::Redacted(_) => false,
            Disclose::Everything => true,
            Disclose::Labels(labels) => labels.iter().any(|wanted| wanted == label),
        }
    }

    fn withholds(&self, item: &Logged) -> bool {
        match self {
            Disclose::Redacted(redaction) => redaction.kinds.iter().any(|kind| kind == item.record.kind()),
            _ => false,
        }
    }

    fn documents(&self) -> Documents {
        match self {
            Disclose::Redacted(redaction) => redaction.documents,
            _ => Documents::Shown,
        }
    }
}

/// The streams of a journey that has ended: declined or closed, its own; erased, all of hers.
fn ended(gathered: &Gathered, id: JourneyId, stage: Stage) -> BTreeSet<StreamId> {
    let file = PrivacyFile::fold(gathered.hers.iter().map(|item| &item.record));
    let mut ended = BTreeSet::new();
    if matches!(stage, Stage::Declined | Stage::Closed) || file.erased().is_some() {
        ended.insert(id.stream());
    }
    if file.erased().is_some() {
        ended.extend([paper::stream_of(id), archive::stream_of(id), privacy::stream_of(id)]);
    }
    ended
}

/// The review streams that a journey cites.
fn cited(logged: &[Logged]) -> BTreeSet<StreamId> {
    logged
        .iter()
        .filter_map(|item| match Event::from_parts(item.record.kind(), item.record.body()) {
            Ok(Event::ReviewCited { release_stream, .. }) => StreamId::new(&release_stream).ok(),
            _ => None,
        })
        .collect()
}
