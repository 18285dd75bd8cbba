//! Questions about the borrower's money: what arrives, what leaves each month, what it all comes to.

use mingbai_cost::{CostTable, Fen};

use super::ask::{self, Text};
use super::{Question, QuestionId};
use crate::borrow::say::{self, yuan};
use crate::text::both;

fn fen(value: i128) -> Fen {
    Fen::new(i64::try_from(value).unwrap_or(i64::MAX))
}

/// The classic wrong sum: principal × headline rate × years, fees forgotten.
fn headline_interest(table: &CostTable) -> i128 {
    let months = i128::try_from(table.instalments.len()).unwrap_or(0);
    i128::from(table.principal_fen.get()) * i128::from(table.nominal_rate_ppm) * months / 12_000_000
}

pub(super) fn monthly_amount(table: &CostTable, id: QuestionId) -> Option<Question> {
    let highest = table.instalments.iter().max_by_key(|row| (row.total_fen, std::cmp::Reverse(row.n)))?;
    let count = i128::try_from(table.instalments.len()).ok()?;
    let lowest = table.instalments.iter().rev().skip(1).map(|row| row.total_fen.get()).min();
    // The last instalment carries the residue; up to one yuan apart still reads as "the same each month".
    let level = lowest.is_some_and(|low| highest.total_fen.get() - low <= 100);
    let right = highest.total_fen;
    let bare = i128::from(highest.principal_fen.get()) + i128::from(highest.interest_fen.get());
    let principal = i128::from(table.principal_fen.get());
    let wrong = [
        fen(bare),
        fen(principal / count),
        fen((principal + headline_interest(table)) / count),
        fen(i128::from(right.get()) + i128::from(highest.fees_fen.get())),
        highest.interest_fen,
    ];
    let due = say::day(highest.due_on);
    let prompts = if level {
        [
            both(
                "每个月一共要还多少钱(利息和费用都算上)?",
                "How much do you pay each month, with interest and all fees?",
            ),
            both(
                "到了还款日,您的账户里要准备好多少钱才够还一期?",
                "On a due date, how much must be in your account for one instalment?",
            ),
        ]
    } else {
        [
            both(
                format!("还得最多的是第 {} 期({}),那一天一共要还多少钱?", highest.n, due.zh),
                format!(
                    "The highest instalment is no. {} ({}): how much do you pay that day in all?",
                    highest.n, due.en
                ),
            ),
            both(
                format!("{} 那天(第 {} 期),账户里要准备好多少钱?", due.zh, highest.n),
                format!("How much must be in your account on {} (instalment {})?", due.en, highest.n),
            ),
        ]
    };
    let explain = both(
        format!(
            "第 {} 期:本金 {} + 利息 {} + 费用 {} = 一共 {}。",
            highest.n,
            yuan(highest.principal_fen).zh,
            yuan(highest.interest_fen).zh,
            yuan(highest.fees_fen).zh,
            yuan(right).zh
        ),
        format!(
            "Instalment {}: principal {} + interest {} + fees {} = {} in all.",
            highest.n,
            yuan(highest.principal_fen).en,
            yuan(highest.interest_fen).en,
            yuan(highest.fees_fen).en,
            yuan(right).en
        ),
    );
    ask::money(id, Text { prompts, explain }, right, &wrong)
}

pub(super) fn total_repayable(table: &CostTable, id: QuestionId) -> Option<Question> {
    let right = table.total_repayable_fen;
    let principal = i128::from(table.principal_fen.get());
    let interest = i128::from(table.total_interest_fen.get());
    let wrong = [
        fen(principal + interest),
        table.principal_fen,
        fen(principal + headline_interest(table)),
        fen(i128::from(right.get()) + i128::from(table.total_fees_fen.get())),
        fen(principal + i128::from(table.total_fees_fen.get())),
    ];
    let borrowed = yuan(table.principal_fen);
    let prompts = [
        both(
            format!("借 {},到全部还清,一共要付出去多少钱(本金、利息、费用都算上)?", borrowed.zh),
            format!("You borrow {}. Until it is all paid off, how much do you pay in all?", borrowed.en),
        ),
        both(
            "把每一期还的钱和所有费用加在一起,总共是多少?",
            "Add up all instalments and all fees: how much is that in all?",
        ),
    ];
    ask::money(id, Text { prompts, explain: sum_up(table) }, right, &wrong)
}

fn sum_up(table: &CostTable) -> mingbai_cost::Words {
    let (principal, interest) = (yuan(table.principal_fen), yuan(table.total_interest_fen));
    let (fees, cost) = (yuan(table.total_fees_fen), yuan(table.total_cost_fen));
    let total = yuan(table.total_repayable_fen);
    both(
        format!(
            "本金 {} + 利息 {} + 费用 {} = 一共付出 {};比借的钱多付 {}。",
            principal.zh, interest.zh, fees.zh, total.zh, cost.zh
        ),
        format!(
            "Principal {} + interest {} + fees {} = {} in all; that is {} more than you borrow.",
            principal.en, interest.en, fees.en, total.en, cost.en
        ),
    )
}

pub(super) fn extra_cost(table: &CostTable, id: QuestionId) -> Option<Question> {
    let right = table.total_cost_fen;
    let year = i128::from(table.principal_fen.get()) * i128::from(table.nominal_rate_ppm) / 1_000_000;
    let wrong = [
        table.total_interest_fen,
        fen(year),
        table.total_fees_fen,
        fen(headline_interest(table)),
        table.total_repayable_fen,
    ];
    let prompts = [
        both(
            "为了借这笔钱,除了本金,一共要多付多少元?",
            "Beside the principal, how much does borrowing this money cost you in all?",
        ),
        both(
            "还清以后算一算,您付出的比借到的本金多多少元?",
            "When it is all paid back, how much more have you paid than the principal?",
        ),
    ];
    ask::money(id, Text { prompts, explain: sum_up(table) }, right, &wrong)
}

pub(super) fn net_payout(table: &CostTable, id: QuestionId) -> Option<Question> {
    let right = table.net_payout_fen;
    let principal = i128::from(table.principal_fen.get());
    let first = table.instalments.first().map_or(0, |row| i128::from(row.total_fen.get()));
    let wrong = [
        table.principal_fen,
        fen(principal - i128::from(table.total_fees_fen.get())),
        fen(principal - first),
        fen(principal - i128::from(table.total_interest_fen.get())),
    ];
    let contract = yuan(table.principal_fen);
    let prompts = [
        both(
            format!("合同上写借 {},实际打到您账上的是多少钱?", contract.zh),
            format!("The contract says {}. How much really arrives in your account?", contract.en),
        ),
        both("放款那天,您账上会多出多少钱?", "On the day of the payout, how much is added to your account?"),
    ];
    let explain = match &table.upfront_deduction {
        None => both(
            format!("一分不扣,到账 {}。", yuan(right).zh),
            format!("Nothing is kept back: {} arrives.", yuan(right).en),
        ),
        Some(deduction) => both(
            format!(
                "合同本金 {},放款时先扣 {},到账只有 {},但利息可能按合同本金算。",
                contract.zh,
                yuan(deduction.amount_fen).zh,
                yuan(right).zh
            ),
            format!(
                "Of {} in the contract {} is kept back at the payout; only {} arrives, while interest may run on the \
                 contract sum.",
                contract.en,
                yuan(deduction.amount_fen).en,
                yuan(right).en
            ),
        ),
    };
    ask::money(id, Text { prompts, explain }, right, &wrong)
}

pub(super) fn late_month(table: &CostTable, id: QuestionId) -> Option<Question> {
    let late = &table.default_costs.late_example;
    let instalment = table.instalments.iter().find(|row| row.n == late.n)?;
    let overdue = i128::from(table.default_costs.overdue_rate_ppm);
    let whole = i128::from(table.principal_fen.get()) * overdue * i128::from(late.days) / 360_000_000;
    let right = late.extra_fen;
    let wrong = [Fen::ZERO, fen(whole), instalment.interest_fen, late.due_fen, instalment.total_fen];
    let (n, days) = (late.n, late.days);
    let prompts = [
        both(
            format!("第 {n} 期如果晚还 {days} 天,除了这一期本来要还的,还要多付多少钱?"),
            format!(
                "If instalment {n} is paid {days} days late, how much more than the instalment do you pay?"
            ),
        ),
        both(
            format!("有一期(第 {n} 期)忘了还,过了 {days} 天才还,会多花多少元?"),
            format!("You forget instalment {n} and pay {days} days later: what does that cost you extra?"),
        ),
    ];
    let explain = both(
        format!(
            "晚 {days} 天:逾期罚息 {} + 复利 {} + 固定费用 {} = 多付 {}。还会影响征信;还不上请早点联系我们。",
            yuan(late.overdue_interest_fen).zh,
            yuan(late.compound_interest_fen).zh,
            yuan(late.late_fee_fen).zh,
            yuan(right).zh
        ),
        format!(
            "{days} days late: overdue interest {} + interest on interest {} + fixed costs {} = {} more. It also marks \
             your credit record; if you cannot pay, talk to us early.",
            yuan(late.overdue_interest_fen).en,
            yuan(late.compound_interest_fen).en,
            yuan(late.late_fee_fen).en,
            yuan(right).en
        ),
    );
    ask::money(id, Text { prompts, explain }, right, &wrong)
}

pub(super) fn early_payoff(table: &CostTable, id: QuestionId) -> Option<Question> {
    let open: Vec<_> = table.early.iter().filter(|row| row.balance_fen.get() > 0).collect();
    // A quarter, half or three quarters of the way: the seed says which, and every variant of a seed keeps
    // it.
    let quarter = usize::try_from(id.seed % 3).ok()? + 1;
    let row = *open.get(open.len().saturating_sub(1) * quarter / 4)?;
    let rest = table.instalments.iter().filter(|later| later.n > row.n);
    let rest: i128 = rest.map(|later| i128::from(later.total_fen.get())).sum();
    let principal = i128::from(table.principal_fen.get());
    let count = i128::try_from(table.instalments.len()).ok()?;
    let right = row.payoff_fen;
    let wrong = [
        row.balance_fen,
        fen(rest),
        fen(principal - principal * i128::from(row.n) / count),
        table.principal_fen,
        fen(i128::from(right.get()) + i128::from(row.fee_fen.get())),
    ];
    let (n, on) = (row.n, say::day(row.on));
    let prompts = [
        both(
            format!("如果在 {} 还完第 {n} 期后,当天把剩下的一次还清,还要再付多少钱?", on.zh),
            format!(
                "After instalment {n} on {} you pay off the rest the same day: how much more is that?",
                on.en
            ),
        ),
        both(
            format!("还了 {n} 期以后想提前结清({}),要一次拿出多少钱?", on.zh),
            format!("You want to be free after {n} instalments ({}): how much do you pay at once?", on.en),
        ),
    ];
    let explain = both(
        format!(
            "剩余本金 {} + 提前还款费 {} − 退还 {} = {};比按计划还到底少付 {}。",
            yuan(row.balance_fen).zh,
            yuan(row.fee_fen).zh,
            yuan(row.refund_fen).zh,
            yuan(right).zh,
            yuan(row.saved_fen).zh
        ),
        format!(
            "Principal left {} + early-repayment fee {} − refunds {} = {}; you save {} against following the plan.",
            yuan(row.balance_fen).en,
            yuan(row.fee_fen).en,
            yuan(row.refund_fen).en,
            yuan(right).en,
            yuan(row.saved_fen).en
        ),
    );
    ask::money(id, Text { prompts, explain }, right, &wrong)
}
