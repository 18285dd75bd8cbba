//! `mingbai scam`: a known pattern ends with 1, anything else with 0, and what cannot be read with 2; training gives the built-in weights.

use crate::run::{folder, mingbai};

#[test]
fn a_message_in_a_file_is_checked() {
    let dir = folder("scam");
    let file = dir.join("message.txt");
    let at = file.display().to_string();
    std::fs::write(&file, "我是公安局的,您名下银行卡涉嫌洗钱,请把资金转到安全账户,不要告诉家人").unwrap();
    let told = mingbai(&["scam", "check", &at, "--lang", "en"]);
    assert_eq!(told.code, 1, "{}", told.told());
    assert!(
        told.out.contains("known pattern of fraud") && told.out.contains("Hang up now."),
        "{}",
        told.told()
    );
    assert!(told.out.contains("police/safe-account"), "{}", told.told());

    std::fs::write(&file, "妈,今晚不回来吃饭了").unwrap();
    let told = mingbai(&["scam", "check", &at, "--lang", "zh", "--json"]);
    assert_eq!(told.code, 0, "{}", told.told());
    let answer: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(answer["verdict"], "no-record");

    std::fs::write(&file, [0xff, 0xfe, 0x00]).unwrap();
    assert_eq!(mingbai(&["scam", "check", &at]).code, 2);
    std::fs::write(&file, "转".repeat(100_000)).unwrap();
    assert_eq!(mingbai(&["scam", "check", &at]).code, 2);
    assert_eq!(mingbai(&["scam", "check", &dir.join("nothing").display().to_string()]).code, 3);
}

#[test]
fn training_again_gives_the_built_in_weights() {
    let told = mingbai(&["scam", "train", "--lang", "en"]);
    assert_eq!(told.code, 0, "{}", told.told());
    assert!(told.out.contains("to the last bit"), "{}", told.told());
}
