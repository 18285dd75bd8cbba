//! The log of links: what applications were seen with.

use async_trait::async_trait;
use mingbai_core::borrow::JourneyId;
use mingbai_desk::ports::{LINK_WIDTH, LINKS_PAGE, LinkRow, Links, StoreError};

use super::cells::Value::{Bytes, Int};
use super::cells::{Line, meaningless, uuid};
use super::{Engine, Store};
use crate::error::{is_refused, store_error};

/// How often a place is tried for when somebody else took it.
const TRIES: u32 = 20;

/// Numbers as a column holds them; the column's sign means nothing.
const fn cell(number: u64) -> i64 {
    number.cast_signed()
}

fn link(row: &impl Line) -> Result<LinkRow, sqlx::Error> {
    let bytes = row.bytes("identifiers")?;
    let (numbers, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(meaningless("identifiers"));
    }
    Ok(LinkRow {
        seq: row.int("seq")?,
        journey: uuid(row, "journey").map(JourneyId::new)?,
        applicant: row.int("applicant")?.cast_unsigned(),
        at_ms: row.int("at_ms")?,
        identifiers: numbers.iter().map(|number| u64::from_be_bytes(*number)).collect(),
    })
}

#[async_trait]
impl<E: Engine> Links for Store<E> {
    async fn append(
        &self,
        journey: JourneyId,
        applicant: u64,
        at_ms: i64,
        identifiers: &[u64],
    ) -> Result<i64, StoreError> {
        // The next place is the one after the last that is committed, and the table's key lets it be taken once. A counter of the
        // database would give places that become visible out of order, and a reader would pass one over.
        let sql = "INSERT INTO ring_link (seq, journey, applicant, at_ms, identifiers)
             VALUES ($1, $2, $3, $4, $5)";
        let next = "SELECT place + 1 AS seq FROM ring_link_place";
        let taken = "UPDATE ring_link_place SET place = $1 WHERE place = $2";
        // Asked here, so that a refusal below means one thing only: somebody has this place.
        if identifiers.len() > LINK_WIDTH {
            return Err(StoreError::Io(format!(
                "{} identifiers in one row; at most {LINK_WIDTH}",
                identifiers.len()
            )));
        }
        let case = journey.uuid();
        let bytes: Vec<u8> = identifiers.iter().flat_map(|number| number.to_be_bytes()).collect();
        for _ in 0..TRIES {
            let row = self.line(next, &[]).await.map_err(store_error)?;
            let seq = match &row {
                Some(row) => row.int("seq").map_err(store_error)?,
                None => return Err(StoreError::Io("ring_link_place has no row".to_owned())),
            };
            let values = [Int(seq), Bytes(case.as_bytes()), Int(cell(applicant)), Int(at_ms), Bytes(&bytes)];
            match self.run(sql, &values).await {
                Ok(_) => {
                    self.run(taken, &[Int(seq), Int(seq - 1)]).await.map_err(store_error)?;
                    return Ok(seq);
                }
                Err(error) if is_refused(&error) => {
                    // Taken, perhaps by somebody who fell over before saying so: whoever comes next says it.
                    self.run(taken, &[Int(seq), Int(seq - 1)]).await.map_err(store_error)?;
                }
                Err(error) => return Err(store_error(error)),
            }
        }
        Err(StoreError::Io("too many write links at once; repeat".to_owned()))
    }

    async fn after(&self, seq: i64) -> Result<Vec<LinkRow>, StoreError> {
        let sql = "SELECT seq, journey, applicant, at_ms, identifiers FROM ring_link WHERE seq > $1
             ORDER BY seq LIMIT $2";
        let rows = self.lines(sql, &[Int(seq), Int(i64::from(LINKS_PAGE))]).await;
        rows.and_then(|rows| rows.iter().map(link).collect()).map_err(store_error)
    }

    async fn of_applicant(&self, applicant: u64) -> Result<Vec<LinkRow>, StoreError> {
        let sql = "SELECT seq, journey, applicant, at_ms, identifiers FROM ring_link WHERE applicant = $1
             ORDER BY seq LIMIT 1000";
        let rows = self.lines(sql, &[Int(cell(applicant))]).await;
        rows.and_then(|rows| rows.iter().map(link).collect()).map_err(store_error)
    }

    async fn of_journey(&self, journey: JourneyId) -> Result<Vec<LinkRow>, StoreError> {
        let sql = "SELECT seq, journey, applicant, at_ms, identifiers FROM ring_link WHERE journey = $1
             ORDER BY seq LIMIT 1000";
        let case = journey.uuid();
        let rows = self.lines(sql, &[Bytes(case.as_bytes())]).await;
        rows.and_then(|rows| rows.iter().map(link).collect()).map_err(store_error)
    }

    async fn forget(&self, journey: JourneyId) -> Result<(), StoreError> {
        let case = journey.uuid();
        let sql = "DELETE FROM ring_link WHERE journey = $1";
        self.run(sql, &[Bytes(case.as_bytes())]).await.map(|_| ()).map_err(store_error)
    }

    async fn prune(&self, before_ms: i64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM ring_link WHERE at_ms < $1";
        self.run(sql, &[Int(before_ms)]).await.map_err(store_error)
    }
}
