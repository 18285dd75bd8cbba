//! The request to a recogniser of words and its answer, as bytes: `POST /v1/audio/transcriptions` in the form that FunASR, whisper.cpp,
//! vLLM and others serve. Sending it is somebody else's work.

use serde::Deserialize;

use crate::said::Spoken;

/// The most bytes of an answer that are read.
pub const ANSWER_LIMIT: usize = 1 << 20;
/// The most lines of one answer.
const LINES_LIMIT: usize = 2_000;

/// How the answer is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// With the moment of every line.
    Lines,
    /// The text alone, for servers that know nothing else.
    Text,
}

impl Form {
    const fn key(self) -> &'static str {
        match self {
            Form::Lines => "verbose_json",
            Form::Text => "json",
        }
    }
}

/// A request's body with its media type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `multipart/form-data; boundary=…`.
    pub media: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// Asks for the words in a WAV file. `lang` is a two-letter key such as `zh`.
    #[must_use]
    pub fn new(wav: &[u8], model: &str, lang: &str, form: Form) -> Self {
        // A boundary must not occur in what it bounds. Sound hardly ever spells a sentence; where it does, another number is tried.
        let boundary = (0_u32..)
            .map(|number| format!("mingbai-boundary-of-a-form-{number}"))
            .find(|one| !wav.windows(one.len()).any(|part| part == one.as_bytes()))
            .unwrap_or_default();
        let mut body = Vec::with_capacity(wav.len() + 1_024);
        let fields =
            [("model", model), ("language", lang), ("response_format", form.key()), ("temperature", "0")];
        for (name, value) in fields {
            let plain: String = value.chars().filter(|c| !c.is_control()).collect();
            body.extend(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{plain}\r\n")
                    .bytes(),
            );
        }
        body.extend(
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"part.wav\"\r\n\
                 Content-Type: audio/wav\r\n\r\n"
            )
            .bytes(),
        );
        body.extend_from_slice(wav);
        body.extend(format!("\r\n--{boundary}--\r\n").bytes());
        Request { media: format!("multipart/form-data; boundary={boundary}"), body }
    }
}

/// Why an answer is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Not the JSON that it should be.
    #[error("the recogniser's answer is not what it should be: {0}")]
    Shape(String),
    /// Too large.
    #[error("the recogniser's answer has {0} bytes; {ANSWER_LIMIT} are the most")]
    Large(usize),
}

#[derive(Deserialize)]
struct Answer {
    text: String,
    #[serde(default)]
    segments: Vec<Segment>,
}

#[derive(Deserialize)]
struct Segment {
    start: f64,
    end: f64,
    text: String,
}

/// Reads an answer; times count from `from_ms`, where the part begins in its file, and lie within the part.
///
/// # Errors
/// [`AnswerError`].
pub fn lines(answer: &[u8], (from_ms, to_ms): (i64, i64)) -> Result<Vec<Spoken>, AnswerError> {
    if answer.len() > ANSWER_LIMIT {
        return Err(AnswerError::Large(answer.len()));
    }
    let answer: Answer = serde_json::from_slice(answer).map_err(|e| AnswerError::Shape(e.to_string()))?;
    let time = |seconds: f64| match seconds.is_finite() {
        true => from_ms.saturating_add((seconds * 1_000.0).round() as i64).clamp(from_ms, to_ms.max(from_ms)),
        false => from_ms,
    };
    let clean = |text: &str| text.chars().filter(|c| !c.is_control()).take(2_000).collect::<String>();
    let segments = answer.segments.iter().filter(|one| !one.text.trim().is_empty()).take(LINES_LIMIT);
    let mut lines: Vec<Spoken> = segments
        .map(|one| {
            let start_ms = time(one.start);
            Spoken { start_ms, end_ms: time(one.end).max(start_ms), text: clean(&one.text) }
        })
        .collect();
    if lines.is_empty() && !answer.text.trim().is_empty() {
        lines.push(Spoken { start_ms: from_ms, end_ms: to_ms.max(from_ms), text: clean(&answer.text) });
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_with_and_without_lines() {
        let with = r#"{"text":"ab","segments":[{"id":0,"start":0.5,"end":1.25,"text":" 你好"},{"start":1e9,"end":-3,"text":"再见"},{"start":2,"end":3,"text":" "}]}"#;
        let found = lines(with.as_bytes(), (10_000, 14_000)).unwrap_or_default();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].start_ms, found[0].end_ms), (10_500, 11_250));
        assert_eq!((found[1].start_ms, found[1].end_ms), (14_000, 14_000), "times stay within the part");
        let without = lines(br#"{"text":"yes"}"#, (5, 9)).unwrap_or_default();
        assert_eq!(without, [Spoken { start_ms: 5, end_ms: 9, text: "yes".to_owned() }]);
        assert_eq!(lines(br#"{"text":" "}"#, (5, 9)), Ok(Vec::new()));
        for bad in [&b""[..], b"[]", b"{}", b"\xff", br#"{"text":5}"#] {
            assert!(matches!(lines(bad, (0, 1)), Err(AnswerError::Shape(_))));
        }
        assert_eq!(lines(&vec![b' '; ANSWER_LIMIT + 1], (0, 1)), Err(AnswerError::Large(ANSWER_LIMIT + 1)));
    }

    #[test]
    fn a_boundary_never_occurs_in_the_sound() {
        let sound = b"xx mingbai-boundary-of-a-form-0 yy mingbai-boundary-of-a-form-1".to_vec();
        let request = Request::new(&sound, "m\r\n", "zh", Form::Lines);
        assert!(request.media.ends_with("mingbai-boundary-of-a-form-2"), "{}", request.media);
        let text = String::from_utf8_lossy(&request.body).into_owned();
        assert!(text.contains("name=\"model\"\r\n\r\nm\r\n--"), "{text}");
        assert!(text.contains("verbose_json"));
    }
}
