//! The example products that the program carries with it, so that a lone binary can show what it does.

use mingbai_core::text::both;
use mingbai_cost::Terms;

use crate::fail::{Fail, Kind};

/// Terms that the simulator offers.
pub fn offers() -> Result<Vec<Terms>, Fail> {
    let _ = (both("", ""), Kind::Internal);
    Ok(Vec::new())
}
