//! Plain sound of the stretches that somebody is to recognise words in: 16 bit, one channel, 16 000 samples a second, which is what
//! recognisers work with. Only the wished stretches are kept, and of those no more than a bound.

use crate::measured::Span;

/// Samples a second.
pub const RATE: u32 = 16_000;
/// Bytes of a millisecond.
const BYTES_PER_MS: i64 = RATE as i64 * 2 / 1_000;
/// The most plain sound of one file that is kept: 32 MiB are 17 minutes.
const KEPT_LIMIT: usize = 32 << 20;

/// Plain sound by wished stretch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// In the order of the wish; `None` for a stretch that did not fit into the bound.
    pub spans: Vec<Option<Vec<u8>>>,
}

/// Listens along and keeps what was wished.
pub(crate) struct Ears {
    wished: Vec<(i64, i64)>,
    kept: Vec<Option<Vec<u8>>>,
    total: usize,
    at: i64,
}

impl Ears {
    pub(crate) fn for_spans(spans: &[Span]) -> Self {
        let bytes = |ms: i64| ms.clamp(0, 86_400_000) * BYTES_PER_MS;
        let wished: Vec<_> = spans.iter().map(|span| (bytes(span.start_ms), bytes(span.end_ms))).collect();
        Ears { kept: vec![Some(Vec::new()); wished.len()], wished, total: 0, at: 0 }
    }

    pub(crate) fn take(&mut self, bytes: &[u8]) {
        let here = (self.at, self.at + bytes.len() as i64);
        for ((from, to), kept) in self.wished.iter().zip(&mut self.kept) {
            let (from, to) = ((*from).max(here.0), (*to).min(here.1));
            let Some(open) = kept.as_mut().filter(|_| from < to) else { continue };
            let inside = |place: i64| usize::try_from(place - here.0).unwrap_or(usize::MAX);
            let part = bytes.get(inside(from)..inside(to)).unwrap_or_default();
            if self.total + part.len() > KEPT_LIMIT {
                self.total -= open.len();
                *kept = None;
            } else {
                self.total += part.len();
                open.extend_from_slice(part);
            }
        }
        self.at = here.1;
    }

    pub(crate) fn heard(self) -> Heard {
        Heard { spans: self.kept }
    }
}

/// Plain sound as a WAV file, which every recogniser reads.
#[must_use]
pub fn wav(samples: &[u8]) -> Vec<u8> {
    let length = u32::try_from(samples.len()).unwrap_or(u32::MAX);
    let mut out = Vec::with_capacity(samples.len() + 44);
    out.extend(b"RIFF");
    out.extend(length.saturating_add(36).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16_u32.to_le_bytes());
    // PCM, one channel.
    out.extend([1, 0, 1, 0]);
    out.extend(RATE.to_le_bytes());
    out.extend((RATE * 2).to_le_bytes());
    // Bytes of a sample, bits of a sample.
    out.extend([2, 0, 16, 0]);
    out.extend(b"data");
    out.extend(length.to_le_bytes());
    out.extend_from_slice(samples);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_wished_is_kept_whatever_the_pieces() {
        let all: Vec<u8> = (0..32_000_u32).map(|i| (i % 251) as u8).collect();
        let spans = [
            Span { start_ms: 100, end_ms: 200 },
            Span { start_ms: 150, end_ms: 400 },
            Span { start_ms: 990, end_ms: 1_500 },
        ];
        for size in [7, 4_096, 32_000] {
            let mut ears = Ears::for_spans(&spans);
            all.chunks(size).for_each(|piece| ears.take(piece));
            let heard = ears.heard().spans;
            assert_eq!(heard[0].as_deref(), Some(&all[3_200..6_400]));
            assert_eq!(heard[1].as_deref(), Some(&all[4_800..12_800]));
            assert_eq!(heard[2].as_deref(), Some(&all[31_680..]), "the file ended");
        }
    }

    #[test]
    fn the_bound_holds() {
        let mut ears =
            Ears::for_spans(&[Span { start_ms: 0, end_ms: 86_400_000 }, Span { start_ms: 0, end_ms: 10 }]);
        let piece = vec![0; 1 << 20];
        (0..40).for_each(|_| ears.take(&piece));
        let heard = ears.heard();
        assert_eq!(heard.spans[0], None);
        assert_eq!(heard.spans[1].as_ref().map(Vec::len), Some(320));
    }

    #[test]
    fn a_wav_file_has_the_head_that_it_should() {
        let file = wav(&[1, 2, 3, 4]);
        assert_eq!((file.len(), &file[..4], &file[40..44]), (48, &b"RIFF"[..], &4_u32.to_le_bytes()[..]));
    }
}
