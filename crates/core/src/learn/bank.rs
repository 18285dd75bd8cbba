//! The bank: questions that are asked to measure, and messages – real ones and tricks – to be told apart. All in our own words. A question's
//! curve says whether it was estimated from answers or only guessed by its authors; a guess is never shown as a measurement.

use std::collections::BTreeSet;

use mingbai_cost::Words;
use serde::{Deserialize, Serialize};

use super::error::{LearnError, id, is_id, said};
use super::lesson::Topic;

/// The largest file, in bytes.
pub const FILE_LIMIT: usize = 512 * 1024;

/// What a question is about in a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// 知识: knowing.
    Knowledge,
    /// 技能: being able to.
    Skill,
    /// 态度: willing to.
    Attitude,
    /// 行为: doing.
    Behaviour,
}

/// Whether a curve was estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Guessed by the authors; nobody has answered it yet.
    Provisional,
    /// Estimated from answers.
    Calibrated,
}

/// A question's curve in the two-parameter model.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    /// Slope `a`, per standard deviation.
    pub a: f64,
    /// Difficulty `b`, in standard deviations.
    pub b: f64,
    /// Whether it was estimated.
    pub standing: Standing,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// One of these is right.
    Keyed {
        /// Two to five choices, without "I don't know", which every page adds.
        choices: Vec<Words>,
        /// Place of the right one.
        key: usize,
        /// Why.
        explain: Words,
        /// Its curve.
        curve: Curve,
    },
    /// Nothing is right or wrong: steps of a scale, from least to most. It has no score.
    Scale(Vec<Words>),
}

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Stable id.
    pub id: String,
    /// Version: a changed wording is another question and loses its calibration.
    pub version: u16,
    /// Dimension.
    pub dimension: Dimension,
    /// Topic.
    pub topic: Topic,
    /// Lesson where it is explained.
    pub lesson: Option<String>,
    /// What is asked.
    pub ask: Words,
    /// A message or a paper that the question is about.
    pub message: Option<Words>,
    /// How it is answered.
    pub form: Form,
    /// Sources; at least one.
    pub sources: Vec<String>,
}

/// Whether a message is a trick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Truth {
    /// A trick.
    Scam,
    /// What a bank, a shop or an office really writes.
    Genuine,
}

/// A message to be told apart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Stable id.
    pub id: String,
    /// Version.
    pub version: u16,
    /// What it is.
    pub truth: Truth,
    /// How it comes: by text message, on the telephone …
    pub channel: Words,
    /// The message.
    pub text: Words,
    /// By what one can tell.
    pub tell: Words,
    /// Sources; at least one.
    pub sources: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    version: u16,
    dimension: Dimension,
    topic: Topic,
    lesson: Option<String>,
    ask: Words,
    message: Option<Words>,
    #[serde(default)]
    choices: Vec<Words>,
    key: Option<usize>,
    explain: Option<Words>,
    curve: Option<Curve>,
    #[serde(default)]
    scale: Vec<Words>,
    sources: Vec<String>,
}

/// What one file of the bank holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BankFile {
    /// Questions.
    pub items: Vec<Item>,
    /// Messages.
    pub messages: Vec<Message>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    items: Vec<Raw>,
    #[serde(default)]
    messages: Vec<Message>,
}

impl BankFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`LearnError`] with what is wrong and with which question.
    pub fn parse(file: &str, text: &str) -> Result<Self, LearnError> {
        read(text).map_err(|error| error.at(file))
    }
}

fn read(text: &str) -> Result<BankFile, LearnError> {
    if text.len() > FILE_LIMIT {
        return Err(LearnError::new(
            format!("文件太大,上限 {FILE_LIMIT} 字节。"),
            format!("The file is too large; the limit is {FILE_LIMIT} bytes."),
        ));
    }
    let raw: RawFile = toml::from_str(text).map_err(|error| {
        LearnError::new(format!("文件读不出来:{error}"), format!("The file cannot be read: {error}"))
    })?;
    let items = raw.items.into_iter().map(item).collect::<Result<Vec<_>, _>>()?;
    raw.messages.iter().try_for_each(message)?;
    let mut seen = BTreeSet::new();
    let ids = items.iter().map(|item| &item.id).chain(raw.messages.iter().map(|message| &message.id));
    for name in ids {
        if !seen.insert(name) {
            return Err(LearnError::new(
                format!("编号 {name} 用了两次。"),
                format!("The id {name} stands twice."),
            ));
        }
    }
    Ok(BankFile { items, messages: raw.messages })
}

fn item(raw: Raw) -> Result<Item, LearnError> {
    id(&raw.id)?;
    let name = raw.id.clone();
    said(&raw.ask, &name)?;
    raw.message.iter().chain(&raw.choices).chain(&raw.scale).try_for_each(|words| said(words, &name))?;
    sourced(&raw.sources, &name)?;
    let wrong = |zh: &str, en: &str| LearnError::new(format!("{name}:{zh}"), format!("{name}: {en}"));
    let form = match (raw.key, raw.explain, raw.curve, raw.scale.len()) {
        (Some(key), Some(explain), Some(curve), 0) => {
            said(&explain, &name)?;
            if !(2..=5).contains(&raw.choices.len()) || key >= raw.choices.len() {
                return Err(wrong(
                    "选项应有 2 到 5 个,key 是正确项的序号,从 0 数起。",
                    "it has 2 to 5 choices, and key is the place of the right one, counted from 0.",
                ));
            }
            // The engine's own limits; a curve outside them measures something else.
            if !(curve.a > 0.0 && curve.a <= 10.0 && curve.b.abs() <= 6.0) {
                return Err(wrong(
                    "curve 的 a 应在 0 到 10,b 应在 -6 到 6。",
                    "curve: a is 0 to 10, b is -6 to 6.",
                ));
            }
            Form::Keyed { choices: raw.choices, key, explain, curve }
        }
        (None, None, None, 2..=7) if raw.choices.is_empty() => Form::Scale(raw.scale),
        _ => {
            return Err(wrong(
                "要么写 choices、key、explain、curve,要么只写 scale(2 到 7 级)。",
                "give either choices, key, explain and curve, or scale alone (2 to 7 steps).",
            ));
        }
    };
    let measured = matches!(raw.dimension, Dimension::Knowledge | Dimension::Skill);
    if measured != matches!(form, Form::Keyed { .. }) {
        return Err(wrong(
            "知识和技能题有对错;态度和行为没有对错,只用 scale。",
            "knowledge and skill have a right answer; attitude and behaviour have none and use scale.",
        ));
    }
    let Raw { id, version, dimension, topic, lesson, ask, message, sources, .. } = raw;
    Ok(Item { id, version, dimension, topic, lesson, ask, message, form, sources })
}

fn message(message: &Message) -> Result<(), LearnError> {
    id(&message.id)?;
    for words in [&message.channel, &message.text, &message.tell] {
        said(words, &message.id)?;
    }
    sourced(&message.sources, &message.id)
}

fn sourced(sources: &[String], name: &str) -> Result<(), LearnError> {
    if !sources.is_empty() && sources.iter().all(|source| is_id(source)) {
        return Ok(());
    }
    Err(LearnError::new(
        format!("{name}:至少写一个来源的编号(见 sources.toml)。"),
        format!("{name}: name at least one source by its id (see sources.toml)."),
    ))
}
