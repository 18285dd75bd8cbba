//! This node's writer of the log. A group is formed, and what it needs to know is read, before the tree's row is locked; under the lock
//! stand only two ways to the server: one writes what the group makes, one commits it. What was read may be old by then. The keys of the
//! tables say so, and then the group is read and written once more under the lock. A commit whose answer is lost is looked up, not
//! repeated blindly.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use mingbai_desk::ports::{Append, Appended, LogError, TreeHead};
use mingbai_evidence::{StreamHead, StreamId};
use sqlx::{Connection as _, PgConnection};

use super::dial::{Dial, DialError};
use super::insert::insert;
use crate::common::cells::{Line as _, digest, meaningless, owned, unsigned, uuid};
use crate::common::group::plan::{Known, Plan};
use crate::common::group::{self, GroupError, Tree, Writes, failed};
use crate::common::heads::Heads;
use crate::common::nodes::tree_head;
use crate::common::{Conn, begin};
use crate::error::{is_constraint, is_gone, is_lost_race, log_error};

/// Pauses before each try: enough for a server that is started again, and short at first, for lost races.
const PAUSES_MS: [u64; 9] = [0, 5, 20, 80, 300, 600, 1_000, 2_000, 4_000];
/// The longest that one try may take. A server that does not answer by then is treated as one that is gone.
const TRY: Duration = Duration::from_secs(60);

/// The writer, with its own connection and the tree as it was after its last group.
pub(crate) struct Writer {
    dial: Dial,
    conn: Option<PgConnection>,
    tree: Tree,
    /// What this node wrote itself; other nodes may have gone on since.
    heads: Heads,
}

/// Why a try failed.
enum Trouble {
    /// Nothing was committed, and the next try may succeed.
    Again(LogError),
    /// The connection went while the commit was under way; it may have happened.
    Unknown(LogError),
    /// The group cannot be written as it is.
    Final(GroupError),
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        if is_gone(&error) || is_lost_race(&error) {
            Trouble::Again(log_error(&error))
        } else {
            Trouble::Final(failed(&error))
        }
    }
}

impl Writer {
    pub(crate) fn new(dial: Dial, conn: PgConnection) -> Self {
        Writer { dial, conn: Some(conn), tree: Tree::new(), heads: Heads::default() }
    }

    /// The connection is put back only after a try that ended well; any other may be in the middle of something.
    async fn attempt(
        &mut self,
        appends: &[Append],
        doubt: &mut bool,
    ) -> Result<Vec<Result<Appended, LogError>>, Trouble> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.dial.connect().await.map_err(|error| match error {
                // Nothing was sent, but a try before this one may have been committed.
                DialError::Engine(error) => Trouble::Again(log_error(&error)),
                DialError::Unsafe(error) => Trouble::Final(GroupError::All(LogError::Io(error.to_string()))),
            })?,
        };
        let answers = self.write_on(&mut conn, appends, doubt).await?;
        self.conn = Some(conn);
        Ok(answers)
    }

    /// One try on a connection: with what is known already, and if that is not true any more, with what is read under the lock.
    async fn write_on(
        &mut self,
        conn: &mut PgConnection,
        appends: &[Append],
        doubt: &mut bool,
    ) -> Result<Vec<Result<Appended, LogError>>, Trouble> {
        if !*doubt {
            let guess = known(conn, appends, Some(&self.heads), false).await?;
            let outcome = write(conn, &mut self.tree, &mut self.heads, appends, Read::Before(guess)).await?;
            if let Some(answers) = outcome {
                return Ok(answers);
            }
            self.heads.clear();
        }
        let outcome = write(conn, &mut self.tree, &mut self.heads, appends, Read::Locked { doubt }).await?;
        outcome.ok_or_else(|| Trouble::Again(LogError::Io("another node was faster".to_owned())))
    }
}

impl Writes for Writer {
    async fn write(&mut self, appends: &[Append]) -> Result<Vec<Result<Appended, LogError>>, GroupError> {
        let mut doubt = false;
        let mut last = LogError::Closed;
        for pause in PAUSES_MS {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            let slow = || Err(Trouble::Unknown(LogError::Io("no answer in time".to_owned())));
            let outcome = tokio::time::timeout(TRY, self.attempt(appends, &mut doubt)).await;
            match outcome.unwrap_or_else(|_| slow()) {
                Ok(answers) => return Ok(answers),
                Err(Trouble::Again(error)) => last = error,
                Err(Trouble::Unknown(error)) => (last, doubt) = (error, true),
                // What stands in doubt may not be called refused.
                Err(Trouble::Final(GroupError::One(error) | GroupError::All(error))) if doubt => {
                    last = error;
                    break;
                }
                Err(Trouble::Final(error)) => return Err(error),
            }
        }
        Err(GroupError::All(if doubt { unknown(&last) } else { last }))
    }
}

fn unknown(error: &LogError) -> LogError {
    LogError::Io(format!(
        "{error}; whether the records were written is not known, so repeat only under the same idempotency key"
    ))
}

/// When a group's knowledge is read.
enum Read<'d> {
    /// It was, before the lock.
    Before(Known),
    /// Under the lock. `doubt`: an earlier try may have been committed, so the group looks for its own records first. When there are none
    /// under the lock, there never will be: whoever was about to write them would hold the lock.
    Locked { doubt: &'d mut bool },
}

/// One transaction. `None`: what was read before the lock is not true any more, and nothing was written.
async fn write(
    conn: &mut PgConnection,
    tree: &mut Tree,
    heads: &mut Heads,
    appends: &[Append],
    read: Read<'_>,
) -> Result<Option<Vec<Result<Appended, LogError>>>, Trouble> {
    let mut tx = conn.begin_with(begin(PgConnection::WRITE)).await?;
    let committed = lock(&mut tx, tree).await?;
    let guessed = matches!(read, Read::Before(_));
    let known = match read {
        Read::Before(guess) => guess,
        Read::Locked { doubt } => {
            let known = known(&mut tx, appends, None, *doubt).await?;
            *doubt = *doubt && !known.own.is_empty();
            known
        }
    };
    let mut plan = Plan::of(appends, known, tree);
    if !plan.appends.is_empty() {
        match insert(&mut tx, &plan).await {
            Err(error) if guessed && is_constraint(&error) => {
                tx.rollback().await?;
                return Ok(None);
            }
            outcome => outcome?,
        }
    }
    // What was written earlier is proven from nodes that only the database has; after the commit it is too late to fail.
    for placed in plan.placed.iter().flatten().filter(|placed| placed.first < committed.size) {
        group::gather(&mut *tx, placed, plan.head, &mut plan.nodes).await.map_err(unread)?;
    }
    if plan.appends.is_empty() {
        tx.rollback().await?;
    } else {
        tx.commit().await.map_err(|error| match is_gone(&error) {
            true => Trouble::Unknown(log_error(&error)),
            false => error.into(),
        })?;
        heads.learn(&plan);
        *tree = Tree::after(plan.frontier, &plan.nodes);
    }
    let answer =
        |placed: Result<_, _>| placed.and_then(|one| group::acknowledge(one, plan.head, &plan.nodes));
    Ok(Some(plan.placed.into_iter().map(answer).collect()))
}

/// Waits for the tree's row, and makes memory what is committed.
async fn lock(tx: &mut PgConnection, tree: &mut Tree) -> Result<TreeHead, Trouble> {
    let locked = tx.line("SELECT size, root, edge FROM tree WHERE \"only\" = 1 FOR UPDATE", &[]).await?;
    let none = || Trouble::Final(GroupError::All(LogError::Damaged("the tree has no row".to_owned())));
    let locked = locked.ok_or_else(none)?;
    let committed = tree_head(&locked)?;
    tree.catch_up(tx, committed, locked.maybe_bytes("edge")?).await.map_err(unread)?;
    Ok(committed)
}

/// Nothing was committed yet, so a failure of the line is a reason to try again; damage is not.
fn unread(error: LogError) -> Trouble {
    match error {
        LogError::Io(_) => Trouble::Again(error),
        error => Trouble::Final(GroupError::All(error)),
    }
}

/// Reads what the plan needs to know, in as few statements as possible. With `remembered` it may be old.
async fn known(
    conn: &mut PgConnection,
    appends: &[Append],
    remembered: Option<&Heads>,
    doubt: bool,
) -> Result<Known, sqlx::Error> {
    let keys: Vec<&str> = appends.iter().filter_map(|append| append.idempotency.as_deref()).collect();
    let (mut known, mut streams) = (Known::default(), BTreeSet::new());
    for append in appends {
        match remembered.and_then(|heads| heads.get(&append.stream)) {
            // Only a head that the caller names herself may be taken from memory. If it is old, a record after it is there and the
            // table's key refuses the new one. Another head must be read before the caller is told that she is wrong.
            head @ Some(_) if head == append.expected || known.heads.contains_key(&append.stream) => {
                known.heads.extend(head.map(|head| (append.stream.clone(), head)));
            }
            _ => drop(streams.insert(append.stream.as_str())),
        }
    }
    if !streams.is_empty() {
        known.heads.extend(heads(conn, streams.into_iter().collect()).await?);
    }
    if !keys.is_empty() {
        let query =
            sqlx::query("SELECT key, stream, first_index, count FROM idempotency WHERE key = ANY($1)");
        for row in &query.bind(keys).fetch_all(&mut *conn).await? {
            known.keys.insert(owned(row, "key")?, group::before(row)?);
        }
    }
    if doubt {
        let records = appends.iter().flat_map(|append| &append.records);
        let ids: Vec<[u8; 16]> = records.map(|record| record.id().into_bytes()).collect();
        let query = sqlx::query("SELECT id, idx, leaf FROM record WHERE id = ANY($1)");
        for row in &query.bind(ids).fetch_all(&mut *conn).await? {
            known.own.insert(uuid(row, "id")?, (unsigned(row, "idx")?, digest(row, "leaf")?));
        }
    }
    Ok(known)
}

/// Where the streams of a group stand: one step into the index for each.
async fn heads(
    conn: &mut PgConnection,
    streams: Vec<&str>,
) -> Result<HashMap<StreamId, StreamHead>, sqlx::Error> {
    let query = sqlx::query(
        "SELECT wanted.stream, head.seq, head.leaf FROM UNNEST($1::TEXT[]) AS wanted (stream)
         CROSS JOIN LATERAL (SELECT seq, leaf FROM record WHERE record.stream = wanted.stream COLLATE \"C\"
                             ORDER BY seq DESC LIMIT 1) AS head",
    );
    let rows = query.bind(streams).fetch_all(conn).await?;
    let head = |row| {
        let stream = StreamId::new(sqlx::Row::try_get(row, "stream")?).map_err(|_| meaningless("stream"))?;
        Ok((stream, StreamHead { seq: unsigned(row, "seq")?, leaf: digest(row, "leaf")? }))
    };
    rows.iter().map(head).collect()
}
