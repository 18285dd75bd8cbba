//! Identifiers of an application come in: hashed, appended, looked at; and whoever needs a protective call is paused.

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::command::Command;
use mingbai_core::text::both;

use super::edge::{Link, unfit};
use super::state::{State, identifiers};
use crate::caller::{Caller, forbidden};
use crate::desk::{DAY_MS, Desk};
use crate::error::DeskError;
use crate::ports::LINK_WIDTH;

/// How long hashes are kept, in days: three windows, so that a search over the whole log sees more than the rules do.
pub const RETENTION_DAYS: i64 = 180;
/// Longest customer number, in bytes.
const CUSTOMER_MAX: usize = 100;

/// What was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinksTaken {
    /// New identifiers.
    pub taken: usize,
    /// Identifiers that this application was seen with before.
    pub known: usize,
}

impl Desk {
    /// Takes what an application was seen with. `customer` is the customer's number in the core system: with it, her own second
    /// application is not taken for somebody else's. It counts when it comes with the first identifiers of the journey.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless the core system; [`DeskError::NotFound`]; [`DeskError::Invalid`] for a text that is no identifier
    /// (it is not repeated); [`DeskError`] when the store fails: then send the same again, a repetition changes nothing.
    pub async fn take_links(
        &self,
        caller: &Caller,
        id: JourneyId,
        customer: Option<&str>,
        links: &[Link],
    ) -> Result<LinksTaken, DeskError> {
        if !(caller.is_core() || caller.is_system()) {
            return Err(forbidden());
        }
        let Some(rings) = &self.rings else { return Err(not_here()) };
        self.load_for(caller, id).await?;
        if !(1..=LINK_WIDTH).contains(&links.len()) {
            let words = both(
                format!("一次送 1 到 {LINK_WIDTH} 个标识。"),
                format!("Send 1 to {LINK_WIDTH} identifiers at once."),
            );
            return Err(DeskError::invalid("links", words));
        }
        let mut fresh = Vec::with_capacity(links.len());
        for link in links {
            let hashed = rings.key.identifier(link.kind, &link.value).map_err(|why| {
                let (kind, (zh, en)) = (link.kind.name(), unfit(why));
                DeskError::invalid(
                    "links",
                    both(format!("{}:{zh}", kind.zh), format!("The {}: {en}", kind.en)),
                )
            })?;
            if !fresh.contains(&hashed) {
                fresh.push(hashed);
            }
        }
        let before = rings.links.of_journey(id).await?;
        let number = customer.map(str::trim);
        if number.is_some_and(|number| !(1..=CUSTOMER_MAX).contains(&number.len())) {
            let words = both("客户编号应为 1 到 100 个字节。", "A customer's number has 1 to 100 bytes.");
            return Err(DeskError::invalid("customer", words));
        }
        // Whoever she was at first she stays: under two names she would share everything with herself.
        let applicant = match (before.first(), number) {
            (Some(row), _) => row.applicant,
            (None, Some(number)) => rings.key.applicant(number),
            // The random end of the journey's own number.
            (None, None) => id.uuid().as_u64_pair().1,
        };
        let seen: Vec<_> = before.iter().flat_map(identifiers).collect();
        let sent = fresh.len();
        fresh.retain(|one| !seen.contains(one));
        let done = LinksTaken { taken: fresh.len(), known: sent - fresh.len() };
        // One look at a time: two that come together must not make two rings of one.
        let mut state = rings.state.lock().await;
        if !fresh.is_empty() {
            let numbers: Vec<u64> = fresh.iter().map(|one| one.number()).collect();
            rings.links.append(id, applicant, self.now_ms(), &numbers).await?;
        }
        // Also when nothing is new: the look may have failed the first time.
        Box::pin(self.look_at(rings, &mut state, applicant)).await?;
        Ok(done)
    }

    /// Makes the state in memory from the log, as every start does. Returns how many edges are in the window.
    ///
    /// # Errors
    /// [`DeskError`] when the store fails.
    pub async fn load_rings(&self) -> Result<usize, DeskError> {
        let Some(rings) = &self.rings else { return Ok(0) };
        let mut state = rings.state.lock().await;
        state.catch_up(rings.links.as_ref()).await?;
        state.advance(self.now_ms());
        Ok(state.edges())
    }

    /// Deletes hashes that grew old. Called by a timer; returns how many rows.
    ///
    /// # Errors
    /// [`DeskError`] when the store fails.
    pub async fn prune_links(&self) -> Result<u64, DeskError> {
        let Some(rings) = &self.rings else { return Ok(0) };
        Ok(rings.links.prune(self.now_ms() - RETENTION_DAYS * DAY_MS).await?)
    }

    /// What every applicant of the log shares with others, in the order of coming, from the state as it is now: two processes that know the
    /// same say the same. For tests and for whoever doubts a restart.
    ///
    /// # Errors
    /// [`DeskError`] when the store fails.
    pub async fn ring_state(&self) -> Result<Vec<String>, DeskError> {
        let Some(rings) = &self.rings else { return Ok(Vec::new()) };
        let state = rings.state.lock().await;
        let mut all = Vec::new();
        let mut seq = 0;
        loop {
            let rows = rings.links.after(seq).await?;
            let Some(last) = rows.last() else { return Ok(all) };
            seq = last.seq;
            all.extend(rows.iter().map(|row| said(&state, row.applicant, &identifiers(row))));
        }
    }

    /// The links of a person who is forgotten.
    pub(crate) async fn forget_links(&self, id: JourneyId) -> Result<(), DeskError> {
        let Some(rings) = &self.rings else { return Ok(()) };
        let mut state = rings.state.lock().await;
        rings.links.forget(id).await?;
        state.reset();
        state.catch_up(rings.links.as_ref()).await
    }

    /// Pauses a journey for a protective call. What is over already is left alone.
    pub(super) async fn ask_for_call(&self, id: JourneyId, ring: uuid::Uuid) -> Result<(), DeskError> {
        match self.act(&Caller::system(), id, Command::AlertRing { ring }).await {
            Err(DeskError::Refused(_)) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn said(state: &State, applicant: u64, identifiers: &[mingbai_rings::Identifier]) -> String {
    format!("{:?}", state.evidence(applicant, identifiers))
}

fn not_here() -> DeskError {
    DeskError::NotFound(both("这里没有开通团伙识别。", "This installation does not look for rings."))
}
