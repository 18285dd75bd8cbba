//! Writes an incremental update (ISO 32000-1, 7.5.6): new objects, a classic table, a trailer. The bytes before stay as they are.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::file::View;
use super::object::{Dict, Object};

/// Objects to append.
pub(crate) struct Update {
    objects: BTreeMap<u32, Body>,
    next: u32,
}

struct Body {
    value: Object,
    stream: Option<Vec<u8>>,
}

/// The new file and where each new object begins in it.
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    pub(crate) offsets: BTreeMap<u32, usize>,
}

impl Update {
    pub(crate) fn new(view: View<'_, '_>) -> Self {
        Update { objects: BTreeMap::new(), next: view.next_number() }
    }

    /// A number for an object that is written later.
    pub(crate) fn reserve(&mut self) -> u32 {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        number
    }

    pub(crate) fn put(&mut self, number: u32, value: Object) {
        self.objects.insert(number, Body { value, stream: None });
    }

    pub(crate) fn add(&mut self, value: Object) -> u32 {
        let number = self.reserve();
        self.put(number, value);
        number
    }

    pub(crate) fn add_stream(&mut self, dict: Dict, data: Vec<u8>) -> u32 {
        let number = self.reserve();
        let length = i64::try_from(data.len()).unwrap_or(i64::MAX);
        let value = Object::Dict(dict.with("Length", Object::Integer(length)));
        self.objects.insert(number, Body { value, stream: Some(data) });
        number
    }

    /// The dictionary as this update leaves it: its own version if there is one, else the file's.
    pub(crate) fn dict(&self, view: View<'_, '_>, number: u32) -> Option<Dict> {
        match self.objects.get(&number) {
            Some(body) => body.value.dict().cloned(),
            None => view.stored(number)?.value.dict().cloned(),
        }
    }

    pub(crate) fn write(&self, view: View<'_, '_>) -> Written {
        let mut bytes = view.pdf.bytes.to_vec();
        if !matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.push(b'\n');
        }
        let mut offsets = BTreeMap::new();
        for (number, body) in &self.objects {
            offsets.insert(*number, bytes.len());
            bytes.extend(format!("{number} 0 obj\n").bytes());
            body.value.write(&mut bytes);
            if let Some(data) = &body.stream {
                bytes.extend(b"\nstream\n");
                bytes.extend(data);
                bytes.extend(b"\nendstream");
            }
            bytes.extend(b"\nendobj\n");
        }
        let table_at = bytes.len();
        write_table(&offsets, &mut bytes);
        let trailer = self.trailer(view, &bytes);
        bytes.extend(b"trailer\n");
        trailer.write(&mut bytes);
        bytes.extend(format!("\nstartxref\n{table_at}\n%%EOF\n").bytes());
        Written { bytes, offsets }
    }

    /// Root, Info and the first half of ID stay; the second half names this revision (ISO 32000-1, 14.4).
    fn trailer(&self, view: View<'_, '_>, bytes: &[u8]) -> Dict {
        let before = view.trailer().cloned().unwrap_or_default();
        let mut trailer = Dict::default().with("Size", Object::Integer(i64::from(self.next)));
        for key in ["Root", "Info"] {
            if let Some(value) = before.get(key) {
                trailer.set(key, value.clone());
            }
        }
        if let Some([first, _]) = before.get("ID").and_then(Object::array) {
            let name = Sha256::digest(bytes)[..16].to_vec();
            trailer.set("ID", Object::Array(vec![first.clone(), Object::Text(name)]));
        }
        let table_at = view.pdf.revisions.get(view.revision).map_or(0, |r| r.table_at);
        trailer.with("Prev", Object::Integer(i64::try_from(table_at).unwrap_or(i64::MAX)))
    }
}

fn write_table(offsets: &BTreeMap<u32, usize>, bytes: &mut Vec<u8>) {
    bytes.extend(b"xref\n");
    let numbers: Vec<u32> = offsets.keys().copied().collect();
    for run in numbers.chunk_by(|a, b| a.checked_add(1) == Some(*b)) {
        bytes.extend(format!("{} {}\n", run[0], run.len()).bytes());
        for number in run {
            bytes.extend(format!("{:010} 00000 n\r\n", offsets[number]).bytes());
        }
    }
}
