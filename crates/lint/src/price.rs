//! Prices in running text: by the day, by the month, as a flat fee on the first principal, by the year.

use std::ops::Range;
use std::sync::LazyLock;

use mingbai_cost::solve::monthly_rate;
use regex::{Captures, Regex};

/// What a price is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Day,
    Month,
    /// A fee in every period on the *first* principal: the real rate is almost twice as high.
    FlatMonth,
    Year,
}

/// A price that the text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Price {
    pub(crate) unit: Unit,
    /// The highest value that is named, in parts per million of the principal.
    pub(crate) ppm: i64,
    /// Range of the folded text.
    pub(crate) at: Range<usize>,
}

const NUMBER: &str = r"(\d{1,6}(?:\.\d{1,6})?)";
/// Between the name of a rate and its number: "仅为", "(单利)", "低至".
const BETWEEN: &str = r"[^0-9%。;\n]{0,12}?";

static RATES: LazyLock<Vec<(Unit, Regex)>> = LazyLock::new(|| {
    let upper = format!(r"(?:%?\s*[-~—–至到]\s*{NUMBER})?");
    let named = |unit: Unit, names: &str| (unit, format!(r"(?:{names}){BETWEEN}{NUMBER}{upper}\s*(%|‰)"));
    let patterns = [
        named(Unit::Year, "年化|年利率|年费率|年息|年综合|apr|irr"),
        named(Unit::Day, "日息|日利率|日费率|每日利息|每日利率|日化"),
        named(Unit::Month, "月息|月利率|月化"),
        named(
            Unit::FlatMonth,
            "月费率|月手续费率|每期手续费率?|每期费率|分期手续费率?|分期费率|月服务费率?|月担保费率?",
        ),
    ];
    #[expect(clippy::expect_used, reason = "the patterns are constants, and a test uses each")]
    patterns.into_iter().map(|(unit, p)| (unit, Regex::new(&p).expect("a pattern"))).collect()
});
#[expect(clippy::expect_used, reason = "a constant that a test uses")]
static TEN_THOUSANDTHS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"万分之\s*(\d{1,3}(?:\.\d{1,4})?|[一二两三四五六七八九])").expect("a pattern")
});
#[expect(clippy::expect_used, reason = "a constant that a test uses")]
static LI_AND_FEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:月息|利息|月利)[^0-9。;\n]{0,4}?(\d{1,2}(?:\.\d{1,2})?|[一二两三四五六七八九])(厘|分)")
        .expect("a pattern")
});
#[expect(clippy::expect_used, reason = "a constant that a test uses")]
static A_DAY: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = format!(
        r"{NUMBER}?\s*(万|千)元?[^0-9。;\n]{{0,14}}?(?:每天|每日|一天|日均|日息|1天)[^0-9。;\n]{{0,8}}?{NUMBER}\s*(元|块)"
    );
    Regex::new(&pattern).expect("a pattern")
});
#[expect(clippy::expect_used, reason = "a constant that a test uses")]
static PERIODS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d{1,3})\s*(?:期|个月)").expect("a pattern"));

/// Every price in the folded text, in its order.
pub(crate) fn prices(folded: &str) -> Vec<Price> {
    let mut found = Vec::new();
    for (unit, pattern) in RATES.iter() {
        found.extend(pattern.captures_iter(folded).filter_map(|c| rate(*unit, &c)));
    }
    found.extend(TEN_THOUSANDTHS.captures_iter(folded).filter_map(|c| {
        let ppm = digits(&c[1])? / 10_000;
        Some(Price { unit: Unit::Day, ppm, at: c.get(0)?.range() })
    }));
    found.extend(LI_AND_FEN.captures_iter(folded).filter_map(|c| {
        let percent_tenths = if &c[2] == "分" { 10 } else { 1 };
        let ppm = digits(&c[1])?.checked_mul(percent_tenths)? / 1_000;
        Some(Price { unit: Unit::Month, ppm, at: c.get(0)?.range() })
    }));
    found.extend(A_DAY.captures_iter(folded).filter_map(|c| a_day(&c)));
    found.sort_by_key(|p| (p.at.start, p.at.end));
    // "日息万分之五" is one price, whichever pattern saw it.
    found.dedup_by(|later, first| later.at.start < first.at.end && later.unit == first.unit);
    found
}

fn rate(unit: Unit, captures: &Captures<'_>) -> Option<Price> {
    let whole = captures.get(0)?;
    let low = digits(captures.get(1)?.as_str())?;
    let high = captures.get(2).and_then(|m| digits(m.as_str())).unwrap_or(low);
    // Millionths of the number, as a share: a percent is a hundredth.
    let divisor = if captures.get(3)?.as_str() == "%" { 100 } else { 1_000 };
    Some(Price { unit, ppm: low.max(high) / divisor, at: whole.range() })
}

fn a_day(captures: &Captures<'_>) -> Option<Price> {
    let count = captures.get(1).map_or(Some(1_000_000), |m| digits(m.as_str()))?;
    let thousands = if captures.get(2)?.as_str() == "万" { 10 } else { 1 };
    // In thousandths of a yuan of principal against millionths of a yuan of interest.
    let principal_yuan = count.checked_mul(thousands)?.checked_mul(1_000)? / 1_000_000;
    let interest_micro_yuan = digits(captures.get(3)?.as_str())?;
    let ppm = interest_micro_yuan.checked_div(principal_yuan)?;
    Some(Price { unit: Unit::Day, ppm, at: captures.get(0)?.range() })
}

/// A number in millionths: "0.05" is 50,000; "五" is 5,000,000.
fn digits(text: &str) -> Option<i64> {
    const HAN: [(&str, i64); 10] = [
        ("一", 1),
        ("二", 2),
        ("两", 2),
        ("三", 3),
        ("四", 4),
        ("五", 5),
        ("六", 6),
        ("七", 7),
        ("八", 8),
        ("九", 9),
    ];
    if let Some((_, value)) = HAN.iter().find(|(han, _)| *han == text) {
        return Some(value * 1_000_000);
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part: String = part.chars().chain("000000".chars()).take(6).collect();
    whole.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(part.parse().ok()?)
}

/// Every number of periods that the text names, in its order.
pub(crate) struct Periods(Vec<(usize, u32)>);

impl Periods {
    pub(crate) fn of(folded: &str) -> Self {
        let named = PERIODS.captures_iter(folded).filter_map(|c| {
            let count: u32 = c[1].parse().ok()?;
            (2..=360).contains(&count).then_some((c.get(0)?.start(), count))
        });
        Periods(named.collect())
    }

    /// The one nearest to a place.
    pub(crate) fn near(&self, at: usize) -> Option<u32> {
        let after = self.0.partition_point(|(place, _)| *place < at);
        let beside = [after.checked_sub(1), Some(after)].into_iter().flatten();
        let named = beside.filter_map(|i| self.0.get(i));
        named.min_by_key(|(place, _)| place.abs_diff(at)).map(|(_, count)| *count)
    }
}

/// The real yearly rate, as simple interest, of a fee in each of so many periods on the first principal.
pub(crate) fn flat_per_year_ppm(fee_ppm: i64, periods: u32) -> Option<i64> {
    const PRINCIPAL: i64 = 1_200_000_000;
    let fee = i64::try_from(i128::from(PRINCIPAL) * i128::from(fee_ppm) / 1_000_000).ok()?;
    let part = PRINCIPAL / i64::from(periods);
    let mut flows = vec![PRINCIPAL];
    flows.extend(std::iter::repeat_n(-(part + fee), periods as usize));
    let month = monthly_rate(&flows).ok()?;
    Some(month.simple_ppm)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(Unit, i64)> {
        prices(text).into_iter().map(|p| (p.unit, p.ppm)).collect()
    }

    #[test]
    fn prices_are_read_in_the_ways_people_write_them() {
        for (text, expected) in [
            ("日利率0.05%", (Unit::Day, 500)),
            ("日息低至万分之五", (Unit::Day, 500)),
            ("日利率0.2‰", (Unit::Day, 200)),
            ("借1万元每天只需3.5元", (Unit::Day, 350)),
            ("用1千元一天利息1元", (Unit::Day, 1_000)),
            ("月息8厘", (Unit::Month, 8_000)),
            ("月息两分", (Unit::Month, 20_000)),
            ("月利率1.5%", (Unit::Month, 15_000)),
            ("每期手续费率0.6%", (Unit::FlatMonth, 6_000)),
            ("年化综合融资成本(单利)7.2%", (Unit::Year, 72_000)),
            ("年化利率7.2%-24%", (Unit::Year, 240_000)),
            ("apr 18%", (Unit::Year, 180_000)),
        ] {
            assert_eq!(all(text), [expected], "{text}");
        }
        assert!(all("贷款金额的百分比没有写,期数12期,优惠9折").is_empty());
    }

    #[test]
    fn a_flat_fee_is_almost_twice_its_sum() {
        // 0.6 % a month on the first principal in twelve months: 7.2 % a year said, 13 % paid.
        let real = flat_per_year_ppm(6_000, 12).unwrap();
        assert!((129_000..131_500).contains(&real), "{real}");
        assert_eq!(Periods::of("分12期或24期,每期手续费率0.6%").near(30), Some(24));
        assert_eq!(Periods::of("分0期").near(3), None);
    }
}
