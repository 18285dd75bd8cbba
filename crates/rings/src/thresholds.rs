//! The numbers of the rules. They were written down before the generator of `examples/quality` was scored and are not fitted to it.

use crate::WindowSpec;

/// What the rules compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// A thing is shared in earnest from so many other applications on.
    pub few: u32,
    /// From so many on, one group that may alert is worth a call by itself.
    pub many: u32,
    /// A family: no thing reaches more other applications than this.
    pub family: u32,
    /// Sightings of a thing spread over at least so many seconds are no burst.
    pub unhurried_s: u32,
}

/// How far the window reaches, and from which degree on a thing is too common to be walked.
pub const WINDOW: WindowSpec = WindowSpec { window_s: 60 * 86_400, hub_cap: 128 };

/// In force.
pub const FROZEN: Thresholds = Thresholds { few: 2, many: 4, family: 4, unhurried_s: 10 * 86_400 };
