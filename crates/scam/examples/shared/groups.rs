//! Groups of near duplicates: texts whose sets of four characters agree for the greater part (MinHash, 32 permutations in 16 bands of two).

use std::collections::HashMap;

const HASHES: usize = 32;
const BANDS: usize = 16;
/// Permutations that must agree, of [`HASHES`]: an overlap of about one half.
const ALIKE: usize = 16;

fn mix(x: u64, seed: u64) -> u64 {
    let mut z = x ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn signature(text: &str) -> [u64; HASHES] {
    let chars: Vec<u64> = text.chars().filter(|c| c.is_alphanumeric()).map(u64::from).collect();
    let mut least = [u64::MAX; HASHES];
    let short = [chars.as_slice()];
    let windows: Box<dyn Iterator<Item = &[u64]>> =
        if chars.len() < 4 { Box::new(short.into_iter()) } else { Box::new(chars.windows(4)) };
    for window in windows {
        let base = window.iter().fold(7, |hash, c| mix(hash ^ c, 1));
        for (seed, least) in (2_u64..).zip(&mut least) {
            *least = (*least).min(mix(base, seed));
        }
    }
    least
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// The number of the group of each text.
pub fn group(texts: &[&str]) -> Vec<usize> {
    let signatures: Vec<_> = texts.iter().map(|text| signature(text)).collect();
    let mut parent: Vec<usize> = (0..texts.len()).collect();
    let rows = HASHES / BANDS;
    for band in 0..BANDS {
        let mut seen: HashMap<&[u64], Vec<usize>> = HashMap::new();
        for (i, signature) in signatures.iter().enumerate() {
            let others = seen.entry(&signature[band * rows..(band + 1) * rows]).or_default();
            // A text like one of a group joins it; comparing with a few is enough, since those are alike among themselves.
            for other in others.iter().take(8) {
                let same = signature.iter().zip(&signatures[*other]).filter(|(a, b)| a == b).count();
                if same >= ALIKE {
                    let (a, b) = (root(&mut parent, i), root(&mut parent, *other));
                    parent[a.max(b)] = a.min(b);
                }
            }
            others.push(i);
        }
    }
    (0..texts.len()).map(|i| root(&mut parent, i)).collect()
}
