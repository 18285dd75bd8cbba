//! Spellings of one door, and doors that must stay apart.

use mingbai_rings::address::normalise;
use proptest::prelude::*;

#[test]
fn one_door_has_one_spelling() {
    for (one, other) in [
        ("明水县　幸福路３２号，５幢２单元３０２室", "明水县幸福路三十二号 5栋二单元三〇二室"),
        ("育才街一百零五号", "育才街105号"),
        ("3#楼201", "3号楼 201"),
        ("和平里十号樓", "和平里10号楼"),
    ] {
        assert_eq!(normalise(one), normalise(other));
    }
}

#[test]
fn different_doors_and_names_stay_apart() {
    for (one, other) in
        [("3、201", "3201"), ("1-12号", "11-2号"), ("三里屯路", "3里屯路"), ("二十号", "二十一号")]
    {
        assert_ne!(normalise(one), normalise(other));
    }
    assert_eq!(normalise("百子湾路"), "百子湾路", "a name is not a number");
}

proptest! {
    #[test]
    fn twice_is_once(text in "[0-9０-９零一二三四五六七八九十百号幢栋楼室 ,，、#A-Za-z幸福路\\-]{0,24}") {
        let once = normalise(&text);
        prop_assert_eq!(normalise(&once), once);
    }

    #[test]
    fn anything_may_come_in(text in any::<String>()) {
        let once = normalise(&text);
        prop_assert_eq!(normalise(&once), once);
    }

    #[test]
    fn numbers_read_alike(n in 1_u32..1000) {
        let digits = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
        let d = |i: u32| digits[i as usize];
        let mut spoken = String::new();
        if n >= 100 { spoken.push(d(n / 100)); spoken.push('百'); }
        if n % 100 >= 10 { spoken.push(d(n / 10 % 10)); spoken.push('十'); } else if n > 100 && n % 10 > 0 { spoken.push('零'); }
        if n % 10 > 0 { spoken.push(d(n % 10)); }
        prop_assert_eq!(normalise(&format!("{spoken}号")), format!("{n}号"));
    }
}
