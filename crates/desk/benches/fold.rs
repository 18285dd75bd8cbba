//! How long a journey takes to fold from its stored bytes: every page, every decision and the gate begin with it. The journey is
//! a real one, played through the desk on the SQLite store up to the payout; beside it stands the bare reading of the same
//! bytes, which no fold can beat.

#[allow(dead_code, clippy::unwrap_used, reason = "the house of the tests; the bench plays one loan in it")]
#[path = "../tests/it/house.rs"]
mod house;

use std::hint::black_box;

use criterion::Criterion;
use mingbai_desk::core::borrow::Journey;
use mingbai_desk::core::policy::Pack;
use mingbai_desk::evidence::Record;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (id, records) = runtime.block_on(async {
        let house = house::House::new().await;
        let (id, _) = house.paid_out("BENCH-1").await;
        let logged = house.ports.log.read(&id.stream()).await.expect("the log");
        (id, logged.into_iter().map(|item| item.record).collect::<Vec<_>>())
    });
    let bytes: Vec<Vec<u8>> = records.iter().map(|record| record.bytes().to_vec()).collect();
    let total: usize = bytes.iter().map(Vec::len).sum();
    let pack = Pack::embedded();
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group(format!("{} records, {total} bytes", records.len()));
    group.bench_function("fold", |b| {
        b.iter(|| Journey::fold(id, &pack, black_box(&records)).expect("it folds"));
    });
    group.bench_function("parse", |b| {
        let read = |bytes: &Vec<u8>| Record::parse(bytes.clone()).expect("it parses");
        b.iter(|| black_box(&bytes).iter().map(read).collect::<Vec<_>>());
    });
    group.bench_function("parse as plain JSON (serde_json)", |b| {
        let read = |bytes: &Vec<u8>| serde_json::from_slice::<serde_json::Value>(bytes).expect("JSON");
        b.iter(|| black_box(&bytes).iter().map(read).collect::<Vec<_>>());
    });
    group.finish();
    criterion.final_summary();
}
