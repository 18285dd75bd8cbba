//! The setting of witnesses: who is asked to cosign the log, and where.

use mingbai_desk::Witness;
use mingbai_evidence::note::cosignature::WitnessKey;

/// The most witnesses: each adds a line to every checkpoint, and a note has at most sixteen.
const LIMIT: usize = 8;

/// Reads `VKEY URL, VKEY URL …`; what is wrong with it, in both languages.
pub fn parse(text: &str) -> Result<Vec<Witness>, (String, String)> {
    let one = |part: &str| {
        let (key, url) = part.trim().split_once(' ')?;
        let url = url.trim();
        let scheme = url.starts_with("https://") || url.starts_with("http://");
        let plain = scheme && !url.contains(char::is_whitespace);
        let key = key.parse::<WitnessKey>().ok()?;
        plain.then(|| Witness { key, url: url.trim_end_matches('/').to_owned() })
    };
    let parts = text.split(',').filter(|part| !part.trim().is_empty());
    let found: Option<Vec<Witness>> = parts.map(one).collect();
    found.filter(|found| found.len() <= LIMIT).ok_or_else(|| {
        (
            format!("应写成“见证方公钥 地址”,多个之间用逗号,最多 {LIMIT} 个"),
            format!("it must be \"WITNESS-KEY ADDRESS\", several with commas between, at most {LIMIT}"),
        )
    })
}

/// The setting as it is shown.
pub fn shown(witnesses: &[Witness]) -> String {
    let one = |witness: &Witness| format!("{} {}", witness.key, witness.url);
    witnesses.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn witnesses_are_read_as_they_are_shown() {
        let key = WitnessKey::new(
            "w.example/1",
            [
                0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07,
                0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07,
                0x51, 0x1a,
            ],
        );
        let key = key.unwrap_or_else(|e| panic!("{e}"));
        let text = format!("{key} https://w.example, {key} http://127.0.0.1:1");
        assert_eq!(parse(&text).map(|found| shown(&found)).as_deref(), Ok(text.as_str()));
        assert_eq!(parse("").map(|found| found.len()), Ok(0));
        for bad in
            [key.to_string(), format!("{key} ftp://x"), "x http://x".to_owned(), format!("{text},").repeat(5)]
        {
            assert!(parse(&bad).is_err(), "{bad}");
        }
    }
}
