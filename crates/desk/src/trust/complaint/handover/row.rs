//! From a row to a complaint. What a row does not say is left open or named as missing; nothing is guessed into it.

use jiff::civil::Date;
use jiff::tz::Offset;
use mingbai_core::text::both;
use mingbai_core::trust::complaint::{Channel, Elsewhere, Party};
use mingbai_cost::Words;
use serde_json::{Map, Value};

use super::super::receive::{Complain, Rules, checked};
use super::table::{COLUMNS, Cells, Shape, is_formula};
use crate::error::DeskError;

/// A row that can be imported.
#[derive(Clone)]
pub(super) struct Candidate {
    /// The complaint.
    pub(super) wish: Complain,
    /// The row as it was, column by column, where another system keeps more than a complaint has here.
    pub(super) original: Option<String>,
    /// What that system says.
    pub(super) elsewhere: Elsewhere,
    /// Whether a cell looks like a formula.
    pub(super) formula: bool,
}

impl Candidate {
    /// What makes two rows the same complaint.
    pub(super) fn key(&self) -> Option<String> {
        super::super::receive::once(&self.wish)
    }

    /// Its number in the other system.
    pub(super) fn number(&self) -> &str {
        self.wish.transfer.as_deref().unwrap_or_default()
    }
}

/// The complaint of a row.
///
/// # Errors
/// What is wrong with it.
pub(super) fn candidate(shape: Shape, row: &Cells, now_ms: i64) -> Result<Candidate, Words> {
    let formula = row.cells.iter().any(|cell| is_formula(cell));
    let (wish, original, elsewhere) = match shape {
        Shape::Transfers => (transfer(row)?, None, Elsewhere::Open),
        Shape::Public => public(row)?,
    };
    let rules = match (shape, elsewhere) {
        (Shape::Transfers, _) => Rules::IMPORTED,
        (Shape::Public, Elsewhere::Open) => Rules { nobody: true, ..Rules::IMPORTED },
        // What is over may be as old as it likes.
        (Shape::Public, _) => Rules { nobody: true, oldest_days: 100 * 366, ..Rules::IMPORTED },
    };
    let wish = checked(wish, now_ms, rules).map_err(|error| match error {
        DeskError::Invalid { field, words } => column(shape, field, &words),
        other => both(other.to_string(), other.to_string()),
    })?;
    Ok(Candidate { wish, original, elsewhere, formula })
}

/// The words about a field, with the column that it stands in.
fn column(shape: Shape, field: &str, words: &Words) -> Words {
    let name = match (shape, field) {
        (Shape::Transfers, "transfer") => "转办编号 / transfer",
        (Shape::Transfers, "received") => "收到日期 / received",
        (Shape::Transfers, "name") => "姓名 / name",
        (Shape::Transfers, "contact") => "联系方式 / contact",
        (Shape::Transfers, "story") => "投诉内容 / story",
        (Shape::Transfers, "wish") => "诉求 / wish",
        (Shape::Transfers, "loan") => "业务编号 / loan",
        (Shape::Public, "transfer") => "Complaint ID",
        (Shape::Public, "received") => "Date received",
        (Shape::Public, _) => "Consumer complaint narrative",
        (_, other) => other,
    };
    both(format!("“{name}”:{}", words.zh), format!("\"{name}\": {}", words.en))
}

fn cell(row: &Cells, place: usize) -> &str {
    row.cells.get(place).map_or("", String::as_str)
}

fn transfer(row: &Cells) -> Result<Complain, Words> {
    let channel = match cell(row, 1) {
        "12378" => Channel::Nfra,
        "12363" => Channel::Pboc,
        "" => {
            return Err(both(
                "“渠道”是空的:写 12378 或 12363。",
                "\"channel\" is empty: write 12378 or 12363.",
            ));
        }
        other => {
            let other = clip(other);
            return Err(both(
                format!("“渠道”只能是 12378 或 12363,现在是“{other}”。"),
                format!("\"channel\" is 12378 or 12363, not \"{other}\"."),
            ));
        }
    };
    let party = match cell(row, 7) {
        "" | "本人" => Party::Herself,
        "受托人" | "代理人" => Party::Agent,
        text => {
            match Party::from_key(text).or_else(|| Party::ALL.iter().copied().find(|p| p.name().zh == text)) {
                Some(party) => party,
                None => {
                    let text = clip(text);
                    return Err(both(
                        format!("“投诉人身份”只能是 本人、受托人、继承人,现在是“{text}”。"),
                        format!("\"party\" is herself, agent or heir, not \"{text}\"."),
                    ));
                }
            }
        }
    };
    Ok(Complain {
        party,
        received_at_ms: Some(day(cell(row, 2), "收到日期", "received")?),
        transfer: Some(cell(row, 0).to_owned()),
        name: cell(row, 3).to_owned(),
        contact: cell(row, 4).to_owned(),
        story: cell(row, 5).to_owned(),
        wish: cell(row, 6).to_owned(),
        loan: cell(row, 8).to_owned(),
        ..Complain::by(channel)
    })
}

/// A row of the public list: nobody's name, what another system says about its answer, and all its columns kept.
fn public(row: &Cells) -> Result<(Complain, Option<String>, Elsewhere), Words> {
    let elsewhere = elsewhere(cell(row, 14), cell(row, 15))?;
    let whole: Map<String, Value> = COLUMNS
        .iter()
        .zip(&row.cells)
        .map(|(name, cell)| ((*name).to_owned(), Value::String(cell.clone())))
        .collect();
    let about = || {
        let labels = [cell(row, 1), cell(row, 2), cell(row, 3), cell(row, 4)];
        let labels: Vec<&str> = labels.into_iter().filter(|label| !label.is_empty()).collect();
        labels.join(" / ")
    };
    let story = match cell(row, 5) {
        "" => format!("来源没有给出投诉人的陈述 (the source gives no narrative): {}", about()),
        told => format!("{told}\n\n{}", about()),
    };
    let wish = Complain {
        received_at_ms: Some(day(cell(row, 0), "Date received", "Date received")?),
        transfer: Some(cell(row, 17).to_owned()),
        story,
        ..Complain::by(Channel::Other)
    };
    Ok((wish, Some(Value::Object(whole).to_string()), elsewhere))
}

/// What "Company response to consumer" and "Timely response?" say together.
fn elsewhere(response: &str, timely: &str) -> Result<Elsewhere, Words> {
    let timely = match timely.to_ascii_lowercase().as_str() {
        "yes" => Elsewhere::InTime,
        "no" => Elsewhere::Late,
        "" | "n/a" => Elsewhere::Untold,
        other => {
            let other = clip(other);
            return Err(both(
                format!("“Timely response?”只能是 Yes、No 或空,现在是“{other}”。"),
                format!("\"Timely response?\" is Yes, No or empty, not \"{other}\"."),
            ));
        }
    };
    Ok(match response.to_ascii_lowercase().as_str() {
        "" | "in progress" => Elsewhere::Open,
        "untimely response" => Elsewhere::Late,
        _ => timely,
    })
}

/// A day as files write it, as the first moment of it in China, unix ms.
fn day(text: &str, zh: &str, en: &str) -> Result<i64, Words> {
    let plain = text.replace(['年', '月', '/', '.'], "-").replace('日', "");
    let parts: Vec<&str> = plain.trim().split('-').collect();
    let date = match parts.as_slice() {
        // 2026-1-5, and 01/05/2026 of the older public files.
        [y, m, d] if y.len() == 4 => date(y, m, d),
        [m, d, y] if y.len() == 4 && text.contains('/') => date(y, m, d),
        _ => None,
    };
    let start = date.and_then(|date| Offset::constant(8).to_timestamp(date.at(0, 0, 0, 0)).ok());
    start.map(|start| start.as_millisecond()).ok_or_else(|| {
        let text = clip(text);
        both(
            format!("“{zh}”不是日期:“{text}”。请写成 2026-12-01。"),
            format!("\"{en}\" is no date: \"{text}\". Write 2026-12-01."),
        )
    })
}

fn date(y: &str, m: &str, d: &str) -> Option<Date> {
    Date::new(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?).ok()
}

fn clip(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_files_write_them() {
        let wanted = day("2026-12-01", "", "").unwrap();
        for text in ["2026/12/1", "2026年12月1日", "12/01/2026", " 2026.12.01 "] {
            assert_eq!(day(text, "", ""), Ok(wanted), "{text}");
        }
        for bad in ["", "2026-13-01", "01-12-2026", "昨天", "20261201", "12/01/26"] {
            assert!(day(bad, "", "").is_err(), "{bad}");
        }
    }

    #[test]
    fn an_answer_elsewhere_is_what_both_columns_say() {
        assert_eq!(elsewhere("In progress", "Yes"), Ok(Elsewhere::Open));
        assert_eq!(elsewhere("Closed with explanation", "Yes"), Ok(Elsewhere::InTime));
        assert_eq!(elsewhere("Closed", "No"), Ok(Elsewhere::Late));
        assert_eq!(elsewhere("Untimely response", ""), Ok(Elsewhere::Late));
        assert_eq!(elsewhere("Closed", ""), Ok(Elsewhere::Untold));
        assert!(elsewhere("Closed", "maybe").is_err());
    }
}
