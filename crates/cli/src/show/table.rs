//! The cost table in the terminal: key facts first, money before rates, every item with its payee, and what is flagged.

use mingbai_cost::table::{CostItem, CostTable, Instalment};
use mingbai_cost::{Lang, RateFigure, words};

use crate::screen::{Grid, Screen, Side, Tone};

/// How much of the repayment plan is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// The first three and the last instalment.
    Short,
    /// Every instalment.
    Full,
}

/// Writes the whole table.
pub fn write(table: &CostTable, plan: Plan, screen: &mut Screen) {
    head(table, screen);
    key_facts(table, screen);
    deduction(table, screen);
    annual(table, screen);
    items(table, screen);
    default_costs(table, screen);
    early(table, screen);
    instalments(table, plan, screen);
    screen.line("");
    let closing = screen.toned(Tone::Strong, screen.words(&table.nothing_else));
    screen.line(closing);
    let digest = table.terms_digest.to_string();
    let digest = screen.toned(Tone::Quiet, &format!("{} {digest}", screen.pick("条款摘要", "terms digest")));
    screen.line(digest);
}

fn heading(zh: &str, en: &str, screen: &mut Screen) {
    let text = match screen.lang() {
        Lang::Zh => format!("{zh} · {en}"),
        Lang::En => en.to_owned(),
    };
    screen.line("");
    let text = screen.toned(Tone::Strong, &text);
    screen.line(text);
}

fn head(table: &CostTable, screen: &mut Screen) {
    let title = match screen.lang() {
        Lang::Zh => "综合融资成本明示表 · Cost table",
        Lang::En => "Cost table (综合融资成本明示表)",
    };
    let title = screen.toned(Tone::Strong, title);
    screen.line(title);
    let (name, lender) = (screen.words(&table.product.name), screen.words(&table.lender.name));
    let (role, method) = (words::role(table.lender.role), words::method(&table.method));
    let count = table.instalments.len();
    let lines = [
        format!("{name} ({} {})", table.product.id, table.product.version),
        format!("{lender} · {}", screen.words(&role)),
        match screen.lang() {
            Lang::Zh => {
                format!("{},{count} 期,{} 放款,{} 还清", method.zh, table.payout_on, table.final_due_on)
            }
            Lang::En => format!(
                "{}, {count} instalments, payout {}, last due {}",
                method.en, table.payout_on, table.final_due_on
            ),
        },
    ];
    lines.iter().for_each(|line| screen.line(line));
}

fn key_facts(table: &CostTable, screen: &mut Screen) {
    heading("先看钱", "Money first", screen);
    let mut grid = Grid::new(&[Side::Left, Side::Right, Side::Left]);
    let mut row = |zh: &str, en: &str, amount: mingbai_cost::Fen, note: String| {
        grid.row(vec![screen.pick(zh, en).to_owned(), screen.words(&words::yuan(amount)).to_owned(), note]);
    };
    let upper = |amount: mingbai_cost::Fen| amount.upper_zh();
    row("合同本金", "principal", table.principal_fen, upper(table.principal_fen));
    row("实际到手", "you receive", table.net_payout_fen, upper(table.net_payout_fen));
    let first = table.instalments.first().map_or(mingbai_cost::Fen::ZERO, |i| i.total_fen);
    let same = table
        .instalments
        .iter()
        .take(table.instalments.len().saturating_sub(1))
        .all(|i| i.total_fen == first);
    let each = match (same, screen.lang()) {
        (true, Lang::Zh) => format!("共 {} 次", table.instalments.len()),
        (true, Lang::En) => format!("{} times", table.instalments.len()),
        (false, Lang::Zh) => "第一期,以后各期不同".to_owned(),
        (false, Lang::En) => "the first one; the others differ".to_owned(),
    };
    row("每期要还(含费用)", "each instalment, with fees", first, each);
    row("利息合计", "all interest", table.total_interest_fen, String::new());
    row("费用合计", "all fees", table.total_fees_fen, String::new());
    row("一共要还", "you pay back in all", table.total_repayable_fen, upper(table.total_repayable_fen));
    row("每借一万元多还", "extra per 10,000 borrowed", table.cost_per_10k_fen, String::new());
    grid.lines().iter().for_each(|line| screen.line(line));
}

/// 砍头息, in words first; colour only repeats it.
fn deduction(table: &CostTable, screen: &mut Screen) {
    let Some(kept) = &table.upfront_deduction else { return };
    let named = |item: &&CostItem| kept.item_keys.contains(&item.key);
    let names: Vec<&str> = table.items.iter().filter(named).map(|i| screen.words(&i.name)).collect();
    let names = names.join(screen.pick("、", ", "));
    let text = match screen.lang() {
        Lang::Zh => format!(
            "!! 砍头息:放款时先扣 {} 元({names})。到手少了,利息和费用仍按合同本金算。",
            kept.amount_fen
        ),
        Lang::En => format!(
            "!! Kept back from the principal: {} yuan ({names}). You receive less, but interest and fees are charged on the \
             full principal.",
            kept.amount_fen
        ),
    };
    let text = screen.toned(Tone::Bad, &text);
    screen.line("");
    screen.line(text);
}

fn annual(table: &CostTable, screen: &mut Screen) {
    heading("再看年率", "Then the rate", screen);
    let mut grid = Grid::new(&[Side::Right, Side::Left]);
    let nominal =
        screen.pick("合同(广告)年利率,不含费用", "nominal annual rate, as advertised, without fees");
    grid.row(vec![words::pct(table.nominal_rate_ppm), nominal.to_owned()]);
    let a = &table.annual;
    for figure in [&a.simple, &a.compound, &a.dated_eu, &a.us_appendix_j, &a.additive] {
        grid.row(rate(figure, screen.lang()));
    }
    grid.lines().iter().for_each(|line| screen.line(line));
}

fn rate(figure: &RateFigure, lang: Lang) -> Vec<String> {
    let (value, label) = (words::rate_value(figure.value), words::basis_label(figure.basis));
    vec![value.get(lang).to_owned(), label.get(lang).to_owned()]
}

fn items(table: &CostTable, screen: &mut Screen) {
    heading("收什么,谁收,怎么收", "What is charged, by whom, and how", screen);
    let mut grid = Grid::new(&[Side::Left, Side::Left, Side::Right, Side::Right, Side::Left]);
    let heads = match screen.lang() {
        Lang::Zh => ["项目", "收款方", "合计(元)", "折合年率", "收费标准"],
        Lang::En => ["item", "payee", "total, yuan", "a year", "standard"],
    };
    grid.row(heads.map(str::to_owned).to_vec());
    for item in &table.items {
        grid.row(vec![
            screen.words(&item.name).to_owned(),
            screen.words(&item.payee.name).to_owned(),
            item.total_fen.to_string(),
            words::pct2(item.annual_level_ppm),
            screen.words(&item.standard).to_owned(),
        ]);
    }
    grid.lines().iter().for_each(|line| screen.line(line));
}

fn default_costs(table: &CostTable, screen: &mut Screen) {
    heading("如果没按时还(不计入上面的成本)", "If you pay late (not in the cost above)", screen);
    let (costs, late) = (&table.default_costs, &table.default_costs.late_example);
    let (overdue, misuse) = (words::pct(costs.overdue_rate_ppm), words::pct(costs.misuse_rate_ppm));
    screen.say(
        &format!("  逾期罚息年利率 {overdue};挪用罚息年利率 {misuse};宽限 {} 天。", costs.grace_days),
        &format!(
            "  overdue interest {overdue} a year; misuse {misuse} a year; {} days of grace.",
            costs.grace_days
        ),
    );
    screen.say(
        &format!(
            "  例:第 {} 期晚 {} 天,多付 {} 元,那天共要付 {} 元。",
            late.n, late.days, late.extra_fen, late.due_fen
        ),
        &format!(
            "  example: instalment {} paid {} days late costs {} yuan more; {} yuan are due that day.",
            late.n, late.days, late.extra_fen, late.due_fen
        ),
    );
}

fn early(table: &CostTable, screen: &mut Screen) {
    // Half-way is where the question usually comes up.
    let Some(row) = table.early.get(table.early.len() / 2) else { return };
    heading("如果提前还清", "If you repay early", screen);
    screen.say(
        &format!(
            "  例:第 {} 期({})当天一次还清,另付 {} 元(其中违约金 {} 元,退回 {} 元),比还到底少付 {} 元。",
            row.n, row.on, row.payoff_fen, row.fee_fen, row.refund_fen, row.saved_fen
        ),
        &format!(
            "  example: on {} with instalment {}, pay {} yuan more to be free (fee {}, refund {}); saves {} yuan.",
            row.on, row.n, row.payoff_fen, row.fee_fen, row.refund_fen, row.saved_fen
        ),
    );
}

fn instalments(table: &CostTable, plan: Plan, screen: &mut Screen) {
    heading("还款计划(元)", "Repayment plan, yuan", screen);
    let right = [Side::Right; 7];
    let mut grid = Grid::new(&right);
    let heads = match screen.lang() {
        Lang::Zh => ["期", "还款日", "本金", "利息", "费用", "合计", "剩余本金"],
        Lang::En => ["no.", "due", "principal", "interest", "fees", "total", "left"],
    };
    grid.row(heads.map(str::to_owned).to_vec());
    let rows = &table.instalments;
    let cells = |row: &Instalment| {
        let money = [row.principal_fen, row.interest_fen, row.fees_fen, row.total_fen, row.balance_fen];
        let mut cells = vec![row.n.to_string(), row.due_on.to_string()];
        cells.extend(money.map(|fen| fen.to_string()));
        cells
    };
    if plan == Plan::Full || rows.len() <= 6 {
        rows.iter().for_each(|row| grid.row(cells(row)));
    } else {
        rows.iter().take(3).for_each(|row| grid.row(cells(row)));
        grid.row(vec!["…".to_owned(), screen.pick("--plan 看全部", "--plan shows all").to_owned()]);
        rows.iter().rev().take(1).for_each(|row| grid.row(cells(row)));
    }
    grid.lines().iter().for_each(|line| screen.line(line));
}
