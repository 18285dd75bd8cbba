//! When a signature existed, as time stamps prove it: its own, a document time stamp over it, and a later stamp over that one. The
//! order must be possible, and an authority's word must still be vouched for when somebody relies on it.

use cms::signed_data::SignerInfo;
use der::Encode as _;
use sha2::{Digest as _, Sha256};

use super::field::{Case, Opened};
use super::report::{Claim, ClaimKind, FieldReport, Verdict};
use super::revocation::Moment;
use crate::cms::TIME_STAMP_TOKEN;
use crate::time::readable;
use crate::words::Words;

/// Clocks of two machines may differ by this much.
const SLACK_MS: i64 = 5 * 60_000;

impl Case<'_, '_> {
    /// A time stamp over the whole file up to it.
    pub(super) fn document_time(
        &self,
        report: &mut FieldReport,
        digest: &[u8; 32],
        token: &[u8],
        later_ms: Option<i64>,
    ) {
        report.time_stamp = Some(token.to_vec());
        report.stamped = Some(*digest);
        match self.stamps.proven(token, digest) {
            Ok(proven) => {
                report.proven_at_ms = Some(proven.at_ms);
                report.proven_until_ms = Some(proven.until_ms);
                report.claims.push(self.stamp_claim(proven.at_ms, proven.until_ms, later_ms));
            }
            Err((verdict, why)) => report.claims.push(Claim::new(ClaimKind::Time, verdict, why)),
        }
    }

    /// When it was signed: by its time stamp, by a later document time stamp, else not before now.
    pub(super) fn time(
        &self,
        report: &mut FieldReport,
        opened: &Opened,
        sealed_at_ms: Option<i64>,
    ) -> Moment {
        let claimed_later =
            |at_ms: i64| report.claimed_at_ms.is_some_and(|m| m > at_ms.saturating_add(SLACK_MS));
        let digest: [u8; 32] = Sha256::digest(opened.info.signature.as_bytes()).into();
        let too_early = Claim::wrong(
            ClaimKind::Time,
            "文件自称的签名时间晚于时间戳。",
            "the file says it was signed after its own time stamp",
        );
        let (claim, proven) = match stamp_token(&opened.info) {
            Err(why) => (Some(Claim::new(ClaimKind::Time, Verdict::Contradicted, why)), None),
            Ok(Some(token)) => {
                let answer = self.stamps.proven(&token, &digest);
                report.time_stamp = Some(token);
                report.stamped = Some(digest);
                match answer {
                    Err((verdict, why)) => (Some(Claim::new(ClaimKind::Time, verdict, why)), None),
                    Ok(proven) if claimed_later(proven.at_ms) => (Some(too_early), Some(proven.at_ms)),
                    Ok(proven) => {
                        report.proven_until_ms = Some(proven.until_ms);
                        let claim = self.stamp_claim(proven.at_ms, proven.until_ms, sealed_at_ms);
                        (Some(claim), Some(proven.at_ms))
                    }
                }
            }
            Ok(None) => match sealed_at_ms {
                Some(at_ms) if claimed_later(at_ms) => (Some(too_early), Some(at_ms)),
                Some(at_ms) => (Some(proven_claim(at_ms)), Some(at_ms)),
                None if claimed_later(self.at_ms) => (
                    Some(Claim::wrong(
                        ClaimKind::Time,
                        "文件自称的签名时间在将来。",
                        "the file says it was signed in the future",
                    )),
                    None,
                ),
                None => (None, None),
            },
        };
        report.claims.extend(claim);
        report.proven_at_ms = proven;
        Moment { at_ms: proven.unwrap_or(self.at_ms), proven: proven.is_some() }
    }

    /// A stamp's own word, against the later stamp that covers it and the present moment.
    fn stamp_claim(&self, at_ms: i64, until_ms: i64, later_ms: Option<i64>) -> Claim {
        if at_ms > self.at_ms.saturating_add(SLACK_MS) {
            return Claim::wrong(ClaimKind::Time, "时间戳在将来。", "the time stamp lies in the future");
        }
        if later_ms.is_some_and(|later_ms| at_ms > later_ms.saturating_add(SLACK_MS)) {
            return Claim::wrong(
                ClaimKind::Time,
                "时间戳晚于盖在它之后的另一个时间戳，先后不对。",
                "the time stamp is later than another one that was put over it",
            );
        }
        // Whoever gets hold of an old authority's key can stamp with any date; only what a later stamp covers is older than that.
        if later_ms.unwrap_or(self.at_ms) > until_ms {
            let until = readable(until_ms);
            return Claim::unknown(
                ClaimKind::Time,
                format!("时间戳机构的证书已于 {until} 到期，此前没有再盖时间戳。"),
                format!(
                    "the time-stamping authority's certificate ended at {until}, and no later time stamp was put over it before"
                ),
            );
        }
        proven_claim(at_ms)
    }
}

fn proven_claim(at_ms: i64) -> Claim {
    Claim::holds(
        ClaimKind::Time,
        format!("时间戳证明：签名在 {} 已经存在。", readable(at_ms)),
        format!("a time stamp proves that it existed at {}", readable(at_ms)),
    )
}

fn stamp_token(info: &SignerInfo) -> Result<Option<Vec<u8>>, Words> {
    let Some(attributes) = &info.unsigned_attrs else { return Ok(None) };
    let odd = || {
        Words::new(
            "签名带有时间戳之外的未签属性，或不止一个时间戳。",
            "the signature has unsigned attributes beside one time stamp, or more than one stamp",
        )
    };
    let [attribute] = attributes.as_slice() else { return Err(odd()) };
    let [value] = attribute.values.as_slice() else { return Err(odd()) };
    if attribute.oid != TIME_STAMP_TOKEN {
        return Err(odd());
    }
    value.to_der().map(Some).map_err(|_| odd())
}
