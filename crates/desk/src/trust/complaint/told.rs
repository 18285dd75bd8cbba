//! What a record of a complaint says, in plain words.

use mingbai_core::text::both;
use mingbai_core::trust::complaint::taxonomy::Taxonomy;
use mingbai_core::trust::complaint::{ComplaintEvent, Draft, Level, Paper, Received};
use mingbai_cost::Words;

/// The event in words.
#[must_use]
pub fn told(event: &ComplaintEvent, causes: &Taxonomy) -> Words {
    match event {
        ComplaintEvent::ComplaintReceived(received) => came_in(received),
        ComplaintEvent::ComplaintTakenOver { elsewhere, .. } => {
            let said = elsewhere.name();
            both(
                format!("从其他系统接收;原系统的说法:{}。", said.zh),
                format!("Taken over from another system, which says: {}.", said.en),
            )
        }
        ComplaintEvent::ComplaintAcknowledged {} => both(
            "已告知投诉人:收到了,并给了编号。",
            "The complainant was told that it is here, and its number.",
        ),
        ComplaintEvent::ComplaintCategorised { cause, business, right, .. } => {
            let cause = causes.cause(cause).map_or_else(|| both(cause, cause), |line| line.name.clone());
            let business =
                causes.business(business).map_or_else(|| both(business, business), |line| line.name.clone());
            let right = right.name();
            both(
                format!("分类:{};业务:{};涉及{}。", cause.zh, business.zh, right.zh),
                format!("Sorted under: {}; business: {}; concerns the {}.", cause.en, business.en, right.en),
            )
        }
        ComplaintEvent::JourneyLinked { journey, product: (id, version) } => both(
            format!("关联业务 {journey}(产品 {id} {version})。"),
            format!("Linked to journey {journey} (product {id} {version})."),
        ),
        ComplaintEvent::ComplaintNoted { .. } => both("办理记录。", "A note on what was done."),
        ComplaintEvent::ComplaintAdded { .. } => both("投诉人补充。", "The complainant added something."),
        ComplaintEvent::PaperHeld { paper } => {
            let name = named(paper);
            both(format!("已有材料:{}。", name.zh), format!("Paper here: {}.", name.en))
        }
        ComplaintEvent::PaperAsked { paper, why } => {
            let name = named(paper);
            both(
                format!("请投诉人提供:{}。原因:{why}", name.zh),
                format!("Asked the complainant for: {}. Why: {why}", name.en),
            )
        }
        ComplaintEvent::ComplaintExtended { .. }
        | ComplaintEvent::ExtensionAsked { .. }
        | ComplaintEvent::ExtensionApproved { .. } => time(event),
        ComplaintEvent::AnswerDrafted(draft) => drafted(draft),
        ComplaintEvent::AnswerGiven { .. } => {
            both("书面答复已给投诉人。", "The written answer was given to the complainant.")
        }
        ComplaintEvent::RefundPaid { amount_fen, payment } => {
            let yuan = amount_fen.yuan_grouped();
            both(
                format!("已退 {yuan} 元,付款编号 {payment}。"),
                format!("CNY {yuan} was paid back, payment {payment}."),
            )
        }
        _ => ways_on(event),
    }
}

fn came_in(received: &Received) -> Words {
    let (channel, party) = (received.channel.name(), received.party.name());
    let (number_zh, number_en) = match &received.transfer {
        Some(number) => (format!(",转办编号 {number}"), format!(", transfer number {number}")),
        None => (String::new(), String::new()),
    };
    both(
        format!("收到投诉:{};投诉人是{}{number_zh}。", channel.zh, party.zh),
        format!("Complaint received: {}; spoken by {}{number_en}.", channel.en, party.en),
    )
}

fn named(paper: &Paper) -> Words {
    let name = paper.kind.name();
    match paper.about.as_str() {
        "" => name,
        about => both(format!("{}({about})", name.zh), format!("{} ({about})", name.en)),
    }
}

fn time(event: &ComplaintEvent) -> Words {
    let asked = |level: &Level, reason: &str, zh: &str, en: &str| {
        let level = level.name();
        both(format!("{zh}({}):{reason}", level.zh), format!("{en} ({}): {reason}", level.en))
    };
    match event {
        ComplaintEvent::ComplaintExtended { level, reason } => {
            asked(level, reason, "延长期限并告知投诉人", "More time was taken and the complainant told")
        }
        ComplaintEvent::ExtensionAsked { level, reason } => asked(
            level,
            reason,
            "申请延长期限,等另一人批准",
            "More time was asked for; a second person decides",
        ),
        _ => both(
            "另一人批准延长,已告知投诉人。",
            "A second person approved more time; the complainant was told.",
        ),
    }
}

fn drafted(draft: &Draft) -> Words {
    let outcome = draft.outcome.name();
    let list = |zh: bool| {
        let names = draft.remedies.iter().map(|remedy| {
            let name = remedy.name();
            if zh { name.zh } else { name.en }
        });
        names.collect::<Vec<_>>().join(if zh { "、" } else { ", " })
    };
    let (money_zh, money_en) = match draft.refund_fen.is_zero() {
        true => (String::new(), String::new()),
        false => {
            let yuan = draft.refund_fen.yuan_grouped();
            (format!(",退款 {yuan} 元"), format!(", CNY {yuan} back"))
        }
    };
    both(
        format!("写好答复:{};处理:{}{money_zh}。", outcome.zh, list(true)),
        format!("An answer was written: {}; remedy: {}{money_en}.", outcome.en, list(false)),
    )
}

fn ways_on(event: &ComplaintEvent) -> Words {
    match event {
        ComplaintEvent::RecheckAsked { .. } => {
            both("投诉人申请核查。", "The complainant asks for a re-check.")
        }
        ComplaintEvent::MediationAsked {} => {
            both("投诉人申请第三方调解。", "The complainant asks for mediation.")
        }
        ComplaintEvent::MediationEnded { end } => {
            let end = end.name();
            both(format!("调解结束:{}。", end.zh), format!("The mediation ended: {}.", end.en))
        }
        ComplaintEvent::ComplaintWithdrawn { .. } => {
            both("投诉人撤回,办理终止。", "The complainant took it back; it is over.")
        }
        ComplaintEvent::ComplaintClosed { root_cause, lesson } => both(
            format!("结案。查明原因 {root_cause};改进:{lesson}"),
            format!("Closed. Cause found {root_cause}; what changes: {lesson}"),
        ),
        ComplaintEvent::AlarmRaised { alarm, .. } => {
            let alarm = alarm.name();
            both(format!("系统提醒:{}。", alarm.zh), format!("Mingbai warned the house: {}.", alarm.en))
        }
        other => {
            let (kind, _) = other.to_parts();
            both(&kind, &kind)
        }
    }
}
