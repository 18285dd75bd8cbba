//! Packages with everything that a package can carry beside records: closing statements, withheld records, erasures, changes of keys,
//! cosignatures, second signatures, receipts; each valid, wrong on purpose, and with flipped bits.

use mingbai_core::borrow::sim::records;
use mingbai_core::cost::Terms;
use mingbai_core::evidence::closing::{self, Going, StreamEnd};
use mingbai_core::evidence::national::{self, SM2_ID, Seal, Sm2Key};
use mingbai_core::evidence::note::cosignature::{WitnessKey, cosign, with_lines};
use mingbai_core::evidence::note::{Checkpoint, NoteSigner as _, SignedCheckpoint};
use mingbai_core::evidence::package::{Package, Withheld, write};
use mingbai_core::evidence::receipt::Receipt;
use mingbai_core::evidence::succession::{INTRODUCED, STREAM, introduce};
use mingbai_core::evidence::{Digest, Draft, Record, StreamId};
use mingbai_core::policy::Pack;
use serde_json::{Value, json};
use sm2::dsa::signature::Signer as _;

use super::case::Case;
use super::cases::{Dice, SEED};
use super::house::{Key, Log, ORIGIN, chained, draft, package_of, rezip, unzip};

/// How many bits are flipped in the files of each kind of package.
const FLIPS: usize = 16;

/// A short journey, so that a case is small.
pub fn story(pack: &Pack, offers: &[Terms]) -> Vec<Record> {
    let mut story = records(SEED, 3, pack, offers).unwrap();
    story.truncate(12);
    story
}

/// A record of another stream.
pub fn other(stream: &str, seq: u64, prev: Option<&Record>, actor: &str, kind: &str, body: Value) -> Record {
    Record::write(Draft {
        id: uuid::Uuid::from_u64_pair(9, seq + 100 * u64::try_from(stream.len()).unwrap()),
        stream: StreamId::new(stream).unwrap(),
        seq,
        prev: prev.map(Record::leaf),
        at_ms: 1_790_000_000_000,
        actor: actor.into(),
        kind: kind.into(),
        terms: None,
        body,
    })
    .unwrap()
}

/// A package and the log behind it, to be dressed up.
pub struct Scene {
    pub log: Log,
    pub package: Package,
}

impl Scene {
    pub fn of(records: Vec<Record>, pack: &Pack) -> Self {
        Scene { log: Log::of(&records), package: package_of(records, pack, &Key::new(1)) }
    }

    pub fn checkpoint(&self) -> Checkpoint {
        self.log.checkpoint(self.log.size())
    }

    /// What an honest log states of its streams.
    fn ends(&self) -> Vec<StreamEnd> {
        let mut ends: Vec<StreamEnd> = Vec::new();
        for record in &self.package.records {
            let (stream, length, head) = (record.stream().clone(), record.seq() + 1, record.leaf());
            ends.retain(|end| end.stream != stream);
            let going = if stream.as_str().starts_with("borrow") { Going::Ended } else { Going::Open };
            ends.push(StreamEnd { stream, length, head, going });
        }
        ends
    }

    fn stated(&mut self, ends: &[StreamEnd], key: &Key) {
        self.package.streams = Some(closing::sign(&self.checkpoint(), ends, key).unwrap());
    }

    /// Shows only place and leaf of some records.
    fn hide(&mut self, hidden: impl Fn(&Record) -> bool) {
        let (records, proofs) =
            (std::mem::take(&mut self.package.records), std::mem::take(&mut self.package.proofs));
        for (record, proof) in records.into_iter().zip(proofs) {
            if hidden(&record) {
                let (stream, seq, leaf) = (record.stream().clone(), record.seq(), record.leaf());
                self.package.withheld.push(Withheld { stream, seq, leaf, proof });
            } else {
                self.package.records.push(record);
                self.package.proofs.push(proof);
            }
        }
    }

    pub fn case(&self, kind: &'static str) -> Case {
        Case {
            keys: vec![Key::new(1).text()],
            lacks_documents: true,
            ..Case::new(kind, write(&self.package).unwrap())
        }
    }
}

/// Every case.
pub fn cases(pack: &Pack, offers: &[Terms]) -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(closings(pack, offers));
    cases.extend(redacted(pack, offers));
    cases.extend(erased(pack, offers));
    cases.extend(succeeded(pack, offers));
    cases.extend(witnessed(pack, offers));
    cases.extend(sealed(pack, offers));
    cases.extend(receipts(pack, offers));
    cases
}

/// The same package with one bit flipped in one of the files under a prefix, many times.
pub fn flipped(case: &Case, prefix: &str, count: usize) -> Vec<Case> {
    let files = unzip(&case.bytes);
    let names: Vec<&String> = files.keys().filter(|name| name.starts_with(prefix)).collect();
    assert!(!names.is_empty(), "{prefix}");
    let mut dice = Dice::new(u64::try_from(prefix.len() + count).unwrap());
    let mut flip = |_| {
        let mut files = files.clone();
        let name = names[dice.below(names.len())];
        dice.flip(files.get_mut(name).unwrap());
        Case { bytes: rezip(&files, zip::CompressionMethod::Stored), ..case.clone() }
    };
    (0..count).map(&mut flip).collect()
}

fn closings(pack: &Pack, offers: &[Terms]) -> Vec<Case> {
    let key = other(STREAM, 0, None, "system", "log.key_retired", json!({}));
    let mut records = story(pack, offers);
    records.push(key);
    let scene = || Scene::of(records.clone(), pack);
    let with = |kind, change: &dyn Fn(&mut Scene, Vec<StreamEnd>)| {
        let mut scene = scene();
        let ends = scene.ends();
        change(&mut scene, ends);
        scene.case(kind)
    };
    let lender = Key::new(1);
    let valid = with("closing: valid", &|scene, ends| scene.stated(&ends, &lender));
    let longer = with("closing: one record more", &|scene, mut ends| {
        ends[0].length += 1;
        scene.stated(&ends, &lender);
    });
    let shorter = with("closing: one record less", &|scene, mut ends| {
        ends[0].length -= 1;
        scene.stated(&ends, &lender);
    });
    let head = with("closing: another head", &|scene, mut ends| {
        ends[0].head = Digest::of(b"another");
        scene.stated(&ends, &lender);
    });
    let absent = with("closing: a stream that is not here", &|scene, mut ends| {
        ends.push(StreamEnd { stream: StreamId::new("privacy/x").unwrap(), ..ends[0].clone() });
        scene.stated(&ends, &lender);
    });
    let silent = with("closing: silent about a stream", &|scene, ends| scene.stated(&ends[..1], &lender));
    let stranger = with("closing: by a stranger", &|scene, ends| scene.stated(&ends, &Key::new(5)));
    let earlier = with("closing: of another checkpoint", &|scene, ends| {
        let earlier = scene.log.checkpoint(scene.log.size() - 1);
        scene.package.streams = Some(closing::sign(&earlier, &ends, &lender).unwrap());
    });
    let cut = with("closing: without the last record", &|scene, ends| {
        scene.stated(&ends, &lender);
        let at = scene.package.records.iter().rposition(|r| r.stream().as_str() != STREAM).unwrap();
        scene.package.records.remove(at);
        scene.package.proofs.remove(at);
    });
    let swapped = {
        let mut scene = scene();
        let ends = scene.ends();
        scene.stated(&ends, &lender);
        let note = scene.package.streams.clone().unwrap();
        let mut lines: Vec<&str> = note.split('\n').collect();
        lines.swap(4, 5);
        scene.package.streams = Some(lines.join("\n"));
        scene.case("closing: rows swapped")
    };
    let mut all = flipped(&valid, "streams", 3 * FLIPS);
    all.extend(flipped(&valid, "checkpoint", 6));
    all.extend([valid, longer, shorter, head, absent, silent, stranger, earlier, cut, swapped]);
    all
}

fn redacted(pack: &Pack, offers: &[Terms]) -> Vec<Case> {
    let privacy =
        other("privacy/x", 0, None, "staff:a:compliance", "hold_placed", json!({"reason": "court"}));
    let mut records = story(pack, offers);
    records.push(privacy);
    let hide = |kind, hidden: &dyn Fn(&Record) -> bool| {
        let mut scene = Scene::of(records.clone(), pack);
        let ends = scene.ends();
        scene.stated(&ends, &Key::new(1));
        scene.hide(hidden);
        scene.case(kind)
    };
    let loan = |record: &Record| record.stream().as_str().starts_with("borrow/");
    let one = hide("withheld: one", &|r| loan(r) && r.seq() == 4);
    let run = hide("withheld: three in a row", &|r| loan(r) && (4..7).contains(&r.seq()));
    let last = hide("withheld: the last", &|r| loan(r) && r.seq() == 11);
    let first = hide("withheld: the first", &|r| loan(r) && r.seq() == 0);
    let all = hide("withheld: all", &loan);
    let aside = hide("withheld: another stream", &|r| !loan(r));
    let changed = |kind, from: &str, to: &str| {
        let mut files = unzip(&one.bytes);
        let name = files.keys().find(|name| name.starts_with("withheld/")).unwrap().clone();
        let text = String::from_utf8(files[&name].clone()).unwrap();
        assert!(text.contains(from), "{text}");
        files.insert(name, text.replacen(from, to, 1).into_bytes());
        Case { kind, bytes: rezip(&files, zip::CompressionMethod::Stored), ..one.clone() }
    };
    let mut cases = vec![
        changed("withheld: another place", "\"seq\":4", "\"seq\":5"),
        changed("withheld: another stream's", "borrow/", "borrow/0"),
        changed("withheld: spelled otherwise", ":4,", ": 4,"),
        moved(&one, "withheld: file of a record beside it", |name| name.replace("withheld", "records")),
        moved(&one, "withheld: another number", |_| "withheld/777777.json".into()),
        without(&one, "withheld: no proof", "proofs/000004.json"),
        without(&one, "withheld: left out", "withheld/000004.json"),
    ];
    cases.extend(flipped(&one, "withheld/", FLIPS));
    cases.extend([one, run, last, first, all, aside]);
    cases
}

/// Puts a copy of the withheld record's file under another name.
fn moved(case: &Case, kind: &'static str, to: impl Fn(&str) -> String) -> Case {
    let mut files = unzip(&case.bytes);
    let name = files.keys().find(|name| name.starts_with("withheld/")).unwrap().clone();
    let bytes = files[&name].clone();
    files.insert(to(&name), bytes);
    Case { kind, bytes: rezip(&files, zip::CompressionMethod::Stored), ..case.clone() }
}

fn without(case: &Case, kind: &'static str, name: &str) -> Case {
    let mut files = unzip(&case.bytes);
    files.remove(name).unwrap();
    Case { kind, bytes: rezip(&files, zip::CompressionMethod::Stored), ..case.clone() }
}

fn erased(pack: &Pack, offers: &[Terms]) -> Vec<Case> {
    let story = story(pack, offers);
    let person = story[0].stream().as_str().strip_prefix("borrow/").unwrap().to_owned();
    let table = story.iter().find_map(|r| r.body().pointer("/table/sha256")).unwrap().clone();
    let body = json!({"basis": "period_over", "note": "her wish", "documents": [table]});
    let with = |kind, stream: String, actor: &str, event: &str, body: &Value| {
        let mut records = story.clone();
        let before = other(&stream, 0, None, "staff:a:compliance", "hold_placed", json!({"reason": "court"}));
        let decision = other(&stream, 1, Some(&before), actor, event, body.clone());
        let again = json!({"basis": "unlawful", "note": "", "documents": []});
        let again = other(&stream, 2, Some(&decision), "staff:a:compliance", "erased", again);
        records.extend([before, decision, again]);
        let mut scene = Scene::of(records, pack);
        scene.package.disclosures.clear();
        scene.package.attachments.retain(|one| json!(one.sha256) != table);
        scene.case(kind)
    };
    let own = || format!("privacy/{person}");
    let who = "staff:a:compliance";
    let changed = |key: &str, value: Value| {
        let mut body = body.clone();
        body[key] = value;
        body
    };
    vec![
        with("erased: valid", own(), who, "erased", &body),
        with("erased: somebody else", "privacy/x".into(), who, "erased", &body),
        with("erased: not a room of privacy", format!("other/{person}"), who, "erased", &body),
        with("erased: by a consultant", own(), "staff:a:consultant", "erased", &body),
        with("erased: by nobody known", own(), "staff:A:compliance", "erased", &body),
        with("erased: another kind", own(), who, "erased_not", &body),
        with("erased: no basis in law", own(), who, "erased", &changed("basis", json!("whim"))),
        with("erased: no list", own(), who, "erased", &changed("documents", json!("all"))),
        with("erased: no digest", own(), who, "erased", &changed("documents", json!(["all"]))),
        with("erased: a key too many", own(), who, "erased", &changed("more", json!(1))),
        with("erased: no note", own(), who, "erased", &changed("note", json!(null))),
    ]
}

fn succeeded(pack: &Pack, offers: &[Terms]) -> Vec<Case> {
    let (old, lender) = (Key::new(8), Key::new(1));
    let good = introduce(&old, &lender).unwrap();
    let with = |kind, stream: &str, event: &str, body: Value| {
        let mut records = story(pack, offers);
        records.push(other(stream, 0, None, "system", event, body));
        Case { keys: vec![old.text()], ..Scene::of(records, pack).case(kind) }
    };
    let changed = |key: &str, value: Value| {
        let mut body = good.clone();
        body[key] = value;
        body
    };
    let stranger = introduce(&Key::new(5), &lender).unwrap();
    let chain = {
        let middle = Key::new(6);
        let mut records = story(pack, offers);
        let first = other(STREAM, 0, None, "system", INTRODUCED, introduce(&middle, &lender).unwrap());
        let second = introduce(&old, &middle).unwrap();
        let second = other(STREAM, 1, Some(&first), "system", INTRODUCED, second);
        records.extend([first, second]);
        Case { keys: vec![old.text()], ..Scene::of(records, pack).case("succession: two steps") }
    };
    vec![
        with("succession: valid", STREAM, INTRODUCED, good.clone()),
        with(
            "succession: the old key did not sign",
            STREAM,
            INTRODUCED,
            changed("by_old", good["by_new"].clone()),
        ),
        with(
            "succession: the new key did not sign",
            STREAM,
            INTRODUCED,
            changed("by_new", good["by_old"].clone()),
        ),
        with("succession: a key too many", STREAM, INTRODUCED, changed("more", json!(1))),
        with("succession: another stream", "log/kays", INTRODUCED, good.clone()),
        with("succession: another kind", STREAM, "log.key_retired", good.clone()),
        with("succession: from a stranger", STREAM, INTRODUCED, stranger),
        chain,
    ]
}

fn witnessed(pack: &Pack, offers: &[Terms]) -> Vec<Case> {
    let scene = || Scene::of(story(pack, offers), pack);
    let key = |seed| WitnessKey::new(ORIGIN, Key::new(seed).public_key()).unwrap();
    let plain = scene().package.checkpoint.clone();
    let note = SignedCheckpoint::parse(&plain).unwrap();
    let line = |seed, at_s| cosign(&note, &Key::new(seed), at_s).unwrap();
    let with = |kind, note: String, witnesses: Vec<WitnessKey>| {
        let mut scene = scene();
        scene.package.checkpoint = note;
        Case { witnesses, ..scene.case(kind) }
    };
    let lines = |lines: &[String]| with_lines(&plain, lines).unwrap();
    let both = lines(&[line(11, 1_790_000_000), line(12, 1_790_000_001)]);
    let shifted = {
        // The line of one witness under the time of another moment.
        let (a, b) = (line(11, 1_790_000_000), line(11, 1_800_000_000));
        let (head, tail) = (a.rsplit_once(' ').unwrap(), b.rsplit_once(' ').unwrap().1);
        let blob = format!("{}{}", &tail[..16], &head.1[16..]);
        lines(&[format!("{} {blob}", head.0)])
    };
    let valid = with("witness: valid", both.clone(), vec![key(11), key(12)]);
    let mut cases = flipped(&valid, "checkpoint", FLIPS);
    cases.extend([
        valid,
        with("witness: not asked for", both.clone(), Vec::new()),
        with("witness: one is missing", both, vec![key(11), key(13)]),
        with("witness: none cosigned", plain.clone(), vec![key(11)]),
        with("witness: another time", shifted, vec![key(11)]),
        with("witness: far in the future", lines(&[line(11, u64::MAX)]), vec![key(11)]),
        with("witness: twice", lines(&[line(11, 5), line(11, 6)]), vec![key(11)]),
    ]);
    cases
}

/// An SM2 key in memory.
struct Chop(sm2::dsa::SigningKey);

impl Chop {
    fn new(seed: u8) -> Self {
        Chop(sm2::dsa::SigningKey::from_slice(SM2_ID, &[seed; 32]).unwrap())
    }

    fn key(&self) -> Sm2Key {
        Sm2Key::new(ORIGIN, self.public_key()).unwrap()
    }
}

impl Seal for Chop {
    fn name(&self) -> &str {
        ORIGIN
    }

    fn public_key(&self) -> [u8; 65] {
        use sm2::elliptic_curve::sec1::ToSec1Point as _;
        self.0.verifying_key().to_sec1_point(false).as_bytes().try_into().unwrap()
    }

    fn sign(&self, message: &[u8]) -> Option<[u8; 64]> {
        let signature: sm2::dsa::Signature = self.0.try_sign(message).ok()?;
        signature.to_bytes().as_slice().try_into().ok()
    }
}

fn sealed(pack: &Pack, offers: &[Terms]) -> Vec<Case> {
    let (chop, stranger) = (Chop::new(3), Chop::new(4));
    let with = |kind, earlier: u64, keys: &[&Chop]| {
        let mut scene = Scene::of(story(pack, offers), pack);
        let checkpoint = scene.log.checkpoint(scene.log.size() - earlier);
        scene.package.sm2 = Some(national::sign(&checkpoint, &chop).unwrap());
        Case { sm2: keys.iter().map(|chop| chop.key()).collect(), ..scene.case(kind) }
    };
    let valid = with("sm2: valid", 0, &[&chop]);
    let mut cases = flipped(&valid, "checkpoint.sm2", FLIPS);
    let none = Case { sm2: vec![chop.key()], ..Scene::of(story(pack, offers), pack).case("sm2: none") };
    cases.extend([
        valid,
        with("sm2: no key", 0, &[]),
        with("sm2: another key", 0, &[&stranger]),
        with("sm2: two keys", 0, &[&stranger, &chop]),
        with("sm2: another checkpoint", 1, &[&chop]),
        none,
    ]);
    cases
}

fn receipts(pack: &Pack, offers: &[Terms]) -> Vec<Case> {
    let scene = Scene::of(story(pack, offers), pack);
    let receipt_by = |key: &Key, scene: &Scene, at: usize| {
        let record = scene.package.records[at].clone();
        let proof = scene.log.inclusion(&record, scene.log.size());
        let checkpoint = scene.checkpoint().sign(key).unwrap();
        let receipt = Receipt { record, key: key.text(), index: proof.index, path: proof.path, checkpoint };
        receipt.write().unwrap().into_bytes()
    };
    let receipt = receipt_by(&Key::new(1), &scene, 7);
    let keys = vec![Key::new(1).text()];
    let alone = Case { keys: keys.clone(), ..Case::new("receipt: alone", receipt.clone()) };
    let mut dice = Dice::new(77);
    let mut cases: Vec<Case> = (0..4 * FLIPS)
        .map(|_| {
            let mut bytes = receipt.clone();
            dice.flip(&mut bytes);
            Case { bytes, ..alone.clone() }
        })
        .collect();
    cases.push(Case { keys: Vec::new(), ..alone.clone() });
    cases.push(Case { keys: vec![Key::new(9).text()], ..alone.clone() });
    cases.push(Case::new("receipt: cut", receipt[..receipt.len() - 40].to_vec()));
    let against = |kind, bytes: &[u8], receipt: &[u8]| Case {
        receipt: Some(receipt.to_vec()),
        ..Case { kind, bytes: bytes.to_vec(), ..alone.clone() }
    };
    let mut short = Scene::of(story(pack, offers), pack);
    short.package.records.remove(7);
    short.package.proofs.remove(7);
    let mut hidden = Scene::of(story(pack, offers), pack);
    hidden.hide(|record| record.seq() == 7);
    let rewritten = {
        let mut drafts: Vec<Draft> = story(pack, offers).iter().map(draft).collect();
        drafts[7].at_ms += 1;
        Scene::of(chained(drafts), pack)
    };
    let nobody = Scene::of(vec![other("privacy/x", 0, None, "system", "k", json!({}))], pack);
    let forged = receipt_by(&Key::new(9), &scene, 7);
    let bytes = |scene: &Scene| write(&scene.package).unwrap();
    cases.extend([
        against("receipt: in the package", &bytes(&scene), &receipt),
        against("receipt: withheld in the package", &bytes(&hidden), &receipt),
        against("receipt: not in the package", &bytes(&short), &receipt),
        against("receipt: of a rewritten record", &bytes(&rewritten), &receipt),
        against("receipt: of a stream that is not here", &bytes(&nobody), &receipt),
        against("receipt: by a stranger", &bytes(&short), &forged),
        against("receipt: unreadable", &bytes(&scene), &receipt[..100]),
        against("receipt: against no package", b"no zip", &receipt),
        Case { keys: Vec::new(), ..against("receipt: first use", &bytes(&short), &receipt) },
    ]);
    cases.push(alone);
    cases
}
