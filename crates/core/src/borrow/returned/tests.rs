//! Who may say what about a returned paper, played through.

use mingbai_evidence::{Draft, StreamId};
use serde_json::json;
use uuid::Uuid;

use super::*;

const LI: &str = "staff:li:consultant";

fn actor(login: &str, role: StaffRole) -> String {
    Actor::Staff(Login::new(login).unwrap(), role).to_string()
}

fn file(text: &str) -> AttachmentRef {
    AttachmentRef { sha256: Digest::of(text.as_bytes()), media: "image/png".into(), bytes: 7 }
}

fn seen(answers: [Answer; 4]) -> PaperReturned {
    let words = both("说明", "why");
    let claim = |(claim, answer)| SeenClaim { claim, answer, reason: words.clone(), places: Vec::new() };
    PaperReturned {
        document: Digest::of(b"document"),
        code: "K7QX2M9D4T3W".into(),
        picture: file("picture"),
        expected: file("expected"),
        laid: file("laid"),
        page: Some(1),
        claims: PaperClaim::ALL.into_iter().zip(answers).map(claim).collect(),
        ink: vec![SeenInk { place: "sign-borrower".into(), ink_cmm2: 900 }],
        figures: Figures::Person { why: words },
        eyes: "test 1".into(),
    }
}

/// A stream that anybody may write to, past the rules.
#[derive(Default)]
struct Stream(Vec<Record>);

impl Stream {
    fn put(&mut self, actor: &str, kind: &str, body: &impl Serialize) -> Digest {
        let head = self.0.last().map(Record::head);
        let record = Record::write(Draft {
            id: Uuid::from_u128(self.0.len() as u128 + 1),
            stream: StreamId::of_uuid("paper", Uuid::from_u128(9)),
            seq: head.map_or(0, |head| head.seq + 1),
            prev: head.map(|head| head.leaf),
            at_ms: 1_000 + self.0.len() as i64,
            actor: actor.to_owned(),
            kind: kind.to_owned(),
            terms: None,
            body: serde_json::to_value(body).unwrap(),
        })
        .unwrap();
        self.0.push(record);
        self.0.last().unwrap().leaf()
    }

    fn paper(&self) -> ReturnedPaper {
        fold(&self.0).remove(0)
    }
}

fn compared(returned: Digest, found: Found) -> PaperCompared {
    PaperCompared { returned, found, note: "金额改了".into() }
}

fn decided(returned: Digest, decision: PaperDecision, note: &str) -> PaperDecided {
    PaperDecided { returned, decision, note: note.into() }
}

const ALL_HOLD: [Answer; 4] = [Answer::Holds; 4];

/// A picture with these answers, handed in and compared by li.
fn by_li(answers: [Answer; 4], found: Found) -> (Stream, Digest) {
    let mut stream = Stream::default();
    let li = actor("li", StaffRole::Consultant);
    let leaf = stream.put(&li, RETURNED, &seen(answers));
    stream.put(&li, COMPARED, &PaperCompared { returned: leaf, found, note: "第二行不同".into() });
    (stream, leaf)
}

#[test]
fn a_second_person_confirms_what_holds() {
    let (mut stream, leaf) = by_li(ALL_HOLD, Found::Same);
    let wang = actor("wang", StaffRole::Consultant);
    stream.put(&wang, DECIDED, &decided(leaf, PaperDecision::Confirmed, ""));
    let paper = stream.paper();
    assert!(paper.is_confirmed());
    assert_eq!(paper.decided.unwrap().by.as_str(), "wang");
}

#[test]
fn nobody_decides_about_her_own_picture_or_comparison() {
    let (mut stream, leaf) = by_li(ALL_HOLD, Found::Same);
    for same_login in [StaffRole::Consultant, StaffRole::Compliance] {
        stream.put(&actor("li", same_login), DECIDED, &decided(leaf, PaperDecision::Confirmed, ""));
    }
    assert!(stream.paper().decided.is_none(), "one login is one person, whatever her role");
    let mut stream = Stream::default();
    let leaf = stream.put(&actor("li", StaffRole::Consultant), RETURNED, &seen(ALL_HOLD));
    let wang = actor("wang", StaffRole::Compliance);
    stream.put(&wang, COMPARED, &compared(leaf, Found::Same));
    stream.put(&wang, DECIDED, &decided(leaf, PaperDecision::Confirmed, ""));
    assert!(stream.paper().decided.is_none(), "who compared does not confirm her own comparison");
}

#[test]
fn only_staff_of_a_branch_or_compliance_counts() {
    let (mut stream, leaf) = by_li(ALL_HOLD, Found::Same);
    for stranger in [
        Actor::Borrower.to_string(),
        Actor::System.to_string(),
        actor("au", StaffRole::Auditor),
        actor("ad", StaffRole::Admin),
    ] {
        stream.put(&stranger, DECIDED, &decided(leaf, PaperDecision::Confirmed, ""));
        stream.put(&stranger, RETURNED, &seen(ALL_HOLD));
    }
    assert_eq!(fold(&stream.0).len(), 1);
    assert!(stream.paper().decided.is_none());
}

#[test]
fn what_is_contradicted_or_unknown_is_not_confirmed_by_a_click() {
    let wang = Actor::Staff(Login::new("wang").unwrap(), StaffRole::Consultant);
    let confirm = |stream: &Stream, leaf, note: &str| {
        may_decide(&stream.paper(), &wang, &decided(leaf, PaperDecision::Confirmed, note)).is_ok()
    };
    for wrong in 0..4 {
        let mut answers = ALL_HOLD;
        answers[wrong] = Answer::Contradicted;
        let (stream, leaf) = by_li(answers, Found::Same);
        assert!(!confirm(&stream, leaf, "原纸我看过了没问题"), "claim {wrong}");
        answers[wrong] = Answer::NotKnown;
        let (stream, leaf) = by_li(answers, Found::Same);
        assert!(!confirm(&stream, leaf, ""), "claim {wrong} without a reason");
        assert_eq!(confirm(&stream, leaf, "原纸我看过了没问题"), wrong != 0, "claim {wrong} with one");
    }
    let (stream, leaf) = by_li(ALL_HOLD, Found::Different);
    assert!(!confirm(&stream, leaf, "我觉得可以通过"), "the comparison found a difference");
    let mut stream = Stream::default();
    let leaf = stream.put(&actor("li", StaffRole::Consultant), RETURNED, &seen(ALL_HOLD));
    assert!(!confirm(&stream, leaf, "没有核对也可以"), "nobody compared");
    let fewer = PaperReturned { claims: Vec::new(), ..seen(ALL_HOLD) };
    assert_eq!(fewer.answer(), Answer::NotKnown, "silence is no pass");
}

#[test]
fn a_refusal_needs_words_and_stands() {
    let (mut stream, leaf) = by_li(ALL_HOLD, Found::Same);
    let wang = actor("wang", StaffRole::Consultant);
    stream.put(&wang, DECIDED, &decided(leaf, PaperDecision::Refused, "不"));
    assert!(stream.paper().decided.is_none());
    stream.put(&wang, DECIDED, &decided(leaf, PaperDecision::Refused, "签名不是本人的"));
    stream.put(&actor("zhao", StaffRole::Compliance), DECIDED, &decided(leaf, PaperDecision::Confirmed, ""));
    assert!(!stream.paper().is_confirmed() && stream.paper().decided.is_some());
    let long = "长".repeat(NOTE_LIMIT + 1);
    let paper = ReturnedPaper { decided: None, ..stream.paper() };
    let zhao = Actor::Staff(Login::new("zhao").unwrap(), StaffRole::Compliance);
    assert!(may_decide(&paper, &zhao, &decided(leaf, PaperDecision::Refused, &long)).is_err());
}

#[test]
fn a_readers_difference_is_a_contradiction_and_its_agreement_no_pass() {
    let li = actor("li", StaffRole::Consultant);
    let wang = Actor::Staff(Login::new("wang").unwrap(), StaffRole::Consultant);
    let place = ReadPlace {
        at_dmm: [100, 200, 80, 25],
        printed: "3,246.86".into(),
        read: "3,346.86".into(),
        sure_ppm: 990_000,
    };
    let read = |differing: Vec<ReadPlace>, unsure_at: Vec<ReadPlace>| {
        let mut picture = seen(ALL_HOLD);
        let unsure = unsure_at.len() as u32;
        picture.figures = Figures::Reader { name: "reader 1".into(), same: 12, differing, unsure, unsure_at };
        picture
    };
    let confirm = |picture: &PaperReturned, compared_too: bool| {
        let mut stream = Stream::default();
        let leaf = stream.put(&li, RETURNED, picture);
        if compared_too {
            stream.put(&li, COMPARED, &compared(leaf, Found::Same));
        }
        let wish = decided(leaf, PaperDecision::Confirmed, "识别错了,纸上没错");
        may_decide(&stream.paper(), &wang, &wish).is_ok()
    };
    let differs = read(vec![place.clone()], Vec::new());
    assert_eq!(differs.answer(), Answer::Contradicted);
    assert!(!confirm(&differs, true), "another picture, not a reason");
    let agrees = read(Vec::new(), Vec::new());
    assert!(!confirm(&agrees, false), "a person compares all the same");
    assert!(confirm(&agrees, true));
    assert!(confirm(&read(Vec::new(), vec![place]), true), "what it could not read, a person did");
}

#[test]
fn rubbish_in_the_stream_is_passed_over() {
    let mut stream = Stream::default();
    for kind in [RETURNED, COMPARED, DECIDED, TURNED_AWAY, "paper_issued"] {
        stream.put(LI, kind, &json!({"x": 1}));
    }
    assert!(fold(&stream.0).is_empty() && turned_away(&stream.0).is_empty());
}

#[test]
fn what_was_turned_away_is_told_and_is_no_paper() {
    let mut stream = Stream::default();
    let what = PaperTurnedAway {
        file_sha256: Digest::of(b"gif"),
        file_bytes: 3,
        fault: Fault::NotAPicture,
        words: both("说明", "why"),
        eyes: "test 1".into(),
    };
    stream.put(&Actor::Borrower.to_string(), TURNED_AWAY, &what);
    stream.put(&actor("li", StaffRole::Consultant), TURNED_AWAY, &what);
    let told = turned_away(&stream.0);
    assert_eq!(told.iter().map(|said| said.by.as_str()).collect::<Vec<_>>(), ["li"]);
    assert_eq!(told[0].what, what);
    assert!(fold(&stream.0).is_empty());
}
