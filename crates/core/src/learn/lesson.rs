//! A lesson: one file for each language, with a head (TOML between lines of `+++`), the text, and after a line `+++ easy` the same in easy
//! words. Both languages are put together only when they say the same about themselves.

use mingbai_cost::Lang;
use serde::{Deserialize, Serialize};

use super::error::{LearnError, id, is_id};
use super::text::Text;

/// The largest file, in bytes.
pub const FILE_LIMIT: usize = 64 * 1024;
/// The line around the head.
const FENCE: &str = "+++";
/// The line between the text and the same in easy words.
const EASY: &str = "+++ easy";
/// Names that stand in addresses beside lessons.
const TAKEN: [&str; 2] = ["test", "easy"];

/// What a lesson is about; the order is that of the front page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// 合理借贷.
    Borrowing,
    /// 反诈骗.
    Scams,
    /// 权利和投诉.
    Rights,
    /// 存钱和投资.
    Saving,
    /// 顾问的课: what consultants are taught, open to everybody like the rest.
    Staff,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Topic; 5] = [Topic::Borrowing, Topic::Scams, Topic::Rights, Topic::Saving, Topic::Staff];

    /// Its key in files and words.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Topic::Borrowing => "borrowing",
            Topic::Scams => "scams",
            Topic::Rights => "rights",
            Topic::Saving => "saving",
            Topic::Staff => "staff",
        }
    }
}

/// For whom a lesson was written first; everybody may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// 所有人.
    Everybody,
    /// 小微企业主.
    SmallBusiness,
    /// 老年人.
    Elderly,
    /// 村民.
    Villagers,
    /// 新市民.
    NewCitizens,
    /// 学生.
    Students,
    /// 顾问.
    Consultants,
}

impl Audience {
    /// Its key in files and words.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Audience::Everybody => "everybody",
            Audience::SmallBusiness => "small-business",
            Audience::Elderly => "elderly",
            Audience::Villagers => "villagers",
            Audience::NewCitizens => "new-citizens",
            Audience::Students => "students",
            Audience::Consultants => "consultants",
        }
    }
}

/// One choice of a question.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The choice.
    pub text: String,
    /// What is said to whoever chose it.
    pub feedback: String,
    /// Whether it is the right one; exactly one is.
    #[serde(default)]
    pub right: bool,
}

/// A question at the end of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable id, the same in both languages.
    pub id: String,
    /// What is asked.
    pub ask: String,
    /// Two to four choices.
    pub choices: Vec<Choice>,
}

impl Question {
    /// The place of the right choice.
    #[must_use]
    pub fn right(&self) -> usize {
        self.choices.iter().position(|choice| choice.right).unwrap_or(0)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: String,
    language: Lang,
    title: String,
    summary: String,
    topic: Topic,
    audience: Vec<Audience>,
    /// Place in its topic.
    place: u16,
    minutes: u16,
    version: String,
    sources: Vec<String>,
    questions: Vec<Question>,
}

/// One language's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    file: String,
    id: String,
    language: Lang,
    topic: Topic,
    audience: Vec<Audience>,
    place: u16,
    minutes: u16,
    version: String,
    sources: Vec<String>,
    told: Told,
}

/// What a lesson says in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Title.
    pub title: String,
    /// What one learns, in a sentence.
    pub summary: String,
    /// The text.
    pub full: Text,
    /// The same in easy words.
    pub easy: Text,
    /// Two or three questions.
    pub questions: Vec<Question>,
}

impl Part {
    /// Reads one file.
    ///
    /// # Errors
    /// [`LearnError`] with what is wrong.
    pub fn parse(file: &str, text: &str) -> Result<Self, LearnError> {
        read(file, text).map_err(|error| error.at(file))
    }

    /// Id and language: a file with the same two replaces another.
    #[must_use]
    pub fn key(&self) -> (&str, Lang) {
        (&self.id, self.language)
    }

    /// Name of its file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }
}

fn read(file: &str, text: &str) -> Result<Part, LearnError> {
    if text.len() > FILE_LIMIT {
        return Err(LearnError::new(
            format!("文件太大,上限 {FILE_LIMIT} 字节。"),
            format!("The file is too large; the limit is {FILE_LIMIT} bytes."),
        ));
    }
    let text = text.replace("\r\n", "\n");
    let lines: Vec<&str> = text.lines().collect();
    let line = |wanted: &str, from: usize| {
        lines.iter().skip(from).position(|line| line.trim_end() == wanted).map(|at| at + from)
    };
    let head_end = (line(FENCE, 0) == Some(0)).then(|| line(FENCE, 1)).flatten().ok_or_else(|| {
        LearnError::new(
            "文件应以 +++ 开头,文件头以 +++ 结束。",
            "The file begins with +++ and its head ends with +++.",
        )
    })?;
    let easy_at = line(EASY, head_end).ok_or_else(|| {
        LearnError::new(
            "缺“+++ easy”这一行和后面的易读版。",
            "The line \"+++ easy\" and the easy text after it are missing.",
        )
    })?;
    let piece = |from: usize, to: usize| lines.get(from..to).unwrap_or_default().join("\n");
    let head: Head = toml::from_str(&piece(1, head_end)).map_err(|error| {
        LearnError::new(format!("文件头读不出来:{error}"), format!("The head cannot be read: {error}"))
    })?;
    check(&head)?;
    let full = Text::parse(&piece(head_end + 1, easy_at), head_end + 2)?;
    let easy = Text::parse(&piece(easy_at + 1, lines.len()), easy_at + 2)?;
    let Head { id, language, title, summary, topic, audience, place, minutes, version, sources, questions } =
        head;
    let told = Told { title, summary, full, easy, questions };
    let file = file.to_owned();
    Ok(Part { file, id, language, topic, audience, place, minutes, version, sources, told })
}

fn check(head: &Head) -> Result<(), LearnError> {
    id(&head.id)?;
    let wrong = |zh: &str, en: &str| Err(LearnError::new(zh, en));
    if TAKEN.contains(&head.id.as_str()) {
        return wrong(
            "这个编号留给别的页面,请换一个。",
            "This id belongs to another page; take another one.",
        );
    }
    if head.title.trim().is_empty() || head.summary.trim().is_empty() || head.version.trim().is_empty() {
        return wrong("title、summary、version 都要写。", "title, summary and version must say something.");
    }
    if head.audience.is_empty() || !(1..=60).contains(&head.minutes) {
        return wrong("audience 至少一项;minutes 应为 1 到 60。", "Name an audience; minutes is 1 to 60.");
    }
    if head.sources.is_empty() || !head.sources.iter().all(|source| is_id(source)) {
        return wrong(
            "至少写一个来源的编号(见 sources.toml)。",
            "Name at least one source by its id (see sources.toml).",
        );
    }
    if !(2..=3).contains(&head.questions.len()) {
        return wrong("每课应有 2 到 3 个问题。", "A lesson has 2 or 3 questions.");
    }
    head.questions.iter().try_for_each(question)
}

fn question(question: &Question) -> Result<(), LearnError> {
    id(&question.id)?;
    let full = |choice: &Choice| !choice.text.trim().is_empty() && !choice.feedback.trim().is_empty();
    let right = question.choices.iter().filter(|choice| choice.right).count();
    let good = (2..=4).contains(&question.choices.len())
        && right == 1
        && !question.ask.trim().is_empty()
        && question.choices.iter().all(full);
    if good {
        return Ok(());
    }
    let name = &question.id;
    Err(LearnError::new(
        format!("问题 {name}:要有 2 到 4 个选项,正好一个 right = true,每个都写 text 和 feedback。"),
        format!(
            "Question {name}: 2 to 4 choices, exactly one with right = true, each with text and feedback."
        ),
    ))
}

/// A lesson in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Stable id, also its address.
    pub id: String,
    /// Topic.
    pub topic: Topic,
    /// For whom it was written first.
    pub audience: Vec<Audience>,
    /// Place in its topic.
    pub place: u16,
    /// How long it takes to read, in minutes.
    pub minutes: u16,
    /// Version, by which a print can be told from a later one.
    pub version: String,
    /// Sources, by id.
    pub sources: Vec<String>,
    zh: Told,
    en: Told,
}

impl Lesson {
    /// Puts both languages together.
    ///
    /// # Errors
    /// [`LearnError`] when they do not say the same about themselves.
    pub fn of(zh: Part, en: Part) -> Result<Self, LearnError> {
        let about = |part: &Part| {
            let asked = part.told.questions.iter().map(|q| (q.id.clone(), q.choices.len(), q.right()));
            (part.topic, part.place, part.minutes, part.version.clone(), asked.collect::<Vec<_>>())
        };
        if about(&zh) != about(&en) || zh.audience != en.audience || zh.sources != en.sources {
            let other = zh.file.clone();
            let error = LearnError::new(
                format!(
                    "与 {other} 不一致:topic、place、minutes、version、audience、sources 和问题(编号、选项数、正确项的位置)两种语言要相同。"
                ),
                format!(
                    "It differs from {other}: topic, place, minutes, version, audience, sources and questions (id, number of choices, \
                     place of the right one) are the same in both languages."
                ),
            );
            return Err(error.at(&en.file));
        }
        let Part { id, topic, audience, place, minutes, version, sources, told, .. } = zh;
        Ok(Lesson { id, topic, audience, place, minutes, version, sources, zh: told, en: en.told })
    }

    /// What it says in a language.
    #[must_use]
    pub fn told(&self, lang: Lang) -> &Told {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}
