//! The evidence package of one loan: its records, those of its papers and of its product's review, proofs, checkpoint,
//! attachments, and the sealed values that the holder chose to open.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_core::actor::StaffRole;
use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::event::Event;
use mingbai_evidence::StreamId;
use mingbai_evidence::note::VerifyingKeyText;
use mingbai_evidence::package::{self, Attachment, Disclosure, Inclusion, Package, README};
use mingbai_evidence::refs::{Reference, references};

use super::{holder, paper};
use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Holder, KeepError, Logged};

/// Which sealed values are opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disclose {
    /// None: the package proves everything and shows no personal value.
    Nothing,
    /// All that the vault still has.
    Everything,
    /// Those with these labels, e.g. `borrower.name`.
    Labels(Vec<String>),
}

impl Desk {
    /// The package's bytes, a zip.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::Forbidden`] when values are to be opened by anyone but the borrower and
    /// compliance.
    pub async fn package(
        &self,
        caller: &Caller,
        id: JourneyId,
        disclose: Disclose,
    ) -> Result<Vec<u8>, DeskError> {
        let own = caller.journey().is_some() || caller.is_system();
        if disclose != Disclose::Nothing && !own && caller.role() != Some(StaffRole::Compliance) {
            return Err(forbidden());
        }
        let loaded = self.load_for(caller, id).await?;
        let mut logged = loaded.logged;
        logged.extend(self.ports.log.read(&paper::stream_of(id)).await?);
        // Holds, and after an erasure the record that says so, with the digests of what is gone.
        logged.extend(self.privacy_records(id).await?);
        let hers = logged.len();
        for stream in cited(&logged) {
            logged.extend(self.ports.log.read(&stream).await?);
        }
        logged.extend(self.key_records().await?);
        // Chosen after the records were read, so that its tree holds all of them.
        let last = logged.iter().map(|item| item.index).max().unwrap_or(0);
        let (head, checkpoint) = self.best_checkpoint(last).await?;
        let mut proofs = Vec::with_capacity(logged.len());
        for item in &logged {
            let path = self.ports.log.inclusion(item.index, head.size).await?;
            proofs.push(Inclusion { index: item.index, path });
        }
        let (own, public) = logged.split_at(hers);
        let mut attachments = self.attachments_of(holder(id), own).await?;
        attachments.extend(self.attachments_of(Holder::Public, public).await?);
        attachments.extend(self.packs_of(&logged));
        let disclosures = self.disclosures(id, &logged, &disclose).await?;
        let signer = self.ports.signer.log();
        let key = VerifyingKeyText::new(signer.name(), signer.public_key())
            .map_err(|e| DeskError::Fault(e.to_string()))?;
        let stamped = self.stamped_for(&logged, head, &checkpoint).await?;
        let package = Package {
            records: logged.into_iter().map(|item| item.record).collect(),
            proofs,
            attachments,
            checkpoint,
            stamped,
            sm2: self.second_note(head.size, head.root)?,
            disclosures,
            key,
            readme: README.to_owned(),
        };
        package::write(&package).map_err(|e| DeskError::Fault(e.to_string()))
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
    fn packs_of(&self, logged: &[Logged]) -> Vec<Attachment> {
        let named = logged.iter().filter_map(|item| {
            match Event::from_parts(item.record.kind(), item.record.body()) {
                Ok(Event::Opened { pack_digest, .. }) => self.pack_by_digest(&pack_digest),
                _ => None,
            }
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
        logged: &[Logged],
        disclose: &Disclose,
    ) -> Result<Vec<Disclosure>, DeskError> {
        let wanted = |label: &str| match disclose {
            Disclose::Nothing => false,
            Disclose::Everything => true,
            Disclose::Labels(labels) => labels.iter().any(|wanted| wanted == label),
        };
        // The vault may hold values of attempts that never became evidence; only what a record names is opened.
        let named: BTreeSet<_> = logged
            .iter()
            .flat_map(|item| references(item.record.body()))
            .filter_map(|reference| match reference {
                Reference::Sealed(sealed) => Some(sealed.sealed),
                _ => None,
            })
            .collect();
        let kept = self.ports.vault.list(id.uuid()).await?;
        Ok(kept
            .into_iter()
            .filter(|opened| named.contains(&opened.commitment) && wanted(&opened.label))
            .map(|opened| Disclosure {
                commitment: opened.commitment,
                label: opened.label,
                value: opened.value,
                salt: opened.salt,
            })
            .collect())
    }
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
