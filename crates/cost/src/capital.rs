//! Chinese capital amounts (人民币大写) as the payment rules ask for them (《支付结算办法》附件《正确填写票据和结算凭证的基本规定》).
//! It knows digits only.

use crate::Fen;

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];

/// `伍仟元整`, `壹万零伍佰元零伍分`, `负叁角整`. One `零` stands for any run of empty places between digits; `整` closes an
/// amount without fen.
pub(crate) fn upper_zh(amount: Fen) -> String {
    let fen = amount.get().unsigned_abs();
    let (yuan, jiao, last) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut out = String::new();
    if amount.is_negative() {
        out.push('负');
    }
    if yuan > 0 || (jiao == 0 && last == 0) {
        push_yuan(&mut out, yuan);
        out.push('元');
    }
    match (jiao, last) {
        (0, 0) => out.push('整'),
        (0, fen) => {
            if yuan > 0 {
                out.push('零');
            }
            out.push_str(digit(fen));
            out.push('分');
        }
        (jiao, fen) => {
            out.push_str(digit(jiao));
            out.push('角');
            if fen == 0 {
                out.push('整');
            } else {
                out.push_str(digit(fen));
                out.push('分');
            }
        }
    }
    out
}

fn digit(value: u64) -> &'static str {
    usize::try_from(value).ok().and_then(|at| DIGITS.get(at)).copied().unwrap_or("")
}

fn push_yuan(out: &mut String, yuan: u64) {
    if yuan == 0 {
        out.push('零');
        return;
    }
    let mut groups = [0_u64; 5];
    let mut rest = yuan;
    for slot in &mut groups {
        *slot = rest % 10_000;
        rest /= 10_000;
    }
    let mut started = false;
    let mut owes_zero = false;
    for (group, unit) in groups.iter().zip(GROUPS).rev() {
        if *group == 0 {
            owes_zero = started;
            continue;
        }
        for (power, place) in [(1000, PLACES[3]), (100, PLACES[2]), (10, PLACES[1]), (1, PLACES[0])] {
            let value = group / power % 10;
            if value == 0 {
                owes_zero = started;
                continue;
            }
            if owes_zero {
                out.push('零');
                owes_zero = false;
            }
            out.push_str(digit(value));
            out.push_str(place);
            started = true;
        }
        // 亿 is said once when a further group of it follows: 壹万贰仟亿, but 壹万亿.
        let shared = unit == GROUPS[3] && groups[2] != 0;
        out.push_str(if shared { GROUPS[1] } else { unit });
        // An empty last place of a group is said before the next digit: 壹拾万零柒仟.
        owes_zero = group.is_multiple_of(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_amounts_as_on_a_cheque() {
        for (fen, expected) in [
            (500_000, "伍仟元整"),
            (0, "零元整"),
            (5, "伍分"),
            (30, "叁角整"),
            (-30, "负叁角整"),
            (1_050_005, "壹万零伍佰元零伍分"),
            (10_000_000, "壹拾万元整"),
            (100_000_100, "壹佰万零壹元整"),
            (10_050_000, "壹拾万零伍佰元整"),
            (1_000_500_000, "壹仟万零伍仟元整"),
            (140_950, "壹仟肆佰零玖元伍角整"),
            (668_210, "陆仟陆佰捌拾贰元壹角整"),
            (10_700_053, "壹拾万零柒仟元伍角叁分"),
            (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
            (32_504, "叁佰贰拾伍元零肆分"),
            (1_000_000_000_000, "壹佰亿元整"),
            (1_000_000_000_100, "壹佰亿零壹元整"),
            (123_450_000_000_000, "壹万贰仟叁佰肆拾伍亿元整"),
            (100_000_000_000_000, "壹万亿元整"),
            (304_219, "叁仟零肆拾贰元壹角玖分"),
        ] {
            assert_eq!(upper_zh(Fen::new(fen)), expected, "{fen}");
        }
    }
}
