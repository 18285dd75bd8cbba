//! The course of consultants: they read the lessons, answer all their questions in one go, and the attempt is put on record in their own stream.
//! A passed course is a fact and not a certificate: that stays compliance's word, because whoever sits at a screen may be somebody else.

use std::collections::BTreeMap;

use mingbai_core::actor::{Actor, Login, StaffRole};
use mingbai_core::learn::lesson::{Lesson, Topic};
use mingbai_core::text::both;
use mingbai_evidence::Digest;
use serde::{Deserialize, Serialize};

use super::stream_of;
use crate::caller::Caller;
use crate::desk::{DAY_MS, Desk};
use crate::error::DeskError;
use crate::ports::Logged;

const KIND: &str = "course_taken";
/// So many questions may be wrong: one slip is no ignorance, two are.
const WRONG_AT_MOST: u32 = 1;
/// Attempts a day: enough to learn from, too few to guess through.
const TRIES_A_DAY: usize = 5;

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Which lessons and questions these were: the beginning of their digest.
    pub edition: String,
    /// Answered right.
    pub right: u32,
    /// Of so many.
    pub of: u32,
    /// Lessons with a wrong answer, to be read again.
    pub again: Vec<String>,
    /// When, unix ms.
    pub at_ms: i64,
}

impl Taken {
    /// Whether that is enough.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.of > 0 && self.right <= self.of && self.right + WRONG_AT_MOST >= self.of
    }
}

/// Answers by lesson and question.
pub type CourseAnswers = BTreeMap<(String, String), usize>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    login: Login,
    edition: String,
    right: u32,
    of: u32,
    again: Vec<String>,
}

/// Only her own attempts count.
fn attempts(login: &Login, logged: &[Logged]) -> Vec<Taken> {
    let one = |item: &Logged| {
        let record = &item.record;
        let hers = Actor::from_text(record.actor())
            .is_some_and(|actor| matches!(actor, Actor::Staff(by, StaffRole::Consultant) if by == *login));
        if record.kind() != KIND || !hers {
            return None;
        }
        let Body { edition, right, of, again, .. } = serde_json::from_value(record.body().clone()).ok()?;
        Some(Taken { edition, right, of, again, at_ms: record.at_ms() })
    };
    logged.iter().filter_map(one).collect()
}

impl Desk {
    /// The lessons of the course, in order; none in a house that took them out.
    pub fn course(&self) -> impl Iterator<Item = &Lesson> {
        self.library().lessons().iter().filter(|lesson| lesson.topic == Topic::Staff)
    }

    /// The course as it is now.
    #[must_use]
    pub fn course_edition(&self) -> String {
        let mut text = String::from("mingbai/learn/course/v1\n");
        for lesson in self.course() {
            let asked = &lesson.told(mingbai_cost::Lang::Zh).questions;
            let keys: Vec<String> = asked.iter().map(|q| format!("{}={}", q.id, q.right())).collect();
            text.push_str(&format!("{} {} {}\n", lesson.id, lesson.version, keys.join(" ")));
        }
        Digest::of(text.as_bytes()).to_string().chars().take(12).collect()
    }

    /// A consultant's own attempt.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless a consultant; [`DeskError::Invalid`] when a question has no answer, which records nothing;
    /// [`DeskError::Busy`] after five attempts in a day.
    pub async fn take_course(&self, caller: &Caller, answers: &CourseAnswers) -> Result<Taken, DeskError> {
        caller.needs(&[StaffRole::Consultant])?;
        let Some(login) = caller.login().cloned() else { return Err(crate::caller::forbidden()) };
        let (mut right, mut of, mut again) = (0, 0, Vec::new());
        for lesson in self.course() {
            for question in &lesson.told(mingbai_cost::Lang::Zh).questions {
                let answer = answers.get(&(lesson.id.clone(), question.id.clone()));
                let answer = answer.filter(|at| **at < question.choices.len()).ok_or_else(|| {
                    let words =
                        both("每一题都要选一项,选完再交。", "Answer every question before you hand in.");
                    DeskError::invalid("course", words)
                })?;
                of += 1;
                if *answer == question.right() {
                    right += 1;
                } else if !again.contains(&lesson.id) {
                    again.push(lesson.id.clone());
                }
            }
        }
        let now_ms = self.now_ms();
        let before = attempts(&login, &self.ports.log.read(&stream_of(&login)?).await?);
        if before.iter().filter(|taken| taken.at_ms > now_ms - DAY_MS).count() >= TRIES_A_DAY {
            return Err(DeskError::Busy(both(
                format!("一天最多答 {TRIES_A_DAY} 次。请再读一遍课程,明天再来。"),
                format!(
                    "{TRIES_A_DAY} attempts a day at most. Please read the lessons again and come back tomorrow."
                ),
            )));
        }
        let edition = self.course_edition();
        let body = Body { login: login.clone(), edition: edition.clone(), right, of, again: again.clone() };
        let body = serde_json::to_value(body).map_err(|e| DeskError::Fault(e.to_string()))?;
        let at_ms = self.write_training(caller, &login, KIND, body).await?;
        Ok(Taken { edition, right, of, again, at_ms })
    }

    /// A consultant's attempts, oldest first: for herself, compliance and auditors.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for others.
    pub async fn course_attempts(&self, caller: &Caller, login: &Login) -> Result<Vec<Taken>, DeskError> {
        if caller.login() != Some(login) {
            caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        }
        Ok(attempts(login, &self.ports.log.read(&stream_of(login)?).await?))
    }
}
