//! Chinese addresses written in one way, before they are hashed: two spellings of one door must give one hash.
//!
//! Only differences that cannot change the door are taken away: width, spaces and punctuation, Chinese digits before a unit of the door,
//! and different words for one unit. Names of places are not guessed at.

/// The address in its one spelling. Normalising twice changes nothing.
#[must_use]
pub fn normalise(text: &str) -> String {
    let plain = meaningful(text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < plain.len() {
        let end = (at..plain.len()).find(|i| digit(plain[*i]).is_none()).unwrap_or(plain.len());
        if end == at {
            out.push(unit(plain[at]));
            at += 1;
            continue;
        }
        let run = &plain[at..end];
        let before_unit = plain.get(end).is_some_and(|c| "号楼幢栋弄单室层座院巷".contains(*c));
        match number(run).filter(|_| before_unit) {
            Some(value) => out.push_str(&value),
            None => out.extend(run),
        }
        at = end;
    }
    out
}

/// Drops spaces and punctuation, but keeps numbers apart: 3、201 is not 3201.
fn meaningful(text: &str) -> Vec<char> {
    let mut plain: Vec<char> = Vec::new();
    let mut gap = false;
    for c in text.chars().map(fold) {
        if c.is_whitespace() || c.is_control() || ",.;:，。、；：·'\"()（）\u{200B}\u{FEFF}".contains(c)
        {
            gap = true;
            continue;
        }
        let between = digit(c).is_some() && plain.last().is_some_and(|last| digit(*last).is_some());
        if gap && between {
            plain.push('-');
        }
        gap = false;
        plain.push(c);
    }
    plain
}

/// Width, case, and other forms of one sign.
fn fold(c: char) -> char {
    let narrow = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    };
    match narrow {
        '—' | '–' | '―' | '‐' | '−' => '-',
        '號' | '#' => '号',
        '樓' => '楼',
        '單' => '单',
        '棟' => '栋',
        '層' => '层',
        other => other.to_ascii_lowercase(),
    }
}

/// One word for one unit: 幢 and 栋 both number a building.
const fn unit(c: char) -> char {
    match c {
        '幢' | '栋' => '栋',
        other => other,
    }
}

fn digit(c: char) -> Option<u32> {
    "零一二三四五六七八九".chars().position(|d| d == c).and_then(|d| u32::try_from(d).ok()).or(match c {
        '〇' => Some(0),
        '两' => Some(2),
        '十' => Some(10),
        '百' => Some(100),
        _ => c.to_digit(10),
    })
}

/// Reads 三十二, 一百零五, 三〇二 and 302; nothing if it is no number that is written like one.
fn number(run: &[char]) -> Option<String> {
    let digits: Vec<u32> = run.iter().filter_map(|c| digit(*c)).collect();
    if digits.iter().all(|d| *d < 10) {
        return Some(digits.iter().map(u32::to_string).collect());
    }
    if run.iter().any(char::is_ascii_digit) {
        return None;
    }
    let (mut sum, mut pending, mut largest) = (0, None, 1000);
    for d in digits {
        match d {
            10 | 100 if d < largest => {
                sum += pending.take().unwrap_or(1) * d;
                largest = d;
            }
            0 if pending.is_none() => {}
            1..=9 if pending.is_none() => pending = Some(d),
            _ => return None,
        }
    }
    Some((sum + pending.unwrap_or(0)).to_string())
}
