//! Bulletins: written by one officer, released by another, shown to everybody. The public list is asked for often and changes seldom, so it
//! is kept in memory for a short while; with several nodes a release is seen everywhere after that while.

use std::sync::{Arc, Mutex, PoisonError};

use mingbai_core::actor::StaffRole;
use mingbai_core::borrow::screen::ScreenKey;
use mingbai_core::text::both;
use mingbai_core::trust::bulletin::{
    Bulletin, BulletinEvent, BulletinId, BulletinText, Group, REGION_MAX, Released, TEXT_MAX, TITLE_MAX,
};
use mingbai_scam::ScamType;

use super::stream::Piece;
use crate::caller::Caller;
use crate::desk::{DAY_MS, Desk};
use crate::error::DeskError;

/// The most bulletins that are looked at, the newest ones.
const STREAMS: u32 = 2_000;
/// How long the public list is kept in memory, in milliseconds.
const FRESH_MS: i64 = 30_000;
/// The longest that a bulletin is shown without being released anew, in days.
const SHOWN_DAYS: i64 = 366;
/// Shortest reason for taking one down, in characters.
const REASON_MIN: usize = 2;
/// The most bulletins that are shown beside something else.
const BESIDE: usize = 2;

/// A bulletin as the public sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicBulletin {
    /// Number.
    pub id: BulletinId,
    /// What was released.
    pub released: Released,
}

/// The public list with the moment at which it was read.
#[derive(Debug, Default)]
pub(crate) struct Shelf(Mutex<Option<(i64, Arc<Vec<PublicBulletin>>)>>);

impl Shelf {
    fn get(&self, now_ms: i64) -> Option<Arc<Vec<PublicBulletin>>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at_ms, list) = kept.as_ref()?;
        (0..FRESH_MS).contains(&(now_ms - read_at_ms)).then(|| list.clone())
    }

    fn put(&self, kept: Option<(i64, Arc<Vec<PublicBulletin>>)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }
}

fn no_bulletin() -> DeskError {
    DeskError::NotFound(both("没有这条风险提示。", "There is no such bulletin."))
}

impl Desk {
    async fn load_bulletin(&self, id: BulletinId) -> Result<Bulletin, DeskError> {
        let logged = self.ports.log.read(&id.stream()).await?;
        Bulletin::fold(id, logged.iter().map(|item| &item.record)).ok_or_else(no_bulletin)
    }

    async fn every_bulletin(&self) -> Result<Vec<Bulletin>, DeskError> {
        let streams = self.ports.log.streams("bulletin/", STREAMS).await?;
        let mut all = Vec::new();
        for id in streams.iter().rev().filter_map(BulletinId::of_stream) {
            all.push(self.load_bulletin(id).await?);
        }
        Ok(all)
    }

    /// All of them for staff, newest first.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn bulletins(&self, caller: &Caller) -> Result<Vec<Bulletin>, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        self.every_bulletin().await
    }

    /// One of them for staff.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn bulletin(&self, caller: &Caller, id: BulletinId) -> Result<Bulletin, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        self.load_bulletin(id).await
    }

    /// Writes a bulletin, or writes one anew. It waits for another person.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] names the field that cannot be; [`DeskError::Refused`]; [`DeskError::Forbidden`] unless compliance.
    pub async fn draft_bulletin(
        &self,
        caller: &Caller,
        id: Option<BulletinId>,
        text: BulletinText,
    ) -> Result<BulletinId, DeskError> {
        caller.needs(&[StaffRole::Compliance])?;
        let now_ms = self.now_ms();
        let event = BulletinEvent::BulletinDrafted(Box::new(checked(text, now_ms)?));
        match id {
            Some(id) => self.add_to_bulletin(caller, id, event).await.map(|()| id),
            None => {
                let id = BulletinId::new(self.new_id(now_ms));
                let piece = Piece { stream: id.stream(), head: None, at_ms: now_ms, actor: caller.actor() };
                self.write_piece(piece, event.to_parts(), Vec::new()).await.map(|()| id)
            }
        }
    }

    /// Releases the draft that stands in this record.
    ///
    /// # Errors
    /// [`DeskError::Refused`] for its own writer and for a draft that is not the newest; [`DeskError::Forbidden`] unless compliance.
    pub async fn release_bulletin(
        &self,
        caller: &Caller,
        id: BulletinId,
        draft: u64,
    ) -> Result<(), DeskError> {
        caller.needs(&[StaffRole::Compliance])?;
        self.add_to_bulletin(caller, id, BulletinEvent::BulletinReleased { draft }).await
    }

    /// Takes a bulletin down.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] without a reason; [`DeskError::Refused`]; [`DeskError::Forbidden`] unless compliance.
    pub async fn end_bulletin(&self, caller: &Caller, id: BulletinId, reason: &str) -> Result<(), DeskError> {
        caller.needs(&[StaffRole::Compliance])?;
        let reason = line(reason);
        if !(REASON_MIN..=TITLE_MAX).contains(&reason.chars().count()) {
            let words = both(
                format!("请写原因({REASON_MIN} 到 {TITLE_MAX} 字)。"),
                format!("Write the reason ({REASON_MIN} to {TITLE_MAX} characters)."),
            );
            return Err(DeskError::invalid("reason", words));
        }
        self.add_to_bulletin(caller, id, BulletinEvent::BulletinEnded { reason }).await
    }

    async fn add_to_bulletin(
        &self,
        caller: &Caller,
        id: BulletinId,
        event: BulletinEvent,
    ) -> Result<(), DeskError> {
        let bulletin = self.load_bulletin(id).await?;
        let (actor, at_ms) = (caller.actor(), self.now_ms().max(bulletin.last_at_ms));
        bulletin.admits(&actor, &event)?;
        let piece = Piece { stream: id.stream(), head: Some(bulletin.head), at_ms, actor };
        self.write_piece(piece, event.to_parts(), Vec::new()).await?;
        self.shelf.put(None);
        Ok(())
    }

    /// What everybody may read now, newest first.
    ///
    /// # Errors
    /// [`DeskError`] when the log cannot be read.
    pub async fn public_bulletins(
        &self,
        region: &str,
        group: Option<Group>,
    ) -> Result<Vec<PublicBulletin>, DeskError> {
        let now_ms = self.now_ms();
        let list = match self.shelf.get(now_ms) {
            Some(list) => list,
            None => {
                let all = self.every_bulletin().await?;
                let mut list: Vec<PublicBulletin> = all
                    .into_iter()
                    .filter_map(|one| {
                        one.shown(now_ms).cloned().map(|released| PublicBulletin { id: one.id, released })
                    })
                    .collect();
                list.sort_by_key(|one| std::cmp::Reverse((one.released.at_ms, one.id)));
                let list = Arc::new(list);
                self.shelf.put(Some((now_ms, list.clone())));
                list
            }
        };
        let wanted = |one: &&PublicBulletin| {
            one.released.text.is_for(region, group) && now_ms <= one.released.text.until_ms
        };
        Ok(list.iter().filter(wanted).cloned().collect())
    }

    /// The newest bulletins about any of these families of fraud.
    ///
    /// # Errors
    /// As [`Desk::public_bulletins`].
    pub async fn bulletins_about(&self, families: &[ScamType]) -> Result<Vec<PublicBulletin>, DeskError> {
        if families.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<&str> = families.iter().map(|family| family.key()).collect();
        let all = self.public_bulletins("", None).await?;
        Ok(all.into_iter().filter(|one| one.released.text.warns_of(&keys)).take(BESIDE).collect())
    }
}

/// Which families of fraud an answer of a borrower is a sign of.
#[must_use]
pub fn signs_of(hit: ScreenKey) -> &'static [ScamType] {
    match hit {
        ScreenKey::Promised => &[ScamType::LoanBroker, ScamType::CreditRepair],
        ScreenKey::Charged => &[ScamType::LoanBroker, ScamType::FakeLoan],
        ScreenKey::Coached => &[ScamType::LoanBroker, ScamType::AbLoan],
        ScreenKey::HeldPhone => &[ScamType::AbLoan, ScamType::LoanBroker],
        ScreenKey::ScreenShared => &[ScamType::FakeService, ScamType::FakePolice],
        ScreenKey::AskedCode => &[ScamType::FakeService, ScamType::Phishing, ScamType::FakePolice],
        ScreenKey::ForOther => &[ScamType::AbLoan],
        ScreenKey::Forced => &[ScamType::AbLoan],
    }
}

fn checked(text: BulletinText, now_ms: i64) -> Result<BulletinText, DeskError> {
    let wrong = |field, zh: String, en: String| Err(DeskError::invalid(field, both(zh, en)));
    let title = both(line(&text.title.zh), line(&text.title.en));
    let body = both(block(&text.text.zh), block(&text.text.en));
    let region = line(&text.region);
    for (field, words, most) in [("title", &title, TITLE_MAX), ("text", &body, TEXT_MAX)] {
        let fits = |text: &str| (2..=most).contains(&text.chars().count());
        if !fits(&words.zh) || !fits(&words.en) {
            return wrong(
                field,
                format!("中文和英文都要写,2 到 {most} 字。"),
                format!("Both languages are needed, 2 to {most} characters."),
            );
        }
    }
    if region.chars().count() > REGION_MAX {
        return wrong(
            "region",
            format!("最多 {REGION_MAX} 字。"),
            format!("At most {REGION_MAX} characters."),
        );
    }
    let known = |key: &String| ScamType::ALL.iter().any(|one| one.key() == key);
    if !text.families.iter().all(known) {
        return wrong(
            "families",
            "没有这种骗局。".to_owned(),
            "There is no such family of fraud.".to_owned(),
        );
    }
    if text.until_ms <= now_ms || text.until_ms > now_ms + SHOWN_DAYS * DAY_MS {
        return wrong(
            "until",
            "最后一天要在今天之后、一年以内:过期的警告没有人再看。".to_owned(),
            "The last day is after today and within a year: nobody reads a stale warning.".to_owned(),
        );
    }
    Ok(BulletinText { title, text: body, region, ..text })
}

fn line(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).collect()
}

fn block(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.trim().chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}
