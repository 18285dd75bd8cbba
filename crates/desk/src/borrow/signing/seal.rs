//! What follows the borrower's signature: the lender's seal, what a verifier needs in years, and the moment that somebody outside
//! proves.

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::command::Command;
use mingbai_evidence::Digest;
use mingbai_evidence::timestamp;

use super::{gone, signature_error};
use crate::borrow::holder;
use crate::caller::Caller;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::SealWish;

impl Desk {
    /// Seals the signed contract of a journey, unless it is sealed already.
    pub(crate) async fn seal_contract(&self, id: JourneyId) -> Result<(), DeskError> {
        let Some(pen) = self.signatures() else {
            return Err(DeskError::Fault("there is no authority to seal the contract".to_owned()));
        };
        let loaded = self.load(id).await?;
        if loaded.journey.declined().is_some() {
            // She signed, then said no: the lender concludes nothing.
            return Ok(());
        }
        let Some(own) = loaded.journey.own_signature().filter(|own| own.sealed.is_none()) else {
            // Sealed before, or the terms have changed since and the signature no longer counts.
            return Ok(());
        };
        let signed = own.document.sha256;
        let pdf = self.ports.attachments.get(holder(id), signed).await?.ok_or_else(gone)?;
        let now_ms = self.now_ms();
        let wish = SealWish {
            pdf,
            label: "放款机构电子签章 Lender's seal".to_owned(),
            reason: "放款机构确认合同 The lender concludes the contract".to_owned(),
            now_ms,
        };
        let sealed = pen.seal(wish).await.map_err(signature_error)?;
        let closed = pen.close(sealed, now_ms).await.map_err(signature_error)?;
        let document = self.ports.attachments.put(holder(id), closed, "application/pdf").await?;
        self.act(&Caller::system(), id, Command::SealContract { signed, document }).await.map(|_| ())
    }

    /// A time stamp over a signature value. She does not wait for an authority that is down: the file then says only the server's
    /// clock, and the record says so.
    pub(super) async fn stamp_value(&self, imprint: &Digest) -> Option<Vec<u8>> {
        let authority = self.stamping.as_ref()?.authority()?;
        let nonce = u64::from_be_bytes(self.random());
        let asked = async {
            let query = timestamp::query(imprint, nonce).map_err(|e| e.to_string())?;
            let response = authority.way.stamp(query).await.map_err(|e| e.to_string())?;
            timestamp::verify(&response, imprint, nonce, &authority.roots).map_err(|e| e.to_string())?;
            Ok::<_, String>(response)
        };
        match asked.await {
            Ok(response) => Some(response),
            Err(error) => {
                tracing::warn!(%error, "a signature was not time-stamped");
                None
            }
        }
    }
}
