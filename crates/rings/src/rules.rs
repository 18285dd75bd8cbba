//! From evidence to a step that helps: observe, call the customer, let a person look. There is no step that refuses.

use std::collections::BTreeSet;

use crate::thresholds::Thresholds;
use crate::{Evidence, Group, Identifier, Kind, Shared};

/// What to do. Nothing stronger exists, because in an AB loan the borrower is the one who was harmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Nothing to say.
    Quiet,
    /// Keep an eye on it; nobody is disturbed.
    Observe,
    /// Call the customer, to protect her.
    Call,
    /// Call the customer, and let a person look before payout.
    Review,
}

/// An honest reason to share things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Innocent {
    /// One household: few people, one address, each other's contacts and perhaps one device.
    Family,
    /// Many under one roof, who hold nothing of each other.
    Dorm,
    /// A shop lends its terminal to the village: one device over a long time, and nothing else held in common.
    VillageShop,
    /// Colleagues: one employer, one place, who hold nothing of each other.
    Factory,
}

/// Whether an innocent explanation covers everything that is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tested {
    /// Which.
    pub innocent: Innocent,
    /// What came out.
    pub finding: Finding,
}

/// The outcome of testing an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It explains everything that is shared.
    Holds,
    /// Something is left over.
    Fails,
}

/// What the officer gets: the step, and everything it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What to do.
    pub step: Step,
    /// Shared things that count, widest first.
    pub reasons: Vec<Shared>,
    /// Things left aside because they are registered channels or shop terminals.
    pub listed: Vec<Identifier>,
    /// Every explanation that was tested.
    pub tested: Vec<Tested>,
}

/// Judges what an application shares. `registered` are channels and terminals the lender has registered (金规〔2025〕9号 asks for such a
/// list); their sharing is expected and says nothing.
#[must_use]
pub fn judge(evidence: &Evidence, registered: &BTreeSet<Identifier>, t: &Thresholds) -> Alert {
    let (listed, free): (Vec<&Shared>, Vec<&Shared>) =
        evidence.shared.iter().chain(&evidence.hubs).partition(|s| registered.contains(&s.identifier));
    let mut reasons: Vec<Shared> = free.into_iter().filter(|s| s.others >= t.few).copied().collect();
    reasons.sort_unstable_by_key(|s| (std::cmp::Reverse(s.others), s.identifier));
    let tested: Vec<Tested> = [Innocent::Family, Innocent::Dorm, Innocent::VillageShop, Innocent::Factory]
        .into_iter()
        .map(|innocent| Tested { innocent, finding: test(innocent, &reasons, t) })
        .collect();
    let step = step(&reasons, &tested, t);
    Alert { step, reasons, listed: listed.into_iter().map(|s| s.identifier).collect(), tested }
}

fn widest(reasons: &[Shared], group: Group) -> u32 {
    reasons.iter().filter(|s| s.identifier.kind().group() == group).map(|s| s.others).max().unwrap_or(0)
}

fn step(reasons: &[Shared], tested: &[Tested], t: &Thresholds) -> Step {
    let strong = [Group::Control, Group::Money, Group::Script].map(|group| widest(reasons, group));
    let groups = strong.iter().filter(|others| **others >= t.few).count();
    let most = strong.into_iter().max().unwrap_or(0);
    if groups == 0 {
        // Place, channel and work alone: nobody is disturbed, however many share them.
        return Step::Quiet;
    }
    if tested.iter().any(|tested| tested.finding == Finding::Holds) {
        return Step::Observe;
    }
    let held: BTreeSet<Kind> =
        reasons.iter().map(|s| s.identifier.kind()).filter(|k| k.group() == Group::Control).collect();
    match (groups, held.len()) {
        (2.., _) => Step::Review,
        (_, 2..) if most >= t.many => Step::Review,
        (_, 2..) => Step::Call,
        _ if most >= t.many => Step::Call,
        _ => Step::Observe,
    }
}

fn test(innocent: Innocent, reasons: &[Shared], t: &Thresholds) -> Finding {
    let kinds: BTreeSet<Kind> = reasons.iter().map(|s| s.identifier.kind()).collect();
    let control: Vec<&Shared> =
        reasons.iter().filter(|s| s.identifier.kind().group() == Group::Control).collect();
    // Nobody pays the same stranger or answers word for word alike because they live or work together.
    let led = kinds.iter().any(|k| matches!(k.group(), Group::Money | Group::Script));
    let holds = !led
        && match innocent {
            Innocent::Family => {
                kinds.contains(&Kind::Address)
                    && !kinds.contains(&Kind::Introducer)
                    && reasons.iter().all(|s| s.others <= t.family)
            }
            Innocent::Dorm => {
                control.is_empty()
                    && kinds.iter().any(|k| k.group() == Group::Place)
                    && !kinds.contains(&Kind::Employer)
            }
            Innocent::VillageShop => {
                !control.is_empty()
                    && control.iter().all(|s| {
                        s.identifier.kind() == Kind::Device && s.between_s.1 - s.between_s.0 >= t.unhurried_s
                    })
            }
            Innocent::Factory => control.is_empty() && kinds.contains(&Kind::Employer),
        };
    if holds { Finding::Holds } else { Finding::Fails }
}
