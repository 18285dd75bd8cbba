//! The audit's report: one row a loan, streamed as CSV or JSON into a draft that appears only when it is whole.

use std::path::Path;

use mingbai_core::text::both;
use mingbai_cost::cap::CapOutcome;
use mingbai_cost::{Fen, Lang, RateValue};
use serde::Serialize;

use crate::audit::compute::Answer;
use crate::audit::reader::{LineError, Loan};
use crate::audit::tally::Tally;
use crate::draft::Draft;
use crate::fail::{Fail, Kind};

/// One row: a loan with its answer, or a line with its error.
#[derive(Debug, Serialize)]
pub struct Row<'a> {
    line: u64,
    id: &'a str,
    status: Status,
    principal_fen: Option<Fen>,
    periods: Option<u32>,
    annual_rate_ppm: Option<i64>,
    stated_instalment_fen: Option<Fen>,
    computed_instalment_fen: Option<Fen>,
    difference_fen: Option<Fen>,
    total_cost_fen: Option<Fen>,
    compound_ppm: Option<i64>,
    simple_ppm: Option<i64>,
    cap: Option<CapOutcome>,
    column: Option<&'a str>,
    value: Option<&'a str>,
    why: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Equal,
    Different,
    Error,
}

/// The parts per million of a rate, if there is one.
pub const fn ppm(value: RateValue) -> Option<i64> {
    match value {
        RateValue::Ppm(ppm) => Some(ppm),
        RateValue::None(_) => None,
    }
}

impl<'a> Row<'a> {
    /// The row of a loan.
    pub fn loan(loan: &'a Loan, answer: &Answer, cap: Option<CapOutcome>) -> Self {
        Row {
            line: loan.line,
            id: &loan.id,
            status: if answer.difference == Fen::ZERO { Status::Equal } else { Status::Different },
            principal_fen: Some(loan.principal),
            periods: Some(loan.periods),
            annual_rate_ppm: Some(loan.annual_rate_ppm),
            stated_instalment_fen: Some(loan.stated),
            computed_instalment_fen: Some(answer.instalment),
            difference_fen: Some(answer.difference),
            total_cost_fen: Some(answer.total_cost),
            compound_ppm: ppm(answer.annual.compound.value),
            simple_ppm: ppm(answer.annual.simple.value),
            cap,
            column: None,
            value: None,
            why: None,
        }
    }

    /// The row of a line that gave no answer.
    pub fn error(error: &'a LineError, lang: Lang) -> Self {
        Row {
            line: error.line,
            id: "",
            status: Status::Error,
            principal_fen: None,
            periods: None,
            annual_rate_ppm: None,
            stated_instalment_fen: None,
            computed_instalment_fen: None,
            difference_fen: None,
            total_cost_fen: None,
            compound_ppm: None,
            simple_ppm: None,
            cap: None,
            column: error.column.as_deref(),
            value: Some(&error.value),
            why: Some(error.why.get(lang)),
        }
    }
}

/// A report on its way to the disk.
pub struct Report {
    draft: Draft,
    form: Form,
}

enum Form {
    Csv(Box<csv::Writer<Vec<u8>>>),
    Json { rows: u64 },
}

impl Report {
    /// Starts a report; the name's ending decides its form.
    pub fn create(path: &Path) -> Result<Self, Fail> {
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        let form = match ending.as_str() {
            "csv" => Form::Csv(Box::new(csv::Writer::from_writer(Vec::new()))),
            "json" => Form::Json { rows: 0 },
            _ => return Err(unknown_form(path)),
        };
        let mut draft = Draft::beside(path)?;
        if matches!(form, Form::Json { .. }) {
            draft.write(b"{\"rows\":[\n")?;
        }
        Ok(Report { draft, form })
    }

    /// Writes one row.
    pub fn row(&mut self, row: &Row<'_>) -> Result<(), Fail> {
        match &mut self.form {
            Form::Csv(writer) => {
                writer.serialize(row).map_err(|e| internal(&e))?;
                let done = std::mem::replace(writer.as_mut(), headerless());
                let bytes = done.into_inner().map_err(|e| internal(&e))?;
                self.draft.write(&bytes)
            }
            Form::Json { rows } => {
                let comma = if *rows == 0 { "" } else { ",\n" };
                *rows += 1;
                let text = serde_json::to_string(row).map_err(|e| internal(&e))?;
                self.draft.write(format!("{comma}{text}").as_bytes())
            }
        }
    }

    /// Closes the report and gives it its name.
    pub fn finish(mut self, tally: &Tally) -> Result<(), Fail> {
        if let Form::Json { .. } = self.form {
            let summary = serde_json::to_string(tally).map_err(|e| internal(&e))?;
            self.draft.write(format!("\n],\"summary\":{summary}}}\n").as_bytes())?;
        }
        self.draft.publish()
    }
}

/// After the first row the header has been written.
fn headerless() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new())
}

fn internal(cause: &dyn std::fmt::Display) -> Fail {
    Fail::new(Kind::Internal, both("报告写不出来", "the report cannot be made")).caused_by(cause)
}

fn unknown_form(path: &Path) -> Fail {
    let shown = path.display();
    Fail::new(
        Kind::Input,
        both(format!("不知道 {shown} 是什么格式"), format!("the form of {shown} is unknown")),
    )
    .next("文件名请以 .csv 或 .json 结尾。", "Let the name end in .csv or .json.")
}
