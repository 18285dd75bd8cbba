//! Figures as they are printed. Only writes what the table holds; computes nothing.

use mingbai_cost::{Fen, Lang};

/// `5,000.00`: yuan with grouped digits and always two decimals.
pub(crate) fn digits(amount: Fen) -> String {
    let fen = amount.get();
    let sign = if fen < 0 { "−" } else { "" };
    let fen = fen.unsigned_abs();
    let yuan = (fen / 100).to_string();
    let mut grouped = String::new();
    for (i, digit) in yuan.chars().enumerate() {
        if i > 0 && (yuan.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{:02}", fen % 100)
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
    let sign = if ppm < 0 { "−" } else { "" };
    let ppm = ppm.unsigned_abs();
    let mut decimals = format!("{:04}", ppm % 10_000);
    while decimals.len() > 2 && decimals.ends_with('0') {
        decimals.pop();
    }
    format!("{sign}{}.{decimals}%", ppm / 10_000)
}

/// 伍仟元整: the amount in capital figures as contracts and cheques need it.
pub(crate) fn capital(amount: Fen) -> String {
    const DIGIT: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
    const PLACE: [&str; 4] = ["", "拾", "佰", "仟"];
    const GROUP: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];
    let fen = amount.get().unsigned_abs();
    let (mut yuan, jiao, cents) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut groups = Vec::new();
    while yuan > 0 {
        groups.push(yuan % 10_000);
        yuan /= 10_000;
    }
    let mut out = String::new();
    let mut zero = false;
    for (g, &group) in groups.iter().enumerate().rev() {
        for p in (0..4).rev() {
            let digit = group / 10_u64.pow(p) % 10;
            if digit == 0 {
                zero = !out.is_empty();
                continue;
            }
            if zero {
                out.push_str(DIGIT[0]);
                zero = false;
            }
            out.push_str(DIGIT[digit as usize]);
            out.push_str(PLACE[p as usize]);
        }
        if group > 0 {
            out.push_str(GROUP[g]);
        }
    }
    let whole = !out.is_empty();
    if whole {
        out.push('元');
    }
    match (jiao, cents) {
        (0, 0) if whole => out.push('整'),
        (0, 0) => out.push_str("零元整"),
        (jiao, cents) => {
            if jiao > 0 {
                out.push_str(DIGIT[jiao as usize]);
                out.push('角');
            } else if whole {
                out.push('零');
            }
            if cents > 0 {
                out.push_str(DIGIT[cents as usize]);
                out.push('分');
            }
        }
    }
    if amount.get() < 0 { format!("负{out}") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_figures_as_a_bank_does() {
        assert_eq!(digits(Fen::new(123_456_789)), "1,234,567.89");
        assert_eq!(digits(Fen::new(-5)), "−0.05");
        assert_eq!(percent(80_000), "8.00%");
        assert_eq!(percent(199_917), "19.9917%");
        for (fen, words) in [
            (500_000, "伍仟元整"),
            (0, "零元整"),
            (5, "伍分"),
            (50, "伍角"),
            (100_105, "壹仟零壹元零伍分"),
            (1_000_000_000, "壹仟万元整"),
            (10_010_000_00, "壹仟零壹万元整"),
            (100_000_500_000, "壹拾亿零伍仟元整"),
            (110_010, "壹仟壹佰元壹角"),
        ] {
            assert_eq!(capital(Fen::new(fen)), words);
        }
    }
}
