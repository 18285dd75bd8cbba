//! Packages with a time stamp: of their own checkpoint, an earlier and a later one; forged, rewritten, cut and out of place.

use std::collections::BTreeMap;

use mingbai_evidence::merkle::{Frontier, NodeId, consistency_path, inclusion_path};
use mingbai_evidence::note::Checkpoint;
use mingbai_evidence::package::{self, Inclusion, OtherCheckpoint, Package, Stamped};
use mingbai_evidence::timestamp::{Roots, query};
use mingbai_evidence::verify::{ClaimKey, Outcome, Reader, Report, Verdict, verify_for};
use mingbai_evidence::{Digest, Record};

use crate::sample::{ORIGIN, Zipping, bodies, lender, pinned, rezip, sample, stream, unzip};
use crate::tsa::{PLAIN, Plan, Tsa, openssl_is_here};

/// A log of one stream, with its nodes.
struct Log {
    records: Vec<Record>,
    nodes: BTreeMap<NodeId, Digest>,
    roots: Vec<Digest>,
}

impl Log {
    fn of(records: Vec<Record>) -> Self {
        let (mut nodes, mut frontier) = (BTreeMap::new(), Frontier::new());
        let mut roots = vec![frontier.root()];
        for record in &records {
            for node in frontier.append(record.leaf()) {
                nodes.insert(NodeId { level: node.level, index: node.index }, node.hash);
            }
            roots.push(frontier.root());
        }
        Log { records, nodes, roots }
    }

    fn note(&self, size: usize) -> String {
        Checkpoint::new(ORIGIN, size as u64, self.roots[size]).unwrap().sign(&lender()).unwrap()
    }

    fn path(&self, a: usize, b: usize) -> Vec<Digest> {
        consistency_path(&self.nodes, a.min(b) as u64, a.max(b) as u64).unwrap()
    }

    /// A package of the first three records at `size`.
    fn package(&self, size: usize) -> Package {
        let proof = |index: usize| Inclusion {
            index: index as u64,
            path: inclusion_path(&self.nodes, index as u64, size as u64).unwrap(),
        };
        Package {
            records: self.records[..3].to_vec(),
            proofs: (0..3).map(proof).collect(),
            checkpoint: self.note(size),
            ..sample()
        }
    }
}

fn log() -> Log {
    let more = [bodies(), bodies(), bodies()].concat();
    Log::of(stream("borrow/1", &more))
}

fn stamp(tsa: &Tsa, note: &str) -> Vec<u8> {
    tsa.reply(&query(&Digest::of(note.as_bytes()), 7).unwrap())
}

fn judge(bytes: &[u8], roots: Option<Roots>) -> Report {
    verify_for(bytes, &Reader { tsa_roots: roots, ..Reader::new(pinned()) })
}

fn verdicts(report: &Report, key: ClaimKey) -> Vec<Verdict> {
    report.claims.iter().filter(|c| c.key == key).map(|c| c.verdict).collect()
}

#[test]
fn without_a_stamp_time_is_not_proven_and_nothing_else_suffers() {
    let bytes = package::write(&sample()).unwrap();
    let report = judge(&bytes, None);
    assert_eq!(verdicts(&report, ClaimKey::TimeStamp), [Verdict::NotProven]);
    assert_eq!(report.outcome(), Outcome::Holds);
}

#[test]
fn stamps_of_this_an_earlier_and_a_later_checkpoint_are_judged() {
    if !openssl_is_here("packages with time stamps") {
        return;
    }
    let (tsa, log) = (Tsa::new(&PLAIN), log());
    let roots = || Some(Roots::from_pem(&tsa.root()).unwrap());
    for (own, stamped, verdict) in [
        (3, 3, vec![Verdict::Proven]),
        (5, 9, vec![Verdict::Proven]),
        (5, 4, vec![Verdict::Proven]),
        (5, 2, vec![Verdict::Proven, Verdict::NotProven]),
    ] {
        let mut package = log.package(own);
        let note = log.note(stamped);
        let other =
            (own != stamped).then(|| OtherCheckpoint { note: note.clone(), path: log.path(own, stamped) });
        package.stamped = Some(Stamped { response: stamp(&tsa, &note), other });
        let bytes = package::write(&package).unwrap();
        assert_eq!(package::read(&bytes, &package::Limits::default()).unwrap().stamped, package.stamped);

        let report = judge(&bytes, roots());
        assert_eq!(verdicts(&report, ClaimKey::TimeStamp), verdict, "{own} {stamped} {report:#?}");
        assert_eq!(verdicts(&report, ClaimKey::TimeAuthority), [Verdict::Proven]);
        assert_eq!(report.outcome(), Outcome::Holds);
        let text = &report.claims.iter().find(|c| c.key == ClaimKey::TimeStamp).unwrap().reason;
        assert!(text.en.contains("1.2.3.4.1") && text.en.contains("within 1.5001 s"), "{text:?}");

        // Whose clock it is, only the reader's roots can say.
        let unknown = judge(&bytes, None);
        assert_eq!(verdicts(&unknown, ClaimKey::TimeStamp), [Verdict::NotProven]);
        assert_eq!(unknown.outcome(), Outcome::Holds);
        let stranger = Tsa::new(&PLAIN);
        let wrong = judge(&bytes, Some(Roots::from_pem(&stranger.root()).unwrap()));
        assert_eq!(
            verdicts(&wrong, ClaimKey::TimeAuthority),
            [Verdict::Contradicted],
            "same name, other key"
        );
        assert_eq!(wrong.outcome(), Outcome::Contradicted);
    }
}

#[test]
fn a_stamp_that_does_not_fit_is_contradicted() {
    if !openssl_is_here("packages with wrong time stamps") {
        return;
    }
    let (tsa, log) = (Tsa::new(&PLAIN), log());
    let roots = || Some(Roots::from_pem(&tsa.root()).unwrap());
    let against = |package: &Package, what: &str| {
        let report = judge(&package::write(package).unwrap(), roots());
        assert!(verdicts(&report, ClaimKey::TimeStamp).contains(&Verdict::Contradicted), "{what}");
        assert_eq!(report.outcome(), Outcome::Contradicted, "{what}");
    };
    let with = |response: Vec<u8>, other: Option<OtherCheckpoint>| Package {
        stamped: Some(Stamped { response, other }),
        ..log.package(5)
    };
    against(&with(stamp(&tsa, "other data"), None), "over other data");
    against(&with(b"no stamp".to_vec(), None), "no stamp at all");
    against(&with(Vec::new(), None), "empty");
    let other = |note: String, path| Some(OtherCheckpoint { note, path });
    let note = log.note(9);
    against(&with(stamp(&tsa, &note), other(note.clone(), log.path(4, 9))), "the path of another size");
    against(&with(stamp(&tsa, &note), other(note.clone(), Vec::new())), "no path");

    // The operator rewrites an entry, computes everything again and signs: the old stamp gives it away.
    let mut changed = bodies();
    changed[1] = serde_json::json!({"table": "another"});
    let rewritten = Log::of(stream("borrow/1", &[changed, bodies(), bodies()].concat()));
    let old = log.note(9);
    let stamped = Stamped { response: stamp(&tsa, &old), other: other(old, rewritten.path(5, 9)) };
    against(&Package { stamped: Some(stamped), ..rewritten.package(5) }, "a rewritten log");

    let elsewhere = Checkpoint::new("other.example/log", 5, log.roots[5]).unwrap().body();
    let foreign = format!("{elsewhere}\n\u{2014} other.example/log AAAAAAA=\n");
    against(&with(stamp(&tsa, &foreign), other(foreign.clone(), Vec::new())), "another log");

    let expired = Tsa::new(&Plan { until: "20210101000000Z", ..PLAIN });
    against(&with(stamp(&expired, &log.note(5)), None), "an expired authority");
}

#[test]
fn the_recipe_in_the_readme_checks_the_stamp_without_us() {
    if !openssl_is_here("the recipe for time stamps") {
        return;
    }
    let recipe = package::README.lines().map(str::trim).find(|line| line.starts_with("openssl ts")).unwrap();
    let (tsa, log) = (Tsa::new(&PLAIN), log());
    let note = log.note(9);
    let other = Some(OtherCheckpoint { note: note.clone(), path: log.path(5, 9) });
    let whole = Package { stamped: Some(Stamped { response: stamp(&tsa, &note), other }), ..log.package(5) };
    // The folder of the authority holds root.pem, as the folder of a sceptic would.
    let files = unzip(&package::write(&whole).unwrap());
    files.iter().filter(|(name, _)| !name.contains('/')).for_each(|(name, bytes)| tsa.put(name, bytes));
    let judge = |line: &str| {
        let out =
            std::process::Command::new("sh").arg("-c").arg(line).current_dir(tsa.dir()).output().unwrap();
        out.status.success()
    };
    assert!(judge(recipe));
    assert!(!judge(&recipe.replace("timestamp.checkpoint", "checkpoint")), "the control: another checkpoint");
}

#[test]
fn half_a_stamp_is_noticed() {
    if !openssl_is_here("packages with half a time stamp") {
        return;
    }
    let (tsa, log) = (Tsa::new(&PLAIN), log());
    let note = log.note(9);
    let other = Some(OtherCheckpoint { note: note.clone(), path: log.path(5, 9) });
    let whole = Package { stamped: Some(Stamped { response: stamp(&tsa, &note), other }), ..log.package(5) };
    let files = unzip(&package::write(&whole).unwrap());
    for (gone, key) in [
        ("timestamp.tsr", ClaimKey::Files),
        ("timestamp.checkpoint", ClaimKey::TimeStamp),
        ("timestamp.json", ClaimKey::TimeStamp),
    ] {
        let mut less = files.clone();
        assert!(less.remove(gone).is_some());
        let bytes = rezip(&less, Zipping::AsWritten);
        assert!(package::read(&bytes, &package::Limits::default()).is_err(), "{gone}");
        let report = judge(&bytes, None);
        assert!(verdicts(&report, key).iter().any(|v| *v != Verdict::Proven), "{gone}");
        assert_ne!(report.outcome(), Outcome::Holds, "{gone}");
    }
}

#[test]
fn the_last_recipe_of_the_readme_checks_the_time_stamp_without_our_software() {
    if !openssl_is_here("the README's openssl ts -verify") {
        return;
    }
    let (tsa, log) = (Tsa::new(&PLAIN), log());
    let note = log.note(4);
    let other = Some(OtherCheckpoint { note: note.clone(), path: log.path(4, 5) });
    let whole = Package { stamped: Some(Stamped { response: stamp(&tsa, &note), other }), ..log.package(5) };
    for (name, bytes) in unzip(&package::write(&whole).unwrap()) {
        if name.starts_with("timestamp") {
            tsa.put(&name, &bytes);
        }
    }
    let recipe = package::README.lines().rev().find(|line| line.starts_with("     openssl ts")).unwrap();
    let verified = || {
        let out =
            std::process::Command::new("sh").arg("-c").arg(recipe).current_dir(tsa.dir()).output().unwrap();
        out.status.success()
    };
    assert!(verified(), "{recipe}");
    tsa.put("timestamp.checkpoint", log.note(3).as_bytes());
    assert!(!verified(), "another checkpoint");
}
