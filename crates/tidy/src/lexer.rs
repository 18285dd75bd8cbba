//! Just enough of Rust's lexical grammar to tell code from comments and texts. It must not know syntax.

/// The source with every comment, string and character literal blanked out; lines stay where they are.
#[must_use]
pub fn code_only(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = literal_end(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// The end of the comment or literal that starts at `at`, or `at` itself when code stands there.
fn literal_end(chars: &[char], at: usize) -> usize {
    let next = |i: usize| chars.get(at + i).copied().unwrap_or('\0');
    let before = at.checked_sub(1).map_or('\0', |i| chars[i]);
    let in_word = before.is_alphanumeric() || before == '_';
    match (chars[at], next(1)) {
        ('/', '/') => find(chars, at, |i| chars[i] == '\n').unwrap_or(chars.len()),
        ('/', '*') => block_comment_end(chars, at),
        ('"', _) => string_end(chars, at + 1),
        ('b' | 'c', '"') if !in_word => string_end(chars, at + 2),
        ('r', '"' | '#') if !in_word => raw_string_end(chars, at + 1).unwrap_or(at),
        ('b' | 'c', 'r') if !in_word => raw_string_end(chars, at + 2).unwrap_or(at),
        ('\'', '\\') => find(chars, at + 3, |i| chars[i] == '\'').map_or(chars.len(), |i| i + 1),
        // 'x' is a character, 'x without a closing quote is a lifetime.
        ('\'', _) if next(2) == '\'' => at + 3,
        _ => at,
    }
}

fn find(chars: &[char], from: usize, hit: impl Fn(usize) -> bool) -> Option<usize> {
    (from..chars.len()).find(|&i| hit(i))
}

fn block_comment_end(chars: &[char], at: usize) -> usize {
    let (mut depth, mut i) = (0_usize, at);
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                i += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                i += 2;
                if depth == 0 {
                    return i;
                }
            }
            _ => i += 1,
        }
    }
    chars.len()
}

fn string_end(chars: &[char], from: usize) -> usize {
    let mut i = from;
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            '"' => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

fn raw_string_end(chars: &[char], from: usize) -> Option<usize> {
    let hashes = chars[from..].iter().take_while(|c| **c == '#').count();
    if chars.get(from + hashes) != Some(&'"') {
        return None;
    }
    let body = from + hashes + 1;
    let closes =
        |i: usize| chars[i] == '"' && chars[i + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
    Some(find(chars, body, closes).map_or(chars.len(), |i| i + 1 + hashes))
}

/// A function's name, first line (1-based) and number of lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Name.
    pub name: String,
    /// Line of `fn`.
    pub line: usize,
    /// Lines from `fn` to the closing brace.
    pub length: usize,
}

/// Every function with a body.
#[must_use]
pub fn functions(source: &str) -> Vec<Function> {
    let code = code_only(source);
    let bytes = code.as_bytes();
    let mut found = Vec::new();
    for (start, _) in code.match_indices("fn ") {
        let word_before = start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'_');
        let name: String =
            code[start + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if word_before || name.is_empty() {
            continue;
        }
        if let Some(end) = body_end(bytes, start) {
            let line = 1 + bytes[..start].iter().filter(|b| **b == b'\n').count();
            let length = 1 + bytes[start..end].iter().filter(|b| **b == b'\n').count();
            found.push(Function { name, line, length });
        }
    }
    found
}

/// Index of the brace that closes the body of the function at `start`, if it has a body.
fn body_end(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut round, mut curly) = (0_i32, 0_i32);
    for (i, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'(' | b'[' => round += 1,
            b')' | b']' => round -= 1,
            b';' if curly == 0 && round == 0 => return None,
            b'{' => curly += 1,
            b'}' => {
                curly -= 1;
                if curly == 0 {
                    return Some(i);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_texts_are_not_code() {
        let source =
            "a // x\n/* b /* c */ d */ e \"f\\\"g\" r#\"h\"i\"# 'j' '\\'' <'k> b\"l\" br\"m\" car\"n\"";
        let words: Vec<String> = code_only(source).split_whitespace().map(str::to_owned).collect();
        assert_eq!(words, ["a", "e", "<'k>", "car"]);
    }

    #[test]
    fn functions_are_measured() {
        let source =
            "trait T { fn none(&self) -> [u8; 3]; }\nfn one() {}\nfn three(x: &str) {\n  let _ = \"}\";\n}\n";
        let told: Vec<(String, usize, usize)> =
            functions(source).into_iter().map(|f| (f.name, f.line, f.length)).collect();
        assert_eq!(told, [("one".to_owned(), 2, 1), ("three".to_owned(), 3, 3)]);
    }
}
