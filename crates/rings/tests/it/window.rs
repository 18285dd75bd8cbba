//! The window against the plain log it was built from.

use mingbai_rings::{
    Application, Evidence, Identifier, Kind, Refused, Sighting, Window, WindowSpec, commonness_micro,
};
use proptest::prelude::*;

const SPEC: WindowSpec = WindowSpec { window_s: 50, hub_cap: 6 };

fn sightings() -> impl Strategy<Value = Vec<Sighting>> {
    let one = (0_u64..12, 0_u32..9, prop::collection::vec((0_usize..11, 0_u64..3), 0..6));
    prop::collection::vec(one, 0..60).prop_map(|steps| {
        let mut at_s = 1000;
        steps
            .into_iter()
            .map(|(application, pause, ids)| {
                at_s += pause;
                let identifiers =
                    ids.into_iter().map(|(k, h)| Identifier::new(Kind::ALL[k], h << 4)).collect();
                Sighting { application: Application(application), at_s, identifiers }
            })
            .collect()
    })
}

fn filled<'a>(log: impl IntoIterator<Item = &'a Sighting>, now_s: u32) -> Window {
    let mut window = Window::new(SPEC, 0, 0);
    log.into_iter().for_each(|s| window.insert(s).unwrap());
    window.advance(now_s);
    window
}

fn everything(window: &Window) -> Vec<Evidence> {
    let all: Vec<Identifier> =
        Kind::ALL.iter().flat_map(|k| (0..3).map(|h| Identifier::new(*k, h << 4))).collect();
    (0..13)
        .flat_map(|a| all.chunks(11).map(move |ids| (a, ids)))
        .map(|(a, ids)| window.evidence(Application(a), ids))
        .collect()
}

proptest! {
    #[test]
    fn expired_is_never_inserted(log in sightings(), later in 0_u32..80) {
        let now_s = log.last().map_or(1000, |s| s.at_s) + later;
        let live = log.iter().filter(|s| s.at_s >= now_s - SPEC.window_s);
        prop_assert_eq!(everything(&filled(&log, now_s)), everything(&filled(live, now_s)));
    }

    #[test]
    fn evidence_is_what_the_log_says(log in sightings(), later in 0_u32..80) {
        let now_s = log.last().map_or(1000, |s| s.at_s) + later;
        let live: Vec<&Sighting> = log.iter().filter(|s| s.at_s >= now_s - SPEC.window_s).collect();
        let window = filled(&log, now_s);
        for kind in Kind::ALL {
            let id = Identifier::new(kind, 16);
            let with: Vec<&&Sighting> = live.iter().filter(|s| s.identifiers.contains(&id)).collect();
            let found = window.evidence(Application(3), &[id]);
            let mut others: Vec<Application> = with.iter().map(|s| s.application).filter(|a| a.0 != 3).collect();
            others.sort_unstable();
            others.dedup();
            if with.len() > SPEC.hub_cap as usize {
                prop_assert_eq!(found.hubs[0].degree as usize, with.len());
                prop_assert!(found.others.is_empty());
            } else {
                prop_assert_eq!(&found.others, &others);
                if let Some(shared) = found.shared.first() {
                    prop_assert_eq!(shared.degree as usize, with.len());
                    prop_assert_eq!(shared.weight_micro, commonness_micro(shared.degree));
                }
            }
        }
    }

    /// A window asked and advanced on the way equals one built from the log at once.
    #[test]
    fn replay_is_incremental(log in sightings()) {
        let mut window = Window::new(SPEC, 4, 2);
        for (i, s) in log.iter().enumerate() {
            window.advance(s.at_s);
            window.insert(s).unwrap();
            prop_assert_eq!(everything(&window), everything(&filled(&log[..=i], s.at_s)));
        }
    }
}

#[test]
fn a_refused_sighting_changes_nothing() {
    let phone = Identifier::new(Kind::Phone, 32);
    let mut window = Window::new(SPEC, 0, 0);
    let sighting = |at_s, identifiers| Sighting { application: Application(1), at_s, identifiers };
    window.insert(&sighting(100, vec![phone, phone])).unwrap();
    assert_eq!(window.edges(), 1, "a thing named twice counts once");
    assert_eq!(window.insert(&sighting(99, vec![phone])), Err(Refused::Backwards { at_s: 99, now_s: 100 }));
    assert_eq!(window.insert(&sighting(900, vec![phone; 33])), Err(Refused::TooMany { count: 33 }));
    assert_eq!(window.edges(), 1);
}
