//! `mingbai lint-paper`: a bad template is told with place and remedy, a good one passes, a misspelt name is not ignored.

use crate::run::{folder, mingbai};

const CARD: &str = include_str!("../../../paper/templates/callback_card.typ");

#[test]
fn a_bad_template_is_told_and_a_misspelt_one_is_refused() {
    let dir = folder("lint_paper");
    let at = dir.display().to_string();
    let lint = || mingbai(&["lint-paper", "--lang", "en", "--paper", "callback-card", "--templates", &at]);

    let bad = CARD.replace("  code-point-note()", "  text(fill: white)[a hidden line]");
    assert_ne!(bad, CARD);
    std::fs::write(dir.join("callback-card.typ"), bad).unwrap();
    let told = lint();
    assert_eq!(told.code, 1, "{}", told.told());
    for wanted in
        ["own sha256:", "invisible (zh) [page 1, ", "a hidden line", "Use a colour that can be seen."]
    {
        assert!(told.out.contains(wanted), "{wanted}: {}", told.told());
    }

    std::fs::write(dir.join("callback-card.typ"), CARD).unwrap();
    let told = lint();
    assert_eq!(told.code, 0, "{}", told.told());

    std::fs::write(dir.join("call-back.typ"), CARD).unwrap();
    let told = lint();
    assert_eq!(told.code, 2, "{}", told.told());
    assert!(told.err.contains("no paper is called") && told.err.contains("callback-card"), "{}", told.told());
}
