//! The packages: for each simulated journey the valid one, one damaged as files, and one rewritten by a lender who signs again.

use mingbai_core::borrow::sim::records;
use mingbai_core::cost::Terms;
use mingbai_core::evidence::package::write;
use mingbai_core::evidence::{Digest, Draft, Record};
use mingbai_core::policy::Pack;
use serde_json::{Value, json};
use zip::CompressionMethod::{Deflated, Stored};

use super::case::Case;
use super::house::{Files, Key, chained, draft, package_of, rezip, unzip};

pub const SEED: u64 = 20_261_125;

/// Seeded dice (SplitMix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(SEED ^ seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    /// Flips one bit.
    pub fn flip(&mut self, bytes: &mut [u8]) {
        if !bytes.is_empty() {
            let at = self.below(bytes.len());
            bytes[at] ^= 1 << self.below(8);
        }
    }

    fn name(&mut self, files: &Files, folder: &str) -> String {
        let names: Vec<&String> = files.keys().filter(|name| name.starts_with(folder)).collect();
        names[self.below(names.len())].clone()
    }
}

/// The three packages of a journey.
pub fn of(number: u64, pack: &Pack, offers: &[Terms]) -> Vec<Case> {
    let mut dice = Dice::new(number << 20);
    let story = records(SEED, number, pack, offers).unwrap();
    let lender = Key::new(1);
    let bytes = write(&package_of(story.clone(), pack, &lender)).unwrap();
    let keys = match number % 5 {
        0 => Vec::new(),
        1 => vec![Key::new(9).text(), lender.text()],
        2 => vec![Key::new(9).text()],
        _ => vec![lender.text()],
    };
    let damaged = damaged(number, &bytes, &mut dice);
    let rewritten = rewritten(number, story, pack, &mut dice);
    let valid = Case { keys: keys.clone(), ..Case::new("valid", bytes) };
    vec![valid, Case { keys: keys.clone(), ..damaged }, Case { keys, ..rewritten }]
}

fn case(kind: &'static str, bytes: Vec<u8>) -> Case {
    Case { lacks_documents: kind.contains("attachment"), ..Case::new(kind, bytes) }
}

/// Damage that needs no key: flips in every kind of file and in the zip itself, files removed, doubled, swapped.
fn damaged(number: u64, whole: &[u8], dice: &mut Dice) -> Case {
    let mut files = unzip(whole);
    let flips =
        ["record", "proof", "checkpoint", "key", "attachment", "disclosure", "README.txt", "verify.html"];
    let folders = [
        "records/",
        "proofs/",
        "checkpoint",
        "key.txt",
        "attachments/",
        "disclosures/",
        "README.txt",
        "verify.html",
    ];
    let at = usize::try_from(number % 28).unwrap();
    if let (Some(kind), Some(folder)) = (flips.get(at), folders.get(at)) {
        let name = dice.name(&files, folder);
        dice.flip(files.get_mut(&name).unwrap());
        return case(kind, rezip(&files, Stored));
    }
    let mut raw = whole.to_vec();
    match at {
        8 | 9 => dice.flip(&mut raw),
        10..=12 => flip_header(&mut raw, dice),
        13 => raw.truncate(dice.below(whole.len())),
        14 => raw.extend_from_slice(b"tail"),
        15 => return case("deflated again", rezip(&files, Deflated)),
        16 => {
            return case("deflated and flipped", {
                let mut raw = rezip(&files, Deflated);
                dice.flip(&mut raw);
                raw
            });
        }
        _ => return moved(at, files, dice),
    }
    case("zip flipped or cut (any attachment)", raw)
}

/// Flips a bit in the headers of the zip, where readers are most lenient.
fn flip_header(raw: &mut [u8], dice: &mut Dice) {
    let marks: Vec<usize> =
        (0..raw.len() - 4).filter(|at| raw[*at..].starts_with(b"PK") && raw[*at + 2] < 7).collect();
    let at = marks[dice.below(marks.len())];
    let end = (at + 60).min(raw.len());
    dice.flip(&mut raw[at..end]);
}

fn moved(at: usize, mut files: Files, dice: &mut Dice) -> Case {
    let (one, two) = (dice.name(&files, "records/"), dice.name(&files, "records/"));
    let (first, second) = (dice.name(&files, "attachments/"), dice.name(&files, "attachments/"));
    let proof = |name: &str| name.replace("records/", "proofs/");
    let kind = match at {
        17 => {
            files.remove(&one);
            files.remove(&proof(&one));
            "record removed"
        }
        18 => {
            files.remove(if dice.below(2) == 0 { one.as_str() } else { "checkpoint" });
            "one file removed"
        }
        19 => {
            files.insert("records/900000.json".into(), files[&one].clone());
            files.insert("proofs/900000.json".into(), files[&proof(&one)].clone());
            "record doubled"
        }
        20 => {
            swap(&mut files, &one, &two);
            "records swapped"
        }
        21 => {
            swap(&mut files, &proof(&one), &proof(&two));
            "proofs swapped"
        }
        22 => {
            files.remove(&first);
            "attachment removed"
        }
        23 => {
            swap(&mut files, &first, &second);
            "attachments swapped"
        }
        24 => {
            files.insert("attachments/note.exe".into(), b"x".to_vec());
            "stranger attachment"
        }
        25 => {
            files.insert(format!("attachments/{}.txt", Digest::of(b"more")), b"more".to_vec());
            "attachment nobody cites"
        }
        26 => {
            let name = dice.name(&files, "disclosures/");
            let text = String::from_utf8(files[&name].clone()).unwrap().replace("\"0707", "\"0708");
            files.insert(name, text.into_bytes());
            "salt changed"
        }
        _ => {
            let text = String::from_utf8(files[&one].clone()).unwrap();
            let spelled = [text.replacen(',', ", ", 1), text.replacen("{", "{\"v\":1,", 1), text + "\n"];
            files.insert(one, spelled[dice.below(3)].clone().into_bytes());
            "record spelled otherwise"
        }
    };
    case(kind, rezip(&files, Stored))
}

fn swap(files: &mut Files, a: &str, b: &str) {
    let (one, two) = (files[a].clone(), files[b].clone());
    files.insert(a.to_owned(), two);
    files.insert(b.to_owned(), one);
}

/// A lender who rewrites the stream, computes everything anew and signs again: only the rules of the loan can give it away.
fn rewritten(number: u64, story: Vec<Record>, pack: &Pack, dice: &mut Dice) -> Case {
    let mut drafts: Vec<Draft> = story.iter().map(draft).collect();
    let lacks = if number % 12 == 10 { "the pack's digest changed (attachment not cited)" } else { "" };
    let kind = match number % 12 {
        0 => "signed by another key",
        1 | 2 => {
            // The opening names the rules; without it the page has no pack to judge by, and says so.
            let at = 1 + dice.below(drafts.len() - 1);
            drafts.remove(at);
            "one step left out"
        }
        3 => {
            let (a, b) = (dice.below(drafts.len()), dice.below(drafts.len()));
            drafts.swap(a, b);
            "two steps swapped"
        }
        4 => {
            let at = dice.below(drafts.len());
            let copy = Draft { id: uuid::Uuid::from_u64_pair(7, number), ..drafts[at].clone() };
            let to = at + dice.below(drafts.len() - at);
            drafts.insert(to, copy);
            "one step repeated"
        }
        5 => {
            for draft in drafts.iter_mut().filter(|draft| draft.kind == "section_read") {
                draft.at_ms -= i64::try_from(dice.below(40_000)).unwrap();
            }
            "read in less time"
        }
        6 => {
            let at = dice.below(drafts.len());
            let other =
                ["borrower", "system", "staff:sim:consultant", "staff:sim:compliance", "core:core", "king"];
            drafts[at].actor = other[dice.below(other.len())].into();
            "by somebody else"
        }
        7 => {
            let at = dice.below(drafts.len());
            drafts[at].terms = Some(Digest::of(b"other terms"));
            "for other terms"
        }
        8 => {
            judged_right(&mut drafts);
            "every answer called right"
        }
        9 => {
            money(&mut drafts, dice);
            "other amounts"
        }
        10 => {
            drafts[0].body["pack_digest"] = json!(Digest::of(b"pack"));
            lacks
        }
        _ => {
            for draft in drafts.iter_mut().filter(|draft| draft.kind == "terms_offered") {
                draft.body["table"]["sha256"] = json!(Digest::of(b"a kinder table"));
            }
            "the table is not of its terms (attachment not cited)"
        }
    };
    let key = Key::new(if number.is_multiple_of(12) { 66 } else { 1 });
    case(kind, write(&package_of(chained(drafts), pack, &key)).unwrap())
}

fn judged_right(drafts: &mut [Draft]) {
    for draft in drafts.iter_mut().filter(|draft| draft.kind == "question_answered") {
        draft.body["judged"] = json!("right");
    }
}

fn money(drafts: &mut Vec<Draft>, dice: &mut Dice) {
    for draft in drafts.iter_mut() {
        let more = i64::try_from(dice.below(3)).unwrap() - 1;
        let amount = match draft.kind.as_str() {
            "disbursed" | "permit_issued" => draft.body.get_mut("amount_fen"),
            "charge_reported" => draft.body.pointer_mut("/charge/amount_fen"),
            _ => None,
        };
        if let Some(amount) = amount {
            *amount = json!(amount.as_i64().unwrap() + more);
        }
    }
    charges(drafts, dice);
}

/// Adds charges of every kind, on days and with amounts that fit sometimes.
fn charges(drafts: &mut Vec<Draft>, dice: &mut Dice) {
    let Some(last) = drafts.last().cloned() else { return };
    let keys = [
        "instalment",
        "principal",
        "interest",
        "guarantee",
        "early_payoff",
        "overdue_interest",
        "compound_interest",
        "late_fee",
        "handling",
        "",
    ];
    for number in 0..dice.below(7) {
        let key = keys[dice.below(keys.len())];
        let on = format!("202{}-{:02}-{:02}", 6 + dice.below(4), 1 + dice.below(12), 1 + dice.below(28));
        let amount = [1, 100, 25_000, 80_000, 304_219, 10_000_000][dice.below(6)];
        let charge: Value = json!({
            "reference": format!("X{number}"), "item_key": key, "name_text": if key.is_empty() { "担保费" } else { "" },
            "amount_fen": amount, "on": on, "payee": "",
        });
        drafts.push(Draft {
            id: uuid::Uuid::from_u64_pair(8, u64::try_from(number).unwrap()),
            kind: "charge_reported".into(),
            actor: "core:core".into(),
            body: json!({ "charge": charge, "explained": [] }),
            ..last.clone()
        });
    }
}
