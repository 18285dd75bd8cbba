//! Time stamps inside PDFs, checked by the same code that checks those of the log.

use mingbai_evidence::timestamp::{Roots, Stamp, StampError};
use mingbai_evidence::{Bilingual as _, Digest};
use mingbai_sign::{Proven, TimeStamps, Verdict, Words};

/// Judges tokens by the roots that the reader trusts.
pub struct StampReader<'a>(pub Option<&'a Roots>);

type Answer<T> = Result<T, (Verdict, Words)>;

impl StampReader<'_> {
    /// Reads a token that must be over this digest and signed by somebody, known or not.
    pub fn open(token: &[u8], digest: &[u8; 32]) -> Answer<Stamp> {
        Stamp::open(&answer_of(token), &Digest::new(*digest)).map_err(|e| told(&e))
    }
}

impl TimeStamps for StampReader<'_> {
    fn proven(&self, token: &[u8], digest: &[u8; 32]) -> Answer<Proven> {
        let stamp = StampReader::open(token, digest)?;
        let Some(roots) = self.0 else {
            let why = Words::new(
                "没有给出时间戳机构的根证书,时间无从核实",
                "no root of a time-stamping authority was given, so the time is not proven",
            );
            return Err((Verdict::NotKnown, why));
        };
        let until_ms = stamp.vouched_until_ms(roots).map_err(|e| told(&e))?;
        Ok(Proven { at_ms: stamp.stated().at_ms, until_ms })
    }
}

fn told(error: &StampError) -> (Verdict, Words) {
    let verdict = if error.leaves_open() { Verdict::NotKnown } else { Verdict::Contradicted };
    (verdict, Words::new(error.zh(), error.en()))
}

/// A PDF holds the token alone; the reader of answers wants the answer around it: `SEQUENCE { SEQUENCE { INTEGER 0 }, token }`.
fn answer_of(token: &[u8]) -> Vec<u8> {
    let granted = [0x30, 0x03, 0x02, 0x01, 0x00];
    let mut answer = vec![0x30];
    let length = token.len() + granted.len();
    let bytes = length.to_be_bytes();
    let short: Vec<u8> = bytes.iter().copied().skip_while(|b| *b == 0).collect();
    match length {
        0..=127 => answer.extend(&short),
        _ => {
            answer.push(0x80 | u8::try_from(short.len()).unwrap_or(8));
            answer.extend(&short);
        }
    }
    answer.extend(granted);
    answer.extend(token);
    answer
}

/// The token in an authority's answer, or the token itself when it is one.
pub fn token_of(bytes: &[u8]) -> Vec<u8> {
    // An answer begins with a status, which is a sequence; a token with the name of its kind.
    let header = match bytes.get(1) {
        Some(length @ 0x80..) => 2 + usize::from(length & 0x7F),
        _ => 2,
    };
    let Some([0x30, status, ..]) = bytes.get(header..) else { return bytes.to_vec() };
    bytes.get(header + 2 + usize::from(*status)..).unwrap_or(bytes).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_into_an_answer_and_comes_out_again() {
        for length in [2, 100, 127, 200, 300, 70_000] {
            let mut token = vec![0x06; length];
            token[0] = 0x30;
            assert_eq!(token_of(&answer_of(&token)), token);
        }
        let token = [0x30, 0x04, 0x06, 0x02, 0x2A, 0x03];
        assert_eq!(token_of(&token), token);
        assert_eq!(token_of(&[]), Vec::<u8>::new());
    }
}
