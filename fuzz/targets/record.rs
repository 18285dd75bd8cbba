//! One record as JSON, and the event of a journey in it: kept as the bytes that came, and the same again when written anew.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mingbai_core::actor::Actor;
use mingbai_core::borrow::event::Event;
use mingbai_core::borrow::fold::Stamped;
use mingbai_evidence::merkle::hash_leaf;
use mingbai_evidence::{Draft, Record, chain};

fuzz_target!(|data: &[u8]| {
    let Ok(record) = Record::parse(data.to_vec()) else { return };
    assert_eq!((record.bytes(), record.leaf()), (data, hash_leaf(data)), "evidence is the bytes that came");
    let draft = |record: &Record| Draft {
        id: record.id(),
        stream: record.stream().clone(),
        seq: record.seq(),
        prev: record.prev(),
        at_ms: record.at_ms(),
        actor: record.actor().to_owned(),
        kind: record.kind().to_owned(),
        terms: record.terms(),
        body: record.body().clone(),
    };
    if let Ok(again) = Record::write(draft(&record)) {
        assert_eq!(draft(&again), draft(&record), "a record means the same when it is written anew");
        assert_eq!(Record::write(draft(&again)).map(|r| r.bytes().to_vec()), Ok(again.bytes().to_vec()));
    }
    let _ = chain::check(&[record.clone(), record.clone()]);
    if let Some(actor) = Actor::from_text(record.actor()) {
        assert_eq!(actor.to_string(), record.actor());
    }
    let _ = Stamped::read(&record);
    if let Ok(event) = Event::from_parts(record.kind(), record.body()) {
        let (kind, body) = event.to_parts();
        assert_eq!(kind, record.kind());
        assert_eq!(
            Event::from_parts(&kind, &body),
            Ok(event),
            "an event is the same when it is written anew"
        );
    }
});
