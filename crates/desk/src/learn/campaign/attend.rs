//! Who came: by the code on the screen, by the paper list; and the results of tests.

use mingbai_core::actor::{Actor, StaffRole};
use mingbai_core::borrow::refusal::Refusal;
use mingbai_core::learn::campaign::{
    Arrived, Attendance, Campaign, CampaignId, Mark, SessionPlan, Sitting, VisitEvent, already_here,
};
use mingbai_core::text::both;
use mingbai_evidence::Digest;
use mingbai_learn::code::{self, Open, Rule, Sent, Verdict};

use super::{no_campaign, person_of, phone_of};
use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;

/// The door opens so long before the begin.
const BEFORE_MS: i64 = 30 * 60_000;
/// And stays open so long after the end.
const AFTER_MS: i64 = 15 * 60_000;
/// The most lines of a list that are taken at once.
const LINES: usize = 2_000;
/// Largest number of a result that is believed.
const MOST_ANSWERS: u32 = 500;

/// The code on the screen and how long it is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HallCode {
    /// The code; `None` before the door opens and after it closed.
    pub code: Option<String>,
    /// When the door opens, unix ms.
    pub opens_at_ms: i64,
    /// When it closes, unix ms.
    pub closes_at_ms: i64,
    /// People who are here.
    pub here: usize,
}

/// What anybody sees of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// Name of the campaign.
    pub name: String,
    /// City and place; `None` for a live session.
    pub place: Option<(String, String)>,
    /// Begin, unix ms.
    pub starts_at_ms: i64,
}

/// What became of a check-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckIn {
    /// Counted.
    Here,
    /// Counted; it was sent later than the code was shown.
    HereLate,
    /// Was counted before.
    Again,
}

/// A line of the paper list.
#[derive(Clone, PartialEq, Eq)]
pub struct ListLine {
    /// Line, from 1.
    pub line: u32,
    /// Number to be known by; empty if she gave none.
    pub phone: String,
}

/// What became of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListOutcome {
    /// Counted now.
    pub counted: usize,
    /// Were there before.
    pub again: usize,
    /// Not taken, because they had not checked in (results only).
    pub unknown: usize,
}

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// Took a test.
    Tested(Sitting, Mark),
    /// Sorted real and fake messages: hits, fakes shown, false alarms, real ones shown.
    Sorted(Sitting, [u32; 4]),
    /// Went through to the end.
    Completed,
}

/// A line of results.
#[derive(Clone, PartialEq, Eq)]
pub struct ResultLine {
    /// Number that she is known by.
    pub phone: String,
    /// What she did.
    pub did: Did,
}

/// A session for staff.
#[derive(Clone, Debug)]
pub struct SessionFile {
    /// The campaign.
    pub campaign: Campaign,
    /// The session.
    pub session: SessionPlan,
    /// Who came.
    pub attendance: Attendance,
}

fn open(session: &SessionPlan) -> Open {
    let ms = |at: i64| u64::try_from(at).unwrap_or(0);
    Open { from_ms: ms(session.starts_at_ms - BEFORE_MS), to_ms: ms(session.ends_at_ms + AFTER_MS) }
}

fn name_of(id: CampaignId, number: u32) -> Vec<u8> {
    format!("{id}/{number}").into_bytes()
}

fn wrong_phone() -> DeskError {
    DeskError::invalid("phone", both("请填 11 位手机号。", "Give a mobile number of 11 digits."))
}

impl Desk {
    async fn held(&self, id: CampaignId, number: u32) -> Result<(Campaign, SessionPlan), DeskError> {
        let campaign = self.load_campaign(id).await?;
        let session = campaign.session(number).cloned().ok_or_else(no_campaign)?;
        Ok((campaign, session))
    }

    /// Staff who may enter who came: compliance, and whoever is on the list of the plan.
    async fn held_for(
        &self,
        caller: &Caller,
        id: CampaignId,
        number: u32,
    ) -> Result<(Campaign, SessionPlan), DeskError> {
        let (campaign, session) = self.held(id, number).await?;
        let listed = caller.login().is_some_and(|login| campaign.plan.roster.contains(login));
        match caller.role() {
            Some(StaffRole::Compliance) => Ok((campaign, session)),
            Some(StaffRole::Consultant) if listed => Ok((campaign, session)),
            _ => Err(forbidden()),
        }
    }

    /// One session with who came.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless consultant, compliance or auditor; [`DeskError::NotFound`].
    pub async fn session_file(
        &self,
        caller: &Caller,
        id: CampaignId,
        number: u32,
    ) -> Result<SessionFile, DeskError> {
        caller.needs(&[StaffRole::Consultant, StaffRole::Compliance, StaffRole::Auditor])?;
        let (campaign, session) = self.held(id, number).await?;
        let attendance = self.load_attendance(id, number).await?;
        Ok(SessionFile { campaign, session, attendance })
    }

    /// The code for the screen of the hall.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless compliance or on the list of the plan; [`DeskError::NotFound`].
    pub async fn hall_code(
        &self,
        caller: &Caller,
        id: CampaignId,
        number: u32,
    ) -> Result<HallCode, DeskError> {
        let (campaign, session) = self.held_for(caller, id, number).await?;
        let key = self.campaign_key(&campaign).await?;
        let now_ms = u64::try_from(self.now_ms()).unwrap_or(0);
        let here = self.load_attendance(id, number).await?.arrivals.len();
        Ok(HallCode {
            code: code::shown(&key, &name_of(id, number), open(&session), &Rule::USUAL, now_ms),
            opens_at_ms: session.starts_at_ms - BEFORE_MS,
            closes_at_ms: session.ends_at_ms + AFTER_MS,
            here,
        })
    }

    /// What anybody may know about a session.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub async fn session_face(&self, id: CampaignId, number: u32) -> Result<Face, DeskError> {
        let (campaign, session) = self.held(id, number).await?;
        let place = session.place.and_then(|at| campaign.plan.places.get(at as usize));
        Ok(Face {
            name: campaign.plan.name.clone(),
            place: place.map(|place| (place.city.clone(), place.place.clone())),
            starts_at_ms: session.starts_at_ms,
        })
    }

    /// Somebody checks in with the code on the screen. `held_ms`: her phone had no reception and says when it scanned.
    ///
    /// # Errors
    /// [`DeskError::Invalid`] for a number that is none and for a code that is not (or no longer) good, with what to do;
    /// [`DeskError::NotFound`]; [`DeskError::Busy`].
    pub async fn check_in(
        &self,
        (id, number): (CampaignId, u32),
        code: &str,
        phone: &str,
        held_ms: Option<i64>,
    ) -> Result<CheckIn, DeskError> {
        let (campaign, session) = self.held(id, number).await?;
        let key = self.campaign_key(&campaign).await?;
        let now_ms = u64::try_from(self.now_ms()).unwrap_or(0);
        let sent = match held_ms {
            None => Sent::AtOnce,
            Some(ms) => Sent::Held { phone_ms: u64::try_from(ms).unwrap_or(0) },
        };
        let judged =
            code::judge(&key, &name_of(id, number), open(&session), &Rule::USUAL, code, now_ms, sent);
        let way = arrived(judged)?;
        let phone = phone_of(phone).ok_or_else(wrong_phone)?;
        let event = VisitEvent::CheckedIn { person: Some(person_of(&key, &phone)?), way };
        let outcome = self.attend(id, number, &Actor::Visitor, &[event]).await?.into_iter().next();
        match (outcome, way) {
            (Some(Ok(())), Arrived::Late { .. }) => Ok(CheckIn::HereLate),
            (Some(Ok(())), _) => Ok(CheckIn::Here),
            (Some(Err(refusal)), _) if refusal == already_here() => Ok(CheckIn::Again),
            (Some(Err(refusal)), _) => Err(refusal.into()),
            (None, _) => Err(DeskError::Fault("a check-in had no outcome".to_owned())),
        }
    }

    /// Staff enter the paper list. All of it is read before any of it is written.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless compliance or on the list of the plan; [`DeskError::Invalid`] names the line.
    pub async fn enter_list(
        &self,
        caller: &Caller,
        (id, number): (CampaignId, u32),
        lines: &[ListLine],
    ) -> Result<ListOutcome, DeskError> {
        let (campaign, _) = self.held_for(caller, id, number).await?;
        within(lines.len())?;
        let key = self.campaign_key(&campaign).await?;
        let mut events = Vec::with_capacity(lines.len());
        for one in lines {
            let person = match one.phone.trim() {
                "" => None,
                text => {
                    let phone = phone_of(text).ok_or_else(|| bad_line(one.line))?;
                    Some(person_of(&key, &phone)?)
                }
            };
            events.push(VisitEvent::CheckedIn { person, way: Arrived::Paper { line: one.line } });
        }
        let outcomes = self.attend(id, number, &caller.actor(), &events).await?;
        told(&outcomes)
    }

    /// Results of tests, as the test hands them out: staff enter them, number by number. People who never checked in are not taken.
    ///
    /// # Errors
    /// As [`Desk::enter_list`].
    pub async fn enter_results(
        &self,
        caller: &Caller,
        (id, number): (CampaignId, u32),
        lines: &[ResultLine],
    ) -> Result<ListOutcome, DeskError> {
        let (campaign, _) = self.held_for(caller, id, number).await?;
        within(lines.len())?;
        let key = self.campaign_key(&campaign).await?;
        let mut events = Vec::with_capacity(lines.len());
        for (at, one) in lines.iter().enumerate() {
            let line = u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1);
            let phone = phone_of(&one.phone).ok_or_else(|| bad_line(line))?;
            let person = person_of(&key, &phone)?;
            events.push(event_of(person, one.did).ok_or_else(|| bad_line(line))?);
        }
        let outcomes = self.attend(id, number, &caller.actor(), &events).await?;
        told(&outcomes)
    }
}

/// The event of a line; `None` when its numbers cannot be.
fn event_of(person: Digest, did: Did) -> Option<VisitEvent> {
    match did {
        Did::Tested(sitting, mark) => {
            let answers = mark.right.saturating_add(mark.wrong).saturating_add(mark.dont_know);
            let sane = mark.theta_milli.abs() <= 6_000 && (1..=3_000).contains(&mark.error_milli);
            let good = sane && (1..=MOST_ANSWERS).contains(&answers);
            good.then_some(VisitEvent::Tested { person, sitting, mark })
        }
        Did::Sorted(sitting, [hits, fakes, false_alarms, reals]) => {
            let shown = |count: u32, of: u32| count <= of && (1..=MOST_ANSWERS).contains(&of);
            let good = shown(hits, fakes) && shown(false_alarms, reals);
            good.then_some(VisitEvent::Sorted { person, sitting, hits, fakes, false_alarms, reals })
        }
        Did::Completed => Some(VisitEvent::Completed { person }),
    }
}

fn within(lines: usize) -> Result<(), DeskError> {
    match (1..=LINES).contains(&lines) {
        true => Ok(()),
        false => Err(DeskError::invalid(
            "list",
            both(format!("请输入 1 到 {LINES} 行。"), format!("Enter 1 to {LINES} lines.")),
        )),
    }
}

fn bad_line(line: u32) -> DeskError {
    DeskError::invalid(
        "list",
        both(
            format!("第 {line} 行看不懂,这次什么都没有保存。请改好后再提交。"),
            format!("Line {line} cannot be read, and nothing was kept this time. Correct it and send again."),
        ),
    )
}

fn told(outcomes: &[Result<(), Refusal>]) -> Result<ListOutcome, DeskError> {
    let mut told = ListOutcome::default();
    for outcome in outcomes {
        match outcome {
            Ok(()) => told.counted += 1,
            Err(refusal) if *refusal == already_here() => told.again += 1,
            Err(refusal) if refusal.kind == mingbai_core::borrow::refusal::RefusalKind::NotNow => {
                told.unknown += 1;
            }
            Err(refusal) => return Err(refusal.clone().into()),
        }
    }
    Ok(told)
}

/// What a code is worth, or what to do instead.
fn arrived(judged: Verdict) -> Result<Arrived, DeskError> {
    let words = match judged {
        Verdict::Live => return Ok(Arrived::Code {}),
        Verdict::Late { shown_ms, phone_ahead_ms } => {
            return Ok(Arrived::Late {
                shown_at_ms: i64::try_from(shown_ms).unwrap_or(i64::MAX),
                phone_ahead_ms,
            });
        }
        Verdict::Replayed { .. } => both(
            "这个码已经换了。请重新扫屏幕上现在的码。",
            "This code has changed. Scan the one that is on the screen now.",
        ),
        Verdict::TooLate => both(
            "活动结束太久了,不能再补签。您如果签了纸质名单,会由工作人员录入。",
            "The session is too long ago to check in now. If you signed the paper list, staff will enter it.",
        ),
        Verdict::NotOurs => both(
            "这个码不是这一场的,或没有扫完整。请重新扫屏幕上的码。",
            "This code is not of this session, or was not read whole. Scan the one on the screen again.",
        ),
    };
    Err(DeskError::invalid("code", words))
}
