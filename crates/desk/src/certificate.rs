//! Who is trained to lead a recording, and until when. Compliance puts it on record in the stream `training/<login>`; the last record counts,
//! so a certificate is ended by a shorter one. Evidence of a recording names the record.

mod course;

pub use course::{CourseAnswers, Taken};

use mingbai_core::actor::{Actor, Login, StaffRole};
use mingbai_core::borrow::recording::Certificate;
use mingbai_core::text::both;
use mingbai_evidence::{Draft, Record, StreamId};
use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::desk::{DAY_MS, Desk};
use crate::error::DeskError;
use crate::ports::{Account, Append, Logged, Standing};

/// The longest life of a certificate.
const DAYS_LIMIT: i64 = 3 * 366;
const KIND: &str = "certificate_set";

/// A certificate as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trained {
    /// What evidence of a recording names.
    pub certificate: Certificate,
    /// Which training, in words.
    pub training: String,
    /// Who says so.
    pub by: Login,
    /// Since when, unix ms.
    pub at_ms: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    login: Login,
    valid_until_ms: i64,
    training: String,
}

fn stream_of(login: &Login) -> Result<StreamId, DeskError> {
    StreamId::new(&format!("training/{login}")).map_err(|e| DeskError::Fault(e.to_string()))
}

/// Only what compliance said counts.
fn last(logged: &[Logged]) -> Option<Trained> {
    logged.iter().rev().find_map(|item| {
        let record = &item.record;
        let Some(Actor::Staff(by, StaffRole::Compliance)) = Actor::from_text(record.actor()) else {
            return None;
        };
        let body: Body = serde_json::from_value(record.body().clone()).ok()?;
        let certificate = Certificate { record: record.leaf(), valid_until_ms: body.valid_until_ms };
        (record.kind() == KIND).then_some(Trained {
            certificate,
            training: body.training,
            by,
            at_ms: record.at_ms(),
        })
    })
}

impl Desk {
    /// Compliance: this consultant is trained until then. A day in the past ends it.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless compliance; [`DeskError::NotFound`] for an unknown consultant; [`DeskError::Invalid`] without the
    /// training's name or for a certificate of more than three years.
    pub async fn set_certificate(
        &self,
        caller: &Caller,
        login: &Login,
        valid_until_ms: i64,
        training: &str,
    ) -> Result<Trained, DeskError> {
        // Mingbai itself may not: a certificate is somebody's word.
        if caller.role() != Some(StaffRole::Compliance) {
            return Err(crate::caller::forbidden());
        }
        let account = self.ports.accounts.account(login).await?;
        if account.is_none_or(|account| account.role != StaffRole::Consultant) {
            return Err(DeskError::NotFound(both("没有这位顾问。", "There is no such consultant.")));
        }
        let training = training.trim();
        let now_ms = self.now_ms();
        if !(2..=200).contains(&training.chars().count()) || training.chars().any(char::is_control) {
            let words = both("请写明培训名称(2 到 200 字)。", "Name the training, 2 to 200 characters.");
            return Err(DeskError::invalid("training", words));
        }
        if valid_until_ms > now_ms + DAYS_LIMIT * DAY_MS {
            let words = both("证书最长三年。", "A certificate lasts three years at most.");
            return Err(DeskError::invalid("valid_until", words));
        }
        let body = Body { login: login.clone(), valid_until_ms, training: training.to_owned() };
        let body = serde_json::to_value(body).map_err(|e| DeskError::Fault(e.to_string()))?;
        self.write_training(caller, login, KIND, body).await?;
        let read = self.trained(login).await?;
        read.ok_or_else(|| DeskError::Fault("a certificate did not read back".to_owned()))
    }

    /// Puts one record behind the others of a consultant; returns its time, unix ms.
    async fn write_training(
        &self,
        caller: &Caller,
        login: &Login,
        kind: &str,
        body: serde_json::Value,
    ) -> Result<i64, DeskError> {
        let stream = stream_of(login)?;
        let logged = self.ports.log.read(&stream).await?;
        let before = logged.last().map(|item| &item.record);
        let head = before.map(Record::head);
        let now_ms = self.now_ms();
        let at_ms = now_ms.max(before.map_or(i64::MIN, Record::at_ms));
        let record = Record::write(Draft {
            id: self.new_id(now_ms),
            stream: stream.clone(),
            seq: head.map_or(0, |head| head.seq + 1),
            prev: head.map(|head| head.leaf),
            at_ms,
            actor: caller.actor().to_string(),
            kind: kind.to_owned(),
            terms: None,
            body,
        })?;
        self.ports.log.append(Append::of(stream, head, vec![record])).await?;
        Ok(at_ms)
    }

    /// The certificate of a consultant, valid or not.
    ///
    /// # Errors
    /// [`DeskError::Log`].
    pub async fn trained(&self, login: &Login) -> Result<Option<Trained>, DeskError> {
        Ok(last(&self.ports.log.read(&stream_of(login)?).await?))
    }

    /// Every consultant with an open account, and what she is trained for, by login.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless compliance or auditor.
    pub async fn certificates(&self, caller: &Caller) -> Result<Vec<(Account, Option<Trained>)>, DeskError> {
        caller.needs(&[StaffRole::Compliance, StaffRole::Auditor])?;
        let mut found = Vec::new();
        for mut account in self.ports.accounts.accounts().await? {
            account.password_hash.clear();
            if account.role == StaffRole::Consultant && account.standing == Standing::Active {
                let trained = self.trained(&account.login).await?;
                found.push((account, trained));
            }
        }
        found.sort_by(|a, b| a.0.login.cmp(&b.0.login));
        Ok(found)
    }
}
