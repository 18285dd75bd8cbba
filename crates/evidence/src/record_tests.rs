//! What a record must accept, and above all what it must refuse.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn draft() -> Draft {
    Draft {
        id: Uuid::from_u128(7),
        stream: StreamId::new("borrow/1").unwrap(),
        seq: 0,
        prev: None,
        at_ms: 1_790_000_000_000,
        actor: "staff:li".to_owned(),
        kind: "disclosed".to_owned(),
        terms: Some(Digest::of(b"terms")),
        body: json!({"b": [1, 2.5, "三"], "a": null}),
    }
}

#[test]
fn writes_the_keys_in_the_stated_order() {
    let record = Record::write(draft()).unwrap();
    let text = std::str::from_utf8(record.bytes()).unwrap();
    let terms = Digest::of(b"terms");
    assert!(text.starts_with(&format!(
        "{{\"v\":1,\"id\":\"00000000-0000-0000-0000-000000000007\",\"stream\":\"borrow/1\",\"seq\":0,\"prev\":null,\
         \"at\":1790000000000,\"actor\":\"staff:li\",\"kind\":\"disclosed\",\"terms\":\"{terms}\",\"body\":{{"
    )));
    assert_eq!(record.leaf(), Digest::of_parts(&[&[0], record.bytes()]));
}

#[test]
fn reads_back_what_it_wrote() {
    let record = Record::write(draft()).unwrap();
    let again = Record::parse(record.bytes().to_vec()).unwrap();
    assert_eq!(again, record);
    assert_eq!(again.body(), &draft().body);
}

#[test]
fn refuses_what_two_readers_could_read_differently() {
    let good = String::from_utf8(Record::write(draft()).unwrap().bytes().to_vec()).unwrap();
    let bad = [
        good.replace("\"v\":1", "\"v\":1,\"v\":1"),
        good.replace("\"v\":1", "\"v\":2"),
        good.replace("\"prev\":null,", ""),
        good.replace("\"prev\":null", "\"prev\":null,\"extra\":1"),
        good.replace("\"a\":null", "\"a\":null,\"a\":1"),
        good.replace("\"seq\":0", "\"seq\":-1"),
        good.replace("\"seq\":0", "\"seq\":1"),
        good.replace("\"seq\":0", "\"seq\":\"0\""),
        good.replace("\"at\":1790000000000", "\"at\":-1"),
        good.replace("\"at\":1790000000000", "\"at\":1.5"),
        good.replace("staff:li", "staff\\n"),
        good.replace("\"disclosed\"", "\"\""),
        good.replace("00000000-0000-0000-0000-000000000007", "00000000000000000000000000000007"),
        format!(" {good}"),
        format!("{good}\n"),
        format!("{good}{good}"),
        format!("\u{feff}{good}"),
        "[1,\"00000000-0000-0000-0000-000000000007\",\"a\",0,null,0,\"a\",\"k\",null,null]".to_owned(),
        String::new(),
    ];
    for text in bad {
        assert_ne!(text, good);
        assert!(Record::parse(text.clone().into_bytes()).is_err(), "accepted {text}");
    }
}

#[test]
fn keeps_the_limit_to_the_byte() {
    let body_of = |n: usize| Draft { body: json!("x".repeat(n)), ..draft() };
    let empty = Record::write(body_of(0)).unwrap().bytes().len();
    let room = RECORD_LIMIT - empty;
    assert_eq!(Record::write(body_of(room)).unwrap().bytes().len(), RECORD_LIMIT);
    assert_eq!(Record::write(body_of(room + 1)), Err(RecordError::TooLarge { bytes: RECORD_LIMIT + 1 }));
}

#[test]
fn refuses_a_body_nested_deeper_than_readers_follow() {
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    assert!(matches!(Record::write(Draft { body: deep, ..draft() }), Err(RecordError::Json { .. })));
}

proptest! {
    #[test]
    fn never_panics_on_arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Record::parse(bytes);
    }

    #[test]
    fn never_panics_on_damaged_records(at in 0usize..200, byte in any::<u8>(), cut in 0usize..400) {
        let mut bytes = Record::write(draft()).unwrap().bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        bytes.truncate(cut);
        if let Ok(record) = Record::parse(bytes.clone()) {
            prop_assert_eq!(record.bytes(), &bytes[..]);
            prop_assert_eq!(record.leaf(), hash_leaf(&bytes));
        }
    }
}
