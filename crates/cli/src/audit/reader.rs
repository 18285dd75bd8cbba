//! From lines to loans. A line that cannot be read is an error with its line and column, and the reading goes on.

use std::io::Read;

use csv::StringRecord;
use jiff::civil::Date;
use mingbai_core::text::both;
use mingbai_cost::terms::Base;
use mingbai_cost::{Fen, Words};

use crate::audit::decimal::{self, BadNumber};
use crate::audit::mapping::{FeeOn, Mapping};
use crate::fail::{Fail, Kind};

/// A line longer than this is refused: a quote that was never closed would otherwise swallow the book.
const MAX_LINE_BYTES: usize = 64 * 1024;
/// How much of a wrong value is shown.
const SHOWN_CHARS: usize = 40;

/// One loan as the book states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loan {
    /// Line in the file, 1 = the header.
    pub line: u64,
    /// The book's number, or the line.
    pub id: String,
    /// Contract principal.
    pub principal: Fen,
    /// Monthly periods.
    pub periods: u32,
    /// Nominal annual rate, ppm.
    pub annual_rate_ppm: i64,
    /// The instalment that the book states.
    pub stated: Fen,
    /// Payout day.
    pub payout_on: Date,
    /// Level of each fee, in the order of the mapping.
    pub fees: Vec<Base>,
}

/// What is wrong with one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineError {
    /// Line in the file.
    pub line: u64,
    /// Header of the column, if one is to blame.
    pub column: Option<String>,
    /// The value, cut short.
    pub value: String,
    /// Why.
    pub why: Words,
}

/// A loan or what is wrong with its line.
pub type Line = Result<Loan, LineError>;

/// Places of the mapped columns in a record.
struct Places {
    id: Option<usize>,
    principal: usize,
    periods: usize,
    annual_rate: usize,
    instalment: usize,
    payout_on: Option<usize>,
    fees: Vec<usize>,
}

/// A book that is being read.
pub struct Reader<'m, R: Read> {
    mapping: &'m Mapping,
    places: Places,
    records: csv::Reader<R>,
    record: StringRecord,
}

impl<'m, R: Read> Reader<'m, R> {
    /// Opens a book and finds the mapped columns in its header.
    pub fn open(mapping: &'m Mapping, source: R) -> Result<Self, Fail> {
        let mut records = csv::ReaderBuilder::new().flexible(true).from_reader(source);
        let header = records.headers().map_err(|e| bad_book(&e))?.clone();
        let clean = |name: &str| name.trim().trim_start_matches('\u{feff}').to_owned();
        let names: Vec<String> = header.iter().map(clean).collect();
        let missing: Vec<&str> =
            mapping.headers().into_iter().filter(|h| !names.iter().any(|n| n == h)).collect();
        if !missing.is_empty() {
            return Err(missing_columns(&missing, &names));
        }
        let at = |name: &str| names.iter().position(|n| n == name).unwrap_or(usize::MAX);
        let columns = &mapping.columns;
        let places = Places {
            id: columns.id.as_deref().map(at),
            principal: at(&columns.principal.column),
            periods: at(&columns.periods),
            annual_rate: at(&columns.annual_rate.column),
            instalment: at(&columns.instalment.column),
            payout_on: columns.payout_on.as_deref().map(at),
            fees: mapping.fees.iter().map(|f| at(&f.column)).collect(),
        };
        Ok(Reader { mapping, places, records, record: StringRecord::new() })
    }

    /// Bytes read so far, for a progress bar.
    pub fn position(&self) -> u64 {
        self.records.position().byte()
    }

    /// The next line, or `None` at the end. Only a disk that fails ends the reading early.
    pub fn next_line(&mut self) -> Result<Option<Line>, Fail> {
        match self.records.read_record(&mut self.record) {
            Ok(true) => Ok(Some(self.loan())),
            Ok(false) => Ok(None),
            Err(e) if e.is_io_error() => Err(bad_book(&e)),
            Err(e) => {
                let line = e.position().map_or_else(|| self.records.position().line(), csv::Position::line);
                let text = e.to_string();
                let why = both(format!("这一行读不懂:{text}"), format!("the line cannot be read: {text}"));
                Ok(Some(Err(LineError { line, column: None, value: String::new(), why })))
            }
        }
    }

    fn loan(&self) -> Line {
        let line = self.record.position().map_or(0, csv::Position::line);
        let at =
            |zh: &str, en: &str| LineError { line, column: None, value: String::new(), why: both(zh, en) };
        if self.record.as_slice().len() > MAX_LINE_BYTES {
            return Err(at(
                "这一行太长,可能有引号没有配对",
                "the line is too long; a quote may not be closed",
            ));
        }
        let columns = &self.mapping.columns;
        let principal = self.money(
            line,
            self.places.principal,
            &columns.principal.column,
            columns.principal.unit.shift(),
        )?;
        let stated = self.money(
            line,
            self.places.instalment,
            &columns.instalment.column,
            columns.instalment.unit.shift(),
        )?;
        let annual_rate_ppm = self.number(
            line,
            self.places.annual_rate,
            &columns.annual_rate.column,
            columns.annual_rate.unit.shift(),
        )?;
        let periods = self.number(line, self.places.periods, &columns.periods, 0)?;
        let periods = u32::try_from(periods).map_err(|_| {
            self.wrong(
                line,
                self.places.periods,
                &columns.periods,
                "期数要是正整数",
                "it must be a positive whole number",
            )
        })?;
        Ok(Loan {
            line,
            id: self.places.id.map_or_else(|| line.to_string(), |i| cut(self.field(i))),
            principal,
            periods,
            annual_rate_ppm,
            stated,
            payout_on: self.payout_on(line)?,
            fees: self.fees(line)?,
        })
    }

    fn fees(&self, line: u64) -> Result<Vec<Base>, LineError> {
        let level = |(fee, &place): (&crate::audit::mapping::FeeColumn, &usize)| {
            let rate = || self.number(line, place, &fee.column, fee.unit.shift());
            match fee.on {
                FeeOn::FixedYuan => self.money(line, place, &fee.column, 2).map(Base::Fixed),
                FeeOn::OriginalPrincipal => rate().map(Base::OriginalPrincipal),
                FeeOn::Outstanding => rate().map(Base::Outstanding),
                FeeOn::Payment => rate().map(Base::Payment),
            }
        };
        self.mapping.fees.iter().zip(&self.places.fees).map(level).collect()
    }

    fn payout_on(&self, line: u64) -> Result<Date, LineError> {
        let (Some(place), Some(column)) = (self.places.payout_on, &self.mapping.columns.payout_on) else {
            // The mapping was checked: one of the two is there.
            return Ok(self.mapping.loan.payout_on.unwrap_or(Date::ZERO));
        };
        let wrong =
            |_| self.wrong(line, place, column, "不是 YYYY-MM-DD 的日期", "it is not a date like 2026-12-01");
        self.field(place).trim().parse::<Date>().map_err(wrong)
    }

    fn money(&self, line: u64, place: usize, column: &str, shift: u32) -> Result<Fen, LineError> {
        self.number(line, place, column, shift).map(Fen::new)
    }

    fn number(&self, line: u64, place: usize, column: &str, shift: u32) -> Result<i64, LineError> {
        decimal::scaled(self.field(place), shift).map_err(|bad: BadNumber| {
            let (zh, en) = bad.told();
            self.wrong(line, place, column, zh, en)
        })
    }

    fn wrong(&self, line: u64, place: usize, column: &str, zh: &str, en: &str) -> LineError {
        LineError { line, column: Some(column.to_owned()), value: cut(self.field(place)), why: both(zh, en) }
    }

    fn field(&self, place: usize) -> &str {
        self.record.get(place).unwrap_or_default()
    }
}

fn cut(value: &str) -> String {
    value.chars().take(SHOWN_CHARS).collect()
}

fn bad_book(cause: &csv::Error) -> Fail {
    let kind = if cause.is_io_error() { Kind::Io } else { Kind::Input };
    Fail::new(kind, both("台账读不下去", "the loan book cannot be read")).caused_by(cause).next(
        "请确认它是 UTF-8 的 CSV,第一行是列名。",
        "It must be CSV in UTF-8 with the headers in the first line.",
    )
}

fn missing_columns(missing: &[&str], names: &[String]) -> Fail {
    let (missing, found) =
        (missing.join(", "), names.iter().take(60).cloned().collect::<Vec<_>>().join(", "));
    Fail::new(
        Kind::Input,
        both(format!("台账里没有这些列:{missing}"), format!("the book has no column {missing}")),
    )
    .because(both(format!("台账的列是:{found}"), format!("its columns are: {found}")))
    .next("请改列映射里的列名。", "Correct the headers in the mapping.")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mapping() -> Mapping {
        Mapping::parse(include_str!("../../../../examples/audit/guaranteed.toml"))
            .unwrap_or_else(|_| unreachable!("the example is good"))
    }

    fn read_all(text: &[u8]) -> Vec<Line> {
        let mapping = mapping();
        let Ok(mut reader) = Reader::open(&mapping, text) else { return Vec::new() };
        let mut lines = Vec::new();
        while let Ok(Some(line)) = reader.next_line() {
            lines.push(line);
        }
        lines
    }

    const HEADER: &str = "合同号,本金,期数,年利率,月供,放款日,担保费率,服务费\n";

    #[test]
    fn a_wrong_line_names_line_and_column_and_the_rest_goes_on() {
        let book = format!(
            "{HEADER}A1,\"100,000\",36,6,3042.20,2026-03-31,0.8,0\nA2,,36,6,1,2026-03-31,0.8,0\n\
             A3,100,36,6,3,31.3.2026,0.8,0\nA4,100,12,8%,3.1,2026-03-31,0.8,99.5\nA5,1\n"
        );
        let lines = read_all(book.as_bytes());
        let told: Vec<_> = lines
            .iter()
            .map(|l| {
                l.as_ref()
                    .map(|l| (l.line, l.id.as_str()))
                    .map_err(|e| (e.line, e.column.as_deref(), e.value.as_str()))
            })
            .collect();
        assert_eq!(
            told,
            [
                Ok((2, "A1")),
                Err((3, Some("本金"), "")),
                Err((4, Some("放款日"), "31.3.2026")),
                Ok((5, "A4")),
                Err((6, Some("月供"), "")),
            ]
        );
        let Some(Ok(first)) = lines.first() else { unreachable!("line 2 is good") };
        assert_eq!(
            (first.principal, first.stated, first.annual_rate_ppm),
            (Fen::new(10_000_000), Fen::new(304_220), 60_000)
        );
        assert_eq!(first.fees, [Base::OriginalPrincipal(8_000), Base::Fixed(Fen::ZERO)]);
    }

    #[test]
    fn a_missing_column_is_named() {
        let mapping = mapping();
        let fail = Reader::open(&mapping, &b"a,b\n1,2\n"[..]).map(|_| ()).map_err(|f| f.code());
        assert_eq!(fail, Err(2));
    }

    proptest! {
        #[test]
        fn no_book_panics(body in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read_all(&[HEADER.as_bytes(), &body].concat());
        }

        #[test]
        fn every_written_line_is_answered(cells in prop::collection::vec("[0-9a-z.,%\\- ]{0,12}", 8), count in 1_usize..20) {
            let quoted: Vec<String> = cells.iter().map(|c| format!("\"{c}\"")).collect();
            let body = format!("{}\n", quoted.join(",")).repeat(count);
            prop_assert_eq!(read_all(format!("{HEADER}{body}").as_bytes()).len(), count);
        }
    }
}
