//! The families of fraud that the checker knows. Names follow the public-security list of the ten commonest kinds and the warnings of the
//! financial regulators; `lexicon/advice.toml` has the words for people.

use serde::{Deserialize, Serialize};

/// A family of fraud or of unlawful financial service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScamType {
    /// 刷单返利: paid tasks that first return a little and then ask for advances.
    BrushOrders,
    /// 虚假投资理财: a teacher, an app, a sure profit.
    FakeInvestment,
    /// 杀猪盘: a friendship over the network that leads to an investment.
    Romance,
    /// 虚假购物、服务: paid in advance, never delivered.
    FakeShopping,
    /// 冒充电商物流客服: refund, cancellation of a membership or an insurance.
    FakeService,
    /// 虚假贷款: fees before a loan that never comes.
    FakeLoan,
    /// 虚假征信: your account harms your credit record, act now.
    CreditScare,
    /// 征信修复: paid removal of true entries.
    CreditRepair,
    /// 冒充领导、熟人.
    FakeAcquaintance,
    /// 冒充公检法及政府机关.
    FakePolice,
    /// 网络游戏产品虚假交易.
    GameTrade,
    /// 养老投资、非法集资.
    PensionInvestment,
    /// 非法贷款中介: unlawful intermediaries, packaged papers, bought flows.
    LoanBroker,
    /// AB贷: somebody else's name borrows for you, or yours for somebody.
    AbLoan,
    /// 代理维权、代理退保: paid complaints and surrender of policies.
    RightsAgent,
    /// 钓鱼短信: a link that asks for card, code or papers.
    Phishing,
}

impl ScamType {
    /// Every family, in the order of the enumeration.
    pub const ALL: [ScamType; 16] = [
        ScamType::BrushOrders,
        ScamType::FakeInvestment,
        ScamType::Romance,
        ScamType::FakeShopping,
        ScamType::FakeService,
        ScamType::FakeLoan,
        ScamType::CreditScare,
        ScamType::CreditRepair,
        ScamType::FakeAcquaintance,
        ScamType::FakePolice,
        ScamType::GameTrade,
        ScamType::PensionInvestment,
        ScamType::LoanBroker,
        ScamType::AbLoan,
        ScamType::RightsAgent,
        ScamType::Phishing,
    ];

    /// Place in [`ScamType::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// The name in files and on the wire.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            ScamType::BrushOrders => "brush-orders",
            ScamType::FakeInvestment => "fake-investment",
            ScamType::Romance => "romance",
            ScamType::FakeShopping => "fake-shopping",
            ScamType::FakeService => "fake-service",
            ScamType::FakeLoan => "fake-loan",
            ScamType::CreditScare => "credit-scare",
            ScamType::CreditRepair => "credit-repair",
            ScamType::FakeAcquaintance => "fake-acquaintance",
            ScamType::FakePolice => "fake-police",
            ScamType::GameTrade => "game-trade",
            ScamType::PensionInvestment => "pension-investment",
            ScamType::LoanBroker => "loan-broker",
            ScamType::AbLoan => "ab-loan",
            ScamType::RightsAgent => "rights-agent",
            ScamType::Phishing => "phishing",
        }
    }
}
