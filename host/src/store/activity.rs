//! What happened, in the database: written many at a time, listed newest first, forgotten in time.

use bestand_plugin_api::Timestamp;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{Db, Error, sql};
use crate::activity::{Actor, Event, EventId, EventKind, Noted, Subject, SubjectKind};
use crate::id::AccountId;

/// Rows forgotten per transaction, so that others get their turn in between.
const FORGOTTEN_AT_ONCE: i64 = 10_000;
const COLUMNS: usize = 10;

/// Which events to list; what is left open lists all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of these kinds; of all when it is empty.
    pub kinds: Vec<EventKind>,
    /// Those that happened to this.
    pub subject: Option<About>,
    /// Those that happened then or later.
    pub since: Option<Timestamp>,
}

/// What events are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// This sort of thing.
    pub kind: SubjectKind,
    /// And of it only this one.
    pub id: Option<String>,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The events, newest first.
    pub events: Vec<Noted>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<EventId>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    at: i64,
    kind: String,
    actor_kind: String,
    actor: Option<String>,
    subject_kind: String,
    subject_id: Option<String>,
    subject: String,
    details: String,
}

/// Writes these events in one statement.
///
/// # Errors
/// When the database is out of reach; then none is written.
pub(crate) async fn insert(db: &Db, events: &[Noted]) -> Result<(), Error> {
    let row = |row: usize| format!("({})", sql::placeholders(1 + row * COLUMNS, COLUMNS));
    let insert = format!(
        "insert into activity \
         (account_id, id, at, kind, actor_kind, actor, subject_kind, subject_id, subject, details) values {}",
        (0..events.len()).map(row).collect::<Vec<_>>().join(", ")
    );
    let values = events.iter().flat_map(values);
    sql::execute(db.writer(), &insert, values).await?;
    Ok(())
}

/// Events of the account, newest first, after `after`, at most `limit`.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(
    db: &Db,
    account: AccountId,
    filter: &Filter,
    after: Option<EventId>,
    limit: u32,
) -> Result<Page, Error> {
    let (select, values) = select_page(account, filter, after, limit);
    let mut rows: Vec<Row> = sql::list(db.read(), &select, values).await?;
    // One more than asked for was selected: it tells whether there is a next page.
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| EventId(row.id));
    let events = rows.into_iter().map(|row| row.read(account));
    Ok(Page {
        events: events.collect::<Result<_, _>>()?,
        next,
    })
}

fn select_page(
    account: AccountId,
    filter: &Filter,
    after: Option<EventId>,
    limit: u32,
) -> (String, Vec<Value>) {
    let mut select =
        "select id, at, kind, actor_kind, actor, subject_kind, subject_id, subject, details \
        from activity where account_id = $1"
            .to_owned();
    let mut values: Vec<Value> = vec![account.0.into()];
    let mut placeholder = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    if !filter.kinds.is_empty() {
        let kinds = filter.kinds.iter().map(|kind| kind.as_str().into());
        let kinds: Vec<String> = kinds.map(&mut placeholder).collect();
        select += &format!(" and kind in ({})", kinds.join(", "));
    }
    if let Some(about) = &filter.subject {
        let kind = placeholder(about.kind.as_str().into());
        select += &format!(" and subject_kind = {kind}");
    }
    if let Some(id) = filter
        .subject
        .as_ref()
        .and_then(|about| about.id.as_deref())
    {
        select += &format!(" and subject_id = {}", placeholder(id.into()));
    }
    if let Some(since) = filter.since {
        select += &format!(" and at >= {}", placeholder(since.millis().into()));
    }
    if let Some(after) = after {
        select += &format!(" and id < {}", placeholder(after.0.into()));
    }
    let limit = placeholder((i64::from(limit) + 1).into());
    select += &format!(" order by id desc limit {limit}");
    (select, values)
}

/// Forgets events from before `before`, and answers how many.
///
/// # Errors
/// When the database is out of reach.
pub async fn forget(db: &Db, before: Timestamp) -> Result<u64, Error> {
    let delete = "delete from activity where (account_id, id) in \
        (select account_id, id from activity where at < $1 limit $2)";
    let values: [Value; 2] = [before.millis().into(), FORGOTTEN_AT_ONCE.into()];
    sql::execute_until_none(db.writer(), delete, values).await
}

/// Forgets all events of the account but the newest `kept`, and answers how many.
///
/// # Errors
/// When the database is out of reach.
pub async fn forget_beyond(db: &Db, account: AccountId, kept: u64) -> Result<u64, Error> {
    let delete = "delete from activity where account_id = $1 and id in \
        (select id from activity where account_id = $1 order by id desc limit $2 offset $3)";
    let values: [Value; 3] = [
        account.0.into(),
        FORGOTTEN_AT_ONCE.into(),
        i64::try_from(kept).unwrap_or(i64::MAX).into(),
    ];
    sql::execute_until_none(db.writer(), delete, values).await
}

fn values(noted: &Noted) -> [Value; COLUMNS] {
    let Event {
        account_id,
        kind,
        actor,
        subject,
        details,
    } = &noted.event;
    let details = serde_json::to_string(details).unwrap_or_else(|_| "{}".into());
    [
        account_id.0.into(),
        noted.id.0.into(),
        noted.at.millis().into(),
        kind.as_str().into(),
        actor.kind.as_str().into(),
        actor.name.as_deref().into(),
        subject.kind.as_str().into(),
        subject.id.as_deref().into(),
        subject.name.as_str().into(),
        details.into(),
    ]
}

// === impl Row ===

impl Row {
    fn read(self, account_id: AccountId) -> Result<Noted, Error> {
        let details = serde_json::from_str(&self.details);
        Ok(Noted {
            id: EventId(self.id),
            at: Timestamp::from_millis(self.at),
            event: Event {
                account_id,
                kind: Error::read("event", &self.kind)?,
                actor: Actor {
                    kind: Error::read("event", &self.actor_kind)?,
                    name: self.actor,
                },
                subject: Subject {
                    kind: Error::read("event", &self.subject_kind)?,
                    id: self.subject_id,
                    name: self.subject,
                },
                details: details.map_err(|error| Error::corrupt("event", error))?,
            },
        })
    }
}
