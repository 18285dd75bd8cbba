//! Forced reading: which sections there are, what they say to this borrower, how long each takes at least, and what
//! counts as read. The text is made from the one table, so what is read is what is agreed.

use mingbai_cost::words::{pct2, rate_figure};
use mingbai_cost::{CostTable, Words};

use super::journey::Journey;
use super::state::{Mark, Proofs};
use crate::policy::Pack;
use crate::text::both;

/// A section of the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// 到手多少,还多少.
    Money,
    /// 谁收什么费.
    Fees,
    /// 每期怎么还.
    Plan,
    /// 还晚了会怎样.
    Late,
    /// 提前还款.
    Early,
    /// 您的权利.
    Rights,
}

impl Section {
    /// All of them, in the order of reading.
    pub const ALL: [Section; 6] =
        [Section::Money, Section::Fees, Section::Plan, Section::Late, Section::Early, Section::Rights];

    /// Key in evidence and addresses.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Section::Money => "money",
            Section::Fees => "fees",
            Section::Plan => "plan",
            Section::Late => "late",
            Section::Early => "early",
            Section::Rights => "rights",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Section::ALL.into_iter().find(|section| section.key() == key)
    }

    /// Heading.
    #[must_use]
    pub fn title(self) -> Words {
        match self {
            Section::Money => both("到手多少,一共还多少", "What you receive and what you pay back"),
            Section::Fees => both("谁收什么费用", "Who charges what"),
            Section::Plan => both("每期怎么还", "How you repay"),
            Section::Late => both("还晚了会怎样", "If you pay late"),
            Section::Early => both("提前还款", "Repaying early"),
            Section::Rights => both("您的权利", "Your rights"),
        }
    }

    /// What it says to this borrower, paragraph by paragraph.
    #[must_use]
    pub fn paragraphs(self, table: &CostTable) -> Vec<Words> {
        match self {
            Section::Money => money(table),
            Section::Fees => fees(table),
            Section::Plan => plan(table),
            Section::Late => late(table),
            Section::Early => early(table),
            Section::Rights => rights(table),
        }
    }
}

fn money(table: &CostTable) -> Vec<Words> {
    let simple = rate_figure(&table.annual.simple);
    let compound = rate_figure(&table.annual.compound);
    let mut out = vec![
        both(
            format!("您借 {} 元({})。", table.principal_fen, table.principal_fen.upper_zh()),
            format!("You borrow {} yuan.", table.principal_fen),
        ),
        both(
            format!("真正到您账户的是 {} 元。", table.net_payout_fen),
            format!("{} yuan really reach your account.", table.net_payout_fen),
        ),
        both(
            format!("一共要还 {} 元,比借的多 {} 元。", table.total_repayable_fen, table.total_cost_fen),
            format!("You pay back {} yuan, {} yuan more.", table.total_repayable_fen, table.total_cost_fen),
        ),
        both(
            format!("也就是每借 1 万元,多还 {} 元。", table.cost_per_10k_fen),
            format!("For every 10,000 yuan borrowed that is {} yuan more.", table.cost_per_10k_fen),
        ),
        both(
            format!(
                "广告上的年利率是 {};把所有费用算进去,{}、{}。",
                pct2(table.nominal_rate_ppm),
                simple.zh,
                compound.zh
            ),
            format!(
                "The advertised rate is {}; with every fee it is {}, {}.",
                pct2(table.nominal_rate_ppm),
                simple.en,
                compound.en
            ),
        ),
    ];
    if let Some(kept) = &table.upfront_deduction {
        out.push(both(
            format!(
                "注意:放款时先扣了 {} 元(俗称“砍头息”)。法律规定利息不得预先从本金中扣除。",
                kept.amount_fen
            ),
            format!(
                "Careful: {} yuan are kept back from the payout. By law interest may not be deducted beforehand.",
                kept.amount_fen
            ),
        ));
    }
    out
}

fn fees(table: &CostTable) -> Vec<Words> {
    let mut out: Vec<Words> = table
        .items
        .iter()
        .map(|item| {
            both(
                format!(
                    "{}:由{}收取,标准是{},一共 {} 元。",
                    item.name.zh, item.payee.name.zh, item.standard.zh, item.total_fen
                ),
                format!(
                    "{}: collected by {}, {}, {} yuan in all.",
                    item.name.en, item.payee.name.en, item.standard.en, item.total_fen
                ),
            )
        })
        .collect();
    out.push(table.nothing_else.clone());
    out
}

fn plan(table: &CostTable) -> Vec<Words> {
    let mut out = Vec::new();
    if let (Some(first), Some(last)) = (table.instalments.first(), table.instalments.last()) {
        out.push(both(
            format!("第一次还款在 {},要还 {} 元。", first.due_on, first.total_fen),
            format!("The first payment, on {}, is {} yuan.", first.due_on, first.total_fen),
        ));
        out.push(both(
            format!(
                "一共 {} 次,最后一次在 {},要还 {} 元。",
                table.instalments.len(),
                last.due_on,
                last.total_fen
            ),
            format!(
                "There are {} payments; the last one, on {}, is {} yuan.",
                table.instalments.len(),
                last.due_on,
                last.total_fen
            ),
        ));
    }
    out.push(both(
        format!(
            "本金 {} 元,利息 {} 元,费用 {} 元,合计要还 {} 元。",
            table.principal_fen, table.total_interest_fen, table.total_fees_fen, table.total_repayable_fen
        ),
        format!(
            "Principal {} yuan, interest {} yuan, fees {} yuan: {} yuan in all.",
            table.principal_fen, table.total_interest_fen, table.total_fees_fen, table.total_repayable_fen
        ),
    ));
    out
}

fn late(table: &CostTable) -> Vec<Words> {
    let costs = &table.default_costs;
    let example = &costs.late_example;
    vec![
        both(
            format!("逾期的本金按年利率 {} 计收罚息。", pct2(costs.overdue_rate_ppm)),
            format!("Overdue principal bears {} a year.", pct2(costs.overdue_rate_ppm)),
        ),
        both(
            format!(
                "举例:第 {} 期晚还 {} 天,除了当期该还的钱,还要多付 {} 元。",
                example.n, example.days, example.extra_fen
            ),
            format!(
                "Example: paying instalment {} {} days late costs {} yuan on top of it.",
                example.n, example.days, example.extra_fen
            ),
        ),
        both(
            format!(
                "把钱用到约定以外的地方,按年利率 {} 计收罚息。逾期还会影响您的信用记录。",
                pct2(costs.misuse_rate_ppm)
            ),
            format!(
                "Using the money otherwise than agreed bears {} a year. Paying late also marks your credit record.",
                pct2(costs.misuse_rate_ppm)
            ),
        ),
    ]
}

fn early(table: &CostTable) -> Vec<Words> {
    let mut out = vec![both(
        "您随时可以提前还款。早还的这天要付多少,合同里已经写定:",
        "You may repay early at any time. What that costs is fixed beforehand:",
    )];
    let middle = table.early.get(table.early.len().saturating_sub(1) / 2);
    for row in table.early.first().into_iter().chain(middle) {
        out.push(both(
            format!(
                "还完第 {} 期就全部结清:再付 {} 元(其中手续费 {} 元),比按计划还完省 {} 元。",
                row.n, row.payoff_fen, row.fee_fen, row.saved_fen
            ),
            format!(
                "Right after instalment {}: pay {} yuan more (fee {} yuan); that saves {} yuan against the plan.",
                row.n, row.payoff_fen, row.fee_fen, row.saved_fen
            ),
        ));
    }
    out
}

fn rights(table: &CostTable) -> Vec<Words> {
    vec![
        both(
            "现在不想借了,随时可以不借,不用说理由,也不收任何钱。",
            "You may say no at any time, without a reason and without any cost.",
        ),
        both(
            "没有人可以替您签字、替您点确认、替您回答问题。",
            "Nobody may sign, confirm or answer in your place.",
        ),
        both(
            format!("合同写借 {} 元,就应当足额到您的账户。少一分,可以要求补足。", table.principal_fen),
            format!(
                "The contract says {} yuan; the whole of it must reach your account.",
                table.principal_fen
            ),
        ),
        table.nothing_else.clone(),
        both(
            "有人要您先交钱、教您怎么答、拿走您的手机:请停下,拨打 96110。对机构不满意,可以拨打 12378。投诉不会影响您借款、利率和服务。",
            "If somebody asks for money first, tells you what to answer or takes your phone: stop and call 96110. \
             Complaints: 12378. A complaint never affects your loan, your rate or the service.",
        ),
    ]
}

/// Least time for a section, by the pack's rule on the Chinese text that this borrower reads.
#[must_use]
pub fn required_ms(section: Section, table: &CostTable, pack: &Pack) -> i64 {
    let chars: usize = section.paragraphs(table).iter().map(|words| words.zh.chars().count()).sum();
    let chars = u32::try_from(chars).unwrap_or(u32::MAX);
    i64::from(pack.reading().seconds_for(chars)) * 1000
}

/// Counts a section as read when it was opened first and stayed open long enough by the server's clock.
pub(super) fn count(
    proofs: &mut Proofs,
    table: Option<&CostTable>,
    pack: &Pack,
    mark: &Mark,
    section: &str,
    dwell_ms: i64,
) {
    let (Some(section), Some(table)) = (Section::from_key(section), table) else { return };
    let Some(state) = proofs.sections.get_mut(section.key()) else { return };
    let Some(opened) = state.opened_at_ms else { return };
    // The time is computed from the two records; the number in the body is for the reader and must agree.
    if mark.at_ms - opened == dwell_ms
        && dwell_ms >= required_ms(section, table, pack)
        && state.read.is_none()
    {
        state.read = Some(mark.clone());
        state.dwell_ms = dwell_ms;
    }
}

/// Whether every section is read.
pub(super) fn all_read(proofs: &Proofs) -> bool {
    Section::ALL
        .iter()
        .all(|section| proofs.sections.get(section.key()).is_some_and(|state| state.read.is_some()))
}

impl Journey {
    /// The first section that is not read yet.
    #[must_use]
    pub fn next_section(&self) -> Option<Section> {
        Section::ALL
            .into_iter()
            .find(|section| self.section(section.key()).is_none_or(|state| state.read.is_none()))
    }
}
