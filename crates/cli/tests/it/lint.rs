//! `mingbai lint`: findings with place and clause, exit codes, and what is said of files that cannot be checked.

use crate::run::{folder, mingbai};

#[test]
fn a_bad_poster_is_told_a_good_one_passes_and_no_text_is_refused() {
    let dir = folder("lint");
    let put = |name: &str, text: &[u8]| {
        let path = dir.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let bad =
        put("bad.md", "# 秒到账\n\n示例银行股份有限公司,日利率0.05%,年化利率10.8%。量力而行。\n".as_bytes());
    let ran = mingbai(&["lint", "--lang", "en", &bad]);
    assert_eq!(ran.code, 1, "{}", ran.told());
    for wanted in [
        "2 findings",
        "✗ change 1:3 “秒到账”",
        "3:12 “日利率0.05%”",
        "about 18.00%–18.25% a year (simple), while the highest yearly rate in the text is 10.80%",
        "§ Measures on marketing financial products on line",
        "[second-hand]",
        "No finding is no approval",
    ] {
        assert!(ran.out.contains(wanted), "{wanted}: {}", ran.told());
    }
    let ran = mingbai(&["lint", "--json", &bad]);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["files"][0]["findings"][1]["rule"], "rate.year_contradicted", "{told}");
    assert_eq!(told["files"][0]["findings"][0]["place"]["from"], 2, "{told}");

    let good =
        put("good.txt", "示例银行股份有限公司,年化综合融资成本 8.00%(单利)。借钱要还,量力而行。".as_bytes());
    let ran = mingbai(&["lint", &good]);
    assert_eq!(ran.code, 0, "{}", ran.told());
    assert!(ran.out.contains("没有查出问题") && ran.out.contains("不等于合规"), "{}", ran.told());

    for (name, bytes, said) in [
        ("empty.txt", &b" \n"[..], "there is no text"),
        ("poster.pdf", &b"%PDF-1.7"[..], "is no text"),
        ("gbk.txt", &[0xc3, 0xeb, 0xb5, 0xbd][..], "not UTF-8"),
    ] {
        let ran = mingbai(&["lint", "--lang", "en", &put(name, bytes)]);
        assert!(ran.code == 2 && ran.err.contains(said), "{name}: {}", ran.told());
    }
    let rules = put("rules.toml", b"id = 1");
    let ran = mingbai(&["lint", "--lang", "en", &good, "--rules", &rules]);
    assert!(ran.code == 2 && ran.err.contains("cannot be used"), "{}", ran.told());
}
