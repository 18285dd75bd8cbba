//! Tables of Chinese characters: traditional → simplified, reading without tone, halves of split characters. Text files in `data/`, read once.

use std::collections::HashMap;
use std::sync::LazyLock;

const PINYIN: &str = include_str!("../data/pinyin.txt");
const SIMPLIFIED: &str = include_str!("../data/simplified.txt");
const RADICALS: &str = include_str!("../data/radicals.txt");
const RADICAL_FORMS: &str = include_str!("../data/radical_forms.txt");

/// First character of the block that has readings.
const FIRST: u32 = 0x4E00;
/// One past its last.
const END: u32 = 0xA000;

/// A syllable without tone, where sounds that people and input methods confuse are one: zh/z, ch/c, sh/s, n/l, and -ng/-n after a, e, i.
/// Zero means: no sound.
pub(crate) type Sound = u16;

pub(crate) struct Han {
    sounds: Vec<Sound>,
    syllables: HashMap<&'static str, Sound>,
    simplified: HashMap<char, char>,
    halves: HashMap<(char, char), char>,
    forms: HashMap<char, char>,
}

/// The tables.
pub(crate) static HAN: LazyLock<Han> = LazyLock::new(Han::read);

/// Whether a character is a Chinese one.
#[inline]
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{3007}' | '\u{20000}'..='\u{2FFFF}')
}

/// Lines of "one thing, then characters".
fn lines(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '))
}

fn targets(text: &'static str) -> HashMap<char, char> {
    let mut map = HashMap::new();
    for (target, from) in lines(text) {
        if let Some(target) = target.chars().next() {
            map.extend(from.chars().map(|c| (c, target)));
        }
    }
    map
}

/// The syllable as it is heard where dialects and typing differ.
fn heard(syllable: &str) -> String {
    let start = match syllable {
        s if s.starts_with("zh") => format!("z{}", &s[2..]),
        s if s.starts_with("ch") => format!("c{}", &s[2..]),
        s if s.starts_with("sh") => format!("s{}", &s[2..]),
        s if s.starts_with('n') && s.len() > 1 && s != "ng" => format!("l{}", &s[1..]),
        s => s.to_owned(),
    };
    match start.strip_suffix('g') {
        Some(rest) if rest.ends_with("an") || rest.ends_with("en") || rest.ends_with("in") => rest.to_owned(),
        _ => start,
    }
}

impl Han {
    fn read() -> Han {
        let mut sounds = vec![0; (END - FIRST) as usize];
        let mut syllables = HashMap::new();
        let mut heard_ids: HashMap<String, Sound> = HashMap::new();
        for (syllable, characters) in lines(PINYIN) {
            let next = Sound::try_from(heard_ids.len() + 1).unwrap_or(Sound::MAX);
            let id = *heard_ids.entry(heard(syllable)).or_insert(next);
            syllables.insert(syllable, id);
            for c in characters.chars() {
                if let Some(slot) = (c as u32).checked_sub(FIRST).and_then(|i| sounds.get_mut(i as usize)) {
                    *slot = id;
                }
            }
        }
        let mut halves = HashMap::new();
        for (whole, parts) in lines(RADICALS) {
            let mut parts = parts.chars();
            if let (Some(whole), Some(left), Some(right)) = (whole.chars().next(), parts.next(), parts.next())
            {
                halves.insert((left, right), whole);
            }
        }
        let (simplified, forms) = (targets(SIMPLIFIED), targets(RADICAL_FORMS));
        Han { sounds, syllables, simplified, halves, forms }
    }

    /// The reading of a character; zero if it has none.
    #[inline]
    pub(crate) fn sound(&self, c: char) -> Sound {
        (c as u32).checked_sub(FIRST).and_then(|i| self.sounds.get(i as usize)).copied().unwrap_or(0)
    }

    /// The sound of a typed syllable.
    pub(crate) fn syllable(&self, letters: &str) -> Option<Sound> {
        self.syllables.get(letters).copied()
    }

    /// The simplified form; itself if it has none.
    pub(crate) fn simplify(&self, c: char) -> char {
        let c = self.forms.get(&c).copied().unwrap_or(c);
        self.simplified.get(&c).copied().unwrap_or(c)
    }

    /// The character that two halves make.
    #[inline]
    pub(crate) fn joined(&self, left: char, right: char) -> Option<char> {
        self.halves.get(&(left, right)).copied()
    }

    /// Every left half: the one question that is asked for each character.
    pub(crate) fn left_halves(&self) -> impl Iterator<Item = char> + '_ {
        self.halves.keys().map(|(left, _)| *left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confusable_sounds_are_one() {
        for (a, b) in [('转', '赚'), ('你', '李'), ('真', '正'), ('张', '赞'), ('安', '暗'), ('银', '赢')]
        {
            assert_eq!(HAN.sound(a), HAN.sound(b), "{a} {b}");
        }
        assert_ne!(HAN.sound('转'), HAN.sound('账'));
        assert_eq!(HAN.syllable("zhang"), Some(HAN.sound('账')));
        assert_eq!(HAN.sound('x'), 0);
    }

    #[test]
    fn traditional_and_split_characters_are_known() {
        assert_eq!(HAN.simplify('帳'), '帐');
        assert_eq!(HAN.simplify('轉'), '转');
        assert_eq!(HAN.simplify('钱'), '钱');
        assert_eq!(HAN.joined('贝', '长'), Some('账'));
    }
}
