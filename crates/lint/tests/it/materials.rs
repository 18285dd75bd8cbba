//! Materials of our own making: what a bad one is told, and what a good one is not. The reports are golden files.

use std::fmt::Write as _;

use mingbai_lint::{Book, Form, Kind, Material, Report, Severity};

fn checked(kind: Kind, form: Form, source: &str) -> Report {
    let material = Material::read(form, source).unwrap();
    Book::embedded().check(kind, &material)
}

fn told(report: &Report) -> String {
    let mut out = String::new();
    for f in &report.findings {
        let place =
            f.place.as_ref().map_or("—".to_owned(), |p| format!("{}:{} “{}”", p.line, p.column, p.words));
        let severity = if f.severity == Severity::Change { "change" } else { "look" };
        let _ = writeln!(out, "{severity:6} {:24} {} {place}", f.rule, f.right);
        if let Some(detail) = &f.detail {
            let _ = writeln!(out, "       {} / {}", detail.zh, detail.en);
        }
    }
    out
}

fn rules(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|f| f.rule.as_str()).collect()
}

const BAD_POSTER: &str = "\
# 极速到账!日息低至 0.02%

零 门 槛,不看征信,有身份证就能借,百分百下款!仅限今天,错过不再有。

**首月免息**,借 1 万每天只需 2 元,分 12 期每期手续费率 0.6%。

<small>年化利率 7.2%。服务费 3% 另计。最终解释权归本公司所有。</small>
";

#[test]
fn a_bad_poster_is_told_every_place() {
    insta::assert_snapshot!(told(&checked(Kind::Advertisement, Form::Markdown, BAD_POSTER)));
}

#[test]
fn an_honest_poster_has_nothing_to_change() {
    let good = "# 明白贷:年化综合融资成本 8.00%(单利)\n\n放款机构:示例消费金融有限公司。借 50,000 元、12 期,每期还 4,349.42 元,\
                一共还 52,193.06 元,除利息外不收任何费用。\n\n看完费用、听懂之后才放款,通常两个工作日。借钱要还,请按自己的能力借。\
                谨防“秒到账”“不看征信”的骗局。投诉:12378。\n";
    assert_eq!(told(&checked(Kind::Advertisement, Form::Markdown, good)), "");
}

const BAD_PAGE: &str = r#"<!doctype html><html><head><style>.x{}</style><title>贷</title></head><body>
<h1>借1万,日息<b>2元</b>起</h1>
<p style="font-size:7px">年化利率 7.2%,担保费按贷款金额的 5% 一次性收取</p>
<div style="display: none">逾期另收违约金 500 元</div>
<form><label><input type="checkbox" checked> 开通会员权益包</label>
<label><input type="checkbox"> 我已阅读</label></form>
<p>继续使用即视为同意本页条款。示例银行股份有限公司。贷款有风险,量力而行。</p></body></html>"#;

#[test]
fn a_page_shows_ticks_small_print_and_hidden_words() {
    insta::assert_snapshot!(told(&checked(Kind::Advertisement, Form::Html, BAD_PAGE)));
}

const BAD_CONTRACT: &str = "\
第一条 借款本金 100,000 元,放款时从本金中一次性扣除服务费 3,000 元。
第二条 乙方须同时购买甲方指定的意外保险,否则不予放款。
第三条 担保费每月 0.8%,共 24 期,由示例融资担保有限公司收取。月费率 0.8%。年化利率 9.6%。
第四条 甲方有权随时单方调整利率,乙方不得提出异议。
第五条 未列明的其他费用由乙方承担。
";

#[test]
fn a_bad_contract_is_told_every_place() {
    insta::assert_snapshot!(told(&checked(Kind::Contract, Form::Plain, BAD_CONTRACT)));
}

const BAD_SCRIPT: &str = "\
您好,我们的日利率只有 0.05%。等会儿录像的时候您只要回答“清楚”就行,不用细看,直接点同意。
服务费的事您别提。验证码报给我,我帮您操作,保证下款。
";

#[test]
fn a_bad_script_is_told_every_place() {
    insta::assert_snapshot!(told(&checked(Kind::Script, Form::Plain, BAD_SCRIPT)));
}

#[test]
fn a_machine_that_does_not_say_so_is_found_and_one_that_does_is_not() {
    let begin =
        "您好,这里是示例消费金融。您这笔贷款年化综合融资成本 8.00%(单利),一共要还 52,193.06 元。您可以不借。";
    let lacking = checked(Kind::VoiceScript, Form::Plain, begin);
    assert_eq!(rules(&lacking), ["voice.announce", "voice.person"]);
    let good = format!("我是智能语音助手,本次通话会录音,转人工请按 0。{begin}");
    assert_eq!(told(&checked(Kind::VoiceScript, Form::Plain, &good)), "");
}

#[test]
fn disguises_are_seen_through_and_warnings_are_not_lures() {
    for lure in ["秒 到 账", "秒\u{200b}到账", "低 门 槛", "100%下款", "0利息贷款"] {
        let report =
            checked(Kind::Advertisement, Form::Plain, &format!("示例银行股份有限公司,量力而行。{lure}"));
        assert_eq!(report.findings.len(), 1, "{lure}: {}", told(&report));
        assert!(report.must_change());
    }
    for warning in
        ["谨防“秒到账”的骗局", "本行不承诺百分百下款", "凡是声称不看征信的都是诈骗", "贷款利率10%息差"]
    {
        let text = format!("示例银行股份有限公司,量力而行。{warning}。");
        assert_eq!(told(&checked(Kind::Advertisement, Form::Plain, &text)), "", "{warning}");
    }
    // A negation counts in its own clause only.
    let text = "示例银行股份有限公司,量力而行。不是广告,秒到账。";
    assert_eq!(rules(&checked(Kind::Advertisement, Form::Plain, text)), ["lure.speed"]);
}

#[test]
fn prices_are_held_against_the_yearly_rate() {
    let of = |text: &str| {
        let report = checked(Kind::Training, Form::Plain, text);
        report.findings.into_iter().map(|f| (f.rule, f.detail.map(|d| d.zh))).collect::<Vec<_>>()
    };
    assert_eq!(of("日利率0.02%,年化利率7.3%。"), []);
    assert_eq!(
        of("日利率0.05%,年化利率10.8%。"),
        [(
            "rate.year_contradicted".to_owned(),
            Some("折成一年约 18.00%–18.25%(单利),而文中写的年化最高只有 10.80%".to_owned())
        )]
    );
    let missing = of("月息一分五,随时可还。");
    assert_eq!(
        missing[0],
        ("rate.year_missing".to_owned(), Some("折成一年约 12.00%(单利)".to_owned())),
        "{missing:?}"
    );
    let flat = of("分12期,每期手续费率0.6%,年化7.2%。");
    assert_eq!(flat.len(), 1);
    assert!(flat[0].1.as_ref().unwrap().starts_with("折成一年约 13.0"), "{flat:?}");
}
