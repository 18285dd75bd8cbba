//! The duties of a loan, in the order in which a borrower meets them (DESIGN §4).

use mingbai_cost::Words;
use serde::{Deserialize, Serialize};

use crate::text::both;

/// One duty that must be satisfied with evidence. The order is the order of the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// 消保审查: the product version and its material are released.
    Reviewed,
    /// 可负担评估.
    Afforded,
    /// 防骗筛查.
    Screened,
    /// 成本明示.
    Disclosed,
    /// 强制阅读.
    Read,
    /// 理解回述.
    Understood,
    /// 身份核验.
    Identified,
    /// 单独同意.
    Consented,
    /// 本人签署.
    Signed,
    /// 双录.
    Recorded,
    /// 明白纸.
    Noticed,
    /// 本人最后确认: the last look, alone: "is this your own wish?".
    Confirmed,
}

impl Duty {
    /// Every duty that the gate asks for, in order.
    pub const BEFORE_PAYOUT: [Duty; 12] = [
        Duty::Reviewed,
        Duty::Afforded,
        Duty::Screened,
        Duty::Disclosed,
        Duty::Read,
        Duty::Understood,
        Duty::Identified,
        Duty::Consented,
        Duty::Signed,
        Duty::Recorded,
        Duty::Noticed,
        Duty::Confirmed,
    ];

    /// Key in policy packs, evidence and the API.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Duty::Reviewed => "reviewed",
            Duty::Afforded => "afforded",
            Duty::Screened => "screened",
            Duty::Disclosed => "disclosed",
            Duty::Read => "read",
            Duty::Understood => "understood",
            Duty::Identified => "identified",
            Duty::Consented => "consented",
            Duty::Signed => "signed",
            Duty::Recorded => "recorded",
            Duty::Noticed => "noticed",
            Duty::Confirmed => "confirmed",
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> Words {
        match self {
            Duty::Reviewed => both("消保审查", "Product review"),
            Duty::Afforded => both("还得起", "Affordability"),
            Duty::Screened => both("防骗筛查", "Scam screening"),
            Duty::Disclosed => both("成本明示", "Cost disclosed"),
            Duty::Read => both("完整阅读", "Read in full"),
            Duty::Understood => both("确实明白", "Understood"),
            Duty::Identified => both("确认本人", "Identity"),
            Duty::Consented => both("单独同意", "Consents"),
            Duty::Signed => both("本人签署", "Signed in person"),
            Duty::Recorded => both("双录", "Recorded"),
            Duty::Noticed => both("明白纸", "Paper notice"),
            Duty::Confirmed => both("本人最后确认", "Final confirmation"),
        }
    }

    /// Whose move it is.
    #[must_use]
    pub const fn who(self) -> Who {
        match self {
            Duty::Reviewed => Who::Compliance,
            Duty::Identified | Duty::Recorded => Who::Consultant,
            _ => Who::Borrower,
        }
    }
}

/// Who has to act next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// 借款人.
    Borrower,
    /// 咨询顾问.
    Consultant,
    /// 消保岗.
    Compliance,
}
