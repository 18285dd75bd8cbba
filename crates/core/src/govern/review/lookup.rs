//! May these bytes be used here and now? The question of the gate in front of every page, printer and call centre.

use mingbai_evidence::Digest;

use super::ReviewId;
use super::fold::{Review, Stage};
use super::kinds::Channel;

/// The region that stands for all of them.
pub const EVERYWHERE: &str = "全国";

/// Where somebody wants to use a material.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Region; empty when it is not said, which only a release for everywhere covers.
    pub region: String,
    /// Way.
    pub channel: Channel,
}

/// The answer. Only [`Usable::Released`] is a yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Usable {
    /// Yes.
    Released {
        /// By which review.
        review: ReviewId,
        /// First moment at which it is over, unix ms.
        until_ms: i64,
    },
    /// Released, but not for this region.
    OtherRegion(ReviewId),
    /// Released, but not for this way.
    OtherChannel(ReviewId),
    /// Released from later on, unix ms.
    NotYet(ReviewId, i64),
    /// The release ended at that moment, unix ms.
    Expired(ReviewId, i64),
    /// Taken out of use.
    Recalled(ReviewId),
    /// Handed in and not released.
    UnderReview(ReviewId),
    /// Nobody handed exactly these bytes in. One changed character is enough.
    Unknown,
}

impl Usable {
    /// Key in words and in the interface.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Usable::Released { .. } => "released",
            Usable::OtherRegion(_) => "other_region",
            Usable::OtherChannel(_) => "other_channel",
            Usable::NotYet(..) => "not_yet",
            Usable::Expired(..) => "expired",
            Usable::Recalled(_) => "recalled",
            Usable::UnderReview(_) => "under_review",
            Usable::Unknown => "unknown",
        }
    }

    /// The review that the answer comes from.
    #[must_use]
    pub const fn review(&self) -> Option<ReviewId> {
        match self {
            Usable::Released { review, .. } => Some(*review),
            Usable::OtherRegion(review)
            | Usable::OtherChannel(review)
            | Usable::NotYet(review, _)
            | Usable::Expired(review, _)
            | Usable::Recalled(review)
            | Usable::UnderReview(review) => Some(*review),
            Usable::Unknown => None,
        }
    }

    /// Smaller is nearer to a yes; of two releases that both say yes the longer one counts.
    const fn rank(&self) -> (u8, i64) {
        match self {
            Usable::Released { until_ms, .. } => (0, -*until_ms),
            Usable::OtherRegion(_) => (1, 0),
            Usable::OtherChannel(_) => (2, 0),
            Usable::NotYet(_, from_ms) => (3, *from_ms),
            Usable::Expired(_, until_ms) => (4, -*until_ms),
            Usable::Recalled(_) => (5, 0),
            Usable::UnderReview(_) => (6, 0),
            Usable::Unknown => (7, 0),
        }
    }
}

/// Whether exactly these bytes may be used at a place and a moment. A recall of a material beats every other release of the same bytes:
/// whoever took it out of use saw something that the others did not.
pub fn usable<'a>(
    reviews: impl IntoIterator<Item = &'a Review>,
    digest: Digest,
    place: &Place,
    now_ms: i64,
) -> Usable {
    let mut best = Usable::Unknown;
    for review in reviews {
        let found = of_one(review, digest, place, now_ms);
        if matches!(found, Usable::Recalled(_)) {
            return found;
        }
        if found.rank() < best.rank() {
            best = found;
        }
    }
    best
}

fn of_one(review: &Review, digest: Digest, place: &Place, now_ms: i64) -> Usable {
    let id = review.id();
    let last = review.last.as_ref().map(|last| &last.files);
    let is_in = |files: &[super::MaterialFile]| files.iter().any(|file| file.file.sha256 == digest);
    let Stage::Released(_, released) = &review.stage else {
        let known = is_in(&review.submission.files) || last.is_some_and(|files| is_in(files));
        return if known { Usable::UnderReview(id) } else { Usable::Unknown };
    };
    // What was reviewed first and then changed is not what was released.
    if !last.is_some_and(|files| is_in(files)) {
        return Usable::Unknown;
    }
    let release = &released.release;
    let region = release.regions.iter().any(|one| one == EVERYWHERE || *one == place.region);
    match () {
        () if released.recalled.is_some() => Usable::Recalled(id),
        () if now_ms >= release.until_ms => Usable::Expired(id, release.until_ms),
        () if now_ms < release.from_ms => Usable::NotYet(id, release.from_ms),
        () if !release.channels.contains(&place.channel) => Usable::OtherChannel(id),
        () if !region => Usable::OtherRegion(id),
        () => Usable::Released { review: id, until_ms: release.until_ms },
    }
}
