//! `mingbai quote`: a product file and a principal make the one cost table.
use crate::args::QuoteArgs;
use crate::fail::Fail;
use crate::screen::Screen;
pub fn run(_: &QuoteArgs, _: &mut Screen) -> Result<(), Fail> {
    Ok(())
}
