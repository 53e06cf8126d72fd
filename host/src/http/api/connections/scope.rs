//! A sync of a part of a connection, at once: what the system says of it is compared with what is held, and stored unless
//! it is a trial.

use bestand_plugin_api::{Sku, SkuErrorKind, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::connection::{Connection, Reread, Scope};
use crate::daemon::Parts;
use crate::http::api::drift::DriftItem;
use crate::http::json::moment;
use crate::http::problem::Problem;
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::stock::drift::Difference;
use crate::store;

/// Most SKUs of one request: what systems that take few at once answer within the time of a request.
const SKUS_MAX: usize = 500;

/// What to sync, at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SyncScope {
    /// These articles, by the SKUs of the connection's system.
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 500)]
    skus: Option<Vec<Sku>>,
    /// At these sources of the connection; at all when none is named. Without `skus` and `changed_since` all that is held
    /// there, or, where the adapter only lists or would be asked more than 400 times, all that it lists there.
    #[serde(default)]
    source_ids: Vec<SourceId>,
    /// What the system says has changed since then; for adapters that tell changes, and as far back as a sync is kept.
    #[serde(default, deserialize_with = "moment")]
    #[schema(value_type = Option<String>, format = DateTime)]
    changed_since: Option<Timestamp>,
    /// Whether it is only said what would change, and nothing stored.
    #[serde(default)]
    dry_run: bool,
}

/// What a sync of a part found.
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
    untold: u64,
    /// The first 1,000 of these.
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
        self.skus.is_none()
            && self.source_ids.is_empty()
            && self.changed_since.is_none()
            && !self.dry_run
    }

    /// Does it for `actor`.
    pub(super) async fn run(
        &self,
        parts: &Parts,
        connection: &Connection,
        actor: &str,
    ) -> Result<Synced, Problem> {
        let scope = self.scope(parts.clock.now())?;
        let sources = self.sources(parts, connection).await?;
        let connections = &parts.connections;
        let reread = match self.dry_run {
            true => connections.compare(connection, &scope, sources).await?,
            false => {
                let reread = connections.reread(connection, actor, &scope, sources);
                reread.await?
            }
        };
        Ok(Synced::of(reread, self.dry_run))
    }

    fn scope(&self, now: Timestamp) -> Result<Scope, Problem> {
        match (&self.skus, self.changed_since) {
            (Some(_), Some(_)) => {
                let reason = "the system is asked for SKUs or for what changed; leave one out";
                Err(Problem::field("changed_since", reason))
            }
            (Some(skus), None) if (1..=SKUS_MAX).contains(&skus.len()) => {
                Ok(Scope::Skus(skus.clone()))
            }
            (Some(_), None) => {
                let reason = format!("name 1 to {SKUS_MAX} SKUs, or leave them out for all");
                Err(Problem::field("skus", reason))
            }
            (None, Some(since)) if since > now => Err(Problem::field(
                "changed_since",
                "that time has not come yet",
            )),
            (None, Some(since)) => Ok(Scope::ChangedSince(since)),
            (None, None) => Ok(Scope::Everything),
        }
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
        let items = reread.differences.into_iter();
        let errors = reread.errors.into_iter().map(|error| Untold {
            sku: error.sku,
            kind: error.kind,
            message: error.message,
        });
        Self {
            dry_run,
            compared: reread.compared,
            differing: reread.differing,
            items: items.map(SyncedLevel::from).collect(),
            untold: reread.untold,
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
