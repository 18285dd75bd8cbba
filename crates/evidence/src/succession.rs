//! How a log changes its key: a record in the log in which the old key introduces the new one, and the new one shows that it
//! exists. Whoever pinned an old key can follow to the present one without asking the lender.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::note::{NoteError, NoteSigner, VerifyingKeyText};
use crate::record::Record;

/// The stream in which keys are introduced.
pub const STREAM: &str = "log/keys";
/// The kind of a record that introduces a key.
pub const INTRODUCED: &str = "log.key_introduced";
/// The kind of a record that says that an old key signs no longer.
pub const RETIRED: &str = "log.key_retired";

/// The body of a record that introduces a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Introduction {
    /// The key until now, as `name+hash+base64`.
    from: String,
    /// The key that follows it.
    to: String,
    /// The old key's signature over both.
    by_old: String,
    /// The new key's, so that nobody can introduce a key that is not theirs to use.
    by_new: String,
}

/// What both sign.
fn statement(from: &str, to: &str) -> String {
    format!("mingbai/log-key/v1\n{from}\n{to}\n")
}

/// The body of a record in which `old` introduces `new`.
///
/// # Errors
/// [`NoteError::SignerKey`] when a key is not usable, [`NoteError::Origin`] when the new one has another name: a log keeps its
/// name; [`NoteError::BadSignature`] when a signature does not hold.
pub fn introduce(
    old: &(impl NoteSigner + ?Sized),
    new: &(impl NoteSigner + ?Sized),
) -> Result<Value, NoteError> {
    let text = |signer: &dyn Fn() -> Result<VerifyingKeyText, crate::note::KeyTextError>| {
        signer().map_err(NoteError::SignerKey)
    };
    let from = text(&|| VerifyingKeyText::new(old.name(), old.public_key()))?;
    let to = text(&|| VerifyingKeyText::new(new.name(), new.public_key()))?;
    let said = statement(&from.to_string(), &to.to_string());
    let body = Introduction {
        from: from.to_string(),
        to: to.to_string(),
        by_old: BASE64.encode(old.sign(said.as_bytes())),
        by_new: BASE64.encode(new.sign(said.as_bytes())),
    };
    if from.name() != to.name() {
        return Err(NoteError::Origin);
    }
    if introduced(&body).is_none() {
        return Err(NoteError::BadSignature { name: from.name().to_owned() });
    }
    serde_json::to_value(body).map_err(|_| NoteError::Malformed)
}

/// The two keys, if both signatures hold and the names are one.
fn introduced(body: &Introduction) -> Option<(VerifyingKeyText, VerifyingKeyText)> {
    let from: VerifyingKeyText = body.from.parse().ok()?;
    let to: VerifyingKeyText = body.to.parse().ok()?;
    let said = statement(&body.from, &body.to);
    let holds = |key: &VerifyingKeyText, signature: &str| {
        BASE64.decode(signature).is_ok_and(|signature| key.verifies(said.as_bytes(), &signature))
    };
    let both = holds(&from, &body.by_old) && holds(&to, &body.by_new);
    (both && from.name() == to.name()).then_some((from, to))
}

/// The keys that follow from `pinned` by introductions among `records`, in the order in which they are reached; without the pinned
/// ones themselves. A record whose signatures do not hold introduces nobody.
pub fn successors<'r>(
    pinned: &[VerifyingKeyText],
    records: impl Iterator<Item = &'r Record>,
) -> Vec<VerifyingKeyText> {
    let introductions: Vec<_> = records
        .filter(|record| record.stream().as_str() == STREAM && record.kind() == INTRODUCED)
        .filter_map(|record| introduced(&serde_json::from_value(record.body().clone()).ok()?))
        .collect();
    let mut reached: Vec<VerifyingKeyText> = Vec::new();
    // Each round reaches one key more or ends; there are no more rounds than introductions.
    loop {
        let knows = |key: &VerifyingKeyText| pinned.contains(key) || reached.contains(key);
        let next = introductions.iter().find(|(from, to)| knows(from) && !knows(to));
        let Some((_, to)) = next else { return reached };
        reached.push(to.clone());
    }
}
