//! Second factors of staff, and questions that may be answered once. What may happen once is one statement, so that two requests at
//! once cannot both have it.

use async_trait::async_trait;
use mingbai_core::actor::Login;
use mingbai_desk::ports::{AppSecret, AskedFor, Factors, KeptPasskey, Question, StoreError};
use mingbai_evidence::Digest;
use mingbai_evidence::seal::Commitment;
use sqlx::Connection as _;

use super::again::Fail;
use super::cells::Value::{Bytes, Int, Text};
use super::cells::{Line, Value, blob, digest, meaningless, owned, small, uuid};
use super::people::login;
use super::{Conn, Engine, Store, begin};
use crate::error::store_error;

fn passkey(row: &impl Line) -> Result<KeptPasskey, sqlx::Error> {
    Ok(KeptPasskey {
        id: row.bytes("id")?.to_vec(),
        login: login(row, "login")?,
        key: row.bytes("public_key")?.to_vec(),
        name: owned(row, "name")?,
        count: small(row, "count")?,
        added_at_ms: row.int("added_at_ms")?,
        used_at_ms: row.maybe_int("used_at_ms")?,
    })
}

fn app(row: &impl Line) -> Result<AppSecret, sqlx::Error> {
    Ok(AppSecret {
        login: login(row, "login")?,
        subject: uuid(row, "subject")?,
        secret: Commitment::from_digest(digest(row, "secret")?),
        last_step: row.int("last_step")?,
        added_at_ms: row.int("added_at_ms")?,
    })
}

fn question(row: &impl Line) -> Result<Question, sqlx::Error> {
    Ok(Question {
        token: digest(row, "token")?,
        purpose: AskedFor::from_key(row.text("purpose")?).ok_or_else(|| meaningless("purpose"))?,
        owner: owned(row, "owner")?,
        data: owned(row, "data")?,
        expires_at_ms: row.int("expires_at_ms")?,
    })
}

impl<E: Engine> Store<E> {
    async fn replace_recovery(&self, login: &Login, codes: &[Digest]) -> Result<(), Fail<StoreError>> {
        let mut conn = self.engine.writer().await?;
        let mut tx = conn.begin_with(begin(<E::Conn as Conn>::WRITE)).await?;
        tx.run("DELETE FROM recovery_code WHERE login = $1", &[Text(login.as_str())]).await?;
        for code in codes {
            let sql = "INSERT INTO recovery_code (login, code) VALUES ($1, $2)";
            tx.run(sql, &[Text(login.as_str()), Bytes(blob(code))]).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Takes a row away and gives it.
    async fn taken(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Option<<E::Conn as Conn>::Line>, sqlx::Error> {
        let work = || async {
            let mut conn = self.engine.writer().await?;
            conn.line(sql, values).await.map_err(Fail::<sqlx::Error>::Engine)
        };
        self.again(work).await.map_err(Fail::either)
    }

    async fn touched(&self, sql: &'static str, values: &[Value<'_>]) -> Result<bool, StoreError> {
        self.run(sql, values).await.map(|rows| rows == 1).map_err(store_error)
    }
}

#[async_trait]
impl<E: Engine> Factors for Store<E> {
    async fn add_passkey(&self, passkey: KeptPasskey) -> Result<(), StoreError> {
        let sql = "INSERT INTO passkey (id, login, public_key, name, count, added_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6)";
        let values = [
            Bytes(&passkey.id),
            Text(passkey.login.as_str()),
            Bytes(&passkey.key),
            Text(&passkey.name),
            Int(i64::from(passkey.count)),
            Int(passkey.added_at_ms),
        ];
        self.add(sql, &values, || "this passkey".to_owned()).await
    }

    async fn passkey(&self, id: &[u8]) -> Result<Option<KeptPasskey>, StoreError> {
        let row = self.line("SELECT * FROM passkey WHERE id = $1", &[Bytes(id)]).await;
        row.and_then(|row| row.as_ref().map(passkey).transpose()).map_err(store_error)
    }

    async fn passkeys_of(&self, login: &Login) -> Result<Vec<KeptPasskey>, StoreError> {
        let sql = "SELECT * FROM passkey WHERE login = $1 ORDER BY added_at_ms, id LIMIT 100";
        let rows = self.lines(sql, &[Text(login.as_str())]).await;
        rows.and_then(|rows| rows.iter().map(passkey).collect()).map_err(store_error)
    }

    async fn use_passkey(&self, id: &[u8], count: u32, now_ms: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE passkey SET count = $2, used_at_ms = $3
             WHERE id = $1 AND (count < $2 OR (count = 0 AND $2 = 0))";
        self.touched(sql, &[Bytes(id), Int(i64::from(count)), Int(now_ms)]).await
    }

    async fn remove_passkey(&self, login: &Login, id: &[u8]) -> Result<(), StoreError> {
        let sql = "DELETE FROM passkey WHERE login = $1 AND id = $2";
        self.run(sql, &[Text(login.as_str()), Bytes(id)]).await.map(|_| ()).map_err(store_error)
    }

    async fn set_app(&self, app: AppSecret) -> Result<(), StoreError> {
        let sql = "INSERT INTO authenticator_app (login, subject, secret, last_step, added_at_ms)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (login) DO UPDATE SET subject = excluded.subject, secret = excluded.secret,
                last_step = excluded.last_step, added_at_ms = excluded.added_at_ms";
        let secret = app.secret.digest();
        let values = [
            Text(app.login.as_str()),
            Bytes(app.subject.as_bytes()),
            Bytes(blob(&secret)),
            Int(app.last_step),
            Int(app.added_at_ms),
        ];
        self.run(sql, &values).await.map(|_| ()).map_err(store_error)
    }

    async fn app(&self, login: &Login) -> Result<Option<AppSecret>, StoreError> {
        let row =
            self.line("SELECT * FROM authenticator_app WHERE login = $1", &[Text(login.as_str())]).await;
        row.and_then(|row| row.as_ref().map(app).transpose()).map_err(store_error)
    }

    async fn use_step(&self, login: &Login, step: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE authenticator_app SET last_step = $2 WHERE login = $1 AND last_step < $2";
        self.touched(sql, &[Text(login.as_str()), Int(step)]).await
    }

    async fn remove_app(&self, login: &Login) -> Result<(), StoreError> {
        let sql = "DELETE FROM authenticator_app WHERE login = $1";
        self.run(sql, &[Text(login.as_str())]).await.map(|_| ()).map_err(store_error)
    }

    async fn set_recovery(&self, login: &Login, codes: &[Digest]) -> Result<(), StoreError> {
        self.again(|| self.replace_recovery(login, codes)).await.map_err(|fail| fail.or(store_error))
    }

    async fn use_recovery(&self, login: &Login, code: Digest) -> Result<bool, StoreError> {
        let sql = "DELETE FROM recovery_code WHERE login = $1 AND code = $2";
        self.touched(sql, &[Text(login.as_str()), Bytes(blob(&code))]).await
    }

    async fn recovery_left(&self, login: &Login) -> Result<u32, StoreError> {
        let sql = "SELECT code FROM recovery_code WHERE login = $1 LIMIT 100";
        let rows = self.lines(sql, &[Text(login.as_str())]).await.map_err(store_error)?;
        Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
    }

    async fn ask(&self, question: Question, now_ms: i64) -> Result<(), StoreError> {
        // Questions that nobody answered are swept out when the next one is asked.
        let sweep = "DELETE FROM question WHERE expires_at_ms <= $1";
        self.run(sweep, &[Int(now_ms)]).await.map_err(store_error)?;
        let sql =
            "INSERT INTO question (token, purpose, owner, data, expires_at_ms) VALUES ($1, $2, $3, $4, $5)";
        let values = [
            Bytes(blob(&question.token)),
            Text(question.purpose.key()),
            Text(&question.owner),
            Text(&question.data),
            Int(question.expires_at_ms),
        ];
        self.run(sql, &values).await.map(|_| ()).map_err(store_error)
    }

    async fn take_question(&self, token: Digest, now_ms: i64) -> Result<Option<Question>, StoreError> {
        let row =
            self.taken("DELETE FROM question WHERE token = $1 RETURNING *", &[Bytes(blob(&token))]).await;
        let found = row.and_then(|row| row.as_ref().map(question).transpose()).map_err(store_error)?;
        Ok(found.filter(|question| question.expires_at_ms > now_ms))
    }
}
