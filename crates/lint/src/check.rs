//! Applies the rules to a material.

use std::ops::Range;
use std::sync::LazyLock;

use mingbai_core::text::both;
use mingbai_cost::Words;
use regex::Regex;
use serde::Deserialize;

use crate::book::{Book, Kind, Look, Rule};
use crate::material::{Material, SENTENCE_ENDS};
use crate::price::{Periods, Price, Unit, flat_per_year_ppm, prices};
use crate::report::{Finding, Place, Report};

/// What a file of rules can ask to be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// A price by day, by month or as a flat fee, and no yearly rate anywhere.
    YearMissing,
    /// The yearly rate is in smaller print than another price.
    YearSmaller,
    /// A price that comes to more in a year than the highest yearly rate that is named.
    YearContradicted,
    /// Only the lowest of a range is named.
    OnlyLowest,
    /// A fee, and nobody who collects it, in one sentence.
    PayeeUnclear,
    /// A box is ticked beforehand.
    Ticked,
    /// Words about money that a reader cannot see, or hardly.
    Hidden,
}

/// Print below this share of the running text cannot be read by everybody.
const TINY: u16 = 60;
/// A yearly rate counts as contradicted when it is this much below what another price comes to: the texts round.
const ROUNDING_PPM: i64 = 2_000;
/// Periods that are assumed where none are named.
const USUAL_PERIODS: u32 = 12;
/// How far before a phrase a word can turn it into its opposite, in characters.
const NEGATION_REACH: usize = 10;
/// Most findings of one rule in one material: the rest would say the same.
const MOST_OF_ONE: usize = 20;

#[expect(clippy::expect_used, reason = "constants that tests use")]
static FEE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("服务费|担保费|咨询费|会员费|保险费|保费|手续费|管理费|中介费|信息费|评估费|账户费|居间费")
        .expect("a pattern")
});
#[expect(clippy::expect_used, reason = "constants that tests use")]
static AMOUNT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d(?:[\d,.]*)\s*(?:%|‰|元|块)|万分之|百分之").expect("a pattern"));
#[expect(clippy::expect_used, reason = "constants that tests use")]
static PAYEE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        "由[^,。;]{2,30}?收|收取(?:主体|方|人)|收款(?:方|人|主体)|(?:支付|付|交)(?:给|予|至)|向[^,。;]{2,30}?(?:支付|缴纳|交)|\
         不收|不另收|免收|免除|无需|不得收|没有",
    )
    .expect("a pattern")
});
#[expect(clippy::expect_used, reason = "constants that tests use")]
static LOWEST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:低至|最低|仅需|只要)[^0-9。;\n]{0,6}\d+(?:\.\d+)?\s*(?:%|‰|厘)|\d+(?:\.\d+)?\s*(?:%|‰)起")
        .expect("a pattern")
});
#[expect(clippy::expect_used, reason = "constants that tests use")]
static HIGHEST: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"最高|上限|不超过|[%\d]\s*[-~—–至到]\s*\d").expect("a pattern"));
#[expect(clippy::expect_used, reason = "constants that tests use")]
static ABOUT_MONEY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("费|利率|利息|年化|违约金|罚息|扣|元|%").expect("a pattern"));

impl Book {
    /// Applies every rule for this kind of material.
    #[must_use]
    pub fn check(&self, kind: Kind, material: &Material) -> Report {
        let prices = prices(material.folded());
        let periods = Periods::of(material.folded());
        let mut findings = Vec::new();
        let rules = self.rules.iter().filter(|rule| rule.kinds.contains(&kind));
        for rule in rules {
            let seen = Seen { book: self, rule, material, prices: &prices, periods: &periods };
            findings.extend(seen.found());
        }
        findings.sort_by_key(|f| f.place.as_ref().map_or(usize::MAX, |p| p.bytes.start));
        Report { findings, rules: self.rules_for(kind) }
    }
}

/// One rule before one material.
struct Seen<'a> {
    book: &'a Book,
    rule: &'a Rule,
    material: &'a Material,
    prices: &'a [Price],
    periods: &'a Periods,
}

impl Seen<'_> {
    fn found(&self) -> Vec<Finding> {
        match &self.rule.look {
            Look::Found(patterns) => self.phrases(patterns),
            Look::Needed(patterns) => {
                let there = patterns.iter().any(|p| p.is_match(self.material.folded()));
                if there { Vec::new() } else { vec![self.lacking()] }
            }
            Look::Computed(check) => self.computed(*check),
        }
    }

    fn phrases(&self, patterns: &[Regex]) -> Vec<Finding> {
        let text = self.material.folded();
        let mut places: Vec<Range<usize>> =
            patterns.iter().flat_map(|p| p.find_iter(text).map(|m| m.range())).collect();
        places.sort_by_key(|place| (place.start, place.end));
        places.dedup_by(|later, first| later.start < first.end);
        let told = places.into_iter().filter(|place| !self.negated(place)).take(MOST_OF_ONE);
        told.map(|place| self.at(&place, None)).collect()
    }

    /// Whether a word before the phrase, in the same clause, turns it round: "谨防秒到账".
    fn negated(&self, place: &Range<usize>) -> bool {
        let before = &self.material.folded()[..place.start];
        let clause = before.rsplit([',', '。', ';', '!', '?', '\n', '、']).next().unwrap_or_default();
        let skip = clause.chars().count().saturating_sub(NEGATION_REACH);
        let near: String = clause.chars().skip(skip).collect();
        self.book.negations.iter().any(|word| near.contains(word.as_str()))
    }

    fn computed(&self, check: Check) -> Vec<Finding> {
        let others = || self.prices.iter().filter(|p| p.unit != Unit::Year);
        let years = || self.prices.iter().filter(|p| p.unit == Unit::Year);
        match check {
            Check::YearMissing if years().next().is_none() => {
                let told = others().take(MOST_OF_ONE);
                told.map(|p| self.at(&p.at, self.in_a_year(p).map(comes_to))).collect()
            }
            Check::YearMissing => Vec::new(),
            Check::YearSmaller => {
                let Some(best) = years().max_by_key(|p| self.material.size(&p.at)) else { return Vec::new() };
                let size = self.material.size(&best.at);
                let larger = others().map(|p| self.material.size(&p.at)).filter(|other| *other > size).max();
                larger.map(|other| self.at(&best.at, Some(smaller(size, other)))).into_iter().collect()
            }
            Check::YearContradicted => {
                let Some(highest) = years().map(|p| p.ppm).max() else { return Vec::new() };
                let over = others().filter_map(|p| {
                    let year = self.in_a_year(p)?;
                    (highest + ROUNDING_PPM < year.0).then_some((p, year))
                });
                let told = over.take(MOST_OF_ONE);
                told.map(|(p, year)| self.at(&p.at, Some(contradicts(year, highest)))).collect()
            }
            Check::OnlyLowest => self.sentences(&LOWEST, &HIGHEST, None),
            Check::PayeeUnclear => self.sentences(&FEE, &PAYEE, Some(&AMOUNT)),
            Check::Ticked => self
                .material
                .ticked()
                .iter()
                .take(MOST_OF_ONE)
                .map(|t| self.at_bytes(t.bytes.clone(), None))
                .collect(),
            Check::Hidden => self.hidden(),
        }
    }

    /// What `wanted` finds in sentences that have `also` in them and not `unless`.
    fn sentences(&self, wanted: &Regex, unless: &Regex, also: Option<&Regex>) -> Vec<Finding> {
        let text = self.material.folded();
        let mut from = 0;
        let mut places = Vec::new();
        // One finding for a sentence is enough.
        for sentence in text.split_inclusive(SENTENCE_ENDS) {
            let start = from;
            from += sentence.len();
            let Some(place) = wanted.find(sentence) else { continue };
            if !unless.is_match(sentence) && also.is_none_or(|also| also.is_match(sentence)) {
                places.push(start + place.start()..start + place.end());
            }
        }
        places.iter().take(MOST_OF_ONE).map(|place| self.at(place, None)).collect()
    }

    /// Runs of hidden or tiny print that speak of money.
    fn hidden(&self) -> Vec<Finding> {
        let text = self.material.folded();
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (place, glyph) in self.material.placed() {
            if glyph.size >= TINY || glyph.char == '\n' {
                continue;
            }
            match runs.last_mut() {
                Some(run) if run.end == place.start => run.end = place.end,
                _ => runs.push(place),
            }
        }
        let told = runs.into_iter().filter(|run| ABOUT_MONEY.is_match(&text[run.clone()])).take(MOST_OF_ONE);
        told.map(|run| self.at(&run, Some(print_of(self.material.size(&run))))).collect()
    }

    /// What a price comes to in a year, as simple interest: least and most.
    fn in_a_year(&self, price: &Price) -> Option<(i64, i64)> {
        match price.unit {
            Unit::Day => Some((price.ppm.checked_mul(360)?, price.ppm.checked_mul(365)?)),
            Unit::Month => price.ppm.checked_mul(12).map(|year| (year, year)),
            Unit::FlatMonth => {
                let periods = self.periods.near(price.at.start).unwrap_or(USUAL_PERIODS);
                flat_per_year_ppm(price.ppm, periods).map(|year| (year, year))
            }
            Unit::Year => Some((price.ppm, price.ppm)),
        }
    }

    fn at(&self, folded: &Range<usize>, detail: Option<Words>) -> Finding {
        self.at_bytes(self.material.bytes(folded), detail)
    }

    fn at_bytes(&self, bytes: Range<usize>, detail: Option<Words>) -> Finding {
        let (line, column) = self.material.line_and_column(bytes.start);
        let words = self.material.words(&bytes).to_owned();
        Finding { detail, place: Some(Place { bytes, line, column, words }), ..self.lacking() }
    }

    fn lacking(&self) -> Finding {
        Finding {
            rule: self.rule.id.clone(),
            severity: self.rule.severity,
            right: self.rule.right.clone(),
            title: self.rule.title.clone(),
            detail: None,
            suggest: self.rule.suggest.clone(),
            clause: self.rule.clause.clone(),
            grade: self.rule.grade,
            place: None,
        }
    }
}

fn comes_to((least, most): (i64, i64)) -> Words {
    let range = span(least, most);
    both(format!("折成一年约 {range}(单利)"), format!("that comes to about {range} a year (simple)"))
}

fn contradicts((least, most): (i64, i64), highest: i64) -> Words {
    let (range, said) = (span(least, most), percent(highest));
    both(
        format!("折成一年约 {range}(单利),而文中写的年化最高只有 {said}"),
        format!(
            "that comes to about {range} a year (simple), while the highest yearly rate in the text is {said}"
        ),
    )
}

fn smaller(size: u16, other: u16) -> Words {
    both(
        format!("年化利率的字号是正文的 {size}%,另一个价格是 {other}%"),
        format!("the yearly rate is printed at {size} % of the running text, another price at {other} %"),
    )
}

fn print_of(size: u16) -> Words {
    match size {
        0 => both("读者看不见".to_owned(), "a reader cannot see it".to_owned()),
        _ => both(format!("字号只有正文的 {size}%"), format!("printed at {size} % of the running text")),
    }
}

fn span(least: i64, most: i64) -> String {
    if least == most { percent(least) } else { format!("{}–{}", percent(least), percent(most)) }
}

/// Parts per million as percent with two digits, rounded half up.
fn percent(ppm: i64) -> String {
    let hundredths = (ppm.max(0) + 50) / 100;
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}
