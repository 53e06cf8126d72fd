//! The live query: asks an adapter for some SKUs while an order waits.
//!
//! Questions about one connection go to its [`asker`], which gathers what is asked at the same time into one call and
//! lets later askers of the same SKU wait for the call that is already under way. Whoever asks waits no longer than
//! its deadline; what arrives later still goes into the stock book.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bestand_plugin_api::Sku;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::connection::Connections;
use crate::id::{AccountId, ConnectionId, SourceId};
use crate::plugin::Session;
use crate::source::InventorySource;
use crate::stock::StockBook;
use crate::store::{self, Db};
use crate::verdict::unanswered::Unanswered;

mod asker;
mod together;

use asker::{Asker, Question};

/// Asks adapters on behalf of orders. Cheap to clone.
#[derive(Clone)]
pub struct LiveQuery {
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    book: StockBook,
    clock: Clock,
    connections: Connections,
    /// Locked only to look up or add; an asker lives as long as the daemon.
    askers: Mutex<HashMap<ConnectionId, Asker>>,
}

/// What an adapter could say within the time given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// SKUs the system does not know.
    pub unknown: Vec<Sku>,
    /// SKUs it could not read this time, and why.
    pub failed: Vec<(Sku, Unanswered)>,
    /// Why the rest is not fresh, and what to do; `None` when all was answered.
    pub trouble: Option<Unanswered>,
}

// === impl LiveQuery ===

impl LiveQuery {
    /// Asks through these connections, and stores what they say in this book.
    #[must_use]
    pub fn new(db: Db, book: StockBook, clock: Clock, connections: Connections) -> Self {
        Self {
            shared: Arc::new(Shared {
                db,
                book,
                clock,
                connections,
                askers: Mutex::default(),
            }),
        }
    }

    /// Brings these SKUs of a source up to date, waiting no longer than `deadline`. The levels are in the book then.
    pub async fn ask(
        &self,
        account: AccountId,
        source: SourceId,
        skus: &[Sku],
        deadline: Duration,
    ) -> Said {
        let answer = self.answer(account, source, skus, deadline);
        match tokio::time::timeout(deadline, answer).await {
            Ok(Ok(said)) => said,
            Ok(Err(trouble)) => trouble.into(),
            Err(_) => {
                let waited_ms = deadline.as_millis();
                Unanswered::TooSlow { waited_ms }.into()
            }
        }
    }

    async fn answer(
        &self,
        account: AccountId,
        source: SourceId,
        skus: &[Sku],
        deadline: Duration,
    ) -> Result<Said, Unanswered> {
        let source = self.source(account, source).await?;
        let connection = source.connection_id;
        let session = self.askable(connection)?;
        let (answer, answered) = oneshot::channel();
        let question = Question {
            session,
            source,
            skus: skus.to_vec(),
            deadline,
            answer,
        };
        self.asker(connection).ask(question).await;
        answered.await.unwrap_or(Err(Unanswered::Dropped))
    }

    /// The session of a connection that can be asked for single SKUs.
    fn askable(&self, connection: ConnectionId) -> Result<Arc<Session>, Unanswered> {
        if let Some(trouble) = self
            .connections()
            .status(connection)
            .and_then(|status| status.state.trouble())
        {
            return Err(Unanswered::Connection(trouble));
        }
        let session = self
            .connections()
            .session(connection)
            .ok_or(Unanswered::Connecting)?;
        if session.adapter().manifest().by_sku_batch().is_none() {
            return Err(Unanswered::NotAskable);
        }
        Ok(session)
    }

    async fn source(
        &self,
        account: AccountId,
        id: SourceId,
    ) -> Result<InventorySource, Unanswered> {
        match store::source::find(&self.shared.db, account, id).await {
            Ok(Some(source)) => Ok(source),
            Ok(None) => Err(Unanswered::SourceGone),
            Err(error) => Err(Unanswered::Store(error.to_string())),
        }
    }

    fn asker(&self, connection: ConnectionId) -> Asker {
        let mut askers = self
            .shared
            .askers
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let new = || {
            Asker::start(
                self.shared.db.clone(),
                self.shared.book.clone(),
                self.shared.clock.clone(),
            )
        };
        askers.entry(connection).or_insert_with(new).clone()
    }

    fn connections(&self) -> &Connections {
        &self.shared.connections
    }
}

// === impl Said ===

impl From<Unanswered> for Said {
    fn from(trouble: Unanswered) -> Self {
        Self {
            trouble: Some(trouble),
            ..Self::default()
        }
    }
}
