//! From checked terms to the one cost table (DESIGN law 4). It adds things up; what is due when comes from the plan and
//! the fee standard.

use crate::annual::{Flow, annual_cost};
use crate::schedule::{self, Plan};
use crate::settle;
use crate::table::{
    Charge, CostItem, CostTable, DefaultCosts, EarlyRow, Instalment, ItemKind, LateExample, UpfrontDeduction,
};
use crate::terms::{Collected, CompoundInterest, DayCount, FeeItem, FeeNature, Rounding, TermsSpec, Timing};
use crate::{Fen, Terms, Words, fees, words};

/// Why a table cannot be made of checked terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CostError {
    /// The plan has no rows.
    #[error("the terms lead to no instalment at all; check the number of periods")]
    NoInstalments,
    /// Two ways of adding up disagree: a fault of this program, never of the terms.
    #[error(
        "the table does not add up ({0}); nothing was shown; please report these terms to the maintainers"
    )]
    DoesNotAddUp(&'static str),
}

impl CostError {
    /// The error in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let zh = match self {
            CostError::NoInstalments => "按这些条款没有任何一期还款；请检查期数".to_owned(),
            CostError::DoesNotAddUp(what) => {
                format!("明示表的合计不一致（{what}），因此没有显示；请把条款报告给维护人员")
            }
        };
        Words { zh, en: self.to_string() }
    }
}

/// Computes the cost table of checked terms.
///
/// # Errors
/// [`CostError`] if the table's own cross-checks fail; valid terms never cause it.
pub fn quote(terms: &Terms) -> Result<CostTable, CostError> {
    let plan = schedule::plan_of(terms.spec());
    let fees = priced(terms.spec(), &plan);
    assemble(terms, &plan, &fees, &[])
}

/// One fee item with its charges.
#[derive(Clone, Debug)]
pub(crate) struct Priced {
    pub fee: FeeItem,
    pub charges: Vec<Charge>,
}

/// The whole fee standard over a plan.
pub(crate) fn priced(spec: &TermsSpec, plan: &Plan) -> Vec<Priced> {
    fees::standard(spec)
        .into_iter()
        .map(|fee| {
            let charges = fees::charges(&fee, spec, plan);
            Priced { fee, charges }
        })
        .collect()
}

/// Makes the table of a plan, its priced fees and items that only a changed plan has.
pub(crate) fn assemble(
    terms: &Terms,
    plan: &Plan,
    fees: &[Priced],
    more: &[Priced],
) -> Result<CostTable, CostError> {
    let spec = terms.spec();
    let Some(final_due_on) = plan.final_due_on() else { return Err(CostError::NoInstalments) };
    let instalments = instalments(plan, fees.iter().chain(more));
    let exposure = Exposure::of(plan);
    let mut items = vec![interest_item(spec, plan, &exposure)];
    items.extend(fees.iter().chain(more).map(|priced| fee_item(priced, &exposure)));
    let total_of =
        |kind: ItemKind| items.iter().filter(|item| item.kind == kind).map(|item| item.total_fen).sum();
    let (total_interest_fen, total_fees_fen): (Fen, Fen) =
        (total_of(ItemKind::Interest), total_of(ItemKind::Fee));
    let total_cost_fen = total_interest_fen + total_fees_fen;
    let upfront_deduction = deduction(fees);
    let deducted = upfront_deduction.as_ref().map_or(Fen::ZERO, |upfront| upfront.amount_fen);
    let flows = flows(spec, plan, &instalments, fees);
    let additive_ppm = additive_ppm(&items, &exposure);
    let early = early_rows(spec, plan, fees, &instalments);
    let table = CostTable {
        v: 1,
        terms_digest: terms.digest(),
        product: spec.product.clone(),
        lender: spec.lender.clone(),
        principal_fen: spec.principal_fen,
        net_payout_fen: spec.principal_fen - deducted,
        upfront_deduction,
        payout_on: spec.payout_on,
        final_due_on,
        method: spec.plan.method.clone(),
        nominal_rate_ppm: spec.plan.annual_rate_ppm,
        items,
        total_interest_fen,
        total_fees_fen,
        total_cost_fen,
        total_repayable_fen: spec.principal_fen + total_cost_fen,
        cost_per_10k_fen: total_cost_fen.times_ratio(1_000_000, spec.principal_fen.get(), Rounding::HalfUp),
        annual: annual_cost(&flows, spec.payout_on, additive_ppm),
        default_costs: default_costs(spec, &instalments),
        instalments,
        early_rule: words::early_rule(&spec.early),
        early,
        nothing_else: words::nothing_else(),
    };
    adds_up(&table, &flows)?;
    Ok(table)
}

/// The rows of the plan with the fees that fall due with them.
fn instalments<'a>(plan: &Plan, fees: impl Iterator<Item = &'a Priced>) -> Vec<Instalment> {
    let mut rows: Vec<Instalment> = fees::numbered(plan)
        .map(|(n, row)| Instalment {
            n,
            due_on: row.due_on,
            principal_fen: row.principal_fen,
            interest_fen: row.interest_fen,
            fees_fen: Fen::ZERO,
            total_fen: row.principal_fen + row.interest_fen,
            balance_fen: row.balance_fen,
        })
        .collect();
    for charge in fees.flat_map(|priced| &priced.charges) {
        let row = (charge.period as usize).checked_sub(1).and_then(|at| rows.get_mut(at));
        if let Some(row) = row {
            row.fees_fen += charge.amount_fen;
            row.total_fen += charge.amount_fen;
        }
    }
    rows
}

/// Money times time, against which yearly levels are measured.
struct Exposure {
    /// Σ principal outstanding × share of a year, in fen · 10^-9 years.
    outstanding: i128,
    /// Original principal × the whole time, in fen · 10^-9 years.
    original: i128,
    /// Σ nominal rate × time ÷ time, ppm: the contract's rate where it never changes.
    mean_rate_ppm: i64,
}

impl Exposure {
    fn of(plan: &Plan) -> Exposure {
        let nano = |row: &crate::schedule::PlanRow| i128::from(row.part.nano_years());
        let outstanding = plan.rows.iter().map(|row| i128::from(row.opening_fen.get()) * nano(row)).sum();
        let time: i128 = plan.rows.iter().map(nano).sum();
        let original = plan.rows.first().map_or(0, |row| i128::from(row.opening_fen.get())) * time;
        let rates: i128 = plan.rows.iter().map(|row| i128::from(row.rate_ppm) * nano(row)).sum();
        let mean_rate_ppm = if time > 0 { crate::money::divide(rates, time, Rounding::HalfUp) } else { 0 };
        Exposure { outstanding, original, mean_rate_ppm }
    }
}

/// `total` a year as ppm of an exposure, rounded half-up; 0 where there is no exposure.
fn yearly_ppm(total: Fen, exposure: i128) -> i64 {
    const PPM_NANOS: i128 = 1_000_000 * 1_000_000_000;
    if exposure <= 0 {
        return 0;
    }
    crate::money::divide(i128::from(total.get()) * PPM_NANOS, exposure, Rounding::HalfUp)
}

fn interest_item(spec: &TermsSpec, plan: &Plan, exposure: &Exposure) -> CostItem {
    let charges: Vec<Charge> = fees::numbered(plan)
        .filter(|(_, row)| !row.interest_fen.is_zero())
        .map(|(period, row)| Charge { period, on: row.due_on, amount_fen: row.interest_fen })
        .collect();
    let total_fen = charges.iter().map(|charge| charge.amount_fen).sum();
    CostItem {
        key: "interest".to_owned(),
        kind: ItemKind::Interest,
        name: words::interest_name(),
        payee: spec.lender.clone(),
        timing: Timing::EachPeriod,
        base: None,
        collected: Collected::PaidApart,
        standard: words::interest_standard(&spec.plan),
        annual_level_ppm: yearly_ppm(total_fen, exposure.outstanding),
        total_fen,
        charges,
    }
}

fn fee_item(priced: &Priced, exposure: &Exposure) -> CostItem {
    let Priced { fee, charges } = priced;
    let total_fen = charges.iter().map(|charge| charge.amount_fen).sum();
    CostItem {
        key: fee.key.clone(),
        kind: match fee.nature {
            FeeNature::Fee => ItemKind::Fee,
            FeeNature::Deposit => ItemKind::Deposit,
        },
        name: fee.name.clone(),
        payee: fee.payee.clone(),
        timing: fee.timing,
        base: Some(fee.base),
        collected: fee.collected,
        standard: words::fee_standard(fee),
        annual_level_ppm: yearly_ppm(total_fen, exposure.outstanding),
        total_fen,
        charges: charges.clone(),
    }
}

fn deduction(fees: &[Priced]) -> Option<UpfrontDeduction> {
    let deducting = fees.iter().filter(|priced| priced.fee.collected == Collected::DeductedFromPayout);
    let mut upfront = UpfrontDeduction { amount_fen: Fen::ZERO, item_keys: Vec::new() };
    for Priced { fee, charges } in deducting {
        let amount: Fen = charges.iter().filter(|c| c.period == 0).map(|c| c.amount_fen).sum();
        if !amount.is_zero() {
            upfront.amount_fen += amount;
            upfront.item_keys.push(fee.key.clone());
        }
    }
    (!upfront.item_keys.is_empty()).then_some(upfront)
}

/// Money to (+) and from (−) the borrower. Everything due at the payout is netted into one flow.
fn flows(spec: &TermsSpec, plan: &Plan, instalments: &[Instalment], fees: &[Priced]) -> Vec<Flow> {
    let at_payout = fees.iter().flat_map(|priced| &priced.charges).filter(|charge| charge.period == 0);
    let received = spec.principal_fen - at_payout.map(|charge| charge.amount_fen).sum();
    let mut flows = Vec::with_capacity(instalments.len() + 1);
    flows.push(Flow { period: 0, on: spec.payout_on, amount_fen: received });
    flows.extend(instalments.iter().zip(&plan.rows).map(|(row, plan_row)| Flow {
        period: plan_row.month,
        on: row.due_on,
        amount_fen: -row.total_fen,
    }));
    flows
}

/// The enterprise list's figure: the contract's interest rate (its mean over time, where it changes) plus every fee's yearly cost over the original principal.
fn additive_ppm(items: &[CostItem], exposure: &Exposure) -> i64 {
    let fees = items.iter().filter(|item| item.kind == ItemKind::Fee);
    exposure.mean_rate_ppm + fees.map(|fee| yearly_ppm(fee.total_fen, exposure.original)).sum::<i64>()
}

fn early_rows(spec: &TermsSpec, plan: &Plan, fees: &[Priced], instalments: &[Instalment]) -> Vec<EarlyRow> {
    let after = settle::totals_after(instalments);
    plan.slots
        .iter()
        .filter(|slot| plan.final_due_on().is_some_and(|last| slot.due_on <= last))
        .map(|slot| {
            let standing = settle::standing(spec, plan, fees, slot.due_on);
            let n = if standing.paid_rows == 0 || spec_is_bullet(spec) {
                slot.period
            } else {
                u32::try_from(standing.paid_rows).unwrap_or(u32::MAX)
            };
            let payoff_fen = standing.payoff();
            let remaining = after.get(standing.paid_rows).copied().unwrap_or(Fen::ZERO);
            EarlyRow {
                n,
                on: slot.due_on,
                balance_fen: standing.balance_fen,
                accrued_interest_fen: standing.accrued_interest_fen,
                fee_fen: standing.early_fee_fen + standing.running_fees_fen,
                refund_fen: standing.refund_fen,
                payoff_fen,
                saved_fen: remaining - payoff_fen,
            }
        })
        .collect()
}

fn spec_is_bullet(spec: &TermsSpec) -> bool {
    spec.plan.method == crate::terms::Method::Bullet
}

/// Days in a year for overdue interest: 365 where the interest is counted so, otherwise the 360 of lending practice.
fn overdue_year_days(count: DayCount) -> i64 {
    match count {
        DayCount::Actual365 | DayCount::ActualActual => 365,
        DayCount::PerPeriod | DayCount::Actual360 | DayCount::Thirty360 => 360,
    }
}

/// What an instalment costs when it is paid `days` late. Within the grace days nothing; after them every day since the due
/// date counts. Fees due with the instalment bear nothing.
pub(crate) fn late(spec: &TermsSpec, row: &Instalment, days: u32) -> LateExample {
    let default = &spec.default;
    let counted = if days > default.grace_days { i64::from(days) } else { 0 };
    let year = overdue_year_days(spec.plan.day_count) * crate::money::PPM;
    let overdue = |amount: Fen| {
        let num = default.overdue_rate_ppm * counted;
        amount.times_ratio(num, year, spec.plan.rounding)
    };
    let overdue_interest_fen = overdue(row.principal_fen);
    let compound_interest_fen = match default.compound_on_interest {
        CompoundInterest::Charged => overdue(row.interest_fen),
        CompoundInterest::NotCharged => Fen::ZERO,
    };
    let late_fee_fen = if counted > 0 { default.late_fee_fen } else { Fen::ZERO };
    let extra_fen = overdue_interest_fen + compound_interest_fen + late_fee_fen;
    LateExample {
        n: row.n,
        days,
        overdue_interest_fen,
        compound_interest_fen,
        late_fee_fen,
        extra_fen,
        due_fen: row.total_fen + extra_fen,
    }
}

fn default_costs(spec: &TermsSpec, instalments: &[Instalment]) -> DefaultCosts {
    let nothing = Instalment {
        n: 1,
        due_on: spec.payout_on,
        principal_fen: Fen::ZERO,
        interest_fen: Fen::ZERO,
        fees_fen: Fen::ZERO,
        total_fen: Fen::ZERO,
        balance_fen: Fen::ZERO,
    };
    DefaultCosts {
        overdue_rate_ppm: spec.default.overdue_rate_ppm,
        misuse_rate_ppm: spec.default.misuse_rate_ppm,
        compound_on_interest: spec.default.compound_on_interest,
        grace_days: spec.default.grace_days,
        late_fee_fen: spec.default.late_fee_fen,
        late_example: late(spec, instalments.first().unwrap_or(&nothing), 30),
    }
}

/// Pair assertions before the table leaves: three ways of adding up must agree.
fn adds_up(table: &CostTable, flows: &[Flow]) -> Result<(), CostError> {
    let sum = |part: fn(&Instalment) -> Fen| -> Fen { table.instalments.iter().map(part).sum() };
    let checks = [
        ("principal parts = principal", sum(|row| row.principal_fen) == table.principal_fen),
        ("interest parts = interest", sum(|row| row.interest_fen) == table.total_interest_fen),
        ("flows = cost", flows.iter().map(|flow| flow.amount_fen).sum::<Fen>() == -table.total_cost_fen),
    ];
    match checks.iter().find(|(_, holds)| !holds) {
        Some((what, _)) => Err(CostError::DoesNotAddUp(what)),
        None => Ok(()),
    }
}
