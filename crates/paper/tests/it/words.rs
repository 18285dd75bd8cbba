//! Both languages are complete, and neither has a word too many.

use std::collections::BTreeMap;

const ZH: &str = include_str!("../../templates/words.zh.json");
const EN: &str = include_str!("../../templates/words.en.json");
const TEMPLATES: [&str; 9] = [
    include_str!("../../templates/house.typ"),
    include_str!("../../templates/parts.typ"),
    include_str!("../../templates/contract.typ"),
    include_str!("../../templates/certificate.typ"),
    include_str!("../../templates/callback_card.typ"),
    include_str!("../../templates/cost_table.typ"),
    include_str!("../../templates/plan.typ"),
    include_str!("../../templates/notice.typ"),
    include_str!("../../templates/letter.typ"),
];

fn words(json: &str) -> BTreeMap<String, String> {
    serde_json::from_str(json).unwrap()
}

#[test]
fn both_languages_have_the_same_words_with_the_same_blanks() {
    let (zh, en) = (words(ZH), words(EN));
    assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (key, text) in &zh {
        assert!(!text.is_empty() && !en[key].is_empty(), "{key} is empty");
        assert_eq!(text.matches("{}").count(), en[key].matches("{}").count(), "{key} has other blanks");
    }
}

#[test]
fn every_word_is_used() {
    for key in words(ZH).keys() {
        let call = format!("t(\"{key}\"");
        assert!(TEMPLATES.iter().any(|template| template.contains(&call)), "{key} is on no paper");
    }
}
