//! The desk's machine that looks at recordings: `mingbai-media` on a thread of its own, and a recogniser of words where one is set. What it
//! cannot tell — who is in the picture, whose voice answers — it says, so that a person looks.

use std::sync::Arc;

use async_trait::async_trait;
use mingbai_core::borrow::recording::{Check, NodeFindings, Outcome};
use mingbai_core::text::both;
use mingbai_cost::Words;
use mingbai_desk::ports::{
    AnswerExpected, Asr, InspectError, Inspection, InspectionWish, KeepError, Pieces, RecordingInspector,
    SpokenLine, WishedNode,
};
use mingbai_media::said::{Wanted, compare};
use mingbai_media::{self as media, Judged, Limits, LookError, Looked, Part, Span, Thresholds, Tool};
use tokio::sync::{Semaphore, mpsc};

/// How many pieces wait between the store and the children.
const PIECES_AHEAD: usize = 2;

/// The machine.
pub struct Inspector {
    tool: Tool,
    words: Option<(Arc<dyn Asr>, String)>,
    limits: Limits,
    turn: Arc<Semaphore>,
}

/// Why the pieces ended before the file did.
enum Broken {
    Store(KeepError),
    /// Whoever asked is gone: the server stops.
    GivenUp,
}

impl Inspector {
    /// A machine that looks at one file at a time.
    pub fn new(tool: Tool) -> Self {
        Inspector { tool, words: None, limits: Limits::default(), turn: Arc::new(Semaphore::new(1)) }
    }

    /// Lets it hear words.
    #[must_use]
    pub fn with_words(mut self, asr: Arc<dyn Asr>, model: String) -> Self {
        self.words = Some((asr, model));
        self
    }

    fn engine(&self) -> String {
        let own = concat!("mingbai-media ", env!("CARGO_PKG_VERSION"));
        let words = self.words.as_ref().map(|(_, model)| format!("; words: {model}")).unwrap_or_default();
        format!("{own}; ffmpeg {}{words}", self.tool.version())
    }

    /// Hands the pieces to the children and waits for what they measured.
    async fn look(
        &self,
        spans: Vec<Span>,
        mut recording: Box<dyn Pieces>,
    ) -> Result<Result<Looked, LookError<Broken>>, InspectError> {
        let gone = || InspectError::Unavailable("the look was given up".to_owned());
        let turn = self.turn.clone().acquire_owned().await.map_err(|_| gone())?;
        let (give, mut take) = mpsc::channel(PIECES_AHEAD);
        let (tool, limits) = (self.tool.clone(), self.limits);
        let looking = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            media::look(&tool, &limits, &spans, &mut || match take.blocking_recv() {
                Some(Ok(piece)) => Ok(piece),
                Some(Err(error)) => Err(Broken::Store(error)),
                None => Err(Broken::GivenUp),
            })
        });
        loop {
            let piece = recording.next().await;
            let last = !matches!(piece, Ok(Some(_)));
            // A receiver that is gone has said why by its own end.
            if give.send(piece).await.is_err() || last {
                break;
            }
        }
        looking.await.map_err(|_| gone())
    }

    /// What was said in each part, and what that comes to.
    async fn hear(&self, wish: &InspectionWish, looked: &mut Looked) -> (Vec<Outcome>, Vec<SpokenLine>) {
        let Some((asr, _)) = &self.words else {
            let why = both("没有配置语音识别,话由人听", "No recogniser of words is set up; a person listens");
            return (vec![Outcome::NotChecked { why }; wish.nodes.len()], Vec::new());
        };
        let mut clips = looked.heard.take().unwrap_or_default().spans.into_iter();
        let (mut outcomes, mut transcript) = (Vec::new(), Vec::new());
        let mut down: Option<Words> = None;
        for node in &wish.nodes {
            let clip = clips.next().flatten().filter(|clip| !clip.is_empty());
            let why = match (&down, clip) {
                // One that does not answer is not waited for again and again.
                (Some(why), _) => why.clone(),
                (None, None) => {
                    both("没有取到这一段的声音,话由人听", "No sound of this part was had; a person listens")
                }
                (None, Some(clip)) => {
                    match asr.words(&media::wav(&clip), wish.lang, node.end_ms - node.start_ms).await {
                        Ok(lines) => {
                            let lines: Vec<_> =
                                lines.into_iter().map(|line| shifted(line, node.start_ms)).collect();
                            outcomes.push(outcome(compare(&wanted(node), &spoken(&lines))));
                            transcript.extend(lines);
                            continue;
                        }
                        Err(error) => {
                            tracing::warn!(%error, "the recogniser of words did not answer");
                            let why = both(
                                format!("语音识别没有回答({error}),话由人听"),
                                format!("The recogniser of words did not answer ({error}); a person listens"),
                            );
                            down = Some(why.clone());
                            why
                        }
                    }
                }
            };
            outcomes.push(Outcome::NotChecked { why });
        }
        (outcomes, transcript)
    }
}

#[async_trait]
impl RecordingInspector for Inspector {
    async fn inspect(
        &self,
        wish: InspectionWish,
        recording: Box<dyn Pieces>,
    ) -> Result<Inspection, InspectError> {
        let parts: Vec<Part> = wish.nodes.iter().map(part).collect();
        let spans = match &self.words {
            Some(_) => parts.iter().map(|part| part.span).collect(),
            None => Vec::new(),
        };
        let (mut looked, judged) = match self.look(spans, recording).await? {
            Ok(looked) => {
                let judged = media::judge(&looked.measured, &parts, &Thresholds::default());
                (looked, judged)
            }
            Err(LookError::Source(Broken::Store(error))) => return Err(InspectError::Unreadable(error)),
            Err(LookError::Source(Broken::GivenUp)) => {
                return Err(InspectError::Unavailable("the look was given up".to_owned()));
            }
            // Waiting for a program to come back would let the borrower wait; a person can look now.
            Err(LookError::Start(why)) => {
                tracing::error!(%why, "ffmpeg cannot be started; people look at this recording");
                let why = media::Words {
                    zh: "机器检查没有启动,由专人查看".to_owned(),
                    en: "The machine could not be started; a person looks".to_owned(),
                };
                (Looked::default(), media::unknown(&parts, &why))
            }
        };
        let (words, transcript) = self.hear(&wish, &mut looked).await;
        let nodes = wish.nodes.iter().zip(judged).zip(words);
        Ok(Inspection {
            engine: self.engine(),
            duration_ms: looked.measured.duration_ms(),
            nodes: nodes.map(|((node, judged), words)| findings(node, judged, words)).collect(),
            transcript,
        })
    }
}

fn part(node: &WishedNode) -> Part {
    Part {
        id: node.id.clone(),
        span: Span { start_ms: node.start_ms, end_ms: node.end_ms },
        characters: u32::try_from(node.expected_text.chars().count()).unwrap_or(u32::MAX),
    }
}

fn wanted(node: &WishedNode) -> Wanted {
    Wanted { text: node.expected_text.clone(), names: node.names.clone() }
}

fn shifted(line: SpokenLine, by_ms: i64) -> SpokenLine {
    SpokenLine { start_ms: line.start_ms + by_ms, end_ms: line.end_ms + by_ms, text: line.text }
}

fn spoken(lines: &[SpokenLine]) -> Vec<media::Spoken> {
    let one = |line: &SpokenLine| media::Spoken {
        start_ms: line.start_ms,
        end_ms: line.end_ms,
        text: line.text.clone(),
    };
    lines.iter().map(one).collect()
}

fn outcome(of: media::Outcome) -> Outcome {
    let words = |why: media::Words| both(why.zh, why.en);
    match of {
        media::Outcome::Fine => Outcome::Passed,
        media::Outcome::Wrong { at_ms, why } => Outcome::Failed { at_ms, why: words(why) },
        media::Outcome::Unknown { why } => Outcome::NotChecked { why: words(why) },
    }
}

fn check(of: media::Check) -> Check {
    match of {
        media::Check::Decodes => Check::Decodes,
        media::Check::Length => Check::Length,
        media::Check::Black => Check::Black,
        media::Check::Freeze => Check::Freeze,
        media::Check::Blur => Check::Blur,
        media::Check::Silence => Check::Silence,
        media::Check::Loudness => Check::Loudness,
        media::Check::Clipping => Check::Clipping,
    }
}

/// Everything about a node, in the order in which people read it.
fn findings(node: &WishedNode, judged: Judged, words: Outcome) -> NodeFindings {
    let faces = || Outcome::NotChecked {
        why: both("机器不数人脸,由人看", "The machine counts no faces; a person looks"),
    };
    let mut checks: Vec<(Check, Outcome)> =
        judged.checks.into_iter().map(|(of, found)| (check(of), outcome(found))).collect();
    checks.push((Check::Persons, faces()));
    checks.push((Check::SamePerson, faces()));
    checks.push((Check::Words, words));
    let answer = match node.answer_expected {
        AnswerExpected::Nothing => Outcome::Passed,
        AnswerExpected::Affirmative | AnswerExpected::Anything => Outcome::NotChecked {
            why: both(
                "机器听不出是谁在回答,由人听",
                "A machine cannot tell whose voice answers; a person listens",
            ),
        },
    };
    checks.push((Check::Answer, answer));
    checks.sort_by_key(|(check, _)| *check);
    NodeFindings { id: node.id.clone(), checks }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests;
