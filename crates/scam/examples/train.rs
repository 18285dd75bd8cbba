//! Trains the shipped weights again: `cargo run -p mingbai-scam --release --example train [FILE]`. Without a file it only says whether they
//! are the shipped ones, to the last bit. The same as `mingbai scam train`, for those who change text or lexicon and build this crate alone.

use mingbai_scam::model::{Model, train_shipped};

fn main() {
    let trained = train_shipped();
    let bytes = trained.model.to_bytes();
    println!("{} texts, {} bytes, {:?}", trained.own, bytes.len(), trained.model.fusion());
    match std::env::args().nth(1) {
        Some(path) => std::fs::write(&path, &bytes).unwrap_or_else(|e| panic!("{path}: {e}")),
        None if bytes == Model::shipped_bytes() => {
            println!("the same as the shipped weights, to the last bit")
        }
        None => panic!("not the shipped weights"),
    }
}
