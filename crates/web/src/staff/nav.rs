//! What stands at the top of every staff page: who is signed in, and the ways that this role has.

use mingbai_desk::core::actor::StaffRole;

use super::say;
use crate::door::Staff;
use crate::page::Frame;

/// The rooms of the staff pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The list, and a journey out of it.
    Journeys,
    /// Opening a journey.
    Open,
    /// Complaints.
    Complaints,
    /// Noting a complaint down.
    NoteComplaint,
    /// Reports of fraud and bulletins.
    Alerts,
    /// Campaigns.
    Campaigns,
    /// Rings.
    Rings,
    /// Products and their review.
    Products,
    /// Reviews of materials.
    Reviews,
    /// The policy pack.
    Pack,
    /// Who may lead a recording.
    Training,
    /// Accounts and keys.
    Accounts,
    /// One's own account, behind the name.
    Me,
}

impl Place {
    const ALL: [(Place, &'static str, &'static str); 12] = [
        (Place::Journeys, "/staff", "staff-nav-list"),
        (Place::Open, "/staff/open", "staff-nav-open"),
        (Place::Complaints, "/staff/complaints", "staff-nav-complaints"),
        (Place::NoteComplaint, "/staff/complaints/new", "staff-nav-note-complaint"),
        (Place::Alerts, "/staff/reports", "staff-nav-alerts"),
        (Place::Campaigns, "/staff/campaigns", "staff-nav-campaigns"),
        (Place::Rings, "/staff/rings", "staff-nav-rings"),
        (Place::Products, "/staff/products", "staff-nav-products"),
        (Place::Reviews, "/staff/reviews", "staff-nav-reviews"),
        (Place::Pack, "/staff/pack", "staff-nav-pack"),
        (Place::Training, "/staff/training", "record-nav-training"),
        (Place::Accounts, "/staff/accounts", "staff-nav-accounts"),
    ];

    /// Ways that only lead to a refusal are not offered. Whether something may be done is still the desk's to say.
    fn is_for(self, role: Option<StaffRole>) -> bool {
        match self {
            Place::Campaigns | Place::Journeys => role != Some(StaffRole::Admin),
            Place::Open | Place::NoteComplaint => role == Some(StaffRole::Consultant),
            Place::Complaints | Place::Alerts | Place::Rings => {
                matches!(role, Some(StaffRole::Compliance | StaffRole::Auditor))
            }
            Place::Accounts => role == Some(StaffRole::Admin),
            Place::Training => matches!(role, Some(StaffRole::Compliance | StaffRole::Auditor)),
            Place::Products | Place::Reviews | Place::Pack | Place::Me => true,
        }
    }
}

/// A way to another page.
pub(super) struct Way {
    pub(super) address: &'static str,
    pub(super) label: String,
    pub(super) current: bool,
}

/// The top of a staff page.
pub(super) struct Nav {
    pub(super) who: String,
    pub(super) at_home: bool,
    pub(super) ways: Vec<Way>,
}

impl Nav {
    pub(super) fn new(staff: &Staff, f: &Frame, here: Place) -> Self {
        let role = staff.caller.role();
        let mut who = vec![staff.caller.display_name().unwrap_or_default().to_owned()];
        who.extend(role.map(|role| say::role(f, role)));
        who.extend(staff.caller.branch().map(str::to_owned));
        let ways = Place::ALL
            .into_iter()
            .filter(|(place, ..)| place.is_for(role))
            .map(|(place, address, key)| Way { address, label: f.t(key), current: place == here });
        Nav { who: who.join(" · "), at_home: here == Place::Me, ways: ways.collect() }
    }
}
