//! Figures as they are printed. Only writes what the table holds; computes nothing.

use mingbai_cost::{Fen, Lang};

/// `5,000.00`: yuan with grouped digits and always two decimals.
pub(crate) fn digits(amount: Fen) -> String {
    amount.yuan_grouped()
}

/// `5,000.00 元` or `CNY 5,000.00`.
pub(crate) fn yuan(amount: Fen, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{} 元", digits(amount)),
        Lang::En => format!("CNY {}", digits(amount)),
    }
}

/// Parts per million as a percentage: at least two decimals, and never fewer than the figure has (199917 is `19.9917%`).
pub(crate) fn percent(ppm: i64) -> String {
    let sign = if ppm < 0 { "-" } else { "" };
    let ppm = ppm.unsigned_abs();
    let mut decimals = format!("{:04}", ppm % 10_000);
    while decimals.len() > 2 && decimals.ends_with('0') {
        decimals.pop();
    }
    format!("{sign}{}.{decimals}%", ppm / 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_figures_as_a_bank_does() {
        assert_eq!(digits(Fen::new(123_456_789)), "1,234,567.89");
        assert_eq!(percent(80_000), "8.00%");
        assert_eq!(percent(199_917), "19.9917%");
    }
}
