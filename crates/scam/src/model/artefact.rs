//! The file of a model: every number as written, rows without a weight left out.

use super::view::{Cells, LANES, View};
use super::{Fusion, Model};
use crate::lexicon::Lexicon;

const MAGIC: &[u8; 8] = b"MBSCAM2\n";
/// Largest table that is read: 2^20 rows.
const BITS_MAX: u32 = 20;

/// What is wrong with a model's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// It does not begin like one.
    #[error("this is no model of the scam check")]
    Magic,
    /// It ends too early, or goes on after its end.
    #[error("the model's file is cut off or has something behind its end")]
    Length,
    /// A table is larger than any that we write, or names a row that it does not have.
    #[error("the model's file names a table or row that cannot be")]
    Table,
    /// It was trained with another lexicon, so its marks would mean something else.
    #[error("the model was trained with another lexicon; train it again with `mingbai scam train`")]
    Lexicon,
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(ModelError::Length)?;
        self.0 = rest;
        Ok(*head)
    }

    fn u32(&mut self) -> Result<u32, ModelError> {
        self.take().map(u32::from_le_bytes)
    }

    fn f64(&mut self) -> Result<f64, ModelError> {
        let value = self.take().map(f64::from_le_bytes)?;
        if value.is_finite() { Ok(value) } else { Err(ModelError::Table) }
    }
}

impl Model {
    /// The file's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(self.lexicon.to_le_bytes());
        let Fusion { start, scam, family, known } = self.fusion;
        for value in [start, scam, family, known] {
            out.extend(value.to_le_bytes());
        }
        for view in [&self.characters, &self.sounds, &self.marks] {
            write_view(view, &mut out);
        }
        out
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`ModelError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, ModelError> {
        let mut bytes = Bytes(bytes);
        if bytes.take::<8>()? != *MAGIC {
            return Err(ModelError::Magic);
        }
        let lexicon = bytes.take().map(u64::from_le_bytes)?;
        let fusion =
            Fusion { start: bytes.f64()?, scam: bytes.f64()?, family: bytes.f64()?, known: bytes.f64()? };
        let (characters, sounds, marks) =
            (read_view(&mut bytes)?, read_view(&mut bytes)?, read_view(&mut bytes)?);
        if !bytes.0.is_empty() {
            return Err(ModelError::Length);
        }
        if lexicon != Lexicon::shipped().fingerprint() {
            return Err(ModelError::Lexicon);
        }
        Ok(Model { lexicon, characters, sounds, marks, fusion })
    }
}

fn write_view(view: &View, out: &mut Vec<u8>) {
    out.extend(view.bits.to_le_bytes());
    for value in view.scale.iter().chain(&view.start) {
        out.extend(value.to_le_bytes());
    }
    let rows: Vec<(u32, Vec<u8>)> = match &view.cells {
        Cells::Small(rows) => {
            let used = (0..).zip(rows).filter(|(_, row)| row.iter().any(|w| *w != 0));
            used.map(|(i, row)| (i, row.iter().flat_map(|w| w.to_le_bytes()).collect())).collect()
        }
        Cells::Large(rows) => {
            let used = (0..).zip(rows).filter(|(_, row)| row.iter().any(|w| *w != 0));
            used.map(|(i, row)| (i, row.iter().flat_map(|w| w.to_le_bytes()).collect())).collect()
        }
    };
    out.push(u8::from(matches!(view.cells, Cells::Large(_))));
    out.extend((rows.len() as u32).to_le_bytes());
    for (i, row) in rows {
        out.extend(i.to_le_bytes());
        out.extend(row);
    }
}

fn read_view(bytes: &mut Bytes<'_>) -> Result<View, ModelError> {
    let bits = bytes.u32()?;
    if bits == 0 || bits > BITS_MAX {
        return Err(ModelError::Table);
    }
    let (mut scale, mut start) = ([0.0; LANES], [0.0; LANES]);
    for value in scale.iter_mut().chain(&mut start) {
        *value = bytes.f64()?;
    }
    let size = 1_usize << bits;
    let large = bytes.take::<1>()? != [0];
    let count = bytes.u32()?;
    let mut cells = match large {
        true => Cells::Large(vec![[0; LANES]; size]),
        false => Cells::Small(vec![[0; LANES]; size]),
    };
    for _ in 0..count {
        let at = bytes.u32()? as usize;
        match &mut cells {
            Cells::Small(rows) => {
                let row = rows.get_mut(at).ok_or(ModelError::Table)?;
                *row = bytes.take::<LANES>()?.map(|b| i8::from_le_bytes([b]));
            }
            Cells::Large(rows) => {
                let row = rows.get_mut(at).ok_or(ModelError::Table)?;
                for w in row {
                    *w = bytes.take().map(i16::from_le_bytes)?;
                }
            }
        }
    }
    Ok(View { bits, cells, scale, start })
}
