//! How long it takes to read a whole log again: `cargo bench -p mingbai-store --bench fsck -- 1000000 [FOLDER]`. The log is written
//! through the store itself, with records of 512 bytes and 32 records to a stream, and kept in FOLDER when one is named.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use mingbai_core::policy::Pack;
use mingbai_desk::ports::{Append, Dice, Log};
use mingbai_evidence::{Draft, Record, StreamId};
use mingbai_store::fsck::{Place, Step, Watch, fsck};
use mingbai_store::{MasterKey, Sqlite};
use uuid::Uuid;

/// Records of one stream.
const STREAM: u64 = 32;
/// Bytes of one record.
const BYTES: usize = 512;
/// Callers at once.
const CALLERS: u64 = 256;

/// Nothing here asks for dice.
struct Face;

impl Dice for Face {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

struct Quiet;

impl Watch for Quiet {
    fn at(&self, _: Step, _: u64, _: u64) {}
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let count: u64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(20_000);
    let named = words.next().map(PathBuf::from);
    let folder = named
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("mingbai-fsck-{}", std::process::id())));
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(run(folder.join("mingbai.db"), count));
    if named.is_none() {
        std::fs::remove_dir_all(&folder)?;
    }
    outcome
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
async fn run(file: PathBuf, count: u64) -> Result<(), Box<dyn std::error::Error>> {
    if !file.exists() {
        let from = Instant::now();
        write(&file, count).await?;
        println!("written  {count} records in {:.1} s", from.elapsed().as_secs_f64());
    }
    for round in 1..=2 {
        let from = Instant::now();
        let report = fsck(Place::File(&file), &[Pack::embedded()], None, &Quiet).await?;
        let seconds = from.elapsed().as_secs_f64();
        if !report.holds() {
            return Err(format!("{:?}", report.findings.told()).into());
        }
        let records = report.records;
        #[expect(clippy::cast_precision_loss, reason = "for people to read")]
        let rate = records as f64 / seconds;
        println!(
            "fsck {round}   {records} records ({} MB), {} nodes in {seconds:.1} s: {rate:.0} records/s, 10 million in {:.0} s",
            report.bytes / 1_000_000,
            report.nodes,
            1e7 / rate
        );
    }
    Ok(())
}

async fn write(file: &std::path::Path, count: u64) -> Result<(), Box<dyn std::error::Error>> {
    let store = Sqlite::open(file, MasterKey::new([7; 32]), Arc::new(Face)).await?;
    let next = Arc::new(AtomicU64::new(0));
    let mut callers = Vec::new();
    for _ in 0..CALLERS {
        let (store, next) = (store.clone(), next.clone());
        callers.push(tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number * STREAM >= count {
                    return Ok::<_, mingbai_desk::ports::LogError>(());
                }
                store.append(stream(number)).await?;
            }
        }));
    }
    for caller in callers {
        caller.await??;
    }
    Ok(())
}

fn stream(number: u64) -> Append {
    let name = StreamId::of_uuid("bench", Uuid::from_u64_pair(1, number));
    let (mut prev, mut records) = (None, Vec::new());
    for seq in 0..STREAM {
        let draft = |text: String| Draft {
            id: Uuid::from_u64_pair(number, seq),
            stream: name.clone(),
            seq,
            prev,
            at_ms: 1_780_000_000_000,
            actor: "system".to_owned(),
            kind: "bench".to_owned(),
            terms: None,
            body: serde_json::json!({ "section": "total", "text": text }),
        };
        let bare = Record::write(draft(String::new())).map_or(BYTES, |record| record.bytes().len());
        if let Ok(record) = Record::write(draft("x".repeat(BYTES - bare))) {
            prev = Some(record.leaf());
            records.push(record);
        }
    }
    Append::of(name, None, records)
}
