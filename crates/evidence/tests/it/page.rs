//! The page that lies in every package: its policy lets nothing run but its own blocks, and it knows the README of this version.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mingbai_evidence::Digest;
use mingbai_evidence::package::{PAGE, README, page_policy, write};
use mingbai_evidence::verify::{ClaimKey, Verdict};

use crate::sample::{Zipping, check, rezip, sample, sample_bytes, unzip};

/// The contents of every `<tag>` block.
fn blocks(tag: &str) -> Vec<&'static str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    PAGE.split(open.as_str()).skip(1).map(|rest| rest.split(close.as_str()).next().unwrap()).collect()
}

#[test]
fn the_policy_names_exactly_the_blocks_of_the_page() {
    let hash = |text: &&str| format!("'sha256-{}'", STANDARD.encode(Digest::of(text.as_bytes()).as_bytes()));
    let list = |tag: &str| blocks(tag).iter().map(hash).collect::<Vec<_>>().join(" ");
    let policy = format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
        list("script"),
        list("style")
    );
    assert_eq!((blocks("script").len(), blocks("style").len()), (2, 1));
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    assert!(PAGE.contains(&meta), "the page was changed; assets/verify/policy.html must be:\n{meta}");
    assert_eq!(page_policy(), policy);
}

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    for forbidden in
        ["http://", "https://", " src=", "href=", "import(", "fetch(", "XMLHttpRequest", "eval(", "innerHTML"]
    {
        assert!(!PAGE.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn the_page_knows_the_readme_of_this_version() {
    let line = format!("const README_SHA256 = \"{}\";", Digest::of(README.as_bytes()));
    assert!(PAGE.contains(&line), "the README was changed; the page must say:\n{line}");
}

#[test]
fn another_page_in_a_package_is_not_vouched_for() {
    let verdict = |bytes: &[u8]| {
        let report = check(bytes);
        report.claims.iter().find(|claim| claim.key == ClaimKey::Page).map(|claim| claim.verdict)
    };
    assert_eq!(verdict(&write(&sample()).unwrap()), Some(Verdict::Proven));
    let mut files = unzip(&sample_bytes());
    files.insert("verify.html".into(), b"<script>alert('all good')</script>".to_vec());
    let swapped = rezip(&files, Zipping::AsWritten);
    assert_eq!(verdict(&swapped), Some(Verdict::NotProven));
    assert!(!check(&swapped).holds());
    files.remove("verify.html");
    assert!(!check(&rezip(&files, Zipping::AsWritten)).holds());
}
