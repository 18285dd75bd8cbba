//! Projections: the staff list and the short codes.

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::event::AttachmentRef;
use mingbai_cost::{Fen, Lang};
use mingbai_desk::ports::{CodeRow, Find, JourneyRow, PaperKind, RowFilter};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::cells::{blob, cell, digest, meaningless, signed, small, unsigned, uuid};

/// Rows of the staff list without a limit of the caller's.
const ROWS: u32 = 100;
/// The most rows at once.
const ROWS_LIMIT: u32 = 500;

/// The reference that people read aloud, as it is looked for: 16 hex digits, lower case.
fn reference(journey: JourneyId) -> String {
    journey.reference().replace(' ', "").to_lowercase()
}

pub(crate) async fn put_row(conn: &mut SqliteConnection, row: &JourneyRow) -> Result<(), sqlx::Error> {
    let query = sqlx::query(
        "INSERT INTO journey_row (journey, reference, external_ref, product_id, product_version, principal_fen,
            stage, missing, violations_open, remedies_open, denied, branch, opened_at_ms, updated_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (journey) DO UPDATE SET
            external_ref = excluded.external_ref, product_id = excluded.product_id,
            product_version = excluded.product_version, principal_fen = excluded.principal_fen,
            stage = excluded.stage, missing = excluded.missing, violations_open = excluded.violations_open,
            remedies_open = excluded.remedies_open, denied = excluded.denied,
            branch = COALESCE(excluded.branch, journey_row.branch),
            opened_at_ms = excluded.opened_at_ms, updated_at_ms = excluded.updated_at_ms",
    );
    query
        .bind(row.journey.uuid().as_bytes().as_slice())
        .bind(reference(row.journey))
        .bind(&row.external_ref)
        .bind(&row.product_id)
        .bind(&row.product_version)
        .bind(row.principal_fen.map(Fen::get))
        .bind(&row.stage)
        .bind(row.missing.join(" "))
        .bind(i64::from(row.violations_open))
        .bind(i64::from(row.remedies_open))
        .bind(i64::from(row.denied))
        .bind(&row.branch)
        .bind(row.opened_at_ms)
        .bind(row.updated_at_ms)
        .execute(conn)
        .await?;
    Ok(())
}

fn journey_row(row: &SqliteRow) -> Result<JourneyRow, sqlx::Error> {
    let missing: &str = cell(row, "missing")?;
    Ok(JourneyRow {
        journey: JourneyId::new(uuid(row, "journey")?),
        external_ref: cell(row, "external_ref")?,
        product_id: cell(row, "product_id")?,
        product_version: cell(row, "product_version")?,
        principal_fen: cell::<Option<i64>>(row, "principal_fen")?.map(Fen::new),
        stage: cell(row, "stage")?,
        missing: missing.split_whitespace().map(str::to_owned).collect(),
        violations_open: small(row, "violations_open")?,
        remedies_open: small(row, "remedies_open")?,
        denied: small(row, "denied")?,
        branch: cell(row, "branch")?,
        opened_at_ms: cell(row, "opened_at_ms")?,
        updated_at_ms: cell(row, "updated_at_ms")?,
    })
}

pub(crate) async fn find(
    conn: &mut SqliteConnection,
    wanted: &Find,
) -> Result<Option<JourneyRow>, sqlx::Error> {
    let row = match wanted {
        Find::Journey(id) => {
            sqlx::query("SELECT * FROM journey_row WHERE journey = $1")
                .bind(id.uuid().into_bytes().to_vec())
                .fetch_optional(conn)
                .await?
        }
        Find::Reference(text) => {
            sqlx::query("SELECT * FROM journey_row WHERE reference = $1 ORDER BY updated_at_ms DESC LIMIT 1")
                .bind(text)
                .fetch_optional(conn)
                .await?
        }
        Find::ExternalRef(text) => {
            sqlx::query(
                "SELECT * FROM journey_row WHERE external_ref = $1 ORDER BY updated_at_ms DESC LIMIT 1",
            )
            .bind(text)
            .fetch_optional(conn)
            .await?
        }
        Find::Record(id) => {
            sqlx::query(
                "SELECT j.* FROM journey_row j, record r
                 WHERE r.id = $1 AND r.stream LIKE 'borrow/%'
                   AND lower(hex(j.journey)) = replace(substr(r.stream, 8), '-', '')",
            )
            .bind(id.as_bytes().as_slice())
            .fetch_optional(conn)
            .await?
        }
    };
    row.as_ref().map(journey_row).transpose()
}

pub(crate) async fn rows(
    conn: &mut SqliteConnection,
    filter: &RowFilter,
) -> Result<Vec<JourneyRow>, sqlx::Error> {
    let limit = if filter.limit == 0 { ROWS } else { filter.limit.min(ROWS_LIMIT) };
    let query = sqlx::query(
        "SELECT * FROM journey_row
         WHERE ($1 IS NULL OR branch = $1) AND ($2 IS NULL OR stage = $2) AND ($3 IS NULL OR updated_at_ms < $3)
         ORDER BY updated_at_ms DESC, journey LIMIT $4",
    );
    let query = query.bind(&filter.branch).bind(&filter.stage).bind(filter.before_ms).bind(i64::from(limit));
    query.fetch_all(conn).await?.iter().map(journey_row).collect()
}

pub(crate) async fn put_code(conn: &mut SqliteConnection, code: &CodeRow) -> Result<(), sqlx::Error> {
    let query = sqlx::query(
        "INSERT INTO short_code (code, journey, paper, lang, sha256, media, bytes, terms, issued_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    );
    query
        .bind(&code.code)
        .bind(code.journey.uuid().as_bytes().as_slice())
        .bind(code.paper.key())
        .bind(match code.lang {
            Lang::Zh => "zh",
            Lang::En => "en",
        })
        .bind(blob(&code.document.sha256))
        .bind(&code.document.media)
        .bind(signed(code.document.bytes))
        .bind(blob(&code.terms))
        .bind(code.issued_at_ms)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn code(conn: &mut SqliteConnection, code: &str) -> Result<Option<CodeRow>, sqlx::Error> {
    let query = sqlx::query("SELECT * FROM short_code WHERE code = $1").bind(code);
    let Some(row) = query.fetch_optional(conn).await? else { return Ok(None) };
    let lang = match cell(&row, "lang")? {
        "zh" => Lang::Zh,
        "en" => Lang::En,
        _ => return Err(meaningless("lang")),
    };
    Ok(Some(CodeRow {
        code: cell(&row, "code")?,
        journey: JourneyId::new(uuid(&row, "journey")?),
        paper: PaperKind::from_key(cell(&row, "paper")?).ok_or_else(|| meaningless("paper"))?,
        lang,
        document: AttachmentRef {
            sha256: digest(&row, "sha256")?,
            media: cell(&row, "media")?,
            bytes: unsigned(&row, "bytes")?,
        },
        terms: digest(&row, "terms")?,
        issued_at_ms: cell(&row, "issued_at_ms")?,
    }))
}
