//! What a whole audit adds up to.

use mingbai_cost::Fen;
use mingbai_cost::cap::CapOutcome;
use serde::Serialize;

/// Counts and sums over a book.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Lines read, without the header.
    pub lines: u64,
    /// Loans recomputed.
    pub loans: u64,
    /// Lines that could not be read or computed.
    pub errors: u64,
    /// Instalments equal to the fen.
    pub equal: u64,
    /// Instalments that differ.
    pub different: u64,
    /// Stated above computed, added up over these loans (one instalment each).
    pub over_fen: Fen,
    /// Stated below computed, added up.
    pub under_fen: Fen,
    /// Loans without an annual rate.
    pub no_rate: u64,
    /// Loans above a cap on every basis that the source allows.
    pub over_cap: u64,
    /// Loans above a cap on one basis and below it on another.
    pub cap_depends: u64,
    /// Loans whose standing cannot be said.
    pub cap_not_known: u64,
    /// Principal of all loans.
    pub principal_fen: Fen,
    /// Cost of all loans.
    pub cost_fen: Fen,
    /// Highest compound all-in rate, ppm.
    pub highest_ppm: Option<i64>,
}

impl Tally {
    /// Counts one loan.
    pub fn loan(
        &mut self,
        principal: Fen,
        cost: Fen,
        difference: Fen,
        compound_ppm: Option<i64>,
        cap: Option<CapOutcome>,
    ) {
        self.lines += 1;
        self.loans += 1;
        self.principal_fen += principal;
        self.cost_fen += cost;
        match difference.get() {
            0 => self.equal += 1,
            more => {
                self.different += 1;
                if more > 0 { self.over_fen += difference } else { self.under_fen -= difference }
            }
        }
        match compound_ppm {
            Some(ppm) => self.highest_ppm = self.highest_ppm.max(Some(ppm)),
            None => self.no_rate += 1,
        }
        match cap {
            Some(CapOutcome::Exceeded) => self.over_cap += 1,
            Some(CapOutcome::DependsOnBasis) => self.cap_depends += 1,
            Some(CapOutcome::NotKnown) => self.cap_not_known += 1,
            Some(CapOutcome::Within) | None => {}
        }
    }

    /// Counts one line that gave no answer.
    pub fn error(&mut self) {
        self.lines += 1;
        self.errors += 1;
    }
}
