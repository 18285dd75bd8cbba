//! The loan book of `mingbai audit`: the mapping (TOML), then a line of `=`, then the book (CSV). Without that line the whole input is a book
//! under the mapping of the example. Every line of a book gets an answer.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mingbai_fuzz::audit::compute::recompute;
use mingbai_fuzz::audit::mapping::Mapping;
use mingbai_fuzz::audit::reader::Reader;

static EXAMPLE: LazyLock<Mapping> = LazyLock::new(|| {
    Mapping::parse(include_str!("../../examples/audit/guaranteed.toml"))
        .unwrap_or_else(|fail| panic!("{fail:?}"))
});

fuzz_target!(|data: &[u8]| {
    let mark = b"\n=\n";
    match data.windows(mark.len()).position(|window| window == mark) {
        None => read(&EXAMPLE, data),
        Some(at) => {
            let Ok(text) = std::str::from_utf8(&data[..at]) else { return };
            if let Ok(mapping) = Mapping::parse(text) {
                read(&mapping, &data[at + mark.len()..]);
            }
        }
    }
});

fn read(mapping: &Mapping, book: &[u8]) {
    let Ok(mut reader) = Reader::open(mapping, book) else { return };
    let mut before = reader.position();
    while let Some(line) = reader.next_line().expect("bytes in memory can be read") {
        assert!(reader.position() > before, "the reading does not go on");
        before = reader.position();
        match line {
            Ok(loan) => drop(recompute(mapping, &loan)),
            Err(error) => assert!(!error.why.zh.is_empty() && !error.why.en.is_empty()),
        }
    }
}
