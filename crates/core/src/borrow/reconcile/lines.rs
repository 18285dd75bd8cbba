//! What may be taken on a day: the rows of the table that have fallen due, less what was taken for them
//! before.

use jiff::civil::Date;
use mingbai_cost::table::ItemKind;
use mingbai_cost::terms::Collected;
use mingbai_cost::{CostTable, Fen};

use super::{AcceptedCharge, Part, ReportedCharge, ViolationKind};

pub(super) const PRINCIPAL: &str = "principal";
pub(super) const INTEREST: &str = "interest";
const INSTALMENT: &str = "instalment";
const EARLY_PAYOFF: &str = "early_payoff";

/// Extra costs of being late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LateItem {
    OverdueInterest,
    CompoundInterest,
    LateFee,
}

impl LateItem {
    const ALL: [LateItem; 3] = [LateItem::OverdueInterest, LateItem::CompoundInterest, LateItem::LateFee];

    pub(super) const fn key(self) -> &'static str {
        match self {
            LateItem::OverdueInterest => "overdue_interest",
            LateItem::CompoundInterest => "compound_interest",
            LateItem::LateFee => "late_fee",
        }
    }
}

/// What a charge claims to be.
pub(super) enum Target {
    /// Rows with these keys, in the order in which money is set off.
    Rows(Vec<String>),
    /// A cost of being late.
    Late(LateItem),
    /// Everything that is left, at once.
    EarlyPayoff,
}

/// Finds what a charge claims to be; `None` when nothing in the table has that key or name.
pub(super) fn target(table: &CostTable, charge: &ReportedCharge) -> Option<Target> {
    let fees = || table.items.iter().filter(|item| item.kind != ItemKind::Interest);
    let key = charge.item_key.trim();
    if key.is_empty() {
        let name = charge.name_text.trim();
        let item = table.items.iter().find(|item| item.name.zh == name || item.name.en == name)?;
        return Some(Target::Rows(vec![item.key.clone()]));
    }
    // The table's own keys come first: a fee may carry any name, even one that sounds like something else.
    if let Some(item) = fees().find(|item| item.key == key) {
        return Some(Target::Rows(vec![item.key.clone()]));
    }
    match key {
        PRINCIPAL | INTEREST => Some(Target::Rows(vec![key.to_owned()])),
        INSTALMENT => {
            let mut rows = vec![INTEREST.to_owned(), PRINCIPAL.to_owned()];
            rows.extend(fees().map(|item| item.key.clone()));
            Some(Target::Rows(rows))
        }
        EARLY_PAYOFF => Some(Target::EarlyPayoff),
        key => LateItem::ALL.into_iter().find(|item| item.key() == key).map(Target::Late),
    }
}

/// What is still open, and what a charge is called when nothing is.
pub(super) struct Room {
    pub(super) open: Vec<Part>,
    pub(super) when_empty: ViolationKind,
}

/// One line that may be taken once, on its day or later.
pub(super) struct Line {
    pub(super) item: String,
    pub(super) period: u32,
    pub(super) on: Date,
    pub(super) amount_fen: Fen,
}

/// Every line of the table. What was kept back from the payout is already taken, so it is not among them.
pub(super) fn lines(table: &CostTable) -> Vec<Line> {
    let mut all = Vec::new();
    for row in &table.instalments {
        let parts = [(INTEREST, row.interest_fen), (PRINCIPAL, row.principal_fen)];
        all.extend(parts.map(|(item, amount_fen)| Line {
            item: item.to_owned(),
            period: row.n,
            on: row.due_on,
            amount_fen,
        }));
    }
    for item in table.items.iter().filter(|item| item.kind != ItemKind::Interest) {
        let kept_back = item.collected == Collected::DeductedFromPayout;
        let charges = item.charges.iter().filter(|charge| !(kept_back && charge.period == 0));
        all.extend(charges.map(|charge| Line {
            item: item.key.clone(),
            period: charge.period,
            on: charge.on,
            amount_fen: charge.amount_fen,
        }));
    }
    all.retain(|line| line.amount_fen.get() > 0);
    all.sort_by_key(|line| line.period);
    all
}

pub(super) fn taken(accepted: &[AcceptedCharge], item: &str, period: u32) -> Fen {
    let parts = accepted.iter().flat_map(|charge| &charge.parts);
    parts.filter(|part| part.item == item && part.period == period).map(|part| part.amount_fen).sum()
}

/// The day on which the loan was paid off early, if it was.
fn paid_off_on(accepted: &[AcceptedCharge]) -> Option<Date> {
    let early = |charge: &&AcceptedCharge| charge.parts.iter().any(|part| part.item == EARLY_PAYOFF);
    accepted.iter().filter(early).map(|charge| charge.on).min()
}

/// Open lines with these keys on a day.
pub(super) fn room(table: &CostTable, accepted: &[AcceptedCharge], on: Date, keys: &[String]) -> Room {
    let paid_off = paid_off_on(accepted);
    let wanted: Vec<Line> = lines(table).into_iter().filter(|line| keys.contains(&line.item)).collect();
    let mut open = Vec::new();
    for line in &wanted {
        let closed = paid_off.is_some_and(|day| line.on > day);
        let left = line.amount_fen - taken(accepted, &line.item, line.period);
        if line.on <= on && !closed && left.get() > 0 {
            open.push(Part { item: line.item.clone(), period: line.period, amount_fen: left });
        }
    }
    let before = wanted.iter().map(|line| line.on).filter(|day| *day <= on).max();
    let after = wanted.iter().map(|line| line.on).filter(|day| *day > on).min();
    Room { open, when_empty: empty_kind(paid_off.is_some(), on, before, after) }
}

/// Nothing is open: taken twice, or taken before its day? The nearer due day decides; the refund is the same.
fn empty_kind(paid_off: bool, on: Date, before: Option<Date>, after: Option<Date>) -> ViolationKind {
    match (before, after) {
        _ if paid_off => ViolationKind::Duplicate,
        (Some(before), Some(after)) if days(on, after) < days(before, on) => ViolationKind::TooEarly,
        (None, Some(_)) => ViolationKind::TooEarly,
        _ => ViolationKind::Duplicate,
    }
}

pub(super) fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// What paying everything off may cost on a day. Exact on a due day; in between it is an upper bound, because
/// the table
/// has no row for that day: the last row plus the running period's whole interest and fees.
pub(super) fn early_room(table: &CostTable, accepted: &[AcceptedCharge], on: Date) -> Room {
    if paid_off_on(accepted).is_some() {
        return Room { open: Vec::new(), when_empty: ViolationKind::Duplicate };
    }
    let next = table.instalments.iter().find(|row| row.due_on > on);
    let running = next.map_or(Fen::ZERO, |row| row.interest_fen + Fen::new(row.fees_fen.get().max(0)));
    let before = table.early.iter().rev().find(|row| row.on <= on);
    let most = match before {
        Some(row) if row.on == on => row.payoff_fen,
        Some(row) => row.payoff_fen + running,
        None => table.principal_fen + running + first_fee(table),
    };
    let period = before.map_or(0, |row| row.n);
    let open = Part { item: EARLY_PAYOFF.to_owned(), period, amount_fen: most };
    Room { open: vec![open], when_empty: ViolationKind::TooEarly }
}

/// The early fee before the first due day: the first row's fee, scaled up to the whole principal.
fn first_fee(table: &CostTable) -> Fen {
    let Some(row) = table.early.first().filter(|row| row.balance_fen.get() > 0) else { return Fen::ZERO };
    row.fee_fen.times_ratio(
        table.principal_fen.get(),
        row.balance_fen.get(),
        mingbai_cost::terms::Rounding::Up,
    )
}

/// Sets an amount off against open parts in their order; gives the parts used and what is left over.
pub(super) fn allocate(open: &[Part], amount: Fen) -> (Vec<Part>, Fen) {
    let mut left = amount;
    let mut used = Vec::new();
    for part in open {
        let taken = left.min(part.amount_fen);
        if taken.get() > 0 {
            used.push(Part { amount_fen: taken, ..part.clone() });
            left -= taken;
        }
    }
    (used, left)
}
