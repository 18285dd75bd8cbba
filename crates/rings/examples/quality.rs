//! Recall and false alarms among made lives: see `docs/rings.md`. The lives know nothing of the rules, and the thresholds were committed
//! before this file existed. What a lender can observe of fees and scripts is an assumption, so both are also taken away.
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use mingbai_rings::rules::{Step, judge};
use mingbai_rings::thresholds::{FROZEN, WINDOW as SPEC};
use mingbai_rings::{Application, Identifier, Kind, Sighting, Window};

const DAY_S: u64 = 86_400;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Life {
    Alone,
    Family,
    Dorm,
    Shop,
    Factory,
    PlainRing,
    EvasiveRing,
}

struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Percent, kind: with that chance the kind has a value of the group's own pool of `pool`, else one of nobody else's.
    fn person(&mut self, group: u64, habits: &[(u64, Kind, u64)]) -> Vec<Identifier> {
        let mut ids = Vec::new();
        for kind in Kind::ALL {
            let habit = habits.iter().find(|h| h.1 == kind);
            let common = habit.is_some_and(|h| self.chance(h.0));
            let optional = matches!(kind, Kind::FeeAccount | Kind::Script | Kind::Introducer);
            if common {
                let pool = habit.map_or(1, |h| h.2);
                let value = group * 1000 + self.below(pool);
                ids.push(Identifier::new(kind, Dice(value).next()));
            } else if !optional {
                ids.push(Identifier::new(kind, self.next()));
            }
        }
        ids
    }
}

fn habits(life: Life) -> (u64, u64, Vec<(u64, Kind, u64)>) {
    use Kind::{Address, Card, Contact, Device, Employer, FeeAccount, Introducer, Ip, Phone, Script, Wifi};
    // Members, days over which they come, habits.
    match life {
        Life::Alone => (1, 1, vec![]),
        Life::Family => {
            let all = vec![
                (90, Address, 1),
                (80, Wifi, 1),
                (60, Ip, 1),
                (25, Device, 2),
                (40, Contact, 2),
                (5, Phone, 1),
                (5, Card, 1),
            ];
            (4, 120, all)
        }
        Life::Dorm => (
            60,
            120,
            vec![
                (95, Address, 1),
                (80, Wifi, 3),
                (80, Ip, 3),
                (3, Device, 20),
                (8, Contact, 20),
                (2, Script, 5),
            ],
        ),
        Life::Shop => (
            40,
            180,
            vec![
                (70, Device, 2),
                (90, Wifi, 1),
                (90, Ip, 1),
                (60, Introducer, 1),
                (6, Contact, 6),
                (4, Script, 3),
                (1, FeeAccount, 1),
            ],
        ),
        Life::Factory => {
            let all = vec![
                (98, Employer, 1),
                (40, Address, 3),
                (50, Wifi, 4),
                (60, Ip, 4),
                (2, Device, 20),
                (8, Contact, 25),
                (3, Script, 6),
            ];
            (80, 120, all)
        }
        Life::PlainRing => plain_ring(),
        Life::EvasiveRing => evasive_ring(),
    }
}

fn plain_ring() -> (u64, u64, Vec<(u64, Kind, u64)>) {
    use Kind::{Card, Contact, Device, FeeAccount, Introducer, Ip, Script, Wifi};

    let all = vec![
        (80, Device, 3),
        (70, Wifi, 2),
        (70, Ip, 2),
        (40, Contact, 3),
        (15, Card, 3),
        (60, Introducer, 2),
        (40, FeeAccount, 1),
        (80, Script, 3),
    ];
    (20, 30, all)
}

fn evasive_ring() -> (u64, u64, Vec<(u64, Kind, u64)>) {
    use Kind::{Card, Contact, Device, FeeAccount, Introducer, Ip, Script, Wifi};

    let all = vec![
        (40, Device, 12),
        (15, Wifi, 8),
        (15, Ip, 8),
        (20, Contact, 8),
        (5, Card, 4),
        (15, Introducer, 4),
        (20, FeeAccount, 3),
        (50, Script, 8),
    ];
    (20, 60, all)
}

type Log = Vec<(u64, Life, Vec<Identifier>)>;

fn lives(seed: u64) -> Log {
    let mut dice = Dice(seed);
    let mut log = Log::new();
    let many = [
        (Life::Alone, 20_000),
        (Life::Family, 800),
        (Life::Dorm, 30),
        (Life::Shop, 30),
        (Life::Factory, 20),
        (Life::PlainRing, 20),
        (Life::EvasiveRing, 20),
    ];
    for (life, groups) in many {
        let (members, days, habits) = habits(life);
        for _ in 0..groups {
            let group = dice.next() >> 16;
            let from_s = dice.below(180) * DAY_S;
            for _ in 0..members {
                let at_s = from_s + dice.below(days * DAY_S);
                log.push((at_s, life, dice.person(group, &habits)));
            }
        }
    }
    log.sort_by_key(|l| l.0);
    log
}

/// Share of each life that is called or reviewed, in percent: on arrival, or when somebody who shares with her comes within `wait_s`, as
/// the house looks again at everybody whom a newcomer reaches. A loan that was paid out before is past calling.
fn score(log: &Log, unseen: &[Kind], wait_s: u64) -> BTreeMap<Life, f64> {
    let mut window = Window::new(SPEC, 0, 0);
    let mut count: BTreeMap<Life, (u32, u32)> = BTreeMap::new();
    // In the order of coming, and therefore of becoming due.
    let mut waiting: VecDeque<(u64, Life, Sighting)> = VecDeque::new();
    let called = |window: &Window, sighting: &Sighting| {
        let evidence = window.evidence(sighting.application, &sighting.identifiers);
        judge(&evidence, &BTreeSet::new(), &FROZEN).step >= Step::Call
    };
    let last = (u64::MAX, Life::Alone, Vec::new());
    for (number, (at_s, life, ids)) in (0..).zip(log.iter().chain([&last])) {
        while let Some((_, life, sighting)) = waiting.pop_front_if(|(due_s, ..)| *due_s < *at_s) {
            count.entry(life).or_default().0 += u32::from(called(&window, &sighting));
        }
        if *at_s == u64::MAX {
            break;
        }
        let identifiers: Vec<Identifier> =
            ids.iter().copied().filter(|i| !unseen.contains(&i.kind())).collect();
        let sighting = Sighting { application: Application(number), at_s: *at_s as u32, identifiers };
        window.insert(&sighting).expect("the log is in order");
        count.entry(*life).or_default().1 += 1;
        if called(&window, &sighting) {
            count.entry(*life).or_default().0 += 1;
        } else {
            waiting.push_back((at_s + wait_s, *life, sighting));
        }
    }
    count.into_iter().map(|(life, (hit, all))| (life, f64::from(hit) * 100.0 / f64::from(all))).collect()
}

fn main() {
    let cases: [(&str, &[Kind]); 4] = [
        ("everything seen", &[]),
        ("no fees", &[Kind::FeeAccount]),
        ("no scripts", &[Kind::Script]),
        ("neither", &[Kind::FeeAccount, Kind::Script]),
    ];
    let logs: Vec<Log> = (101..=106).map(lives).collect();
    for (days, (name, unseen)) in [0, 3, 7].into_iter().flat_map(|days| cases.map(|case| (days, case))) {
        let mut by_life: BTreeMap<Life, Vec<f64>> = BTreeMap::new();
        for log in &logs {
            score(log, unseen, days * DAY_S)
                .into_iter()
                .for_each(|(life, share)| by_life.entry(life).or_default().push(share));
        }
        for (life, shares) in by_life {
            let n = shares.len() as f64;
            let mean = shares.iter().sum::<f64>() / n;
            let spread = (shares.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
            // Student's t for six seeds, 95 %.
            let half = 2.571 * spread / n.sqrt();
            println!("| {days} days | {name} | {life:?} | {mean:.2} % ± {half:.2} |");
        }
    }
}
