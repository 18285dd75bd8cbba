//! 消保审查 in its first form: one person submits the exact product file, another releases it with an opinion. Both are evidence
//! in the stream `product/<id>@<version>`; a file that was changed afterwards is not released.

use mingbai_core::actor::{Actor, Login, StaffRole};
use mingbai_core::borrow::event::AttachmentRef;
use mingbai_core::borrow::refusal::Refusal;
use mingbai_core::text::both;
use mingbai_evidence::{Digest, Draft, Record, StreamId};
use serde::{Deserialize, Serialize};

use crate::caller::{Caller, forbidden};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::ports::{Append, Holder, Logged};
use crate::product::Product;

/// Shortest opinion, in characters: never only a signature.
pub const OPINION_MIN: usize = 20;
/// Longest opinion, in characters.
pub const OPINION_MAX: usize = 4000;

/// One step of a review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "body", deny_unknown_fields)]
enum ReviewEvent {
    ProductSubmitted { material: Digest, file: AttachmentRef },
    ProductReleased { material: Digest, submitted_by: Login, opinion: String },
}

/// A released product version, as a journey cites it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Stream of the review.
    pub stream: StreamId,
    /// Leaf of the release record.
    pub leaf: Digest,
    /// Digest of the exact file.
    pub material: Digest,
    /// Who released it.
    pub reviewer: Login,
    /// The opinion.
    pub opinion: String,
    /// When, unix ms.
    pub at_ms: i64,
}

/// Where the review of a product version stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReviewStanding {
    /// Nobody submitted this exact file.
    NotSubmitted,
    /// Submitted, waiting for another person.
    Submitted {
        /// By whom.
        by: Login,
        /// When, unix ms.
        at_ms: i64,
    },
    /// Released.
    Released(Release),
}

impl Desk {
    /// Where the review of a loaded product version stands.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for an unknown product.
    pub async fn review_standing(&self, id: &str, version: &str) -> Result<ReviewStanding, DeskError> {
        let product = self.product(id, Some(version))?;
        let logged = self.ports.log.read(&product.stream()?).await?;
        Ok(standing(product, &logged))
    }

    pub(crate) async fn release_of(&self, product: &Product) -> Result<Option<Release>, DeskError> {
        let logged = self.ports.log.read(&product.stream()?).await?;
        Ok(match standing(product, &logged) {
            ReviewStanding::Released(release) => Some(release),
            _ => None,
        })
    }

    /// Submits a loaded product version for review. Submitting the same file again changes nothing.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless admin, consultant or compliance; [`DeskError::NotFound`].
    pub async fn submit_product(&self, caller: &Caller, id: &str, version: &str) -> Result<(), DeskError> {
        let roles = [StaffRole::Admin, StaffRole::Consultant, StaffRole::Compliance];
        if !caller.role().is_some_and(|role| roles.contains(&role)) {
            return Err(forbidden());
        }
        let product = self.product(id, Some(version))?.clone();
        let logged = self.ports.log.read(&product.stream()?).await?;
        if standing(&product, &logged) != ReviewStanding::NotSubmitted {
            return Ok(());
        }
        let file = self
            .ports
            .attachments
            .put(Holder::Public, product.text().as_bytes().to_vec(), "text/plain")
            .await?;
        let event = ReviewEvent::ProductSubmitted { material: product.digest(), file };
        self.write_review(caller, &product, &logged, &event).await
    }

    /// Compliance releases a submitted product version, with an opinion. The submitter cannot be the reviewer.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] unless compliance; [`DeskError::Refused`] when it is not submitted, or by its own submitter;
    /// [`DeskError::Invalid`] for an opinion shorter than [`OPINION_MIN`].
    pub async fn release_product(
        &self,
        caller: &Caller,
        id: &str,
        version: &str,
        opinion: &str,
    ) -> Result<Release, DeskError> {
        let (Some(StaffRole::Compliance), Some(login)) = (caller.role(), caller.login()) else {
            return Err(forbidden());
        };
        let opinion = opinion.trim();
        let length = opinion.chars().count();
        if !(OPINION_MIN..=OPINION_MAX).contains(&length) {
            let words = both(
                format!(
                    "请写明审查意见({OPINION_MIN} 到 {OPINION_MAX} 字,现在是 {length} 字);只有签名的意见不算意见。"
                ),
                format!(
                    "Write the opinion, {OPINION_MIN} to {OPINION_MAX} characters (now {length}); a signature is none."
                ),
            );
            return Err(DeskError::invalid("opinion", words));
        }
        let product = self.product(id, Some(version))?.clone();
        let logged = self.ports.log.read(&product.stream()?).await?;
        let by = match standing(&product, &logged) {
            ReviewStanding::Submitted { by, .. } => by,
            ReviewStanding::Released(release) => return Ok(release),
            ReviewStanding::NotSubmitted => {
                return Err(Refusal::not_now(
                    both("这个产品版本还没有送审。", "This product version was not submitted."),
                    both("请先由业务部门送审。", "Let the business submit it first."),
                )
                .into());
            }
        };
        if by == *login {
            return Err(Refusal::not_yours(&both("另一位消保岗同事", "another compliance officer")).into());
        }
        let event = ReviewEvent::ProductReleased {
            material: product.digest(),
            submitted_by: by,
            opinion: opinion.to_owned(),
        };
        self.write_review(caller, &product, &logged, &event).await?;
        self.release_of(&product)
            .await?
            .ok_or_else(|| DeskError::Fault("a release did not read back".to_owned()))
    }

    async fn write_review(
        &self,
        caller: &Caller,
        product: &Product,
        logged: &[Logged],
        event: &ReviewEvent,
    ) -> Result<(), DeskError> {
        let head = logged.last().map(|last| last.record.head());
        let at_ms = self.now_ms().max(logged.last().map_or(i64::MIN, |last| last.record.at_ms()));
        let mut whole = serde_json::to_value(event).map_err(|e| DeskError::Fault(e.to_string()))?;
        let kind = whole.get("kind").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let body = whole.get_mut("body").map(serde_json::Value::take).unwrap_or_default();
        let stream = product.stream()?;
        let record = Record::write(Draft {
            id: self.new_id(at_ms),
            stream: stream.clone(),
            seq: head.map_or(0, |head| head.seq + 1),
            prev: head.map(|head| head.leaf),
            at_ms,
            actor: caller.actor().to_string(),
            kind,
            terms: None,
            body,
        })?;
        self.ports.log.append(Append::of(stream, head, vec![record])).await?;
        Ok(())
    }
}

/// Folds a review stream. Only records for the exact bytes of the loaded file count, a release only by compliance, only after
/// a submission, and never by the submitter.
fn standing(product: &Product, logged: &[Logged]) -> ReviewStanding {
    let mut now = ReviewStanding::NotSubmitted;
    for item in logged {
        let record = &item.record;
        let whole = serde_json::json!({"kind": record.kind(), "body": record.body()});
        let Ok(event) = serde_json::from_value::<ReviewEvent>(whole) else { continue };
        let Some(Actor::Staff(login, role)) = Actor::from_text(record.actor()) else { continue };
        now = match (event, now) {
            (ReviewEvent::ProductSubmitted { material, .. }, _) if material == product.digest() => {
                ReviewStanding::Submitted { by: login, at_ms: record.at_ms() }
            }
            (
                ReviewEvent::ProductReleased { material, opinion, submitted_by },
                ReviewStanding::Submitted { by, .. },
            ) if material == product.digest()
                && role == StaffRole::Compliance
                && by == submitted_by
                && by != login =>
            {
                ReviewStanding::Released(Release {
                    stream: record.stream().clone(),
                    leaf: record.leaf(),
                    material,
                    reviewer: login,
                    opinion,
                    at_ms: record.at_ms(),
                })
            }
            (_, now) => now,
        };
    }
    now
}
