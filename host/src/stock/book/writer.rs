//! The one task that writes levels.
//!
//! What callers bring while it commits, it writes with the next commit: a disk that syncs a thousand times a second
//! takes ten thousand single pushes. A failed commit is tried again one caller at a time, so that nobody pays for what
//! another brought.

use std::sync::Arc;

use bestand_plugin_api::{Absent, Sku, StockLevel, Timestamp};
use sea_orm::DbErr;
use tokio::sync::{mpsc, oneshot};

use super::batch::Batch;
use super::comparing;
use super::telling::{Telling, Told};
use super::{Changed, Outcome, Shared};
use crate::id::{AccountId, SourceId, SyncId};
use crate::stock::absence::absent_since;
use crate::stock::index::Source;
use crate::stock::{Cause, Held};
use crate::store::history::NewChange;
use crate::store::{self, Error, Tx};

/// Levels in one commit, unless a single caller brings more: the size beyond which larger commits are no faster.
const LEVELS_PER_COMMIT: usize = 10_000;
/// Absent levels in one commit.
const ABSENT_PER_COMMIT: u32 = 10_000;

/// Something to write.
#[derive(Debug)]
pub(super) enum Job {
    Apply(Apply),
    Finish(Finish),
}

/// What one caller brings.
#[derive(Debug)]
pub(super) struct Apply {
    pub(super) account: AccountId,
    pub(super) cause: Cause,
    pub(super) sources: Vec<Arc<Source>>,
    /// Each with the position of its source.
    pub(super) levels: Vec<(usize, StockLevel)>,
    pub(super) reply: oneshot::Sender<Result<Vec<Outcome>, Error>>,
}

/// The end of a complete listing.
#[derive(Debug)]
pub(super) struct Finish {
    pub(super) source: Arc<Source>,
    pub(super) run: SyncId,
    pub(super) started_at: Timestamp,
    pub(super) absent: Absent,
    pub(super) reply: oneshot::Sender<Result<u64, Error>>,
}

/// Writes until nobody is left who could bring something.
pub(super) async fn run(shared: Arc<Shared>, mut jobs: mpsc::Receiver<Job>) {
    let mut next = None;
    loop {
        let job = match next.take() {
            Some(job) => job,
            None => match jobs.recv().await {
                Some(job) => job,
                None => return,
            },
        };
        match job {
            Job::Apply(first) => {
                let group;
                (group, next) = gather(first, &mut jobs);
                write_group(&shared, group).await;
            }
            Job::Finish(finish) => {
                let finished = write_absent(&shared, &finish).await;
                // Whoever asked may have given up waiting.
                let _ = finish.reply.send(finished);
            }
        }
    }
}

/// What waits already and fits into one commit with `first`, and the job after it.
fn gather(first: Apply, jobs: &mut mpsc::Receiver<Job>) -> (Vec<Apply>, Option<Job>) {
    let mut levels = first.levels.len();
    let mut group = vec![first];
    while levels < LEVELS_PER_COMMIT {
        match jobs.try_recv() {
            Ok(Job::Apply(apply)) if levels + apply.levels.len() <= LEVELS_PER_COMMIT => {
                levels += apply.levels.len();
                group.push(apply);
            }
            Ok(other) => return (group, Some(other)),
            Err(_) => break,
        }
    }
    (group, None)
}

async fn write_group(shared: &Shared, mut group: Vec<Apply>) {
    match write(shared, &group).await {
        Ok(outcomes) => {
            for (apply, outcomes) in group.into_iter().zip(outcomes) {
                let _ = apply.reply.send(Ok(outcomes));
            }
        }
        Err(error) if group.len() == 1 => {
            if let Some(apply) = group.pop() {
                let _ = apply.reply.send(Err(error));
            }
        }
        Err(_) => {
            for apply in group {
                let written = write(shared, std::slice::from_ref(&apply)).await;
                let outcomes = written.map(|mut each| each.pop().unwrap_or_default());
                let _ = apply.reply.send(outcomes);
            }
        }
    }
}

/// One commit: what is durable when this returns is readable as well. Answers what became of each caller's updates.
async fn write(shared: &Shared, group: &[Apply]) -> Result<Vec<Vec<Outcome>>, Error> {
    let now = shared.clock.now();
    let mut batch = Batch::of(group);
    let tx = shared.db.begin().await?;
    batch.read_stored(shared, &tx).await?;
    batch.decide(group, now);
    batch.write(&tx, now).await?;
    comparing::keep_differences(&batch, group, &tx, now).await?;
    let telling = batch.telling(shared).await?;
    let told = telling.append(&shared.event_log, &tx).await?;
    let writing = batch.announce(&shared.index);
    tx.commit().await?;
    batch.put(&writing);
    drop(writing);
    told.spread(shared);
    for (position, apply) in group.iter().enumerate() {
        if shared.changes.receiver_count() > 0 {
            shared.announce(apply.account, &apply.cause, now, batch.changed_by(position));
        }
    }
    Ok(batch.outcomes())
}

/// Makes absent what the listing did not name, some at a time; the listing counts as complete with the last.
async fn write_absent(shared: &Shared, finish: &Finish) -> Result<u64, Error> {
    let mut after = String::new();
    let mut absent = 0;
    loop {
        let made_absent = write_some_absent(shared, finish, &after).await?;
        absent += made_absent.len() as u64;
        match made_absent.into_iter().next_back() {
            Some(last) => after = last.into(),
            None => return Ok(absent),
        }
    }
}

async fn write_some_absent(
    shared: &Shared,
    finish: &Finish,
    after: &str,
) -> Result<Vec<Sku>, Error> {
    let Finish {
        source,
        run,
        started_at,
        ..
    } = finish;
    let (account, id) = (source.account_id, source.id);
    let absent = absent_since(*started_at, finish.absent);
    let now = shared.clock.now();
    let tx = shared.db.begin().await?;
    let gone = store::level::not_listed(
        &tx,
        account,
        id,
        *run,
        *started_at,
        after,
        ABSENT_PER_COMMIT,
    );
    let gone = gone.await?;
    if gone.is_empty() {
        store::source::keep_listed(&tx, account, id, *started_at).await?;
        store::source::keep_as_of(&tx, account, id, *started_at, 0).await?;
        let drift_is_high = comparing::end(shared, finish, &tx, now).await?;
        tx.commit().await?;
        source.keep_listed(*started_at);
        if let Some(run) = drift_is_high {
            shared.notices.add_drift(account, id, run);
            shared.event_log.wake_all();
        }
        return Ok(Vec::new());
    }
    let cause = Cause::listing(*run);
    let told = keep_absent(shared, &tx, source, &gone, &absent, &cause, now).await?;
    let keys = gone.iter().map(|(sku, _)| (&**source, sku.as_str()));
    let writing = shared.index.writing(keys);
    tx.commit().await?;
    for (sku, _) in &gone {
        writing.put(source, sku, absent);
    }
    drop(writing);
    told.spread(shared);
    let gone: Vec<Sku> = gone.into_iter().map(|(sku, _)| sku).collect();
    let levels = gone.iter().map(|sku| (id, sku.clone())).collect();
    shared.announce(account, &cause, now, levels);
    Ok(gone)
}

async fn keep_absent(
    shared: &Shared,
    tx: &Tx,
    source: &Source,
    gone: &[(Sku, Held)],
    absent: &Held,
    cause: &Cause,
    now: Timestamp,
) -> Result<Told, Error> {
    let skus: Vec<&str> = gone.iter().map(|(sku, _)| sku.as_str()).collect();
    store::level::put_absent(tx, source.account_id, source.id, &skus, absent).await?;
    let changes = gone.iter().map(|(sku, before)| NewChange {
        account_id: source.account_id,
        source_id: source.id,
        sku,
        cause,
        before: *before,
        after: *absent,
    });
    let changes: Vec<_> = changes.collect();
    store::history::insert(tx, &changes, now).await?;
    comparing::keep_absent(source, gone, absent, cause, tx, now).await?;
    let mut telling = Telling::of(shared, std::iter::once(source.account_id)).await?;
    for (sku, before) in gone {
        let place = (source.account_id, source.id);
        telling.add(place, cause, sku, Some(*before), *absent);
    }
    telling.append(&shared.event_log, tx).await
}

/// The writer is gone, which happens only while the daemon ends.
pub(super) fn ended() -> Error {
    Error::Unavailable(DbErr::Custom("the stock book is closed".into()))
}

// === impl Shared ===

impl Shared {
    fn announce(
        &self,
        account: AccountId,
        cause: &Cause,
        changed_at: Timestamp,
        levels: Vec<(SourceId, Sku)>,
    ) {
        if levels.is_empty() {
            return;
        }
        let changed = Changed {
            account_id: account,
            cause: cause.clone(),
            changed_at,
            levels,
        };
        // Nobody may be listening.
        let _ = self.changes.send(Arc::new(changed));
    }
}
