//! What is wrong with a field and what would be right, in both languages, without repeating what was sent: a request can
//! hold a person's name, and an error can end in somebody's log.

use jiff::civil::Date;
use mingbai_desk::core::text::both;
use mingbai_desk::cost::{Fen, Words};
use serde::{Deserialize, Deserializer};

use super::problem::{Fail, Kind};

/// Most money in one field: a thousand billion yuan would be a mistake, not a loan.
pub const MOST_FEN: i64 = 100_000_000_000_000;

/// An amount above zero, in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount(pub Fen);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fen = i64::deserialize(deserializer)?;
        match fen {
            1..=MOST_FEN => Ok(Amount(Fen::new(fen))),
            _ => Err(serde::de::Error::custom("out of range")),
        }
    }
}

/// A day written `YYYY-MM-DD`, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub Date);

impl Day {
    /// Reads the form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let form = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, b)| match i {
                4 | 7 => *b == b'-',
                _ => b.is_ascii_digit(),
            });
        form.then(|| text.parse().ok().map(Day)).flatten()
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Day::parse(&text).ok_or_else(|| serde::de::Error::custom("not a day"))
    }
}

/// What belongs into a field.
#[must_use]
pub fn right(field: &str) -> Option<Words> {
    Some(match field {
        "product" => both("产品编号,文字,如 honest-loan。", "the product's id, a text, e.g. honest-loan."),
        "version" => both("产品版本,文字,如 2026.1。", "the product's version, a text, e.g. 2026.1."),
        "principal_fen" | "amount_fen" => both(
            "金额,以分为单位的整数,大于零;5000 元写 500000。",
            "an amount in fen, a whole number above zero; 5,000 yuan is 500000.",
        ),
        "periods" => both("期数,1 到 600 的整数。", "the number of periods, a whole number from 1 to 600."),
        "payout_on" | "on" => {
            both("日期,写成 2026-12-01 这样,且确有这一天。", "a day that exists, written like 2026-12-01.")
        }
        "method" => both(
            "还款方式的序号,从 0 数起;不写就用产品的常用方式。",
            "the repayment method counted from 0; leave it out for the product's usual one.",
        ),
        "channel" => both("branch、online 或 checkout。", "branch, online or checkout."),
        "borrower_name" => both("借款人姓名,1 到 100 个字。", "the borrower's name, 1 to 100 characters."),
        "borrower_phone" => both(
            "借款人本人的电话,文字,只用数字、空格、+ 和 -。",
            "the borrower's own telephone number as a text: digits, spaces, + and -.",
        ),
        "links" => both(
            "1 到 32 个标识的列表,每个有 kind 和 value。",
            "a list of 1 to 32 identifiers, each with kind and value.",
        ),
        "kind" => both(
            "device、phone、card、contact、fee_account、script、address、wifi、ip、introducer 或 employer。",
            "device, phone, card, contact, fee_account, script, address, wifi, ip, introducer or employer.",
        ),
        "value" => both("标识的原文,文字。", "the identifier, a text."),
        "customer" => both(
            "核心系统里的客户编号,1 到 100 个字节的文字。",
            "the customer's number in the core system, a text of 1 to 100 bytes.",
        ),
        "external_ref" => both(
            "核心系统的申请编号,1 到 100 个可见英文字符。",
            "the application number in the core system, 1 to 100 visible ASCII characters.",
        ),
        "branch" => both("网点名称,1 到 60 个字。", "the branch, 1 to 60 characters."),
        "permit" => both(
            "放款许可的编号(permit 字段,不是 token),文字。",
            "the permit's id (the field permit, not the token), a text.",
        ),
        "reference" => both("流水号,1 到 100 个字。", "a reference of 1 to 100 characters."),
        "item_key" => both(
            "成本表的项目代码,如 instalment、interest 或某项费用的 key。",
            "the key of a row of the cost table, e.g. instalment, interest or a fee's key.",
        ),
        "name_text" => both("账单上的收费名称,文字。", "the charge's name as on the statement, a text."),
        "payee" => both("收款方名称,文字。", "who received it, a text."),
        "lang" => both("zh 或 en。", "zh or en."),
        _ => return None,
    })
}

/// Turns the reader's error into words. `path` is where it happened, `.` for the whole body.
pub(super) fn explain(path: &str, error: &serde_json::Error) -> Fail {
    if !error.is_data() {
        let words = both(
            format!("第 {} 行第 {} 列起不是正确的 JSON。", error.line(), error.column()),
            format!("It is not JSON from line {}, column {} on.", error.line(), error.column()),
        );
        return Fail::new(Kind::Unreadable, words);
    }
    let message = error.to_string();
    let quoted = message.split('`').nth(1).map(clip);
    let field = if path == "." || path.starts_with('?') { String::new() } else { clip(path) };
    match (message.split(' ').next(), quoted) {
        (Some("missing"), Some(name)) => {
            let rule = rule(&name);
            let words = both(
                format!("缺少字段 {name}。{}", rule.zh),
                format!("The field {name} is missing. {}", rule.en),
            );
            Fail::invalid(&name, words)
        }
        (Some("unknown"), Some(name)) if message.starts_with("unknown field") => unknown(&name),
        (Some("duplicate"), Some(name)) => {
            let words = both(format!("字段 {name} 写了两次。"), format!("The field {name} is there twice."));
            Fail::invalid(&name, words)
        }
        _ if field.is_empty() => {
            let words = both("请求内容应是一个 JSON 对象,即 {…}。", "The body must be one JSON object, {…}.");
            Fail::new(Kind::Invalid, words)
        }
        _ => wrong(&field),
    }
}

/// A field that nobody knows.
pub(super) fn unknown(name: &str) -> Fail {
    let name = clip(name);
    let words = both(
        format!("没有 {name} 这个字段;请核对写法。"),
        format!("There is no field {name}; check the spelling."),
    );
    Fail::invalid(&name, words)
}

/// A field that cannot be what was sent.
pub(super) fn wrong(field: &str) -> Fail {
    let rule = rule(field);
    let words = both(
        format!("字段 {field} 写得不对。{}", rule.zh),
        format!("The field {field} is wrong. {}", rule.en),
    );
    Fail::invalid(field, words)
}

fn rule(field: &str) -> Words {
    right(field)
        .map_or_else(|| both("", ""), |rule| both(format!("应为:{}", rule.zh), format!("It is {}", rule.en)))
}

/// A name of the sender's, short and without anything that could break a log line.
fn clip(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_strictly() {
        assert_eq!(Day::parse("2026-12-01"), Some(Day(jiff::civil::date(2026, 12, 1))));
        for odd in
            ["2026-02-30", "2026-12-1", "20261201", "2026-12-01T00:00", "２026-12-01", "", "-026-12-01"]
        {
            assert_eq!(Day::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn amounts_are_above_zero_and_bounded() {
        let read = |text: &str| serde_json::from_str::<Amount>(text).ok();
        assert_eq!(read("1"), Some(Amount(Fen::new(1))));
        for odd in ["0", "-1", "1.5", "\"1\"", "100000000000001", "99999999999999999999", "null"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }
}
