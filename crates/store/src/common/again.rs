//! A transaction that lost against another one (serialisation, deadlock) is tried again, a bounded number of times.

use std::future::Future;
use std::time::Duration;

use crate::error::is_lost_race;

/// Pauses before each further try; the last failure is the answer.
const PAUSES_MS: [u64; 6] = [1, 4, 16, 64, 256, 1_000];

/// How a piece of work failed: by the engine, whose code says whether another try makes sense, or by the port's own rule.
pub(crate) enum Fail<E> {
    Engine(sqlx::Error),
    Port(E),
}

impl<E> From<sqlx::Error> for Fail<E> {
    fn from(error: sqlx::Error) -> Self {
        Fail::Engine(error)
    }
}

impl<E> Fail<E> {
    /// The port's error; the engine's is read by `engine`.
    pub(crate) fn or(self, engine: impl FnOnce(sqlx::Error) -> E) -> E {
        match self {
            Fail::Engine(error) => engine(error),
            Fail::Port(error) => error,
        }
    }
}

impl Fail<sqlx::Error> {
    pub(crate) fn either(self) -> sqlx::Error {
        self.or(|error| error)
    }
}

/// Does `work` until it succeeds, fails for a reason of its own, or has lost too often.
pub(crate) async fn again<T, E, F, W>(mut work: W) -> Result<T, Fail<E>>
where
    W: FnMut() -> F + Send,
    F: Future<Output = Result<T, Fail<E>>> + Send,
{
    for pause in PAUSES_MS {
        match work().await {
            Err(Fail::Engine(error)) if is_lost_race(&error) => {
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
            outcome => return outcome,
        }
    }
    work().await
}
