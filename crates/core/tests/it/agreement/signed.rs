//! A loan that she signed with a key of her own, and one package for each step of that signing that was left out or bent.

use mingbai_core::borrow::sim::records;
use mingbai_core::cost::Terms;
use mingbai_core::evidence::package::write;
use mingbai_core::evidence::{Draft, Record};
use mingbai_core::policy::Pack;
use serde_json::json;

use super::case::Case;
use super::cases::SEED;
use super::house::{Key, chained, draft, package_of};

/// A loan that was paid out and has one signature, by a key.
fn story(pack: &Pack, offers: &[Terms]) -> Vec<Record> {
    let count = |story: &[Record], kind: &str| story.iter().filter(|record| record.kind() == kind).count();
    let once =
        ["signed", "signing_begun", "signing_approved", "signature_prepared", "disbursed", "terms_offered"];
    let fits = |story: &Vec<Record>| {
        once.iter().all(|kind| count(story, kind) == 1)
            && count(story, "permit_issued") > 0
            && count(story, "signing_trouble") == 0
            && story.iter().any(|record| record.kind() == "signed" && record.body()["path"] == "own_key")
    };
    let stories = (0..4_000).map(|number| records(SEED, number, pack, offers).unwrap());
    stories.into_iter().find(fits).expect("one of four thousand loans is signed by a key and paid out")
}

/// Every case; its kind begins with the group of the rules that it is aimed at.
pub fn cases(pack: &Pack, offers: &[Terms]) -> Vec<Case> {
    let story = story(pack, offers);
    let nothing = "0".repeat(64);
    let with = |kind: &'static str, change: &dyn Fn(&mut Vec<Draft>)| {
        let mut drafts: Vec<Draft> = story.iter().map(draft).collect();
        change(&mut drafts);
        let bytes = write(&package_of(chained(drafts), pack, &Key::new(1))).unwrap();
        Case { keys: vec![Key::new(1).text()], ..Case::new(kind, bytes) }
    };
    let put = |kind: &'static str, record: &'static str, field: &'static str, value: serde_json::Value| {
        with(kind, &|drafts| {
            for draft in drafts.iter_mut().filter(|draft| draft.kind == record) {
                draft.body[field] = value.clone();
            }
        })
    };
    vec![
        with("signing: as it was", &|_| {}),
        with("signing: another contract was opened", &|drafts| {
            for draft in drafts.iter_mut().filter(|draft| draft.kind == "contract_shown") {
                draft.body["document"]["sha256"] = json!(nothing);
            }
        }),
        put("signing: another number", "signing_begun", "nonce", json!(nothing)),
        put("signing: another amount", "signing_begun", "amount_fen", json!(1)),
        put("signing: digits of another wish", "signing_approved", "challenge", json!(nothing)),
        put("signing: another key", "signed", "certificate", json!(nothing)),
        put("signing: another document", "signed", "shown", json!(nothing)),
        put("signing: too late", "signing_begun", "expires_at_ms", json!(0)),
        with("signing: after trouble", &|drafts| {
            let at = drafts.iter().position(|draft| draft.kind == "signed").unwrap();
            let body = json!({ "challenge": drafts[at].body["challenge"], "trouble": "document_differs" });
            let id = uuid::Uuid::from_u64_pair(8, 8);
            let trouble = Draft { id, kind: "signing_trouble".into(), body, ..drafts[at].clone() };
            drafts.insert(at, trouble);
        }),
        with("signing: by the consultant", &|drafts| {
            for draft in drafts.iter_mut().filter(|draft| draft.kind.starts_with("sign")) {
                draft.actor = "staff:sim:consultant".into();
            }
        }),
    ]
}
