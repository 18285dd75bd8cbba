//! Messages of our own, in our own words: how many are recognised, and how many innocent ones are taken for scams. The floors are what the
//! checker reaches today; they may only rise. That it does well here says little (see `docs/scam.md`): the author is the lexicon's.

use mingbai_scam::model::Class;
use mingbai_scam::verdict::{Missing, ReadsAs, Verdict, ranked};
use mingbai_scam::{Answer, Checker, ScamType, Scratch};

const MESSAGES: &str = include_str!("../data/own_messages.tsv");

fn messages() -> Vec<(Class, &'static str)> {
    let lines =
        MESSAGES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    lines
        .map(|(class, text)| (Class::read(class).unwrap_or_else(|| panic!("no class: {class}")), text))
        .collect()
}

fn answer(text: &str) -> Answer {
    Checker::shipped().check(text, &mut Scratch::default()).unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn scams_are_recognised_and_look_alikes_are_not() {
    let all = messages();
    let innocent = all.iter().filter(|(class, _)| !class.is_scam()).count();
    let scams = all.len() - innocent;
    assert!(
        all.len() >= 140 && innocent * 10 >= all.len() * 4,
        "{} messages, {innocent} innocent",
        all.len()
    );
    let (mut found, mut false_alarms, mut named) = (0, Vec::new(), 0);
    for (class, text) in &all {
        let answer = answer(text);
        let known = matches!(answer.verdict, Verdict::KnownPattern { .. });
        match class {
            Class::Scam(family) => {
                found += usize::from(known);
                named += usize::from(ranked(&answer.score).iter().take(2).any(|t| t == family));
            }
            _ if known => false_alarms.push(*text),
            _ => {}
        }
    }
    println!("{found} of {scams} recognised, {named} named, false alarms: {false_alarms:?}");
    assert!(found * 100 >= scams * 85, "{found} of {scams}");
    assert!(named * 100 >= scams * 90, "{named} of {scams}");
    assert!(false_alarms.len() * 100 <= innocent * 3, "{false_alarms:?}");
}

#[test]
fn a_warning_and_a_notice_read_as_what_they_are() {
    for (text, wanted) in [
        ("民警提醒:凡是要求转账到安全账户的都是诈骗", ReadsAs::Warning),
        ("您尾号8812的储蓄卡支出300元,余额1204元,如非本人操作请联系我行", ReadsAs::Notice),
    ] {
        assert_eq!(answer(text).verdict, Verdict::NoRecord { reads_as: Some(wanted) }, "{text}");
    }
}

#[test]
fn too_little_is_not_enough_to_tell() {
    for text in ["", "你好", "13800138000", "http://a.cn", "。。。"] {
        let verdict = answer(text).verdict;
        assert!(!matches!(verdict, Verdict::KnownPattern { .. }), "{text}: {verdict:?}");
    }
    assert_eq!(answer("你好").verdict, Verdict::NotEnough { missing: Missing::Words, families: Vec::new() });
}

#[test]
fn disguises_change_nothing_that_matters() {
    let plain = "我是公安局的,您名下银行卡涉嫌洗钱,请把资金转到安全账户,不要告诉家人";
    for disguised in [
        "我是公.安.局的,您名下银*行*卡涉嫌洗_钱,请把资金转到安 全 账 户,不要告诉家人",
        "我是公安局的,您名下銀行卡涉嫌洗錢,請把資金轉到安全賬戶,不要告訴家人",
        "我是公安局的,您名下银行卡涉嫌xiqian,请把资金转到anquanzhanghu,不要告诉家人",
        "我是公安局的,您名下钅艮行卡涉嫌洗钅戋,请把资金车专到安全贝长户,不要告诉家人",
    ] {
        let families = match answer(disguised).verdict {
            Verdict::KnownPattern { families } => families,
            other => panic!("{disguised}: {other:?}"),
        };
        assert_eq!(families.first(), Some(&ScamType::FakePolice), "{disguised}");
    }
    assert!(matches!(answer(plain).verdict, Verdict::KnownPattern { .. }));
}

/// The lanes are trained with the lexicon's signs held fast, so what a reviewed demand says stays a reason that is shown.
#[test]
fn a_reviewed_demand_stays_a_reason() {
    let text = "我是公安局的,您名下银行卡涉嫌洗钱,请把资金转到安全账户,不要告诉家人";
    let answer = answer(text);
    let lexicon = Checker::shipped().lexicon();
    let reasons: Vec<&str> = answer
        .evidence
        .iter()
        .filter(|part| part.weight > 0.0 && part.shown(lexicon).is_some())
        .filter_map(|part| text.get(part.from..part.to))
        .collect();
    assert!(reasons.iter().any(|words| words.contains("安全账户")), "{reasons:?}");
}
