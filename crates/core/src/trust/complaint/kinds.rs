//! The small words of a complaint: where it came from, who speaks, what it is about and how it ended.

use serde::{Deserialize, Serialize};

use crate::keyed::kinds;

kinds! {
    /// Where a complaint came in. One desk for all of them.
    Channel {
        /// The public page.
        Page = "page", "网页", "web page";
        /// A call, noted down.
        Phone = "phone", "电话", "telephone";
        /// A letter or mail.
        Letter = "letter", "信件或邮件", "letter or mail";
        /// At a branch.
        Branch = "branch", "网点现场", "branch";
        /// Handed over by the financial regulator's line.
        Nfra = "12378", "12378 转办", "transferred by 12378";
        /// Handed over by the central bank's line.
        Pboc = "12363", "12363 转办", "transferred by 12363";
        /// Handed over by another system: a platform, an earlier desk, a published list.
        Other = "other_system", "其他系统转来", "from another system";
    }
}

impl Channel {
    /// Whether somebody else took it in first and gave it a number.
    #[must_use]
    pub const fn is_handed_over(self) -> bool {
        matches!(self, Channel::Nfra | Channel::Pboc | Channel::Other)
    }
}

kinds! {
    /// What the system that handed it over says about its answer. It is what that system says, and nothing that this log can show.
    Elsewhere {
        /// Not answered there: it is answered here.
        Open = "open", "还没有答复,由本台办理", "not answered there; this desk answers it";
        /// Answered there, in time.
        InTime = "in_time", "在原系统按时答复", "answered there in time";
        /// Answered there, too late.
        Late = "late", "在原系统超期答复", "answered there too late";
        /// Answered there; whether in time is not said.
        Untold = "untold", "在原系统已答复,是否按时没有说明", "answered there; whether in time is not said";
    }
}

kinds! {
    /// Who speaks.
    Party {
        /// The customer herself.
        Herself = "herself", "本人", "the customer herself";
        /// Somebody with her authority.
        Agent = "agent", "受托人(代理人)", "somebody with her authority";
        /// An heir.
        Heir = "heir", "继承人", "an heir";
    }
}

kinds! {
    /// The eight rights (消费者八项权利, 银保监会令2022年第9号).
    Right {
        /// Right to know.
        Know = "know", "知情权", "right to know";
        /// Free choice.
        Choice = "choice", "自主选择权", "free choice";
        /// Fair dealing.
        Fair = "fair", "公平交易权", "fair dealing";
        /// Safety of property.
        Property = "property", "财产安全权", "safety of property";
        /// Redress.
        Redress = "redress", "依法求偿权", "redress";
        /// Education.
        Education = "education", "受教育权", "education";
        /// Respect.
        Respect = "respect", "受尊重权", "respect";
        /// Information security.
        Information = "information", "信息安全权", "information security";
    }
}

kinds! {
    /// How the answer finds.
    Outcome {
        /// She is right.
        Upheld = "upheld", "投诉成立", "upheld";
        /// She is right in part.
        Partly = "partly", "部分成立", "upheld in part";
        /// The house sees it otherwise; the answer says why.
        NotUpheld = "not_upheld", "投诉不成立", "not upheld";
        /// It is somebody else's to answer; the answer says whose.
        NotOurs = "not_ours", "不属于本机构受理", "not ours to answer";
    }
}

kinds! {
    /// What is done for her.
    Remedy {
        /// Money back.
        Refund = "refund", "退款", "money back";
        /// A record or charge is put right.
        Correction = "correction", "更正", "put right";
        /// It is explained.
        Explanation = "explanation", "解释说明", "explained";
        /// An apology.
        Apology = "apology", "致歉", "an apology";
        /// The rule or material is changed for everybody.
        Change = "change", "修改制度、产品或材料", "the rule or product is changed";
        /// Nothing.
        Nothing = "nothing", "无", "nothing";
    }
}

kinds! {
    /// How she can go on. An answer names all of them.
    Way {
        /// A re-check by somebody else in the house.
        Recheck = "recheck", "申请核查(由原处理人以外的人重新看)", "ask for a re-check by somebody else here";
        /// Mediation by a third party.
        Mediation = "mediation", "申请第三方调解", "ask for mediation by a third party";
        /// The regulator's line.
        Regulator = "regulator", "拨打金融监管 12378,涉及征信、支付的拨打 12363", "call the regulator 12378, or 12363 for credit records and payments";
        /// Arbitration or court.
        Court = "court", "依法申请仲裁或提起诉讼", "go to arbitration or to court";
    }
}

kinds! {
    /// A paper that matters to a complaint.
    PaperKind {
        /// Identity document.
        Identity = "identity", "身份证件", "identity document";
        /// Written authority of an agent.
        Authority = "authority", "授权委托书", "written authority";
        /// Proof of an heir.
        Heirship = "heirship", "继承关系证明", "proof of inheritance";
        /// The contract.
        Contract = "contract", "借款合同", "loan contract";
        /// The cost table.
        CostTable = "cost_table", "综合融资成本明示表", "cost table";
        /// What was paid out and paid back.
        Payments = "payments", "放款、还款流水", "payout and repayment records";
        /// Sound and picture of the signing.
        Recording = "recording", "录音录像", "recording";
        /// Messages and letters.
        Messages = "messages", "聊天记录、短信、信件", "messages and letters";
        /// Anything else.
        Other = "other", "其他材料", "other papers";
    }
}

impl PaperKind {
    /// Whether the house has it or can look it up itself; then nobody may be asked for it.
    #[must_use]
    pub const fn is_ours(self) -> bool {
        matches!(
            self,
            PaperKind::Contract | PaperKind::CostTable | PaperKind::Payments | PaperKind::Recording
        )
    }
}

kinds! {
    /// How a mediation ended.
    MediationEnd {
        /// Agreed.
        Agreed = "agreed", "达成调解协议", "agreed";
        /// Not agreed.
        NotAgreed = "not_agreed", "未达成一致", "not agreed";
    }
}

kinds! {
    /// What the house was warned of.
    AlarmKind {
        /// The last days.
        Soon = "soon", "即将到期", "due soon";
        /// The last moment has passed.
        Overdue = "overdue", "已超期", "overdue";
    }
}

/// A paper that is held, or was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Which.
    pub kind: PaperKind,
    /// What exactly, without personal values; may be empty.
    pub about: String,
}
