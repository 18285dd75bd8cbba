//! Anything at all: no panic, places inside the file, and time that grows with the text alone.

use mingbai_lint::{Book, Form, Kind, MATERIAL_MAX, Material};
use proptest::prelude::*;

const FORMS: [Form; 3] = [Form::Plain, Form::Markdown, Form::Html];

fn sound(form: Form, source: &str, book: &Book) {
    let Ok(material) = Material::read(form, source) else { return };
    for kind in Kind::ALL {
        for finding in book.check(kind, &material).findings {
            let Some(place) = finding.place else { continue };
            assert!(place.bytes.start <= place.bytes.end && place.bytes.end <= source.len());
            assert_eq!(source.get(place.bytes.clone()), Some(place.words.as_str()), "{}", finding.rule);
            assert!(place.line >= 1 && place.column >= 1);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn anything_is_read_and_every_place_is_in_the_file(
        pieces in prop::collection::vec(
            prop_oneof![
                Just("日息"), Just("0.05%"), Just("年化"), Just("<b>"), Just("</b>"), Just("&nbsp;"), Just("&#x4e00;"), Just("秒 到 账"),
                Just("服务费 3%"), Just("**"), Just("\n\n"), Just("[^1]: "), Just("\u{200b}"), Just("<input type=checkbox checked>"),
                Just("<p style='font-size:1px'>"), Just("万分之五"), Just("借1万每天2元"), Just("99999999999999999999%"), Just("分0期"),
            ].prop_map(str::to_owned).boxed().prop_union(".{0,12}".boxed()),
            0..40,
        ),
    ) {
        let book = Book::embedded();
        let source = pieces.concat();
        for form in FORMS {
            sound(form, &source, &book);
        }
    }
}

#[test]
fn a_long_material_is_read() {
    let book = Book::embedded();
    for piece in
        ["日息0.05%,秒到账。", "<p>服务费3%", "**粗** ", "((((", "1万元", "<div style='display:none'>"]
    {
        let source = piece.repeat(MATERIAL_MAX / 4 / piece.len());
        for form in FORMS {
            if let Ok(material) = Material::read(form, &source) {
                assert!(
                    book.check(Kind::Advertisement, &material).findings.len()
                        <= 20 * book.rules_for(Kind::Advertisement)
                );
            }
        }
    }
}
