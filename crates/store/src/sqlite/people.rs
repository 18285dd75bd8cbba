//! Accounts, sessions, links and keys. Secrets arrive here as hashes already.

use async_trait::async_trait;
use mingbai_core::actor::{Login, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_desk::ports::{
    Account, Accounts, ApiKey, Link, LinkPurpose, LinkTry, Owner, Session, SignInState, Standing, StoreError,
};
use mingbai_evidence::Digest;
use sqlx::Connection as _;
use sqlx::sqlite::SqliteRow;

use super::Sqlite;
use super::cells::{blob, cell, digest, maybe_digest, meaningless, small, uuid};
use crate::error::{is_constraint, store_error};

const fn standing_key(standing: Standing) -> &'static str {
    match standing {
        Standing::Active => "active",
        Standing::Closed => "closed",
    }
}

fn standing(row: &SqliteRow) -> Result<Standing, sqlx::Error> {
    match cell(row, "standing")? {
        "active" => Ok(Standing::Active),
        "closed" => Ok(Standing::Closed),
        _ => Err(meaningless("standing")),
    }
}

fn login(row: &SqliteRow, name: &'static str) -> Result<Login, sqlx::Error> {
    Login::new(cell::<String>(row, name)?).map_err(|_| meaningless(name))
}

fn account(row: &SqliteRow) -> Result<Account, sqlx::Error> {
    Ok(Account {
        login: login(row, "login")?,
        role: StaffRole::from_key(cell(row, "role")?).ok_or_else(|| meaningless("role"))?,
        display_name: cell(row, "display_name")?,
        branch: cell(row, "branch")?,
        password_hash: cell(row, "password_hash")?,
        standing: standing(row)?,
    })
}

/// An owner as two columns.
fn owner_cells(owner: &Owner) -> (&'static str, String) {
    match owner {
        Owner::Staff(login) => ("staff", login.to_string()),
        Owner::Borrower(journey) => ("borrower", journey.to_string()),
    }
}

fn session(row: &SqliteRow) -> Result<Session, sqlx::Error> {
    let text: String = cell(row, "owner")?;
    let owner = match cell(row, "owner_kind")? {
        "staff" => Owner::Staff(login(row, "owner")?),
        "borrower" => Owner::Borrower(JourneyId::parse(&text).ok_or_else(|| meaningless("owner"))?),
        _ => return Err(meaningless("owner_kind")),
    };
    Ok(Session {
        token: digest(row, "token")?,
        owner,
        created_at_ms: cell(row, "created_at_ms")?,
        expires_at_ms: cell(row, "expires_at_ms")?,
    })
}

fn link(row: &SqliteRow) -> Result<Link, sqlx::Error> {
    Ok(Link {
        token: digest(row, "token")?,
        journey: JourneyId::new(uuid(row, "journey")?),
        purpose: LinkPurpose::from_key(cell(row, "purpose")?).ok_or_else(|| meaningless("purpose"))?,
        code: maybe_digest(row, "code")?,
        tries_left: small(row, "tries_left")?,
        created_at_ms: cell(row, "created_at_ms")?,
        expires_at_ms: cell(row, "expires_at_ms")?,
    })
}

impl Sqlite {
    async fn spend(&self, token: Digest, code: Digest, now_ms: i64) -> Result<LinkTry, sqlx::Error> {
        let mut conn = self.writer.lock().await;
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
        let query = sqlx::query("SELECT * FROM link WHERE token = $1").bind(blob(&token));
        let Some(found) = query.fetch_optional(&mut *tx).await?.as_ref().map(link).transpose()? else {
            return Ok(LinkTry::Dead);
        };
        let Some(right) = found.code.filter(|_| found.tries_left > 0 && found.expires_at_ms > now_ms) else {
            return Ok(LinkTry::Dead);
        };
        // Both are hashes of unguessable input, so comparing them in plain time gives nothing away.
        if right == code {
            let query = sqlx::query("UPDATE link SET code = NULL, tries_left = 0 WHERE token = $1");
            query.bind(blob(&token)).execute(&mut *tx).await?;
            tx.commit().await?;
            return Ok(LinkTry::Opened(found));
        }
        let tries_left = found.tries_left - 1;
        let query = sqlx::query("UPDATE link SET tries_left = $2 WHERE token = $1");
        query.bind(blob(&token)).bind(i64::from(tries_left)).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(LinkTry::Wrong { tries_left })
    }

    async fn replace_link(&self, link: &Link) -> Result<(), sqlx::Error> {
        let mut conn = self.writer.lock().await;
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
        let journey = link.journey.uuid();
        sqlx::query("DELETE FROM link WHERE journey = $1 AND purpose = $2")
            .bind(journey.as_bytes().as_slice())
            .bind(link.purpose.key())
            .execute(&mut *tx)
            .await?;
        let query = sqlx::query(
            "INSERT INTO link (token, journey, purpose, code, tries_left, created_at_ms, expires_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        );
        query
            .bind(blob(&link.token))
            .bind(journey.as_bytes().as_slice())
            .bind(link.purpose.key())
            .bind(link.code.as_ref().map(blob))
            .bind(i64::from(link.tries_left))
            .bind(link.created_at_ms)
            .bind(link.expires_at_ms)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }
}

#[async_trait]
impl Accounts for Sqlite {
    async fn add_account(&self, account: Account) -> Result<(), StoreError> {
        let mut conn = self.writer.lock().await;
        let query = sqlx::query(
            "INSERT INTO account (login, role, display_name, branch, password_hash, standing)
             VALUES ($1, $2, $3, $4, $5, $6)",
        );
        let query = query
            .bind(account.login.as_str())
            .bind(account.role.key())
            .bind(&account.display_name)
            .bind(&account.branch)
            .bind(&account.password_hash)
            .bind(standing_key(account.standing));
        match query.execute(&mut *conn).await {
            Ok(_) => Ok(()),
            Err(error) if is_constraint(&error) => Err(StoreError::Exists(account.login.to_string())),
            Err(error) => Err(store_error(error)),
        }
    }

    async fn change_account(&self, account: Account) -> Result<(), StoreError> {
        let mut conn = self.writer.lock().await;
        let query = sqlx::query(
            "UPDATE account SET role = $2, display_name = $3, branch = $4, password_hash = $5, standing = $6
             WHERE login = $1",
        );
        let query = query
            .bind(account.login.as_str())
            .bind(account.role.key())
            .bind(&account.display_name)
            .bind(&account.branch)
            .bind(&account.password_hash)
            .bind(standing_key(account.standing));
        query.execute(&mut *conn).await.map(|_| ()).map_err(store_error)
    }

    async fn account(&self, login: &Login) -> Result<Option<Account>, StoreError> {
        let query = sqlx::query("SELECT * FROM account WHERE login = $1").bind(login.as_str());
        let row = query.fetch_optional(&self.readers).await.map_err(store_error)?;
        row.as_ref().map(account).transpose().map_err(store_error)
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let query = sqlx::query("SELECT * FROM account ORDER BY login");
        let rows = query.fetch_all(&self.readers).await.map_err(store_error)?;
        rows.iter().map(account).collect::<Result<_, _>>().map_err(store_error)
    }

    async fn sign_in_state(&self, login: &Login) -> Result<SignInState, StoreError> {
        let query =
            sqlx::query("SELECT failures, last_at_ms FROM sign_in WHERE login = $1").bind(login.as_str());
        let Some(row) = query.fetch_optional(&self.readers).await.map_err(store_error)? else {
            return Ok(SignInState::default());
        };
        let read =
            || Ok(SignInState { failures: small(&row, "failures")?, last_at_ms: cell(&row, "last_at_ms")? });
        read().map_err(store_error)
    }

    async fn sign_in_failed(&self, login: &Login, now_ms: i64) -> Result<(), StoreError> {
        let mut conn = self.writer.lock().await;
        let query = sqlx::query(
            "INSERT INTO sign_in (login, failures, last_at_ms) VALUES ($1, 1, $2)
             ON CONFLICT (login) DO UPDATE SET failures = min(sign_in.failures + 1, 1000), last_at_ms = $2",
        );
        let query = query.bind(login.as_str()).bind(now_ms);
        query.execute(&mut *conn).await.map(|_| ()).map_err(store_error)
    }

    async fn sign_in_succeeded(&self, login: &Login) -> Result<(), StoreError> {
        let mut conn = self.writer.lock().await;
        let query = sqlx::query("DELETE FROM sign_in WHERE login = $1").bind(login.as_str());
        query.execute(&mut *conn).await.map(|_| ()).map_err(store_error)
    }

    async fn add_session(&self, session: Session) -> Result<(), StoreError> {
        let mut conn = self.writer.lock().await;
        let (kind, owner) = owner_cells(&session.owner);
        // The moment in which one begins is a good one to sweep out those that are over.
        let sweep = sqlx::query("DELETE FROM session WHERE expires_at_ms <= $1").bind(session.created_at_ms);
        sweep.execute(&mut *conn).await.map_err(store_error)?;
        let query = sqlx::query(
            "INSERT INTO session (token, owner_kind, owner, created_at_ms, expires_at_ms)
             VALUES ($1, $2, $3, $4, $5)",
        );
        let query = query
            .bind(blob(&session.token))
            .bind(kind)
            .bind(owner)
            .bind(session.created_at_ms)
            .bind(session.expires_at_ms);
        query.execute(&mut *conn).await.map(|_| ()).map_err(store_error)
    }

    async fn session(&self, token: Digest, now_ms: i64) -> Result<Option<Session>, StoreError> {
        let query = sqlx::query("SELECT * FROM session WHERE token = $1 AND expires_at_ms > $2");
        let query = query.bind(blob(&token)).bind(now_ms);
        let row = query.fetch_optional(&self.readers).await.map_err(store_error)?;
        row.as_ref().map(session).transpose().map_err(store_error)
    }

    async fn end_session(&self, token: Digest) -> Result<(), StoreError> {
        let mut conn = self.writer.lock().await;
        let query = sqlx::query("DELETE FROM session WHERE token = $1").bind(blob(&token));
        query.execute(&mut *conn).await.map(|_| ()).map_err(store_error)
    }

    async fn end_sessions_of(&self, owner: &Owner) -> Result<(), StoreError> {
        let mut conn = self.writer.lock().await;
        let (kind, owner) = owner_cells(owner);
        let query =
            sqlx::query("DELETE FROM session WHERE owner_kind = $1 AND owner = $2").bind(kind).bind(owner);
        query.execute(&mut *conn).await.map(|_| ()).map_err(store_error)
    }

    async fn add_link(&self, link: Link) -> Result<(), StoreError> {
        self.replace_link(&link).await.map_err(store_error)
    }

    async fn link(&self, token: Digest) -> Result<Option<Link>, StoreError> {
        let query = sqlx::query("SELECT * FROM link WHERE token = $1").bind(blob(&token));
        let row = query.fetch_optional(&self.readers).await.map_err(store_error)?;
        row.as_ref().map(link).transpose().map_err(store_error)
    }

    async fn set_link_code(&self, token: Digest, code: Digest, tries: u32) -> Result<bool, StoreError> {
        let mut conn = self.writer.lock().await;
        let query = sqlx::query("UPDATE link SET code = $2, tries_left = $3 WHERE token = $1");
        let query = query.bind(blob(&token)).bind(blob(&code)).bind(i64::from(tries));
        let done = query.execute(&mut *conn).await.map_err(store_error)?;
        Ok(done.rows_affected() == 1)
    }

    async fn try_link(&self, token: Digest, code: Digest, now_ms: i64) -> Result<LinkTry, StoreError> {
        self.spend(token, code, now_ms).await.map_err(store_error)
    }

    async fn add_api_key(&self, key: ApiKey) -> Result<(), StoreError> {
        let mut conn = self.writer.lock().await;
        let query =
            sqlx::query("INSERT INTO api_key (key, core, created_at_ms, standing) VALUES ($1, $2, $3, $4)");
        let query = query
            .bind(blob(&key.key))
            .bind(key.core.as_str())
            .bind(key.created_at_ms)
            .bind(standing_key(key.standing));
        match query.execute(&mut *conn).await {
            Ok(_) => Ok(()),
            Err(error) if is_constraint(&error) => Err(StoreError::Exists("this key".to_owned())),
            Err(error) => Err(store_error(error)),
        }
    }

    async fn api_key(&self, key: Digest) -> Result<Option<ApiKey>, StoreError> {
        let query = sqlx::query("SELECT * FROM api_key WHERE key = $1").bind(blob(&key));
        let Some(row) = query.fetch_optional(&self.readers).await.map_err(store_error)? else {
            return Ok(None);
        };
        let read = || {
            Ok(ApiKey {
                key: digest(&row, "key")?,
                core: login(&row, "core")?,
                created_at_ms: cell(&row, "created_at_ms")?,
                standing: standing(&row)?,
            })
        };
        read().map(Some).map_err(store_error)
    }

    async fn close_api_keys(&self, core: &Login) -> Result<(), StoreError> {
        let mut conn = self.writer.lock().await;
        let query = sqlx::query("UPDATE api_key SET standing = 'closed' WHERE core = $1").bind(core.as_str());
        query.execute(&mut *conn).await.map(|_| ()).map_err(store_error)
    }
}
