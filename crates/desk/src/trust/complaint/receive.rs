//! A complaint comes in: from the public page, from the borrower's own pages, noted by staff, or handed over by a regulator's line.

use mingbai_core::actor::{Actor, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_core::text::both;
use mingbai_core::trust::complaint::{
    Channel, Clocks, Complaint, ComplaintEvent, ComplaintId, Elsewhere, NOTE_MAX, Paper, Party, Received,
};
use mingbai_cost::Words;
use mingbai_evidence::Digest;
use uuid::Uuid;

use super::message::News;
use super::no_complaint;
use super::row::row_of;
use crate::caller::{Caller, forbidden};
use crate::desk::{DAY_MS, Desk};
use crate::error::DeskError;
use crate::ports::{Append, Written};
use crate::token;

/// Longest name, contact or number, in characters.
const SHORT_MAX: usize = 100;
/// Shortest story, in characters.
const STORY_MIN: usize = 5;
/// The most papers that come with a complaint.
const PAPERS: usize = 20;
/// The longest that a letter can have been on its way.
const OLDEST_DAYS: i64 = 3 * 365;

/// What somebody complains about, as it came in.
#[derive(Clone, PartialEq, Eq)]
pub struct Complain {
    /// Where it came in.
    pub channel: Channel,
    /// Who speaks.
    pub party: Party,
    /// When it reached the house, if that was not now, unix ms.
    pub received_at_ms: Option<i64>,
    /// The number that a regulator's line gave it.
    pub transfer: Option<String>,
    /// The journey that it is about, where the caller may see it.
    pub journey: Option<JourneyId>,
    /// The number of the loan as she remembers it; nobody is linked to a loan by a number that anybody can type.
    pub loan: String,
    /// Her name.
    pub name: String,
    /// How to reach her.
    pub contact: String,
    /// What happened.
    pub story: String,
    /// What she wishes; may be empty.
    pub wish: String,
    /// Papers that came with it.
    pub papers: Vec<Paper>,
    /// A random text of the form that was sent, so that pressing the button twice makes one complaint; may be empty.
    pub form: String,
}

impl Complain {
    /// An empty complaint of this channel.
    #[must_use]
    pub fn by(channel: Channel) -> Self {
        Complain {
            channel,
            party: Party::Herself,
            received_at_ms: None,
            transfer: None,
            journey: None,
            loan: String::new(),
            name: String::new(),
            contact: String::new(),
            story: String::new(),
            wish: String::new(),
            papers: Vec::new(),
            form: String::new(),
        }
    }
}

impl std::fmt::Debug for Complain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Her words must not reach a log file.
        f.debug_struct("Complain").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// What she takes home.
#[derive(Clone, PartialEq, Eq)]
pub struct ComplaintReceipt {
    /// Number.
    pub id: ComplaintId,
    /// Reference in groups of four.
    pub reference: String,
    /// The code that opens her page, in groups of four.
    pub code: String,
    /// The last moment for an answer, unix ms.
    pub due_at_ms: i64,
    /// Whether it was written now, or had been before.
    pub written: Written,
}

impl std::fmt::Debug for ComplaintReceipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ComplaintReceipt").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Letters of the code: 40 random bits, tried at most as often as the door lets one try.
const CODE_LETTERS: usize = 8;

/// Id and version of a product.
type ProductVersion = (String, String);

impl Desk {
    /// Anybody, without a login.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] names the field that cannot be.
    pub async fn complain(&self, wish: Complain) -> Result<ComplaintReceipt, DeskError> {
        let wish = Complain { channel: Channel::Page, journey: None, transfer: None, ..wish };
        let wish = Complain { received_at_ms: None, ..wish };
        self.receive(Actor::Complainant, wish, None).await
    }

    /// A random text for a form, so that sending it twice makes one complaint.
    #[must_use]
    pub fn complaint_form(&self) -> String {
        token::text(self.random())
    }

    /// The borrower, from her own pages: her name, her number and her loan are known, so she writes what happened and nothing else.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for anybody else; [`DeskError::Invalid`]; [`DeskError::NotFound`].
    pub async fn complain_as_borrower(
        &self,
        caller: &Caller,
        wish: Complain,
    ) -> Result<ComplaintReceipt, DeskError> {
        let journey = caller.journey().ok_or_else(forbidden)?;
        let loaded = self.load_for(caller, journey).await?;
        let opening = loaded.journey.opening().ok_or_else(DeskError::no_journey)?;
        let known = |sealed| async move {
            let opened = self.ports.vault.open(journey.uuid(), &sealed).await?;
            Ok::<_, DeskError>(opened.map(|o| String::from_utf8_lossy(&o.value).into_owned()))
        };
        let name = known(opening.borrower.sealed).await?.unwrap_or_default();
        let contact = known(opening.phone.sealed).await?.unwrap_or_default();
        let product = (opening.product_id.clone(), opening.product_version.clone());
        let wish = Complain {
            channel: Channel::Page,
            party: Party::Herself,
            received_at_ms: None,
            transfer: None,
            journey: Some(journey),
            loan: String::new(),
            name,
            contact,
            ..wish
        };
        self.receive(Actor::Complainant, wish, Some(product)).await
    }

    /// Staff note it down: a consultant what was said at the branch or on the telephone, compliance also letters and what the regulator's
    /// lines hand over. The command line imports those as Mingbai itself.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for other channels or roles; [`DeskError::Invalid`]; [`DeskError::NotFound`] for a journey that is not the
    /// caller's to see.
    pub async fn note_complaint(
        &self,
        caller: &Caller,
        wish: Complain,
    ) -> Result<ComplaintReceipt, DeskError> {
        let allowed = match caller.role() {
            Some(StaffRole::Consultant) => matches!(wish.channel, Channel::Phone | Channel::Branch),
            Some(StaffRole::Compliance) => wish.channel != Channel::Page,
            None => caller.is_system() && matches!(wish.channel, Channel::Nfra | Channel::Pboc),
            Some(_) => false,
        };
        if !allowed {
            return Err(forbidden());
        }
        let product = match wish.journey {
            Some(journey) => Some(self.product_of(caller, journey).await?),
            None => None,
        };
        self.receive(caller.actor(), wish, product).await
    }

    pub(super) async fn product_of(
        &self,
        caller: &Caller,
        journey: JourneyId,
    ) -> Result<(String, String), DeskError> {
        let loaded = self.load_for(caller, journey).await?;
        let opening = loaded.journey.opening().ok_or_else(DeskError::no_journey)?;
        Ok((opening.product_id.clone(), opening.product_version.clone()))
    }

    async fn receive(
        &self,
        actor: Actor,
        wish: Complain,
        product: Option<(String, String)>,
    ) -> Result<ComplaintReceipt, DeskError> {
        let wish = checked(wish, self.now_ms(), Rules::TYPED)?;
        self.receive_checked(actor, wish, (product, None)).await
    }

    /// Writes a complaint that was [`checked`]; `over` is the row of the system that it is taken over from, and what that says.
    pub(super) async fn receive_checked(
        &self,
        actor: Actor,
        wish: Complain,
        (product, over): (Option<ProductVersion>, Option<(String, Elsewhere)>),
    ) -> Result<ComplaintReceipt, DeskError> {
        let now_ms = self.now_ms();
        let id = ComplaintId::new(self.new_id(now_ms));
        let code = token::letters(&self.random::<CODE_LETTERS>());
        let received = self.sealed(id, &wish, &code, product, now_ms).await?;
        // On the page, on the telephone and at the branch she is told her number on the spot.
        let told = matches!(wish.channel, Channel::Page | Channel::Phone | Channel::Branch);
        let mut events = vec![(actor.to_string(), ComplaintEvent::ComplaintReceived(Box::new(received)))];
        if let Some((original, elsewhere)) = over {
            let original = self.seal_for(id, "complaint.original", &original).await?;
            events.push((actor.to_string(), ComplaintEvent::ComplaintTakenOver { original, elsewhere }));
        }
        if told {
            events.push((Actor::System.to_string(), ComplaintEvent::ComplaintAcknowledged {}));
        }
        let records = self.complaint_records(id, None, now_ms, &events)?;
        let complaint = Complaint::fold(id, &records).map_err(|error| DeskError::Fault(error.to_string()))?;
        let mut append = Append::of(id.stream(), None, records);
        append.complaints = vec![row_of(&complaint)];
        // Nobody is told about what another system has answered, and nobody can be told who left no way to reach her.
        if !wish.contact.is_empty() && complaint.due_ms().is_some() {
            append.outbox = self.messages(id, &[News::Received], now_ms);
        }
        append.idempotency = once(&wish);
        let done = self.ports.log.append(append).await?;
        if done.written == Written::Before {
            // The first one counts; nothing names what was sealed for this one.
            self.ports.vault.forget(id.uuid()).await?;
            return self.received_before(&done.stream).await;
        }
        Ok(receipt(&complaint, &code, Written::Now))
    }

    async fn received_before(
        &self,
        stream: &mingbai_evidence::StreamId,
    ) -> Result<ComplaintReceipt, DeskError> {
        let id = stream.as_str().strip_prefix("complaint/").and_then(|id| Uuid::try_parse(id).ok());
        let complaint = self.load_complaint(ComplaintId::new(id.ok_or_else(no_complaint)?)).await?.complaint;
        let code = self.open_sealed(complaint.id(), &complaint.received.code).await?.unwrap_or_default();
        Ok(receipt(&complaint, &code, Written::Before))
    }

    async fn sealed(
        &self,
        id: ComplaintId,
        wish: &Complain,
        code: &str,
        product: Option<(String, String)>,
        now_ms: i64,
    ) -> Result<Received, DeskError> {
        let pack = self.pack().clone();
        Ok(Received {
            channel: wish.channel,
            party: wish.party,
            received_at_ms: wish.received_at_ms.unwrap_or(now_ms),
            transfer: wish.transfer.clone(),
            journey: wish.journey.map(JourneyId::uuid),
            product,
            pack_id: pack.id().to_owned(),
            pack_digest: Digest::new(*pack.digest().as_bytes()),
            clocks: Clocks::of(&pack),
            name: self.seal_for(id, "complaint.name", &wish.name).await?,
            contact: self.seal_for(id, "complaint.contact", &wish.contact).await?,
            story: self.seal_for(id, "complaint.story", &wish.story).await?,
            wish: match wish.wish.is_empty() {
                true => None,
                false => Some(self.seal_for(id, "complaint.wish", &wish.wish).await?),
            },
            code: self.seal_for(id, "complaint.code", code).await?,
            papers: wish.papers.clone(),
        })
    }
}

fn receipt(complaint: &Complaint, code: &str, written: Written) -> ComplaintReceipt {
    let received = &complaint.received;
    ComplaintReceipt {
        id: complaint.id(),
        reference: complaint.id().shown(),
        code: token::grouped(code),
        due_at_ms: received.clocks.due_ms(received.received_at_ms, Default::default()),
        written,
    }
}

/// What makes two wishes the same one.
pub(super) fn once(wish: &Complain) -> Option<String> {
    match &wish.transfer {
        Some(number) => Some(format!("complaint/{}/{number}", wish.channel.key())),
        None => token::hash("complaint-form", &wish.form).map(|form| format!("complaint/form/{form}")),
    }
}

/// How strict to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Longest story, in characters.
    pub(super) story_max: usize,
    /// How long it can have been on its way, in days.
    pub(super) oldest_days: i64,
    /// Whether it may be nobody's: a published list has no names.
    pub(super) nobody: bool,
}

impl Rules {
    /// What a person types.
    const TYPED: Rules = Rules { story_max: NOTE_MAX, oldest_days: OLDEST_DAYS, nobody: false };
    /// What another system wrote down; the longest published narratives have some thirty thousand characters.
    pub(super) const IMPORTED: Rules = Rules { story_max: 40_000, ..Rules::TYPED };
}

/// The wish without spaces around, or what is wrong with it.
pub(super) fn checked(wish: Complain, now_ms: i64, rules: Rules) -> Result<Complain, DeskError> {
    let longest = rules.story_max;
    let wrong = |field, zh: String, en: String| Err(DeskError::invalid(field, both(zh, en)));
    let (name, contact) = (line(&wish.name), line(&wish.contact));
    let mut story = block(&wish.story);
    let (wished, loan) = (block(&wish.wish), line(&wish.loan));
    if !(STORY_MIN..=longest).contains(&story.chars().count()) {
        return wrong(
            "story",
            format!("请写一写发生了什么({STORY_MIN} 到 {longest} 字)。想到什么写什么,不用写得正式。"),
            format!("Write what happened ({STORY_MIN} to {longest} characters). Plain words are fine."),
        );
    }
    if wished.chars().count() > NOTE_MAX {
        return wrong("wish", format!("最多 {NOTE_MAX} 字。"), format!("At most {NOTE_MAX} characters."));
    }
    if !rules.nobody && !short(&name) {
        return wrong("name", "请写您的姓名。".to_owned(), "Write your name.".to_owned());
    }
    if !rules.nobody && !short(&contact) {
        return wrong(
            "contact",
            "请留一个能找到您的电话、邮箱或地址,我们要把书面答复送给您。".to_owned(),
            "Leave a telephone number, mail or postal address: the written answer has to reach you."
                .to_owned(),
        );
    }
    if loan.chars().count() > SHORT_MAX {
        return wrong("loan", "编号太长了。".to_owned(), "That number is too long.".to_owned());
    }
    if !loan.is_empty() {
        story = format!("{story}\n\n业务编号(投诉人自述):{loan}");
    }
    let received_at_ms = match wish.received_at_ms {
        Some(at_ms) if at_ms > now_ms || at_ms < now_ms - rules.oldest_days * DAY_MS => {
            return wrong(
                "received",
                "收到的日期不对:不能在今天之后,也不能早于三年。".to_owned(),
                "The day of receipt is after today or more than three years ago.".to_owned(),
            );
        }
        at_ms => at_ms,
    };
    let transfer = transfer(&wish).map_err(|words| DeskError::invalid("transfer", words))?;
    if wish.papers.len() > PAPERS {
        return wrong("papers", "材料太多了。".to_owned(), "Too many papers.".to_owned());
    }
    let papers = wish.papers.into_iter().map(|paper| Paper { about: line(&paper.about), ..paper }).collect();
    Ok(Complain { name, contact, story, wish: wished, loan, received_at_ms, transfer, papers, ..wish })
}

/// A transfer has a number, and nothing else has one.
fn transfer(wish: &Complain) -> Result<Option<String>, Words> {
    let number = wish.transfer.as_deref().map(line).filter(|number| !number.is_empty());
    let handed_over = wish.channel.is_handed_over();
    let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/' | b'.');
    match number {
        None if handed_over => Err(both("转办的投诉要有转办编号。", "A transfer has a number of its own.")),
        Some(number) if handed_over && number.len() <= 60 && number.bytes().all(good) => Ok(Some(number)),
        Some(_) if handed_over => Err(both(
            "转办编号只能有字母、数字和 - _ / .,最多 60 个。",
            "A transfer's number has letters, digits and - _ / . only, at most 60.",
        )),
        _ => Ok(None),
    }
}

fn short(text: &str) -> bool {
    (1..=SHORT_MAX).contains(&text.chars().count())
}

fn line(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).collect()
}

/// Text of several lines, as browsers send it.
pub(super) fn block(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.trim().chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}
