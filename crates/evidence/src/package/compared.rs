//! A place to write to that keeps nothing but where it differs from bytes that are already there.

use std::collections::BTreeSet;
use std::io::{Error, Result, Seek, SeekFrom, Write};

/// A writer of zips puts an empty header first and fills it in when it knows the content, so for each open file a few bytes differ
/// for a while. More than this is no such thing: the writer is stopped.
const MOST_DIFFERENCES: usize = 4_096;

/// What is written is compared with `expected` at the same place.
pub(super) struct Compared<'a> {
    expected: &'a [u8],
    at: u64,
    /// The end of what was written so far.
    end: u64,
    /// Places whose last written byte is another than expected.
    differ: BTreeSet<u64>,
}

impl<'a> Compared<'a> {
    pub(super) fn with(expected: &'a [u8]) -> Self {
        Compared { expected, at: 0, end: 0, differ: BTreeSet::new() }
    }

    /// Whether exactly the expected bytes were written, no more and no less.
    pub(super) fn is_same(&self) -> bool {
        self.differ.is_empty() && self.end == self.expected.len() as u64
    }
}

impl Write for Compared<'_> {
    fn write(&mut self, written: &[u8]) -> Result<usize> {
        let stop = || Error::other("the bytes differ");
        let from = usize::try_from(self.at).map_err(|_| stop())?;
        let upto = from.checked_add(written.len()).ok_or_else(stop)?;
        let expected = self.expected.get(from..upto).ok_or_else(stop)?;
        let (at, next) = (self.at, self.at + written.len() as u64);
        if self.differ.range(at..next).next().is_some() {
            self.differ.retain(|place| !(at..next).contains(place));
        }
        if written != expected {
            for (place, (new, old)) in (at..next).zip(written.iter().zip(expected)) {
                if new != old {
                    self.differ.insert(place);
                }
                if self.differ.len() > MOST_DIFFERENCES {
                    return Err(stop());
                }
            }
        }
        (self.at, self.end) = (next, self.end.max(next));
        Ok(written.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Seek for Compared<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        // A gap would count as written although nobody wrote it.
        self.at = place
            .filter(|place| *place <= self.end)
            .ok_or_else(|| Error::other("outside what was written"))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(expected: &[u8], play: impl Fn(&mut Compared<'_>) -> Result<()>) -> bool {
        let mut compared = Compared::with(expected);
        play(&mut compared).is_ok_and(|()| compared.is_same())
    }

    #[test]
    fn what_is_filled_in_later_is_what_counts() {
        let fill = |to: &mut Compared<'_>| {
            to.write_all(b"??CD")?;
            to.seek(SeekFrom::Start(0))?;
            to.write_all(b"AB")?;
            to.seek(SeekFrom::End(0))?;
            to.write_all(b"E")
        };
        assert!(same(b"ABCDE", fill));
        assert!(!same(b"AXCDE", fill), "the second writing differs");
        assert!(!same(b"ABCDEF", fill), "one byte was not written");
        assert!(!same(b"ABCD", fill), "one byte too many");
        assert!(!same(b"ABCDE", |to| to.write_all(b"ABCDX")));
    }

    #[test]
    fn a_gap_is_not_the_same() {
        let skip = |to: &mut Compared<'_>| {
            to.write_all(b"A")?;
            to.seek(SeekFrom::Start(2))?;
            to.write_all(b"C")
        };
        assert!(!same(b"ABC", skip));
    }

    #[test]
    fn a_flood_of_differences_ends_early() {
        let expected = vec![0; 10_000];
        assert!(Compared::with(&expected).write_all(&vec![1; 10_000]).is_err());
    }
}
