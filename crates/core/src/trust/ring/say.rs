//! What an officer can put to a customer, and what a customer is told about a pause. Friendly and true: she may be the one who is harmed.

use mingbai_cost::Words;

use super::event::Picture;
use super::kinds::ShareKind;
use crate::text::both;

/// Questions for the protective call, in an order that a person can speak. Which ones depends on what is shared; none of them names
/// another customer or accuses anybody.
#[must_use]
pub fn questions(picture: &Picture) -> Vec<Words> {
    let shares = |kinds: &[ShareKind]| picture.shares.iter().any(|share| kinds.contains(&share.kind));
    let mut all = vec![both(
        "您好,我是放款机构的消保专员。为了保护您,放款前想和您本人单独说几句。现在旁边有别人吗?方便说话吗?",
        "Hello, I look after customers at the lender. To protect you I would like a few words with you alone before the \
         money is paid out. Is anybody with you, and can you talk?",
    )];
    if shares(&[ShareKind::Device, ShareKind::Wifi, ShareKind::Ip]) {
        all.push(both(
            "申请是您自己在自己的手机上填的吗?有没有人拿着手机替您操作?",
            "Did you fill the application in yourself on your own telephone, or did somebody do it for you?",
        ));
    }
    if shares(&[ShareKind::Phone, ShareKind::Contact, ShareKind::Card]) {
        all.push(both(
            "申请里留的电话、联系人和收款卡,都是您自己的吗?卡在您手里吗?",
            "Are the telephone, the contact and the card in the application your own? Is the card in your hands?",
        ));
    }
    if shares(&[ShareKind::FeeAccount]) {
        all.push(both(
            "有没有人为这笔贷款向您收过钱,或者说放款以后要给他钱?正规贷款在放款前不收费。",
            "Did anybody take money from you for this loan, or will somebody want money afterwards? A proper loan takes \
             nothing before the payout.",
        ));
    }
    if shares(&[ShareKind::Script, ShareKind::Introducer]) {
        all.push(both(
            "有没有人教您怎么回答问题?是谁介绍您来的?",
            "Did anybody tell you how to answer? Who sent you to us?",
        ));
    }
    all.push(both(
        "这笔钱是您自己用,还是要转给别人?合同上写的是您,还钱的也是您。",
        "Is the money for you, or will it go to somebody else? Your name is in the contract, so you repay it.",
    ));
    all.push(both(
        "您可以慢慢想,也可以不借,不收任何费用。有人逼您,请打 110 或 96110。",
        "Take your time, or do not borrow at all; it costs nothing. If somebody forces you, call 110 or 96110.",
    ));
    all
}

/// What a customer is told when she asks why her loan waits (反电信网络诈骗法第三十二条: reason, ways to appeal, what to hand in).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The reason, in general words: whoever stands beside her should not learn what gave him away.
    pub reason: Words,
    /// How she can appeal, and what happens then.
    pub remedy: Words,
    /// What helps, none of it a condition.
    pub papers: Vec<Words>,
}

/// The notice.
#[must_use]
pub fn notice() -> Notice {
    Notice {
        reason: both(
            "您申请里的一些信息,别的申请里也有。这常常是有原因的,比如一家人、同事,或借用了店里的设备;但也有人被中介利用而不知情。\
             所以放款之前,我们想先和您本人通一次电话。这不是拒绝,也不记入征信。",
            "Some of the details in your application are also in other applications. There is often a good reason: a family, \
             colleagues, a shop's device. But some people are used by an agent without knowing it. So we want to speak with you \
             yourself before the payout. This is no refusal and goes into no credit record.",
        ),
        remedy: both(
            "您可以在下面写明情况,也可以打电话。我们会由没有作过决定的人核实;说清楚了,马上继续办理。对结果不满意,还可以投诉,或拨打 12378。",
            "Write below how it is, or call us. Somebody who has not decided on it looks into it, and once things are clear your \
             loan goes on at once. If you do not agree with the answer you can make a formal objection with us or call 12378.",
        ),
        papers: vec![
            both(
                "您的身份证件(打电话时核对,不用上传)",
                "Your identity document (checked on the telephone, no upload)",
            ),
            both(
                "手机、银行卡是您本人的说明,比如购机凭证、开卡短信",
                "Something that shows that telephone and card are yours, such as a receipt or the bank's message",
            ),
            both(
                "如果借用了家人或店里的设备,说明借谁的",
                "If you used a relative's or a shop's device, whose it was",
            ),
        ],
    }
}
