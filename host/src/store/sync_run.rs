//! Sync runs in the database: how far each got, so that a restart goes on where it was.

use std::str::FromStr;

use bestand_plugin_api::{Checkpoint, Cursor, Timestamp};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{Db, Error, sql};
use crate::id::{AccountId, ConnectionId, SyncId};

/// One run that brings a connection's levels in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRun {
    /// Its id; levels carry the id of the listing that named them last.
    pub id: SyncId,
    /// Whose it is.
    pub account_id: AccountId,
    /// The connection it works on.
    pub connection_id: ConnectionId,
    /// What it brings.
    pub kind: SyncKind,
    /// Whether it is still at it.
    pub state: RunState,
    /// Where it goes on.
    pub cursor: Option<Cursor>,
    /// Up to where changes are known once its levels are stored.
    pub checkpoint: Option<Checkpoint>,
    /// Pages stored so far.
    pub pages: i64,
    /// Levels stored so far.
    pub levels: i64,
    /// Why it failed.
    pub error: Option<String>,
    /// When it began; what it does not name is judged as of then.
    pub started_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// What a run brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncKind {
    /// All levels.
    Listing,
    /// What changed since a checkpoint.
    Changes,
}

/// Whether a run is still at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// It is, or was when the daemon ended.
    Running,
    /// It brought everything.
    Done,
    /// It gave up.
    Failed,
}

/// How far a run has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Where it goes on.
    pub cursor: Option<Cursor>,
    /// Up to where changes are known.
    pub checkpoint: Option<Checkpoint>,
    /// Pages stored so far.
    pub pages: i64,
    /// Levels stored so far.
    pub levels: i64,
}

#[derive(FromQueryResult)]
struct Row {
    account_id: Uuid,
    connection_id: Uuid,
    id: Uuid,
    kind: String,
    state: String,
    cursor: Option<String>,
    checkpoint: Option<String>,
    pages: i64,
    levels: i64,
    error: Option<String>,
    started_at: i64,
    updated_at: i64,
    finished_at: Option<i64>,
}

const SELECT: &str = "select account_id, connection_id, id, kind, state, cursor, checkpoint, pages, levels, error, \
    started_at, updated_at, finished_at from sync_runs where account_id = $1 and connection_id = $2";

/// Whether a run's checkpoint says up to where changes are known: that of a listing does only once it is complete.
const COUNTS: &str = "(kind = 'changes' or state = 'done')";

/// When a run's checkpoint was taken, or later: that of a listing before its first page.
const TAKEN_AT: &str = "(case kind when 'listing' then started_at else updated_at end)";

/// Begins a run.
///
/// # Errors
/// `NotFound` when there is no such connection.
pub async fn start(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
    kind: SyncKind,
    now: Timestamp,
) -> Result<SyncRun, Error> {
    let insert = "insert into sync_runs \
        (account_id, connection_id, id, kind, state, pages, levels, started_at, updated_at) \
        values ($1, $2, $3, $4, 'running', 0, 0, $5, $5)";
    let run = SyncRun::new(account, connection, kind, now);
    let values = [
        account.0.into(),
        connection.0.into(),
        run.id.0.into(),
        kind.as_str().into(),
        now.millis().into(),
    ];
    let started = sql::execute(db.writer(), insert, values).await;
    started.map_err(|error| error.when_dangling("connection", connection))?;
    Ok(run)
}

/// Keeps how far the run has come. To be called after its levels are stored, never before.
///
/// # Errors
/// `NotFound` when the run is gone or was ended by somebody else.
pub async fn keep_progress(
    db: &Db,
    run: &SyncRun,
    progress: &Progress,
    now: Timestamp,
) -> Result<(), Error> {
    let update = "update sync_runs set cursor = $4, checkpoint = $5, pages = $6, levels = $7, updated_at = $8 \
        where account_id = $1 and connection_id = $2 and id = $3 and state = 'running'";
    let text = |cursor: &Cursor| cursor.0.clone();
    let values = [
        run.account_id.0.into(),
        run.connection_id.0.into(),
        run.id.0.into(),
        progress.cursor.as_ref().map(text).into(),
        progress
            .checkpoint
            .as_ref()
            .map(|point| point.0.clone())
            .into(),
        progress.pages.into(),
        progress.levels.into(),
        now.millis().into(),
    ];
    match sql::execute(db.writer(), update, values).await? {
        0 => Err(Error::not_found("running sync", run.id)),
        _ => Ok(()),
    }
}

/// Ends the run: done, or failed with why.
///
/// # Errors
/// `NotFound` when the run is gone or was ended by somebody else.
pub async fn finish(
    db: &Db,
    run: &SyncRun,
    outcome: Result<(), String>,
    now: Timestamp,
) -> Result<(), Error> {
    let update = "update sync_runs set state = $4, error = $5, updated_at = $6, finished_at = $6 \
        where account_id = $1 and connection_id = $2 and id = $3 and state = 'running'";
    let (state, error) = match outcome {
        Ok(()) => (RunState::Done, None),
        Err(why) => (RunState::Failed, Some(why)),
    };
    let values = [
        run.account_id.0.into(),
        run.connection_id.0.into(),
        run.id.0.into(),
        state.as_str().into(),
        error.into(),
        now.millis().into(),
    ];
    match sql::execute(db.writer(), update, values).await? {
        0 => Err(Error::not_found("running sync", run.id)),
        _ => Ok(()),
    }
}

/// The newest run of this kind that has not ended: what a restart goes on with.
///
/// # Errors
/// When the database is out of reach.
pub async fn find_running(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
    kind: SyncKind,
) -> Result<Option<SyncRun>, Error> {
    let select = format!("{SELECT} and kind = $3 and state = 'running' order by id desc limit 1");
    let values = [account.0.into(), connection.0.into(), kind.as_str().into()];
    let row: Option<Row> = sql::find(db.read(), &select, values).await?;
    row.map(SyncRun::try_from).transpose()
}

/// The newest run that brought everything it was to bring.
///
/// # Errors
/// When the database is out of reach.
pub async fn newest_done(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
) -> Result<Option<SyncRun>, Error> {
    let select = format!("{SELECT} and state = 'done' order by id desc limit 1");
    let values = [account.0.into(), connection.0.into()];
    let row: Option<Row> = sql::find(db.read(), &select, values).await?;
    row.map(SyncRun::try_from).transpose()
}

/// Up to where the connection's changes are known. The checkpoint of a listing counts only once the listing is
/// complete: before, nothing is known of what it has not named yet.
///
/// # Errors
/// When the database is out of reach.
pub async fn newest_checkpoint(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
) -> Result<Option<Checkpoint>, Error> {
    let select =
        format!("{SELECT} and checkpoint is not null and {COUNTS} order by id desc limit 1");
    let values = [account.0.into(), connection.0.into()];
    let row: Option<Row> = sql::find(db.read(), &select, values).await?;
    Ok(row.and_then(|row| row.checkpoint).map(Checkpoint))
}

/// The newest checkpoint that was taken at that time or before: what changed since is told from it on.
///
/// # Errors
/// When the database is out of reach.
pub async fn checkpoint_before(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
    at: Timestamp,
) -> Result<Option<Checkpoint>, Error> {
    let select = format!(
        "{SELECT} and checkpoint is not null and {COUNTS} and {TAKEN_AT} <= $3 order by id desc limit 1"
    );
    let values = [account.0.into(), connection.0.into(), at.millis().into()];
    let row: Option<Row> = sql::find(db.read(), &select, values).await?;
    Ok(row.and_then(|row| row.checkpoint).map(Checkpoint))
}

/// When the oldest checkpoint was taken that is kept.
///
/// # Errors
/// When the database is out of reach.
pub async fn oldest_checkpoint_at(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
) -> Result<Option<Timestamp>, Error> {
    let select =
        format!("{SELECT} and checkpoint is not null and {COUNTS} order by {TAKEN_AT} limit 1");
    let values = [account.0.into(), connection.0.into()];
    let row: Option<Row> = sql::find(db.read(), &select, values).await?;
    let run = row.map(SyncRun::try_from).transpose()?;
    Ok(run.map(|run| match run.kind {
        SyncKind::Listing => run.started_at,
        SyncKind::Changes => run.updated_at,
    }))
}

/// The connection's runs, newest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(
    db: &Db,
    account: AccountId,
    connection: ConnectionId,
    limit: u32,
) -> Result<Vec<SyncRun>, Error> {
    let select = format!("{SELECT} order by id desc limit $3");
    let values = [
        account.0.into(),
        connection.0.into(),
        i64::from(limit).into(),
    ];
    let rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    rows.into_iter().map(SyncRun::try_from).collect()
}

/// Removes runs that ended before `before`, but keeps the one that holds each connection's newest checkpoint.
///
/// # Errors
/// When the database is out of reach.
pub async fn forget(db: &Db, before: Timestamp) -> Result<u64, Error> {
    let delete = format!(
        "delete from sync_runs where finished_at < $1 and (checkpoint is null or not {COUNTS} or exists \
        (select 1 from (select * from sync_runs where checkpoint is not null and {COUNTS}) newer \
        where newer.account_id = sync_runs.account_id \
        and newer.connection_id = sync_runs.connection_id and newer.id > sync_runs.id))"
    );
    sql::execute(db.writer(), &delete, [before.millis().into()]).await
}

// === impl SyncRun ===

impl SyncRun {
    fn new(account: AccountId, connection: ConnectionId, kind: SyncKind, now: Timestamp) -> Self {
        Self {
            id: SyncId::new(),
            account_id: account,
            connection_id: connection,
            kind,
            state: RunState::Running,
            cursor: None,
            checkpoint: None,
            pages: 0,
            levels: 0,
            error: None,
            started_at: now,
            updated_at: now,
            finished_at: None,
        }
    }
}

impl TryFrom<Row> for SyncRun {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: SyncId(row.id),
            account_id: AccountId(row.account_id),
            connection_id: ConnectionId(row.connection_id),
            kind: Error::read("sync run", &row.kind)?,
            state: Error::read("sync run", &row.state)?,
            cursor: row.cursor.map(Cursor),
            checkpoint: row.checkpoint.map(Checkpoint),
            pages: row.pages,
            levels: row.levels,
            error: row.error,
            started_at: Timestamp::from_millis(row.started_at),
            updated_at: Timestamp::from_millis(row.updated_at),
            finished_at: row.finished_at.map(Timestamp::from_millis),
        })
    }
}

// === impl SyncKind, RunState ===

impl SyncKind {
    /// As it is stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Listing => "listing",
            Self::Changes => "changes",
        }
    }
}

impl FromStr for SyncKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "listing" => Ok(Self::Listing),
            "changes" => Ok(Self::Changes),
            other => Err(format!("`{other}` is no kind of sync")),
        }
    }
}

impl RunState {
    /// As it is stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for RunState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "running" => Ok(Self::Running),
            "done" => Ok(Self::Done),
            "failed" => Ok(Self::Failed),
            other => Err(format!("`{other}` is no state of a sync")),
        }
    }
}

#[cfg(test)]
mod tests;
