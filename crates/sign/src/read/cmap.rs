//! From the two bytes of a glyph to its characters: the `ToUnicode` table of a font (ISO 32000-1, 9.10.3).

use std::collections::BTreeMap;

/// Most entries of a table; a font has no more glyphs.
const ENTRY_LIMIT: usize = 65_536;

/// One font's table.
pub(super) struct Cmap(BTreeMap<u16, String>);

impl Cmap {
    /// Reads `bfchar` and `bfrange` blocks; what stands around them says nothing about characters.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let mut map = BTreeMap::new();
        let mut pending: Vec<&str> = Vec::new();
        let mut inside = "";
        for word in Words(text) {
            match word {
                "beginbfchar" | "beginbfrange" => inside = word,
                "endbfchar" | "endbfrange" => {
                    if !pending.is_empty() {
                        return None;
                    }
                    inside = "";
                }
                _ if inside.is_empty() => {}
                _ => pending.push(word),
            }
            if inside == "beginbfchar" && pending.len() == 2 {
                map.insert(code(pending[0])?, characters(pending[1])?);
                pending.clear();
            }
            if inside == "beginbfrange" && pending.len() == 3 {
                range(&pending, &mut map)?;
                pending.clear();
            }
            if map.len() > ENTRY_LIMIT {
                return None;
            }
        }
        Some(Cmap(map))
    }

    /// The characters of a string of glyphs; `None` when one has no characters.
    pub(super) fn read(&self, glyphs: &[u8], out: &mut String) -> Option<()> {
        if !glyphs.len().is_multiple_of(2) {
            return None;
        }
        for pair in glyphs.chunks_exact(2) {
            out.push_str(self.0.get(&u16::from_be_bytes([pair[0], pair[1]]))?);
        }
        Some(())
    }
}

fn range(words: &[&str], map: &mut BTreeMap<u16, String>) -> Option<()> {
    let (from, to) = (code(words[0])?, code(words[1])?);
    let first = characters(words[2])?;
    let last = first.chars().next_back()?;
    let head = &first[..first.len() - last.len_utf8()];
    for (step, code) in (from..=to).enumerate() {
        let next = char::from_u32(u32::from(last).checked_add(u32::try_from(step).ok()?)?)?;
        map.insert(code, format!("{head}{next}"));
    }
    Some(())
}

fn hex(word: &str) -> Option<Vec<u8>> {
    let digits = word.strip_prefix('<')?.strip_suffix('>')?;
    if !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok()).collect()
}

fn code(word: &str) -> Option<u16> {
    Some(u16::from_be_bytes(hex(word)?.try_into().ok()?))
}

fn characters(word: &str) -> Option<String> {
    let bytes = hex(word)?;
    let units: Vec<u16> = bytes.chunks_exact(2).map(|c| u16::from_be_bytes([c[0], c[1]])).collect();
    String::from_utf16(&units).ok().filter(|text| bytes.len().is_multiple_of(2) && !text.is_empty())
}

/// Words and `<…>` pieces, which need no space between them.
struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0.trim_start();
        let first = rest.chars().next()?;
        let end = match first {
            '<' => rest.find('>').map_or(rest.len(), |at| at + 1),
            _ => {
                let more = rest.char_indices().skip(1);
                more.into_iter()
                    .find(|(_, c)| c.is_whitespace() || *c == '<')
                    .map_or(rest.len(), |(at, _)| at)
            }
        };
        let (word, rest) = rest.split_at(end);
        self.0 = rest;
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::Cmap;

    #[test]
    fn glyphs_become_characters_and_unknown_ones_are_not_guessed() {
        let table = b"1 beginbfchar <0001> <660E> endbfchar 1 beginbfrange <0010><0012><0041> endbfrange";
        let map = Cmap::parse(table);
        let read = |glyphs: &[u8]| {
            let mut out = String::new();
            map.as_ref().and_then(|m| m.read(glyphs, &mut out)).map(|()| out)
        };
        assert_eq!(read(&[0, 1, 0, 0x10, 0, 0x12]).as_deref(), Some("明AC"));
        assert_eq!(read(&[0, 2]), None);
        assert_eq!(read(&[0]), None);
        for broken in [
            "beginbfchar <01> <41> endbfchar",
            "beginbfchar <0001> endbfchar",
            "beginbfrange <0001> <FFFF> <DFFF>",
        ] {
            assert!(Cmap::parse(broken.as_bytes()).is_none(), "{broken}");
        }
    }
}
