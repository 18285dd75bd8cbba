//! Everything that is taught and asked, put together from files: those of the program, and those that an institution added or put in their
//! place. What does not fit together is refused before anybody sees a page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use mingbai_cost::{Lang, Words};
use mingbai_evidence::Digest;
use serde::Deserialize;

use super::bank::{BankFile, Form, Item, Message, Truth};
use super::error::{LearnError, id, said};
use super::lesson::{Lesson, Part};
use super::shipped;
use crate::policy::Grade;

/// Name of the file with the sources, in either place.
const SOURCES: &str = "sources.toml";
/// The fewest questions with an answer: a test of twelve out of fewer would show the same ones to everybody.
pub const ITEMS_LEAST: usize = 24;
/// The fewest messages of each kind.
pub const MESSAGES_LEAST: usize = 8;
/// The most of either: their places are written with two bytes.
const MOST: usize = 1_000;

/// A file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Name, without its folder.
    pub name: String,
    /// Content.
    pub text: String,
}

/// A source that lessons and questions name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Stable id.
    pub id: String,
    /// Its name, as precise as it is known.
    pub name: Words,
    /// How it was read.
    pub grade: Grade,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceFile {
    sources: Vec<Source>,
}

/// What is taught and asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Library {
    lessons: Vec<Lesson>,
    items: Vec<Item>,
    messages: Vec<Message>,
    sources: BTreeMap<String, Source>,
    digest: Digest,
}

/// A lesson's two files.
#[derive(Default)]
struct Pair {
    zh: Option<Part>,
    en: Option<Part>,
}

impl Pair {
    fn of(&mut self, lang: Lang) -> &mut Option<Part> {
        match lang {
            Lang::Zh => &mut self.zh,
            Lang::En => &mut self.en,
        }
    }
}

/// Files of one origin: a name may stand once in each, and the later origin replaces.
#[derive(Default)]
struct Shelf {
    parts: BTreeMap<String, Pair>,
    items: Vec<Item>,
    messages: Vec<Message>,
    sources: BTreeMap<String, Source>,
}

impl Library {
    /// The program's own files with `own` put over them: a lesson (id and language), a question or a message with the same id replaces.
    ///
    /// # Errors
    /// [`LearnError`] with the file and what is wrong in it.
    pub fn with(own: &[File]) -> Result<Self, LearnError> {
        let mut shelf = Shelf::of(&shipped::files())?;
        shelf.put_over(Shelf::of(own)?);
        shelf.library()
    }

    /// The program's own files.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the files are constants and a test reads them.
    #[must_use]
    #[expect(
        clippy::panic,
        reason = "the files are compiled in; a test reads them, so no user or disk can reach this"
    )]
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Library> = LazyLock::new(|| match Library::with(&[]) {
            Ok(library) => library,
            Err(error) => panic!("a lesson compiled into this program is broken: {error}"),
        });
        &SHIPPED
    }

    /// Lessons by topic and place.
    #[must_use]
    pub fn lessons(&self) -> &[Lesson] {
        &self.lessons
    }

    /// A lesson.
    #[must_use]
    pub fn lesson(&self, id: &str) -> Option<&Lesson> {
        self.lessons.iter().find(|lesson| lesson.id == id)
    }

    /// Every question, keyed ones and scales.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Every message to be told apart.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// A source.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.get(id)
    }

    /// What this bank is: places and keys of another one mean something else.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

impl Shelf {
    fn of(files: &[File]) -> Result<Self, LearnError> {
        let mut shelf = Shelf::default();
        for file in files {
            shelf.add(file).map_err(|error| error.at(&file.name))?;
        }
        Ok(shelf)
    }

    fn add(&mut self, file: &File) -> Result<(), LearnError> {
        let File { name, text } = file;
        let twice = |id: &str| {
            LearnError::new(
                format!("{id} 在另一个文件里已经有了。"),
                format!("{id} stands in another file already."),
            )
        };
        if name.ends_with(".md") {
            let part = Part::parse(name, text)?;
            let (id, lang) = part.key();
            let place = self.parts.entry(id.to_owned()).or_default().of(lang);
            return match place.replace(part) {
                Some(before) => Err(twice(before.file())),
                None => Ok(()),
            };
        }
        if name == SOURCES {
            let read: SourceFile = toml::from_str(text).map_err(|error| {
                LearnError::new(format!("文件读不出来:{error}"), format!("The file cannot be read: {error}"))
            })?;
            for source in read.sources {
                id(&source.id)?;
                said(&source.name, &source.id)?;
                if let Some(before) = self.sources.insert(source.id.clone(), source) {
                    return Err(twice(&before.id));
                }
            }
            return Ok(());
        }
        let BankFile { items, messages } = BankFile::parse(name, text)?;
        let known: BTreeSet<&str> = self
            .items
            .iter()
            .map(|i| i.id.as_str())
            .chain(self.messages.iter().map(|m| m.id.as_str()))
            .collect();
        let mut new = items.iter().map(|i| i.id.as_str()).chain(messages.iter().map(|m| m.id.as_str()));
        if let Some(id) = new.find(|id| known.contains(id)) {
            return Err(twice(id));
        }
        self.items.extend(items);
        self.messages.extend(messages);
        Ok(())
    }

    fn put_over(&mut self, own: Shelf) {
        for (id, pair) in own.parts {
            let known = self.parts.entry(id).or_default();
            *known = Pair { zh: pair.zh.or(known.zh.take()), en: pair.en.or(known.en.take()) };
        }
        self.sources.extend(own.sources);
        for item in own.items {
            match self.items.iter_mut().find(|known| known.id == item.id) {
                Some(known) => *known = item,
                None => self.items.push(item),
            }
        }
        for message in own.messages {
            match self.messages.iter_mut().find(|known| known.id == message.id) {
                Some(known) => *known = message,
                None => self.messages.push(message),
            }
        }
    }

    fn library(self) -> Result<Library, LearnError> {
        let Shelf { parts, items, messages, sources } = self;
        let mut lessons = Vec::new();
        for pair in parts.into_values() {
            match (pair.zh, pair.en) {
                (Some(zh), Some(en)) => lessons.push(Lesson::of(zh, en)?),
                (Some(alone), None) | (None, Some(alone)) => {
                    let error = LearnError::new(
                        "缺另一种语言(zh-CN 或 en)的文件。",
                        "The file in the other language (zh-CN or en) is missing.",
                    );
                    return Err(error.at(alone.file()));
                }
                (None, None) => {}
            }
        }
        lessons.sort_by(|a, b| (a.topic, a.place, &a.id).cmp(&(b.topic, b.place, &b.id)));
        let digest = digest(&items, &messages);
        let library = Library { lessons, items, messages, sources, digest };
        library.checked()
    }
}

impl Library {
    fn checked(self) -> Result<Self, LearnError> {
        let whole = |error: LearnError| error.at("learn");
        let named = self.lessons.iter().map(|lesson| (&lesson.id, &lesson.sources));
        let named = named.chain(self.items.iter().map(|item| (&item.id, &item.sources)));
        let named = named.chain(self.messages.iter().map(|message| (&message.id, &message.sources)));
        for (id, sources) in named {
            if let Some(source) = sources.iter().find(|source| !self.sources.contains_key(*source)) {
                return Err(whole(LearnError::new(
                    format!("{id} 写的来源 {source} 不在 sources.toml 里。"),
                    format!("{id} names the source {source}, which is not in sources.toml."),
                )));
            }
        }
        for item in &self.items {
            if let Some(lesson) = item.lesson.as_ref().filter(|lesson| self.lesson(lesson).is_none()) {
                return Err(whole(LearnError::new(
                    format!("题目 {} 写的课程 {lesson} 不存在。", item.id),
                    format!("The question {} names the lesson {lesson}, which does not exist.", item.id),
                )));
            }
        }
        let keyed = self.items.iter().filter(|item| matches!(item.form, Form::Keyed { .. })).count();
        let kind = |truth: Truth| self.messages.iter().filter(|message| message.truth == truth).count();
        let enough = keyed >= ITEMS_LEAST && kind(Truth::Scam).min(kind(Truth::Genuine)) >= MESSAGES_LEAST;
        if enough && self.items.len() <= MOST && self.messages.len() <= MOST {
            return Ok(self);
        }
        Err(whole(LearnError::new(
            format!("题库应有 {ITEMS_LEAST} 到 {MOST} 道有答案的题,真假消息各至少 {MESSAGES_LEAST} 条。"),
            format!(
                "The bank has {ITEMS_LEAST} to {MOST} questions with an answer, and at least {MESSAGES_LEAST} messages of each kind."
            ),
        )))
    }
}

/// A digest over what a sheet relies on: which questions stand where, with how many choices, which key and which curve.
fn digest(items: &[Item], messages: &[Message]) -> Digest {
    let mut text = String::from("mingbai/learn/bank/v1\n");
    for item in items {
        let form = match &item.form {
            Form::Keyed { choices, key, curve, .. } => {
                format!("{} {key} {} {}", choices.len(), curve.a.to_bits(), curve.b.to_bits())
            }
            Form::Scale(steps) => format!("scale {}", steps.len()),
        };
        text.push_str(&format!("{} {} {form}\n", item.id, item.version));
    }
    for message in messages {
        let truth = if message.truth == Truth::Scam { "scam" } else { "genuine" };
        text.push_str(&format!("{} {} {truth}\n", message.id, message.version));
    }
    Digest::of(text.as_bytes())
}

#[cfg(test)]
mod tests;
