//! From text to rows under known columns. Two kinds of table are known; a table that is neither is refused with what is missing.

use csv::{ReaderBuilder, StringRecord};
use mingbai_core::text::both;
use mingbai_cost::Words;

use super::ROWS_MAX;

/// The columns of the public complaint list of the CFPB, in its order. Programs that read that list read ours.
pub const COLUMNS: [&str; 18] = [
    "Date received",
    "Product",
    "Sub-product",
    "Issue",
    "Sub-issue",
    "Consumer complaint narrative",
    "Company public response",
    "Company",
    "State",
    "ZIP code",
    "Tags",
    "Consumer consent provided?",
    "Submitted via",
    "Date sent to company",
    "Company response to consumer",
    "Timely response?",
    "Consumer disputed?",
    "Complaint ID",
];

/// Those without which a row cannot be a complaint.
const NEEDED: [&str; 5] =
    ["Date received", "Product", "Issue", "Company response to consumer", "Complaint ID"];

/// The columns of a transfer from a regulator's line, in both languages, and whether it cannot do without.
const TRANSFER: [(&str, &str, bool); 9] = [
    ("转办编号", "transfer", true),
    ("渠道", "channel", true),
    ("收到日期", "received", true),
    ("姓名", "name", true),
    ("联系方式", "contact", true),
    ("投诉内容", "story", true),
    ("诉求", "wish", false),
    ("投诉人身份", "party", false),
    ("业务编号", "loan", false),
];

/// Which kind of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Transfers of 12378 or 12363.
    Transfers,
    /// The public column names of the CFPB's list.
    Public,
}

impl Shape {
    /// In words.
    #[must_use]
    pub fn name(self) -> Words {
        match self {
            Shape::Transfers => both("12378/12363 转办表", "transfers of 12378 or 12363"),
            Shape::Public => both("CFPB 公开列名的投诉表", "a list with the CFPB's public columns"),
        }
    }

    /// The names of its columns, in the order of [`Cells`].
    fn names(self) -> Vec<Vec<&'static str>> {
        match self {
            Shape::Transfers => TRANSFER.iter().map(|(zh, en, _)| vec![*zh, *en]).collect(),
            Shape::Public => COLUMNS.iter().map(|name| vec![*name]).collect(),
        }
    }

    fn needs(self, place: usize) -> bool {
        match self {
            Shape::Transfers => TRANSFER.get(place).is_some_and(|(.., needed)| *needed),
            Shape::Public => COLUMNS.get(place).is_some_and(|name| NEEDED.contains(name)),
        }
    }
}

/// One row by the columns of its shape; a column that the file does not have is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cells {
    /// Line in the file, 1 = the headings.
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

/// What is wrong with one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// Line in the file, 1 = the headings.
    pub line: u64,
    /// What, and what would be right.
    pub words: Words,
}

/// A table that was read.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) shape: Shape,
    pub(super) rows: Vec<Cells>,
    pub(super) faults: Vec<LineFault>,
    /// Columns that could be there and are not.
    pub(super) absent: Vec<&'static str>,
}

/// Reads a table.
///
/// # Errors
/// What is wrong with the whole of it.
pub(super) fn read(text: &str) -> Result<Table, Words> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let heads = reader.headers().cloned().unwrap_or_default();
    let (shape, places) = columns(&heads)?;
    let names = shape.names();
    let absent = names.iter().zip(&places).filter(|(_, place)| place.is_none());
    let absent = absent.filter_map(|(names, _)| names.first().copied()).collect();
    let mut table = Table { shape, rows: Vec::new(), faults: Vec::new(), absent };
    let mut lines = Lines { text, byte: 0, line: 1 };
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = lines.at(error.position());
                let words =
                    both(format!("这一行读不出来:{error}"), format!("This line cannot be read: {error}"));
                table.faults.push(LineFault { line, words });
                continue;
            }
        };
        let line = lines.at(record.position());
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if table.rows.len() >= ROWS_MAX {
            return Err(both(
                format!("超过 {ROWS_MAX} 行。请分成几个文件,逐个导入。"),
                format!("More than {ROWS_MAX} rows. Split the file and import one after the other."),
            ));
        }
        if record.len() != heads.len() {
            let (found, wanted) = (record.len(), heads.len());
            let words = both(
                format!("这一行有 {found} 列,表头有 {wanted} 列。常见原因:内容里有逗号或换行而没有加引号。"),
                format!(
                    "This line has {found} cells and the headings {wanted}. Often a comma or a line break stands without quotes."
                ),
            );
            table.faults.push(LineFault { line, words });
            continue;
        }
        let cell = |place: &Option<usize>| {
            let cell = place.and_then(|place| record.get(place)).unwrap_or_default();
            unguarded(cell.trim()).to_owned()
        };
        table.rows.push(Cells { line, cells: places.iter().map(cell).collect() });
    }
    match table.rows.is_empty() && table.faults.is_empty() {
        true => Err(both("只有表头,没有内容。", "There are headings and no rows.")),
        false => Ok(table),
    }
}

/// Counts lines as a person does: empty ones count, which the reader passes over.
struct Lines<'a> {
    text: &'a str,
    byte: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of a record that begins here. Asked in the order of the file.
    fn at(&mut self, position: Option<&csv::Position>) -> u64 {
        let until = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.byte);
        while let Some(byte) = self.text.as_bytes().get(self.byte) {
            if self.byte >= until && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(*byte == b'\n');
            self.byte += 1;
        }
        self.line
    }
}

/// Which shape, and where each of its columns stands.
fn columns(heads: &StringRecord) -> Result<(Shape, Vec<Option<usize>>), Words> {
    let heads: Vec<String> = heads.iter().map(|head| head.trim().to_lowercase()).collect();
    let place =
        |names: &Vec<&str>| heads.iter().position(|head| names.iter().any(|n| *head == n.to_lowercase()));
    let of = |shape: Shape| -> Vec<Option<usize>> { shape.names().iter().map(place).collect() };
    let found = |places: &Vec<Option<usize>>| places.iter().flatten().count();
    let (transfers, public) = (of(Shape::Transfers), of(Shape::Public));
    let (shape, places) = match found(&public) > found(&transfers) {
        true => (Shape::Public, public),
        false => (Shape::Transfers, transfers),
    };
    let names = shape.names();
    let missing: Vec<&str> = (0..places.len())
        .filter(|i| shape.needs(*i) && places.get(*i).is_some_and(Option::is_none))
        .filter_map(|i| names.get(i).and_then(|names| names.first().copied()))
        .collect();
    let twice = heads
        .iter()
        .enumerate()
        .find(|(i, head)| !head.is_empty() && heads.iter().take(*i).any(|before| before == *head));
    if let Some((_, head)) = twice {
        let head = shown(head);
        return Err(both(
            format!("表头“{head}”出现了两次。"),
            format!("The heading \"{head}\" stands there twice."),
        ));
    }
    if missing.is_empty() {
        return Ok((shape, places));
    }
    let here = heads.iter().take(20).map(|head| shown(head)).collect::<Vec<_>>().join(" | ");
    let (lacks, name) = (missing.join(" | "), shape.name());
    Err(both(
        format!("缺少列:{lacks}(按“{}”看)。文件里的表头是:{here}。", name.zh),
        format!("Columns are missing: {lacks} (taken as {}). The headings of the file are: {here}.", name.en),
    ))
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// First characters with which spreadsheet programs take a cell for a formula, also in the width of Chinese typing.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// Whether a spreadsheet program would take this cell for a formula.
pub(super) fn is_formula(cell: &str) -> bool {
    cell.starts_with(FORMULA)
}

/// A cell as it may stand in a file that people open with a spreadsheet program: what looks like a formula gets an apostrophe in front.
pub(super) fn guarded(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// Takes off what [`guarded`] put on.
fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_in_any_order_and_missing_ones_are_named() {
        let table =
            read("received,transfer,channel,name,contact,story\n2026-01-02,A-1,12378,王,1,内容\n").unwrap();
        assert_eq!((table.shape, table.rows.len()), (Shape::Transfers, 1));
        assert_eq!(table.rows[0].cells[0], "A-1");
        assert_eq!(table.absent, ["诉求", "投诉人身份", "业务编号"]);
        let told = read("转办编号,姓名\nA,b\n").unwrap_err();
        assert!(
            told.zh.contains("渠道 | 收到日期 | 联系方式 | 投诉内容") && told.zh.contains("转办编号 | 姓名"),
            "{}",
            told.zh
        );
        assert!(
            read("Issue,Issue,Complaint ID,Product,Date received,Company response to consumer\n").is_err()
        );
        assert!(
            read("Date received,Product,Issue,Complaint ID,Company response to consumer\n")
                .unwrap_err()
                .en
                .contains("no rows")
        );
    }

    #[test]
    fn a_line_with_other_cells_is_a_fault_with_its_number() {
        let text = "transfer,channel,received,name,contact,story\nA-1,12378,2026-01-02,王,1,一,二\n\nA-2,12378,2026-01-02,王,1,\"一,\n二\"\n";
        let table = read(text).unwrap();
        assert_eq!((table.faults[0].line, table.rows.len(), table.rows[0].line), (2, 1, 4));
        assert_eq!(table.rows[0].cells[5], "一,\n二");
    }

    #[test]
    fn formulas_are_guarded_and_come_back() {
        for cell in ["=1+1", "+86 10", "-5", "@x", "\u{ff1d}1"] {
            assert_eq!(unguarded(&guarded(cell)), cell);
            assert!(guarded(cell).starts_with('\''));
        }
        assert_eq!((guarded("普通"), unguarded("'tis")), ("普通".to_owned(), "'tis"));
    }
}
