//! What a machine found out about one node of a recording. A check that could not be made says so and never passes by itself.

use mingbai_cost::Words;
use serde::{Deserialize, Serialize};

use crate::text::both;

/// One thing that an inspection looks for in one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The stretch of time lies within the recording, and picture and sound of it can be decoded.
    Decodes,
    /// Long enough for the text to have been read out.
    Length,
    /// The picture is not black.
    Black,
    /// The picture does not stand still.
    Freeze,
    /// The picture is sharp enough to tell who is in it.
    Blur,
    /// As many faces as persons who should be there.
    Persons,
    /// The same persons as in the nodes before.
    SamePerson,
    /// Somebody can be heard.
    Silence,
    /// Neither too soft nor too loud.
    Loudness,
    /// The sound is not cut off at its peaks.
    Clipping,
    /// The words of the script were said, and none that are forbidden.
    Words,
    /// The borrower's spoken answer is the one that the node asks for.
    Answer,
    /// Not looked for by a machine: the part was drawn, so that a person sees some of what passed as well.
    Sample,
}

impl Check {
    /// Every check of a machine, in the order in which people read them.
    pub const ALL: [Check; 12] = [
        Check::Decodes,
        Check::Length,
        Check::Black,
        Check::Freeze,
        Check::Blur,
        Check::Persons,
        Check::SamePerson,
        Check::Silence,
        Check::Loudness,
        Check::Clipping,
        Check::Words,
        Check::Answer,
    ];

    /// In words.
    #[must_use]
    pub fn name(self) -> Words {
        match self {
            Check::Decodes => both("画面和声音能播放", "Picture and sound can be played"),
            Check::Length => both("时长够读完", "Long enough to read it out"),
            Check::Black => both("画面不黑", "Picture is not black"),
            Check::Freeze => both("画面不卡住", "Picture does not freeze"),
            Check::Blur => both("画面清晰", "Picture is sharp"),
            Check::Persons => both("人数相符", "Right number of persons"),
            Check::SamePerson => both("前后同一人", "Same person throughout"),
            Check::Silence => both("有人说话", "Somebody can be heard"),
            Check::Loudness => both("音量合适", "Loudness is right"),
            Check::Clipping => both("声音不破", "Sound does not clip"),
            Check::Words => both("话术读到、无禁语", "Script said, nothing forbidden"),
            Check::Answer => both("本人说出回答", "Answer was spoken"),
            Check::Sample => both("抽查", "Sample for a person"),
        }
    }
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// It is as it should be.
    Passed,
    /// It is not.
    Failed {
        /// Where in the file to look, in milliseconds from its beginning.
        at_ms: i64,
        /// What was found, for people.
        why: Words,
    },
    /// It could not be found out; a person looks.
    NotChecked {
        /// Why not, for people.
        why: Words,
    },
}

/// What was found about one node. It needs no order and no repetition: the worst outcome of a check counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NodeFindings {
    /// Id of the node in the script.
    pub id: String,
    /// Check by check.
    pub checks: Vec<(Check, Outcome)>,
}

/// What the findings about a node come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every check passed.
    Passed,
    /// Nothing failed, but something could not be checked: a person decides.
    Unclear,
    /// Something failed.
    Failed,
}

impl NodeFindings {
    /// The worst outcome decides. Findings without a single check show nothing.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let worst = |(_, outcome): &(Check, Outcome)| match outcome {
            Outcome::Passed => Verdict::Passed,
            Outcome::NotChecked { .. } => Verdict::Unclear,
            Outcome::Failed { .. } => Verdict::Failed,
        };
        self.checks.iter().map(worst).max().unwrap_or(Verdict::Unclear)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_outcome_decides_and_nothing_is_not_a_pass() {
        let unknown = || Outcome::NotChecked { why: both("没有识别引擎", "no recogniser") };
        let bad = || Outcome::Failed { at_ms: 10, why: both("黑屏", "black") };
        let of = |checks: Vec<(Check, Outcome)>| NodeFindings { id: "a".to_owned(), checks }.verdict();
        assert_eq!(of(vec![]), Verdict::Unclear);
        assert_eq!(of(vec![(Check::Black, Outcome::Passed)]), Verdict::Passed);
        assert_eq!(of(vec![(Check::Black, Outcome::Passed), (Check::Words, unknown())]), Verdict::Unclear);
        assert_eq!(of(vec![(Check::Black, bad()), (Check::Words, unknown())]), Verdict::Failed);
    }
}
