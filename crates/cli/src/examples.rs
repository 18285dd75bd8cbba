//! The example products that the program carries with it, so that a lone binary can show what it does.

use jiff::civil::date;
use mingbai_core::text::{Tell, both};
use mingbai_cost::{Fen, Terms};
use mingbai_desk::product::{Product, ProductError};

use crate::fail::{Fail, Kind};

/// One clean consumer loan: interest and nothing else.
pub const HONEST: &str = include_str!("../../../examples/products/honest.toml");
/// Built like the complaints that consumer councils published.
pub const COMPLAINTS: &str = include_str!("../../../examples/products/complaints.toml");
/// Instalments at a shop's checkout, by card.
pub const PURCHASE: &str = include_str!("../../../examples/products/purchase.toml");

/// The honest product in its second version: a monthly service fee, and a summary that says so.
pub fn dearer() -> String {
    const FEE: &str = r#"
[[fee]]
key = "service"
name = { zh = "服务费", en = "Service fee" }
nature = "fee"
payee = { role = "platform", name = { zh = "示例助贷平台", en = "Example Platform" } }
timing = "each_period"
base = { original_principal = 2000 }    # 每月 0.2% / 0.2 % a month
collected = "paid_apart"
on_early_repayment = "not_refundable"
"#;
    let summary = "summary = { zh = \"从这一版起,每月另收 0.2% 服务费。\", en = \"From this version on, a service fee of 0.2 % a month.\" }";
    let mut text =
        String::from("# 明白贷的第二版:加了服务费。 / Plain Loan, second version: with a service fee.\n");
    for line in HONEST.lines().filter(|line| !line.starts_with('#')) {
        let line = if line.starts_with("summary") { summary } else { line };
        text.push_str(&line.replace("\"2026.1\"", "\"2026.2\""));
        text.push('\n');
    }
    text + FEE
}

/// Terms that the simulator offers: one honest loan in two lengths, and one with every kind of fee.
pub fn offers() -> Result<Vec<Terms>, Fail> {
    let wishes = [(HONEST, 10_000_000, 36), (HONEST, 2_000_000, 12), (COMPLAINTS, 10_000_000, 36)];
    let terms = |(text, principal, periods): (&str, i64, u32)| {
        Product::parse(text)?.terms(Fen::new(principal), periods, date(2026, 12, 1))
    };
    wishes.into_iter().map(terms).collect::<Result<_, _>>().map_err(broken)
}

fn broken(error: ProductError) -> Fail {
    let what = both("程序自带的示例产品不能用", "an example product that is built in cannot be used");
    Fail::new(Kind::Internal, what).because(error.words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_products_are_good() {
        for text in [HONEST, COMPLAINTS, PURCHASE] {
            assert!(Product::parse(text).is_ok_and(|p| p.text() == text));
        }
        let dearer = Product::parse(&dearer());
        assert!(dearer.is_ok_and(|p| (p.id(), p.version()) == ("honest-loan", "2026.2")));
        assert_eq!(offers().map(|o| o.len()).map_err(|f| f.code()), Ok(3));
    }
}
