//! The values of a PDF file (ISO 32000-1, 7.3) and their text form. Knows nothing of files, pages or signatures.

/// Dictionary in the order of the file; a key stands in it once (the parser refuses doubles).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dict(pub(crate) Vec<(Vec<u8>, Object)>);

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Object {
    Null,
    Bool(bool),
    Integer(i64),
    /// Kept as it was written, so that writing it again cannot change it.
    Real(Vec<u8>),
    Name(Vec<u8>),
    Text(Vec<u8>),
    Array(Vec<Object>),
    Dict(Dict),
    /// Object number; generations other than 0 are refused by the parser.
    Ref(u32),
    /// Bytes that stand for themselves when written; never produced by the parser.
    Verbatim(Vec<u8>),
}

impl Dict {
    pub(crate) fn get(&self, key: &str) -> Option<&Object> {
        self.0.iter().find(|(k, _)| k == key.as_bytes()).map(|(_, v)| v)
    }

    /// Replaces the value of `key`, or adds it at the end.
    pub(crate) fn set(&mut self, key: &str, value: Object) {
        match self.0.iter_mut().find(|(k, _)| k == key.as_bytes()) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.as_bytes().to_vec(), value)),
        }
    }

    pub(crate) fn with(mut self, key: &str, value: Object) -> Self {
        self.set(key, value);
        self
    }

    pub(crate) fn is(&self, key: &str, name: &str) -> bool {
        self.get(key).and_then(Object::name) == Some(name.as_bytes())
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|(k, _)| k.as_slice())
    }

    /// Whether both hold the same keys and values, in any order, leaving out `except`.
    pub(crate) fn same_but(&self, other: &Dict, except: &[&str]) -> bool {
        let left_out = |key: &[u8]| except.iter().any(|e| e.as_bytes() == key);
        let all_in = |a: &Dict, b: &Dict| {
            a.0.iter().filter(|(k, _)| !left_out(k)).all(|(k, v)| b.0.iter().any(|(l, w)| k == l && v == w))
        };
        all_in(self, other) && all_in(other, self)
    }
}

impl Object {
    pub(crate) fn name_of(text: &str) -> Self {
        Object::Name(text.as_bytes().to_vec())
    }

    pub(crate) fn name(&self) -> Option<&[u8]> {
        match self {
            Object::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(crate) fn dict(&self) -> Option<&Dict> {
        match self {
            Object::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    pub(crate) fn array(&self) -> Option<&[Object]> {
        match self {
            Object::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn integer(&self) -> Option<i64> {
        match self {
            Object::Integer(n) => Some(*n),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&[u8]> {
        match self {
            Object::Text(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(crate) fn reference(&self) -> Option<u32> {
        match self {
            Object::Ref(n) => Some(*n),
            _ => None,
        }
    }

    /// A number in hundredths, rounded towards minus infinity; `None` for what is no number or is absurdly large.
    pub(crate) fn hundredths(&self) -> Option<i64> {
        match self {
            Object::Integer(n) => n.checked_mul(100),
            Object::Real(raw) => real_hundredths(std::str::from_utf8(raw).ok()?),
            _ => None,
        }
    }

    /// Writes the value as the text of a PDF file.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Object::Null => out.extend(b"null"),
            Object::Bool(true) => out.extend(b"true"),
            Object::Bool(false) => out.extend(b"false"),
            Object::Integer(n) => out.extend(n.to_string().bytes()),
            Object::Real(raw) | Object::Verbatim(raw) => out.extend(raw),
            Object::Name(name) => write_name(name, out),
            Object::Text(bytes) => write_text(bytes, out),
            Object::Array(items) => {
                out.push(b'[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(b' ');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Object::Dict(dict) => dict.write(out),
            Object::Ref(n) => out.extend(format!("{n} 0 R").bytes()),
        }
    }
}

impl Dict {
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend(b"<<");
        for (key, value) in &self.0 {
            write_name(key, out);
            out.push(b' ');
            value.write(out);
        }
        out.extend(b">>");
    }
}

fn real_hundredths(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let cents: i64 = format!("{:0<2}", part.get(..part.len().min(2))?).parse().ok()?;
    let exact = part.get(2..).is_none_or(|rest| rest.bytes().all(|b| b == b'0'));
    let value = whole.checked_mul(100)?.checked_add(cents)?.checked_mul(sign)?;
    value.checked_sub(i64::from(sign < 0 && !exact))
}

fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_alphanumeric() || b"-_.+*:,'@!$&".contains(&byte) {
            out.push(byte);
        } else {
            out.extend(format!("#{byte:02X}").bytes());
        }
    }
}

fn write_text(bytes: &[u8], out: &mut Vec<u8>) {
    let plain = bytes.iter().all(|b| (b' '..=b'~').contains(b) && !b"()\\".contains(b));
    if plain {
        out.push(b'(');
        out.extend(bytes);
        out.push(b')');
    } else {
        out.push(b'<');
        out.extend(bytes.iter().flat_map(|b| format!("{b:02x}").into_bytes()));
        out.push(b'>');
    }
}

/// A text string for a person: plain where it is ASCII, else UTF-16 with its mark (ISO 32000-1, 7.9.2.2).
pub(crate) fn text_string(text: &str) -> Object {
    if text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return Object::Text(text.as_bytes().to_vec());
    }
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::Text(bytes)
}

/// The reverse of [`text_string`]; bytes that are neither come back as the replacement character.
pub(crate) fn read_text_string(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xFE, 0xFF]) {
        Some(rest) => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|c| u16::from_be_bytes([c[0], c[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => bytes.iter().map(|b| if b.is_ascii() { char::from(*b) } else { '\u{fffd}' }).collect(),
    }
}
