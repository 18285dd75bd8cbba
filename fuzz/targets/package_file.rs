//! One file inside a whole package replaced, added or taken away, and everything zipped again as our writer does it: only the content can
//! give it away. Reaches the readers of proofs, records, disclosures, keys and checkpoints where they stand, and holds the verifier to its word.
//!
//! Input: which file, what to do, then its content.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mingbai_evidence::package;
use mingbai_evidence::verify::verify_for;
use mingbai_fuzz::log::LOG;
use mingbai_fuzz::sample::{Files, Zipping, rezip, unzip};

static FILES: LazyLock<Files> = LazyLock::new(|| unzip(&LOG.bytes));

fuzz_target!(|data: &[u8]| {
    let Some(([which, how], content)) = data.split_first_chunk::<2>() else { return };
    let mut files = FILES.clone();
    let Some(name) = FILES.keys().nth(usize::from(*which) % FILES.len()).cloned() else { return };
    match how % 4 {
        0 | 1 => drop(files.insert(name.clone(), content.to_vec())),
        2 => drop(files.remove(&name)),
        _ => {
            // The content is the new name, up to the line's end, then the file.
            let at = content.iter().position(|b| *b == b'\n').unwrap_or(content.len());
            let (fresh, rest) = content.split_at(at);
            let Ok(fresh) = std::str::from_utf8(fresh) else { return };
            if fresh.is_empty() || fresh.len() > 200 || fresh.contains('\0') || files.contains_key(fresh) {
                return;
            }
            files.insert(fresh.to_owned(), rest.to_vec());
        }
    }
    let bytes = rezip(&files, Zipping::AsWritten);
    let _ = package::read(&bytes, &LOG.reader.limits);
    let report = verify_for(&bytes, &LOG.reader);
    if report.holds() {
        for (name, content) in &files {
            assert_eq!(FILES.get(name), Some(content), "{name} is another one and everything holds");
        }
        // Leaving out is allowed where the package itself says that something is withheld.
        let gone: Vec<&String> = FILES.keys().filter(|name| !files.contains_key(*name)).collect();
        let withheld = |name: &&String| {
            ["attachments/", "disclosures/", "checkpoint.sm2"].iter().any(|f| name.starts_with(f))
        };
        assert!(gone.iter().all(withheld), "{gone:?} are gone and everything holds");
    }
});
