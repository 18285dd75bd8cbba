//! The fee standard applied to a plan: every single charge, its day and its amount. It must not know rates of cost.

use jiff::civil::Date;

use crate::schedule::{Plan, PlanRow, RowKind};
use crate::table::Charge;
use crate::terms::{
    Base, Collected, FeeItem, FeeNature, Method, OnEarlyRepayment, Rounding, TermsSpec, Timing,
};
use crate::{Fen, words};

/// Key of the fee per period of a card instalment plan, which the table adds by itself.
pub const INSTALMENT_FEE: &str = "instalment_fee";

/// Every item of the fee standard in its order; a card instalment plan's fee per period comes first.
pub(crate) fn standard(spec: &TermsSpec) -> Vec<FeeItem> {
    let mut items = Vec::with_capacity(spec.fees.len() + 1);
    if let Method::CardInstalment { fee_per_period_ppm } = spec.plan.method {
        items.push(FeeItem {
            key: INSTALMENT_FEE.to_owned(),
            name: words::instalment_fee_name(),
            nature: FeeNature::Fee,
            payee: spec.lender.clone(),
            timing: Timing::EachPeriod,
            base: Base::OriginalPrincipal(fee_per_period_ppm),
            collected: Collected::PaidApart,
            on_early_repayment: OnEarlyRepayment::NotRefundable,
            cap_fen: None,
        });
    }
    items.extend(spec.fees.iter().cloned());
    items
}

/// Every charge of one item over a plan, in order of date; nothing of zero is listed. A deposit's last charge is negative:
/// it comes back with the last row.
pub(crate) fn charges(fee: &FeeItem, spec: &TermsSpec, plan: &Plan) -> Vec<Charge> {
    let mut taker = Taker { fee, spec, taken: Fen::ZERO, charges: Vec::new() };
    match fee.timing {
        Timing::AtPayout => {
            let due = crate::check::payout_amount(fee, spec.principal_fen, spec.plan.rounding);
            taker.take(0, spec.payout_on, due);
        }
        Timing::EachPeriod => {
            for (n, row) in numbered(plan).filter(|(_, row)| row.kind == RowKind::Regular) {
                taker.take(n, row.due_on, taker.on_row(row));
            }
        }
        Timing::WithPeriod(period) => {
            let row = numbered(plan).find(|(_, row)| row.kind == RowKind::Regular && row.period == period);
            if let Some((n, row)) = row {
                taker.take(n, row.due_on, taker.on_row(row));
            }
        }
        Timing::AtEnd => {
            if let Some((n, row)) = numbered(plan).last() {
                taker.take(n, row.due_on, taker.on_row(row));
            }
        }
    }
    if fee.nature == FeeNature::Deposit
        && let Some((n, row)) = numbered(plan).last()
    {
        taker.give_back(n, row.due_on);
    }
    taker.charges
}

/// Rows with their numbers, from 1.
pub(crate) fn numbered(plan: &Plan) -> impl Iterator<Item = (u32, &PlanRow)> {
    (1_u32..).zip(plan.rows.iter())
}

struct Taker<'a> {
    fee: &'a FeeItem,
    spec: &'a TermsSpec,
    taken: Fen,
    charges: Vec<Charge>,
}

impl Taker<'_> {
    fn on_row(&self, row: &PlanRow) -> Fen {
        let rounding: Rounding = self.spec.plan.rounding;
        match self.fee.base {
            Base::Fixed(fen) => fen,
            Base::OriginalPrincipal(ppm) => self.spec.principal_fen.times_ppm(ppm, rounding),
            Base::Outstanding(ppm) => row.opening_fen.times_ppm(ppm, rounding),
            Base::Payment(ppm) => (row.principal_fen + row.interest_fen).times_ppm(ppm, rounding),
        }
    }

    /// Takes an amount, but never more in all than the cap.
    fn take(&mut self, period: u32, on: Date, due: Fen) {
        let room = self.fee.cap_fen.map_or(due, |cap| cap - self.taken);
        let amount_fen = due.min(room).max(Fen::ZERO);
        if !amount_fen.is_zero() {
            self.taken += amount_fen;
            self.charges.push(Charge { period, on, amount_fen });
        }
    }

    fn give_back(&mut self, period: u32, on: Date) {
        if !self.taken.is_zero() {
            self.charges.push(Charge { period, on, amount_fen: -self.taken });
        }
    }
}
