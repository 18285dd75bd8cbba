//! How often the code of one complaint may be wrong. The door counts addresses; this counts the complaint, so that whoever reads a
//! reference off a letter cannot try codes from a thousand addresses. It is kept in the memory of one process: with several nodes the
//! limit is that many times as high, and a code has forty random bits.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use mingbai_core::trust::complaint::ComplaintId;

/// Length of a window, in milliseconds.
const WINDOW_MS: i64 = 60 * 60_000;
/// Wrong codes in one window; after them the right one does not open either, or it could be told from the wrong ones.
pub(super) const TRIES: u32 = 10;

/// Tries by complaint: since when, and how many. Only complaints that exist are counted, so the table cannot be filled with others.
#[derive(Debug, Default)]
pub(crate) struct Tries(Mutex<HashMap<ComplaintId, (i64, u32)>>);

impl Tries {
    /// Counts one try; `false` when there were too many.
    pub(super) fn take(&self, id: ComplaintId, now_ms: i64) -> bool {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        table.retain(|_, (since_ms, _)| (0..WINDOW_MS).contains(&(now_ms - *since_ms)));
        let (_, tries) = table.entry(id).or_insert((now_ms, 0));
        *tries = tries.saturating_add(1);
        *tries <= TRIES
    }

    /// The code was right.
    pub(super) fn forgive(&self, id: ComplaintId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn one_complaint_is_closed_for_an_hour_and_others_are_not() {
        let tries = Tries::default();
        let (one, two) = (ComplaintId::new(Uuid::from_u128(1)), ComplaintId::new(Uuid::from_u128(2)));
        for _ in 0..TRIES {
            assert!(tries.take(one, 5));
        }
        assert!(!tries.take(one, 5) && tries.take(two, 5));
        assert!(!tries.take(one, 5 + WINDOW_MS - 1));
        assert!(tries.take(one, 5 + WINDOW_MS));
        tries.forgive(one);
        for _ in 0..TRIES {
            assert!(tries.take(one, 5 + WINDOW_MS));
        }
    }
}
