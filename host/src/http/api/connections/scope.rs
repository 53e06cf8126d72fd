//! A sync of some SKUs only, at once: what the system says of them is compared with what is held, and stored unless it is
//! a trial.

use bestand_plugin_api::{Sku, SkuErrorKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::connection::{Connection, Reread};
use crate::daemon::Parts;
use crate::http::api::drift::DriftItem;
use crate::http::problem::Problem;
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::stock::drift::Difference;
use crate::store;
use crate::sync::SyncError;

/// Most SKUs of one request: what systems that take few at once answer within the time of a request.
const SKUS_MAX: usize = 500;
/// Most differences that are answered one by one; all are counted.
const ITEMS_MAX: usize = 1_000;

/// What to sync, at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SyncScope {
    /// These articles, by the SKUs of the connection's system.
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 500)]
    skus: Option<Vec<Sku>>,
    /// At these sources of the connection; at all when none is named.
    #[serde(default)]
    source_ids: Vec<SourceId>,
    /// Whether it is only said what would change, and nothing stored.
    #[serde(default)]
    dry_run: bool,
}

/// What a sync of some SKUs found.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Synced {
    /// Whether nothing was stored.
    dry_run: bool,
    /// Levels that the system told.
    compared: u64,
    /// Those of them that were not as held.
    differing: u64,
    /// The first 1,000 of these.
    items: Vec<SyncedLevel>,
    /// SKUs of which the system told nothing.
    errors: Vec<Untold>,
}

/// A level that was not as it was held.
#[derive(Debug, Serialize, ToSchema)]
struct SyncedLevel {
    /// Where it lies.
    source_id: SourceId,
    /// What was held and found of it.
    #[serde(flatten)]
    level: DriftItem,
}

/// A SKU of which the system told nothing.
#[derive(Debug, Serialize, ToSchema)]
struct Untold {
    /// The SKU as it was asked for.
    #[schema(value_type = String)]
    sku: Sku,
    /// `not_found` when the system does not know it, `failed` when it could not be read this time.
    #[schema(value_type = String)]
    kind: SkuErrorKind,
    /// Why, for people.
    message: String,
}

// === impl SyncScope ===

impl SyncScope {
    /// Whether nothing is left out, so that the whole connection is meant.
    pub(super) fn is_whole(&self) -> bool {
        self.skus.is_none() && self.source_ids.is_empty() && !self.dry_run
    }

    /// Does it for `actor`.
    pub(super) async fn run(
        &self,
        parts: &Parts,
        connection: &Connection,
        actor: &str,
    ) -> Result<Synced, Problem> {
        let skus = self.skus.as_deref().unwrap_or_default();
        if !(1..=SKUS_MAX).contains(&skus.len()) {
            let reason =
                format!("name 1 to {SKUS_MAX} SKUs; without a body the whole connection is synced");
            return Err(Problem::field("skus", reason));
        }
        let sources = self.sources(parts, connection).await?;
        let connections = &parts.connections;
        let reread = match self.dry_run {
            true => connections.compare(connection, skus, sources).await,
            false => {
                let reread = connections.reread(connection, actor, skus, sources);
                reread.await
            }
        };
        let reread = reread.map_err(|error| match error {
            SyncError::Adapter(error) => Problem::from(error),
            SyncError::Store(error) => Problem::from(error),
        })?;
        Ok(Synced::of(reread, self.dry_run))
    }

    async fn sources(
        &self,
        parts: &Parts,
        connection: &Connection,
    ) -> Result<Vec<InventorySource>, Problem> {
        let (account, id) = (connection.account_id, connection.id);
        let mut all = store::source::list_of_connection(&parts.db, account, id).await?;
        if self.source_ids.is_empty() {
            return Ok(all);
        }
        let is_known = |id: &&SourceId| all.iter().any(|source| source.id == **id);
        if let Some(id) = self.source_ids.iter().find(|id| !is_known(id)) {
            let reason = format!("`{id}` is no inventory source of this connection");
            return Err(Problem::field("source_ids", reason));
        }
        all.retain(|source| self.source_ids.contains(&source.id));
        Ok(all)
    }
}

// === impl Synced ===

impl Synced {
    fn of(reread: Reread, dry_run: bool) -> Self {
        let differing = reread.differences.len() as u64;
        let items = reread.differences.into_iter().take(ITEMS_MAX);
        let errors = reread.errors.into_iter().map(|error| Untold {
            sku: error.sku,
            kind: error.kind,
            message: error.message,
        });
        Self {
            dry_run,
            compared: reread.compared,
            differing,
            items: items.map(SyncedLevel::from).collect(),
            errors: errors.collect(),
        }
    }
}

impl From<(SourceId, Difference)> for SyncedLevel {
    fn from((source_id, difference): (SourceId, Difference)) -> Self {
        Self {
            source_id,
            level: difference.into(),
        }
    }
}
