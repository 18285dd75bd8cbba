//! 消保审查 of materials: handed in, read by a machine, judged by a person, answered, handed in again, released, looked up. The rules are
//! core's; what is written here is only in which order things are read, kept and appended.

mod machine;

use mingbai_core::actor::{Actor, Login, StaffRole};
use mingbai_core::govern::review::{
    Channel, Command, Context, MaterialFile, MaterialKind, Place, Review, ReviewEvent, ReviewId, Submission,
    Usable, usable,
};
use mingbai_core::text::{Tell as _, both};
use mingbai_evidence::refs::AttachmentRef;
use mingbai_evidence::{Digest, Record};

use crate::borrow::write::REFOLDS;
use crate::caller::{Caller, forbidden};
use crate::chain::{Chain, Said};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Append, Holder, LogError};

/// Most bytes of one file of a material.
pub const FILE_BYTES: usize = 8 << 20;
/// Most bytes of all files that are handed in at once.
pub const FILES_BYTES: usize = 16 << 20;
/// Most reviews that a house keeps in its list: one look reads them all.
const REVIEWS_LIMIT: u32 = 5_000;
/// Who may speak for the business.
const BUSINESS: [StaffRole; 3] = [StaffRole::Admin, StaffRole::Consultant, StaffRole::Compliance];

/// A file as it arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A material that is handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedIn {
    /// What it is.
    pub kind: MaterialKind,
    /// What people call it.
    pub title: String,
    /// Product and version that it speaks of.
    pub product: Option<(String, String)>,
    /// Files.
    pub files: Vec<Upload>,
    /// What the business says about it.
    pub note: String,
    /// Where it is meant to be used.
    pub regions: Vec<String>,
    /// By which ways.
    pub channels: Vec<Channel>,
}

fn no_review() -> DeskError {
    DeskError::NotFound(both("没有这次审查;请查看审查列表。", "There is no such review; look at the list."))
}

impl Desk {
    /// Hands a material in. The machine reads it at once; whoever does this may not review it.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for auditors and everybody who is no staff; [`DeskError::Invalid`] for files that are empty, too large or
    /// badly named; [`DeskError::Refused`] with what is missing.
    pub async fn hand_in_material(&self, caller: &Caller, handed: HandedIn) -> Result<ReviewId, DeskError> {
        if !caller.role().is_some_and(|role| BUSINESS.contains(&role)) {
            return Err(forbidden());
        }
        if let Some((id, version)) = &handed.product {
            self.product(id, Some(version))?;
        }
        check_uploads(&handed.files)?;
        let items = self.checklist.items_for(handed.kind).map(|item| item.code.clone()).collect();
        let mut submission = Submission {
            kind: handed.kind,
            title: handed.title.trim().to_owned(),
            product: handed.product,
            files: Vec::new(),
            note: handed.note.trim().to_owned(),
            regions: handed.regions,
            channels: handed.channels,
            checklist: (self.checklist.id().to_owned(), self.checklist.digest()),
            items,
            machine: self.machine_reads(handed.kind, &handed.files),
        };
        submission.files = handed.files.iter().map(named).collect();
        submission.check()?;
        // Kept only after the rules have said yes.
        self.keep(handed.files).await?;
        let now_ms = self.now_ms();
        let id = ReviewId::new(self.new_id(now_ms));
        let event = ReviewEvent::MaterialSubmitted(Box::new(submission));
        let records = self.review_records(id, None, now_ms, &caller.actor(), &event)?;
        self.ports.log.append(Append::of(id.stream(), None, records)).await?;
        Ok(id)
    }

    /// Does one thing to a review.
    ///
    /// # Errors
    /// [`DeskError::Refused`] with why and what next; [`DeskError::NotFound`]; [`DeskError::Forbidden`] for everybody who is no staff.
    pub async fn act_on_review(
        &self,
        caller: &Caller,
        id: ReviewId,
        command: Command,
    ) -> Result<Review, DeskError> {
        caller.role().ok_or_else(forbidden)?;
        let actor = caller.actor();
        for _ in 0..=REFOLDS {
            let review = self.load_review(id).await?;
            let now_ms = self.now_ms().max(review.last_at_ms());
            let event = review.decide(&actor, command.clone(), Context { now_ms })?;
            let records = self.review_records(id, Some(&review), now_ms, &actor, &event)?;
            match self.ports.log.append(Append::of(id.stream(), review.head(), records)).await {
                Err(LogError::Conflict { .. }) => {}
                outcome => {
                    outcome?;
                    return self.load_review(id).await;
                }
            }
        }
        Err(DeskError::Busy(both(
            "有人同时在办理这次审查,请再试一次。",
            "Somebody else is working on this review; try again.",
        )))
    }

    /// Hands the final material in, as it will be used.
    ///
    /// # Errors
    /// As [`Desk::hand_in_material`] and [`Desk::act_on_review`].
    pub async fn hand_in_final(
        &self,
        caller: &Caller,
        id: ReviewId,
        files: Vec<Upload>,
    ) -> Result<Review, DeskError> {
        caller.role().ok_or_else(forbidden)?;
        check_uploads(&files)?;
        let review = self.load_review(id).await?;
        let machine = self.machine_reads(review.submission.kind, &files);
        let command = Command::HandIn { files: files.iter().map(named).collect(), machine };
        let now_ms = self.now_ms().max(review.last_at_ms());
        review.decide(&caller.actor(), command.clone(), Context { now_ms })?;
        self.keep(files).await?;
        self.act_on_review(caller, id, command).await
    }

    /// Every review, the newest first.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless staff; [`DeskError::Fault`] when there are too many for one list.
    pub async fn reviews(&self, caller: &Caller) -> Result<Vec<Review>, DeskError> {
        caller.role().ok_or_else(forbidden)?;
        let mut all = self.all_reviews().await?;
        all.reverse();
        Ok(all)
    }

    /// One review.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless staff; [`DeskError::NotFound`].
    pub async fn material_review(&self, caller: &Caller, id: ReviewId) -> Result<Review, DeskError> {
        caller.role().ok_or_else(forbidden)?;
        self.load_review(id).await
    }

    /// The bytes of a file of a review, first or final, by digest.
    ///
    /// # Errors
    /// As [`Desk::material_review`].
    pub async fn material_file(
        &self,
        caller: &Caller,
        id: ReviewId,
        digest: Digest,
    ) -> Result<(MaterialFile, Vec<u8>), DeskError> {
        let review = self.material_review(caller, id).await?;
        let last = review.last.iter().flat_map(|last| &last.files);
        let file = review.submission.files.iter().chain(last).find(|file| file.file.sha256 == digest);
        let file = file.cloned().ok_or_else(no_review)?;
        let bytes = self.ports.attachments.get(Holder::Public, digest).await?.ok_or_else(no_review)?;
        Ok((file, bytes))
    }

    /// Whether exactly these bytes may be used at a place now. For staff and for the systems that show, print or say something.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for borrowers; [`DeskError::Log`].
    pub async fn material_use(
        &self,
        caller: &Caller,
        digest: Digest,
        place: &Place,
    ) -> Result<Usable, DeskError> {
        if caller.role().is_none() && !caller.is_core() && !caller.is_system() {
            return Err(forbidden());
        }
        Ok(usable(&self.all_reviews().await?, digest, place, self.now_ms()))
    }

    /// By number, which rises with the time: the oldest first.
    async fn all_reviews(&self) -> Result<Vec<Review>, DeskError> {
        let streams = self.ports.log.streams("review/", REVIEWS_LIMIT).await?;
        if streams.len() >= usize::try_from(REVIEWS_LIMIT).unwrap_or(usize::MAX) {
            return Err(DeskError::Fault(format!(
                "more than {REVIEWS_LIMIT} reviews; their list needs a table"
            )));
        }
        let mut all = Vec::with_capacity(streams.len());
        for id in streams.iter().filter_map(ReviewId::of_stream) {
            all.push(self.load_review(id).await?);
        }
        Ok(all)
    }

    async fn load_review(&self, id: ReviewId) -> Result<Review, DeskError> {
        let logged = self.ports.log.read(&id.stream()).await?;
        if logged.is_empty() {
            return Err(no_review());
        }
        Review::fold(id, logged.iter().map(|item| &item.record))
            .map_err(|error| DeskError::Fault(error.words().en))
    }

    async fn keep(&self, files: Vec<Upload>) -> Result<(), DeskError> {
        for upload in files {
            let media = machine::media(&upload.name);
            self.ports.attachments.put(Holder::Public, upload.bytes, media).await?;
        }
        Ok(())
    }

    fn review_records(
        &self,
        id: ReviewId,
        after: Option<&Review>,
        at_ms: i64,
        actor: &Actor,
        event: &ReviewEvent,
    ) -> Result<Vec<Record>, DeskError> {
        let chain = Chain { stream: id.stream(), head: after.and_then(Review::head), at_ms };
        let (kind, body) = event.to_parts();
        self.chained(&chain, [Said { actor: actor.to_string(), kind, body }])
    }
}

/// Whether this person handed the material in.
#[must_use]
pub fn is_own(review: &Review, login: Option<&Login>) -> bool {
    login == Some(&review.submitted.by)
}

fn named(upload: &Upload) -> MaterialFile {
    let file = AttachmentRef {
        sha256: Digest::of(&upload.bytes),
        media: machine::media(&upload.name).to_owned(),
        bytes: upload.bytes.len() as u64,
    };
    MaterialFile { name: upload.name.clone(), file }
}

/// Names come from a stranger's file system: a plain name of moderate length, and bytes in it.
fn check_uploads(files: &[Upload]) -> Result<(), DeskError> {
    let wrong = |zh: String, en: String| Err(DeskError::invalid("files", both(zh, en)));
    let mut all = 0_usize;
    for upload in files {
        let name = upload.name.as_str();
        let plain = (1..=120).contains(&name.chars().count())
            && !name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'))
            && !name.starts_with('.');
        if !plain {
            return wrong(
                "文件名不能用:要 1 到 120 字,不带路径,不以点开头。".to_owned(),
                "A file's name has 1 to 120 characters, no path, and does not begin with a dot.".to_owned(),
            );
        }
        if upload.bytes.is_empty() {
            return wrong(format!("文件“{name}”是空的。"), format!("The file {name:?} is empty."));
        }
        all = all.saturating_add(upload.bytes.len());
        if upload.bytes.len() > FILE_BYTES || all > FILES_BYTES {
            let (one, whole) = (FILE_BYTES >> 20, FILES_BYTES >> 20);
            return wrong(
                format!("文件太大:一个不超过 {one} MB,一次不超过 {whole} MB。"),
                format!("Too large: one file has {one} MB at most, all of them {whole} MB."),
            );
        }
    }
    Ok(())
}
