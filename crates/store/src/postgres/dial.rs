//! Connecting: the settings of our own sessions, and the refusal of a server that would acknowledge what a crash can take
//! away again.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use crate::common::Conn as _;
use crate::common::cells::maybe_owned;
use crate::error::{OpenError, open_error};

/// How long a connection may take to be made or to become free.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections of one node for everything but the log's writing.
const CONNECTIONS: u32 = 8;
/// A node that dies without a word in the middle of a transaction holds up the others no longer than this.
const IDLE: &str = "10s";
/// Longer than [`IDLE`], so that whoever waits for such a node outlives it.
const LOCK: &str = "30s";

/// What the server says about durability. `None`: an engine that does not know the setting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Settings {
    fsync: Option<String>,
    synchronous_commit: Option<String>,
    synchronous_standby_names: Option<String>,
}

impl Settings {
    async fn read(conn: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let sql = "SELECT current_setting('fsync', true) AS fsync,
                current_setting('synchronous_commit', true) AS synchronous_commit,
                current_setting('synchronous_standby_names', true) AS synchronous_standby_names";
        let row = conn.line(sql, &[]).await?.ok_or(sqlx::Error::RowNotFound)?;
        Ok(Settings {
            fsync: maybe_owned(&row, "fsync")?,
            synchronous_commit: maybe_owned(&row, "synchronous_commit")?,
            synchronous_standby_names: maybe_owned(&row, "synchronous_standby_names")?,
        })
    }

    /// The level of `synchronous_commit` for our sessions.
    ///
    /// # Errors
    /// [`OpenError::Unsafe`].
    fn level(&self) -> Result<&'static str, OpenError> {
        let refuse = |setting, value: &str| Err(OpenError::Unsafe { setting, value: value.to_owned() });
        match self.fsync.as_deref() {
            Some("off") => return refuse("fsync", "off"),
            Some(_) => {}
            None => tracing::warn!("the database server does not tell whether it syncs; that is trusted"),
        }
        let standbys = self.synchronous_standby_names.as_deref().is_some_and(|names| !names.is_empty());
        match self.synchronous_commit.as_deref() {
            // We could raise it for ourselves, but a server that is set like this was not meant to keep evidence.
            Some("off") => refuse("synchronous_commit", "off"),
            // Enough for one machine; not if a standby is to take over without loss.
            Some(value @ ("local" | "remote_write")) if standbys => refuse("synchronous_commit", value),
            Some("remote_apply") => Ok("remote_apply"),
            _ => Ok("on"),
        }
    }
}

/// The way to a server that was found to be safe.
#[derive(Clone)]
pub(crate) struct Dial {
    options: PgConnectOptions,
}

impl Dial {
    /// Looks at the server once, as it is without settings of ours.
    ///
    /// # Errors
    /// [`OpenError::Unreachable`], [`OpenError::Unsafe`], or what the engine says.
    pub(crate) async fn to(url: &str) -> Result<Self, OpenError> {
        // The address may hold a password, so neither it nor the parser's own words about it are repeated.
        let wrong = |_| OpenError::Unreachable("the address is not of the form postgres://…".to_owned());
        let plain = url.parse::<PgConnectOptions>().map_err(wrong)?;
        let plain = plain.application_name("mingbai").disable_statement_logging();
        let mut conn = within(plain.connect()).await.map_err(unreachable)?;
        let level = Settings::read(&mut conn).await.map_err(open_error)?.level()?;
        conn.close().await.map_err(open_error)?;
        // No `statement_timeout`: cancelling a commit that waits for a standby would acknowledge it too early.
        let ours = [
            ("synchronous_commit", level),
            ("idle_in_transaction_session_timeout", IDLE),
            ("lock_timeout", LOCK),
        ];
        let dial = Dial { options: plain.options(ours) };
        // Once more with our settings, because something in between (a pooler) may have dropped them.
        dial.connect().await.map_err(DialError::into_open)?.close().await.map_err(open_error)?;
        Ok(dial)
    }

    /// A connection to a server that is still safe: it may have been started again with other settings.
    pub(crate) async fn connect(&self) -> Result<PgConnection, DialError> {
        let mut conn = within(self.options.connect()).await?;
        Settings::read(&mut conn).await?.level().map_err(DialError::Unsafe)?;
        Ok(conn)
    }

    /// Connections that are made when they are needed.
    pub(crate) fn pool(&self) -> PgPool {
        let options = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
        options.connect_lazy_with(self.options.clone())
    }
}

/// Why there is no connection.
pub(crate) enum DialError {
    Engine(sqlx::Error),
    Unsafe(OpenError),
}

impl From<sqlx::Error> for DialError {
    fn from(error: sqlx::Error) -> Self {
        DialError::Engine(error)
    }
}

impl DialError {
    pub(crate) fn into_open(self) -> OpenError {
        match self {
            DialError::Engine(error) => unreachable(error),
            DialError::Unsafe(error) => error,
        }
    }
}

fn unreachable(error: sqlx::Error) -> OpenError {
    OpenError::Unreachable(error.to_string())
}

async fn within<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

#[cfg(test)]
mod tests {
    use super::Settings;

    fn level(fsync: &str, commit: &str, standbys: &str) -> Option<&'static str> {
        let some = |text: &str| Some(text.to_owned());
        let settings = Settings {
            fsync: some(fsync),
            synchronous_commit: some(commit),
            synchronous_standby_names: some(standbys),
        };
        settings.level().ok()
    }

    #[test]
    fn what_can_lose_an_acknowledged_record_is_refused() {
        assert_eq!(level("on", "on", ""), Some("on"));
        assert_eq!(level("off", "on", ""), None);
        assert_eq!(level("on", "off", ""), None);
        assert_eq!(level("on", "local", ""), Some("on"));
        assert_eq!(level("on", "local", "second"), None);
        assert_eq!(level("on", "remote_write", "second"), None);
        assert_eq!(level("on", "remote_apply", "second"), Some("remote_apply"), "never made weaker");
        assert_eq!(Settings::default().level().ok(), Some("on"), "an engine that has no such switch");
    }
}
