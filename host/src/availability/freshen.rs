//! Asking a source's system while an answer waits.

use std::time::Duration;

use bestand_plugin_api::{Quantity, Sku, SkuAnswers};
use futures::future::BoxFuture;

use crate::connection::Connections;
use crate::id::{AccountId, ConnectionId, SourceId};
use crate::live_query::{LiveQuery, Said};
use crate::source::InventorySource;
use crate::store::{self, Db};
use crate::verdict::explain::contact;
use crate::verdict::unanswered::Unanswered;

/// Brings levels up to date while an answer waits.
pub trait Freshen: Send + Sync {
    /// Asks for these SKUs of a source, waiting no longer than `deadline`. The levels are in the book then.
    fn freshen<'a>(
        &'a self,
        account: AccountId,
        source: SourceId,
        skus: &'a [Sku],
        deadline: Duration,
    ) -> BoxFuture<'a, Said>;

    /// Whom to ask at the partner behind a source, where that is known.
    fn contact(&self, account: AccountId, source: SourceId) -> BoxFuture<'_, Option<String>>;

    /// Whether a connection's levels are put together from other sources, so that it is asked with each question.
    fn puts_together(&self, _: ConnectionId) -> bool {
        false
    }

    /// What such a source says of these SKUs, of which so many are needed.
    fn put_together<'a>(
        &'a self,
        _: &'a InventorySource,
        _: &'a [Sku],
        _: &'a [Quantity],
        _: Duration,
    ) -> BoxFuture<'a, Result<SkuAnswers, Unanswered>> {
        Box::pin(async { Err(Unanswered::NotAskable) })
    }
}

/// The adapters of the connections that run.
pub struct Adapters {
    db: Db,
    live_query: LiveQuery,
    connections: Connections,
}

// === impl Adapters ===

impl Adapters {
    /// Asks through this live query; these connections know whose adapters they are.
    #[must_use]
    pub fn new(db: Db, live_query: LiveQuery, connections: Connections) -> Self {
        Self {
            db,
            live_query,
            connections,
        }
    }

    async fn find_contact(&self, account: AccountId, source: SourceId) -> Option<String> {
        let source = store::source::find(&self.db, account, source)
            .await
            .ok()??;
        let connection = store::connection::find(&self.db, account, source.connection_id).await;
        let directory = self.connections.directory();
        let adapter = directory.adapter(&connection.ok()??.adapter)?;
        contact(&adapter.manifest().support)
    }
}

impl Freshen for Adapters {
    fn freshen<'a>(
        &'a self,
        account: AccountId,
        source: SourceId,
        skus: &'a [Sku],
        deadline: Duration,
    ) -> BoxFuture<'a, Said> {
        Box::pin(self.live_query.ask(account, source, skus, deadline))
    }

    fn contact(&self, account: AccountId, source: SourceId) -> BoxFuture<'_, Option<String>> {
        Box::pin(self.find_contact(account, source))
    }

    fn puts_together(&self, connection: ConnectionId) -> bool {
        self.connections.puts_together(connection)
    }

    fn put_together<'a>(
        &'a self,
        source: &'a InventorySource,
        skus: &'a [Sku],
        needed: &'a [Quantity],
        deadline: Duration,
    ) -> BoxFuture<'a, Result<SkuAnswers, Unanswered>> {
        Box::pin(self.live_query.put_together(source, skus, needed, deadline))
    }
}
