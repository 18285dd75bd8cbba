//! The fixed choices of a review.

use mingbai_cost::Words;
use serde::{Deserialize, Serialize};

use crate::text::both;

macro_rules! keyed {
    ($name:ident { $($variant:ident = $key:literal, $zh:literal, $en:literal;)+ }) => {
        impl $name {
            /// Every one, in the order of a page.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// Key in evidence, forms and addresses.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $($name::$variant => $key),+ }
            }

            /// Reads a key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.key() == key)
            }

            /// What people call it.
            #[must_use]
            pub fn name(self) -> Words {
                match self { $($name::$variant => both($zh, $en)),+ }
            }
        }
    };
}

/// What is reviewed (令2022-9 第9条: design, pricing, agreement, marketing; training papers after the precedents of 2021 and 2022).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialKind {
    /// 产品与定价: product and price.
    Product,
    /// 协议.
    Contract,
    /// 营销材料: poster, message, talk of a live stream.
    Advertisement,
    /// 页面: what a customer sees and taps.
    Page,
    /// 人工话术.
    Script,
    /// 智能语音话术.
    VoiceScript,
    /// 培训材料.
    Training,
}

keyed!(MaterialKind {
    Product = "product", "产品与定价说明", "Product and price";
    Contract = "contract", "合同协议", "Contract";
    Advertisement = "advertisement", "营销材料", "Advertisement";
    Page = "page", "页面", "Page";
    Script = "script", "人工话术", "Script of a consultant";
    VoiceScript = "voice_script", "智能语音话术", "Script of a machine voice";
    Training = "training", "培训材料", "Training paper";
});

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// 高.
    High,
    /// 中.
    Middle,
    /// 低.
    Low,
}

keyed!(Risk {
    High = "high", "高", "High";
    Middle = "middle", "中", "Middle";
    Low = "low", "低", "Low";
});

/// What the review as a whole says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 通过: nothing is to be changed.
    Passed,
    /// 有条件通过: may be used once every point is answered.
    Conditional,
    /// 不通过: may not be used; a changed one is handed in anew.
    Failed,
}

keyed!(Verdict {
    Passed = "passed", "通过", "Passed";
    Conditional = "conditional", "有条件通过", "Passed on conditions";
    Failed = "failed", "不通过", "Not passed";
});

/// Where a material is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 网点.
    Branch,
    /// 自有网站和应用.
    Online,
    /// 电话.
    Phone,
    /// 短信.
    Message,
    /// 直播.
    Live,
    /// 印刷品.
    Print,
    /// 合作平台.
    Partner,
    /// 内部培训.
    Inside,
}

keyed!(Channel {
    Branch = "branch", "网点", "Branch";
    Online = "online", "自有网站和应用", "Own site and app";
    Phone = "phone", "电话", "Telephone";
    Message = "message", "短信", "Text message";
    Live = "live", "直播", "Live stream";
    Print = "print", "印刷品", "Print";
    Partner = "partner", "合作平台", "Partner's platform";
    Inside = "inside", "内部培训", "Training inside";
});
