//! Identifiers in one spelling.

use mingbai_rings::Kind;
use mingbai_rings::normal::{Unfit, normalise};
use proptest::prelude::*;

#[test]
fn one_thing_has_one_spelling() {
    for (kind, spellings) in [
        (Kind::Phone, vec!["13800000001", "+86 138-0000-0001", "0086 13800000001", "１３８０００００００１"]),
        (Kind::Card, vec!["6222 0212 3456 7890 123", "6222021234567890123", "6222-0212-3456-7890-123"]),
        (Kind::FeeAccount, vec!["Fee_Account 01", "feeaccount01"]),
        (Kind::Device, vec!["A1B2-C3D4-E5F6", "a1b2c3d4e5f6"]),
        (Kind::Wifi, vec!["AA:BB:CC:dd:ee:ff", "aa-bb-cc-dd-ee-ff"]),
        (Kind::Ip, vec!["::ffff:203.0.113.9", "203.0.113.9"]),
        (Kind::Ip, vec!["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"]),
        (Kind::Address, vec!["河南省郑州市某区一路3号楼201", "河南省郑州市某区一路３号楼 201"]),
        (
            Kind::Script,
            vec![
                "我在工地做电工,每个月工资八千元,借钱是为了给家里装修房子,没有其他贷款。",
                "我在工地做电工 每个月工资八千元 借钱是为了给家里装修房子 没有其他贷款",
            ],
        ),
    ] {
        let all: Vec<_> = spellings.iter().map(|text| normalise(kind, text)).collect();
        assert!(all[0].is_ok(), "{kind:?} {all:?}");
        assert!(all.iter().all(|one| *one == all[0]), "{kind:?} {all:?}");
    }
}

#[test]
fn what_says_nothing_joins_nobody() {
    for (kind, text, why) in [
        (Kind::Device, "00000000", Unfit::TooLittle),
        (Kind::Device, "abc", Unfit::TooLittle),
        (Kind::Phone, "十三", Unfit::Form),
        (Kind::Phone, "11111111111", Unfit::TooLittle),
        (Kind::Card, "1234", Unfit::Form),
        (Kind::Ip, "127.0.0.1", Unfit::TooLittle),
        (Kind::Ip, "10.0.0.7", Unfit::TooLittle),
        (Kind::Ip, "999.1.1.1", Unfit::Form),
        (Kind::Introducer, "没有", Unfit::TooLittle),
        (Kind::Script, "是的", Unfit::TooLittle),
        (Kind::Address, "郑州", Unfit::TooLittle),
        (Kind::Employer, " \u{200B} ", Unfit::Length),
    ] {
        assert_eq!(normalise(kind, text), Err(why), "{kind:?} {text:?}");
    }
    assert_eq!(normalise(Kind::Script, &"长".repeat(2_001)), Err(Unfit::Length));
}

proptest! {
    /// Whatever is sent, it does not panic, and what was normalised stays as it is.
    #[test]
    fn twice_is_once(text in "\\PC{0,60}|[0-9a-fA-F:. -]{0,40}", kind in 0_usize..11) {
        let kind = Kind::ALL[kind];
        if let Ok(once) = normalise(kind, &text)
            && kind != Kind::Ip
        {
            prop_assert_eq!(normalise(kind, &once), Ok(once));
        }
    }
}
