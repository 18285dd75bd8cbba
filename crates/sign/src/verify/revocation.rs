//! Whether the path's certificates still counted, by the revocation lists that the file carries.

use super::chain::Path;
use super::report::{Claim, ClaimKind, Verdict};
use crate::ca::{Broken, Certificate, Crl};
use crate::time::readable;

/// Clocks of two machines may differ by this much.
const SLACK_MS: i64 = 5 * 60_000;

/// When the signature was made, for this question.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    /// The moment by which it was made.
    pub(crate) at_ms: i64,
    /// Whether a time stamp proves it. Without proof, any revocation counts: the signer could have dated it back.
    pub(crate) proven: bool,
}

/// Judges all certificates but the root, which nobody can revoke.
pub(crate) fn judge(path: &Path, lists: &[Vec<u8>], moment: Moment, now_ms: i64) -> Claim {
    let lists: Vec<Crl> = lists.iter().filter_map(|der| Crl::parse(der).ok()).collect();
    let verdicts: Vec<Claim> =
        path.0.windows(2).map(|pair| judge_one(&pair[0], &pair[1], &lists, moment, now_ms)).collect();
    let worst = verdicts.into_iter().max_by_key(|c| c.verdict);
    worst.unwrap_or_else(|| {
        Claim::holds(
            ClaimKind::Revocation,
            "签名证书本身就是受信任的根。",
            "the signer's certificate is itself a trusted root",
        )
    })
}

fn judge_one(of: &Certificate, issuer: &Certificate, lists: &[Crl], moment: Moment, now_ms: i64) -> Claim {
    let kind = ClaimKind::Revocation;
    let named: Vec<&Crl> = lists.iter().filter(|l| l.is_for(issuer)).collect();
    let sound: Vec<&&Crl> = named.iter().filter(|l| l.signed_by(issuer).is_ok()).collect();
    let who = of.subject();
    if sound.is_empty() {
        let forged = named.iter().any(|l| matches!(l.signed_by(issuer), Err(Broken::Wrong(_))));
        return match forged {
            true => Claim::wrong(
                kind,
                format!("文件里的吊销名单不是签发机构签的：{who}"),
                format!("the revocation list in the file is not signed by the issuer of {who}"),
            ),
            false => Claim::unknown(
                kind,
                format!("文件里没有可用的吊销名单，不知道证书是否被吊销：{who}"),
                format!(
                    "the file carries no usable revocation list, so it is not known whether this was revoked: {who}"
                ),
            ),
        };
    }
    // One list that names it is enough, whatever an older or newer one leaves out.
    if let Some(since_ms) = sound.iter().filter_map(|l| l.revoked_at_ms(of.serial())).min() {
        let counts = !moment.proven || since_ms <= moment.at_ms;
        let (zh, en) = (readable(since_ms), readable(since_ms));
        return match counts {
            true => Claim::wrong(
                kind,
                format!("证书已被吊销（{zh}）：{who}"),
                format!("revoked since {en}: {who}"),
            ),
            false => Claim::holds(
                kind,
                format!("证书在签名之后才被吊销（{zh}），有时间戳为证：{who}"),
                format!("revoked only after the signature, at {en}, as a time stamp proves: {who}"),
            ),
        };
    }
    let covers = |l: &Crl| {
        let issued = l.this_update_ms() <= now_ms.saturating_add(SLACK_MS);
        // Issued after the signature, or still in force when it was made.
        issued
            && (l.this_update_ms() >= moment.at_ms
                || l.next_update_ms().is_some_and(|next| next >= moment.at_ms))
    };
    match sound.iter().find(|l| covers(l)) {
        Some(list) => Claim::holds(
            kind,
            format!("按 {} 的吊销名单，证书没有被吊销：{who}", readable(list.this_update_ms())),
            format!("not revoked by the list of {}: {who}", readable(list.this_update_ms())),
        ),
        None => Claim::new(
            kind,
            Verdict::NotKnown,
            crate::words::Words::new(
                format!("文件里的吊销名单不覆盖签名的时间：{who}"),
                format!("the revocation list in the file does not cover the time of the signature: {who}"),
            ),
        ),
    }
}
