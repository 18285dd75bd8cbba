//! The text that a page shows, in the order of its content stream. Whatever is drawn with an operator that could show text in a way
//! not read here makes the page unreadable, so that nothing shown is left out.

use std::collections::BTreeMap;

use super::cmap::Cmap;
use super::unpacked;
use crate::pdf::object::{Dict, Object};
use crate::pdf::{Parser, View};

pub(super) fn of_page(view: View<'_, '_>, page: u32) -> Option<String> {
    let dict = view.stored(page)?.value.dict()?;
    let fonts = fonts(view, dict)?;
    let content = unpacked(view, dict.get("Contents")?.reference()?)?;
    run(&content, &fonts)
}

fn fonts(view: View<'_, '_>, page: &Dict) -> Option<BTreeMap<Vec<u8>, Option<Cmap>>> {
    let resources = view.field(page, "Resources")?.dict()?;
    let Some(fonts) = view.field(resources, "Font") else { return Some(BTreeMap::new()) };
    let read = |name: &[u8], font: &Object| {
        let table = || {
            let font = view.resolve(font)?.dict()?;
            Cmap::parse(&unpacked(view, font.get("ToUnicode")?.reference()?)?)
        };
        (name.to_vec(), table())
    };
    Some(fonts.dict()?.0.iter().map(|(name, font)| read(name, font)).collect())
}

fn run(content: &[u8], fonts: &BTreeMap<Vec<u8>, Option<Cmap>>) -> Option<String> {
    let mut parser = Parser::new(content, 0);
    let (mut text, mut operands) = (String::new(), Vec::new());
    let mut font: Option<&Cmap> = None;
    loop {
        parser.space();
        let Some(next) = parser.peek() else { return Some(text) };
        if !(next.is_ascii_alphabetic() || matches!(next, b'\'' | b'"')) || is_word(parser.rest()) {
            operands.push(parser.value(1).ok()?);
            continue;
        }
        let length =
            parser.rest().iter().take_while(|b| b.is_ascii_alphanumeric() || b"*'\"".contains(b)).count();
        let operator = parser.rest().get(..length)?.to_vec();
        parser.at += length;
        match operator.as_slice() {
            b"Tf" => {
                let [Object::Name(name), _] = operands.as_slice() else { return None };
                font = fonts.get(name)?.as_ref();
            }
            b"Tj" => {
                let [Object::Text(glyphs)] = operands.as_slice() else { return None };
                font?.read(glyphs, &mut text)?;
                text.push('\n');
            }
            b"TJ" => {
                let [Object::Array(pieces)] = operands.as_slice() else { return None };
                for glyphs in pieces.iter().filter_map(Object::text) {
                    font?.read(glyphs, &mut text)?;
                }
                text.push('\n');
            }
            // Other ways to show text, and pictures inside the stream: not of our papers.
            b"'" | b"\"" | b"BI" => return None,
            _ => {}
        }
        operands.clear();
    }
}

/// `true`, `false` and `null` are values, not operators.
fn is_word(rest: &[u8]) -> bool {
    [&b"true"[..], b"false", b"null"].iter().any(|word| rest.starts_with(word))
}
