//! One package for each rule that the general damage only breaks together with another one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use mingbai_core::borrow::sim::records;
use mingbai_core::cost::Terms;
use mingbai_core::evidence::closing::{self, Going, StreamEnd};
use mingbai_core::evidence::note::NoteSigner as _;
use mingbai_core::evidence::package::{Attachment, write};
use mingbai_core::evidence::{Draft, Record};
use mingbai_core::policy::Pack;
use serde_json::json;
use zip::CompressionMethod::Stored;

use super::case::Case;
use super::cases::SEED;
use super::features::{Scene, other, story};
use super::house::{Files, Key, chained, draft, package_of, rezip, unzip};

/// Every case; its kind begins with the group of the rules that it is aimed at.
pub fn cases(pack: &Pack, offers: &[Terms]) -> Vec<Case> {
    let scene = Scene::of(story(pack, offers), pack);
    let whole = scene.case("zip: whole");
    let mut cases = vec![
        same_name(&whole),
        gap(&whole),
        local(&whole),
        text(&whole, "json: a key twice", "{\"v\":1,", "{\"v\":1,\"v\":1,"),
        text(&whole, "record: a key too many", "{\"v\":1,", "{\"v\":1,\"w\":1,"),
        text(&whole, "record: another version", "{\"v\":1,", "{\"v\":2,"),
        files(&whole, "inclusion: no proof", |files| drop(files.remove("proofs/000003.json"))),
        Case {
            keys: vec![Key::new(9).text()],
            ..Case { kind: "checkpoint: a stranger's key", ..whole.clone() }
        },
        text_of(&whole, "key: another hash", "key.txt", "+", "+0"),
        records_of(pack, offers, "record: one id twice", |drafts| drafts[5].id = drafts[4].id),
        records_of(pack, offers, "attachment: another length", |drafts| {
            for draft in drafts.iter_mut().filter(|draft| draft.kind == "terms_offered") {
                draft.body["table"]["bytes"] = json!(1);
            }
        }),
        jump(pack, offers),
        rows_swapped(pack, offers),
    ];
    let mut more = Scene::of(story(pack, offers), pack);
    more.package.attachments.push(Attachment::new("text/plain", b"nobody cites this".to_vec()));
    cases.push(more.case("attachment: nobody cites it"));
    let mut stranger = Scene::of(story(pack, offers), pack);
    stranger.package.key = Key::new(9).text();
    cases.push(stranger.case("checkpoint: beside a key that did not sign it"));
    let forged = {
        // The signature of another checkpoint under this one.
        let scene = Scene::of(story(pack, offers), pack);
        let other = scene.log.checkpoint(scene.log.size() - 1).sign(&Key::new(1)).unwrap();
        let line = other.rsplit("\n\n").next().unwrap().to_owned();
        let note = format!("{}\n{line}", scene.checkpoint().body());
        files(&whole, "checkpoint: another signature", |files| {
            files.insert("checkpoint".into(), note.clone().into_bytes());
        })
    };
    cases.push(forged);
    cases.extend(loans(pack, offers));
    cases
}

fn files(case: &Case, kind: &'static str, change: impl Fn(&mut Files)) -> Case {
    let mut files = unzip(&case.bytes);
    change(&mut files);
    Case { kind, bytes: rezip(&files, Stored), ..case.clone() }
}

fn text_of(case: &Case, kind: &'static str, name: &str, from: &str, to: &str) -> Case {
    files(case, kind, |files| {
        let text = String::from_utf8(files[name].clone()).unwrap();
        assert!(text.contains(from), "{text}");
        files.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
    })
}

fn text(case: &Case, kind: &'static str, from: &str, to: &str) -> Case {
    text_of(case, kind, "records/000002.json", from, to)
}

fn raw(case: &Case, kind: &'static str, bytes: Vec<u8>) -> Case {
    Case { kind, bytes, ..case.clone() }
}

/// The second record under the name of the first.
fn same_name(case: &Case) -> Case {
    let (from, to) = (b"records/000001.json", b"records/000000.json");
    let mut bytes = case.bytes.clone();
    let places: Vec<usize> =
        (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert_eq!(places.len(), 2);
    places.into_iter().for_each(|at| bytes[at..at + to.len()].copy_from_slice(to));
    raw(case, "zip: two files of one name", bytes)
}

/// Four bytes between the last file and the directory.
fn gap(case: &Case) -> Case {
    let end = case.bytes.len() - 22;
    let start = u32::from_le_bytes(case.bytes[end + 16..end + 20].try_into().unwrap());
    let at = usize::try_from(start).unwrap();
    let mut bytes = [&case.bytes[..at], b"gap!", &case.bytes[at..]].concat();
    let end = bytes.len() - 22;
    bytes[end + 16..end + 20].copy_from_slice(&(start + 4).to_le_bytes());
    raw(case, "zip: a gap before the directory", bytes)
}

/// The check sum in a file's own header, not in the directory.
fn local(case: &Case) -> Case {
    let mut bytes = case.bytes.clone();
    bytes[14] ^= 1;
    raw(case, "zip: a header that differs", bytes)
}

fn records_of(pack: &Pack, offers: &[Terms], kind: &'static str, change: impl Fn(&mut Vec<Draft>)) -> Case {
    let mut drafts: Vec<Draft> = story(pack, offers).iter().map(draft).collect();
    change(&mut drafts);
    Scene::of(chained(drafts), pack).case(kind)
}

/// A number is left out although every record names the one before it.
fn jump(pack: &Pack, offers: &[Terms]) -> Case {
    let mut records: Vec<Record> = Vec::new();
    for mut draft in story(pack, offers).iter().map(draft) {
        draft.seq += u64::from(draft.seq > 5);
        draft.prev = records.last().map(Record::leaf);
        records.push(Record::write(draft).unwrap());
    }
    Scene::of(records, pack).case("chain: a number left out")
}

/// A statement whose rows are not in their order, and signed as it is.
fn rows_swapped(pack: &Pack, offers: &[Terms]) -> Case {
    let mut records = story(pack, offers);
    records.push(other("log/keys", 0, None, "system", "log.key_retired", json!({})));
    let mut scene = Scene::of(records.clone(), pack);
    let end = |at: usize| {
        let record = &records[at];
        let (stream, length, head) = (record.stream().clone(), record.seq() + 1, record.leaf());
        StreamEnd { stream, length, head, going: Going::Open }
    };
    let lender = Key::new(1);
    let note = closing::sign(&scene.checkpoint(), &[end(11), end(12)], &lender).unwrap();
    let mut lines: Vec<&str> = note.split("\n\n").next().unwrap().split('\n').collect();
    lines.swap(4, 5);
    let body = lines.join("\n") + "\n";
    let blob = [lender.text().id().as_slice(), &lender.sign(body.as_bytes())].concat();
    scene.package.streams = Some(format!("{body}\n\u{2014} {} {}\n", lender.name(), BASE64.encode(blob)));
    scene.case("closing: rows in another order, signed")
}

/// One loan from opening to payout, with no step twice.
fn clean_loan(pack: &Pack, offers: &[Terms]) -> Vec<Record> {
    let kinds = ["section_read", "signed", "consent_recorded", "confirmed", "permit_issued", "disbursed"];
    let has = |story: &[Record], kind: &&str| story.iter().any(|record| record.kind() == *kind);
    let is_clean = |story: &Vec<Record>| {
        kinds.iter().all(|kind| has(story, kind))
            && story.iter().filter(|record| record.kind() == "disbursed").count() == 1
            && story.iter().filter(|record| record.kind() == "terms_offered").count() == 1
    };
    let stories = (0..400).map(|number| records(SEED, number, pack, offers).unwrap());
    stories.into_iter().find(is_clean).unwrap()
}

/// The loan with a change, rewritten and signed again by the lender.
fn changed(pack: &Pack, story: &[Record], kind: &'static str, change: &dyn Fn(&mut Vec<Draft>)) -> Case {
    let mut drafts: Vec<Draft> = story.iter().map(draft).collect();
    change(&mut drafts);
    let bytes = write(&package_of(chained(drafts), pack, &Key::new(1))).unwrap();
    Case { keys: vec![Key::new(1).text()], ..Case::new(kind, bytes) }
}

fn last(drafts: &[Draft], kind: &str) -> usize {
    drafts.iter().rposition(|draft| draft.kind == kind).unwrap()
}

/// A whole journey up to the payout, with one thing changed that a lender could change before writing everything anew.
fn loans(pack: &Pack, offers: &[Terms]) -> Vec<Case> {
    let story = clean_loan(pack, offers);
    let with = |kind: &'static str, change: &dyn Fn(&mut Vec<Draft>)| changed(pack, &story, kind, change);
    let actor = "staff:sim:consultant";
    let mut cases = vec![
        with("loan: as it was", &|_| {}),
        with("loan: other terms under their digest", &|drafts| {
            let at = last(drafts, "terms_offered");
            let terms = drafts[at].body["terms_json"].as_str().unwrap().replacen('{', "{ ", 1);
            drafts[at].body["terms_json"] = json!(terms);
        }),
        with("loan: every section in a second", &|drafts| {
            let mut opened = 0;
            for draft in drafts.iter_mut() {
                if draft.kind == "section_opened" {
                    opened = draft.at_ms;
                }
                if draft.kind == "section_read" {
                    draft.at_ms = opened + 1_000;
                    draft.body["dwell_ms"] = json!(1_000);
                }
            }
        }),
        with("loan: read by the consultant", &|drafts| {
            for draft in drafts.iter_mut().filter(|draft| draft.kind.starts_with("section_")) {
                draft.actor = actor.into();
            }
        }),
        with("loan: signed before it was read", &|drafts| {
            let signed = last(drafts, "signed");
            let shown = drafts.iter().position(|draft| draft.kind == "table_shown").unwrap();
            let moved = drafts.remove(signed);
            drafts.insert(shown + 1, moved);
        }),
        with("loan: a consent refused", &|drafts| {
            for draft in drafts.iter_mut().filter(|draft| draft.body["purpose"] == "credit_report") {
                draft.body["choice"] = json!("declined");
            }
        }),
        with("loan: not her wish", &|drafts| {
            let at = last(drafts, "confirmed");
            drafts[at].body["own_wish"] = json!("no");
        }),
        with("loan: paid twice", &|drafts| {
            let again = drafts[last(drafts, "disbursed")].clone();
            drafts.push(Draft { id: uuid::Uuid::from_u64_pair(7, 7), ..again });
        }),
        with("loan: the permit had run out", &|drafts| {
            let (at, paid) = (last(drafts, "permit_issued"), drafts[last(drafts, "disbursed")].at_ms);
            drafts[at].body["expires_at_ms"] = json!(paid);
        }),
    ];
    cases.extend(pressed(pack, &story));
    cases.extend(recorded(pack, &recorded_loan(pack, offers)));
    cases
}

/// What she said, answered away, called right, or paid short.
fn pressed(pack: &Pack, story: &[Record]) -> Vec<Case> {
    let with = |kind: &'static str, change: &dyn Fn(&mut Vec<Draft>)| changed(pack, story, kind, change);
    vec![
        with("loan: a yes to a danger, then no to everything", &|drafts| {
            let at = last(drafts, "screen_answered");
            let calm = drafts[at].clone();
            drafts[at].body = json!({"answers": {"forced": "yes"}, "result": "paused", "hits": ["forced"]});
            drafts.insert(at + 1, Draft { id: uuid::Uuid::from_u64_pair(7, 8), ..calm });
        }),
        with("loan: a ring asked for a call that nobody made", &|drafts| {
            let at = last(drafts, "screen_answered");
            drafts.insert(at + 1, ring_alerted(&drafts[at]));
        }),
        with("loan: a ring asked for a call, and a person made it", &|drafts| {
            let at = last(drafts, "screen_answered");
            drafts.insert(at + 1, ring_alerted(&drafts[at]));
            drafts.insert(at + 2, let_go_on(&drafts[at], "staff:sim:compliance"));
        }),
        with("loan: a ring asked for a call, and a consultant says that it was made", &|drafts| {
            let at = last(drafts, "screen_answered");
            drafts.insert(at + 1, ring_alerted(&drafts[at]));
            drafts.insert(at + 2, let_go_on(&drafts[at], "staff:sim:consultant"));
        }),
        // Everything is in order again when it is paid out, but the permit is the one of before.
        with("loan: a ring that was seen after the permit", &|drafts| {
            let at = last(drafts, "permit_issued");
            let again = drafts[last(drafts, "confirmed")].clone();
            let near = Draft { terms: again.terms, ..drafts[at].clone() };
            drafts.insert(at + 1, ring_alerted(&near));
            drafts.insert(at + 2, let_go_on(&near, "staff:sim:compliance"));
            let now = Draft { id: uuid::Uuid::from_u64_pair(7, 11), at_ms: near.at_ms, ..again };
            drafts.insert(at + 3, now);
        }),
        with("loan: an answer was wrong", &|drafts| {
            let at = drafts
                .iter()
                .rposition(|draft| draft.kind == "question_answered" && draft.body["judged"] == "right")
                .unwrap();
            drafts[at].body["judged"] = json!("wrong");
        }),
        with("loan: a yuan short", &|drafts| {
            let at = last(drafts, "disbursed");
            let paid = drafts[at].body["amount_fen"].as_i64().unwrap();
            drafts[at].body["amount_fen"] = json!(paid - 100);
        }),
    ]
}

/// The record of a ring, as it would stand beside `near`.
fn ring_alerted(near: &Draft) -> Draft {
    Draft {
        id: uuid::Uuid::from_u64_pair(7, 9),
        actor: "system".to_owned(),
        kind: "ring_alerted".to_owned(),
        body: json!({"ring": uuid::Uuid::from_u64_pair(1, 2)}),
        ..near.clone()
    }
}

/// A person lets the loan go on.
fn let_go_on(near: &Draft, actor: &str) -> Draft {
    Draft {
        id: uuid::Uuid::from_u64_pair(7, 10),
        actor: actor.to_owned(),
        kind: "screen_reviewed".to_owned(),
        body: json!({"decision": "allowed", "reason": "已单独通话核实"}),
        ..near.clone()
    }
}

/// One loan whose recording in the browser was whole before the payout.
fn recorded_loan(pack: &Pack, offers: &[Terms]) -> Vec<Record> {
    let count = |story: &[Record], kind: &str| story.iter().filter(|record| record.kind() == kind).count();
    let is_clean = |story: &Vec<Record>| {
        ["recording_agreed", "recording_ended", "disbursed", "terms_offered"]
            .iter()
            .all(|kind| count(story, kind) == 1)
            && count(story, "recording_inspected") >= 1
            && count(story, "permit_issued") >= 1
    };
    let stories = (0..4_000).map(|number| records(SEED, number, pack, offers).unwrap());
    stories.into_iter().find(is_clean).unwrap()
}

/// What a recording needs, one thing at a time.
fn recorded(pack: &Pack, story: &[Record]) -> Vec<Case> {
    let with = |kind: &'static str, change: &dyn Fn(&mut Vec<Draft>)| changed(pack, story, kind, change);
    vec![
        with("loan: recorded as it was", &|_| {}),
        with("loan: a recording that a machine could not tell and nobody looked at", &|drafts| {
            drafts.retain(|draft| draft.kind != "recording_reviewed");
            for draft in drafts.iter_mut().filter(|draft| draft.kind == "recording_inspected") {
                for node in draft.body["nodes"].as_array_mut().unwrap() {
                    node["verdict"] = json!("unclear");
                }
            }
        }),
        with("loan: a recording that she agreed to afterwards", &|drafts| {
            let agreed = last(drafts, "recording_agreed");
            let judged = drafts.iter().rposition(|draft| draft.kind.starts_with("recording_")).unwrap();
            let moved = drafts.remove(agreed);
            drafts.insert(judged, moved);
        }),
    ]
}
