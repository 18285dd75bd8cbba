//! Loudness of a stretch from the momentary loudness of its windows, with the gates of ITU-R BS.1770-4 / EBU R 128: blocks of 400 ms
//! that overlap by three quarters, first an absolute gate at -70 LUFS, then one 10 LU below what is left. The program computes each
//! block; only which blocks belong to the stretch is decided here, because it knows no stretches.

use crate::measured::Window;

/// Blocks below it are silence.
const ABSOLUTE_CLUFS: i32 = -7_000;
/// Blocks so far below the rest are pauses.
const RELATIVE_CLU: i32 = 1_000;

/// Integrated loudness, hundredths of LUFS; `None` when everything is silence.
#[must_use]
pub fn integrated_clufs(windows: &[Window]) -> Option<i32> {
    let loud = |gate: i32| {
        windows.iter().map(|window| window.momentary_clufs).filter(move |momentary| *momentary > gate)
    };
    let first = mean_clufs(loud(ABSOLUTE_CLUFS))?;
    mean_clufs(loud(ABSOLUTE_CLUFS.max(first - RELATIVE_CLU)))
}

/// Mean by energy. Loudness is ten times a logarithm of energy, so tens of centi-LUFS turn into powers and back; the constant offset of
/// the standard (-0.691) is the same on both ways and cancels out.
fn mean_clufs(all: impl Iterator<Item = i32>) -> Option<i32> {
    let (mut sum, mut count) = (0.0_f64, 0_u32);
    for one in all {
        sum += 10_f64.powf(f64::from(one) / 1_000.0);
        count += 1;
    }
    let mean = (count > 0).then(|| sum / f64::from(count))?;
    // Between -70 and a few LUFS: far inside of what fits.
    Some((mean.log10() * 1_000.0).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(all: &[i32]) -> Vec<Window> {
        let window =
            |momentary: &i32| Window { at_ms: 0, rms_cdb: 0, peak_cdb: 0, momentary_clufs: *momentary };
        all.iter().map(window).collect()
    }

    #[test]
    fn pauses_do_not_count() {
        assert_eq!(integrated_clufs(&windows(&[])), None);
        assert_eq!(integrated_clufs(&windows(&[-12_069, -7_000])), None, "silence has no loudness");
        assert_eq!(integrated_clufs(&windows(&[-2_300, -2_300])), Some(-2_300));
        assert_eq!(integrated_clufs(&windows(&[-2_300, -2_300, -5_000, -5_000, -9_000])), Some(-2_300));
        // Two blocks 3 LU apart: the mean of their energies, (1 + 0.501) / 2.
        assert_eq!(integrated_clufs(&windows(&[-2_000, -2_300])), Some(-2_125));
    }
}
