//! The process that is killed: it appends without pause and says what was acknowledged. It goes on after an error, as a server does.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use mingbai_core::text::{Tell as _, both};
use mingbai_desk::ports::{Append, Log};
use mingbai_evidence::{Draft, Record, StreamHead, StreamId};
use mingbai_store::Sqlite;
use uuid::Uuid;

use crate::fail::{Fail, Kind};
use crate::house::master::MasterFrom;
use crate::house::ports::Machine;
use crate::house::{KEYS, Origin, STORE, keys};
use crate::real;

/// Callers at once.
const CALLERS: usize = 8;

/// Appends until it is killed.
pub async fn write(data: &Path) -> Result<(), Fail> {
    let keys = keys::open(&data.join(KEYS), Origin::New, "torture", &MasterFrom::File)?;
    let store = Sqlite::open(&data.join(STORE), keys.custody, Arc::new(Machine)).await;
    let log: Arc<dyn Log> = Arc::new(
        store.map_err(|e| Fail::new(Kind::Io, both("打不开", "cannot be opened")).because(e.words()))?,
    );
    let callers: Vec<_> = (0..CALLERS).map(|_| tokio::spawn(caller(log.clone()))).collect();
    for caller in callers {
        let _ = caller.await;
    }
    Ok(())
}

async fn caller(log: Arc<dyn Log>) {
    let Ok(stream) = StreamId::new(&format!("torture/{}", fresh())) else { return };
    loop {
        // After an error the stream is asked where it stands, as the desk does it.
        let Ok(read) = log.read(&stream).await else { continue };
        let mut head = read.last().map(|item| item.record.head());
        while let Some(record) = next(&stream, head) {
            let now = record.head();
            match log.append(Append::of(stream.clone(), head, vec![record])).await {
                Ok(done) => tell(done.first_index, now),
                Err(_) => break,
            }
            head = Some(now);
        }
    }
}

/// One line in one write, so that a kill cuts between lines. Whoever does not listen any more ends the process.
fn tell(index: u64, head: StreamHead) {
    let line = format!("ack {index} {}\n", head.leaf);
    if std::io::stdout().lock().write_all(line.as_bytes()).is_err() {
        std::process::exit(0);
    }
}

fn fresh() -> Uuid {
    let mut bytes = [0; 16];
    real::throw(&mut bytes);
    Uuid::from_bytes(bytes)
}

fn next(stream: &StreamId, head: Option<StreamHead>) -> Option<Record> {
    let draft = Draft {
        id: fresh(),
        stream: stream.clone(),
        seq: head.map_or(0, |head| head.seq + 1),
        prev: head.map(|head| head.leaf),
        at_ms: real::now_ms(),
        actor: "system".to_owned(),
        kind: "torture".to_owned(),
        terms: None,
        body: serde_json::json!({ "text": "x".repeat(300) }),
    };
    Record::write(draft).ok()
}
