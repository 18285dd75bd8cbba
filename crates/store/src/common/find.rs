//! Projections: the staff list and the short codes.

use mingbai_core::borrow::JourneyId;
use mingbai_core::borrow::event::AttachmentRef;
use mingbai_cost::{Fen, Lang};
use mingbai_desk::ports::{CodeRow, Find, JourneyRow, PaperKind, RowFilter};
use mingbai_evidence::StreamId;

use super::Conn;
use super::cells::Value::{Bytes, Int, MaybeInt, MaybeText, Text};
use super::cells::{Line, blob, digest, maybe_owned, meaningless, owned, signed, small, unsigned, uuid};

/// Rows of the staff list without a limit of the caller's.
const ROWS: u32 = 100;
/// The most rows at once.
const ROWS_LIMIT: u32 = 500;

/// The reference that people read aloud, as it is looked for: 16 hex digits, lower case.
pub(crate) fn reference(journey: JourneyId) -> String {
    journey.reference().replace(' ', "").to_lowercase()
}

const PUT_ROW: &str =
    "INSERT INTO journey_row (journey, reference, external_ref, product_id, product_version, principal_fen,
        stage, missing, violations_open, remedies_open, denied, branch, opened_at_ms, updated_at_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (journey) DO UPDATE SET
        external_ref = excluded.external_ref, product_id = excluded.product_id,
        product_version = excluded.product_version, principal_fen = excluded.principal_fen,
        stage = excluded.stage, missing = excluded.missing, violations_open = excluded.violations_open,
        remedies_open = excluded.remedies_open, denied = excluded.denied,
        branch = COALESCE(excluded.branch, journey_row.branch),
        opened_at_ms = excluded.opened_at_ms, updated_at_ms = excluded.updated_at_ms";

pub(crate) async fn put_row<C: Conn>(conn: &mut C, row: &JourneyRow) -> Result<(), sqlx::Error> {
    let (journey, reference, missing) = (row.journey.uuid(), reference(row.journey), row.missing.join(" "));
    let values = [
        Bytes(journey.as_bytes()),
        Text(&reference),
        Text(&row.external_ref),
        Text(&row.product_id),
        Text(&row.product_version),
        MaybeInt(row.principal_fen.map(Fen::get)),
        Text(&row.stage),
        Text(&missing),
        Int(i64::from(row.violations_open)),
        Int(i64::from(row.remedies_open)),
        Int(i64::from(row.denied)),
        MaybeText(row.branch.as_deref()),
        Int(row.opened_at_ms),
        Int(row.updated_at_ms),
    ];
    conn.run(PUT_ROW, &values).await.map(|_| ())
}

fn journey_row(row: &impl Line) -> Result<JourneyRow, sqlx::Error> {
    Ok(JourneyRow {
        journey: JourneyId::new(uuid(row, "journey")?),
        external_ref: owned(row, "external_ref")?,
        product_id: owned(row, "product_id")?,
        product_version: owned(row, "product_version")?,
        principal_fen: row.maybe_int("principal_fen")?.map(Fen::new),
        stage: owned(row, "stage")?,
        missing: row.text("missing")?.split_whitespace().map(str::to_owned).collect(),
        violations_open: small(row, "violations_open")?,
        remedies_open: small(row, "remedies_open")?,
        denied: small(row, "denied")?,
        branch: maybe_owned(row, "branch")?,
        opened_at_ms: row.int("opened_at_ms")?,
        updated_at_ms: row.int("updated_at_ms")?,
    })
}

/// The journey whose stream holds a record.
async fn journey_of<C: Conn>(conn: &mut C, record: &[u8]) -> Result<Option<JourneyId>, sqlx::Error> {
    let Some(row) = conn.line("SELECT stream FROM record WHERE id = $1", &[Bytes(record)]).await? else {
        return Ok(None);
    };
    let stream = StreamId::new(row.text("stream")?).map_err(|_| meaningless("stream"))?;
    let journey = stream.as_str().rsplit_once('/').and_then(|(_, id)| JourneyId::parse(id));
    Ok(journey.filter(|journey| journey.stream() == stream))
}

pub(crate) async fn find<C: Conn>(conn: &mut C, wanted: &Find) -> Result<Option<JourneyRow>, sqlx::Error> {
    let row = match wanted {
        Find::Journey(id) => by_number(conn, *id).await?,
        Find::Reference(text) => {
            let sql = "SELECT * FROM journey_row WHERE reference = $1 ORDER BY updated_at_ms DESC LIMIT 1";
            conn.line(sql, &[Text(text)]).await?
        }
        Find::ExternalRef(text) => {
            let sql = "SELECT * FROM journey_row WHERE external_ref = $1 ORDER BY updated_at_ms DESC LIMIT 1";
            conn.line(sql, &[Text(text)]).await?
        }
        Find::Record(id) => match journey_of(conn, id.as_bytes()).await? {
            Some(journey) => by_number(conn, journey).await?,
            None => None,
        },
    };
    row.as_ref().map(journey_row).transpose()
}

async fn by_number<C: Conn>(conn: &mut C, journey: JourneyId) -> Result<Option<C::Line>, sqlx::Error> {
    let journey = journey.uuid();
    conn.line("SELECT * FROM journey_row WHERE journey = $1", &[Bytes(journey.as_bytes())]).await
}

pub(crate) async fn rows<C: Conn>(conn: &mut C, filter: &RowFilter) -> Result<Vec<JourneyRow>, sqlx::Error> {
    let limit = if filter.limit == 0 { ROWS } else { filter.limit.min(ROWS_LIMIT) };
    let sql = "SELECT * FROM journey_row
         WHERE ($1 IS NULL OR branch = $1) AND ($2 IS NULL OR stage = $2) AND ($3 IS NULL OR updated_at_ms < $3)
         ORDER BY updated_at_ms DESC, journey LIMIT $4";
    let (branch, stage) = (filter.branch.as_deref(), filter.stage.as_deref());
    let values = [MaybeText(branch), MaybeText(stage), MaybeInt(filter.before_ms), Int(i64::from(limit))];
    conn.lines(sql, &values).await?.iter().map(journey_row).collect()
}

/// A language as its column holds it.
pub(crate) const fn lang_key(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    }
}

pub(crate) async fn put_code<C: Conn>(conn: &mut C, code: &CodeRow) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO short_code (code, journey, paper, lang, sha256, media, bytes, terms, issued_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let journey = code.journey.uuid();
    let values = [
        Text(&code.code),
        Bytes(journey.as_bytes()),
        Text(code.paper.key()),
        Text(lang_key(code.lang)),
        Bytes(blob(&code.document.sha256)),
        Text(&code.document.media),
        Int(signed(code.document.bytes)),
        Bytes(blob(&code.terms)),
        Int(code.issued_at_ms),
    ];
    conn.run(sql, &values).await.map(|_| ())
}

pub(crate) async fn code<C: Conn>(conn: &mut C, code: &str) -> Result<Option<CodeRow>, sqlx::Error> {
    let found = conn.line("SELECT * FROM short_code WHERE code = $1", &[Text(code)]).await?;
    let Some(row) = found else { return Ok(None) };
    let lang = match row.text("lang")? {
        "zh" => Lang::Zh,
        "en" => Lang::En,
        _ => return Err(meaningless("lang")),
    };
    Ok(Some(CodeRow {
        code: owned(&row, "code")?,
        journey: JourneyId::new(uuid(&row, "journey")?),
        paper: PaperKind::from_key(row.text("paper")?).ok_or_else(|| meaningless("paper"))?,
        lang,
        document: AttachmentRef {
            sha256: digest(&row, "sha256")?,
            media: owned(&row, "media")?,
            bytes: unsigned(&row, "bytes")?,
        },
        terms: digest(&row, "terms")?,
        issued_at_ms: row.int("issued_at_ms")?,
    }))
}
