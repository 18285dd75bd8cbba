//! Messages about complaints: to her, over the way that the lender already has, and alarms to the lender's own people.

use mingbai_core::actor::Actor;
use mingbai_core::trust::complaint::{AlarmKind, Command, Complaint, ComplaintEvent, ComplaintId, Context};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{OutboxItem, SentKind, Task};
use crate::token;

/// What there is to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// It is here; her reference and code.
    Received,
    /// It takes longer, why, and until when.
    Extended,
    /// A paper is needed.
    PaperAsked,
    /// The written answer is there.
    Answered,
    /// To the house: a clock is about to run out.
    Soon,
    /// To the house: a clock has run out.
    Overdue,
}

impl News {
    /// The name of the message.
    const fn event(self) -> &'static str {
        match self {
            News::Received => "complaint.received",
            News::Extended => "complaint.extended",
            News::PaperAsked => "complaint.paper_asked",
            News::Answered => "complaint.answered",
            News::Soon => "complaint.due_soon",
            News::Overdue => "complaint.overdue",
        }
    }

    const fn is_for_her(self) -> bool {
        !matches!(self, News::Soon | News::Overdue)
    }
}

/// What an event has to say to somebody.
pub(super) fn news_of(event: &ComplaintEvent) -> Option<News> {
    match event {
        ComplaintEvent::ComplaintExtended { .. } | ComplaintEvent::ExtensionApproved { .. } => {
            Some(News::Extended)
        }
        ComplaintEvent::PaperAsked { .. } => Some(News::PaperAsked),
        ComplaintEvent::AnswerGiven { .. } => Some(News::Answered),
        ComplaintEvent::AlarmRaised { alarm: AlarmKind::Soon, .. } => Some(News::Soon),
        ComplaintEvent::AlarmRaised { alarm: AlarmKind::Overdue, .. } => Some(News::Overdue),
        _ => None,
    }
}

impl Desk {
    /// The messages as work that waits; none when nobody listens.
    pub(super) fn messages(&self, id: ComplaintId, news: &[News], now_ms: i64) -> Vec<OutboxItem> {
        if self.settings.webhook.is_none() {
            return Vec::new();
        }
        let task = |news: &News| Task::ComplaintMessage { complaint: id, news: *news };
        news.iter().map(|news| self.queued(now_ms, now_ms, task(news))).collect()
    }

    /// The body of a message, made when it is sent: her contact and code are read from the vault and lie nowhere else. `None` when she
    /// was forgotten, or left no way to reach her.
    pub(crate) async fn complaint_message(
        &self,
        item: Uuid,
        (id, news): (ComplaintId, News),
        now_ms: i64,
    ) -> Result<Option<String>, DeskError> {
        let complaint = self.load_complaint(id).await?.complaint;
        let mut data = json!({
            "complaint": id.to_string(),
            "reference": id.shown(),
            "stage": complaint.stage.key(),
            "due_at_ms": complaint.due_ms(),
            "url": format!("{}/trust/complaint", self.settings.base_url),
        });
        if news.is_for_her() {
            let to = self.open_sealed(id, &complaint.received.contact).await?.filter(|to| !to.is_empty());
            let Some(to) = to else { return Ok(None) };
            data["to"] = Value::String(to);
        }
        if news == News::Received
            && let Some(code) = self.open_sealed(id, &complaint.received.code).await?
        {
            data["code"] = Value::String(token::grouped(&code));
        }
        let (zh, en) = words(&complaint, news);
        (data["zh"], data["en"]) = (Value::String(zh), Value::String(en));
        if news.is_for_her() {
            self.certify(item, SentKind::Complaint, &mut data, now_ms).await?;
        }
        let whole = json!({"v": 1, "event": news.event(), "at_ms": now_ms, "data": data});
        Ok(Some(whole.to_string()))
    }

    /// A letter or a transfer counts as acknowledged when the message with its number has left the house.
    pub(crate) async fn complaint_told(&self, id: ComplaintId, news: News) -> Result<(), DeskError> {
        if news != News::Received || self.load_complaint(id).await?.complaint.acknowledged_at_ms.is_some() {
            return Ok(());
        }
        let decide = |complaint: &Complaint, now_ms: i64| {
            let context = Context { now_ms, taxonomy: &self.causes, involved: &[] };
            complaint.decide(&Actor::System, Command::Acknowledge, &context)
        };
        self.decide_complaint(id, &Actor::System.to_string(), decide).await.map(|_| ())
    }
}

fn words(complaint: &Complaint, news: News) -> (String, String) {
    let reference = complaint.id().shown();
    match news {
        News::Received => (
            format!(
                "您的投诉已收到,编号 {reference}。凭编号和查询码可以随时查看进度。投诉不影响您的贷款和服务。"
            ),
            format!(
                "Your complaint is here, reference {reference}. Follow it with the reference and the code. It never affects your loan or the service."
            ),
        ),
        News::Extended => {
            let reason = complaint.extensions.last().map_or("", |taken| taken.reason.as_str());
            (
                format!("您的投诉 {reference} 需要更多时间。原因:{reason}。新的期限可以在查询页面看到。"),
                format!(
                    "Your complaint {reference} takes longer. Reason: {reason}. The new day stands on your page."
                ),
            )
        }
        News::PaperAsked => (
            format!("您的投诉 {reference} 还需要一份材料,是什么、为什么需要,写在查询页面上。"),
            format!("Your complaint {reference} needs one more paper; which and why stands on your page."),
        ),
        News::Answered => (
            format!(
                "您的投诉 {reference} 有了书面答复。凭编号和查询码查看;不满意可以申请核查、调解,或拨打 12378。"
            ),
            format!(
                "There is a written answer to your complaint {reference}. Read it with the reference and the code; if you do not agree, ask for a re-check or mediation, or call 12378."
            ),
        ),
        News::Soon => {
            (format!("投诉 {reference} 的答复期限快到了。"), format!("Complaint {reference} is due soon."))
        }
        News::Overdue => {
            (format!("投诉 {reference} 已超过答复期限。"), format!("Complaint {reference} is overdue."))
        }
    }
}
