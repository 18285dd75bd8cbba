//! The page in every package, put together from readable pieces. Only their order is said here; what is in them shares nothing
//! with this verifier.

/// Opens a piece of the page.
macro_rules! piece {
    ($name:literal) => {
        include_str!(concat!("../../assets/verify/", $name))
    };
}

/// `verify.html` in every package: the second verifier, for a browser without network. It shares no code with [`crate::verify`].
pub const PAGE: &str = concat!(
    piece!("head.html"),
    piece!("policy.html"),
    piece!("title.html"),
    piece!("style.css"),
    piece!("body.html"),
    piece!("limits.js"),
    piece!("hashes.js"),
    piece!("ed25519.js"),
    piece!("zip.js"),
    piece!("json.js"),
    piece!("report.js"),
    piece!("records.js"),
    piece!("checkpoint.js"),
    piece!("keys.js"),
    piece!("proofs.js"),
    piece!("streams.js"),
    piece!("der.js"),
    piece!("certificate.js"),
    piece!("timestamp.js"),
    piece!("stamped.js"),
    piece!("national.js"),
    piece!("witness.js"),
    piece!("receipt.js"),
    piece!("erasure.js"),
    piece!("contents.js"),
    piece!("events.js"),
    piece!("table.js"),
    piece!("reading.js"),
    piece!("recording.js"),
    piece!("ceremony.js"),
    piece!("permit.js"),
    piece!("loan.js"),
    piece!("charges.js"),
    piece!("whole.js"),
    piece!("between.html"),
    piece!("page.js"),
    piece!("tail.html"),
);

/// What the page lets run and load: nothing but its own blocks, by their hashes (the value of its Content-Security-Policy). Whoever
/// serves the page sends the same in the header.
#[must_use]
pub fn page_policy() -> &'static str {
    let value = piece!("policy.html").split('"').nth(3);
    value.unwrap_or("default-src 'none'")
}
