//! What the house must be warned of: a clock that is about to run out or has, and many complaints about the same thing.

use std::collections::BTreeMap;

use super::clock::DAY_MS;
use super::kinds::AlarmKind;
use crate::policy::Pack;

/// What a clock says now; `None` while there is time enough.
#[must_use]
pub fn of_clock(due_ms: Option<i64>, now_ms: i64, soon_days: u32) -> Option<AlarmKind> {
    let left_ms = due_ms?.saturating_sub(now_ms);
    match left_ms {
        ..0 => Some(AlarmKind::Overdue),
        _ if left_ms <= i64::from(soon_days) * DAY_MS => Some(AlarmKind::Soon),
        _ => None,
    }
}

/// One complaint as the search for clusters sees it: nothing about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Product.
    pub product: String,
    /// Cause.
    pub cause: String,
    /// Received, unix ms.
    pub received_at_ms: i64,
}

/// Many complaints about one product for one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Product.
    pub product: String,
    /// Cause.
    pub cause: String,
    /// The most that came within one window.
    pub count: u32,
    /// First complaint of that window, unix ms.
    pub from_ms: i64,
    /// Last complaint of that window, unix ms.
    pub until_ms: i64,
}

/// The clusters among these complaints, largest first. A window is any stretch of the pack's days, not a calendar month.
#[must_use]
pub fn clusters(seen: &[Seen], pack: &Pack) -> Vec<Cluster> {
    let rules = pack.complaints();
    let window_ms = i64::from(rules.cluster_days.value) * DAY_MS;
    let mut groups: BTreeMap<(&str, &str), Vec<i64>> = BTreeMap::new();
    for one in seen {
        groups.entry((&one.product, &one.cause)).or_default().push(one.received_at_ms);
    }
    let mut found = Vec::new();
    for ((product, cause), mut times) in groups {
        times.sort_unstable();
        let Some((count, from_ms, until_ms)) = densest(&times, window_ms) else { continue };
        if count >= rules.cluster_count.value {
            found.push(Cluster {
                product: product.to_owned(),
                cause: cause.to_owned(),
                count,
                from_ms,
                until_ms,
            });
        }
    }
    found.sort_by_key(|cluster| std::cmp::Reverse(cluster.count));
    found
}

/// The window with the most of these moments; of equal ones the newest.
fn densest(times: &[i64], window_ms: i64) -> Option<(u32, i64, i64)> {
    let mut best: Option<(u32, i64, i64)> = None;
    let mut first = 0;
    for (last, until_ms) in times.iter().enumerate() {
        while times.get(first).is_some_and(|from_ms| until_ms - from_ms >= window_ms) {
            first += 1;
        }
        let count = u32::try_from(last - first + 1).unwrap_or(u32::MAX);
        let from_ms = times.get(first).copied()?;
        if best.is_none_or(|(most, ..)| count >= most) {
            best = Some((count, from_ms, *until_ms));
        }
    }
    best
}
