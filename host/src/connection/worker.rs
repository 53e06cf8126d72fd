//! The life of one connection: open, check, then one thing after another as the plan says, until it is stopped.

use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::call::adapter::{Check, PushRhythm};
use bestand_plugin_api::{
    Account, AdapterError, LocationId, Retry, Sku, SkuErrorKind, Support, Timestamp,
};
use tokio::sync::{mpsc, oneshot, watch};

use super::connections::{Connections, Lasting, SessionSlot, Surroundings};
use super::failure::Failure;
use super::hints::Followed;
use super::inbound::Later;
use super::news::News;
use super::outage::Outage;
use super::reason::Reason;
use super::record::Connection;
use super::state::{ConnectionState, Moment, Status};
use crate::plugin::{Priority, Session};
use crate::stock::{Cause, CauseKind};
use crate::store::inbound::owed::{self, Extent, Owed};
use crate::store::sync_run::SyncKind;
use crate::store::{self, sync_run};
use crate::sync::changes::{Told, tells_changes};
use crate::sync::listing::Listed;
use crate::sync::places::Places;
use crate::sync::plan::{Done, Rhythm, Step, next_step};
use crate::sync::{SyncError, Work, backoff};

/// Pause before what is due again at once.
const DUE_AGAIN: Duration = Duration::from_millis(50);

/// Shortest silence that counts: less would be noise.
const SILENCE_MIN: Duration = Duration::from_secs(1);

/// Where to answer whether credentials and settings work.
pub(super) type CheckAnswer = oneshot::Sender<Result<Account, Reason>>;

/// The task of one connection.
pub(super) struct Worker {
    record: Connection,
    connections: Connections,
    status: watch::Sender<Status>,
    slot: Arc<SessionSlot>,
    checks: mpsc::Receiver<CheckAnswer>,
    lasting: Lasting,
    /// After how long a silence a partner that pushes has to be looked after; none for one that is asked.
    silent_after: Option<Duration>,
    done: Done,
    failures: u32,
    /// Since when it fails, whatever it shows while it tries again.
    failing_since: Option<Timestamp>,
    /// What was taken on of what is owed to hints, and is not done yet.
    owed: Vec<Owed>,
    /// Whether the system itself said how long to wait.
    limited: bool,
    registered_at: Option<Timestamp>,
    news: News,
    outage: Outage,
}

// === impl Worker ===

impl Worker {
    pub(super) fn new(
        record: Connection,
        connections: Connections,
        status: watch::Sender<Status>,
        slot: Arc<SessionSlot>,
        checks: mpsc::Receiver<CheckAnswer>,
        lasting: Lasting,
    ) -> Self {
        let Surroundings {
            activity,
            event_log,
            db,
            clock,
            ..
        } = &connections.shared.surroundings;
        let news = News::new(activity.clone());
        let outage = Outage::new(db.clone(), clock.clone(), event_log.clone());
        Self {
            record,
            connections,
            status,
            slot,
            checks,
            lasting,
            silent_after: None,
            done: Done::default(),
            failures: 0,
            failing_since: None,
            owed: Vec::new(),
            limited: false,
            registered_at: None,
            news,
            outage,
        }
    }

    /// Runs until the task is aborted.
    pub(super) async fn run(mut self) {
        if self.record.paused {
            let state = ConnectionState::Paused;
            self.set_state(state.clone());
            self.outage.begins(&self.record, &state).await;
            self.tell_readers().await;
            return;
        }
        let later = Later::of(
            &self.connections,
            &self.record,
            &self.lasting,
            &self.slot,
            self.status.subscribe(),
        );
        tokio::join!(later.run(), self.live());
    }

    async fn live(mut self) {
        self.news.recall(&self.record).await;
        self.recall_owed().await;
        let mut was_in_trouble = None;
        loop {
            if let Err(error) = self.work().await {
                self.failed(error);
                let state = self.status.borrow().state.clone();
                self.outage.begins(&self.record, &state).await;
            }
            let is_in_trouble = Some(self.is_in_trouble());
            if was_in_trouble != is_in_trouble {
                self.tell_readers().await;
                was_in_trouble = is_in_trouble;
            }
            self.wait().await;
            self.take_all().await;
        }
    }

    fn is_in_trouble(&self) -> bool {
        self.status.borrow().state.trouble().is_some()
    }

    /// What is made of this connection's sources may be another sum without them, or with them again.
    async fn tell_readers(&self) {
        let (account, id) = (self.record.account_id, self.record.id);
        self.connections.tell_readers_of(account, id).await;
    }

    /// Opens the session and leaves it at that.
    pub(super) async fn open_only(mut self) {
        if self.record.paused {
            self.set_state(ConnectionState::Paused);
            return;
        }
        match self.session().await {
            Ok(_) => self.set_state(ConnectionState::Ready),
            Err(error) => self.failed(error),
        }
    }

    /// The one step that is due now, if any; what is asked meanwhile is heard before the next one.
    async fn work(&mut self) -> Result<(), Failure> {
        if let Step::Wait(_) = self.next_step()
            && self.done.not_before.is_some_and(|until| self.now() < until)
        {
            return Ok(());
        }
        let session = self.session().await?;
        match session.adapter().manifest().takes_pushes() {
            true => self.listen(&session).await?,
            false => self.ask(&session).await?,
        }
        self.failures = 0;
        self.news.works(&self.record, self.failing_since.take());
        self.outage.ends(&self.record).await;
        self.set_state(ConnectionState::Ready);
        Ok(())
    }

    /// Brings in what is due.
    async fn ask(&mut self, session: &Arc<Session>) -> Result<(), SyncError> {
        self.register(session).await;
        self.recall(session).await?;
        self.follow_hints(session).await;
        if let Some(step) = self.due() {
            self.set_state(ConnectionState::Syncing {
                since: Moment(self.now()),
                levels: 0,
            });
            self.sync(session, step).await?;
        }
        Ok(self.pay().await?)
    }

    /// What an earlier life heard and did not get to do.
    async fn recall_owed(&mut self) {
        let (db, account) = (&self.surroundings().db, self.record.account_id);
        match owed::list(db, account, self.record.id).await {
            Ok(owed) => owed.into_iter().for_each(|owed| self.take_on(owed)),
            Err(error) => {
                let connection = &self.record.name;
                tracing::warn!(connection, %error, "what is owed to hints cannot be read; a sync makes up for it");
                self.done.sync_wanted = true;
            }
        }
    }

    fn take_on(&mut self, owed: Owed) {
        self.done.listing_wanted |= owed.extent == Extent::Full;
        self.done.sync_wanted = true;
        self.owed.push(owed);
    }

    /// Notes what was taken on and is done.
    async fn pay(&mut self) -> Result<(), store::Error> {
        if self.done.sync_wanted || self.done.listing_wanted {
            return Ok(());
        }
        let (db, account) = (self.surroundings().db.clone(), self.record.account_id);
        while let Some(owed) = self.owed.last() {
            owed::pay(&db, account, self.record.id, *owed).await?;
            self.owed.pop();
        }
        Ok(())
    }

    /// Sees to it that the partner pushes as often as it should.
    async fn listen(&mut self, session: &Session) -> Result<(), Failure> {
        let rhythm = session.call::<PushRhythm>(Priority::Sync, &()).await?;
        let silent_after = Duration::from_millis(rhythm.silent_after_ms).max(SILENCE_MIN);
        self.silent_after = Some(silent_after);
        if self.lasting.heard.at().is_none() {
            let (db, account) = (&self.surroundings().db, self.record.account_id);
            let stored = store::connection::partner::pushed_at(db, account, self.record.id);
            self.lasting.heard.recall(stored.await?);
        }
        self.done.not_before = None;
        self.lasting.heard.check(self.now(), silent_after)
    }

    async fn sync(&mut self, session: &Arc<Session>, step: Step) -> Result<(), SyncError> {
        let turn = Arc::clone(&self.lasting.turn);
        let _turn = turn.lock().await;
        if step == Step::Listing {
            self.done.listing_open = true;
            let listed = self.listing(session).await?;
            self.done.listed_at = Some(self.now());
            self.done.listing_open = false;
            self.done.listing_wanted = listed == Listed::NotNewSources;
            self.done.has_checkpoint = tells_changes(session.adapter().manifest());
        } else if self.changes(session).await? == Told::TooOld {
            // Nothing was brought in, so this was no sync.
            self.done.listing_wanted = true;
            return Ok(());
        }
        self.synced();
        Ok(())
    }

    async fn listing(&self, session: &Arc<Session>) -> Result<Listed, SyncError> {
        let surroundings = self.surroundings();
        let places = Places::follow(session, &surroundings.db, &surroundings.clock).await?;
        self.with_work(session, places, async |work| work.list().await)
            .await
    }

    async fn changes(&self, session: &Arc<Session>) -> Result<Told, SyncError> {
        let places = self.places().await?;
        self.with_work(session, places, async |work| work.changes().await)
            .await
    }

    /// Reads what hints named. What could not be read now is brought in by a sync, which fails if the connection does.
    async fn follow_hints(&mut self, session: &Arc<Session>) {
        let can_ask = session.adapter().manifest().by_sku_batch().is_some();
        let (hints, owed) = self.lasting.wanted.take_hints();
        self.owed.extend(owed);
        match hints.followed(can_ask) {
            None => {}
            Some(Followed::BySync) => self.done.sync_wanted = true,
            Some(Followed::BySku(skus, locations)) => {
                if let Err(error) = self.read(session, &skus, &locations).await {
                    let connection = &self.record.name;
                    tracing::warn!(connection, %error, "what a hint named could not be read; a sync follows");
                    self.done.sync_wanted = true;
                }
            }
        }
    }

    async fn read(
        &self,
        session: &Arc<Session>,
        skus: &[Sku],
        locations: &[LocationId],
    ) -> Result<(), SyncError> {
        let places = self.places().await?;
        let cause = Cause::of(CauseKind::Hint);
        let ask = async |work: Work<'_>| work.by_sku(&cause, Priority::Sync, skus, locations).await;
        let errors = self.with_work(session, places, ask).await?;
        match errors
            .into_iter()
            .find(|error| error.kind == SkuErrorKind::Failed)
        {
            Some(failed) => Err(AdapterError::transient(failed.message).into()),
            None => Ok(()),
        }
    }

    async fn with_work<T>(
        &self,
        session: &Arc<Session>,
        places: Places,
        run: impl AsyncFnOnce(Work<'_>) -> Result<T, SyncError>,
    ) -> Result<T, SyncError> {
        let Surroundings {
            db, book, clock, ..
        } = self.surroundings();
        let since = Moment(self.now());
        let progress = |levels| {
            self.status.send_modify(|status| {
                if let ConnectionState::Syncing { .. } = status.state {
                    status.state = ConnectionState::Syncing { since, levels };
                }
            });
        };
        run(Work {
            db,
            book,
            clock,
            session: Arc::clone(session),
            places,
            progress: &progress,
        })
        .await
    }

    async fn places(&self) -> Result<Places, store::Error> {
        let (account, id) = (self.record.account_id, self.record.id);
        Ok(Places::new(
            store::source::list_of_connection(&self.surroundings().db, account, id).await?,
        ))
    }

    /// The open session; opened and checked first, when there is none.
    async fn session(&mut self) -> Result<Arc<Session>, Failure> {
        if let Some(session) = self.slot.get() {
            if self.failures > 0 {
                check(&session, &self.status).await?;
            }
            return Ok(session);
        }
        if self.failures == 0 {
            self.set_state(ConnectionState::Connecting);
        }
        let session = Arc::new(self.open().await?);
        check(&session, &self.status).await?;
        self.slot.set(Some(Arc::clone(&session)));
        Ok(session)
    }

    async fn open(&self) -> Result<Session, Failure> {
        let directory = self.connections.directory();
        let Some(adapter) = directory.adapter(&self.record.adapter) else {
            return Err(Failure::NoAdapter(
                directory.why_missing(&self.record.adapter),
            ));
        };
        self.connections
            .open_session(&self.record, adapter, &self.lasting.buckets)
            .await
    }

    /// What an earlier life of this connection left behind.
    async fn recall(&mut self, session: &Session) -> Result<(), store::Error> {
        if self.done.listed_at.is_some() || self.done.listing_open {
            return Ok(());
        }
        let (db, account, id) = (
            self.surroundings().db.clone(),
            self.record.account_id,
            self.record.id,
        );
        let last_sync_at = sync_run::newest_done(&db, account, id)
            .await?
            .and_then(|run| run.finished_at);
        self.done.synced_at = last_sync_at;
        self.status
            .send_modify(|status| status.last_sync_at = last_sync_at.map(Moment));
        self.done.listing_open = sync_run::find_running(&db, account, id, SyncKind::Listing)
            .await?
            .is_some();
        self.done.listed_at = self
            .places()
            .await?
            .sources()
            .iter()
            .filter_map(|source| source.listed_at)
            .max();
        self.done.has_checkpoint = tells_changes(session.adapter().manifest())
            && sync_run::newest_checkpoint(&db, account, id)
                .await?
                .is_some();
        Ok(())
    }

    /// Sees to it, every hour, that the system sends to our address. Failing costs only speed, so it is a warning.
    async fn register(&mut self, session: &Session) {
        let due = self
            .registered_at
            .is_none_or(|at| self.now() >= at.after(super::inbound::REGISTER_EVERY));
        let Some(public_url) = self.surroundings().public_url.clone().filter(|_| due) else {
            return;
        };
        self.registered_at = Some(self.now());
        if let Err(error) = super::inbound::register(session, &public_url).await {
            let connection = &self.record.name;
            tracing::warn!(connection, %error, "the system could not be told where to send changes");
        }
    }

    fn synced(&mut self) {
        if self.done.synced_at.is_none() {
            self.news
                .first_sync(&self.record, &self.status.borrow().state);
        }
        self.done.synced_at = Some(self.now());
        self.done.sync_wanted = false;
        self.done.not_before = None;
        let synced_at = Some(Moment(self.now()));
        self.status
            .send_modify(|status| status.last_sync_at = synced_at);
    }

    fn failed(&mut self, failure: Failure) {
        let (system, support) = self.system();
        let reason = failure.of(system);
        self.failures += 1;
        let now = self.now();
        let next_try_at = backoff::next_try(reason.retry(), self.failures, rand::random(), now);
        self.done.not_before = Some(next_try_at);
        self.limited = reason.is_limit();
        let since = *self.failing_since.get_or_insert(now);
        let is_new = self.failures == 1 || reason.retry() == Retry::Never;
        let state = ConnectionState::failed(reason.clone(), &support, since, next_try_at);
        if is_new {
            tracing::warn!(connection = %self.record.name, error = %reason, state = state.word(), "a connection fails");
        }
        let during = self.status.borrow().state.clone();
        self.news.fails(&self.record, &during, &state);
        self.set_state(state);
    }

    /// What people call the system, and whom they ask about it.
    fn system(&self) -> (String, Support) {
        let directory = self.connections.directory();
        let manifest = directory
            .adapter(&self.record.adapter)
            .map(|adapter| adapter.manifest());
        let (name, support) = match manifest {
            Some(manifest) => (&manifest.name, manifest.support.clone()),
            None => (&self.record.adapter, Support::default()),
        };
        let name = self.record.partner.as_ref().unwrap_or(name);
        (name.clone(), support)
    }

    /// Waits until something is due or somebody says something.
    async fn wait(&mut self) {
        let clock = self.surroundings().clock.clone();
        let until = match self.next_step() {
            Step::Wait(until) => until,
            Step::Listing | Step::Changes => {
                // A failure must never turn into a tight loop, whatever the plan says.
                tokio::time::sleep(DUE_AGAIN).await;
                self.now()
            }
        };
        let next_sync_at = self.silent_after.is_none().then_some(Moment(until));
        self.status
            .send_modify(|status| status.next_sync_at = next_sync_at);
        tokio::select! {
            Some(answer) = self.checks.recv() => self.answer(answer).await,
            () = self.lasting.wanted.rung() => {}
            () = clock.reach(until) => {}
        }
    }

    /// All that was asked meanwhile. Hints stay where they are until they can be followed.
    async fn take_all(&mut self) {
        if let Some(owed) = self.lasting.wanted.take_sync() {
            self.take_on(owed);
            self.try_at_once();
        }
        while let Ok(answer) = self.checks.try_recv() {
            self.answer(answer).await;
        }
    }

    /// Proves that credentials and settings work, to whoever still wants to know.
    async fn answer(&mut self, answer: CheckAnswer) {
        if !answer.is_closed() {
            let checked = self.check_now().await;
            let _ = answer.send(checked.map_err(|failure| failure.of(self.system().0)));
        }
    }

    /// Somebody is looking: a connection that only waits for its next try is tried now, but not against a limit.
    fn try_at_once(&mut self) {
        if self.failures > 0 && !self.limited {
            self.slot.set(None);
            self.done.not_before = None;
        }
    }

    async fn check_now(&mut self) -> Result<Account, Failure> {
        let session = match self.slot.get() {
            Some(session) => session,
            None => Arc::new(self.open().await?),
        };
        let account = check(&session, &self.status).await?;
        if !self.limited {
            self.done.not_before = None;
        }
        Ok(account)
    }

    fn due(&self) -> Option<Step> {
        Some(self.next_step()).filter(|step| !matches!(step, Step::Wait(_)))
    }

    fn next_step(&self) -> Step {
        if let Some(silent_after) = self.silent_after {
            return Step::Wait(self.listen_until(silent_after));
        }
        let directory = self.connections.directory();
        let tells = directory
            .adapter(&self.record.adapter)
            .is_some_and(|adapter| tells_changes(adapter.manifest()));
        next_step(self.now(), &self.done, self.rhythm(), tells)
    }

    /// Until a failure may be tried again, or silence begins to count.
    fn listen_until(&self, silent_after: Duration) -> Timestamp {
        let silent_at = self.lasting.heard.silent_at(silent_after);
        let silent_at = silent_at.unwrap_or_else(|| self.now().after(silent_after));
        self.done.not_before.unwrap_or(silent_at)
    }

    fn rhythm(&self) -> Rhythm {
        let rhythm = self.surroundings().rhythm;
        let own = |secs: Option<i64>| Some(Duration::from_secs(u64::try_from(secs?).ok()?));
        Rhythm {
            interval: own(self.record.sync_interval_secs).unwrap_or(rhythm.interval),
            reconcile: own(self.record.reconcile_secs).unwrap_or(rhythm.reconcile),
        }
    }

    fn set_state(&self, state: ConnectionState) {
        self.status.send_modify(|status| status.state = state);
    }

    fn surroundings(&self) -> &Surroundings {
        &self.connections.shared.surroundings
    }

    fn now(&self) -> Timestamp {
        self.surroundings().clock.now()
    }
}

/// Proves that a session works, and shows what it says of its account.
pub(super) async fn check(
    session: &Session,
    status: &watch::Sender<Status>,
) -> Result<Account, AdapterError> {
    let account = session.call::<Check>(Priority::Sync, &()).await?;
    status.send_modify(|status| {
        status.account_name = Some(account.name.clone()).filter(|name| !name.is_empty());
        status.warnings.clone_from(&account.warnings);
    });
    Ok(account)
}
