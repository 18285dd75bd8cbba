//! From what the engine sees to a picture of the ring: who is in it, what they share, which honest reasons were tested.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_core::actor::Actor;
use mingbai_core::borrow::JourneyId;
use mingbai_core::trust::ring::{
    Care, Command, Context, Finding, Innocent, Picture, Ring, RingEvent, RingId, Share, Tested,
};
use mingbai_rings::rules::{self, Alert, Step, judge};
use mingbai_rings::thresholds::{FROZEN, WINDOW};
use mingbai_rings::{Group, Identifier};
use uuid::Uuid;

use super::edge::share_kind;
use super::state::{Rings, State, identifiers, seconds};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::LinkRow;

/// The most journeys in one picture; a ring that is larger is worked on all the same, in pieces.
const MEMBERS: usize = 200;
/// The most shared things in one picture.
const SHARES: usize = 60;
/// How often a ring grows before another one is opened.
const GROWN: u32 = 300;
/// The most rings that are looked through.
const RINGS: u32 = 2_000;

/// An applicant as the rules judge her now.
struct Judged {
    rows: Vec<LinkRow>,
    alert: Alert,
}

impl Desk {
    /// Looks at one applicant and, if the rules ask for a call, at those who share with her.
    pub(super) async fn look_at(
        &self,
        rings: &Rings,
        state: &mut State,
        applicant: u64,
    ) -> Result<(), DeskError> {
        state.catch_up(rings.links.as_ref()).await?;
        state.advance(self.now_ms());
        let judged = self.judged(rings, state, applicant).await?;
        if judged.alert.step < Step::Call {
            // Observed, and nobody is disturbed.
            return Ok(());
        }
        let others = others(state, applicant, &judged.alert);
        let Judged { alert, mut rows } = judged;
        let mut step = alert.step;
        for other in others.into_iter().take(MEMBERS) {
            let judged = self.judged(rings, state, other).await?;
            if judged.alert.step >= Step::Call {
                step = step.max(judged.alert.step);
                rows.extend(judged.rows);
            }
        }
        let ring = self.ring_of(&rows).await?;
        let before = match ring {
            Some(ring) => self.load_ring(ring).await?.ring.members,
            None => Vec::new(),
        };
        for journey in &before {
            if !rows.iter().any(|row| row.journey.uuid() == *journey) {
                rows.extend(self.fresh(rings.links.of_journey(JourneyId::new(*journey)).await?));
            }
        }
        let picture = picture(&rows, &before, &rings.registered, step, &alert);
        let members = picture.members.clone();
        let ring = match ring {
            Some(ring) => {
                let grow = |ring: &Ring| {
                    let context = Context { waiting: &[], pressed: &[] };
                    ring.decide(&Actor::System, Command::Grow(picture.clone()), &context)
                };
                self.decide_ring(ring, &Actor::System.to_string(), grow).await?;
                ring
            }
            None => self.begin_ring(&Actor::System.to_string(), RingEvent::RingOpened(picture)).await?,
        };
        for journey in members {
            self.ask_for_call(JourneyId::new(journey), ring.uuid()).await?;
        }
        Ok(())
    }

    async fn judged(&self, rings: &Rings, state: &State, applicant: u64) -> Result<Judged, DeskError> {
        let rows = self.fresh(rings.links.of_applicant(applicant).await?);
        let all = union(&rows);
        let alert = judge(&state.evidence(applicant, &all), &rings.registered, &FROZEN);
        Ok(Judged { rows, alert })
    }

    /// The rows that are still in the window.
    fn fresh(&self, rows: Vec<LinkRow>) -> Vec<LinkRow> {
        let horizon_s = seconds(self.now_ms()).saturating_sub(WINDOW.window_s);
        rows.into_iter().filter(|row| seconds(row.at_ms) >= horizon_s).collect()
    }

    /// The open ring that one of these journeys is in.
    async fn ring_of(&self, rows: &[LinkRow]) -> Result<Option<RingId>, DeskError> {
        let journeys: BTreeSet<JourneyId> = rows.iter().map(|row| row.journey).collect();
        let mut tried = BTreeSet::new();
        for id in &journeys {
            let Some(ring) = self.load(*id).await?.journey.ring().map(RingId::new) else { continue };
            if tried.insert(ring) && has_room(&self.load_ring(ring).await?.ring) {
                return Ok(Some(ring));
            }
        }
        // Whoever was paid out before the ring was seen is in it without a record of her own.
        for stream in self.ports.log.streams("ring/", RINGS).await? {
            let Some(id) = RingId::of_stream(&stream).filter(|id| !tried.contains(id)) else { continue };
            let ring = self.load_ring(id).await?.ring;
            if has_room(&ring) && ring.members.iter().any(|one| journeys.contains(&JourneyId::new(*one))) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}

/// Whether somebody can still join: a ring that is over or very large is left alone, and another one is opened.
fn has_room(ring: &Ring) -> bool {
    !ring.is_closed() && ring.members.len() < MEMBERS && ring.grown < GROWN
}

/// Whoever shares something with the applicant that may be an alert: control, money or script.
fn others(state: &State, applicant: u64, alert: &Alert) -> Vec<u64> {
    let strong = |one: &&mingbai_rings::Shared| {
        matches!(one.identifier.kind().group(), Group::Control | Group::Money | Group::Script)
    };
    let found = alert.reasons.iter().filter(strong).flat_map(|one| {
        state.evidence(applicant, &[one.identifier]).others.into_iter().map(|application| application.0)
    });
    found.collect::<BTreeSet<u64>>().into_iter().collect()
}

fn union(rows: &[LinkRow]) -> Vec<Identifier> {
    let mut all: Vec<Identifier> = Vec::new();
    // The newest first: the engine looks at no more than a row's width.
    for one in rows.iter().rev().flat_map(identifiers) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// Who is in it, what they share. Places of members follow `before`, then the numbers of the new journeys, so that the same rows give the
/// same picture.
fn picture(
    rows: &[LinkRow],
    before: &[Uuid],
    registered: &BTreeSet<Identifier>,
    step: Step,
    alert: &Alert,
) -> Picture {
    let new: BTreeSet<Uuid> =
        rows.iter().map(|row| row.journey.uuid()).filter(|one| !before.contains(one)).collect();
    let members: Vec<Uuid> = before.iter().copied().chain(new).take(MEMBERS).collect();
    let place: BTreeMap<Uuid, u32> = members.iter().copied().zip(0..).collect();
    let mut seen: BTreeMap<Identifier, (BTreeSet<u32>, BTreeSet<u64>, u32, u32)> = BTreeMap::new();
    for row in rows {
        let Some(at) = place.get(&row.journey.uuid()) else { continue };
        let at_s = seconds(row.at_ms);
        for one in identifiers(row).into_iter().filter(|one| !registered.contains(one)) {
            let entry = seen.entry(one).or_insert_with(|| (BTreeSet::new(), BTreeSet::new(), at_s, at_s));
            entry.0.insert(*at);
            entry.1.insert(row.applicant);
            (entry.2, entry.3) = (entry.2.min(at_s), entry.3.max(at_s));
        }
    }
    // Two applications of one customer share nothing with anybody.
    let mut shares: Vec<Share> = seen
        .into_iter()
        .filter(|(_, (_, applicants, ..))| applicants.len() > 1)
        .map(|(one, (members, _, first_s, last_s))| Share {
            kind: share_kind(one.kind()),
            members: members.into_iter().collect(),
            between_s: (first_s, last_s),
        })
        .collect();
    shares.sort_by(|a, b| {
        let key = |one: &Share| {
            (std::cmp::Reverse(one.members.len()), one.kind, one.members.clone(), one.between_s)
        };
        key(a).cmp(&key(b))
    });
    shares.truncate(SHARES);
    Picture {
        care: if step >= Step::Review { Care::Review } else { Care::Call },
        members,
        shares,
        tested: alert.tested.iter().map(tested).collect(),
        listed: u32::try_from(alert.listed.len()).unwrap_or(u32::MAX),
        window_days: WINDOW.window_s / 86_400,
    }
}

fn tested(one: &rules::Tested) -> Tested {
    Tested {
        innocent: match one.innocent {
            rules::Innocent::Family => Innocent::Family,
            rules::Innocent::Dorm => Innocent::Dorm,
            rules::Innocent::VillageShop => Innocent::VillageShop,
            rules::Innocent::Factory => Innocent::Factory,
        },
        finding: match one.finding {
            rules::Finding::Holds => Finding::Explains,
            rules::Finding::Fails => Finding::LeavesOver,
        },
    }
}
