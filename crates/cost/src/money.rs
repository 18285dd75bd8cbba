//! Money as whole fen, and nothing else.

use serde::{Deserialize, Serialize};

/// An amount of money in fen (1/100 yuan). Negative amounts are differences or money that flows back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(i64);

impl Fen {
    /// No money.
    pub const ZERO: Fen = Fen(0);

    /// An amount of `fen` fen.
    #[must_use]
    pub const fn new(fen: i64) -> Self {
        Fen(fen)
    }

    /// The amount in fen.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}
