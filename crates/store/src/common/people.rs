//! Accounts, sessions, links and keys. Secrets arrive here as hashes already.

use async_trait::async_trait;
use mingbai_core::actor::{Login, StaffRole};
use mingbai_core::borrow::JourneyId;
use mingbai_desk::ports::{
    Account, Accounts, ApiKey, Link, LinkPurpose, LinkTry, Means, Owner, Place, Session, SignInState,
    Standing, StoreError,
};
use mingbai_evidence::Digest;
use sqlx::Connection as _;

use super::again::Fail;
use super::cells::Value::{Bytes, Int, MaybeBytes, MaybeText, Text};
use super::cells::{Line, Value, blob, digest, maybe_digest, maybe_owned, meaningless, owned, small, uuid};
use super::{Conn, Engine, Store, begin};
use crate::error::{is_constraint, store_error};

const fn standing_key(standing: Standing) -> &'static str {
    match standing {
        Standing::Active => "active",
        Standing::Closed => "closed",
    }
}

fn standing(row: &impl Line) -> Result<Standing, sqlx::Error> {
    match row.text("standing")? {
        "active" => Ok(Standing::Active),
        "closed" => Ok(Standing::Closed),
        _ => Err(meaningless("standing")),
    }
}

pub(super) fn login(row: &impl Line, name: &'static str) -> Result<Login, sqlx::Error> {
    Login::new(owned(row, name)?).map_err(|_| meaningless(name))
}

fn account(row: &impl Line) -> Result<Account, sqlx::Error> {
    Ok(Account {
        login: login(row, "login")?,
        role: StaffRole::from_key(row.text("role")?).ok_or_else(|| meaningless("role"))?,
        display_name: owned(row, "display_name")?,
        branch: maybe_owned(row, "branch")?,
        password_hash: owned(row, "password_hash")?,
        standing: standing(row)?,
    })
}

/// An owner as two columns.
fn owner_cells(owner: &Owner) -> (&'static str, String) {
    match owner {
        Owner::Staff(login) => ("staff", login.to_string()),
        Owner::Halfway(login) => ("halfway", login.to_string()),
        Owner::Borrower(journey) => ("borrower", journey.to_string()),
        Owner::Family(journey) => ("family", journey.to_string()),
    }
}

fn session(row: &impl Line) -> Result<Session, sqlx::Error> {
    let owner = match row.text("owner_kind")? {
        "staff" => Owner::Staff(login(row, "owner")?),
        "halfway" => Owner::Halfway(login(row, "owner")?),
        kind @ ("borrower" | "family") => {
            let journey = JourneyId::parse(row.text("owner")?).ok_or_else(|| meaningless("owner"))?;
            if kind == "family" { Owner::Family(journey) } else { Owner::Borrower(journey) }
        }
        _ => return Err(meaningless("owner_kind")),
    };
    Ok(Session {
        token: digest(row, "token")?,
        owner,
        created_at_ms: row.int("created_at_ms")?,
        expires_at_ms: row.int("expires_at_ms")?,
        seen_at_ms: row.int("seen_at_ms")?,
        means: Means::from_key(row.text("means")?).ok_or_else(|| meaningless("means"))?,
        place: Place { device: owned(row, "device")?, address: owned(row, "address")? },
    })
}

fn link(row: &impl Line) -> Result<Link, sqlx::Error> {
    Ok(Link {
        token: digest(row, "token")?,
        journey: JourneyId::new(uuid(row, "journey")?),
        purpose: LinkPurpose::from_key(row.text("purpose")?).ok_or_else(|| meaningless("purpose"))?,
        code: maybe_digest(row, "code")?,
        tries_left: small(row, "tries_left")?,
        created_at_ms: row.int("created_at_ms")?,
        expires_at_ms: row.int("expires_at_ms")?,
    })
}

impl<E: Engine> Store<E> {
    async fn spend(&self, token: Digest, code: Digest, now_ms: i64) -> Result<LinkTry, Fail<StoreError>> {
        let mut conn = self.engine.writer().await?;
        let mut tx = conn.begin_with(begin(<E::Conn as Conn>::WRITE)).await?;
        let token = [Bytes(blob(&token))];
        // An update that changes nothing locks the row on every engine, so that two tries cannot both read the same count.
        let sql = "UPDATE link SET tries_left = tries_left WHERE token = $1 RETURNING *";
        let Some(found) = tx.line(sql, &token).await?.as_ref().map(link).transpose()? else {
            return Ok(LinkTry::Dead);
        };
        let Some(right) = found.code.filter(|_| found.tries_left > 0 && found.expires_at_ms > now_ms) else {
            return Ok(LinkTry::Dead);
        };
        // Both are hashes of unguessable input, so comparing them in plain time gives nothing away.
        if right == code {
            tx.run("UPDATE link SET code = NULL, tries_left = 0 WHERE token = $1", &token).await?;
            tx.commit().await?;
            return Ok(LinkTry::Opened(found));
        }
        tx.run("UPDATE link SET tries_left = tries_left - 1 WHERE token = $1", &token).await?;
        tx.commit().await?;
        Ok(LinkTry::Wrong { tries_left: found.tries_left - 1 })
    }

    /// Inserts what must not be there yet.
    pub(super) async fn add(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        what: impl FnOnce() -> String,
    ) -> Result<(), StoreError> {
        match self.run(sql, values).await {
            Ok(_) => Ok(()),
            Err(error) if is_constraint(&error) => Err(StoreError::Exists(what())),
            Err(error) => Err(store_error(error)),
        }
    }
}

/// An account as columns, in the order of the statements below.
fn account_cells(account: &Account) -> [Value<'_>; 6] {
    [
        Text(account.login.as_str()),
        Text(account.role.key()),
        Text(&account.display_name),
        MaybeText(account.branch.as_deref()),
        Text(&account.password_hash),
        Text(standing_key(account.standing)),
    ]
}

#[async_trait]
impl<E: Engine> Accounts for Store<E> {
    async fn add_account(&self, account: Account) -> Result<(), StoreError> {
        let sql = "INSERT INTO account (login, role, display_name, branch, password_hash, standing)
             VALUES ($1, $2, $3, $4, $5, $6)";
        self.add(sql, &account_cells(&account), || account.login.to_string()).await
    }

    async fn change_account(&self, account: Account) -> Result<(), StoreError> {
        let sql =
            "UPDATE account SET role = $2, display_name = $3, branch = $4, password_hash = $5, standing = $6
             WHERE login = $1";
        self.run(sql, &account_cells(&account)).await.map(|_| ()).map_err(store_error)
    }

    async fn account(&self, login: &Login) -> Result<Option<Account>, StoreError> {
        let row = self.line("SELECT * FROM account WHERE login = $1", &[Text(login.as_str())]).await;
        row.and_then(|row| row.as_ref().map(account).transpose()).map_err(store_error)
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = self.lines("SELECT * FROM account ORDER BY login", &[]).await.map_err(store_error)?;
        rows.iter().map(account).collect::<Result<_, _>>().map_err(store_error)
    }

    async fn sign_in_state(&self, login: &Login) -> Result<SignInState, StoreError> {
        let sql = "SELECT failures, last_at_ms FROM sign_in WHERE login = $1";
        let Some(row) = self.line(sql, &[Text(login.as_str())]).await.map_err(store_error)? else {
            return Ok(SignInState::default());
        };
        let read =
            || Ok(SignInState { failures: small(&row, "failures")?, last_at_ms: row.int("last_at_ms")? });
        read().map_err(store_error)
    }

    async fn sign_in_failed(&self, login: &Login, now_ms: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO sign_in (login, failures, last_at_ms) VALUES ($1, 1, $2)
             ON CONFLICT (login) DO UPDATE SET last_at_ms = excluded.last_at_ms,
                failures = CASE WHEN sign_in.failures < 1000 THEN sign_in.failures + 1 ELSE 1000 END";
        self.run(sql, &[Text(login.as_str()), Int(now_ms)]).await.map(|_| ()).map_err(store_error)
    }

    async fn sign_in_succeeded(&self, login: &Login) -> Result<(), StoreError> {
        let sql = "DELETE FROM sign_in WHERE login = $1";
        self.run(sql, &[Text(login.as_str())]).await.map(|_| ()).map_err(store_error)
    }

    async fn add_session(&self, session: Session) -> Result<(), StoreError> {
        // The moment in which one begins is a good one to sweep out those that are over.
        let sweep = "DELETE FROM session WHERE expires_at_ms <= $1";
        self.run(sweep, &[Int(session.created_at_ms)]).await.map_err(store_error)?;
        let (kind, owner) = owner_cells(&session.owner);
        let sql = "INSERT INTO session
                (token, owner_kind, owner, created_at_ms, expires_at_ms, seen_at_ms, means, device, address)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = [
            Bytes(blob(&session.token)),
            Text(kind),
            Text(&owner),
            Int(session.created_at_ms),
            Int(session.expires_at_ms),
            Int(session.seen_at_ms),
            Text(session.means.key()),
            Text(&session.place.device),
            Text(&session.place.address),
        ];
        self.run(sql, &values).await.map(|_| ()).map_err(store_error)
    }

    async fn session(&self, token: Digest, now_ms: i64) -> Result<Option<Session>, StoreError> {
        let sql = "SELECT * FROM session WHERE token = $1 AND expires_at_ms > $2";
        let row = self.line(sql, &[Bytes(blob(&token)), Int(now_ms)]).await;
        row.and_then(|row| row.as_ref().map(session).transpose()).map_err(store_error)
    }

    async fn session_seen(&self, token: Digest, now_ms: i64) -> Result<(), StoreError> {
        let sql = "UPDATE session SET seen_at_ms = $2 WHERE token = $1 AND seen_at_ms < $2";
        self.run(sql, &[Bytes(blob(&token)), Int(now_ms)]).await.map(|_| ()).map_err(store_error)
    }

    async fn sessions_of(&self, owner: &Owner, now_ms: i64) -> Result<Vec<Session>, StoreError> {
        let (kind, owner) = owner_cells(owner);
        let sql = "SELECT * FROM session WHERE owner_kind = $1 AND owner = $2 AND expires_at_ms > $3
             ORDER BY created_at_ms DESC LIMIT 200";
        let rows = self.lines(sql, &[Text(kind), Text(&owner), Int(now_ms)]).await;
        rows.and_then(|rows| rows.iter().map(session).collect()).map_err(store_error)
    }

    async fn end_session(&self, token: Digest) -> Result<(), StoreError> {
        let sql = "DELETE FROM session WHERE token = $1";
        self.run(sql, &[Bytes(blob(&token))]).await.map(|_| ()).map_err(store_error)
    }

    async fn end_sessions_of(&self, owner: &Owner) -> Result<(), StoreError> {
        let (kind, owner) = owner_cells(owner);
        let sql = "DELETE FROM session WHERE owner_kind = $1 AND owner = $2";
        self.run(sql, &[Text(kind), Text(&owner)]).await.map(|_| ()).map_err(store_error)
    }

    async fn add_link(&self, link: Link) -> Result<(), StoreError> {
        // One row for each journey and purpose: the new link takes the place of the one before.
        let sql = "INSERT INTO link (token, journey, purpose, code, tries_left, created_at_ms, expires_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (journey, purpose) DO UPDATE SET
                token = excluded.token, code = excluded.code, tries_left = excluded.tries_left,
                created_at_ms = excluded.created_at_ms, expires_at_ms = excluded.expires_at_ms";
        let journey = link.journey.uuid();
        let values = [
            Bytes(blob(&link.token)),
            Bytes(journey.as_bytes()),
            Text(link.purpose.key()),
            MaybeBytes(link.code.as_ref().map(blob)),
            Int(i64::from(link.tries_left)),
            Int(link.created_at_ms),
            Int(link.expires_at_ms),
        ];
        self.run(sql, &values).await.map(|_| ()).map_err(store_error)
    }

    async fn link(&self, token: Digest) -> Result<Option<Link>, StoreError> {
        let row = self.line("SELECT * FROM link WHERE token = $1", &[Bytes(blob(&token))]).await;
        row.and_then(|row| row.as_ref().map(link).transpose()).map_err(store_error)
    }

    async fn set_link_code(&self, token: Digest, code: Digest, tries: u32) -> Result<bool, StoreError> {
        let sql = "UPDATE link SET code = $2, tries_left = $3 WHERE token = $1";
        let values = [Bytes(blob(&token)), Bytes(blob(&code)), Int(i64::from(tries))];
        Ok(self.run(sql, &values).await.map_err(store_error)? == 1)
    }

    async fn try_link(&self, token: Digest, code: Digest, now_ms: i64) -> Result<LinkTry, StoreError> {
        self.again(|| self.spend(token, code, now_ms)).await.map_err(|fail| fail.or(store_error))
    }

    async fn add_api_key(&self, key: ApiKey) -> Result<(), StoreError> {
        let sql = "INSERT INTO api_key (key, core, created_at_ms, standing) VALUES ($1, $2, $3, $4)";
        let values = [
            Bytes(blob(&key.key)),
            Text(key.core.as_str()),
            Int(key.created_at_ms),
            Text(standing_key(key.standing)),
        ];
        self.add(sql, &values, || "this key".to_owned()).await
    }

    async fn api_key(&self, key: Digest) -> Result<Option<ApiKey>, StoreError> {
        let row = self.line("SELECT * FROM api_key WHERE key = $1", &[Bytes(blob(&key))]).await;
        let Some(row) = row.map_err(store_error)? else { return Ok(None) };
        let read = || {
            Ok(ApiKey {
                key: digest(&row, "key")?,
                core: login(&row, "core")?,
                created_at_ms: row.int("created_at_ms")?,
                standing: standing(&row)?,
            })
        };
        read().map(Some).map_err(store_error)
    }

    async fn close_api_keys(&self, core: &Login) -> Result<(), StoreError> {
        let sql = "UPDATE api_key SET standing = 'closed' WHERE core = $1";
        self.run(sql, &[Text(core.as_str())]).await.map(|_| ()).map_err(store_error)
    }
}
