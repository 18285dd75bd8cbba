//! Values of the rules in the words of the staff pages.

use mingbai_desk::core::actor::{Actor, StaffRole};
use mingbai_desk::core::borrow::duty::Who;
use mingbai_desk::core::borrow::event::{Channel, ViolationKind};
use mingbai_desk::core::borrow::state::{PermitFate, Stage};
use mingbai_desk::ports::stage_key;

use crate::page::Frame;
use crate::when;

/// A role.
pub(super) fn role(f: &Frame, role: StaffRole) -> String {
    f.t(&format!("staff-role-{}", role.key()))
}

/// A stage.
pub(super) fn stage(f: &Frame, stage: Stage) -> String {
    stage_by_key(f, stage_key(stage))
}

/// A stage by its key.
pub(super) fn stage_by_key(f: &Frame, key: &str) -> String {
    f.t(&format!("staff-stage-{key}"))
}

/// Who did something: a login with its role is evidence and is shown as it stands there.
pub(super) fn actor(f: &Frame, actor: &Actor) -> String {
    match actor {
        Actor::Borrower => f.t("staff-actor-borrower"),
        Actor::System => f.t("staff-actor-system"),
        Actor::Complainant => f.t("staff-actor-complainant"),
        Actor::Visitor => f.t("staff-actor-visitor"),
        Actor::Core(login) => f.t1("staff-actor-core", "login", login),
        Actor::Staff(login, of) => f.ab("staff-actor-staff", login, role(f, *of)),
    }
}

/// Whose move it is.
pub(super) fn who(f: &Frame, who: Who) -> String {
    f.t(match who {
        Who::Borrower => "staff-who-borrower",
        Who::Consultant => "staff-who-consultant",
        Who::Compliance => "staff-who-compliance",
    })
}

/// How the borrower came.
pub(super) fn channel(f: &Frame, channel: Channel) -> String {
    f.t(match channel {
        Channel::Branch => "staff-channel-branch",
        Channel::Online => "staff-channel-online",
        Channel::Checkout => "staff-channel-checkout",
    })
}

/// What is wrong with a payout or a charge.
pub(super) fn violation(f: &Frame, kind: ViolationKind) -> String {
    f.t(match kind {
        ViolationKind::ShortPayout => "staff-violation-short-payout",
        ViolationKind::OverPayout => "staff-violation-over-payout",
        ViolationKind::NoPermit => "staff-violation-no-permit",
        ViolationKind::Unlisted => "staff-violation-unlisted",
        ViolationKind::TooLarge => "staff-violation-too-large",
        ViolationKind::TooEarly => "staff-violation-too-early",
        ViolationKind::Duplicate => "staff-violation-duplicate",
        ViolationKind::Malformed => "staff-violation-malformed",
    })
}

/// What became of a permit.
pub(super) fn fate(f: &Frame, fate: PermitFate) -> String {
    f.t(match fate {
        PermitFate::Open => "staff-permit-open",
        PermitFate::Used => "staff-permit-used",
        PermitFate::Void => "staff-permit-void",
    })
}

/// A moment and who acted in it.
pub(super) fn stamp(f: &Frame, by: &Actor, at_ms: i64) -> String {
    f.ab("staff-stamp", when::exact(at_ms), actor(f, by))
}

/// The beginning of a digest, enough to compare two by eye.
pub(super) fn short(digest: impl ToString) -> String {
    digest.to_string().chars().take(12).collect()
}
