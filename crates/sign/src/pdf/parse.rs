//! Reads PDF values from bytes, strictly: what a lenient reader would repair is refused, because two readers that repair
//! differently show two people two documents. Every loop is bounded by the input, every recursion by [`DEPTH_LIMIT`].

use super::object::{Dict, Object};

/// Deepest nesting of arrays and dictionaries.
pub(crate) const DEPTH_LIMIT: usize = 64;

/// A position in the file with the reason why reading stopped there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) at: usize,
    pub(crate) why: &'static str,
}

/// A cursor over the file.
#[derive(Clone)]
pub(crate) struct Parser<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
    /// Where the value of the outermost dictionary's `Contents` stands, delimiters included.
    pub(crate) contents: Option<(usize, usize)>,
}

type Read<T> = Result<T, Broken>;

pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

const fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Parser<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Parser { bytes, at, contents: None }
    }

    pub(crate) fn broken<T>(&self, why: &'static str) -> Read<T> {
        Err(Broken { at: self.at, why })
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// White space only: a comment between values could hide text from one reader and not from another.
    pub(crate) fn space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    pub(crate) fn eat(&mut self, text: &[u8]) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    pub(crate) fn expect(&mut self, text: &[u8], why: &'static str) -> Read<()> {
        if self.eat(text) { Ok(()) } else { self.broken(why) }
    }

    /// A whole word: `text`, followed by no further regular character.
    pub(crate) fn word(&mut self, text: &[u8], why: &'static str) -> Read<()> {
        self.expect(text, why)?;
        match self.peek() {
            Some(byte) if !is_space(byte) && !is_delimiter(byte) => self.broken(why),
            _ => Ok(()),
        }
    }

    /// One line end, if there is one.
    pub(crate) fn line_end(&mut self) -> bool {
        self.eat(b"\r\n") || self.eat(b"\n") || self.eat(b"\r")
    }

    pub(crate) fn number(&mut self, why: &'static str) -> Read<u64> {
        let digits = self.rest().iter().take_while(|b| b.is_ascii_digit()).count();
        let text = std::str::from_utf8(&self.rest()[..digits]).unwrap_or_default();
        match text.parse() {
            Ok(number) if digits <= 15 => {
                self.at += digits;
                Ok(number)
            }
            _ => self.broken(why),
        }
    }

    pub(crate) fn value(&mut self, depth: usize) -> Read<Object> {
        if depth > DEPTH_LIMIT {
            return self.broken("values are nested too deeply");
        }
        self.space();
        match self.peek() {
            Some(b'/') => Ok(Object::Name(self.name()?)),
            Some(b'(') => Ok(Object::Text(self.literal()?)),
            Some(b'<') if self.rest().starts_with(b"<<") => Ok(Object::Dict(self.dict(depth)?)),
            Some(b'<') => Ok(Object::Text(self.hex()?)),
            Some(b'[') => self.array(depth),
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => self.numeric(),
            _ => self.keyword(),
        }
    }

    fn keyword(&mut self) -> Read<Object> {
        for (text, value) in
            [(&b"null"[..], Object::Null), (b"true", Object::Bool(true)), (b"false", Object::Bool(false))]
        {
            if self.rest().starts_with(text) {
                self.word(text, "an unknown word")?;
                return Ok(value);
            }
        }
        self.broken("no value stands here")
    }

    fn array(&mut self, depth: usize) -> Read<Object> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            if self.eat(b"]") {
                return Ok(Object::Array(items));
            }
            items.push(self.value(depth + 1)?);
        }
    }

    pub(crate) fn dict(&mut self, depth: usize) -> Read<Dict> {
        self.expect(b"<<", "a dictionary was expected")?;
        let mut dict = Dict::default();
        loop {
            self.space();
            if self.eat(b">>") {
                return unique(dict, self.at);
            }
            let key = self.name()?;
            self.space();
            let from = self.at;
            let value = self.value(depth + 1)?;
            if depth == 0 && key == b"Contents" {
                self.contents = Some((from, self.at));
            }
            dict.0.push((key, value));
        }
    }

    fn name(&mut self) -> Read<Vec<u8>> {
        self.expect(b"/", "a name was expected")?;
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|b| !is_space(*b) && !is_delimiter(*b)) {
            self.at += 1;
            if byte == b'#' {
                let pair = self.bytes.get(self.at..self.at + 2).unwrap_or_default();
                match pair.iter().map(|b| hex_digit(*b)).collect::<Option<Vec<u8>>>().as_deref() {
                    Some([high, low]) => name.push(high << 4 | low),
                    _ => return self.broken("a name is escaped wrongly"),
                }
                self.at += 2;
            } else {
                name.push(byte);
            }
        }
        Ok(name)
    }

    fn hex(&mut self) -> Read<Vec<u8>> {
        self.at += 1;
        let mut digits = Vec::new();
        loop {
            match self.peek() {
                Some(b'>') => break,
                Some(byte) if is_space(byte) => {}
                Some(byte) => match hex_digit(byte) {
                    Some(digit) => digits.push(digit),
                    None => return self.broken("a hexadecimal text holds another character"),
                },
                None => return self.broken("a hexadecimal text does not end"),
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect())
    }

    fn literal(&mut self) -> Read<Vec<u8>> {
        self.at += 1;
        let mut text = Vec::new();
        let mut open = 1_usize;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(text);
                    }
                }
                b'\\' => {
                    self.escape(&mut text);
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
        self.broken("a text does not end")
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let octal = self.rest().iter().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
        if octal > 0 {
            let code = self.rest()[..octal].iter().fold(0_u32, |n, b| n * 8 + u32::from(b - b'0'));
            text.extend(u8::try_from(code & 0xFF));
            self.at += octal;
        } else if !self.line_end()
            && let Some(byte) = self.peek()
        {
            self.at += 1;
            text.push(match byte {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'b' => 8,
                b'f' => 12,
                other => other,
            });
        }
    }

    /// A number, or a reference when `G R` follows.
    fn numeric(&mut self) -> Read<Object> {
        let from = self.at;
        let regular = |b: &&u8| b.is_ascii_digit() || matches!(**b, b'+' | b'-' | b'.');
        let length = self.rest().iter().take_while(regular).count();
        self.at += length;
        let raw = &self.bytes[from..self.at];
        let sign_free = raw.strip_prefix(b"+").or(raw.strip_prefix(b"-")).unwrap_or(raw);
        let dots = sign_free.iter().filter(|b| **b == b'.').count();
        let digits = sign_free.iter().filter(|b| b.is_ascii_digit()).count();
        if digits == 0 || dots > 1 || digits + dots != sign_free.len() || length > 30 {
            return self.broken("a number is written wrongly");
        }
        if dots == 1 {
            return Ok(Object::Real(raw.to_vec()));
        }
        let Some(integer) = std::str::from_utf8(raw).ok().and_then(|t| t.parse::<i64>().ok()) else {
            return self.broken("a number is too large");
        };
        if let Some(reference) = self.reference(integer, raw) {
            return Ok(reference);
        }
        Ok(Object::Integer(integer))
    }

    fn reference(&mut self, number: i64, raw: &[u8]) -> Option<Object> {
        if !raw.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let mut ahead = self.clone();
        ahead.space();
        let generation = ahead.number("").ok()?;
        ahead.space();
        ahead.word(b"R", "").ok()?;
        let number = u32::try_from(number).ok().filter(|_| generation == 0)?;
        self.at = ahead.at;
        Some(Object::Ref(number))
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// A key that stands twice means one thing to one reader and another to the next.
fn unique(dict: Dict, at: usize) -> Read<Dict> {
    let mut keys: Vec<&[u8]> = dict.keys().collect();
    keys.sort_unstable();
    match keys.windows(2).any(|pair| pair[0] == pair[1]) {
        true => Err(Broken { at, why: "a dictionary holds one key twice" }),
        false => Ok(dict),
    }
}
