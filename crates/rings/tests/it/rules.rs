//! Innocent lives, rings, and what the officer reads.

use std::collections::BTreeSet;

use mingbai_rings::rules::{Alert, Finding, Innocent, Step, judge};
use mingbai_rings::thresholds::FROZEN;
use mingbai_rings::words::{Language, sentences};
use mingbai_rings::{Application, Identifier, Kind, Sighting, Window, WindowSpec};
use proptest::prelude::*;

const DAY_S: u32 = 86_400;
const SPEC: WindowSpec = WindowSpec { window_s: 60 * DAY_S, hub_cap: 128 };

/// `others` applications that share things of these kinds, one every `pause_days`; then one more is judged.
fn shared(others: u32, pause_days: u32, kinds: &[Kind], registered: &[Kind]) -> Alert {
    let ids = |kinds: &[Kind]| kinds.iter().map(|k| Identifier::new(*k, 64)).collect::<Vec<_>>();
    let mut window = Window::new(SPEC, 0, 0);
    for i in 0..others {
        let application = Application(u64::from(i));
        window
            .insert(&Sighting { application, at_s: i * pause_days * DAY_S, identifiers: ids(kinds) })
            .unwrap();
    }
    let evidence = window.evidence(Application(999), &ids(kinds));
    judge(&evidence, &ids(registered).into_iter().collect::<BTreeSet<_>>(), &FROZEN)
}

fn holds(alert: &Alert) -> Vec<Innocent> {
    alert.tested.iter().filter(|t| t.finding == Finding::Holds).map(|t| t.innocent).collect()
}

#[test]
fn innocent_lives_are_named_and_nobody_is_called() {
    use Kind::{Address, Contact, Device, Employer, Ip, Wifi};
    let family = shared(3, 5, &[Address, Wifi, Contact, Device], &[]);
    assert_eq!((family.step, holds(&family)), (Step::Observe, vec![Innocent::Family]));
    let dorm = shared(80, 0, &[Address, Wifi, Ip], &[]);
    assert_eq!((dorm.step, holds(&dorm)), (Step::Quiet, vec![Innocent::Dorm]));
    let shop = shared(20, 2, &[Device, Wifi, Ip], &[]);
    assert_eq!((shop.step, holds(&shop)), (Step::Observe, vec![Innocent::VillageShop]));
    let factory = shared(90, 0, &[Employer, Address, Wifi], &[]);
    assert_eq!((factory.step, holds(&factory)), (Step::Quiet, vec![Innocent::Factory]));
}

#[test]
fn rings_bring_a_person_in() {
    use Kind::{Card, Contact, Device, FeeAccount, Script};
    assert_eq!(shared(6, 0, &[Device, Contact], &[]).step, Step::Review);
    assert_eq!(shared(2, 1, &[FeeAccount, Script], &[]).step, Step::Review);
    assert_eq!(shared(3, 1, &[Device, Card], &[]).step, Step::Call);
    assert_eq!(shared(8, 0, &[Device], &[]).step, Step::Call, "a burst on one device is no village shop");
    assert_eq!(shared(8, 0, &[Device], &[Device]).step, Step::Quiet, "unless the terminal is registered");
}

#[test]
fn the_officer_reads_what_is_shared_and_what_was_tested() {
    let alert = shared(5, 1, &[Kind::FeeAccount, Kind::Device], &[]);
    let zh = sentences(&alert, Language::Chinese).join("\n");
    let en = sentences(&alert, Language::English).join("\n");
    assert!(
        zh.contains("不能因此自动拒绝") && zh.contains("5天内，另有5份申请也出现了同一个收费账户"),
        "{zh}"
    );
    assert!(
        en.contains("she may be the victim") && en.contains("Being one family does not explain it."),
        "{en}"
    );
}

proptest! {
    #[test]
    fn place_channel_and_work_never_alert_alone(others in 0_u32..120, pause in 0_u32..1, mask in 0_usize..32) {
        let weak = [Kind::Address, Kind::Wifi, Kind::Ip, Kind::Introducer, Kind::Employer];
        let kinds: Vec<Kind> = (0..5).filter(|i| mask >> i & 1 == 1).map(|i| weak[i]).collect();
        prop_assert_eq!(shared(others, pause, &kinds, &[]).step, Step::Quiet);
    }
}
