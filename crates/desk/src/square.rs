//! What the square code of a paper holds: where to check it, its short code, and the beginning of the digest of the figures that it
//! was printed from. Whoever scans it learns that the figures are the kept ones; nothing in it says anything about a person.

use mingbai_evidence::Digest;

use crate::token;

/// Bytes of the digest: 160 bits bind a paper to its figures and keep the code coarse enough for a photograph.
const DIGEST_BYTES: usize = 20;

/// The text of the code. In upper case, which needs fewer and larger squares, unless the house lives under a path: that may not be
/// written in another case.
pub(crate) fn text(base_url: &str, code: &str, table: &Digest) -> String {
    let text = format!("{base_url}/c/{code}/{}", mark(table));
    let under_a_path = base_url.split_once("://").is_none_or(|(_, rest)| rest.contains('/'));
    if under_a_path { text } else { text.to_ascii_uppercase() }
}

/// Whether this is what a code holds of these figures' digest, in whatever case it was scanned.
pub(crate) fn says(mark_text: &str, table: &Digest) -> bool {
    mark_text.eq_ignore_ascii_case(&mark(table))
}

fn mark(table: &Digest) -> String {
    token::base32(table.as_bytes().get(..DIGEST_BYTES).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_in_upper_case_and_names_its_figures() {
        let table = Digest::of(b"figures");
        let made = text("https://mingbai.example", "K7QX2M9D4T3W", &table);
        assert!(made.starts_with("HTTPS://MINGBAI.EXAMPLE/C/K7QX2M9D4T3W/"), "{made}");
        assert!(made.bytes().all(|b| !b.is_ascii_lowercase()) && made.len() == 71, "{made}");
        let mark = made.rsplit('/').next().unwrap_or_default();
        assert!(says(mark, &table) && says(&mark.to_lowercase(), &table));
        assert!(!says(mark, &Digest::of(b"other figures")) && !says("", &table) && !says(&mark[1..], &table));
        let under = text("https://bank.example/mingbai", "K7QX2M9D4T3W", &table);
        assert!(under.starts_with("https://bank.example/mingbai/c/K7QX2M9D4T3W/"), "{under}");
    }
}
